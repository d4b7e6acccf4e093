//! What the desk owns: the journal, the day, the reference.

use super::batch::Done;
use super::{DeskConfig, DeskError, StartError};
use crate::clock::Clock;
use crate::journal::{Journal, JournalReader, Mode, Opened, StoredCollection};
use chrono::TimeDelta;
use domain::event::{Entry, UnreadableRecord};
use domain::ids::RunId;
use domain::record::{Chained, Position};
use domain::{Command, Context, Reference, Today, Verdict, apply, next_due};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

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
    pub(super) answers: BTreeMap<String, Verdict>,
    pub(super) trusted: bool,
    writable: bool,
}

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

    /// The circumstances of a decision. Time nobody vouches for is never below the last that was (design section 4).
    pub(super) fn context(&self, today: &Today, trusted: bool, next_seq: u64) -> Context {
        let now = self.clock.now();
        let now = if trusted {
            now
        } else {
            today.latest_trusted.map_or(now, |latest| latest.max(now))
        };
        Context {
            now,
            trusted,
            uptime_ms: self.clock.uptime_ms(),
            run: self.run.clone(),
            next_seq,
        }
    }

    /// Whether time has brought something.
    pub(super) fn is_due(&self, reference: &Reference, today: &Today, trusted: bool) -> bool {
        let wake = next_due(reference, today);
        let by_clock = wake.at.is_some_and(|at| at <= self.clock.now());
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
            .map(|at| (at - self.clock.now()).max(TimeDelta::zero()));
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
            batch,
            today,
            reference,
            answers,
            trusted,
            writable,
            ..
        } = done;
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
                self.answers.extend(answers);
                self.trusted = trusted;
                self.writable = true;
                Ok(())
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the journal refused a batch"
                );
                self.writable = false;
                if journal.is_poisoned() {
                    self.journal = None;
                }
                Err(DeskError::Storage)
            }
        }
    }

    /// After a failed write: opens and replays the journal again. Says whether there is a journal to write to.
    pub(super) fn heal(&mut self) -> bool {
        if self.journal.is_some() {
            return true;
        }
        match self.reopen() {
            Ok(()) => {
                tracing::info!("the journal is open again");
                true
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the journal cannot be opened again yet"
                );
                false
            }
        }
    }

    fn reopen(&mut self) -> Result<(), StartError> {
        let (journal, opened) =
            Journal::open(&self.config.dir, &self.config.key, &self.config.identity)?;
        self.today = Arc::new(replay(&opened.replay)?);
        self.answers = answers(&opened);
        self.position = opened.last;
        self.journal = Some(journal);
        Ok(())
    }

    pub(super) fn acknowledge(&mut self, run: &RunId, through: u64) -> Result<(), DeskError> {
        let journal = self.journal.as_mut().ok_or(DeskError::Storage)?;
        let result = journal.acknowledge(run, through);
        if journal.is_poisoned() {
            self.journal = None;
        }
        result.map_err(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the office's acknowledgement could not be kept"
            );
            DeskError::Storage
        })
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
        if journal.is_poisoned() {
            self.journal = None;
        }
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

fn answers(opened: &Opened) -> BTreeMap<String, Verdict> {
    let known = opened.answers.iter().filter_map(|answer| {
        Some((
            answer.cause.clone(),
            serde_json::from_str(&answer.body).ok()?,
        ))
    });
    known.collect()
}

fn new_run() -> Result<RunId, StartError> {
    let bits = getrandom::u64().map_err(StartError::Randomness)?;
    Ok(RunId::from(format!("{bits:016x}")))
}
