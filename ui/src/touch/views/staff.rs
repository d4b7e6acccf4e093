//! What staff see who have signed in at this screen.

use super::{Taps, report, times};
use crate::touch::staff::{self, StaffScreen, Told};
use crate::touch::tap::{StaffTap, Tap};
use crate::{StaffAdapter, StaffPart, StaffSeat, StaffTold, TouchWindow};
use api::staff::{FoundMember, StayView};
use domain::staff::Obstacle;
use slint::{ComponentHandle, ModelRc, VecModel};
use std::rc::Rc;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<StaffAdapter>();
    let tap = |tap| report(taps, Tap::Staff(tap));
    adapter.on_answer_call(tap(StaffTap::AnswerCall));
    adapter.on_open_free(tap(StaffTap::Free));
    adapter.on_open_check_out(tap(StaffTap::CheckOut));
    adapter.on_open_number(tap(StaffTap::Number));
    adapter.on_call_next(tap(StaffTap::CallNext));
    adapter.on_confirm(tap(StaffTap::Confirm));
    adapter.on_delete(report(taps, Tap::Delete));
    adapter.on_submit(report(taps, Tap::Submit));
    let on_seat = Rc::clone(taps);
    adapter.on_seat(move |index| {
        if let Ok(index) = usize::try_from(index) {
            on_seat(Tap::Staff(StaffTap::Seat(index)));
        }
    });
    let on_digit = Rc::clone(taps);
    adapter.on_digit(move |digit| {
        if let Ok(digit) = u8::try_from(digit) {
            on_digit(Tap::Digit(digit));
        }
    });
}

/// Shows the menu or the part of it they have turned to.
pub fn show(window: &TouchWindow, screen: &StaffScreen) {
    let adapter = window.global::<StaffAdapter>();
    let view = &screen.view;
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    adapter.set_user(view.user.as_str().into());
    adapter.set_calls(count(view.calls.len()));
    adapter.set_overdue(count(view.seats.iter().filter(|stay| stay.overdue).count()));
    adapter.set_taken(count(view.seats.len()));
    let next = view.next.as_ref();
    let next = next.map(|next| next.number.to_string()).unwrap_or_default();
    adapter.set_next(next.into());
    let seats: VecModel<StaffSeat> = screen.seats().into_iter().map(seat).collect();
    adapter.set_seats(ModelRc::new(seats));
    show_told(&adapter, screen.told.as_ref());
    adapter.set_part(match &screen.part {
        staff::StaffPart::Menu => StaffPart::Menu,
        staff::StaffPart::Free => StaffPart::Free,
        staff::StaffPart::CheckOut => StaffPart::CheckOut,
        staff::StaffPart::Confirm(stay) => {
            adapter.set_chosen(seat(stay));
            StaffPart::Confirm
        }
        staff::StaffPart::Number(digits) => {
            adapter.set_digits(digits.as_str().into());
            StaffPart::Number
        }
        staff::StaffPart::Found(found) => {
            show_found(&adapter, found);
            StaffPart::Found
        }
    });
}

fn seat(stay: &StayView) -> StaffSeat {
    let seat = stay.seat.as_ref().map(|seat| seat.to_string());
    StaffSeat {
        seat: seat.unwrap_or_default().into(),
        until: times::clock(&stay.until).into(),
        overdue: stay.overdue,
    }
}

fn show_found(adapter: &StaffAdapter<'_>, found: &FoundMember) {
    adapter.set_member(found.member.as_str().into());
    adapter.set_is_inside(found.inside);
    let first = found.reservations.first();
    let from = first.map(|one| times::clock(&one.starts));
    let to = first.map(|one| times::clock(&one.ends));
    adapter.set_reserved_from(from.unwrap_or_default().into());
    adapter.set_reserved_to(to.unwrap_or_default().into());
}

fn show_told(adapter: &StaffAdapter<'_>, told: Option<&Told>) {
    let (seat, until) = match told {
        Some(Told::Done(Some(seat), Some(until))) => (seat.as_str(), times::clock(until)),
        _ => ("", String::new()),
    };
    adapter.set_told_seat(seat.into());
    adapter.set_told_until(until.into());
    adapter.set_told(match told {
        None => StaffTold::None,
        Some(Told::Done(..)) => StaffTold::Done,
        Some(Told::NotFound) => StaffTold::NotFound,
        Some(Told::NoLine) => StaffTold::NoLine,
        Some(Told::NotDone(obstacle)) => in_the_way(*obstacle),
    });
}

fn in_the_way(obstacle: Obstacle) -> StaffTold {
    match obstacle {
        Obstacle::NotYours => StaffTold::NotYours,
        Obstacle::NoSeat => StaffTold::NoSeat,
        Obstacle::NotOverdue => StaffTold::NotOverdue,
        Obstacle::Unknown => StaffTold::Unknown,
        Obstacle::Suspended => StaffTold::Suspended,
        Obstacle::Expired => StaffTold::Expired,
        Obstacle::Inside => StaffTold::Inside,
        Obstacle::Closed => StaffTold::Closed,
        Obstacle::Full => StaffTold::Full,
        Obstacle::DayTotal => StaffTold::DayTotal,
        Obstacle::TooEarly => StaffTold::TooEarly,
        Obstacle::NotNext => StaffTold::NotNext,
        Obstacle::Emergency => StaffTold::Emergency,
        // Nothing that is done here meets any of the others.
        Obstacle::Over
        | Obstacle::SeatTaken
        | Obstacle::OverTime
        | Obstacle::CannotBeLonger { .. }
        | Obstacle::PastTime
        | Obstacle::InConsultation
        | Obstacle::NotFree
        | Obstacle::LowCharge
        | Obstacle::HasOne
        | Obstacle::TooLate
        | Obstacle::Out
        | Obstacle::OfficeSays
        | Obstacle::Drill => StaffTold::Over,
    }
}
