//! The one connection to the broker, kept up for as long as the program runs.
//!
//! The shape is the one that survived fifty kills of the broker; each part has its reason:
//!
//! - A new event loop for every connection. A reused one brings the requests of the old connection along.
//! - The event loop is polled in a task of its own that only forwards, so a busy receiver never delays a ping.
//! - A watchdog around it: a flush that hangs on a frozen link is noticed by nobody else.
//! - Subscribe after CONNACK, be [`DriverEvent::Connected`] after SUBACK. What is published before would be answered into the void.
//! - Publishing never waits. What is not sent now is sent again from the journal.
//!
//! Nothing here logs what a message says; [`rumqttc`]'s own errors would, so their text never leaves this module.

mod connection;
mod tls;

pub use tls::{ClientIdentity, Tls};

use crate::message::MAX_MESSAGE;
use crate::topics::{Filter, Topic};
use crate::uplink::backoff;
use connection::{Ended, Outlet};
use rumqttc::Transport;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// So many events wait for their receiver before the broker has to.
const EVENTS_WAITING: usize = 64;

const SHORTEST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A connection that ends sooner counts as a failed attempt: two clients of one id throw each other out for ever.
const HEALTHY_AFTER: Duration = Duration::from_secs(10);

/// Where to connect, as whom, and for what.
#[derive(Clone, Debug)]
pub struct DriverConfig {
    /// Unique at the broker; a second client with the same id throws the first one out.
    pub client_id: String,
    /// Name or address of the broker.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected; without it only loopback addresses are accepted.
    pub tls: Option<Tls>,
    /// What to listen to.
    pub filters: Vec<Filter>,
    /// Published, retained, when the connection ends: by the broker if it breaks, by [`DriverHandle::stop`] otherwise.
    pub farewell: Option<(Topic, Vec<u8>)>,
}

/// Why a connection cannot even be tried.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// Unprotected, and beyond this machine.
    #[error(
        "the broker {0} is not on this machine and would be talked to without TLS; give a CA certificate, or use 127.0.0.1"
    )]
    Unprotected(String),
    /// Certificates or key cannot be used.
    #[error("{0}")]
    Tls(
        &'static str,
        #[source] Option<Box<dyn std::error::Error + Send + Sync>>,
    ),
}

/// What happens on the connection.
#[derive(Clone, PartialEq, Eq)]
pub enum DriverEvent {
    /// The broker has confirmed the subscriptions. Retained messages may come before it.
    Connected,
    /// The connection is gone, or an attempt failed. The next attempt comes by itself.
    Disconnected {
        /// In plain words, without a word of any message.
        reason: String,
    },
    /// The broker refused a message, usually by its access list. Trying again will not help.
    Refused {
        /// The broker's reason.
        reason: String,
    },
    /// A message.
    Message {
        /// Where.
        topic: Topic,
        /// What; decode it with [`decode`](crate::message::decode).
        payload: Vec<u8>,
    },
}

impl std::fmt::Debug for DriverEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Connected => f.write_str("Connected"),
            Self::Disconnected { reason } => f
                .debug_struct("Disconnected")
                .field("reason", reason)
                .finish(),
            Self::Refused { reason } => f.debug_struct("Refused").field("reason", reason).finish(),
            Self::Message { topic, payload } => f
                .debug_struct("Message")
                .field("topic", topic)
                .field("bytes", &payload.len())
                .finish(),
        }
    }
}

/// Why a message was not even handed to the connection. It is not sent later either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// There is no connection.
    #[error("there is no connection to the broker; it is tried again by itself")]
    NotConnected,
    /// Too much is waiting already.
    #[error("the connection to the broker is busy; try again later")]
    Busy,
    /// Larger than [`MAX_MESSAGE`].
    #[error("the message is larger than {MAX_MESSAGE} bytes")]
    TooLarge,
}

/// Starts connections.
#[derive(Debug)]
pub struct Driver;

impl Driver {
    /// Connects, and connects again whenever the connection is lost, until the handle stops it or all its copies are dropped.
    ///
    /// # Errors
    /// An unprotected connection beyond this machine; certificates that cannot be used.
    pub fn spawn(
        config: DriverConfig,
    ) -> Result<(DriverHandle, mpsc::Receiver<DriverEvent>), DriverError> {
        let transport = match &config.tls {
            Some(tls) => tls.transport()?,
            None if is_loopback(&config.host) => Transport::tcp(),
            None => return Err(DriverError::Unprotected(config.host)),
        };
        let (events, receiver) = mpsc::channel(EVENTS_WAITING);
        let (stop, stopped) = watch::channel(false);
        let outlet = Arc::new(Outlet::default());
        tokio::spawn(run(config, transport, events, Arc::clone(&outlet), stopped));
        Ok((
            DriverHandle {
                outlet,
                stop: Arc::new(stop),
            },
            receiver,
        ))
    }
}

/// Publishes, and ends the connection.
#[derive(Clone)]
pub struct DriverHandle {
    outlet: Arc<Outlet>,
    stop: Arc<watch::Sender<bool>>,
}

impl DriverHandle {
    /// Hands a message to the connection, at least once, without waiting.
    ///
    /// # Errors
    /// No connection, too much waiting, or too large. That it returns well says nothing about the other side.
    pub fn publish(
        &self,
        topic: &Topic,
        payload: Vec<u8>,
        retain: bool,
    ) -> Result<(), PublishError> {
        if payload.len() > MAX_MESSAGE {
            return Err(PublishError::TooLarge);
        }
        self.outlet.publish(topic, payload, retain)
    }

    /// Whether there is a connection with confirmed subscriptions.
    pub fn is_connected(&self) -> bool {
        self.outlet.is_open()
    }

    /// Says farewell, disconnects and returns when it is done; two seconds at most.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        self.stop.closed().await;
    }
}

impl std::fmt::Debug for DriverHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DriverHandle")
            .field("connected", &self.is_connected())
            .finish()
    }
}

async fn run(
    config: DriverConfig,
    transport: Transport,
    events: mpsc::Sender<DriverEvent>,
    outlet: Arc<Outlet>,
    mut stop: watch::Receiver<bool>,
) {
    let mut failures = 0;
    loop {
        let began = Instant::now();
        let ended = connection::run(&config, &transport, &events, &outlet, &mut stop).await;
        outlet.close();
        let reason = match ended {
            Ended::Stopped => return,
            Ended::Lost(reason) => reason,
        };
        failures = if began.elapsed() > HEALTHY_AFTER {
            1
        } else {
            failures + 1
        };
        let wait = backoff(failures, SHORTEST_WAIT, LONGEST_WAIT, random_share());
        tracing::debug!(%reason, ?wait, "no connection to the broker");
        let pause = async {
            let told = events.send(DriverEvent::Disconnected { reason }).await;
            tokio::time::sleep(wait).await;
            told.is_ok()
        };
        tokio::select! {
            goes_on = pause => if !goes_on { return },
            () = stopping(&mut stop) => return,
        }
    }
}

/// Returns once the driver is told to stop, or nobody is left who could.
async fn stopping(stop: &mut watch::Receiver<bool>) {
    // An error means that every handle is gone.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Whether a host is this machine: `localhost`, or an address such as `127.0.0.1` or `::1`.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A random number from 0 to 1, for the jitter of [`backoff`]. Without a source of randomness, one half.
pub fn random_share() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}
