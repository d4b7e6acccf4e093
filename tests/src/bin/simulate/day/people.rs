//! People who are inside: they sit elsewhere, go out for a while and come back.

use super::{Action, DOOR, Day};
use crate::centre::pass_of;
use crate::promises::Broken;
use chrono::TimeDelta;
use domain::ids::{MemberId, VisitId};
use domain::{Command, Verdict};

impl Day<'_> {
    /// One of those inside, whom `who` points at.
    pub(super) fn somebody_inside(&self, who: usize) -> Option<(VisitId, MemberId)> {
        let inside: Vec<_> = self.desk.today.inside().collect();
        let visit = inside.get(who.checked_rem(inside.len())?)?;
        Some((visit.id.clone(), visit.member.clone()))
    }

    /// Looks at other seats and takes the last of them, which must then be as it was shown.
    pub(super) fn change_seat(&mut self, who: usize) -> Result<(), Broken> {
        let Some((visit, member)) = self.somebody_inside(who) else {
            return Ok(());
        };
        self.desk.scan(DOOR, &pass_of(&member), false)?;
        let answer = self.desk.tell(&Command::OtherSeats {
            station: DOOR.into(),
            visit,
        })?;
        let Some(Verdict::Offer(offered)) = answer else {
            return Ok(());
        };
        let Some(last) = offered.choices.last() else {
            return Ok(());
        };
        let moved = self.desk.tell(&Command::Choose {
            station: DOOR.into(),
            offer: offered.offer,
            choice: offered.choices.len() - 1,
        })?;
        match moved {
            Some(Verdict::SeatChanged(moved)) if moved.until == last.until => Ok(()),
            other => Err(Broken::TwoAnswers(format!(
                "{last:?} was shown, and then {other:?}"
            ))),
        }
    }

    pub(super) fn step_out(&mut self, who: usize, span: TimeDelta) -> Result<(), Broken> {
        let Some((visit, member)) = self.somebody_inside(who) else {
            return Ok(());
        };
        if let Some(Verdict::SteppedOut(_)) = self.desk.tell(&Command::StepOut { visit })? {
            self.at(self.desk.now + span, Action::Return(member));
        }
        Ok(())
    }

    /// Whoever has left meanwhile does not come back.
    pub(super) fn come_back(&mut self, member: &MemberId) -> Result<(), Broken> {
        let visit = self.desk.today.visit_of(member);
        if visit.is_some_and(|visit| visit.outing.is_some()) {
            self.desk.scan(DOOR, &pass_of(member), false)?;
        }
        Ok(())
    }
}
