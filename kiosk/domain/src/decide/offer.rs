//! Walk-ins: what is possible now, and choosing from it (rules section 3, R14).

use super::scan::Visitor;
use super::{Case, Decision};
use crate::adviser::ConsultationOffer;
use crate::board::Busy;
use crate::event::{Choice, Event, LimitedBy, OfferEnd, Refusal};
use crate::floor::Features;
use crate::ids::{MemberId, OfferId, ReservationId, StationId};
use crate::plan::Situation;
use crate::reference::{DateTime, Member, Reservation};
use crate::settings::minutes;
use crate::stay::{Ceiling, best_choice, closing, day_total_end, end_of_day, pauses};
use crate::today::Offer;
use crate::verdict::{Closed, ClosedBecause, Full, Offered, Refused, Remedy, Verdict};
use crate::wait::Turn;
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
        let (situation, ahead) = match due {
            Some((reservation, _)) => {
                let (situation, _) = self.situation(&visitor.ended).without(&reservation.id);
                (situation, Vec::new())
            }
            None => self.behind_queue(&visitor.member.id, &visitor.ended),
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
        match due {
            Some(_) if choices.is_empty() => self.full_for_reserved(visitor, &situation),
            None if choices.is_empty() => self.full(visitor, &situation, &ahead),
            _ => self.offer(
                visitor,
                choices,
                due.map(|(reservation, _)| &reservation.id),
            ),
        }
    }

    fn offer(
        self,
        visitor: &Visitor,
        choices: Vec<Choice>,
        due: Option<&ReservationId>,
    ) -> Decision {
        let consultation = self.consultation_for(visitor).filter(|_| due.is_none());
        let (made, offer) = self.make_offer(visitor, choices.clone(), consultation, None, due);
        let offered = Offered {
            offer,
            choices,
            consultation,
            held_s: self.reference.settings.offer_hold_s,
            next: self.next_appointment(&visitor.member.id, due),
            note: visitor.note,
            changes: None,
        };
        Decision::answer(vec![made], Verdict::Offer(offered))
    }

    /// The latest anybody may stay who comes now, whatever the seat; or the refusal of somebody who comes too late, or too often today.
    /// Neither stands between people and what they have reserved.
    fn longest_stay(self, visitor: &Visitor, has_reserved: bool) -> Result<Ceiling, Box<Decision>> {
        let (settings, now) = (&self.reference.settings, self.context.now);
        let member = visitor.member;
        if !has_reserved && !self.takes_walk_ins() {
            let closed = self.for_one_who_waited(member, self.no_more_today());
            let closed = Verdict::Closed(closed);
            return Err(Box::new(self.turn_away(visitor, Refusal::Closed, closed)));
        }
        let total = self.total_left(&member.id).filter(|_| !has_reserved);
        if total.is_some_and(|total| total.at - now < minutes(settings.minimum_stay_min)) {
            let full = Verdict::Full(Full {
                expected_free: None,
                day_total_used: true,
                waiting: 0,
                wait: None,
                lock_min: settings.call_lock_min,
                ticket: None,
                remedy: Remedy::ReserveAnotherTime,
            });
            return Err(Box::new(self.turn_away(visitor, Refusal::DayTotal, full)));
        }
        Ok(self.ceiling(&member.id, minutes(settings.coworking.grant_min), total))
    }

    /// Whether it is not too late for somebody without a reservation.
    pub(super) fn takes_walk_ins(self) -> bool {
        let last = minutes(self.reference.settings.last_walk_in_min);
        let now = self.context.now;
        let closes = closing(self.reference, now, self.context.trusted);
        closes.is_none_or(|closes| closes.at - now >= last)
    }

    /// The end of a stay of this length from now, whatever the seat.
    pub(super) fn ceiling(
        self,
        member: &MemberId,
        grant: TimeDelta,
        total: Option<Ceiling>,
    ) -> Ceiling {
        let now = self.context.now;
        let pauses = pauses(self.reference, member, now, end_of_day(now));
        let paused = |ceiling: Ceiling| ceiling.paused_by(now, &pauses);
        paused(Ceiling::new(now + grant, LimitedBy::Grant))
            .or_before(closing(self.reference, now, self.context.trusted))
            .or_before(total.map(paused))
    }

    pub(super) fn turn_away(
        self,
        visitor: &Visitor,
        reason: Refusal,
        verdict: Verdict,
    ) -> Decision {
        let member = Some(visitor.member);
        self.refuse(visitor.station, reason, false, member, verdict)
    }

    /// What is left of the day's total. Time nobody vouches for refuses nobody, and a day that does not end never gives back its total.
    pub(super) fn total_left(self, member: &MemberId) -> Option<Ceiling> {
        let total = day_total_end(
            self.reference,
            self.today,
            TimeDelta::zero(),
            member,
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

    /// No seat for somebody whose reserved one is taken: they come first as soon as the plan finds one, so there is no number to take.
    fn full_for_reserved(self, visitor: &Visitor, situation: &Situation) -> Decision {
        let turn = Turn::new(self.reference, self.context);
        let expected_free = turn.after(situation, &[], visitor.member.needs);
        let remedy = if expected_free.is_some() {
            Remedy::ComeBack
        } else {
            Remedy::ReserveAnotherTime
        };
        let full = Full {
            expected_free,
            day_total_used: false,
            waiting: 0,
            wait: None,
            lock_min: self.reference.settings.call_lock_min,
            ticket: None,
            remedy,
        };
        self.turn_away(visitor, Refusal::Full, Verdict::Full(full))
    }

    pub(super) fn make_offer(
        self,
        visitor: &Visitor,
        choices: Vec<Choice>,
        consultation: Option<ConsultationOffer>,
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
            changes: None,
            choices,
            consultation,
            held_until_ms: self.hold_end(),
        };
        (made, offer)
    }

    pub(super) fn hold_end(self) -> u64 {
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
        let held = self.held(id);
        let change = held.and_then(|offer| Some((offer, offer.changes.as_ref()?)));
        if let Some((offer, change)) = change {
            return self.change_seat(id, offer, change, choice);
        }
        let wanted = held.filter(|offer| choice == offer.choices.len());
        if let Some(consultation) = wanted.and_then(|offer| offer.consultation) {
            return self.choose_consultation(station, id, consultation);
        }
        let chosen = held.and_then(|offer| {
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

    /// The consultation was chosen: with a seat meanwhile, where every adviser is with somebody and there is one.
    fn choose_consultation(
        self,
        station: &StationId,
        id: &OfferId,
        consultation: ConsultationOffer,
    ) -> Decision {
        let holder = self.held(id).and_then(|offer| {
            let member = self.reference.members.get(&offer.member)?;
            let is_new = self.today.visit_of(&member.id).is_none();
            (is_new && !self.is_past(consultation.until)).then_some((offer, member))
        });
        let Some((offer, member)) = holder else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let visitor = self.visitor(station, false, member, std::slice::from_ref(id));
        let seat = offer.choices.first().filter(|choice| {
            consultation.wait.is_some() && self.is_still_good(offer, member, choice)
        });
        let mut decision = match seat {
            Some(seat) => {
                let seated = self.admit_to_seat(&visitor, seat, None, Some((id, offer)));
                self.awaiting(&visitor, self.context.visit_id(), seated)
            }
            None => self.admit_to_wait(&visitor, id, consultation),
        };
        decision.events.push(Event::OfferEnded {
            offer: id.clone(),
            reason: OfferEnd::Chosen,
        });
        decision
    }

    /// Whether nothing has happened since that the offer did not reckon with: what it holds is safe, but its holder may have come
    /// in elsewhere, and the office may have changed things.
    fn is_still_good(self, offer: &Offer, member: &Member, choice: &Choice) -> bool {
        let is_welcome = member.state.is_welcome();
        let is_open = |id: &ReservationId| {
            self.reference
                .reservation(id)
                .is_some_and(|one| !one.cancelled)
                && !self.today.is_used(id)
        };
        is_welcome
            && self.today.visit_of(&member.id).is_none()
            && self.today.closure_at(self.context.now).is_none()
            && self.can_be_had(choice)
            && offer
                .bridge_to
                .iter()
                .chain(&offer.reservation)
                .all(is_open)
    }

    /// Whether a seat that is held can still be given: its time is not over, and it is still there.
    pub(super) fn can_be_had(self, choice: &Choice) -> bool {
        !self.is_past(choice.until)
            && self.is_in_hours(choice)
            && self.reference.floor.seat(&choice.seat).is_some()
    }

    /// Whether the doors are open to the end of what was offered: a clock nobody vouched for knew of no closing.
    fn is_in_hours(self, choice: &Choice) -> bool {
        let ends = choice.goes_on_until.unwrap_or(choice.until);
        let (now, trusted) = (self.context.now, self.context.trusted);
        !trusted || closing(self.reference, now, true).is_some_and(|closes| ends <= closes.at)
    }

    pub(super) fn is_past(self, moment: DateTime) -> bool {
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
            consultation: offer.consultation,
            held_s: self.reference.settings.offer_hold_s,
            next: self.next_appointment(&offer.member, offer.reservation.as_ref()),
            note,
            changes: offer.changes.clone(),
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
