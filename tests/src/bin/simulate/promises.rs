//! What must never happen, looked for in the journal's entries alone.
//!
//! [`Promises`] folds entries in a way of its own, far simpler than `domain::apply`, so that a fault in the rules is not a fault in
//! what watches them. It asks the reference for what no event carries: the floor, programmes, opening hours.

mod lending;
mod people;
mod seats;

use crate::queue_order::QueueOrder;
use chrono::{NaiveTime, TimeDelta};
use domain::attendance::AttendanceStarted;
use domain::event::{Activity, Choice, EndedBy, Entry, Event};
use domain::ids::{
    EquipmentId, GuestId, MemberId, OfferId, ProgrammeId, ReservationId, SeatId, TicketId, VisitId,
};
use domain::reference::{DateTime, JST, Reference};
use seats::{not_in_programme, suits};
use std::collections::{BTreeMap, BTreeSet};

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("seat {seat} is held by {one} and by {other}")]
    SeatHeldTwice {
        seat: SeatId,
        one: String,
        other: String,
    },
    #[error("{member} is inside twice, as {visit} too")]
    InsideTwice { member: MemberId, visit: VisitId },
    #[error("{visit} was moved from {from} to {to}, and no bridge ended")]
    Moved {
        visit: VisitId,
        from: SeatId,
        to: SeatId,
    },
    #[error("{visit} was promised {promised} and is to end {now}")]
    Shortened {
        visit: VisitId,
        promised: DateTime,
        now: DateTime,
    },
    #[error(
        "{visit} moved to {seat} until {until}, which was not put before its visitor like that"
    )]
    NotAsChosen {
        visit: VisitId,
        seat: SeatId,
        until: DateTime,
    },
    #[error("{what}: {inside} are inside, and there is room for {room}")]
    OverCapacity {
        what: String,
        inside: usize,
        room: usize,
    },
    #[error("{visit} got {seat}, which {why}")]
    WrongSeat {
        visit: VisitId,
        seat: SeatId,
        why: &'static str,
    },
    #[error("{visit} should have ended at {closing}, and {at} there is no record of it")]
    InsideAfterClosing {
        visit: VisitId,
        closing: DateTime,
        at: DateTime,
    },
    #[error(
        "the guest {guest} should have been gone at {closing}, and {at} there is no record of it"
    )]
    GuestAfterClosing {
        guest: GuestId,
        closing: DateTime,
        at: DateTime,
    },
    #[error("{equipment} was lent, which {why}")]
    WrongLoan {
        equipment: EquipmentId,
        why: &'static str,
    },
    #[error("{visit} is forgotten: open the evening before, and not carried into the day")]
    Forgotten { visit: VisitId },
    #[error("{by} got {seat} before {ticket}, which waits for such a seat")]
    Overtaken {
        ticket: TicketId,
        seat: SeatId,
        by: String,
    },
    #[error("the journal speaks of {0}, which never began or is over")]
    Unknown(VisitId),
    #[error("refused without a fitting remedy: {0}")]
    NoRemedy(String),
    #[error("replaying the journal gives another {0}")]
    ReplayDiffers(&'static str),
    #[error("the same question has two answers: {0}")]
    TwoAnswers(String),
    #[error("a record does not come back as it was written: {0}")]
    RecordLost(String),
    #[error("the desk never comes to rest: it wakes again and again at {0}")]
    NoRest(DateTime),
}

impl Broken {
    /// The promise, as it is called in `summary.json`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::SeatHeldTwice { .. } | Self::InsideTwice { .. } => "seats_held_twice",
            Self::Moved { .. } | Self::Shortened { .. } | Self::NotAsChosen { .. } => {
                "visitors_displaced"
            }
            Self::Overtaken { .. } => "queue_order",
            Self::OverCapacity { .. } | Self::WrongSeat { .. } => "capacity_exceeded",
            Self::InsideAfterClosing { .. }
            | Self::GuestAfterClosing { .. }
            | Self::Forgotten { .. }
            | Self::Unknown(_) => "inside_after_closing",
            Self::WrongLoan { .. } => "loans_that_must_not_be",
            Self::NoRemedy(_) => "refusals_without_remedy",
            Self::ReplayDiffers(_)
            | Self::TwoAnswers(_)
            | Self::RecordLost(_)
            | Self::NoRest(_) => "replays_that_differ",
        }
    }
}

/// Somebody inside, as the journal has told.
#[derive(Clone, Debug)]
struct Inside {
    member: MemberId,
    activity: Activity,
    /// The programme they take part in.
    attends: Option<ProgrammeId>,
    /// The reservation the stay fulfils, and the one it leads up to.
    reservation: Option<ReservationId>,
    bridge_to: Option<ReservationId>,
    started_at: DateTime,
    seat: Option<SeatId>,
    /// Until when they may stay: this can only become later.
    until: DateTime,
    /// Whether the promise was made by a clock that can be relied on. One that cannot knows of no closing and no programme.
    dated: bool,
}

/// The watch over a journal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Promises {
    inside: BTreeMap<VisitId, Inside>,
    offers: BTreeMap<OfferId, Vec<Choice>>,
    queue: QueueOrder,
    changes: people::Changes,
    guests: people::Guests,
    lent: lending::Lent,
}

impl Promises {
    /// Takes one entry in the order of the journal; the reference is the one in force then.
    pub(crate) fn take(&mut self, entry: &Entry, reference: &Reference) -> Result<(), Broken> {
        self.queue.take(&entry.event, entry.stamp.at, reference)?;
        self.take_guest(entry);
        self.take_loan(entry, reference)?;
        match &entry.event {
            Event::RunStarted { .. } => self.offers.clear(),
            Event::DayOpened { carried, .. } => {
                let carried: BTreeSet<_> = carried.visits.iter().map(|visit| &visit.id).collect();
                if let Some(visit) = self.inside.keys().find(|visit| !carried.contains(visit)) {
                    return Err(Broken::Forgotten {
                        visit: visit.clone(),
                    });
                }
            }
            Event::VisitStarted { .. } => return self.begin(entry, reference),
            Event::SeatAssigned { visit, .. } => {
                let was = self.known(visit)?.clone();
                return self.assign(entry, &was, reference);
            }
            Event::SeatChanged { visit, .. } => {
                let was = self.known(visit)?.clone();
                return self.change_seat(entry, &was, reference);
            }
            Event::VisitExtended { visit, until, .. } => {
                return self.extend(entry, visit, *until, reference);
            }
            Event::VisitEnded {
                visit,
                ended_by,
                ended_at,
                ..
            } => {
                let was = self.known(visit)?;
                if *ended_by == EndedBy::Closing && was.dated {
                    not_shorter(visit, was.until, *ended_at)?;
                }
                self.inside.remove(visit);
            }
            Event::AttendanceStarted(started) => return self.attend(started, reference),
            Event::AttendanceEnded(ended) => {
                self.known(&ended.visit)?;
                if let Some(is) = self.inside.get_mut(&ended.visit) {
                    is.attends = None;
                }
            }
            Event::OfferMade {
                offer,
                choices,
                changes,
                ..
            } => {
                self.offers.insert(offer.clone(), choices.clone());
                self.changes
                    .extend(changes.clone().map(|had| (offer.clone(), had)));
            }
            Event::OfferEnded { offer, .. } => drop(self.offers.remove(offer)),
            _ => {}
        }
        Ok(())
    }

    /// Looks at what is true once a decision's entries are all there.
    pub(crate) fn at_rest(
        &mut self,
        now: DateTime,
        trusted: bool,
        reference: &Reference,
    ) -> Result<(), Broken> {
        self.queue.at_rest(now, reference)?;
        let mut held: BTreeMap<&SeatId, String> = BTreeMap::new();
        let sitting = self
            .inside
            .iter()
            .filter_map(|(visit, is)| Some((is.seat.as_ref()?, format!("visit {visit}"))));
        let offered = self.offers.iter().flat_map(|(offer, choices)| {
            choices
                .iter()
                .map(move |choice| (&choice.seat, format!("offer {offer}")))
        });
        for (seat, holder) in sitting.chain(offered).chain(self.queue.held()) {
            if let Some(other) = held.insert(seat, holder.clone()) {
                return Err(Broken::SeatHeldTwice {
                    seat: seat.clone(),
                    one: other,
                    other: holder,
                });
            }
        }
        for (visit, is) in self.inside.iter().filter(|_| trusted) {
            let closing = ended_last(is, reference);
            if closing <= now {
                return Err(Broken::InsideAfterClosing {
                    visit: visit.clone(),
                    closing,
                    at: now,
                });
            }
        }
        if trusted {
            self.guests_are_gone(now, reference)?;
        }
        self.within_capacity(reference)
    }

    /// How many are inside.
    pub(crate) fn count(&self) -> usize {
        self.inside.len()
    }

    fn known(&self, visit: &VisitId) -> Result<&Inside, Broken> {
        self.inside
            .get(visit)
            .ok_or_else(|| Broken::Unknown(visit.clone()))
    }

    fn begin(&mut self, entry: &Entry, reference: &Reference) -> Result<(), Broken> {
        let Event::VisitStarted {
            visit,
            member,
            activity,
            reservation,
            bridge_to,
            started_at,
            until,
            ..
        } = &entry.event
        else {
            return Ok(());
        };
        if self.inside.values().any(|is| is.member == *member) {
            return Err(Broken::InsideTwice {
                member: member.clone(),
                visit: visit.clone(),
            });
        }
        let is = Inside {
            member: member.clone(),
            activity: activity.clone(),
            attends: None,
            reservation: reservation.clone(),
            bridge_to: bridge_to.clone(),
            started_at: *started_at,
            seat: None,
            until: *until,
            dated: entry.stamp.trusted,
        };
        self.inside.insert(visit.clone(), is);
        self.within_capacity(reference)
    }

    /// Time ends no stay before its promised end to move somebody on to a programme.
    fn attend(&mut self, started: &AttendanceStarted, reference: &Reference) -> Result<(), Broken> {
        let was = self.known(&started.visit)?;
        if started.inferred && was.dated {
            not_shorter(&started.visit, was.until, started.started_at)?;
        }
        if let Some(is) = self.inside.get_mut(&started.visit) {
            (is.seat, is.until) = (None, started.ends);
            is.reservation = Some(started.reservation.clone());
            is.attends = Some(started.programme.clone());
            is.activity = Activity::Programme {
                programme: started.programme.clone(),
            };
        }
        self.within_capacity(reference)
    }

    fn extend(
        &mut self,
        entry: &Entry,
        visit: &VisitId,
        until: DateTime,
        reference: &Reference,
    ) -> Result<(), Broken> {
        let was = self.known(visit)?;
        not_shorter(visit, was.until, until)?;
        if let Some(seat) = was
            .seat
            .as_ref()
            .filter(|_| was.dated && entry.stamp.trusted)
        {
            let longer = (was.until.max(entry.stamp.at), until);
            not_in_programme(reference, visit, seat, longer)?;
        }
        if let Some(is) = self.inside.get_mut(visit) {
            is.until = until;
            is.dated &= entry.stamp.trusted;
        }
        Ok(())
    }

    fn assign(&mut self, entry: &Entry, was: &Inside, reference: &Reference) -> Result<(), Broken> {
        let Event::SeatAssigned {
            visit,
            seat,
            until,
            reservation,
            ..
        } = &entry.event
        else {
            return Ok(());
        };
        let at = entry.stamp.at;
        not_shorter(visit, was.until, *until)?;
        stays_put(visit, was, seat, reservation.as_ref(), (at, reference))?;
        if let Some((other, _)) = self
            .inside
            .iter()
            .find(|(id, is)| *id != visit && is.seat.as_ref() == Some(seat))
        {
            return Err(Broken::SeatHeldTwice {
                seat: seat.clone(),
                one: other.to_string(),
                other: visit.to_string(),
            });
        }
        suits(visit, was, seat, reference, reservation.as_ref())?;
        if was.dated && entry.stamp.trusted {
            not_in_programme(reference, visit, seat, (at, *until))?;
        }
        if let Some(is) = self.inside.get_mut(visit) {
            (is.seat, is.until, is.reservation) = (Some(seat.clone()), *until, reservation.clone());
            is.dated &= entry.stamp.trusted;
        }
        Ok(())
    }

    /// Never more people on the floor than seats, the seat a visitor still has that the office has taken away included; never more in
    /// a programme than it takes.
    fn within_capacity(&self, reference: &Reference) -> Result<(), Broken> {
        let seats: BTreeSet<&SeatId> = reference.floor.seats.iter().map(|seat| &seat.id).collect();
        let taken: Vec<&SeatId> = self
            .inside
            .values()
            .filter_map(|is| is.seat.as_ref())
            .collect();
        let room = seats.len() + taken.iter().filter(|seat| !seats.contains(*seat)).count();
        if taken.len() > room {
            return Err(Broken::OverCapacity {
                what: "the floor".to_owned(),
                inside: taken.len(),
                room,
            });
        }
        let mut attending = BTreeMap::new();
        for is in self.inside.values() {
            if let Some(programme) = &is.attends {
                *attending.entry(programme).or_insert(0_usize) += 1;
            }
        }
        for (programme, inside) in attending {
            let room = reference
                .programmes
                .get(programme)
                .map_or(usize::MAX, |one| one.capacity as usize);
            if inside > room {
                return Err(Broken::OverCapacity {
                    what: programme.to_string(),
                    inside,
                    room,
                });
            }
        }
        Ok(())
    }
}

/// Nobody gets another seat but at the end of a bridge, when the reservation it leads up to begins.
fn stays_put(
    visit: &VisitId,
    was: &Inside,
    seat: &SeatId,
    reservation: Option<&ReservationId>,
    (at, reference): (DateTime, &Reference),
) -> Result<(), Broken> {
    let begins = |id: &ReservationId| {
        reference
            .reservation(id)
            .is_some_and(|one| one.starts <= at)
    };
    let bridge_ends = was.reservation.is_none()
        && was.bridge_to.as_ref() == reservation
        && reservation.is_some_and(begins);
    match was.seat.as_ref().filter(|from| *from != seat) {
        Some(from) if !bridge_ends => Err(Broken::Moved {
            visit: visit.clone(),
            from: from.clone(),
            to: seat.clone(),
        }),
        _ => Ok(()),
    }
}

fn not_shorter(visit: &VisitId, promised: DateTime, now: DateTime) -> Result<(), Broken> {
    if now < promised {
        return Err(Broken::Shortened {
            visit: visit.clone(),
            promised,
            now,
        });
    }
    Ok(())
}

/// When the last thing somebody may stay for is over: closing, for a programme or a consultation its own end where that is later.
fn ended_last(is: &Inside, reference: &Reference) -> DateTime {
    let started = is.started_at.with_timezone(&JST);
    let date = started.date_naive();
    let hours = reference.calendar.day(date).hours;
    let stretch = hours
        .iter()
        .find(|hours| started.time() < hours.close)
        .or(hours.last());
    let midnight = || {
        date.and_time(NaiveTime::MIN)
            .and_local_timezone(JST)
            .single()
            .unwrap_or(started)
    };
    let closing =
        stretch.and_then(|hours| date.and_time(hours.close).and_local_timezone(JST).single());
    let closing = closing.unwrap_or_else(|| midnight() + TimeDelta::days(1));
    match is.activity {
        Activity::Coworking => closing.max(is.started_at),
        Activity::Programme { .. } | Activity::Consultation => closing.max(is.until),
    }
}
