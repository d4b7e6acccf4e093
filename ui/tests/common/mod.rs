//! A centre to draw: a November noon in rehearsal time, and one of everything that can be shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code
)]

mod centre;
pub mod gallery;
pub mod lending;
pub mod people;
pub mod service;
pub mod staff;

pub use centre::{centre, floor};

use chrono::{NaiveDate, NaiveTime};
use domain::adviser::ConsultationOffer;
use domain::event::{Choice, LimitedBy, Wait};
use domain::reference::DateTime;
use domain::text::Text;
use domain::verdict::{
    Admitted, Appointment, AppointmentKind, Bridge, Closed, ClosedBecause, Companions, Expired,
    Extended, Extension, Full, Inside, Left, NextOpening, NoPlace, NoPlaceBecause, NotExtended,
    Note, Offered, Place, ProgrammeChange, Remedy, Standby, TooEarly, Waiting,
};
use std::sync::Arc;
use ui::touch::flow::{Presentation, TimeLeft};
use ui::touch::language::Language;
use ui::touch::number_entry::NumberEntry;
use ui::touch::screen::{Purpose, Screen, Stay};

/// Tuesday, 24 November 2026, in Japan.
pub fn at(time: &str) -> DateTime {
    format!("2026-11-24T{time}:00+09:00").parse().unwrap()
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
        companions: companions(0),
        may_borrow: false,
    }
}

fn companions(count: u32) -> Companions {
    Companions { count, most: 2 }
}

pub fn inside() -> Inside {
    Inside {
        visit: "v1".into(),
        place: seat("C3"),
        until: at("14:42"),
        limited_by: LimitedBy::Grant,
        extension: Extension::Possible { until: at("15:42") },
        next: None,
        may_change_seat: true,
        may_step_out: true,
        companions: companions(0),
        change: None,
        may_borrow: false,
        loans: Vec::new(),
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
        consultation: None,
        held_s: 60,
        next: None,
        note: None,
        changes: None,
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

/// All seats are taken, and a number can be had.
pub fn full() -> Full {
    Full {
        expected_free: Some(at("12:10")),
        day_total_used: false,
        waiting: 2,
        wait: Some(wait(15, 30)),
        lock_min: 5,
        ticket: Some("t1".into()),
        remedy: Remedy::TakeNumber,
    }
}

pub fn wait(from_min: u32, to_min: u32) -> Wait {
    Wait { from_min, to_min }
}

pub fn waiting() -> Waiting {
    Waiting {
        ticket: "t1".into(),
        number: 12,
        ahead: 2,
        wait: full().wait,
        lock_min: 5,
        remedy: Remedy::WaitForCall,
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

fn in_line(place: Waiting, confirming: bool) -> Screen {
    Screen::Waiting { place, confirming }
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
    screens.extend(programmes());
    screens.extend(answers());
    screens.extend(people::screens());
    screens.extend(staff::screens());
    screens.extend(lending::screens());
    screens
}

fn choosing() -> Vec<(&'static str, Screen)> {
    let two = || Offered {
        choices: offered().choices[..2].to_vec(),
        ..offered()
    };
    let own = || Offered {
        choices: vec![
            choice("B4", "13:25", LimitedBy::OwnReservation),
            choice("C2", "13:25", LimitedBy::Closing),
        ],
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
        ("inside-queue", menu(LimitedBy::Queue)),
        (
            "inside-next",
            Screen::Inside {
                menu: Inside {
                    next: Some(next_programme()),
                    ..inside()
                },
                confirming: false,
            },
        ),
        ("inside-called-off", in_programme(called_off())),
        ("inside-moved", in_programme(moved())),
        (
            "inside-confirm",
            Screen::Inside {
                menu: inside(),
                confirming: true,
            },
        ),
        ("offer-three", Screen::Offer(offered())),
        ("offer-own", Screen::Offer(own())),
        ("offer-two", Screen::Offer(two())),
        ("offer-one", Screen::Offer(one())),
        ("offer-consultation", Screen::Offer(advised(2, None))),
        (
            "offer-consultation-wait",
            Screen::Offer(advised(1, Some((10, 20)))),
        ),
        (
            "offer-consultation-soon",
            Screen::Offer(advised(1, Some((0, 10)))),
        ),
        ("early-bridge", Screen::Early(early(Some(bridge)))),
        ("early-same-seat", Screen::Early(early(Some(same_seat)))),
        ("early-none", Screen::Early(early(None))),
        ("waiting", in_line(waiting(), false)),
        (
            "waiting-next",
            in_line(
                Waiting {
                    ahead: 0,
                    wait: None,
                    ..waiting()
                },
                false,
            ),
        ),
        ("waiting-confirm", in_line(waiting(), true)),
    ]
}

/// So many seats and a consultation.
fn advised(seats: usize, wait: Option<(u32, u32)>) -> Offered {
    let all = [
        choice("B4", "13:30", LimitedBy::Programme),
        choice("D2", "13:42", LimitedBy::Grant),
    ];
    Offered {
        choices: all[..seats].to_vec(),
        consultation: Some(ConsultationOffer {
            until: at("12:30"),
            wait: wait.map(|(from_min, to_min)| Wait { from_min, to_min }),
        }),
        ..offered()
    }
}

fn title() -> Text {
    Text::both(
        "はじめてのExcel（就職希望者向け）",
        "Excel for beginners (job seekers)",
    )
}

fn next_programme() -> Appointment {
    Appointment {
        starts: at("14:00"),
        what: AppointmentKind::Programme { title: title() },
    }
}

fn called_off() -> ProgrammeChange {
    ProgrammeChange::CalledOff { title: title() }
}

fn moved() -> ProgrammeChange {
    ProgrammeChange::Moved {
        title: title(),
        starts: at("15:30"),
    }
}

fn in_programme(change: ProgrammeChange) -> Screen {
    let menu = Inside {
        place: Place::Programme {
            title: title(),
            zone: Some("room".into()),
        },
        limited_by: LimitedBy::OwnReservation,
        extension: Extension::NotPossible {
            limited_by: LimitedBy::OwnReservation,
        },
        change: Some(Box::new(change)),
        ..inside()
    };
    Screen::Inside {
        menu,
        confirming: false,
    }
}

fn standby(ahead: u32) -> Screen {
    Screen::Standby(Standby {
        title: title(),
        ask_again: at("14:10"),
        ahead,
        remedy: Remedy::ComeBack,
    })
}

fn no_place(because: NoPlaceBecause, seat: Option<Choice>) -> Screen {
    Screen::NoPlace(NoPlace {
        title: title(),
        because,
        seat: seat.map(|choice| Bridge {
            offer: "o3".into(),
            choice,
            held_s: 60,
        }),
        remedy: Remedy::SeeStaff,
    })
}

/// People with a place in a programme, or without one.
fn programmes() -> Vec<(&'static str, Screen)> {
    let seat = choice("B4", "16:10", LimitedBy::Grant);
    vec![
        ("standby", standby(0)),
        ("standby-second", standby(1)),
        (
            "no-place",
            no_place(NoPlaceBecause::Full, Some(seat.clone())),
        ),
        (
            "no-place-late",
            no_place(NoPlaceBecause::LastEntry, Some(seat)),
        ),
        (
            "no-place-no-seat",
            no_place(NoPlaceBecause::LastEntry, None),
        ),
    ]
}

fn answers() -> Vec<(&'static str, Screen)> {
    let consultation = Appointment {
        starts: at("13:00"),
        what: AppointmentKind::Consultation,
    };
    let programme = Place::Programme {
        title: title(),
        zone: Some("room".into()),
    };
    let reservation = || Full {
        waiting: 0,
        wait: None,
        ticket: None,
        remedy: Remedy::ComeBack,
        ..full()
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
                next: Some(next_programme()),
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
            "admitted-await-adviser",
            Screen::Admitted(Admitted {
                note: Some(Note::AwaitAdviser),
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
        ("full", Screen::Full(full())),
        (
            "full-first",
            Screen::Full(Full {
                waiting: 0,
                wait: Some(wait(0, 5)),
                ..full()
            }),
        ),
        ("full-reserved", Screen::Full(reservation())),
        ("joined", Screen::Joined(waiting())),
        ("given-up", Screen::GivenUp),
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
            "closed-queue-ended",
            Screen::Closed(closed(ClosedBecause::QueueEnded)),
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
                still_out: Vec::new(),
            }),
        ),
        (
            "left-next",
            Screen::Left(Left {
                visit: "v1".into(),
                next: Some(next_programme()),
                still_out: Vec::new(),
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
        ("not-extended-queue", not_extended(LimitedBy::Queue)),
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
        Stay::Session(seconds) => Some(TimeLeft {
            seconds: u64::from(seconds) * 3 / 4,
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
