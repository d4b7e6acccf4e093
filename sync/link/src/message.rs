//! What is said on the topics, as JSON, and how much of it.
//!
//! Reading is total: whatever the bytes, [`decode`] gives a message or a [`WireError`], and never works longer than the bytes are.
//! Unknown members are skipped, so that a newer program may say more; a member never changes its meaning.

use crate::envelope::CloudEvent;
use crate::topics::{NotAKioskId, check_kiosk_id};
use chrono::{DateTime, FixedOffset};
use domain::ids::{EquipmentId, KioskId, RunId};
use domain::record::{Chained, Position};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use utoipa::ToSchema;

/// Aim for the size of a [`Batch`] in bytes. A single record that is larger still goes alone.
pub const MAX_BATCH: usize = 64 * 1024;

/// Largest MQTT packet in bytes, for both directions.
pub const MAX_PACKET: usize = 256 * 1024;

/// Largest message in bytes: a packet less its topic and properties.
pub const MAX_MESSAGE: usize = MAX_PACKET - 1024;

/// Largest answer with today's records in bytes ([`TodayRecords`]).
pub const MAX_TODAY: usize = 64 * 1024 * 1024;

const RUN_ID_LENGTH: usize = 64;

/// Consecutive records on their way to the office; without records it is the heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Batch {
    /// The kiosk, as in the topic.
    pub kiosk: KioskId,
    /// The run that the kiosk is in.
    pub run: RunId,
    /// The last record of that run: how far the office could be.
    pub head_seq: u64,
    /// Whether people are only trying things: such records have their own place at the office (design section 4).
    pub rehearsal: bool,
    /// The first record the kiosk still has. What came before can no longer be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Place>,
    /// The records, in the order of the journal; they may run over several runs.
    #[schema(value_type = Vec<CloudEvent>)]
    pub events: Vec<WireRecord>,
}

/// How full the battery of a lent PC is, as the program on it says. Of a message that is lost the next one says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChargeReport {
    /// The PC, by its id in the collection `equipment`.
    pub equipment: EquipmentId,
    /// Per cent, at most 100.
    pub percent: u8,
}

/// A record's place in a kiosk's journal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// The run.
    pub run: RunId,
    /// The number within the run, from 1.
    pub seq: u64,
}

impl Place {
    /// The place of a record.
    pub fn of(chained: &Chained) -> Self {
        Self {
            run: chained.record.run.clone(),
            seq: chained.record.seq,
        }
    }
}

impl From<&Position> for Place {
    fn from(position: &Position) -> Self {
        Self {
            run: position.run.clone(),
            seq: position.seq,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.run, self.seq)
    }
}

/// A record as it travels: a CloudEvent, see [`CloudEvent`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CloudEvent", into = "CloudEvent")]
pub struct WireRecord {
    /// The kiosk whose journal holds it.
    pub kiosk: KioskId,
    /// The record and its hash, byte for byte as journalled.
    pub chained: Chained,
}

/// How far the office holds a kiosk's records durably. Only this moves the kiosk's cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ack {
    /// The run.
    pub run: RunId,
    /// The last of its records that is held, with everything before it; 0: nothing of this run, send it from its first record.
    pub through_seq: u64,
    /// What went to quarantine. It is held and acknowledged: nothing blocks the line.
    #[serde(default)]
    pub rejected: Vec<Rejected>,
}

/// A record that went to quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rejected {
    /// The run.
    pub run: RunId,
    /// The number within it.
    pub seq: u64,
    /// Why.
    pub reason: Quarantine,
}

/// Why a record went to quarantine.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Quarantine {
    /// The office holds another record at this place.
    OtherHash,
    /// Its hash does not follow from its text and the record before.
    BrokenChain,
    /// Its event or its time cannot be read; the office's program may be older than the kiosk's.
    Unreadable,
    /// A reason of a newer program's.
    #[serde(other)]
    Other,
}

/// Which collections the office has for a kiosk. Nothing personal, since brokers keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Manifest {
    /// By name, see [`CollectionName`](crate::collections::CollectionName); names the kiosk does not know are for newer ones.
    pub collections: BTreeMap<String, ManifestEntry>,
}

/// One collection's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManifestEntry {
    /// Grows with every change.
    pub version: u64,
    /// Bytes of its full form.
    pub size: u64,
    /// SHA-256 of its full form, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Whether a kiosk is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KioskState {
    /// Connected; the will says that it is not.
    pub online: bool,
    /// Since when it is connected, or was.
    #[schema(value_type = String, format = DateTime)]
    pub since: DateTime<FixedOffset>,
    /// Program version.
    pub version: String,
    /// Whether it runs in rehearsal mode.
    #[serde(default)]
    pub rehearsal: bool,
}

/// Whether the office is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficeState {
    /// Connected; the will says that it is not.
    pub online: bool,
    /// Since when it is connected, or was.
    #[schema(value_type = String, format = DateTime)]
    pub since: DateTime<FixedOffset>,
    /// Program version.
    pub version: String,
}

/// What a replaced kiosk asks for over HTTPS: what the office holds of this kiosk from its latest `day.opened` on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TodayRecords {
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether these are of its rehearsal.
    pub rehearsal: bool,
    /// The records in the journal's order, runs and all; the first is `day.opened`. Empty when the office knows of no day.
    #[schema(value_type = Vec<CloudEvent>)]
    pub events: Vec<WireRecord>,
}

/// Why bytes are not a message. None of it repeats what the message says.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// More than may be said at once.
    #[error("the message has {size} bytes, at most {limit} are taken")]
    TooLarge {
        /// Its size.
        size: usize,
        /// The most.
        limit: usize,
    },
    /// Not JSON, or not of this form.
    #[error(
        "the message cannot be read; its sender may be newer than this program, or not be Genkan"
    )]
    Json(#[source] JsonFault),
    /// An id that cannot name a kiosk.
    #[error(transparent)]
    Kiosk(#[from] NotAKioskId),
    /// Form in order, content impossible.
    #[error("the message contradicts itself: {0}")]
    Contradiction(&'static str),
}

/// Where JSON went wrong. It names line and column only, since serde's own words quote the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{category} at line {line}, column {column}")]
pub struct JsonFault {
    category: &'static str,
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for JsonFault {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let category = match error.classify() {
            Category::Io => "input or output",
            Category::Syntax => "not JSON",
            Category::Data => "a missing or unexpected value",
            Category::Eof => "the end comes too early",
        };
        Self {
            category,
            line: error.line(),
            column: error.column(),
        }
    }
}

impl From<serde_json::Error> for WireError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.into())
    }
}

/// Something that travels.
pub trait Message: Serialize + DeserializeOwned {
    /// Its largest size in bytes.
    const LIMIT: usize = MAX_MESSAGE;

    /// What its form alone does not guarantee.
    ///
    /// # Errors
    /// The first contradiction.
    fn check(&self) -> Result<(), WireError> {
        Ok(())
    }
}

impl Message for Batch {
    fn check(&self) -> Result<(), WireError> {
        check_kiosk_id(&self.kiosk)?;
        check_run(&self.run)?;
        self.oldest
            .as_ref()
            .map_or(Ok(()), |oldest| check_run(&oldest.run))?;
        check_records(&self.kiosk, &self.events)
    }
}

impl Message for Ack {
    fn check(&self) -> Result<(), WireError> {
        check_run(&self.run)?;
        self.rejected
            .iter()
            .try_for_each(|rejected| check_run(&rejected.run))
    }
}

impl Message for Manifest {
    fn check(&self) -> Result<(), WireError> {
        let is_digest = |text: &str| {
            text.len() == 64
                && text
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        if self
            .collections
            .values()
            .all(|entry| is_digest(&entry.sha256))
        {
            Ok(())
        } else {
            Err(WireError::Contradiction(
                "a sha256 is 64 lower-case hexadecimal digits",
            ))
        }
    }
}

impl Message for ChargeReport {}
impl Message for KioskState {}
impl Message for OfficeState {}

impl Message for TodayRecords {
    const LIMIT: usize = MAX_TODAY;

    fn check(&self) -> Result<(), WireError> {
        check_kiosk_id(&self.kiosk)?;
        check_records(&self.kiosk, &self.events)
    }
}

fn check_run(run: &RunId) -> Result<(), WireError> {
    let id = run.as_str();
    let spelled = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if (1..=RUN_ID_LENGTH).contains(&id.len()) && spelled {
        Ok(())
    } else {
        Err(WireError::Contradiction(
            "a run is named by 1 to 64 letters, digits, - and _",
        ))
    }
}

fn check_records(kiosk: &KioskId, events: &[WireRecord]) -> Result<(), WireError> {
    events.iter().try_for_each(|event| {
        if &event.kiosk != kiosk {
            return Err(WireError::Contradiction(
                "a record's source is not the kiosk",
            ));
        }
        if event.chained.record.seq == 0 {
            return Err(WireError::Contradiction("records are numbered from 1"));
        }
        check_run(&event.chained.record.run)
    })
}

/// Reads a message.
///
/// # Errors
/// Bytes that are too many, not JSON, not of this form, or contradict themselves.
pub fn decode<M: Message>(bytes: &[u8]) -> Result<M, WireError> {
    check_size(bytes.len(), M::LIMIT)?;
    let message: M = serde_json::from_slice(bytes)?;
    message.check()?;
    Ok(message)
}

/// Writes a message.
///
/// # Errors
/// A message that [`decode`] would not take.
pub fn encode<M: Message>(message: &M) -> Result<Vec<u8>, WireError> {
    message.check()?;
    let bytes = serde_json::to_vec(message)?;
    check_size(bytes.len(), M::LIMIT)?;
    Ok(bytes)
}

fn check_size(size: usize, limit: usize) -> Result<(), WireError> {
    if size > limit {
        Err(WireError::TooLarge { size, limit })
    } else {
        Ok(())
    }
}

impl Batch {
    /// Writes the batch, leaving off records at the end until it has at most `limit` bytes; one always stays.
    ///
    /// A lone record beyond [`MAX_MESSAGE`] goes without its text, so that it ends in quarantine instead of blocking the line.
    ///
    /// # Errors
    /// A kiosk, run or record that [`decode`] would not take.
    pub fn encode_within(&mut self, limit: usize) -> Result<Vec<u8>, WireError> {
        let limit = limit.min(MAX_MESSAGE);
        let events = std::mem::take(&mut self.events);
        let mut size = serde_json::to_vec(self)?.len();
        self.events = events;
        let mut fitting = 0;
        for event in &self.events {
            size += serde_json::to_vec(event)?.len() + 1;
            if size > limit && fitting > 0 {
                break;
            }
            fitting += 1;
        }
        self.events.truncate(fitting);
        match encode(self) {
            Err(WireError::TooLarge { .. }) => {
                if let [only] = self.events.as_mut_slice() {
                    only.chained.record.body.clear();
                }
                encode(self)
            }
            other => other,
        }
    }
}
