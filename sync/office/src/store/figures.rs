//! What the office shows: visits, who is inside, how far each kiosk is synced, what waits for a person.

use super::columns::{from_word, moment, read_json, read_moment};
use super::{StoreError, count};
use chrono::NaiveDate;
use domain::event::EndedBy;
use domain::ids::{
    CompanyId, KioskId, MemberId, ProgrammeId, ReservationId, SeatId, VisitId, ZoneId,
};
use domain::reference::{Category, DateTime};
use rusqlite::{Connection, Row, ToSql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A visit, as its kiosk reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitView {
    /// Its id, of its kiosk's making.
    pub visit: VisitId,
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether it was rehearsed: then it counts in no figure.
    pub rehearsal: bool,
    /// Whose.
    pub member_no: MemberId,
    /// The member's category then.
    pub category: Category,
    /// The member's company then.
    pub company: Option<CompanyId>,
    /// `coworking`, `programme` or `consultation`.
    pub activity: String,
    /// The programme, where it was for one.
    pub programme: Option<ProgrammeId>,
    /// The reservation it fulfilled.
    pub reservation: Option<ReservationId>,
    /// Whether it was the courtesy visit after the membership ran out.
    pub courtesy: bool,
    /// The seat held last.
    pub seat: Option<SeatId>,
    /// All seats in order.
    pub seats: Vec<SeatId>,
    /// The zone of the last seat.
    pub zone: Option<ZoneId>,
    /// When it began.
    pub started_at: DateTime,
    /// Until when it is, or was, promised.
    pub until: DateTime,
    /// Whether the promised end and the grace are past.
    pub overdue: bool,
    /// Since when the visitor has been outside for a while; none while they are not.
    pub out_since: Option<DateTime>,
    /// Whether they should have been back, the grace included.
    pub not_back: bool,
    /// When it ended; none while inside.
    pub ended_at: Option<DateTime>,
    /// By whom or what.
    pub ended_by: Option<EndedBy>,
    /// Whether the end was concluded and not measured.
    pub inferred: bool,
}

/// How a kiosk stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KioskStanding {
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether this is its rehearsal.
    pub rehearsal: bool,
    /// Whether it is connected.
    pub online: bool,
    /// Its program's version, as far as it said.
    pub version: String,
    /// When it was last heard of.
    pub last_seen: Option<DateTime>,
    /// The run it is in.
    pub head_run: Option<String>,
    /// The last record of that run, as the kiosk said.
    pub head_seq: u64,
    /// The run of the last record held here.
    pub through_run: Option<String>,
    /// The last record held here.
    pub through_seq: u64,
    /// Whether everything the kiosk spoke of is held.
    pub complete: bool,
    /// Up to when the figures of this kiosk are complete.
    pub complete_through: Option<DateTime>,
}

/// Something in quarantine. Its text stays in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuarantineView {
    /// Its number here.
    pub id: u64,
    /// Whose topic it came on.
    pub kiosk: KioskId,
    /// Whether it is a rehearsal's.
    pub rehearsal: bool,
    /// The run, where it has one.
    pub run: Option<String>,
    /// The record's number, where it has one.
    pub seq: Option<u64>,
    /// Why: `other_hash`, `broken_chain`, `unreadable`, `not_a_message`.
    pub reason: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it came.
    pub received_at: DateTime,
    /// When a person put it away; none while it waits.
    pub put_away_at: Option<DateTime>,
    /// Who did: `token` or a user's name.
    pub put_away_by: Option<String>,
}

/// Something a person has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentView {
    /// Its number here.
    pub id: u64,
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether it is a rehearsal's.
    pub rehearsal: bool,
    /// `tail_lost`, `cloned_card`, `history_differs`, `new_journal`, `records_missing`.
    pub kind: String,
    /// Runs and numbers.
    pub detail: String,
    /// When it was noticed.
    pub noticed_at: DateTime,
    /// When a person put it away; none while it waits.
    pub put_away_at: Option<DateTime>,
    /// Who did: `token` or a user's name.
    pub put_away_by: Option<String>,
}

const SELECT_VISIT: &str = "SELECT visit, kiosk, rehearsal, member, category, company, activity, programme, reservation, courtesy, seats,
    zone, started_at, until, overdue_since, ended_at, ended_by, inferred, out_since, not_back_since FROM visit";

/// Visits of a date, real and rehearsed, by their start.
///
/// # Errors
/// The database fails.
pub fn visits_on(connection: &Connection, date: NaiveDate) -> Result<Vec<VisitView>, StoreError> {
    visits(connection, "date = ?1", &[&date.to_string()])
}

/// Visits that have not ended, on whatever date they began, by their start.
///
/// # Errors
/// The database fails.
pub fn inside(connection: &Connection, rehearsal: bool) -> Result<Vec<VisitView>, StoreError> {
    visits(
        connection,
        "rehearsal = ?1 AND ended_at IS NULL",
        &[&rehearsal],
    )
}

fn visits(
    connection: &Connection,
    condition: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<VisitView>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT_VISIT} WHERE {condition} ORDER BY started_at, kiosk, visit"
    ))?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(visit(row)?);
    }
    Ok(found)
}

fn visit(row: &Row<'_>) -> Result<VisitView, StoreError> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let seats: Vec<SeatId> = read_json("seats of a visit", &row.get::<_, String>(10)?)?;
    Ok(VisitView {
        visit: row.get::<_, String>(0)?.into(),
        kiosk: row.get::<_, String>(1)?.into(),
        rehearsal: row.get(2)?,
        member_no: row.get::<_, String>(3)?.into(),
        category: from_word("category", row.get(4)?)?,
        company: text(5)?.map(CompanyId::from),
        activity: row.get(6)?,
        programme: text(7)?.map(ProgrammeId::from),
        reservation: text(8)?.map(ReservationId::from),
        courtesy: row.get(9)?,
        seat: seats.last().cloned(),
        seats,
        zone: text(11)?.map(ZoneId::from),
        started_at: read_moment(&row.get::<_, String>(12)?)?,
        until: read_moment(&row.get::<_, String>(13)?)?,
        overdue: text(14)?.is_some(),
        ended_at: text(15)?.as_deref().map(read_moment).transpose()?,
        ended_by: text(16)?
            .map(|word| from_word("end of a visit", word))
            .transpose()?,
        inferred: row.get(17)?,
        out_since: text(18)?.as_deref().map(read_moment).transpose()?,
        not_back: text(19)?.is_some(),
    })
}

/// How each kiosk stands, real before rehearsed.
///
/// # Errors
/// The database fails.
pub fn kiosks(connection: &Connection) -> Result<Vec<KioskStanding>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT kiosk, rehearsal, online, version, last_seen, head_run, head_seq, through_run, through_seq, through_at
         FROM kiosk ORDER BY rehearsal, kiosk",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (head_run, through_run): (Option<String>, Option<String>) = (row.get(5)?, row.get(7)?);
        let (head_seq, through_seq) = (count(row.get(6)?), count(row.get(8)?));
        let time = |text: Option<String>| text.as_deref().map(read_moment).transpose();
        found.push(KioskStanding {
            kiosk: row.get::<_, String>(0)?.into(),
            rehearsal: row.get(1)?,
            online: row.get(2)?,
            version: row.get(3)?,
            last_seen: time(row.get(4)?)?,
            complete: head_run.is_some() && head_run == through_run && through_seq >= head_seq,
            complete_through: time(row.get(9)?)?,
            head_run,
            head_seq,
            through_run,
            through_seq,
        });
    }
    Ok(found)
}

/// What is in quarantine: what waits, then what was put away, each newest first.
///
/// # Errors
/// The database fails.
pub fn quarantine(
    connection: &Connection,
    at_most: u32,
) -> Result<Vec<QuarantineView>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kiosk, rehearsal, run, seq, reason, length(payload), received_at, put_away_at, put_away_by FROM quarantine
         ORDER BY put_away_at IS NOT NULL, id DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([at_most])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(QuarantineView {
            id: count(row.get(0)?),
            kiosk: row.get::<_, String>(1)?.into(),
            rehearsal: row.get(2)?,
            run: Some(row.get::<_, String>(3)?).filter(|run| !run.is_empty()),
            seq: Some(count(row.get(4)?)).filter(|seq| *seq > 0),
            reason: row.get(5)?,
            size: count(row.get(6)?),
            received_at: read_moment(&row.get::<_, String>(7)?)?,
            put_away_at: optional_moment(row.get(8)?)?,
            put_away_by: row.get(9)?,
        });
    }
    Ok(found)
}

/// Incidents: those that wait, then those that were put away, each newest first.
///
/// # Errors
/// The database fails.
pub fn incidents(connection: &Connection, at_most: u32) -> Result<Vec<IncidentView>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kiosk, rehearsal, kind, detail, noticed_at, put_away_at, put_away_by FROM incident
         ORDER BY put_away_at IS NOT NULL, id DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([at_most])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(IncidentView {
            id: count(row.get(0)?),
            kiosk: row.get::<_, String>(1)?.into(),
            rehearsal: row.get(2)?,
            kind: row.get(3)?,
            detail: row.get(4)?,
            noticed_at: read_moment(&row.get::<_, String>(5)?)?,
            put_away_at: optional_moment(row.get(6)?)?,
            put_away_by: row.get(7)?,
        });
    }
    Ok(found)
}

fn optional_moment(text: Option<String>) -> Result<Option<DateTime>, StoreError> {
    text.as_deref().map(read_moment).transpose()
}

/// How much waits for a person, for pages and monitoring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Things in quarantine that nobody has put away.
    pub quarantine: u64,
    /// Incidents that nobody has put away.
    pub incidents: u64,
    /// Reservations still to come that fit nowhere, as the doors last said.
    pub unplaced: u64,
}

/// Counts one place, real or rehearsed, as of `now`.
///
/// # Errors
/// The database fails.
pub fn counts(
    connection: &Connection,
    rehearsal: bool,
    now: DateTime,
) -> Result<Counts, StoreError> {
    let one = |sql: &str, values: &[&dyn ToSql]| -> Result<u64, StoreError> {
        let mut statement = connection.prepare_cached(sql)?;
        Ok(count(statement.query_row(values, |row| row.get(0))?))
    };
    let waiting = |table| {
        format!("SELECT count(*) FROM {table} WHERE rehearsal = ?1 AND put_away_at IS NULL")
    };
    Ok(Counts {
        quarantine: one(&waiting("quarantine"), &[&rehearsal])?,
        incidents: one(&waiting("incident"), &[&rehearsal])?,
        unplaced: one(
            "SELECT count(DISTINCT reservation) FROM reservation_news JOIN reservation USING (reservation)
             WHERE rehearsal = ?1 AND unplaced = 1 AND cancelled = 0 AND ends > ?2",
            &[&rehearsal, &moment(now)],
        )?,
    })
}

/// How many records are held, real or rehearsed. It goes through all of them.
///
/// # Errors
/// The database fails.
pub fn record_count(connection: &Connection, rehearsal: bool) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM record WHERE rehearsal = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(count(statement.query_row([rehearsal], |row| row.get(0))?))
}
