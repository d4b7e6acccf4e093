//! Header and footer.

use super::{Taps, report, times};
use crate::touch::flow::Presentation;
use crate::touch::language::Language;
use crate::touch::tap::Tap;
use crate::{EmergencyAdapter, FrameAdapter, TouchWindow};
use slint::{ComponentHandle, SharedString};
use std::rc::Rc;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<FrameAdapter>();
    adapter.on_back(report(taps, Tap::Back));
    adapter.on_more_time(report(taps, Tap::MoreTime));
    adapter.on_call_staff(report(taps, Tap::CallStaff));
    let taps = Rc::clone(taps);
    adapter.on_choose_language(move |code| {
        if let Ok(language) = code.parse() {
            taps(Tap::Speak(language));
        }
    });
}

/// Shows where and when, and the time left.
pub fn show(window: &TouchWindow, presentation: &Presentation) {
    let adapter = window.global::<FrameAdapter>();
    adapter.set_japanese(presentation.language == Language::Japanese);
    let clock = presentation.now.as_ref().map(times::clock);
    let clock = SharedString::from(clock.unwrap_or_default());
    adapter.set_clock(clock.clone());
    window.global::<EmergencyAdapter>().set_clock(clock);
    if let Some(left) = presentation.time_left {
        adapter.set_seconds_left(i32::try_from(left.seconds).unwrap_or(i32::MAX));
        // The ring moves with the figure in it, once a second.
        adapter.set_time_share(left.share);
    }
    let centre = presentation.centre.as_ref();
    adapter.set_rehearsal(centre.is_some_and(|centre| centre.rehearsal));
    let name = centre
        .map(|centre| centre.name.in_language(presentation.language.code()))
        .unwrap_or_default();
    adapter.set_centre(name.into());
    let today = centre.map(|centre| &centre.today);
    let hour = |text: Option<&String>| text.map(|text| times::shortened(text)).unwrap_or_default();
    adapter.set_opens(hour(today.and_then(|today| today.open.as_ref())).into());
    adapter.set_closes(hour(today.and_then(|today| today.close.as_ref())).into());
    adapter.set_known(centre.is_some());
}
