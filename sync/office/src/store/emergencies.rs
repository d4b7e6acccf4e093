//! Emergencies and drills, derived from records alone (R24). Who was looked for stands in the records and not here.

use super::columns::{from_word, moment, read_moment, word};
use super::visits::Source;
use super::{StoreError, Writing};
use domain::ids::{IncidentId, KioskId, StaffId};
use domain::incident::{IncidentClosed, IncidentKind, IncidentOpened};
use domain::reference::DateTime;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An emergency, as its kiosk reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmergencyRecord {
    /// The emergency.
    pub incident: IncidentId,
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether the service was rehearsed: then it counts nowhere.
    pub rehearsal: bool,
    /// What kind.
    pub what: IncidentKind,
    /// Whether it was only practised.
    pub drill: bool,
    /// When it was opened.
    pub opened_at: DateTime,
    /// By whom.
    pub opened_by: StaffId,
    /// How many people were to be ticked off.
    pub listed: u32,
    /// When it was closed; none while it is open.
    pub closed_at: Option<DateTime>,
    /// By whom.
    pub closed_by: Option<StaffId>,
    /// How many had been ticked off then.
    pub ticked: u32,
    /// Whether everybody had left, and all visits ended with it.
    pub everybody_left: bool,
}

impl Writing<'_> {
    pub(super) fn derive_emergency(
        &self,
        source: &Source<'_>,
        opened: &IncidentOpened,
    ) -> Result<(), StoreError> {
        let listed = opened.people.iter().filter(|one| one.is_inside()).count();
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO emergency (kiosk, rehearsal, incident, what, drill, opened_at, opened_by, listed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                opened.incident.as_str(),
                word(&opened.what)?,
                opened.drill,
                moment(opened.opened_at),
                opened.by.as_str(),
                i64::try_from(listed).unwrap_or(i64::MAX)
            ])?;
        Ok(())
    }

    pub(super) fn derive_emergency_end(
        &self,
        source: &Source<'_>,
        closed: &IncidentClosed,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE emergency SET closed_at = ?4, closed_by = ?5, ticked = ?6, everybody_left = ?7
                 WHERE kiosk = ?1 AND rehearsal = ?2 AND incident = ?3",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                closed.incident.as_str(),
                moment(closed.closed_at),
                closed.by.as_str(),
                closed.ticked,
                closed.everybody_left
            ])?;
        Ok(())
    }
}

/// The latest emergencies and drills, newest first.
///
/// # Errors
/// The database fails.
pub fn emergencies(
    connection: &Connection,
    at_most: u32,
) -> Result<Vec<EmergencyRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT incident, kiosk, rehearsal, what, drill, opened_at, opened_by, listed, closed_at, closed_by, ticked, everybody_left
         FROM emergency ORDER BY opened_at DESC, kiosk, incident LIMIT ?1",
    )?;
    let mut rows = statement.query([at_most])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(view(row)?);
    }
    Ok(found)
}

/// Emergencies and drills that are open, oldest first.
///
/// # Errors
/// The database fails.
pub fn open_emergencies(
    connection: &Connection,
    rehearsal: bool,
) -> Result<Vec<EmergencyRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT incident, kiosk, rehearsal, what, drill, opened_at, opened_by, listed, closed_at, closed_by, ticked, everybody_left
         FROM emergency WHERE rehearsal = ?1 AND closed_at IS NULL ORDER BY opened_at, kiosk, incident",
    )?;
    let mut rows = statement.query([rehearsal])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(view(row)?);
    }
    Ok(found)
}

fn view(row: &Row<'_>) -> Result<EmergencyRecord, StoreError> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let whole = |index: usize| row.get::<_, String>(index);
    Ok(EmergencyRecord {
        incident: whole(0)?.into(),
        kiosk: whole(1)?.into(),
        rehearsal: row.get(2)?,
        what: from_word("kind of emergency", whole(3)?)?,
        drill: row.get(4)?,
        opened_at: read_moment(&whole(5)?)?,
        opened_by: whole(6)?.into(),
        listed: row.get(7)?,
        closed_at: text(8)?.as_deref().map(read_moment).transpose()?,
        closed_by: text(9)?.map(StaffId::from),
        ticked: row.get(10)?,
        everybody_left: row.get(11)?,
    })
}
