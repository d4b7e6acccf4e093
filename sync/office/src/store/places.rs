//! Whether the seats hold what is reserved: the plan of the doors, asked beforehand (rules section 3).

use super::StoreError;
use super::collections::{read_document, version};
use super::columns::moment;
use super::members::member;
use super::programme::programmes;
use super::reservations::between;
use chrono::{Days, NaiveDate, NaiveTime};
use domain::ids::ReservationId;
use domain::reference::{DateTime, JST, Reservation};
use domain::{Plan, Reference, Today, plan};
use link::collections::CollectionName;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Reservations that would find no seat if these were made or changed: of these, and of those that have a seat now. Days that are over are
/// not looked at. While no floor was ever set here, nothing is known of seats and nobody is refused.
///
/// # Errors
/// The database fails.
pub fn without_seat(
    connection: &Connection,
    now: DateTime,
    wanted: &[Reservation],
) -> Result<BTreeSet<ReservationId>, StoreError> {
    if version(connection, CollectionName::Floor)? == 0 {
        return Ok(BTreeSet::new());
    }
    let now = now.with_timezone(&JST);
    let mut days: BTreeMap<NaiveDate, Vec<&Reservation>> = BTreeMap::new();
    for one in wanted {
        let date = one.starts.with_timezone(&JST).date_naive();
        days.entry(date).or_default().push(one);
    }
    let mut reference = Reference::default();
    reference.floor = read_document(connection, CollectionName::Floor)?;
    reference.settings = read_document(connection, CollectionName::Settings)?;
    let programmes = programmes(connection)?.into_iter();
    reference.programmes = programmes.map(|one| (one.id.clone(), one)).collect();
    let changed: BTreeSet<&ReservationId> = wanted.iter().map(|one| &one.id).collect();
    let mut without = BTreeSet::new();
    for (date, wanted) in days.range(now.date_naive()..) {
        let Some((begins, ends)) = day(*date) else {
            continue;
        };
        let today = so_far(connection, *date)?;
        let at = now.max(begins);
        let mut known = between(connection, begins, ends)?;
        let before = planned(connection, &mut reference, &today, at, known.clone())?;
        // Those that were on this day before may have moved elsewhere.
        known.retain(|one| !changed.contains(&one.id));
        known.extend(wanted.iter().map(|one| (*one).clone()));
        let after = planned(connection, &mut reference, &today, at, known)?;
        let suffers = |id: &ReservationId| changed.contains(id) || !before.unplaced.contains(id);
        without.extend(after.unplaced.into_iter().filter(suffers));
    }
    Ok(without)
}

/// A day from midnight to midnight.
pub(super) fn day(date: NaiveDate) -> Option<(DateTime, DateTime)> {
    let midnight = |date: NaiveDate| {
        date.and_time(NaiveTime::MIN)
            .and_local_timezone(JST)
            .single()
    };
    Some((
        midnight(date)?,
        midnight(date.checked_add_days(Days::new(1))?)?,
    ))
}

/// What the doors have told of that day: whose reservation has lapsed needs no seat.
fn so_far(connection: &Connection, date: NaiveDate) -> Result<Today, StoreError> {
    let mut today = Today::default();
    today.date = Some(date);
    let Some((begins, ends)) = day(date) else {
        return Ok(today);
    };
    let mut statement = connection.prepare_cached(
        "SELECT reservation FROM reservation_news JOIN reservation USING (reservation)
         WHERE rehearsal = 0 AND no_show_at IS NOT NULL AND starts >= ?1 AND starts < ?2",
    )?;
    let lapsed = statement.query_map(params![moment(begins), moment(ends)], |row| {
        row.get::<_, String>(0)
    })?;
    today.no_shows = lapsed
        .map(|id| id.map(ReservationId::from))
        .collect::<Result<_, _>>()?;
    Ok(today)
}

fn planned(
    connection: &Connection,
    reference: &mut Reference,
    today: &Today,
    at: DateTime,
    reservations: Vec<Reservation>,
) -> Result<Plan, StoreError> {
    for one in &reservations {
        if !reference.members.contains_key(&one.member)
            && let Some(record) = member(connection, &one.member)?
        {
            reference.members.insert(one.member.clone(), record.member);
        }
    }
    reference.set_reservations(reservations);
    Ok(plan(reference, today, at))
}
