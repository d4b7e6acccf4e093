//! The card broke; a new one is put in, with nothing but the kiosk's token.

use crate::support::{AFTER_A_FAULT, come_in, scan, stays_at_office, until_equal};
use api::Verdict;
use domain::reference::DateTime;
use e2e::test_kiosk::{DOOR, TestKiosk};
use e2e::test_office::{BrokerKind, CLOCK, TestOffice};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_card_knows_who_is_inside() {
    let office = TestOffice::start(BrokerKind::Embedded).await.unwrap();
    let mut old = TestKiosk::start(&office).await.unwrap();
    old.until_open().await.unwrap();
    let mut door = old.listen(DOOR).await.unwrap();
    let mut admissions = Vec::new();
    for number in ["M00020", "M00021", "M00022"] {
        admissions.push(come_in(&old, &mut door, office.pass(number).unwrap()).await);
    }
    let client = old.client(DOOR).unwrap();
    client.leave(&admissions[1].visit).await.unwrap();
    until_equal(&office, &old, AFTER_A_FAULT).await;
    let before = old.stays().unwrap();
    old.close().await;

    let clock = CLOCK.parse::<DateTime>().unwrap() + chrono::TimeDelta::minutes(5);
    let new = TestKiosk::start_at(&office, clock).await.unwrap();
    new.until_open().await.unwrap();
    let inside = |stays: &e2e::test_kiosk::Stays| {
        stays
            .iter()
            .filter(|(_, stay)| stay.2)
            .map(|(id, stay)| (id.clone(), stay.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(inside(&new.stays().unwrap()), inside(&before));
    let mut door = new.listen(DOOR).await.unwrap();
    let Verdict::Inside(menu) = scan(&new, &mut door, office.pass("M00020").unwrap()).await else {
        panic!("not known to be inside")
    };
    assert_eq!(
        (&menu.visit, menu.until),
        (&admissions[0].visit, admissions[0].until)
    );
    // Their seats are nobody else's.
    let other = come_in(&new, &mut door, office.pass("M00023").unwrap()).await;
    assert!(
        admissions
            .iter()
            .step_by(2)
            .all(|before| before.place != other.place)
    );
    let Verdict::Left(left) = new
        .client(DOOR)
        .unwrap()
        .leave(&admissions[2].visit)
        .await
        .unwrap()
    else {
        panic!("cannot leave")
    };
    assert_eq!(left.visit, admissions[2].visit);
    let settled = async || {
        stays_at_office(&office)
            .await
            .filter(|stays| stays.len() == 4 && !stays[&left.visit].2)
            .map(drop)
    };
    e2e::waiting::wait_for(
        "four visits at the office, one more ended",
        AFTER_A_FAULT,
        settled,
    )
    .await
    .unwrap();
}
