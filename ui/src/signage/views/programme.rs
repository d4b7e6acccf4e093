//! Today's programme, the coming days', and the one that has the room.

use super::frame::hour;
use super::{list, pages};
use crate::signage::board::{Layout, Shown};
use crate::touch::language::Language;
use crate::touch::views::times;
use crate::{
    Advice, ForWhom, ProgrammeAdapter, ProgrammePage, ProgrammeRow, RowKind, RowState, Sign,
    SignageWindow, Theme, phrases,
};
use api::signage::{AdviceNow, ProgrammeState, ProgrammeView};
use domain::reference::Audience;
use slint::{ComponentHandle, ModelRc};

/// So many seats are named under まもなく終了; the rest is counted.
const NAMED_ACROSS: usize = 8;
/// The same on a display that stands upright.
const NAMED_UPRIGHT: usize = 5;

/// Shows who is called to which seat; of several each for a while.
pub fn show_call(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<ProgrammeAdapter>();
    let calls = &shown.view.calls;
    let call = calls.get(shown.page(calls.len()));
    adapter.set_called(call.map_or(0, |call| super::count(call.number)));
    if let Some(call) = call {
        adapter.set_called_to(call.seat.as_str().into());
    }
    adapter.set_called_more(super::index(calls.len().saturating_sub(1)));
}

/// Names the seats about to be free.
pub fn show_ending(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<ProgrammeAdapter>();
    let named = if window.global::<Theme>().get_portrait() {
        NAMED_UPRIGHT
    } else {
        NAMED_ACROSS
    };
    let seats = &shown.view.ending_soon;
    let names: Vec<_> = seats.iter().take(named).map(|seat| seat.as_str()).collect();
    adapter.set_ending(names.join("・").into());
    adapter.set_ending_more(super::index(seats.len().saturating_sub(named)));
}

/// Says whether an adviser can be seen without a reservation.
pub fn show_advice(window: &SignageWindow, shown: &Shown) {
    let advice = match shown.view.advice {
        None => Advice::None,
        Some(AdviceNow::Free) => Advice::Free,
        Some(AdviceNow::Busy) => Advice::Busy,
    };
    window.global::<ProgrammeAdapter>().set_advice(advice);
}

/// Fills the lists.
pub fn fill(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<ProgrammeAdapter>();
    let view = shown.view;
    let week = coming(&view.week);
    let mut day = Vec::new();
    if shown.layout != Layout::Closed {
        day.extend(today(&view.programme));
    }
    day.extend(week.iter().cloned());
    adapter.set_day(in_pages(window, &day, window.get_day_room()));
    adapter.set_week(in_pages(window, &week, window.get_week_room()));
    if let Some(one) = &view.in_room {
        adapter.set_in_room(row(one, RowKind::Row));
        adapter.set_in_room_translated(one.title.en.as_deref().unwrap_or_default().into());
    }
}

fn in_pages(window: &SignageWindow, rows: &[ProgrammeRow], room: f32) -> ModelRc<ProgrammePage> {
    let sign = window.global::<Sign>();
    let height = |row: &ProgrammeRow| match row.kind {
        RowKind::Today | RowKind::Coming => sign.get_heading(),
        RowKind::Dated => sign.get_dated(),
        RowKind::Nothing | RowKind::AllOver | RowKind::Row => sign.get_row(),
    };
    let is_heading = |row: &ProgrammeRow| matches!(row.kind, RowKind::Today | RowKind::Coming);
    let pages = pages(rows, room, height, is_heading);
    list(
        pages
            .into_iter()
            .map(|rows| ProgrammePage { rows: list(rows) }),
    )
}

fn today(programme: &[ProgrammeView]) -> Vec<ProgrammeRow> {
    let mut rows = vec![mark(RowKind::Today)];
    let still = programme
        .iter()
        .filter(|one| one.state != ProgrammeState::Ended);
    rows.extend(still.map(|one| row(one, RowKind::Row)));
    if rows.len() == 1 {
        rows.push(mark(if programme.is_empty() {
            RowKind::Nothing
        } else {
            RowKind::AllOver
        }));
    }
    rows
}

fn coming(week: &[ProgrammeView]) -> Vec<ProgrammeRow> {
    if week.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![mark(RowKind::Coming)];
    rows.extend(week.iter().map(|one| row(one, RowKind::Dated)));
    rows
}

fn mark(kind: RowKind) -> ProgrammeRow {
    ProgrammeRow {
        kind,
        ..ProgrammeRow::default()
    }
}

fn row(one: &ProgrammeView, kind: RowKind) -> ProgrammeRow {
    ProgrammeRow {
        kind,
        state: match one.state {
            ProgrammeState::Now => RowState::Now,
            ProgrammeState::Next => RowState::Next,
            ProgrammeState::Later | ProgrammeState::Ended => RowState::Later,
            ProgrammeState::Cancelled => RowState::Cancelled,
        },
        date: times::day(one.date, Language::Japanese).into(),
        starts: hour(Some(&one.starts)),
        ends: hour(Some(&one.ends)),
        title: phrases::mark(&one.title.ja).into(),
        audience: match one.audience {
            Audience::Business => ForWhom::Business,
            Audience::JobSeeker => ForWhom::JobSeeker,
            Audience::Anyone => ForWhom::Anyone,
        },
        places: one.places_left.map_or(-1, super::count),
        here: one.fill.map_or(-1, |fill| super::count(fill.here)),
        capacity: one.fill.map_or(0, |fill| super::count(fill.capacity)),
    }
}
