//! What asks for a person: calls for staff at the doors, and what was put away once somebody had looked at it.

use super::columns::{read_json, read_moment};
use super::{StoreError, Writing, integer};
use domain::event::{CallReason, Event};
use domain::ids::{CallId, KioskId, StationId};
use domain::reference::DateTime;
use rusqlite::{Connection, params};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// More calls of one kiosk are not looked at.
const CALLS_LOOKED_AT: u32 = 50;

/// The two lists of things that wait for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingList {
    /// What could not be taken.
    Quarantine,
    /// What was noticed about the kiosks' journals.
    Incidents,
}

impl Writing<'_> {
    /// Puts something away: it stays on its list and is counted no more. The first to do so is remembered, as the token or a user's name.
    /// False if there is no such thing.
    ///
    /// # Errors
    /// The database fails.
    pub fn put_away(&self, list: WaitingList, id: u64, who: &str) -> Result<bool, StoreError> {
        let table = match list {
            WaitingList::Quarantine => "quarantine",
            WaitingList::Incidents => "incident",
        };
        let found = self.tx.execute(
            &format!(
                "UPDATE {table} SET put_away_at = coalesce(put_away_at, ?2), put_away_by = coalesce(put_away_by, ?3) WHERE id = ?1"
            ),
            params![integer(id), super::columns::moment(self.now()), who],
        )?;
        Ok(found > 0)
    }
}

/// Somebody at a door wants a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCall {
    /// The kiosk.
    pub kiosk: KioskId,
    /// Where.
    pub station: StationId,
    /// Why.
    pub reason: CallReason,
    /// When, as the kiosk knew; when the office heard of it, where the kiosk did not know the time.
    pub called_at: DateTime,
}

/// Calls for staff since a moment that nobody has answered, newest first; of several at one station the newest.
///
/// # Errors
/// The database fails.
pub fn staff_calls(
    connection: &Connection,
    rehearsal: bool,
    since: DateTime,
) -> Result<Vec<StaffCall>, StoreError> {
    let mut kiosks = connection.prepare_cached("SELECT kiosk FROM kiosk WHERE rehearsal = ?1")?;
    let kiosks = kiosks.query_map([rehearsal], |row| row.get::<_, String>(0))?;
    let mut calls = Vec::new();
    for kiosk in kiosks {
        calls.extend(calls_of(connection, kiosk?.into(), rehearsal)?);
    }
    calls.retain(|call| call.called_at > since);
    calls.sort_by_key(|call| Reverse(call.called_at));
    let mut seen = BTreeSet::new();
    calls.retain(|call| seen.insert((call.kiosk.clone(), call.station.clone())));
    Ok(calls)
}

/// A call and where its record stands.
struct Called {
    record: i64,
    id: CallId,
    call: StaffCall,
}

/// Calls that nobody has answered: whoever answers one has seen to all made before at that station for that reason.
fn calls_of(
    connection: &Connection,
    kiosk: KioskId,
    rehearsal: bool,
) -> Result<Vec<StaffCall>, StoreError> {
    let mut calls = calls_made(connection, &kiosk, rehearsal)?;
    for (answer, id) in calls_answered(connection, &kiosk, rehearsal)? {
        let Some(answered) = calls.iter().find(|called| called.id == id) else {
            continue;
        };
        let (station, reason) = (answered.call.station.clone(), answered.call.reason);
        calls.retain(|called| {
            let is_same = called.call.station == station && called.call.reason == reason;
            called.record > answer || !is_same
        });
    }
    Ok(calls.into_iter().map(|called| called.call).collect())
}

fn calls_made(
    connection: &Connection,
    kiosk: &KioskId,
    rehearsal: bool,
) -> Result<Vec<Called>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, run || '-' || seq, CASE WHEN trusted THEN at ELSE received_at END, body FROM record INDEXED BY record_staff_called
         WHERE kiosk = ?1 AND rehearsal = ?2 AND kind = 'staff.called' ORDER BY id DESC LIMIT ?3",
    )?;
    let mut rows = statement.query(params![kiosk.as_str(), rehearsal, CALLS_LOOKED_AT])?;
    let mut calls = Vec::new();
    while let Some(row) = rows.next()? {
        let (record, id): (i64, String) = (row.get(0)?, row.get(1)?);
        let (called_at, body): (String, String) = (row.get(2)?, row.get(3)?);
        if let Event::StaffCalled { station, reason } = read_json("record", &body)? {
            let call = StaffCall {
                kiosk: kiosk.clone(),
                station,
                reason,
                called_at: read_moment(&called_at)?,
            };
            let id = CallId::from(id);
            calls.push(Called { record, id, call });
        }
    }
    Ok(calls)
}

/// Answers, oldest first, each with where its record stands.
fn calls_answered(
    connection: &Connection,
    kiosk: &KioskId,
    rehearsal: bool,
) -> Result<Vec<(i64, CallId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, body FROM record INDEXED BY record_staff_call_answered
         WHERE kiosk = ?1 AND rehearsal = ?2 AND kind = 'staff.call_answered' ORDER BY id DESC LIMIT ?3",
    )?;
    let mut rows = statement.query(params![kiosk.as_str(), rehearsal, CALLS_LOOKED_AT])?;
    let mut answers = Vec::new();
    while let Some(row) = rows.next()? {
        let (record, body): (i64, String) = (row.get(0)?, row.get(1)?);
        if let Event::StaffCallAnswered { call } = read_json("record", &body)? {
            answers.push((record, call));
        }
    }
    answers.reverse();
    Ok(answers)
}
