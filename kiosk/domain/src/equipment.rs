//! 備品 that is lent: PCs and mobile batteries, their charge, and what becomes of them (rules section 8; R8, R11, R13).

use crate::code::{Code, parse};
use crate::event::EndedBy;
use crate::ids::{EquipmentId, MemberId, StationId, VisitId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// One entry of the collection `equipment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    /// Its id.
    pub id: EquipmentId,
    /// What it is.
    pub kind: EquipmentKind,
    /// What stands on it for people to read: `PC-07`.
    pub name: String,
    /// What its label's QR code says after `K3`: 1 to 12 capital letters or digits.
    pub label: String,
    /// The software a PC carries, besides what every PC has.
    #[serde(default)]
    pub software: Vec<String>,
    /// What the office says of it.
    #[serde(default)]
    pub state: EquipmentState,
    /// Minutes that a full charge lasts; a battery's, how many it adds to a PC.
    pub full_charge_min: u32,
}

/// Kinds of equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentKind {
    /// A PC.
    Pc,
    /// A mobile battery, which goes with a PC.
    Battery,
}

/// What the office says of a piece of equipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentState {
    /// It can be lent.
    #[default]
    Available,
    /// It does not work.
    OutOfOrder,
    /// It is being looked at.
    Checking,
}

/// How full a battery was when somebody last said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// Per cent.
    pub percent: u8,
    /// When.
    pub at: DateTime,
    /// Who said so.
    pub by: ChargeSource,
}

/// Who says how full a battery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargeSource {
    /// The program on the PC itself.
    Agent,
    /// Staff, who read it off.
    Staff,
    /// Nobody: reckoned from how long it was out.
    Reckoned,
}

/// In which condition something came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// By a scan of its label; nobody has looked yet.
    Unseen,
    /// Seen by staff, and in order.
    Good,
    /// Damaged.
    Damaged,
}

/// Why something is not lent for the time being, as the centre itself found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AsideBecause {
    /// It is damaged.
    Damaged,
    /// It does not work.
    OutOfOrder,
}

/// Something was lent, tied to a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanStarted {
    /// What.
    pub equipment: EquipmentId,
    /// What kind of thing.
    pub equipment_kind: EquipmentKind,
    /// The visit.
    pub visit: VisitId,
    /// To whom.
    pub member: MemberId,
    /// Where they asked for it.
    pub station: StationId,
    /// When.
    pub started_at: DateTime,
    /// Until when it is to be back.
    pub back_by: DateTime,
}

/// A loan was made longer, with the stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanExtended {
    /// What.
    pub equipment: EquipmentId,
    /// The visit.
    pub visit: VisitId,
    /// Until when it is to be back now.
    pub back_by: DateTime,
}

/// Something came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanEnded {
    /// What.
    pub equipment: EquipmentId,
    /// The visit it was lent to.
    pub visit: VisitId,
    /// Who brought it back: the visitor by its label, or staff.
    pub ended_by: EndedBy,
    /// When.
    pub ended_at: DateTime,
    /// In which condition.
    pub condition: Condition,
    /// Until when it is wiped and checked before it is lent again; none for a battery.
    pub rests_until: Option<DateTime>,
}

/// Somebody said how full a battery is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChargeReported {
    /// Of what.
    pub equipment: EquipmentId,
    /// How full.
    #[serde(flatten)]
    pub charge: Charge,
}

/// Why the equipment cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EquipmentError {
    /// Two of one id, or two with one label.
    #[error("{0} has the id or the label of another; give one of them another")]
    Twice(EquipmentId),
    /// The code on it would not be read as it is written.
    #[error("the label of {0} cannot be read; use 1 to 12 capital letters or digits")]
    Label(EquipmentId),
    /// It could never be lent.
    #[error("a full charge of {0} lasts no time; enter its minutes")]
    NoCharge(EquipmentId),
}

impl Equipment {
    /// The text of its label's QR code.
    pub fn code(&self) -> String {
        format!("K3{}", self.label)
    }

    /// Minutes that a charge of so many per cent lasts.
    pub fn minutes_at(&self, percent: u8) -> i64 {
        i64::from(self.full_charge_min) * i64::from(percent) / 100
    }
}

/// Finds everything that makes a list of equipment unusable.
///
/// # Errors
/// All faults at once, each with what to mend.
pub fn check(equipment: &[Equipment]) -> Result<(), Vec<EquipmentError>> {
    let mut faults = Vec::new();
    let (mut ids, mut labels) = (BTreeSet::new(), BTreeSet::new());
    for one in equipment {
        let is_new = [ids.insert(&one.id), labels.insert(&one.label)];
        if is_new.contains(&false) {
            faults.push(EquipmentError::Twice(one.id.clone()));
        }
        if parse(one.code().as_bytes()) != Code::Equipment(one.label.clone()) {
            faults.push(EquipmentError::Label(one.id.clone()));
        }
        if one.full_charge_min == 0 {
            faults.push(EquipmentError::NoCharge(one.id.clone()));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}
