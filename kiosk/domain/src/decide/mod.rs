//! What shall happen now: pure, total, deterministic.

mod admission;
mod appointment;
mod offer;
mod scan;
mod visit;

use crate::code::Code;
use crate::due;
use crate::event::{CallReason, Event};
use crate::ids::{KioskId, OfferId, RunId, StationId, VisitId};
use crate::plan::plan;
use crate::record::Position;
use crate::reference::{JST, DateTime, Reference};
use crate::today::Today;
use crate::verdict::{Refused, Remedy, Verdict};

/// What somebody or something asks of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The service started: always the first command of a run.
    Start {
        /// The kiosk.
        kiosk: KioskId,
        /// Program version.
        build: String,
        /// Where the journal stands.
        previous: Option<Position>,
    },
    /// Time passed: settle everything overdue, in due order.
    Due,
    /// NTP or the real-time clock vouches for the time from now on.
    TrustClock,
    /// A collection has been swapped in; the reference given to [`decide`] is the new one.
    Adopt {
        /// Its name.
        name: String,
        /// Its version.
        version: u64,
        /// SHA-256 of its bytes.
        sha256: String,
    },
    /// A code was read, or a number typed, at a station.
    Scan {
        /// Where.
        station: StationId,
        /// What; the text itself has been left behind.
        code: Code,
        /// Whether it was typed.
        typed: bool,
    },
    /// One of the offered seats was chosen.
    Choose {
        /// Where.
        station: StationId,
        /// From which offer.
        offer: OfferId,
        /// Which, from 0.
        choice: usize,
    },
    /// More time to decide.
    Hold {
        /// On which offer.
        offer: OfferId,
    },
    /// The visitor went back; what was held is free.
    Decline {
        /// Which offer.
        offer: OfferId,
    },
    /// The visitor leaves.
    Leave {
        /// Whose visit.
        visit: VisitId,
    },
    /// The visitor would like to stay longer.
    Extend {
        /// Whose visit.
        visit: VisitId,
    },
    /// Somebody wants a person.
    CallStaff {
        /// Where.
        station: StationId,
        /// Why.
        reason: CallReason,
    },
}

/// The circumstances of a decision: all that is not state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Wall time; in whatever zone, the rules turn it to JST.
    pub now: DateTime,
    /// Whether the wall time is vouched for (design section 4).
    pub trusted: bool,
    /// Milliseconds since the service's start.
    pub uptime_ms: u64,
    /// The run.
    pub run: RunId,
    /// The number the first event of this decision will have. Ids are made from it, so that they repeat in a replay.
    pub next_seq: u64,
}

impl Context {
    fn normal(&self) -> Self {
        Self { now: self.now.with_timezone(&JST), ..self.clone() }
    }

    /// A visit begun by the `ahead`-th event of this decision.
    pub(crate) fn visit_id(&self, ahead: usize) -> VisitId {
        VisitId::from(format!("{}-{}", self.run, self.next_seq + ahead as u64))
    }

    /// An offer made by the `ahead`-th event of this decision.
    pub(crate) fn offer_id(&self, ahead: usize) -> OfferId {
        OfferId::from(format!("{}-{}", self.run, self.next_seq + ahead as u64))
    }
}

/// What is recorded, and what the visitor is told; commands of the service itself have no one to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Facts to be committed in this order; perhaps none.
    pub events: Vec<Event>,
    /// The answer.
    pub verdict: Option<Verdict>,
}

impl Decision {
    pub(crate) fn answer(events: Vec<Event>, verdict: Verdict) -> Self {
        Self { events, verdict: Some(verdict) }
    }

    pub(crate) fn silent(events: Vec<Event>) -> Self {
        Self { events, verdict: None }
    }
}

/// Decides one command. Nothing happens by this: the caller commits the events, applies them, then gives the answer.
pub fn decide(reference: &Reference, today: &Today, command: &Command, context: &Context) -> Decision {
    let context = &context.normal();
    let case = Case { reference, today, context };
    match command {
        Command::Start { kiosk, build, previous } => Decision::silent(vec![Event::RunStarted {
            kiosk: kiosk.clone(),
            build: build.clone(),
            previous: previous.clone(),
        }]),
        Command::Due => Decision::silent(due::overdue(reference, today, context)),
        Command::TrustClock => Decision::silent(vec![Event::ClockTrusted {}]),
        Command::Adopt { name, version, sha256 } => {
            let adopted = Event::CollectionAdopted { name: name.clone(), version: *version, sha256: sha256.clone() };
            let mut events = vec![adopted];
            events.extend(replanned(reference, today, context));
            Decision::silent(events)
        }
        Command::Scan { station, code, typed } => case.scan(station, code, *typed),
        Command::Choose { station, offer, choice } => case.choose(station, offer, *choice),
        Command::Hold { offer } => case.hold(offer),
        Command::Decline { offer } => case.decline(offer),
        Command::Leave { visit } => case.leave(visit),
        Command::Extend { visit } => case.extend(visit),
        Command::CallStaff { station, reason } => Decision::answer(
            vec![Event::StaffCalled { station: station.clone(), reason: *reason }],
            Verdict::StaffCalled(Refused { remedy: Remedy::WaitForStaff }),
        ),
    }
}

/// Reservations that fit no longer, or again, since the reference changed.
fn replanned(reference: &Reference, today: &Today, context: &Context) -> Vec<Event> {
    let plan = plan(reference, today, context.now);
    let lost = plan.unplaced.iter().filter(|id| !today.unplaced.contains(id));
    let found = plan.placed.keys().filter(|id| today.unplaced.contains(id));
    let lost = lost.map(|id| Event::ReservationUnplaced { reservation: id.clone() });
    lost.chain(found.map(|id| Event::ReservationPlaced { reservation: id.clone() })).collect()
}

/// One command with everything it is decided by.
#[derive(Clone, Copy)]
struct Case<'a> {
    reference: &'a Reference,
    today: &'a Today,
    context: &'a Context,
}
