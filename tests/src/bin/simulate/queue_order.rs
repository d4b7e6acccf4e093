//! Whether the queue is honest, looked for in the journal's entries alone.

use crate::promises::Broken;
use chrono::TimeDelta;
use domain::event::{Choice, Event};
use domain::floor::Features;
use domain::ids::{MemberId, OfferId, SeatId, TicketId};
use domain::reference::{DateTime, JST, Reference};
use std::collections::BTreeMap;

/// Somebody who waits.
#[derive(Clone, Debug)]
struct Waits {
    ticket: TicketId,
    member: MemberId,
    needs: Features,
    /// The seat they are called to.
    seat: Option<SeatId>,
}

/// Who waits, in order, and what was put before others since the desk last came to rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct QueueOrder {
    waits: Vec<Waits>,
    offered: BTreeMap<OfferId, MemberId>,
    new: Vec<(OfferId, Vec<Choice>)>,
}

impl QueueOrder {
    /// Takes an event in the order of the journal: nobody is called before somebody who waits for such a seat.
    pub(crate) fn take(
        &mut self,
        event: &Event,
        at: DateTime,
        reference: &Reference,
    ) -> Result<(), Broken> {
        match event {
            Event::RunStarted { .. } => {
                self.offered.clear();
                self.waits.iter_mut().for_each(|one| one.seat = None);
            }
            Event::DayOpened { .. } => self.waits.clear(),
            Event::QueueJoined {
                ticket,
                member,
                needs,
                ..
            } => self.waits.push(Waits {
                ticket: ticket.clone(),
                member: member.clone(),
                needs: *needs,
                seat: None,
            }),
            Event::QueueCalled { ticket, choice, .. } => {
                let before = self.waits.iter().take_while(|one| one.ticket != *ticket);
                overtaken(before, &choice.seat, ticket.as_str(), at, reference)?;
                let called = self.waits.iter_mut().filter(|one| one.ticket == *ticket);
                called.for_each(|one| one.seat = Some(choice.seat.clone()));
            }
            Event::QueueLapsed { ticket, excused } => self.lapse(ticket, *excused),
            Event::QueueLeft { ticket, .. } => self.waits.retain(|one| one.ticket != *ticket),
            Event::OfferMade {
                offer,
                member,
                choices,
                bridge_to,
                reservation,
                ..
            } => {
                // What was held for somebody stays theirs when they ask again.
                let had = self.offered.values().any(|other| other == member);
                if bridge_to.is_none() && reservation.is_none() && !had {
                    self.new.push((offer.clone(), choices.clone()));
                }
                self.offered.insert(offer.clone(), member.clone());
            }
            Event::OfferEnded { offer, .. } => drop(self.offered.remove(offer)),
            _ => {}
        }
        Ok(())
    }

    /// Once a decision's entries are all there: nobody was offered what somebody waits for. Whoever sits here already may take another
    /// seat for less time than anybody who waits would be given.
    pub(crate) fn at_rest(&mut self, at: DateTime, reference: &Reference) -> Result<(), Broken> {
        let shortest = TimeDelta::minutes(reference.settings.minimum_stay_min.into());
        for (offer, choices) in std::mem::take(&mut self.new) {
            let long = choices.iter().filter(|one| one.until - at >= shortest);
            for choice in long {
                overtaken(
                    self.waits.iter(),
                    &choice.seat,
                    offer.as_str(),
                    at,
                    reference,
                )?;
            }
        }
        Ok(())
    }

    /// Seats held for those who are called.
    pub(crate) fn held(&self) -> impl Iterator<Item = (&SeatId, String)> {
        let called = self.waits.iter();
        called.filter_map(|one| Some((one.seat.as_ref()?, format!("ticket {}", one.ticket))))
    }

    fn lapse(&mut self, ticket: &TicketId, excused: bool) {
        let Some(at) = self.waits.iter().position(|one| one.ticket == *ticket) else {
            return;
        };
        self.waits
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|one| one.seat = None);
        if !excused && at + 1 < self.waits.len() {
            self.waits.swap(at, at + 1);
        }
    }
}

/// Whether one of these waits, is not called and could use the seat. Whoever has a reservation of their own may have too little time.
fn overtaken<'a>(
    mut before: impl Iterator<Item = &'a Waits>,
    seat: &SeatId,
    by: &str,
    at: DateTime,
    reference: &Reference,
) -> Result<(), Broken> {
    let date = at.with_timezone(&JST).date_naive();
    let has_reserved = |member: &MemberId| {
        let mut today = reference.reservations_on(date);
        today.any(|one| &one.member == member)
    };
    let offers = reference.floor.seat(seat).map(|seat| seat.offers);
    let serves = |one: &Waits| offers.is_some_and(|offers| offers.serves(one.needs));
    let waits = before.find(|one| one.seat.is_none() && serves(one) && !has_reserved(&one.member));
    match waits {
        Some(waits) => Err(Broken::Overtaken {
            ticket: waits.ticket.clone(),
            seat: seat.clone(),
            by: by.to_owned(),
        }),
        None => Ok(()),
    }
}
