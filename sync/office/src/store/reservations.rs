//! Reservations.

use super::columns::{json, moment, read_json, read_moment};
use super::{StoreError, Writing, count, integer};
use crate::secret::random_bytes;
use domain::code::ReservationNumber;
use domain::ids::{MemberId, ProgrammeId, ReservationId};
use domain::reference::{DateTime, Programme, Purpose, Reservation};
use link::collections::CollectionName;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use std::str::FromStr;

impl Writing<'_> {
    /// Adds a reservation or replaces what is known of it. Its `since` is settled here: the version in which it first appears.
    ///
    /// # Errors
    /// The database fails; the member must exist.
    pub fn save_reservation(&mut self, wanted: &Reservation) -> Result<Reservation, StoreError> {
        let before = reservation(&self.tx, &wanted.id)?;
        let saved = self.put_reservation(wanted, before.as_ref())?;
        let programmes = [before.as_ref().and_then(programme_of), programme_of(&saved)];
        programmes
            .into_iter()
            .flatten()
            .try_for_each(|programme| self.count_places(programme))?;
        Ok(saved)
    }

    /// Whoever has a place in a programme comes when it is: after it was moved, so are its reservations.
    pub(super) fn move_reservations(&mut self, programme: &Programme) -> Result<(), StoreError> {
        for one in out_of_step(&self.tx, programme)? {
            let (starts, ends) = (programme.starts, programme.ends);
            let moved = Reservation {
                starts,
                ends,
                ..one.clone()
            };
            self.put_reservation(&moved, Some(&one))?;
        }
        Ok(())
    }

    fn put_reservation(
        &mut self,
        wanted: &Reservation,
        before: Option<&Reservation>,
    ) -> Result<Reservation, StoreError> {
        let since = match before {
            Some(known) => known.since,
            None => self.next_version(CollectionName::Reservations)?,
        };
        let japan = crate::clock::japan();
        let (starts, ends) = (
            wanted.starts.with_timezone(&japan),
            wanted.ends.with_timezone(&japan),
        );
        let saved = Reservation {
            since,
            starts,
            ends,
            ..wanted.clone()
        };
        self.tx
            .prepare_cached(
                "INSERT INTO reservation (reservation, number, member, starts, ends, purpose, cancelled, since)
                 VALUES (:id, :number, :member, :starts, :ends, :purpose, :cancelled, :since)
                 ON CONFLICT (reservation) DO UPDATE SET number = excluded.number, member = excluded.member, starts = excluded.starts,
                     ends = excluded.ends, purpose = excluded.purpose, cancelled = excluded.cancelled",
            )?
            .execute(named_params! {
                ":id": saved.id.as_str(),
                ":number": saved.number.to_string(),
                ":member": saved.member.as_str(),
                ":starts": moment(saved.starts),
                ":ends": moment(saved.ends),
                ":purpose": json("purpose", &saved.purpose)?,
                ":cancelled": saved.cancelled,
                ":since": integer(since),
            })?;
        self.put_item(CollectionName::Reservations, saved.id.as_str(), &saved)?;
        Ok(saved)
    }

    /// A reservation number nobody has; drawn at random, so that knowing one does not give the next.
    ///
    /// # Errors
    /// The database fails, or there is no randomness.
    pub fn free_reservation_number(&self) -> Result<ReservationNumber, StoreError> {
        loop {
            let number = ReservationNumber::from_serial(u32::from_be_bytes(random_bytes::<4>()?));
            if by_number(&self.tx, number)?.is_none() {
                return Ok(number);
            }
        }
    }

    /// Cancels a reservation; `None` if there is no such one. Cancelling twice changes nothing.
    ///
    /// # Errors
    /// The database fails.
    pub fn cancel_reservation(
        &mut self,
        id: &ReservationId,
    ) -> Result<Option<Reservation>, StoreError> {
        let Some(known) = reservation(&self.tx, id)? else {
            return Ok(None);
        };
        self.save_reservation(&Reservation {
            cancelled: true,
            ..known
        })
        .map(Some)
    }

    /// Takes reservations that ended before `moment` from the doors, which need them no more (R25). The office keeps them.
    ///
    /// # Errors
    /// The database fails.
    pub fn retire_reservations(&mut self, before: DateTime) -> Result<(), StoreError> {
        let past: Vec<String> = self
            .tx
            .prepare(
                "SELECT reservation FROM reservation JOIN collection_item ON name = 'reservations' AND key = reservation
                 WHERE ends < ?1 AND body IS NOT NULL",
            )?
            .query_map([moment(before)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        past.iter()
            .try_for_each(|id| self.remove_item(CollectionName::Reservations, id))
    }
}

fn programme_of(reservation: &Reservation) -> Option<&ProgrammeId> {
    match &reservation.purpose {
        Purpose::Programme { programme, .. } => Some(programme),
        Purpose::Seat { .. } | Purpose::Consultation => None,
    }
}

const SELECT: &str =
    "SELECT reservation, number, member, starts, ends, purpose, cancelled, since FROM reservation";

/// A reservation.
///
/// # Errors
/// The database fails.
pub fn reservation(
    connection: &Connection,
    id: &ReservationId,
) -> Result<Option<Reservation>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE reservation = ?1"))?;
    statement
        .query_row([id.as_str()], columns)
        .optional()?
        .map(read)
        .transpose()
}

/// The reservation with this number.
///
/// # Errors
/// The database fails.
pub fn by_number(
    connection: &Connection,
    number: ReservationNumber,
) -> Result<Option<Reservation>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE number = ?1"))?;
    statement
        .query_row([number.to_string()], columns)
        .optional()?
        .map(read)
        .transpose()
}

/// Reservations that start from `from` until before `to`, by start.
///
/// # Errors
/// The database fails.
pub fn between(
    connection: &Connection,
    from: DateTime,
    to: DateTime,
) -> Result<Vec<Reservation>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE starts >= ?1 AND starts < ?2 ORDER BY starts, reservation"
    ))?;
    statement
        .query_map(params![moment(from), moment(to)], columns)?
        .map(|row| read(row?))
        .collect()
}

/// All reservations, by id.
///
/// # Errors
/// The database fails.
pub fn all(connection: &Connection) -> Result<Vec<Reservation>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY reservation"))?;
    statement
        .query_map([], columns)?
        .map(|row| read(row?))
        .collect()
}

/// Reservations of a member that overlap the time given and are not cancelled.
///
/// # Errors
/// The database fails.
pub fn overlapping(
    connection: &Connection,
    member: &MemberId,
    from: DateTime,
    to: DateTime,
) -> Result<Vec<Reservation>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE member = ?1 AND cancelled = 0 AND starts < ?3 AND ends > ?2"
    ))?;
    let rows = statement.query_map(params![member.as_str(), moment(from), moment(to)], columns)?;
    rows.map(|row| read(row?)).collect()
}

/// How many hold a place in a programme; the standby list holds none.
///
/// # Errors
/// The database fails.
pub fn places_taken(connection: &Connection, programme: &ProgrammeId) -> Result<u64, StoreError> {
    places(connection, programme, false)
}

/// How many stand on a programme's standby list.
///
/// # Errors
/// The database fails.
pub fn standby_places(connection: &Connection, programme: &ProgrammeId) -> Result<u64, StoreError> {
    places(connection, programme, true)
}

fn places(
    connection: &Connection,
    programme: &ProgrammeId,
    standby: bool,
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM reservation WHERE cancelled = 0 AND json_extract(purpose, '$.programme') = ?1
             AND coalesce(json_extract(purpose, '$.standby'), 0) = ?2",
    )?;
    Ok(count(statement.query_row(
        params![programme.as_str(), standby],
        |row| row.get(0),
    )?))
}

/// Reservations for a programme that stand at other times than it.
pub(super) fn out_of_step(
    connection: &Connection,
    programme: &Programme,
) -> Result<Vec<Reservation>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE json_extract(purpose, '$.programme') = ?1 AND (starts <> ?2 OR ends <> ?3) ORDER BY reservation"
    ))?;
    let times = params![
        programme.id.as_str(),
        moment(programme.starts),
        moment(programme.ends)
    ];
    let rows = statement.query_map(times, columns)?;
    rows.map(|row| read(row?)).collect()
}

type Columns = (String, String, String, String, String, String, bool, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    row.try_into()
}

fn read(
    (id, number, member, starts, ends, purpose, cancelled, since): Columns,
) -> Result<Reservation, StoreError> {
    let number = ReservationNumber::from_str(&number)
        .map_err(|error| StoreError::unreadable("reservation number")(error.into()))?;
    Ok(Reservation {
        id: id.into(),
        number,
        member: member.into(),
        starts: read_moment(&starts)?,
        ends: read_moment(&ends)?,
        purpose: read_json("purpose", &purpose)?,
        cancelled,
        since: count(since),
    })
}
