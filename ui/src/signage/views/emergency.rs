//! An emergency, instead of everything.

use crate::emergency;
use crate::signage::board::Shown;
use crate::touch::language::Language;
use crate::touch::views::times;
use crate::{EmergencyAdapter, SignFrameAdapter, SignageWindow};
use slint::ComponentHandle;

/// Shows it, where there is one.
pub fn show(window: &SignageWindow, shown: &Shown) {
    let Some(told) = shown.view.emergency else {
        return;
    };
    let adapter = window.global::<EmergencyAdapter>();
    let told = emergency::Shown {
        what: told.what,
        drill: told.drill,
        exit: told.exit,
    };
    emergency::fill(&adapter, told, Language::Japanese);
    adapter.set_clock(times::clock(&shown.now).into());
    let frame = window.global::<SignFrameAdapter>();
    frame.set_rehearsal(shown.view.rehearsal);
}
