//! The office's database: one encrypted SQLite file, one writer, readers apart.
//!
//! Every change runs on the writer's thread in a transaction of its own ([`Store::write`]) and is durable when the call returns. Readers
//! see the last committed state ([`Store::read`]). Several processes may hold the file (the server and an import beside it): SQLite's
//! own locks keep them apart, and [`Store::changes`] tells the server of the others' commits too.

pub mod attendance;
pub mod attention;
pub mod audit;
pub mod call_list;
pub mod collections;
mod columns;
pub mod consultations;
pub mod emergencies;
pub mod figures;
pub mod loans;
pub mod members;
pub mod no_shows;
mod open;
pub mod places;
pub mod programme;
pub mod records;
pub mod reservations;
pub mod staff;
pub mod staffing;
mod times;
pub mod users;
mod visits;

use crate::clock::Clock;
use domain::reference::DateTime;
use link::collections::{CollectionError, CollectionName};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// How often the file is looked at for commits of another process.
const FOREIGN_COMMITS_EVERY: Duration = Duration::from_millis(500);

/// What can go wrong with the database itself.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or a file in it cannot be made or read.
    #[error("cannot use {}; check that it exists and belongs to the office's user", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is a database and no key.
    #[error("{} is there, its key {} is not; put the key back from the backup (without it the data cannot be read)", database.display(), key.display())]
    KeyMissing {
        /// The database.
        database: PathBuf,
        /// The key file.
        key: PathBuf,
    },
    /// The key file holds no key.
    #[error("{} is not a key of 64 hexadecimal digits; put the right one back from the backup", key.display())]
    KeyUnreadable {
        /// The key file.
        key: PathBuf,
    },
    /// The key does not open the database, or the file is damaged.
    #[error("{} cannot be opened with the key beside it; it was left as it is. Put back the matching key, or database and key from the backup", database.display())]
    WrongKey {
        /// The database.
        database: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// A later program wrote it.
    #[error("{} was written by a later version (schema {found}, this program knows {known}); install that version", database.display())]
    Newer {
        /// The database.
        database: PathBuf,
        /// Its schema.
        found: usize,
        /// The latest schema known here.
        known: usize,
    },
    /// A statement failed.
    #[error("the database refused a statement")]
    Sqlite(#[from] rusqlite::Error),
    /// What is stored cannot be read back.
    #[error("stored {what} cannot be understood")]
    Unreadable {
        /// Which kind of thing.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A content that the doors would not take.
    #[error(transparent)]
    Impossible(#[from] CollectionError),
    /// A collection that is kept item by item was set as a whole.
    #[error("{0} is not one document; change its entries by their own calls or by an import")]
    NotADocument(CollectionName),
    /// No randomness for keys and codes.
    #[error("the system has no randomness to give")]
    Randomness(#[from] getrandom::Error),
    /// The writer has stopped.
    #[error("the database is closed; the office is stopping")]
    Closed,
    /// The work on it broke off with a panic; its change was taken back.
    #[error(
        "this work on the database broke off and changed nothing; report the lines about a panic in the office's log"
    )]
    BrokenOff,
    /// A trial of writing took too long.
    #[error(
        "nothing can be written; look for a full or failing disk, or another program that holds the database"
    )]
    Slow,
}

impl StoreError {
    pub(crate) fn unreadable(
        what: &'static str,
    ) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> Self {
        move |source| Self::Unreadable { what, source }
    }
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The open database. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

struct Shared {
    clock: Clock,
    file: open::DatabaseFile,
    /// None only while closing.
    writer: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    changed: watch::Sender<u64>,
}

impl Drop for Shared {
    /// Waits until what was submitted is done and the file is closed, so that whoever opens it next finds it at rest.
    fn drop(&mut self) {
        self.readers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.writer = None;
        let thread = self.thread.take();
        let is_own = |thread: &JoinHandle<()>| thread.thread().id() == std::thread::current().id();
        if let Some(thread) = thread.filter(|thread| !is_own(thread)) {
            // A panic of the writer's was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// A change under way: one transaction.
pub struct Writing<'t> {
    pub(crate) tx: Transaction<'t>,
    now: DateTime,
    /// Collections this change has touched, with the version it makes.
    versions: BTreeMap<CollectionName, u64>,
}

impl Writing<'_> {
    /// The office's time when the change began.
    pub fn now(&self) -> DateTime {
        self.now
    }
}

impl Store {
    /// Opens or creates `office.db` and its key `office.key` in `folder`.
    ///
    /// # Errors
    /// [`StoreError`]; a file that cannot be opened is left as it is.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, StoreError> {
        let file = open::DatabaseFile::find_or_create(folder)?;
        let connection = file.connect_writer()?;
        let (writer, jobs) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("office-writer".into())
            .spawn(move || {
                let mut connection = connection;
                jobs.into_iter().for_each(|job| job(&mut connection));
            })
            .map_err(|source| StoreError::Folder {
                path: folder.to_owned(),
                source,
            })?;
        let (changed, _) = watch::channel(0);
        Ok(Self(Arc::new(Shared {
            clock,
            file,
            writer: Some(writer),
            thread: Some(thread),
            readers: Mutex::default(),
            changed,
        })))
    }

    /// The office's clock.
    pub fn clock(&self) -> Clock {
        self.0.clock
    }

    /// Says when something was committed, here or by another process; the number itself means nothing.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Makes a change: all of it durably, or none.
    ///
    /// # Errors
    /// Whatever `work` returns; then nothing was changed.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        // The caller may have gone; what is committed stays committed.
        self.submit(work, move |result| drop(answer.send(result)))?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// The same for programs without a runtime; in async code it holds up the thread.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_blocking<T, E>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = mpsc::channel();
        self.submit(work, move |result| drop(answer.send(result)))?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }

    /// Writes something that means nothing: whether a change would become durable now.
    ///
    /// # Errors
    /// It would not, or it takes longer than `at_most`.
    pub async fn try_to_write(&self, at_most: Duration) -> Result<(), StoreError> {
        let trial = self.write(|writing| {
            let sql = "INSERT INTO last_trial (only, at) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET at = excluded.at";
            writing.tx.execute(sql, [columns::moment(writing.now())])?;
            Ok(())
        });
        tokio::time::timeout(at_most, trial)
            .await
            .unwrap_or(Err(StoreError::Slow))
    }

    fn submit<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, E> + Send + 'static,
        answer: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), StoreError> {
        let (clock, changed) = (self.0.clock, self.0.changed.clone());
        let job: Job = Box::new(move |connection| {
            // The next change must not suffer for a fault in this one; unwinding rolls its transaction back.
            let result = catch_unwind(AssertUnwindSafe(|| in_transaction(connection, clock, work)))
                .unwrap_or_else(|_| Err(StoreError::BrokenOff.into()));
            if result.is_ok() {
                changed.send_modify(|count| *count += 1);
            }
            answer(result);
        });
        let writer = self.0.writer.as_ref().ok_or(StoreError::Closed)?;
        writer.send(job).map_err(|_| StoreError::Closed)
    }

    /// Reads the last committed state.
    ///
    /// # Errors
    /// Whatever `work` returns.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_blocking(work))
            .await
            .map_err(|_| StoreError::BrokenOff)?
    }

    /// The same for programs without a runtime.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_blocking<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = || {
            self.0
                .readers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let spare = idle().pop();
        let mut connection = match spare {
            Some(connection) => connection,
            None => self.0.file.connect_reader()?,
        };
        // One transaction, so that several statements see the same state.
        let result = connection
            .transaction()
            .map_err(StoreError::from)
            .map_err(E::from)
            .and_then(|tx| work(&tx));
        idle().push(connection);
        result
    }

    /// Looks for commits of other processes until dropped, and reports them through [`Store::changes`].
    ///
    /// # Errors
    /// The database cannot be read any more.
    pub async fn watch_foreign_commits(&self) -> Result<(), StoreError> {
        let mut connection = self.0.file.connect_reader()?;
        let mut seen = None;
        let mut ticks = tokio::time::interval(FOREIGN_COMMITS_EVERY);
        loop {
            ticks.tick().await;
            let look = move || {
                let version =
                    connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
                (connection, version)
            };
            let (back, version) = tokio::task::spawn_blocking(look)
                .await
                .map_err(|_| StoreError::Closed)?;
            connection = back;
            let version = version?;
            if seen
                .replace(version)
                .is_some_and(|before| before != version)
            {
                self.0.changed.send_modify(|count| *count += 1);
            }
        }
    }
}

fn in_transaction<T, E: From<StoreError>>(
    connection: &mut Connection,
    clock: Clock,
    work: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StoreError::from)?;
    let mut writing = Writing {
        tx,
        now: clock.now(),
        versions: BTreeMap::new(),
    };
    let value = work(&mut writing)?;
    writing.tx.commit().map_err(StoreError::from)?;
    Ok(value)
}

/// SQLite's integers are signed; ours here count up from zero.
pub(crate) fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn count(integer: i64) -> u64 {
    u64::try_from(integer).unwrap_or_default()
}
