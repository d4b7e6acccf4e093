//! The sample centre can be used: everything is valid, every reservation has a place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{store, time};
use domain::code::{Code, parse};
use domain::reference::{Category, Purpose};
use domain::{Reference, Today};
use link::collections::{CollectionName, adopt};
use office::sample::{self, SampleError};
use office::store::{Store, collections};

fn reference(store: &Store) -> Reference {
    let mut reference = Reference::default();
    for name in CollectionName::ALL {
        let published = store
            .read_blocking(|connection| collections::publish(connection, name))
            .unwrap()
            .unwrap();
        adopt(&mut reference, name, &published.bytes).unwrap();
    }
    reference
}

#[test]
fn the_doors_take_it_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let date = time("2026-11-24T00:00:00").date_naive();
    let codes = sample::load(&store, date).unwrap();
    let reference = reference(&store);
    assert_eq!(
        (
            reference.members.len(),
            codes.0.len(),
            reference.floor.seats.len()
        ),
        (60, 60, 28)
    );
    let of = |category| {
        reference
            .members
            .values()
            .filter(|member| member.category == category)
            .count()
    };
    assert_eq!(
        (
            of(Category::Business),
            of(Category::JobSeeker),
            of(Category::WardService)
        ),
        (42, 15, 3)
    );
    for code in &codes.0 {
        let Code::Pass(digest) = parse(code.code.as_bytes()) else {
            panic!("not a pass")
        };
        assert_eq!(
            reference.holder(&digest).unwrap().id.as_str(),
            code.member_no
        );
        let number = (!code.reservation.is_empty()).then(|| code.reservation.parse().unwrap());
        assert!(number.is_none_or(
            |number| reference.numbered(&number).unwrap().member.as_str() == code.member_no
        ));
    }
    let today = reference
        .reservations()
        .filter(|one| one.starts.date_naive() == date)
        .count();
    assert_eq!((today, reference.reservations().count() - today), (16, 10));
    for one in reference.reservations() {
        let Purpose::Programme { programme, .. } = &one.purpose else {
            continue;
        };
        assert_eq!(one.starts, reference.programmes[programme].starts);
    }
    let at_the_clock = time("2026-11-24T11:42:00");
    let plan = domain::plan(&reference, &Today::default(), at_the_clock);
    assert!(plan.unplaced.is_empty(), "{plan:?}");
    // The first day's ten seats, less the one whose time is past.
    assert_eq!(plan.placed.len(), 9, "{plan:?}");
    let taken = |one: &&domain::reference::Programme| {
        one.zone.is_some() && one.takes_zone(&reference.settings).0 <= at_the_clock
    };
    assert_eq!(
        reference
            .programmes_on(date)
            .into_iter()
            .filter(taken)
            .count(),
        0,
        "PC seats are free at 11:42"
    );
}

#[test]
fn it_is_the_same_every_time_and_enters_no_real_database() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (store(&one), store(&other));
    let date = time("2026-11-24T00:00:00").date_naive();
    let codes = sample::load(&first, date).unwrap();
    assert_eq!(sample::load(&second, date).unwrap(), codes);
    let before = reference(&first);
    assert_eq!(sample::load(&first, date).unwrap(), codes);
    assert_eq!(reference(&first), before);
    let file = one.path().join("codes.csv");
    codes.write_csv(&file).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(
        text.starts_with("member_no,category,code,reservation\nM00001,business,K1"),
        "{text}"
    );
    let real = tempfile::tempdir().unwrap();
    let real = store(&real);
    let members = "会員番号,区分\nK-1,企業\n".as_bytes();
    let taken = real.write_blocking(move |writing| {
        office::import::import(
            writing,
            office::import::Kind::Members,
            members,
            Default::default(),
        )
    });
    assert!(taken.unwrap().applied);
    assert!(matches!(
        sample::load(&real, date),
        Err(SampleError::NotEmpty)
    ));
}
