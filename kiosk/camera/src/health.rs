//! What the log and `systemctl status` say of the camera.

use crate::source::Fault;
use sd_notify::NotifyState;
use std::time::{Duration, Instant};

/// How often systemd is told that the program lives, and what it has done.
const EVERY: Duration = Duration::from_secs(5);

/// What has been done since the start.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Codes that the service has answered.
    pub answered: u64,
    /// Codes that it has not.
    pub unanswered: u64,
    /// Pictures that could not be used.
    pub spoilt: u64,
    /// Pictures on which the decoder broke.
    pub broken: u64,
}

impl Done {
    fn in_words(self) -> String {
        format!(
            "{} codes answered, {} not; {} pictures unusable, {} broke the decoder",
            self.answered, self.unanswered, self.spoilt, self.broken
        )
    }
}

/// Whether there are pictures. Each change is logged once, not each attempt.
#[derive(Debug, Default)]
pub struct Health {
    state: State,
    told: Option<Instant>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Opening,
    Ready,
    Missing(Fault),
}

impl Health {
    /// Pictures come.
    pub fn ready(&mut self) {
        if self.state != State::Ready {
            tracing::info!("the camera is ready");
            self.state = State::Ready;
            self.told = None;
        }
    }

    /// None come, and why.
    pub fn missing(&mut self, fault: Fault) {
        let state = State::Missing(fault);
        if self.state == state {
            return;
        }
        if let State::Missing(fault) = &state {
            tracing::warn!(reason = %fault, "no pictures; trying again");
        }
        self.state = state;
        self.told = None;
    }

    /// Tells systemd that the program lives: at once after a change, else now and then.
    pub fn alive(&mut self, done: Done) {
        if self.told.is_some_and(|told| told.elapsed() < EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        let status = match &self.state {
            State::Opening => "opening the camera".to_owned(),
            State::Ready => format!("looking; {}", done.in_words()),
            State::Missing(fault) => format!("no pictures: {fault}; {}", done.in_words()),
        };
        let states = [
            NotifyState::Ready,
            NotifyState::Watchdog,
            NotifyState::Status(&status),
        ];
        if let Err(error) = sd_notify::notify(&states) {
            tracing::warn!(%error, "systemd could not be told");
        }
    }
}
