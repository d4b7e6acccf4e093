//! How the sync stands, for health, metrics and staff. Nothing personal.

use super::{Held, Waiting};
use chrono::{DateTime, FixedOffset};
use link::collections::CollectionName;
use link::message::{ManifestEntry, Place};
use serde::Serialize;
use std::collections::BTreeMap;
use tokio::sync::watch;
use utoipa::ToSchema;

/// How the sync stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncStatus {
    /// Connected to the broker.
    pub connected: bool,
    /// Why not, while it is not.
    pub problem: Option<String>,
    /// Whether the office says that it is there; unknown before it said anything.
    pub office_online: Option<bool>,
    /// When the office last acknowledged something.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_ack: Option<DateTime<FixedOffset>>,
    /// What it holds of this kiosk's records, as far as it said.
    pub acknowledged: Option<Place>,
    /// Records it has not acknowledged.
    pub pending: u64,
    /// The oldest of them: wall time as recorded.
    pub pending_since: Option<String>,
    /// Records it put in quarantine since this start.
    pub quarantined: u64,
    /// Messages that could not be read since this start.
    pub unreadable: u64,
    /// The broker's reason for refusing a message, if it ever did since the connection was made.
    pub refused: Option<String>,
    /// The collections.
    pub collections: BTreeMap<CollectionName, CollectionStatus>,
}

/// How a collection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CollectionStatus {
    /// The version in force.
    pub version: Option<u64>,
    /// The version the office offers.
    pub offered: Option<u64>,
    /// Why the offered one is not in force, if something went wrong.
    pub error: Option<String>,
}

/// Where the tasks write it.
#[derive(Clone, Debug)]
pub(super) struct StatusBoard(watch::Sender<SyncStatus>);

impl StatusBoard {
    pub fn new(held: &Held) -> (Self, watch::Receiver<SyncStatus>) {
        let of = |name: CollectionName| {
            let version = held.get(&name).map(|entry| entry.version);
            (
                name,
                CollectionStatus {
                    version,
                    ..CollectionStatus::default()
                },
            )
        };
        let collections = CollectionName::ALL.into_iter().map(of).collect();
        let (sender, receiver) = watch::channel(SyncStatus {
            collections,
            ..SyncStatus::default()
        });
        (Self(sender), receiver)
    }

    fn change(&self, change: impl FnOnce(&mut SyncStatus)) {
        self.0.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }

    pub fn connected(&self) {
        tracing::info!("connected to the office's broker");
        self.change(|status| {
            (status.connected, status.problem, status.refused) = (true, None, None)
        });
    }

    pub fn disconnected(&self, reason: String) {
        let was_connected = self.0.borrow().connected;
        if was_connected {
            tracing::warn!(%reason, "lost the office's broker; trying again");
        }
        // What the office said of itself was at the broker.
        self.change(|status| {
            (status.connected, status.problem, status.office_online) = (false, Some(reason), None)
        });
    }

    pub fn refused(&self, reason: String) {
        self.change(|status| status.refused = Some(reason));
    }

    pub fn office(&self, online: bool) {
        self.change(|status| status.office_online = Some(online));
    }

    pub fn unreadable(&self) {
        self.change(|status| status.unreadable += 1);
    }

    pub fn acknowledged(&self, at: DateTime<FixedOffset>, rejected: usize) {
        self.change(|status| {
            status.last_ack = Some(at);
            status.quarantined += rejected as u64;
        });
    }

    pub fn pending(&self, cursor: Option<&Place>, waiting: Waiting) {
        self.change(|status| {
            status.acknowledged = cursor.cloned();
            (status.pending, status.pending_since) = (waiting.count, waiting.oldest_at);
        });
    }

    pub fn offered(&self, name: CollectionName, entry: &ManifestEntry) {
        self.change(|status| {
            status.collections.entry(name).or_default().offered = Some(entry.version)
        });
    }

    pub fn in_force(&self, name: CollectionName, version: u64) {
        self.change(|status| {
            let collection = status.collections.entry(name).or_default();
            (collection.version, collection.error) = (Some(version), None);
        });
    }

    pub fn failed(&self, name: CollectionName, error: String) {
        self.change(|status| status.collections.entry(name).or_default().error = Some(error));
    }
}
