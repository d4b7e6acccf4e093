//! The consultation rooms: what advisers do, and consultations from start to end, each in one touch (R17, R19).
//!
//! For staff and advisers. A station's token allows it; nothing of it is on the visitors' screens.

use super::App;
use super::answer::{Body, Rejection};
use super::door::Key;
use super::station::Caller;
use crate::views;
use api::advice::{AdviceView, StartRequest, StateRequest};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::Command;
use domain::ids::{AdviserId, StationId, VisitId};

impl App {
    /// Decides, and shows the rooms as they are then; a verdict means that it could not be done.
    async fn in_rooms(
        &self,
        station: &StationId,
        key: Key,
        command: Command,
        refused: &str,
    ) -> Result<Json<AdviceView>, Rejection> {
        match self.decide(station, key, command).await? {
            None => Ok(Json(self.view(views::advice))),
            Some(_) => Err(Rejection::new(
                StatusCode::CONFLICT,
                "not-possible",
                "That is not possible now",
                refused,
            )),
        }
    }
}

/// The consultation rooms: advisers, consultations, who waits.
#[utoipa::path(get, path = "/v1/consultations", tag = "advice", security(("station" = [])),
    responses((status = 200, description = "The rooms now", body = AdviceView),
        (status = 401, description = "No token of a station", body = api::Problem)))]
pub(super) async fn rooms(State(app): State<App>, _: Caller) -> Json<AdviceView> {
    Json(app.view(views::advice))
}

/// Says what an adviser does now.
#[utoipa::path(put, path = "/v1/advisers/{adviser}/state", tag = "advice", params(("adviser" = String, Path, description = "The adviser")),
    request_body = StateRequest, security(("station" = [])),
    responses((status = 200, description = "The rooms now", body = AdviceView),
        (status = "4XX", description = "The call cannot be understood or is not allowed, or there is no such adviser", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn set_state(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(adviser): Path<AdviserId>,
    Body(body): Body<StateRequest>,
) -> Result<Json<AdviceView>, Rejection> {
    let state = body.state;
    let command = Command::SetAdviserState { adviser, state };
    let refused = "there is no such adviser; GET /v1/consultations lists them";
    app.in_rooms(&station, key, command, refused).await
}

/// Begins a consultation with a visitor who is inside: a use within the visit.
#[utoipa::path(post, path = "/v1/visits/{visit}/consultation", tag = "advice", params(("visit" = String, Path, description = "The visit")),
    request_body = StartRequest, security(("station" = [])),
    responses((status = 200, description = "The rooms now", body = AdviceView),
        (status = "4XX", description = "The call cannot be understood or is not allowed, or the visitor or an adviser is not free", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn start(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
    Body(body): Body<StartRequest>,
) -> Result<Json<AdviceView>, Rejection> {
    let advisers = body.advisers;
    let command = Command::StartConsultation { visit, advisers };
    let refused = "the visit has ended, it is being advised already, or an adviser is unknown or with somebody else; end that first";
    app.in_rooms(&station, key, command, refused).await
}

/// Ends a consultation.
#[utoipa::path(post, path = "/v1/visits/{visit}/consultation/end", tag = "advice", params(("visit" = String, Path, description = "The visit")),
    security(("station" = [])),
    responses((status = 200, description = "The rooms now", body = AdviceView),
        (status = "4XX", description = "The call is not allowed, or nobody advises this visitor", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn end(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
) -> Result<Json<AdviceView>, Rejection> {
    let command = Command::EndConsultation { visit };
    let refused = "nobody advises this visitor; GET /v1/consultations lists who is being advised";
    app.in_rooms(&station, key, command, refused).await
}
