//! What can be touched about people besides checking in: the visitor's menu, who came along, and guests.

use super::{Asked, Flow, Request};
use crate::touch::screen::Screen;
use crate::touch::tap::Tap;
use domain::event::GuestPurpose;
use domain::verdict::Remedy;
use std::time::Duration;

impl Flow {
    pub(super) fn tap_inside(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        self.restart_time(now);
        let Screen::Inside { menu, confirming } = &mut self.screen else {
            return Vec::new();
        };
        let visit = menu.visit.clone();
        let request = match tap {
            Tap::Leave => {
                *confirming = true;
                None
            }
            Tap::Stay => {
                *confirming = false;
                None
            }
            Tap::ConfirmLeave if *confirming => Some(Request::Leave(visit)),
            _ if *confirming => None,
            Tap::Extend => Some(Request::Extend(visit)),
            Tap::ChangeSeat if menu.may_change_seat => Some(Request::OtherSeats(visit)),
            Tap::Borrow if menu.may_borrow && self.details => Some(Request::Borrow(visit)),
            Tap::StepOut if menu.may_step_out => Some(Request::StepOut(visit)),
            _ => None,
        };
        request.map_or_else(Vec::new, |request| self.ask(request, now))
    }

    /// A PC for whoever has just been told their seat, or a seat with power where only that would do.
    pub(super) fn tap_lending(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        let request = match (tap, &self.screen) {
            (
                Tap::Borrow,
                Screen::Admitted(admitted)
                | Screen::SeatChanged(admitted)
                | Screen::WelcomeBack(admitted),
            ) if admitted.may_borrow => Request::Borrow(admitted.visit.clone()),
            (Tap::ChangeSeat, Screen::NoLoan(none)) if none.remedy == Remedy::TakePoweredSeat => {
                Request::OtherSeats(none.visit.clone())
            }
            _ => return Vec::new(),
        };
        // Once the visitor's details are gone it is nobody else's to ask.
        if !self.details {
            return Vec::new();
        }
        self.ask(request, now)
    }

    /// One more or one less came along. Once the visitor's details are gone it is nobody else's to say.
    pub(super) fn count_companions(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        let told = self.screen.companions().filter(|_| self.details);
        let Some((visit, companions)) = told else {
            return Vec::new();
        };
        let count = match tap {
            Tap::MoreCompanions => companions.count.saturating_add(1),
            _ => companions.count.saturating_sub(1),
        };
        if count == companions.count || count > companions.most {
            return Vec::new();
        }
        let visit = visit.clone();
        self.ask(Request::Accompany(visit, count), now)
    }

    pub(super) fn receive_guest(&mut self, purpose: GuestPurpose, now: Duration) -> Vec<Asked> {
        if self.connected {
            return self.ask(Request::ReceiveGuest(purpose), now);
        }
        self.go(Screen::Desk, now)
    }

    /// The guest pressed by mistake. Nobody waits for this answer, so it is not pending.
    pub(super) fn take_guest_back(&mut self, now: Duration) -> Vec<Asked> {
        let Screen::Guest(received) = &self.screen else {
            return Vec::new();
        };
        let request = Request::GuestLeaves(received.guest.clone());
        self.return_to_beginning(now);
        vec![self.ticketed(request)]
    }
}
