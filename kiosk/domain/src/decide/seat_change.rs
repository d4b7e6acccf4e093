//! Another seat for somebody who has one: offered and held like a walk-in's, taken by one event.
//!
//! While the visitor decides, the seat they have counts as taken to its promised end, so whatever is held beside it leaves the plan whole
//! both ways: if they move and if they stay.

use super::offer::lapsed;
use super::scan::ends;
use super::{Case, Decision};
use crate::board::Busy;
use crate::event::{Activity, Choice, Event, OfferEnd, SeatChange};
use crate::floor::Features;
use crate::ids::{OfferId, StationId, VisitId};
use crate::plan::Situation;
use crate::settings::minutes;
use crate::stay::{best_choice, pauses};
use crate::today::{Offer, SeatPlace, Visit};
use crate::verdict::{Offered, Refused, Remedy, Verdict};
use chrono::TimeDelta;

/// More seats than this side by side are no help in choosing.
const MOST_SEATS: usize = 3;

impl<'a> Case<'a> {
    /// Whether another seat can be asked for: there must be time left to sit on it.
    pub(super) fn may_change_seat(self, visit: &Visit) -> bool {
        visit.seat.is_some() && visit.activity == Activity::Coworking && !self.is_past(visit.until)
    }

    /// Offers the other seats that are free now.
    pub(super) fn other_seats(self, station: &StationId, id: &VisitId) -> Decision {
        let visit = self
            .open_visit(id)
            .filter(|visit| visit.outing.is_none() && self.may_change_seat(visit));
        let member = visit.and_then(|visit| self.reference.members.get(&visit.member));
        let (Some(visit), Some(member), Some(place)) =
            (visit, member, visit.and_then(|visit| visit.seat.as_ref()))
        else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let ended = self.superseded(station, Some(member));
        let ends = ends(ended.clone());
        // Those who wait come first.
        let (situation, _) = self.behind_queue(&member.id, &ended);
        let choices = self.seats_beside(situation, member.needs, visit);
        if choices.is_empty() {
            let verdict = Verdict::NoOtherSeat(Refused {
                remedy: Remedy::SeeStaff,
            });
            return Decision::answer(ends.collect(), verdict);
        }
        let (made, offered) = self.offer_change(station, visit, place, choices);
        let events = [made].into_iter().chain(ends).collect();
        Decision::answer(events, Verdict::Offer(offered))
    }

    fn offer_change(
        self,
        station: &StationId,
        visit: &Visit,
        place: &SeatPlace,
        choices: Vec<Choice>,
    ) -> (Event, Offered) {
        let offer = self.context.offer_id();
        let changes = Some(SeatChange {
            visit: visit.id.clone(),
            seat: place.seat.clone(),
            until: visit.until,
        });
        let made = Event::OfferMade {
            offer: offer.clone(),
            member: visit.member.clone(),
            station: station.clone(),
            typed: false,
            bridge_to: None,
            reservation: None,
            changes: changes.clone(),
            choices: choices.clone(),
            consultation: None,
            held_until_ms: self.hold_end(),
        };
        let offered = Offered {
            offer,
            choices,
            consultation: None,
            held_s: self.reference.settings.offer_hold_s,
            next: self.next_appointment(&visit.member, visit.reservation.as_ref()),
            note: None,
            changes,
        };
        (made, offered)
    }

    /// The best seat for what the member needs, the best with something that one has not, then the next best.
    pub(super) fn seats_beside(
        self,
        situation: Situation<'a>,
        needs: Features,
        visit: &Visit,
    ) -> Vec<Choice> {
        let now = self.context.now;
        let ceiling = self.longest_elsewhere(visit);
        let shortest = minutes(self.reference.settings.minimum_stay_min)
            .min(visit.until - now)
            .max(TimeDelta::minutes(1));
        let (pc, power, calls) = (true, true, true);
        let wishes = [
            needs,
            Features { pc, ..needs },
            Features { power, ..needs },
            Features { calls, ..needs },
            needs,
            needs,
        ];
        let (mut situation, mut choices) = (situation, Vec::<Choice>::new());
        for wish in wishes {
            let offers = |choice: &Choice| self.reference.floor.seat(&choice.seat);
            let mut found = choices.iter().filter_map(offers);
            let is_met = wish != needs && found.any(|seat| seat.offers.serves(wish));
            if choices.len() == MOST_SEATS || is_met {
                continue;
            }
            if let Some(choice) = best_choice(&situation, wish, now, ceiling, shortest) {
                let busy = Busy::person(now.timestamp(), choice.until.timestamp());
                situation = situation.with_held(&choice.seat, busy);
                choices.push(choice);
            }
        }
        choices
    }

    pub(super) fn change_seat(
        self,
        id: &OfferId,
        offer: &Offer,
        change: &SeatChange,
        choice: usize,
    ) -> Decision {
        let chosen = self
            .open_visit(&change.visit)
            .zip(offer.choices.get(choice))
            .filter(|(visit, choice)| self.is_change_still_good(visit, change, choice));
        let Some((visit, choice)) = chosen else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let changed = Event::SeatChanged {
            visit: change.visit.clone(),
            seat: choice.seat.clone(),
            zone: choice.zone.clone(),
            until: choice.until,
            limited_by: choice.limited_by,
            offer: id.clone(),
            pauses: pauses(
                self.reference,
                &visit.member,
                visit.started_at,
                choice.until,
            ),
        };
        let after = self.context.after(self.today, &changed);
        let case = Case {
            today: &after,
            ..self
        };
        let moved = case
            .open_visit(&change.visit)
            .and_then(|visit| case.as_it_stands(visit));
        let Some(moved) = moved else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let ended = Event::OfferEnded {
            offer: id.clone(),
            reason: OfferEnd::Chosen,
        };
        Decision::answer(vec![changed, ended], Verdict::SeatChanged(moved))
    }

    /// Whether the visitor still has what the offer was compared with, and the seat can still be had so.
    fn is_change_still_good(self, visit: &Visit, change: &SeatChange, choice: &Choice) -> bool {
        let sits_there = |place: &SeatPlace| place.seat == change.seat;
        visit.seat.as_ref().is_some_and(sits_there)
            && visit.until == change.until
            && self.can_be_had(choice)
    }

    /// Offers to move this stay, which are over once something else becomes of it.
    pub(super) fn ended_changes(self, visit: &VisitId) -> impl Iterator<Item = Event> {
        let of_visit = |offer: &Offer| {
            let changes = offer.changes.as_ref();
            changes.is_some_and(|change| &change.visit == visit)
        };
        let ended: Vec<_> = self
            .today
            .offers
            .iter()
            .filter(|(_, offer)| of_visit(offer))
            .map(|(id, _)| Event::OfferEnded {
                offer: id.clone(),
                reason: OfferEnd::Superseded,
            })
            .collect();
        ended.into_iter()
    }
}
