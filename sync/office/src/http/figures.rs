//! Visits, kiosks, quarantine; collections that are one document; files.

use super::Shared;
use super::auth::Caller;
use super::once::read_json;
use super::problem::Problem;
use crate::import::{self, Kind, Options, Report};
use crate::store::attention::WaitingList;
use crate::store::consultations::{ConsultationView, consultations_on};
use crate::store::emergencies::{EmergencyRecord, emergencies};
use crate::store::figures::{self, IncidentView, KioskStanding, QuarantineView, VisitView};
use crate::store::loans::{LoanView, loans_on};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use link::collections::{Body, CollectionName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const LISTED: u32 = 500;

#[derive(Deserialize)]
pub(super) struct OnDate {
    date: Option<NaiveDate>,
}

/// The date a call asks for, as far as it can be read.
pub(super) type DateAsked = Result<Query<OnDate>, axum::extract::rejection::QueryRejection>;

/// Visits of a date, today if absent, by their start. Those with `rehearsal` count in no figure.
#[utoipa::path(get, path = "/v1/visits", tag = "office", params(("date" = Option<String>, Query, example = "2026-11-24")),
    responses((status = 200, body = [VisitView])), security(("token" = [])))]
pub(super) async fn visits(
    State(shared): State<Shared>,
    _: Caller,
    query: DateAsked,
) -> Result<Json<Vec<VisitView>>, Problem> {
    let date = date_of(&shared, query)?;
    Ok(Json(
        shared
            .store
            .read(move |connection| figures::visits_on(connection, date))
            .await?,
    ))
}

/// Consultations of a date, today if absent, by their start: with whom, by whom, how long (R19).
#[utoipa::path(get, path = "/v1/consultations", tag = "office", params(("date" = Option<String>, Query, example = "2026-11-24")),
    responses((status = 200, body = [ConsultationView])), security(("token" = [])))]
pub(super) async fn consultations(
    State(shared): State<Shared>,
    _: Caller,
    query: DateAsked,
) -> Result<Json<Vec<ConsultationView>>, Problem> {
    let date = date_of(&shared, query)?;
    let read = move |connection: &_| consultations_on(connection, date);
    Ok(Json(shared.store.read(read).await?))
}

/// What was lent on a date, today if absent, by when: to whom, until when, and in which condition it came back (R13).
#[utoipa::path(get, path = "/v1/loans", tag = "office", params(("date" = Option<String>, Query, example = "2026-11-24")),
    responses((status = 200, body = [LoanView])), security(("token" = [])))]
pub(super) async fn loans(
    State(shared): State<Shared>,
    _: Caller,
    query: DateAsked,
) -> Result<Json<Vec<LoanView>>, Problem> {
    let date = date_of(&shared, query)?;
    let read = move |connection: &_| loans_on(connection, date);
    Ok(Json(shared.store.read(read).await?))
}

/// The latest emergencies and drills, newest first: kind, when, by whom, how many were counted (R24).
#[utoipa::path(get, path = "/v1/incidents", tag = "office", responses((status = 200, body = [EmergencyRecord])), security(("token" = [])))]
pub(super) async fn incidents(
    State(shared): State<Shared>,
    _: Caller,
) -> Result<Json<Vec<EmergencyRecord>>, Problem> {
    let read = |connection: &_| emergencies(connection, LISTED);
    Ok(Json(shared.store.read(read).await?))
}

/// The date asked for, today if absent.
pub(super) fn date_of(shared: &Shared, query: DateAsked) -> Result<NaiveDate, Problem> {
    let Query(OnDate { date }) =
        query.map_err(|_| Problem::malformed("Write the date as in ?date=2026-11-24."))?;
    Ok(date.unwrap_or_else(|| shared.store.clock().today()))
}

/// How each kiosk stands: connected, how far synced.
#[utoipa::path(get, path = "/v1/kiosks", tag = "office", responses((status = 200, body = [KioskStanding])), security(("token" = [])))]
pub(super) async fn kiosks(
    State(shared): State<Shared>,
    _: Caller,
) -> Result<Json<Vec<KioskStanding>>, Problem> {
    Ok(Json(shared.store.read(figures::kiosks).await?))
}

/// What waits for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waiting {
    /// What could not be taken: what waits, then what was put away, newest first.
    quarantine: Vec<QuarantineView>,
    /// What was noticed about the journals, in the same order.
    incidents: Vec<IncidentView>,
}

/// What could not be taken, and what was noticed about the kiosks' journals. What the records say is not shown.
#[utoipa::path(get, path = "/v1/quarantine", tag = "office", responses((status = 200, body = Waiting)), security(("token" = [])))]
pub(super) async fn quarantine(
    State(shared): State<Shared>,
    _: Caller,
) -> Result<Json<Waiting>, Problem> {
    let waiting = shared.store.read(|connection| {
        let quarantine = figures::quarantine(connection, LISTED)?;
        Ok::<_, Problem>(Waiting {
            quarantine,
            incidents: figures::incidents(connection, LISTED)?,
        })
    });
    Ok(Json(waiting.await?))
}

#[derive(Deserialize)]
pub(super) struct WaitingPath {
    list: String,
    id: u64,
}

/// Puts something away that a person has looked at: it is listed still, with when and who, and raises no alarm. Doing it again changes
/// nothing.
#[utoipa::path(post, path = "/v1/waiting/{list}/{id}/put-away", tag = "office",
    params(("list" = String, Path, description = "quarantine or incidents"), ("id" = u64, Path)),
    responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub(super) async fn put_away(
    State(shared): State<Shared>,
    caller: Caller,
    path: Result<Path<WaitingPath>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, Problem> {
    let unknown = || Problem::not_found("GET /v1/quarantine lists what there is.");
    let Path(WaitingPath { list: name, id }) = path.map_err(|_| unknown())?;
    let list = match name.as_str() {
        "quarantine" => WaitingList::Quarantine,
        "incidents" => WaitingList::Incidents,
        _ => return Err(unknown()),
    };
    tracing::info!(who = caller.who, list = name, id, "puts away");
    let found = shared
        .store
        .write(move |writing| writing.put_away(list, id, &caller.who))
        .await?;
    if found {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown())
    }
}

/// A collection's new version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SetDocument {
    /// Its name.
    name: CollectionName,
    /// The version the kiosks will fetch; the same as before if nothing changed.
    version: u64,
}

/// Sets the calendar, the floor, the settings, the signage, the notices, the advisers or the equipment as a whole.
#[utoipa::path(put, path = "/v1/collections/{name}", tag = "office",
    params(("name" = String, Path, description = "calendar, floor, settings, signage, notices, advisers or equipment")),
    request_body(content = serde_json::Value, description = "The document, as domain has it"),
    responses((status = 200, body = SetDocument), (status = 422, body = Problem)), security(("token" = [])))]
pub(super) async fn set_document(
    State(shared): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Json<SetDocument>, Problem> {
    let unknown = || {
        Problem::not_found(
            "There are calendar, floor, settings, signage, notices, advisers and equipment.",
        )
    };
    let name: CollectionName = name.parse().map_err(|_| unknown())?;
    let document = match name {
        CollectionName::Calendar => Body::Calendar(read_json(&bytes)?),
        CollectionName::Floor => Body::Floor(read_json(&bytes)?),
        CollectionName::Settings => Body::Settings(read_json(&bytes)?),
        CollectionName::Signage => Body::Signage(read_json(&bytes)?),
        CollectionName::Notices => Body::Notices(read_json(&bytes)?),
        CollectionName::Advisers => Body::Advisers(read_json(&bytes)?),
        CollectionName::Equipment => Body::Equipment(read_json(&bytes)?),
        CollectionName::Members
        | CollectionName::Passes
        | CollectionName::Reservations
        | CollectionName::Programme
        | CollectionName::Staff => {
            return Err(Problem::not_found(
                "This collection has calls and imports of its own; as a whole there are calendar, floor, settings, signage, notices, advisers and equipment.",
            ));
        }
    };
    tracing::info!(who = caller.who, %name, "sets a collection");
    let version = shared.store.write(move |writing| {
        writing.set_document(&document)?;
        crate::store::collections::version(&writing.tx, name).map_err(Problem::from)
    });
    Ok(Json(SetDocument {
        name,
        version: version.await?,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportQuery {
    #[serde(default)]
    complete: bool,
    #[serde(default)]
    dry_run: bool,
}

/// Takes in a CSV file: all of it or, with any fault, nothing.
#[utoipa::path(post, path = "/v1/imports/{kind}", tag = "office",
    params(("kind" = Kind, Path), ("complete" = Option<bool>, Query, description = "The file names all there are"),
        ("dry_run" = Option<bool>, Query, description = "Only say what would be done")),
    request_body(content = String, content_type = "text/csv", description = "UTF-8 or CP932"),
    responses((status = 200, body = Report), (status = 422, body = Report, description = "Nothing was taken in")), security(("token" = [])))]
pub(super) async fn take_file(
    State(shared): State<Shared>,
    caller: Caller,
    kind: Result<Path<Kind>, axum::extract::rejection::PathRejection>,
    query: Result<Query<ImportQuery>, axum::extract::rejection::QueryRejection>,
    file: Bytes,
) -> Result<(StatusCode, Json<Report>), Problem> {
    let Path(kind) = kind.map_err(|_| {
        Problem::not_found("There are imports of members, reservations and programme.")
    })?;
    let Query(ImportQuery { complete, dry_run }) =
        query.map_err(|_| Problem::malformed("There are ?complete=true and ?dry_run=true."))?;
    let options = Options { complete, dry_run };
    let report = shared
        .store
        .write(move |writing| import::import(writing, kind, &file, options).map_err(Problem::from))
        .await?;
    let faults = report.faults.len();
    tracing::info!(
        who = caller.who,
        ?kind,
        added = report.added,
        changed = report.changed,
        ended = report.ended,
        applied = report.applied,
        faults,
        "import"
    );
    let status = if faults == 0 {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, Json(report)))
}
