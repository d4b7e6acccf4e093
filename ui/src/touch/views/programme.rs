//! A programme without a place: the standby list, and no place at all.

use super::{Taps, floor_plan, report, times};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{AttendanceAdapter, TouchWindow, phrases};
use domain::text::Text;
use domain::verdict::{NoPlace, NoPlaceBecause, Standby};
use slint::{ComponentHandle, SharedString};

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<AttendanceAdapter>();
    adapter.on_take(report(taps, Tap::Choose(0)));
    adapter.on_back(report(taps, Tap::Back));
}

/// Shows when to ask again, while it may be seen.
pub fn show_standby(window: &TouchWindow, standby: &Standby, presentation: &Presentation) {
    let adapter = window.global::<AttendanceAdapter>();
    adapter.set_title(title(&standby.title, presentation));
    adapter.set_ask_again(times::personal(&standby.ask_again, presentation));
    adapter.set_ahead(i32::try_from(standby.ahead).unwrap_or(i32::MAX));
}

/// Shows why, while it may be seen, and the seat there is instead. That seat is free, and stays.
pub fn show_no_place(window: &TouchWindow, none: &NoPlace, presentation: &Presentation) {
    let adapter = window.global::<AttendanceAdapter>();
    adapter.set_title(title(&none.title, presentation));
    adapter.set_late(none.because == NoPlaceBecause::LastEntry);
    adapter.set_has_seat(none.seat.is_some());
    let Some(seat) = &none.seat else { return };
    adapter.set_seat(seat.choice.seat.as_str().into());
    adapter.set_until(times::personal(&seat.choice.until, presentation));
    adapter.set_has_plan(presentation.floor.is_some());
    if let Some(floor) = &presentation.floor {
        let plan = floor_plan::plan(floor, Some(&seat.choice.seat), presentation.language);
        adapter.set_plan(plan);
    }
}

fn title(title: &Text, presentation: &Presentation) -> SharedString {
    if !presentation.details {
        return SharedString::default();
    }
    phrases::mark(title.in_language(presentation.language.code())).into()
}
