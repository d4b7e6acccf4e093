//! One process to a journal: an advisory lock that the kernel takes back when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;

use super::JournalError;
use super::files::{Files, file_error};

/// Held for as long as it lives.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    file: File,
}

impl DirectoryLock {
    pub fn take(files: &Files) -> Result<Self, JournalError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&files.lock)
            .map_err(file_error("open", &files.lock))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::InUse {
                    dir: files.dir.clone(),
                    pid: pid_in(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(file_error("lock", &files.lock)(source));
            }
        }
        // The number only helps the next reader's message, so a full disk must not stop the start here.
        let told = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(error) = told {
            tracing::warn!(%error, "the journal's lock file does not name this process");
        }
        Ok(Self { file })
    }
}

impl Drop for DirectoryLock {
    fn drop(&mut self) {
        // Closing alone would leave it held by a child that is just being started and has not let go of its copy yet.
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the journal's lock could not be given back");
        }
    }
}

fn pid_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
