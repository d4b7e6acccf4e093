//! The office as a whole: started, and stopped in order.

use crate::broker::{BrokerError, EmbeddedBroker};
use crate::config::{Broker, OfficeConfig};
use crate::http;
use crate::store::collections::Shelf;
use crate::store::{Store, StoreError};
use crate::sync::{Link, LinkError};
use axum::serve::ListenerExt;
use chrono::TimeDelta;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Reservations stay at the doors so long after their end, for the staff's questions.
const RESERVATIONS_KEPT: TimeDelta = TimeDelta::days(2);
const RETIRE_EVERY: Duration = Duration::from_secs(3600);
const REQUESTS_END_WITHIN: Duration = Duration::from_secs(5);

/// Why the office does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The embedded broker.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The link to the kiosks.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The port is taken, or not allowed.
    #[error(
        "cannot listen on {address}; end the program that uses the port, or set another as [office] listen"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Starts offices.
#[derive(Debug)]
pub struct Office;

/// An office at work.
pub struct RunningOffice {
    /// Where it serves HTTP.
    pub http_addr: SocketAddr,
    /// Where its embedded broker listens, if it has one.
    pub broker_addr: Option<SocketAddr>,
    store: Store,
    broker: Option<EmbeddedBroker>,
    link: Link,
    ending: CancellationToken,
    server: JoinHandle<()>,
    chores: Vec<JoinHandle<()>>,
}

impl Office {
    /// Opens the database, starts broker, link and HTTP, and returns once all of them listen.
    ///
    /// # Errors
    /// What could not be started; whatever had been is stopped again.
    pub async fn start(config: OfficeConfig) -> Result<RunningOffice, StartError> {
        let store = {
            let (folder, clock) = (config.data_dir.clone(), config.clock);
            tokio::task::spawn_blocking(move || Store::open(&folder, clock))
                .await
                .map_err(|_| StoreError::Closed)??
        };
        store.write(|writing| writing.forget_presence()).await?;
        let listen_fault = |source| StartError::Listen {
            address: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(listen_fault)?;
        let http_addr = listener.local_addr().map_err(listen_fault)?;
        let broker = match &config.broker {
            Broker::Embedded { listen } => Some(EmbeddedBroker::start(*listen).await?),
            Broker::External(_) => None,
        };
        let broker_addr = broker.as_ref().map(EmbeddedBroker::address);
        let (shelf, connected) = (Shelf::default(), Arc::new(AtomicBool::new(false)));
        let link = Link::start(
            &store,
            &shelf,
            &config.kiosks,
            &config.broker,
            broker_addr,
            Arc::clone(&connected),
        )?;
        let ending = CancellationToken::new();
        let app = http::router(http::Shared::new(
            &config,
            &store,
            &shelf,
            connected,
            ending.clone(),
        ));
        let server = tokio::spawn(serve(listener, app, ending.clone()));
        let chores = vec![
            tokio::spawn(retire(store.clone())),
            tokio::spawn(watch_foreign_commits(store.clone())),
        ];
        tracing::info!(%http_addr, broker = ?broker_addr, kiosks = config.kiosks.len(), "the office is open");
        Ok(RunningOffice {
            http_addr,
            broker_addr,
            store,
            broker,
            link,
            ending,
            server,
            chores,
        })
    }
}

impl RunningOffice {
    /// The database it works on.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Answers what was asked, says farewell to the broker, and ends.
    pub async fn shutdown(self) {
        self.chores.iter().for_each(JoinHandle::abort);
        self.ending.cancel();
        let mut server = self.server;
        if tokio::time::timeout(REQUESTS_END_WITHIN, &mut server)
            .await
            .is_err()
        {
            server.abort();
        }
        self.link.stop().await;
        if let Some(broker) = self.broker {
            broker.stop().await;
        }
        tracing::info!("the office is closed");
    }
}

async fn serve(listener: TcpListener, app: axum::Router, ending: CancellationToken) {
    // An answer must not wait for a full packet: a new member is at the door within a second.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays slow");
        }
    });
    let served = axum::serve(listener, app)
        .with_graceful_shutdown(ending.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "HTTP has ended");
    }
}

/// Takes reservations that are long over from the doors (R25).
async fn retire(store: Store) {
    let mut ticks = tokio::time::interval(RETIRE_EVERY);
    loop {
        ticks.tick().await;
        let retired = store.write(|writing| {
            let before = writing.now() - RESERVATIONS_KEPT;
            writing.retire_reservations(before)
        });
        if let Err(error) = retired.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "past reservations could not be taken from the doors"
            );
        }
    }
}

async fn watch_foreign_commits(store: Store) {
    if let Err(error) = store.watch_foreign_commits().await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "imports beside the server are noticed only after a restart"
        );
    }
}
