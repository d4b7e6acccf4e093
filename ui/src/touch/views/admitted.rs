//! The answer: which seat, until when, how to get there.

use super::{appointment, companions, floor_plan, times};
use crate::touch::flow::Presentation;
use crate::{AdmittedAdapter, AdmittedHeading, AdmittedNote, PlaceKind, TouchWindow, phrases, qr};
use domain::verdict::{Admitted, Companions, Note, Place};
use slint::ComponentHandle;

/// Shows where to go and until when, while it may be seen. Who came along is asked of whoever checks in.
pub fn show(
    window: &TouchWindow,
    admitted: &Admitted,
    heading: AdmittedHeading,
    presentation: &Presentation,
) {
    let adapter = window.global::<AdmittedAdapter>();
    adapter.set_heading(heading);
    adapter.set_until(times::personal(&admitted.until, presentation));
    adapter.set_note(match admitted.note.filter(|_| presentation.details) {
        None if heading == AdmittedHeading::SeatChanged => AdmittedNote::Belongings,
        None => AdmittedNote::None,
        Some(Note::Renew) => AdmittedNote::Renew,
        Some(Note::ShowProof) => AdmittedNote::ShowProof,
        Some(Note::AwaitAdviser) => AdmittedNote::AwaitAdviser,
    });
    let asked = if heading == AdmittedHeading::CheckedIn {
        admitted.companions
    } else {
        Companions::default()
    };
    companions::show(window, asked, presentation);
    adapter.set_details(presentation.details);
    adapter.set_may_borrow(admitted.may_borrow && presentation.details);
    show_place(&adapter, &admitted.place, presentation);
    adapter.set_next(appointment::next(admitted.next.as_ref(), presentation));
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
    let (kind, name, seat) = if presentation.details {
        (kind, name, seat)
    } else {
        (PlaceKind::Seat, "", None)
    };
    adapter.set_kind(kind);
    adapter.set_place(phrases::mark(name).into());
    // A programme's end is its own affair; the visitor is not counted down to it.
    adapter.set_has_until(presentation.details && kind == PlaceKind::Seat);
    adapter.set_has_plan(presentation.floor.is_some());
    if let Some(floor) = &presentation.floor {
        adapter.set_plan(floor_plan::plan(floor, seat, language));
    }
}
