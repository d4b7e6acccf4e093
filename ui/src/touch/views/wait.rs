//! How long somebody waits.

use crate::ExpectedWait;
use domain::event::Wait;

/// The range as the screens say it.
pub fn expected(wait: Option<Wait>) -> ExpectedWait {
    let minutes = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    wait.map_or_else(ExpectedWait::default, |wait| ExpectedWait {
        known: true,
        from: minutes(wait.from_min),
        to: minutes(wait.to_min),
    })
}

/// A number of people.
pub fn people(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
