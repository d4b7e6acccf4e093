//! The `head` file: where the journal stood after its last commit, told by somebody else.
//!
//! The journal cannot know that its own end is missing: what a card forgot, or a flipped bit cut off the write-ahead log, leaves a shorter
//! journal that is whole in itself. So the last position is written here too, in place and without waiting for the disk. It
//! may therefore lag behind; it can never be ahead, unless the journal lost something.
//!
//! One line of JSON within the first 512 bytes, so that it lies in one sector. It is read strictly: whatever would not be written exactly so
//! counts as unreadable.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use domain::ids::RunId;
use domain::record::{ChainHash, Position};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::JournalError;
use super::files::file_error;
use crate::private_file::create_durably;

const LINE: usize = 255;

/// What the `head` file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// There is none.
    Missing,
    /// There is one that nobody wrote: torn or damaged.
    Unreadable,
    /// The journal stood here; `seq` 0: it was empty.
    At(Position),
}

#[derive(Serialize, Deserialize)]
struct Line {
    run: RunId,
    seq: u64,
    hash: ChainHash,
    check: String,
}

/// Reads the file without changing it.
pub(super) fn read(path: &Path) -> Result<Head, JournalError> {
    match fs::read(path) {
        Ok(bytes) => Ok(parse(&bytes).map_or(Head::Unreadable, Head::At)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Head::Missing),
        Err(error) => Err(file_error("read", path)(error)),
    }
}

/// Puts a first head in place, durably, so that every later one only overwrites bytes the disk already has.
pub(super) fn create(path: &Path) -> Result<(), JournalError> {
    let empty = Position {
        run: RunId::from(""),
        seq: 0,
        hash: ChainHash::GENESIS,
    };
    let line = line(&empty).map_err(file_error("create", path))?;
    Ok(create_durably(path, line.as_bytes())?)
}

/// Writes positions over one another.
#[derive(Debug)]
pub(super) struct HeadWriter(File);

impl HeadWriter {
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path);
        open.map(Self).map_err(file_error("open", path))
    }

    pub fn write(&self, position: &Position) -> io::Result<()> {
        self.0.write_all_at(line(position)?.as_bytes(), 0)
    }

    /// Waits until the last position written is on the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

fn line(position: &Position) -> io::Result<String> {
    let Position { run, seq, hash } = position.clone();
    let digest = Sha256::digest(format!("genkan head v1 {run} {seq} {hash}"));
    let mut check = hex::encode(digest);
    check.truncate(16);
    let json = serde_json::to_string(&Line {
        run,
        seq,
        hash,
        check,
    })?;
    Ok(format!("{json:<LINE$}\n"))
}

fn parse(bytes: &[u8]) -> Option<Position> {
    let text = std::str::from_utf8(bytes).ok()?;
    let Line { run, seq, hash, .. } = serde_json::from_str(text).ok()?;
    let position = Position { run, seq, hash };
    (line(&position).ok()?.as_str() == text).then_some(position)
}
