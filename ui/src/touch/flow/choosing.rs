//! What is typed and what is chosen: a reservation number, a place in the queue, one of what is offered.

use super::{Asked, Flow, Request};
use crate::touch::screen::Screen;
use crate::touch::tap::Tap;
use std::time::Duration;

impl Flow {
    pub(super) fn tap_number(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        self.restart_time(now);
        let Screen::Number(entry) = &mut self.screen else {
            return Vec::new();
        };
        match tap {
            Tap::Digit(digit) => entry.press(*digit),
            Tap::Delete => entry.delete(),
            Tap::Submit => {
                if let Some(number) = entry.submit() {
                    return self.ask(Request::Number(number), now);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn tap_waiting(&mut self, tap: &Tap, now: Duration) -> Vec<Asked> {
        self.restart_time(now);
        let Screen::Waiting { place, confirming } = &mut self.screen else {
            return Vec::new();
        };
        match tap {
            Tap::GiveUp => *confirming = true,
            Tap::KeepWaiting => *confirming = false,
            Tap::ConfirmGiveUp if *confirming => {
                let ticket = place.ticket.clone();
                return self.ask(Request::GiveUp(ticket), now);
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn choose(&mut self, index: usize, now: Duration) -> Vec<Asked> {
        let offered = match &self.screen {
            Screen::Offer(offered) => {
                let consultations = usize::from(offered.consultation.is_some());
                index < offered.choices.len() + consultations
            }
            Screen::Early(_) | Screen::NoPlace(_) => index == 0,
            _ => false,
        };
        match self.screen_offer().filter(|_| offered) {
            Some(offer) => self.ask(Request::Choose(offer, index), now),
            None => Vec::new(),
        }
    }
}
