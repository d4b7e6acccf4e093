//! Hold your pass.

use super::{Taps, report};
use crate::touch::screen::Purpose;
use crate::touch::tap::Tap;
use crate::{HoldPassAdapter, TouchWindow};
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<HoldPassAdapter>();
    adapter.on_number(report(taps, Tap::EnterNumber));
    adapter.on_first_visit(report(taps, Tap::FirstVisit));
}

/// Says what the pass is wanted for.
pub fn show(window: &TouchWindow, purpose: Purpose) {
    window
        .global::<HoldPassAdapter>()
        .set_walk_in(purpose == Purpose::WalkIn);
}
