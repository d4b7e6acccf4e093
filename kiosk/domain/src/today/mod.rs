//! What is true today: the events since `day.opened`, folded.

mod attendance;
mod fold;
mod guest;
mod incident;
mod lending;
mod queue;
mod rooms;
mod staff;
mod visit;

pub use fold::apply;
pub use guest::Guest;
pub use lending::{Lending, Loan};
pub(crate) use queue::Invited;
pub use queue::{Call, Queue, QueueEnd, Ticket};
pub use rooms::{AdviserNow, Consultation, Rooms};
pub use staff::{SignInErrors, StaffDay};
pub use visit::{Ended, Outing, PastUse, SeatPlace, Visit};

use crate::adviser::ConsultationOffer;
use crate::code::Code;
use crate::event::{Choice, SeatChange};
use crate::ids::{GuestId, MemberId, OfferId, ProgrammeId, ReservationId, StationId, VisitId};
use crate::incident::Incident;
use crate::reference::{DateTime, Reservation};
use crate::settings::Settings;
use crate::verdict::{Companions, Place, Verdict};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The state of one day at the door.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Today {
    /// The day that was opened last; none before the first.
    pub date: Option<NaiveDate>,
    /// Today's visits, ended ones too, and what earlier days left open.
    pub visits: BTreeMap<VisitId, Visit>,
    /// Guests who are inside.
    pub guests: BTreeMap<GuestId, Guest>,
    /// Offers being decided on.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Who waits for a seat.
    pub queue: Queue,
    /// Reservations nobody came for.
    pub no_shows: BTreeSet<ReservationId>,
    /// Reservations that fit nowhere, as last told.
    pub unplaced: BTreeSet<ReservationId>,
    /// Reservations on a standby list whose holders have come and wait.
    pub standby: BTreeSet<ReservationId>,
    /// The consultation rooms.
    pub rooms: Rooms,
    /// What is lent.
    pub lending: Lending,
    /// Members who have had their courtesy visit.
    pub courtesies: BTreeSet<MemberId>,
    /// Wrong numbers typed in a row, by station.
    pub mistyped: BTreeMap<StationId, Mistyped>,
    /// Unknown codes in a row, by station.
    pub unknown_codes: BTreeMap<StationId, u32>,
    /// What staff have brought about.
    pub staff: StaffDay,
    /// The emergency that is open; neither a restart nor midnight closes it.
    pub incident: Option<Incident>,
    /// Versions of the adopted collections.
    pub adopted: BTreeMap<String, u64>,
    /// The latest time that was vouched for; the clock is never below it.
    pub latest_trusted: Option<DateTime>,
    /// Open visits begun at a time nobody vouched for, and their uptime then, while it still tells how long ago that was.
    undated: BTreeMap<VisitId, Option<u64>>,
    /// The last answers at each station, for codes that are read twice. Not from events: it is worth seconds only.
    answers: BTreeMap<StationId, LastAnswer>,
}

/// What a day hands to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Visits that are still open.
    pub visits: Vec<Visit>,
    /// Members who have had their courtesy visit.
    pub courtesies: BTreeSet<MemberId>,
    /// Versions of the adopted collections.
    #[serde(default)]
    pub adopted: BTreeMap<String, u64>,
    /// On a card that takes over a day under way: reservations nobody came for.
    #[serde(default)]
    pub no_shows: BTreeSet<ReservationId>,
    /// Who may not sign in yet; on a card that takes over a day under way, all that staff have brought about.
    #[serde(default, skip_serializing_if = "StaffDay::is_empty")]
    pub staff: StaffDay,
    /// On such a card: who waits for a seat. The queue of one day is nothing to the next.
    #[serde(default, skip_serializing_if = "Queue::is_empty")]
    pub queue: Queue,
    /// Guests who are inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<Guest>,
    /// On such a card: who of a standby list has come and waits.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub standby: BTreeSet<ReservationId>,
    /// On such a card: the consultation rooms.
    #[serde(default, skip_serializing_if = "Rooms::is_unused")]
    pub rooms: Box<Rooms>,
    /// The emergency that is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Box<Incident>>,
    /// What is lent, and how the equipment is.
    #[serde(default, skip_serializing_if = "Lending::is_unused")]
    pub lending: Box<Lending>,
}

/// Seats put before a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// To whom.
    pub member: MemberId,
    /// Where.
    pub station: StationId,
    /// The later reservation it leads up to.
    pub bridge_to: Option<ReservationId>,
    /// The reservation it makes up for, whose own seat is not to be had.
    pub reservation: Option<ReservationId>,
    /// The stay it would move to another seat.
    pub changes: Option<SeatChange>,
    /// What may be chosen.
    pub choices: Vec<Choice>,
    /// A consultation besides.
    pub consultation: Option<ConsultationOffer>,
    /// The uptime at which it lapses, in milliseconds.
    pub held_until_ms: u64,
}

/// Wrong numbers typed at a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistyped {
    /// How many in a row.
    pub count: u32,
    /// The run's uptime when the last was typed, in milliseconds; 0 if that was in an earlier run.
    pub last_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct LastAnswer {
    code: Code,
    at_ms: u64,
    verdict: Verdict,
}

impl Today {
    /// Visits that go on, whoever of them has stepped out for a while included.
    pub fn inside(&self) -> impl Iterator<Item = &Visit> {
        self.visits.values().filter(|visit| visit.is_open())
    }

    /// The open visit of a member.
    pub fn visit_of(&self, member: &MemberId) -> Option<&Visit> {
        self.inside().find(|visit| &visit.member == member)
    }

    /// Whether somebody has come for this reservation.
    pub fn is_used(&self, reservation: &ReservationId) -> bool {
        self.visits.values().any(|visit| visit.uses(reservation))
    }

    /// The reservations somebody has come for.
    pub(crate) fn used_reservations(&self) -> BTreeSet<&ReservationId> {
        let reserved = self
            .visits
            .values()
            .flat_map(|visit| visit.used().map(move |used| (visit, used)));
        reserved
            .filter(|(visit, reservation)| visit.uses(reservation))
            .map(|(_, reservation)| reservation)
            .collect()
    }

    /// Those who take part in a programme now.
    pub fn attending(&self, programme: &ProgrammeId) -> impl Iterator<Item = &Visit> {
        self.inside().filter(move |visit| visit.attends(programme))
    }

    /// Whether its holder is inside and waits for it on another seat.
    pub fn is_bridged(&self, reservation: &ReservationId) -> bool {
        self.inside().any(|visit| {
            visit.reservation.is_none() && visit.bridge_to.as_ref() == Some(reservation)
        })
    }

    /// Whether its holder was inside, with whatever visit, at some time between its start and `until`.
    pub(crate) fn was_inside_for(&self, reservation: &Reservation, until: DateTime) -> bool {
        self.visits.values().any(|visit| {
            visit.member == reservation.member
                && visit.started_at <= until
                && visit
                    .ended
                    .is_none_or(|ended| ended.at >= reservation.starts)
        })
    }

    /// What a member's coworking has used of the day's total.
    pub fn used_today(&self, member: &MemberId) -> TimeDelta {
        let stays = self.visits.values().filter(|visit| &visit.member == member);
        stays.fold(TimeDelta::zero(), |sum, visit| sum + visit.counted())
    }

    /// The answer this station gave to the same code less than `repeat_scan_s` ago (rules section 2, point 0). An offer that is no
    /// longer open is not repeated, nor what has changed of a visit since.
    pub fn repeated_answer(
        &self,
        station: &StationId,
        code: &Code,
        uptime_ms: u64,
        settings: &Settings,
    ) -> Option<&Verdict> {
        let window_ms = u64::from(settings.repeat_scan_s) * 1000;
        let last = self.answers.get(station)?;
        if &last.code != code || uptime_ms.saturating_sub(last.at_ms) >= window_ms {
            return None;
        }
        let still_holds = match &last.verdict {
            Verdict::Offer(offered) => self.offers.contains_key(&offered.offer),
            Verdict::TooEarly(early) => early
                .bridge
                .as_ref()
                .is_none_or(|bridge| self.offers.contains_key(&bridge.offer)),
            Verdict::NoPlace(none) => none
                .seat
                .as_ref()
                .is_none_or(|seat| self.offers.contains_key(&seat.offer)),
            Verdict::Full(full) => full
                .ticket
                .as_ref()
                .is_none_or(|ticket| self.queue.is_invited(ticket)),
            // The door lets people in again, or there would be no looking here.
            Verdict::Emergency(_) => false,
            Verdict::Returned(told) => !self.lending.loans.contains_key(&told.equipment),
            Verdict::Waiting(waiting) => self.queue.waiting().any(|one| one.id == waiting.ticket),
            Verdict::Admitted(told) | Verdict::WelcomeBack(told) => {
                self.is_as_told(&told.visit, &told.place, told.until, told.companions)
            }
            Verdict::Inside(told) => {
                self.is_as_told(&told.visit, &told.place, told.until, told.companions)
            }
            _ => true,
        };
        still_holds.then_some(&last.verdict)
    }

    /// Whether a visit still is what its visitor was told: they are here, on that seat, until then.
    fn is_as_told(
        &self,
        visit: &VisitId,
        place: &Place,
        until: DateTime,
        companions: Companions,
    ) -> bool {
        self.visits.get(visit).is_some_and(|visit| {
            let sits_there = match place {
                Place::Seat { seat, .. } => {
                    visit.seat.as_ref().is_some_and(|place| &place.seat == seat)
                }
                Place::Programme { .. } | Place::Consultation => visit.seat.is_none(),
            };
            let is_here = visit.is_open() && visit.outing.is_none();
            is_here && sits_there && visit.until == until && visit.companions == companions.count
        })
    }

    /// Remembers an answer for [`Self::repeated_answer`].
    pub fn remember_answer(
        &mut self,
        station: StationId,
        code: Code,
        uptime_ms: u64,
        verdict: Verdict,
    ) {
        self.answers.insert(
            station,
            LastAnswer {
                code,
                at_ms: uptime_ms,
                verdict,
            },
        );
    }

    /// What the next day has to know.
    pub fn carried(&self) -> Carried {
        let visits = self.inside().cloned().collect();
        Carried {
            visits,
            courtesies: self.courtesies.clone(),
            adopted: self.adopted.clone(),
            no_shows: BTreeSet::new(),
            staff: self.staff.carried(),
            queue: Queue::default(),
            guests: self.guests.values().cloned().collect(),
            standby: BTreeSet::new(),
            rooms: Box::default(),
            incident: self.incident.clone().map(Box::new),
            lending: Box::new(self.lending.clone()),
        }
    }

    /// What another card has to know that takes over in the middle of the day: ended visits too, for they used up reservations
    /// and the day's total.
    pub fn handed_over(&self) -> Carried {
        Carried {
            visits: self.visits.values().cloned().collect(),
            no_shows: self.no_shows.clone(),
            staff: self.staff.in_another_run(),
            queue: self.queue.handed_over(),
            standby: self.standby.clone(),
            rooms: Box::new(self.rooms.clone()),
            ..self.carried()
        }
    }
}
