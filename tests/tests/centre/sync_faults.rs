//! Fifty visitors while something between door and office fails. Nobody at the door notices, nothing is lost, nothing comes twice.

use crate::support::{
    AFTER_A_FAULT, SECONDS, admitted, compare_rows, stays_at_office, until_equal, visitors,
};
use api::{Client, Verdict};
use e2e::real_kiosk::RealKiosk;
use e2e::test_kiosk::{DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use e2e::waiting::wait_for;
use std::time::{Duration, Instant};

/// The door answers within this time, whatever is broken behind it.
const NOTICED: Duration = Duration::from_secs(2);

struct Centre {
    office: TestOffice,
    kiosk: TestKiosk,
    people: Vec<String>,
}

impl Centre {
    async fn open(broker: BrokerKind) -> Self {
        let office = TestOffice::start(broker).await.unwrap();
        let kiosk = TestKiosk::start(&office).await.unwrap();
        kiosk.until_open().await.unwrap();
        let people = visitors(&office);
        assert!(people.len() >= 50);
        Self {
            office,
            kiosk,
            people,
        }
    }

    /// These of the fifty come.
    async fn come(&self, which: std::ops::Range<usize>) {
        come(&self.kiosk.client(DOOR).unwrap(), &self.people[which]).await;
    }

    async fn close(self, visits: usize) {
        until_equal(&self.office, &self.kiosk, AFTER_A_FAULT).await;
        assert_eq!(
            self.kiosk.stays().unwrap().len(),
            visits,
            "visits at the door"
        );
        let journal = self.kiosk.journal().await.unwrap();
        compare_rows(&self.office, &journal).await;
    }
}

/// Each is let in; two of three leave again, so that there is room for all.
async fn come(client: &Client, people: &[String]) {
    for (index, code) in people.iter().enumerate() {
        let begun = Instant::now();
        let admission = admitted(client, client.scan(code).await.unwrap()).await;
        if index % 3 != 0 {
            assert!(matches!(
                client.leave(&admission.visit).await.unwrap(),
                Verdict::Left(_)
            ));
        }
        assert!(
            begun.elapsed() < NOTICED,
            "the visitor waited for {:?}",
            begun.elapsed()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_is_cut_and_mended() {
    let centre = Centre::open(BrokerKind::Embedded).await;
    centre.come(0..10).await;
    centre.office.broker_line.cut();
    centre.office.http_line.cut();
    centre.come(10..40).await;
    let before = stays_at_office(&centre.office).await.unwrap().len();
    assert!(before < 40, "a cut line lets nothing through");
    centre.office.http_line.heal();
    centre.office.broker_line.heal();
    centre.come(40..50).await;
    centre.close(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_freezes_without_a_word() {
    let centre = Centre::open(BrokerKind::Mosquitto).await;
    centre.come(0..15).await;
    centre.office.broker_line.freeze();
    centre.office.http_line.freeze();
    centre.come(15..35).await;
    centre.office.http_line.heal();
    centre.office.broker_line.heal();
    centre.come(35..50).await;
    centre.close(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mosquitto_is_killed_and_its_memory_wiped() {
    let mut centre = Centre::open(BrokerKind::Mosquitto).await;
    centre.come(0..15).await;
    centre.office.kill_mosquitto();
    centre.come(15..30).await;
    centre.office.start_mosquitto().await.unwrap();
    centre.come(30..40).await;
    // Once more, in the middle of catching up.
    centre.office.kill_mosquitto();
    centre.office.start_mosquitto().await.unwrap();
    centre.come(40..50).await;
    centre.close(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_and_its_broker_go_away_and_come_back() {
    let mut centre = Centre::open(BrokerKind::Embedded).await;
    centre.come(0..15).await;
    centre.office.close().await;
    centre.come(15..35).await;
    centre.office.open().await.unwrap();
    centre.come(35..50).await;
    centre.close(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kiosk_stops_and_starts_again() {
    let mut centre = Centre::open(BrokerKind::Embedded).await;
    centre.come(0..20).await;
    let inside = centre.kiosk.stays().unwrap();
    centre.kiosk.close().await;
    centre.kiosk.open().await.unwrap();
    assert_eq!(
        centre.kiosk.stays().unwrap(),
        inside,
        "it remembers who is inside"
    );
    centre.kiosk.until_open().await.unwrap();
    centre.come(20..50).await;
    centre.close(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kiosk_program_is_killed_again_and_again() {
    let office = TestOffice::start(BrokerKind::Mosquitto).await.unwrap();
    let mut kiosk = RealKiosk::start(&office).await.unwrap();
    let people = visitors(&office);
    for round in people[..50].chunks(10) {
        let client = kiosk.client().await.unwrap();
        come(&client, round).await;
        // Every answer given stands, so nothing may be waited for.
        kiosk.kill().await.unwrap();
        kiosk.open().await.unwrap();
    }
    let all = async || {
        stays_at_office(&office)
            .await
            .filter(|stays| stays.len() == 50)
            .map(drop)
    };
    wait_for("fifty visits at the office", AFTER_A_FAULT, all)
        .await
        .unwrap();
    let inside =
        |stays: e2e::test_kiosk::Stays| stays.values().filter(|(_, _, open)| *open).count();
    let settled = async || {
        stays_at_office(&office)
            .await
            .map(inside)
            .filter(|count| *count == 20)
            .map(drop)
    };
    wait_for("thirty who have left", SECONDS, settled)
        .await
        .unwrap();
    // The records of its last start have been sent when the office has the last row; the journal is read after that.
    let caught_up = async || {
        office
            .get("/v1/kiosks")
            .await
            .ok()
            .filter(|kiosks| kiosks[0]["complete"] == true)
            .map(drop)
    };
    wait_for("the office caught up", AFTER_A_FAULT, caught_up)
        .await
        .unwrap();
    kiosk.kill().await.unwrap();
    compare_rows(&office, &kiosk.journal().unwrap()).await;
}
