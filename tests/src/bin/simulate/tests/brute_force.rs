//! The best beside brute force: on tiny days every seat is tried for everybody, one by one, without anything clever.

use crate::best::{Found, best, best_as_learned, first_fit, play};
use crate::centre::{PLAIN, WITH_PC, WITH_POWER};
use crate::chance::Chance;
use crate::small_day::{Kind, Reserved, SmallDay, Step, WalkIn};
use domain::floor::Features;

/// A seat by itself.
type Seat = Kind;

/// Somebody on a seat: which, when they leave, until when it is promised.
#[derive(Clone, Copy)]
struct Sits {
    seat: usize,
    leaves: i64,
    promised: i64,
}

fn seats(day: &SmallDay) -> Vec<Seat> {
    day.kinds
        .iter()
        .flat_map(|kind| std::iter::repeat_n(*kind, kind.seats))
        .collect()
}

/// Whether everybody awaited finds a seat: every way to put them is tried.
fn all_fit(day: &SmallDay, sitting: &[Sits], awaited: &[Reserved]) -> bool {
    let seats = seats(day);
    let ways = seats.len().pow(u32::try_from(awaited.len()).unwrap());
    (0..ways).any(|way| {
        let place =
            |person: usize| way / seats.len().pow(u32::try_from(person).unwrap()) % seats.len();
        awaited.iter().enumerate().all(|(person, one)| {
            let seat = seats[place(person)];
            let is_free = seat
                .taken
                .is_none_or(|(from, to)| one.to <= from || to <= one.from);
            let after_sitters = sitting
                .iter()
                .all(|other| other.seat != place(person) || other.promised + day.gap <= one.from);
            let apart = awaited
                .iter()
                .enumerate()
                .take(person)
                .all(|(other, earlier)| {
                    place(other) != place(person)
                        || earlier.to + day.gap <= one.from
                        || one.to + day.gap <= earlier.from
                });
            seat.offers.serves(one.needs) && is_free && after_sitters && apart
        })
    })
}

/// The longest promise on a seat, found minute by minute.
fn longest(
    day: &SmallDay,
    sitting: &[Sits],
    awaited: &[Reserved],
    now: i64,
    seat: usize,
) -> Option<i64> {
    let is_open = |end: i64| {
        seats(day)[seat]
            .taken
            .is_none_or(|(from, to)| end <= from || to <= now)
    };
    let with = |promised: i64| {
        sitting
            .iter()
            .copied()
            .chain([Sits {
                seat,
                leaves: promised,
                promised,
            }])
            .collect::<Vec<_>>()
    };
    let latest = (now + day.grant).min(day.closes);
    (now + day.minimum..=latest)
        .rev()
        .find(|end| is_open(*end) && all_fit(day, &with(*end), awaited))
}

/// The most that can be granted from the `index`th step on; none if every way leaves a reservation without a seat.
fn most(day: &SmallDay, index: usize, sitting: &[Sits]) -> Option<i64> {
    let steps = day.steps();
    let Some((now, step)) = steps.get(index).copied() else {
        return Some(0);
    };
    let sitting: Vec<Sits> = sitting
        .iter()
        .filter(|one| one.leaves > now)
        .copied()
        .collect();
    let awaited = day.awaited(&steps, index);
    let free = |needs: Features| {
        let sitting = sitting.clone();
        let fits = move |(seat, is): &(usize, Seat)| {
            is.offers.serves(needs) && sitting.iter().all(|one| one.seat != *seat)
        };
        seats(day)
            .into_iter()
            .enumerate()
            .filter(fits)
            .map(|(seat, _)| seat)
            .collect::<Vec<_>>()
    };
    let go_on = |one: Sits| {
        most(
            day,
            index + 1,
            &sitting.iter().copied().chain([one]).collect::<Vec<_>>(),
        )
    };
    match step {
        Step::Learn(_) => all_fit(day, &sitting, &awaited)
            .then(|| most(day, index + 1, &sitting))
            .flatten(),
        Step::Reserved(one) => {
            let ways = free(one.needs).into_iter().filter_map(|seat| {
                let sits = Sits {
                    seat,
                    leaves: one.to,
                    promised: one.to,
                };
                let with: Vec<Sits> = sitting.iter().copied().chain([sits]).collect();
                let is_open = seats(day)[seat]
                    .taken
                    .is_none_or(|(from, to)| one.to <= from || to <= one.from);
                (is_open && all_fit(day, &with, &awaited))
                    .then(|| go_on(sits))
                    .flatten()
            });
            ways.max()
        }
        Step::WalkIn(one) => {
            let possible: Vec<_> = free(one.needs)
                .into_iter()
                .filter_map(|seat| Some((seat, longest(day, &sitting, &awaited, now, seat)?)))
                .collect();
            if possible.is_empty() {
                return most(day, index + 1, &sitting);
            }
            let ways = possible.into_iter().filter_map(|(seat, promised)| {
                let granted = one.wants.min(promised - now);
                Some(
                    granted
                        + go_on(Sits {
                            seat,
                            leaves: now + granted,
                            promised,
                        })?,
                )
            });
            ways.max()
        }
    }
}

fn tiny(number: u64) -> SmallDay {
    let mut chance = Chance::new(5, "tiny day", number);
    let mut kinds = vec![(1, PLAIN), (1, WITH_PC), (1, WITH_POWER), (2, PLAIN)];
    chance.shuffle(&mut kinds);
    kinds.truncate(2);
    let programme = chance.happens(30).then_some((90, 120));
    let kinds = kinds
        .into_iter()
        .map(|(seats, offers)| Kind {
            seats,
            offers,
            taken: programme.filter(|_| offers.pc),
        })
        .collect();
    let needs = |chance: &mut Chance| Features {
        pc: chance.happens(15),
        power: chance.happens(20),
        ..Features::default()
    };
    let mut day = SmallDay {
        closes: 180,
        grant: 60,
        minimum: 20,
        gap: 5,
        kinds,
        ..SmallDay::default()
    };
    for _ in 0..chance.between(0, 3) {
        let from = 5 * chance.between(0, 24);
        let to = from + 5 * chance.between(4, 10);
        let learned = if chance.happens(50) {
            -10
        } else {
            from - 5 * chance.between(0, 13).min(from / 5)
        };
        day.reserved.push(Reserved {
            number: u32::try_from(day.reserved.len()).unwrap(),
            learned,
            from,
            to,
            needs: needs(&mut chance),
        });
    }
    day.reserved.sort_by_key(|one| one.learned);
    for _ in 0..chance.between(2, 6) {
        let (at, wants) = (5 * chance.between(0, 32), 5 * chance.between(4, 12));
        day.walk_ins.push(WalkIn {
            at,
            wants,
            needs: needs(&mut chance),
        });
    }
    day.walk_ins.sort_by_key(|one| one.at);
    day
}

#[test]
fn the_best_is_what_brute_force_finds() {
    let (mut better_than_first_fit, mut surprised) = (0, 0);
    for number in 0..300 {
        let day = tiny(number);
        let found = most(&day, 0, &[]);
        let wanted = found.map_or(Found::NoWay, Found::Most);
        assert_eq!(best(&day, None), wanted, "day {number}: {day:?}");
        let Some(found) = found else { continue };
        for reached in [0, found / 2, found] {
            assert_eq!(
                best(&day, Some(reached)),
                wanted,
                "a result already reached changes nothing, day {number}"
            );
        }
        if let Found::Most(as_learned) = best_as_learned(&day) {
            assert!(as_learned <= found, "day {number}");
            let is_all_known = day.reserved.iter().all(|one| one.learned < 0);
            assert!(!is_all_known || as_learned == found, "day {number}");
            surprised += usize::from(as_learned < found);
        }
        let first = first_fit(&day);
        assert!(first.unplaced > 0 || first.minutes <= found, "day {number}");
        better_than_first_fit += usize::from(first.unplaced == 0 && first.minutes < found);
    }
    assert!(surprised > 0, "no reservation ever came as a surprise");
    assert!(
        better_than_first_fit > 10,
        "the days are too easy: {better_than_first_fit}"
    );
}

#[test]
fn a_seat_that_only_some_can_use_is_kept_for_them() {
    let walk_in = |at, pc| WalkIn {
        at,
        wants: 60,
        needs: Features {
            pc,
            ..Features::default()
        },
    };
    let kind = |offers| Kind {
        seats: 1,
        offers,
        taken: None,
    };
    let day = SmallDay {
        closes: 180,
        grant: 60,
        minimum: 20,
        gap: 5,
        kinds: vec![kind(WITH_PC), kind(PLAIN)],
        reserved: Vec::new(),
        walk_ins: vec![walk_in(0, false), walk_in(5, true)],
    };
    assert_eq!(first_fit(&day).minutes, 60);
    assert_eq!(best(&day, None), Found::Most(120));
    let plain_first = play(&day, |_, possible| possible.last().map(|(kind, _)| *kind));
    assert_eq!(plain_first.minutes, 120);
}
