//! The board of seats and times: what fits where. Times are seconds of the epoch.

use crate::event::LimitedBy;
use crate::floor::{Features, Floor, Seat};
use crate::ids::{SeatId, ZoneId};
use smallvec::SmallVec;

/// A span during which a seat is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Busy {
    from: i64,
    to: i64,
    /// People leave a gap between them; a programme's set-up and clearing are its own.
    person: bool,
}

impl Busy {
    pub(crate) fn person(from: i64, to: i64) -> Self {
        Self {
            from,
            to,
            person: true,
        }
    }

    pub(crate) fn programme(from: i64, to: i64) -> Self {
        Self {
            from,
            to,
            person: false,
        }
    }

    fn limits_as(self) -> LimitedBy {
        if self.person {
            LimitedBy::Reservation
        } else {
            LimitedBy::Programme
        }
    }
}

/// Somebody to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) needs: Features,
}

impl Want {
    /// Whether the two cannot share a seat.
    fn meets(&self, other: &Want, gap: i64) -> bool {
        self.from < other.to + gap && other.from < self.to + gap
    }
}

/// A span on a seat, with the latest end of it and all that begin before.
#[derive(Clone, Copy)]
struct Taken {
    span: Busy,
    /// Until when the seat is taken, by this one or any before.
    to: i64,
    /// The same with the gap that people leave.
    clear: i64,
}

#[derive(Clone)]
struct Slot<'a> {
    seat: &'a Seat,
    /// What the seat offers, bit by bit.
    offers: u8,
    /// In order of their beginnings, so that a look at one neighbour tells whether something fits: a day is placed many times a scan.
    taken: SmallVec<[Taken; SPANS]>,
}

/// So many spans of a seat are kept without memory of their own: boards are copied many times a scan, and few seats have more in a day.
const SPANS: usize = 6;

impl Slot<'_> {
    fn serves(&self, want: &Want) -> bool {
        want.needs.bits() & !self.offers == 0
    }

    fn fits(&self, from: i64, to: i64, gap: i64) -> bool {
        // A programme's own set-up is its gap, so it may begin a gap later than a person.
        let begins_before =
            |taken: &Taken| taken.span.from < to + if taken.span.person { gap } else { 0 };
        self.taken
            .iter()
            .rev()
            .find(|taken| begins_before(taken))
            .is_none_or(|last| last.clear <= from)
    }

    /// Seconds the seat has stood empty before `from`, when it is free: the tighter the fit, the smaller.
    fn idle_before(&self, from: i64) -> i64 {
        let before = self.taken.partition_point(|taken| taken.span.from < from);
        before
            .checked_sub(1)
            .and_then(|last| self.taken.get(last))
            .map_or(i64::MAX, |last| from - last.to)
    }

    /// Whether whatever fits here fits there as well.
    fn is_like(&self, other: &Self) -> bool {
        let mut pairs = self.taken.iter().zip(&other.taken);
        self.offers == other.offers
            && self.taken.len() == other.taken.len()
            && pairs.all(|(one, other)| one.span == other.span)
    }

    fn add(&mut self, span: Busy, gap: i64) {
        let place = self.taken.partition_point(|taken| taken.span <= span);
        let new = Taken {
            span,
            to: 0,
            clear: 0,
        };
        self.taken.insert(place, new);
        self.reach(place, gap);
    }

    fn retain(&mut self, keeps: impl Fn(&Busy) -> bool, gap: i64) {
        self.taken.retain(|taken| keeps(&taken.span));
        self.reach(0, gap);
    }

    /// Reckons anew how far the spans from `first` on reach.
    fn reach(&mut self, first: usize, gap: i64) {
        let (before, changed) = self.taken.split_at_mut(first);
        let (mut to, mut clear) = before
            .last()
            .map_or((i64::MIN, i64::MIN), |last| (last.to, last.clear));
        for taken in changed {
            let pause = if taken.span.person { gap } else { 0 };
            to = to.max(taken.span.to);
            clear = clear.max(taken.span.to + pause);
            (taken.to, taken.clear) = (to, clear);
        }
    }
}

/// All seats and when they are taken.
#[derive(Clone)]
pub(crate) struct Board<'a> {
    slots: Vec<Slot<'a>>,
    gap: i64,
}

impl<'a> Board<'a> {
    pub(crate) fn new(floor: &'a Floor, gap: i64) -> Self {
        Self {
            slots: floor
                .seats
                .iter()
                .map(|seat| Slot {
                    seat,
                    offers: seat.offers.bits(),
                    taken: SmallVec::new(),
                })
                .collect(),
            gap,
        }
    }

    pub(crate) fn block_zone(&mut self, zone: &ZoneId, busy: Busy) {
        let gap = self.gap;
        self.slots
            .iter_mut()
            .filter(|slot| &slot.seat.zone == zone)
            .for_each(|slot| slot.add(busy, gap));
    }

    /// A seat that was taken off the floor while somebody sat there is not on the board, and nobody else gets it.
    pub(crate) fn occupy(&mut self, seat: &SeatId, busy: Busy) {
        let gap = self.gap;
        self.slots
            .iter_mut()
            .filter(|slot| &slot.seat.id == seat)
            .for_each(|slot| slot.add(busy, gap));
    }

    pub(crate) fn seat(&self, index: usize) -> Option<&'a Seat> {
        self.slots.get(index).map(|slot| slot.seat)
    }

    pub(crate) fn index_of(&self, seat: &SeatId) -> Option<usize> {
        self.slots.iter().position(|slot| &slot.seat.id == seat)
    }

    pub(crate) fn gap(&self) -> i64 {
        self.gap
    }

    /// Seats that serve these needs and are not taken between the two times.
    pub(crate) fn free(&self, needs: Features, from: i64, to: i64) -> impl Iterator<Item = usize> {
        let fits =
            move |slot: &Slot| slot.seat.offers.serves(needs) && slot.fits(from, to, self.gap);
        self.slots
            .iter()
            .enumerate()
            .filter(move |(_, slot)| fits(slot))
            .map(|(index, _)| index)
    }

    /// Whether two seats offer the same and are taken at the same times, so that what is possible on one is possible on the other.
    pub(crate) fn are_alike(&self, one: usize, other: usize) -> bool {
        let slots = self.slots.get(one).zip(self.slots.get(other));
        slots.is_some_and(|(one, other)| one.is_like(other))
    }

    /// Until when a seat that is free at `from` stays free for whoever is on it, and what comes then; a programme that has begun meanwhile
    /// has come.
    pub(crate) fn free_until(&self, seat: usize, from: i64) -> Option<(i64, LimitedBy)> {
        let slot = self.slots.get(seat)?;
        let later = slot.taken.iter().map(|taken| taken.span);
        later
            .filter(|busy| busy.from >= from || (!busy.person && busy.to > from))
            .map(|busy| {
                (
                    busy.from - if busy.person { self.gap } else { 0 },
                    busy.limits_as(),
                )
            })
            .min_by_key(|(at, _)| *at)
    }

    /// When somebody or something leaves a seat, the gap included.
    pub(crate) fn ends(&self) -> impl Iterator<Item = i64> {
        let taken = self.slots.iter().flat_map(|slot| &slot.taken);
        taken.map(|taken| taken.span.to + if taken.span.person { self.gap } else { 0 })
    }

    /// The same board with one more span on a seat.
    pub(crate) fn with(&self, seat: usize, busy: Busy) -> Self {
        let mut board = self.clone();
        if let Some(slot) = board.slots.get_mut(seat) {
            slot.add(busy, self.gap);
        }
        board
    }

    /// The same board with a person's stay on a seat made longer.
    pub(crate) fn with_longer(&self, seat: usize, until: i64, longer: i64) -> Self {
        let mut board = self.clone();
        if let Some(slot) = board.slots.get_mut(seat) {
            let spans = slot.taken.iter_mut().map(|taken| &mut taken.span);
            spans
                .filter(|busy| busy.person && busy.to == until)
                .for_each(|busy| busy.to = longer);
            slot.taken.sort_by_key(|taken| taken.span);
            slot.reach(0, self.gap);
        }
        board
    }

    /// Whether everybody in `wants` finds a seat.
    pub(crate) fn holds(&self, wants: &[Want]) -> bool {
        self.place_all(wants).is_some()
    }

    /// A seat for each of `wants`, which come ranked by when they were learned of: if not all fit, the later give way.
    pub(crate) fn place(&self, wants: &[Want]) -> Vec<Option<usize>> {
        if let Some(seats) = self.place_all(wants) {
            return seats.into_iter().map(Some).collect();
        }
        let (kept, seats) = self.fitting(wants);
        let mut placed = vec![None; wants.len()];
        for (index, seat) in kept.into_iter().zip(seats) {
            if let Some(entry) = placed.get_mut(index) {
                *entry = Some(seat);
            }
        }
        placed
    }

    /// Those of `wants` that fit together, by index, and their seats. Whoever does not fit beside all ranked before is left out.
    fn fitting(&self, wants: &[Want]) -> (Vec<usize>, Vec<usize>) {
        let (mut kept, mut seats): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut next = 0;
        while next < wants.len() {
            // As many more at once as fit: the longest run, found by halving.
            let (mut fits, mut too_many) = (0, wants.len() - next + 1);
            while fits + 1 < too_many {
                let more = (fits + too_many) / 2;
                let trial: Vec<usize> = kept.iter().copied().chain(next..next + more).collect();
                let chosen: Vec<Want> = trial
                    .iter()
                    .filter_map(|index| wants.get(*index))
                    .copied()
                    .collect();
                match self.place_all(&chosen) {
                    Some(found) => (fits, seats) = (more, found),
                    None => too_many = more,
                }
            }
            kept.extend(next..next + fits);
            next += fits + 1;
        }
        (kept, seats)
    }

    /// First by start alone, which wastes least time; where that fails, the hardest to please first, then the longest.
    fn place_all(&self, wants: &[Want]) -> Option<Vec<usize>> {
        let choosy = |want: &Want| self.slots.iter().filter(|slot| slot.serves(want)).count();
        self.place_in_order(wants, |want| (want.from, want.to))
            .or_else(|| self.place_in_order(wants, |want| (choosy(want), want.from, want.to)))
            .or_else(|| self.place_in_order(wants, |want| want.from - want.to))
    }

    fn place_in_order<K: Ord>(
        &self,
        wants: &[Want],
        key: impl Fn(&Want) -> K,
    ) -> Option<Vec<usize>> {
        let mut order: Vec<(usize, &Want)> = wants.iter().enumerate().collect();
        order.sort_by_cached_key(|(index, want)| (key(want), *index));
        let mut board = self.clone();
        let mut seats = vec![None; wants.len()];
        for (index, want) in order {
            let seat = match board.best_for(want) {
                Some(seat) => board.take(seat, want).then_some(seat)?,
                None => board.make_room(self, want, wants, &mut seats)?,
            };
            *seats.get_mut(index)? = Some(seat);
        }
        seats.into_iter().collect()
    }

    /// The seat that wastes least: with the fewest features nobody asked for, then the one left last.
    fn best_for(&self, want: &Want) -> Option<usize> {
        let needs = want.needs.bits();
        let mut best: Option<(u32, i64, usize)> = None;
        for (seat, slot) in self.slots.iter().enumerate() {
            let beyond = (slot.offers & !needs).count_ones();
            let is_better = needs & !slot.offers == 0 && best.is_none_or(|best| beyond <= best.0);
            if is_better && slot.fits(want.from, want.to, self.gap) {
                let this = (beyond, slot.idle_before(want.from), seat);
                best = Some(best.map_or(this, |best| best.min(this)));
            }
        }
        best.map(|(_, _, seat)| seat)
    }

    /// Where everything suitable is taken: a seat whose wants in the way can each go elsewhere. They are moved there.
    fn make_room(
        &mut self,
        fixed: &Self,
        want: &Want,
        wants: &[Want],
        seats: &mut [Option<usize>],
    ) -> Option<usize> {
        for (seat, slot) in fixed.slots.iter().enumerate() {
            if !slot.serves(want) || !slot.fits(want.from, want.to, self.gap) {
                continue;
            }
            let mut trial = self.clone();
            let here = seats
                .iter()
                .zip(wants)
                .enumerate()
                .filter(|(_, (at, _))| **at == Some(seat));
            let in_the_way: Vec<_> = here
                .filter(|(_, (_, other))| want.meets(other, self.gap))
                .map(|(index, (_, other))| (index, *other))
                .collect();
            if let Some(moved) = trial.move_all(seat, want, &in_the_way) {
                for (index, elsewhere) in moved {
                    *seats.get_mut(index)? = Some(elsewhere);
                }
                *self = trial;
                return Some(seat);
            }
        }
        None
    }

    fn take(&mut self, seat: usize, want: &Want) -> bool {
        let slot = self.slots.get_mut(seat);
        slot.map(|slot| slot.add(Busy::person(want.from, want.to), self.gap))
            .is_some()
    }

    /// Puts `want` on a seat and those in the way on others.
    fn move_all(
        &mut self,
        seat: usize,
        want: &Want,
        in_the_way: &[(usize, Want)],
    ) -> Option<Vec<(usize, usize)>> {
        let slot = self.slots.get_mut(seat)?;
        let leaves = |busy: &Busy| {
            in_the_way
                .iter()
                .any(|(_, other)| *busy == Busy::person(other.from, other.to))
        };
        slot.retain(|busy| !leaves(busy), self.gap);
        self.take(seat, want);
        let mut moved = Vec::new();
        for (index, other) in in_the_way {
            let elsewhere = self.best_for(other)?;
            self.take(elsewhere, other);
            moved.push((*index, elsewhere));
        }
        Some(moved)
    }
}
