//! Before the time of a reservation.

use super::{Taps, floor_plan, report, times};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{EarlyAdapter, TouchWindow};
use domain::verdict::TooEarly;
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<EarlyAdapter>();
    adapter.on_take(report(taps, Tap::Choose(0)));
    adapter.on_later(report(taps, Tap::Back));
}

/// Shows when the reservation begins, while it may be seen, and the seat until then if there is one. That seat is what is chosen here,
/// and free: it stays.
pub fn show(window: &TouchWindow, early: &TooEarly, presentation: &Presentation) {
    let adapter = window.global::<EarlyAdapter>();
    let seen = |moment| times::personal(moment, presentation);
    adapter.set_start(seen(&early.appointment.starts));
    adapter.set_admitted_from(seen(&early.doors_open));
    adapter.set_has_bridge(early.bridge.is_some());
    let Some(bridge) = &early.bridge else { return };
    adapter.set_seat(bridge.choice.seat.as_str().into());
    adapter.set_until(seen(&bridge.choice.until));
    let goes_on_until = bridge.choice.goes_on_until.as_ref();
    adapter.set_goes_on_until(goes_on_until.map(seen).unwrap_or_default());
    adapter.set_has_plan(presentation.floor.is_some());
    if let Some(floor) = &presentation.floor {
        adapter.set_plan(floor_plan::plan(
            floor,
            Some(&bridge.choice.seat),
            presentation.language,
        ));
    }
}
