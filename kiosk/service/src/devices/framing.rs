//! Cuts what a serial scanner sends into codes.
//!
//! Scanners end a code with CR, LF, both, NUL, TAB or ETX, start it with STX, or send it bare, as they happen to be set up. So any
//! control character ends a code, and so does a short silence: nobody has to configure a scanner's suffix.
//! Bytes above 0x7F stay in the code, which makes it unreadable instead of turning it into another one.
//!
//! Pure: time is an argument.

use std::time::{Duration, Instant};

/// The silence after which a code without terminator counts as complete.
pub const IDLE_GAP: Duration = Duration::from_millis(60);

/// The longest frame, in bytes. Far above the longest code, and a bound on memory.
pub const MAX_FRAME: usize = 512;

/// One thing a scanner sent.
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// The bytes of one code, at least one and at most [`MAX_FRAME`], without control characters.
    Code(Vec<u8>),
    /// More than [`MAX_FRAME`] bytes without an end. Reported at once; the rest is swallowed.
    TooLong,
}

/// Shows the length only: the bytes may be somebody's pass.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(bytes) => write!(f, "Code({} bytes)", bytes.len()),
            Self::TooLong => f.write_str("TooLong"),
        }
    }
}

/// The state between two reads from one scanner.
#[derive(Debug)]
pub struct Framing {
    idle_gap: Duration,
    open: Open,
    last_byte: Option<Instant>,
}

/// What has begun and not ended.
enum Open {
    Nothing,
    Code(Vec<u8>),
    Swallowing,
}

impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Code(_) => "Code",
            Self::Swallowing => "Swallowing",
        })
    }
}

impl Default for Framing {
    fn default() -> Self {
        Self::new(IDLE_GAP)
    }
}

impl Framing {
    /// Starts with nothing received. A silence of `idle_gap` ends a code.
    pub fn new(idle_gap: Duration) -> Self {
        Self {
            idle_gap,
            open: Open::Nothing,
            last_byte: None,
        }
    }

    /// Takes the bytes of one read, received at `now`, and returns what they complete, in order.
    pub fn push(&mut self, chunk: &[u8], now: Instant) -> Vec<Frame> {
        let mut frames: Vec<Frame> = self.release_idle(now).into_iter().collect();
        frames.extend(chunk.iter().filter_map(|byte| self.push_byte(*byte)));
        if !chunk.is_empty() {
            self.last_byte = Some(now);
        }
        frames
    }

    fn push_byte(&mut self, byte: u8) -> Option<Frame> {
        if byte.is_ascii_control() {
            return self.close();
        }
        match &mut self.open {
            Open::Nothing => self.open = Open::Code(vec![byte]),
            Open::Swallowing => {}
            Open::Code(bytes) if bytes.len() < MAX_FRAME => bytes.push(byte),
            Open::Code(_) => {
                self.open = Open::Swallowing;
                return Some(Frame::TooLong);
            }
        }
        None
    }

    /// When silence will end what has begun, unless more bytes come; none if nothing has begun.
    pub fn deadline(&self) -> Option<Instant> {
        match self.open {
            Open::Nothing => None,
            Open::Code(_) | Open::Swallowing => self.last_byte.map(|last| last + self.idle_gap),
        }
    }

    /// The code that the silence up to `now` has completed, if any.
    pub fn release_idle(&mut self, now: Instant) -> Option<Frame> {
        self.deadline().filter(|deadline| *deadline <= now)?;
        self.close()
    }

    fn close(&mut self) -> Option<Frame> {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Code(bytes) => Some(Frame::Code(bytes)),
            Open::Nothing | Open::Swallowing => None,
        }
    }
}
