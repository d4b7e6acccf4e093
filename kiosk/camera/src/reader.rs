//! Codes out of frames, whatever the decoder does.

use crate::frame::Frame;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most codes that are taken from one picture.
pub const MOST_CODES: usize = 8;

/// Finds the QR codes in a picture.
pub trait Decoder {
    /// Their texts, each once.
    fn decode(&mut self, frame: &Frame) -> Vec<String>;
}

impl Decoder for Box<dyn Decoder> {
    fn decode(&mut self, frame: &Frame) -> Vec<String> {
        self.as_mut().decode(frame)
    }
}

/// A decoder that cannot take the program down with it.
///
/// A decoder that panics loses the picture; it keeps nothing from one picture to the next.
#[derive(Debug)]
pub struct Reader<D> {
    decoder: D,
    broken: u64,
}

impl<D: Decoder> Reader<D> {
    /// Reads with this decoder.
    pub fn new(decoder: D) -> Self {
        Self { decoder, broken: 0 }
    }

    /// The codes of a picture, at most [`MOST_CODES`]; none where the decoder broke on it.
    pub fn read(&mut self, frame: &Frame) -> Vec<String> {
        READING.set(true);
        let codes = catch_unwind(AssertUnwindSafe(|| self.decoder.decode(frame)));
        READING.set(false);
        let mut codes = codes.unwrap_or_else(|_| {
            self.broken += 1;
            // A poster that stands in view would otherwise fill the log.
            if self.broken.is_power_of_two() {
                tracing::warn!(
                    broken = self.broken,
                    "a picture broke the decoder; it was left out"
                );
            }
            Vec::new()
        });
        codes.truncate(MOST_CODES);
        codes
    }

    /// Pictures on which the decoder broke.
    pub fn broken(&self) -> u64 {
        self.broken
    }
}

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Leaves panics of a decoder, which [`Reader`] counts, out of the program's output; the log has them when asked for details.
pub fn quieten_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if READING.get() {
            tracing::debug!(%panic, "the decoder broke");
        } else {
            usual(panic);
        }
    }));
}
