//! Staff as the office keeps them for the doors, and what it learns of their doings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Journal, KIOSK, day_opened, event, of_reservation, store, time};
use domain::code::{Code, parse};
use domain::event::Event;
use domain::staff::{Role, StaffMember};
use link::collections::{Collection, CollectionName};
use link::message::WireRecord;
use office::secret::{hash_password, is_weak_pin, random_pin};
use office::store::attention::staff_calls;
use office::store::staff::{staff, staff_named};
use office::store::{Store, collections};
use rstest::rstest;
use serde_json::{Value, json};

fn add(store: &Store, user: &'static str, role: Role) -> StaffMember {
    let hash = hash_password("407185").unwrap();
    store
        .write_blocking(move |writing| writing.add_staff(user, role, hash))
        .unwrap()
}

#[test]
fn the_doors_learn_of_staff_without_pins_badges_or_names() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let desk = add(&store, "uketsuke1", Role::Receptionist);
    add(&store, "soudan1", Role::Adviser);
    assert_eq!(desk.id.as_str(), "S001");
    let badge = store
        .write_blocking(move |writing| writing.issue_badge(&desk))
        .unwrap();
    let published = store
        .read_blocking(|connection| collections::publish(connection, CollectionName::Staff))
        .unwrap()
        .unwrap();
    let text = String::from_utf8(published.bytes.to_vec()).unwrap();
    assert!(
        !text.contains("407185") && !text.contains(badge.as_str()),
        "{text}"
    );
    Collection::from_bytes(CollectionName::Staff, &published.bytes).unwrap();

    let known = store
        .read_blocking(|connection| staff_named(connection, "uketsuke1"))
        .unwrap()
        .unwrap();
    let Code::Badge(digest) = parse(badge.as_str().as_bytes()) else {
        panic!("no badge")
    };
    assert_eq!(known.badge, Some(digest));
    let next = known.clone();
    store
        .write_blocking(move |writing| writing.issue_badge(&next).map(drop))
        .unwrap();
    let all = store.read_blocking(staff).unwrap();
    assert_ne!(
        all[0].badge,
        Some(digest),
        "the badge before is worth nothing"
    );
    assert_eq!((all[0].id.as_str(), all[1].role), ("S001", Role::Adviser));
}

#[rstest]
#[case::taken("uketsuke1")]
#[case::capital("Uketsuke2")]
#[case::empty("")]
fn a_user_name_is_lower_case_and_ones_own(#[case] user: &'static str) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    add(&store, "uketsuke1", Role::Receptionist);
    let refused = store.write_blocking(move |writing| {
        writing.add_staff(user, Role::Lead, "$argon2id$".to_owned())
    });
    assert!(refused.unwrap_err().to_string().contains("user name"));
    assert_eq!(store.read_blocking(staff).unwrap().len(), 1);
}

#[rstest]
#[case("407185", false)]
#[case("112233", false)]
#[case("000000", true)]
#[case("123456", true)]
#[case("987654", true)]
#[case("40718", true)]
#[case("4071859", true)]
#[case("40718a", true)]
fn a_weak_pin_is_told(#[case] pin: &str, #[case] is_weak: bool) {
    assert_eq!(is_weak_pin(pin), is_weak);
}

#[test]
fn made_up_pins_are_not_weak() {
    for _ in 0..100 {
        assert!(!is_weak_pin(&random_pin().unwrap()));
    }
}

fn take(store: &Store, journal: &Journal, events: Vec<WireRecord>) {
    let batch = journal.batch(events);
    store
        .write_blocking(move |writing| writing.take_in(&batch))
        .unwrap();
}

fn called(station: &str, reason: &str) -> Event {
    event(json!({"kind": "staff.called", "station": station, "reason": reason}))
}

#[test]
fn whoever_answers_a_call_has_seen_to_all_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let mut events = vec![
        journal.start_run("b2"),
        journal.write(day_opened("2026-11-24")),
    ];
    events.push(journal.write(called("door", "visitor")));
    let first = journal.position();
    events.push(journal.write(called("desk", "visitor")));
    events.push(journal.write(called("door", "visitor")));
    let id = format!("{}-{}", first.run, first.seq);
    events.push(journal.write(event(json!({"kind": "staff.call_answered", "call": id}))));
    take(&store, &journal, events);
    let open = |store: &Store| -> Vec<Value> {
        let since = time("2026-11-24T09:00:00");
        let calls = store.read_blocking(|connection| staff_calls(connection, false, since));
        let calls = calls.unwrap().into_iter();
        calls.map(|call| json!(call.station)).collect()
    };
    assert_eq!(open(&store), [json!("desk")]);
    let again = vec![journal.write(called("door", "visitor"))];
    take(&store, &journal, again);
    assert_eq!(
        open(&store),
        [json!("door"), json!("desk")],
        "called once more"
    );
}

#[test]
fn a_pardoned_no_show_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let no_show = event(json!({
        "kind": "reservation.no_show", "reservation": "R1", "lapsed_at": "2026-11-24T10:15:00+09:00", "inferred": false,
    }));
    let events = vec![
        journal.start_run("b2"),
        journal.write(day_opened("2026-11-24")),
        journal.write(no_show),
        journal.write(of_reservation("pardoned", "R1")),
    ];
    take(&store, &journal, events);
    let database = common::database(folder.path());
    let no_show_at: Option<String> = database
        .query_row("SELECT no_show_at FROM reservation_news", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(no_show_at, None);
}
