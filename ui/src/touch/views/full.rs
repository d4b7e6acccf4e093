//! No seat now.

use super::{Taps, report, times, wait};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{FullAdapter, TouchWindow, qr};
use domain::verdict::Full;
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<FullAdapter>();
    adapter.on_join(report(taps, Tap::Join));
}

/// Shows how long it takes and that a number may be taken, or when a seat is expected; and where to reserve another time.
pub fn show(window: &TouchWindow, full: &Full, presentation: &Presentation) {
    let link = presentation
        .centre
        .as_ref()
        .and_then(|centre| centre.reservation.as_ref());
    let adapter = window.global::<FullAdapter>();
    adapter.set_details(presentation.details);
    adapter.set_day_total_used(full.day_total_used);
    adapter.set_can_join(full.ticket.is_some());
    adapter.set_wait(wait::expected(full.wait));
    adapter.set_waiting(wait::people(full.waiting));
    adapter.set_lock_minutes(wait::people(full.lock_min));
    adapter.set_expected(
        full.expected_free
            .as_ref()
            .map(times::clock)
            .unwrap_or_default()
            .into(),
    );
    adapter.set_has_code(link.is_some());
    adapter.set_code(link.map(|link| qr::image(&link.qr)).unwrap_or_default());
}
