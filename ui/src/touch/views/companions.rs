//! Who came along with the visitor.

use super::{Taps, report};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{CompanionsAdapter, TouchWindow};
use domain::verdict::Companions;
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<CompanionsAdapter>();
    adapter.on_more(report(taps, Tap::MoreCompanions));
    adapter.on_fewer(report(taps, Tap::FewerCompanions));
}

/// Shows how many there are, while that may be seen and where the centre asks for it.
pub fn show(window: &TouchWindow, companions: Companions, presentation: &Presentation) {
    let adapter = window.global::<CompanionsAdapter>();
    let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let seen = presentation.details && companions.most > 0;
    adapter.set_shown(seen);
    adapter.set_count(if seen { number(companions.count) } else { 0 });
    adapter.set_most(number(companions.most));
}
