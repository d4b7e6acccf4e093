//! The desk through its public door: nothing answered is lost, nothing is done twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod door;
mod full_disk;
mod seats_shown;

use domain::ids::SeatId;
use domain::verdict::{Offered, Place};
use domain::{Command, Verdict};
use door::{MEMBERS, choose, close, identity, key, open, open_with, scan, station};
use futures_util::future::join_all;
use kiosk::journal::Journal;
use std::collections::BTreeSet;
use std::time::Duration;

fn offered(verdict: Verdict) -> Offered {
    match verdict {
        Verdict::Offer(offered) => offered,
        other => panic!("no offer: {other:?}"),
    }
}

fn seat(verdict: &Verdict) -> &SeatId {
    match verdict {
        Verdict::Admitted(admitted) => match &admitted.place {
            Place::Seat { seat, .. } => seat,
            other => panic!("no seat: {other:?}"),
        },
        other => panic!("not admitted: {other:?}"),
    }
}

#[tokio::test]
async fn a_crowd_at_once_gets_one_seat_each_and_the_rest_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 25);
    let desk = running.desk.clone();
    let verdicts = join_all((0..MEMBERS).map(|member| scan(&desk, member, None))).await;
    let mut full = 0;
    let mut seats = BTreeSet::new();
    for (member, verdict) in (0..MEMBERS).zip(verdicts) {
        match verdict {
            Verdict::Offer(offered) => {
                let admitted = choose(&desk, member, &offered, None).await;
                assert!(
                    seats.insert(seat(&admitted).clone()),
                    "{} given twice",
                    seat(&admitted)
                );
            }
            Verdict::Full(answer) => {
                assert!(
                    answer.expected_free.is_some() || full > 0,
                    "a time is named: {answer:?}"
                );
                full += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((seats.len(), full), (25, 15));
    close(running).await;
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 10);
    let mut promised = BTreeSet::new();
    for member in 0..8 {
        let offer = offered(scan(&running.desk, member, None).await);
        let admitted = choose(&running.desk, member, &offer, None).await;
        promised.insert(seat(&admitted).clone());
    }
    let before = running.desk.published().borrow().today.visits.clone();
    close(running).await;

    let again = open(dir.path(), 10);
    assert_eq!(again.desk.published().borrow().today.visits, before);
    let held: BTreeSet<_> = before
        .values()
        .map(|visit| visit.seat.as_ref().unwrap().seat.clone())
        .collect();
    assert_eq!(held, promised);
    assert!(matches!(
        scan(&again.desk, 0, None).await,
        Verdict::Inside(_)
    ));
    close(again).await;
}

#[tokio::test]
async fn the_journal_holds_it_before_the_answer_is_given() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 5);
    let reader = running.reader().unwrap();
    for member in 0..5 {
        let offer = offered(scan(&running.desk, member, None).await);
        let answered = choose(&running.desk, member, &offer, None).await;
        // Another connection sees committed records only.
        let records = reader.after(None, usize::MAX).unwrap();
        let seat = seat(&answered).as_str();
        let is_recorded =
            |body: &str| body.contains("seat.assigned") && body.contains(&format!("\"{seat}\""));
        assert!(
            records.iter().any(|one| is_recorded(&one.record.body)),
            "{seat} is on disk"
        );
    }
    close(running).await;
}

#[tokio::test]
async fn a_repeated_key_gets_the_first_answer_even_from_the_next_run() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 5);
    let first = scan(&running.desk, 1, Some("scan-1")).await;
    assert_eq!(scan(&running.desk, 1, Some("scan-1")).await, first);
    let offer = offered(first.clone());
    let admitted = choose(&running.desk, 1, &offer, Some("choose-1")).await;
    assert_eq!(
        choose(&running.desk, 1, &offer, Some("choose-1")).await,
        admitted
    );
    assert!(matches!(
        choose(&running.desk, 1, &offer, Some("choose-2")).await,
        Verdict::Lapsed(_)
    ));
    close(running).await;

    let again = open(dir.path(), 5);
    assert_eq!(
        choose(&again.desk, 1, &offer, Some("choose-1")).await,
        admitted
    );
    assert_eq!(scan(&again.desk, 1, Some("scan-1")).await, first);
    assert_eq!(again.desk.published().borrow().today.visits.len(), 1);
    close(again).await;
}

#[tokio::test]
async fn a_new_card_knows_the_day_and_still_knows_it_after_a_restart() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let running = open(old.path(), 5);
    for member in 0..3 {
        let offer = offered(scan(&running.desk, member, None).await);
        choose(&running.desk, member, &offer, None).await;
    }
    let gone = match scan(&running.desk, 0, None).await {
        Verdict::Inside(inside) => inside.visit,
        other => panic!("{other:?}"),
    };
    running
        .desk
        .decide(Command::Leave { visit: gone }, None)
        .await
        .unwrap();
    let known = running.reader().unwrap().after(None, usize::MAX).unwrap();
    let opened = known
        .iter()
        .position(|one| one.record.kind == "day.opened")
        .unwrap();
    let before = running.desk.published().borrow().today.visits.clone();
    close(running).await;

    let card = open_with(new.path(), 5, known[opened..].to_vec());
    assert_eq!(
        card.desk.published().borrow().today.visits,
        before,
        "told by the office"
    );
    close(card).await;
    let again = open(new.path(), 5);
    assert_eq!(
        again.desk.published().borrow().today.visits,
        before,
        "known by itself"
    );
    assert!(matches!(
        scan(&again.desk, 1, None).await,
        Verdict::Inside(_)
    ));
    close(again).await;
}

#[tokio::test]
async fn a_restart_ends_offers_and_frees_what_they_held() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 1);
    let offer = offered(scan(&running.desk, 1, None).await);
    assert!(
        matches!(scan(&running.desk, 2, None).await, Verdict::Full(_)),
        "the only seat is held"
    );
    close(running).await;

    let again = open(dir.path(), 1);
    assert!(matches!(
        choose(&again.desk, 1, &offer, None).await,
        Verdict::Lapsed(_)
    ));
    assert!(matches!(
        scan(&again.desk, 2, None).await,
        Verdict::Offer(_)
    ));
    close(again).await;
}

#[tokio::test]
async fn a_restart_loses_nobody_who_waits() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 1);
    let offer = offered(scan(&running.desk, 1, None).await);
    let Verdict::Admitted(first) = choose(&running.desk, 1, &offer, None).await else {
        panic!("the only seat is free")
    };
    let Verdict::Full(full) = scan(&running.desk, 2, None).await else {
        panic!("the only seat is taken")
    };
    let join = Command::Join {
        station: station(2),
        ticket: full.ticket.unwrap(),
    };
    let joined = running.desk.decide(join, None).await.unwrap();
    assert!(matches!(joined.verdict, Some(Verdict::Joined(_))));
    close(running).await;

    let again = open(dir.path(), 1);
    assert!(matches!(
        scan(&again.desk, 2, None).await,
        Verdict::Waiting(_)
    ));
    let leave = Command::Leave { visit: first.visit };
    again.desk.decide(leave, None).await.unwrap();
    assert!(matches!(scan(&again.desk, 3, None).await, Verdict::Full(_)));
    close(again).await;

    let after = open(dir.path(), 1);
    assert!(
        matches!(scan(&after.desk, 2, None).await, Verdict::Admitted(_)),
        "called anew by the new run"
    );
    close(after).await;
}

#[tokio::test]
async fn each_run_names_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        close(open(dir.path(), 1)).await;
    }
    let (_, opened) = Journal::open(dir.path(), &key(dir.path()), &identity()).unwrap();
    let starts: Vec<serde_json::Value> = opened
        .replay
        .iter()
        .filter(|one| one.record.kind == "run.started")
        .map(|one| serde_json::from_str(&one.record.body).unwrap())
        .collect();
    // Replay begins with the first run's day; its own start stands before it.
    assert_eq!(starts.len(), 2);
    for start in &starts {
        assert!(
            start["previous"]["seq"]
                .as_u64()
                .is_some_and(|seq| seq >= 1),
            "{start}"
        );
    }
}

#[tokio::test]
async fn a_bad_acknowledgement_changes_nothing_and_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path(), 2);
    assert!(
        running
            .desk
            .acknowledge("0123456789abcdef".into(), 7)
            .await
            .is_err()
    );
    let head = running.reader().unwrap().head().unwrap().unwrap();
    running
        .desk
        .acknowledge(head.run.clone(), head.seq)
        .await
        .unwrap();
    assert!(matches!(
        scan(&running.desk, 1, None).await,
        Verdict::Offer(_)
    ));
    let place = Some((head.run, head.seq));
    assert_eq!(
        running.reader().unwrap().cursor().unwrap(),
        place,
        "it went with the next commit"
    );
    close(running).await;
}

#[tokio::test]
async fn an_acknowledgement_is_kept_also_when_nothing_more_happens() {
    for stops_at_once in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let running = open(dir.path(), 2);
        let reader = running.reader().unwrap();
        let head = reader.head().unwrap().unwrap();
        let acknowledged = running.desk.acknowledge(head.run.clone(), head.seq);
        acknowledged.await.unwrap();
        if !stops_at_once {
            let kept = async {
                while reader.cursor().unwrap().is_none() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            let patience = Duration::from_secs(20);
            tokio::time::timeout(patience, kept).await.unwrap();
        }
        close(running).await;
        let (_, opened) = Journal::open(dir.path(), &key(dir.path()), &identity()).unwrap();
        assert_eq!(opened.cursor, Some((head.run, head.seq)));
    }
}
