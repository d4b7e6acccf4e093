//! Waiting for someone.

use super::{Taps, report};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{AttractAdapter, SeatsNow, TouchWindow, qr};
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<AttractAdapter>();
    adapter.set_sample_code(qr::sample());
    adapter.on_walk_in(report(taps, Tap::WalkIn));
    adapter.on_number(report(taps, Tap::EnterNumber));
    adapter.on_first_visit(report(taps, Tap::FirstVisit));
    adapter.on_leave(report(taps, Tap::LeaveOrExtend));
    adapter.on_other(report(taps, Tap::OtherBusiness));
}

/// Shows how many seats there are now.
pub fn show(window: &TouchWindow, presentation: &Presentation) {
    let Some(centre) = &presentation.centre else {
        return;
    };
    let adapter = window.global::<AttractAdapter>();
    adapter.set_seats(match (centre.walk_in, centre.free_seats) {
        (false, _) => SeatsNow::Closed,
        (true, 0) => SeatsNow::Full,
        (true, _) => SeatsNow::Free,
    });
    adapter.set_free_seats(i32::try_from(centre.free_seats).unwrap_or(i32::MAX));
    adapter.set_scanner_ready(centre.scanner_ready != Some(false));
}
