//! A journal record as a CloudEvent (version 1.0, JSON format), without losing a byte of it.

use crate::message::WireRecord;
use domain::ids::{KioskId, RunId};
use domain::record::{ChainHash, Chained, Record};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

const JSON: &str = "application/json";
const TEXT: &str = "text/plain";
const SOURCE: &str = "/genkan/";

/// A record of a kiosk's journal as a CloudEvent 1.0.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CloudEvent {
    /// Always `1.0`.
    #[schema(example = "1.0")]
    specversion: String,
    /// Run and number: `RUN/SEQ`.
    #[schema(example = "9f3c5a7be1d20486/12")]
    id: String,
    /// The kiosk: `/genkan/KIOSK`.
    #[schema(example = "/genkan/koto-1")]
    source: String,
    /// The event's kind.
    #[serde(rename = "type")]
    #[schema(example = "visit.ended")]
    kind: String,
    /// Wall time with offset, as far as the kiosk knew it.
    time: String,
    /// `application/json`; `text/plain` where the journalled text is damaged and no longer JSON.
    datacontenttype: String,
    /// The event exactly as journalled: the hash is over these very bytes. As `text/plain` it is a string holding them.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
    /// The run.
    run: String,
    /// Number within the run, from 1; decimal digits, since CloudEvents' integers have 32 bits.
    #[serde(with = "digits")]
    #[schema(value_type = String, example = "12")]
    seq: u64,
    /// Milliseconds since the service's start; decimal digits.
    #[serde(with = "digits")]
    #[schema(value_type = String, example = "86400000")]
    uptimems: u64,
    /// Whether the wall time was vouched for.
    trusted: bool,
    /// Idempotency key of the call that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    /// SHA-256 chaining the record to the one before.
    hash: ChainHash,
}

mod digits {
    use super::{Deserialize, Deserializer, Serializer};
    use serde::de::Error;

    pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| D::Error::custom("not a number in decimal digits"))
    }
}

/// What is wrong with an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Another version of the specification.
    #[error("specversion is not 1.0")]
    Version,
    /// The source names no kiosk.
    #[error("source is not /genkan/KIOSK")]
    Source,
    /// The id contradicts run and seq.
    #[error("id is not RUN/SEQ")]
    Id,
    /// The data is neither JSON nor a text.
    #[error("datacontenttype and data do not fit together")]
    Data,
}

impl From<WireRecord> for CloudEvent {
    fn from(
        WireRecord {
            kiosk,
            chained: Chained { record, hash },
        }: WireRecord,
    ) -> Self {
        let (datacontenttype, data) = as_data(record.body);
        Self {
            specversion: "1.0".to_owned(),
            id: format!("{}/{}", record.run, record.seq),
            source: format!("{SOURCE}{kiosk}"),
            kind: record.kind,
            time: record.at,
            datacontenttype: datacontenttype.to_owned(),
            data,
            run: record.run.as_str().to_owned(),
            seq: record.seq,
            uptimems: record.uptime_ms,
            trusted: record.trusted,
            cause: record.cause,
            hash,
        }
    }
}

/// JSON as it stands if it survives the way unchanged, else as a text: blanks around a value would be lost.
fn as_data(body: String) -> (&'static str, Box<RawValue>) {
    match RawValue::from_string(body.clone()) {
        Ok(raw) if raw.get() == body => (JSON, raw),
        _ => (
            TEXT,
            serde_json::value::to_raw_value(&body).unwrap_or_default(),
        ),
    }
}

impl TryFrom<CloudEvent> for WireRecord {
    type Error = EnvelopeError;

    fn try_from(event: CloudEvent) -> Result<Self, EnvelopeError> {
        if event.specversion != "1.0" {
            return Err(EnvelopeError::Version);
        }
        let kiosk = event
            .source
            .strip_prefix(SOURCE)
            .ok_or(EnvelopeError::Source)?;
        if event.id != format!("{}/{}", event.run, event.seq) {
            return Err(EnvelopeError::Id);
        }
        let body = match event.datacontenttype.as_str() {
            JSON => event.data.get().to_owned(),
            TEXT => serde_json::from_str(event.data.get()).map_err(|_| EnvelopeError::Data)?,
            _ => return Err(EnvelopeError::Data),
        };
        let kiosk = KioskId::from(kiosk);
        let record = Record {
            run: RunId::from(event.run),
            seq: event.seq,
            at: event.time,
            uptime_ms: event.uptimems,
            trusted: event.trusted,
            cause: event.cause,
            kind: event.kind,
            body,
        };
        Ok(Self {
            kiosk,
            chained: Chained {
                record,
                hash: event.hash,
            },
        })
    }
}
