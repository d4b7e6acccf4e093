//! Chance that repeats: the same seed draws the same.

/// Draws for one purpose, so that a change to one day leaves the draws of every other as they were.
pub(crate) struct Chance(fastrand::Rng);

impl Chance {
    /// The draws of `seed` for the `number`th thing of a kind.
    pub(crate) fn new(seed: u64, kind: &str, number: u64) -> Self {
        // FNV-1a: neighbouring numbers and kinds shall have nothing to do with one another.
        let bytes = seed.to_le_bytes().into_iter().chain(kind.bytes());
        let bytes = bytes.chain(number.to_le_bytes());
        let mixed = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(fastrand::Rng::with_seed(mixed))
    }

    /// True in so many of a hundred cases.
    pub(crate) fn happens(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// A whole number from `from` to `to`, both included; `from` where `to` is less.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        if to <= from {
            from
        } else {
            self.0.i64(from..=to)
        }
    }

    /// One of these, each as likely as the others.
    pub(crate) fn one_of<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        self.0.choice(of).cloned()
    }

    pub(crate) fn shuffle<T>(&mut self, of: &mut [T]) {
        self.0.shuffle(of);
    }
}
