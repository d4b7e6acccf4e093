//! The office's side of the uplink: what becomes of each record of a batch, and what to answer.
//!
//! Pure: the [`Ledger`] says what is held, [`intake`] says what to do. The office does it all in one transaction, commits, and only then publishes the
//! [`Ack`]. Doing the same batch again changes nothing.
//!
//! The rules (design section 7):
//!
//! - Records come in order. Where one is missing, intake stops and the ack says what is held, so that the kiosk goes on from there.
//! - A run begins with `run.started`, which names the run before it and where that one ended. So the office walks back over any number
//!   of runs until it meets what it holds.
//! - What cannot be read, does not follow from the record before, or stands where another stands, is kept in quarantine and acknowledged.
//! - The chain continues with the hash a record *states*, so one damaged record puts one record in quarantine, not all that follow.

use crate::message::{Ack, Batch, Place, Quarantine, Rejected, WireRecord};
use domain::event::{Entry, Event};
use domain::ids::RunId;
use domain::record::{ChainHash, Position};
use std::collections::BTreeMap;

/// What the office holds of one kiosk (rehearsal and real records are two ledgers).
///
/// A place is *held* when its record was stored or went to quarantine for being [`Quarantine::BrokenChain`] or
/// [`Quarantine::Unreadable`]; the hash is the one the record stated. Records in quarantine for [`Quarantine::OtherHash`] are kept
/// apart and hold no place.
pub trait Ledger {
    /// Why reading can fail.
    type Error;

    /// The last held place of a run and its hash; `None` for a run nothing is held of.
    ///
    /// # Errors
    /// When it cannot be read.
    fn last(&self, run: &RunId) -> Result<Option<(u64, ChainHash)>, Self::Error>;

    /// The hash at a held place.
    ///
    /// # Errors
    /// When it cannot be read.
    fn hash_at(&self, run: &RunId, seq: u64) -> Result<Option<ChainHash>, Self::Error>;

    /// Held runs whose `run.started` names this run as the one before (with `None`: that name no run), in any order.
    ///
    /// # Errors
    /// When it cannot be read.
    fn successors(&self, run: Option<&RunId>) -> Result<Vec<RunId>, Self::Error>;
}

/// What to do with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Store it at its place and apply it.
    Store(Box<Entry>),
    /// It is held already; there is nothing to do.
    AlreadyKnown,
    /// Keep it aside and tell a person. It holds its place unless the reason is [`Quarantine::OtherHash`].
    Quarantine(Quarantine),
}

/// Something that a person has to look at. Every record is kept, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Incident {
    /// The office holds more of a run than its successor knows of: the card lost its end, or was restored from an older copy.
    TailLost {
        /// The run that lost its end.
        run: RunId,
        /// The last record its successor knows of.
        stated: u64,
        /// The last record the office holds.
        held: u64,
        /// The successor.
        successor: RunId,
    },
    /// Two runs claim to follow the same one: two cards with one identity, or one restored from a copy.
    ClonedCard {
        /// The run both follow.
        run: RunId,
        /// The successor known first.
        first: RunId,
        /// The other one.
        second: RunId,
    },
    /// A run's successor states another hash for it than the office holds: one of the two was changed.
    HistoryDiffers {
        /// The run.
        run: RunId,
        /// The record whose hashes differ.
        seq: u64,
        /// The successor.
        successor: RunId,
    },
    /// A new journal for a kiosk that had one. Expected after a card was replaced, and at no other time.
    NewJournal {
        /// The run that began it.
        run: RunId,
    },
    /// Records before this one are gone from the kiosk, and the office does not hold them.
    RecordsMissing {
        /// The first record there is.
        first: Place,
    },
}

/// What to do with a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<'a> {
    /// Each record up to the first gap, in order.
    pub decisions: Vec<(&'a WireRecord, Decision)>,
    /// What to tell a person. A record that comes again does not bring its incident again.
    pub incidents: Vec<Incident>,
    /// What to publish once the above is durable.
    pub ack: Ack,
    /// The place after which records are missing, where the batch did not follow on what is held.
    pub gap_after: Option<Place>,
}

/// Decides a batch against what is held. The same input gives the same outcome.
///
/// # Errors
/// When the ledger cannot be read; nothing is decided then.
pub fn intake<'a, L: Ledger>(ledger: &L, batch: &'a Batch) -> Result<Outcome<'a>, L::Error> {
    let added = Added::default();
    let mut desk = Intake {
        ledger,
        oldest: batch.oldest.as_ref(),
        added,
        incidents: Vec::new(),
    };
    let mut decisions = Vec::with_capacity(batch.events.len());
    let mut rejected = Vec::new();
    let mut gap_after = None;
    for event in &batch.events {
        match desk.decide(event)? {
            Step::Take(decision) => {
                if let Decision::Quarantine(reason) = decision {
                    let Place { run, seq } = Place::of(&event.chained);
                    rejected.push(Rejected { run, seq, reason });
                }
                decisions.push((event, decision));
            }
            Step::Gap(after) => {
                gap_after = Some(after);
                break;
            }
        }
    }
    let through = match (&gap_after, decisions.last()) {
        (Some(after), _) => after.clone(),
        (None, Some((last, _))) => Place::of(&last.chained),
        (None, None) => Place {
            run: batch.run.clone(),
            seq: ledger.last(&batch.run)?.map_or(0, |(seq, _)| seq),
        },
    };
    let ack = Ack {
        run: through.run,
        through_seq: through.seq,
        rejected,
    };
    Ok(Outcome {
        decisions,
        incidents: desk.incidents,
        ack,
        gap_after,
    })
}

enum Step {
    Take(Decision),
    Gap(Place),
}

/// What this batch has added so far, in front of the ledger.
#[derive(Default)]
struct Added {
    hashes: BTreeMap<(RunId, u64), ChainHash>,
    /// The last held place by run, those of the ledger included once asked for.
    last: BTreeMap<RunId, Option<(u64, ChainHash)>>,
    successors: BTreeMap<Option<RunId>, Vec<RunId>>,
}

struct Intake<'a, L> {
    ledger: &'a L,
    oldest: Option<&'a Place>,
    added: Added,
    incidents: Vec<Incident>,
}

impl<L: Ledger> Intake<'_, L> {
    fn decide(&mut self, event: &WireRecord) -> Result<Step, L::Error> {
        let Place { run, seq } = Place::of(&event.chained);
        let last = self.last(&run)?;
        match last {
            Some((held, _)) if seq <= held => self.decide_again(event),
            _ if seq == 1 => self.begin_run(event),
            Some((held, hash)) if held + 1 == seq => Ok(self.take_after(event, Some(hash))),
            _ if self.is_oldest(event) => {
                self.incidents.push(Incident::RecordsMissing {
                    first: Place { run, seq },
                });
                Ok(self.take_after(event, None))
            }
            _ => Ok(Step::Gap(Place {
                run,
                seq: last.map_or(0, |(held, _)| held),
            })),
        }
    }

    /// A place that is not after what is held.
    fn decide_again(&mut self, event: &WireRecord) -> Result<Step, L::Error> {
        let Place { run, seq } = Place::of(&event.chained);
        match self.hash_at(&run, seq)? {
            Some(hash) if hash == event.chained.hash => Ok(Step::Take(Decision::AlreadyKnown)),
            Some(_) => Ok(Step::Take(Decision::Quarantine(Quarantine::OtherHash))),
            // It was missing once and turned up after all.
            None if seq == 1 => self.begin_run(event),
            None => {
                let before = self.hash_at(&run, seq - 1)?;
                Ok(self.take_after(event, before))
            }
        }
    }

    fn begin_run(&mut self, event: &WireRecord) -> Result<Step, L::Error> {
        let run = &event.chained.record.run;
        let Ok(Entry {
            event: Event::RunStarted { previous, .. },
            ..
        }) = Entry::from_record(&event.chained.record)
        else {
            // Nobody can tell what it follows, and the run must not wait for that.
            self.hold(event);
            return Ok(Step::Take(Decision::Quarantine(Quarantine::Unreadable)));
        };
        let Some(previous) = previous else {
            if self.other_successor(None, run)?.is_some() {
                self.incidents
                    .push(Incident::NewJournal { run: run.clone() });
            }
            self.follow(None, run);
            return Ok(self.take_after(event, Some(ChainHash::GENESIS)));
        };
        match self.last(&previous.run)? {
            Some((held, _)) if held >= previous.seq => self.compare_end(&previous, held, run)?,
            last if !self.is_oldest(event) => {
                return Ok(Step::Gap(Place {
                    run: previous.run,
                    seq: last.map_or(0, |(held, _)| held),
                }));
            }
            _ => self.incidents.push(Incident::RecordsMissing {
                first: Place::of(&event.chained),
            }),
        }
        if let Some(first) = self.other_successor(Some(&previous.run), run)? {
            self.incidents.push(Incident::ClonedCard {
                run: previous.run.clone(),
                first,
                second: run.clone(),
            });
        }
        self.follow(Some(previous.run), run);
        Ok(self.take_after(event, Some(previous.hash)))
    }

    /// Whether the run before ended where its successor says.
    fn compare_end(
        &mut self,
        previous: &Position,
        held: u64,
        successor: &RunId,
    ) -> Result<(), L::Error> {
        let Position { run, seq, hash } = previous.clone();
        if self.hash_at(&run, seq)?.is_some_and(|held| held != hash) {
            let incident = Incident::HistoryDiffers {
                run: run.clone(),
                seq,
                successor: successor.clone(),
            };
            self.incidents.push(incident);
        }
        if held > seq {
            self.incidents.push(Incident::TailLost {
                run,
                stated: seq,
                held,
                successor: successor.clone(),
            });
        }
        Ok(())
    }

    /// Checks a record against the hash before it, where that is known, and holds its place.
    fn take_after(&mut self, event: &WireRecord, before: Option<ChainHash>) -> Step {
        self.hold(event);
        let record = &event.chained.record;
        let follows = before.is_none_or(|before| record.hash_after(&before) == event.chained.hash);
        Step::Take(match Entry::from_record(record) {
            _ if !follows => Decision::Quarantine(Quarantine::BrokenChain),
            Err(_) => Decision::Quarantine(Quarantine::Unreadable),
            Ok(entry) => Decision::Store(Box::new(entry)),
        })
    }

    fn hold(&mut self, event: &WireRecord) {
        let (Place { run, seq }, hash) = (Place::of(&event.chained), event.chained.hash);
        self.added.hashes.insert((run.clone(), seq), hash);
        let last = self.added.last.entry(run).or_default();
        if last.is_none_or(|(held, _)| held < seq) {
            *last = Some((seq, hash));
        }
    }

    fn follow(&mut self, before: Option<RunId>, run: &RunId) {
        self.added
            .successors
            .entry(before)
            .or_default()
            .push(run.clone());
    }

    fn last(&mut self, run: &RunId) -> Result<Option<(u64, ChainHash)>, L::Error> {
        if let Some(last) = self.added.last.get(run) {
            return Ok(*last);
        }
        let last = self.ledger.last(run)?;
        self.added.last.insert(run.clone(), last);
        Ok(last)
    }

    fn hash_at(&self, run: &RunId, seq: u64) -> Result<Option<ChainHash>, L::Error> {
        match self.added.hashes.get(&(run.clone(), seq)) {
            Some(hash) => Ok(Some(*hash)),
            None => self.ledger.hash_at(run, seq),
        }
    }

    fn other_successor(
        &self,
        run: Option<&RunId>,
        besides: &RunId,
    ) -> Result<Option<RunId>, L::Error> {
        let mut known = self.ledger.successors(run)?;
        known.extend(
            self.added
                .successors
                .get(&run.cloned())
                .into_iter()
                .flatten()
                .cloned(),
        );
        known.sort();
        Ok(known.into_iter().find(|one| one != besides))
    }

    fn is_oldest(&self, event: &WireRecord) -> bool {
        self.oldest
            .is_some_and(|oldest| *oldest == Place::of(&event.chained))
    }
}
