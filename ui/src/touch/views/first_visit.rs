//! A newcomer: the address to register at.

use crate::touch::flow::Presentation;
use crate::{FirstVisitAdapter, TouchWindow, qr};
use slint::ComponentHandle;

/// Shows the code of the registration page, where the centre has one.
pub fn show(window: &TouchWindow, presentation: &Presentation) {
    let link = presentation
        .centre
        .as_ref()
        .and_then(|centre| centre.registration.as_ref());
    let adapter = window.global::<FirstVisitAdapter>();
    adapter.set_has_code(link.is_some());
    adapter.set_code(link.map(|link| qr::image(&link.qr)).unwrap_or_default());
}
