//! A new or replaced card learns from the office who is inside (design section 7).
//!
//! Asked once, before the desk opens a new journal. The door must not wait for the network, so after a short time it opens without.

use super::office::{CallError, Fetched, OfficeClient};
use super::{SyncConfig, SyncConfigError};
use domain::event::Entry;
use domain::record::Chained;
use link::driver::random_share;
use link::message::{MAX_TODAY, TodayRecords, WireError, decode};
use link::uplink::backoff;
use std::time::Duration;

/// How long to ask before opening without an answer.
pub const PATIENCE: Duration = Duration::from_secs(10);

const SHORTEST_WAIT: Duration = Duration::from_millis(300);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// What the office knows of this kiosk's day.
#[derive(Debug)]
pub enum Inherited {
    /// The records since the latest `day.opened`, for [`Desk::start`](crate::desk::Desk::start).
    Records(Vec<Chained>),
    /// It knows of no day of this kiosk's: a first start.
    Nothing,
    /// It could not be asked, or its answer cannot be used. Who came before this start is unknown at this door.
    Unknown(InheritError),
}

impl Inherited {
    /// The records, none if there are none or nobody knows; says in the log which.
    pub fn into_records(self) -> Vec<Chained> {
        match self {
            Self::Records(records) => {
                tracing::info!(
                    records = records.len(),
                    "the office told this new journal of the day so far"
                );
                records
            }
            Self::Nothing => {
                tracing::info!("the office knows of no day of this kiosk; beginning a new one");
                Vec::new()
            }
            Self::Unknown(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(
                    error,
                    "opening without knowing who is inside; staff can check the seats by walking past"
                );
                Vec::new()
            }
        }
    }
}

/// Why nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum InheritError {
    /// No answer in time.
    #[error("the office gave no answer within {} seconds: {last}", patience.as_secs())]
    NoAnswer {
        /// How long it was asked.
        patience: Duration,
        /// The last attempt's fate.
        last: String,
    },
    /// An answer that cannot be read.
    #[error("the office's answer cannot be read; its program may be newer than this one")]
    Unreadable(#[source] WireError),
    /// An answer about something else.
    #[error(
        "the office's answer is about another kiosk or mode; check its address and this kiosk's id"
    )]
    OtherKiosk,
    /// Records that do not follow one another.
    #[error(
        "the office's records of run {run} do not follow one another at {seq}; look at its quarantine"
    )]
    Broken {
        /// The run.
        run: String,
        /// The record.
        seq: u64,
    },
}

/// Asks the office for at most `patience`.
///
/// # Errors
/// A configuration that cannot work.
pub async fn ask(config: &SyncConfig, patience: Duration) -> Result<Inherited, SyncConfigError> {
    let office = OfficeClient::new(config)?;
    let mut last = "it did not answer".to_owned();
    let asking = async {
        let mut failures = 0;
        loop {
            match office.today(MAX_TODAY as u64).await {
                Ok(Fetched::Body(bytes)) => return read(&office, &bytes),
                Ok(Fetched::Unchanged) | Err(CallError::NotFound) => return Ok(Vec::new()),
                Err(error) => last = error.to_string(),
            }
            failures += 1;
            tokio::time::sleep(backoff(
                failures,
                SHORTEST_WAIT,
                LONGEST_WAIT,
                random_share(),
            ))
            .await;
        }
    };
    let answer = tokio::time::timeout(patience, asking).await;
    Ok(match answer {
        Ok(Ok(records)) if records.is_empty() => Inherited::Nothing,
        Ok(Ok(records)) => Inherited::Records(records),
        Ok(Err(error)) => Inherited::Unknown(error),
        Err(_) => Inherited::Unknown(InheritError::NoAnswer { patience, last }),
    })
}

fn read(office: &OfficeClient, bytes: &[u8]) -> Result<Vec<Chained>, InheritError> {
    let today: TodayRecords = decode(bytes).map_err(InheritError::Unreadable)?;
    if today.kiosk != office.kiosk || today.rehearsal != office.rehearsal {
        return Err(InheritError::OtherKiosk);
    }
    let records: Vec<_> = today
        .events
        .into_iter()
        .map(|event| event.chained)
        .collect();
    let broken = |chained: &Chained| InheritError::Broken {
        run: chained.record.run.as_str().to_owned(),
        seq: chained.record.seq,
    };
    for (before, after) in records.iter().zip(records.iter().skip(1)) {
        let follows = before.record.run != after.record.run
            || (before.record.seq < after.record.seq && is_next(before, after));
        if !follows {
            return Err(broken(after));
        }
    }
    match records
        .iter()
        .find(|chained| Entry::from_record(&chained.record).is_err())
    {
        Some(unreadable) => Err(broken(unreadable)),
        None => Ok(records),
    }
}

/// What lies in quarantine is missing between two records; where nothing is missing, the hashes must agree.
fn is_next(before: &Chained, after: &Chained) -> bool {
    before.record.seq + 1 != after.record.seq || after.record.hash_after(&before.hash) == after.hash
}
