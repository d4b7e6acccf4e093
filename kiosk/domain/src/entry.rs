//! An event with its stamp, and the journal record it becomes.

use crate::event::Event;
use crate::ids::RunId;
use crate::record::Record;
use crate::reference::DateTime;
use chrono::SecondsFormat;

/// Where and when a record was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The run.
    pub run: RunId,
    /// Number within the run, from 1.
    pub seq: u64,
    /// Wall time, as far as it was known.
    pub at: DateTime,
    /// Milliseconds since the service's start.
    pub uptime_ms: u64,
    /// Whether the wall time was vouched for.
    pub trusted: bool,
    /// Idempotency key of the call.
    pub cause: Option<String>,
}

/// An event with its stamp: what a journal record means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where and when.
    pub stamp: Stamp,
    /// What.
    pub event: Event,
}

/// A record that cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableRecord {
    /// Its event is not one of ours, or has other fields.
    #[error(
        "the event of record {seq} of run {run} cannot be read; this program may be older than the one that wrote it"
    )]
    Event {
        /// The run.
        run: RunId,
        /// Its number.
        seq: u64,
        /// What serde says.
        #[source]
        source: serde_json::Error,
    },
    /// Its time is not RFC 3339.
    #[error("the time of record {seq} of run {run} cannot be read")]
    Time {
        /// The run.
        run: RunId,
        /// Its number.
        seq: u64,
        /// What chrono says.
        #[source]
        source: chrono::ParseError,
    },
}

impl Entry {
    /// The record to store: its JSON text is fixed here once and for all.
    ///
    /// # Errors
    /// Never for the events of this module; JSON can express them all.
    pub fn to_record(&self) -> Result<Record, serde_json::Error> {
        let body = serde_json::to_string(&self.event)?;
        // Serde writes the tag first.
        let kind = body
            .strip_prefix(r#"{"kind":""#)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned();
        let Stamp {
            run,
            seq,
            at,
            uptime_ms,
            trusted,
            cause,
        } = self.stamp.clone();
        Ok(Record {
            run,
            seq,
            at: at.to_rfc3339_opts(SecondsFormat::Millis, false),
            uptime_ms,
            trusted,
            cause,
            kind,
            body,
        })
    }

    /// Reads a stored or received record.
    ///
    /// # Errors
    /// An unknown event or an unreadable time.
    pub fn from_record(record: &Record) -> Result<Self, UnreadableRecord> {
        let (run, seq) = (record.run.clone(), record.seq);
        let event =
            serde_json::from_str(&record.body).map_err(|source| UnreadableRecord::Event {
                run: run.clone(),
                seq,
                source,
            })?;
        let at = chrono::DateTime::parse_from_rfc3339(&record.at).map_err(|source| {
            UnreadableRecord::Time {
                run: run.clone(),
                seq,
                source,
            }
        })?;
        let stamp = Stamp {
            run,
            seq,
            at,
            uptime_ms: record.uptime_ms,
            trusted: record.trusted,
            cause: record.cause.clone(),
        };
        Ok(Self { stamp, event })
    }
}
