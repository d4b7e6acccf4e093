//! Not open for this person now.

use super::times;
use crate::touch::flow::Presentation;
use crate::{ClosedAdapter, ClosedReason, TouchWindow, phrases};
use domain::verdict::{Closed, ClosedBecause};
use slint::ComponentHandle;

/// Shows why, and when the centre opens next.
pub fn show(window: &TouchWindow, closed: &Closed, presentation: &Presentation) {
    let adapter = window.global::<ClosedAdapter>();
    let (reason, explanation) = match &closed.reason {
        ClosedBecause::NotYetOpen => (ClosedReason::NotYetOpen, ""),
        ClosedBecause::Ended => (ClosedReason::Ended, ""),
        ClosedBecause::ClosedToday { text } => (
            ClosedReason::ClosedToday,
            text.in_language(presentation.language.code()),
        ),
        ClosedBecause::Break => (ClosedReason::Pause, ""),
        ClosedBecause::QueueEnded => (ClosedReason::QueueEnded, ""),
        ClosedBecause::ProgrammeOnly => (ClosedReason::ProgrammeOnly, ""),
    };
    adapter.set_reason(reason);
    adapter.set_explanation(phrases::mark(explanation).into());
    let next = closed.next_opening;
    let today = presentation.now.map(|now| now.date_naive());
    let later = next.filter(|next| Some(next.date) != today);
    adapter.set_next_date(
        later
            .map(|next| times::day(next.date, presentation.language))
            .unwrap_or_default()
            .into(),
    );
    adapter.set_next_time(
        next.map(|next| times::time_of_day(next.time))
            .unwrap_or_default()
            .into(),
    );
}
