//! What the screens are shown, made from the committed state: the floor, the centre, the signage. Pure.

mod advice;
mod desk;
mod emergency;
mod floor;
mod lending;
mod signage;
mod staff;

pub use advice::{advice, unstaffed_since};
pub use desk::{short_since, staff_at};
pub use floor::{floor, free_seats};
pub use signage::signage;
pub use staff::{found, staff};

use crate::desk::Published;
use crate::qr;
use api::screen::{Centre, LinkQr, Phase, WifiQr};
use api::signage::{SeatCall, TodayHours};
use chrono::TimeDelta;
use domain::calendar;
use domain::closure;
use domain::hhmm;
use domain::ids::StationId;
use domain::reference::DateTime;
use domain::settings::Settings;
use domain::today::{Call, Ticket};
use domain::verdict::NextOpening;
use std::cmp::Reverse;

/// What a view is made of.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The committed state.
    pub state: &'a Published,
    /// The service's time, in JST.
    pub now: DateTime,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
}

/// The centre as a station's header and attract screen show it.
pub fn centre(scene: Scene, station: &StationId, scanner_ready: Option<bool>) -> Centre {
    let settings = &scene.state.reference.settings;
    Centre {
        version: crate::VERSION.to_owned(),
        name: settings.centre_name.clone(),
        now: scene.now,
        rehearsal: scene.rehearsal,
        today: today_hours(scene),
        phase: phase(scene),
        next_opening: next_opening(scene),
        free_seats: free_seats(scene),
        walk_in: takes_walk_ins(scene),
        calls: calls(scene),
        wifi: wifi(settings),
        registration: link(settings.registration_url.as_deref()),
        reservation: link(settings.reservation_url.as_deref()),
        scanner_ready,
        writable: scene.state.writable,
        emergency: emergency::at_station(scene, station),
    }
}

fn today_hours(scene: Scene) -> TodayHours {
    let day = scene.state.reference.calendar.day(scene.now.date_naive());
    TodayHours {
        date: day.date,
        open: day.hours.first().map(|hours| hhmm::format(&hours.open)),
        close: day.hours.last().map(|hours| hhmm::format(&hours.close)),
        reason: day.reason.as_ref().map(|reason| reason.code().to_string()),
        reason_text: day
            .text
            .clone()
            .or_else(|| day.reason.as_ref().map(|reason| reason.text())),
    }
}

fn phase(scene: Scene) -> Phase {
    match closure::phase(&scene.state.reference, &scene.state.today, scene.now) {
        calendar::Phase::Before { .. } => Phase::Before,
        calendar::Phase::Preparation { .. } => Phase::Preparation,
        calendar::Phase::Open { .. } => Phase::Open,
        calendar::Phase::Break { .. } => Phase::Break,
        calendar::Phase::Evening { .. } => Phase::Evening,
        calendar::Phase::Closed { .. } => Phase::Closed,
    }
}

fn next_opening(scene: Scene) -> Option<NextOpening> {
    closure::next_opening(&scene.state.reference, &scene.state.today, scene.now)
}

/// Closing of the opening under way.
fn closing(scene: Scene) -> Option<(String, TimeDelta)> {
    let hours = scene
        .state
        .reference
        .calendar
        .day(scene.now.date_naive())
        .hours;
    let time = scene.now.time();
    let stretch = hours.iter().find(|stretch| stretch.contains(time))?;
    Some((hhmm::format(&stretch.close), stretch.close - time))
}

/// Who is called now, the latest call first.
fn calls(scene: Scene) -> Vec<SeatCall> {
    let mut called: Vec<_> = scene.state.today.queue.called().collect();
    called.sort_by_key(|(ticket, call)| (Reverse(call.held_until_ms), ticket.number));
    let view = |(ticket, call): (&Ticket, &Call)| SeatCall {
        number: ticket.number,
        seat: call.choice.seat.clone(),
        again: call.again,
    };
    called.into_iter().map(view).collect()
}

fn takes_walk_ins(scene: Scene) -> bool {
    if !scene.state.trusted {
        return true;
    }
    let last = TimeDelta::minutes(scene.state.reference.settings.last_walk_in_min.into());
    phase(scene) == Phase::Open && closing(scene).is_some_and(|(_, left)| left >= last)
}

fn wifi(settings: &Settings) -> Option<WifiQr> {
    let wifi = settings.wifi.as_ref()?;
    Some(WifiQr {
        ssid: wifi.ssid.clone(),
        qr: qr::encode(&wifi.qr_text())?,
    })
}

fn link(url: Option<&str>) -> Option<LinkQr> {
    Some(LinkQr {
        url: url?.to_owned(),
        qr: qr::encode(url?)?,
    })
}
