//! The answer: which seat, until when, how to get there.

use super::{floor_plan, times};
use crate::touch::flow::Presentation;
use crate::{AdmittedAdapter, AdmittedNote, PlaceKind, TouchWindow, phrases, qr};
use domain::verdict::{Admitted, Appointment, AppointmentKind, Note, Place};
use slint::ComponentHandle;

/// Shows where to go and until when.
pub fn show(window: &TouchWindow, admitted: &Admitted, presentation: &Presentation) {
    let adapter = window.global::<AdmittedAdapter>();
    adapter.set_until(times::clock(&admitted.until).into());
    adapter.set_note(match admitted.note {
        None => AdmittedNote::None,
        Some(Note::Renew) => AdmittedNote::Renew,
        Some(Note::ShowProof) => AdmittedNote::ShowProof,
    });
    show_place(&adapter, &admitted.place, presentation);
    show_next(
        &adapter,
        admitted.next.as_ref().filter(|_| presentation.details),
        presentation,
    );
    let wifi = presentation
        .centre
        .as_ref()
        .and_then(|centre| centre.wifi.as_ref());
    adapter.set_has_wifi(wifi.is_some());
    adapter.set_wifi(wifi.map(|wifi| qr::image(&wifi.qr)).unwrap_or_default());
    adapter.set_wifi_name(
        wifi.map(|wifi| wifi.ssid.as_str())
            .unwrap_or_default()
            .into(),
    );
}

fn show_place(adapter: &AdmittedAdapter<'_>, place: &Place, presentation: &Presentation) {
    let language = presentation.language;
    let (kind, name, seat) = match place {
        Place::Seat { seat, .. } => (PlaceKind::Seat, seat.as_str(), Some(seat)),
        Place::Programme { title, .. } => (
            PlaceKind::Programme,
            title.in_language(language.code()),
            None,
        ),
        Place::Consultation => (PlaceKind::Consultation, "", None),
    };
    adapter.set_kind(kind);
    adapter.set_place(phrases::mark(name).into());
    // A programme's end is its own affair; the visitor is not counted down to it.
    adapter.set_has_until(kind == PlaceKind::Seat);
    adapter.set_has_plan(presentation.floor.is_some());
    if let Some(floor) = &presentation.floor {
        adapter.set_plan(floor_plan::plan(floor, seat, language));
    }
}

fn show_next(
    adapter: &AdmittedAdapter<'_>,
    next: Option<&Appointment>,
    presentation: &Presentation,
) {
    adapter.set_next_time(
        next.map(|next| times::clock(&next.starts))
            .unwrap_or_default()
            .into(),
    );
    adapter.set_next_is_consultation(
        next.is_some_and(|next| next.what == AppointmentKind::Consultation),
    );
    adapter.set_next_is_seat(next.is_some_and(|next| next.what == AppointmentKind::Seat));
    adapter.set_next_what(match next.map(|next| &next.what) {
        Some(AppointmentKind::Programme { title }) => {
            title.in_language(presentation.language.code()).into()
        }
        _ => Default::default(),
    });
}
