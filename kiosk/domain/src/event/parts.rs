//! What events are made of: what people do and choose, and why things end, are refused, or call for a person.

use crate::ids::{ProgrammeId, SeatId, VisitId, ZoneId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a visitor does here: one use 利用 within a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Activity {
    /// コワーキング.
    Coworking,
    /// 催し.
    Programme {
        /// Which one.
        programme: ProgrammeId,
    },
    /// デジタル相談.
    Consultation,
}

/// A seat put before a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The seat.
    pub seat: SeatId,
    /// Its zone.
    pub zone: ZoneId,
    /// Whether a PC stands there.
    pub pc: bool,
    /// Until when.
    pub until: DateTime,
    /// What ends it.
    pub limited_by: LimitedBy,
    /// On a bridge: this very seat goes on as the reserved one, until then.
    #[serde(default)]
    pub goes_on_until: Option<DateTime>,
}

/// The stay that an offer would move to another seat, as it was when that was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatChange {
    /// The visit.
    pub visit: VisitId,
    /// The seat it has.
    pub seat: SeatId,
    /// Until when it has it.
    pub until: DateTime,
}

/// What a guest comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuestPurpose {
    /// 見学.
    Tour,
    /// お届け.
    Delivery,
    /// お問い合わせ.
    Enquiry,
}

/// What ends a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitedBy {
    /// The usual grant.
    Grant,
    /// The next person on that seat.
    Reservation,
    /// A programme's set-up.
    Programme,
    /// Closing.
    Closing,
    /// The member's total for the day.
    DayTotal,
    /// The end of the visitor's own reservation.
    OwnReservation,
    /// People wait for such a seat: it is not made longer (rules section 4).
    Queue,
}

/// How an offer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// A choice was made.
    Chosen,
    /// The visitor went back.
    Declined,
    /// Its time ran out.
    Lapsed,
    /// The next scan took its place.
    Superseded,
}

/// How a visit or a guest's stay ended (rules section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The visitor, at a station.
    Visitor,
    /// Staff.
    Staff,
    /// The end of the last thing this person could stay for.
    Closing,
    /// Nobody stays longer for such a thing: a delivery.
    Expired,
    /// Staff closed an emergency in which everybody had left.
    Emergency,
}

/// Why a code or number was not accepted; for staff and office, not for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Not a code this centre uses.
    Unreadable,
    /// Well formed but unknown.
    Unknown,
    /// A pass that was reported lost or replaced.
    PassRevoked,
    /// A suspended member.
    Suspended,
    /// A former member.
    MemberRevoked,
    /// Membership ran out and the courtesy visit is used.
    Expired,
    /// The centre is not open for this person now.
    Closed,
    /// Too early, and no seat until then.
    TooEarly,
    /// Every suitable seat is taken.
    Full,
    /// The day's total is used up.
    DayTotal,
    /// Every place in the programme is taken.
    ProgrammeFull,
    /// The programme has begun too long ago.
    LastEntry,
    /// On the standby list, and no place yet.
    Standby,
    /// The label of something that is not out.
    NotLent,
    /// A typed number that cannot be one.
    MistypedNumber,
    /// Typing is closed after too many errors.
    TooManyErrors,
    /// An emergency keeps the door shut.
    Emergency,
}

/// Why staff are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallReason {
    /// Somebody pressed 係員を呼ぶ.
    Visitor,
    /// A guest or delivery is at the door.
    Guest,
    /// Many unknown codes in a row.
    UnknownCodes,
    /// Many wrong numbers.
    TypedErrors,
    /// Staff have yet to see a proof of this member.
    Unverified,
    /// Somebody came for what the office should not have reserved for them (rules section 1).
    Audience,
    /// Somebody without a reservation waits for an adviser.
    Consultation,
    /// Somebody has come for a programme that has no place left or began too long ago.
    Programme,
    /// Somebody's visit has ended and something lent to them is still out.
    NotReturned,
}
