//! Waiting for a seat.

use super::{Taps, report, wait};
use crate::touch::flow::Presentation;
use crate::touch::screen::Screen;
use crate::touch::tap::Tap;
use crate::{QueueAdapter, ScreenName, TouchWindow, qr};
use domain::verdict::Waiting;
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<QueueAdapter>();
    adapter.on_give_up(report(taps, Tap::GiveUp));
    adapter.on_confirm(report(taps, Tap::ConfirmGiveUp));
    adapter.on_keep(report(taps, Tap::KeepWaiting));
}

/// Shows the number and the wait, while they may be seen.
pub fn show(window: &TouchWindow, screen: &Screen, presentation: &Presentation) -> ScreenName {
    let adapter = window.global::<QueueAdapter>();
    adapter.set_details(presentation.details);
    match screen {
        Screen::Joined(place) => {
            show_place(&adapter, place, presentation);
            ScreenName::Joined
        }
        Screen::Waiting { place, confirming } => {
            show_place(&adapter, place, presentation);
            adapter.set_confirming(*confirming);
            ScreenName::Waiting
        }
        _ => {
            show_reservation(&adapter, presentation);
            ScreenName::GivenUp
        }
    }
}

fn show_place(adapter: &QueueAdapter<'_>, place: &Waiting, presentation: &Presentation) {
    let seen = presentation.details;
    adapter.set_number(if seen { wait::people(place.number) } else { 0 });
    adapter.set_ahead(if seen { wait::people(place.ahead) } else { 0 });
    adapter.set_wait(wait::expected(place.wait.filter(|_| seen)));
    adapter.set_lock_minutes(wait::people(place.lock_min));
}

fn show_reservation(adapter: &QueueAdapter<'_>, presentation: &Presentation) {
    let centre = presentation.centre.as_ref();
    let link = centre.and_then(|centre| centre.reservation.as_ref());
    adapter.set_has_code(link.is_some());
    adapter.set_code(link.map(|link| qr::image(&link.qr)).unwrap_or_default());
}
