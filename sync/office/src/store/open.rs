//! Finding, creating and opening the database file and its key.

use super::StoreError;
use crate::secret::{random_hex, write_private};
use rusqlite::{Connection, OpenFlags};
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Each runs once, in order; one that has landed is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_time_and_attention.sql"),
    include_str!("migrations/0003_answered_calls.sql"),
    include_str!("migrations/0004_outings.sql"),
    include_str!("migrations/0005_attendance.sql"),
    include_str!("migrations/0006_consultation.sql"),
    include_str!("migrations/0007_no_show_penalty.sql"),
    include_str!("migrations/0008_call_list.sql"),
    include_str!("migrations/0009_reception.sql"),
    include_str!("migrations/0010_emergency.sql"),
    include_str!("migrations/0011_loans.sql"),
];

/// SQLCipher's start takes microseconds; past this it has failed.
const CIPHER_WAIT: Duration = Duration::from_secs(5);

/// Where the database lies, and what opens it.
pub(super) struct DatabaseFile {
    path: PathBuf,
    key: String,
}

impl DatabaseFile {
    pub(super) fn find_or_create(folder: &Path) -> Result<Self, StoreError> {
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Folder { path, source }
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(fault(folder))?;
        let (path, key_path) = (folder.join("office.db"), folder.join("office.key"));
        if !key_path.exists() {
            if path.exists() {
                return Err(StoreError::KeyMissing {
                    database: path,
                    key: key_path,
                });
            }
            write_private(&key_path, &random_hex::<32>()?).map_err(fault(&key_path))?;
        }
        let key = std::fs::read_to_string(&key_path)
            .map_err(fault(&key_path))?
            .trim()
            .to_owned();
        if key.len() != 64 || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(StoreError::KeyUnreadable { key: key_path });
        }
        Ok(Self { path, key })
    }

    pub(super) fn connect_writer(&self) -> Result<Connection, StoreError> {
        let mut connection =
            self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON;
             PRAGMA foreign_keys = ON;
             PRAGMA wal_autocheckpoint = 1000;",
        )?;
        self.migrate(&mut connection)?;
        Ok(connection)
    }

    pub(super) fn connect_reader(&self) -> Result<Connection, StoreError> {
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.execute_batch("PRAGMA query_only = ON;")?;
        Ok(connection)
    }

    fn connect(&self, flags: OpenFlags) -> Result<Connection, StoreError> {
        let connection =
            Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        self.unlock(&connection)?;
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            .map_err(|source| StoreError::WrongKey {
                database: self.path.clone(),
                source,
            })?;
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    /// Gives the connection its key. SQLite says that it is initialised a moment before SQLCipher within it is, and refuses a key in
    /// between: to whoever opens a database while another thread opens the process's first one.
    fn unlock(&self, connection: &Connection) -> rusqlite::Result<()> {
        let key = format!("PRAGMA key = \"x'{}'\";", self.key);
        let deadline = Instant::now() + CIPHER_WAIT;
        loop {
            match connection.execute_batch(&key) {
                Err(_) if Instant::now() < deadline => std::thread::yield_now(),
                done => return done,
            }
        }
    }

    fn migrate(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let done: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let done = usize::try_from(done).unwrap_or(usize::MAX);
        if done > MIGRATIONS.len() {
            return Err(StoreError::Newer {
                database: self.path.clone(),
                found: done,
                known: MIGRATIONS.len(),
            });
        }
        for (number, migration) in MIGRATIONS.iter().enumerate().skip(done) {
            tx.execute_batch(migration)?;
            tx.pragma_update(
                None,
                "user_version",
                i64::try_from(number + 1).unwrap_or(i64::MAX),
            )?;
        }
        tx.commit()?;
        Ok(())
    }
}
