//! The journal's files, and how one is created so that it is either whole or not there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::JournalError;

/// Where everything lies in a journal's directory.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub dir: PathBuf,
    pub database: PathBuf,
    pub wal: PathBuf,
    pub head: PathBuf,
    pub lock: PathBuf,
}

impl Files {
    pub fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            database: dir.join("journal.db"),
            wal: dir.join("journal.db-wal"),
            head: dir.join("head"),
            lock: dir.join("lock"),
        }
    }

    /// A file that only an existing journal leaves behind.
    pub fn trace(&self) -> Result<Option<&Path>, JournalError> {
        for path in [&self.database, &self.wal, &self.head] {
            if exists(path)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}

/// Whether there is something at `path`; what cannot be seen is an error, never "no".
pub(super) fn exists(path: &Path) -> Result<bool, JournalError> {
    path.try_exists().map_err(file_error("read", path))
}

pub(super) fn file_error(
    doing: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_owned();
    move |source| JournalError::File {
        doing,
        path,
        source,
    }
}

/// Creates a directory that only its owner sees, with its parents.
pub(super) fn create_directory(dir: &Path) -> Result<(), JournalError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(file_error("create", dir))
}

/// Writes a new file of mode 0600 that survives a power cut whole, or not at all.
pub(super) fn create_durably(path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let draft = path.with_added_extension("new");
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(file_error("create", path))?;
    put_in_place(&draft, path)
}

/// Renames a finished, synced draft to its name, durably.
pub(super) fn put_in_place(draft: &Path, path: &Path) -> Result<(), JournalError> {
    fs::rename(draft, path).map_err(file_error("create", path))?;
    let dir = path
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(file_error("sync", dir))
}
