//! The live page: signing in, the page itself, and what changes on it.

use super::Shared;
use super::auth::{cookie, is_same_origin, session};
use super::problem::Problem;
use super::sessions::COOKIE;
use super::snapshot::snapshot;
use crate::secret::is_password;
use crate::store::users::password_hash;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Redirect, Response};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::Semaphore;

const PAGE: &str = include_str!("../page/office.html");
const SIGN_IN: &str = include_str!("../page/sign-in.html");
const STYLE: &str = include_str!("../page/office.css");
const SCRIPT: &str = include_str!("../page/office.js");
const AUDIT: &str = include_str!("../page/audit.js");
const MARK: &str = include_str!("../page/mark.svg");
/// The typeface of the signage page: names need every character, and not every office machine has it.
const REGULAR: &[u8] =
    include_bytes!("../../../../kiosk/service/assets/fonts/BIZUDPGothic-Regular.woff2");
const BOLD: &[u8] =
    include_bytes!("../../../../kiosk/service/assets/fonts/BIZUDPGothic-Bold.woff2");

/// Changes within so short a time are drawn as one.
const DRAW_AT_MOST_EVERY: Duration = Duration::from_millis(200);
/// Without a change the page is told the time so often.
const TELL_EVERY: Duration = Duration::from_secs(20);
/// Checking a password takes 19 MiB and tens of milliseconds; so many at once.
static PASSWORD_CHECKS: Semaphore = Semaphore::const_new(2);

pub(super) async fn page(State(shared): State<Shared>, headers: HeaderMap) -> Html<String> {
    match session(&headers, &shared) {
        Some(_) => Html(PAGE.to_owned()),
        None => Html(sign_in_page("")),
    }
}

fn sign_in_page(message: &str) -> String {
    let shown = if message.is_empty() {
        String::new()
    } else {
        format!("<p class=\"fault\" role=\"alert\">{message}</p>")
    };
    SIGN_IN.replace("<!--message-->", &shown)
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    user: String,
    password: String,
}

pub(super) async fn sign_in(
    State(shared): State<Shared>,
    headers: HeaderMap,
    form: Form<Credentials>,
) -> Result<Response, Problem> {
    if !is_same_origin(&headers) {
        let detail = "Sign in from the office's own page.";
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "foreign-page",
            "Not from our own page",
            detail,
        ));
    }
    let Form(Credentials { user, password }) = form;
    // Held until a failure is noted, and the pause is looked at behind it: else all that wait here would be let through together.
    let _turn = PASSWORD_CHECKS.acquire().await;
    let now = shared.uptime();
    if let Some(left) = shared.sessions.pause_left(&user, now) {
        return Ok(paused(left));
    }
    if !is_right(&shared, &user, password).await? {
        shared.sessions.note_failure(&user, now);
        tracing::warn!("a sign-in failed");
        let message = "ID またはパスワードが違います。もう一度入力してください。";
        return Ok((StatusCode::UNAUTHORIZED, Html(sign_in_page(message))).into_response());
    }
    shared.sessions.forget_failures(&user);
    let id = shared
        .sessions
        .open(&user, now)
        .map_err(crate::store::StoreError::from)?;
    tracing::info!(user, "signed in");
    let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

fn paused(left: Duration) -> Response {
    let seconds = left.as_secs() + 1;
    let message = format!("続けて失敗したため、少しお待ちください（あと{seconds}秒）。");
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, seconds.to_string())],
        Html(sign_in_page(&message)),
    )
        .into_response()
}

async fn is_right(shared: &Shared, user: &str, password: String) -> Result<bool, Problem> {
    let name = user.to_owned();
    let hash = shared
        .store
        .read(move |connection| password_hash(connection, &name))
        .await?;
    // Where there is no such user a password nobody knows is compared, so that the answer takes as long.
    let (hash, is_known) = hash.map_or_else(|| (shared.nobody.clone(), false), |hash| (hash, true));
    let check = tokio::task::spawn_blocking(move || is_password(&hash, &password) && is_known);
    Ok(check.await.unwrap_or(false))
}

pub(super) async fn sign_out(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if is_same_origin(&headers)
        && let Some(id) = cookie(&headers)
    {
        shared.sessions.close(id);
    }
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    ([(header::SET_COOKIE, gone)], Redirect::to("/")).into_response()
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let (kind, kept, bytes) = match name.as_str() {
        "office.css" => ("text/css; charset=utf-8", "no-cache", STYLE.as_bytes()),
        "office.js" => (
            "text/javascript; charset=utf-8",
            "no-cache",
            SCRIPT.as_bytes(),
        ),
        "audit.js" => (
            "text/javascript; charset=utf-8",
            "no-cache",
            AUDIT.as_bytes(),
        ),
        "mark.svg" => ("image/svg+xml", "no-cache", MARK.as_bytes()),
        "regular.woff2" => ("font/woff2", "public, max-age=604800", REGULAR),
        "bold.woff2" => ("font/woff2", "public, max-age=604800", BOLD),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)],
        bytes,
    )
        .into_response()
}

/// The picture of the moment on connect, then a new one after each change; it ends with the session.
pub(super) async fn live(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    session(&headers, &shared).ok_or_else(Problem::unauthorised)?;
    let ending = shared.ending.clone();
    let state = (shared.clone(), headers, shared.store.changes(), true);
    let pictures = futures_util::stream::unfold(
        state,
        |(shared, headers, mut changes, is_first)| async move {
            if !is_first {
                let change = async {
                    if changes.changed().await.is_err() {
                        std::future::pending::<()>().await;
                    }
                };
                // Either way the page is drawn again.
                let _ = tokio::time::timeout(TELL_EVERY, change).await;
                tokio::time::sleep(DRAW_AT_MOST_EVERY).await;
            }
            changes.mark_unchanged();
            session(&headers, &shared)?;
            let drawn = shared.clone();
            let picture = shared
                .store
                .read(move |connection| snapshot(connection, &drawn))
                .await;
            let event = match picture.map_err(Problem::from).and_then(|picture| {
                Event::default()
                    .event("snapshot")
                    .json_data(picture)
                    .map_err(|error| Problem::malformed(error.to_string()))
            }) {
                Ok(event) => event,
                Err(_) => Event::default().comment("no picture now"),
            };
            Some((Ok(event), (shared, headers, changes, false)))
        },
    );
    Ok(Sse::new(pictures.take_until(ending.cancelled_owned())).keep_alive(KeepAlive::default()))
}
