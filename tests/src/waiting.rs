//! Waiting for conditions. Nothing here sleeps and hopes: there is always something asked, and a deadline.

use std::time::{Duration, Instant};

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A condition that did not come true in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} did not happen within {} s", .patience.as_secs_f32())]
pub struct TooLate {
    /// What was waited for.
    pub what: String,
    /// How long.
    pub patience: Duration,
}

/// Asks `look` again and again until it has something, at most for `patience`.
///
/// # Errors
/// When the time is over.
pub async fn wait_for<T>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> Result<T, TooLate> {
    let end = Instant::now() + patience;
    loop {
        // A question that hangs must not outlast the deadline.
        let left = end.saturating_duration_since(Instant::now());
        if let Ok(Some(found)) = tokio::time::timeout(left.max(LOOK), look()).await {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(TooLate {
                what: what.to_owned(),
                patience,
            });
        }
        tokio::time::sleep(LOOK).await;
    }
}
