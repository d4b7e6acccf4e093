//! What is true today: the events since `day.opened`, folded.

use crate::code::Code;
use crate::event::{Activity, Choice, EndedBy, Entry, Event, LimitedBy, Refusal, Stamp};
use crate::ids::{CompanyId, MemberId, OfferId, ReservationId, SeatId, StationId, VisitId, ZoneId};
use crate::reference::{Category, DateTime, Reservation};
use crate::verdict::Verdict;
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
    /// Offers being decided on.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Reservations nobody came for.
    pub no_shows: BTreeSet<ReservationId>,
    /// Reservations that fit nowhere, as last told.
    pub unplaced: BTreeSet<ReservationId>,
    /// Members who have had their courtesy visit.
    pub courtesies: BTreeSet<MemberId>,
    /// Wrong numbers typed in a row, by station.
    pub mistyped: BTreeMap<StationId, Mistyped>,
    /// Unknown codes in a row, by station.
    pub unknown_codes: BTreeMap<StationId, u32>,
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
}

/// One person's visit 来所.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Whose.
    pub member: MemberId,
    /// The member's category then.
    pub category: Category,
    /// The member's company then.
    pub company: Option<CompanyId>,
    /// What it is for.
    pub activity: Activity,
    /// The reservation it fulfils.
    pub reservation: Option<ReservationId>,
    /// The later reservation it leads up to.
    pub bridge_to: Option<ReservationId>,
    /// When it began.
    pub started_at: DateTime,
    /// Until when it is promised.
    pub until: DateTime,
    /// What ends it.
    pub limited_by: LimitedBy,
    /// From when it counts toward the day's total.
    pub counts_from: DateTime,
    /// The seat, where it has one.
    pub seat: Option<SeatPlace>,
    /// Whether the promised end and the grace are past.
    pub overdue: bool,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// A seat and its zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatPlace {
    /// The seat.
    pub seat: SeatId,
    /// Its zone, as it was when the seat was promised.
    pub zone: ZoneId,
}

/// How and when a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// When.
    pub at: DateTime,
    /// By whom or what.
    pub by: EndedBy,
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
    /// What may be chosen.
    pub choices: Vec<Choice>,
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

impl Visit {
    /// Whether the visitor is still inside.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether it has used up its reservation. Whoever leaves a bridge before the reservation begins may still come for it.
    pub fn uses(&self, reservation: &ReservationId) -> bool {
        let is_bridge = self.bridge_to.as_ref() == Some(reservation);
        let left_before = is_bridge && self.ended.is_some_and(|ended| ended.at < self.counts_from);
        self.reservation.as_ref() == Some(reservation) && !left_before
    }

    /// How long it counts toward the day's total.
    pub fn counted(&self) -> TimeDelta {
        let end = self.ended.map_or(self.until, |ended| ended.at);
        (end - self.counts_from).max(TimeDelta::zero())
    }
}

impl Today {
    /// Visits whose people are inside.
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
            .filter_map(|visit| Some((visit, visit.reservation.as_ref()?)));
        reserved
            .filter(|(visit, reservation)| visit.uses(reservation))
            .map(|(_, reservation)| reservation)
            .collect()
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
        let stays = self
            .visits
            .values()
            .filter(|visit| &visit.member == member && visit.activity == Activity::Coworking);
        stays.fold(TimeDelta::zero(), |sum, visit| sum + visit.counted())
    }

    /// The answer this station gave to the same code less than `window_ms` ago (rules section 2, point 0). An offer that is no
    /// longer open is not repeated, nor a visit that has ended.
    pub fn repeated_answer(
        &self,
        station: &StationId,
        code: &Code,
        uptime_ms: u64,
        window_ms: u64,
    ) -> Option<&Verdict> {
        let last = self.answers.get(station)?;
        if &last.code != code || uptime_ms.saturating_sub(last.at_ms) >= window_ms {
            return None;
        }
        let is_open = |visit: &VisitId| self.visits.get(visit).is_some_and(Visit::is_open);
        let still_holds = match &last.verdict {
            Verdict::Offer(offered) => self.offers.contains_key(&offered.offer),
            Verdict::TooEarly(early) => early
                .bridge
                .as_ref()
                .is_none_or(|bridge| self.offers.contains_key(&bridge.offer)),
            Verdict::Admitted(admitted) => is_open(&admitted.visit),
            Verdict::Inside(inside) => is_open(&inside.visit),
            _ => true,
        };
        still_holds.then_some(&last.verdict)
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
        }
    }

    /// What another card has to know that takes over in the middle of the day: ended visits too, for they used up reservations
    /// and the day's total.
    pub fn handed_over(&self) -> Carried {
        Carried {
            visits: self.visits.values().cloned().collect(),
            no_shows: self.no_shows.clone(),
            ..self.carried()
        }
    }

    fn open_day(&mut self, date: NaiveDate, carried: &Carried) {
        *self = Self {
            date: Some(date),
            visits: carried
                .visits
                .iter()
                .map(|visit| (visit.id.clone(), visit.clone()))
                .collect(),
            courtesies: carried.courtesies.clone(),
            adopted: carried.adopted.clone(),
            no_shows: carried.no_shows.clone(),
            answers: std::mem::take(&mut self.answers),
            latest_trusted: self.latest_trusted,
            undated: std::mem::take(&mut self.undated),
            ..Self::default()
        };
    }

    fn refuse(&mut self, station: &StationId, reason: Refusal, typed: bool, uptime_ms: u64) {
        if typed && matches!(reason, Refusal::MistypedNumber | Refusal::Unknown) {
            let tries = self.mistyped.entry(station.clone()).or_insert(Mistyped {
                count: 0,
                last_ms: 0,
            });
            *tries = Mistyped {
                count: tries.count + 1,
                last_ms: uptime_ms,
            };
        } else if reason == Refusal::Unknown {
            *self.unknown_codes.entry(station.clone()).or_default() += 1;
        }
    }

    /// Uptime begins again: offers end, and what was measured in it is no longer known.
    fn begin_run(&mut self) {
        self.offers.clear();
        self.answers.clear();
        self.mistyped
            .values_mut()
            .for_each(|tries| tries.last_ms = 0);
        self.undated
            .values_mut()
            .for_each(|uptime_ms| *uptime_ms = None);
    }

    /// A scan says nothing of numbers: whoever tries them out cannot begin anew by holding up a pass.
    fn recognise(&mut self, station: &StationId, typed: bool) {
        if typed {
            self.mistyped.remove(station);
        } else {
            self.unknown_codes.remove(station);
        }
    }

    /// Dates visits that began at an unknown time, by how long ago that was; of an earlier run's, only that they are here now.
    fn date_visits(&mut self, stamp: &Stamp) {
        for (id, uptime_ms) in std::mem::take(&mut self.undated) {
            let Some(visit) = self.visits.get_mut(&id).filter(|visit| visit.is_open()) else {
                continue;
            };
            let ago = uptime_ms.map_or(0, |uptime_ms| stamp.uptime_ms.saturating_sub(uptime_ms));
            let started =
                stamp.at - TimeDelta::milliseconds(i64::try_from(ago).unwrap_or(i64::MAX / 2));
            let shift = started - visit.started_at;
            // A length was promised, or a time of day that the office had set.
            if matches!(visit.limited_by, LimitedBy::Grant | LimitedBy::DayTotal)
                || visit.until < started
            {
                visit.until += shift;
            }
            if visit.counts_from == visit.started_at {
                visit.counts_from = started;
            }
            visit.started_at = started;
        }
    }

    fn change(&mut self, visit: &VisitId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.visits.get_mut(visit) {
            change(visit);
        }
    }
}

/// Folds one event into the day. Reads the event and its stamp and nothing else, so that replay ends where the day was.
pub fn apply(today: &mut Today, entry: &Entry) {
    let stamp = &entry.stamp;
    if stamp.trusted {
        today.latest_trusted = today.latest_trusted.max(Some(stamp.at));
    }
    if matches!(entry.event, Event::RunStarted { .. }) {
        today.begin_run();
    }
    if stamp.trusted && !today.undated.is_empty() {
        today.date_visits(stamp);
    }
    match &entry.event {
        Event::RunStarted { .. } | Event::ClockTrusted {} | Event::StaffCalled { .. } => {}
        Event::DayOpened { date, carried } => today.open_day(*date, carried),
        Event::CollectionAdopted { name, version, .. } => {
            today.adopted.insert(name.clone(), *version);
        }
        Event::VisitStarted {
            visit,
            station,
            typed,
            ..
        } => {
            today.recognise(station, *typed);
            start_visit(today, &entry.event);
            if !stamp.trusted {
                today.undated.insert(visit.clone(), Some(stamp.uptime_ms));
            }
        }
        Event::SeatAssigned {
            visit,
            seat,
            zone,
            until,
            limited_by,
            counts_from,
            reservation,
        } => {
            if let Some(reservation) = reservation {
                today.unplaced.remove(reservation);
            }
            today.change(visit, |visit| {
                visit.seat = Some(SeatPlace {
                    seat: seat.clone(),
                    zone: zone.clone(),
                });
                visit.until = *until;
                visit.limited_by = *limited_by;
                visit.counts_from = *counts_from;
                visit.overdue = false;
                visit.reservation = reservation.clone();
            });
        }
        Event::OfferMade {
            offer,
            member,
            station,
            typed,
            bridge_to,
            reservation,
            choices,
            held_until_ms,
        } => {
            today.recognise(station, *typed);
            let made = Offer {
                member: member.clone(),
                station: station.clone(),
                bridge_to: bridge_to.clone(),
                reservation: reservation.clone(),
                choices: choices.clone(),
                held_until_ms: *held_until_ms,
            };
            today.offers.insert(offer.clone(), made);
        }
        Event::OfferHeld {
            offer,
            held_until_ms,
        } => {
            if let Some(offer) = today.offers.get_mut(offer) {
                offer.held_until_ms = *held_until_ms;
            }
        }
        Event::OfferEnded { offer, .. } => {
            today.offers.remove(offer);
        }
        Event::VisitExtended {
            visit,
            until,
            limited_by,
        } => today.change(visit, |visit| {
            visit.until = *until;
            visit.limited_by = *limited_by;
            visit.overdue = false;
        }),
        Event::VisitOverdue { visit, .. } => today.change(visit, |visit| visit.overdue = true),
        Event::VisitEnded {
            visit,
            ended_by,
            ended_at,
            ..
        } => {
            today.change(visit, |visit| {
                visit.ended = Some(Ended {
                    at: *ended_at,
                    by: *ended_by,
                })
            });
        }
        Event::ReservationNoShow { reservation, .. } => {
            today.no_shows.insert(reservation.clone());
            today.unplaced.remove(reservation);
        }
        Event::ReservationUnplaced { reservation } => {
            today.unplaced.insert(reservation.clone());
        }
        Event::ReservationPlaced { reservation } => {
            today.unplaced.remove(reservation);
        }
        Event::ScanRefused {
            station,
            reason,
            typed,
            ..
        } => today.refuse(station, *reason, *typed, stamp.uptime_ms),
    }
}

fn start_visit(today: &mut Today, event: &Event) {
    let Event::VisitStarted {
        visit,
        member,
        category,
        company,
        activity,
        reservation,
        bridge_to,
        courtesy,
        started_at,
        until,
        ..
    } = event
    else {
        return;
    };
    if *courtesy {
        today.courtesies.insert(member.clone());
    }
    let started = Visit {
        id: visit.clone(),
        member: member.clone(),
        category: *category,
        company: company.clone(),
        activity: activity.clone(),
        reservation: reservation.clone(),
        bridge_to: bridge_to.clone(),
        started_at: *started_at,
        until: *until,
        limited_by: LimitedBy::OwnReservation,
        counts_from: *started_at,
        seat: None,
        overdue: false,
        ended: None,
    };
    today.visits.insert(visit.clone(), started);
}
