//! Whom to call because the centre is closed at the time of their reservation 臨時閉所の連絡先.

use super::Shared;
use super::auth::Caller;
use super::figures::{DateAsked, date_of};
use super::problem::Problem;
use crate::store::call_list::{ToCall, call_list};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::ReservationId;

/// Reservations of a day into which a closure falls, of the calendar or by staff at a door, whose holders have not come. Who was told is
/// marked.
#[utoipa::path(get, path = "/v1/call-list", tag = "office", params(("date" = Option<String>, Query, description = "YYYY-MM-DD; today if absent")),
    responses((status = 200, body = [ToCall]), (status = 400, body = Problem)), security(("token" = [])))]
pub(super) async fn to_call(
    State(shared): State<Shared>,
    caller: Caller,
    query: DateAsked,
) -> Result<Json<Vec<ToCall>>, Problem> {
    let date = date_of(&shared, query)?;
    tracing::info!(who = caller.who, %date, "reads the call list");
    let list = shared
        .store
        .read(move |connection| call_list(connection, date, 1));
    Ok(Json(list.await?))
}

/// Notes that the holder of a reservation was told. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/call-list/{reservation}/told", tag = "office", params(("reservation" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub(super) async fn told(
    State(shared): State<Shared>,
    caller: Caller,
    Path(reservation): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = ReservationId::from(reservation);
    tracing::info!(
        who = caller.who,
        "notes that somebody was told of a closure"
    );
    let known = shared
        .store
        .write(move |writing| writing.told_of_closure(&id, &caller.who));
    if known.await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found(
        "No reservation has this id; GET /v1/call-list lists whom to call.",
    ))
}
