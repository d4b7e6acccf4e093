//! The visitor's menu: leaving, staying longer (rules sections 2 and 4).

use super::offer::lapsed;
use super::{Case, Decision};
use crate::event::{EndedBy, Event, LimitedBy};
use crate::ids::VisitId;
use crate::plan::Situation;
use crate::stay::{self, Ceiling};
use crate::today::Visit;
use crate::verdict::{Extended, Left, NotExtended, Remedy, Verdict};

impl Case<'_> {
    pub(super) fn extended_end(self, situation: &Situation, visit: &Visit) -> Result<Ceiling, LimitedBy> {
        let (now, trusted) = (self.context.now, self.context.trusted);
        stay::extended_end(self.reference, self.today, situation, visit, now, trusted)
    }

    pub(super) fn leave(self, id: &VisitId) -> Decision {
        let Some(visit) = self.today.visits.get(id).filter(|visit| visit.is_open()) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let member = self.reference.members.get(&visit.member);
        let next = member.and_then(|member| self.next_appointment(member, visit.reservation.as_ref()));
        let ended = Event::VisitEnded {
            visit: id.clone(),
            ended_by: EndedBy::Visitor,
            ended_at: self.context.now,
            inferred: false,
        };
        Decision::answer(vec![ended], Verdict::Left(Left { visit: id.clone(), next }))
    }

    pub(super) fn extend(self, id: &VisitId) -> Decision {
        let Some(visit) = self.today.visits.get(id).filter(|visit| visit.is_open()) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        match self.extended_end(&self.situation(&[]), visit) {
            Ok(Ceiling { at: until, why: limited_by }) => {
                let place = self.place_of(visit);
                let extended = Event::VisitExtended { visit: id.clone(), until, limited_by };
                Decision::answer(vec![extended], Verdict::Extended(Extended { visit: id.clone(), place, until, limited_by }))
            }
            Err(limited_by) => {
                let remedy = Remedy::SeeStaff;
                let not = NotExtended { visit: id.clone(), until: visit.until, limited_by, remedy };
                Decision::answer(Vec::new(), Verdict::NotExtended(not))
            }
        }
    }
}
