//! What several of these tests do.

use api::verdict::{Admitted, Place};
use api::{Client, Verdict};
use domain::ids::{SeatId, VisitId};
use domain::record::Chained;
use e2e::test_kiosk::{DOOR, Listener, Stays, TestKiosk};
use e2e::test_office::TestOffice;
use e2e::waiting::wait_for;
use link::message::TodayRecords;
use std::time::Duration;

/// The office hears of a visit within this time when nothing is in the way.
pub const SECONDS: Duration = Duration::from_secs(15);
/// After a fault: acks are waited for up to 30 s, and the pauses between attempts grow.
pub const AFTER_A_FAULT: Duration = Duration::from_secs(120);

/// Holds a pass to the scanner; what the station is told.
pub async fn scan(kiosk: &TestKiosk, door: &mut Listener, code: &str) -> Verdict {
    kiosk.scanner.scan(code).unwrap();
    door.verdict().await.unwrap()
}

/// Somebody comes without a reservation, or with one, and is let in.
pub async fn come_in(kiosk: &TestKiosk, door: &mut Listener, code: &str) -> Admitted {
    let verdict = scan(kiosk, door, code).await;
    admitted(&kiosk.client(DOOR).unwrap(), verdict).await
}

/// Takes the first seat offered, where one is.
pub async fn admitted(client: &Client, verdict: Verdict) -> Admitted {
    let verdict = match verdict {
        Verdict::Offer(offered) => client.choose(&offered.offer, 0).await.unwrap(),
        Verdict::TooEarly(early) => client
            .choose(&early.bridge.expect("a seat until then").offer, 0)
            .await
            .unwrap(),
        other => other,
    };
    match verdict {
        Verdict::Admitted(admitted) => admitted,
        other => panic!("not admitted: {other:?}"),
    }
}

pub fn seat_of(admitted: &Admitted) -> &SeatId {
    match &admitted.place {
        Place::Seat { seat, .. } => seat,
        other => panic!("no seat: {other:?}"),
    }
}

/// The passes of people who can come now, in order of their numbers.
pub fn visitors(office: &TestOffice) -> Vec<String> {
    // 13 needs a place of her own, 40 and 41 are not let in, 43 to 46 come for a programme.
    let numbers = (1..=60).filter(|number| ![13, 40, 41, 43, 44, 45, 46].contains(number));
    numbers
        .map(|number| office.pass(&format!("M{number:05}")).unwrap().to_owned())
        .collect()
}

/// Visits as the office has them, in the words of [`Stays`].
pub async fn stays_at_office(office: &TestOffice) -> Option<Stays> {
    let visits = office.visits().await.ok()?;
    let total = visits.len();
    let stays: Stays = visits
        .into_iter()
        .map(|visit| {
            (
                visit.visit,
                (
                    visit.member_no,
                    visit.seat.map(|seat| seat.to_string()),
                    visit.ended_at.is_none(),
                ),
            )
        })
        .collect();
    assert_eq!(stays.len(), total, "the office has a visit twice");
    Some(stays)
}

/// Waits until the office has exactly the kiosk's visits.
pub async fn until_equal(office: &TestOffice, kiosk: &TestKiosk, patience: Duration) {
    let last = async || Some((stays_at_office(office).await?, kiosk.stays().ok()?));
    let equal = async || last().await.filter(|(there, here)| there == here).map(drop);
    if let Err(error) = wait_for(
        "the office's visits equal to the journal's",
        patience,
        equal,
    )
    .await
    {
        let (there, here) = last().await.unwrap();
        let missing: Vec<&VisitId> = here
            .keys()
            .filter(|visit| !there.contains_key(*visit))
            .collect();
        let differing: Vec<_> = here
            .iter()
            .filter(|(visit, stay)| there.get(*visit).is_some_and(|other| other != *stay))
            .collect();
        panic!(
            "{error}: {} here, {} there; missing {missing:?}, differing {differing:?}",
            here.len(),
            there.len()
        );
    }
}

/// Row by row: nothing lost, nothing doubled, nothing changed, and nothing set aside.
pub async fn compare_rows(office: &TestOffice, journal: &[Chained]) {
    assert!(!journal.is_empty());
    let key = |chained: &Chained| (chained.record.run.clone(), chained.record.seq, chained.hash);
    let here: Vec<_> = journal.iter().map(key).collect();
    let rows = |records: TodayRecords| {
        records
            .events
            .iter()
            .map(|record| key(&record.chained))
            .collect::<Vec<_>>()
    };
    let same = async || {
        office
            .records()
            .await
            .ok()
            .map(rows)
            .filter(|there| *there == here)
            .map(drop)
    };
    if let Err(error) = wait_for("the journal's rows at the office", SECONDS, same).await {
        let there = rows(office.records().await.unwrap());
        panic!(
            "{error}: {} rows here, {} there; first difference at {:?}",
            here.len(),
            there.len(),
            here.iter().zip(&there).position(|(a, b)| a != b)
        );
    }
    let waiting = office.get("/v1/quarantine").await.unwrap();
    assert_eq!(
        waiting["quarantine"],
        serde_json::json!([]),
        "something was set aside"
    );
}
