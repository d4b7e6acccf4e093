//! The staff button at the door.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{BackOff, DeviceState, StateReport};

/// How long a contact must rest before its position counts.
pub const SETTLE: Duration = Duration::from_millis(40);

/// How often the contact is looked at.
const SAMPLE_EVERY: Duration = Duration::from_millis(10);

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// The contact of a button.
pub trait Button: Send {
    /// Whether it is held down at this moment; may bounce.
    fn is_down(&mut self) -> bool;
}

/// Finds presses in the samples of a bouncing contact. Pure: time is an argument.
#[derive(Debug)]
pub struct Debounce {
    settle: Duration,
    settled_down: bool,
    differs_since: Option<Instant>,
}

impl Default for Debounce {
    fn default() -> Self {
        Self::new(SETTLE)
    }
}

impl Debounce {
    /// Starts with the button up.
    pub fn new(settle: Duration) -> Self {
        Self {
            settle,
            settled_down: false,
            differs_since: None,
        }
    }

    /// Takes one sample; true once for each press, when the contact has settled.
    pub fn sample(&mut self, down: bool, now: Instant) -> bool {
        if down == self.settled_down {
            self.differs_since = None;
            return false;
        }
        let since = *self.differs_since.get_or_insert(now);
        if now.duration_since(since) < self.settle {
            return false;
        }
        self.settled_down = down;
        self.differs_since = None;
        down
    }
}

/// Somebody pressed the staff button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressed;

/// Reports presses to `sink` until `shutdown` is cancelled or the receiver of `sink` is gone.
///
/// A contact that cannot be opened shows in `status` and is tried again every 1 to 30 seconds.
pub async fn run<B: Button, E: Display>(
    mut open: impl FnMut() -> Result<B, E>,
    sink: mpsc::Sender<Pressed>,
    status: watch::Sender<DeviceState>,
    shutdown: CancellationToken,
) {
    let report = StateReport {
        device: "staff button",
        status: &status,
    };
    let mut back_off = BackOff::new(FIRST_RETRY, LONGEST_RETRY);
    let watching = async {
        loop {
            match open() {
                Ok(button) => {
                    report.ready();
                    return watch_presses(button, &sink).await;
                }
                Err(error) => report.missing(error.to_string()),
            }
            tokio::time::sleep(back_off.next_delay()).await;
        }
    };
    tokio::select! {
        () = watching => {}
        () = sink.closed() => {}
        () = shutdown.cancelled() => {}
    }
}

async fn watch_presses(mut button: impl Button, sink: &mpsc::Sender<Pressed>) {
    let mut debounce = Debounce::default();
    let mut samples = interval(SAMPLE_EVERY);
    samples.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        samples.tick().await;
        let pressed = debounce.sample(button.is_down(), Instant::now());
        if pressed && sink.send(Pressed).await.is_err() {
            return;
        }
    }
}

/// A button that is pressed by a program. Clones are the same button.
#[derive(Debug, Clone, Default)]
pub struct SimulatedButton {
    down: Arc<AtomicBool>,
}

impl SimulatedButton {
    /// Holds the button down or lets it go.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }
}

impl Button for SimulatedButton {
    fn is_down(&mut self) -> bool {
        self.down.load(Ordering::SeqCst)
    }
}
