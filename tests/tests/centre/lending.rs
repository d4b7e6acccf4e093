//! A PC from its own report of its charge to the office's record of its return.

use crate::support::{SECONDS, come_in, scan};
use api::Verdict;
use domain::ids::KioskId;
use e2e::test_kiosk::{DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use e2e::waiting::wait_for;
use link::driver::{Driver, DriverConfig, DriverHandle};
use link::message::{ChargeReport, encode};
use link::topics::{Channel, Topic};
use serde_json::Value;

const KIOSK: &str = "koto-1";

/// The program on a lent PC, as the broker knows it.
fn agent(office: &TestOffice) -> DriverHandle {
    let broker = office.broker().unwrap();
    let config = DriverConfig {
        client_id: "pc-07".to_owned(),
        host: broker.ip().to_string(),
        port: broker.port(),
        tls: None,
        filters: Vec::new(),
        farewell: None,
    };
    let (driver, mut events) = Driver::spawn(config).unwrap();
    tokio::spawn(async move { while events.recv().await.is_some() {} });
    driver
}

/// The office's record of the one loan, once it is as `wanted`.
async fn record(office: &TestOffice, wanted: impl Fn(&Value) -> bool) -> Value {
    let find = async || {
        let all = office.get("/v1/loans").await.ok()?;
        let one = all.as_array()?.first()?.clone();
        wanted(&one).then_some(one)
    };
    wait_for("the loan at the office", SECONDS, find)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pc_tells_its_charge_is_lent_and_comes_back_by_its_label() {
    let office = TestOffice::start(BrokerKind::Mosquitto).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let client = kiosk.client(DOOR).unwrap();
    let mut door = kiosk.listen(DOOR).await.unwrap();
    let admitted = come_in(&kiosk, &mut door, office.pass("M00020").unwrap()).await;
    assert!(admitted.may_borrow, "{admitted:?}");
    let none = client.borrow(&admitted.visit).await.unwrap();
    assert!(matches!(none, Verdict::NoLoan(_)), "nobody knows a charge");

    let agent = agent(&office);
    let topic = Topic::of(&KioskId::from(KIOSK), Channel::Charge).unwrap();
    let report = ChargeReport {
        equipment: "pc-07".into(),
        percent: 88,
    };
    let lent = wait_for("a PC to borrow", SECONDS, async || {
        // As the program does: of what is lost the next one says the same.
        let _ = agent.publish(&topic, encode(&report).unwrap(), false);
        match client.borrow(&admitted.visit).await.ok()? {
            Verdict::Lent(lent) => Some(lent),
            _ => None,
        }
    });
    let lent = lent.await.unwrap();
    let told: Vec<_> = lent
        .items
        .iter()
        .map(|one| (&*one.name, one.percent))
        .collect();
    assert_eq!(told, [("PC-07", Some(88))]);
    let out = record(&office, |one| one["ended_at"].is_null()).await;
    assert_eq!(out["equipment"], "pc-07");
    assert_eq!(out["member_no"], "M00020");

    let back = scan(&kiosk, &mut door, "K3PC07").await;
    let Verdict::Returned(returned) = back else {
        panic!("{back:?}")
    };
    assert_eq!(returned.name, "PC-07");
    let ended = record(&office, |one| one["ended_at"].is_string()).await;
    assert_eq!(
        (&ended["ended_by"], &ended["condition"]),
        (&"visitor".into(), &"unseen".into())
    );
    let stranger = scan(&kiosk, &mut door, "K3PC08").await;
    assert!(matches!(stranger, Verdict::NotLent(_)), "{stranger:?}");
}
