//! Who took part in which programme, derived from records alone (R21).

use super::columns::{moment, read_moment};
use super::visits::Source;
use super::{StoreError, Writing};
use chrono::NaiveDate;
use domain::attendance::{AttendanceEnded, AttendanceStarted};
use domain::ids::{KioskId, MemberId, ProgrammeId, ReservationId, VisitId};
use domain::reference::DateTime;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One person's part in a programme, from coming in to leaving. Whoever went out and came back stands here twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttendanceView {
    /// The visit.
    pub visit: VisitId,
    /// Its kiosk.
    pub kiosk: KioskId,
    /// Whether it was rehearsed: then it counts in no figure.
    pub rehearsal: bool,
    /// Whose.
    pub member_no: MemberId,
    /// The reservation it fulfilled.
    pub reservation: ReservationId,
    /// When they came in.
    pub started_at: DateTime,
    /// Whether that was after the start.
    pub late: bool,
    /// Whether they had stood on the standby list.
    pub standby: bool,
    /// Whether nobody scanned: they were inside already when it was time.
    pub start_inferred: bool,
    /// When they left; none while it goes on.
    pub ended_at: Option<DateTime>,
    /// Whether that was before the end.
    pub early: bool,
    /// Whether nobody scanned: the programme was over.
    pub end_inferred: bool,
}

impl Writing<'_> {
    /// Somebody takes part from now on. The visit's seat, if it had one, is free.
    pub(super) fn derive_attendance(
        &self,
        source: &Source<'_>,
        started: &AttendanceStarted,
    ) -> Result<(), StoreError> {
        let (kiosk, rehearsal, visit) = (source.kiosk.as_str(), source.rehearsal, &started.visit);
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO attendance (kiosk, rehearsal, visit, programme, reservation, started_at, late, standby, start_inferred)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                kiosk,
                rehearsal,
                visit.as_str(),
                started.programme.as_str(),
                started.reservation.as_str(),
                moment(started.started_at),
                started.late,
                started.standby,
                started.inferred
            ])?;
        self.tx
            .prepare_cached(
                "UPDATE visit SET zone = NULL, until = ?4, overdue_since = NULL WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3",
            )?
            .execute(params![kiosk, rehearsal, visit.as_str(), moment(started.ends)])?;
        Ok(())
    }

    /// Somebody takes part no more.
    pub(super) fn derive_attendance_end(
        &self,
        source: &Source<'_>,
        ended: &AttendanceEnded,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE attendance SET ended_at = ?5, early = ?6, end_inferred = ?7
                 WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3 AND programme = ?4 AND ended_at IS NULL",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                ended.visit.as_str(),
                ended.programme.as_str(),
                moment(ended.ended_at),
                ended.early,
                ended.inferred
            ])?;
        Ok(())
    }
}

/// Everybody's part in a programme, real before rehearsed, by when they came in.
///
/// # Errors
/// The database fails.
pub fn of_programme(
    connection: &Connection,
    programme: &ProgrammeId,
) -> Result<Vec<AttendanceView>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT visit, kiosk, rehearsal, member, attendance.reservation, attendance.started_at, late, standby, start_inferred,
             attendance.ended_at, early, end_inferred
         FROM attendance JOIN visit USING (kiosk, rehearsal, visit)
         WHERE attendance.programme = ?1 ORDER BY rehearsal, attendance.started_at, kiosk, visit",
    )?;
    let mut rows = statement.query([programme.as_str()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(view(row)?);
    }
    Ok(found)
}

fn view(row: &Row<'_>) -> Result<AttendanceView, StoreError> {
    let text = |index: usize| row.get::<_, String>(index);
    let ended_at: Option<String> = row.get(9)?;
    Ok(AttendanceView {
        visit: text(0)?.into(),
        kiosk: text(1)?.into(),
        rehearsal: row.get(2)?,
        member_no: text(3)?.into(),
        reservation: text(4)?.into(),
        started_at: read_moment(&text(5)?)?,
        late: row.get(6)?,
        standby: row.get(7)?,
        start_inferred: row.get(8)?,
        ended_at: ended_at.as_deref().map(read_moment).transpose()?,
        early: row.get(10)?,
        end_inferred: row.get(11)?,
    })
}

/// What visits of a date went on to after what they began with: uses 利用 of their own, in order.
///
/// # Errors
/// The database fails.
pub fn moved_on(
    connection: &Connection,
    date: NaiveDate,
) -> Result<BTreeMap<(KioskId, VisitId), Vec<ProgrammeId>>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT kiosk, visit, attendance.programme FROM attendance JOIN visit USING (kiosk, rehearsal, visit)
         WHERE visit.date = ?1 AND attendance.programme IS NOT visit.programme
         GROUP BY kiosk, rehearsal, visit, attendance.programme ORDER BY min(attendance.started_at)",
    )?;
    let mut rows = statement.query([date.to_string()])?;
    let mut found: BTreeMap<_, Vec<ProgrammeId>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let text = |index: usize| row.get::<_, String>(index);
        let visit = (text(0)?.into(), text(1)?.into());
        found.entry(visit).or_default().push(text(2)?.into());
    }
    Ok(found)
}
