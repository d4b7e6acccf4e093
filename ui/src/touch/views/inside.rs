//! The visitor's menu.

use super::{Taps, appointment, companions, lending, limit, report, times};
use crate::touch::flow::Presentation;
use crate::touch::tap::Tap;
use crate::{InsideAdapter, ProgrammeChange, TouchWindow, phrases};
use domain::verdict::{self, Extension, Inside, Place};
use slint::ComponentHandle;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<InsideAdapter>();
    adapter.on_leave(report(taps, Tap::Leave));
    adapter.on_extend(report(taps, Tap::Extend));
    adapter.on_change_seat(report(taps, Tap::ChangeSeat));
    adapter.on_step_out(report(taps, Tap::StepOut));
    adapter.on_confirm_leave(report(taps, Tap::ConfirmLeave));
    adapter.on_cancel(report(taps, Tap::Stay));
}

/// Shows what the visitor can do; seat, end and next appointment only while they may be seen.
pub fn show(window: &TouchWindow, menu: &Inside, confirming: bool, presentation: &Presentation) {
    let adapter = window.global::<InsideAdapter>();
    let seat = match &menu.place {
        Place::Seat { seat, .. } => seat.as_str(),
        Place::Programme { .. } | Place::Consultation => "",
    };
    adapter.set_confirming(confirming);
    adapter.set_details(presentation.details);
    adapter.set_seat(if presentation.details { seat } else { "" }.into());
    adapter.set_until(times::personal(&menu.until, presentation));
    adapter.set_next(appointment::next(menu.next.as_ref(), presentation));
    adapter.set_may_change_seat(menu.may_change_seat);
    adapter.set_may_step_out(menu.may_step_out);
    show_loans(&adapter, menu, presentation);
    companions::show(window, menu.companions, presentation);
    show_change(&adapter, menu.change.as_deref(), presentation);
    match menu.extension {
        Extension::Possible { until } => {
            adapter.set_can_extend(true);
            adapter.set_extended_until(times::clock(&until).into());
        }
        Extension::NotPossible { limited_by } => {
            adapter.set_can_extend(false);
            adapter.set_limit(limit::shown(limited_by, presentation));
        }
    }
}

fn show_loans(adapter: &InsideAdapter<'_>, menu: &Inside, presentation: &Presentation) {
    let names: Vec<_> = menu.loans.iter().map(|loan| loan.name.clone()).collect();
    let first = menu.loans.iter().map(|loan| loan.back_by).min();
    let back_by = first.map(|first| times::personal(&first, presentation));
    adapter.set_may_borrow(menu.may_borrow && presentation.details);
    adapter.set_borrowed(lending::names(&names, presentation).into());
    adapter.set_back_by(back_by.unwrap_or_default());
}

fn show_change(
    adapter: &InsideAdapter<'_>,
    change: Option<&verdict::ProgrammeChange>,
    presentation: &Presentation,
) {
    let (kind, title, starts) = match change.filter(|_| presentation.details) {
        None => return adapter.set_change(ProgrammeChange::None),
        Some(verdict::ProgrammeChange::CalledOff { title }) => {
            (ProgrammeChange::CalledOff, title, String::new())
        }
        Some(verdict::ProgrammeChange::Moved { title, starts }) => {
            (ProgrammeChange::Moved, title, times::clock(starts))
        }
    };
    adapter.set_change(kind);
    let title = title.in_language(presentation.language.code());
    adapter.set_programme(phrases::mark(title).into());
    adapter.set_starts(starts.into());
}
