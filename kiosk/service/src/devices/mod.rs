//! What is plugged into the kiosk: scanners, light and buzzer, staff button (design section 9).
//!
//! Every device may be absent, be unplugged and come back at any moment. None of that ends the service: it is a
//! [`DeviceState`] that health and the screens show, and each device's own task or thread keeps trying.
//! Each has a simulated form, so that a demo and the tests need no hardware. A scanner's simulated form is a pty: it
//! goes through the same code as the real one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::watch;

pub mod button;
pub mod framing;
pub mod gpio;
pub mod scanner;
pub mod signals;

/// Whether a device can be used at present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeviceState {
    /// Being opened for the first time.
    Connecting,
    /// In use.
    Ready,
    /// Not there, or unusable. It is tried again until it works.
    Missing {
        /// Since when (real time, whatever the rehearsal clock says).
        since: DateTime<Utc>,
        /// What is wrong and what to do about it, for staff and the log.
        reason: String,
    },
}

impl DeviceState {
    /// Whether the device is in use.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready)
    }
}

/// Publishes a device's state and logs each change once, not each attempt.
struct StateReport<'a> {
    device: &'a str,
    status: &'a watch::Sender<DeviceState>,
}

impl StateReport<'_> {
    fn ready(&self) {
        let changed = self.status.send_if_modified(|state| {
            let changed = !state.is_ready();
            *state = DeviceState::Ready;
            changed
        });
        if changed {
            tracing::info!(device = self.device, "device ready");
        }
    }

    /// A device that stays missing keeps the moment it went missing, even if the reason changes.
    fn missing(&self, reason: String) {
        let changed = self.status.send_if_modified(|state| {
            let since = match state {
                DeviceState::Missing { reason: known, .. } if *known == reason => return false,
                DeviceState::Missing { since, .. } => *since,
                DeviceState::Connecting | DeviceState::Ready => real_time(),
            };
            *state = DeviceState::Missing {
                since,
                reason: reason.clone(),
            };
            true
        });
        if changed {
            tracing::warn!(device = self.device, reason, "device missing");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "staff look for a loose cable by the clock on the wall, in a rehearsal too; nothing is decided by it"
)]
fn real_time() -> DateTime<Utc> {
    Utc::now()
}

/// Waiting times that double from the first to the longest.
#[derive(Debug)]
struct BackOff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl BackOff {
    fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            next: first,
        }
    }

    fn next_delay(&mut self) -> Duration {
        let delay = self.next;
        self.next = (delay * 2).min(self.longest);
        delay
    }

    fn reset(&mut self) {
        self.next = self.first;
    }
}
