//! The calls about people besides checking in: another seat, a while outside, who came along, and guests.

use super::App;
use super::answer::{Body, Rejection};
use super::door::Key;
use super::station::Caller;
use api::Verdict;
use api::screen::{CompanionsRequest, GuestRequest};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::Command;
use domain::ids::{GuestId, VisitId};

/// Offers the other seats that are free now; choosing one is the same call as for any offer.
#[utoipa::path(post, path = "/v1/visits/{visit}/seats", tag = "door", params(("visit" = String, Path, description = "The visit")),
    security(("station" = [])),
    responses((status = 200, description = "An offer, no other seat, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn other_seats(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
) -> Result<Json<Verdict>, Rejection> {
    let command = Command::OtherSeats {
        station: station.clone(),
        visit,
    };
    app.tell(&station, key, command).await
}

/// Lends a PC to the visitor, with a battery where its charge alone does not outlast the stay (R13).
#[utoipa::path(post, path = "/v1/visits/{visit}/borrow", tag = "door", params(("visit" = String, Path, description = "The visit")),
    security(("station" = [])),
    responses((status = 200, description = "Which one to take, no loan, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn borrow(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
) -> Result<Json<Verdict>, Rejection> {
    let command = Command::Borrow {
        station: station.clone(),
        visit,
    };
    app.tell(&station, key, command).await
}

/// The visitor goes out for a while; the next scan of their pass brings them back.
#[utoipa::path(post, path = "/v1/visits/{visit}/step-out", tag = "door", params(("visit" = String, Path, description = "The visit")),
    security(("station" = [])),
    responses((status = 200, description = "Stepped out, the menu where the time is over, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn step_out(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
) -> Result<Json<Verdict>, Rejection> {
    app.tell(&station, key, Command::StepOut { visit }).await
}

/// Tells how many came along with a visitor.
#[utoipa::path(post, path = "/v1/visits/{visit}/companions", tag = "door", params(("visit" = String, Path, description = "The visit")),
    request_body = CompanionsRequest, security(("station" = [])),
    responses((status = 200, description = "What is recorded now, with a remedy where more were named than may come; or lapsed", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn accompany(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
    Body(body): Body<CompanionsRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let command = Command::Accompany {
        visit,
        companions: body.companions,
    };
    app.tell(&station, key, command).await
}

/// Lets a guest in and calls staff.
#[utoipa::path(post, path = "/v1/guests", tag = "door", request_body = GuestRequest, security(("station" = [])),
    responses((status = 200, description = "The guest is in, or the centre is closed", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn receive_guest(
    State(app): State<App>,
    caller: Caller,
    key: Key,
    Body(body): Body<GuestRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let station = caller.speaking_for(body.station)?;
    let command = Command::ReceiveGuest {
        station: station.clone(),
        purpose: body.purpose,
    };
    app.tell(&station, key, command).await
}

/// A guest leaves, or pressed by mistake.
#[utoipa::path(delete, path = "/v1/guests/{guest}", tag = "door", params(("guest" = String, Path, description = "The guest")),
    security(("station" = [])),
    responses((status = 204, description = "The guest counts as inside no more"),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn guest_leaves(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(guest): Path<GuestId>,
) -> Result<StatusCode, Rejection> {
    app.decide(&station, key, Command::GuestLeaves { guest })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
