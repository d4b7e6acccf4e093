//! What the desk owns: the journal, the day, the reference.

use super::batch::Done;
use super::{DeskConfig, DeskError, StartError};
use crate::clock::Clock;
use crate::journal::{
    ANSWERS_KEPT, Acknowledged, Batch, Journal, JournalReader, Mode, Opened, StoredCollection,
};
use chrono::TimeDelta;
use domain::event::{Entry, UnreadableRecord};
use domain::ids::RunId;
use domain::record::{Chained, Position};
use domain::reference::{DateTime, JST};
use domain::{Command, Context, Reference, Today, Verdict, apply, next_due};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The state as last committed: what all reads and streams see.
#[derive(Clone, Debug)]
pub struct Published {
    /// The day.
    pub today: Arc<Today>,
    /// The adopted collections.
    pub reference: Arc<Reference>,
    /// Whether the wall time is vouched for.
    pub trusted: bool,
    /// Whether the journal can be written.
    pub writable: bool,
}

/// What was found when the journal was opened, for health and the log.
#[derive(Clone, Debug)]
pub struct Startup {
    /// Whether the journal is new.
    pub created: bool,
    /// Where the journal once stood, when its end was lost.
    pub tail_lost: Option<Position>,
    /// Whether a lost end could not have shown.
    pub head_unreadable: bool,
    /// Records replayed.
    pub replayed: usize,
}

pub(super) struct State {
    config: DeskConfig,
    clock: Clock,
    run: RunId,
    /// None while the journal cannot be opened again after a failed write.
    journal: Option<Journal>,
    position: Option<Position>,
    pub(super) today: Arc<Today>,
    pub(super) reference: Arc<Reference>,
    pub(super) answers: BTreeMap<String, Answered>,
    pub(super) trusted: bool,
    writable: bool,
    /// What the office holds and the journal does not know yet, and since when. It goes with the next commit: said again after a
    /// start, it does no harm to forget it.
    acknowledged: Option<(Acknowledged, Instant)>,
    /// When a journal that could not be opened is tried again, and how long after that.
    retry: (Instant, Duration),
}

/// The first answer to an idempotency key.
pub(super) struct Answered {
    pub(super) verdict: Verdict,
    /// The run's uptime then; 0 if that was in an earlier run.
    uptime_ms: u64,
}

/// An acknowledgement waits this long for a commit to go with.
const ACKNOWLEDGEMENT_WAITS: Duration = Duration::from_secs(1);

/// A journal that cannot be written is tried again after so long by itself, and for everybody who asks.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// No clock truthfully reads earlier than this program was released: the floor below all others (rules section 4). 2026-11-01.
const RELEASED: i64 = 1_793_458_800;

impl State {
    pub(super) fn open(
        config: DeskConfig,
        clock: impl FnOnce(Mode) -> Clock,
        inherited: Vec<Chained>,
        reference: impl FnOnce(&[StoredCollection]) -> Reference,
    ) -> Result<(Self, Startup), StartError> {
        let (journal, opened) = Journal::open(&config.dir, &config.key, &config.identity)?;
        let startup = Startup {
            created: opened.created,
            tail_lost: opened.tail_lost.clone(),
            head_unreadable: opened.head_unreadable,
            replayed: opened.replay.len(),
        };
        // A journal of its own knows better than the office what happened here.
        let known = if opened.replay.is_empty() {
            &inherited
        } else {
            &opened.replay
        };
        let clock = clock(opened.mode);
        let state = Self {
            today: Arc::new(replay(known)?),
            reference: Arc::new(reference(&opened.collections)),
            answers: answers(&opened),
            position: opened.last,
            trusted: clock.is_vouched_for(),
            journal: Some(journal),
            run: new_run()?,
            writable: true,
            acknowledged: None,
            retry: (Instant::now(), FIRST_RETRY),
            config,
            clock,
        };
        Ok((state, startup))
    }

    /// Writes `run.started`, then settles whatever fell due while nobody was there.
    pub(super) fn begin_run(&mut self, build: &str) -> Result<(), StartError> {
        let start = Command::Start {
            kiosk: self.config.identity.kiosk.clone(),
            build: build.to_owned(),
            previous: self.position.clone(),
        };
        let mut working = super::batch::Working::new(self);
        working.decide(&start, None);
        working.pass_time();
        let done = working.finish();
        self.commit(done).map_err(StartError::First)
    }

    pub(super) fn reader(&self) -> Result<JournalReader, StartError> {
        match &self.journal {
            Some(journal) => Ok(journal.reader()?),
            None => Err(StartError::First(DeskError::Storage)),
        }
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn published(&self) -> Published {
        Published {
            today: Arc::clone(&self.today),
            reference: Arc::clone(&self.reference),
            trusted: self.trusted,
            writable: self.writable,
        }
    }

    /// The number of the next record of this run.
    pub(super) fn next_seq(&self) -> u64 {
        self.position
            .as_ref()
            .filter(|position| position.run == self.run)
            .map_or(1, |position| position.seq + 1)
    }

    /// The circumstances of a decision.
    pub(super) fn context(&self, today: &Today, trusted: bool, next_seq: u64) -> Context {
        Context {
            now: self.now(today, trusted),
            trusted,
            uptime_ms: self.clock.uptime_ms(),
            run: self.run.clone(),
            next_seq,
        }
    }

    /// The time, never below the last that was vouched for, nor, where nobody vouches for it, below this program's release
    /// (rules section 4).
    fn now(&self, today: &Today, trusted: bool) -> DateTime {
        let released = chrono::DateTime::from_timestamp(RELEASED, 0)
            .filter(|_| !trusted)
            .map(|released| released.with_timezone(&JST));
        [today.latest_trusted, released]
            .into_iter()
            .flatten()
            .fold(self.clock.now(), Ord::max)
    }

    /// Whether time has brought something.
    pub(super) fn is_due(&self, reference: &Reference, today: &Today, trusted: bool) -> bool {
        let wake = next_due(reference, today);
        let by_clock = wake.at.is_some_and(|at| at <= self.now(today, trusted));
        let by_uptime = wake
            .uptime_ms
            .is_some_and(|at| at <= self.clock.uptime_ms());
        today.date.is_none() || by_uptime || (trusted && by_clock)
    }

    /// How long nothing falls due, at most `longest`.
    pub(super) fn sleep(&self, longest: Duration) -> Duration {
        let wake = next_due(&self.reference, &self.today);
        let by_clock = wake
            .at
            .filter(|_| self.trusted)
            .map(|at| (at - self.now(&self.today, true)).max(TimeDelta::zero()));
        let by_clock = by_clock.and_then(|span| span.to_std().ok());
        let by_uptime = wake
            .uptime_ms
            .map(|at| Duration::from_millis(at.saturating_sub(self.clock.uptime_ms())));
        let until = [by_clock, by_uptime]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(longest);
        // A deadline that has just been settled without effect must not make the desk spin.
        until.clamp(Duration::from_millis(10), longest)
    }

    /// Makes a batch true: on disk first, then in memory.
    pub(super) fn commit(&mut self, done: Done) -> Result<(), DeskError> {
        let Done {
            mut batch,
            today,
            reference,
            answers,
            trusted,
            writable,
            ..
        } = done;
        let is_written = !batch.records.is_empty() || self.is_acknowledgement_due();
        if is_written {
            batch.acknowledged = self.acknowledged.take().map(|(place, _)| place);
        }
        let journal = self.journal.as_mut().ok_or(DeskError::Storage)?;
        if let Err(error) = writable {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "an event cannot be written as JSON"
            );
            return Err(DeskError::Storage);
        }
        match journal.append(batch) {
            Ok(chained) => {
                self.position = chained
                    .last()
                    .map(Chained::position)
                    .or(self.position.take());
                self.today = today;
                self.reference = reference;
                let uptime_ms = self.clock.uptime_ms();
                let answered = answers
                    .into_iter()
                    .map(|(cause, verdict)| (cause, Answered { verdict, uptime_ms }));
                self.answers.extend(answered);
                self.trusted = trusted;
                Ok(())
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the journal refused a batch"
                );
                self.drop_if_poisoned();
                Err(DeskError::Storage)
            }
        }
    }

    /// What reached the disk is known only after opening a poisoned journal again, and until then nothing can be promised.
    fn drop_if_poisoned(&mut self) {
        if self.journal.as_ref().is_some_and(Journal::is_poisoned) {
            (self.journal, self.writable, self.acknowledged) = (None, false, None);
            self.retry = (Instant::now(), FIRST_RETRY);
        }
    }

    /// After a failed write: opens and replays the journal again, and tries whether it can be written. Says whether it can. Opening
    /// verifies every page, so nobody's asking (`is_asked`) makes it wait longer each time.
    pub(super) fn heal(&mut self, is_asked: bool) -> bool {
        let (at, wait) = self.retry;
        if self.journal.is_some() {
            return true;
        }
        if !is_asked && Instant::now() < at {
            return false;
        }
        match self.reopen() {
            Ok(()) => {
                tracing::info!("the journal can be written again");
                self.writable = true;
                true
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the journal cannot be written yet"
                );
                let wait = (wait * 2).min(LONGEST_RETRY);
                self.retry = (Instant::now() + wait, wait);
                false
            }
        }
    }

    fn reopen(&mut self) -> Result<(), StartError> {
        let (mut journal, opened) =
            Journal::open(&self.config.dir, &self.config.key, &self.config.identity)?;
        journal.try_to_write()?;
        self.today = Arc::new(replay(&opened.replay)?);
        self.answers = answers(&opened);
        self.position = opened.last;
        self.journal = Some(journal);
        Ok(())
    }

    /// Notes what the office holds; the next commit takes it along.
    pub(super) fn acknowledge(&mut self, run: &RunId, through: u64) -> Result<(), DeskError> {
        let journal = self.journal.as_ref().ok_or(DeskError::Storage)?;
        match journal.acknowledgement(run, through) {
            Ok(place) => {
                let since = self.acknowledged.take().map(|(_, since)| since);
                let since = since.unwrap_or_else(Instant::now);
                self.acknowledged = place.map(|place| (place, since));
                Ok(())
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the office's acknowledgement cannot be right"
                );
                Err(DeskError::Acknowledgement)
            }
        }
    }

    fn is_acknowledgement_due(&self) -> bool {
        self.acknowledged
            .as_ref()
            .is_some_and(|(_, since)| since.elapsed() >= ACKNOWLEDGEMENT_WAITS)
    }

    /// Writes what still waits for a commit to go with: the last thing a desk does.
    pub(super) fn flush(&mut self) {
        let Some((place, _)) = self.acknowledged.take() else {
            return;
        };
        let batch = Batch {
            acknowledged: Some(place),
            ..Batch::default()
        };
        if let Some(Err(error)) = self.journal.as_mut().map(|journal| journal.append(batch)) {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "the office's acknowledgement could not be kept");
        }
    }

    pub(super) fn tidy(&mut self) {
        if let Some(Err(error)) = self.journal.as_mut().map(Journal::tidy) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the journal's log stays long"
            );
        }
    }

    /// Removes what is past retention. Only with a time that is vouched for.
    pub(super) fn prune(&mut self, retention: Duration) {
        let kept_ms = u64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(u64::MAX);
        let oldest_ms = self.clock.uptime_ms().saturating_sub(kept_ms);
        self.answers
            .retain(|_, answer| answer.uptime_ms >= oldest_ms);
        if !self.trusted {
            return;
        }
        let now = self.clock.now();
        let Some(journal) = self.journal.as_mut() else {
            return;
        };
        match journal.prune(now, retention) {
            Ok(_) => {}
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "old records could not be removed"
            ),
        }
        self.drop_if_poisoned();
    }
}

fn replay(records: &[Chained]) -> Result<Today, UnreadableRecord> {
    records
        .iter()
        .try_fold(Today::default(), |mut today, chained| {
            apply(&mut today, &Entry::from_record(&chained.record)?);
            Ok(today)
        })
}

fn answers(opened: &Opened) -> BTreeMap<String, Answered> {
    let known = opened.answers.iter().filter_map(|answer| {
        let verdict = serde_json::from_str(&answer.body).ok()?;
        let uptime_ms = 0;
        Some((answer.cause.clone(), Answered { verdict, uptime_ms }))
    });
    known.collect()
}

fn new_run() -> Result<RunId, StartError> {
    let bits = getrandom::u64().map_err(StartError::Randomness)?;
    Ok(RunId::from(format!("{bits:016x}")))
}
