//! People who take a number and wait for a seat.

use crate::day::{Action, Day, Visitor};
use crate::promises::Broken;
use domain::ids::TicketId;
use domain::{Command, Verdict};

/// Somebody who waits looks up at the signage this often, in seconds.
const LOOKS_EVERY: i64 = 60;

impl Day<'_> {
    /// Presses 順番を待つ.
    pub(crate) fn take_number(
        &mut self,
        station: &str,
        mut visitor: Visitor,
        ticket: TicketId,
    ) -> Result<(), Broken> {
        visitor.tries = visitor.tries.max(1);
        let verdict = self.desk.tell(&Command::Join {
            station: station.into(),
            ticket,
        })?;
        match verdict {
            Some(Verdict::Joined(place)) => {
                self.after(LOOKS_EVERY, Action::Wait(visitor, place.ticket));
            }
            Some(Verdict::Offer(offered)) => self.consider(visitor, offered.offer, offered.choices),
            _ => {}
        }
        Ok(())
    }

    /// Most people come within the five minutes; some are late, some have gone without a word, some lose patience.
    pub(crate) fn look_for_call(
        &mut self,
        visitor: Visitor,
        ticket: TicketId,
    ) -> Result<(), Broken> {
        let is_called = self
            .desk
            .today
            .queue
            .ticket(&ticket)
            .map(|ticket| ticket.call.is_some());
        match is_called {
            None => {}
            Some(true) if self.chance.happens(10) => {}
            Some(true) => {
                let seconds = self.chance.between(5, 320);
                self.after(seconds, Action::Come(visitor));
            }
            Some(false) if self.chance.between(1, 100) == 1 => {
                self.desk.tell(&Command::GiveUp { ticket })?;
            }
            Some(false) => self.after(LOOKS_EVERY, Action::Wait(visitor, ticket)),
        }
        Ok(())
    }
}
