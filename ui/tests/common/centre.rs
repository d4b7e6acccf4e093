//! The centre and its floor.

use super::at;
use api::screen::{
    Centre, FloorView, LinkQr, Phase, Qr, SeatState, SeatView, TodayHours, WifiQr, ZoneView,
};
use chrono::NaiveDate;
use domain::floor::{Features, Point, Rect, Room, RoomKind};
use domain::text::Text;
use qrcode::{Color, QrCode};

pub fn qr(text: &str) -> Qr {
    let code = QrCode::new(text).unwrap();
    let colours = code.to_colors();
    let rows = colours.chunks(code.width()).map(|row| {
        row.iter()
            .map(|c| if *c == Color::Dark { '1' } else { '0' })
            .collect()
    });
    Qr {
        size: u32::try_from(code.width()).unwrap(),
        rows: rows.collect(),
    }
}

pub fn centre() -> Centre {
    let link = |url: &str| {
        Some(LinkQr {
            url: url.to_owned(),
            qr: qr(url),
        })
    };
    Centre {
        version: "0.1.0".to_owned(),
        name: Text::both("江東区DX推進支援センター", "Koto City DX Support Centre"),
        now: at("11:42"),
        rehearsal: false,
        today: TodayHours {
            date: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
            open: Some("09:30".to_owned()),
            close: Some("18:00".to_owned()),
            reason: None,
            reason_text: None,
        },
        phase: Phase::Open,
        next_opening: None,
        free_seats: 9,
        walk_in: true,
        calls: Vec::new(),
        wifi: Some(WifiQr {
            ssid: "koto-dx-guest".to_owned(),
            qr: qr("WIFI:T:WPA;S:koto-dx-guest;P:kameido2026;;"),
        }),
        registration: link("https://example.jp/koto-dx/register"),
        reservation: link("https://example.jp/koto-dx/reserve"),
        scanner_ready: Some(true),
        writable: true,
        emergency: None,
    }
}

pub fn floor() -> FloorView {
    let taken = ["A1", "A2", "A5", "B3", "D1"];
    let seats = (0..4_u32)
        .flat_map(|row| (0..5_u32).map(move |column| (row, column)))
        .map(|(row, column)| {
            let id = format!(
                "{}{}",
                char::from(b'A' + u8::try_from(row).unwrap()),
                column + 1
            );
            let state = if taken.contains(&id.as_str()) {
                SeatState::Occupied
            } else {
                SeatState::Free
            };
            SeatView {
                id: id.as_str().into(),
                zone: "room".into(),
                place: Rect {
                    x: 21 + 56 * column,
                    y: 19 + 62 * row,
                    w: 46,
                    h: 44,
                },
                offers: Features {
                    power: row == 2,
                    pc: row == 3,
                    ..Features::default()
                },
                state,
                until: None,
            }
        });
    let room = |ja: &str, en: &str, place, kind| Room {
        name: Text::both(ja, en),
        place,
        kind,
    };
    FloorView {
        width: 426,
        height: 296,
        zones: vec![ZoneView {
            id: "room".into(),
            name: Text::both("コワーキング席", "Coworking seat"),
            free: 15,
            total: 20,
        }],
        seats: seats.collect(),
        rooms: vec![
            room(
                "相談室",
                "Advice",
                Rect {
                    x: 314,
                    y: 0,
                    w: 112,
                    h: 120,
                },
                RoomKind::Consultation,
            ),
            room(
                "受付",
                "Desk",
                Rect {
                    x: 314,
                    y: 218,
                    w: 112,
                    h: 78,
                },
                RoomKind::Plain,
            ),
        ],
        here: Some(Point { x: 370, y: 188 }),
        people_inside: 7,
    }
}
