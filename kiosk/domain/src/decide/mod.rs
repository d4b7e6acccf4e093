//! What shall happen now: pure, total, deterministic.

mod admission;
mod appointment;
mod consultation;
mod guest;
mod incident;
mod lending;
mod offer;
mod outing;
mod programme;
mod queue;
mod scan;
mod seat_change;
mod staff;
mod staff_lending;
mod staff_rooms;
mod staff_visit;
mod visit;

pub(crate) use programme::started;

use crate::adviser::AdviserState;
use crate::code::Code;
use crate::due;
use crate::event::{CallReason, Entry, Event, GuestPurpose, Stamp};
use crate::ids::{
    AdviserId, EquipmentId, GuestId, IncidentId, KioskId, OfferId, RunId, StaffId, StationId,
    TicketId, VisitId,
};
use crate::plan::plan;
use crate::record::Position;
use crate::reference::{DateTime, JST, Reference};
use crate::staff::{SignOut, StaffAction, Why};
use crate::today::{Today, apply};
use crate::verdict::{Refused, Remedy, Verdict};
use std::collections::BTreeSet;

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
    /// One of the offered seats was chosen, or the consultation after them.
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
    /// The visitor takes a number and waits.
    Join {
        /// Where.
        station: StationId,
        /// The ticket put before them.
        ticket: TicketId,
    },
    /// The visitor no longer wants to wait.
    GiveUp {
        /// Whose ticket.
        ticket: TicketId,
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
    /// The visitor would like to sit elsewhere.
    OtherSeats {
        /// Where the question was asked.
        station: StationId,
        /// Whose visit.
        visit: VisitId,
    },
    /// The visitor goes out for a while.
    StepOut {
        /// Whose visit.
        visit: VisitId,
    },
    /// So many came along with the visitor.
    Accompany {
        /// Whose visit.
        visit: VisitId,
        /// How many.
        companions: u32,
    },
    /// The visitor would like to borrow a PC.
    Borrow {
        /// Where.
        station: StationId,
        /// Whose visit.
        visit: VisitId,
    },
    /// A PC says how full its battery is.
    ReportCharge {
        /// Which.
        equipment: EquipmentId,
        /// Per cent.
        percent: u8,
    },
    /// Somebody who is no member comes.
    ReceiveGuest {
        /// Where.
        station: StationId,
        /// What for.
        purpose: GuestPurpose,
    },
    /// A guest leaves, or pressed by mistake.
    GuestLeaves {
        /// Which guest.
        guest: GuestId,
    },
    /// An adviser does something else now.
    SetAdviserState {
        /// Who.
        adviser: AdviserId,
        /// What.
        state: AdviserState,
    },
    /// A consultation begins.
    StartConsultation {
        /// With whom.
        visit: VisitId,
        /// By whom.
        advisers: BTreeSet<AdviserId>,
    },
    /// A consultation is over.
    EndConsultation {
        /// With whom.
        visit: VisitId,
    },
    /// Somebody wants a person.
    CallStaff {
        /// Where.
        station: StationId,
        /// Why.
        reason: CallReason,
    },
    /// Somebody would like to sign in as staff.
    SignIn {
        /// Where: a station, or the staff page.
        station: StationId,
        /// Whose user name or badge it is; none if nobody's.
        staff: Option<StaffId>,
        /// Whether by badge instead of user name.
        badge: bool,
        /// Whether the PIN is theirs: hashes take time, so that was found out before.
        pin_is_right: bool,
    },
    /// A session of staff ended.
    SignOut {
        /// Where.
        station: StationId,
        /// Whose.
        staff: StaffId,
        /// How.
        reason: SignOut,
    },
    /// Somebody who has signed in as staff acts.
    Staff {
        /// Where.
        station: StationId,
        /// Who.
        by: StaffId,
        /// What is asked.
        action: StaffAction,
        /// Why.
        why: Why,
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
    /// The day as it will be once this event is committed.
    pub(crate) fn after(&self, today: &Today, event: &Event) -> Today {
        let mut after = today.clone();
        self.advance(&mut after, event);
        after
    }

    /// The day as it will be once all these are committed.
    pub(crate) fn after_all(&self, today: &Today, events: &[Event]) -> Today {
        let mut after = today.clone();
        events
            .iter()
            .for_each(|event| self.advance(&mut after, event));
        after
    }

    /// Applies an event of this decision. Its number makes no difference to the day.
    pub(crate) fn advance(&self, today: &mut Today, event: &Event) {
        let Context {
            now,
            trusted,
            uptime_ms,
            run,
            next_seq,
        } = self.clone();
        let stamp = Stamp {
            run,
            seq: next_seq,
            at: now,
            uptime_ms,
            trusted,
            cause: None,
        };
        apply(
            today,
            &Entry {
                stamp,
                event: event.clone(),
            },
        );
    }

    fn normal(&self) -> Self {
        Self {
            now: self.now.with_timezone(&JST),
            ..self.clone()
        }
    }

    /// The visit begun by the first event of this decision.
    pub(crate) fn visit_id(&self) -> VisitId {
        VisitId::from(format!("{}-{}", self.run, self.next_seq))
    }

    /// The guest who comes with the first event of this decision.
    pub(crate) fn guest_id(&self) -> GuestId {
        GuestId::from(format!("{}-{}", self.run, self.next_seq))
    }

    /// The emergency opened by this decision.
    pub(crate) fn incident_id(&self) -> IncidentId {
        IncidentId::from(format!("{}-{}", self.run, self.next_seq))
    }

    /// The offer made by the first event of this decision.
    pub(crate) fn offer_id(&self) -> OfferId {
        OfferId::from(format!("{}-{}", self.run, self.next_seq))
    }

    /// The ticket put before a visitor by the first event of this decision.
    pub(crate) fn ticket_id(&self) -> TicketId {
        TicketId::from(format!("{}-{}", self.run, self.next_seq))
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
        Self {
            events,
            verdict: Some(verdict),
        }
    }

    pub(crate) fn silent(events: Vec<Event>) -> Self {
        Self {
            events,
            verdict: None,
        }
    }
}

/// Decides one command. Nothing happens by this: the caller commits the events, applies them, then gives the answer.
pub fn decide(
    reference: &Reference,
    today: &Today,
    command: &Command,
    context: &Context,
) -> Decision {
    let context = &context.normal();
    let mut decision = answer(
        command,
        Case {
            reference,
            today,
            context,
        },
    );
    let told = told_by_the_way(&decision.events, reference, today, context);
    decision.events.extend(told);
    let not_returned = lending::not_returned(&decision.events, today);
    decision.events.extend(not_returned);
    let called = queue::called_by_the_way(&decision.events, reference, today, context);
    decision.events.extend(called);
    decision
}

fn answer(command: &Command, case: Case) -> Decision {
    if let Some(decision) = case.in_emergency(command) {
        return decision;
    }
    match command {
        Command::Start {
            kiosk,
            build,
            previous,
        } => case.start(kiosk, build, previous.as_ref()),
        Command::Due => Decision::silent(due::overdue(case.reference, case.today, case.context)),
        Command::TrustClock => Decision::silent(vec![Event::ClockTrusted {}]),
        Command::Adopt {
            name,
            version,
            sha256,
        } => Decision::silent(vec![Event::CollectionAdopted {
            name: name.clone(),
            version: *version,
            sha256: sha256.clone(),
        }]),
        Command::Scan {
            station,
            code,
            typed,
        } => case.scan(station, code, *typed),
        Command::Choose {
            station,
            offer,
            choice,
        } => case.choose(station, offer, *choice),
        Command::Hold { offer } => case.hold(offer),
        Command::Decline { offer } => case.decline(offer),
        Command::Join { station, ticket } => case.join(station, ticket),
        Command::GiveUp { ticket } => case.give_up(ticket),
        Command::Leave { visit } => case.leave(visit),
        Command::Extend { visit } => case.extend(visit),
        Command::OtherSeats { station, visit } => case.other_seats(station, visit),
        Command::StepOut { visit } => case.step_out(visit),
        Command::Accompany { visit, companions } => case.accompany(visit, *companions),
        Command::Borrow { station, visit } => case.borrow(station, visit),
        Command::ReportCharge { equipment, percent } => case.charge_told(equipment, *percent),
        Command::ReceiveGuest { station, purpose } => case.receive_guest(station, *purpose),
        Command::GuestLeaves { guest } => case.guest_leaves(guest),
        Command::SetAdviserState { adviser, state } => case.set_adviser_state(adviser, *state),
        Command::StartConsultation { visit, advisers } => case.start_consultation(visit, advisers),
        Command::EndConsultation { visit } => case.end_consultation(visit),
        Command::CallStaff { station, reason } => call_staff(station, *reason),
        Command::SignIn { .. } => case.sign_in(command),
        Command::SignOut {
            station,
            staff,
            reason,
        } => case.sign_out(station, staff, *reason),
        Command::Staff {
            station,
            by,
            action,
            why,
        } => case.staff_acts(station, by, action, *why),
    }
}

fn call_staff(station: &StationId, reason: CallReason) -> Decision {
    Decision::answer(
        vec![Event::StaffCalled {
            station: station.clone(),
            reason,
        }],
        Verdict::StaffCalled(Refused {
            remedy: Remedy::WaitForStaff,
        }),
    )
}

/// What these events mean for reservations: new ones come with a new day or from the office, whoever is over time keeps a seat that
/// somebody was to have, and whatever becomes free may be a place for somebody who had none.
fn told_by_the_way(
    events: &[Event],
    reference: &Reference,
    today: &Today,
    context: &Context,
) -> Vec<Event> {
    let changes = |event: &Event| match event {
        Event::DayOpened { .. }
        | Event::VisitOverdue { .. }
        | Event::CollectionAdopted { .. }
        | Event::ReservationPardoned { .. } => true,
        Event::RunStarted { .. }
        | Event::OfferEnded { .. }
        | Event::QueueLapsed { .. }
        | Event::QueueLeft { .. }
        | Event::QueueResumed { .. }
        | Event::SeatChanged { .. }
        | Event::VisitEnded { .. }
        | Event::StaffActed { .. }
        | Event::AttendanceStarted(_)
        | Event::ReservationNoShow { .. } => !today.unplaced.is_empty(),
        _ => false,
    };
    if !events.iter().any(changes) {
        return Vec::new();
    }
    replanned(reference, &context.after_all(today, events), context)
}

/// Reservations that fit no longer, or again, since it was last told.
fn replanned(reference: &Reference, today: &Today, context: &Context) -> Vec<Event> {
    let plan = plan(reference, today, context.now);
    let lost = plan
        .unplaced
        .iter()
        .filter(|id| !today.unplaced.contains(id));
    let found = plan.placed.keys().filter(|id| today.unplaced.contains(id));
    let lost = lost.map(|id| Event::ReservationUnplaced {
        reservation: id.clone(),
    });
    lost.chain(found.map(|id| Event::ReservationPlaced {
        reservation: id.clone(),
    }))
    .collect()
}

/// One command with everything it is decided by.
#[derive(Clone, Copy)]
struct Case<'a> {
    reference: &'a Reference,
    today: &'a Today,
    context: &'a Context,
}

impl Case<'_> {
    fn start(self, kiosk: &KioskId, build: &str, previous: Option<&Position>) -> Decision {
        let started = Event::RunStarted {
            kiosk: kiosk.clone(),
            build: build.to_owned(),
            previous: previous.cloned(),
        };
        // A new journal that knows of the day already: the office told it. Replay must find the day here the next time.
        let inherited = self.today.date.filter(|_| previous.is_none());
        let opened = inherited.map(|date| Event::DayOpened {
            date,
            carried: self.today.handed_over(),
        });
        Decision::silent([started].into_iter().chain(opened).collect())
    }
}
