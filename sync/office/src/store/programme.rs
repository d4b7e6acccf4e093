//! The programme 催し.

use super::collections::check;
use super::columns::{json, read_json};
use super::reservations::places_taken;
use super::{StoreError, Writing};
use domain::ids::ProgrammeId;
use domain::reference::Programme;
use link::collections::{Body, CollectionName};
use rusqlite::{Connection, OptionalExtension};

impl Writing<'_> {
    /// Adds a programme or replaces what is known of it; its places left are counted here, and its reservations move with it.
    ///
    /// # Errors
    /// The database fails.
    pub fn save_programme(&mut self, wanted: &Programme) -> Result<(), StoreError> {
        let taken = u32::try_from(places_taken(&self.tx, &wanted.id)?).unwrap_or(u32::MAX);
        let japan = crate::clock::japan();
        let saved = Programme {
            places_left: Some(wanted.capacity.saturating_sub(taken)),
            starts: wanted.starts.with_timezone(&japan),
            ends: wanted.ends.with_timezone(&japan),
            ..wanted.clone()
        };
        check(&Body::Programme(vec![saved.clone()]))?;
        self.tx
            .prepare_cached("INSERT INTO programme (programme, body) VALUES (?1, ?2) ON CONFLICT (programme) DO UPDATE SET body = excluded.body")?
            .execute([saved.id.as_str(), &json("programme", &saved)?])?;
        self.put_item(CollectionName::Programme, saved.id.as_str(), &saved)?;
        self.move_reservations(&saved)
    }

    /// Counts the places left again, after a reservation changed.
    pub(super) fn count_places(&mut self, id: &ProgrammeId) -> Result<(), StoreError> {
        match programme(&self.tx, id)? {
            Some(known) => self.save_programme(&known),
            None => Ok(()),
        }
    }
}

/// A programme.
///
/// # Errors
/// The database fails.
pub fn programme(
    connection: &Connection,
    id: &ProgrammeId,
) -> Result<Option<Programme>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM programme WHERE programme = ?1")?;
    let body: Option<String> = statement
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?;
    body.map(|body| read_json("programme", &body)).transpose()
}

/// All of it, by id.
///
/// # Errors
/// The database fails.
pub fn programmes(connection: &Connection) -> Result<Vec<Programme>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM programme ORDER BY programme")?;
    statement
        .query_map([], |row| row.get::<_, String>(0))?
        .map(|body| read_json("programme", &body?))
        .collect()
}
