//! The embedded broker: for one machine and the demo (design section 7). Loopback only, since it knows no passwords. It keeps
//! everything in memory: nothing relies on a broker remembering.

use mqtt5::broker::MqttBroker;
use mqtt5::broker::config::{BrokerConfig, StorageBackend, StorageConfig};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::task::JoinHandle;

/// As `link::message::MAX_PACKET`, with room for headers.
const LARGEST_PACKET: usize = 512 * 1024;
const STOPS_WITHIN: Duration = Duration::from_secs(3);

/// Why there is no broker.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// Anything but this machine.
    #[error("the embedded broker serves this machine only; {0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// The port is taken, or not allowed.
    #[error(
        "the embedded broker cannot listen on {address}; end the program that uses the port, or set another as [broker] listen"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the broker says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A broker at work.
pub(crate) struct EmbeddedBroker {
    address: SocketAddr,
    shutdown: mqtt5::broker::BrokerShutdownHandle,
    task: JoinHandle<()>,
}

impl EmbeddedBroker {
    pub(crate) async fn start(listen: SocketAddr) -> Result<Self, BrokerError> {
        if !listen.ip().is_loopback() {
            return Err(BrokerError::NotLoopback(listen));
        }
        let storage = StorageConfig::new()
            .with_backend(StorageBackend::Memory)
            .with_persistence(true);
        let config = BrokerConfig::default()
            .with_bind_addresses(vec![listen])
            .with_max_packet_size(LARGEST_PACKET)
            .with_sys_topics_enabled(false)
            .with_storage(storage);
        let fault = |source: Box<dyn std::error::Error + Send + Sync>| BrokerError::Listen {
            address: listen,
            source,
        };
        let mut broker = MqttBroker::with_config(config)
            .await
            .map_err(|error| fault(error.into()))?;
        let address = broker
            .local_addr()
            .ok_or_else(|| fault("it has no address".into()))?;
        let (shutdown, mut ready) = (broker.shutdown_handle(), broker.ready_receiver());
        let task = tokio::spawn(async move {
            if let Err(error) = broker.run().await {
                tracing::error!(%error, "the embedded broker has ended");
            }
        });
        ready
            .wait_for(|ready| *ready)
            .await
            .map_err(|error| fault(error.into()))?;
        Ok(Self {
            address,
            shutdown,
            task,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn stop(mut self) {
        self.shutdown.shutdown();
        if tokio::time::timeout(STOPS_WITHIN, &mut self.task)
            .await
            .is_err()
        {
            self.task.abort();
        }
    }
}
