//! Staff at a station's own screen: badge, PIN, and a few things to do (R4). The session is the station's and ends with the next scan.

use super::super::App;
use super::super::answer::{Body, Rejection};
use super::super::door::Key;
use super::super::station::Caller;
use super::actions::{find_member, unknown_number};
use super::session::{SignedAt, idle_at_station};
use crate::views;
use api::Verdict;
use api::staff::{ActionRequest, FoundMember, PinRequest, StationStaffView};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::Command;
use domain::code::Code;
use domain::ids::StationId;
use domain::staff::{SignOut, StaffAnswer};

impl App {
    /// A code was held to a station's scanner: whoever had signed in there is signed out, and a badge waits for its PIN.
    ///
    /// # Errors
    /// When that could not be recorded.
    pub(in crate::http) async fn scanner_read(
        &self,
        station: &StationId,
        code: &Code,
    ) -> Result<(), Rejection> {
        self.leave_station(station, SignOut::NextScan).await?;
        let reference = self.desk.published().borrow().reference.clone();
        let mut staff = reference.staff.values();
        let shown = match code {
            Code::Badge(digest) => staff.find(|one| one.active && one.badge == Some(*digest)),
            _ => None,
        };
        let now_ms = self.desk.clock().uptime_ms();
        self.staff
            .show_badge(station, shown.map(|one| one.id.clone()), now_ms);
        Ok(())
    }

    async fn leave_station(&self, station: &StationId, reason: SignOut) -> Result<(), Rejection> {
        let Some(staff) = self.staff.close_at(station) else {
            return Ok(());
        };
        let command = Command::SignOut {
            station: station.clone(),
            staff,
            reason,
        };
        self.decide(station, Key(None), command).await.map(drop)
    }
}

/// Signs in whose badge this station's scanner has just read.
#[utoipa::path(post, path = "/v1/staff/at-station/session", tag = "staff", request_body = PinRequest, security(("station" = [])),
    responses((status = 200, description = "Signed in, or not, and what to do", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn sign_in(
    State(app): State<App>,
    Caller(station): Caller,
    Body(request): Body<PinRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let now_ms = app.desk.clock().uptime_ms();
    let Some(shown) = app.staff.shown_badge(&station, now_ms) else {
        let detail =
            "hold the badge to the scanner again; it was shown too long ago, or another code since";
        let status = StatusCode::CONFLICT;
        let title = "No badge has been shown";
        return Err(Rejection::new(status, "no-badge", title, detail));
    };
    let reference = app.desk.published().borrow().reference.clone();
    let known = reference.staff.get(&shown).cloned();
    let verdict = app.try_pin(&station, known, true, request.pin).await?;
    if let Verdict::Staff(StaffAnswer::SignedIn { staff, .. }) = &verdict {
        let now_ms = app.desk.clock().uptime_ms();
        app.staff.show_badge(&station, None, now_ms);
        app.staff.open_at(station, staff.clone(), now_ms);
    }
    Ok(Json(verdict))
}

/// Signs out whoever has signed in at this station, if anybody has.
#[utoipa::path(delete, path = "/v1/staff/at-station/session", tag = "staff", security(("station" = [])),
    responses((status = 204, description = "Nobody is signed in here"),
        (status = 401, description = "No token of a station", body = api::Problem),
        (status = 503, description = "Signed out, but that could not be recorded", body = api::Problem)))]
pub(super) async fn sign_out(
    State(app): State<App>,
    Caller(station): Caller,
) -> Result<StatusCode, Rejection> {
    app.leave_station(&station, SignOut::Own).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What whoever has signed in at this station sees. Counts as a touch.
#[utoipa::path(get, path = "/v1/staff/at-station", tag = "staff", security(("station" = [])),
    responses((status = 200, description = "What there is to do", body = StationStaffView),
        (status = 401, description = "Nobody has signed in here, or no longer", body = api::Problem)))]
pub(super) async fn look(State(app): State<App>, signed: SignedAt) -> Json<StationStaffView> {
    let idle = idle_at_station(&app.desk.published().borrow().reference.settings);
    Json(app.view(|scene| views::staff_at(scene, &signed.station, &signed.staff, idle)))
}

/// Finds somebody by membership or reservation number, as the staff page does.
#[utoipa::path(get, path = "/v1/staff/at-station/members/{number}", tag = "staff", security(("station" = [])),
    params(("number" = String, Path, description = "A membership number, its digits alone, or a reservation's")),
    responses((status = 200, description = "Who it is", body = FoundMember),
        (status = 401, description = "Nobody has signed in here, or no longer", body = api::Problem),
        (status = 404, description = "Nobody has this number", body = api::Problem)))]
pub(super) async fn find(
    State(app): State<App>,
    _: SignedAt,
    Path(number): Path<String>,
) -> Result<Json<FoundMember>, Rejection> {
    find_member(&app, &number)
        .map(Json)
        .ok_or_else(unknown_number)
}

/// Does something, and records who did it and why.
#[utoipa::path(post, path = "/v1/staff/at-station/actions", tag = "staff", request_body = ActionRequest, security(("station" = [])),
    responses((status = 200, description = "Done; or not, with what stands in the way and what to do", body = Verdict),
        (status = "4XX", description = "The call cannot be understood, or nobody has signed in here", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn act(
    State(app): State<App>,
    signed: SignedAt,
    key: Key,
    Body(request): Body<ActionRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let ActionRequest { action, why } = request;
    let command = Command::Staff {
        station: signed.station.clone(),
        by: signed.staff.id,
        action,
        why,
    };
    app.tell(&signed.station, key, command).await
}
