//! Who has signed in, and who has tried too often. In memory: a restart signs everybody out.

use crate::secret::random_hex;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Name of the session cookie.
pub(super) const COOKIE: &str = "genkan_office";

const ENDS_AFTER: Duration = Duration::from_secs(12 * 3600);
const IDLE_ENDS_AFTER: Duration = Duration::from_secs(60 * 60);
const FAILURES_ALLOWED: u32 = 5;
const PAUSE: Duration = Duration::from_secs(30);
/// Names that were tried are remembered up to this many, so that nobody fills the memory.
const NAMES_REMEMBERED: usize = 1_000;

/// A signed-in person.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub user: String,
    begun: Duration,
    used: Duration,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: Duration,
}

/// All sessions. Times are the program's uptime.
#[derive(Default)]
pub(super) struct Sessions {
    open: Mutex<BTreeMap<String, Session>>,
    failures: Mutex<BTreeMap<String, Failures>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sessions {
    /// Opens a session and gives its id, 256 random bits.
    pub fn open(&self, user: &str, now: Duration) -> Result<String, getrandom::Error> {
        let id = random_hex::<32>()?;
        let mut open = locked(&self.open);
        open.retain(|_, session| session.is_valid(now));
        open.insert(
            id.clone(),
            Session {
                user: user.to_owned(),
                begun: now,
                used: now,
            },
        );
        Ok(id)
    }

    pub fn find(&self, id: &str, now: Duration) -> Option<Session> {
        let mut open = locked(&self.open);
        let session = open.get_mut(id).filter(|session| session.is_valid(now))?;
        session.used = now;
        Some(session.clone())
    }

    pub fn close(&self, id: &str) {
        locked(&self.open).remove(id);
    }

    /// How long this name has to wait after too many failures.
    pub fn pause_left(&self, user: &str, now: Duration) -> Option<Duration> {
        let failures = locked(&self.failures)
            .get(user)
            .copied()
            .unwrap_or_default();
        let until = failures.last + PAUSE;
        (failures.count >= FAILURES_ALLOWED && now < until).then(|| until - now)
    }

    pub fn note_failure(&self, user: &str, now: Duration) {
        let mut all = locked(&self.failures);
        if all.len() >= NAMES_REMEMBERED {
            all.retain(|_, failures| now < failures.last + PAUSE);
        }
        let failures = all.entry(user.to_owned()).or_default();
        failures.count += 1;
        failures.last = now;
    }

    pub fn forget_failures(&self, user: &str) {
        locked(&self.failures).remove(user);
    }
}

impl Session {
    fn is_valid(&self, now: Duration) -> bool {
        now < self.begun + ENDS_AFTER && now < self.used + IDLE_ENDS_AFTER
    }
}
