//! The sample's floor: one shared room, twenty PC seats and eight coworking seats.

use domain::floor::{Features, Floor, Point, Rect, Room, RoomKind, Seat, Zone};
use domain::text::Text;

const SEAT: (u32, u32) = (48, 46);
const PITCH: (u32, u32) = (56, 62);
const PC_LEFT: u32 = 20;
const COWORK_LEFT: u32 = 324;
const TOP: u32 = 20;

pub(super) fn floor() -> Floor {
    let zone = |id: &str, ja: &str, en: &str| Zone {
        id: id.into(),
        name: Text::both(ja, en),
    };
    let room = |ja: &str, en: &str, place: Rect, kind: RoomKind| Room {
        name: Text::both(ja, en),
        place,
        kind,
    };
    let rect = |x, y, w, h| Rect { x, y, w, h };
    Floor {
        width: 576,
        height: 284,
        zones: vec![
            zone("pc", "パソコン席", "PC seats"),
            zone("cowork", "コワーキング", "Coworking"),
        ],
        seats: pc_seats().chain(coworking_seats()).collect(),
        rooms: vec![
            room(
                "相談室1・2",
                "Consultation 1 and 2",
                rect(460, 0, 116, 112),
                RoomKind::Consultation,
            ),
            room(
                "受付",
                "Reception",
                rect(460, 206, 116, 78),
                RoomKind::Plain,
            ),
        ],
        stations: [("door".into(), Point { x: 548, y: 160 })].into(),
    }
}

/// A1 to D5; the rows along the walls have mains power of their own.
fn pc_seats() -> impl Iterator<Item = Seat> {
    (0..4u32)
        .zip(["A", "B", "C", "D"])
        .flat_map(|(row, letter)| {
            (0..5u32).map(move |column| {
                let offers = Features {
                    pc: true,
                    power: row == 0 || row == 3,
                    step_free: column == 4,
                    ..Features::default()
                };
                Seat {
                    id: format!("{letter}{}", column + 1).into(),
                    zone: "pc".into(),
                    place: place(PC_LEFT, column, row),
                    offers,
                }
            })
        })
}

/// E1 to E8, all with power: E1 for telephone calls, E7 and E8 with floor space.
fn coworking_seats() -> impl Iterator<Item = Seat> {
    (0..8u32).map(|index| {
        let roomy = index >= 6;
        let offers = Features {
            pc: false,
            power: true,
            step_free: roomy,
            floor_space: roomy,
            calls: index == 0,
        };
        let place = place(COWORK_LEFT, index % 2, index / 2);
        Seat {
            id: format!("E{}", index + 1).into(),
            zone: "cowork".into(),
            place,
            offers,
        }
    })
}

fn place(left: u32, column: u32, row: u32) -> Rect {
    Rect {
        x: left + column * PITCH.0,
        y: TOP + row * PITCH.1,
        w: SEAT.0,
        h: SEAT.1,
    }
}
