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

/// Shows when the reservation begins, and the seat until then if there is one.
pub fn show(window: &TouchWindow, early: &TooEarly, presentation: &Presentation) {
    let adapter = window.global::<EarlyAdapter>();
    adapter.set_start(times::clock(&early.appointment.starts).into());
    adapter.set_admitted_from(times::clock(&early.doors_open).into());
    adapter.set_has_bridge(early.bridge.is_some());
    let Some(bridge) = &early.bridge else { return };
    adapter.set_seat(bridge.choice.seat.as_str().into());
    adapter.set_until(times::clock(&bridge.choice.until).into());
    adapter.set_goes_on_until(
        bridge
            .choice
            .goes_on_until
            .as_ref()
            .map(times::clock)
            .unwrap_or_default()
            .into(),
    );
    adapter.set_has_plan(presentation.floor.is_some());
    if let Some(floor) = &presentation.floor {
        adapter.set_plan(floor_plan::plan(
            floor,
            Some(&bridge.choice.seat),
            presentation.language,
        ));
    }
}
