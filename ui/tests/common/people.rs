//! Who sits elsewhere, goes out, came along, or is no member.

use super::{admitted, at, companions, inside, next_programme, offered};
use domain::event::{GuestPurpose, LimitedBy, SeatChange};
use domain::verdict::{
    Admitted, Extension, GuestReceived, Inside, Note, Offered, Remedy, SteppedOut,
};
use ui::touch::screen::Screen;

/// The seat that somebody has who asks for another.
pub fn change() -> SeatChange {
    SeatChange {
        visit: "v1".into(),
        seat: "C3".into(),
        until: at("13:30"),
    }
}

fn guest(purpose: GuestPurpose) -> Screen {
    Screen::Guest(GuestReceived {
        guest: "g1".into(),
        purpose,
        remedy: Remedy::SeeStaff,
    })
}

/// Who sits elsewhere, goes out, came along, or is no member.
pub fn screens() -> Vec<(&'static str, Screen)> {
    let over_time = Inside {
        until: at("11:40"),
        may_change_seat: false,
        may_step_out: false,
        ..inside()
    };
    vec![
        (
            "inside-companions",
            Screen::Inside {
                menu: Inside {
                    companions: companions(2),
                    next: Some(next_programme()),
                    extension: Extension::NotPossible {
                        limited_by: LimitedBy::Programme,
                    },
                    ..inside()
                },
                confirming: false,
            },
        ),
        (
            "inside-over-time",
            Screen::Inside {
                menu: over_time,
                confirming: false,
            },
        ),
        (
            "offer-change",
            Screen::Offer(Offered {
                changes: Some(change()),
                ..offered()
            }),
        ),
        (
            "admitted-companions",
            Screen::Admitted(Admitted {
                companions: companions(1),
                note: Some(Note::Renew),
                ..admitted()
            }),
        ),
        ("seat-changed", Screen::SeatChanged(admitted())),
        ("no-other-seat", Screen::NoOtherSeat),
        (
            "stepped-out",
            Screen::SteppedOut(SteppedOut {
                visit: "v1".into(),
                back_by: at("12:12"),
            }),
        ),
        (
            "welcome-back",
            Screen::WelcomeBack(Admitted {
                next: Some(next_programme()),
                ..admitted()
            }),
        ),
        ("guest-tour", guest(GuestPurpose::Tour)),
        ("guest-delivery", guest(GuestPurpose::Delivery)),
        ("guest-enquiry", guest(GuestPurpose::Enquiry)),
    ]
}
