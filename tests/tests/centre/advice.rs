//! A consultation without a reservation: from the adviser who says that they are there to the office's record.

use crate::support::{SECONDS, scan};
use api::Verdict;
use api::advice::AdviceView;
use api::signage::AdviceNow;
use api::verdict::Place;
use domain::adviser::{Advice, Adviser, AdviserRole, Slot, SlotPurpose};
use e2e::test_kiosk::{DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use e2e::waiting::wait_for;
use link::collections::Body;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn advice() -> Advice {
    let time = |text: &str| text.parse().unwrap();
    Advice {
        advisers: vec![Adviser {
            id: "a1".into(),
            role: AdviserRole::Adviser,
        }],
        slots: vec![Slot {
            from: time("11:00:00"),
            to: time("13:00:00"),
            purpose: SlotPurpose::Advice,
        }],
    }
}

/// A call of staff at the door.
async fn call(
    kiosk: &TestKiosk,
    method: Method,
    path: &str,
    body: Value,
) -> (StatusCode, Option<AdviceView>) {
    let url = format!("{}{path}", kiosk.url().unwrap());
    let request = reqwest::Client::new()
        .request(method, url)
        .bearer_auth(kiosk.token(DOOR).unwrap())
        .json(&body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_reaches_the_office_with_its_start_its_end_and_its_adviser() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let set =
        |writing: &mut office::store::Writing<'_>| writing.set_document(&Body::Advisers(advice()));
    office.store().unwrap().write_blocking(set).unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let here = async || {
        let state = json!({ "state": "available" });
        let (status, rooms) = call(&kiosk, Method::PUT, "/v1/advisers/a1/state", state).await;
        (status == StatusCode::OK).then_some(rooms?)
    };
    let rooms = wait_for("the adviser at the door", SECONDS, here)
        .await
        .unwrap();
    assert_eq!(rooms.unstaffed_since, None);
    let client = kiosk.client(DOOR).unwrap();
    assert_eq!(
        client.signage().await.unwrap().advice,
        Some(AdviceNow::Free)
    );

    let mut door = kiosk.listen(DOOR).await.unwrap();
    let verdict = scan(&kiosk, &mut door, office.pass("M00020").unwrap()).await;
    let Verdict::Offer(offered) = verdict else {
        panic!("no offer: {verdict:?}")
    };
    assert!(offered.consultation.is_some(), "{offered:?}");
    let chosen = client.choose(&offered.offer, offered.choices.len()).await;
    let Verdict::Admitted(admitted) = chosen.unwrap() else {
        panic!("not admitted")
    };
    assert_eq!(admitted.place, Place::Consultation);

    let visit = &admitted.visit;
    let path = format!("/v1/visits/{visit}/consultation");
    let advisers = json!({ "advisers": ["a1"] });
    let (status, rooms) = call(&kiosk, Method::POST, &path, advisers.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(rooms.unwrap().running.len(), 1);
    let again = call(&kiosk, Method::POST, &path, advisers).await;
    assert_eq!(again.0, StatusCode::CONFLICT);
    assert_eq!(
        client.signage().await.unwrap().advice,
        Some(AdviceNow::Busy)
    );
    let ended = call(&kiosk, Method::POST, &format!("{path}/end"), json!({})).await;
    assert_eq!(ended.0, StatusCode::OK);

    let find = async || {
        let all = office.get("/v1/consultations").await.ok()?;
        let one = all.as_array()?.first()?.clone();
        one["ended_at"].is_string().then_some(one)
    };
    let record = wait_for("the consultation at the office", SECONDS, find);
    let record = record.await.unwrap();
    assert_eq!(record["advisers"], json!(["a1"]));
    assert_eq!(record["member_no"], "M00020");
    assert_eq!(record["inferred"], false);
}
