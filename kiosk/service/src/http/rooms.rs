//! The calls that only look.

use super::App;
use super::answer::{Asked, Rejection};
use super::station::Caller;
use crate::views;
use api::screen::FloorView;
use api::signage::Signage;
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use domain::calendar::{CalendarDay, calendar_days};
use serde::Deserialize;
use utoipa::IntoParams;

/// The longest span of `GET /v1/calendar`.
const LONGEST_SPAN_DAYS: i64 = 400;

/// A span of days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    /// The first day, `2026-11-24`.
    from: NaiveDate,
    /// The last day; at most 400 days after the first.
    to: NaiveDate,
}

/// Opening hours day by day.
#[utoipa::path(get, path = "/v1/calendar", tag = "centre", params(Span), security(("station" = [])),
    responses((status = 200, description = "A day an item; `open` is null when closed", body = Vec<CalendarDay>),
        (status = "4XX", description = "The span cannot be understood or is too long", body = api::Problem)))]
pub(super) async fn calendar(
    State(app): State<App>,
    _: Caller,
    Asked(span): Asked<Span>,
) -> Result<Json<Vec<CalendarDay>>, Rejection> {
    if span.to < span.from {
        return Err(Rejection::invalid(
            "\"to\" is before \"from\"; give the earlier day as \"from\"",
        ));
    }
    if (span.to - span.from).num_days() > LONGEST_SPAN_DAYS {
        return Err(Rejection::invalid("ask for 400 days at the most"));
    }
    let state = app.desk.published().borrow().clone();
    Ok(Json(calendar_days(
        &state.reference.calendar,
        span.from,
        span.to,
    )))
}

/// Zones and seats, their state and until when.
#[utoipa::path(get, path = "/v1/floor", tag = "centre", security(("station" = [])),
    responses((status = 200, description = "The floor", body = FloorView),
        (status = 401, description = "No token of a station", body = api::Problem)))]
pub(super) async fn floor(State(app): State<App>, Caller(station): Caller) -> Json<FloorView> {
    Json(app.view(|scene| views::floor(scene, Some(&station))))
}

/// What the 50-inch display shows: nothing personal.
#[utoipa::path(get, path = "/v1/signage", tag = "signage",
    responses((status = 200, description = "The view model", body = Signage)))]
pub(super) async fn signage(State(app): State<App>) -> Json<Signage> {
    Json(app.view(views::signage))
}
