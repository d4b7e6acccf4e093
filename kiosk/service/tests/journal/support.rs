//! A journal in a directory of its own, and records to put into it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::ids::{KioskId, RunId};
use domain::record::Record;
use kiosk::journal::{
    Answer, Batch, DeviceKey, Identity, Journal, JournalError, Mode, Opened, StoredCollection,
};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub const SECRET: [u8; 32] = [7; 32];
pub const SALT: [u8; 32] = [9; 32];

pub struct Place {
    pub dir: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self {
            dir: TempDir::new().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn open(&self) -> (Journal, Opened) {
        self.try_open().unwrap()
    }

    pub fn try_open(&self) -> Result<(Journal, Opened), JournalError> {
        open_at(self.dir.path())
    }

    /// Everything in the directory as a power cut would find it now.
    pub fn copy(&self) -> Self {
        let copy = Self::new();
        for entry in fs::read_dir(self.dir.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.dir.path().join(entry.file_name())).unwrap();
        }
        copy
    }

    /// What the files hold, as digests: not the lock, not the shared index that every start makes anew, nor an empty log.
    pub fn contents(&self) -> BTreeMap<&'static str, String> {
        ["journal.db", "journal.db-wal", "head"]
            .into_iter()
            .filter_map(|name| Some((name, fs::read(self.path(name)).ok()?)))
            .filter(|(_, bytes)| !bytes.is_empty())
            .map(|(name, bytes)| (name, hex(&Sha256::digest(bytes))))
            .collect()
    }

    /// The database as somebody with the key and ill will opens it. Also fixes how the key is derived.
    pub fn raw(&self) -> Connection {
        let mut key = [0; 48];
        hkdf::Hkdf::<Sha256>::new(Some(&SALT), &SECRET)
            .expand(b"genkan journal v1", &mut key)
            .unwrap();
        let connection = Connection::open(self.path("journal.db")).unwrap();
        connection
            .execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex(&key)))
            .unwrap();
        connection
    }
}

pub fn open_at(dir: &Path) -> Result<(Journal, Opened), JournalError> {
    Journal::open(dir, &key(), &identity("koto-1", Mode::Normal))
}

pub fn key() -> DeviceKey {
    DeviceKey::derive(&SECRET, &SALT)
}

pub fn identity(kiosk: &str, mode: Mode) -> Identity {
    Identity {
        kiosk: KioskId::from(kiosk),
        mode,
    }
}

pub fn run(name: &str) -> RunId {
    RunId::from(name)
}

/// A record as the desk writes them.
pub fn record(run: &str, seq: u64, kind: &str) -> Record {
    Record {
        run: run.into(),
        seq,
        at: format!(
            "2026-11-24T09:{:02}:{:02}.000+09:00",
            seq / 60 % 60,
            seq % 60
        ),
        uptime_ms: seq * 1000,
        trusted: true,
        cause: seq.is_multiple_of(2).then(|| format!("cause-{run}-{seq}")),
        kind: kind.to_owned(),
        body: format!(r#"{{"kind":"{kind}","visit":"visit-of-{run}-{seq}"}}"#),
    }
}

pub fn records(run: &str, seqs: std::ops::RangeInclusive<u64>) -> Vec<Record> {
    seqs.map(|seq| record(run, seq, "visit.started")).collect()
}

pub fn batch(records: Vec<Record>) -> Batch {
    Batch {
        records,
        ..Batch::default()
    }
}

pub fn answer(cause: &str, body: &str) -> Answer {
    Answer {
        cause: cause.to_owned(),
        body: body.to_owned(),
    }
}

pub fn collection(name: &str, version: u64, body: &str) -> StoredCollection {
    StoredCollection {
        name: name.to_owned(),
        version,
        sha256: hex(&Sha256::digest(body.as_bytes())),
        etag: Some(format!("\"{name}-{version}\"")),
        body: body.as_bytes().to_vec(),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The whole chain of an error's messages must not say anything twice, and must say what to do.
pub fn check_message(error: &JournalError, remedy: &str) {
    let message = error.to_string();
    assert!(message.contains(remedy), "{message}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert!(
            !message.contains(&cause.to_string()),
            "{message} repeats {cause}"
        );
        source = cause.source();
    }
}

/// Runs one of this program's ignored tests in a process of its own, under a shell that first does `setup`.
pub fn in_other_process(test: &str, dir: &Path, setup: &str) -> Output {
    let script = format!("{setup} exec \"$0\" --exact {test} --ignored --nocapture");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("GENKAN_TEST_DIR", dir)
        .output()
        .unwrap()
}

/// Where such a test finds its journal.
pub fn dir_from_parent() -> PathBuf {
    std::env::var_os("GENKAN_TEST_DIR")
        .expect("started by another test")
        .into()
}
