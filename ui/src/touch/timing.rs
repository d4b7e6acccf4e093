//! How long things stay on the screen: the one place for these settings (rules section 12, design section 6).

use std::time::Duration;

/// How long things stay on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// An answer, if nobody asks for longer. The next scan pre-empts it.
    pub answer: Duration,
    /// A screen with something to choose or to type; offers stay as long as the service holds them.
    pub choice: Duration,
    /// What is about the visitor goes at the latest this long after the last touch or scan.
    pub personal: Duration,
    /// A request without an answer for this long counts as failed. Longer than the line takes with its repetition, so that the
    /// visitor hears what became of the touch.
    pub request: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(15),
            choice: Duration::from_secs(60),
            personal: Duration::from_secs(10),
            request: api::client::ANSWERED_WITHIN + Duration::from_secs(1),
        }
    }
}
