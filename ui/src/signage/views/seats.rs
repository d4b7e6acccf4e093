//! The side: free seats by zone, or what else there is to know.

use super::frame::hour;
use super::{count, list, pages};
use crate::signage::board::{Layout, Shown};
use crate::touch::language::Language;
use crate::touch::views::times;
use crate::{
    CountOf, Density, SeatsAdapter, SideText, Sign, SignageWindow, ZoneNote, ZonePage, ZoneRow,
};
use api::signage::{FreeOf, ZoneCount};
use slint::{ComponentHandle, SharedString};

/// Fills the side: as densely as it must be to need one page.
pub fn fill(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<SeatsAdapter>();
    let zones: &[ZoneCount] = if shown.view.walk_in && shown.layout == Layout::Day {
        &shown.view.zones
    } else {
        &[]
    };
    let sign = window.global::<Sign>();
    let room = window.get_zones_room();
    for (density, height) in [
        (Density::Open, sign.get_zone()),
        (Density::InLine, sign.get_zone_in_line()),
        (Density::Dense, sign.get_zone_dense()),
    ] {
        let rows: Vec<ZoneRow> = zones.iter().flat_map(|zone| rows(zone, density)).collect();
        let pages = pages(&rows, room, |_| height, |_| false);
        let fits = pages.len() < 2;
        adapter.set_density(density);
        adapter.set_pages(list(
            pages.into_iter().map(|rows| ZonePage { rows: list(rows) }),
        ));
        if fits {
            break;
        }
    }
    adapter.set_text(text(shown, zones));
    let waiting = if shown.view.walk_in {
        shown.view.waiting
    } else {
        0
    };
    adapter.set_waiting(count(waiting));
    let next = shown.view.next_opening.as_ref();
    let date = next.map(|next| times::day(next.date, Language::Japanese));
    let time = next.map(|next| times::time_of_day(next.time));
    adapter.set_next_date(date.unwrap_or_default().into());
    adapter.set_next_time(time.unwrap_or_default().into());
}

/// Turns over to the page whose time it is.
pub fn turn(window: &SignageWindow, shown: &Shown) {
    let adapter = window.global::<SeatsAdapter>();
    let pages = super::rows(&adapter.get_pages());
    adapter.set_page(super::index(shown.page(pages)));
}

fn text(shown: &Shown, zones: &[ZoneCount]) -> SideText {
    let is_full = !zones.is_empty() && zones.iter().all(|zone| zone.free == 0);
    match (shown.layout, shown.view.walk_in) {
        (Layout::Evening, _) => SideText::Evening,
        (_, false) => SideText::ReservedOnly,
        (_, true) if is_full => SideText::Full,
        (_, true) => SideText::WalkIn,
    }
}

fn rows(zone: &ZoneCount, density: Density) -> Vec<ZoneRow> {
    let taken = zone.taken_by.is_some();
    let note = match (taken, zone.free) {
        (true, 0) => ZoneNote::Taken,
        (true, _) => ZoneNote::Part,
        (false, 0) => ZoneNote::Full,
        (false, _) => ZoneNote::None,
    };
    let has_parts = note != ZoneNote::Taken;
    let in_line = |part: Option<FreeOf>| {
        let part = part.filter(|_| has_parts && density != Density::Open);
        part.map_or_else(SharedString::default, |part| {
            format!("{}/{}", part.free, part.total).into()
        })
    };
    let whole = ZoneRow {
        name: zone.name.ja.as_str().into(),
        of: CountOf::Zone,
        free: count(zone.free),
        total: count(zone.total),
        note,
        until: hour(zone.until.as_deref()),
        power: in_line(zone.power),
        pc: in_line(zone.pc),
    };
    let mut rows = vec![whole];
    if has_parts && density == Density::Open {
        rows.extend(part(CountOf::Power, zone.power));
        rows.extend(part(CountOf::Pc, zone.pc));
    }
    rows
}

fn part(of: CountOf, part: Option<FreeOf>) -> Option<ZoneRow> {
    let FreeOf { free, total } = part?;
    Some(ZoneRow {
        of,
        free: count(free),
        total: count(total),
        ..ZoneRow::default()
    })
}
