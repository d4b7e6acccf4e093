//! What a kiosk fetches, with its own token (design section 7).

use super::Shared;
use super::auth::KioskCaller;
use super::problem::Problem;
use crate::store::collections::Published;
use crate::store::{collections, records};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use link::collections::CollectionName;
use link::message::{TodayRecords, encode};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct CollectionPath {
    name: String,
}

#[derive(Deserialize)]
pub(super) struct Since {
    since: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Place {
    rehearsal: Option<bool>,
}

/// A collection as its canonical bytes, or with `since` what has changed since that version where that can be said. Its name, version
/// and form stand in the document itself.
#[utoipa::path(get, path = "/v1/kiosks/{kiosk}/collections/{name}", tag = "kiosk",
    params(("kiosk" = String, Path), ("name" = String, Path), ("since" = Option<u64>, Query), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, body = serde_json::Value, content_type = "application/json", headers(("ETag" = String))), (status = 304), (status = 404, body = Problem)),
    security(("token" = [])))]
pub(super) async fn collection(
    State(shared): State<Shared>,
    _: KioskCaller,
    Path(CollectionPath { name }): Path<CollectionPath>,
    query: Result<Query<Since>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let name: CollectionName =
        name.parse()
            .map_err(|error: link::collections::NotACollection| {
                Problem::not_found(error.to_string())
            })?;
    let Query(Since { since }) =
        query.map_err(|_| Problem::malformed("Write the version as in ?since=12."))?;
    let Some((published, delta)) = find(&shared, name, since).await? else {
        return Err(Problem::not_found(
            "Nothing was ever put into this collection; the kiosk goes on with what is shipped.",
        ));
    };
    let etag = published.entry.etag();
    let is_known = knows(&headers, &etag);
    let described = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, described).into_response());
    }
    let bytes = delta.unwrap_or_else(|| published.bytes.to_vec());
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((described, kind, bytes).into_response())
}

/// The collection, and what has changed in it since that version where that can be said.
async fn find(
    shared: &Shared,
    name: CollectionName,
    since: Option<u64>,
) -> Result<Option<(Published, Option<Vec<u8>>)>, Problem> {
    let shelf = shared.shelf.clone();
    let found = shared.store.read(move |connection| {
        let Some(published) = shelf.get(connection, name)? else {
            return Ok::<_, Problem>(None);
        };
        let delta = since
            .map(|since| collections::delta(connection, name, since))
            .transpose()?
            .flatten();
        Ok(Some((published, delta)))
    });
    found.await
}

/// Whether the caller has this version already.
fn knows(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// What is held of this kiosk from its latest `day.opened` on: a replaced kiosk so learns who is inside.
#[utoipa::path(get, path = "/v1/kiosks/{kiosk}/today", tag = "kiosk",
    params(("kiosk" = String, Path), ("rehearsal" = Option<bool>, Query, description = "Of its rehearsal; as configured if absent")),
    responses((status = 200, body = TodayRecords)), security(("token" = [])))]
pub(super) async fn today(
    State(shared): State<Shared>,
    caller: KioskCaller,
    query: Result<Query<Place>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Place { rehearsal }) =
        query.map_err(|_| Problem::malformed("Write ?rehearsal=true or false."))?;
    let rehearsal = caller.rehearsal || rehearsal.unwrap_or(false);
    let kiosk = caller.kiosk;
    let held = shared
        .store
        .read(move |connection| {
            records::today(connection, &kiosk, rehearsal).map_err(Problem::from)
        })
        .await?;
    let bytes = encode(&held).map_err(|error| {
        tracing::error!(%error, "today's records cannot be written");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong at the office",
            "Look at the office's log.",
        )
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}
