//! What may be forgotten, and when (R25, rules section 12).
//!
//! A record goes when the office has acknowledged it, *and* it is older than the retention, *and* it lies before the latest
//! `day.opened`. Age is counted by trusted time only: a record is at least as old as every trusted one after it, so neither a clock that woke in
//! 1970 nor one that ran ahead makes a record go early. What is removed is the chain's beginning, and the anchor moves in the same transaction.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::rows;

/// How long a first answer is kept at least, for a caller that repeats itself.
pub const ANSWERS_KEPT: Duration = Duration::from_hours(48);

/// At most so many records go at once, so that nobody at the door waits for it.
const AT_ONCE: i64 = 500;

/// What a pruning removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Records removed.
    pub records: u64,
    /// Answers removed that stood alone; those with a record go with it.
    pub answers: u64,
    /// Whether there is more to remove: call again when nobody waits.
    pub more: bool,
}

/// The moment before which something is older than `age`.
fn before(now: DateTime<FixedOffset>, age: Duration) -> i64 {
    let age = TimeDelta::from_std(age).unwrap_or(TimeDelta::MAX);
    now.timestamp_millis()
        .saturating_sub(age.num_milliseconds())
}

/// Wall time as milliseconds since 1970.
pub(super) fn milliseconds(at: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(at)
        .ok()
        .map(|at| at.timestamp_millis())
}

pub(super) fn prune(
    connection: &mut Connection,
    day: i64,
    now: DateTime<FixedOffset>,
    retention: Duration,
) -> rusqlite::Result<Pruned> {
    let anchor = rows::anchor(connection)?.position;
    let (cursor, _) = rows::cursor(connection)?;
    let removable = last_older(
        connection,
        anchor,
        cursor.min(day - 1),
        before(now, retention),
    )?;
    let through = removable.min(anchor + AT_ONCE);
    let more = through < removable;

    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let records = if through > anchor {
        remove_records(&transaction, through)?
    } else {
        0
    };
    let answers = if more {
        0
    } else {
        remove_answers(&transaction, before(now, ANSWERS_KEPT))?
    };
    transaction.commit()?;
    Ok(Pruned {
        records,
        answers,
        more,
    })
}

/// The last trusted record older than the cutoff, among the first ones up to `bound`; `anchor` where there is none.
fn last_older(
    connection: &Connection,
    anchor: i64,
    bound: i64,
    cutoff: i64,
) -> rusqlite::Result<i64> {
    let sql = "SELECT position, at FROM record
               WHERE position > ?1 AND position <= ?2 AND trusted = 1 ORDER BY position LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((anchor, bound, AT_ONCE + 1), |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?))
    })?;
    let mut last = anchor;
    for row in rows {
        let (position, at) = row?;
        if milliseconds(&at).is_some_and(|at| at < cutoff) {
            last = position;
        }
    }
    Ok(last)
}

fn remove_records(transaction: &Transaction<'_>, through: i64) -> rusqlite::Result<u64> {
    transaction.execute(
        "UPDATE anchor SET (position, run, seq, hash) = (SELECT position, run, seq, hash FROM record WHERE position = ?1)
         WHERE id = 1",
        [through],
    )?;
    let removed = transaction.execute("DELETE FROM record WHERE position <= ?1", [through])?;
    let sql = "DELETE FROM run WHERE before < (SELECT before FROM run WHERE run = (SELECT run FROM anchor WHERE id = 1))";
    transaction.execute(sql, ())?;
    Ok(removed as u64)
}

/// As with records: an answer is at least as old as every one given later under a trusted clock.
fn remove_answers(transaction: &Transaction<'_>, cutoff: i64) -> rusqlite::Result<u64> {
    let sql = "DELETE FROM answer WHERE position <= (SELECT max(position) FROM answer WHERE trusted_ms < ?1)";
    transaction
        .execute(sql, [cutoff])
        .map(|removed| removed as u64)
}
