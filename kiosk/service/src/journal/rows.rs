//! Records to and from rows, and the rule by which one follows another.

use domain::ids::RunId;
use domain::record::{ChainHash, Chained, Position, Record};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::JournalError;

/// The columns of `record` as [`chained`] reads them.
pub(super) const COLUMNS: &str =
    "position, run, seq, at, uptime_ms, trusted, cause, kind, body, hash";

/// The end of a chain: the last record's position and place, or the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct End {
    pub position: i64,
    pub at: Option<Position>,
}

impl End {
    /// Whether a record is the next: the same run's next number, or number 1 of another run.
    pub fn is_followed_by(&self, record: &Record) -> bool {
        match &self.at {
            Some(last) if last.run == record.run => last.seq.checked_add(1) == Some(record.seq),
            _ => record.seq == 1,
        }
    }

    /// Chains the next record.
    pub fn chain(&mut self, record: Record) -> Chained {
        let previous = self
            .at
            .as_ref()
            .map_or(ChainHash::GENESIS, |last| last.hash);
        let chained = Chained {
            hash: record.hash_after(&previous),
            record,
        };
        self.position += 1;
        self.at = Some(chained.position());
        chained
    }
}

/// A row of [`COLUMNS`].
pub(super) fn chained(row: &Row<'_>) -> rusqlite::Result<(i64, Chained)> {
    let record = Record {
        run: row.get::<_, String>(1)?.into(),
        seq: unsigned(row, 2)?,
        at: row.get(3)?,
        uptime_ms: unsigned(row, 4)?,
        trusted: row.get(5)?,
        cause: row.get(6)?,
        kind: row.get(7)?,
        body: row.get(8)?,
    };
    Ok((
        row.get(0)?,
        Chained {
            record,
            hash: hash(row, 9)?,
        },
    ))
}

pub(super) fn insert(
    transaction: &Transaction<'_>,
    position: i64,
    chained: &Chained,
    answer: Option<&str>,
) -> rusqlite::Result<()> {
    let Chained { record, hash } = chained;
    let seq = record.seq as i64;
    if seq == 1 {
        let sql = "INSERT INTO run (run, before) VALUES (?1, ?2)";
        transaction
            .prepare_cached(sql)?
            .execute((record.run.as_str(), position - 1))?;
    }
    let sql =
        "INSERT INTO record (position, run, seq, at, uptime_ms, trusted, cause, kind, body, hash, answer)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    transaction.prepare_cached(sql)?.execute(rusqlite::params![
        position,
        record.run.as_str(),
        seq,
        record.at,
        record.uptime_ms as i64,
        record.trusted,
        record.cause,
        record.kind,
        record.body,
        hash.to_string(),
        answer,
    ])?;
    Ok(())
}

/// A number for a column: SQLite's integers have a sign.
pub(super) fn column(number: u64) -> Result<i64, JournalError> {
    i64::try_from(number).map_err(|_| JournalError::TooLarge(number))
}

pub(super) fn unsigned(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(index)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, number))
}

fn hash(row: &Row<'_>, index: usize) -> rusqlite::Result<ChainHash> {
    let text = row.get_ref(index)?.as_str()?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}

/// The last record removed.
pub(super) fn anchor(connection: &Connection) -> rusqlite::Result<End> {
    let sql = "SELECT position, run, seq, hash FROM anchor WHERE id = 1";
    connection.prepare_cached(sql)?.query_row((), |row| {
        let position: i64 = row.get(0)?;
        let at = Position {
            run: row.get::<_, String>(1)?.into(),
            seq: unsigned(row, 2)?,
            hash: hash(row, 3)?,
        };
        Ok(End {
            position,
            at: (position > 0).then_some(at),
        })
    })
}

/// The last record stored, or the anchor where there is none.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<End> {
    let sql = "SELECT position, run, seq, hash FROM record ORDER BY position DESC LIMIT 1";
    let last = connection.prepare_cached(sql)?.query_row((), |row| {
        let at = Position {
            run: row.get::<_, String>(1)?.into(),
            seq: unsigned(row, 2)?,
            hash: hash(row, 3)?,
        };
        Ok(End {
            position: row.get(0)?,
            at: Some(at),
        })
    });
    match last.optional()? {
        Some(end) => Ok(end),
        None => anchor(connection),
    }
}

/// What the office has acknowledged: a position and its record.
pub(super) fn cursor(connection: &Connection) -> rusqlite::Result<(i64, Option<(RunId, u64)>)> {
    let sql = "SELECT position, run, seq FROM cursor WHERE id = 1";
    connection.prepare_cached(sql)?.query_row((), |row| {
        let position: i64 = row.get(0)?;
        let place = (row.get::<_, String>(1)?.into(), unsigned(row, 2)?);
        Ok((position, (position > 0).then_some(place)))
    })
}

/// The position of a record that the journal holds, or of the anchor; `None` for any other.
pub(super) fn position_of(
    connection: &Connection,
    run: &RunId,
    seq: u64,
) -> rusqlite::Result<Option<i64>> {
    let Ok(seq) = i64::try_from(seq) else {
        return Ok(None);
    };
    let sql = "SELECT position FROM record
               WHERE position = (SELECT before + ?2 FROM run WHERE run = ?1) AND run = ?1 AND seq = ?2
               UNION ALL
               SELECT position FROM anchor WHERE position > 0 AND run = ?1 AND seq = ?2";
    connection
        .prepare_cached(sql)?
        .query_row((run.as_str(), seq), |row| row.get(0))
        .optional()
}
