//! Chance that repeats: the same seed draws the same.

use std::f64::consts::TAU;

const CROCKFORD: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Draws for one picture, so that a change to one leaves the others as they were.
pub(super) struct Chance(fastrand::Rng);

impl Chance {
    /// The draws of `seed` for the `number`th thing of a kind.
    pub(super) fn new(seed: u64, kind: &str, number: u32) -> Self {
        // FNV-1a: neighbouring numbers and kinds shall have nothing to do with one another.
        let bytes = seed.to_le_bytes().into_iter().chain(kind.bytes());
        let mixed = bytes
            .chain(number.to_le_bytes())
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(fastrand::Rng::with_seed(mixed))
    }

    pub(super) fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.0.f64()
    }

    pub(super) fn angle(&mut self) -> f64 {
        self.between(0.0, TAU)
    }

    /// True with this probability.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    /// About normally distributed, with deviation 1.
    pub(super) fn grain(&mut self) -> f64 {
        // Twelve of them have a variance of 1.
        (0..12).map(|_| self.0.f64()).sum::<f64>() - 6.0
    }

    /// A pass that nobody has: `K1` and 26 characters, of which the first holds three bits.
    pub(super) fn pass(&mut self) -> String {
        let first = self.0.choice(CROCKFORD.iter().take(8)).copied();
        let rest: String = (0..25)
            .filter_map(|_| self.0.choice(CROCKFORD.iter()))
            .collect();
        first.into_iter().fold("K1".to_owned(), |start, digit| {
            format!("{start}{digit}{rest}")
        })
    }
}
