//! Whom to call because the centre is closed at the time of their reservation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Journal, KIOSK, TestOffice, event, json_of, with_sample};
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

const DAY: &str = "2026-12-07";

async fn reserve(office: &TestOffice, member: &str, hours: (&str, &str)) -> String {
    let new = json!({"member_no": member, "starts": format!("{DAY}T{}:00+09:00", hours.0), "ends": format!("{DAY}T{}:00+09:00", hours.1)});
    let (status, made) = json_of(office.post("/v1/reservations", new)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

/// Members of the morning, of noon and of the afternoon.
async fn office_with_three() -> (TestOffice, [String; 3]) {
    let office = TestOffice::start().await;
    with_sample(&office);
    let ids = [
        reserve(&office, "M00001", ("10:00", "11:00")).await,
        reserve(&office, "M00002", ("12:30", "13:30")).await,
        reserve(&office, "M00003", ("15:00", "16:00")).await,
    ];
    (office, ids)
}

async fn listed(office: &TestOffice) -> Vec<Value> {
    let (status, list) = json_of(office.get(&format!("/v1/call-list?date={DAY}"))).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    list.as_array().unwrap().clone()
}

fn members(list: &[Value]) -> Vec<&str> {
    list.iter()
        .map(|one| one["member_no"].as_str().unwrap())
        .collect()
}

async fn close(office: &TestOffice, when: Value) {
    let calendar = json!({"closures": [{"kind": "weather", "when": when, "text": {"ja": "台風のため", "en": "Typhoon"}}]});
    let request = office.http.put(office.url("/v1/collections/calendar"));
    let answer = request.bearer_auth(common::TOKEN).json(&calendar).send();
    assert_eq!(answer.await.unwrap().status(), StatusCode::OK);
}

fn take(office: &TestOffice, events: Vec<domain::event::Event>) {
    let mut journal = Journal::new(KIOSK, "a1");
    let mut records = vec![journal.start_run("b2")];
    records.extend(events.into_iter().map(|event| journal.write(event)));
    let batch = journal.batch(records);
    let taken = office
        .store()
        .write_blocking(move |writing| writing.take_in(&batch));
    taken.unwrap();
}

#[rstest]
#[case::whole_day(json!({"days": {"from": DAY, "to": DAY}}), &["M00001", "M00002", "M00003"])]
#[case::from_one_o_clock(json!({"part": {"date": DAY, "from": "13:00"}}), &["M00002", "M00003"])]
#[case::until_eleven(json!({"part": {"date": DAY, "to": "11:00"}}), &["M00001"])]
#[case::between(json!({"part": {"date": DAY, "from": "13:30", "to": "15:00"}}), &[])]
#[case::another_day(json!({"days": {"from": "2026-12-08", "to": "2026-12-08"}}), &[])]
#[tokio::test(flavor = "multi_thread")]
async fn whose_reservation_falls_into_a_closure(#[case] when: Value, #[case] expected: &[&str]) {
    let (office, _) = office_with_three().await;
    assert_eq!(members(&listed(&office).await), [""; 0]);
    close(&office, when).await;
    let list = listed(&office).await;
    assert_eq!(members(&list), expected);
    assert!(
        list.iter()
            .all(|one| one["why"] == "weather" && one["name"].is_string())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cancelled_or_has_come_is_not_called_and_whoever_was_told_is_marked() {
    let (office, [first, second, third]) = office_with_three().await;
    close(&office, json!({"days": {"from": DAY, "to": DAY}})).await;
    let cancel = office
        .http
        .delete(office.url(&format!("/v1/reservations/{first}")));
    json_of(cancel.bearer_auth(common::TOKEN)).await;
    let mut came = common::started("v1", "M00002", &format!("{DAY}T12:30:00+09:00"));
    if let domain::event::Event::VisitStarted { reservation, .. } = &mut came {
        *reservation = Some(second.as_str().into());
    }
    take(&office, vec![came]);
    let list = listed(&office).await;
    assert_eq!(members(&list), ["M00003"]);
    assert_eq!(list[0]["told_at"], Value::Null);
    let told = |id: &str| {
        office
            .post(&format!("/v1/call-list/{id}/told"), json!({}))
            .send()
    };
    for _ in 0..2 {
        assert_eq!(told(&third).await.unwrap().status(), StatusCode::NO_CONTENT);
    }
    let list = listed(&office).await;
    assert!(
        list[0]["told_at"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-24T11:42"),
        "{list:?}"
    );
    assert_eq!(list[0]["told_by"], "token");
    assert_eq!(
        told("nobody").await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_who_close_the_door_keep_out_who_comes_then() {
    let (office, _) = office_with_three().await;
    let at = |time: &str| format!("{DAY}T{time}:00+09:00");
    take(
        &office,
        vec![
            event(json!({"kind": "centre.closed", "from": at("10:30"), "until": at("17:00")})),
            event(json!({"kind": "centre.reopened", "at": at("14:00")})),
        ],
    );
    let list = listed(&office).await;
    assert_eq!(
        members(&list),
        ["M00002"],
        "whoever was inside at 10:30 stayed"
    );
    assert_eq!(list[0]["why"], "centre");
    office
        .store()
        .write_blocking(|writing| writing.rebuild_visits())
        .unwrap();
    assert_eq!(listed(&office).await, list);
}
