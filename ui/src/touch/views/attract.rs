//! Waiting for someone.

use super::{Taps, report, wait};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{AttractAdapter, CalledVisitor, SeatsNow, TouchWindow, qr};
use api::screen::SeatCall;
use domain::event::GuestPurpose;
use slint::{ComponentHandle, ModelRc, VecModel};

/// Calls that fit on the screen below one another.
const SHOWN: usize = 3;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<AttractAdapter>();
    adapter.set_sample_code(qr::sample());
    adapter.on_walk_in(report(taps, Tap::WalkIn));
    adapter.on_number(report(taps, Tap::EnterNumber));
    adapter.on_first_visit(report(taps, Tap::FirstVisit));
    adapter.on_leave(report(taps, Tap::LeaveOrExtend));
    adapter.on_tour(report(taps, Tap::Guest(GuestPurpose::Tour)));
    adapter.on_delivery(report(taps, Tap::Guest(GuestPurpose::Delivery)));
    adapter.on_enquiry(report(taps, Tap::Guest(GuestPurpose::Enquiry)));
}

/// Shows how many seats there are now, and who is called to one.
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
    let calls: VecModel<CalledVisitor> = centre.calls.iter().take(SHOWN).map(called).collect();
    adapter.set_calls(ModelRc::new(calls));
    adapter.set_scanner_ready(centre.scanner_ready != Some(false));
}

fn called(call: &SeatCall) -> CalledVisitor {
    CalledVisitor {
        number: wait::people(call.number),
        seat: call.seat.as_str().into(),
    }
}
