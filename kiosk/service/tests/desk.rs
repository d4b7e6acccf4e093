//! The desk through its public door: nothing answered is lost, nothing is done twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use chrono::{DateTime, FixedOffset};
use domain::code::{self, Code, Pass};
use domain::floor::{Features, Floor, Rect, Seat, Zone};
use domain::ids::{KioskId, SeatId, StationId};
use domain::record::Chained;
use domain::reference::{Category, IssuedPass, Member, MemberState};
use domain::text::Text;
use domain::verdict::{Offered, Place};
use domain::{Command, Reference, Verdict};
use futures_util::future::join_all;
use kiosk::clock::Clock;
use kiosk::desk::{Desk, DeskConfig, RunningDesk};
use kiosk::journal::{DeviceKey, Identity, Journal, Mode};
use std::collections::BTreeSet;
use std::path::Path;

const MEMBERS: u8 = 40;

fn noon() -> DateTime<FixedOffset> {
    "2026-11-24T12:00:00+09:00".parse().unwrap()
}

fn pass(member: u8) -> Code {
    code::parse(Pass::from_bits([member; 16]).as_str().as_bytes())
}

/// One room of `seats` seats and forty members.
fn reference(seats: u32) -> Reference {
    let mut reference = Reference::default();
    reference.floor = Floor {
        width: 60 * seats,
        height: 60,
        zones: vec![Zone {
            id: "room".into(),
            name: Text::ja("部屋"),
        }],
        seats: (0..seats)
            .map(|index| Seat {
                id: SeatId::from(format!("S{index}")),
                zone: "room".into(),
                place: Rect {
                    x: 60 * index,
                    y: 0,
                    w: 50,
                    h: 50,
                },
                offers: Features::default(),
            })
            .collect(),
        ..Floor::default()
    };
    for number in 0..MEMBERS {
        let member = Member {
            id: format!("M{number}").into(),
            category: Category::Business,
            company: None,
            state: MemberState::Active,
            valid_until: "2027-03-31".parse().unwrap(),
            needs: Features::default(),
        };
        let digest = Pass::from_bits([number; 16]).digest();
        let pass = IssuedPass {
            digest,
            member: member.id.clone(),
            revoked: false,
        };
        reference.passes.insert(digest, pass);
        reference.members.insert(member.id.clone(), member);
    }
    reference
}

fn identity() -> Identity {
    Identity {
        kiosk: KioskId::from("koto-test"),
        mode: Mode::Rehearsal {
            offset_ms: Clock::offset_to(noon()),
        },
    }
}

fn key(dir: &Path) -> DeviceKey {
    DeviceKey::load_or_create(&dir.join("secret"), &dir.join("salt"), dir).unwrap()
}

fn open(dir: &Path, seats: u32) -> RunningDesk {
    open_with(dir, seats, Vec::new())
}

fn open_with(dir: &Path, seats: u32, inherited: Vec<Chained>) -> RunningDesk {
    let config = DeskConfig {
        dir: dir.to_owned(),
        key: key(dir),
        identity: identity(),
    };
    let clock = |mode| match mode {
        Mode::Rehearsal { offset_ms } => Clock::rehearsal(offset_ms),
        Mode::Normal => unreachable!("these are rehearsals"),
    };
    Desk::start(config, clock, inherited, |_| reference(seats)).unwrap()
}

async fn close(desk: RunningDesk) {
    tokio::task::spawn_blocking(|| desk.stop()).await.unwrap();
}

fn station(number: u8) -> StationId {
    StationId::from(format!("station-{number}"))
}

async fn scan(desk: &Desk, member: u8, cause: Option<&str>) -> Verdict {
    let command = Command::Scan {
        station: station(member),
        code: pass(member),
        typed: false,
    };
    desk.decide(command, cause.map(str::to_owned))
        .await
        .unwrap()
        .verdict
        .unwrap()
}

async fn choose(desk: &Desk, member: u8, offered: &Offered, cause: Option<&str>) -> Verdict {
    let command = Command::Choose {
        station: station(member),
        offer: offered.offer.clone(),
        choice: 0,
    };
    desk.decide(command, cause.map(str::to_owned))
        .await
        .unwrap()
        .verdict
        .unwrap()
}

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
    assert_eq!(
        running.reader().unwrap().cursor().unwrap(),
        Some((head.run, head.seq))
    );
    assert!(matches!(
        scan(&running.desk, 1, None).await,
        Verdict::Offer(_)
    ));
    close(running).await;
}
