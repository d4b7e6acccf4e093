//! The staff listener: signing in, the staff page's picture of the moment, and what staff do (R4, design section 5).

mod actions;
mod at_station;
mod pin;
mod session;
mod sign_in;

pub use session::{COOKIE, StaffSessions};

use super::App;
use crate::desk::Desk;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::Command;
use domain::ids::StationId;
use domain::staff::{STAFF_PAGE, SignOut};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How often is looked for sessions that nobody uses any more.
const LOOK_EVERY: Duration = Duration::from_secs(2);

pub(super) fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            sign_in::sign_in,
            sign_in::sign_out,
            sign_in::signed_in
        ))
        .routes(routes!(actions::act))
        .routes(routes!(actions::find))
        .routes(routes!(actions::stream))
}

/// The calls of a station's own screen.
pub(super) fn calls_at_station() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(at_station::sign_in, at_station::sign_out))
        .routes(routes!(at_station::look))
        .routes(routes!(at_station::find))
        .routes(routes!(at_station::act))
}

fn station() -> StationId {
    StationId::from(STAFF_PAGE)
}

/// What is said to staff is for them alone and not kept by browsers.
pub(super) async fn not_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let kept = headers.entry(header::CACHE_CONTROL);
    kept.or_insert(HeaderValue::from_static("no-store"));
    let sniffed = headers.entry(header::X_CONTENT_TYPE_OPTIONS);
    sniffed.or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// Ends sessions that nobody uses any more, and has that recorded, until the service stops.
pub async fn end_idle_sessions(
    sessions: Arc<StaffSessions>,
    desk: Desk,
    stopping: CancellationToken,
) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    let published = desk.published();
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let (in_browser, at_station) = {
            let state = published.borrow();
            (
                session::idle(&state),
                session::idle_at_station(&state.reference.settings),
            )
        };
        for (staff, at) in sessions.end_idle(desk.clock().uptime_ms(), in_browser, at_station) {
            let command = Command::SignOut {
                station: at.unwrap_or_else(station),
                staff,
                reason: SignOut::Idle,
            };
            if let Err(error) = desk.decide(command, None).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "that a session of staff ended could not be recorded");
            }
        }
    }
}
