//! Walk-ins: what is possible now, and choosing from it (rules section 3, R14).

use super::scan::Visitor;
use super::{Case, Decision};
use crate::board::Busy;
use crate::event::{Choice, Event, LimitedBy, OfferEnd, Refusal};
use crate::floor::Features;
use crate::ids::{OfferId, ReservationId, StationId};
use crate::plan::{Situation, held_until};
use crate::reference::{DateTime, Member, MemberState, Reservation};
use crate::settings::minutes;
use crate::stay::{Ceiling, best_choice, closing, day_total_end, end_of_day, moment, pauses};
use crate::today::Offer;
use crate::verdict::{Closed, ClosedBecause, Full, Offered, Refused, Remedy, Verdict};
use chrono::TimeDelta;

impl<'a> Case<'a> {
    /// The offer to somebody without a reservation, or to whom another seat is due than the reserved one: `due`, with what was
    /// asked of that.
    pub(super) fn walk_in(
        self,
        visitor: &Visitor,
        due: Option<(&Reservation, Features)>,
    ) -> Decision {
        let ceiling = match self.longest_stay(visitor, due.is_some()) {
            Ok(ceiling) => ceiling,
            Err(refused) => return *refused,
        };
        let situation = self.situation(&visitor.ended);
        let situation = match due {
            Some((reservation, _)) => situation.without(&reservation.id).0,
            None => situation,
        };
        let shortest = minutes(self.reference.settings.minimum_stay_min);
        let always = visitor.member.needs;
        let choices = match due {
            None => self.choices(&situation, always, ceiling, shortest),
            // For whoever has reserved even a short stay is better than none, and any seat they can use.
            Some((_, needs)) => Some(self.choices(&situation, needs, ceiling, minutes(1)))
                .filter(|choices| !choices.is_empty())
                .unwrap_or_else(|| self.choices(&situation, always, ceiling, minutes(1))),
        };
        if choices.is_empty() {
            let full = Verdict::Full(self.full(&situation, always));
            return self.turn_away(visitor, Refusal::Full, full);
        }
        let due = due.map(|(reservation, _)| &reservation.id);
        let (made, offer) = self.make_offer(visitor, choices.clone(), None, due);
        let offered = Offered {
            offer,
            choices,
            held_s: self.reference.settings.offer_hold_s,
            next: self.next_appointment(&visitor.member.id, due),
            note: visitor.note,
        };
        Decision::answer(vec![made], Verdict::Offer(offered))
    }

    /// The latest anybody may stay who comes now, whatever the seat; or the refusal of somebody who comes too late, or too often today.
    /// Neither stands between people and what they have reserved.
    fn longest_stay(self, visitor: &Visitor, has_reserved: bool) -> Result<Ceiling, Box<Decision>> {
        let (settings, now) = (&self.reference.settings, self.context.now);
        let closes = closing(self.reference, now, self.context.trusted);
        let last = minutes(if has_reserved {
            0
        } else {
            settings.last_walk_in_min
        });
        if closes.is_some_and(|closes| closes.at - now < last) {
            let closed = Verdict::Closed(self.no_more_today());
            return Err(Box::new(self.turn_away(visitor, Refusal::Closed, closed)));
        }
        let total = self.total_left(visitor).filter(|_| !has_reserved);
        if total.is_some_and(|total| total.at - now < minutes(settings.minimum_stay_min)) {
            let full = Verdict::Full(Full {
                expected_free: None,
                day_total_used: true,
                remedy: Remedy::ReserveAnotherTime,
            });
            return Err(Box::new(self.turn_away(visitor, Refusal::DayTotal, full)));
        }
        let grant = Ceiling::new(
            now + minutes(settings.coworking.grant_min),
            LimitedBy::Grant,
        );
        let pauses = pauses(self.reference, &visitor.member.id, now, end_of_day(now));
        let paused = |ceiling: Ceiling| ceiling.paused_by(now, &pauses);
        let total = total.map(paused);
        Ok(paused(grant).or_before(closes).or_before(total))
    }

    fn turn_away(self, visitor: &Visitor, reason: Refusal, verdict: Verdict) -> Decision {
        let member = Some(visitor.member);
        self.refuse(visitor.station, reason, false, member, verdict)
    }

    /// What is left of the day's total. Time nobody vouches for refuses nobody, and a day that does not end never gives back its total.
    fn total_left(self, visitor: &Visitor) -> Option<Ceiling> {
        let total = day_total_end(
            self.reference,
            self.today,
            TimeDelta::zero(),
            &visitor.member.id,
            self.context.now,
        );
        self.context.trusted.then_some(total)
    }

    /// Too late for anybody without a reservation; before a closure in the middle of the day they may come back.
    fn no_more_today(self) -> Closed {
        let closed = self.closed_because(ClosedBecause::Ended);
        let today = self.context.now.date_naive();
        match &closed.next_opening {
            Some(next) if next.date == today => Closed {
                reason: ClosedBecause::Break,
                ..closed
            },
            _ => closed,
        }
    }

    /// The best seat, and the best one with a PC where that is another. Both are held, so both together leave the plan whole.
    fn choices(
        self,
        situation: &Situation<'a>,
        needs: Features,
        ceiling: Ceiling,
        minimum: TimeDelta,
    ) -> Vec<Choice> {
        let now = self.context.now;
        let Some(first) = best_choice(situation, needs, now, ceiling, minimum) else {
            return Vec::new();
        };
        if first.pc {
            return vec![first];
        }
        let beside = situation.with_held(
            &first.seat,
            Busy::person(now.timestamp(), first.until.timestamp()),
        );
        let second = best_choice(
            &beside,
            Features { pc: true, ..needs },
            now,
            ceiling,
            minimum,
        );
        [Some(first), second].into_iter().flatten().collect()
    }

    /// When a seat is expected: the first promised end after which a seat is free long enough.
    fn full(self, situation: &Situation, needs: Features) -> Full {
        let (settings, now, board) = (&self.reference.settings, self.context.now, &situation.board);
        let closes = closing(self.reference, now, self.context.trusted);
        let minimum = minutes(settings.minimum_stay_min).num_seconds();
        let wants = situation.commitments();
        let planned = wants.iter().map(|want| want.to + board.gap());
        let mut ends: Vec<i64> = board.ends().chain(planned).collect();
        // Nobody knows when those leave who are over time.
        let soonest = held_until(now, now).timestamp() + board.gap();
        ends.retain(|end| *end > soonest);
        ends.sort_unstable();
        ends.dedup();
        let before_closing =
            minutes(settings.minimum_stay_min.max(settings.last_walk_in_min)).num_seconds();
        let in_time =
            |at: &i64| closes.is_none_or(|closes| at + before_closing <= closes.at.timestamp());
        let suits = |at: &i64| {
            let mut seats = board.free(needs, *at, at + minimum);
            seats.any(|seat| {
                board
                    .with(seat, Busy::person(*at, at + minimum))
                    .holds(&wants)
            })
        };
        let expected_free = ends
            .into_iter()
            .filter(in_time)
            .find(suits)
            .map(|at| moment(at, now));
        let remedy = if expected_free.is_some() {
            Remedy::ComeBack
        } else {
            Remedy::ReserveAnotherTime
        };
        Full {
            expected_free,
            day_total_used: false,
            remedy,
        }
    }

    pub(super) fn make_offer(
        self,
        visitor: &Visitor,
        choices: Vec<Choice>,
        bridge_to: Option<&ReservationId>,
        due: Option<&ReservationId>,
    ) -> (Event, OfferId) {
        let offer = self.context.offer_id();
        let made = Event::OfferMade {
            offer: offer.clone(),
            member: visitor.member.id.clone(),
            station: visitor.station.clone(),
            typed: visitor.typed,
            bridge_to: bridge_to.cloned(),
            reservation: due.cloned(),
            choices,
            held_until_ms: self.hold_end(),
        };
        (made, offer)
    }

    fn hold_end(self) -> u64 {
        self.context.uptime_ms + u64::from(self.reference.settings.offer_hold_s) * 1000
    }

    /// An offer that is still held.
    fn held(self, offer: &OfferId) -> Option<&'a Offer> {
        self.today
            .offers
            .get(offer)
            .filter(|offer| self.context.uptime_ms < offer.held_until_ms)
    }

    pub(super) fn choose(self, station: &StationId, id: &OfferId, choice: usize) -> Decision {
        let chosen = self.held(id).and_then(|offer| {
            let member = self.reference.members.get(&offer.member)?;
            let choice = offer.choices.get(choice)?;
            self.is_still_good(offer, member, choice)
                .then_some((offer, member, choice))
        });
        let Some((offer, member, choice)) = chosen else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let visitor = self.visitor(station, false, member, std::slice::from_ref(id));
        let mut decision = self.admit_to_seat(
            &visitor,
            choice,
            offer.reservation.as_ref(),
            Some((id, offer)),
        );
        decision.events.push(Event::OfferEnded {
            offer: id.clone(),
            reason: OfferEnd::Chosen,
        });
        decision
    }

    /// Whether nothing has happened since that the offer did not reckon with: what it holds is safe, but its holder may have come
    /// in elsewhere, and the office may have changed things.
    fn is_still_good(self, offer: &Offer, member: &Member, choice: &Choice) -> bool {
        let is_welcome = matches!(member.state, MemberState::Active | MemberState::Unverified);
        let is_open = |id: &ReservationId| {
            self.reference
                .reservation(id)
                .is_some_and(|one| !one.cancelled)
                && !self.today.is_used(id)
        };
        is_welcome
            && self.today.visit_of(&member.id).is_none()
            && self.today.closure_at(self.context.now).is_none()
            && !self.is_past(choice.until)
            && self.is_in_hours(choice)
            && self.reference.floor.seat(&choice.seat).is_some()
            && offer
                .bridge_to
                .iter()
                .chain(&offer.reservation)
                .all(is_open)
    }

    /// Whether the doors are open to the end of what was offered: a clock nobody vouched for knew of no closing.
    fn is_in_hours(self, choice: &Choice) -> bool {
        let ends = choice.goes_on_until.unwrap_or(choice.until);
        let (now, trusted) = (self.context.now, self.context.trusted);
        !trusted || closing(self.reference, now, true).is_some_and(|closes| ends <= closes.at)
    }

    fn is_past(self, moment: DateTime) -> bool {
        self.context.trusted && moment <= self.context.now
    }

    pub(super) fn hold(self, id: &OfferId) -> Decision {
        let Some(offer) = self.held(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let note = self
            .reference
            .members
            .get(&offer.member)
            .and_then(|member| self.visitor(&offer.station, false, member, &[]).note);
        let offered = Offered {
            offer: id.clone(),
            choices: offer.choices.clone(),
            held_s: self.reference.settings.offer_hold_s,
            next: self.next_appointment(&offer.member, offer.reservation.as_ref()),
            note,
        };
        let held = Event::OfferHeld {
            offer: id.clone(),
            held_until_ms: self.hold_end(),
        };
        Decision::answer(vec![held], Verdict::Offer(offered))
    }

    pub(super) fn decline(self, id: &OfferId) -> Decision {
        let known = self.today.offers.contains_key(id);
        let ended = Event::OfferEnded {
            offer: id.clone(),
            reason: OfferEnd::Declined,
        };
        Decision::silent(known.then_some(ended).into_iter().collect())
    }
}

pub(super) fn lapsed() -> Verdict {
    Verdict::Lapsed(Refused {
        remedy: Remedy::StartAgain,
    })
}
