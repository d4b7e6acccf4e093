//! What is possible now, to choose from.

use super::{Taps, floor_plan, limit, times};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{Compared, OfferAdapter, OfferChoice, OfferConsultation, TouchWindow};
use domain::adviser::ConsultationOffer;
use domain::event::{Choice, SeatChange};
use domain::verdict::Offered;
use slint::{ComponentHandle, ModelRc, VecModel};
use std::cmp::Ordering;
use std::rc::Rc;

/// Cards that fit on the screen beside one another.
const SHOWN: usize = 3;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let taps = Rc::clone(taps);
    window.global::<OfferAdapter>().on_choose(move |index| {
        if let Ok(index) = usize::try_from(index) {
            taps(Tap::Choose(index));
        }
    });
}

/// Shows the best choices, each with what ends it as far as that may be seen. The seats are free and tell nothing of the visitor: they stay.
pub fn show(window: &TouchWindow, offered: &Offered, presentation: &Presentation) {
    let choices: VecModel<OfferChoice> = offered
        .choices
        .iter()
        .take(SHOWN - usize::from(offered.consultation.is_some()))
        .map(|choice| view(choice, offered.changes.as_ref(), presentation))
        .collect();
    let adapter = window.global::<OfferAdapter>();
    show_change(&adapter, offered.changes.as_ref(), presentation);
    adapter.set_choices(ModelRc::new(choices));
    adapter.set_has_consultation(offered.consultation.is_some());
    adapter.set_consultation_index(i32::try_from(offered.choices.len()).unwrap_or(i32::MAX));
    if let Some(consultation) = &offered.consultation {
        adapter.set_consultation(consultation_view(consultation, !offered.choices.is_empty()));
    }
    adapter.set_has_plan(presentation.floor.is_some());
    if let (Some(floor), Some(choice)) = (&presentation.floor, offered.choices.first()) {
        adapter.set_plan(floor_plan::plan(
            floor,
            Some(&choice.seat),
            presentation.language,
        ));
    }
}

/// The seat the visitor has now, while it may be seen.
fn show_change(
    adapter: &OfferAdapter<'_>,
    changes: Option<&SeatChange>,
    presentation: &Presentation,
) {
    let seen = changes.filter(|_| presentation.details);
    adapter.set_is_change(changes.is_some());
    adapter.set_present_seat(seen.map(|has| has.seat.as_str()).unwrap_or_default().into());
    let until = seen.map(|has| times::clock(&has.until));
    adapter.set_present_until(until.unwrap_or_default().into());
}

/// How the end of a seat compares with that of the seat the visitor has.
fn compared(choice: &Choice, changes: Option<&SeatChange>) -> Compared {
    match changes.map(|has| choice.until.cmp(&has.until)) {
        None => Compared::None,
        Some(Ordering::Less) => Compared::Shorter,
        Some(Ordering::Equal) => Compared::Same,
        Some(Ordering::Greater) => Compared::Longer,
    }
}

fn view(choice: &Choice, changes: Option<&SeatChange>, presentation: &Presentation) -> OfferChoice {
    let floor = presentation.floor.as_ref();
    let zone = floor.and_then(|floor| floor.zones.iter().find(|zone| zone.id == choice.zone));
    let seat = floor.and_then(|floor| floor.seats.iter().find(|seat| seat.id == choice.seat));
    OfferChoice {
        seat: choice.seat.as_str().into(),
        zone: zone
            .map(|zone| zone.name.in_language(presentation.language.code()))
            .unwrap_or_default()
            .into(),
        until: times::clock(&choice.until).into(),
        limit: choice.limited_by.into(),
        has_reason: presentation.details || !limit::is_personal(choice.limited_by),
        power: seat.is_some_and(|seat| seat.offers.power),
        pc: choice.pc,
        compared: compared(choice, changes.filter(|_| presentation.details)),
    }
}

fn consultation_view(consultation: &ConsultationOffer, seat_meanwhile: bool) -> OfferConsultation {
    let minutes = |minutes| i32::try_from(minutes).unwrap_or(i32::MAX);
    let wait = consultation.wait;
    OfferConsultation {
        until: times::clock(&consultation.until).into(),
        waits: wait.is_some(),
        from: wait.map(|wait| minutes(wait.from_min)).unwrap_or_default(),
        to: wait.map(|wait| minutes(wait.to_min)).unwrap_or_default(),
        seat_meanwhile,
    }
}
