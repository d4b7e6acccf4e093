//! Where the journal's files lie, and what is said of them when something cannot be done.

use std::io;
use std::path::{Path, PathBuf};

use super::JournalError;
use crate::private_file::FileFault;

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
    let fault = FileFault::of(doing, path);
    move |source| fault(source).into()
}

impl From<FileFault> for JournalError {
    fn from(fault: FileFault) -> Self {
        let FileFault {
            doing,
            path,
            source,
        } = fault;
        Self::File {
            doing,
            path,
            source,
        }
    }
}
