//! Staff at this screen: from the PIN to signing out. Whatever is shown to somebody else ends it.

use super::{Asked, Flow, Request};
use crate::touch::screen::Screen;
use crate::touch::staff::{PinMessage, StaffPart, StaffReply, StaffRequest, StaffScreen, Told};
use crate::touch::tap::{StaffTap, Tap};
use domain::staff::{StaffAction, StaffRemedy, Why};
use std::time::Duration;

impl Flow {
    pub(super) fn tap_pin(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        self.restart_time(now);
        let Screen::Pin(entry) = &mut self.screen else {
            return Vec::new();
        };
        match tap {
            Tap::Digit(digit) => match entry.press(*digit) {
                Some(pin) => self.ask_for_staff(StaffRequest::SignIn(pin), now),
                None => Vec::new(),
            },
            Tap::Delete => {
                entry.delete();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn tap_staff(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        self.restart_time(now);
        let Screen::Staff(staff) = &mut self.screen else {
            return Vec::new();
        };
        let request = match tap {
            Tap::MoreTime => Some(StaffRequest::Look),
            Tap::Back => {
                staff.turn(StaffPart::Menu);
                None
            }
            Tap::Digit(digit) => {
                staff.press(*digit);
                None
            }
            Tap::Delete => {
                staff.delete();
                None
            }
            Tap::Submit => match &staff.part {
                StaffPart::Number(digits) if !digits.is_empty() => {
                    Some(StaffRequest::Find(digits.clone()))
                }
                _ => None,
            },
            Tap::Staff(tap) => does(staff, tap),
            _ => None,
        };
        let request = request.filter(|_| self.pending.is_none());
        request.map_or_else(Vec::new, |request| self.ask_for_staff(request, now))
    }

    fn ask_for_staff(&mut self, request: StaffRequest, now: Duration) -> Vec<Asked> {
        self.ask(Request::Staff(request), now)
    }

    /// What the service answered; none when the call failed.
    pub(super) fn staff_reply(&mut self, ticket: u64, reply: Option<StaffReply>, now: Duration) {
        if self
            .pending
            .take_if(|pending| pending.ticket == ticket)
            .is_none()
        {
            return;
        }
        match (reply, &mut self.screen) {
            (Some(StaffReply::SignedOut), _) => return self.return_to_beginning(now),
            (Some(StaffReply::SignedIn(view)), _) => {
                return self.show(Screen::Staff(StaffScreen::menu(*view)), now);
            }
            (Some(StaffReply::NotSignedIn(remedy)), Screen::Pin(entry)) => {
                entry.refused(match remedy {
                    StaffRemedy::Wait => PinMessage::Locked,
                    _ => PinMessage::Wrong,
                });
            }
            (Some(StaffReply::View(view, answer)), Screen::Staff(staff)) => {
                staff.hear(*view, answer.as_ref());
            }
            (Some(StaffReply::Found(found)), Screen::Staff(staff)) => {
                staff.turn(StaffPart::Found(found));
            }
            (Some(StaffReply::NotFound), Screen::Staff(staff)) => {
                staff.told = Some(Told::NotFound);
            }
            (None, Screen::Pin(entry)) => entry.refused(PinMessage::NoLine),
            (None, Screen::Staff(staff)) => staff.told = Some(Told::NoLine),
            _ => {}
        }
        self.restart_time(now);
    }

    /// Signs out whoever had signed in here. Nobody waits for this answer, so it is not pending.
    pub(super) fn signs_out(&mut self) -> Option<Asked> {
        matches!(self.screen, Screen::Staff(_)).then(|| self.ticketed(Request::SignOut))
    }
}

/// What a press of the menu asks for, and the part it turns to.
fn does(staff: &mut StaffScreen, tap: &StaffTap) -> Option<StaffRequest> {
    let act = |action, why| Some(StaffRequest::Act(action, why));
    match tap {
        StaffTap::AnswerCall => {
            let call = staff.view.calls.first()?.id.clone();
            act(StaffAction::AnswerCall { call }, Why::Helped)
        }
        StaffTap::CallNext => {
            let ticket = staff.view.next.as_ref()?.ticket.clone();
            act(StaffAction::CallNext { ticket }, Why::Helped)
        }
        StaffTap::Free => turned(staff, StaffPart::Free, Some(StaffRequest::Look)),
        StaffTap::CheckOut => turned(staff, StaffPart::CheckOut, Some(StaffRequest::Look)),
        StaffTap::Number => turned(staff, StaffPart::Number(String::new()), None),
        StaffTap::Seat(index) => {
            let stay = (*staff.seats().get(*index)?).clone();
            if staff.part == StaffPart::Free {
                return act(StaffAction::FreeSeat { visit: stay.visit }, Why::Gone);
            }
            turned(staff, StaffPart::Confirm(stay), None)
        }
        StaffTap::Confirm => match &staff.part {
            StaffPart::Confirm(stay) => {
                let visit = stay.visit.clone();
                act(StaffAction::CheckOut { visit }, Why::Asked)
            }
            StaffPart::Found(found) => {
                let member = found.member.clone();
                act(StaffAction::CheckIn { member }, Why::Helped)
            }
            _ => None,
        },
    }
}

fn turned(
    staff: &mut StaffScreen,
    part: StaffPart,
    request: Option<StaffRequest>,
) -> Option<StaffRequest> {
    staff.turn(part);
    request
}
