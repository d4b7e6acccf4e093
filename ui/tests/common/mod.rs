//! A centre to draw: a November noon in rehearsal time, and one of everything that can be shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code
)]

pub mod service;

use api::screen::{
    Centre, FloorView, LinkQr, Phase, Qr, SeatState, SeatView, TodayHours, WifiQr, ZoneView,
};
use chrono::{NaiveDate, NaiveTime};
use domain::event::{Choice, LimitedBy};
use domain::floor::{Features, Point, Rect, Room, RoomKind};
use domain::reference::DateTime;
use domain::text::Text;
use domain::verdict::{
    Admitted, Appointment, AppointmentKind, Bridge, Closed, ClosedBecause, Expired, Extended,
    Extension, Full, Inside, Left, NextOpening, NotExtended, Note, Offered, Place, Remedy,
    TooEarly,
};
use qrcode::{Color, QrCode};
use std::sync::Arc;
use ui::touch::flow::{Presentation, TimeLeft};
use ui::touch::language::Language;
use ui::touch::number_entry::NumberEntry;
use ui::touch::screen::{Purpose, Screen, Stay};

/// Tuesday, 24 November 2026, in Japan.
pub fn at(time: &str) -> DateTime {
    format!("2026-11-24T{time}:00+09:00").parse().unwrap()
}

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
        wifi: Some(WifiQr {
            ssid: "koto-dx-guest".to_owned(),
            qr: qr("WIFI:T:WPA;S:koto-dx-guest;P:kameido2026;;"),
        }),
        registration: link("https://example.jp/koto-dx/register"),
        reservation: link("https://example.jp/koto-dx/reserve"),
        scanner_ready: Some(true),
        writable: true,
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
    }
}

pub fn seat(label: &str) -> Place {
    Place::Seat {
        seat: label.into(),
        zone: "room".into(),
    }
}

pub fn choice(seat: &str, until: &str, limited_by: LimitedBy) -> Choice {
    let pc = seat.starts_with('D');
    Choice {
        seat: seat.into(),
        zone: "room".into(),
        pc,
        until: at(until),
        limited_by,
        goes_on_until: None,
    }
}

pub fn admitted() -> Admitted {
    Admitted {
        visit: "v1".into(),
        place: seat("C3"),
        until: at("14:42"),
        limited_by: LimitedBy::Grant,
        next: None,
        note: None,
    }
}

pub fn inside() -> Inside {
    Inside {
        visit: "v1".into(),
        place: seat("C3"),
        until: at("14:42"),
        limited_by: LimitedBy::Grant,
        extension: Extension::Possible { until: at("15:42") },
        next: None,
    }
}

pub fn offered() -> Offered {
    let choices = vec![
        choice("B4", "13:30", LimitedBy::Programme),
        choice("C2", "13:10", LimitedBy::Reservation),
        choice("D2", "13:42", LimitedBy::Grant),
    ];
    Offered {
        offer: "o1".into(),
        choices,
        held_s: 60,
        next: None,
        note: None,
    }
}

pub fn early(bridge: Option<Choice>) -> TooEarly {
    let remedy = if bridge.is_some() {
        Remedy::TakeSeatUntilThen
    } else {
        Remedy::ComeBack
    };
    TooEarly {
        appointment: Appointment {
            starts: at("14:00"),
            what: AppointmentKind::Seat,
        },
        doors_open: at("13:45"),
        bridge: bridge.map(|choice| Bridge {
            offer: "o2".into(),
            choice,
            held_s: 60,
        }),
        remedy,
    }
}

pub fn closed(reason: ClosedBecause) -> Closed {
    let next = NextOpening {
        date: NaiveDate::from_ymd_opt(2026, 11, 25).unwrap(),
        time: NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
    };
    Closed {
        reason,
        next_opening: Some(next),
        remedy: Remedy::ComeBack,
    }
}

fn number(digits: &str, miss: bool) -> Screen {
    let mut entry = NumberEntry::default();
    digits.bytes().for_each(|digit| entry.press(digit - b'0'));
    if miss {
        entry.not_found();
    } else if digits.len() < 9 && !digits.is_empty() {
        entry.submit();
    }
    Screen::Number(entry)
}

fn menu(limited_by: LimitedBy) -> Screen {
    let menu = Inside {
        extension: Extension::NotPossible { limited_by },
        limited_by,
        ..inside()
    };
    Screen::Inside {
        menu,
        confirming: false,
    }
}

fn not_extended(limited_by: LimitedBy) -> Screen {
    Screen::NotExtended(NotExtended {
        visit: "v1".into(),
        until: at("14:42"),
        limited_by,
        remedy: Remedy::SeeStaff,
    })
}

/// Every screen with what it is about, under the name of its picture.
pub fn screens() -> Vec<(&'static str, Screen)> {
    let mut screens = choosing();
    screens.extend(answers());
    screens
}

fn choosing() -> Vec<(&'static str, Screen)> {
    let two = || Offered {
        choices: offered().choices[..2].to_vec(),
        ..offered()
    };
    let one = || Offered {
        choices: vec![choice("B4", "18:00", LimitedBy::Closing)],
        ..offered()
    };
    let bridge = choice("B4", "13:55", LimitedBy::Reservation);
    let same_seat = Choice {
        goes_on_until: Some(at("16:00")),
        ..bridge.clone()
    };
    vec![
        ("attract", Screen::Attract),
        ("hold-pass-walk-in", Screen::HoldPass(Purpose::WalkIn)),
        ("hold-pass-leave", Screen::HoldPass(Purpose::LeaveOrExtend)),
        ("first-visit", Screen::FirstVisit),
        ("number-empty", number("", false)),
        ("number-incomplete", number("2611", false)),
        ("number-complete", number("261130487", false)),
        ("number-not-found", number("261130487", true)),
        (
            "inside",
            Screen::Inside {
                menu: inside(),
                confirming: false,
            },
        ),
        ("inside-no-extension", menu(LimitedBy::Reservation)),
        (
            "inside-confirm",
            Screen::Inside {
                menu: inside(),
                confirming: true,
            },
        ),
        ("offer-three", Screen::Offer(offered())),
        ("offer-two", Screen::Offer(two())),
        ("offer-one", Screen::Offer(one())),
        ("early-bridge", Screen::Early(early(Some(bridge)))),
        ("early-same-seat", Screen::Early(early(Some(same_seat)))),
        ("early-none", Screen::Early(early(None))),
    ]
}

fn answers() -> Vec<(&'static str, Screen)> {
    let consultation = Appointment {
        starts: at("13:00"),
        what: AppointmentKind::Consultation,
    };
    let title = Text::both(
        "はじめてのExcel（就職希望者向け）",
        "Excel for beginners (job seekers)",
    );
    let programme = Place::Programme {
        title: title.clone(),
        zone: Some("room".into()),
    };
    let next_programme = Appointment {
        starts: at("14:00"),
        what: AppointmentKind::Programme { title },
    };
    let reservation = || Full {
        expected_free: Some(at("12:10")),
        day_total_used: false,
        remedy: Remedy::ReserveAnotherTime,
    };
    let typhoon = Text::both(
        "台風のため、本日は終日お休みします。",
        "Closed all day because of the typhoon.",
    );
    vec![
        ("admitted", Screen::Admitted(admitted())),
        (
            "admitted-next",
            Screen::Admitted(Admitted {
                next: Some(consultation),
                ..admitted()
            }),
        ),
        (
            "admitted-renew",
            Screen::Admitted(Admitted {
                next: Some(next_programme),
                note: Some(Note::Renew),
                ..admitted()
            }),
        ),
        (
            "admitted-proof",
            Screen::Admitted(Admitted {
                note: Some(Note::ShowProof),
                ..admitted()
            }),
        ),
        (
            "admitted-programme",
            Screen::Admitted(Admitted {
                place: programme,
                ..admitted()
            }),
        ),
        (
            "admitted-consultation",
            Screen::Admitted(Admitted {
                place: Place::Consultation,
                ..admitted()
            }),
        ),
        ("full", Screen::Full(reservation())),
        (
            "full-today",
            Screen::Full(Full {
                expected_free: None,
                ..reservation()
            }),
        ),
        (
            "full-day-total",
            Screen::Full(Full {
                day_total_used: true,
                ..reservation()
            }),
        ),
        ("closed-ended", Screen::Closed(closed(ClosedBecause::Ended))),
        (
            "closed-not-yet",
            Screen::Closed(closed(ClosedBecause::NotYetOpen)),
        ),
        (
            "closed-today",
            Screen::Closed(closed(ClosedBecause::ClosedToday { text: typhoon })),
        ),
        (
            "closed-programme-only",
            Screen::Closed(closed(ClosedBecause::ProgrammeOnly)),
        ),
        (
            "expired",
            Screen::Expired(Expired {
                valid_until: NaiveDate::from_ymd_opt(2026, 3, 31).unwrap(),
                remedy: Remedy::Renew,
            }),
        ),
        ("not-recognised", Screen::NotRecognised),
        ("unreadable", Screen::Unreadable),
        ("too-many-errors", Screen::TooManyErrors),
        ("lapsed", Screen::Lapsed),
        (
            "left",
            Screen::Left(Left {
                visit: "v1".into(),
                next: None,
            }),
        ),
        (
            "extended",
            Screen::Extended(Extended {
                visit: "v1".into(),
                place: seat("C3"),
                until: at("15:42"),
                limited_by: LimitedBy::Grant,
            }),
        ),
        ("not-extended", not_extended(LimitedBy::Reservation)),
        ("not-extended-day-total", not_extended(LimitedBy::DayTotal)),
        ("staff-coming", Screen::StaffComing),
        ("desk", Screen::Desk),
        ("unconfirmed", Screen::Unconfirmed),
        ("cannot-record", Screen::CannotRecord),
        ("service-lost", Screen::ServiceLost),
    ]
}

/// The screen as it is a quarter into its time.
pub fn presentation(screen: Screen, language: Language) -> Presentation {
    let time_left = match screen.stay() {
        Stay::Open => None,
        Stay::Answer => Some(TimeLeft {
            seconds: 11,
            share: 11.0 / 15.0,
        }),
        Stay::Choice | Stay::Held(_) => Some(TimeLeft {
            seconds: 45,
            share: 0.75,
        }),
    };
    let known = screen != Screen::ServiceLost;
    Presentation {
        screen,
        language,
        time_left,
        details: true,
        now: known.then(|| at("11:42")),
        centre: known.then(|| Arc::new(centre())),
        floor: known.then(|| Arc::new(floor())),
    }
}
