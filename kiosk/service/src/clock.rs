//! The service's only clock: wall time, uptime and how far the wall time is vouched for (design section 4).

use chrono::{DateTime, FixedOffset, SubsecRound, TimeDelta, Utc};
use domain::reference::JST;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where `systemd-timesyncd` says that the time is synchronised.
pub const TIMESYNC_MARK: &str = "/run/systemd/timesync/synchronized";

/// Who vouches for the wall time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vouching {
    /// Somebody who is not asked: a rehearsal, a test, a host with a clock of its own.
    Always,
    /// The time is good once this file exists.
    OnceThere(PathBuf),
}

/// Wall time in JST with a fixed offset to the machine's, and uptime.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    offset: TimeDelta,
    vouching: Vouching,
}

impl Clock {
    /// The machine's time.
    pub fn real(vouching: Vouching) -> Self {
        Self {
            started: Instant::now(),
            offset: TimeDelta::zero(),
            vouching,
        }
    }

    /// A rehearsal's time: the machine's, moved by `offset_ms` milliseconds, and always vouched for.
    pub fn rehearsal(offset_ms: i64) -> Self {
        Self {
            started: Instant::now(),
            offset: TimeDelta::milliseconds(offset_ms),
            vouching: Vouching::Always,
        }
    }

    /// By how many milliseconds a clock that reads `moment` now is ahead of the machine's.
    pub fn offset_to(moment: DateTime<FixedOffset>) -> i64 {
        (moment.with_timezone(&Utc) - machine_time()).num_milliseconds()
    }

    /// Wall time in JST, to the millisecond as records have it.
    pub fn now(&self) -> DateTime<FixedOffset> {
        (machine_time() + self.offset)
            .with_timezone(&JST)
            .trunc_subsecs(3)
    }

    /// The machine's own time, by which others judge its certificates; a rehearsal's is another.
    pub fn of_machine(&self) -> DateTime<FixedOffset> {
        machine_time().with_timezone(&JST)
    }

    /// Milliseconds since the clock was made, which no correction touches.
    pub fn uptime_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the wall time is vouched for.
    pub fn is_vouched_for(&self) -> bool {
        match &self.vouching {
            Vouching::Always => true,
            Vouching::OnceThere(mark) => Path::new(mark).exists(),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}
