//! Server-sent events: a snapshot on connecting, then what changes.

use super::answer::{Asked, Rejection};
use super::station::Caller;
use super::{App, BEHIND, StationVerdict};
use crate::views;
use api::screen::{Centre, FloorView, StreamItem};
use api::signage::Signage;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use chrono::Timelike;
use domain::ids::StationId;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

/// A verdict older than this is nobody's any more (design section 5).
const VERDICT_LIVES: Duration = Duration::from_secs(10);

/// A comment this often lets a client notice a dead line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(super) type Events =
    Sse<axum::response::sse::KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>;

/// Which station's verdicts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// The station; the token's own if left out.
    station: Option<StationId>,
}

/// Everything a station's screen needs: `snapshot`, then `centre`, `floor` and `verdict`.
#[utoipa::path(get, path = "/v1/stream", tag = "centre", params(Whose), security(("station" = [])),
    responses((status = 200, description = "Server-sent events; the event's name is the item's", body = StreamItem, content_type = "text/event-stream"),
        (status = "4XX", description = "Not this station", body = api::Problem)))]
pub(super) async fn stream(
    State(app): State<App>,
    caller: Caller,
    Asked(whose): Asked<Whose>,
) -> Result<Events, Rejection> {
    let station = caller.speaking_for(whose.station)?;
    let (items, stream) = mpsc::channel(BEHIND);
    tokio::spawn(feed_station(app, station, items));
    Ok(events(stream))
}

/// The signage's view model whenever it changes.
#[utoipa::path(get, path = "/v1/signage/stream", tag = "signage",
    responses((status = 200, description = "Server-sent events named `signage`", body = Signage, content_type = "text/event-stream")))]
pub(super) async fn signage_stream(State(app): State<App>) -> Events {
    let (items, stream) = mpsc::channel(BEHIND);
    tokio::spawn(feed_signage(app, items));
    events(stream)
}

pub(super) fn events(stream: mpsc::Receiver<Result<Event, Infallible>>) -> Events {
    Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

pub(super) type Items = mpsc::Sender<Result<Event, Infallible>>;

/// Sends one item; false when the client is gone or too far behind.
pub(super) fn send(items: &Items, name: &str, item: &impl Serialize) -> bool {
    match Event::default().event(name).json_data(item) {
        Ok(event) => items.try_send(Ok(event)).is_ok(),
        Err(error) => {
            tracing::error!(%error, "an item of the stream cannot be written as JSON");
            false
        }
    }
}

/// What changes by itself or by the state, coalesced: one look a change, and one at each full minute.
pub(super) struct Changes {
    published: tokio::sync::watch::Receiver<crate::desk::Published>,
    status: tokio::sync::watch::Receiver<super::Status>,
}

impl Changes {
    pub(super) fn of(app: &App) -> Self {
        Self {
            published: app.desk.published(),
            status: app.status.clone(),
        }
    }

    /// Waits for the next change; false when the service stops.
    pub(super) async fn next(&mut self, app: &App) -> bool {
        let now = app.desk.clock().now();
        let to_minute = 60_000
            - u64::from(now.second()) * 1000
            - u64::from(now.timestamp_subsec_millis().min(999));
        tokio::select! {
            () = app.stopping.cancelled() => false,
            changed = self.published.changed() => changed.is_ok(),
            changed = self.status.changed() => changed.is_ok(),
            () = tokio::time::sleep(Duration::from_millis(to_minute + 20)) => true,
        }
    }
}

async fn feed_station(app: App, station: StationId, items: Items) {
    let mut verdicts = app.verdicts.subscribe();
    let mut changes = Changes::of(&app);
    let (mut centre, mut floor) = look(&app, &station);
    let snapshot = StreamItem::Snapshot {
        centre: centre.clone(),
        floor: floor.clone(),
    };
    let mut goes_on = send(&items, "snapshot", &snapshot);
    while goes_on {
        goes_on = tokio::select! {
            () = items.closed() => false,
            changed = changes.next(&app) => {
                let (new_centre, new_floor) = look(&app, &station);
                let is_other_floor = new_floor != floor;
                (centre, floor) = (new_centre, new_floor);
                changed
                    && (!is_other_floor || send(&items, "floor", &StreamItem::Floor(floor.clone())))
                    && send(&items, "centre", &StreamItem::Centre(centre.clone()))
            }
            verdict = verdicts.recv() => match verdict {
                Ok(StationVerdict { station: other, .. }) if other != station => true,
                Ok(StationVerdict { given, .. }) if given.elapsed() > VERDICT_LIVES => true,
                Ok(StationVerdict { verdict, .. }) => send(&items, "verdict", &StreamItem::Verdict { verdict }),
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => false,
            },
        };
    }
}

fn look(app: &App, station: &StationId) -> (Centre, FloorView) {
    let ready = app.status.borrow().scanner_ready(station);
    app.view(|scene| {
        (
            views::centre(scene, station, ready),
            views::floor(scene, Some(station)),
        )
    })
}

async fn feed_signage(app: App, items: Items) {
    let mut changes = Changes::of(&app);
    let mut goes_on = send(&items, "signage", &app.view(views::signage));
    while goes_on {
        goes_on = tokio::select! {
            () = items.closed() => false,
            changed = changes.next(&app) => changed && send(&items, "signage", &app.view(views::signage)),
        };
    }
}
