//! What the staff page sends and is shown (R4). Members are numbers here too.

use crate::advice::AdviceView;
use crate::emergency::IncidentView;
use crate::screen::{FloorView, Phase, TodayHours};
use domain::equipment::{AsideBecause, Charge, EquipmentKind, EquipmentState};
use domain::event::{Activity, GuestPurpose};
use domain::ids::{
    EquipmentId, GuestId, MemberId, NoticeId, ProgrammeId, ReservationId, SeatId, StaffId,
    TicketId, VisitId,
};
use domain::reference::{DateTime, MemberState};
use domain::staff::{Role, StaffAction, StaffCall, Why};
use domain::text::Text;
use domain::verdict::AppointmentKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /v1/staff/session`: a user name or a badge, and the PIN.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The name to sign in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What a scanner read of the badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// Six digits.
    pub pin: String,
}

/// Body of `POST /v1/staff/at-station/session`: the PIN of whoever showed their badge.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinRequest {
    /// Six digits.
    pub pin: String,
}

/// What staff see at a station's own screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StationStaffView {
    /// The name of whoever has signed in.
    pub user: String,
    /// Seconds without a touch after which they are signed out.
    pub idle_s: u32,
    /// Calls at this station that nobody has answered yet, oldest first.
    pub calls: Vec<StaffCall>,
    /// Who is on a seat: those over time first, then by seat.
    pub seats: Vec<StayView>,
    /// Who is next of those who wait for a seat and are not called.
    pub next: Option<TicketView>,
}

/// Body of `POST /v1/staff/actions` and `POST /v1/staff/at-station/actions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRequest {
    /// What to do.
    pub action: StaffAction,
    /// Why.
    pub why: Why,
}

/// Who has signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Their id, as records have it.
    pub staff: StaffId,
    /// The name they signed in with.
    pub user: String,
    /// What they may do.
    pub role: Role,
    /// Seconds without a touch after which they are signed out.
    pub idle_s: u32,
}

/// What the staff page shows: one item of `GET /v1/staff/stream`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffView {
    /// The service's version.
    pub version: String,
    /// The centre's name.
    pub centre: Text,
    /// The service's time, in JST.
    pub now: DateTime,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
    /// Whether the door can record anything.
    pub writable: bool,
    /// Today's hours.
    pub today: TodayHours,
    /// What the doors are.
    pub phase: Phase,
    /// Until when staff let nobody in.
    pub closed_until: Option<DateTime>,
    /// The floor.
    pub floor: FloorView,
    /// Who is inside: those over time first, then by their promised end.
    pub inside: Vec<StayView>,
    /// Calls for staff that nobody has answered yet, oldest first.
    pub calls: Vec<StaffCall>,
    /// Today's reservations that nobody came for and that are not over.
    pub lapsed: Vec<LapsedView>,
    /// Notices that lie ready.
    pub notices: Vec<PreparedNotice>,
    /// What is lent, PCs first, and whatever is out that the office has taken off its list.
    pub equipment: Vec<EquipmentView>,
    /// What to plug in next.
    pub charging: Vec<EquipmentId>,
    /// Who waits for a seat, in the order in which they are called.
    pub queue: Vec<TicketView>,
    /// Guests inside, by when they came.
    pub guests: Vec<GuestView>,
    /// Today's programmes that are not over, in order of time.
    pub programmes: Vec<ProgrammeView>,
    /// The consultation rooms.
    pub advice: AdviceView,
    /// Who waits to be advised: by the time they have reserved, then those without a reservation in order.
    pub awaiting: Vec<AwaitingView>,
    /// Who is on duty at reception.
    pub reception: ReceptionView,
    /// The emergency that is open, with its head-count list.
    #[serde(default)]
    pub emergency: Option<IncidentView>,
}

/// Somebody who waits for a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketView {
    /// The ticket.
    pub ticket: TicketId,
    /// The number it is called by.
    pub number: u32,
    /// Whose.
    pub member: MemberId,
    /// Since when.
    pub since: DateTime,
    /// The seat they are called to.
    pub seat: Option<SeatId>,
}

/// A guest inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuestView {
    /// The guest.
    pub guest: GuestId,
    /// What for.
    pub purpose: GuestPurpose,
    /// When they came.
    pub since: DateTime,
}

/// A programme of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProgrammeView {
    /// The programme.
    pub programme: ProgrammeId,
    /// Its title.
    pub title: Text,
    /// When it begins.
    pub starts: DateTime,
    /// When it ends.
    pub ends: DateTime,
    /// Its places.
    pub capacity: u32,
    /// How many take part now.
    pub here: u32,
    /// Who has not come in yet: places reserved, then the standby list in its order.
    pub expected: Vec<ExpectedView>,
}

/// Somebody with a place in a programme who has not come in yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExpectedView {
    /// Whose.
    pub member: MemberId,
    /// Whether it is a place on the standby list.
    pub standby: bool,
    /// Whether they are at the centre: inside, or waiting for a place.
    pub is_here: bool,
}

/// Somebody inside who waits to be advised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AwaitingView {
    /// The visit.
    pub visit: VisitId,
    /// Whose.
    pub member: MemberId,
    /// Their seat meanwhile.
    pub seat: Option<SeatId>,
    /// The time they have reserved.
    pub reserved: Option<DateTime>,
}

/// Who is on duty at reception (R4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceptionView {
    /// Who.
    pub on_duty: Vec<StaffId>,
    /// How many there must be in opening hours; 0 where nobody is told.
    pub needed: u32,
    /// Since when they have been too few, while the centre is open.
    pub short_since: Option<DateTime>,
}

/// Somebody inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StayView {
    /// The visit.
    pub visit: VisitId,
    /// Whose.
    pub member: MemberId,
    /// What for.
    pub activity: Activity,
    /// The programme's title, where it is for one.
    pub title: Option<Text>,
    /// The seat.
    pub seat: Option<SeatId>,
    /// Since when.
    pub started_at: DateTime,
    /// Until when.
    pub until: DateTime,
    /// Whether the promised end and the grace are past.
    pub overdue: bool,
}

/// A piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EquipmentView {
    /// Its id.
    pub id: EquipmentId,
    /// What it is.
    pub kind: EquipmentKind,
    /// What stands on it.
    pub name: String,
    /// What a PC carries besides what every PC has.
    pub software: Vec<String>,
    /// What the office says of it.
    pub state: EquipmentState,
    /// Why staff do not lend it for the time being.
    pub aside: Option<AsideBecause>,
    /// Whether it can be lent now.
    pub free: bool,
    /// Until when it is wiped and checked.
    pub rests_until: Option<DateTime>,
    /// How full it is, as far as anybody has said.
    pub charge: Option<Charge>,
    /// Who has it.
    pub loan: Option<LoanView>,
}

/// Who has something, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanView {
    /// The visit.
    pub visit: VisitId,
    /// Whose.
    pub member: MemberId,
    /// Since when.
    pub started_at: DateTime,
    /// Until when it is to be back.
    pub back_by: DateTime,
    /// Whether the visit has ended meanwhile.
    pub visit_is_over: bool,
}

/// A reservation that nobody came for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LapsedView {
    /// The reservation.
    pub reservation: ReservationId,
    /// Whose.
    pub member: MemberId,
    /// From when.
    pub starts: DateTime,
    /// Until when.
    pub ends: DateTime,
}

/// A notice that lies ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreparedNotice {
    /// Its id.
    pub id: NoticeId,
    /// What it says.
    pub text: Text,
    /// Whether it is up.
    pub up: bool,
}

/// `GET /v1/staff/members/{number}`: somebody found by membership or reservation number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundMember {
    /// The membership number.
    pub member: MemberId,
    /// State of the membership.
    pub state: MemberState,
    /// Whether they are inside.
    pub inside: bool,
    /// Today's reservations that are not over, in order of time.
    pub reservations: Vec<FoundReservation>,
}

/// A reservation of somebody found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundReservation {
    /// The reservation.
    pub reservation: ReservationId,
    /// From when.
    pub starts: DateTime,
    /// Until when.
    pub ends: DateTime,
    /// What for.
    pub what: AppointmentKind,
    /// Whether it has lapsed because nobody came.
    pub lapsed: bool,
}
