//! The office's one clock, so that rehearsals and tests can set it (design section 4).

use chrono::{FixedOffset, NaiveDate, TimeDelta, Utc};
use domain::reference::DateTime;

/// Seconds by which Japan is ahead of UTC; there is no summer time.
const JST_SECONDS: i32 = 9 * 3600;

/// Tells the time in Japan, as it is or shifted for a rehearsal; it always ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    shift: TimeDelta,
}

impl Clock {
    /// The machine's own time.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that shows `moment` now and goes on from there.
    pub fn starting_at(moment: DateTime) -> Self {
        Self {
            shift: moment.with_timezone(&Utc) - machine_time(),
        }
    }

    /// The time, with Japan's offset.
    pub fn now(&self) -> DateTime {
        (machine_time() + self.shift).with_timezone(&japan())
    }

    /// The date in Japan.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Whether the clock was set for a rehearsal.
    pub fn is_shifted(&self) -> bool {
        !self.shift.is_zero()
    }
}

/// The offset of Japan.
pub fn japan() -> FixedOffset {
    // Nine hours are always within the range of an offset.
    FixedOffset::east_opt(JST_SECONDS).unwrap_or_else(|| chrono::offset::Offset::fix(&Utc))
}

#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
fn machine_time() -> chrono::DateTime<Utc> {
    Utc::now()
}
