//! Creating, opening and migrating the encrypted database.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::storage;
use super::files::{Files, file_error};
use super::{DeviceKey, Identity, JournalError};
use crate::private_file::put_in_place;

/// Numbered from 1; see `migrations/NOTES.md`.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_journal.sql")];

/// SQLCipher's page, and so the least that a journal can be.
const PAGE: u64 = 4096;

/// SQLCipher's start takes microseconds; past this it has failed.
const CIPHER_WAIT: Duration = Duration::from_secs(5);

/// The checkpoint that normally keeps the log short is [`super::Journal::tidy`]; 1,000 pages is for a desk that never gets to it.
const SETTINGS: &str = "
    PRAGMA cipher_log_level = NONE;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 4194304;
    PRAGMA busy_timeout = 5000;
";

/// Who uses a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    Read,
}

/// Makes a complete, empty journal under its name, or nothing at all.
pub(super) fn create(
    files: &Files,
    key: &DeviceKey,
    identity: &Identity,
) -> Result<(), JournalError> {
    let draft = files.database.with_added_extension("new");
    for suffix in ["new", "new-journal", "new-wal", "new-shm"] {
        let left_over = files.database.with_added_extension(suffix);
        match fs::remove_file(&left_over) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(file_error("remove", &left_over)(error));
            }
            _ => {}
        }
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .map_err(file_error("create", &draft))?;
    fill(&draft, key, identity).map_err(storage("create the journal"))?;
    File::open(&draft)
        .and_then(|file| file.sync_all())
        .map_err(file_error("sync", &draft))?;
    Ok(put_in_place(&draft, &files.database)?)
}

fn fill(draft: &Path, key: &DeviceKey, identity: &Identity) -> rusqlite::Result<()> {
    let mut connection = connect(draft, key, Access::Write)?;
    apply_migrations(&mut connection, 0)?;
    identity.store(&connection)?;
    // Checkpoints on closing, so that the one file is all there is.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)
}

/// A connection that leaves the log as it found it when it closes.
pub(super) fn connect(
    path: &Path,
    key: &DeviceKey,
    access: Access,
) -> rusqlite::Result<Connection> {
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    unlock(&connection, key)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// Gives the connection its key. SQLite says that it is initialised a moment before SQLCipher within it is, and refuses a key in
/// between: to whoever opens a database while another thread opens the process's first one.
fn unlock(connection: &Connection, key: &DeviceKey) -> rusqlite::Result<()> {
    let deadline = Instant::now() + CIPHER_WAIT;
    loop {
        match connection.execute_batch(&key.pragma()) {
            Err(_) if Instant::now() < deadline => thread::yield_now(),
            done => return done,
        }
    }
}

/// Refuses what this key did not write, by the bytes it begins with.
pub(super) fn check_key(path: &Path, key: &DeviceKey) -> Result<(), JournalError> {
    let mut file = File::open(path).map_err(file_error("read", path))?;
    let length = file.metadata().map_err(file_error("read", path))?.len();
    let mut start = [0; 16];
    if length < PAGE {
        return Err(JournalError::NotAJournal {
            path: path.to_owned(),
        });
    }
    file.read_exact(&mut start)
        .map_err(file_error("read", path))?;
    if &start == b"SQLite format 3\0" {
        return Err(JournalError::NotAJournal {
            path: path.to_owned(),
        });
    }
    if start != key.file_salt() {
        return Err(JournalError::WrongKey {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// Reads every table's structure; anything that does not check is damage.
pub(super) fn check_pages(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let found = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get::<_, String>(0));
    match found {
        Ok(answer) if answer == "ok" => Ok(()),
        Ok(answer) => Err(JournalError::Damaged {
            path: path.to_owned(),
            what: answer,
            source: None,
        }),
        Err(error) => Err(damage(path, error)),
    }
}

/// Tells damage from a disk that only refuses to work just now.
pub(super) fn damage(path: &Path, source: rusqlite::Error) -> JournalError {
    let passing = matches!(
        source.sqlite_error_code(),
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::OutOfMemory
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
        )
    );
    if passing {
        return storage("read the journal")(source);
    }
    JournalError::Damaged {
        path: path.to_owned(),
        what: "a page does not check".to_owned(),
        source: Some(source),
    }
}

/// The schema's number, once it is known that this version can read it.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<usize, JournalError> {
    let found: i64 = connection
        .query_row("PRAGMA user_version", (), |row| row.get(0))
        .map_err(|error| damage(path, error))?;
    match usize::try_from(found) {
        Ok(version) if (1..=MIGRATIONS.len()).contains(&version) => Ok(version),
        Ok(version) if version > MIGRATIONS.len() => Err(JournalError::NewerSchema {
            path: path.to_owned(),
            found,
            known: MIGRATIONS.len() as i64,
        }),
        _ => Err(JournalError::NotAJournal {
            path: path.to_owned(),
        }),
    }
}

/// Brings an older schema up to date.
pub(super) fn migrate(connection: &mut Connection, from: usize) -> Result<(), JournalError> {
    apply_migrations(connection, from).map_err(storage("bring the journal up to this version"))
}

fn apply_migrations(connection: &mut Connection, from: usize) -> rusqlite::Result<()> {
    for (sql, number) in MIGRATIONS.iter().zip(1_i64..).skip(from) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}
