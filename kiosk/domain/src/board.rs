//! The board of seats and times: what fits where. Times are seconds of the epoch.

use crate::event::LimitedBy;
use crate::floor::{Features, Floor, Seat};
use crate::ids::{SeatId, ZoneId};

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
        Self { from, to, person: true }
    }

    pub(crate) fn programme(from: i64, to: i64) -> Self {
        Self { from, to, person: false }
    }

    fn limits_as(self) -> LimitedBy {
        if self.person { LimitedBy::Reservation } else { LimitedBy::Programme }
    }
}

/// Somebody to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) needs: Features,
}

#[derive(Clone)]
struct Slot<'a> {
    seat: &'a Seat,
    busy: Vec<Busy>,
}

impl Slot<'_> {
    fn fits(&self, from: i64, to: i64, gap: i64) -> bool {
        self.busy.iter().all(|busy| {
            let pause = if busy.person { gap } else { 0 };
            to + pause <= busy.from || busy.to + pause <= from
        })
    }

    /// Seconds the seat has stood empty before `from`: the tighter the fit, the smaller.
    fn idle_before(&self, from: i64) -> i64 {
        self.busy.iter().filter(|busy| busy.to <= from).map(|busy| from - busy.to).min().unwrap_or(i64::MAX)
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
        Self { slots: floor.seats.iter().map(|seat| Slot { seat, busy: Vec::new() }).collect(), gap }
    }

    pub(crate) fn block_zone(&mut self, zone: &ZoneId, busy: Busy) {
        self.slots.iter_mut().filter(|slot| &slot.seat.zone == zone).for_each(|slot| slot.busy.push(busy));
    }

    /// A seat that was taken off the floor while somebody sat there is not on the board, and nobody else gets it.
    pub(crate) fn occupy(&mut self, seat: &SeatId, busy: Busy) {
        self.slots.iter_mut().filter(|slot| &slot.seat.id == seat).for_each(|slot| slot.busy.push(busy));
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
        let fits = move |slot: &Slot| slot.seat.offers.serves(needs) && slot.fits(from, to, self.gap);
        self.slots.iter().enumerate().filter(move |(_, slot)| fits(slot)).map(|(index, _)| index)
    }

    /// Until when a seat that is free at `from` stays free, and what comes then.
    pub(crate) fn free_until(&self, seat: usize, from: i64) -> Option<(i64, LimitedBy)> {
        let slot = self.slots.get(seat)?;
        let later = slot.busy.iter().filter(|busy| busy.from >= from);
        later.map(|busy| (busy.from - if busy.person { self.gap } else { 0 }, busy.limits_as())).min_by_key(|(at, _)| *at)
    }

    /// When the seat will be free again if it is not at `from`.
    pub(crate) fn free_again(&self, seat: usize, from: i64) -> Option<i64> {
        let slot = self.slots.get(seat)?;
        let mut at = from;
        let mut spans = slot.busy.clone();
        spans.sort_unstable();
        for busy in spans {
            let pause = if busy.person { self.gap } else { 0 };
            if busy.from <= at && at < busy.to + pause {
                at = busy.to + pause;
            }
        }
        (at > from).then_some(at)
    }

    /// The same board with one more span on a seat.
    pub(crate) fn with(&self, seat: usize, busy: Busy) -> Self {
        let mut board = self.clone();
        if let Some(slot) = board.slots.get_mut(seat) {
            slot.busy.push(busy);
        }
        board
    }

    /// The same board with a person's stay on a seat made longer.
    pub(crate) fn with_longer(&self, seat: usize, until: i64, longer: i64) -> Self {
        let mut board = self.clone();
        let spans = board.slots.get_mut(seat).into_iter().flat_map(|slot| &mut slot.busy);
        spans.filter(|busy| busy.person && busy.to == until).for_each(|busy| busy.to = longer);
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
        let mut kept: Vec<(usize, Want)> = Vec::new();
        for (index, want) in wants.iter().enumerate() {
            kept.push((index, *want));
            let trial: Vec<_> = kept.iter().map(|(_, want)| *want).collect();
            if !self.holds(&trial) {
                kept.pop();
            }
        }
        let mut seats = vec![None; wants.len()];
        let trial: Vec<_> = kept.iter().map(|(_, want)| *want).collect();
        let placed = self.place_all(&trial).unwrap_or_default();
        for ((index, _), seat) in kept.into_iter().zip(placed) {
            if let Some(entry) = seats.get_mut(index) {
                *entry = Some(seat);
            }
        }
        seats
    }

    /// First by start alone, which wastes least time; where that fails, the hardest to please first.
    fn place_all(&self, wants: &[Want]) -> Option<Vec<usize>> {
        let choosy = |want: &Want| self.slots.iter().filter(|slot| slot.seat.offers.serves(want.needs)).count();
        self.place_in_order(wants, |want| (0, want.from, want.to))
            .or_else(|| self.place_in_order(wants, |want| (choosy(want), want.from, want.to)))
    }

    fn place_in_order<K: Ord>(&self, wants: &[Want], key: impl Fn(&Want) -> K) -> Option<Vec<usize>> {
        let mut order: Vec<(usize, &Want)> = wants.iter().enumerate().collect();
        order.sort_by_key(|(index, want)| (key(want), *index));
        let mut board = self.clone();
        let mut seats = vec![0; wants.len()];
        for (index, want) in order {
            let (seat, slot) = board
                .slots
                .iter_mut()
                .enumerate()
                .filter(|(_, slot)| slot.seat.offers.serves(want.needs) && slot.fits(want.from, want.to, self.gap))
                .min_by_key(|(seat, slot)| (slot.seat.offers.beyond(want.needs), slot.idle_before(want.from), *seat))?;
            slot.busy.push(Busy::person(want.from, want.to));
            *seats.get_mut(index)? = seat;
        }
        Some(seats)
    }
}
