//! Signing in and out.

use super::super::App;
use super::super::answer::{Body, Rejection};
use super::super::door::Key;
use super::session::{COOKIE, OwnPage, Signed, cookie, idle};
use super::{pin, station};
use api::Verdict;
use api::staff::{Me, SignInRequest};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Command;
use domain::code::{self, Code};
use domain::ids::StationId;
use domain::staff::{SignOut, StaffAnswer, StaffMember};

impl App {
    /// Whose user name or badge this is.
    fn staff_called(&self, request: &SignInRequest) -> Result<Option<StaffMember>, Rejection> {
        let reference = self.desk.published().borrow().reference.clone();
        let mut all = reference.staff.values();
        let found = match (&request.user, &request.badge) {
            (Some(user), None) => {
                let user = user.trim().to_lowercase();
                all.find(|one| one.user == user)
            }
            (None, Some(badge)) => match code::parse(badge.as_bytes()) {
                Code::Badge(digest) => all.find(|one| one.badge == Some(digest)),
                _ => None,
            },
            _ => return Err(Rejection::invalid("send either \"user\" or \"badge\"")),
        };
        Ok(found.cloned())
    }

    /// Compares a PIN and has the desk decide who is signed in by it.
    pub(super) async fn try_pin(
        &self,
        station: &StationId,
        known: Option<StaffMember>,
        badge: bool,
        pin: String,
    ) -> Result<Verdict, Rejection> {
        // Held until the answer is recorded: else all that wait here would be looked at before the first failure counts.
        let _turn = self.staff.checks.acquire().await;
        let pin_is_right = if self.is_locked_out(known.as_ref()) {
            false
        } else {
            pin::is_right(known.as_ref().map(|one| one.pin.clone()), pin).await
        };
        let command = Command::SignIn {
            station: station.clone(),
            staff: known.map(|one| one.id),
            badge,
            pin_is_right,
        };
        let verdict = self.decide(station, Key(None), command).await?;
        verdict.ok_or_else(Rejection::unanswered)
    }

    fn is_locked_out(&self, staff: Option<&StaffMember>) -> bool {
        let state = self.desk.published().borrow().clone();
        let uptime_ms = self.desk.clock().uptime_ms();
        let settings = &state.reference.settings;
        let staff = staff.map(|staff| &staff.id);
        state.today.is_locked_out(staff, uptime_ms, settings)
    }
}

/// Signs in. The session is bound to this browser by a cookie.
#[utoipa::path(post, path = "/v1/staff/session", tag = "staff", request_body = SignInRequest,
    responses((status = 200, description = "Signed in, with the cookie; or not, and what to do", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn sign_in(
    State(app): State<App>,
    _: OwnPage,
    headers: HeaderMap,
    Body(request): Body<SignInRequest>,
) -> Result<Response, Rejection> {
    let known = app.staff_called(&request)?;
    let badge = request.badge.is_some();
    let verdict = app.try_pin(&station(), known, badge, request.pin).await?;
    let Verdict::Staff(StaffAnswer::SignedIn { staff, .. }) = &verdict else {
        return Ok(Json(verdict).into_response());
    };
    if let Some(before) = cookie(&headers) {
        app.end_session(before).await?;
    }
    let now_ms = app.desk.clock().uptime_ms();
    let token = app.staff.open(staff.clone(), now_ms).map_err(|_| {
        let detail = "the system has no randomness yet; try again in a moment";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Rejection::new(status, "no-randomness", "Nobody can sign in now", detail)
    })?;
    Ok(([(header::SET_COOKIE, kept(&token))], Json(verdict)).into_response())
}

impl App {
    async fn end_session(&self, token: &str) -> Result<(), Rejection> {
        let Some(staff) = self.staff.close(token) else {
            return Ok(());
        };
        let command = Command::SignOut {
            station: station(),
            staff,
            reason: SignOut::Own,
        };
        self.decide(&station(), Key(None), command).await.map(drop)
    }
}

fn kept(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

/// Signs out.
#[utoipa::path(delete, path = "/v1/staff/session", tag = "staff", security(("staff" = [])),
    responses((status = 204, description = "Signed out"),
        (status = "4XX", description = "Nobody has signed in, or the call is not from our own page", body = api::Problem),
        (status = 503, description = "Signed out, but that could not be recorded", body = api::Problem)))]
pub(super) async fn sign_out(
    State(app): State<App>,
    signed: Signed,
) -> Result<Response, Rejection> {
    app.end_session(&signed.token).await?;
    let gone = format!("{}; Max-Age=0", kept(""));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// Who has signed in here. Counts as a touch: the page asks when it is used.
#[utoipa::path(get, path = "/v1/staff/session", tag = "staff", security(("staff" = [])),
    responses((status = 200, description = "Who", body = Me),
        (status = 401, description = "Nobody, or no longer", body = api::Problem)))]
pub(super) async fn signed_in(State(app): State<App>, signed: Signed) -> Json<Me> {
    let idle = idle(&app.desk.published().borrow());
    Json(Me {
        staff: signed.staff.id,
        user: signed.staff.user,
        role: signed.staff.role,
        idle_s: u32::try_from(idle.as_secs()).unwrap_or(u32::MAX),
    })
}
