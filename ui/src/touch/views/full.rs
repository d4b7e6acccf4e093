//! No seat now.

use super::times;
use crate::touch::flow::Presentation;
use crate::{FullAdapter, TouchWindow, qr};
use domain::verdict::Full;
use slint::ComponentHandle;

/// Shows when a seat is expected to be free, and where to reserve another time.
pub fn show(window: &TouchWindow, full: &Full, presentation: &Presentation) {
    let link = presentation
        .centre
        .as_ref()
        .and_then(|centre| centre.reservation.as_ref());
    let adapter = window.global::<FullAdapter>();
    adapter.set_details(presentation.details);
    adapter.set_day_total_used(full.day_total_used);
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
