//! Whom to call because the centre is closed at the time of their reservation 臨時閉所の連絡先 (rules section 9): by the calendar, or because staff
//! let nobody in at the door. Whoever has come, and whoever cancelled, is not on the list. Nobody on it becomes a no-show.

use super::collections::read_document;
use super::columns::{moment, read_moment};
use super::members::member;
use super::places::day;
use super::visits::Source;
use super::{StoreError, Writing, reservations};
use chrono::{NaiveDate, NaiveTime};
use domain::calendar::{Calendar, ReasonCode};
use domain::event::Event;
use domain::ids::{MemberId, ReservationId};
use domain::reference::{DateTime, JST, Purpose, Reservation};
use link::collections::CollectionName;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ToCall {
    /// The reservation that falls into the closure.
    pub reservation: ReservationId,
    /// Its number, nine digits.
    pub number: String,
    /// Whose it is.
    pub member_no: MemberId,
    /// Their name, where one is known.
    pub name: Option<String>,
    /// How it is read.
    pub kana: Option<String>,
    /// From when it was to be.
    pub starts: DateTime,
    /// Until when.
    pub ends: DateTime,
    /// What for.
    pub purpose: Purpose,
    /// Why the centre is closed then.
    pub why: ReasonCode,
    /// When they were told.
    pub told_at: Option<DateTime>,
    /// By whom.
    pub told_by: Option<String>,
}

/// Everybody to call for so many days, by the time of their reservation.
///
/// # Errors
/// The database fails.
pub fn call_list(
    connection: &Connection,
    first: NaiveDate,
    days: usize,
) -> Result<Vec<ToCall>, StoreError> {
    let calendar: Calendar = read_document(connection, CollectionName::Calendar)?;
    let mut list = Vec::new();
    for date in first.iter_days().take(days) {
        list.extend(of_date(connection, &calendar, date)?);
    }
    Ok(list)
}

fn of_date(
    connection: &Connection,
    calendar: &Calendar,
    date: NaiveDate,
) -> Result<Vec<ToCall>, StoreError> {
    let doors = door_closures(connection, date)?;
    let (begins, ends) = (date.and_time(NaiveTime::MIN), date.and_hms_opt(23, 59, 59));
    let is_cut = ends.is_some_and(|ends| calendar.closure_over(begins, ends).is_some());
    if !is_cut && doors.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = Vec::new();
    for one in of_day(connection, date)? {
        let Some(why) = closed_because(calendar, &doors, &one) else {
            continue;
        };
        if !has_come(connection, &one.id)? {
            list.push(to_call(connection, one, why)?);
        }
    }
    Ok(list)
}

fn of_day(connection: &Connection, date: NaiveDate) -> Result<Vec<Reservation>, StoreError> {
    let Some((from, to)) = day(date) else {
        return Ok(Vec::new());
    };
    let all = reservations::between(connection, from, to)?;
    Ok(all.into_iter().filter(|one| !one.cancelled).collect())
}

/// The calendar's closures end visits, so any part of a reservation in one counts; those at the door keep only people out who come then.
fn closed_because(
    calendar: &Calendar,
    doors: &[(DateTime, DateTime)],
    one: &Reservation,
) -> Option<ReasonCode> {
    let local = |time: DateTime| time.with_timezone(&JST).naive_local();
    let by_calendar = calendar.closure_over(local(one.starts), local(one.ends));
    let is_kept_out =
        |(from, until): &(DateTime, DateTime)| *from <= one.starts && one.starts < *until;
    let by_staff = || doors.iter().any(is_kept_out).then_some(ReasonCode::Centre);
    by_calendar.map(|reason| reason.code()).or_else(by_staff)
}

fn door_closures(
    connection: &Connection,
    date: NaiveDate,
) -> Result<Vec<(DateTime, DateTime)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT closed_from, closed_until FROM door_closure WHERE rehearsal = 0 AND substr(closed_from, 1, 10) <= ?1 AND substr(closed_until, 1, 10) >= ?1",
    )?;
    let rows = statement.query_map([date.to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    rows.map(|row| {
        let (from, until) = row?;
        Ok((read_moment(&from)?, read_moment(&until)?))
    })
    .collect()
}

fn has_come(connection: &Connection, reservation: &ReservationId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM visit WHERE rehearsal = 0 AND reservation = ?1)
             OR EXISTS (SELECT 1 FROM attendance WHERE rehearsal = 0 AND reservation = ?1)",
    )?;
    Ok(statement.query_row([reservation.as_str()], |row| row.get(0))?)
}

fn to_call(
    connection: &Connection,
    one: Reservation,
    why: ReasonCode,
) -> Result<ToCall, StoreError> {
    let known = member(connection, &one.member)?;
    let (name, kana) = known.map_or((None, None), |known| (known.name, known.kana));
    let told: Option<(String, String)> = connection
        .prepare_cached("SELECT told_at, told_by FROM closure_told WHERE reservation = ?1")?
        .query_row([one.id.as_str()], |row| row.try_into())
        .optional()?;
    let (told_at, told_by) = told.unzip();
    Ok(ToCall {
        reservation: one.id,
        number: one.number.to_string(),
        member_no: one.member,
        name,
        kana,
        starts: one.starts,
        ends: one.ends,
        purpose: one.purpose,
        why,
        told_at: told_at.as_deref().map(read_moment).transpose()?,
        told_by,
    })
}

impl Writing<'_> {
    /// Notes that somebody was told; the first time stands. `false` where there is no such reservation.
    ///
    /// # Errors
    /// The database fails.
    pub fn told_of_closure(
        &mut self,
        reservation: &ReservationId,
        by: &str,
    ) -> Result<bool, StoreError> {
        if reservations::reservation(&self.tx, reservation)?.is_none() {
            return Ok(false);
        }
        self.tx
            .prepare_cached(
                "INSERT INTO closure_told (reservation, told_at, told_by) VALUES (?1, ?2, ?3) ON CONFLICT (reservation) DO NOTHING",
            )?
            .execute(params![reservation.as_str(), moment(self.now()), by])?;
        Ok(true)
    }

    pub(super) fn derive_door_closure(
        &self,
        source: &Source<'_>,
        event: &Event,
    ) -> Result<(), StoreError> {
        match event {
            Event::CentreClosed { from, until } => {
                self.tx
                    .prepare_cached(
                        "INSERT INTO door_closure (kiosk, rehearsal, closed_from, closed_until) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (kiosk, rehearsal, closed_from) DO UPDATE SET closed_until = excluded.closed_until",
                    )?
                    .execute(params![source.kiosk.as_str(), source.rehearsal, moment(*from), moment(*until)])?;
            }
            Event::CentreReopened { at } => {
                self.tx
                    .prepare_cached(
                        "UPDATE door_closure SET closed_until = ?3 WHERE kiosk = ?1 AND rehearsal = ?2 AND closed_from <= ?3 AND closed_until > ?3",
                    )?
                    .execute(params![source.kiosk.as_str(), source.rehearsal, moment(*at)])?;
            }
            _ => {}
        }
        Ok(())
    }
}
