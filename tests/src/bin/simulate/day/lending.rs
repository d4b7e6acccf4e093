//! PCs and batteries: lent, brought back, and looked at in the morning.

use super::{COUNTER, DOOR, Day};
use crate::chance::Chance;
use crate::promises::Broken;
use domain::Command;
use domain::code::Code;

impl Day<'_> {
    /// Whatever was left comes back, and every charge is read off.
    pub(super) fn morning_round(&mut self, charges: u64) -> Result<(), Broken> {
        let mut chance = Chance::new(charges, "charges", 0);
        let all: Vec<_> = self.desk.reference.equipment.values().cloned().collect();
        for one in all {
            if self.desk.today.lending.loans.contains_key(&one.id) {
                self.desk
                    .scan(COUNTER, &Code::Equipment(one.label), false)?;
            }
            let percent = u8::try_from(chance.between(10, 100)).unwrap_or(100);
            let equipment = one.id;
            self.desk
                .tell(&Command::ReportCharge { equipment, percent })?;
        }
        Ok(())
    }

    /// Somebody asks for a PC, and asks again: the answer is the same.
    pub(super) fn borrow(&mut self, who: usize) -> Result<(), Broken> {
        let Some((visit, _)) = self.somebody_inside(who) else {
            return Ok(());
        };
        let borrow = Command::Borrow {
            station: DOOR.into(),
            visit,
        };
        self.desk.tell(&borrow)?;
        self.desk.tell(&borrow).map(drop)
    }

    pub(super) fn bring_back(&mut self, which: usize) -> Result<(), Broken> {
        let out: Vec<_> = self.desk.today.lending.loans.keys().cloned().collect();
        let found = which
            .checked_rem(out.len())
            .and_then(|which| out.get(which));
        let known = found.and_then(|id| self.desk.reference.equipment.get(id));
        match known.map(|one| Code::Equipment(one.label.clone())) {
            Some(label) => self.desk.scan(COUNTER, &label, false).map(drop),
            None => Ok(()),
        }
    }
}
