//! Staff at the door: signing in, and what they do there (R4).

use super::{Case, Command, Decision};
use crate::event::Event;
use crate::ids::{CallId, NoticeId, ReservationId, StaffId, StationId};
use crate::reference::JST;
use crate::staff::{Obstacle, SignInRefusal, SignOut, StaffAction, StaffAnswer, StaffRemedy, Why};
use crate::verdict::Verdict;
use chrono::NaiveTime;

/// What an action leads to.
pub(super) struct Outcome {
    pub(super) events: Vec<Event>,
    pub(super) answer: StaffAnswer,
}

impl Outcome {
    pub(super) fn of(events: Vec<Event>) -> Self {
        let answer = StaffAnswer::Done {
            place: None,
            until: None,
        };
        Self { events, answer }
    }
}

fn said(events: Vec<Event>, answer: StaffAnswer) -> Decision {
    Decision::answer(events, Verdict::Staff(answer))
}

impl Case<'_> {
    /// Wrong PINs close signing in for a while. While it is closed nothing is looked at and nothing recorded, so that a lock neither tells
    /// anything nor grows.
    pub(super) fn sign_in(self, command: &Command) -> Decision {
        let Command::SignIn {
            station,
            staff,
            badge,
            pin_is_right,
        } = command
        else {
            return Decision::default();
        };
        let (today, uptime_ms) = (self.today, self.context.uptime_ms);
        let settings = &self.reference.settings;
        if today.is_locked_out(staff.as_ref(), uptime_ms, settings) {
            let remedy = StaffRemedy::Wait;
            return said(Vec::new(), StaffAnswer::NotSignedIn { remedy });
        }
        let known = staff
            .as_ref()
            .and_then(|staff| self.reference.staff.get(staff));
        let reason = match known {
            None => SignInRefusal::Unknown,
            Some(staff) if !staff.active => SignInRefusal::Inactive,
            Some(_) if !pin_is_right => SignInRefusal::WrongPin,
            Some(known) => {
                let signed_in = Event::StaffSignedIn {
                    staff: known.id.clone(),
                    station: station.clone(),
                    badge: *badge,
                };
                let (staff, role) = (known.id.clone(), known.role);
                return said(vec![signed_in], StaffAnswer::SignedIn { staff, role });
            }
        };
        let refused = Event::StaffSignInRefused {
            staff: staff.clone(),
            station: station.clone(),
            reason,
        };
        let after = self.context.after(today, &refused);
        let remedy = if after.is_locked_out(staff.as_ref(), uptime_ms, settings) {
            StaffRemedy::Wait
        } else {
            StaffRemedy::TryAgain
        };
        said(vec![refused], StaffAnswer::NotSignedIn { remedy })
    }

    pub(super) fn sign_out(
        self,
        station: &StationId,
        staff: &StaffId,
        reason: SignOut,
    ) -> Decision {
        Decision::silent(vec![Event::StaffSignedOut {
            staff: staff.clone(),
            station: station.clone(),
            reason,
        }])
    }

    /// Does it, and records who did it and why; or says what stands in the way.
    pub(super) fn staff_acts(
        self,
        station: &StationId,
        by: &StaffId,
        action: &StaffAction,
        why: Why,
    ) -> Decision {
        let role = self.reference.staff.get(by).filter(|staff| staff.active);
        let outcome = if role.is_some_and(|staff| staff.role.may(action)) {
            self.outcome(station, by, action)
        } else {
            Err(Obstacle::NotYours)
        };
        match outcome {
            Ok(Outcome { mut events, answer }) => {
                events.push(Event::StaffActed {
                    by: by.clone(),
                    station: station.clone(),
                    action: action.clone(),
                    why,
                });
                said(events, answer)
            }
            Err(because) => {
                let remedy = because.remedy();
                said(Vec::new(), StaffAnswer::NotDone { because, remedy })
            }
        }
    }

    fn outcome(
        self,
        station: &StationId,
        by: &StaffId,
        action: &StaffAction,
    ) -> Result<Outcome, Obstacle> {
        match action {
            StaffAction::CheckIn { .. } if self.today.shut_by().is_some() => {
                Err(Obstacle::Emergency)
            }
            StaffAction::CheckOut { visit } => self.check_out(visit),
            StaffAction::Move { visit, seat } => self.move_to(visit, seat),
            StaffAction::Extend { visit, minutes } => self.extend_for_staff(visit, *minutes),
            StaffAction::FreeSeat { visit } => self.free_seat(visit),
            StaffAction::CheckIn { member } => self.check_in(station, member),
            StaffAction::Pardon { reservation } => self.pardon(reservation),
            StaffAction::PutUpNotice { notice } => self.put_up(notice),
            StaffAction::TakeDownNotice { notice } => self.take_down(notice),
            StaffAction::Close { until } => self.close(*until),
            StaffAction::Reopen => self.reopen(),
            StaffAction::HandOut { visit, equipment } => self.hand_out(station, visit, equipment),
            StaffAction::TakeBack { equipment, damaged } => self.take_back(equipment, *damaged),
            StaffAction::SetAside { equipment, because } => self.set_aside(equipment, *because),
            StaffAction::ReturnToService { equipment } => self.return_to_service(equipment),
            StaffAction::ReportCharge { equipment, percent } => {
                self.report_charge(equipment, *percent)
            }
            StaffAction::AnswerCall { call } => self.answer_call(call),
            StaffAction::SetAdviserState { adviser, state } => self.adviser_is(adviser, *state),
            StaffAction::StartConsultation { visit, advisers } => self.advise(visit, advisers),
            StaffAction::EndConsultation { visit } => self.advised(visit),
            StaffAction::SeeOut { guest } => self.see_out(guest),
            StaffAction::CallNext { ticket } => self.call_next(ticket),
            StaffAction::BeginDuty => self.set_duty(by, true),
            StaffAction::EndDuty => self.set_duty(by, false),
            StaffAction::OpenIncident { what, drill } => self.open_incident(by, *what, *drill),
            StaffAction::CloseIncident { everybody_left } => {
                self.close_incident(by, *everybody_left)
            }
            StaffAction::TickPerson { person, ticked } => self.tick(person, *ticked),
        }
    }

    /// A reservation that nobody came for becomes usable again, until it ends and where nobody else loses a place by it.
    fn pardon(self, id: &ReservationId) -> Result<Outcome, Obstacle> {
        let reservation = self.reference.reservation(id).ok_or(Obstacle::Over)?;
        let is_over = self.context.trusted && reservation.ends <= self.context.now;
        if reservation.cancelled || is_over || !self.today.no_shows.contains(id) {
            return Err(Obstacle::Over);
        }
        Ok(Outcome::of(vec![Event::ReservationPardoned {
            reservation: id.clone(),
        }]))
    }

    fn put_up(self, id: &NoticeId) -> Result<Outcome, Obstacle> {
        let mut prepared = self.reference.notices.iter().filter(|one| one.prepared);
        let is_there = prepared.any(|notice| notice.id == *id);
        if !is_there || self.today.staff.notices.contains(id) {
            return Err(Obstacle::Over);
        }
        Ok(Outcome::of(vec![Event::NoticePutUp { notice: id.clone() }]))
    }

    fn take_down(self, id: &NoticeId) -> Result<Outcome, Obstacle> {
        if !self.today.staff.notices.contains(id) {
            return Err(Obstacle::Over);
        }
        Ok(Outcome::of(vec![Event::NoticeTakenDown {
            notice: id.clone(),
        }]))
    }

    fn close(self, until: NaiveTime) -> Result<Outcome, Obstacle> {
        let from = self.context.now;
        let moment = from.date_naive().and_time(until).and_local_timezone(JST);
        let until = moment.single().filter(|until| from < *until);
        let until = until.ok_or(Obstacle::PastTime)?;
        Ok(Outcome::of(vec![Event::CentreClosed { from, until }]))
    }

    fn reopen(self) -> Result<Outcome, Obstacle> {
        let at = self.context.now;
        self.today.closure_at(at).ok_or(Obstacle::Over)?;
        Ok(Outcome::of(vec![Event::CentreReopened { at }]))
    }

    fn answer_call(self, id: &CallId) -> Result<Outcome, Obstacle> {
        let mut calls = self.today.staff.calls.iter();
        calls.find(|call| call.id == *id).ok_or(Obstacle::Over)?;
        Ok(Outcome::of(vec![Event::StaffCallAnswered {
            call: id.clone(),
        }]))
    }
}
