//! A visitor's story, through every part: scanner, desk, screens, signage, broker, office.

use crate::support::{SECONDS, admitted, compare_rows, scan, seat_of, stays_at_office};
use api::Verdict;
use api::screen::SeatState;
use api::verdict::{Extension, Inside};
use domain::event::LimitedBy;
use e2e::test_kiosk::{COUNTER, DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, TestOffice};
use e2e::waiting::wait_for;
use office::store::figures::VisitView;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_reaches_the_office_through_the_embedded_broker() {
    a_visitors_story(BrokerKind::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_reaches_the_office_through_mosquitto() {
    a_visitors_story(BrokerKind::Mosquitto).await;
}

async fn a_visitors_story(broker: BrokerKind) {
    let office = TestOffice::start(broker).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let client = kiosk.client(DOOR).unwrap();
    let mut door = kiosk.listen(DOOR).await.unwrap();
    let free_before = free(&kiosk).await;

    // No reservation: seats are offered, the first with the full two hours is taken.
    let Verdict::Offer(offered) = scan(&kiosk, &mut door, office.pass("M00020").unwrap()).await
    else {
        panic!("no offer")
    };
    let choice = offered
        .choices
        .iter()
        .position(|choice| choice.limited_by == LimitedBy::Grant)
        .expect("a seat for the usual time");
    let admission = admitted(
        &client,
        client.choose(&offered.offer, choice).await.unwrap(),
    )
    .await;
    let seat = seat_of(&admission);
    assert_eq!(seat, &offered.choices[choice].seat);

    let floor = client.floor().await.unwrap();
    let on_floor = floor.seats.iter().find(|one| &one.id == seat).unwrap();
    assert_eq!(
        (on_floor.state, on_floor.until),
        (SeatState::Occupied, Some(admission.until))
    );
    // Another station sees the same floor.
    assert_eq!(
        kiosk.client(COUNTER).unwrap().floor().await.unwrap().seats,
        floor.seats
    );
    assert_eq!(
        free(&kiosk).await,
        free_before - 1,
        "the signage still counts the seat as free"
    );

    let begun = Instant::now();
    let at_office = visit(&office, |visit| visit.visit == admission.visit).await;
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(
        (at_office.member_no.as_str(), at_office.seat.as_ref()),
        ("M00020", Some(seat))
    );
    assert_eq!(
        (at_office.rehearsal, at_office.ended_at, at_office.until),
        (true, None, admission.until)
    );

    // Again at the scanner: the menu. Another visitor comes first, or it would be the same answer again.
    let Verdict::Admitted(second) = scan(&kiosk, &mut door, office.pass("M00001").unwrap()).await
    else {
        panic!("a reservation at 11:45")
    };
    let Verdict::Inside(Inside {
        visit: same,
        extension: Extension::Possible { until },
        ..
    }) = scan(&kiosk, &mut door, office.pass("M00020").unwrap()).await
    else {
        panic!("no menu with an extension")
    };
    assert_eq!(same, admission.visit);
    let Verdict::Extended(extended) = client.extend(&same).await.unwrap() else {
        panic!("not extended")
    };
    assert_eq!(extended.until, until);
    assert!(extended.until > admission.until);
    visit(&office, |visit| visit.visit == same && visit.until == until).await;

    let Verdict::Left(left) = client.leave(&same).await.unwrap() else {
        panic!("has not left")
    };
    assert_eq!(left.visit, admission.visit);
    let ended = visit(&office, |visit| {
        visit.visit == same && visit.ended_at.is_some()
    })
    .await;
    assert!(!ended.inferred);
    let seats = client.floor().await.unwrap().seats;
    assert!(
        seats
            .iter()
            .any(|one| &one.id == seat && one.state != SeatState::Occupied)
    );

    let there = stays_at_office(&office).await.unwrap();
    assert_eq!(there, kiosk.stays().unwrap());
    assert_eq!(there.keys().collect::<Vec<_>>().len(), 2);
    assert!(
        there[&second.visit].2,
        "who has a reservation is still inside"
    );
    let journal = kiosk.journal().await.unwrap();
    compare_rows(&office, &journal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_registered_or_reserves_at_the_office_is_known_at_the_door() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let kiosk = TestKiosk::start(&office).await.unwrap();
    kiosk.until_open().await.unwrap();
    let client = kiosk.client(DOOR).unwrap();
    let member = office
        .post(
            "/v1/members",
            &serde_json::json!({"category": "business", "company": "試験商店"}),
        )
        .await
        .unwrap();
    let code = member["code"].as_str().unwrap();
    let number = member["member_no"].as_str().unwrap();
    let begun = Instant::now();
    wait_for("the new member at the door", SECONDS, async || {
        kiosk.knows(number).unwrap().then_some(())
    })
    .await
    .unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    let verdict = client.scan(code).await.unwrap();
    assert!(matches!(verdict, Verdict::Offer(_)), "{verdict:?}");

    let reserved = serde_json::json!({"member_no": member["member_no"], "starts": "2026-11-24T11:50:00+09:00", "ends": "2026-11-24T12:50:00+09:00"});
    let reservation = office.post("/v1/reservations", &reserved).await.unwrap();
    let number = reservation["number"].as_str().unwrap();
    wait_for("the new reservation at the door", SECONDS, async || {
        kiosk.expects(number).unwrap().then_some(())
    })
    .await
    .unwrap();
    let verdict = client.number(number).await.unwrap();
    assert!(matches!(verdict, Verdict::Admitted(_)), "{verdict:?}");
}

async fn free(kiosk: &TestKiosk) -> u32 {
    // As a display on the network sees it.
    let page: api::signage::Signage =
        reqwest::get(format!("{}/v1/signage", kiosk.signage_url().unwrap()))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
    page.zones.iter().map(|zone| zone.free).sum()
}

async fn visit(office: &TestOffice, wanted: impl Fn(&VisitView) -> bool) -> VisitView {
    let find = async || {
        office
            .visits()
            .await
            .ok()?
            .into_iter()
            .find(|visit| wanted(visit))
    };
    wait_for("the visit at the office", SECONDS, find)
        .await
        .unwrap()
}
