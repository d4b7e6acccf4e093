//! The floor: zones, seats, and the drawing that shows them (R12). The layout is configuration, never code.

use crate::ids::{SeatId, StationId, ZoneId};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The collection `floor`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Width of the drawing in units; a seat is about 50 units wide.
    pub width: u32,
    /// Height of the drawing in units.
    pub height: u32,
    /// Parts of the floor.
    pub zones: Vec<Zone>,
    /// All seats.
    pub seats: Vec<Seat>,
    /// Rooms and counters that are drawn but not sat in.
    #[serde(default)]
    pub rooms: Vec<Room>,
    /// Where each station stands: 現在地.
    #[serde(default)]
    pub stations: BTreeMap<StationId, Point>,
}

/// A part of the floor that a programme can take as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its id.
    pub id: ZoneId,
    /// Its name on the screens.
    pub name: Text,
}

/// A seat and what it offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// As its sign reads.
    pub id: SeatId,
    /// The zone it belongs to.
    pub zone: ZoneId,
    /// Where it is drawn.
    pub place: Rect,
    /// What it offers.
    #[serde(default)]
    pub offers: Features,
}

/// What a seat offers, or what a person needs of one (rules section 3).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(deny_unknown_fields, default)]
pub struct Features {
    /// A PC stands there.
    pub pc: bool,
    /// Mains power.
    pub power: bool,
    /// Reached without a step.
    pub step_free: bool,
    /// Floor space, for a wheelchair or an assistance dog.
    pub floor_space: bool,
    /// Telephone calls are allowed.
    pub calls: bool,
}

impl Features {
    /// Whether a seat that offers `self` serves someone who needs `needs`.
    pub fn serves(self, needs: Features) -> bool {
        needs.bits() & !self.bits() == 0
    }

    /// What is in either.
    pub fn and(self, other: Features) -> Features {
        Features {
            pc: self.pc || other.pc,
            power: self.power || other.power,
            step_free: self.step_free || other.step_free,
            floor_space: self.floor_space || other.floor_space,
            calls: self.calls || other.calls,
        }
    }

    /// How many features of the seat nobody asked for: the fewer, the better the fit.
    pub fn beyond(self, needs: Features) -> u32 {
        (self.bits() & !needs.bits()).count_ones()
    }

    /// One bit for each: seats are compared with needs thousands of times in a scan.
    pub(crate) fn bits(self) -> u8 {
        let Features {
            pc,
            power,
            step_free,
            floor_space,
            calls,
        } = self;
        u8::from(pc)
            | u8::from(power) << 1
            | u8::from(step_free) << 2
            | u8::from(floor_space) << 3
            | u8::from(calls) << 4
    }
}

/// A room or counter on the drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// What is written in it.
    pub name: Text,
    /// Where it is drawn.
    pub place: Rect,
    /// Whether people are met there: tinted as consultation or reception.
    #[serde(default)]
    pub kind: RoomKind,
}

/// What a room on the drawing is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Reception, store, entrance.
    #[default]
    Plain,
    /// Consultation rooms.
    Consultation,
}

/// A rectangle in drawing units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rect {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
}

impl Rect {
    fn overlaps(self, other: Rect) -> bool {
        let before = |from: u32, start: u32, length: u32| from < start.saturating_add(length);
        before(self.x, other.x, other.w)
            && before(other.x, self.x, self.w)
            && before(self.y, other.y, other.h)
            && before(other.y, self.y, self.h)
    }
}

/// A point in drawing units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// From the left.
    pub x: u32,
    /// From above.
    pub y: u32,
}

/// Why a floor cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FloorError {
    /// No seat at all.
    #[error("the floor has no seat; add at least one under \"seats\"")]
    Empty,
    /// Two seats or zones of one name.
    #[error("{0} is there twice; give one of them another id")]
    Twice(String),
    /// A seat in a zone nobody defined.
    #[error(
        "seat {seat} names zone {zone}, which is not under \"zones\"; add the zone or correct the seat"
    )]
    UnknownZone {
        /// The seat.
        seat: SeatId,
        /// The zone it names.
        zone: ZoneId,
    },
    /// Two seats on the same spot.
    #[error("seats {0} and {1} overlap on the drawing; move one of them")]
    Overlap(SeatId, SeatId),
    /// A seat drawn beyond the edge.
    #[error("seat {0} lies outside the drawing; move it or enlarge width and height")]
    Outside(SeatId),
}

impl Floor {
    /// The seat with this id.
    pub fn seat(&self, id: &SeatId) -> Option<&Seat> {
        self.seats.iter().find(|seat| &seat.id == id)
    }

    /// The zone with this id.
    pub fn zone(&self, id: &ZoneId) -> Option<&Zone> {
        self.zones.iter().find(|zone| &zone.id == id)
    }

    /// Finds everything that makes the floor unusable.
    ///
    /// # Errors
    /// All faults at once, each with what to mend.
    pub fn check(&self) -> Result<(), Vec<FloorError>> {
        let mut faults = Vec::new();
        if self.seats.is_empty() {
            faults.push(FloorError::Empty);
        }
        let mut names = BTreeSet::new();
        let zones = self.zones.iter().map(|zone| format!("zone {}", zone.id));
        for name in zones.chain(self.seats.iter().map(|seat| format!("seat {}", seat.id))) {
            if !names.insert(name.clone()) {
                faults.push(FloorError::Twice(name));
            }
        }
        for (index, seat) in self.seats.iter().enumerate() {
            if self.zone(&seat.zone).is_none() {
                faults.push(FloorError::UnknownZone {
                    seat: seat.id.clone(),
                    zone: seat.zone.clone(),
                });
            }
            let edge = |from: u32, length: u32| from.checked_add(length);
            let inside = edge(seat.place.x, seat.place.w).is_some_and(|x| x <= self.width)
                && edge(seat.place.y, seat.place.h).is_some_and(|y| y <= self.height);
            if !inside {
                faults.push(FloorError::Outside(seat.id.clone()));
                continue;
            }
            let earlier = self.seats.iter().take(index);
            faults.extend(
                earlier
                    .filter(|other| other.id != seat.id && other.place.overlaps(seat.place))
                    .map(|other| FloorError::Overlap(other.id.clone(), seat.id.clone())),
            );
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }
}
