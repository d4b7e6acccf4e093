//! The kiosk's HTTP interface (design section 5): one router for stations on this machine, one for displays on the LAN, one for staff.

mod advice;
mod answer;
mod door;
mod health;
mod page;
mod people;
mod rooms;
pub mod staff;
mod station;
mod stream;

pub use answer::Rejection;
pub use health::{Metrics, OfficeStatus, Status};
pub use station::{StationToken, Stations, TokenError};

use crate::desk::Desk;
use crate::views::Scene;
use api::Verdict;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use domain::ids::StationId;
use staff::StaffSessions;
use station::Schemes;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body: a code is 160 characters.
const BODY_LIMIT: usize = 16 * 1024;

/// A call that takes longer than this is answered with 503; the desk is waiting for a disk that does not come back.
const CALL_LIMIT: Duration = Duration::from_secs(4);

/// Items a slow client of a stream may be behind before it is cut off and starts anew with a snapshot.
const BEHIND: usize = 32;

/// A verdict on its way to a station's screens.
#[derive(Clone, Debug)]
pub struct StationVerdict {
    /// Whose screens.
    pub station: StationId,
    /// The verdict.
    pub verdict: Verdict,
    /// When it was given: after ten seconds it is nobody's any more.
    pub given: Instant,
}

/// What a station was answered, for its light and sound; screens get theirs with the call.
#[derive(Clone, Debug)]
pub struct StationAnswer {
    /// Where.
    pub station: StationId,
    /// The verdict; none when nothing could be recorded.
    pub verdict: Option<Verdict>,
}

/// What every call may use.
#[derive(Clone, Debug)]
pub struct App {
    /// The desk.
    pub desk: Desk,
    /// Who may call.
    pub stations: Arc<Stations>,
    /// Verdicts of scans, to the screens of their station.
    pub verdicts: broadcast::Sender<StationVerdict>,
    /// Every answer, however its question came.
    pub answers: broadcast::Sender<StationAnswer>,
    /// Devices and the office, for health and the screens.
    pub status: watch::Receiver<Status>,
    /// Who of the staff has signed in.
    pub staff: Arc<StaffSessions>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
    /// Ends the streams.
    pub stopping: CancellationToken,
}

impl App {
    fn view<T>(&self, make: impl FnOnce(Scene) -> T) -> T {
        let state = self.desk.published().borrow().clone();
        make(Scene {
            state: &state,
            now: self.desk.clock().now(),
            rehearsal: self.rehearsal,
        })
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Genkan kiosk", description = "The door of one centre: stations on this machine, displays on the LAN, \
        and the staff page. Errors are \
        RFC 9457 problem details; a refusal at the door is a verdict with status 200."),
    modifiers(&Schemes)
)]
struct Document;

fn for_stations() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(door::scan))
        .routes(routes!(door::number))
        .routes(routes!(door::choose))
        .routes(routes!(door::hold))
        .routes(routes!(door::decline))
        .routes(routes!(door::join))
        .routes(routes!(door::give_up))
        .routes(routes!(door::leave))
        .routes(routes!(door::extend))
        .routes(routes!(people::other_seats))
        .routes(routes!(people::step_out))
        .routes(routes!(people::borrow))
        .routes(routes!(people::accompany))
        .routes(routes!(people::receive_guest))
        .routes(routes!(people::guest_leaves))
        .routes(routes!(door::call_staff))
        .routes(routes!(advice::rooms))
        .routes(routes!(advice::set_state))
        .routes(routes!(advice::start))
        .routes(routes!(advice::end))
        .merge(staff::calls_at_station())
        .routes(routes!(rooms::calendar))
        .routes(routes!(rooms::floor))
        .routes(routes!(stream::stream))
        .routes(routes!(health::healthz))
        .routes(routes!(health::metrics))
}

fn for_displays() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::signage))
        .routes(routes!(stream::signage_stream))
}

fn finish(router: Router<App>, app: App) -> Router {
    router
        .fallback(answer::unknown_path)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
}

/// The loopback listener: everything.
pub fn local(app: App) -> Router {
    let (router, _) = for_stations().merge(for_displays()).split_for_parts();
    finish(router.merge(page::router()), app)
}

/// The signage listener: read-only, nothing personal.
pub fn signage(app: App) -> Router {
    let (router, _) = for_displays().split_for_parts();
    finish(router.merge(page::router()), app)
}

/// The staff listener: the staff page and its calls.
pub fn staff(app: App) -> Router {
    let (router, _) = staff::calls().split_for_parts();
    finish(router.merge(page::staff_router()), app).layer(map_response(staff::not_stored))
}

/// The OpenAPI document of all listeners.
pub fn openapi() -> utoipa::openapi::OpenApi {
    for_stations()
        .merge(for_displays())
        .merge(staff::calls())
        .into_openapi()
}
