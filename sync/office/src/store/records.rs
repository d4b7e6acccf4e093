//! Taking in what the kiosks report: one batch, one transaction (design section 7). What becomes of each record is
//! [`link::intake`]'s to say; here it is made durable.

use super::columns::moment;
use super::visits::Source;
use super::{StoreError, Writing, count, integer};
use domain::event::{Entry, Event, Stamp};
use domain::ids::{KioskId, RunId};
use domain::record::{ChainHash, Chained, Record};
use link::collections::sha256_hex;
use link::intake::{Decision, Incident, Ledger, intake};
use link::message::{Ack, Batch, KioskState, Quarantine, TodayRecords, WireRecord};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::str::FromStr;

/// What a batch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// To be published now that all is durable.
    pub ack: Ack,
    /// Records that are new.
    pub stored: usize,
    /// Records that went to quarantine.
    pub quarantined: usize,
    /// Incidents noticed.
    pub incidents: usize,
}

/// One kiosk's records, real or rehearsed.
struct Held<'a> {
    connection: &'a Connection,
    kiosk: &'a KioskId,
    rehearsal: bool,
}

impl Ledger for Held<'_> {
    type Error = StoreError;

    fn last(&self, run: &RunId) -> Result<Option<(u64, ChainHash)>, StoreError> {
        let sql = "SELECT through_seq, through_hash FROM run WHERE kiosk = ?1 AND rehearsal = ?2 AND run = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row: Option<(i64, String)> = statement
            .query_row(
                params![self.kiosk.as_str(), self.rehearsal, run.as_str()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        row.map(|(seq, hash)| Ok((count(seq), read_hash(&hash)?)))
            .transpose()
    }

    fn hash_at(&self, run: &RunId, seq: u64) -> Result<Option<ChainHash>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT hash FROM record WHERE kiosk = ?1 AND rehearsal = ?2 AND run = ?3 AND seq = ?4
             UNION ALL
             SELECT hash FROM quarantine WHERE kiosk = ?1 AND rehearsal = ?2 AND run = ?3 AND seq = ?4 AND holds_place = 1",
        )?;
        let row: Option<String> = statement
            .query_row(
                params![
                    self.kiosk.as_str(),
                    self.rehearsal,
                    run.as_str(),
                    integer(seq)
                ],
                |row| row.get(0),
            )
            .optional()?;
        row.map(|hash| read_hash(&hash)).transpose()
    }

    fn successors(&self, run: Option<&RunId>) -> Result<Vec<RunId>, StoreError> {
        let sql = "SELECT run FROM run WHERE kiosk = ?1 AND rehearsal = ?2 AND begun = 1 AND previous_run IS ?3 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = params![
            self.kiosk.as_str(),
            self.rehearsal,
            run.map(|run| run.as_str())
        ];
        let runs = statement.query_map(row, |row| row.get::<_, String>(0))?;
        Ok(runs
            .map(|run| run.map(RunId::from))
            .collect::<Result<_, _>>()?)
    }
}

fn read_hash(text: &str) -> Result<ChainHash, StoreError> {
    ChainHash::from_str(text).map_err(|error| StoreError::unreadable("chain hash")(error.into()))
}

impl Writing<'_> {
    /// Takes in a batch. Taking it in again changes nothing and gives the same ack.
    ///
    /// # Errors
    /// The database fails; then nothing was taken in and nothing may be acknowledged.
    pub fn take_in(&mut self, batch: &Batch) -> Result<Taken, StoreError> {
        let held = Held {
            connection: &self.tx,
            kiosk: &batch.kiosk,
            rehearsal: batch.rehearsal,
        };
        let outcome = intake(&held, batch)?;
        let source = Source {
            kiosk: &batch.kiosk,
            rehearsal: batch.rehearsal,
        };
        let (mut stored, mut quarantined) = (0, 0);
        for (event, decision) in &outcome.decisions {
            match decision {
                Decision::Store(entry) => {
                    self.store_record(&source, &event.chained)?;
                    self.hold_place(&source, &event.chained, Some(entry))?;
                    self.derive(&source, entry)?;
                    stored += 1;
                }
                Decision::AlreadyKnown => {}
                Decision::Quarantine(reason) => {
                    self.quarantine_record(&source, event, *reason)?;
                    if *reason != Quarantine::OtherHash {
                        self.hold_place(&source, &event.chained, None)?;
                    }
                    quarantined += 1;
                }
            }
        }
        for incident in &outcome.incidents {
            self.note_incident(&source, incident)?;
        }
        let last_at = outcome
            .decisions
            .last()
            .map(|(event, _)| event.chained.record.at.as_str());
        self.note_progress(batch, &outcome.ack, last_at)?;
        Ok(Taken {
            ack: outcome.ack,
            stored,
            quarantined,
            incidents: outcome.incidents.len(),
        })
    }

    fn store_record(&self, source: &Source<'_>, chained: &Chained) -> Result<(), StoreError> {
        let Chained { record, hash } = chained;
        self.tx
            .prepare_cached(
                "INSERT INTO record (kiosk, rehearsal, run, seq, at, uptime_ms, trusted, cause, kind, body, hash, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                record.run.as_str(),
                integer(record.seq),
                record.at,
                integer(record.uptime_ms),
                record.trusted,
                record.cause,
                record.kind,
                record.body,
                hash.to_string(),
                moment(self.now())
            ])?;
        Ok(())
    }

    /// The chain goes on from this record, whether it was stored or not. It never goes back: a record that was missing once and turned up
    /// after all lies before what is held.
    fn hold_place(
        &self,
        source: &Source<'_>,
        chained: &Chained,
        entry: Option<&Entry>,
    ) -> Result<(), StoreError> {
        let Chained { record, hash } = chained;
        let started = match entry.map(|entry| &entry.event) {
            Some(Event::RunStarted { previous, .. }) => {
                Some(previous.as_ref().map(|previous| previous.run.as_str()))
            }
            _ => None,
        };
        self.tx
            .prepare_cached(
                "INSERT INTO run (kiosk, rehearsal, run, through_seq, through_hash, begun, previous_run) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (kiosk, rehearsal, run) DO UPDATE SET
                     through_hash = CASE WHEN excluded.through_seq > through_seq THEN excluded.through_hash ELSE through_hash END,
                     through_seq = max(through_seq, excluded.through_seq),
                     begun = max(begun, excluded.begun), previous_run = coalesce(previous_run, excluded.previous_run)",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                record.run.as_str(),
                integer(record.seq),
                hash.to_string(),
                started.is_some(),
                started.flatten()
            ])?;
        Ok(())
    }

    fn quarantine_record(
        &self,
        source: &Source<'_>,
        event: &WireRecord,
        reason: Quarantine,
    ) -> Result<(), StoreError> {
        let payload = serde_json::to_vec(event)
            .map_err(|error| StoreError::unreadable("record")(error.into()))?;
        let Chained { record, hash } = &event.chained;
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO quarantine (kiosk, rehearsal, run, seq, hash, holds_place, reason, payload, sha256, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                record.run.as_str(),
                integer(record.seq),
                hash.to_string(),
                reason != Quarantine::OtherHash,
                super::columns::word(&reason)?,
                payload,
                sha256_hex(&payload),
                moment(self.now())
            ])?;
        Ok(())
    }

    /// Keeps a message on a kiosk's topic that is none of ours, whole.
    ///
    /// # Errors
    /// The database fails.
    pub fn quarantine_message(
        &self,
        kiosk: &KioskId,
        rehearsal: bool,
        reason: &str,
        payload: &[u8],
    ) -> Result<(), StoreError> {
        self.tx.execute(
            "INSERT OR IGNORE INTO quarantine (kiosk, rehearsal, holds_place, reason, payload, sha256, received_at)
             VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6)",
            params![kiosk.as_str(), rehearsal, reason, payload, sha256_hex(payload), moment(self.now())],
        )?;
        Ok(())
    }

    fn note_incident(&self, source: &Source<'_>, incident: &Incident) -> Result<(), StoreError> {
        let (kind, detail) = match incident {
            Incident::TailLost {
                run,
                stated,
                held,
                successor,
            } => (
                "tail_lost",
                format!("run {run}: {held} held here, its successor {successor} knows of {stated}"),
            ),
            Incident::ClonedCard { run, first, second } => (
                "cloned_card",
                format!("runs {first} and {second} both follow {run}"),
            ),
            Incident::HistoryDiffers {
                run,
                seq,
                successor,
            } => (
                "history_differs",
                format!("record {seq} of run {run} has another hash in {successor}"),
            ),
            Incident::NewJournal { run } => {
                ("new_journal", format!("run {run} begins a new journal"))
            }
            Incident::RecordsMissing { first } => (
                "records_missing",
                format!("what came before {first} is gone"),
            ),
        };
        self.tx.execute(
            "INSERT OR IGNORE INTO incident (kiosk, rehearsal, kind, detail, noticed_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![source.kiosk.as_str(), source.rehearsal, kind, detail, moment(self.now())],
        )?;
        Ok(())
    }

    fn note_progress(
        &self,
        batch: &Batch,
        ack: &Ack,
        last_at: Option<&str>,
    ) -> Result<(), StoreError> {
        let at_head = ack.run == batch.run && ack.through_seq >= batch.head_seq;
        let now = moment(self.now());
        // With nothing left to send the office is complete as of now; else as of the last record it holds.
        let through_at = if at_head { Some(now.as_str()) } else { last_at };
        self.tx
            .prepare_cached(
                "INSERT INTO kiosk (kiosk, rehearsal, online, last_seen, through_run, through_seq, through_at, head_run, head_seq)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (kiosk, rehearsal) DO UPDATE SET online = 1, last_seen = excluded.last_seen, through_run = excluded.through_run,
                     through_seq = excluded.through_seq, through_at = coalesce(excluded.through_at, through_at),
                     head_run = excluded.head_run, head_seq = excluded.head_seq",
            )?
            .execute(params![
                batch.kiosk.as_str(),
                batch.rehearsal,
                now,
                ack.run.as_str(),
                integer(ack.through_seq),
                through_at,
                batch.run.as_str(),
                integer(batch.head_seq)
            ])?;
        Ok(())
    }

    /// Forgets who was connected: after a start nobody is, until a kiosk is heard of.
    ///
    /// # Errors
    /// The database fails.
    pub fn forget_presence(&self) -> Result<(), StoreError> {
        self.tx
            .execute("UPDATE kiosk SET online = 0 WHERE online = 1", [])?;
        Ok(())
    }

    /// Notes whether a kiosk is connected.
    ///
    /// # Errors
    /// The database fails.
    pub fn note_presence(&self, kiosk: &KioskId, state: &KioskState) -> Result<(), StoreError> {
        let seen = state.online.then(|| moment(self.now()));
        self.tx
            .prepare_cached(
                "INSERT INTO kiosk (kiosk, rehearsal, online, version, last_seen) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (kiosk, rehearsal) DO UPDATE SET online = excluded.online, version = excluded.version,
                     last_seen = coalesce(excluded.last_seen, last_seen)",
            )?
            .execute(params![kiosk.as_str(), state.rehearsal, state.online, state.version, seen])?;
        Ok(())
    }
}

/// The cursor to send a kiosk that appears: how far its latest run is held. `None` for one that never sent anything.
///
/// # Errors
/// The database fails.
pub fn cursor(
    connection: &Connection,
    kiosk: &KioskId,
    rehearsal: bool,
) -> Result<Option<Ack>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT run, through_seq FROM run WHERE kiosk = ?1 AND rehearsal = ?2 ORDER BY id DESC LIMIT 1",
    )?;
    let row: Option<(String, i64)> = statement
        .query_row(params![kiosk.as_str(), rehearsal], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(row.map(|(run, seq)| Ack {
        run: run.into(),
        through_seq: count(seq),
        rejected: Vec::new(),
    }))
}

/// What is held of a kiosk from its latest `day.opened` on, in the journal's order: for a replaced kiosk, which so learns who is inside.
///
/// # Errors
/// The database fails.
pub fn today(
    connection: &Connection,
    kiosk: &KioskId,
    rehearsal: bool,
) -> Result<TodayRecords, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT run, seq, at, uptime_ms, trusted, cause, kind, body, hash FROM record
         WHERE kiosk = ?1 AND rehearsal = ?2
           AND id >= (SELECT max(id) FROM record WHERE kiosk = ?1 AND rehearsal = ?2 AND kind = 'day.opened')
         ORDER BY id",
    )?;
    let rows = statement.query_map(params![kiosk.as_str(), rehearsal], |row| {
        Ok((stored_record(row)?, row.get::<_, String>(8)?))
    })?;
    let events = rows
        .map(|row| {
            let (record, hash) = row?;
            Ok(WireRecord {
                kiosk: kiosk.clone(),
                chained: Chained {
                    record,
                    hash: read_hash(&hash)?,
                },
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(TodayRecords {
        kiosk: kiosk.clone(),
        rehearsal,
        events,
    })
}

/// What is held of a kiosk before this record, from the `day.opened` before it on, in the journal's order.
pub(super) fn day_before(
    connection: &Connection,
    source: &Source<'_>,
    record: &Stamp,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "WITH this (id) AS (SELECT id FROM record WHERE kiosk = ?1 AND rehearsal = ?2 AND run = ?3 AND seq = ?4)
         SELECT run, seq, at, uptime_ms, trusted, cause, kind, body, hash FROM record, this
         WHERE kiosk = ?1 AND rehearsal = ?2 AND record.id < this.id
           AND record.id >= coalesce((SELECT max(record.id) FROM record, this
                   WHERE kiosk = ?1 AND rehearsal = ?2 AND kind = 'day.opened' AND record.id < this.id), 0)
         ORDER BY record.id",
    )?;
    let this = params![
        source.kiosk.as_str(),
        source.rehearsal,
        record.run.as_str(),
        integer(record.seq)
    ];
    statement
        .query_map(this, stored_record)?
        .map(|row| read_entry(&row?))
        .collect()
}

/// A record as the event it holds.
pub(super) fn read_entry(record: &Record) -> Result<Entry, StoreError> {
    Entry::from_record(record).map_err(|error| StoreError::unreadable("record")(error.into()))
}

/// A record from the first eight columns of a row: run, seq, at, uptime_ms, trusted, cause, kind, body.
pub(super) fn stored_record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        run: row.get::<_, String>(0)?.into(),
        seq: count(row.get(1)?),
        at: row.get(2)?,
        uptime_ms: count(row.get(3)?),
        trusted: row.get(4)?,
        cause: row.get(5)?,
        kind: row.get(6)?,
        body: row.get(7)?,
    })
}

impl Writing<'_> {
    /// Builds the visits again from the records alone; they come out the same.
    ///
    /// # Errors
    /// The database fails.
    pub fn rebuild_visits(&mut self) -> Result<(), StoreError> {
        self.tx.execute_batch(
            "DELETE FROM visit; DELETE FROM attendance; DELETE FROM consultation; DELETE FROM loan; DELETE FROM staffing_alarm; DELETE FROM reception_alarm; DELETE FROM reservation_news; DELETE FROM door_closure;",
        )?;
        let mut statement = self
            .tx
            .prepare("SELECT run, seq, at, uptime_ms, trusted, cause, kind, body, hash, kiosk, rehearsal FROM record ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let record = stored_record(row)?;
            let entry = read_entry(&record)?;
            let kiosk = KioskId::from(row.get::<_, String>(9)?);
            self.derive(
                &Source {
                    kiosk: &kiosk,
                    rehearsal: row.get(10)?,
                },
                &entry,
            )?;
        }
        Ok(())
    }
}
