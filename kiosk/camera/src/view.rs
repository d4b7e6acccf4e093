//! What is in view at present, so that a code is sent once however long it is held up.
//!
//! Pure: time is an argument.

use std::time::{Duration, Instant};

/// A code is gone when no picture has shown it for this long. Hands shake, and not every picture is read.
pub const GONE: Duration = Duration::from_millis(1500);

/// The codes in view.
#[derive(Default)]
pub struct View {
    seen: Vec<Seen>,
}

struct Seen {
    code: String,
    /// When a picture first did not show it, since the last that did.
    missing: Option<Instant>,
}

/// Shows the number only: a code may be somebody's pass.
impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({} codes)", self.seen.len())
    }
}

impl View {
    /// Takes the codes of the picture of `now`; gives those that were not in view before.
    ///
    /// Only pictures count. While none was looked at, because the service took its time, nothing goes away.
    pub fn see(&mut self, codes: &[String], now: Instant) -> Vec<String> {
        self.seen.retain_mut(|seen| {
            if codes.contains(&seen.code) {
                seen.missing = None;
                return true;
            }
            let since = *seen.missing.get_or_insert(now);
            now.saturating_duration_since(since) < GONE
        });
        let mut new = Vec::new();
        for code in codes {
            if self.seen.iter().all(|seen| seen.code != *code) {
                self.seen.push(Seen {
                    code: code.clone(),
                    missing: None,
                });
                new.push(code.clone());
            }
        }
        new
    }

    /// Forgets a code that nobody has answered: it is new again while it is held up.
    pub fn forget(&mut self, code: &str) {
        self.seen.retain(|seen| seen.code != code);
    }

    /// Forgets everything: what comes now is seen by another camera, or after a while.
    pub fn clear(&mut self) {
        self.seen.clear();
    }
}
