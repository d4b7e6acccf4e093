//! The way from 現在地 to a seat, around seats and rooms, with few turns.

use api::screen::FloorView;
use domain::floor::{Point, Rect};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Side of a step in units of the drawing; a seat is about 50 wide and the gaps between seats are 10 or more.
const STEP: i64 = 5;
/// A turn costs as much as this many steps.
const TURN: i64 = 8;
/// Distance between the dots that draw the way, in units of the drawing.
const DOT: f32 = 9.0;

type Cell = (i64, i64);
const DIRECTIONS: [Cell; 4] = [(1, 0), (-1, 0), (0, 1), (0, -1)];

/// Dots along the way from `floor.here` to `seat`, in units of the drawing. Empty when there is no way, or nobody knows from where.
pub fn dots(floor: &FloorView, seat: Rect) -> Vec<(f32, f32)> {
    let Some(here) = floor.here else {
        return Vec::new();
    };
    let corners = way(floor, here, seat);
    along(&corners)
}

fn way(floor: &FloorView, here: Point, seat: Rect) -> Vec<Cell> {
    let grid = Grid::new(floor, here);
    let goals = beside(seat);
    let start = cell(i64::from(here.x), i64::from(here.y));
    let mut best: BTreeMap<(Cell, Option<usize>), i64> = BTreeMap::new();
    let mut from: BTreeMap<(Cell, usize), (Cell, Option<usize>)> = BTreeMap::new();
    let mut open = BinaryHeap::from([Reverse((0_i64, start, None::<usize>))]);
    while let Some(Reverse((cost, at, facing))) = open.pop() {
        if goals.contains(&at) {
            return trace(&from, at, facing);
        }
        if best.get(&(at, facing)).is_some_and(|known| *known < cost) {
            continue;
        }
        for (index, (dx, dy)) in DIRECTIONS.into_iter().enumerate() {
            let next = (at.0 + dx, at.1 + dy);
            let turn = if facing.is_some_and(|facing| facing != index) {
                TURN
            } else {
                0
            };
            let Some(step) = grid.cost(next) else {
                continue;
            };
            let total = cost + step + turn;
            if best
                .get(&(next, Some(index)))
                .is_none_or(|known| total < *known)
            {
                best.insert((next, Some(index)), total);
                from.insert((next, index), (at, facing));
                open.push(Reverse((total, next, Some(index))));
            }
        }
    }
    Vec::new()
}

fn trace(
    from: &BTreeMap<(Cell, usize), (Cell, Option<usize>)>,
    end: Cell,
    facing: Option<usize>,
) -> Vec<Cell> {
    let mut cells = vec![end];
    let (mut at, mut facing) = (end, facing);
    while let Some(direction) = facing {
        let Some(before) = from.get(&(at, direction)) else {
            break;
        };
        (at, facing) = *before;
        cells.push(at);
    }
    cells.reverse();
    cells
}

fn cell(x: i64, y: i64) -> Cell {
    (x.div_euclid(STEP), y.div_euclid(STEP))
}

/// The places next to the middle of each side of a seat.
fn beside(seat: Rect) -> [Cell; 4] {
    let [x, y, w, h] = [seat.x, seat.y, seat.w, seat.h].map(i64::from);
    let (cx, cy) = (x + w / 2, y + h / 2);
    [
        cell(cx, y + h + STEP),
        cell(cx, y - STEP),
        cell(x + w + STEP, cy),
        cell(x - STEP, cy),
    ]
}

struct Grid<'a> {
    floor: &'a FloorView,
    /// Rooms that `here` stands in are no obstacle.
    rooms: Vec<Rect>,
}

impl<'a> Grid<'a> {
    fn new(floor: &'a FloorView, here: Point) -> Self {
        let holds = |rect: &Rect| within(*rect, i64::from(here.x), i64::from(here.y));
        Self {
            floor,
            rooms: floor
                .rooms
                .iter()
                .map(|room| room.place)
                .filter(|place| !holds(place))
                .collect(),
        }
    }

    fn cost(&self, (cx, cy): Cell) -> Option<i64> {
        let (x, y) = (cx * STEP + STEP / 2, cy * STEP + STEP / 2);
        let inside =
            x > 0 && y > 0 && x < i64::from(self.floor.width) && y < i64::from(self.floor.height);
        let seats = self.floor.seats.iter().map(|seat| seat.place);
        let blocked = seats
            .chain(self.rooms.iter().copied())
            .any(|rect| within(rect, x, y));
        (inside && !blocked).then_some(1)
    }
}

fn within(rect: Rect, x: i64, y: i64) -> bool {
    let [left, top, w, h] = [rect.x, rect.y, rect.w, rect.h].map(i64::from);
    x >= left && x <= left + w && y >= top && y <= top + h
}

/// Dots at even distances along the cells.
fn along(cells: &[Cell]) -> Vec<(f32, f32)> {
    let centre = |(x, y): &Cell| ((x * STEP + STEP / 2) as f32, (y * STEP + STEP / 2) as f32);
    let mut dots = Vec::new();
    let mut since = 0.0;
    for pair in cells.windows(2) {
        if let [_, to] = pair {
            since += STEP as f32;
            if since >= DOT {
                since -= DOT;
                dots.push(centre(to));
            }
        }
    }
    dots.extend(cells.last().map(centre));
    dots
}
