//! What staff did, as a list and as a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Journal, KIOSK, TestOffice, day_opened, event, json_of, started, with_sample};
use serde_json::json;

const MORNING: &str = "2026-11-24T09:40:00+09:00";

/// A morning's records: somebody signs in, frees a seat, and somebody unknown tries.
fn morning() -> link::message::Batch {
    let mut journal = Journal::new(KIOSK, "a1");
    let acts = |action| {
        event(json!({
            "kind": "staff.acted", "by": "S001", "station": "staff", "action": action, "why": "gone",
        }))
    };
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(started("v1", "M00002", MORNING)),
        journal.write(event(
            json!({"kind": "staff.signed_in", "staff": "S001", "station": "staff", "badge": true}),
        )),
        journal.write(acts(json!({"kind": "free_seat", "visit": "v1"}))),
        journal.write(acts(json!({"kind": "move", "visit": "v1", "seat": "E2"}))),
        journal.write(acts(json!({"kind": "check_in", "member": "M00003"}))),
        journal.write(event(json!({
            "kind": "staff.sign_in_refused", "staff": null, "station": "door", "reason": "unknown",
        }))),
    ];
    journal.batch(events)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_list_says_who_did_what_to_whom_and_why() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let batch = morning();
    office
        .store()
        .write(move |writing| writing.take_in(&batch))
        .await
        .unwrap();
    let (status, list) = json_of(office.get("/v1/audit?date=2026-11-24")).await;
    assert_eq!(status, 200);
    let told: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
            [
                text("staff"),
                text("user"),
                text("what"),
                text("member"),
                one["details"].to_string(),
                text("why"),
            ]
        })
        .collect();
    let expected = [
        ["S001", "uketsuke1", "signed_in", "-", "[]", "-"],
        ["S001", "uketsuke1", "free_seat", "M00002", "[]", "gone"],
        [
            "S001",
            "uketsuke1",
            "move",
            "M00002",
            "[\"seat=E2\"]",
            "gone",
        ],
        ["S001", "uketsuke1", "check_in", "M00003", "[]", "gone"],
        ["-", "-", "sign_in_refused", "-", "[]", "-"],
    ];
    assert_eq!(told, expected);
    let (_, other) = json_of(office.get("/v1/audit?date=2026-11-25")).await;
    assert_eq!(other, json!([]));
    let (status, _) = json_of(office.get("/v1/audit?date=yesterday")).await;
    assert_eq!(status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_for_spreadsheets_and_for_those_who_may_see_it() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let batch = morning();
    office
        .store()
        .write(move |writing| writing.take_in(&batch))
        .await
        .unwrap();
    let path = "/v1/audit.csv?date=2026-11-24";
    let refused = office.http.get(office.url(path)).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let answer = office.get(path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let name = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(name.contains("genkan-audit-2026-11-24.csv"), "{name}");
    let text = answer.text().await.unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 6, "{text}");
    assert!(lines[0].starts_with("\u{feff}時刻,"), "{text}");
    assert!(
        lines[3].ends_with(",staff,S001,uketsuke1,move,M00002,seat=E2,gone"),
        "{}",
        lines[3]
    );
}
