//! The large words before opening, in a break and after closing.

use super::frame::hour;
use crate::signage::board::{Layout, Shown};
use crate::touch::language::Language;
use crate::touch::views::times;
use crate::{HeroAdapter, HeroKind, HeroReason, SignageWindow, phrases};
use api::screen::Phase;
use slint::ComponentHandle;

/// Shows them.
pub fn show(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<HeroAdapter>();
    let view = shown.view;
    let kind = kind(shown);
    let (reason, text) = reason(shown);
    adapter.set_kind(kind);
    adapter.set_reason(reason);
    adapter.set_reason_text(text.into());
    adapter.set_opens(hour(view.today.open.as_deref()));
    adapter.set_closes(hour(view.today.close.as_deref()));
    let is_far = shown.layout == Layout::Closed || view.phase == Phase::Break;
    let next = view.next_opening.as_ref().filter(|_| is_far);
    let (date, time) = next.map_or_else(Default::default, |next| {
        let date = times::day(next.date, Language::Japanese);
        (date, times::time_of_day(next.time))
    });
    adapter.set_next_date(date.into());
    adapter.set_next_time(time.into());
    adapter.set_translated(translated(kind, shown, is_far).into());
}

fn kind(shown: &Shown) -> HeroKind {
    match (shown.view.phase, shown.layout) {
        (Phase::Break, _) => HeroKind::Pause,
        (Phase::Preparation, Layout::Early) => HeroKind::Preparing,
        (_, Layout::Early) => HeroKind::Later,
        _ if shown.view.today.open.is_some() => HeroKind::Ended,
        _ => HeroKind::Off,
    }
}

fn reason(shown: &Shown) -> (HeroReason, String) {
    let today = &shown.view.today;
    if today.reason.as_deref() == Some("weekly_closed") {
        let day = times::weekday(chrono::Datelike::weekday(&today.date));
        return (HeroReason::Weekly, day.to_owned());
    }
    let given = today.reason_text.as_ref().map(|text| text.ja.as_str());
    if let Some(text) = given.filter(|text| !text.is_empty()) {
        return (HeroReason::Given, phrases::mark(text));
    }
    let reason = match today.reason.as_deref() {
        Some("holiday") => HeroReason::Holiday,
        Some("year_end") => HeroReason::YearEnd,
        Some("building") => HeroReason::Building,
        Some("centre") => HeroReason::Centre,
        Some("weather") => HeroReason::Weather,
        _ => HeroReason::None,
    };
    (reason, String::new())
}

/// The same in English, beneath.
fn translated(kind: HeroKind, shown: &Shown, is_far: bool) -> String {
    let opens = hour(shown.view.today.open.as_deref());
    let words = match kind {
        HeroKind::Pause => "We are closed for a while".to_owned(),
        HeroKind::Preparing => format!("We open at {opens}"),
        HeroKind::Later => format!("We open at {opens} today"),
        HeroKind::Ended => "We are closed for today".to_owned(),
        HeroKind::Off => "We are closed today".to_owned(),
    };
    match shown.view.next_opening.as_ref().filter(|_| is_far) {
        Some(next) => format!(
            "{words}. Next opening: {}, {}",
            times::day(next.date, Language::English),
            times::time_of_day(next.time)
        ),
        None => words,
    }
}
