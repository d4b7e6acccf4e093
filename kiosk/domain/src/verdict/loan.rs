//! What the visitor is told about what they borrow.

use super::Remedy;
use crate::equipment::EquipmentKind;
use crate::ids::{EquipmentId, VisitId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something the visitor has, or is to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LentItem {
    /// What.
    pub equipment: EquipmentId,
    /// What kind of thing.
    pub kind: EquipmentKind,
    /// What stands on it.
    pub name: String,
    /// How full it is, in per cent, as far as anybody knows.
    pub percent: Option<u8>,
    /// Until when it is to be back.
    pub back_by: DateTime,
}

/// A PC was lent, perhaps with a battery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lent {
    /// The visit.
    pub visit: VisitId,
    /// What to take: the PC first.
    pub items: Vec<LentItem>,
    /// Whether it is to be plugged in at the seat, since its charge alone does not outlast the stay.
    pub plug_in: bool,
}

/// Nothing was lent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoLoan {
    /// The visit.
    pub visit: VisitId,
    /// Why.
    pub because: NoLoanBecause,
    /// When a PC is expected to be ready, where all are out.
    pub expected: Option<DateTime>,
    /// What to do.
    pub remedy: Remedy,
}

/// Why nothing is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoLoanBecause {
    /// All are out, resting, or a programme's.
    NoneFree,
    /// None that is here is charged enough for the stay.
    LowCharge,
    /// It would have to be back at once.
    TooLate,
}

/// Something came back by its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Returned {
    /// What.
    pub equipment: EquipmentId,
    /// What kind of thing.
    pub kind: EquipmentKind,
    /// What stands on it.
    pub name: String,
    /// What the same visitor still has out.
    pub still_out: Vec<String>,
    /// What to do.
    pub remedy: Remedy,
}

/// The label of something that is not out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotLent {
    /// What stands on it.
    pub name: String,
    /// Whether it has come back only just now: then it is done.
    pub is_back: bool,
    /// What to do.
    pub remedy: Remedy,
}
