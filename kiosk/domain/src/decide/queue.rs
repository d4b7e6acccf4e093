//! Waiting for a seat: taking a number, being called, coming in, giving up (rules section 5).

use super::offer::lapsed;
use super::scan::Visitor;
use super::staff::Outcome;
use super::{Case, Context, Decision};
use crate::board::Busy;
use crate::event::{Choice, Event, LimitedBy, QueueEnd, Refusal, Wait};
use crate::floor::Features;
use crate::ids::{MemberId, OfferId, SeatId, StationId, TicketId};
use crate::plan::Situation;
use crate::reference::{DateTime, Reference, Reservation};
use crate::settings::minutes;
use crate::staff::{Obstacle, StaffAnswer};
use crate::stay::{Ceiling, best_choice, closing};
use crate::today::{Call, Ticket, Today};
use crate::verdict::{Full, GivenUp, Place, Remedy, Verdict, Waiting};
use crate::wait::{Turn, as_measured};

/// What these events mean for those who wait: whoever came in waits no longer, and whatever seat is free now is the first one's whose
/// needs it serves.
pub(super) fn called_by_the_way(
    events: &[Event],
    reference: &Reference,
    today: &Today,
    context: &Context,
) -> Vec<Event> {
    let joins = |event: &Event| matches!(event, Event::QueueJoined { .. });
    let nobody_waits = today.queue.tickets.is_empty() && !events.iter().any(joins);
    if events.is_empty() || nobody_waits {
        return Vec::new();
    }
    let after = context.after_all(today, events);
    let case = |today| Case {
        reference,
        today,
        context,
    };
    let mut told = case(&after).over();
    let after = context.after_all(&after, &told);
    told.extend(case(&after).calls());
    told
}

impl<'a> Case<'a> {
    /// Tickets of people who have come in, and calls to seats that are no longer there.
    fn over(self) -> Vec<Event> {
        let queue = &self.today.queue;
        let came_in = |ticket: &&Ticket| self.today.visit_of(&ticket.member).is_some();
        let left = queue.tickets.iter().filter(came_in);
        let left = left.map(|ticket| Event::QueueLeft {
            ticket: ticket.id.clone(),
            reason: QueueEnd::CameIn,
        });
        let is_gone = |call: &Call| self.reference.floor.seat(&call.choice.seat).is_none();
        let in_vain = queue
            .called()
            .filter(|(ticket, call)| is_gone(call) && !came_in(ticket));
        let in_vain = in_vain.map(|(ticket, _)| Event::QueueLapsed {
            ticket: ticket.id.clone(),
            excused: true,
        });
        left.chain(in_vain).collect()
    }

    /// Everybody for whom there is a seat now, in order.
    fn calls(self) -> Vec<Event> {
        let mut calls = Vec::new();
        if self.today.queue.waiting().next().is_none() {
            return calls;
        }
        let mut situation = self.situation(&[]);
        for ticket in self.today.queue.waiting() {
            if let Some(choice) = self.seat_for(&situation, ticket) {
                situation = self.with_held(&situation, &choice);
                calls.push(self.call(ticket, choice));
            }
        }
        calls
    }

    /// Staff call the first of those who wait by hand: to the best seat there is, whatever they need of one. Where a seat has all of it
    /// they have been called already.
    pub(super) fn call_next(self, id: &TicketId) -> Result<Outcome, Obstacle> {
        let waiting = self.today.queue.ticket(id).ok_or(Obstacle::Over)?;
        let first = self.today.queue.waiting().next().ok_or(Obstacle::Over)?;
        if waiting.call.is_some() {
            return Err(Obstacle::Over);
        }
        if first.id != *id {
            return Err(Obstacle::NotNext);
        }
        if !self.calls_people() {
            return Err(Obstacle::Closed);
        }
        let anywhere = Ticket {
            needs: Features::default(),
            ..waiting.clone()
        };
        let choice = self.seat_for(&self.situation(&[]), &anywhere);
        let choice = choice.ok_or(Obstacle::Full)?;
        let answer = StaffAnswer::Done {
            place: Some(Place::Seat {
                seat: choice.seat.clone(),
                zone: choice.zone.clone(),
            }),
            until: Some(choice.until),
        };
        Ok(Outcome {
            events: vec![self.call(waiting, choice)],
            answer,
        })
    }

    fn call(self, ticket: &Ticket, choice: Choice) -> Event {
        let uptime_ms = self.context.uptime_ms;
        let lock_ms = u64::from(self.reference.settings.call_lock_min) * 60_000;
        let waited = |since: u64| uptime_ms.saturating_sub(since) / 1000;
        Event::QueueCalled {
            ticket: ticket.id.clone(),
            choice,
            waited_s: ticket.joined_ms.map(waited),
            again_at_ms: uptime_ms + lock_ms / 2,
            held_until_ms: uptime_ms + lock_ms,
        }
    }

    fn with_held(self, situation: &Situation<'a>, choice: &Choice) -> Situation<'a> {
        let (from, to) = (self.context.now.timestamp(), choice.until.timestamp());
        situation.with_held(&choice.seat, Busy::person(from, to))
    }

    /// The seat somebody who waits would be called to. Their stay is reckoned from when they come, so it is held that much longer.
    fn seat_for(self, situation: &Situation<'a>, ticket: &Ticket) -> Option<Choice> {
        let settings = &self.reference.settings;
        let member = self.reference.members.get(&ticket.member)?;
        if !member.state.is_welcome() || !self.calls_people() {
            return None;
        }
        let grant = minutes(settings.coworking.grant_min + settings.call_lock_min);
        let ceiling = self
            .ceiling(&member.id, grant, self.total_left(&member.id))
            .or_before(self.own_reservation(&member.id));
        let minimum = minutes(settings.minimum_stay_min);
        best_choice(situation, ticket.needs, self.context.now, ceiling, minimum)
    }

    /// Whether the doors are open to those who wait: an emergency may keep them shut, staff may have closed them for a while, and after a
    /// start it may be another day.
    fn calls_people(self) -> bool {
        let Context { now, trusted, .. } = *self.context;
        if self.today.shut_by().is_some() || self.today.closure_at(now).is_some() {
            return false;
        }
        let is_open = || {
            self.today.date == Some(now.date_naive())
                && closing(self.reference, now, true).is_some()
                && self.takes_walk_ins()
        };
        !trusted || is_open()
    }

    /// Before what a member has reserved since they took their number.
    fn own_reservation(self, member: &MemberId) -> Option<Ceiling> {
        let next = self.next_to_move_to(member, None)?;
        let gap = minutes(self.reference.settings.gap_min);
        Some(Ceiling::new(next.starts - gap, LimitedBy::OwnReservation))
    }

    /// What there is for somebody who has not waited: what is left when all who wait have had their choice, and the needs of those for
    /// whom there is nothing yet. Seats that were held for this very visitor stay theirs.
    pub(super) fn behind_queue(
        self,
        member: &MemberId,
        ended: &[OfferId],
    ) -> (Situation<'a>, Vec<Features>) {
        let mut left = self.situation(ended);
        if self.today.queue.waiting().next().is_none() {
            return (left, Vec::new());
        }
        let offers = &self.today.offers;
        let is_own = |id: &&OfferId| offers.get(id).is_some_and(|one| &one.member == member);
        let others: Vec<_> = ended.iter().filter(|id| !is_own(id)).cloned().collect();
        let mut theirs = self.situation(&others);
        let mut ahead = Vec::new();
        for ticket in self.today.queue.waiting() {
            match self.seat_for(&theirs, ticket) {
                Some(choice) => {
                    theirs = self.with_held(&theirs, &choice);
                    left = self.with_held(&left, &choice);
                }
                None => ahead.push(ticket.needs),
            }
        }
        (left, ahead)
    }

    /// Whether somebody waits whom this seat would serve.
    pub(super) fn is_waited_for(self, seat: &SeatId) -> bool {
        let seat = self.reference.floor.seat(seat);
        let serves = |ticket: &Ticket| seat.is_some_and(|seat| seat.offers.serves(ticket.needs));
        self.today.queue.waiting().any(serves)
    }

    /// No seat for somebody without a reservation: how long it takes, and a number where waiting leads to one.
    pub(super) fn full(
        self,
        visitor: &Visitor,
        situation: &Situation,
        ahead: &[Features],
    ) -> Decision {
        let expected = self.expected(situation, ahead, visitor.member.needs, &visitor.ended);
        let ticket = expected.map(|_| self.context.ticket_id());
        let remedy = match expected {
            Some(_) => Remedy::TakeNumber,
            None => Remedy::ReserveAnotherTime,
        };
        let full = Full {
            expected_free: expected.map(|(at, _)| at),
            day_total_used: false,
            waiting: people(self.today.queue.waiting().count()),
            wait: expected.map(|(_, wait)| wait),
            lock_min: self.reference.settings.call_lock_min,
            ticket: ticket.clone(),
            remedy,
        };
        let refused = Event::ScanRefused {
            station: visitor.station.clone(),
            reason: Refusal::Full,
            typed: false,
            member: Some(visitor.member.id.clone()),
            ticket,
        };
        Decision::answer(vec![refused], Verdict::Full(full))
    }

    /// When a seat is expected behind all in `ahead`, as ends are promised, and how long that takes.
    fn expected(
        self,
        situation: &Situation,
        ahead: &[Features],
        needs: Features,
        ended: &[OfferId],
    ) -> Option<(DateTime, Wait)> {
        let now = self.context.now;
        let turn = Turn::new(self.reference, self.context);
        let promised = turn.after(situation, ahead, needs)?;
        let measured = as_measured(self.today, now);
        let measured = Case {
            today: &measured,
            ..self
        };
        let early = turn.after(&measured.situation(ended), ahead, needs);
        let early = early.unwrap_or(promised);
        Some((promised, Wait::between(now, early, promised)))
    }

    pub(super) fn join(self, station: &StationId, id: &TicketId) -> Decision {
        let invited = self.today.queue.invited(station);
        let member = invited
            .filter(|invited| &invited.ticket == id)
            .and_then(|invited| self.reference.members.get(&invited.member))
            .filter(|member| member.state.is_welcome());
        let Some(member) = member.filter(|one| self.today.visit_of(&one.id).is_none()) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        if let Some(ticket) = self.today.queue.ticket_of(&member.id) {
            let waiting = self.waiting(ticket, Remedy::WaitForCall);
            return Decision::answer(Vec::new(), Verdict::Joined(waiting));
        }
        // As if they had just come: a seat may have become free since.
        let now = self.receive(&self.visitor(station, false, member, &[]));
        match now.verdict {
            Some(Verdict::Full(Full {
                wait: Some(wait),
                waiting,
                ..
            })) => self.give_number(station, id, (&member.id, member.needs), (waiting, wait)),
            _ => now,
        }
    }

    fn give_number(
        self,
        station: &StationId,
        id: &TicketId,
        (member, needs): (&MemberId, Features),
        (ahead, wait): (u32, Wait),
    ) -> Decision {
        let number = self.today.queue.last_number + 1;
        let joined = Event::QueueJoined {
            ticket: id.clone(),
            number,
            member: member.clone(),
            station: station.clone(),
            needs,
            expected: wait,
        };
        let waiting = Waiting {
            ticket: id.clone(),
            number,
            ahead,
            wait: Some(wait),
            lock_min: self.reference.settings.call_lock_min,
            remedy: Remedy::WaitForCall,
        };
        Decision::answer(vec![joined], Verdict::Joined(waiting))
    }

    /// A scan of somebody who waits: a reservation that is due comes first, then the seat they are called to, else their place.
    pub(super) fn greet_waiting(
        self,
        visitor: &Visitor,
        ticket: &Ticket,
        first: Option<&'a Reservation>,
    ) -> Decision {
        if let Some(due) = first.filter(|one| self.is_due(one)) {
            let today = self.today.without_ticket(&ticket.id);
            let case = Case {
                today: &today,
                ..self
            };
            let mut decision = case.keep_appointment(visitor, due);
            // Whoever has no place in a programme waits on.
            let waits_on = matches!(
                decision.verdict,
                Some(Verdict::Standby(_) | Verdict::NoPlace(_))
            );
            let left = (!waits_on).then(|| Event::QueueLeft {
                ticket: ticket.id.clone(),
                reason: QueueEnd::Reservation,
            });
            decision.events.extend(left);
            return decision;
        }
        let called = ticket.call.as_ref();
        match called.and_then(|call| self.called_seat(visitor, call)) {
            Some(choice) => self.admit_to_seat(visitor, &choice, None, None),
            None => {
                let waiting = self.waiting(ticket, Remedy::WaitForCall);
                Decision::answer(Vec::new(), Verdict::Waiting(waiting))
            }
        }
    }

    /// The seat held for whoever is called, from now on.
    fn called_seat(self, visitor: &Visitor, call: &Call) -> Option<Choice> {
        let (member, choice) = (&visitor.member.id, &call.choice);
        let grant = minutes(self.reference.settings.coworking.grant_min);
        let held = Ceiling::new(choice.until, choice.limited_by);
        let end = self
            .ceiling(member, grant, self.total_left(member))
            .or_before(Some(held));
        let is_good = end.at > self.context.now
            && self.context.uptime_ms < call.held_until_ms
            && self.reference.floor.seat(&choice.seat).is_some();
        is_good.then(|| Choice {
            until: end.at,
            limited_by: end.why,
            ..choice.clone()
        })
    }

    fn waiting(self, ticket: &Ticket, remedy: Remedy) -> Waiting {
        let before = self.today.queue.waiting();
        let ahead: Vec<_> = before
            .take_while(|other| other.id != ticket.id)
            .map(|other| other.needs)
            .collect();
        let expected = self.expected(&self.situation(&[]), &ahead, ticket.needs, &[]);
        Waiting {
            ticket: ticket.id.clone(),
            number: ticket.number,
            ahead: people(ahead.len()),
            wait: expected.map(|(_, wait)| wait),
            lock_min: self.reference.settings.call_lock_min,
            remedy,
        }
    }

    pub(super) fn give_up(self, id: &TicketId) -> Decision {
        let Some(ticket) = self.today.queue.ticket(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let left = Event::QueueLeft {
            ticket: id.clone(),
            reason: QueueEnd::GivenUp,
        };
        let given_up = GivenUp {
            number: ticket.number,
            remedy: Remedy::ReserveAnotherTime,
        };
        Decision::answer(vec![left], Verdict::GivenUp(given_up))
    }
}

fn people(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
