//! The office's end of the link (design section 7): batches in, acks out; manifests out; presence.
//!
//! An ack is published only after its batch is durable. Neither acks nor manifests need to arrive: the kiosk sends its batch again,
//! and both are published again whenever a kiosk or the connection appears.

use crate::clock::Clock;
use crate::config::{Broker, BrokerTls, ExternalBroker, Kiosk};
use crate::store::collections::Shelf;
use crate::store::{Store, StoreError, records};
use domain::ids::KioskId;
use link::driver::{
    ClientIdentity, Driver, DriverConfig, DriverError, DriverEvent, DriverHandle, Tls,
};
use link::message::{Batch, KioskState, Manifest, Message, OfficeState, decode, encode};
use link::topics::{Channel, Filter, Topic};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{debug, info, warn};

/// Changes within so short a time are announced as one.
const MANIFEST_DEBOUNCE: Duration = Duration::from_millis(20);
/// What did not reach the broker is announced again after this.
const MANIFEST_RETRY: Duration = Duration::from_secs(5);
/// More bytes of what is not a message are not kept.
const KEPT_OF_NONSENSE: usize = 64 * 1024;

/// Why the link cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// A certificate or key is not there.
    #[error("cannot read {}; correct the path under [broker]", path.display())]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The connection cannot even be tried.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// A message of our own cannot be written.
    #[error(transparent)]
    Message(#[from] link::message::WireError),
}

/// The link at work.
pub(crate) struct Link {
    driver: DriverHandle,
    tasks: Vec<JoinHandle<()>>,
}

/// What the link works with.
#[derive(Clone)]
struct Desk {
    store: Store,
    shelf: Shelf,
    driver: DriverHandle,
    /// The kiosks of this office, and whether they rehearse.
    kiosks: Arc<BTreeMap<KioskId, bool>>,
    connected: Arc<AtomicBool>,
}

impl Link {
    pub(crate) fn start(
        store: &Store,
        shelf: &Shelf,
        kiosks: &[Kiosk],
        broker: &Broker,
        embedded_at: Option<SocketAddr>,
        connected: Arc<AtomicBool>,
    ) -> Result<Self, LinkError> {
        let config = driver_config(broker, embedded_at, store.clock())?;
        let (driver, events) = Driver::spawn(config)?;
        let kiosks = kiosks
            .iter()
            .map(|kiosk| (kiosk.id.clone(), kiosk.rehearsal))
            .collect();
        let desk = Desk {
            store: store.clone(),
            shelf: shelf.clone(),
            driver: driver.clone(),
            kiosks: Arc::new(kiosks),
            connected,
        };
        let tasks = vec![
            tokio::spawn(desk.clone().listen(events)),
            tokio::spawn(desk.announce_changes()),
        ];
        Ok(Self { driver, tasks })
    }

    /// Says farewell and disconnects.
    pub(crate) async fn stop(self) {
        self.driver.stop().await;
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

fn driver_config(
    broker: &Broker,
    embedded_at: Option<SocketAddr>,
    clock: Clock,
) -> Result<DriverConfig, LinkError> {
    let (host, port, tls) = match (broker, embedded_at) {
        (Broker::External(ExternalBroker { host, port, tls }), _) => {
            (host.clone(), *port, tls.as_ref())
        }
        (Broker::Embedded { listen }, at) => {
            let at = at.unwrap_or(*listen);
            (at.ip().to_string(), at.port(), None)
        }
    };
    let farewell = encode(&office_state(clock, false))?;
    Ok(DriverConfig {
        client_id: "genkan-office".to_owned(),
        host,
        port,
        tls: tls.map(read_tls).transpose()?,
        filters: vec![
            Filter::EveryKiosk(Channel::Up),
            Filter::EveryKiosk(Channel::State),
        ],
        farewell: Some((Topic::OFFICE_STATE, farewell)),
    })
}

fn read_tls(files: &BrokerTls) -> Result<Tls, LinkError> {
    let read = |path: &std::path::PathBuf| {
        std::fs::read(path).map_err(|source| LinkError::File {
            path: path.clone(),
            source,
        })
    };
    let identity = ClientIdentity {
        certificate: read(&files.certificate_file)?,
        key: read(&files.key_file)?,
    };
    Ok(Tls {
        ca: read(&files.ca_file)?,
        identity: Some(identity),
    })
}

fn office_state(clock: Clock, online: bool) -> OfficeState {
    OfficeState {
        online,
        since: clock.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

impl Desk {
    async fn listen(self, mut events: mpsc::Receiver<DriverEvent>) {
        while let Some(event) = events.recv().await {
            match event {
                DriverEvent::Connected => self.connected().await,
                DriverEvent::Disconnected { reason } => {
                    if self.connected.swap(false, Ordering::Relaxed) {
                        warn!(%reason, "the connection to the broker is lost; it is tried again by itself");
                    }
                }
                DriverEvent::Refused { reason } => {
                    warn!(%reason, "the broker refused a message; check its access list for user office");
                }
                DriverEvent::Message { topic, payload } => self.received(&topic, &payload).await,
            }
        }
    }

    async fn connected(&self) {
        info!("connected to the broker");
        self.connected.store(true, Ordering::Relaxed);
        self.publish(
            &Topic::OFFICE_STATE,
            &office_state(self.store.clock(), true),
            true,
        );
        for (kiosk, rehearsal) in self.kiosks.iter() {
            self.send_cursor(kiosk, *rehearsal).await;
        }
        match self.manifest().await {
            Ok(manifest) => {
                self.publish_manifest(&manifest);
            }
            Err(error) => warn!(
                error = &error as &dyn std::error::Error,
                "the collections cannot be published"
            ),
        }
    }

    async fn received(&self, topic: &Topic, payload: &[u8]) {
        let Some((kiosk, channel)) = topic.kiosk() else {
            return;
        };
        let Some(rehearses) = self.kiosks.get(kiosk) else {
            debug!(%kiosk, "a kiosk that is not in the configuration; add it under [[kiosk]] to listen to it");
            return;
        };
        let taken = match channel {
            Channel::Up => self.take_batch(kiosk, *rehearses, payload).await,
            Channel::State => self.take_state(kiosk, *rehearses, payload).await,
            Channel::Ack | Channel::Manifest | Channel::Charge => Ok(()),
        };
        if let Err(error) = taken {
            // Nothing is acknowledged, so the kiosk sends it again.
            warn!(%kiosk, error = &error as &dyn std::error::Error, "a message could not be taken in");
        }
    }

    async fn take_batch(
        &self,
        kiosk: &KioskId,
        rehearses: bool,
        payload: &[u8],
    ) -> Result<(), StoreError> {
        let batch = match decode::<Batch>(payload) {
            Ok(batch) if &batch.kiosk == kiosk => Batch {
                rehearsal: batch.rehearsal || rehearses,
                ..batch
            },
            Ok(_) => {
                return self
                    .put_aside(kiosk, rehearses, "another_kiosk", payload)
                    .await;
            }
            Err(error) => {
                warn!(%kiosk, %error, "not a batch; it is kept in quarantine");
                return self
                    .put_aside(kiosk, rehearses, "not_a_message", payload)
                    .await;
            }
        };
        let taken = self
            .store
            .write(move |writing| writing.take_in(&batch))
            .await?;
        if taken.quarantined > 0 || taken.incidents > 0 {
            warn!(%kiosk, quarantined = taken.quarantined, incidents = taken.incidents, "records that a person has to look at");
        }
        debug!(%kiosk, stored = taken.stored, through = taken.ack.through_seq, "batch taken in");
        self.publish_to(kiosk, Channel::Ack, &taken.ack);
        Ok(())
    }

    async fn put_aside(
        &self,
        kiosk: &KioskId,
        rehearses: bool,
        reason: &'static str,
        payload: &[u8],
    ) -> Result<(), StoreError> {
        let kiosk = kiosk.clone();
        let payload = payload
            .get(..payload.len().min(KEPT_OF_NONSENSE))
            .unwrap_or_default()
            .to_vec();
        self.store
            .write(move |writing| writing.quarantine_message(&kiosk, rehearses, reason, &payload))
            .await
    }

    async fn take_state(
        &self,
        kiosk: &KioskId,
        rehearses: bool,
        payload: &[u8],
    ) -> Result<(), StoreError> {
        let state = match decode::<KioskState>(payload) {
            Ok(state) => KioskState {
                rehearsal: state.rehearsal || rehearses,
                ..state
            },
            Err(_) if payload.is_empty() => return Ok(()),
            Err(error) => {
                warn!(%kiosk, %error, "not a state; it is kept in quarantine");
                return self
                    .put_aside(kiosk, rehearses, "not_a_message", payload)
                    .await;
            }
        };
        info!(%kiosk, online = state.online, "kiosk");
        let (id, noted) = (kiosk.clone(), state.clone());
        self.store
            .write(move |writing| writing.note_presence(&id, &noted))
            .await?;
        if state.online {
            self.send_cursor(kiosk, state.rehearsal).await;
        }
        Ok(())
    }

    async fn send_cursor(&self, kiosk: &KioskId, rehearsal: bool) {
        let id = kiosk.clone();
        match self
            .store
            .read(move |connection| records::cursor(connection, &id, rehearsal))
            .await
        {
            Ok(Some(ack)) => {
                self.publish_to(kiosk, Channel::Ack, &ack);
            }
            Ok(None) => {}
            Err(error) => {
                warn!(%kiosk, error = &error as &dyn std::error::Error, "cannot say how far the records are held")
            }
        }
    }

    /// Publishes the manifests whenever a collection has changed.
    async fn announce_changes(self) {
        let mut changes = self.store.changes();
        let mut announced = None;
        loop {
            match self.manifest().await {
                Ok(manifest) if announced.as_ref() == Some(&manifest) => {}
                Ok(manifest) if self.publish_manifest(&manifest) => announced = Some(manifest),
                Ok(_) => debug!("the manifest did not reach the broker; it is published again"),
                Err(error) => warn!(
                    error = &error as &dyn std::error::Error,
                    "the collections cannot be published"
                ),
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(MANIFEST_RETRY) => {}
            }
            tokio::time::sleep(MANIFEST_DEBOUNCE).await;
            changes.mark_unchanged();
        }
    }

    async fn manifest(&self) -> Result<Manifest, StoreError> {
        let shelf = self.shelf.clone();
        self.store
            .read(move |connection| shelf.manifest(connection))
            .await
    }

    fn publish_manifest(&self, manifest: &Manifest) -> bool {
        // Each kiosk gets its own, whatever becomes of the others.
        let published = |kiosk: &&KioskId| self.publish_to(kiosk, Channel::Manifest, manifest);
        self.kiosks.keys().filter(published).count() == self.kiosks.len()
    }

    fn publish_to<M: Message>(&self, kiosk: &KioskId, channel: Channel, message: &M) -> bool {
        Topic::of(kiosk, channel)
            .is_ok_and(|topic| self.publish(&topic, message, channel.is_retained()))
    }

    fn publish<M: Message>(&self, topic: &Topic, message: &M, retain: bool) -> bool {
        let payload = match encode(message) {
            Ok(payload) => payload,
            Err(error) => {
                warn!(%topic, %error, "a message of our own cannot be written");
                return false;
            }
        };
        let sent = self.driver.publish(topic, payload, retain);
        if let Err(error) = &sent {
            debug!(%topic, %error, "not published");
        }
        sent.is_ok()
    }
}
