//! What the visitor is told. Every refusal carries its remedy; a refusal is an answer, not an error.

mod loan;

pub use loan::{Lent, LentItem, NoLoan, NoLoanBecause, NotLent, Returned};

use crate::adviser::ConsultationOffer;
use crate::event::{Choice, GuestPurpose, LimitedBy, SeatChange, Wait};
use crate::ids::{GuestId, OfferId, SeatId, TicketId, VisitId, ZoneId};
use crate::incident::IncidentKind;
use crate::reference::DateTime;
use crate::staff::StaffAnswer;
use crate::text::Text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The answer to a scan, a typed number or a choice. In JSON the field `verdict` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Checked in.
    Admitted(Admitted),
    /// Already inside: the visitor's menu.
    Inside(Inside),
    /// What is possible now, to choose from.
    Offer(Offered),
    /// The reservation is later; perhaps a seat until then.
    TooEarly(TooEarly),
    /// On a programme's standby list: when to ask again.
    Standby(Standby),
    /// No place in the programme, or too late for it; perhaps a seat instead.
    NoPlace(NoPlace),
    /// Every suitable seat is taken.
    Full(Full),
    /// A number was taken: the visitor waits.
    Joined(Waiting),
    /// Waiting already, and not called.
    Waiting(Waiting),
    /// No longer waiting, as the visitor wished.
    GivenUp(GivenUp),
    /// Not open for this person now.
    Closed(Closed),
    /// The membership ran out.
    Expired(Expired),
    /// Unknown, suspended or revoked: one neutral screen.
    NotRecognised(Refused),
    /// The scanner saw something that is no code of ours.
    Unreadable(Refused),
    /// Too many wrong numbers were typed here.
    TooManyErrors(Refused),
    /// The visit is over.
    Left(Left),
    /// The stay is longer now.
    Extended(Extended),
    /// The stay cannot be made longer.
    NotExtended(NotExtended),
    /// The visitor sits elsewhere now; the seat before is free.
    SeatChanged(Admitted),
    /// There is no other seat now; the visitor keeps the one they have.
    NoOtherSeat(Refused),
    /// The visitor goes out for a while; the seat stays theirs.
    SteppedOut(SteppedOut),
    /// Back from outside.
    WelcomeBack(Admitted),
    /// How many came along.
    Accompanied(Accompanied),
    /// A guest is in: where to go.
    GuestReceived(GuestReceived),
    /// A PC was lent: which one to take.
    Lent(Lent),
    /// No PC can be lent now.
    NoLoan(NoLoan),
    /// Something that was lent is back.
    Returned(Returned),
    /// The label of something that is not out.
    NotLent(NotLent),
    /// What was offered is no longer held, or the visit is over: begin again.
    Lapsed(Refused),
    /// Staff are on their way.
    StaffCalled(Refused),
    /// An emergency keeps the door shut; nobody is let in.
    Emergency(Emergency),
    /// Said to staff, not to a visitor.
    Staff(StaffAnswer),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Take the seat offered until the reservation begins.
    TakeSeatUntilThen,
    /// Come back at the time shown.
    ComeBack,
    /// Reserve another time.
    ReserveAnotherTime,
    /// Take a number and wait.
    TakeNumber,
    /// Wait here until the number is called.
    WaitForCall,
    /// Renew the membership.
    Renew,
    /// Speak with the staff, who have been told.
    SeeStaff,
    /// Hold the code to the scanner again.
    HoldAgain,
    /// Check the number and type it again.
    CheckNumber,
    /// Begin again with the pass.
    StartAgain,
    /// Wait here for staff.
    WaitForStaff,
    /// Follow the staff, and the building's announcements first.
    FollowStaff,
    /// Change to a seat with power.
    TakePoweredSeat,
    /// Put it back in its place.
    PutBack,
}

/// Where somebody goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Place {
    /// To a seat.
    Seat {
        /// The seat.
        seat: SeatId,
        /// Its zone.
        zone: ZoneId,
    },
    /// To a programme.
    Programme {
        /// Its title.
        title: Text,
        /// The zone it is held in.
        zone: Option<ZoneId>,
    },
    /// To the consultation rooms.
    Consultation,
}

/// A later appointment of the same day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Appointment {
    /// When.
    pub starts: DateTime,
    /// What.
    pub what: AppointmentKind,
}

/// What a later appointment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppointmentKind {
    /// A reserved seat.
    Seat,
    /// A programme.
    Programme {
        /// Its title.
        title: Text,
    },
    /// デジタル相談.
    Consultation,
}

/// Checked in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Admitted {
    /// The visit.
    pub visit: VisitId,
    /// Where to go.
    pub place: Place,
    /// Until when.
    pub until: DateTime,
    /// What ends it.
    pub limited_by: LimitedBy,
    /// The next appointment today.
    pub next: Option<Appointment>,
    /// Something to be settled besides.
    pub note: Option<Note>,
    /// Who came along.
    #[serde(default)]
    pub companions: Companions,
    /// Whether a PC can be asked for.
    #[serde(default)]
    pub may_borrow: bool,
}

/// People who came along with a visitor 同伴者.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Companions {
    /// How many.
    pub count: u32,
    /// How many there may be.
    pub most: u32,
}

/// Something to be settled although the visitor is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The membership has run out; please renew.
    Renew,
    /// Staff would like to see a proof once.
    ShowProof,
    /// They wait for an adviser, who comes to their seat.
    AwaitAdviser,
}

/// The visitor's menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inside {
    /// The visit.
    pub visit: VisitId,
    /// Where the visitor is.
    pub place: Place,
    /// Until when.
    pub until: DateTime,
    /// What ends it.
    pub limited_by: LimitedBy,
    /// Whether it can be made longer.
    pub extension: Extension,
    /// The next appointment today.
    pub next: Option<Appointment>,
    /// Whether another seat can be asked for.
    #[serde(default)]
    pub may_change_seat: bool,
    /// Whether the visitor may go out for a while.
    #[serde(default)]
    pub may_step_out: bool,
    /// Who came along.
    #[serde(default)]
    pub companions: Companions,
    /// What became of the programme they came for.
    #[serde(default)]
    pub change: Option<Box<ProgrammeChange>>,
    /// Whether a PC can be asked for.
    #[serde(default)]
    pub may_borrow: bool,
    /// What the visitor has out, PCs first.
    #[serde(default)]
    pub loans: Vec<LentItem>,
}

/// A programme changed while its people were inside. What they were promised stays theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProgrammeChange {
    /// It was called off.
    CalledOff {
        /// Its title.
        title: Text,
    },
    /// It has other times now.
    Moved {
        /// Its title.
        title: Text,
        /// Its new start.
        starts: DateTime,
    },
}

/// Whether a stay can be made longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Extension {
    /// By one touch, until then.
    Possible {
        /// The new end.
        until: DateTime,
    },
    /// No, and what stands in the way.
    NotPossible {
        /// What ends the stay.
        limited_by: LimitedBy,
    },
}

/// What is possible now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Offered {
    /// To choose from it.
    pub offer: OfferId,
    /// At least one, the best first.
    pub choices: Vec<Choice>,
    /// A consultation besides; to choose it, the number after the last seat's.
    #[serde(default)]
    pub consultation: Option<ConsultationOffer>,
    /// Seconds for which it is held.
    pub held_s: u32,
    /// The next appointment today.
    pub next: Option<Appointment>,
    /// Something to be settled besides.
    pub note: Option<Note>,
    /// The stay it would move to another seat; none for somebody who is coming in.
    #[serde(default)]
    pub changes: Option<SeatChange>,
}

/// The reservation is later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TooEarly {
    /// What is reserved.
    pub appointment: Appointment,
    /// From when the visitor is let in for it.
    pub doors_open: DateTime,
    /// A seat until then: the bridge, free of charge to the day's total.
    pub bridge: Option<Bridge>,
    /// What to do.
    pub remedy: Remedy,
}

/// A seat instead: until the reservation begins, or of a place that is not to be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bridge {
    /// To take it.
    pub offer: OfferId,
    /// The seat; choice 0 of the offer.
    pub choice: Choice,
    /// Seconds for which it is held.
    pub held_s: u32,
}

/// On the standby list, and recorded as here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standby {
    /// The programme's title.
    pub title: Text,
    /// When to hold the pass to the scanner again.
    pub ask_again: DateTime,
    /// How many of the list who are here come before.
    pub ahead: u32,
    /// What to do.
    pub remedy: Remedy,
}

/// No place in a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoPlace {
    /// The programme's title.
    pub title: Text,
    /// Why.
    pub because: NoPlaceBecause,
    /// A seat instead, where there is one.
    pub seat: Option<Bridge>,
    /// What to do.
    pub remedy: Remedy,
}

/// Why somebody has no place in a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoPlaceBecause {
    /// Every place is taken.
    Full,
    /// It began too long ago; staff may let them in.
    LastEntry,
}

/// Every suitable seat is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Full {
    /// When a seat is expected to be free for this visitor, as promised ends stand; none when not today any more.
    pub expected_free: Option<DateTime>,
    /// Whether it is the visitor's own day's total that is used up, not the seats.
    pub day_total_used: bool,
    /// How many wait already.
    #[serde(default)]
    pub waiting: u32,
    /// How long this visitor would wait; none where nobody can tell.
    #[serde(default)]
    pub wait: Option<Wait>,
    /// Minutes a seat is held after the call.
    #[serde(default)]
    pub lock_min: u32,
    /// To take a number; none where waiting leads to nothing.
    #[serde(default)]
    pub ticket: Option<TicketId>,
    /// What to do.
    pub remedy: Remedy,
}

/// A place in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waiting {
    /// To give it up.
    pub ticket: TicketId,
    /// The number that is called.
    pub number: u32,
    /// How many are called before.
    pub ahead: u32,
    /// How long it takes from now; none where nobody can tell.
    pub wait: Option<Wait>,
    /// Minutes a seat is held after the call.
    pub lock_min: u32,
    /// What to do.
    pub remedy: Remedy,
}

/// No longer waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenUp {
    /// The number that is not called any more.
    pub number: u32,
    /// What to do.
    pub remedy: Remedy,
}

/// Not open for this person now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closed {
    /// Why.
    pub reason: ClosedBecause,
    /// When the centre opens next.
    pub next_opening: Option<NextOpening>,
    /// What to do.
    pub remedy: Remedy,
}

/// Why nobody is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClosedBecause {
    /// It opens later today.
    NotYetOpen,
    /// It has closed, or takes no more visitors without a reservation today.
    Ended,
    /// It is closed today.
    ClosedToday {
        /// Why, as on the notice at the door.
        text: Text,
    },
    /// Closed for a while within the day.
    Break,
    /// Only tonight's programme is on.
    ProgrammeOnly,
    /// The visitor waited for a seat, and nobody without a reservation is let in any more today.
    QueueEnded,
}

/// When the centre opens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextOpening {
    /// The day.
    pub date: NaiveDate,
    /// The time.
    #[serde(with = "crate::hhmm")]
    #[schema(value_type = String)]
    pub time: chrono::NaiveTime,
}

/// The membership ran out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expired {
    /// Its last day.
    pub valid_until: NaiveDate,
    /// What to do.
    pub remedy: Remedy,
}

/// A plain answer with its remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// What to do.
    pub remedy: Remedy,
}

/// The visit is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Left {
    /// The visit.
    pub visit: VisitId,
    /// The next appointment today.
    pub next: Option<Appointment>,
    /// What the visitor still has out; staff have been told.
    #[serde(default)]
    pub still_out: Vec<String>,
}

/// The stay is longer now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Extended {
    /// The visit.
    pub visit: VisitId,
    /// The seat.
    pub place: Place,
    /// The new end.
    pub until: DateTime,
    /// What ends it.
    pub limited_by: LimitedBy,
}

/// The stay cannot be made longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotExtended {
    /// The visit.
    pub visit: VisitId,
    /// Until when it stays.
    pub until: DateTime,
    /// What stands in the way.
    pub limited_by: LimitedBy,
    /// What to do.
    pub remedy: Remedy,
}

/// The visitor goes out for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SteppedOut {
    /// The visit.
    pub visit: VisitId,
    /// Until when they are expected back.
    pub back_by: DateTime,
}

/// How many came along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accompanied {
    /// The visit.
    pub visit: VisitId,
    /// Who came along, as recorded.
    pub companions: Companions,
    /// What to do, where more were named than there may be: nothing was changed.
    pub remedy: Option<Remedy>,
}

/// A guest is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuestReceived {
    /// The guest, to take it back.
    pub guest: GuestId,
    /// What they came for.
    pub purpose: GuestPurpose,
    /// What to do: staff have been called and come to the desk.
    pub remedy: Remedy,
}

/// An emergency keeps the door shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Emergency {
    /// What kind.
    pub what: IncidentKind,
    /// Whether it is only practised.
    pub drill: bool,
    /// What to do.
    pub remedy: Remedy,
}
