//! What staff see and do.

use super::super::answer::{Body, Rejection};
use super::super::door::Key;
use super::super::stream::{Changes, Events, Items, events, send};
use super::super::{App, BEHIND};
use super::session::Signed;
use super::station;
use crate::views;
use api::Verdict;
use api::staff::{ActionRequest, FoundMember, StaffView};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::Command;
use tokio::sync::mpsc;

/// Does something, and records who did it and why.
#[utoipa::path(post, path = "/v1/staff/actions", tag = "staff", request_body = ActionRequest, security(("staff" = [])),
    responses((status = 200, description = "Done; or not, with what stands in the way and what to do", body = Verdict),
        (status = "4XX", description = "The call cannot be understood, nobody has signed in, or it is not from our own page", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn act(
    State(app): State<App>,
    signed: Signed,
    key: Key,
    Body(request): Body<ActionRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let ActionRequest { action, why } = request;
    let command = Command::Staff {
        station: station(),
        by: signed.staff.id,
        action,
        why,
    };
    app.tell(&station(), key, command).await
}

/// Finds somebody by membership or reservation number.
#[utoipa::path(get, path = "/v1/staff/members/{number}", tag = "staff", security(("staff" = [])),
    params(("number" = String, Path, description = "A membership number, or a reservation's")),
    responses((status = 200, description = "Who it is", body = FoundMember),
        (status = 401, description = "Nobody has signed in", body = api::Problem),
        (status = 404, description = "Nobody has this number", body = api::Problem)))]
pub(super) async fn find(
    State(app): State<App>,
    _: Signed,
    Path(number): Path<String>,
) -> Result<Json<FoundMember>, Rejection> {
    find_member(&app, &number)
        .map(Json)
        .ok_or_else(unknown_number)
}

pub(super) fn find_member(app: &App, number: &str) -> Option<FoundMember> {
    app.view(|scene| views::found(scene, number))
}

pub(super) fn unknown_number() -> Rejection {
    let detail = "compare the number with the card or the confirmation; the office can look somebody up by name";
    let title = "Nobody has this number";
    Rejection::new(StatusCode::NOT_FOUND, "unknown-number", title, detail)
}

/// The staff page's picture of the moment whenever it changes. It ends with the session, and watching alone does not keep that open.
#[utoipa::path(get, path = "/v1/staff/stream", tag = "staff", security(("staff" = [])),
    responses((status = 200, description = "Server-sent events named `staff`", body = StaffView, content_type = "text/event-stream"),
        (status = 401, description = "Nobody has signed in", body = api::Problem)))]
pub(super) async fn stream(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Events, Rejection> {
    Signed::by_cookie(&headers, &app, false)?;
    let (items, stream) = mpsc::channel(BEHIND);
    tokio::spawn(feed(app, headers, items));
    Ok(events(stream))
}

async fn feed(app: App, headers: HeaderMap, items: Items) {
    let mut changes = Changes::of(&app);
    let mut endings = app.staff.endings();
    let mut goes_on = send(&items, "staff", &app.view(views::staff));
    while goes_on {
        goes_on = tokio::select! {
            () = items.closed() => false,
            _ = endings.changed() => Signed::by_cookie(&headers, &app, false).is_ok(),
            changed = changes.next(&app) => {
                let is_open = Signed::by_cookie(&headers, &app, false).is_ok();
                changed && is_open && send(&items, "staff", &app.view(views::staff))
            }
        };
    }
}
