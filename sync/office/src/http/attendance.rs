//! Attendance, programme by programme (R21).

use super::Shared;
use super::auth::Caller;
use super::problem::Problem;
use crate::store::attendance::{AttendanceView, of_programme};
use crate::store::programme::programme;
use crate::store::reservations::{places_taken, standby_places};
use axum::Json;
use axum::extract::{Path, State};
use domain::ids::{MemberId, ProgrammeId};
use domain::reference::DateTime;
use domain::text::Text;
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A programme's attendance.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProgrammeAttendance {
    /// The programme.
    programme: ProgrammeId,
    /// Its title.
    title: Text,
    /// When it begins, as it stands now.
    starts: DateTime,
    /// When it ends.
    ends: DateTime,
    /// Whether it was called off.
    cancelled: bool,
    /// Its places.
    capacity: u32,
    /// Places reserved.
    reserved: u64,
    /// People on the standby list.
    standby: u64,
    /// People who came, each once, rehearsals left out.
    attended: usize,
    /// From coming in to leaving, by when they came in.
    attendance: Vec<AttendanceView>,
}

/// Who took part in a programme: by scan at the doors, with the marks for coming late and leaving early.
#[utoipa::path(get, path = "/v1/programmes/{id}/attendance", tag = "office", params(("id" = String, Path)),
    responses((status = 200, body = ProgrammeAttendance), (status = 404, body = Problem)), security(("token" = [])))]
pub(super) async fn attendance(
    State(shared): State<Shared>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<ProgrammeAttendance>, Problem> {
    let id = ProgrammeId::from(id);
    let read = shared.store.read(move |connection| {
        let unknown =
            || Problem::not_found("No programme has this id; it is the id of the import's file.");
        let known = programme(connection, &id)?.ok_or_else(unknown)?;
        let attendance = of_programme(connection, &id)?;
        let real = attendance.iter().filter(|one| !one.rehearsal);
        let people: BTreeSet<&MemberId> = real.map(|one| &one.member_no).collect();
        Ok::<_, Problem>(ProgrammeAttendance {
            attended: people.len(),
            reserved: places_taken(connection, &id)?,
            standby: standby_places(connection, &id)?,
            programme: id,
            title: known.title,
            starts: known.starts,
            ends: known.ends,
            cancelled: known.cancelled,
            capacity: known.capacity,
            attendance,
        })
    });
    Ok(Json(read.await?))
}
