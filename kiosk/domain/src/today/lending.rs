//! What is lent, and how the rest of it is.

use super::Today;
use crate::equipment::{AsideBecause, Charge, EquipmentKind, LoanEnded, LoanExtended, LoanStarted};
use crate::event::Event;
use crate::ids::{EquipmentId, MemberId, StationId, VisitId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Loans and the state of the equipment. All of it goes over to the next day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lending {
    /// What is out.
    pub loans: BTreeMap<EquipmentId, Loan>,
    /// What was out last: until when it rests.
    pub resting: BTreeMap<EquipmentId, DateTime>,
    /// How full, as far as anybody has said.
    pub charges: BTreeMap<EquipmentId, Charge>,
    /// What the centre itself does not lend for the time being.
    pub aside: BTreeMap<EquipmentId, AsideBecause>,
}

/// Something that is out. It stays out when the visit ends; a person decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    /// What.
    pub equipment: EquipmentId,
    /// What kind of thing.
    pub kind: EquipmentKind,
    /// The visit it was lent to.
    pub visit: VisitId,
    /// To whom.
    pub member: MemberId,
    /// Where they asked for it.
    pub station: StationId,
    /// Since when.
    pub started_at: DateTime,
    /// Until when it is to be back.
    pub back_by: DateTime,
}

impl Lending {
    /// What a visit has out, PCs first.
    pub fn of(&self, visit: &VisitId) -> Vec<&Loan> {
        let mut out: Vec<_> = self
            .loans
            .values()
            .filter(|loan| &loan.visit == visit)
            .collect();
        out.sort_by_key(|loan| (loan.kind, &loan.equipment));
        out
    }

    pub(crate) fn pcs(&self) -> impl Iterator<Item = &Loan> {
        self.loans
            .values()
            .filter(|loan| loan.kind == EquipmentKind::Pc)
    }

    pub(super) fn is_unused(&self) -> bool {
        *self == Self::default()
    }

    fn start(&mut self, started: &LoanStarted) {
        let LoanStarted {
            equipment,
            equipment_kind: kind,
            visit,
            member,
            station,
            started_at,
            back_by,
        } = started.clone();
        let loan = Loan {
            equipment: equipment.clone(),
            kind,
            visit,
            member,
            station,
            started_at,
            back_by,
        };
        self.resting.remove(&equipment);
        self.loans.insert(equipment, loan);
    }

    fn end(&mut self, ended: &LoanEnded) {
        self.loans.remove(&ended.equipment);
        if let Some(until) = ended.rests_until {
            self.resting.insert(ended.equipment.clone(), until);
        }
    }
}

impl Today {
    pub(super) fn fold_lending(&mut self, event: &Event) {
        let lending = &mut self.lending;
        match event {
            Event::LoanStarted(started) => lending.start(started),
            Event::LoanExtended(LoanExtended {
                equipment, back_by, ..
            }) => {
                if let Some(loan) = lending.loans.get_mut(equipment) {
                    loan.back_by = *back_by;
                }
            }
            Event::LoanEnded(ended) => lending.end(ended),
            Event::ChargeReported(reported) => {
                let equipment = reported.equipment.clone();
                lending.charges.insert(equipment, reported.charge);
            }
            Event::EquipmentSetAside { equipment, because } => {
                lending.aside.insert(equipment.clone(), *because);
            }
            Event::EquipmentReturned { equipment } => {
                lending.aside.remove(equipment);
            }
            _ => {}
        }
    }
}
