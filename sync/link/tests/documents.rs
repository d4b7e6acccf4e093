//! Collections: both sides agree on the bytes, and nothing impossible takes effect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use domain::Reference;
use domain::calendar::Calendar;
use domain::code::{PassDigest, ReservationNumber};
use domain::floor::Floor;
use domain::reference::{Category, IssuedPass, Member, MemberState, Purpose, Reservation};
use domain::settings::Settings;
use link::collections::{
    Body, Collection, CollectionError, CollectionName, Delta, adopt, apply_delta, sha256_hex,
};
use link::message::ManifestEntry;
use proptest::prelude::*;
use rstest::rstest;
use std::collections::BTreeMap;

fn member(number: u32, category: Category) -> Member {
    Member {
        id: format!("M{number:03}").as_str().into(),
        category,
        company: None,
        state: MemberState::Active,
        valid_until: "2027-03-31".parse().unwrap(),
        needs: Default::default(),
    }
}

fn reservation(serial: u32) -> Reservation {
    Reservation {
        id: format!("r{serial}").as_str().into(),
        number: ReservationNumber::from_serial(serial),
        member: "M001".into(),
        starts: "2026-11-24T13:00:00+09:00".parse().unwrap(),
        ends: "2026-11-24T15:00:00+09:00".parse().unwrap(),
        purpose: Purpose::Consultation,
        cancelled: false,
        since: 1,
    }
}

fn document(body: Body) -> String {
    String::from_utf8(Collection { version: 5, body }.to_bytes().unwrap()).unwrap()
}

const FLOOR: &str = r#"{"name":"floor","version":5,"body":{"width":100,"height":100,"zones":[{"id":"room","name":{"ja":"部屋"}}],
    "seats":[{"id":"C1","zone":"room","place":{"x":0,"y":0,"w":50,"h":50}},{"id":"C2","zone":"room","place":{"x":50,"y":0,"w":50,"h":50}}]}}"#;
const PROGRAMME: &str = r#"{"name":"programme","version":5,"body":[{"id":"p","title":{"ja":"催し"},"kind":"seminar",
    "starts":"2026-11-24T18:30:00+09:00","ends":"2026-11-24T20:30:00+09:00","audience":"anyone","capacity":20}]}"#;
const NOTICES: &str = r#"{"name":"notices","version":5,"body":[{"id":"n","text":{"ja":"お知らせ"},"from":"2026-11-01","to":"2026-11-30"}]}"#;
const STAFF: &str = r#"{"name":"staff","version":5,"body":[
    {"id":"S001","user":"desk","pin":"$argon2id$v=19$x","badge":"1111111111111111111111111111111111111111111111111111111111111111","role":"receptionist","active":true},
    {"id":"S002","user":"room","pin":"$argon2id$v=19$x","badge":null,"role":"adviser","active":false}]}"#;
const ADVISERS: &str = r#"{"name":"advisers","version":5,"body":{"advisers":[{"id":"a1","role":"adviser"}],
    "slots":[{"from":"10:00","to":"10:45","purpose":"advice"},{"from":"11:00","to":"11:45","purpose":"joint"}]}}"#;

const EQUIPMENT: &str = r#"{"name":"equipment","version":5,"body":[
    {"id":"bt-01","kind":"battery","name":"BT-01","label":"BT01","full_charge_min":180},
    {"id":"pc-01","kind":"pc","name":"PC-01","label":"PC01","software":["弥生会計"],"full_charge_min":300}]}"#;

const SIGNAGE: &str = r#"{"name":"signage","version":5,"body":{"scenes":[{"kind":"day","weight":3},{"kind":"books","seconds":30,"from":"10:00","to":"17:00"}],
    "books":[{"title":{"ja":"はじめての会計"}}],"links":[{"name":{"ja":"ホームページ"},"url":"https://dx.example.jp/"}]}}"#;

fn good(name: CollectionName) -> String {
    match name {
        CollectionName::Calendar => document(Body::Calendar(Calendar::default())),
        CollectionName::Settings => document(Body::Settings(Settings::default())),
        CollectionName::Members => document(Body::Members(vec![
            member(1, Category::Business),
            member(2, Category::JobSeeker),
        ])),
        CollectionName::Passes => document(Body::Passes(vec![
            IssuedPass {
                digest: PassDigest::from_bytes([1; 32]),
                member: "M001".into(),
                revoked: false,
            },
            IssuedPass {
                digest: PassDigest::from_bytes([2; 32]),
                member: "M001".into(),
                revoked: true,
            },
        ])),
        CollectionName::Reservations => {
            document(Body::Reservations(vec![reservation(1), reservation(2)]))
        }
        CollectionName::Floor => FLOOR.to_owned(),
        CollectionName::Programme => PROGRAMME.to_owned(),
        CollectionName::Staff => STAFF.to_owned(),
        CollectionName::Signage => SIGNAGE.to_owned(),
        CollectionName::Notices => NOTICES.to_owned(),
        CollectionName::Advisers => ADVISERS.to_owned(),
        CollectionName::Equipment => EQUIPMENT.to_owned(),
    }
}

#[test]
fn every_collection_is_adopted_and_keeps_its_bytes() {
    let mut reference = Reference::default();
    for name in CollectionName::ALL {
        let bytes = good(name);
        assert_eq!(
            adopt(&mut reference, name, bytes.as_bytes()).unwrap(),
            5,
            "{name}"
        );
        let again = Collection::from_bytes(name, bytes.as_bytes())
            .unwrap()
            .to_bytes()
            .unwrap();
        let twice = Collection::from_bytes(name, &again)
            .unwrap()
            .to_bytes()
            .unwrap();
        assert_eq!(again, twice, "{name}: canonical");
        assert_eq!(name.as_str().parse::<CollectionName>().unwrap(), name);
    }
    assert_eq!(reference.members.len(), 2);
    assert!(
        reference
            .numbered(&ReservationNumber::from_serial(2))
            .is_some()
    );
    assert!(reference.holder(&PassDigest::from_bytes([1; 32])).is_some());
    assert_eq!(
        (
            reference.floor.seats.len(),
            reference.programmes.len(),
            reference.notices.len(),
            reference.staff.len()
        ),
        (2, 1, 1, 2)
    );
}

#[rstest]
#[case::unknown_field(CollectionName::Members, "\"company\"", "\"name\"", "cannot be read")]
#[case::truncated(CollectionName::Members, "]}", "", "cannot be read")]
#[case::overlapping_slots(CollectionName::Advisers, "11:00", "10:30", "overlap")]
#[case::two_with_one_label(CollectionName::Equipment, "BT01", "PC01", "the label of another")]
#[case::label_nobody_can_read(CollectionName::Equipment, "BT01", "BT-01", "cannot be read")]
#[case::no_charge(CollectionName::Equipment, "300", "0", "lasts no time")]
#[case::backward_slot(CollectionName::Advisers, "11:45", "10:50", "before it begins")]
#[case::same_member(
    CollectionName::Members,
    "M002",
    "M001",
    "member 2: the same membership number"
)]
#[case::no_member_id(CollectionName::Members, "M002", " ", "has no id")]
#[case::impossible_date(CollectionName::Members, "2027-03-31", "2027-02-31", "cannot be read")]
#[case::same_pass(CollectionName::Passes, "0202", "0101", "cannot be read")]
#[case::reversed(
    CollectionName::Reservations,
    "15:00:00",
    "12:00:00",
    "reservation 1: ends before it starts"
)]
#[case::other_zone(CollectionName::Reservations, "+09:00", "Z", "with +09:00")]
#[case::same_number(CollectionName::Reservations, "\"r2\"", "\"r1\"", "the same id")]
#[case::from_the_future(
    CollectionName::Reservations,
    "\"since\":1",
    "\"since\":6",
    "must not exceed version"
)]
#[case::version_zero(
    CollectionName::Calendar,
    "\"version\":5",
    "\"version\":0",
    "must be at least 1"
)]
#[case::hours_reversed(
    CollectionName::Calendar,
    "18:00",
    "09:00",
    "write the earlier time first"
)]
#[case::no_grant(
    CollectionName::Settings,
    "\"grant_min\":120",
    "\"grant_min\":0",
    "coworking.grant_min"
)]
#[case::overlap(CollectionName::Floor, "\"x\":50", "\"x\":40", "overlap")]
#[case::unknown_zone(
    CollectionName::Floor,
    "\"zone\":\"room\"",
    "\"zone\":\"hall\"",
    "hall"
)]
#[case::late(CollectionName::Programme, "20:30", "21:30", "21:00")]
#[case::crowded(
    CollectionName::Programme,
    "\"capacity\":20",
    "\"capacity\":21",
    "1 to 20"
)]
#[case::untitled(CollectionName::Programme, "催し", "", "no title")]
#[case::notice_reversed(
    CollectionName::Notices,
    "2026-11-30",
    "2026-10-30",
    "correct the dates"
)]
#[case::staff_twice(CollectionName::Staff, "\"room\"", "\"desk\"", "user name")]
#[case::staff_capital(CollectionName::Staff, "\"room\"", "\"Room\"", "lower case")]
#[case::staff_pin_in_clear(
    CollectionName::Staff,
    "$argon2id$v=19$x\",\"badge\":null",
    "407185\",\"badge\":null",
    "not hashed"
)]
#[case::staff_badge_twice(
    CollectionName::Staff,
    "null",
    "\"1111111111111111111111111111111111111111111111111111111111111111\"",
    "badge"
)]
#[case::scene_for_ever(
    CollectionName::Signage,
    "\"seconds\":30",
    "\"seconds\":600",
    "scene 2: must stand for 5 to 120 seconds"
)]
#[case::scene_never(CollectionName::Signage, "\"weight\":3", "\"weight\":0", "weight of 1")]
#[case::scene_reversed(CollectionName::Signage, "17:00", "09:00", "scene 2: ends before")]
#[case::untitled_book(CollectionName::Signage, "はじめての会計", " ", "book 1: has no title")]
#[case::other_link(
    CollectionName::Signage,
    "https:",
    "ftp:",
    "link 1: must be an address"
)]
#[case::another(
    CollectionName::Calendar,
    "\"name\":\"calendar\"",
    "\"name\":\"floor\"",
    "in the place of calendar"
)]
fn nothing_impossible_takes_effect(
    #[case] name: CollectionName,
    #[case] from: &str,
    #[case] to: &str,
    #[case] says: &str,
) {
    let mut reference = Reference::default();
    adopt(&mut reference, name, good(name).as_bytes()).unwrap();
    let before = reference.clone();
    let bad = if from == "0202" {
        good(name).replace("02", "0g")
    } else {
        good(name).replace(from, to)
    };
    assert_ne!(bad, good(name), "{from} is not in {}", good(name));
    let error = adopt(&mut reference, name, bad.as_bytes()).unwrap_err();
    assert!(error.to_string().contains(says), "{error}");
    assert!(
        !error.to_string().contains("M001"),
        "says where, not who: {error}"
    );
    assert_eq!(reference, before);
}

#[test]
fn an_empty_floor_is_not_published_either() {
    let error = Collection {
        version: 1,
        body: Body::Floor(Floor::default()),
    }
    .to_bytes()
    .unwrap_err();
    assert!(
        matches!(error, CollectionError::Impossible { .. }),
        "{error}"
    );
}

#[test]
fn etags_are_quoted_version_and_digest() {
    let entry = ManifestEntry::of(12, b"abc");
    assert_eq!(entry.etag(), "\"12-ba7816bf8f01cfea\"");
    assert_eq!(entry.size, 3);
}

fn members(of: &BTreeMap<u32, u8>) -> Vec<Member> {
    let category = |kind: u8| {
        [
            Category::Business,
            Category::JobSeeker,
            Category::WardService,
        ][usize::from(kind % 3)]
    };
    // In reverse, since the order given must not matter.
    of.iter()
        .rev()
        .map(|(number, kind)| member(*number, category(*kind)))
        .collect()
}

proptest! {
    #[test]
    fn a_delta_gives_the_offices_own_bytes(
        old in proptest::collection::btree_map(0..40_u32, 0..3_u8, 0..30),
        new in proptest::collection::btree_map(0..40_u32, 0..3_u8, 0..30),
    ) {
        let full = |version, of| Collection { version, body: Body::Members(members(of)) }.to_bytes().unwrap();
        let changed: BTreeMap<_, _> = new.iter().filter(|(key, kind)| old.get(key) != Some(kind)).map(|(k, v)| (*k, *v)).collect();
        let removed = old.keys().filter(|key| !new.contains_key(key)).map(|key| format!("M{key:03}")).collect();
        let delta = Delta { version: 9, since: 4, changed: Body::Members(members(&changed)), removed };
        let made = apply_delta(CollectionName::Members, &full(4, &old), &delta.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(sha256_hex(&made), sha256_hex(&full(9, &new)));
    }
}

#[test]
fn deltas_follow_what_they_start_from() {
    let full = good(CollectionName::Members);
    let delta = |since| {
        Delta {
            version: 9,
            since,
            changed: Body::Members(Vec::new()),
            removed: Vec::new(),
        }
        .to_bytes()
        .unwrap()
    };
    assert!(apply_delta(CollectionName::Members, full.as_bytes(), &delta(5)).is_ok());
    let error = apply_delta(CollectionName::Members, full.as_bytes(), &delta(4)).unwrap_err();
    assert!(
        matches!(
            error,
            CollectionError::OtherVersion {
                since: 4,
                have: 5,
                ..
            }
        ),
        "{error}"
    );
    assert!(apply_delta(CollectionName::Passes, full.as_bytes(), &delta(5)).is_err());
    assert!(apply_delta(CollectionName::Floor, FLOOR.as_bytes(), &delta(5)).is_err());
    assert!(apply_delta(CollectionName::Members, full.as_bytes(), b"[]").is_err());
}

#[test]
fn passes_are_keyed_by_their_digest() {
    let full = good(CollectionName::Passes);
    let revoked = IssuedPass {
        digest: PassDigest::from_bytes([1; 32]),
        member: "M001".into(),
        revoked: true,
    };
    let removed = vec![PassDigest::from_bytes([2; 32]).to_hex()];
    let delta = Delta {
        version: 6,
        since: 5,
        changed: Body::Passes(vec![revoked.clone()]),
        removed,
    };
    let made = apply_delta(
        CollectionName::Passes,
        full.as_bytes(),
        &delta.to_bytes().unwrap(),
    )
    .unwrap();
    assert_eq!(
        made,
        Collection {
            version: 6,
            body: Body::Passes(vec![revoked])
        }
        .to_bytes()
        .unwrap()
    );
}
