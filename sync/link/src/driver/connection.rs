//! One connection, from the attempt to its end.

use super::{DriverConfig, DriverEvent, PublishError, stopping};
use crate::message::MAX_PACKET;
use crate::topics::Topic;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{
    self as packet, LastWill, Packet, PubAckReason, SubscribeReasonCode,
};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, StateError};
use rumqttc::{NetworkOptions, Outgoing, Transport};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

/// Nothing moves for so long though something should: the link is frozen.
const WATCHDOG: Duration = Duration::from_secs(12);
/// Pings keep a 32 kbit/s line alive under a batch; at 5 s it drops for ever.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT_S: u64 = 10;
const FAREWELL: Duration = Duration::from_secs(2);
/// More would take 13 MiB a client.
const IN_FLIGHT: u16 = 16;
const REQUESTS_WAITING: usize = 64;

/// How a connection ended.
pub(super) enum Ended {
    /// As asked.
    Stopped,
    /// For this reason.
    Lost(String),
}

/// Where messages leave, while there is a connection.
#[derive(Default)]
pub(super) struct Outlet {
    client: Mutex<Option<AsyncClient>>,
    queued: AtomicU64,
    written: AtomicU64,
}

impl Outlet {
    pub fn publish(
        &self,
        topic: &Topic,
        payload: Vec<u8>,
        retain: bool,
    ) -> Result<(), PublishError> {
        let client = self.client();
        let client = client.as_ref().ok_or(PublishError::NotConnected)?;
        self.queued.fetch_add(1, Ordering::Relaxed);
        client
            .try_publish(topic.to_string(), QoS::AtLeastOnce, retain, payload)
            .map_err(|_| {
                self.queued.fetch_sub(1, Ordering::Relaxed);
                PublishError::Busy
            })
    }

    pub fn is_open(&self) -> bool {
        self.client().is_some()
    }

    pub fn close(&self) {
        *self.client() = None;
    }

    fn open(&self, client: AsyncClient) {
        self.queued.store(0, Ordering::Relaxed);
        self.written.store(0, Ordering::Relaxed);
        *self.client() = Some(client);
    }

    /// Messages handed over and not yet on the line.
    fn waiting(&self) -> u64 {
        self.queued
            .load(Ordering::Relaxed)
            .saturating_sub(self.written.load(Ordering::Relaxed))
    }

    fn client(&self) -> MutexGuard<'_, Option<AsyncClient>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the polling task forwards.
enum Polled {
    Up,
    Subscribed(Result<(), String>),
    Message(packet::Publish),
    Refused(String),
}

pub(super) async fn run(
    config: &DriverConfig,
    transport: &Transport,
    events: &mpsc::Sender<DriverEvent>,
    outlet: &Arc<Outlet>,
    stop: &mut watch::Receiver<bool>,
) -> Ended {
    let (client, event_loop) = AsyncClient::new(options(config, transport), REQUESTS_WAITING);
    let (forward, polled) = mpsc::channel(REQUESTS_WAITING);
    // Dropped with this function, and the task with it.
    let mut poller = JoinSet::new();
    poller.spawn(poll(event_loop, forward, Arc::clone(outlet)));
    let ended = tokio::select! {
        ended = serve(config, client.clone(), polled, events, outlet) => ended,
        () = stopping(stop) => Ended::Stopped,
    };
    match ended {
        Ended::Stopped => {
            part(config, &client, outlet);
            let _ = tokio::time::timeout(FAREWELL, poller.join_next()).await;
            Ended::Stopped
        }
        Ended::Lost(reason) if reason.is_empty() => match poller.join_next().await {
            Some(Ok(reason)) => Ended::Lost(reason),
            _ => Ended::Lost("the connection's task ended".to_owned()),
        },
        lost => lost,
    }
}

/// Passes on what happens until the connection ends; `Lost("")` leaves the reason to the polling task.
async fn serve(
    config: &DriverConfig,
    client: AsyncClient,
    mut polled: mpsc::Receiver<Polled>,
    events: &mpsc::Sender<DriverEvent>,
    outlet: &Outlet,
) -> Ended {
    let mut confirmed_by = None;
    loop {
        let next = match confirmed_by {
            None => polled.recv().await,
            Some(deadline) => match tokio::time::timeout_at(deadline, polled.recv()).await {
                Ok(next) => next,
                Err(_) => {
                    return Ended::Lost(
                        "the broker did not confirm the subscriptions in time".to_owned(),
                    );
                }
            },
        };
        let event = match next {
            None => return Ended::Lost(String::new()),
            Some(Polled::Up) => {
                let filters = config
                    .filters
                    .iter()
                    .map(|filter| packet::Filter::new(filter.to_string(), QoS::AtLeastOnce));
                if !config.filters.is_empty() && client.try_subscribe_many(filters).is_err() {
                    return Ended::Lost("the subscriptions could not be sent".to_owned());
                }
                confirmed_by = Some(Instant::now() + WATCHDOG);
                if !config.filters.is_empty() {
                    continue;
                }
                confirmed_by = None;
                outlet.open(client.clone());
                DriverEvent::Connected
            }
            Some(Polled::Subscribed(Err(reason))) => return Ended::Lost(reason),
            Some(Polled::Subscribed(Ok(()))) => {
                confirmed_by = None;
                outlet.open(client.clone());
                DriverEvent::Connected
            }
            Some(Polled::Refused(reason)) => DriverEvent::Refused { reason },
            Some(Polled::Message(publish)) => match topic(&publish) {
                Some(topic) => DriverEvent::Message {
                    topic,
                    payload: publish.payload.into(),
                },
                None => {
                    tracing::warn!(
                        bytes = publish.payload.len(),
                        "dropped a message on a topic that is not Genkan's"
                    );
                    continue;
                }
            },
        };
        if events.send(event).await.is_err() {
            return Ended::Stopped;
        }
    }
}

fn topic(publish: &packet::Publish) -> Option<Topic> {
    std::str::from_utf8(&publish.topic).ok()?.parse().ok()
}

fn part(config: &DriverConfig, client: &AsyncClient, outlet: &Outlet) {
    if outlet.is_open()
        && let Some((topic, payload)) = &config.farewell
    {
        // If it cannot be queued now, the broker's copy of it is what the others see.
        let _ = outlet.publish(topic, payload.clone(), true);
    }
    let _ = client.try_disconnect();
    outlet.close();
}

/// Polls until the connection ends and says why.
async fn poll(
    mut event_loop: EventLoop,
    forward: mpsc::Sender<Polled>,
    outlet: Arc<Outlet>,
) -> String {
    let mut watchdog = Watchdog::new();
    loop {
        let event = {
            let next = event_loop.poll();
            tokio::pin!(next);
            loop {
                // Never cancelled: a poll cut short in the middle of a packet would garble the stream.
                tokio::select! {
                    event = &mut next => break event,
                    () = watchdog.tick() => if watchdog.is_frozen(outlet.waiting()) {
                        return "the link is frozen: nothing moved for 12 seconds".to_owned();
                    },
                }
            }
        };
        watchdog.moved();
        let polled = match event {
            Err(error) => return describe(&error),
            Ok(Event::Outgoing(Outgoing::Publish(_))) => {
                outlet.written.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            Ok(Event::Incoming(Packet::ConnAck(_))) => Polled::Up,
            Ok(Event::Incoming(Packet::SubAck(ack))) => Polled::Subscribed(confirmed(&ack)),
            Ok(Event::Incoming(Packet::Publish(publish))) => Polled::Message(publish),
            Ok(Event::Incoming(Packet::PubAck(ack))) => match ack.reason {
                PubAckReason::Success | PubAckReason::NoMatchingSubscribers => continue,
                reason => Polled::Refused(format!("{reason:?}")),
            },
            Ok(_) => continue,
        };
        if forward.send(polled).await.is_err() {
            return "nobody listens".to_owned();
        }
    }
}

fn confirmed(ack: &packet::SubAck) -> Result<(), String> {
    match ack
        .return_codes
        .iter()
        .find(|code| !matches!(code, SubscribeReasonCode::Success(_)))
    {
        None => Ok(()),
        Some(code) => Err(format!(
            "the broker refuses a subscription ({code:?}); check its access list"
        )),
    }
}

/// Notices a link on which nothing moves. A line that is merely idle still has its pings.
struct Watchdog {
    ticks: tokio::time::Interval,
    last: Instant,
    waiting_since: Option<Instant>,
}

impl Watchdog {
    fn new() -> Self {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            ticks,
            last: Instant::now(),
            waiting_since: None,
        }
    }

    async fn tick(&mut self) {
        self.ticks.tick().await;
    }

    fn moved(&mut self) {
        self.last = Instant::now();
        self.waiting_since = None;
    }

    fn is_frozen(&mut self, waiting: u64) -> bool {
        let now = Instant::now();
        self.waiting_since = (waiting > 0).then(|| self.waiting_since.unwrap_or(now));
        let stuck = self
            .waiting_since
            .is_some_and(|since| now.duration_since(since) > WATCHDOG);
        stuck || now.duration_since(self.last) > KEEP_ALIVE + WATCHDOG
    }
}

fn options(config: &DriverConfig, transport: &Transport) -> MqttOptions {
    let mut options = MqttOptions::new(&config.client_id, &config.host, config.port);
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    options
        .set_network_options(network)
        .set_transport(transport.clone())
        .set_keep_alive(KEEP_ALIVE)
        .set_clean_start(true)
        .set_connection_timeout(CONNECT_TIMEOUT_S)
        .set_max_packet_size(u32::try_from(MAX_PACKET).ok())
        .set_outgoing_inflight_upper_limit(IN_FLIGHT);
    if let Some((topic, payload)) = &config.farewell {
        options.set_last_will(LastWill::new(
            topic.to_string(),
            payload.clone(),
            QoS::AtLeastOnce,
            true,
            None,
        ));
    }
    options
}

/// The error in our own words where its own would quote a packet.
fn describe(error: &ConnectionError) -> String {
    match error {
        ConnectionError::Timeout(_) => "the broker does not answer".to_owned(),
        ConnectionError::Io(error) => format!("the broker cannot be reached: {error}"),
        ConnectionError::Tls(error) => format!("no protected connection to the broker: {error}"),
        ConnectionError::ConnectionRefused(code) => {
            format!("the broker refuses the connection ({code:?}); check its accounts")
        }
        ConnectionError::NotConnAck(_) => "what answers is not an MQTT 5 broker".to_owned(),
        ConnectionError::RequestsDone => "the connection was closed".to_owned(),
        ConnectionError::MqttState(StateError::Io(error)) => {
            format!("the connection broke: {error}")
        }
        ConnectionError::MqttState(StateError::ConnectionAborted) => {
            "the broker closed the connection".to_owned()
        }
        ConnectionError::MqttState(StateError::AwaitPingResp) => {
            "the broker no longer answers".to_owned()
        }
        ConnectionError::MqttState(StateError::ServerDisconnect { reason_code, .. }) => {
            format!("the broker ended the connection ({reason_code:?})")
        }
        ConnectionError::MqttState(_) => "the broker broke the protocol".to_owned(),
    }
}
