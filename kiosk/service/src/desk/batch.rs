//! A batch being decided: a working copy of the day, and what would have to be committed for it to become true.

use super::Answer;
use super::state::State;
use crate::journal::{Batch, StoredCollection};
use domain::event::{Entry, Stamp};
use domain::{Command, Context, Decision, Event, Reference, Today, Verdict, apply, decide};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a batch leads to once it is on disk.
pub(super) struct Done {
    pub(super) batch: Batch,
    pub(super) today: Arc<Today>,
    pub(super) reference: Arc<Reference>,
    pub(super) answers: BTreeMap<String, Verdict>,
    pub(super) trusted: bool,
    pub(super) next_seq: u64,
    pub(super) writable: Result<(), serde_json::Error>,
}

pub(super) struct Working<'a> {
    state: &'a State,
    done: Done,
}

impl<'a> Working<'a> {
    pub(super) fn new(state: &'a State) -> Self {
        let done = Done {
            batch: Batch::default(),
            today: Arc::clone(&state.today),
            reference: Arc::clone(&state.reference),
            answers: BTreeMap::new(),
            trusted: state.trusted,
            next_seq: state.next_seq(),
            writable: Ok(()),
        };
        Self { state, done }
    }

    /// Time is a command too: whether the clock is vouched for by now, and whatever has fallen due.
    pub(super) fn pass_time(&mut self) {
        if !self.done.trusted && self.state.clock().is_vouched_for() {
            self.done.trusted = true;
            self.settle(&Command::TrustClock, None);
        }
        if self
            .state
            .is_due(&self.done.reference, &self.done.today, self.done.trusted)
        {
            self.settle(&Command::Due, None);
        }
    }

    pub(super) fn decide(&mut self, command: &Command, cause: Option<String>) -> Answer {
        if let Some(first) = cause.as_ref().and_then(|cause| self.answered(cause)) {
            return Answer {
                verdict: Some(first),
                repeated: true,
            };
        }
        let is_repetition = self.is_repetition(command);
        let made = || format!("{}-{}", self.context().run, self.done.next_seq);
        let verdict = self.settle(command, Some(cause.clone().unwrap_or_else(made)));
        if let (Command::Scan { station, code, .. }, Some(verdict), false) =
            (command, &verdict, is_repetition)
        {
            let uptime_ms = self.state.clock().uptime_ms();
            Arc::make_mut(&mut self.done.today).remember_answer(
                station.clone(),
                code.clone(),
                uptime_ms,
                verdict.clone(),
            );
        }
        if let (Some(cause), Some(verdict)) = (cause, &verdict) {
            match serde_json::to_string(verdict) {
                Ok(body) => self.done.batch.answers.push(crate::journal::Answer {
                    cause: cause.clone(),
                    body,
                }),
                Err(error) => self.done.writable = Err(error),
            }
            self.done.answers.insert(cause, verdict.clone());
        }
        Answer {
            verdict,
            repeated: false,
        }
    }

    pub(super) fn adopt(&mut self, stored: StoredCollection, reference: Arc<Reference>) -> Answer {
        let (name, version, sha256) = (stored.name.clone(), stored.version, stored.sha256.clone());
        self.done.reference = reference;
        self.done
            .batch
            .collections
            .retain(|other| other.name != name);
        self.done.batch.collections.push(stored);
        let verdict = self.settle(
            &Command::Adopt {
                name,
                version,
                sha256,
            },
            None,
        );
        Answer {
            verdict,
            repeated: false,
        }
    }

    /// Whether the published state has to be replaced.
    pub(super) fn is_changed(&self) -> bool {
        !self.done.batch.records.is_empty()
    }

    pub(super) fn finish(self) -> Done {
        self.done
    }

    /// Whether a scan only gets its last answer again. The window runs from the first: a code that is held to the scanner without
    /// pause is decided anew when it is over.
    fn is_repetition(&self, command: &Command) -> bool {
        let Command::Scan { station, code, .. } = command else {
            return false;
        };
        let Done {
            today, reference, ..
        } = &self.done;
        let uptime_ms = self.state.clock().uptime_ms();
        today
            .repeated_answer(station, code, uptime_ms, &reference.settings)
            .is_some()
    }

    fn answered(&self, cause: &str) -> Option<Verdict> {
        self.done
            .answers
            .get(cause)
            .or_else(|| Some(&self.state.answers.get(cause)?.verdict))
            .cloned()
    }

    fn settle(&mut self, command: &Command, cause: Option<String>) -> Option<Verdict> {
        let context = self.context();
        let Decision { events, verdict } =
            decide(&self.done.reference, &self.done.today, command, &context);
        for event in events {
            self.record(event, &context, cause.clone());
        }
        verdict
    }

    fn record(&mut self, event: Event, context: &Context, cause: Option<String>) {
        let stamp = Stamp {
            run: context.run.clone(),
            seq: self.done.next_seq,
            at: context.now,
            uptime_ms: context.uptime_ms,
            trusted: context.trusted,
            cause,
        };
        let entry = Entry { stamp, event };
        match entry.to_record() {
            Ok(record) => self.done.batch.records.push(record),
            Err(error) => self.done.writable = Err(error),
        }
        self.done.next_seq += 1;
        apply(Arc::make_mut(&mut self.done.today), &entry);
    }

    fn context(&self) -> Context {
        self.state
            .context(&self.done.today, self.done.trusted, self.done.next_seq)
    }
}
