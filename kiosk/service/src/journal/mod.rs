//! The journal: what happened at this door, in order, encrypted, and so that a gap or a change shows.
//!
//! One append-only table in an SQLite database under SQLCipher. It is the desk's memory (replay), the sync's outbox (one
//! cursor) and the record of what the centre promised, so nothing is answered before it is here. It knows nothing of what an event
//! means: an event is its kind and its JSON text. One exception, [`DAY_OPENED`], says where replay starts and what must be kept.
//!
//! - **Written by one.** The desk owns the [`Journal`]; a lock keeps other processes out. The sync reads through a [`JournalReader`].
//! - **All or nothing.** A [`Batch`] is one transaction and one wait for the disk. After a failed write the journal is
//!   poisoned: what reached the disk is known only after opening it again.
//! - **Nothing is mended.** Opening proves every page, the chain of hashes and the collections' digests before anything is written. What
//!   does not verify is an error that names the remedy, and its files stay as they are, byte for byte.
//! - **A lost end shows.** A shorter journal is whole in itself; the `head` file tells that it was longer ([`Opened::tail_lost`]).
//! - **Forgetting is guarded** by the database's own triggers: see `retention.rs` and the schema in `migrations/`.
//!
//! Rejected: a rollback journal (two more waits for the disk in each commit); a log file of our own (SQLite's recovery
//! is proven, ours would not be); SQLCipher's `cipher_memory_security` (it locks and wipes every allocation, while the same facts stand in the
//! desk's memory anyway); a copy of a damaged file made by the service (a card that fails is not a place to write more).

mod error;
mod files;
mod head;
mod identity;
mod key;
mod lock;
mod reader;
mod replay;
mod retention;
mod rows;
mod schema;
mod store;

pub use error::JournalError;
pub use identity::{Identity, Mode};
pub use key::DeviceKey;
pub use reader::{JournalReader, Pending};
pub use retention::{ANSWERS_KEPT, Pruned};

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use domain::ids::RunId;
use domain::record::{Chained, Position, Record};
use rusqlite::Connection;

use crate::private_file::create_directory;
use error::storage;
use files::Files;
use head::{Head, HeadWriter};
use lock::DirectoryLock;
use rows::End;
use schema::Access;

/// The kind of the event that carries all that is still open, and with which replay starts (design section 3).
pub const DAY_OPENED: &str = "day.opened";

/// Commits between two checkpoints: rare enough to stay clear of the 99th percentile, often enough for a log of about 2 MB.
const CHECKPOINT_EVERY: u32 = 160;

/// What goes into the journal together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The events, already numbered: each the next of its run, or number 1 of a new run.
    pub records: Vec<Record>,
    /// The first answers to idempotency keys. Should a key come again, its first answer counts at the next opening.
    pub answers: Vec<Answer>,
    /// The collections adopted by these events; each replaces the one of its name.
    pub collections: Vec<StoredCollection>,
    /// What the office is known to hold from now on.
    pub acknowledged: Option<Acknowledged>,
}

/// A place in this journal up to which the office holds everything durably, found by [`Journal::acknowledgement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    position: i64,
    run: RunId,
    seq: u64,
}

/// The first answer given to an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The key.
    pub cause: String,
    /// The answer as JSON text.
    pub body: String,
}

/// A collection as the office sent it (design section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCollection {
    /// Its name (`members`).
    pub name: String,
    /// Its version at the office.
    pub version: u64,
    /// SHA-256 of `body`, 64 lower-case hexadecimal digits. Anything else is refused, at writing and at opening.
    pub sha256: String,
    /// The entity tag to ask for news with.
    pub etag: Option<String>,
    /// Its content.
    pub body: Vec<u8>,
}

/// What a journal held when it was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whether it was created just now.
    pub created: bool,
    /// The stored mode: a rehearsal's clock goes on with the offset it was created with.
    pub mode: Mode,
    /// Its last record, also when that has been removed since.
    pub last: Option<Position>,
    /// Where it once stood according to its `head` file, when it holds no such record: its end was lost, or it was exchanged for another.
    /// Told at each opening until the next [`Journal::append`].
    pub tail_lost: Option<Position>,
    /// The `head` file is damaged, or missing beside records: a lost end would not show.
    pub head_unreadable: bool,
    /// The latest [`DAY_OPENED`] record and all after it; all records where no day was opened yet.
    pub replay: Vec<Chained>,
    /// The first answers of [`ANSWERS_KEPT`] before the last trusted record, and perhaps older ones, by key.
    pub answers: Vec<Answer>,
    /// The adopted collections, by name.
    pub collections: Vec<StoredCollection>,
    /// The last record the office has acknowledged.
    pub cursor: Option<(RunId, u64)>,
}

/// The journal, as its only writer has it. Its calls wait for the disk.
#[derive(Debug)]
pub struct Journal {
    // Dropped in this order: the connection before the lock.
    connection: Connection,
    head: HeadWriter,
    files: Files,
    key: DeviceKey,
    end: End,
    day: Option<i64>,
    commits: u32,
    poisoned: bool,
    _lock: DirectoryLock,
}

impl Journal {
    /// Opens the journal in `dir`, or creates it where there is none, and verifies all of it.
    ///
    /// # Errors
    ///
    /// One variant of [`JournalError`] for each reason, naming the remedy. Whatever the reason, an existing file has not been changed.
    pub fn open(
        dir: &Path,
        key: &DeviceKey,
        identity: &Identity,
    ) -> Result<(Self, Opened), JournalError> {
        create_directory(dir)?;
        let files = Files::of(dir);
        let lock = DirectoryLock::take(&files)?;
        let created = !files::exists(&files.database)?;
        if created {
            if let Some(found) = files.trace()? {
                return Err(JournalError::Incomplete {
                    missing: files.database.clone(),
                    found: found.to_owned(),
                });
            }
            schema::create(&files, key, identity)?;
        }
        schema::check_key(&files.database, key)?;
        let mut connection = schema::connect(&files.database, key, Access::Write)
            .map_err(|error| schema::damage(&files.database, error))?;
        let version = schema::version(&connection, &files.database)?;
        let mode = identity.check(&connection, &files)?;
        schema::check_pages(&connection, &files.database)?;
        schema::migrate(&mut connection, version)?;

        let head = head::read(&files.head)?;
        let replay = replay::replay(&connection, &files.database, &head)?;
        let opened = Opened {
            created,
            mode,
            last: replay.end.at.clone(),
            tail_lost: replay.tail_lost,
            head_unreadable: head == Head::Unreadable
                || (head == Head::Missing && replay.end.position > 0),
            replay: replay.records,
            answers: replay::answers(replay.answers, &connection, &files.database)?,
            collections: replay::collections(&connection, &files.database)?,
            cursor: rows::cursor(&connection)
                .map_err(storage("read the journal"))?
                .1,
        };
        if head == Head::Missing && replay.end.position == 0 {
            head::create(&files.head)?;
        }
        let head = HeadWriter::open(&files.head)?;
        let (end, day, key) = (replay.end, replay.day, key.clone());
        let journal = Self {
            connection,
            head,
            files,
            key,
            end,
            day,
            commits: 0,
            poisoned: false,
            _lock: lock,
        };
        Ok((journal, opened))
    }

    /// Whether a journal, or a part of one, lies in `dir`.
    ///
    /// # Errors
    ///
    /// [`JournalError::File`]: it cannot be seen.
    pub fn exists(dir: &Path) -> Result<bool, JournalError> {
        Ok(Files::of(dir).trace()?.is_some())
    }

    /// Makes a batch durable: one transaction, one wait for the disk. Gives its records with their hashes.
    ///
    /// # Errors
    ///
    /// [`JournalError::OutOfOrder`], [`JournalError::TooLarge`], [`JournalError::CollectionDigest`]: the batch is at fault, nothing was written.
    /// [`JournalError::Storage`]: nothing of it may be promised, and the journal is poisoned. [`JournalError::Poisoned`]: it was already.
    pub fn append(&mut self, batch: Batch) -> Result<Vec<Chained>, JournalError> {
        self.usable()?;
        let Batch {
            records,
            answers,
            collections,
            acknowledged,
        } = batch;
        let (chained, end) = self.chain(records)?;
        if let Some(broken) = collections.iter().find(|collection| !collection.is_whole()) {
            return Err(JournalError::CollectionDigest {
                name: broken.name.clone(),
            });
        }
        for collection in &collections {
            rows::column(collection.version)?;
        }
        if chained.is_empty()
            && answers.is_empty()
            && collections.is_empty()
            && acknowledged.is_none()
        {
            return Ok(chained);
        }
        let first = self.end.position + 1;
        store::store(
            &mut self.connection,
            first,
            &chained,
            &answers,
            &collections,
            acknowledged.as_ref(),
        )
        .map_err(|source| {
            self.poisoned = true;
            JournalError::Storage {
                doing: "write to the journal",
                source,
            }
        })?;
        self.commits += 1;
        let opened = (first..)
            .zip(&chained)
            .filter(|(_, chained)| chained.record.kind == DAY_OPENED)
            .map(|(at, _)| at);
        self.day = opened.last().or(self.day);
        if end != self.end {
            self.end = end;
            self.write_head();
        }
        Ok(chained)
    }

    /// Moves the cursor to the last record the office holds durably, in a transaction of its own. The same place again changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Journal::acknowledgement`] and [`Journal::append`].
    pub fn acknowledge(&mut self, run: &RunId, through_seq: u64) -> Result<(), JournalError> {
        let acknowledged = self.acknowledgement(run, through_seq)?;
        self.append(Batch {
            acknowledged,
            ..Batch::default()
        })
        .map(drop)
    }

    /// What an acknowledgement through this record moves the cursor to, for a [`Batch`] to take along; `None` where it stands already.
    ///
    /// # Errors
    ///
    /// [`JournalError::NoSuchRecord`] for a record that does not exist, [`JournalError::AlreadyAcknowledged`] for one before the
    /// cursor, [`JournalError::Storage`] when the journal cannot be read; nothing is changed.
    pub fn acknowledgement(
        &self,
        run: &RunId,
        through_seq: u64,
    ) -> Result<Option<Acknowledged>, JournalError> {
        self.usable()?;
        let position = rows::position_of(&self.connection, run, through_seq)
            .map_err(storage("read the journal"))?;
        let (cursor, _) = rows::cursor(&self.connection).map_err(storage("read the journal"))?;
        let (run, seq) = (run.clone(), through_seq);
        let Some(position) = position else {
            return Err(JournalError::NoSuchRecord { run, seq });
        };
        if position < cursor {
            return Err(JournalError::AlreadyAcknowledged { run, seq });
        }
        rows::column(seq)?;
        Ok((position > cursor).then_some(Acknowledged { position, run, seq }))
    }

    /// Whether something can be written: the schema's version once more. For a journal that was opened again after a failed write.
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`], which poisons.
    pub fn try_to_write(&mut self) -> Result<(), JournalError> {
        self.usable()?;
        let name = "user_version";
        let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let version = self.connection.pragma_query_value(None, name, read);
        let written =
            version.and_then(|version| self.connection.pragma_update(None, name, version));
        self.commits += 1;
        written.map_err(|source| {
            self.poisoned = true;
            JournalError::Storage {
                doing: "write to the journal",
                source,
            }
        })
    }

    /// Removes a few hundred records that were acknowledged *and* are older than `retention` *and* lie before the latest
    /// [`DAY_OPENED`], and answers without
    /// record older than [`ANSWERS_KEPT`]. To be called with a trusted `now` when nobody waits, again while [`Pruned::more`].
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`], which poisons; [`JournalError::Poisoned`].
    pub fn prune(
        &mut self,
        now: DateTime<FixedOffset>,
        retention: Duration,
    ) -> Result<Pruned, JournalError> {
        self.usable()?;
        // A head that lagged behind what is removed could no longer be checked.
        self.head
            .sync()
            .map_err(files::file_error("sync", &self.files.head))?;
        let pruned = retention::prune(&mut self.connection, self.day.unwrap_or(0), now, retention)
            .map_err(|source| {
                self.poisoned = true;
                JournalError::Storage {
                    doing: "remove old records from the journal",
                    source,
                }
            })?;
        self.commits += 1;
        Ok(pruned)
    }

    /// Keeps the write-ahead log short. For the desk to call when it has answered everybody; mostly there is nothing to do.
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`]; everything is still in the log, and nothing is lost.
    pub fn tidy(&mut self) -> Result<(), JournalError> {
        if self.poisoned || self.commits < CHECKPOINT_EVERY {
            return Ok(());
        }
        self.commits = 0;
        self.connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
            .map_err(storage("move the journal's log into its database"))
    }

    /// Where the journal stands; `None` before its first record.
    pub fn last(&self) -> Option<&Position> {
        self.end.at.as_ref()
    }

    /// Whether an earlier write failed. Everything that writes is refused until the journal is dropped and opened again.
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// A reader for the sync.
    ///
    /// # Errors
    ///
    /// [`JournalError::Storage`] when the file cannot be opened once more.
    pub fn reader(&self) -> Result<JournalReader, JournalError> {
        JournalReader::open(self.files.database.clone(), self.key.clone())
    }

    fn usable(&self) -> Result<(), JournalError> {
        if self.poisoned {
            Err(JournalError::Poisoned)
        } else {
            Ok(())
        }
    }

    fn chain(&self, records: Vec<Record>) -> Result<(Vec<Chained>, End), JournalError> {
        let mut end = self.end.clone();
        let mut begun = BTreeSet::new();
        let mut chained = Vec::with_capacity(records.len());
        for record in records {
            rows::column(record.seq).and(rows::column(record.uptime_ms))?;
            let begins_once = record.seq != 1
                || (begun.insert(record.run.clone()) && !self.knows(&record.run)?);
            if !begins_once || !end.is_followed_by(&record) {
                let last = end.at.map(|last| (last.run, last.seq));
                return Err(JournalError::OutOfOrder {
                    run: record.run,
                    seq: record.seq,
                    last,
                });
            }
            chained.push(end.chain(record));
        }
        Ok((chained, end))
    }

    fn knows(&self, run: &RunId) -> Result<bool, JournalError> {
        let read = || {
            self.connection
                .prepare_cached("SELECT 1 FROM run WHERE run = ?1")?
                .exists([run.as_str()])
        };
        read().map_err(storage("read the journal"))
    }

    /// The commit stands whether or not this succeeds; a head that lags behind is no fault.
    fn write_head(&self) {
        let Some(position) = &self.end.at else { return };
        if let Err(error) = self.head.write(position) {
            tracing::warn!(%error, "the journal's head file could not be written");
        }
    }
}
