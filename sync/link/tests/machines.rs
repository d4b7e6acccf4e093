//! Both machines against each other, over a line that drops, repeats and reorders, with crashes on either side.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use link::intake::Incident;
use support::world::{Fault, World};

const SEEDS: u64 = 30;
const STEPS: usize = 1000;

#[test]
fn the_office_has_what_the_kiosk_has_in_order() {
    let mut records = 0;
    for seed in 0..SEEDS {
        let mut world = World::new(seed, Fault::None);
        world.forgets = true;
        for _ in 0..STEPS {
            world.step();
        }
        world
            .settle()
            .unwrap_or_else(|stuck| panic!("seed {seed}: {stuck}"));
        world
            .compare()
            .unwrap_or_else(|difference| panic!("seed {seed}: {difference}"));
        assert_eq!(
            world.office.incidents,
            [],
            "seed {seed}: crashes and a bad line are no incident"
        );
        assert_eq!(world.office.quarantined, 0, "seed {seed}");
        records += world.office.order.len();
    }
    assert!(records > 1000, "too little happened: {records}");
}

#[test]
fn an_office_restored_from_a_backup_gets_everything_again() {
    for seed in 0..SEEDS {
        let mut world = World::new(seed, Fault::None);
        for part in 0..6 {
            for _ in 0..STEPS / 6 {
                world.step();
            }
            match part {
                1 => world.office.back_up(),
                3 => world.office.restore(),
                _ => {}
            }
        }
        world
            .settle()
            .unwrap_or_else(|stuck| panic!("seed {seed}: {stuck}"));
        world
            .compare()
            .unwrap_or_else(|difference| panic!("seed {seed}: {difference}"));
    }
}

#[test]
fn a_wiped_office_gets_all_there_is_and_says_what_is_missing() {
    for seed in 0..SEEDS {
        let mut world = World::new(seed, Fault::None);
        for _ in 0..300 {
            world.step();
        }
        world.settle().unwrap();
        let removed = world.kiosk.prune(world.kiosk.journal.len() / 2);
        world.office.wipe();
        world
            .settle()
            .unwrap_or_else(|stuck| panic!("seed {seed}: {stuck}"));
        world
            .compare_after(removed)
            .unwrap_or_else(|difference| panic!("seed {seed}: {difference}"));
        let missing = world
            .office
            .incidents
            .iter()
            .any(|incident| matches!(incident, Incident::RecordsMissing { .. }));
        assert_eq!(missing, removed > 0, "seed {seed}");
    }
}

#[test]
fn a_card_restored_from_a_copy_is_noticed_and_every_row_is_kept() {
    for seed in 0..SEEDS {
        let mut world = World::new(seed, Fault::None);
        for _ in 0..200 {
            world.step();
        }
        let copy = world.kiosk.clone();
        for _ in 0..200 {
            world.step();
        }
        world.write(3);
        world.settle().unwrap();
        let before = world.office.order.clone();
        world.kiosk = copy;
        world.crash_kiosk();
        for _ in 0..200 {
            world.step();
        }
        world
            .settle()
            .unwrap_or_else(|stuck| panic!("seed {seed}: {stuck}"));
        let noticed = |incident: &Incident| {
            matches!(
                incident,
                Incident::TailLost { .. } | Incident::ClonedCard { .. }
            )
        };
        assert!(
            world.office.incidents.iter().any(noticed),
            "seed {seed}: {:?}",
            world.office.incidents
        );
        assert_eq!(
            world.office.order[..before.len()],
            before,
            "seed {seed}: nothing is forgotten"
        );
        world
            .compare_set()
            .unwrap_or_else(|difference| panic!("seed {seed}: {difference}"));
    }
}

#[test]
fn two_cards_with_one_identity_are_noticed() {
    let mut world = World::new(1, Fault::None);
    world.write(5);
    world.settle().unwrap();
    let mut twin = world.kiosk.clone();
    world.crash_kiosk();
    world.write(2);
    world.settle().unwrap();
    std::mem::swap(&mut world.kiosk, &mut twin);
    world.crash_kiosk();
    world.settle().unwrap();
    let cloned = |incident: &Incident| matches!(incident, Incident::ClonedCard { .. });
    assert_eq!(
        world
            .office
            .incidents
            .iter()
            .filter(|incident| cloned(incident))
            .count(),
        1
    );
    world.compare_set().unwrap();
}

#[test]
fn damage_in_the_journal_blocks_nothing() {
    for place in 1..12 {
        let mut world = World::new(place as u64, Fault::None);
        world.write(8);
        world.crash_kiosk();
        world.write(8);
        world.kiosk.journal[place].record.body.push(' ');
        world.settle().unwrap();
        assert_eq!(world.office.quarantined, 1, "place {place}");
        assert_eq!(
            world.office.order.len(),
            world.kiosk.journal.len(),
            "place {place}: every row is kept"
        );
    }
}

/// Negative control: the tests above must be able to fail.
#[test]
fn an_office_that_answers_before_it_stores_is_caught() {
    let caught = (0..SEEDS).filter(|seed| {
        let mut world = World::new(*seed, Fault::AcknowledgesEarly);
        world.forgets = true;
        for _ in 0..STEPS {
            world.step();
        }
        world.settle().is_err() || world.compare().is_err()
    });
    assert!(caught.count() > SEEDS as usize / 2);
}

/// Negative control: a kiosk that takes the broker's word for the office's.
#[test]
fn a_kiosk_that_trusts_the_broker_is_caught() {
    let caught = (0..SEEDS).filter(|seed| {
        let mut world = World::new(*seed, Fault::TrustsTheBroker);
        world.forgets = true;
        for _ in 0..STEPS {
            world.step();
        }
        world.settle().is_err() || world.compare().is_err()
    });
    assert!(caught.count() > SEEDS as usize / 2);
}
