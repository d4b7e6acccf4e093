//! Calls that come twice, and streams that come and go.

use crate::support::scan;
use api::Verdict;
use api::screen::StreamItem;
use e2e::test_kiosk::{COUNTER, DOOR, PATIENCE, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use serde_json::{Value, json};

async fn open_centre() -> (TestOffice, TestKiosk) {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    (office, kiosk)
}

async fn post(kiosk: &TestKiosk, path: &str, key: &str, body: &Value) -> Value {
    let request = reqwest::Client::new()
        .post(format!("{}{path}", kiosk.url().unwrap()))
        .bearer_auth(kiosk.token(DOOR).unwrap());
    let answer = request
        .header("Idempotency-Key", key)
        .json(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_call_twice_is_done_once() {
    let (office, mut kiosk) = open_centre().await;
    let body = json!({"code": office.pass("M00020").unwrap()});
    let offer = post(&kiosk, "/v1/scans", "scan-1", &body).await;
    let choose = format!("/v1/offers/{}/choose", offer["offer"].as_str().unwrap());
    let first = post(&kiosk, &choose, "choose-1", &json!({"choice": 0})).await;
    assert_eq!(first["verdict"], "admitted");
    // A new key asks anew, the old one gets the old answer: also after a restart.
    assert_eq!(
        post(&kiosk, &choose, "choose-2", &json!({"choice": 0})).await["verdict"],
        "lapsed"
    );
    assert_eq!(
        post(&kiosk, &choose, "choose-1", &json!({"choice": 0})).await,
        first
    );
    kiosk.close().await;
    kiosk.open().await.unwrap();
    assert_eq!(
        post(&kiosk, &choose, "choose-1", &json!({"choice": 0})).await,
        first
    );
    assert_eq!(post(&kiosk, "/v1/scans", "scan-1", &body).await, offer);
    assert_eq!(kiosk.stays().unwrap().len(), 1);
    let leave = format!("/v1/visits/{}/leave", first["visit"].as_str().unwrap());
    let left = post(&kiosk, &leave, "leave-1", &json!({})).await;
    assert_eq!(
        (&left["verdict"], &left),
        (
            &json!("left"),
            &post(&kiosk, &leave, "leave-1", &json!({})).await
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_begins_with_a_snapshot_and_a_verdict_is_its_stations_alone() {
    let (office, kiosk) = open_centre().await;
    let (mut door, mut counter) = (
        kiosk.listen(DOOR).await.unwrap(),
        kiosk.listen(COUNTER).await.unwrap(),
    );
    for listener in [&mut door, &mut counter] {
        assert!(matches!(
            listener.next(PATIENCE).await.unwrap(),
            StreamItem::Snapshot { .. }
        ));
    }
    assert!(matches!(
        scan(&kiosk, &mut door, office.pass("M00020").unwrap()).await,
        Verdict::Offer(_)
    ));
    // The counter's own verdict comes later: the door's would have come before it.
    let other = kiosk.client(COUNTER).unwrap();
    let own = other.scan("nothing we know").await.unwrap();
    assert_eq!(counter.verdict().await.unwrap(), own);
    assert!(matches!(own, Verdict::NotRecognised(_)));
    assert!(!counter.has_verdict());

    // Who connects now hears nothing of what was before.
    let mut late = kiosk.listen(DOOR).await.unwrap();
    assert!(matches!(
        late.next(PATIENCE).await.unwrap(),
        StreamItem::Snapshot { .. }
    ));
    let next = scan(&kiosk, &mut door, office.pass("M00001").unwrap()).await;
    assert!(matches!(next, Verdict::Admitted(_)));
    assert_eq!(late.verdict().await.unwrap(), next);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_speaks_for_its_own_station() {
    let (_office, kiosk) = open_centre().await;
    let http = reqwest::Client::new();
    let url = kiosk.url().unwrap();
    let ask = async |path: &str, token: &str| {
        http.get(format!("{url}{path}"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
    };
    let door = kiosk.token(DOOR).unwrap();
    assert_eq!(ask("/v1/stream?station=door", &door).await.status(), 200);
    assert_eq!(ask("/v1/stream?station=counter", &door).await.status(), 403);
    assert_eq!(
        ask("/v1/stream", "no-token-of-anybody-here").await.status(),
        401
    );
    // The displays' listener has nothing of the stations.
    let displays = kiosk.signage_url().unwrap();
    assert_eq!(
        http.get(format!("{displays}/v1/floor"))
            .bearer_auth(&door)
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
    assert_eq!(
        http.get(format!("{displays}/signage"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

/// The paths of its own files that a file of the page names: in quotes, absolute or beside it.
fn named(text: &str) -> Vec<String> {
    let quoted = text.split('"').skip(1).step_by(2);
    let ends = [".css", ".js", ".woff2"];
    quoted
        .filter(|name| ends.iter().any(|end| name.ends_with(end)))
        .map(|name| match name.strip_prefix("./") {
            Some(beside) => format!("/signage/{beside}"),
            None if name.starts_with('/') => name.to_owned(),
            None => format!("/signage/{name}"),
        })
        .collect()
}

#[tokio::test]
async fn a_display_is_given_every_file_of_its_page() {
    let (_office, kiosk) = open_centre().await;
    let displays = kiosk.signage_url().unwrap();
    let mut wanted = vec!["/signage".to_owned()];
    let mut got = std::collections::BTreeSet::new();
    while let Some(path) = wanted.pop() {
        if !got.insert(path.clone()) {
            continue;
        }
        let response = reqwest::get(format!("{displays}{path}")).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str();
        assert!(policy.unwrap().starts_with("default-src 'self'"), "{path}");
        if !path.ends_with(".woff2") {
            wanted.extend(named(&response.text().await.unwrap()));
        }
    }
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../kiosk/service/assets/signage"
    );
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let path = format!("/signage/{name}");
        assert!(
            name == "index.html" || got.contains(&path),
            "no file of the page names {name}"
        );
    }
}
