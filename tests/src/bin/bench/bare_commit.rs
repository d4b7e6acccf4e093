//! The floor: what one durable commit costs on this disk, with nothing around it.

use anyhow::Context;
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};

/// A plain SQLite database in WAL mode, `synchronous=FULL`, everything else as SQLite has it.
pub(super) struct BareCommit {
    connection: Connection,
    row: Vec<u8>,
}

impl BareCommit {
    /// Rows will have `bytes` bytes.
    pub(super) fn open(path: &Path, bytes: usize) -> anyhow::Result<Self> {
        let connection =
            Connection::open(path).context("cannot make the database of bare commits")?;
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        anyhow::ensure!(
            mode == "wal",
            "SQLite has no write-ahead log here; put target/ on a local disk"
        );
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE record (position INTEGER PRIMARY KEY, body BLOB NOT NULL)",
        )?;
        // Bytes that differ from each other, as records do.
        let row = (0..=u8::MAX).cycle().take(bytes).collect();
        Ok(Self { connection, row })
    }

    /// One row, durably: a transaction of its own.
    pub(super) fn commit(&mut self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        self.connection
            .prepare_cached("INSERT INTO record (body) VALUES (?1)")?
            .execute([&self.row])?;
        Ok(begun.elapsed())
    }
}
