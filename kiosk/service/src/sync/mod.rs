//! The kiosk's side of the sync: records up, collections down (design section 7). The door never waits for any of it.
//!
//! | part | does |
//! |---|---|
//! | [`config`](self::SyncConfig) | where the office and its broker are, and what is refused at once |
//! | `uplink` | runs [`link::uplink`] over the journal and the connection |
//! | `downlink` | fetches what the manifest says is new, verifies it, and has the desk swap it in |
//! | [`replace`] | lets a new card learn who is inside |
//! | [`status`] | what health, metrics and the log say about it |
//!
//! Presence is a retained message and the connection's last will.

mod config;
mod downlink;
mod office;
pub mod replace;
pub mod status;
mod uplink;

pub use config::{Broker, SyncConfig, SyncConfigError, SyncKey};
pub use downlink::{Held, restore};
pub use status::{CollectionStatus, SyncStatus};

use crate::clock::Clock;
use crate::journal::{JournalError, JournalReader, StoredCollection};
use chrono::{DateTime, FixedOffset};
use domain::Reference;
use domain::record::Chained;
use link::driver::{Driver, DriverEvent, DriverHandle};
use link::message::{ChargeReport, KioskState, Manifest, OfficeState, Place, decode, encode};
use link::topics::{Channel, Topic};
use status::StatusBoard;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// Something the journal or the desk could not do for the sync; it tries again.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SyncFault(#[from] pub Box<dyn std::error::Error + Send + Sync>);

/// What is not acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many records.
    pub count: u64,
    /// The oldest one's wall time, as recorded.
    pub oldest_at: Option<String>,
}

/// The journal as the uplink reads it. Calls may wait for the disk.
pub trait Outbox: Send + 'static {
    /// Records after a place, oldest first, about `max_bytes` of text and at least one where there is one; `None`: from the first one kept.
    ///
    /// # Errors
    /// A place the journal does not hold; a journal that cannot be read.
    fn after(&mut self, place: Option<&Place>, max_bytes: usize)
    -> Result<Vec<Chained>, SyncFault>;

    /// How much lies after a place; `Ok(None)` for a place the journal does not hold.
    ///
    /// # Errors
    /// A journal that cannot be read.
    fn waiting(&mut self, after: Option<&Place>) -> Result<Option<Waiting>, SyncFault>;

    /// The last record's place.
    ///
    /// # Errors
    /// A journal that cannot be read.
    fn head(&mut self) -> Result<Option<Place>, SyncFault>;

    /// The last acknowledged record's place.
    ///
    /// # Errors
    /// A journal that cannot be read.
    fn cursor(&mut self) -> Result<Option<Place>, SyncFault>;
}

/// The desk as the sync asks it.
pub trait SyncDesk: Send + Sync + 'static {
    /// Moves the journal's cursor forward: the office holds everything through this record.
    fn acknowledge(&self, through: Place) -> impl Future<Output = Result<(), SyncFault>> + Send;

    /// Stores a collection and puts `reference`, which holds it already, in force: both or neither.
    fn adopt(
        &self,
        collection: StoredCollection,
        reference: Arc<Reference>,
    ) -> impl Future<Output = Result<(), SyncFault>> + Send;

    /// Records how full the battery of a lent PC is.
    fn charge_told(
        &self,
        report: ChargeReport,
    ) -> impl Future<Output = Result<(), SyncFault>> + Send;
}

/// What the sync works with.
#[derive(Debug)]
pub struct SyncParts<O, D, T> {
    /// The journal.
    pub outbox: O,
    /// The desk.
    pub desk: Arc<D>,
    /// Changes whenever the journal may have grown.
    pub grown: watch::Receiver<T>,
    /// The reference in force.
    pub reference: Arc<Reference>,
    /// What it was made of, see [`restore`].
    pub held: Held,
    /// The service's clock.
    pub clock: Clock,
}

/// The running sync. Dropping it ends it without a farewell.
#[derive(Debug)]
pub struct OfficeSync {
    driver: DriverHandle,
    status: watch::Receiver<SyncStatus>,
    tasks: JoinSet<()>,
}

impl OfficeSync {
    /// Starts it. Needs a runtime; returns at once, whether the office can be reached or not.
    ///
    /// # Errors
    /// A configuration that cannot work; what to mend is in the message.
    pub fn start<O, D, T>(
        config: SyncConfig,
        parts: SyncParts<O, D, T>,
    ) -> Result<Self, SyncConfigError>
    where
        O: Outbox,
        D: SyncDesk,
        T: Send + Sync + 'static,
    {
        let SyncParts {
            outbox,
            desk,
            grown,
            reference,
            held,
            clock,
        } = parts;
        let state = |online| KioskState {
            online,
            since: clock.now(),
            version: crate::VERSION.to_owned(),
            rehearsal: config.rehearsal,
        };
        let presence = Topic::of(&config.kiosk, Channel::State)?;
        let farewell = (
            presence.clone(),
            encode(&state(false)).map_err(SyncConfigError::Presence)?,
        );
        let (driver, events) = Driver::spawn(config.driver(farewell)?)?;
        let office = office::OfficeClient::new(&config)?;
        let (board, status) = StatusBoard::new(&held);
        let (acks, heard) = mpsc::channel(uplink::HEARD);
        let (manifests, manifest) = watch::channel(None);
        let (charges, reports) = mpsc::channel(CHARGES);

        let mut tasks = JoinSet::new();
        let greeting = {
            let (clock, rehearsal) = (clock.clone(), config.rehearsal);
            move || KioskState {
                online: true,
                since: clock.now(),
                version: crate::VERSION.to_owned(),
                rehearsal,
            }
        };
        let reception = Reception {
            driver: driver.clone(),
            presence,
            board: board.clone(),
            acks,
            manifests,
            charges,
            office_since: None,
        };
        tasks.spawn(reception.run(events, greeting));
        let up = uplink::UplinkTask::new(
            &config,
            outbox,
            Arc::clone(&desk),
            driver.clone(),
            board.clone(),
            clock,
        )?;
        tasks.spawn(up.run(heard, grown));
        tasks.spawn(record_charges(Arc::clone(&desk), reports));
        tasks.spawn(downlink::Downlink::new(office, desk, reference, held, board).run(manifest));
        Ok(Self {
            driver,
            status,
            tasks,
        })
    }

    /// What health and metrics show, and its changes.
    pub fn status(&self) -> watch::Receiver<SyncStatus> {
        self.status.clone()
    }

    /// Says farewell and ends. A collection just being adopted is adopted still.
    pub async fn stop(mut self) {
        self.driver.stop().await;
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(std::time::Duration::from_secs(3), ended)
            .await
            .is_err()
        {
            tracing::debug!("the sync was busy and is cut off");
        }
    }
}

/// So many reports of charge wait for the desk.
const CHARGES: usize = 64;

async fn record_charges<D: SyncDesk>(desk: Arc<D>, mut reports: mpsc::Receiver<ChargeReport>) {
    while let Some(report) = reports.recv().await {
        if let Err(error) = desk.charge_told(report).await {
            let chain = &error as &dyn std::error::Error;
            tracing::debug!(error = chain, "a report of charge was not recorded");
        }
    }
}

/// Sorts what comes in.
struct Reception {
    driver: DriverHandle,
    presence: Topic,
    board: StatusBoard,
    acks: mpsc::Sender<uplink::Heard>,
    manifests: watch::Sender<Option<Manifest>>,
    charges: mpsc::Sender<ChargeReport>,
    /// Since when the office is connected, as it last said.
    office_since: Option<DateTime<FixedOffset>>,
}

impl Reception {
    async fn run(
        mut self,
        mut events: mpsc::Receiver<DriverEvent>,
        greeting: impl Fn() -> KioskState,
    ) {
        while let Some(event) = events.recv().await {
            let heard = match event {
                DriverEvent::Connected => {
                    self.board.connected();
                    self.greet(&greeting());
                    Some(uplink::Heard::Connected)
                }
                DriverEvent::Disconnected { reason } => {
                    self.board.disconnected(reason);
                    Some(uplink::Heard::Disconnected)
                }
                DriverEvent::Refused { reason } => {
                    tracing::error!(%reason, "the broker refuses what this kiosk says; check its access list");
                    self.board.refused(reason);
                    None
                }
                DriverEvent::Message { topic, payload } => self.message(&topic, &payload),
            };
            if let Some(heard) = heard
                && self.acks.send(heard).await.is_err()
            {
                return;
            }
        }
    }

    fn greet(&self, state: &KioskState) {
        let said = encode(state).map(|payload| self.driver.publish(&self.presence, payload, true));
        if !matches!(said, Ok(Ok(()))) {
            tracing::debug!("the greeting could not be sent");
        }
    }

    fn message(&mut self, topic: &Topic, payload: &[u8]) -> Option<uplink::Heard> {
        let read = match topic.kiosk() {
            None => decode::<OfficeState>(payload).map(|state| {
                self.board.office(state.online);
                // The retained message comes again with each connection of ours; the office has appeared when it is another one.
                let is_new =
                    state.online && self.office_since.replace(state.since) != Some(state.since);
                is_new.then_some(uplink::Heard::OfficeAppeared)
            }),
            Some((_, Channel::Ack)) => decode(payload).map(|ack| Some(uplink::Heard::Ack(ack))),
            Some((_, Channel::Manifest)) => decode(payload).map(|manifest| {
                self.manifests.send_replace(Some(manifest));
                None
            }),
            Some((_, Channel::Charge)) => decode(payload).map(|report| {
                // The next one says the same.
                if self.charges.try_send(report).is_err() {
                    tracing::debug!("too many reports of charge at once; dropped one");
                }
                None
            }),
            Some(_) => Ok(None),
        };
        read.unwrap_or_else(|error| {
            let chain = &error as &dyn std::error::Error;
            tracing::warn!(%topic, bytes = payload.len(), error = chain, "dropped a message that cannot be read");
            self.board.unreadable();
            None
        })
    }
}

impl Outbox for JournalReader {
    fn after(
        &mut self,
        place: Option<&Place>,
        max_bytes: usize,
    ) -> Result<Vec<Chained>, SyncFault> {
        let place = place.map(|place| (place.run.clone(), place.seq));
        Self::after(self, place.as_ref(), max_bytes).map_err(fault)
    }

    fn waiting(&mut self, after: Option<&Place>) -> Result<Option<Waiting>, SyncFault> {
        let after = after.map(|place| (place.run.clone(), place.seq));
        match self.pending(after.as_ref()) {
            Ok(pending) => Ok(Some(Waiting {
                count: pending.count,
                oldest_at: pending.oldest_at,
            })),
            Err(JournalError::NoSuchRecord { .. }) => Ok(None),
            Err(error) => Err(fault(error)),
        }
    }

    fn head(&mut self) -> Result<Option<Place>, SyncFault> {
        Ok(Self::head(self).map_err(fault)?.as_ref().map(Place::from))
    }

    fn cursor(&mut self) -> Result<Option<Place>, SyncFault> {
        Ok(Self::cursor(self)
            .map_err(fault)?
            .map(|(run, seq)| Place { run, seq }))
    }
}

fn fault(error: impl std::error::Error + Send + Sync + 'static) -> SyncFault {
    SyncFault(Box::new(error))
}
