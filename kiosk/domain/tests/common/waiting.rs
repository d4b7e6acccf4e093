use super::door::{DOOR, Door};
use chrono::TimeDelta;
use domain::event::Event;
use domain::ids::{MemberId, SeatId, TicketId};
use domain::today::Ticket;
use domain::{Command, Today, Verdict};

/// Waiting at the door, and whether the queue is honest.
impl Door {
    /// Scans, meets a full house and takes a number.
    pub fn join(&mut self, member: &str) -> String {
        self.join_at(DOOR, member)
    }

    pub fn join_at(&mut self, station: &str, member: &str) -> String {
        self.scan_at(station, member);
        let Some(Verdict::Full(full)) = self.answer.clone() else {
            panic!("{member} need not wait: {}", self.said())
        };
        let ticket = full.ticket.expect("nothing to wait for");
        self.take_number(station, &ticket)
    }

    pub fn take_number(&mut self, station: &str, ticket: &TicketId) -> String {
        self.tell(&Command::Join {
            station: station.into(),
            ticket: ticket.clone(),
        })
    }

    pub fn give_up(&mut self, member: &str) -> String {
        let ticket = self.ticket_of(member).expect("does not wait").id.clone();
        self.tell(&Command::GiveUp { ticket })
    }

    pub fn ticket_of(&self, member: &str) -> Option<&Ticket> {
        self.today.queue.ticket_of(&member.into())
    }

    /// Who waits, in order, each with the seat they are called to.
    pub fn queue(&self) -> String {
        let tickets = self.today.queue.tickets.iter().map(|ticket| {
            let seat = ticket.call.as_ref().map(|call| {
                let again = if call.again { " again" } else { "" };
                format!(" to {}{again}", call.choice.seat)
            });
            format!("{}{}", ticket.member, seat.unwrap_or_default())
        });
        tickets.collect::<Vec<_>>().join(", ")
    }

    /// The queue is honest: nobody is called, and nobody without a reservation is offered a seat, before somebody who waits for such a seat.
    /// What was offered to the same visitor before stays theirs.
    pub(super) fn watch_queue(&self, before: &Today, events: &[Event]) {
        for event in events {
            let (seats, number): (Vec<_>, _) = match event {
                Event::QueueCalled { ticket, choice, .. } => (vec![&choice.seat], Some(ticket)),
                Event::OfferMade {
                    member,
                    choices,
                    bridge_to: None,
                    reservation: None,
                    ..
                } => {
                    let own = before.offers.values().filter(|one| one.member == *member);
                    let own: Vec<_> = own.flat_map(|one| &one.choices).collect();
                    let is_new = |seat: &&SeatId| own.iter().all(|choice| choice.seat != **seat);
                    let seats = choices.iter().map(|choice| &choice.seat);
                    (seats.filter(is_new).collect(), None)
                }
                _ => continue,
            };
            let tickets = &self.today.queue.tickets;
            let mut before = tickets.iter().take_while(|one| Some(&one.id) != number);
            let overtaken = before.find(|one| {
                let may_come = !self.has_plans(&one.member);
                one.call.is_none() && may_come && seats.iter().any(|seat| self.serves(seat, one))
            });
            assert_eq!(overtaken, None, "{event:?} overtakes");
        }
    }

    fn serves(&self, seat: &SeatId, ticket: &Ticket) -> bool {
        let seat = self.centre.reference.floor.seat(seat);
        seat.is_some_and(|seat| seat.offers.serves(ticket.needs))
    }

    /// Whether a stay of somebody who waits would be cut short: by what they have reserved, their day's total, or the office.
    fn has_plans(&self, member: &MemberId) -> bool {
        let reference = &self.centre.reference;
        let used = self.today.used_today(member) + TimeDelta::minutes(30);
        let mut reserved = reference.reservations_on(self.now.date_naive());
        used > TimeDelta::minutes(reference.settings.coworking.day_min.into())
            || !reference.members[member].state.is_welcome()
            || reserved.any(|one| &one.member == member)
    }
}
