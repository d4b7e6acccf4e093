//! Answers about people who go out for a while, and about guests.

use super::{Taps, report, times};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{GuestAdapter, GuestKind, SteppedOutAdapter, TouchWindow};
use domain::event::GuestPurpose;
use domain::verdict::{GuestReceived, SteppedOut};
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<GuestAdapter>();
    adapter.on_take_back(report(taps, Tap::TakeGuestBack));
}

/// Shows until when to be back, while it may be seen.
pub fn show_stepped_out(window: &TouchWindow, out: &SteppedOut, presentation: &Presentation) {
    window
        .global::<SteppedOutAdapter>()
        .set_back_by(times::personal(&out.back_by, presentation));
}

/// Shows a guest where to go.
pub fn show_guest(window: &TouchWindow, received: &GuestReceived) {
    let kind = match received.purpose {
        GuestPurpose::Tour => GuestKind::Tour,
        GuestPurpose::Delivery => GuestKind::Delivery,
        GuestPurpose::Enquiry => GuestKind::Enquiry,
    };
    window.global::<GuestAdapter>().set_kind(kind);
}
