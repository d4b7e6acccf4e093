//! Walk-ins: what is possible now, and choosing from it (rules section 3, R14).

use super::scan::Visitor;
use super::{Case, Decision};
use crate::board::Busy;
use crate::event::{Choice, Event, LimitedBy, OfferEnd, Refusal};
use crate::floor::Features;
use crate::ids::{OfferId, ReservationId, StationId};
use crate::plan::Situation;
use crate::reference::DateTime;
use crate::settings::minutes;
use crate::stay::{Ceiling, best_choice, closing, day_total_end, moment};
use crate::today::Offer;
use crate::verdict::{ClosedBecause, Full, Note, Offered, Refused, Remedy, Verdict};

impl<'a> Case<'a> {
    /// The offer to somebody without a reservation, or whose reserved seat is not to be had.
    pub(super) fn walk_in(self, visitor: &Visitor, done: Option<&ReservationId>) -> Decision {
        let (settings, now) = (&self.reference.settings, self.context.now);
        let closes = closing(self.reference, now, self.context.trusted);
        let refuse = |reason, verdict| self.refuse(visitor.station, reason, false, Some(visitor.member), verdict);
        if closes.is_some_and(|closes| closes.at - now < minutes(settings.last_walk_in_min)) {
            return refuse(Refusal::Closed, Verdict::Closed(self.closed_because(ClosedBecause::Ended)));
        }
        let total = day_total_end(self.reference, self.today, chrono::TimeDelta::zero(), &visitor.member.id, now);
        if total.at - now < minutes(settings.minimum_stay_min) {
            let remedy = Remedy::ReserveAnotherTime;
            let full = Full { expected_free: None, day_total_used: true, remedy };
            return refuse(Refusal::DayTotal, Verdict::Full(full));
        }
        let ceiling = Ceiling::new(now + minutes(settings.coworking.grant_min), LimitedBy::Grant)
            .or_before(closes)
            .or_before(Some(total));
        let situation = self.situation(&visitor.ended);
        let situation = match done {
            Some(reservation) => situation.without(reservation).0,
            None => situation,
        };
        let choices = self.choices(situation, visitor.member.needs, ceiling);
        if choices.is_empty() {
            return refuse(Refusal::Full, Verdict::Full(self.full(visitor, closes)));
        }
        let (made, offer) = self.make_offer(visitor, choices.clone(), None);
        let offered = Offered {
            offer,
            choices,
            held_s: settings.offer_hold_s,
            next: self.next_appointment(visitor.member, done),
            note: visitor.note,
        };
        Decision::answer(vec![made], Verdict::Offer(offered))
    }

    /// The best seat, and the best one with a PC where that is another. Both are held, so both together leave the plan whole.
    fn choices(self, mut situation: Situation<'a>, needs: Features, ceiling: Ceiling) -> Vec<Choice> {
        let now = self.context.now;
        let minimum = minutes(self.reference.settings.minimum_stay_min);
        let Some(first) = best_choice(&situation, needs, now, ceiling, minimum) else {
            return Vec::new();
        };
        situation.board.occupy(&first.seat, Busy::person(now.timestamp(), first.until.timestamp()));
        let with_pc = Features { pc: true, ..needs };
        let second = if first.pc { None } else { best_choice(&situation, with_pc, now, ceiling, minimum) };
        [Some(first), second].into_iter().flatten().collect()
    }

    /// When a seat is expected: the first promised end after which a seat is free long enough.
    fn full(self, visitor: &Visitor, closes: Option<Ceiling>) -> Full {
        let now = self.context.now.timestamp();
        let situation = self.situation(&visitor.ended);
        let board = &situation.board;
        let minimum = minutes(self.reference.settings.minimum_stay_min).num_seconds();
        let needs = visitor.member.needs;
        let mut ends: Vec<i64> = (0..).map_while(|seat| board.seat(seat).map(|_| seat)).filter_map(|seat| board.free_again(seat, now)).collect();
        ends.sort_unstable();
        ends.dedup();
        let in_time = |at: &i64| closes.is_none_or(|closes| at + minimum <= closes.at.timestamp());
        let wants = situation.commitments();
        let suits = |at: &i64| {
            let mut seats = board.free(needs, *at, at + minimum);
            seats.any(|seat| board.with(seat, Busy::person(*at, at + minimum)).holds(&wants))
        };
        let expected_free = ends.into_iter().filter(in_time).find(suits).map(|at| moment(at, self.context.now));
        let remedy = if expected_free.is_some() { Remedy::ComeBack } else { Remedy::ReserveAnotherTime };
        Full { expected_free, day_total_used: false, remedy }
    }

    pub(super) fn make_offer(self, visitor: &Visitor, choices: Vec<Choice>, bridge_to: Option<&ReservationId>) -> (Event, OfferId) {
        let offer = self.context.offer_id(0);
        let made = Event::OfferMade {
            offer: offer.clone(),
            member: visitor.member.id.clone(),
            station: visitor.station.clone(),
            bridge_to: bridge_to.cloned(),
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
        self.today.offers.get(offer).filter(|offer| self.context.uptime_ms < offer.held_until_ms)
    }

    pub(super) fn choose(self, station: &StationId, id: &OfferId, choice: usize) -> Decision {
        let lapsed = || Decision::answer(Vec::new(), lapsed());
        let Some(offer) = self.held(id) else {
            return lapsed();
        };
        let (Some(choice), Some(member)) = (offer.choices.get(choice), self.reference.members.get(&offer.member)) else {
            return lapsed();
        };
        if self.today.visit_of(&member.id).is_some() || self.is_past(choice.until) {
            return lapsed();
        }
        let has_expired = self.context.trusted && member.valid_until < self.context.now.date_naive();
        let note = match member.state {
            _ if has_expired => Some(Note::Renew),
            crate::reference::MemberState::Unverified => Some(Note::ShowProof),
            _ => None,
        };
        let visitor = Visitor { member, station, note, courtesy: has_expired, ended: vec![id.clone()] };
        let mut decision = self.admit_to_seat(&visitor, choice, None, Some((id, offer.bridge_to.as_ref())));
        decision.events.push(Event::OfferEnded { offer: id.clone(), reason: OfferEnd::Chosen });
        decision
    }

    fn is_past(self, moment: DateTime) -> bool {
        self.context.trusted && moment <= self.context.now
    }

    pub(super) fn hold(self, id: &OfferId) -> Decision {
        let Some(offer) = self.held(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let offered = Offered {
            offer: id.clone(),
            choices: offer.choices.clone(),
            held_s: self.reference.settings.offer_hold_s,
            next: self.reference.members.get(&offer.member).and_then(|member| self.next_appointment(member, None)),
            note: None,
        };
        let held = Event::OfferHeld { offer: id.clone(), held_until_ms: self.hold_end() };
        Decision::answer(vec![held], Verdict::Offer(offered))
    }

    pub(super) fn decline(self, id: &OfferId) -> Decision {
        let known = self.today.offers.contains_key(id);
        let ended = Event::OfferEnded { offer: id.clone(), reason: OfferEnd::Declined };
        Decision::silent(known.then_some(ended).into_iter().collect())
    }
}

pub(super) fn lapsed() -> Verdict {
    Verdict::Lapsed(Refused { remedy: Remedy::StartAgain })
}
