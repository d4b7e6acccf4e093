//! Light and sound beside the screen: what somebody notices who is not looking at it.
//!
//! Each answer has its own two notes and its own rhythm of light, so neither hearing nor colour alone carries it (look/README).
//! Red is kept for emergencies and never shown for a visitor's mistake. What is played is data ([`pattern`]); who plays it is
//! [`super::gpio::GpioSignals`] on the device or [`SimulatedSignals`] elsewhere.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::Verdict;
use domain::ids::StationId;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::desk::Published;
use crate::http::StationAnswer;

/// What the light and the buzzer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The scanner waits for a code. Silent: it follows every answer.
    Ready,
    /// Done: come in, goodbye.
    Done,
    /// Not now: too early, full, closed, not recognised.
    NotNow,
    /// The screen asks something.
    Choose,
    /// A person is wanted: staff were called.
    Attention,
    /// An emergency keeps the door shut.
    Emergency,
    /// Dark and silent: closed, or the service stops.
    Off,
}

/// Colours of the light, each a mixture of its red, green and blue channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// No light.
    Dark,
    /// Waiting.
    White,
    /// Done (`matsu`).
    Green,
    /// Not now (`kuri`): red and green together.
    Amber,
    /// Choose (`ai`).
    Blue,
    /// People (`fuji`): red and blue together.
    Violet,
    /// An emergency (`akane`), and nothing else.
    Red,
}

impl Colour {
    /// Whether the red, green and blue channels are on.
    pub const fn channels(self) -> [bool; 3] {
        match self {
            Self::Dark => [false, false, false],
            Self::White => [true, true, true],
            Self::Green => [false, true, false],
            Self::Amber => [true, true, false],
            Self::Blue => [false, false, true],
            Self::Violet => [true, false, true],
            Self::Red => [true, false, false],
        }
    }
}

/// One moment of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The light.
    pub colour: Colour,
    /// The note in hertz; none is silence.
    pub note: Option<u16>,
    /// How long it lasts. The light of the last step stays until the next signal.
    pub lasts: Duration,
}

const C5: Option<u16> = Some(523);
const E5: Option<u16> = Some(659);
const G5: Option<u16> = Some(784);
const A5: Option<u16> = Some(880);
const C6: Option<u16> = Some(1047);
const REST: Option<u16> = None;

const fn step(colour: Colour, note: Option<u16>, milliseconds: u64) -> Step {
    Step {
        colour,
        note,
        lasts: Duration::from_millis(milliseconds),
    }
}

/// What is played for a signal: never empty, at most a second, its last step silent.
pub const fn pattern(signal: Signal) -> &'static [Step] {
    match signal {
        Signal::Ready => const { &[step(Colour::White, REST, 0)] },
        Signal::Off => const { &[step(Colour::Dark, REST, 0)] },
        // Rising, steady light.
        Signal::Done => {
            const {
                &[
                    step(Colour::Green, G5, 110),
                    step(Colour::Green, C6, 190),
                    step(Colour::Green, REST, 0),
                ]
            }
        }
        // Falling, two slow blinks.
        Signal::NotNow => {
            const {
                &[
                    step(Colour::Amber, E5, 180),
                    step(Colour::Dark, REST, 120),
                    step(Colour::Amber, C5, 260),
                    step(Colour::Dark, REST, 120),
                    step(Colour::Amber, REST, 0),
                ]
            }
        }
        // The same note twice, like a question; the light dips between them.
        Signal::Choose => {
            const {
                &[
                    step(Colour::Blue, A5, 90),
                    step(Colour::Dark, REST, 60),
                    step(Colour::Blue, A5, 90),
                    step(Colour::Blue, REST, 0),
                ]
            }
        }
        // A doorbell, three short blinks.
        Signal::Attention => {
            const {
                &[
                    step(Colour::Violet, C6, 240),
                    step(Colour::Dark, REST, 60),
                    step(Colour::Violet, A5, 300),
                    step(Colour::Dark, REST, 60),
                    step(Colour::Violet, REST, 120),
                    step(Colour::Dark, REST, 60),
                    step(Colour::Violet, REST, 0),
                ]
            }
        }
        // Up and down like a siren, but short: the building's own announcements come first.
        Signal::Emergency => {
            const {
                &[
                    step(Colour::Red, E5, 220),
                    step(Colour::Dark, REST, 40),
                    step(Colour::Red, A5, 220),
                    step(Colour::Dark, REST, 40),
                    step(Colour::Red, E5, 220),
                    step(Colour::Dark, REST, 40),
                    step(Colour::Red, REST, 0),
                ]
            }
        }
    }
}

/// A light and a buzzer.
pub trait Signals: Send {
    /// Starts a signal in place of the one that is playing. Returns at once.
    fn show(&mut self, signal: Signal);
}

/// Shows every answer at a station, until `stopping`. While an emergency keeps the door shut, that and nothing else.
pub async fn play(
    mut answers: Receiver<StationAnswer>,
    station: StationId,
    mut published: watch::Receiver<Published>,
    mut signals: impl Signals,
    stopping: CancellationToken,
) {
    signals.show(Signal::Ready);
    let mut is_shut = false;
    loop {
        let was_shut = is_shut;
        is_shut = published.borrow_and_update().today.shut_by().is_some();
        match (was_shut, is_shut) {
            (false, true) => signals.show(Signal::Emergency),
            (true, false) => signals.show(Signal::Ready),
            _ => {}
        }
        let given = tokio::select! {
            () = stopping.cancelled() => break,
            changed = published.changed() => match changed {
                Ok(()) => continue,
                Err(_) => break,
            },
            given = answers.recv() => given,
        };
        match given {
            Ok(given) if given.station == station && is_shut => signals.show(Signal::Emergency),
            Ok(given) if given.station == station => signals.show(signal(given.verdict.as_ref())),
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => break,
        }
    }
    signals.show(Signal::Off);
}

/// The signal for a verdict; none means that nothing could be recorded.
pub fn signal(verdict: Option<&Verdict>) -> Signal {
    let Some(verdict) = verdict else {
        return Signal::NotNow;
    };
    match verdict {
        Verdict::Admitted(_)
        | Verdict::Joined(_)
        | Verdict::GivenUp(_)
        | Verdict::Left(_)
        | Verdict::Extended(_)
        | Verdict::SeatChanged(_)
        | Verdict::SteppedOut(_)
        | Verdict::Lent(_)
        | Verdict::Returned(_)
        | Verdict::WelcomeBack(_) => Signal::Done,
        Verdict::Inside(_) | Verdict::Waiting(_) | Verdict::Offer(_) | Verdict::Accompanied(_) => {
            Signal::Choose
        }
        Verdict::TooManyErrors(_)
        | Verdict::NoPlace(_)
        | Verdict::StaffCalled(_)
        | Verdict::GuestReceived(_) => Signal::Attention,
        Verdict::Emergency(_) => Signal::Emergency,
        Verdict::Staff(_) => Signal::Off,
        Verdict::TooEarly(_)
        | Verdict::NoLoan(_)
        | Verdict::NotLent(_)
        | Verdict::Standby(_)
        | Verdict::Full(_)
        | Verdict::Closed(_)
        | Verdict::Expired(_)
        | Verdict::NotRecognised(_)
        | Verdict::Unreadable(_)
        | Verdict::NotExtended(_)
        | Verdict::NoOtherSeat(_)
        | Verdict::Lapsed(_) => Signal::NotNow,
    }
}

/// How many signals the simulated form remembers.
const REMEMBERED: usize = 64;

/// A light and a buzzer that only remember what they were told. Clones share their memory.
#[derive(Debug, Clone, Default)]
pub struct SimulatedSignals {
    shown: Arc<Mutex<VecDeque<Signal>>>,
}

impl SimulatedSignals {
    /// The last 64 signals, oldest first.
    pub fn shown(&self) -> Vec<Signal> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().copied().collect()
    }
}

impl Signals for SimulatedSignals {
    fn show(&mut self, signal: Signal) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() == REMEMBERED {
            shown.pop_front();
        }
        shown.push_back(signal);
    }
}
