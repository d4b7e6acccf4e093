//! What happened: facts in the past tense, with ids and without names or free text. A kind never changes its meaning.

mod parts;

pub use crate::entry::{Entry, Stamp, UnreadableRecord};
pub use crate::stay::Pause;
pub use crate::today::QueueEnd;
pub use crate::wait::Wait;
pub use parts::{
    Activity, CallReason, Choice, EndedBy, GuestPurpose, LimitedBy, OfferEnd, Refusal, SeatChange,
};

use crate::adviser::{
    AdviserRole, AdviserState, ConsultationEnded, ConsultationOffer, ConsultationStarted,
};
use crate::attendance::{AttendanceEnded, AttendanceStarted, StandbyCame};
use crate::equipment::{AsideBecause, ChargeReported, LoanEnded, LoanExtended, LoanStarted};
use crate::floor::Features;
use crate::ids::{
    AdviserId, CallId, CompanyId, EquipmentId, GuestId, KioskId, MemberId, NoticeId, OfferId,
    ReservationId, SeatId, StaffId, StationId, TicketId, VisitId, ZoneId,
};
use crate::incident::{IncidentClosed, IncidentOpened, PersonTicked};
use crate::reception::{DutySet, ReceptionShort};
use crate::record::Position;
use crate::reference::{Category, DateTime};
use crate::staff::{SignInRefusal, SignOut, StaffAction, Why};
use crate::today::Carried;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One fact. An event carries all that [`apply`](crate::apply) needs, so replay asks nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind")]
pub enum Event {
    /// A service started. Open offers ended with the run before.
    #[serde(rename = "run.started")]
    RunStarted {
        /// The kiosk.
        kiosk: KioskId,
        /// Program version.
        build: String,
        /// Where the journal stood; none in a new one.
        previous: Option<Position>,
    },
    /// NTP or the real-time clock vouched for the time; the record's `at` and uptime anchor the office's correction.
    #[serde(rename = "clock.trusted")]
    ClockTrusted {},
    /// A day began, with what was still open. Replay starts here.
    #[serde(rename = "day.opened")]
    DayOpened {
        /// The day.
        date: NaiveDate,
        /// What the day before left open.
        carried: Carried,
    },
    /// A collection from the office took effect.
    #[serde(rename = "collection.adopted")]
    CollectionAdopted {
        /// Its name.
        name: String,
        /// Its version.
        version: u64,
        /// SHA-256 of its bytes, hexadecimal.
        sha256: String,
    },
    /// A visitor came in.
    #[serde(rename = "visit.started")]
    VisitStarted {
        /// The visit.
        visit: VisitId,
        /// Whose.
        member: MemberId,
        /// The member's category that day (R3).
        category: Category,
        /// The member's company that day.
        company: Option<CompanyId>,
        /// Where they checked in.
        station: StationId,
        /// Whether they typed their reservation's number.
        #[serde(default)]
        typed: bool,
        /// The first use of the visit.
        activity: Activity,
        /// The reservation that brought them.
        reservation: Option<ReservationId>,
        /// The reservation this stay leads up to: the bridge (rules section 2).
        bridge_to: Option<ReservationId>,
        /// The offer they chose from.
        offer: Option<OfferId>,
        /// The one visit allowed after the membership ran out (rules section 1).
        courtesy: bool,
        /// When they came.
        started_at: DateTime,
        /// Until when a use without a seat lasts; a seat has its own in `seat.assigned`.
        until: DateTime,
    },
    /// A seat was promised to a visit, or another one in its place.
    #[serde(rename = "seat.assigned")]
    SeatAssigned {
        /// The visit.
        visit: VisitId,
        /// The seat.
        seat: SeatId,
        /// Its zone.
        zone: ZoneId,
        /// Until when.
        until: DateTime,
        /// What ends it.
        limited_by: LimitedBy,
        /// From when the stay counts toward the day's total; later than now on a bridge.
        counts_from: DateTime,
        /// The reservation the stay fulfils from now on.
        reservation: Option<ReservationId>,
        /// What of the stay does not count.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pauses: Vec<Pause>,
    },
    /// A visitor was shown what is possible and the seats are held.
    #[serde(rename = "offer.made")]
    OfferMade {
        /// The offer.
        offer: OfferId,
        /// To whom.
        member: MemberId,
        /// Where.
        station: StationId,
        /// Whether they typed their reservation's number.
        #[serde(default)]
        typed: bool,
        /// The later reservation it leads up to.
        bridge_to: Option<ReservationId>,
        /// The reservation it makes up for, whose own seat is not to be had.
        reservation: Option<ReservationId>,
        /// The stay it would move to another seat; none for somebody who is coming in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changes: Option<SeatChange>,
        /// What may be chosen, in the order shown.
        choices: Vec<Choice>,
        /// A consultation besides, chosen after the seats.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consultation: Option<ConsultationOffer>,
        /// The run's uptime at which it lapses, in milliseconds; a new run ends it too.
        held_until_ms: u64,
    },
    /// The visitor asked for more time to decide.
    #[serde(rename = "offer.held")]
    OfferHeld {
        /// The offer.
        offer: OfferId,
        /// The new end, as in `offer.made`.
        held_until_ms: u64,
    },
    /// An offer ended and what it held is free.
    #[serde(rename = "offer.ended")]
    OfferEnded {
        /// The offer.
        offer: OfferId,
        /// How.
        reason: OfferEnd,
    },
    /// A stay was made longer.
    #[serde(rename = "visit.extended")]
    VisitExtended {
        /// The visit.
        visit: VisitId,
        /// The new end.
        until: DateTime,
        /// What ends it.
        limited_by: LimitedBy,
        /// What of the whole stay does not count.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pauses: Vec<Pause>,
    },
    /// A visitor took another seat, with the end that was shown to them: later, the same or earlier. The seat before is free at once.
    #[serde(rename = "seat.changed")]
    SeatChanged {
        /// The visit.
        visit: VisitId,
        /// The new seat.
        seat: SeatId,
        /// Its zone.
        zone: ZoneId,
        /// Until when.
        until: DateTime,
        /// What ends it.
        limited_by: LimitedBy,
        /// The offer they chose from.
        offer: OfferId,
        /// What of the whole stay does not count.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pauses: Vec<Pause>,
    },
    /// How many came along with a visitor 同伴者: a number without names, in the head-count and in no figure.
    #[serde(rename = "visit.accompanied")]
    VisitAccompanied {
        /// The visit.
        visit: VisitId,
        /// How many; what was told before no longer counts.
        companions: u32,
    },
    /// A visitor went out for a while 一時外出. The seat stays theirs and the clock runs.
    #[serde(rename = "visit.stepped_out")]
    VisitSteppedOut {
        /// The visit.
        visit: VisitId,
        /// When.
        since: DateTime,
        /// Until when they are expected back.
        back_by: DateTime,
    },
    /// A visitor who had stepped out is inside again.
    #[serde(rename = "visit.came_back")]
    VisitCameBack {
        /// The visit.
        visit: VisitId,
        /// When.
        back_at: DateTime,
    },
    /// A visitor who stepped out is not back in time, the grace included. Nothing is taken from them; staff look.
    #[serde(rename = "visit.not_back")]
    VisitNotBack {
        /// The visit.
        visit: VisitId,
        /// Since when they are expected.
        since: DateTime,
    },
    /// Nobody left by scan though the promised end and the grace are past.
    #[serde(rename = "visit.overdue")]
    VisitOverdue {
        /// The visit.
        visit: VisitId,
        /// Since when.
        since: DateTime,
    },
    /// A visit ended.
    #[serde(rename = "visit.ended")]
    VisitEnded {
        /// The visit.
        visit: VisitId,
        /// By whom or what.
        ended_by: EndedBy,
        /// When it ended, or should have: the record's `at` says when this was written.
        ended_at: DateTime,
        /// Not measured but concluded; such ends feed no estimate.
        inferred: bool,
    },
    /// Somebody who is no member came in 見学・お届け等: inside for the head-count, outside every figure (rules sections 2 and 11).
    #[serde(rename = "guest.arrived")]
    GuestArrived {
        /// The guest.
        guest: GuestId,
        /// Where.
        station: StationId,
        /// What for.
        purpose: GuestPurpose,
        /// When they came.
        arrived_at: DateTime,
    },
    /// A guest is gone, or counts as gone.
    #[serde(rename = "guest.left")]
    GuestLeft {
        /// The guest.
        guest: GuestId,
        /// By whom or what.
        ended_by: EndedBy,
        /// When, or when they should have been gone.
        left_at: DateTime,
    },
    /// Somebody takes part in a programme from now on.
    #[serde(rename = "attendance.started")]
    AttendanceStarted(AttendanceStarted),
    /// Somebody takes part no more.
    #[serde(rename = "attendance.ended")]
    AttendanceEnded(AttendanceEnded),
    /// Somebody on a programme's standby list has come and waits for a place.
    #[serde(rename = "standby.came")]
    StandbyCame(StandbyCame),
    /// An adviser does something else now.
    #[serde(rename = "adviser.state_set")]
    AdviserStateSet {
        /// Who.
        adviser: AdviserId,
        /// As what they advise.
        role: AdviserRole,
        /// What they do.
        state: AdviserState,
    },
    /// A visitor without a reservation waits for an adviser.
    #[serde(rename = "consultation.awaited")]
    ConsultationAwaited {
        /// The visit.
        visit: VisitId,
    },
    /// A consultation began.
    #[serde(rename = "consultation.started")]
    ConsultationStarted(ConsultationStarted),
    /// A consultation ended.
    #[serde(rename = "consultation.ended")]
    ConsultationEnded(ConsultationEnded),
    /// In opening hours no adviser is present (R17).
    #[serde(rename = "staffing.alarm")]
    StaffingAlarm {
        /// Since when.
        since: DateTime,
    },
    /// An adviser is present again.
    #[serde(rename = "staffing.restored")]
    StaffingRestored {},
    /// A receptionist or lead is on duty from now on, or no longer.
    #[serde(rename = "staff.duty_set")]
    StaffDutySet(DutySet),
    /// In opening hours fewer receptionists are on duty than there must be (R4).
    #[serde(rename = "reception.short")]
    ReceptionShort(ReceptionShort),
    /// Enough receptionists are on duty again.
    #[serde(rename = "reception.restored")]
    ReceptionRestored {},
    /// Something was lent.
    #[serde(rename = "loan.started")]
    LoanStarted(LoanStarted),
    /// A loan was made longer with the stay.
    #[serde(rename = "loan.extended")]
    LoanExtended(LoanExtended),
    /// Something that was lent came back. A visit's end ends no loan.
    #[serde(rename = "loan.ended")]
    LoanEnded(LoanEnded),
    /// How full a battery is.
    #[serde(rename = "equipment.charge_reported")]
    ChargeReported(ChargeReported),
    /// Staff found that something cannot be lent.
    #[serde(rename = "equipment.set_aside")]
    EquipmentSetAside {
        /// What.
        equipment: EquipmentId,
        /// Why.
        because: AsideBecause,
    },
    /// Staff lend it again.
    #[serde(rename = "equipment.returned_to_service")]
    EquipmentReturned {
        /// What.
        equipment: EquipmentId,
    },
    /// Nobody came for a reservation.
    #[serde(rename = "reservation.no_show")]
    ReservationNoShow {
        /// The reservation.
        reservation: ReservationId,
        /// When it lapsed.
        lapsed_at: DateTime,
        /// Not seen but concluded: the kiosk was not running then, so the visitor may have been at the door. Counts toward no penalty.
        #[serde(default)]
        inferred: bool,
    },
    /// A reservation fits nowhere any more; office and staff are told (rules section 3).
    #[serde(rename = "reservation.unplaced")]
    ReservationUnplaced {
        /// The reservation.
        reservation: ReservationId,
    },
    /// A reservation that fitted nowhere fits again.
    #[serde(rename = "reservation.placed")]
    ReservationPlaced {
        /// The reservation.
        reservation: ReservationId,
    },
    /// A code or number was not accepted. Neither is recorded.
    #[serde(rename = "scan.refused")]
    ScanRefused {
        /// Where.
        station: StationId,
        /// Why; the screen says less.
        reason: Refusal,
        /// Whether a number was typed.
        typed: bool,
        /// The member, where one was recognised.
        member: Option<MemberId>,
        /// The ticket put before a visitor who meets a full house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
    },
    /// A visitor took a number to wait for a seat (rules section 5).
    #[serde(rename = "queue.joined")]
    QueueJoined {
        /// The ticket.
        ticket: TicketId,
        /// The number it is called by, counted from 1 each day.
        number: u32,
        /// Whose.
        member: MemberId,
        /// Where.
        station: StationId,
        /// What the member needs of a seat.
        needs: Features,
        /// What the visitor was told of the wait.
        expected: Wait,
    },
    /// A waiting visitor was called to a seat, which is held for them.
    #[serde(rename = "queue.called")]
    QueueCalled {
        /// The ticket.
        ticket: TicketId,
        /// The seat.
        choice: Choice,
        /// How long they had waited, in seconds of uptime; none when the service had started anew meanwhile.
        waited_s: Option<u64>,
        /// The run's uptime at which they are called once more, in milliseconds.
        again_at_ms: u64,
        /// The run's uptime at which the call lapses, in milliseconds; a new run ends it too.
        held_until_ms: u64,
    },
    /// The visitor was called to the same seat once more.
    #[serde(rename = "queue.called_again")]
    QueueCalledAgain {
        /// The ticket.
        ticket: TicketId,
    },
    /// A call ended and nobody had come: one place back.
    #[serde(rename = "queue.lapsed")]
    QueueLapsed {
        /// The ticket.
        ticket: TicketId,
        /// The seat was taken off the floor, or staff had closed the doors: this costs neither place nor turn.
        excused: bool,
    },
    /// A ticket ended.
    #[serde(rename = "queue.left")]
    QueueLeft {
        /// The ticket.
        ticket: TicketId,
        /// How.
        reason: QueueEnd,
    },
    /// A programme gave back its zone, or a closure by staff ended, while people waited for a seat.
    #[serde(rename = "queue.resumed")]
    QueueResumed {
        /// When.
        resumed_at: DateTime,
    },
    /// Somebody at a station wants a person.
    #[serde(rename = "staff.called")]
    StaffCalled {
        /// Where.
        station: StationId,
        /// Why.
        reason: CallReason,
    },
    /// A call for staff was seen to.
    #[serde(rename = "staff.call_answered")]
    StaffCallAnswered {
        /// The call.
        call: CallId,
    },
    /// A member of staff signed in. Sessions end with the run.
    #[serde(rename = "staff.signed_in")]
    StaffSignedIn {
        /// Who.
        staff: StaffId,
        /// Where: a station, or the staff page.
        station: StationId,
        /// Whether by badge instead of user name; the PIN was asked for either way.
        badge: bool,
    },
    /// A session of staff ended.
    #[serde(rename = "staff.signed_out")]
    StaffSignedOut {
        /// Whose.
        staff: StaffId,
        /// Where.
        station: StationId,
        /// How.
        reason: SignOut,
    },
    /// Somebody failed to sign in as staff.
    #[serde(rename = "staff.sign_in_refused")]
    StaffSignInRefused {
        /// As whom; none for a user name or badge that nobody has.
        staff: Option<StaffId>,
        /// Where.
        station: StationId,
        /// Why.
        reason: SignInRefusal,
    },
    /// Staff did something; the events before it say what became of it.
    #[serde(rename = "staff.acted")]
    StaffActed {
        /// Who.
        by: StaffId,
        /// Where.
        station: StationId,
        /// What.
        action: StaffAction,
        /// Why.
        why: Why,
    },
    /// Staff made a reservation usable again that nobody had come for.
    #[serde(rename = "reservation.pardoned")]
    ReservationPardoned {
        /// The reservation.
        reservation: ReservationId,
    },
    /// A prepared notice is on the signage for the rest of the day.
    #[serde(rename = "notice.put_up")]
    NoticePutUp {
        /// The notice.
        notice: NoticeId,
    },
    /// A prepared notice is not on the signage any more.
    #[serde(rename = "notice.taken_down")]
    NoticeTakenDown {
        /// The notice.
        notice: NoticeId,
    },
    /// Staff let nobody in for a while. Whoever was inside stayed.
    #[serde(rename = "centre.closed")]
    CentreClosed {
        /// From when.
        from: DateTime,
        /// Until when.
        until: DateTime,
    },
    /// Staff ended that before its time.
    #[serde(rename = "centre.reopened")]
    CentreReopened {
        /// When.
        at: DateTime,
    },
    /// An emergency began (R24).
    #[serde(rename = "incident.opened")]
    IncidentOpened(IncidentOpened),
    /// An emergency is over.
    #[serde(rename = "incident.closed")]
    IncidentClosed(IncidentClosed),
    /// Somebody on the head-count list was ticked off, or is looked for again.
    #[serde(rename = "incident.person_ticked")]
    PersonTicked(PersonTicked),
}
