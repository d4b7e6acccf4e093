//! The desk: one thread that owns the state of the door.
//!
//! For each waiting command in order: decide, apply to a working copy. Then the batch is committed once, the new state is published,
//! and only then is anybody answered. When the commit fails nothing was promised: the working copy is dropped, the journal is opened
//! and replayed again, and the callers hear that the door cannot answer now.
//!
//! A thread of its own, not a task: a commit waits for the disk, and nobody else shall wait with it.

mod batch;
mod state;

pub use state::{Published, Startup};

use crate::clock::Clock;
use crate::journal::{DeviceKey, Identity, JournalError, JournalReader, Mode, StoredCollection};
use batch::Working;
use domain::event::UnreadableRecord;
use domain::ids::RunId;
use domain::{Command, Reference, Verdict};
use state::State;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// Commands that may wait at the desk; more than a crowd at one door makes in many seconds.
const QUEUE: usize = 1024;

/// Commands committed together at most.
const BATCH: usize = 256;

/// The longest the desk sleeps: by then the wall clock may have been set.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// How long records stay on the kiosk after the office has acknowledged them (rules section 12).
const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);

/// How often old records are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(600);

/// What a desk needs to begin.
#[derive(Clone, Debug)]
pub struct DeskConfig {
    /// Where the journal lies.
    pub dir: PathBuf,
    /// Its key.
    pub key: DeviceKey,
    /// Whose it is.
    pub identity: Identity,
}

/// Why the desk gave no answer. Nothing was promised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The journal cannot be written.
    #[error("the door cannot record anything now; see the journal's message in the service's log")]
    Storage,
    /// It waits for the disk longer than anybody waits for it. What was asked may yet be done.
    #[error("the door has not been able to record this in time; it may yet be done")]
    Late,
    /// More commands wait than can be taken.
    #[error("too many requests at once; try again in a moment")]
    Busy,
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopping,
    /// The office claims to hold what this journal never had, or had acknowledged before.
    #[error("the office acknowledges what this journal does not hold; look at both sides' logs")]
    Acknowledgement,
}

/// Why the desk cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A record cannot be understood.
    #[error(
        "the journal was written by another version of this program; install that version or a newer one"
    )]
    Record(#[from] UnreadableRecord),
    /// The first record of this run cannot be written.
    #[error("the journal cannot be written; see the message before this one")]
    First(#[source] DeskError),
    /// No name for this run.
    #[error("the system has no randomness yet; start the service again in a moment")]
    Randomness(#[source] getrandom::Error),
    /// The system gives no thread.
    #[error("the system gives the desk no thread; check its limits")]
    Thread(#[source] std::io::Error),
}

/// The answer to a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The verdict; none for commands that have nobody to tell.
    pub verdict: Option<Verdict>,
    /// Whether it is the first answer to this key, given again.
    pub repeated: bool,
}

/// One thing asked of the desk.
enum Ask {
    Decide {
        command: Command,
        cause: Option<String>,
        reply: oneshot::Sender<Result<Answer, DeskError>>,
    },
    Adopt {
        stored: Box<StoredCollection>,
        reference: Arc<Reference>,
        reply: oneshot::Sender<Result<Answer, DeskError>>,
    },
    Acknowledge {
        run: RunId,
        through: u64,
        reply: oneshot::Sender<Result<(), DeskError>>,
    },
    Stop,
}

/// A handle to the desk. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    asks: SyncSender<Ask>,
    published: watch::Receiver<Published>,
    alive_ms: Arc<AtomicU64>,
    clock: Clock,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// A running desk and what it began with.
#[derive(Debug)]
pub struct RunningDesk {
    /// To ask it.
    pub desk: Desk,
    /// What was found at the start.
    pub startup: Startup,
    reader: JournalReader,
    thread: std::thread::JoinHandle<()>,
}

impl RunningDesk {
    /// The journal, for the sync to read.
    ///
    /// # Errors
    /// When the file cannot be opened once more.
    pub fn reader(&self) -> Result<JournalReader, JournalError> {
        self.reader.try_clone()
    }

    /// Stops after the commands already waiting. Waits for the thread.
    pub fn stop(self) {
        // A desk that has ended already needs no telling.
        let _ = self.desk.asks.send(Ask::Stop);
        if self.thread.join().is_err() {
            tracing::error!("the desk had panicked");
        }
    }
}

impl Desk {
    /// Opens the journal, replays it and starts the desk. `clock` is given the mode the journal was created in, since a rehearsal
    /// goes on with the offset it began with. A new journal begins with `inherited`, what the office knows of today;
    /// `reference` makes the reference of the collections that were adopted before.
    ///
    /// # Errors
    /// When the journal cannot be opened or read, or the first record of this run cannot be written.
    pub fn start(
        config: DeskConfig,
        clock: impl FnOnce(Mode) -> Clock,
        inherited: Vec<domain::record::Chained>,
        reference: impl FnOnce(&[StoredCollection]) -> Reference,
    ) -> Result<RunningDesk, StartError> {
        let (mut state, startup) = State::open(config, clock, inherited, reference)?;
        let clock = state.clock().clone();
        state.begin_run(crate::VERSION)?;
        let reader = state.reader()?;
        let (asks, inbox) = sync_channel(QUEUE);
        let (publish, published) = watch::channel(state.published());
        let alive_ms = Arc::new(AtomicU64::new(clock.uptime_ms()));
        let alive = Arc::clone(&alive_ms);
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || run(state, &inbox, &publish, &alive))
            .map_err(StartError::Thread)?;
        Ok(RunningDesk {
            desk: Self {
                asks,
                published,
                alive_ms,
                clock,
            },
            startup,
            reader,
            thread,
        })
    }

    /// Decides a command and waits until it is on disk. `cause` is the caller's idempotency key.
    ///
    /// # Errors
    /// When nothing could be promised.
    pub async fn decide(
        &self,
        command: Command,
        cause: Option<String>,
    ) -> Result<Answer, DeskError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Ask::Decide {
            command,
            cause,
            reply,
        })?;
        answer.await.map_err(|_| DeskError::Stopping)?
    }

    /// Swaps a collection in: stored, recorded and in force at once, or not at all. `reference` already holds it.
    ///
    /// # Errors
    /// When it could not be stored; the old one stays in force.
    pub async fn adopt(
        &self,
        stored: StoredCollection,
        reference: Arc<Reference>,
    ) -> Result<(), DeskError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Ask::Adopt {
            stored: Box::new(stored),
            reference,
            reply,
        })?;
        answer.await.map_err(|_| DeskError::Stopping)?.map(drop)
    }

    /// Moves the sync's cursor: the office holds everything through this record.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn acknowledge(&self, run: RunId, through: u64) -> Result<(), DeskError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Ask::Acknowledge {
            run,
            through,
            reply,
        })?;
        answer.await.map_err(|_| DeskError::Stopping)?
    }

    /// The state as last committed, and its changes.
    pub fn published(&self) -> watch::Receiver<Published> {
        self.published.clone()
    }

    /// How long ago the desk last came round; more than a few seconds means that it hangs.
    pub fn silent_for(&self) -> Duration {
        Duration::from_millis(
            self.clock
                .uptime_ms()
                .saturating_sub(self.alive_ms.load(Ordering::Relaxed)),
        )
    }

    /// The service's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn ask(&self, ask: Ask) -> Result<(), DeskError> {
        self.asks.try_send(ask).map_err(|error| match error {
            TrySendError::Full(_) => DeskError::Busy,
            TrySendError::Disconnected(_) => DeskError::Stopping,
        })
    }
}

fn run(
    mut state: State,
    inbox: &Receiver<Ask>,
    publish: &watch::Sender<Published>,
    alive: &AtomicU64,
) {
    let mut pruned = Instant::now();
    loop {
        alive.store(state.clock().uptime_ms(), Ordering::Relaxed);
        let first = match inbox.recv_timeout(state.sleep(LONGEST_SLEEP)) {
            Ok(ask) => Some(ask),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let asks: Vec<Ask> = first
            .into_iter()
            .chain(inbox.try_iter().take(BATCH - 1))
            .collect();
        let is_idle = asks.is_empty();
        let stops = asks.iter().any(|ask| matches!(ask, Ask::Stop));
        settle(&mut state, asks, publish);
        if stops {
            state.flush();
            return;
        }
        state.tidy();
        if is_idle && pruned.elapsed() >= PRUNE_EVERY {
            pruned = Instant::now();
            state.prune(RETENTION);
            publish_state(&state, false, publish);
        }
    }
}

/// One batch: time that has passed, then the commands, one commit, the new state, the answers.
fn settle(state: &mut State, asks: Vec<Ask>, publish: &watch::Sender<Published>) {
    if !state.heal(!asks.is_empty()) {
        asks.into_iter()
            .for_each(|ask| ask.fail(DeskError::Storage));
        return publish_state(state, false, publish);
    }
    let mut working = Working::new(state);
    working.pass_time();
    let mut answers = Vec::with_capacity(asks.len());
    let mut acknowledged = Vec::new();
    for ask in asks {
        match ask {
            Ask::Decide {
                command,
                cause,
                reply,
            } => answers.push((reply, working.decide(&command, cause))),
            Ask::Adopt {
                stored,
                reference,
                reply,
            } => answers.push((reply, working.adopt(*stored, reference))),
            Ask::Acknowledge {
                run,
                through,
                reply,
            } => acknowledged.push((run, through, reply)),
            Ask::Stop => {}
        }
    }
    let is_changed = working.is_changed();
    let done = working.finish();
    let committed = state.commit(done);
    publish_state(state, committed.is_ok() && is_changed, publish);
    for (reply, answer) in answers {
        // A caller who has gone away has still been recorded.
        drop(reply.send(committed.clone().map(|()| answer)));
    }
    for (run, through, reply) in acknowledged {
        drop(reply.send(state.acknowledge(&run, through)));
    }
}

/// Publishes the state where it was changed by a commit, or can be written or not, other than before.
fn publish_state(state: &State, is_changed: bool, publish: &watch::Sender<Published>) {
    let now = state.published();
    publish.send_if_modified(|published| {
        let is_other = is_changed || published.writable != now.writable;
        if is_other {
            *published = now;
        }
        is_other
    });
}

impl Ask {
    fn fail(self, error: DeskError) {
        match self {
            Self::Decide { reply, .. } | Self::Adopt { reply, .. } => drop(reply.send(Err(error))),
            Self::Acknowledge { reply, .. } => drop(reply.send(Err(error))),
            Self::Stop => {}
        }
    }
}
