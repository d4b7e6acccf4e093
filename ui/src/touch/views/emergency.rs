//! An emergency, instead of everything.

use crate::emergency::{self, Shown};
use crate::touch::flow::Presentation;
use crate::{EmergencyAdapter, TouchWindow};
use domain::incident::IncidentKind;
use slint::ComponentHandle;

/// Shows it, with the way out from this station where the service has said it.
pub fn show(window: &TouchWindow, what: IncidentKind, drill: bool, presentation: &Presentation) {
    let centre = presentation.centre.as_ref();
    let told = centre.and_then(|centre| centre.emergency);
    let shown = Shown {
        what,
        drill,
        exit: told.and_then(|told| told.exit),
    };
    let adapter = window.global::<EmergencyAdapter>();
    emergency::fill(&adapter, shown, presentation.language);
}
