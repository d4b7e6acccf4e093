//! A day on a small floor, everything in minutes after opening: what the door and the best possible are compared on.
//!
//! Seats that offer the same in the same zone are one *kind* of seat. Nobody who chooses among them can do anything but choose a kind:
//! whoever is not inside yet has no seat of their own (the plan is made anew with every decision), so two free seats of a kind
//! are equal for all that follows. The model here, [`Inside`] with [`options`] and [`room_for_all`], is the door's rules for a walk-in
//! without anything else. It exists because the best possible must be able to choose what the door did not; `compare` checks with
//! every day that the model grants minute by minute what the real `decide` granted where it chooses what the door chose.

use domain::floor::Features;

/// A day and everything that comes of it, known beforehand.
#[derive(Clone, Debug, Default)]
pub(crate) struct SmallDay {
    /// When coworking ends.
    pub(crate) closes: i64,
    /// Longest promise to a walk-in.
    pub(crate) grant: i64,
    /// Shortest promise worth an offer.
    pub(crate) minimum: i64,
    /// Between a person's promised end and the next on that seat.
    pub(crate) gap: i64,
    /// In the order of the floor.
    pub(crate) kinds: Vec<Kind>,
    /// In the order in which the desk learns of them.
    pub(crate) reserved: Vec<Reserved>,
    /// In the order in which they come.
    pub(crate) walk_ins: Vec<WalkIn>,
}

/// Seats that are alike.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) seats: usize,
    pub(crate) offers: Features,
    /// When a programme has them.
    pub(crate) taken: Option<(i64, i64)>,
}

/// A reservation. Its holder comes at its start and leaves at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reserved {
    /// Tells it from another at the same time.
    pub(crate) number: u32,
    /// When the desk learns of it; not after opening for those known before.
    pub(crate) learned: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) needs: Features,
}

/// Somebody without a reservation, who comes once and leaves after `wants` minutes, or when the promise ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WalkIn {
    pub(crate) at: i64,
    pub(crate) wants: i64,
    pub(crate) needs: Features,
}

/// Something that happens to everybody who plays the day.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The desk learns of a reservation.
    Learn(Reserved),
    /// Its holder comes; the others are still to come.
    Reserved(Reserved),
    WalkIn(WalkIn),
}

/// Somebody on a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sitter {
    /// Which kind of seat.
    pub(crate) kind: u8,
    /// When they leave.
    pub(crate) leaves: i16,
    /// Until when the door has promised the seat.
    pub(crate) promised: i16,
}

/// Who is inside, in order: two days that agree in this agree in all that can follow.
pub(crate) type Inside = Vec<Sitter>;

impl SmallDay {
    /// Everything in the order in which it happens: learning, then holders of reservations, then walk-ins.
    pub(crate) fn steps(&self) -> Vec<(i64, Step)> {
        let learned = self
            .reserved
            .iter()
            .map(|one| (one.learned, Step::Learn(*one)));
        let come = self
            .reserved
            .iter()
            .map(|one| (one.from, Step::Reserved(*one)));
        let walk_ins = self.walk_ins.iter().map(|one| (one.at, Step::WalkIn(*one)));
        let mut steps: Vec<_> = learned.chain(come).chain(walk_ins).collect();
        steps.sort_by_key(|(at, step)| {
            let rank = match step {
                Step::Learn(_) => 0,
                Step::Reserved(_) => 1,
                Step::WalkIn(_) => 2,
            };
            (*at, rank)
        });
        steps
    }

    /// The reservations that are known at the `index`th step and whose holders have not come before it or with it, by start.
    pub(crate) fn awaited(&self, steps: &[(i64, Step)], index: usize) -> Vec<Reserved> {
        let mut awaited: Vec<Reserved> = Vec::new();
        for (_, step) in steps.iter().take(index + 1) {
            match step {
                Step::Learn(one) => awaited.push(*one),
                Step::Reserved(one) => {
                    if let Some(place) = awaited.iter().position(|other| other == one) {
                        awaited.remove(place);
                    }
                }
                Step::WalkIn(_) => {}
            }
        }
        awaited.sort_by_key(|one| (one.from, one.to));
        awaited
    }

    /// Minutes that people want, reserved or not.
    pub(crate) fn wanted(&self) -> i64 {
        let reserved = self.reserved.iter().map(|one| one.to - one.from);
        reserved
            .chain(self.walk_ins.iter().map(|one| one.wants))
            .sum()
    }

    /// Minutes there are to sit on all seats together.
    pub(crate) fn seat_minutes(&self) -> i64 {
        let open = |kind: &Kind| {
            let taken = kind
                .taken
                .map_or(0, |(from, to)| to.min(self.closes) - from.max(0));
            kind.seats as i64 * (self.closes - taken)
        };
        self.kinds.iter().map(open).sum()
    }
}

/// Those who are still there at `now`.
pub(crate) fn still_inside(inside: &[Sitter], now: i64) -> Inside {
    inside
        .iter()
        .filter(|one| i64::from(one.leaves) > now)
        .copied()
        .collect()
}

/// The same with one more.
pub(crate) fn with(inside: &[Sitter], one: Sitter) -> Inside {
    let place = inside.partition_point(|other| *other < one);
    let (before, after) = inside.split_at(place.min(inside.len()));
    before
        .iter()
        .copied()
        .chain([one])
        .chain(after.iter().copied())
        .collect()
}

/// A kind of seat that somebody can have, and until when it can be promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Possible {
    pub(crate) kind: u8,
    pub(crate) promised: i64,
}

/// What a walk-in can be given now, in the order of the floor: on each kind of seat the longest promise that leaves everybody in
/// `awaited` a seat. Empty: refused.
pub(crate) fn options(
    day: &SmallDay,
    inside: &[Sitter],
    awaited: &[Reserved],
    now: i64,
    needs: Features,
) -> Vec<Possible> {
    let free = free_kinds(day, inside, needs);
    let longest = free.filter_map(|(index, kind)| {
        let ceiling = (now + day.grant).min(day.closes);
        let ceiling = match kind.taken {
            Some((from, to)) if now < to => ceiling.min(from),
            _ => ceiling,
        };
        let whole = |end: i64| room_for_all(day, inside, Some((index, end)), awaited);
        let ends = awaited
            .iter()
            .map(|one| one.from - day.gap)
            .filter(|end| *end < ceiling);
        let mut ends: Vec<i64> = ends
            .chain([ceiling])
            .filter(|end| *end >= now + day.minimum)
            .collect();
        ends.sort_unstable_by_key(|end| -end);
        ends.dedup();
        let promised = ends.into_iter().find(|end| whole(*end))?;
        Some(Possible {
            kind: index,
            promised,
        })
    });
    longest.collect()
}

/// Where the holder of a reservation can sit to its end so that everybody in `awaited` keeps a seat, in the order of the floor.
pub(crate) fn seats_for(
    day: &SmallDay,
    inside: &[Sitter],
    awaited: &[Reserved],
    one: &Reserved,
) -> Vec<u8> {
    free_kinds(day, inside, one.needs)
        .filter(|(index, kind)| {
            !kind.is_taken(one.from, one.to)
                && room_for_all(day, inside, Some((*index, one.to)), awaited)
        })
        .map(|(index, _)| index)
        .collect()
}

fn free_kinds<'a>(
    day: &'a SmallDay,
    inside: &'a [Sitter],
    needs: Features,
) -> impl Iterator<Item = (u8, &'a Kind)> {
    let sitting = move |index: u8| inside.iter().filter(|one| one.kind == index).count();
    (0_u8..)
        .zip(&day.kinds)
        .filter(move |(index, kind)| kind.offers.serves(needs) && sitting(*index) < kind.seats)
}

impl Kind {
    fn is_taken(&self, from: i64, to: i64) -> bool {
        self.taken
            .is_some_and(|(begins, ends)| from < ends && begins < to)
    }
}

/// Whether everybody in `awaited`, who are in order of their start, finds a seat beside those inside and somebody `more` on a kind of
/// seat until then. Exact: all ways to divide people among kinds are tried, and within a kind a seat is there for everybody exactly
/// if never more need one at once than there are.
pub(crate) fn room_for_all(
    day: &SmallDay,
    inside: &[Sitter],
    more: Option<(u8, i64)>,
    awaited: &[Reserved],
) -> bool {
    let sitting = inside
        .iter()
        .map(|one| (one.kind, i64::from(one.promised) + day.gap));
    let more = more.map(|(kind, until)| (kind, until + day.gap));
    let mut busy: Vec<(u8, i64)> = sitting.chain(more).collect();
    place(day, &mut busy, awaited)
}

/// `busy`: until when each seat that is or was taken is so, by kind.
fn place(day: &SmallDay, busy: &mut Vec<(u8, i64)>, awaited: &[Reserved]) -> bool {
    let Some((first, others)) = awaited.split_first() else {
        return true;
    };
    for (index, kind) in (0_u8..).zip(&day.kinds) {
        if !kind.offers.serves(first.needs) || kind.is_taken(first.from, first.to) {
            continue;
        }
        let sitting = busy
            .iter()
            .filter(|(of, until)| *of == index && *until > first.from)
            .count();
        if sitting >= kind.seats {
            continue;
        }
        busy.push((index, first.to + day.gap));
        let fits = place(day, busy, others);
        busy.pop();
        if fits {
            return true;
        }
    }
    false
}
