//! Reading a journal from its anchor to its end: proving the chain, and keeping what the desk folds.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use domain::record::{Chained, Position, Record};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::head::Head;
use super::retention::milliseconds;
use super::rows::{self, COLUMNS, End};
use super::schema::damage;
use super::{ANSWERS_KEPT, Answer, DAY_OPENED, JournalError, StoredCollection};

/// What a whole reading found.
#[derive(Debug, Default)]
pub(super) struct Replay {
    /// The last record.
    pub end: End,
    /// Where the latest day was opened.
    pub day: Option<i64>,
    /// The records since then, or all where no day was opened yet.
    pub records: Vec<Chained>,
    /// The answers given with records, of [`ANSWERS_KEPT`].
    pub answers: RecentAnswers,
    /// The head's position, when the journal does not hold it.
    pub tail_lost: Option<Position>,
}

/// Verifies everything stored, without writing.
pub(super) fn replay(
    connection: &Connection,
    path: &Path,
    head: &Head,
) -> Result<Replay, JournalError> {
    let anchor = rows::anchor(connection).map_err(|error| damage(path, error))?;
    let head = match head {
        Head::At(position) if position.seq > 0 => Some(position),
        _ => None,
    };
    let mut found = head.is_none_or(|head| is_removed(head, &anchor));
    let mut replay = Replay {
        end: anchor,
        ..Replay::default()
    };
    let mut runs = Runs::read(connection).map_err(|error| damage(path, error))?;

    let sql = format!("SELECT {COLUMNS}, answer FROM record ORDER BY position");
    let mut statement = connection
        .prepare(&sql)
        .map_err(|error| damage(path, error))?;
    let mut rows = statement
        .query_map((), |row| Ok((rows::chained(row)?, row.get(10)?)))
        .map_err(|error| damage(path, error))?;
    while let Some(((position, stored), answer)) = rows
        .next()
        .transpose()
        .map_err(|error| damage(path, error))?
    {
        let record = &stored.record;
        replay.answers.take(record, answer);
        let what = match replay.take(position, stored, &mut runs) {
            Ok(()) => {
                found = found || head == replay.end.at.as_ref();
                continue;
            }
            Err(what) => what,
        };
        return Err(JournalError::ChainBroken {
            path: path.to_owned(),
            what,
            position,
        });
    }
    check_cursor(connection, &replay.end, path)?;
    replay.tail_lost = head.filter(|_| !found).cloned();
    Ok(replay)
}

impl Replay {
    fn take(
        &mut self,
        position: i64,
        stored: Chained,
        runs: &mut Runs,
    ) -> Result<(), &'static str> {
        let Chained { record, hash } = stored;
        if !self.end.is_followed_by(&record) {
            return Err("the numbering has a gap");
        }
        let chained = self.end.chain(record);
        if position != self.end.position {
            return Err("a record is missing");
        }
        if chained.hash != hash {
            return Err("the record's hash is not its own");
        }
        if chained.record.seq == 1
            && runs.0.remove(chained.record.run.as_str()) != Some(position - 1)
        {
            return Err("the run is not where the list of runs says");
        }
        if chained.record.kind == DAY_OPENED {
            self.day = Some(position);
            self.records.clear();
        }
        self.records.push(chained);
        Ok(())
    }
}

/// Where each run begins, as the journal's own list says.
struct Runs(BTreeMap<String, i64>);

impl Runs {
    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare("SELECT run, before FROM run")?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<_>>().map(Self)
    }
}

/// Whether the head lagged behind what has been removed since; what is removed was acknowledged.
fn is_removed(head: &Position, anchor: &End) -> bool {
    anchor
        .at
        .as_ref()
        .is_some_and(|anchor| anchor.run == head.run && head.seq <= anchor.seq)
}

fn check_cursor(connection: &Connection, end: &End, path: &Path) -> Result<(), JournalError> {
    let (position, place) = rows::cursor(connection).map_err(|error| damage(path, error))?;
    let Some((run, seq)) = place else {
        return Ok(());
    };
    let held = rows::position_of(connection, &run, seq).map_err(|error| damage(path, error))?;
    if held == Some(position) {
        return Ok(());
    }
    let what = "the office acknowledged a record that is not there";
    Err(JournalError::ChainBroken {
        path: path.to_owned(),
        what,
        position: end.position,
    })
}

/// Answers in the order they were given. Those that are surely too old are let go on the way, so that weeks without the
/// office do not fill the memory. Age is counted as in `retention.rs`, up to the last trusted record.
#[derive(Debug, Default)]
pub(super) struct RecentAnswers(VecDeque<(Option<i64>, Answer)>);

impl RecentAnswers {
    fn take(&mut self, record: &Record, body: Option<String>) {
        if let (Some(cause), Some(body)) = (&record.cause, body) {
            self.0.push_back((
                None,
                Answer {
                    cause: cause.clone(),
                    body,
                },
            ));
        }
        let Some(now) = milliseconds(&record.at).filter(|_| record.trusted) else {
            return;
        };
        let undated = self
            .0
            .iter_mut()
            .rev()
            .take_while(|(given, _)| given.is_none());
        undated.for_each(|(given, _)| *given = Some(now));
        let oldest =
            now.saturating_sub(i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX));
        while self
            .0
            .front()
            .is_some_and(|(given, _)| given.is_some_and(|given| given < oldest))
        {
            self.0.pop_front();
        }
    }
}

/// The answers kept for repeats, with and without records: the first one to each key.
pub(super) fn answers(
    recent: RecentAnswers,
    connection: &Connection,
    path: &Path,
) -> Result<Vec<Answer>, JournalError> {
    let read = || {
        let mut statement = connection.prepare("SELECT cause, body FROM answer")?;
        let rows = statement.query_map((), |row| {
            Ok(Answer {
                cause: row.get(0)?,
                body: row.get(1)?,
            })
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let alone = read().map_err(|error| damage(path, error))?;
    let mut first = BTreeMap::new();
    for answer in recent.0.into_iter().map(|(_, answer)| answer).chain(alone) {
        first.entry(answer.cause).or_insert(answer.body);
    }
    Ok(first
        .into_iter()
        .map(|(cause, body)| Answer { cause, body })
        .collect())
}

/// The adopted collections, each with the digest it came with.
pub(super) fn collections(
    connection: &Connection,
    path: &Path,
) -> Result<Vec<StoredCollection>, JournalError> {
    let read = || {
        let mut statement = connection
            .prepare("SELECT name, version, sha256, etag, body FROM collection ORDER BY name")?;
        let rows = statement.query_map((), |row| {
            Ok(StoredCollection {
                name: row.get(0)?,
                version: rows::unsigned(row, 1)?,
                sha256: row.get(2)?,
                etag: row.get(3)?,
                body: row.get(4)?,
            })
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let stored = read().map_err(|error| damage(path, error))?;
    for collection in &stored {
        if !collection.is_whole() {
            let what = format!("collection {}", collection.name);
            return Err(JournalError::Damaged {
                path: path.to_owned(),
                what,
                source: None,
            });
        }
    }
    Ok(stored)
}

impl StoredCollection {
    /// Whether the body has the digest it came with.
    pub(super) fn is_whole(&self) -> bool {
        hex::encode(Sha256::digest(&self.body)) == self.sha256
    }
}
