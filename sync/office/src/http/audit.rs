//! What staff did at the doors, day by day: for the page, for programs, and as a file (R4).

use super::Shared;
use super::auth::Caller;
use super::figures::{DateAsked, date_of};
use super::problem::Problem;
use crate::store::audit::{AuditView, audit_of};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

/// Spreadsheets take a file for UTF-8 that begins with this.
const MARK: &str = "\u{feff}";

const HEADING: [&str; 9] = [
    "時刻",
    "端末",
    "場所",
    "係員",
    "ユーザー名",
    "操作",
    "会員",
    "詳細",
    "理由",
];

/// What staff did on a date, today if absent: when, who, what, why. Rehearsals stand among it and say so.
#[utoipa::path(get, path = "/v1/audit", tag = "office", params(("date" = Option<String>, Query, example = "2026-11-24")),
    responses((status = 200, body = [AuditView])), security(("token" = [])))]
pub(super) async fn audit(
    State(shared): State<Shared>,
    _: Caller,
    query: DateAsked,
) -> Result<Json<Vec<AuditView>>, Problem> {
    let date = date_of(&shared, query)?;
    Ok(Json(read(&shared, date).await?))
}

/// The same as a file for spreadsheets, without rehearsals.
#[utoipa::path(get, path = "/v1/audit.csv", tag = "office", params(("date" = Option<String>, Query, example = "2026-11-24")),
    responses((status = 200, body = String, content_type = "text/csv")), security(("token" = [])))]
pub(super) async fn audit_file(
    State(shared): State<Shared>,
    _: Caller,
    query: DateAsked,
) -> Result<Response, Problem> {
    let date = date_of(&shared, query)?;
    let rehearsal = shared.rehearsal;
    let all = read(&shared, date).await?;
    let rows = all.iter().filter(|one| one.rehearsal == rehearsal);
    let text = file(rows).map_err(|error| Problem::malformed(error.to_string()))?;
    let name = format!("attachment; filename=\"genkan-audit-{date}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

async fn read(shared: &Shared, date: NaiveDate) -> Result<Vec<AuditView>, Problem> {
    let read = shared
        .store
        .read(move |connection| audit_of(connection, date));
    Ok(read.await?)
}

fn file<'a>(rows: impl Iterator<Item = &'a AuditView>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADING)?;
    for one in rows {
        let why = serde_json::to_value(one.why).unwrap_or_default();
        let text = |id: Option<&str>| id.unwrap_or_default().to_owned();
        writer.write_record([
            one.at.format("%Y-%m-%d %H:%M:%S").to_string(),
            one.kiosk.to_string(),
            one.station.to_string(),
            text(one.staff.as_ref().map(|id| id.as_str())),
            text(one.user.as_deref()),
            one.what.clone(),
            text(one.member.as_ref().map(|id| id.as_str())),
            one.details.join(" "),
            text(why.as_str()),
        ])?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(format!("{MARK}{}", String::from_utf8_lossy(&bytes)))
}
