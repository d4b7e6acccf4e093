//! Who did not come again and again reserves nothing in advance for a while.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Journal, KIOSK, TestOffice, event, json_of, of_reservation, time, with_sample};
use domain::event::Event;
use domain::reference::{Purpose, Reservation};
use domain::settings::{NoShowPenalty, Settings};
use link::collections::Body;
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

const MEMBER: &str = "M00030";

/// A reservation of the member that began on this day at ten.
fn reserve(office: &TestOffice, day: &str) -> String {
    let starts = time(&format!("{day}T10:00:00"));
    let saved = office.store().write_blocking(move |writing| {
        let number = writing.free_reservation_number()?;
        writing.save_reservation(&Reservation {
            id: number.to_string().into(),
            number,
            member: MEMBER.into(),
            starts,
            ends: starts + chrono::TimeDelta::hours(1),
            purpose: Purpose::Seat {
                needs: Default::default(),
            },
            cancelled: false,
            since: 0,
        })
    });
    saved.unwrap().id.to_string()
}

fn lapsed(reservation: &str, day: &str, inferred: bool) -> Event {
    event(json!({
        "kind": "reservation.no_show", "reservation": reservation, "lapsed_at": format!("{day}T10:15:00+09:00"), "inferred": inferred,
    }))
}

/// Days of no-shows; `?` marks one that was only concluded, `-` one that was pardoned.
async fn office_after(missed: &[&str]) -> TestOffice {
    let office = TestOffice::start().await;
    with_sample(&office);
    let mut journal = Journal::new(KIOSK, "a1");
    let mut records = vec![journal.start_run("b2")];
    for one in missed {
        let day = one.trim_end_matches(['?', '-']);
        let reservation = reserve(&office, day);
        records.push(journal.write(lapsed(&reservation, day, one.ends_with('?'))));
        if one.ends_with('-') {
            records.push(journal.write(of_reservation("pardoned", &reservation)));
        }
    }
    let batch = journal.batch(records);
    office
        .store()
        .write_blocking(move |writing| writing.take_in(&batch))
        .unwrap();
    office
}

async fn wish(office: &TestOffice, day: &str) -> (StatusCode, Value) {
    let new = json!({"member_no": MEMBER, "starts": format!("{day}T15:00:00+09:00"), "ends": format!("{day}T16:00:00+09:00")});
    json_of(office.post("/v1/reservations", new)).await
}

#[rstest]
#[case::two(&["2026-11-19", "2026-11-20"], None)]
#[case::three(&["2026-08-25", "2026-10-01", "2026-11-20"], Some("2026-12-20"))]
#[case::four(&["2026-10-01", "2026-10-02", "2026-11-19", "2026-11-20"], Some("2026-12-20"))]
#[case::over_more_than_ninety_days(&["2026-08-20", "2026-10-01", "2026-11-20"], None)]
#[case::long_ago(&["2026-10-20", "2026-10-21", "2026-10-22"], None)]
#[case::one_only_concluded(&["2026-11-18", "2026-11-19?", "2026-11-20"], None)]
#[case::one_pardoned(&["2026-11-18", "2026-11-19-", "2026-11-20"], None)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_advance_after_missing_it_again_and_again(
    #[case] missed: &[&str],
    #[case] until: Option<&str>,
) {
    let office = office_after(missed).await;
    let (status, answer) = wish(&office, "2026-11-25").await;
    match until {
        None => assert_eq!(status, StatusCode::CREATED, "{answer}"),
        Some(until) => {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
            assert_eq!(answer["type"], "/problems/missed-reservations");
            let detail = answer["detail"].as_str().unwrap();
            let remedies = [until, "without a reservation", "same day", "pardoned"];
            assert!(remedies.iter().all(|one| detail.contains(one)), "{detail}");
            let today = wish(&office, "2026-11-24").await;
            assert_eq!(today.0, StatusCode::CREATED, "{today:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ward_may_do_without_it() {
    let office = office_after(&["2026-11-18", "2026-11-19", "2026-11-20"]).await;
    let settings = Settings {
        no_show_penalty: NoShowPenalty {
            count: 0,
            ..NoShowPenalty::default()
        },
        ..Settings::default()
    };
    let set =
        |writing: &mut office::store::Writing<'_>| writing.set_document(&Body::Settings(settings));
    office.store().write_blocking(set).unwrap();
    let (status, answer) = wish(&office, "2026-11-25").await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}
