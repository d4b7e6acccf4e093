//! Staff at the screen: the PIN, the menu and its parts.

use super::at;
use api::staff::{FoundMember, FoundReservation, StationStaffView, StayView, TicketView};
use domain::event::{Activity, CallReason};
use domain::reference::MemberState;
use domain::staff::{Obstacle, StaffCall};
use domain::verdict::AppointmentKind;
use std::sync::Arc;
use ui::touch::screen::Screen;
use ui::touch::staff::{PinEntry, PinMessage, StaffPart, StaffScreen, Told};

/// Somebody on a seat.
pub fn stay(seat: &str, until: &str, overdue: bool) -> StayView {
    StayView {
        visit: format!("v-{seat}").into(),
        member: "M00012".into(),
        activity: Activity::Coworking,
        title: None,
        seat: Some(seat.into()),
        started_at: at("10:00"),
        until: at(until),
        overdue,
    }
}

/// A call at this screen, two seats over time and ten besides, and somebody who waits.
pub fn view() -> StationStaffView {
    let overdue = ["B2", "C4"].map(|seat| stay(seat, "11:35", true));
    let others = ["A1", "A2", "A5", "B1", "C3", "D1", "D2", "E1", "E4", "E7"];
    let others = others.map(|seat| stay(seat, "13:30", false));
    StationStaffView {
        user: "uketsuke1".to_owned(),
        idle_s: 300,
        calls: vec![StaffCall {
            id: "c1".into(),
            station: "door".into(),
            reason: CallReason::Visitor,
            since: at("11:40"),
        }],
        seats: overdue.into_iter().chain(others).collect(),
        next: Some(TicketView {
            ticket: "t1".into(),
            number: 12,
            member: "M00031".into(),
            since: at("11:20"),
            seat: None,
        }),
    }
}

/// Somebody found by number, with a seat reserved.
pub fn found() -> FoundMember {
    FoundMember {
        member: "M00012".into(),
        state: MemberState::Active,
        inside: false,
        reservations: vec![FoundReservation {
            reservation: "r1".into(),
            starts: at("12:00"),
            ends: at("14:00"),
            what: AppointmentKind::Seat,
            lapsed: false,
        }],
    }
}

/// After these digits, and what came of the PIN before.
pub fn pin(digits: u8, message: PinMessage) -> Screen {
    let mut entry = PinEntry::default();
    entry.refused(message);
    (0..digits).for_each(|digit| drop(entry.press(digit)));
    Screen::Pin(entry)
}

fn part(part: StaffPart, told: Option<Told>) -> Screen {
    Screen::Staff(StaffScreen {
        view: Arc::new(view()),
        part,
        told,
    })
}

fn quiet() -> Screen {
    let view = StationStaffView {
        calls: Vec::new(),
        seats: Vec::new(),
        next: None,
        ..view()
    };
    Screen::Staff(StaffScreen::menu(view))
}

/// All of them.
pub fn screens() -> Vec<(&'static str, Screen)> {
    let full = Told::NotDone(Obstacle::Full);
    let done = Told::Done(Some("C3".to_owned()), Some(at("14:00")));
    let number = |digits: &str| StaffPart::Number(digits.to_owned());
    vec![
        ("pin", pin(4, PinMessage::None)),
        ("pin-wrong", pin(0, PinMessage::Wrong)),
        ("pin-locked", pin(0, PinMessage::Locked)),
        ("staff", part(StaffPart::Menu, None)),
        ("staff-quiet", quiet()),
        ("staff-done", part(StaffPart::Menu, Some(done))),
        ("staff-not-done", part(StaffPart::Menu, Some(full))),
        ("staff-free", part(StaffPart::Free, None)),
        ("staff-check-out", part(StaffPart::CheckOut, None)),
        (
            "staff-confirm",
            part(StaffPart::Confirm(stay("C3", "13:30", false)), None),
        ),
        ("staff-number", part(number("12"), None)),
        (
            "staff-number-not-found",
            part(number("123"), Some(Told::NotFound)),
        ),
        ("staff-found", part(StaffPart::Found(found()), None)),
    ]
}
