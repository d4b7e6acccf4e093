//! What the kiosks report is kept once, whole, and understood.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{
    Journal, KIOSK, attended, attends, day_opened, ended, event, seated, started, store, time,
};
use domain::equipment::Condition;
use link::message::{Batch, Place, Quarantine};
use office::store::attendance::{AttendanceView, of_programme};
use office::store::consultations::consultations_on;
use office::store::emergencies::{emergencies, open_emergencies};
use office::store::figures::{VisitView, inside, kiosks, quarantine, visits_on};
use office::store::loans::{LoanView, loans_on, loans_out};
use office::store::records::{Taken, today};
use office::store::staffing::{Missing, unstaffed};
use office::store::{Store, StoreError};
use serde_json::json;

const MORNING: &str = "2026-11-24T09:40:00+09:00";
const NOON: &str = "2026-11-24T12:00:00+09:00";

fn take(store: &Store, batch: Batch) -> Taken {
    store
        .write_blocking(move |writing| writing.take_in(&batch))
        .unwrap()
}

fn visits(store: &Store) -> Vec<VisitView> {
    let date = time("2026-11-24T00:00:00").date_naive();
    store
        .read_blocking(|connection| visits_on(connection, date))
        .unwrap()
}

/// A morning: two visitors, one of whom changes seats and leaves.
fn morning(journal: &mut Journal) -> Batch {
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(started("v1", "M00001", MORNING)),
        journal.write(seated("v1", "A1", NOON)),
        journal.write(started("v2", "M00002", MORNING)),
        journal.write(seated("v2", "B2", NOON)),
        journal.write(seated("v2", "C3", NOON)),
        journal.write(ended("v2", NOON)),
    ];
    journal.batch(events)
}

#[test]
fn a_batch_taken_in_twice_is_kept_once_and_acknowledged_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let batch = morning(&mut journal);
    let first = take(&store, batch.clone());
    assert_eq!((first.stored, first.ack.through_seq), (8, 8));
    let before = visits(&store);
    let again = take(&store, batch);
    assert_eq!((again.stored, again.ack), (0, first.ack));
    assert_eq!(visits(&store), before);
    let by_id = |id: &str| {
        before
            .iter()
            .find(|visit| visit.visit.as_str() == id)
            .unwrap()
            .clone()
    };
    let (v1, v2) = (by_id("v1"), by_id("v2"));
    assert_eq!((v1.seat.unwrap().as_str(), v1.ended_at), ("A1", None));
    assert_eq!(
        v2.seats
            .iter()
            .map(|seat| seat.as_str())
            .collect::<Vec<_>>(),
        ["B2", "C3"]
    );
    assert_eq!(v2.ended_at.unwrap(), time("2026-11-24T12:00:00"));
    let now_inside = store
        .read_blocking(|connection| inside(connection, false))
        .unwrap();
    assert_eq!(now_inside.len(), 1);
}

#[test]
fn visits_built_again_from_the_records_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    take(&store, morning(&mut Journal::new(KIOSK, "a1")));
    let before = visits(&store);
    store
        .write_blocking(|writing| writing.rebuild_visits())
        .unwrap();
    assert_eq!(visits(&store), before);
    assert_eq!(before.len(), 2);
}

#[test]
fn a_record_that_says_something_else_goes_to_quarantine_and_blocks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let mut batch = morning(&mut journal);
    let mut unreadable = journal.write(started("v3", "M00003", MORNING));
    unreadable.chained.record.body = "{\"kind\":\"visit.from_the_future\"}".to_owned();
    let after = journal.write(started("v4", "M00004", MORNING));
    batch = Batch {
        events: [batch.events, vec![unreadable, after]].concat(),
        head_seq: 10,
        ..batch
    };
    let taken = take(&store, batch);
    assert_eq!(
        (taken.stored, taken.quarantined, taken.ack.through_seq),
        (9, 1, 10)
    );
    assert_eq!(taken.ack.rejected[0].reason, Quarantine::BrokenChain);
    assert_eq!(visits(&store).len(), 3);
    let waiting = store
        .read_blocking(|connection| quarantine(connection, 10))
        .unwrap();
    assert_eq!(
        (waiting.len(), waiting[0].seq, waiting[0].reason.as_str()),
        (1, Some(9), "broken_chain")
    );
}

#[test]
fn the_same_place_with_another_hash_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    take(&store, morning(&mut Journal::new(KIOSK, "a1")));
    let mut other = Journal::new(KIOSK, "a1");
    let events = vec![other.start_run("a1"), other.write(day_opened("2026-11-25"))];
    let taken = take(&store, other.batch(events));
    assert_eq!((taken.stored, taken.quarantined), (0, 1));
    assert_eq!(taken.ack.rejected[0].reason, Quarantine::OtherHash);
    assert_eq!(visits(&store).len(), 2);
}

#[test]
fn a_lost_tail_and_a_cloned_card_are_incidents_and_every_record_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    take(&store, morning(&mut journal));
    // The card was restored from a copy that ends after the third record.
    let mut restored = Journal::new(KIOSK, "a1");
    restored.start_run("a1");
    restored.write(day_opened("2026-11-24"));
    restored.write(started("v1", "M00001", MORNING));
    let first = restored.start_run("b1");
    let taken = take(&store, restored.batch(vec![first]));
    assert_eq!((taken.stored, taken.incidents), (1, 1));
    let second = journal.start_run("b2");
    let taken = take(&store, journal.batch(vec![second]));
    assert_eq!((taken.stored, taken.incidents), (1, 1));
}

#[test]
fn records_that_turn_up_after_all_take_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let whole = morning(&mut journal);
    // The kiosk has lost its first four records and says so.
    let oldest = Place {
        run: "a1".into(),
        seq: 5,
    };
    let rest = Batch {
        oldest: Some(oldest),
        events: whole.events[4..].to_vec(),
        ..whole.clone()
    };
    assert_eq!(take(&store, rest).stored, 4);
    // An old image of its card has them.
    let first = Batch {
        events: whole.events[..4].to_vec(),
        ..whole.clone()
    };
    assert_eq!(take(&store, first).stored, 4);
    let next = vec![journal.write(started("v9", "M00009", NOON))];
    let taken = take(&store, journal.batch(next));
    assert_eq!((taken.stored, taken.ack.through_seq), (1, 9));
    let again = take(&store, whole);
    assert_eq!((again.stored, again.quarantined), (0, 0));
    // Its run.started came late, and is known now: another run after it is the second.
    let second = vec![Journal::new(KIOSK, "b1").start_run("b1")];
    let other = Journal::new(KIOSK, "b1");
    assert_eq!(take(&store, other.batch(second)).incidents, 1);
}

#[test]
fn rehearsed_records_have_a_place_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let batch = Batch {
        rehearsal: true,
        ..morning(&mut Journal::new(KIOSK, "a1"))
    };
    take(&store, batch);
    assert!(visits(&store).iter().all(|visit| visit.rehearsal));
    let count = |rehearsal| {
        store
            .read_blocking(move |connection| inside(connection, rehearsal))
            .unwrap()
            .len()
    };
    assert_eq!((count(false), count(true)), (0, 1));
    take(&store, morning(&mut Journal::new(KIOSK, "a1")));
    assert_eq!((count(false), count(true)), (1, 1));
}

#[test]
fn what_is_missing_is_asked_for_and_progress_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let mut batch = morning(&mut journal);
    let rest = batch.events.split_off(5);
    let taken = take(&store, batch.clone());
    assert_eq!(taken.ack.through_seq, 5);
    let standing = || store.read_blocking(kiosks).unwrap().remove(0);
    assert!(!standing().complete);
    let skipped = take(
        &store,
        Batch {
            events: rest[1..].to_vec(),
            ..batch.clone()
        },
    );
    assert_eq!((skipped.stored, skipped.ack.through_seq), (0, 5));
    take(
        &store,
        Batch {
            events: rest,
            ..batch
        },
    );
    assert!(standing().complete);
    assert_eq!((standing().through_seq, standing().head_seq), (8, 8));
}

#[test]
fn a_replaced_kiosk_gets_its_day_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    take(&store, morning(&mut journal));
    let again = vec![
        journal.start_run("a2"),
        journal.write(started("v5", "M00005", NOON)),
    ];
    take(&store, journal.batch(again));
    let held = store
        .read_blocking(|connection| today(connection, &KIOSK.into(), false))
        .unwrap();
    let kinds: Vec<&str> = held
        .events
        .iter()
        .map(|event| event.chained.record.kind.as_str())
        .collect();
    assert_eq!(kinds.len(), 9);
    assert_eq!(
        (kinds[0], kinds[7], kinds[8]),
        ("day.opened", "run.started", "visit.started")
    );
}

#[test]
fn records_cannot_be_changed_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    take(&store, morning(&mut Journal::new(KIOSK, "a1")));
    drop(store);
    let connection = common::database(folder.path());
    for statement in ["DELETE FROM record", "UPDATE record SET body = '{}'"] {
        let refused = connection.execute(statement, []).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[test]
fn a_database_without_its_key_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(store(&folder));
    let (database, key) = (
        folder.path().join("office.db"),
        folder.path().join("office.key"),
    );
    let right = std::fs::read(&key).unwrap();
    let before = std::fs::read(&database).unwrap();
    assert!(!before.starts_with(b"SQLite format 3"));
    std::fs::remove_file(&key).unwrap();
    let open = || Store::open(folder.path(), common::clock()).map(|_| ());
    assert!(matches!(open(), Err(StoreError::KeyMissing { .. })));
    std::fs::write(&key, "0".repeat(64)).unwrap();
    assert!(matches!(open(), Err(StoreError::WrongKey { .. })));
    std::fs::write(&key, "none").unwrap();
    assert!(matches!(open(), Err(StoreError::KeyUnreadable { .. })));
    assert_eq!(std::fs::read(&database).unwrap(), before);
    std::fs::write(&key, right).unwrap();
    open().unwrap();
}

/// One comes late from a seat, goes out and comes back; another leaves early.
fn seminar(journal: &mut Journal) -> Batch {
    let at = |time: &str| format!("2026-11-24T{time}:00+09:00");
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(started("v1", "M00001", MORNING)),
        journal.write(seated("v1", "A1", NOON)),
        journal.write(attends("v1", "p1", &at("14:05"), true)),
        journal.write(started("v2", "M00002", &at("13:50"))),
        journal.write(attends("v2", "p1", &at("13:50"), false)),
        journal.write(attended("v1", "p1", &at("14:30"), true)),
        journal.write(attends("v1", "p1", &at("14:40"), true)),
        journal.write(attended("v2", "p1", &at("15:00"), true)),
        journal.write(attended("v1", "p1", &at("16:00"), false)),
        journal.write(attends("v2", "p2", &at("18:00"), false)),
    ];
    journal.batch(events)
}

#[test]
fn attendance_is_kept_from_coming_in_to_leaving() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    take(&store, seminar(&mut Journal::new(KIOSK, "a1")));
    let of = |programme: &'static str| {
        let read = |connection: &_| of_programme(connection, &programme.into());
        store.read_blocking(read).unwrap()
    };
    let in_words = |one: &AttendanceView| {
        let time = |at: domain::reference::DateTime| at.format("%H:%M").to_string();
        let ended = one.ended_at.map(time).unwrap_or_default();
        let (late, early) = (one.late, one.early);
        (
            one.member_no.to_string(),
            time(one.started_at),
            late,
            ended,
            early,
        )
    };
    let word = |member: &str, from: &str, late, to: &str, early| {
        (
            member.to_owned(),
            from.to_owned(),
            late,
            to.to_owned(),
            early,
        )
    };
    let expected = [
        word("M00002", "13:50", false, "15:00", true),
        word("M00001", "14:05", true, "14:30", true),
        word("M00001", "14:40", true, "16:00", false),
    ];
    assert_eq!(of("p1").iter().map(in_words).collect::<Vec<_>>(), expected);
    assert_eq!(of("p2")[0].ended_at, None);
    let seated = visits(&store)
        .into_iter()
        .find(|one| one.visit.as_str() == "v1")
        .unwrap();
    assert_eq!(
        (seated.zone, seated.until),
        (None, time("2026-11-24T16:00:00"))
    );
    store
        .write_blocking(|writing| writing.rebuild_visits())
        .unwrap();
    assert_eq!(of("p1").iter().map(in_words).collect::<Vec<_>>(), expected);
}

#[test]
fn a_consultation_nobody_ended_ends_with_its_visit() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let begins = |visit: &str, at: &str| {
        event(json!({
            "kind": "consultation.started", "visit": visit, "advisers": ["a1"], "reservation": null, "purpose": "joint", "started_at": at,
            "until": NOON,
        }))
    };
    let ends = json!({"kind": "consultation.ended", "visit": "v1", "ended_at": "2026-11-24T10:30:00+09:00"});
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(started("v1", "M00001", MORNING)),
        journal.write(begins("v1", MORNING)),
        journal.write(event(ends)),
        journal.write(begins("v1", "2026-11-24T11:00:00+09:00")),
        journal.write(ended("v1", NOON)),
        journal.write(event(json!({"kind": "staffing.alarm", "since": MORNING}))),
    ];
    take(&store, journal.batch(events));
    let date = time("2026-11-24T00:00:00").date_naive();
    let all = store
        .read_blocking(move |connection| consultations_on(connection, date))
        .unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.ended_at, one.inferred)).collect();
    let measured = Some(time("2026-11-24T10:30:00"));
    assert_eq!(
        told,
        [(measured, false), (Some(time("2026-11-24T12:00:00")), true)]
    );
    let alarms = |date| {
        let read = move |connection: &_| unstaffed(connection, false, Missing::Adviser, date);
        store.read_blocking(read).unwrap()
    };
    assert_eq!(alarms(date), [(KIOSK.into(), time("2026-11-24T09:40:00"))]);
    assert_eq!(alarms(date.succ_opt().unwrap()), []);
    let back = vec![journal.write(event(json!({"kind": "staffing.restored"})))];
    take(&store, journal.batch(back));
    assert_eq!(alarms(date), []);
}

#[test]
fn too_few_at_reception_stands_until_they_are_enough() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let short = json!({"kind": "reception.short", "since": MORNING, "present": 1});
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(event(short)),
    ];
    take(&store, journal.batch(events));
    let date = time("2026-11-24T00:00:00").date_naive();
    let missing = |who| {
        let read = move |connection: &_| unstaffed(connection, false, who, date);
        store.read_blocking(read).unwrap()
    };
    assert_eq!(
        missing(Missing::Receptionist),
        [(KIOSK.into(), time("2026-11-24T09:40:00"))]
    );
    assert_eq!(missing(Missing::Adviser), []);
    let enough = vec![journal.write(event(json!({"kind": "reception.restored"})))];
    take(&store, journal.batch(enough));
    assert_eq!(missing(Missing::Receptionist), []);
}

#[test]
fn an_emergency_is_open_until_its_kiosk_says_that_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let person = |guest: &str, stepped_out| {
        json!({
            "person": {"kind": "guest", "guest": guest}, "member": null, "purpose": "tour", "seat": null, "since": MORNING,
            "stepped_out": stepped_out,
        })
    };
    let opens = |incident: &str, drill: bool, at: &str| {
        event(json!({
            "kind": "incident.opened", "incident": incident, "what": "fire", "drill": drill, "by": "S001", "opened_at": at,
            "people": [person("g1", false), person("g2", true)],
        }))
    };
    let closes = json!({
        "kind": "incident.closed", "incident": "i1", "what": "fire", "by": "S002", "opened_at": MORNING, "closed_at": NOON,
        "everybody_left": true, "inside": 1, "ticked": 1,
    });
    let first = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(opens("i1", false, MORNING)),
        journal.write(opens("i2", true, NOON)),
    ];
    take(&store, journal.batch(first));
    let open = || {
        let read = |connection: &_| open_emergencies(connection, false);
        let open = store.read_blocking(read).unwrap();
        open.iter()
            .map(|one| (one.incident.to_string(), one.drill))
            .collect::<Vec<_>>()
    };
    assert_eq!(open(), [("i1".to_owned(), false), ("i2".to_owned(), true)]);
    let last = vec![journal.write(event(closes))];
    take(&store, journal.batch(last));
    assert_eq!(open(), [("i2".to_owned(), true)]);
    let all = store
        .read_blocking(|connection| emergencies(connection, 10))
        .unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|one| {
            let closed_by = one.closed_by.as_ref().map(ToString::to_string);
            (one.incident.as_str(), one.listed, one.ticked, closed_by)
        })
        .collect();
    let by = Some("S002".to_owned());
    assert_eq!(told, [("i2", 1, 0, None), ("i1", 1, 1, by)]);
}

#[test]
fn a_loan_outlives_its_visit_until_the_thing_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let lent = json!({
        "kind": "loan.started", "equipment": "pc-07", "equipment_kind": "pc", "visit": "v1", "member": "M00001", "station": "door",
        "started_at": MORNING, "back_by": NOON,
    });
    let events = vec![
        journal.start_run("a1"),
        journal.write(day_opened("2026-11-24")),
        journal.write(started("v1", "M00001", MORNING)),
        journal.write(event(lent)),
        journal.write(ended("v1", NOON)),
    ];
    take(&store, journal.batch(events));
    let out = || {
        let read = |connection: &_| loans_out(connection, false);
        store.read_blocking(read).unwrap()
    };
    assert_eq!(out().len(), 1, "the visit is over, the loan is not");
    let back = json!({
        "kind": "loan.ended", "equipment": "pc-07", "visit": "v1", "ended_by": "staff", "ended_at": "2026-11-25T09:40:00+09:00",
        "condition": "damaged", "rests_until": "2026-11-25T09:50:00+09:00",
    });
    let events = vec![
        journal.write(day_opened("2026-11-25")),
        journal.write(event(back)),
    ];
    take(&store, journal.batch(events));
    assert_eq!(out(), []);
    let told = || {
        let date = time("2026-11-24T00:00:00").date_naive();
        let read = move |connection: &_| loans_on(connection, date);
        let all = store.read_blocking(read).unwrap();
        let one = |one: &LoanView| (one.ended_at, one.condition);
        all.iter().map(one).collect::<Vec<_>>()
    };
    let expected = [(Some(time("2026-11-25T09:40:00")), Some(Condition::Damaged))];
    assert_eq!(told(), expected);
    store
        .write_blocking(|writing| writing.rebuild_visits())
        .unwrap();
    assert_eq!(told(), expected);
}
