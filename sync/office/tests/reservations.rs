//! Reservations are promised only where the doors will have a seat.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{TestOffice, fetch, json_of, with_sample};
use domain::reference::Programme;
use link::collections::{Body, Collection, CollectionName};
use office::store::programme::programme;
use office::store::reservations::reservation;
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[case::unknown_member(json!({"member_no": "M99999", "starts": "2026-11-25T10:00:00+09:00", "ends": "2026-11-25T11:00:00+09:00"}), "register")]
#[case::suspended(json!({"member_no": "M00041", "starts": "2026-11-25T10:00:00+09:00", "ends": "2026-11-25T11:00:00+09:00"}), "not in force")]
#[case::backwards(json!({"member_no": "M00030", "starts": "2026-11-25T11:00:00+09:00", "ends": "2026-11-25T10:00:00+09:00"}), "after it starts")]
#[case::past(json!({"member_no": "M00030", "starts": "2026-11-24T10:00:00+09:00", "ends": "2026-11-24T11:00:00+09:00"}), "past")]
#[case::closed_day(json!({"member_no": "M00030", "starts": "2026-11-29T10:00:00+09:00", "ends": "2026-11-29T11:00:00+09:00"}), "closed on 2026-11-29")]
#[case::after_hours(json!({"member_no": "M00030", "starts": "2026-11-25T17:30:00+09:00", "ends": "2026-11-25T18:30:00+09:00"}), "09:30–18:00")]
#[case::other_audience(json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "P261124-5"}}), "another category")]
#[case::no_programme(json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "nothing"}}), "no such programme")]
#[case::twice(json!({"member_no": "M00001", "starts": "2026-11-24T12:00:00+09:00", "ends": "2026-11-24T13:00:00+09:00"}), "already")]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reserved_is_refused_with_its_remedy(
    #[case] new: Value,
    #[case] says: &str,
) {
    let office = TestOffice::start().await;
    with_sample(&office);
    let (status, problem) = json_of(office.post("/v1/reservations", new)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        problem["detail"].as_str().unwrap().contains(says),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_a_programme_is_counted() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let left = async || {
        let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/programme").await;
        let Body::Programme(all) = Collection::from_bytes(CollectionName::Programme, &bytes)
            .unwrap()
            .body
        else {
            panic!()
        };
        all.iter()
            .find(|one| one.id.as_str() == "P261124-4")
            .unwrap()
            .places_left
    };
    assert_eq!(left().await, Some(18));
    let new =
        json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "P261124-4"}});
    assert_eq!(json_of(office.post("/v1/reservations", new)).await.0, 201);
    assert_eq!(left().await, Some(17));
}

/// Makes reservations for as many members as the sample has until one is refused.
async fn reserve_until_refused(office: &TestOffice, wanted: &Value) -> (usize, Value, String) {
    let mut last = String::new();
    for number in 1..=40 {
        let mut new = wanted.clone();
        new["member_no"] = json!(format!("M{number:05}"));
        let (status, answer) = json_of(office.post("/v1/reservations", new)).await;
        match status {
            StatusCode::CREATED => last = answer["id"].as_str().unwrap().to_owned(),
            StatusCode::CONFLICT => return (number, answer, last),
            other => panic!("{other}: {answer}"),
        }
    }
    panic!("nobody was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_seats_are_promised_than_there_are() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/floor").await;
    let floor: Value = serde_json::from_slice(&bytes).unwrap();
    let seats = floor["body"]["seats"].as_array().unwrap().len();
    // On this day nobody has reserved anything and no programme takes a zone before ten.
    let wanted =
        json!({"starts": "2026-12-07T11:00:00+09:00", "ends": "2026-12-07T12:00:00+09:00"});
    let (refused, problem, last) = reserve_until_refused(&office, &wanted).await;
    assert_eq!(problem["type"], "/problems/no-seat");
    assert!(problem["detail"].as_str().unwrap().contains("another time"));
    assert!(refused > 20 && refused <= seats + 1, "{refused} of {seats}");
    let mut other = wanted.clone();
    other["member_no"] = json!(format!("M{refused:05}"));
    let later = json!({"member_no": other["member_no"], "starts": "2026-12-07T15:00:00+09:00", "ends": "2026-12-07T16:00:00+09:00"});
    assert_eq!(json_of(office.post("/v1/reservations", later)).await.0, 201);
    // Where one is cancelled there is a seat again.
    let cancel = office
        .http
        .delete(office.url(&format!("/v1/reservations/{last}")));
    json_of(cancel.bearer_auth(common::TOKEN)).await;
    assert_eq!(json_of(office.post("/v1/reservations", other)).await.0, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programme_takes_its_zone_from_reservations() {
    let office = TestOffice::start().await;
    with_sample(&office);
    // On the 25th a training takes the PC seats from 10 to 12.
    let pc = |from: &str, to: &str| {
        json!({"member_no": "M00030", "purpose": {"kind": "seat", "needs": {"pc": true}},
            "starts": format!("2026-11-25T{from}:00+09:00"), "ends": format!("2026-11-25T{to}:00+09:00")})
    };
    let (status, problem) = json_of(office.post("/v1/reservations", pc("10:30", "11:30"))).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    let (status, made) = json_of(office.post("/v1/reservations", pc("13:00", "13:20"))).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
}

#[rstest]
#[case::same_day("2026-11-24T08:00:00+09:00", StatusCode::CREATED)]
#[case::another_day("2026-11-25T14:00:00+09:00", StatusCode::UNPROCESSABLE_ENTITY)]
#[tokio::test(flavor = "multi_thread")]
async fn a_programmes_reservation_has_the_programmes_times(
    #[case] starts: &str,
    #[case] status: StatusCode,
) {
    let office = TestOffice::start().await;
    with_sample(&office);
    let new = json!({"member_no": "M00047", "starts": starts, "ends": "2026-11-24T20:59:00+09:00",
        "purpose": {"kind": "programme", "programme": "P261124-2"}});
    let (answered, made) = json_of(office.post("/v1/reservations", new)).await;
    assert_eq!(answered, status, "{made}");
    if status == StatusCode::CREATED {
        assert_eq!(made["starts"], "2026-11-24T14:00:00+09:00");
        assert_eq!(made["ends"], "2026-11-24T16:00:00+09:00");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_programme_has_a_standby_list_and_its_reservations_move_with_it() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let sitting = |connection: &_| programme(connection, &"P261124-4".into());
    let known = office.store().read_blocking(sitting).unwrap().unwrap();
    let full = Programme {
        capacity: 2,
        ..known
    };
    let save = |one: Programme| {
        let store = office.store();
        store
            .write_blocking(move |writing| writing.save_programme(&one))
            .unwrap();
    };
    save(full.clone());
    let place = |standby| json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "P261124-4", "standby": standby}});
    let (status, problem) = json_of(office.post("/v1/reservations", place(false))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(problem["detail"].as_str().unwrap().contains("standby list"));
    let (status, made) = json_of(office.post("/v1/reservations", place(true))).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let later = chrono::TimeDelta::minutes(30);
    save(Programme {
        starts: full.starts + later,
        ends: full.ends + later,
        ..full
    });
    let (_, told) = json_of(office.get("/v1/programmes/P261124-4/attendance")).await;
    let counts = ["reserved", "standby", "capacity", "attended"].map(|name| told[name].as_u64());
    assert_eq!(counts, [Some(2), Some(1), Some(2), Some(0)], "{told}");
    let id = made["id"].as_str().unwrap().into();
    let moved = office
        .store()
        .read_blocking(move |connection| reservation(connection, &id))
        .unwrap()
        .unwrap();
    assert_eq!(moved.starts.to_rfc3339(), told["starts"].as_str().unwrap());
    let (status, _) = json_of(office.get("/v1/programmes/nothing/attendance")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
