//! A membership past its year.

use crate::touch::flow::Presentation;
use crate::{ExpiredAdapter, TouchWindow, qr};
use slint::ComponentHandle;

/// Shows where to renew.
pub fn show(window: &TouchWindow, presentation: &Presentation) {
    let link = presentation
        .centre
        .as_ref()
        .and_then(|centre| centre.registration.as_ref());
    let adapter = window.global::<ExpiredAdapter>();
    adapter.set_has_code(link.is_some());
    adapter.set_code(link.map(|link| qr::image(&link.qr)).unwrap_or_default());
}
