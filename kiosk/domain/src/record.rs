//! A journal record and the chain that binds it to the one before.
//!
//! Kiosk and office must agree on these bytes for ever, so the hash covers length-prefixed fields and the event's exact JSON
//! text, never a re-serialisation of it.

use crate::ids::RunId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// SHA-256 of a record chained to its predecessor; 64 lower-case hexadecimal digits as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// Stands before the first record of a kiosk's first run.
    pub const GENESIS: Self = Self([0; 32]);

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Text that is not a chain hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a chain hash is 64 lower-case hexadecimal digits")]
pub struct NotAChainHash;

impl FromStr for ChainHash {
    type Err = NotAChainHash;

    fn from_str(text: &str) -> Result<Self, NotAChainHash> {
        lower_hex(text).map(Self).ok_or(NotAChainHash)
    }
}

/// 32 bytes written as 64 lower-case hexadecimal digits, the one way ours are written.
pub(crate) fn lower_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.bytes().any(|digit| digit.is_ascii_uppercase()) {
        return None;
    }
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

impl TryFrom<String> for ChainHash {
    type Error = NotAChainHash;

    fn try_from(text: String) -> Result<Self, NotAChainHash> {
        text.parse()
    }
}

impl From<ChainHash> for String {
    fn from(hash: ChainHash) -> Self {
        hash.to_string()
    }
}

/// Where a journal stands: a run, the number of its last record and that record's hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// The run.
    pub run: RunId,
    /// The last record's number within the run; the first is 1.
    pub seq: u64,
    /// That record's hash.
    pub hash: ChainHash,
}

/// One record of the journal, before or after it is chained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The run that wrote it.
    pub run: RunId,
    /// Its number within the run, from 1, without gaps.
    pub seq: u64,
    /// Wall time with offset, RFC 3339 with milliseconds.
    pub at: String,
    /// Milliseconds since the service's start, which no clock correction touches.
    pub uptime_ms: u64,
    /// Whether NTP or the real-time clock vouched for `at` (design section 4).
    pub trusted: bool,
    /// The idempotency key of the call that caused it.
    pub cause: Option<String>,
    /// The event's kind, as in its JSON.
    pub kind: String,
    /// The event as JSON text: exactly these bytes are hashed, stored and sent.
    pub body: String,
}

impl Record {
    /// This record's hash when it follows one with hash `previous`. The first record of a run follows the last of the run before.
    pub fn hash_after(&self, previous: &ChainHash) -> ChainHash {
        let mut digest = Sha256::new();
        digest.update(previous.as_bytes());
        digest.update(self.seq.to_be_bytes());
        digest.update(self.uptime_ms.to_be_bytes());
        digest.update([u8::from(self.trusted), u8::from(self.cause.is_some())]);
        let cause = self.cause.as_deref().unwrap_or_default();
        for field in [self.run.as_str(), &self.at, cause, &self.kind, &self.body] {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field.as_bytes());
        }
        ChainHash(digest.finalize().into())
    }
}

/// A record together with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chained {
    /// The record.
    pub record: Record,
    /// Its hash after the record before it.
    pub hash: ChainHash,
}

impl Chained {
    /// Where a journal stands whose last record this is.
    pub fn position(&self) -> Position {
        Position {
            run: self.record.run.clone(),
            seq: self.record.seq,
            hash: self.hash,
        }
    }
}
