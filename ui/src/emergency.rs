//! An emergency, as both windows show it.

use crate::touch::language::Language;
use crate::{EmergencyAdapter, EmergencyKind, WayOut};
use domain::incident::{Exit, IncidentKind};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What kind.
    pub what: IncidentKind,
    /// Whether it is only practised.
    pub drill: bool,
    /// Where the way out lies.
    pub exit: Option<Exit>,
}

/// Brings it into a window. Beneath Japanese the same stands in English.
pub fn fill(adapter: &EmergencyAdapter<'_>, shown: Shown, language: Language) {
    adapter.set_kind(kind(shown.what));
    adapter.set_drill(shown.drill);
    adapter.set_way_out(match shown.exit {
        None => WayOut::None,
        Some(Exit::Left) => WayOut::Left,
        Some(Exit::Right) => WayOut::Right,
        Some(Exit::Ahead) => WayOut::Ahead,
    });
    let (title, text) = match language {
        Language::Japanese => in_english(shown.what),
        Language::English => ("", ""),
    };
    let title = match (shown.drill, title) {
        (true, title) if !title.is_empty() => format!("Drill. {title}"),
        (_, title) => title.to_owned(),
    };
    adapter.set_title_translated(title.into());
    adapter.set_text_translated(text.into());
}

/// The service lets the other kinds leave the displays as they are.
fn kind(what: IncidentKind) -> EmergencyKind {
    match what {
        IncidentKind::Earthquake => EmergencyKind::Earthquake,
        IncidentKind::Flood => EmergencyKind::Flood,
        IncidentKind::Intruder => EmergencyKind::Intruder,
        IncidentKind::Fire | IncidentKind::Medical | IncidentKind::PowerCut => EmergencyKind::Fire,
    }
}

fn in_english(what: IncidentKind) -> (&'static str, &'static str) {
    match what {
        IncidentKind::Earthquake => (
            "Earthquake. Protect your head.",
            "Stay where you are until the shaking stops. Do not use the lifts. Building announcements come first.",
        ),
        IncidentKind::Flood => (
            "Flood warning. Stay on this floor.",
            "Do not go outside or to a lower floor. Do not use the lifts. Building announcements come first.",
        ),
        IncidentKind::Intruder => (
            "For your safety, keep away from the entrance.",
            "Follow the staff. Do not approach anyone suspicious. Building announcements come first.",
        ),
        IncidentKind::Fire | IncidentKind::Medical | IncidentKind::PowerCut => (
            "Fire. Please evacuate.",
            "Follow the staff. Do not use the lifts. Building announcements come first.",
        ),
    }
}
