//! What can go wrong with the journal, and what the person reading should do about it.

use domain::ids::{KioskId, RunId};
use std::io;
use std::path::PathBuf;

use super::Mode;

const NOT_TOUCHED: &str = "nothing in it was changed; copy its directory for the engineer, move it away, and start again: \
     the collections and what the office acknowledged today come back from the office";

/// Why the journal refused. A message never repeats its source: log the chain.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process holds the directory.
    #[error("the journal in {dir} is in use by {holder}; stop that service first, then start this one", holder = holder(*pid))]
    InUse {
        /// The journal's directory.
        dir: PathBuf,
        /// The process that holds it, where it told.
        pid: Option<u32>,
    },
    /// A file of the journal could not be read or written.
    #[error(
        "cannot {doing} {path}; check that the disk has room and that the service may write there"
    )]
    File {
        /// What was tried ("read", "create").
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("the system has no randomness for a key; restart the appliance")]
    Randomness(#[source] getrandom::Error),
    /// Half of the key is gone while there is a journal that needs it.
    #[error(
        "{path} is missing, and the journal in {dir} cannot be read without it; put the file back, or, if it is lost for ever, \
         move the journal's directory away and start again: the office has what it acknowledged"
    )]
    KeyMissing {
        /// The missing file.
        path: PathBuf,
        /// The journal's directory.
        dir: PathBuf,
    },
    /// A key file of the wrong length.
    #[error(
        "{path} has {length} bytes where a key file has 32; put the right file back, or remove it if there is no journal yet"
    )]
    KeyMalformed {
        /// The key file.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
    },
    /// Parts of a journal without the part that matters.
    #[error(
        "{missing} is missing although {found} is there; put it back, or move the directory away and start again: \
         the office has what it acknowledged"
    )]
    Incomplete {
        /// The missing database.
        missing: PathBuf,
        /// What was found beside it.
        found: PathBuf,
    },
    /// A file that is no encrypted database.
    #[error("{path} is not a journal; {NOT_TOUCHED}")]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// A file written with another key, or with none.
    #[error(
        "{path} was not written with this device's secret and this card's salt; put back the two key files that belong to it. \
         If they are lost: {NOT_TOUCHED}"
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// A page or table that does not check.
    #[error("{path} is damaged ({what}); {NOT_TOUCHED}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not check.
        what: String,
        /// What SQLite said, where it was SQLite that noticed.
        source: Option<rusqlite::Error>,
    },
    /// Records that do not follow from one another.
    #[error("{path} does not verify: {what} at position {position}; {NOT_TOUCHED}")]
    ChainBroken {
        /// The file.
        path: PathBuf,
        /// What does not follow.
        what: &'static str,
        /// The position of the first record that does not follow.
        position: i64,
    },
    /// Written by a newer version of this service.
    #[error(
        "{path} was written by a newer version (schema {found}, this one knows {known}); install that version or a later one"
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The schema's number in the file.
        found: i64,
        /// The latest this version knows.
        known: i64,
    },
    /// Another kiosk's journal.
    #[error(
        "{dir} is the journal of kiosk {stored}, and this is kiosk {asked}; set the kiosk's id back, or give this one a directory of its own"
    )]
    OtherKiosk {
        /// The journal's directory.
        dir: PathBuf,
        /// Whose journal it is.
        stored: KioskId,
        /// Who asked.
        asked: KioskId,
    },
    /// A rehearsal's journal opened for real, or the other way round.
    #[error(
        "{dir} is a journal of {stored} mode and cannot be opened in {asked} mode; set the mode back, or give this mode a directory of its own"
    )]
    OtherMode {
        /// The journal's directory.
        dir: PathBuf,
        /// How it was created.
        stored: Mode,
        /// How it was to be opened.
        asked: Mode,
    },
    /// A record that does not follow the last one: a defect of the caller, nothing was written.
    #[error("record {run}/{seq} does not follow {last}; nothing was written", last = after(last.as_ref()))]
    OutOfOrder {
        /// The run of the record refused.
        run: RunId,
        /// Its number.
        seq: u64,
        /// What it should have followed.
        last: Option<(RunId, u64)>,
    },
    /// A number beyond what the journal holds (2⁶³ − 1): a defect of the caller, nothing was written.
    #[error("{0} is too large for the journal; nothing was written")]
    TooLarge(u64),
    /// A collection whose bytes are not what its digest says; nothing was written.
    #[error("the collection {name} does not have the digest it came with; fetch it again")]
    CollectionDigest {
        /// The collection's name.
        name: String,
    },
    /// A place the journal does not hold, because it never did or no longer does.
    #[error("the journal has no record {run}/{seq} (any more); ask again from its own cursor")]
    NoSuchRecord {
        /// The run asked for.
        run: RunId,
        /// The number asked for.
        seq: u64,
    },
    /// An acknowledgement older than the one already stored; harmless.
    #[error("{run}/{seq} was already acknowledged; nothing to do")]
    AlreadyAcknowledged {
        /// The run acknowledged.
        run: RunId,
        /// The number acknowledged.
        seq: u64,
    },
    /// An earlier write failed, so what is on disk is known only after opening again.
    #[error("the journal stopped after a failed write; open it again")]
    Poisoned,
    /// SQLite refused.
    #[error("cannot {doing}; check that the disk has room and is healthy")]
    Storage {
        /// What was tried.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}

fn after(last: Option<&(RunId, u64)>) -> String {
    last.map_or_else(
        || "the journal's beginning".to_owned(),
        |(run, seq)| format!("{run}/{seq}"),
    )
}

/// Turns SQLite's refusals into the journal's, for `map_err`.
pub(super) fn storage(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> JournalError {
    move |source| JournalError::Storage { doing, source }
}
