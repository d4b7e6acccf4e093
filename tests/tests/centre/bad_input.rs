//! What comes from outside and is not as it should be: a clear answer, and the service goes on.

use crate::meddling_office::{Manner, MeddlingOffice};
use crate::support::{AFTER_A_FAULT, SECONDS, come_in, scan, until_equal};
use api::Verdict;
use domain::ids::KioskId;
use e2e::test_kiosk::{DOOR, TestKiosk, until_open};
use e2e::test_office::{BrokerKind, CLOCK, KIOSK, TestOffice};
use e2e::waiting::wait_for;
use link::driver::{Driver, DriverConfig, DriverEvent};
use link::topics::{Channel, Topic};
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_call_is_a_problem_that_says_what_to_do() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let (url, token) = (kiosk.url().unwrap(), kiosk.token(DOOR).unwrap());
    let pass = office.pass("M00020").unwrap();
    let scan = json!({"code": pass}).to_string();
    let long_key = "k".repeat(129);
    let huge = format!("{{\"code\":\"{}\"}}", "x".repeat(20_000));
    // What is sent, with which header, and the status that answers it.
    let json = ("content-type", "application/json");
    let table: [(&str, &str, (&str, &str), u16); 10] = [
        ("/v1/scans", "{\"code\":", json, 400),
        ("/v1/scans", "{\"kode\":\"x\"}", json, 422),
        ("/v1/scans", "{\"code\":5}", json, 422),
        ("/v1/scans", &huge, json, 413),
        ("/v1/scans", &scan, ("content-type", "text/plain"), 415),
        (
            "/v1/scans",
            &scan,
            ("authorization", "Bearer of-no-station-at-all"),
            401,
        ),
        ("/v1/scans", &scan, ("idempotency-key", &long_key), 400),
        ("/v1/scans", &scan, ("idempotency-key", ""), 400),
        ("/v1/nothing", &scan, json, 404),
        ("/v1/floor", &scan, json, 405),
    ];
    let http = reqwest::Client::new();
    for (path, body, (name, value), status) in table {
        let mut request = http
            .post(format!("{url}{path}"))
            .bearer_auth(&token)
            .header("content-type", "application/json")
            .body(body.to_owned())
            .build()
            .unwrap();
        request.headers_mut().insert(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::try_from(value).unwrap(),
        );
        let answer = http.execute(request).await.unwrap();
        assert_eq!(answer.status(), status, "{path} {name}: {value}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{path} {name}: {value}"
        );
        let problem: Value = answer.json().await.unwrap();
        let text = problem.to_string();
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{text}");
        assert_eq!(problem["status"], status);
        assert!(
            !text.contains(pass) && !text.contains(&token),
            "a secret in {text}"
        );
    }
    assert!(kiosk.stays().unwrap().is_empty());
    let client = kiosk.client(DOOR).unwrap();
    assert!(matches!(
        client.scan(pass).await.unwrap(),
        Verdict::Offer(_)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_scanner_sends_is_answered() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let mut door = kiosk.listen(DOOR).await.unwrap();
    let unreadable: [&[u8]; 4] = [
        &[b'x'; 400],
        "会員証".as_bytes(),
        &[0xFF, 0xFE, 0x80],
        b"\x1b[2J",
    ];
    for bytes in unreadable {
        kiosk.scanner.send(&[bytes, b"\r"].concat()).unwrap();
        let verdict = door.verdict().await.unwrap();
        assert!(
            matches!(verdict, Verdict::Unreadable(_) | Verdict::NotRecognised(_)),
            "{bytes:?}: {verdict:?}"
        );
    }
    let unknown = domain::code::Pass::from_bits([9; 16]);
    for code in [
        unknown.as_str(),
        office.pass("M00041").unwrap(),
        "DROP TABLE member; --",
    ] {
        // Unknown and suspended look the same; the reason is for staff.
        let verdict = scan(&kiosk, &mut door, code).await;
        assert!(
            matches!(verdict, Verdict::NotRecognised(_)),
            "{code}: {verdict:?}"
        );
    }
    come_in(&kiosk, &mut door, office.pass("M00020").unwrap()).await;
    assert_eq!(kiosk.stays().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_gives_no_good_collections_harms_nobody() {
    for manner in [Manner::Error, Manner::WrongHash, Manner::Hang] {
        let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
        let meddler = MeddlingOffice::before(office.url("").unwrap(), manner).await;
        let broker = office.broker_line.address().port();
        let url = format!("http://{}", meddler.address);
        let kiosk =
            TestKiosk::start_with(url, broker, office.kiosk_token(), CLOCK.parse().unwrap())
                .await
                .unwrap();
        let client = kiosk.client(DOOR).unwrap();
        // One that hangs is given up after 15 s, and only then asked again.
        wait_for("a spoiled collection", AFTER_A_FAULT, async || {
            (meddler.spoiled() > 1).then_some(())
        })
        .await
        .unwrap();
        // It answers, and has taken nothing.
        let verdict = client.scan(office.pass("M00020").unwrap()).await.unwrap();
        assert!(
            !matches!(verdict, Verdict::Admitted(_) | Verdict::Offer(_)),
            "{manner:?}: {verdict:?}"
        );
        assert!(client.floor().await.unwrap().seats.is_empty(), "{manner:?}");
        if manner != Manner::Hang {
            wait_for("a reason in the health", SECONDS, async || {
                health(&kiosk).await.contains("collection").then_some(())
            })
            .await
            .unwrap();
        }
        meddler.be(Manner::Honest);
        until_open(&client, AFTER_A_FAULT)
            .await
            .unwrap_or_else(|error| panic!("{manner:?}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_never_replaces_a_newer_one() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let meddler = MeddlingOffice::before(office.url("").unwrap(), Manner::Honest).await;
    let url = format!("http://{}", meddler.address);
    let broker = office.broker_line.address().port();
    let kiosk = TestKiosk::start_with(url, broker, office.kiosk_token(), CLOCK.parse().unwrap())
        .await
        .unwrap();
    kiosk.until_open().await.unwrap();
    let client = kiosk.client(DOOR).unwrap();
    let register = async || {
        let member = office
            .post("/v1/members", &json!({"category": "business"}))
            .await
            .unwrap();
        let text = |key: &str| member[key].as_str().unwrap().to_owned();
        (text("member_no"), text("code"))
    };
    let (first, code) = register().await;
    wait_for("the first new member", SECONDS, async || {
        kiosk.knows(&first).unwrap().then_some(())
    })
    .await
    .unwrap();
    meddler.be(Manner::Older);
    let before = meddler.spoiled();
    let (second, _) = register().await;
    wait_for("old bytes for a new version", SECONDS, async || {
        (meddler.spoiled() > before + 1).then_some(())
    })
    .await
    .unwrap();
    assert!(!kiosk.knows(&second).unwrap());
    assert!(kiosk.knows(&first).unwrap(), "what was known is forgotten");
    meddler.be(Manner::Honest);
    wait_for("the second new member", AFTER_A_FAULT, async || {
        kiosk.knows(&second).unwrap().then_some(())
    })
    .await
    .unwrap();
    let verdict = client.scan(&code).await.unwrap();
    assert!(matches!(verdict, Verdict::Offer(_)), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_not_ours_are_set_aside() {
    let office = TestOffice::start(BrokerKind::Mosquitto).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let broker = office.broker().unwrap();
    let config = DriverConfig {
        client_id: "a-stranger".to_owned(),
        host: broker.ip().to_string(),
        port: broker.port(),
        tls: None,
        filters: Vec::new(),
        farewell: None,
    };
    let (driver, mut events) = Driver::spawn(config).unwrap();
    let connected = async { while !matches!(events.recv().await, Some(DriverEvent::Connected)) {} };
    tokio::time::timeout(SECONDS, connected)
        .await
        .expect("a connection to the broker");
    let junk: [&[u8]; 4] = [b"", b"not json at all", b"{\"run\":5}", &[0xFF; 1000]];
    for channel in [
        Channel::Up,
        Channel::Ack,
        Channel::Manifest,
        Channel::Charge,
        Channel::State,
    ] {
        let topic = Topic::of(&KioskId::from(KIOSK), channel).unwrap();
        for payload in junk {
            driver.publish(&topic, payload.to_vec(), false).unwrap();
        }
    }
    let set_aside = async || {
        let waiting = office.get("/v1/quarantine").await.ok()?;
        waiting["quarantine"]
            .as_array()
            .filter(|all| all.len() >= 3)
            .map(|_| ())
    };
    wait_for("junk in quarantine", SECONDS, set_aside)
        .await
        .unwrap();
    let mut door = kiosk.listen(DOOR).await.unwrap();
    come_in(&kiosk, &mut door, office.pass("M00020").unwrap()).await;
    until_equal(&office, &kiosk, Duration::from_secs(60)).await;
    assert_eq!(office.visits().await.unwrap().len(), 1);
}

async fn health(kiosk: &TestKiosk) -> String {
    reqwest::get(format!("{}/healthz", kiosk.url().unwrap()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}
