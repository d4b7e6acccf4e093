//! A kiosk's end of the link, against a real broker: batches up, acks and manifests down, presence, nonsense.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Journal, KIOSK, TestOffice, day_opened, started, wait_for};
use link::driver::{Driver, DriverConfig, DriverEvent, DriverHandle};
use link::message::{Ack, Batch, KioskState, Manifest, decode, encode};
use link::topics::{Channel, Filter, Topic};
use office::store::StoreError;
use office::store::figures::{counts, inside, kiosks, record_count};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

struct KioskEnd {
    driver: DriverHandle,
    events: Receiver<DriverEvent>,
}

fn topic(kiosk: &str, channel: Channel) -> Topic {
    Topic::of(&kiosk.into(), channel).unwrap()
}

impl KioskEnd {
    async fn connect(office: &TestOffice, kiosk: &str) -> Self {
        let broker = office.running.broker_addr.unwrap();
        let filters =
            [Channel::Ack, Channel::Manifest].map(|channel| Filter::One(topic(kiosk, channel)));
        let config = DriverConfig {
            client_id: kiosk.to_owned(),
            host: broker.ip().to_string(),
            port: broker.port(),
            tls: None,
            filters: filters.to_vec(),
            farewell: Some((topic(kiosk, Channel::State), encode(&state(false)).unwrap())),
        };
        let (driver, events) = Driver::spawn(config).unwrap();
        let mut end = Self { driver, events };
        end.until("the connection", |event| {
            matches!(event, DriverEvent::Connected).then_some(())
        })
        .await;
        end
    }

    async fn until<T>(
        &mut self,
        what: &str,
        mut found: impl FnMut(&DriverEvent) -> Option<T>,
    ) -> T {
        let wait = async {
            loop {
                let event = self.events.recv().await.expect("the driver goes on");
                if let Some(found) = found(&event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait)
            .await
            .unwrap_or_else(|_| panic!("{what} did not come"))
    }

    async fn ack(&mut self) -> Ack {
        self.until("the ack", |event| match event {
            DriverEvent::Message { topic, payload } if topic.kiosk().unwrap().1 == Channel::Ack => {
                Some(decode(payload).unwrap())
            }
            _ => None,
        })
        .await
    }

    async fn manifest(&mut self, wanted: impl Fn(&Manifest) -> bool) -> Manifest {
        self.until("the manifest", |event| match event {
            DriverEvent::Message { topic, payload }
                if topic.kiosk().unwrap().1 == Channel::Manifest =>
            {
                Some(decode::<Manifest>(payload).unwrap()).filter(&wanted)
            }
            _ => None,
        })
        .await
    }

    fn send(&self, kiosk: &str, channel: Channel, payload: Vec<u8>) {
        self.driver
            .publish(&topic(kiosk, channel), payload, channel.is_retained())
            .unwrap();
    }
}

fn state(online: bool) -> KioskState {
    KioskState {
        online,
        since: common::time("2026-11-24T09:00:00"),
        version: "test".to_owned(),
        rehearsal: false,
    }
}

fn morning() -> (Journal, Batch) {
    let mut journal = Journal::new(KIOSK, "a1");
    let visit = started("v1", "M00001", "2026-11-24T09:40:00+09:00");
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(visit),
    ];
    let batch = journal.batch(events);
    (journal, batch)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_durable_before_it_is_acknowledged_and_a_returning_kiosk_hears_its_cursor() {
    let office = TestOffice::start().await;
    let mut kiosk = KioskEnd::connect(&office, KIOSK).await;
    let (mut journal, batch) = morning();
    kiosk.send(KIOSK, Channel::Up, encode(&batch).unwrap());
    let ack = kiosk.ack().await;
    assert_eq!(
        (ack.run.as_str(), ack.through_seq, ack.rejected.len()),
        ("a1", 3, 0)
    );
    assert_eq!(
        office
            .store()
            .read_blocking(|connection| inside(connection, false))
            .unwrap()
            .len(),
        1
    );
    kiosk.send(KIOSK, Channel::Up, encode(&batch).unwrap());
    assert_eq!(kiosk.ack().await.through_seq, 3);
    assert_eq!(
        office
            .store()
            .read_blocking(|connection| record_count(connection, false))
            .unwrap(),
        3
    );
    // The heartbeat is answered too.
    kiosk.send(
        KIOSK,
        Channel::Up,
        encode(&journal.batch(Vec::new())).unwrap(),
    );
    assert_eq!(kiosk.ack().await.through_seq, 3);
    kiosk.send(KIOSK, Channel::State, encode(&state(true)).unwrap());
    assert_eq!(kiosk.ack().await.through_seq, 3);
    let more = journal.write(started("v2", "M00002", "2026-11-24T09:50:00+09:00"));
    kiosk.send(
        KIOSK,
        Channel::Up,
        encode(&journal.batch(vec![more])).unwrap(),
    );
    assert_eq!(kiosk.ack().await.through_seq, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_member_is_announced_within_a_second() {
    let office = TestOffice::start().await;
    let mut kiosk = KioskEnd::connect(&office, KIOSK).await;
    let mut slowest = Duration::ZERO;
    for version in 1..=20u64 {
        let began = Instant::now();
        let answer = office
            .post("/v1/members", json!({"category": "business"}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        let is_it = |manifest: &Manifest| {
            manifest
                .collections
                .get("passes")
                .is_some_and(|entry| entry.version == version)
        };
        kiosk.manifest(is_it).await;
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_waits_for_a_kiosk_that_comes_later() {
    let office = TestOffice::start().await;
    office
        .post("/v1/members", json!({"category": "business"}))
        .send()
        .await
        .unwrap();
    let mut kiosk = KioskEnd::connect(&office, KIOSK).await;
    let manifest = kiosk
        .manifest(|manifest| manifest.collections.contains_key("members"))
        .await;
    let entry = &manifest.collections["members"];
    let answer = office
        .as_kiosk("/v1/kiosks/koto-1/collections/members")
        .send()
        .await
        .unwrap();
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(
        (entry.size, &entry.sha256),
        (bytes.len() as u64, &link::collections::sha256_hex(&bytes))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_kept_aside_and_nothing_stops() {
    let office = TestOffice::start().await;
    let mut kiosk = KioskEnd::connect(&office, KIOSK).await;
    let (_, batch) = morning();
    for nonsense in [
        b"\xFF\x00\x13".to_vec(),
        b"{}".to_vec(),
        encode(&Batch {
            kiosk: "koto-2".into(),
            events: Vec::new(),
            ..batch.clone()
        })
        .unwrap(),
    ] {
        kiosk.send(KIOSK, Channel::Up, nonsense);
    }
    kiosk.send(KIOSK, Channel::State, b"offline?".to_vec());
    // A kiosk that is not in the configuration is not listened to.
    kiosk.send("koto-99", Channel::Up, b"hello".to_vec());
    kiosk.send(KIOSK, Channel::Up, encode(&batch).unwrap());
    assert_eq!(kiosk.ack().await.through_seq, 3);
    let held = office
        .store()
        .read_blocking(|connection| {
            let counts = counts(connection, false, common::time("2026-11-24T12:00:00"))?;
            Ok::<_, StoreError>((record_count(connection, false)?, counts.quarantine))
        })
        .unwrap();
    assert_eq!(held, (3, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_comes_and_goes() {
    let office = TestOffice::start().await;
    let kiosk = KioskEnd::connect(&office, KIOSK).await;
    kiosk.send(KIOSK, Channel::State, encode(&state(true)).unwrap());
    let is_online = async || {
        office
            .store()
            .read(kiosks)
            .await
            .unwrap()
            .first()
            .map(|kiosk| kiosk.online)
    };
    wait_for("its arrival", async || {
        is_online().await.filter(|online| *online)
    })
    .await;
    office
        .store()
        .write(|writing| writing.forget_presence())
        .await
        .unwrap();
    assert_eq!(
        is_online().await,
        Some(false),
        "after a start nobody is connected"
    );
    let heartbeat = Journal::new(KIOSK, "a1").batch(Vec::new());
    kiosk.send(KIOSK, Channel::Up, encode(&heartbeat).unwrap());
    wait_for("its heartbeat", async || {
        is_online().await.filter(|online| *online)
    })
    .await;
    kiosk.driver.stop().await;
    wait_for("its farewell", async || {
        is_online().await.filter(|online| !*online)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_that_rehearses_never_counts() {
    let office = TestOffice::start().await;
    let mut kiosk = KioskEnd::connect(&office, "koto-2").await;
    let mut journal = Journal::new("koto-2", "a1");
    let events = vec![
        journal.start_run("a1"),
        journal.write(started("v1", "M00001", "2026-11-24T09:40:00+09:00")),
    ];
    // It says that it is real; the office's configuration knows better.
    kiosk.send(
        "koto-2",
        Channel::Up,
        encode(&journal.batch(events)).unwrap(),
    );
    assert_eq!(kiosk.ack().await.through_seq, 2);
    let count = |rehearsal| {
        office
            .store()
            .read_blocking(move |connection| inside(connection, rehearsal))
            .unwrap()
            .len()
    };
    assert_eq!((count(false), count(true)), (0, 1));
}
