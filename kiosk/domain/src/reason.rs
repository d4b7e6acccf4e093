//! Why somebody is refused, and why staff are called.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// A typed number that cannot be one.
    MistypedNumber,
    /// Typing is closed after too many errors.
    TooManyErrors,
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
    /// Somebody without a reservation waits for an adviser.
    Consultation,
    /// Somebody has come for a programme that has no place left or began too long ago.
    Programme,
}
