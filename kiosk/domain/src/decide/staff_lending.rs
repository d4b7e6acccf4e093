//! What staff do with the equipment. The rules are those of the kiosk, whoever asks.

use super::Case;
use super::lending::charged;
use super::staff::Outcome;
use crate::equipment::{AsideBecause, ChargeSource, Condition, EquipmentKind, EquipmentState};
use crate::event::{EndedBy, Event};
use crate::ids::{EquipmentId, StationId, VisitId};
use crate::lending::{is_free, suffices};
use crate::staff::{Obstacle, StaffAnswer};
use crate::verdict::NoLoanBecause;

impl Case<'_> {
    /// Lends a certain PC or battery to somebody inside.
    pub(super) fn hand_out(
        self,
        station: &StationId,
        visit: &VisitId,
        equipment: &EquipmentId,
    ) -> Result<Outcome, Obstacle> {
        let visit = self.open_visit(visit).ok_or(Obstacle::Over)?;
        let equipment = self.reference.equipment.get(equipment);
        let equipment = equipment.ok_or(Obstacle::Over)?;
        let now = self.context.now;
        if !is_free(self.today, equipment, now) {
            return Err(Obstacle::NotFree);
        }
        if equipment.kind == EquipmentKind::Pc && self.has_pc(&visit.id) {
            return Err(Obstacle::HasOne);
        }
        let terms = self.terms(visit.until).map_err(|because| match because {
            NoLoanBecause::TooLate => Obstacle::TooLate,
            NoLoanBecause::NoneFree | NoLoanBecause::LowCharge => Obstacle::NotFree,
        })?;
        let has_power = self.has_power(visit);
        if !suffices(self.reference, self.today, now, equipment, terms, has_power) {
            return Err(Obstacle::LowCharge);
        }
        Ok(Outcome {
            events: vec![self.lending(station, visit, equipment, terms.back_by)],
            answer: StaffAnswer::Done {
                place: None,
                until: Some(terms.back_by),
            },
        })
    }

    /// Takes something back, whoever had it; what is damaged is set aside.
    pub(super) fn take_back(self, id: &EquipmentId, damaged: bool) -> Result<Outcome, Obstacle> {
        let loan = self.today.lending.loans.get(id).ok_or(Obstacle::Over)?;
        let condition = if damaged {
            Condition::Damaged
        } else {
            Condition::Good
        };
        let mut events = self.ended(loan, EndedBy::Staff, condition);
        events.extend(damaged.then(|| aside(id, AsideBecause::Damaged)));
        Ok(Outcome::of(events))
    }

    pub(super) fn set_aside(
        self,
        id: &EquipmentId,
        because: AsideBecause,
    ) -> Result<Outcome, Obstacle> {
        let lending = &self.today.lending;
        if lending.loans.contains_key(id) {
            return Err(Obstacle::Out);
        }
        let is_known = self.reference.equipment.contains_key(id);
        if !is_known || lending.aside.contains_key(id) {
            return Err(Obstacle::Over);
        }
        Ok(Outcome::of(vec![aside(id, because)]))
    }

    pub(super) fn return_to_service(self, id: &EquipmentId) -> Result<Outcome, Obstacle> {
        let equipment = self.reference.equipment.get(id).ok_or(Obstacle::Over)?;
        if !self.today.lending.aside.contains_key(id) {
            return Err(match equipment.state {
                EquipmentState::Available => Obstacle::Over,
                EquipmentState::OutOfOrder | EquipmentState::Checking => Obstacle::OfficeSays,
            });
        }
        Ok(Outcome::of(vec![Event::EquipmentReturned {
            equipment: id.clone(),
        }]))
    }

    pub(super) fn report_charge(self, id: &EquipmentId, percent: u8) -> Result<Outcome, Obstacle> {
        let is_known = self.reference.equipment.contains_key(id);
        if !is_known || percent > 100 {
            return Err(Obstacle::Over);
        }
        let now = self.context.now;
        Ok(Outcome::of(vec![charged(
            id,
            percent,
            now,
            ChargeSource::Staff,
        )]))
    }
}

fn aside(equipment: &EquipmentId, because: AsideBecause) -> Event {
    Event::EquipmentSetAside {
        equipment: equipment.clone(),
        because,
    }
}
