//! Files and directories that only their owner sees, made so that a power cut leaves them whole or not there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What could not be done with which file.
#[derive(Debug)]
pub(crate) struct FileFault {
    pub(crate) doing: &'static str,
    pub(crate) path: PathBuf,
    pub(crate) source: io::Error,
}

impl FileFault {
    pub(crate) fn of(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self {
            doing,
            path,
            source,
        }
    }
}

/// Creates a directory that only its owner sees, with its parents.
pub(crate) fn create_directory(dir: &Path) -> Result<(), FileFault> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(FileFault::of("create", dir))
}

/// Writes a new file of mode 0600 that survives a power cut whole, or not at all.
pub(crate) fn create_durably(path: &Path, bytes: &[u8]) -> Result<(), FileFault> {
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
    write().map_err(FileFault::of("create", path))?;
    put_in_place(&draft, path)
}

/// Renames a finished, synced draft to its name, durably.
pub(crate) fn put_in_place(draft: &Path, path: &Path) -> Result<(), FileFault> {
    fs::rename(draft, path).map_err(FileFault::of("create", path))?;
    let dir = path
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(FileFault::of("sync", dir))
}
