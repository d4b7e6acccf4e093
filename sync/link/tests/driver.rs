//! The connection against real brokers: the embedded one and Mosquitto.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use link::driver::{Driver, DriverConfig, DriverError, DriverEvent, DriverHandle, PublishError};
use link::message::MAX_MESSAGE;
use link::topics::{Channel, Filter, Topic};
use rstest::rstest;
use std::time::Duration;
use support::brokers::{Broker, Kind, Line, PATIENCE, free_port};
use tokio::sync::mpsc::Receiver;

struct Client {
    handle: DriverHandle,
    events: Receiver<DriverEvent>,
}

fn kiosk_topic(channel: Channel) -> Topic {
    Topic::of(&"koto-1".into(), channel).unwrap()
}

fn config(
    id: &str,
    port: u16,
    filters: Vec<Filter>,
    farewell: Option<(Topic, Vec<u8>)>,
) -> DriverConfig {
    DriverConfig {
        client_id: id.to_owned(),
        host: "127.0.0.1".to_owned(),
        port,
        tls: None,
        filters,
        farewell,
    }
}

impl Client {
    fn new(config: DriverConfig) -> Self {
        let (handle, events) = Driver::spawn(config).unwrap();
        Self { handle, events }
    }

    fn kiosk(port: u16) -> Self {
        let filters =
            [Channel::Ack, Channel::Manifest].map(|channel| Filter::One(kiosk_topic(channel)));
        let farewell = Some((kiosk_topic(Channel::State), b"offline".to_vec()));
        Self::new(config("kiosk", port, filters.into(), farewell))
    }

    fn office(port: u16) -> Self {
        let filters = [Channel::Up, Channel::State].map(Filter::EveryKiosk);
        Self::new(config("office", port, filters.into(), None))
    }

    async fn until(
        &mut self,
        what: &str,
        mut is_it: impl FnMut(&DriverEvent) -> bool,
    ) -> DriverEvent {
        let wait = async {
            loop {
                let event = self.events.recv().await.expect("the driver runs");
                if is_it(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .unwrap_or_else(|_| panic!("{what}"))
    }

    async fn connected(&mut self) {
        self.until("connected", |event| *event == DriverEvent::Connected)
            .await;
    }

    async fn disconnected(&mut self) {
        self.until("disconnected", |event| {
            matches!(event, DriverEvent::Disconnected { .. })
        })
        .await;
    }

    async fn hears(&mut self, expected: &[u8], on: Topic) {
        let what = format!("{} on {on}", String::from_utf8_lossy(expected));
        let is_it = |event: &DriverEvent| matches!(event, DriverEvent::Message { topic, payload } if *topic == on && payload == expected);
        self.until(&what, is_it).await;
    }

    fn says(&self, on: Channel, what: &[u8]) {
        self.handle
            .publish(&kiosk_topic(on), what.to_vec(), on.is_retained())
            .unwrap();
    }
}

#[rstest]
#[case(Kind::Embedded)]
#[case(Kind::Mosquitto)]
#[tokio::test]
async fn both_sides_hear_each_other(#[case] kind: Kind) {
    let broker = Broker::start(kind).await;
    let mut office = Client::office(broker.port);
    office.connected().await;
    office.says(Channel::Manifest, b"what there is");
    let mut kiosk = Client::kiosk(broker.port);
    kiosk
        .hears(b"what there is", kiosk_topic(Channel::Manifest))
        .await;
    kiosk
        .handle
        .publish(&Topic::OFFICE_STATE, b"not for the kiosk".to_vec(), false)
        .ok();

    let large = vec![b'x'; 64 * 1024];
    while kiosk
        .handle
        .publish(&kiosk_topic(Channel::Up), large.clone(), false)
        .is_err()
    {
        tokio::task::yield_now().await;
    }
    office.hears(&large, kiosk_topic(Channel::Up)).await;
    office.says(Channel::Ack, b"got it");
    kiosk.hears(b"got it", kiosk_topic(Channel::Ack)).await;

    let too_large = vec![0; MAX_MESSAGE + 1];
    assert_eq!(
        kiosk
            .handle
            .publish(&kiosk_topic(Channel::Up), too_large, false),
        Err(PublishError::TooLarge)
    );
}

#[rstest]
#[case(Kind::Embedded)]
#[case(Kind::Mosquitto)]
#[tokio::test]
async fn a_killed_broker_is_found_again(#[case] kind: Kind) {
    let mut broker = Broker::start(kind).await;
    let mut office = Client::office(broker.port);
    let mut kiosk = Client::kiosk(broker.port);
    office.connected().await;
    kiosk.connected().await;
    for round in 0..3 {
        broker.kill().await;
        kiosk.disconnected().await;
        office.disconnected().await;
        let refused = kiosk
            .handle
            .publish(&kiosk_topic(Channel::Up), b"lost".to_vec(), false);
        assert_eq!(
            refused,
            Err(PublishError::NotConnected),
            "nothing is kept for later"
        );
        broker.start_again().await;
        office.connected().await;
        kiosk.connected().await;
        let said = format!("round {round}");
        kiosk.says(Channel::Up, said.as_bytes());
        office
            .hears(said.as_bytes(), kiosk_topic(Channel::Up))
            .await;
    }
}

#[rstest]
#[case(Kind::Embedded)]
#[case(Kind::Mosquitto)]
#[tokio::test]
async fn the_office_learns_that_a_kiosk_is_gone(#[case] kind: Kind) {
    let broker = Broker::start(kind).await;
    let mut office = Client::office(broker.port);
    office.connected().await;

    // By itself.
    let mut kiosk = Client::kiosk(broker.port);
    kiosk.connected().await;
    kiosk.says(Channel::State, b"online");
    office.hears(b"online", kiosk_topic(Channel::State)).await;
    kiosk.handle.stop().await;
    office.hears(b"offline", kiosk_topic(Channel::State)).await;

    // By its line being cut.
    let line = Line::to(broker.port).await;
    let mut kiosk = Client::kiosk(line.port);
    kiosk.connected().await;
    kiosk.says(Channel::State, b"online");
    office.hears(b"online", kiosk_topic(Channel::State)).await;
    drop(line);
    office.hears(b"offline", kiosk_topic(Channel::State)).await;
}

#[tokio::test]
async fn a_frozen_line_is_noticed_without_the_systems_help() {
    let broker = Broker::start(Kind::Mosquitto).await;
    let line = Line::to(broker.port).await;
    let mut kiosk = Client::kiosk(line.port);
    kiosk.connected().await;
    line.freeze();
    let batch = vec![b'x'; MAX_MESSAGE];
    // More than the system's buffers hold, so that a flush hangs.
    let flood = tokio::time::timeout(PATIENCE, async {
        loop {
            if kiosk
                .handle
                .publish(&kiosk_topic(Channel::Up), batch.clone(), false)
                == Err(PublishError::NotConnected)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    flood.await.expect("given up within the watchdog's time");
    line.thaw();
    kiosk.connected().await;
}

#[tokio::test]
async fn without_a_broker_it_says_why_and_goes_on() {
    let port = free_port();
    let mut kiosk = Client::kiosk(port);
    for _ in 0..3 {
        kiosk.disconnected().await;
    }
    assert!(!kiosk.handle.is_connected());
    kiosk.handle.stop().await;
    assert!(
        kiosk
            .events
            .recv()
            .await
            .is_none_or(|event| matches!(event, DriverEvent::Disconnected { .. }))
    );
}

#[tokio::test]
async fn what_is_no_broker_is_named_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut kiosk = Client::kiosk(listener.local_addr().unwrap().port());
    let serve = async {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(
                &mut stream,
                b"HTTP/1.1 400 Bad Request\r\n\r\nK1SECRET",
            )
            .await
            .unwrap();
        }
    };
    let event = tokio::select! {
        event = kiosk.until("an end", |event| matches!(event, DriverEvent::Disconnected { .. })) => event,
        () = serve => unreachable!(),
    };
    assert!(!format!("{event:?}").contains("SECRET"), "{event:?}");
}

#[tokio::test]
async fn foreign_topics_are_dropped() {
    let broker = Broker::start(Kind::Mosquitto).await;
    let mut office = Client::office(broker.port);
    office.connected().await;
    let options = rumqttc::v5::MqttOptions::new("stranger", "127.0.0.1", broker.port);
    let (stranger, mut event_loop) = rumqttc::v5::AsyncClient::new(options, 10);
    for topic in ["genkan/v1/Not A Kiosk/up", "genkan/v1/koto-1/up"] {
        stranger
            .publish(
                topic,
                rumqttc::v5::mqttbytes::QoS::AtLeastOnce,
                false,
                topic,
            )
            .await
            .unwrap();
    }
    let poll = async { while event_loop.poll().await.is_ok() {} };
    let first = tokio::select! {
        event = office.until("a message", |event| matches!(event, DriverEvent::Message { .. })) => event,
        () = poll => panic!("the stranger was thrown out"),
    };
    assert!(
        matches!(first, DriverEvent::Message { topic, .. } if topic == kiosk_topic(Channel::Up))
    );
}

#[rstest]
#[case("broker.example.jp", false)]
#[case("192.168.1.2", false)]
#[case("0.0.0.0", false)]
#[case("127.0.0.1", true)]
#[case("localhost", true)]
#[case("::1", true)]
#[tokio::test]
async fn beyond_this_machine_only_with_tls(#[case] host: &str, #[case] allowed: bool) {
    let config = DriverConfig {
        host: host.to_owned(),
        ..config("kiosk", free_port(), Vec::new(), None)
    };
    match Driver::spawn(config) {
        Ok(_) => assert!(allowed),
        Err(error) => assert!(
            !allowed && matches!(error, DriverError::Unprotected(_)),
            "{error}"
        ),
    }
}
