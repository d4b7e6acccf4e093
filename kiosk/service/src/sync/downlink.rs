//! Collections from the office: what the manifest says is new is fetched, verified, and swapped in by the desk.
//!
//! Whatever goes wrong on the way leaves everything as it was, shows in the status, and is tried again, each collection at its own
//! pace. An older version is never taken over a newer one.

use super::office::{CallError, Fetched, OfficeClient};
use super::status::StatusBoard;
use super::{SyncDesk, SyncFault};
use crate::journal::StoredCollection;
use domain::Reference;
use link::collections::{
    Body, Collection, CollectionError, CollectionName, MAX_COLLECTION, apply_delta, sha256_hex,
};
use link::driver::random_share;
use link::message::{Manifest, ManifestEntry};
use link::uplink::backoff;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

const SHORTEST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The collections in force, each as the manifest would name it.
pub type Held = BTreeMap<CollectionName, ManifestEntry>;

/// The reference of the collections the journal holds, and what they are. One that this program cannot read any more is left out and
/// fetched again.
pub fn restore(stored: &[StoredCollection]) -> (Reference, Held) {
    let (mut reference, mut held) = (Reference::default(), Held::new());
    for one in stored {
        let Ok(name) = one.name.parse::<CollectionName>() else {
            continue;
        };
        match link::collections::adopt(&mut reference, name, &one.body) {
            Ok(version) => {
                held.insert(name, ManifestEntry::of(version, &one.body));
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(%name, error, "a stored collection cannot be read; it is fetched again");
            }
        }
    }
    (reference, held)
}

/// Why an offered collection is not in force.
#[derive(Debug, thiserror::Error)]
enum DownError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Collection(#[from] CollectionError),
    #[error(
        "the office offers version {offered}, but version {held} is in force; if the office was restored, publish the collection anew"
    )]
    Older { offered: u64, held: u64 },
    #[error(
        "the office offers another content under version {0}, which is in force; publish the collection anew at the office"
    )]
    SameVersion(u64),
    #[error(
        "the office offers {0} bytes, at most {MAX_COLLECTION} are taken; remove what is long past at the office"
    )]
    TooLarge(u64),
    #[error("what the office sent is not what its manifest names; it is tried again")]
    WrongHash,
    #[error(
        "the office says that nothing changed, but its manifest names another version; it is tried again"
    )]
    Contradiction,
    #[error("the collection could not be stored; see the journal's messages")]
    Desk(#[source] SyncFault),
    #[error("the collection could not be prepared")]
    Broken,
}

impl DownError {
    /// Whether only another manifest can help.
    fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Older { .. } | Self::SameVersion(_) | Self::TooLarge(_)
        )
    }
}

/// How an offered version has fared so far.
#[derive(Clone, Debug)]
struct Attempt {
    entry: ManifestEntry,
    failures: u32,
    /// `None`: not before another version is offered.
    not_before: Option<Instant>,
}

/// A verified collection and the reference with it.
struct Ready {
    stored: StoredCollection,
    entry: ManifestEntry,
    reference: Arc<Reference>,
}

pub(super) struct Downlink<D> {
    office: OfficeClient,
    desk: Arc<D>,
    reference: Arc<Reference>,
    held: Held,
    board: StatusBoard,
    attempts: BTreeMap<CollectionName, Attempt>,
}

impl<D: SyncDesk> Downlink<D> {
    pub fn new(
        office: OfficeClient,
        desk: Arc<D>,
        reference: Arc<Reference>,
        held: Held,
        board: StatusBoard,
    ) -> Self {
        Self {
            office,
            desk,
            reference,
            held,
            board,
            attempts: BTreeMap::new(),
        }
    }

    pub async fn run(mut self, mut manifest: watch::Receiver<Option<Manifest>>) {
        loop {
            let current = manifest.borrow_and_update().clone().unwrap_or_default();
            self.note(&current);
            let retry = match self.due(Instant::now()) {
                Some(name) => {
                    self.attempt(name).await;
                    // The next one may be due as well.
                    Some(Instant::now())
                }
                None => self
                    .attempts
                    .values()
                    .filter_map(|attempt| attempt.not_before)
                    .min(),
            };
            let wait = async {
                match retry {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = manifest.changed() => if changed.is_err() { return },
                () = wait => {}
            }
        }
    }

    /// Sets down what is offered. A version offered again keeps its waiting time.
    fn note(&mut self, manifest: &Manifest) {
        for (name, entry) in &manifest.collections {
            // Unknown names are for newer programs.
            let Ok(name) = name.parse::<CollectionName>() else {
                continue;
            };
            self.board.offered(name, entry);
            if self.held.get(&name) == Some(entry) {
                self.attempts.remove(&name);
                self.board.in_force(name, entry.version);
            } else if self
                .attempts
                .get(&name)
                .is_none_or(|attempt| attempt.entry != *entry)
            {
                let attempt = Attempt {
                    entry: entry.clone(),
                    failures: 0,
                    not_before: Some(Instant::now()),
                };
                self.attempts.insert(name, attempt);
            }
        }
    }

    /// The first collection whose time has come, in the order in which they build on each other.
    fn due(&self, now: Instant) -> Option<CollectionName> {
        let is_due = |name: &CollectionName| {
            self.attempts
                .get(name)
                .is_some_and(|attempt| attempt.not_before.is_some_and(|at| at <= now))
        };
        CollectionName::ALL.into_iter().find(is_due)
    }

    async fn attempt(&mut self, name: CollectionName) {
        let Some(entry) = self
            .attempts
            .get(&name)
            .map(|attempt| attempt.entry.clone())
        else {
            return;
        };
        match self.bring(name, &entry).await {
            Ok(()) => {
                self.attempts.remove(&name);
                self.board.in_force(name, entry.version);
                tracing::info!(%name, version = entry.version, "collection in force");
            }
            Err(error) => {
                let cause = &error as &dyn std::error::Error;
                tracing::warn!(%name, version = entry.version, error = cause, "collection not taken");
                self.board.failed(name, error.to_string());
                if let Some(attempt) = self.attempts.get_mut(&name) {
                    attempt.failures = attempt.failures.saturating_add(1);
                    let wait = backoff(
                        attempt.failures,
                        SHORTEST_WAIT,
                        LONGEST_WAIT,
                        random_share(),
                    );
                    attempt.not_before = (!error.is_final()).then(|| Instant::now() + wait);
                }
            }
        }
    }

    async fn bring(
        &mut self,
        name: CollectionName,
        offered: &ManifestEntry,
    ) -> Result<(), DownError> {
        let held = self.held.get(&name);
        match held {
            Some(held) if offered.version < held.version => {
                return Err(DownError::Older {
                    offered: offered.version,
                    held: held.version,
                });
            }
            Some(held) if offered.version == held.version => {
                return Err(DownError::SameVersion(held.version));
            }
            _ if offered.size > MAX_COLLECTION => return Err(DownError::TooLarge(offered.size)),
            _ => {}
        }
        let ready = match held.filter(|_| name.has_delta()) {
            Some(held) => match self.bring_changes(name, offered, held).await {
                Err(DownError::WrongHash | DownError::Collection(_)) => {
                    self.bring_whole(name, offered).await?
                }
                other => other?,
            },
            None => self.bring_whole(name, offered).await?,
        };
        self.desk
            .adopt(ready.stored, Arc::clone(&ready.reference))
            .await
            .map_err(DownError::Desk)?;
        self.reference = ready.reference;
        self.held.insert(name, ready.entry);
        Ok(())
    }

    async fn bring_whole(
        &self,
        name: CollectionName,
        offered: &ManifestEntry,
    ) -> Result<Ready, DownError> {
        match self
            .office
            .collection(name, offered, self.held.get(&name), None)
            .await?
        {
            Fetched::Unchanged => Err(DownError::Contradiction),
            Fetched::Body(bytes) => self.prepare(name, offered, move |_| Ok(bytes)).await,
        }
    }

    /// The office may answer with the whole collection where it no longer knows what changed.
    async fn bring_changes(
        &self,
        name: CollectionName,
        offered: &ManifestEntry,
        held: &ManifestEntry,
    ) -> Result<Ready, DownError> {
        let bytes = match self
            .office
            .collection(name, offered, Some(held), Some(held.version))
            .await
        {
            Ok(Fetched::Body(bytes)) => bytes,
            Ok(Fetched::Unchanged) => return Err(DownError::Contradiction),
            // Changes that are larger than the result.
            Err(CallError::TooLarge(_)) => return Err(DownError::WrongHash),
            Err(error) => return Err(error.into()),
        };
        let held = held.clone();
        self.prepare(name, offered, move |reference| {
            if !is_delta(&bytes) {
                return Ok(bytes);
            }
            let full = whole(name, held.version, reference)?;
            if sha256_hex(&full) != held.sha256 {
                return Err(DownError::WrongHash);
            }
            Ok(apply_delta(name, &full, &bytes)?)
        })
        .await
    }

    /// Verifies on a thread of its own: fifty thousand members take a while.
    async fn prepare(
        &self,
        name: CollectionName,
        offered: &ManifestEntry,
        bytes: impl FnOnce(&Reference) -> Result<Vec<u8>, DownError> + Send + 'static,
    ) -> Result<Ready, DownError> {
        let (offered, reference) = (offered.clone(), Arc::clone(&self.reference));
        let work = move || {
            let bytes = bytes(&reference)?;
            let entry = ManifestEntry::of(offered.version, &bytes);
            if entry != offered {
                return Err(DownError::WrongHash);
            }
            let collection = Collection::from_bytes(name, &bytes)?;
            if collection.version != offered.version {
                return Err(DownError::WrongHash);
            }
            let mut reference = Reference::clone(&reference);
            collection.put_into(&mut reference);
            let stored = StoredCollection {
                name: name.to_string(),
                version: entry.version,
                sha256: entry.sha256.clone(),
                etag: Some(entry.etag()),
                body: bytes,
            };
            Ok(Ready {
                stored,
                entry,
                reference: Arc::new(reference),
            })
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or(Err(DownError::Broken))
    }
}

fn is_delta(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Since {
        #[serde(default)]
        since: Option<u64>,
    }
    serde_json::from_slice::<Since>(bytes).is_ok_and(|document| document.since.is_some())
}

/// The document in force, made anew from what it became.
fn whole(name: CollectionName, version: u64, reference: &Reference) -> Result<Vec<u8>, DownError> {
    let body = match name {
        CollectionName::Members => Body::Members(reference.members.values().cloned().collect()),
        CollectionName::Passes => Body::Passes(reference.passes.values().cloned().collect()),
        CollectionName::Reservations => {
            Body::Reservations(reference.reservations().cloned().collect())
        }
        _ => return Err(DownError::Collection(CollectionError::NoDelta(name))),
    };
    Ok(Collection { version, body }.to_bytes()?)
}
