//! The best possible choice of seats on a small day, and first-fit.
//!
//! **What the best may do.** It knows who comes without a reservation, when, and how long each really stays. With that it chooses the seat of
//! every walk-in and of every holder of a reservation. Of reservations it knows those that the desk has learned of: [`best_as_learned`]
//! chooses so that most minutes are granted if no more come, and thinks again each time another becomes known. [`best`] is more than
//! anybody can do: it also knows beforehand which reservations will become known, so no choice of seats whatever brings more.
//!
//! **What it may not do.** Everything but the seat is the door's rule. It refuses nobody who can be given a seat for the shortest stay, and
//! nobody is moved. A promise is the longest that leaves every reservation known *at that moment* a seat, at most the usual grant,
//! at most to a programme or closing, and it binds the seat against reservations until the person leaves, although the best knows when
//! that will be. Reservations bind it from the moment the desk learns of them, not before. It may not choose so that a reservation
//! it knows of finds no seat: such a course of the day is thrown away.
//!
//! **Why the search is exact.** It goes through the day step by step and keeps every situation that any sequence of choices leads to, with the
//! most minutes granted on a way there. What can follow depends on who sits on which kind of seat and until when, and on nothing else (see
//! `small_day`), so of two ways to one situation the poorer can be forgotten. A situation is dropped for one other reason: even if from then on
//! in every five minutes as many seats were used as are left over by those inside, reservations and programmes, at most one by each who would
//! like to be there, it would not come above a result already reached. That is more than any choice can bring.

use crate::small_day::{
    Inside, Reserved, Sitter, SmallDay, Step, options, room_for_all, seats_for, still_inside, with,
};
use std::collections::BTreeMap;

/// Beyond so many situations at once a day counts as unsolved, which is said.
const MOST_SITUATIONS: usize = 200_000;
/// Every time of a small day is a multiple of so many minutes.
const GRAIN: i64 = 5;

/// What a course of the day came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Granted {
    /// Minutes that walk-ins were given of those they wanted.
    pub(crate) minutes: i64,
    /// Walk-ins let in.
    pub(crate) admitted: usize,
    /// Reservations for which there was no seat.
    pub(crate) unplaced: usize,
}

/// What the search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The most minutes that walk-ins can be granted.
    Most(i64),
    /// However seats are chosen, a reservation finds none.
    NoWay,
    /// Too many situations to look through.
    TooMany,
}

/// The most minutes that walk-ins can be granted by whoever knows everything beforehand. `reached` is a result that is known to be
/// possible: it makes the search shorter and changes nothing else.
pub(crate) fn best(day: &SmallDay, reached: Option<i64>) -> Found {
    match search(day, &day.steps(), 0, &Inside::new(), reached) {
        Err(TooMany) => Found::TooMany,
        Ok(way) => {
            let most = way.last().map(|last| last.minutes).max(reached);
            most.map_or(Found::NoWay, Found::Most)
        }
    }
}

/// The most minutes for whoever learns of reservations when the desk does.
pub(crate) fn best_as_learned(day: &SmallDay) -> Found {
    let steps = day.steps();
    let (mut inside, mut minutes) = (Inside::new(), 0);
    let mut index = 0;
    while let Some((now, _)) = steps.get(index) {
        let is_news = |(at, step): &(i64, Step)| matches!(step, Step::Learn(_)) && at == now;
        let rest = steps.get(index..).unwrap_or_default();
        index += rest.iter().take_while(|step| is_news(step)).count();
        let rest = steps.get(index..).unwrap_or_default();
        let is_learned = |(_, step): &(i64, Step)| matches!(step, Step::Learn(_));
        let count = rest.iter().take_while(|step| !is_learned(step)).count();
        let known = known_steps(&steps, index);
        let reached = dive(day, &known, index, &inside).map(|minutes| minutes - 1);
        let way = match search(day, &known, index, &inside, reached) {
            Err(TooMany) => return Found::TooMany,
            Ok(way) if way.is_empty() && known.len() > index => return Found::NoWay,
            Ok(way) => way,
        };
        if let Some(there) = count.checked_sub(1).and_then(|last| way.get(last)) {
            inside = there.inside.clone();
            minutes += there.minutes;
        }
        index += count;
    }
    Found::Most(minutes)
}

/// The steps of a day as they are expected before the `index`th: without the reservations that are not known yet. What is before stays
/// as it is, so that numbers of steps do too.
fn known_steps(steps: &[(i64, Step)], index: usize) -> Vec<(i64, Step)> {
    let (past, future) = steps.split_at(index.min(steps.len()));
    let is_known = |one: &Reserved| {
        past.iter()
            .any(|(_, step)| matches!(step, Step::Learn(other) if other == one))
    };
    let expected = future.iter().filter(|(_, step)| match step {
        Step::Learn(_) => false,
        Step::Reserved(one) => is_known(one),
        Step::WalkIn(_) => true,
    });
    past.iter().chain(expected).copied().collect()
}

/// Somewhere on the way through a day.
#[derive(Clone, Debug)]
struct Place {
    inside: Inside,
    /// Granted since the search began.
    minutes: i64,
}

/// Too many situations to look through.
struct TooMany;

/// A way that grants most from the `first` step on: where it is after each. Empty where there is none, or none above `reached`.
fn search(
    day: &SmallDay,
    steps: &[(i64, Step)],
    first: usize,
    start: &Inside,
    reached: Option<i64>,
) -> Result<Vec<Place>, TooMany> {
    // For every situation the minutes, and the situation before. In order, so that of equal ways it is always the same.
    let mut layers: Vec<BTreeMap<Inside, (i64, Inside)>> =
        vec![BTreeMap::from([(start.clone(), (0, Inside::new()))])];
    for (index, (now, step)) in steps.iter().enumerate().skip(first) {
        let awaited = day.awaited(steps, index);
        let hope = Hope::new(day, steps, index, *now);
        let mut next: BTreeMap<Inside, (i64, Inside)> = BTreeMap::new();
        for (before, (minutes, _)) in layers.last().into_iter().flatten() {
            let inside = still_inside(before, *now);
            if reached.is_some_and(|reached| minutes + hope.at_most(&inside) <= reached) {
                continue;
            }
            for (inside, more) in followers(day, &inside, &awaited, *now, step) {
                let entry = next.entry(inside).or_insert((i64::MIN, Inside::new()));
                if minutes + more > entry.0 {
                    *entry = (minutes + more, before.clone());
                }
            }
        }
        if next.len() > MOST_SITUATIONS {
            return Err(TooMany);
        }
        layers.push(next);
    }
    Ok(way_back(layers))
}

fn way_back(layers: Vec<BTreeMap<Inside, (i64, Inside)>>) -> Vec<Place> {
    let mut way = Vec::new();
    let mut here: Option<Inside> = None;
    for layer in layers.into_iter().skip(1).rev() {
        let found = match &here {
            Some(inside) => layer.get_key_value(inside),
            None => layer.iter().max_by_key(|(_, (minutes, _))| *minutes),
        };
        let Some((inside, (minutes, before))) = found else {
            return Vec::new();
        };
        way.push(Place {
            inside: inside.clone(),
            minutes: *minutes,
        });
        here = Some(before.clone());
    }
    way.reverse();
    way
}

/// What comes of always taking the longest promise: a result that is possible. None where that leaves a reservation without a seat.
fn dive(day: &SmallDay, steps: &[(i64, Step)], first: usize, start: &Inside) -> Option<i64> {
    let (mut inside, mut minutes) = (start.clone(), 0);
    for (index, (now, step)) in steps.iter().enumerate().skip(first) {
        let awaited = day.awaited(steps, index);
        let ways = followers(day, &still_inside(&inside, *now), &awaited, *now, step);
        let (next, more) = ways.into_iter().max_by_key(|(_, more)| *more)?;
        (inside, minutes) = (next, minutes + more);
    }
    Some(minutes)
}

/// Every situation that a step can lead to, and the minutes granted by it.
fn followers(
    day: &SmallDay,
    inside: &Inside,
    awaited: &[Reserved],
    now: i64,
    step: &Step,
) -> Vec<(Inside, i64)> {
    match step {
        Step::Learn(_) => {
            // Where the new one finds no seat this is no way to go.
            let holds = room_for_all(day, inside, None, awaited);
            holds.then(|| (inside.clone(), 0)).into_iter().collect()
        }
        Step::Reserved(one) => {
            let seats = seats_for(day, inside, awaited, one);
            seats
                .into_iter()
                .map(|kind| (with(inside, sitter(kind, one.to, one.to)), 0))
                .collect()
        }
        Step::WalkIn(one) => {
            let options = options(day, inside, awaited, now, one.needs);
            if options.is_empty() {
                return vec![(inside.clone(), 0)];
            }
            let seated = options.into_iter().map(|option| {
                let granted = one.wants.min(option.promised - now);
                (
                    with(inside, sitter(option.kind, now + granted, option.promised)),
                    granted,
                )
            });
            seated.collect()
        }
    }
}

fn sitter(kind: u8, leaves: i64, promised: i64) -> Sitter {
    let short = |minutes: i64| i16::try_from(minutes).unwrap_or(i16::MAX);
    Sitter {
        kind,
        leaves: short(leaves),
        promised: short(promised),
    }
}

/// What can be hoped for from a step on, whatever is chosen.
struct Hope {
    now: i64,
    /// For each grain from now on: seats that no programme and no reservation still to come has, and walk-ins still to come who would
    /// like to sit then.
    grains: Vec<(i64, i64)>,
}

impl Hope {
    fn new(day: &SmallDay, steps: &[(i64, Step)], index: usize, now: i64) -> Self {
        let from = now.max(0);
        let count = usize::try_from((day.closes - from) / GRAIN).unwrap_or_default();
        let grain = |number: usize| {
            let at = from + GRAIN * number as i64;
            let is_on = |(begins, ends): (i64, i64)| begins <= at && at < ends;
            let open = day
                .kinds
                .iter()
                .filter(|kind| !kind.taken.is_some_and(is_on))
                .map(|kind| kind.seats as i64);
            let mut free: i64 = open.sum();
            let mut like = 0;
            for (_, step) in steps.iter().skip(index) {
                match step {
                    Step::Learn(_) => {}
                    Step::Reserved(one) => free -= i64::from(is_on((one.from, one.to))),
                    Step::WalkIn(one) => like += i64::from(is_on((one.at, one.at + one.wants))),
                }
            }
            (free, like)
        };
        Self {
            now: from,
            grains: (0..count).map(grain).collect(),
        }
    }

    fn at_most(&self, inside: &[Sitter]) -> i64 {
        let mut leaving: Vec<i64> = inside.iter().map(|one| i64::from(one.leaves)).collect();
        leaving.sort_unstable();
        let mut gone = 0;
        let mut minutes = 0;
        for (number, (free, like)) in self.grains.iter().enumerate() {
            let at = self.now + GRAIN * number as i64;
            while leaving.get(gone).is_some_and(|leaves| *leaves <= at) {
                gone += 1;
            }
            let sitting = (leaving.len() - gone) as i64;
            minutes += GRAIN * (free - sitting).clamp(0, *like);
        }
        minutes
    }
}

/// Plays a day under the rules of the best, with seats chosen one by one. `choose` gets the number of the step and what is possible, for a
/// walk-in perhaps nothing, and answers with a kind of seat; whoever it answers none for is turned away.
pub(crate) fn play(
    day: &SmallDay,
    mut choose: impl FnMut(usize, &[(u8, i64)]) -> Option<u8>,
) -> Granted {
    let steps = day.steps();
    let mut result = Granted::default();
    let mut inside = Inside::new();
    let mut lost: Vec<Reserved> = Vec::new();
    for (index, (now, step)) in steps.iter().enumerate() {
        inside = still_inside(&inside, *now);
        let mut awaited = day.awaited(&steps, index);
        awaited.retain(|one| !lost.contains(one));
        let seated = match step {
            Step::Learn(one) => {
                if !room_for_all(day, &inside, None, &awaited) {
                    lost.push(*one);
                }
                None
            }
            Step::Reserved(one) if lost.contains(one) => None,
            Step::Reserved(one) => {
                let seats = seats_for(day, &inside, &awaited, one);
                let seats: Vec<_> = seats.into_iter().map(|kind| (kind, one.to)).collect();
                let chosen = choose(index, &seats);
                lost.extend(chosen.is_none().then_some(*one));
                chosen.map(|kind| sitter(kind, one.to, one.to))
            }
            Step::WalkIn(one) => {
                let possible = options(day, &inside, &awaited, *now, one.needs);
                let possible = possible.into_iter().map(|one| (one.kind, one.promised));
                let possible: Vec<_> = possible.collect();
                let chosen = choose(index, &possible);
                let found = possible.iter().find(|(kind, _)| Some(*kind) == chosen);
                found.map(|(kind, promised)| {
                    let granted = one.wants.min(promised - now);
                    result.minutes += granted;
                    result.admitted += 1;
                    sitter(*kind, now + granted, *promised)
                })
            }
        };
        inside.extend(seated);
        inside.sort_unstable();
    }
    result.unplaced = lost.len();
    result
}

/// First-fit under the same rules: always the first seat of the floor that is possible.
pub(crate) fn first_fit(day: &SmallDay) -> Granted {
    play(day, |_, possible| possible.first().map(|(kind, _)| *kind))
}
