//! The best possible choice of seats on a small day, and first-fit.
//!
//! **What the best may do.** It knows the whole day: who comes when, how long each really stays, every reservation. With that it
//! chooses the seat of every walk-in and of every holder of a reservation.
//!
//! **What it may not do.** Everything but the seat is the door's rule. It refuses nobody who can be given a seat for the shortest stay, and
//! nobody is moved. A promise is the longest that leaves every reservation known *at that moment* a seat, at most the usual grant,
//! at most to a programme or closing, and it binds the seat against reservations until the person leaves, although the best knows when
//! that will be. Reservations bind it from the moment the desk learns of them, not before. It may not choose so that a reservation
//! finds no seat: such a course of the day is thrown away.
//!
//! **Why the search is exact.** It goes through the day step by step and keeps every situation that any sequence of choices leads to, with the
//! most minutes granted on a way there. What can follow depends on who sits on which kind of seat and until when, and on nothing else (see
//! `small_day`), so of two ways to one situation the poorer can be forgotten. A situation is dropped for one other reason: even if from then on
//! in every five minutes as many seats were used as are left over by those inside, reservations and programmes, at most one by each who would
//! like to be there, it would not come above a result already reached. That is more than any choice can bring.

use crate::small_day::{
    Inside, Reserved, Sitter, SmallDay, Step, options, room_for_all, seats_for, still_inside, with,
};
use std::collections::HashMap;

/// Beyond so many situations at once a day counts as unsolved, which is said.
const MOST_SITUATIONS: usize = 400_000;
/// What is counted in one go where nothing shorter is known to matter: every time of a small day falls on it.
pub(crate) const GRAIN: i64 = 5;

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

/// The most minutes that walk-ins can be granted. `reached` is a result that is known to be possible: it makes the search shorter and
/// changes nothing else.
pub(crate) fn best(day: &SmallDay, reached: Option<i64>) -> Found {
    let steps = day.steps();
    let mut situations: HashMap<Inside, i64> = HashMap::from([(Inside::new(), 0)]);
    for (index, (now, step)) in steps.iter().enumerate() {
        let awaited = day.awaited(&steps, index);
        let hope = Hope::new(day, &steps, index, *now);
        let mut next: HashMap<Inside, i64> = HashMap::new();
        for (inside, minutes) in &situations {
            let inside = still_inside(inside, *now);
            if reached.is_some_and(|reached| minutes + hope.at_most(&inside) <= reached) {
                continue;
            }
            for (inside, more) in followers(day, &inside, &awaited, *now, step) {
                let entry = next.entry(inside).or_insert(i64::MIN);
                *entry = (*entry).max(minutes + more);
            }
        }
        if next.len() > MOST_SITUATIONS {
            return Found::TooMany;
        }
        situations = next;
    }
    let most = situations.into_values().max().max(reached);
    most.map_or(Found::NoWay, Found::Most)
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
                let seated = choose(index, &seats).map(|kind| sitter(kind, one.to, one.to));
                if seated.is_none() {
                    lost.push(*one);
                }
                seated
            }
            Step::WalkIn(one) => {
                let possible = options(day, &inside, &awaited, *now, one.needs);
                let possible: Vec<_> = possible
                    .into_iter()
                    .map(|one| (one.kind, one.promised))
                    .collect();
                let chosen = choose(index, &possible);
                let found = possible.into_iter().find(|(kind, _)| Some(*kind) == chosen);
                found.map(|(kind, promised)| {
                    let granted = one.wants.min(promised - now);
                    result.minutes += granted;
                    result.admitted += 1;
                    sitter(kind, now + granted, promised)
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
