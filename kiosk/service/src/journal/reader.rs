//! What the sync reads while the desk writes.

use std::path::PathBuf;

use domain::ids::RunId;
use domain::record::{Chained, Position};
use rusqlite::Connection;

use super::error::storage;
use super::rows::{self, COLUMNS};
use super::schema::{self, Access};
use super::{DeviceKey, JournalError};

/// A connection of its own that only reads, so that neither the desk nor the sync waits for the other.
///
/// It may go to another thread and outlives the [`super::Journal`] that gave it, even one that is opened again.
#[derive(Debug)]
pub struct JournalReader {
    connection: Connection,
    database: PathBuf,
    key: DeviceKey,
}

/// What the office has not acknowledged yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// How many records.
    pub count: u64,
    /// The oldest one's wall time, as recorded.
    pub oldest_at: Option<String>,
}

impl JournalReader {
    pub(super) fn open(database: PathBuf, key: DeviceKey) -> Result<Self, JournalError> {
        let connection = schema::connect(&database, &key, Access::Read)
            .map_err(storage("open the journal for reading"))?;
        Ok(Self {
            connection,
            database,
            key,
        })
    }

    /// Another reader of the same journal.
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`] when the file cannot be opened once more.
    pub fn try_clone(&self) -> Result<Self, JournalError> {
        Self::open(self.database.clone(), self.key.clone())
    }

    /// The records after a cursor, oldest first and across runs; `None`: from the first one kept.
    ///
    /// Stops before the one that would exceed `max_bytes` (of the records' text), but gives at least one where there is one.
    ///
    /// # Errors
    ///
    /// [`JournalError::NoSuchRecord`] for a cursor the journal never held or has removed; [`JournalError::Storage`].
    pub fn after(
        &self,
        cursor: Option<&(RunId, u64)>,
        max_bytes: usize,
    ) -> Result<Vec<Chained>, JournalError> {
        let from = self.position(cursor)?;
        self.read_after(from, max_bytes)
            .map_err(storage("read the journal"))
    }

    /// How much lies after a cursor, and since when.
    ///
    /// # Errors
    ///
    /// As [`Self::after`].
    pub fn pending(&self, cursor: Option<&(RunId, u64)>) -> Result<Pending, JournalError> {
        let from = self.position(cursor)?;
        let read = || {
            // Positions have no gaps.
            let sql = "SELECT coalesce(max(position), 0) - ?1, (SELECT at FROM record WHERE position = ?1 + 1) FROM record";
            self.connection
                .prepare_cached(sql)?
                .query_row([from], |row| {
                    let count: i64 = row.get(0)?;
                    Ok(Pending {
                        count: u64::try_from(count).unwrap_or(0),
                        oldest_at: row.get(1)?,
                    })
                })
        };
        read().map_err(storage("read the journal"))
    }

    /// Where the journal stands; `None` before its first record.
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`].
    pub fn head(&self) -> Result<Option<Position>, JournalError> {
        rows::last(&self.connection)
            .map(|end| end.at)
            .map_err(storage("read the journal"))
    }

    /// The last record the office has acknowledged.
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`].
    pub fn cursor(&self) -> Result<Option<(RunId, u64)>, JournalError> {
        rows::cursor(&self.connection)
            .map(|(_, place)| place)
            .map_err(storage("read the journal"))
    }

    fn position(&self, cursor: Option<&(RunId, u64)>) -> Result<i64, JournalError> {
        let Some((run, seq)) = cursor else {
            return rows::anchor(&self.connection)
                .map(|end| end.position)
                .map_err(storage("read the journal"));
        };
        rows::position_of(&self.connection, run, *seq)
            .map_err(storage("read the journal"))?
            .ok_or_else(|| JournalError::NoSuchRecord {
                run: run.clone(),
                seq: *seq,
            })
    }

    fn read_after(&self, from: i64, max_bytes: usize) -> rusqlite::Result<Vec<Chained>> {
        let sql = format!("SELECT {COLUMNS} FROM record WHERE position > ?1 ORDER BY position");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query_map([from], rows::chained)?;
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some((_, chained)) = rows.next().transpose()? {
            bytes += text_bytes(&chained);
            if bytes > max_bytes && !batch.is_empty() {
                break;
            }
            batch.push(chained);
        }
        Ok(batch)
    }
}

fn text_bytes(chained: &Chained) -> usize {
    let record = &chained.record;
    let cause = record.cause.as_ref().map_or(0, String::len);
    // 64: the hash as text.
    record.run.as_str().len() + record.at.len() + record.kind.len() + record.body.len() + cause + 64
}
