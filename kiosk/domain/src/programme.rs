//! Who may take part in a programme now, and whom time moves on to it (rules section 7).

use crate::event::Activity;
use crate::reference::{DateTime, JST, Programme, Purpose, Reference, Reservation};
use crate::settings::minutes;
use crate::today::{Today, Visit};
use chrono::NaiveDate;

/// A place in a programme that is held, and the programme as it stands now.
#[derive(Clone, Copy)]
pub(crate) struct Sitting<'a> {
    pub(crate) programme: &'a Programme,
    pub(crate) reservation: &'a Reservation,
    /// Whether it is a place on the standby list.
    pub(crate) standby: bool,
}

/// Whether there is a place for somebody who comes now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// There is.
    Free,
    /// Perhaps then: so many of the standby list who are here come before.
    Later { ask_again: DateTime, ahead: u32 },
    /// Every place is taken.
    Full,
    /// It began too long ago.
    TooLate,
}

impl<'a> Sitting<'a> {
    /// What a reservation is for, unless it is no programme, is unknown or was called off.
    pub(crate) fn of(reference: &'a Reference, reservation: &'a Reservation) -> Option<Self> {
        let Purpose::Programme { programme, standby } = &reservation.purpose else {
            return None;
        };
        let programme = reference.programmes.get(programme)?;
        (!programme.cancelled).then_some(Self {
            programme,
            reservation,
            standby: *standby,
        })
    }

    /// From when its people are let in.
    pub(crate) fn doors_open(self, reference: &Reference) -> DateTime {
        let early = &reference.settings.early;
        self.programme.starts
            - minutes(match self.evening_from(reference) {
                Some(_) => early.evening_min,
                None => early.programme_min,
            })
    }

    /// Closing before it, where it begins after that.
    fn evening_from(self, reference: &Reference) -> Option<DateTime> {
        let start = self.programme.starts.with_timezone(&JST);
        let date = start.date_naive();
        match reference.calendar.closing(date) {
            Some(closing) if closing <= start.time() => {
                date.and_time(closing).and_local_timezone(JST).single()
            }
            Some(_) => None,
            None => Some(start),
        }
    }

    /// Whether somebody takes part in it as it stands now, or did to its end: whoever went out may come back, and what was moved since
    /// may be come for once more.
    pub(crate) fn is_done(self, today: &Today) -> bool {
        let to_its_end = |visit: &Visit| {
            visit
                .ended
                .is_none_or(|ended| self.programme.ends <= ended.at)
        };
        self.uses(today)
            .any(|visit| to_its_end(visit) && !self.was_moved_since(visit))
    }

    /// Whether somebody took part in it at other times than it has now.
    pub(crate) fn was_moved(self, today: &Today) -> bool {
        self.uses(today).any(|visit| self.was_moved_since(visit))
    }

    fn uses(self, today: &Today) -> impl Iterator<Item = &Visit> {
        let visits = today.visits.values();
        visits.filter(move |visit| visit.uses(&self.reservation.id))
    }

    fn was_moved_since(self, visit: &Visit) -> bool {
        let attendance = visit.attendance.as_ref();
        let of_this = attendance.filter(|one| one.programme == self.programme.id);
        of_this.is_some_and(|one| one.starts != self.programme.starts)
    }

    /// Whether there is a place now. Until the standby list's turn every place is kept for whoever reserved it; from then on for those
    /// of the list who are here, in order, for as long as the grace. Time nobody vouches for refuses nobody for being late.
    pub(crate) fn admission(
        self,
        reference: &Reference,
        today: &Today,
        (now, trusted): (DateTime, bool),
    ) -> Admission {
        let settings = &reference.settings;
        let since_start = |min| self.programme.starts + minutes(min);
        if trusted && since_start(settings.last_entry_min) <= now {
            return Admission::TooLate;
        }
        let list_from = since_start(settings.standby_fill_min);
        let list_to = list_from + minutes(settings.grace_min);
        let is_before = !trusted || now < list_from;
        let ahead = match (is_before, self.standby) {
            (true, false) => 0,
            (false, _) if list_to <= now => 0,
            _ => self.waiting(today, self.others(reference, today)),
        };
        let kept = if is_before && self.standby {
            self.others(reference, today)
                .filter(|one| !one.standby)
                .count()
        } else {
            0
        };
        let (inside, room) = self.fill(today);
        if inside + kept + ahead < room {
            return Admission::Free;
        }
        if !self.standby || room <= inside {
            return Admission::Full;
        }
        Admission::Later {
            ask_again: if is_before { list_from } else { list_to },
            ahead: u32::try_from(ahead).unwrap_or(u32::MAX),
        }
    }

    /// Whether fewer take part than it has places.
    pub(crate) fn has_room(self, today: &Today) -> bool {
        let (inside, room) = self.fill(today);
        inside < room
    }

    fn fill(self, today: &Today) -> (usize, usize) {
        let room = usize::try_from(self.programme.capacity).unwrap_or(usize::MAX);
        (today.attending(&self.programme.id).count(), room)
    }

    /// The other places in it that are held and not taken up.
    fn others(
        self,
        reference: &'a Reference,
        today: &'a Today,
    ) -> impl Iterator<Item = Sitting<'a>> {
        reference
            .reservations_on(date_of(self.programme.starts))
            .filter(move |one| !one.cancelled && one.id != self.reservation.id)
            .filter_map(|one| Sitting::of(reference, one))
            .filter(move |one| one.programme.id == self.programme.id && !one.is_done(today))
    }

    /// Those of the standby list who are here and come before this one; all of them before somebody with a place who is late.
    fn waiting(self, today: &Today, others: impl Iterator<Item = Sitting<'a>>) -> usize {
        let rank = |one: &Sitting| (one.reservation.since, one.reservation.id.clone());
        let mine = rank(&self);
        others
            .filter(|one| one.standby && today.standby.contains(&one.reservation.id))
            .filter(|one| !self.standby || rank(one) < mine)
            .count()
    }
}

/// A place in a programme that is held and not taken up.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Whose, and under which number.
    pub reservation: &'a Reservation,
    /// Whether it is a place on the standby list.
    pub standby: bool,
    /// Whether its holder has come and waits for a place.
    pub has_come: bool,
}

/// Those who have not come in to a programme of today yet: places reserved, then the standby list in its order.
pub fn expected<'a>(
    reference: &'a Reference,
    today: &'a Today,
    programme: &Programme,
) -> Vec<Expected<'a>> {
    let held = reference.reservations_on(date_of(programme.starts));
    let mut found: Vec<_> = held
        .filter(|one| !one.cancelled)
        .filter_map(|one| Sitting::of(reference, one))
        .filter(|one| one.programme.id == programme.id && !one.is_done(today))
        .map(|one| Expected {
            reservation: one.reservation,
            standby: one.standby,
            has_come: today.standby.contains(&one.reservation.id),
        })
        .collect();
    found.sort_by_key(|one| (one.standby, one.reservation.since, &one.reservation.id));
    found
}

/// The programme that time moves a visitor inside on to, and when: once the stay they were promised is over and the doors are open, or
/// the centre closes before them. Whoever is promised a stay beyond its start scans when they please, and so does whoever is over time:
/// they may have gone.
pub(crate) fn moves_on<'a>(
    reference: &'a Reference,
    today: &Today,
    visit: &Visit,
) -> Option<(DateTime, Sitting<'a>)> {
    let date = date_of(visit.started_at);
    let is_over = matches!(visit.activity, Activity::Programme { .. });
    if visit.overdue || is_over || reference.programmes_on(date).is_empty() {
        return None;
    }
    let found = reference
        .reservations_on(date)
        .filter(|one| one.member == visit.member && !one.cancelled)
        .filter_map(|one| Sitting::of(reference, one))
        .filter(|one| !one.standby && one.programme.zone.is_some() && !one.is_done(today))
        .filter(|one| date_of(one.programme.starts) == date);
    found
        .filter_map(|sitting| {
            let doors = sitting.doors_open(reference);
            let opens = sitting
                .evening_from(reference)
                .map_or(doors, |closing| doors.min(closing));
            let at = opens.max(visit.until);
            if sitting.programme.starts < at {
                return None;
            }
            let admission = sitting.admission(reference, today, (at, true));
            (admission == Admission::Free).then_some((at, sitting))
        })
        .min_by_key(|(at, sitting)| (*at, &sitting.reservation.id))
}

fn date_of(moment: DateTime) -> NaiveDate {
    moment.with_timezone(&JST).date_naive()
}
