//! Records reach the office, whatever the broker does.

use crate::brokers::{Broker, Kind};
use crate::office::{Office, Voice, topic};
use crate::setting::{Journal, Kiosk};
use domain::ids::RunId;
use domain::record::{ChainHash, Chained};
use link::driver::DriverEvent;
use link::intake::{Decision, Ledger, intake};
use link::message::{Ack, Batch, KioskState, decode, encode};
use link::topics::Channel;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

/// What the office holds.
#[derive(Clone, Default)]
struct Records(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    records: Vec<Chained>,
    runs: BTreeMap<RunId, BTreeMap<u64, ChainHash>>,
    heartbeats: usize,
    online: Vec<bool>,
}

impl Ledger for Held {
    type Error = Infallible;

    fn last(&self, run: &RunId) -> Result<Option<(u64, ChainHash)>, Infallible> {
        Ok(self
            .runs
            .get(run)
            .and_then(|run| run.last_key_value())
            .map(|(seq, hash)| (*seq, *hash)))
    }

    fn hash_at(&self, run: &RunId, seq: u64) -> Result<Option<ChainHash>, Infallible> {
        Ok(self.runs.get(run).and_then(|run| run.get(&seq)).copied())
    }

    fn successors(&self, _run: Option<&RunId>) -> Result<Vec<RunId>, Infallible> {
        Ok(Vec::new())
    }
}

impl Records {
    fn take(&self, payload: &[u8]) -> Ack {
        let batch: Batch = decode(payload).unwrap();
        let mut held = self.0.lock().unwrap();
        let outcome = intake(&*held, &batch).unwrap();
        let stored: Vec<_> = outcome
            .decisions
            .iter()
            .inspect(|(_, decision)| assert!(!matches!(decision, Decision::Quarantine(_))))
            .filter(|(_, decision)| matches!(decision, Decision::Store(_)))
            .map(|(event, _)| event.chained.clone())
            .collect();
        let ack = outcome.ack;
        held.heartbeats += usize::from(batch.events.is_empty());
        for chained in stored {
            held.runs
                .entry(chained.record.run.clone())
                .or_default()
                .insert(chained.record.seq, chained.hash);
            held.records.push(chained);
        }
        ack
    }

    /// Answers for as long as the task lives.
    fn serve(&self, mut voice: Voice) -> JoinSet<()> {
        let records = self.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            while let Some(event) = voice.events.recv().await {
                if event == DriverEvent::Connected {
                    voice.appears();
                }
                let DriverEvent::Message { topic: on, payload } = event else {
                    continue;
                };
                match on.kiosk() {
                    Some((_, Channel::Up)) => {
                        let ack = encode(&records.take(&payload)).unwrap();
                        // What is not sent is asked for again.
                        let _ = voice.handle.publish(&topic(Channel::Ack), ack, false);
                    }
                    Some((_, Channel::State)) => {
                        let state: KioskState = decode(&payload).unwrap();
                        records.0.lock().unwrap().online.push(state.online);
                    }
                    _ => {}
                }
            }
        });
        task
    }
}

async fn drains(kind: Kind) {
    let mut broker = Broker::start(kind).await;
    let office = Office::start().await;
    let records = Records::default();
    let _serving = records.serve(Voice::at(broker.port).await);
    let journal = Journal::default();
    journal.run("a", 700);
    journal.run("b", 1);
    let mut kiosk = Kiosk::start(&office, broker.port, journal);
    let status = kiosk
        .until("the backlog is drained", |status| {
            status.connected && status.pending == 0
        })
        .await;
    assert!(status.last_ack.is_some());

    for round in 0..3 {
        broker.kill().await;
        kiosk
            .until("the loss is seen", |status| !status.connected)
            .await;
        kiosk.writes(&format!("c{round}"), 300);
        let status = kiosk
            .until("records wait", |status| status.pending == 301)
            .await;
        assert!(status.problem.is_some());
        broker.start_again().await;
        kiosk
            .until("drained again", |status| {
                status.connected && status.pending == 0
            })
            .await;
    }
    let head = kiosk.journal.records().last().map(link::message::Place::of);
    assert_eq!(kiosk.journal.acknowledged(), head);
    assert_eq!(records.0.lock().unwrap().records, kiosk.journal.records());
    kiosk.sync.stop().await;
    let last = || records.0.lock().unwrap().online.last().copied();
    let farewell = async {
        while last() != Some(false) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(crate::setting::PATIENCE, farewell)
        .await
        .expect("the farewell arrives");
}

#[tokio::test]
async fn records_arrive_by_the_embedded_broker() {
    drains(Kind::Embedded).await;
}

#[tokio::test]
async fn records_arrive_by_mosquitto() {
    drains(Kind::Mosquitto).await;
}

#[tokio::test]
async fn an_office_that_forgot_gets_its_records_again() {
    let broker = Broker::start(Kind::Embedded).await;
    let office = Office::start().await;
    let records = Records::default();
    let _serving = records.serve(Voice::at(broker.port).await);
    let journal = Journal::default();
    journal.run("a", 40);
    journal.run("b", 40);
    let mut kiosk = Kiosk::start(&office, broker.port, journal);
    kiosk
        .until("drained", |status| status.connected && status.pending == 0)
        .await;
    *records.0.lock().unwrap() = Held::default();
    kiosk.writes("c", 5);
    let all = kiosk.journal.records();
    kiosk
        .until("all of it again", |status| {
            status.pending == 0 && records.0.lock().unwrap().records == all
        })
        .await;
}

#[tokio::test]
async fn messages_that_are_not_ours_change_nothing() {
    let broker = Broker::start(Kind::Embedded).await;
    let office = Office::start().await;
    let journal = Journal::default();
    journal.run("a", 3);
    let voice = Voice::at(broker.port).await;
    let mut kiosk = Kiosk::start(&office, broker.port, journal);
    kiosk.until("connected", |status| status.connected).await;
    for nonsense in [
        &b"\xff\xfe"[..],
        b"{}",
        b"[1]",
        br#"{"run":"../x","through_seq":1}"#,
    ] {
        voice
            .handle
            .publish(&topic(Channel::Ack), nonsense.to_vec(), false)
            .unwrap();
        voice
            .handle
            .publish(&topic(Channel::Manifest), nonsense.to_vec(), false)
            .unwrap();
    }
    for (run, through_seq) in [("a", 900), ("zzz", 1), ("zzz", 0)] {
        let ack = Ack {
            run: run.into(),
            through_seq,
            rejected: Vec::new(),
        };
        voice
            .handle
            .publish(&topic(Channel::Ack), encode(&ack).unwrap(), false)
            .unwrap();
    }
    kiosk
        .until("counted", |status| status.unreadable == 8)
        .await;
    assert_eq!(kiosk.journal.acknowledged(), None);
    let _serving = Records::default().serve(voice);
    kiosk.until("goes on", |status| status.pending == 0).await;
}
