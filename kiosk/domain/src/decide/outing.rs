//! Stepping out and coming back 一時外出 (rules section 4), and who came along.

use super::offer::lapsed;
use super::{Case, Decision};
use crate::event::Event;
use crate::ids::VisitId;
use crate::settings::minutes;
use crate::today::Visit;
use crate::verdict::{Accompanied, Admitted, Companions, Remedy, SteppedOut, Verdict};

impl Case<'_> {
    /// Whether somebody may go out: there must be something left to come back for.
    pub(super) fn may_step_out(self, visit: &Visit) -> bool {
        !self.is_past(visit.until)
    }

    pub(super) fn step_out(self, id: &VisitId) -> Decision {
        let Some(visit) = self.open_visit(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let out = |back_by| {
            Verdict::SteppedOut(SteppedOut {
                visit: id.clone(),
                back_by,
            })
        };
        if let Some(outing) = visit.outing {
            return Decision::answer(Vec::new(), out(outing.back_by));
        }
        if !self.may_step_out(visit) {
            return Decision::answer(Vec::new(), self.menu(visit, &self.situation(&[])));
        }
        let now = self.context.now;
        let longest = now + minutes(self.reference.settings.step_out_min);
        // An end that a clock nobody vouches for takes for past says nothing.
        let back_by = Some(visit.until)
            .filter(|until| *until > now)
            .map_or(longest, |until| longest.min(until));
        let stepped_out = Event::VisitSteppedOut {
            visit: id.clone(),
            since: now,
            back_by,
        };
        let events = [stepped_out].into_iter().chain(self.ended_changes(id));
        Decision::answer(events.collect(), out(back_by))
    }

    /// Of a visit that is out for a while: it is back.
    pub(super) fn came_back(self, visit: &Visit) -> Option<Event> {
        visit.outing.map(|outing| Event::VisitCameBack {
            visit: visit.id.clone(),
            back_at: self.context.now.max(outing.since),
        })
    }

    /// The scan of somebody who had stepped out. Where their time is over meanwhile, the menu says what is possible.
    pub(super) fn welcome_back(self, visit: &Visit, back: Event) -> Decision {
        let verdict = if self.is_past(visit.until) {
            self.menu(visit, &self.situation(&[]))
        } else {
            self.as_it_stands(visit)
                .map_or_else(lapsed, Verdict::WelcomeBack)
        };
        Decision::answer(vec![back], verdict)
    }

    /// Where an open visit is and until when; none where it has no place.
    pub(super) fn as_it_stands(self, visit: &Visit) -> Option<Admitted> {
        Some(Admitted {
            visit: visit.id.clone(),
            place: self.place_of(visit)?,
            until: visit.until,
            limited_by: visit.limited_by,
            next: self.next_appointment(&visit.member, visit.reservation.as_ref()),
            note: None,
            companions: self.companions(visit.companions),
            may_borrow: self.may_borrow(visit),
        })
    }

    pub(super) fn companions(self, count: u32) -> Companions {
        Companions {
            count,
            most: self.reference.settings.companions_max,
        }
    }

    pub(super) fn accompany(self, id: &VisitId, companions: u32) -> Decision {
        let Some(visit) = self.open_visit(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let is_too_many = companions > self.reference.settings.companions_max;
        let changes = companions != visit.companions && !is_too_many;
        let told = changes.then(|| Event::VisitAccompanied {
            visit: id.clone(),
            companions,
        });
        let recorded = if changes {
            companions
        } else {
            visit.companions
        };
        let accompanied = Accompanied {
            visit: id.clone(),
            companions: self.companions(recorded),
            remedy: is_too_many.then_some(Remedy::SeeStaff),
        };
        Decision::answer(
            told.into_iter().collect(),
            Verdict::Accompanied(accompanied),
        )
    }
}
