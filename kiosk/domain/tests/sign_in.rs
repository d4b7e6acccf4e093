//! Signing in as staff: wrong PINs lock, and nothing but time unlocks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door};
use domain::Command;
use domain::code::Badge;
use domain::staff::{Role, SignOut, StaffAction};

const ANNA: &str = "anna";
const BEN: &str = "ben";

/// A centre with a receptionist and an adviser.
fn centre() -> Centre {
    Centre::new()
        .staff(ANNA, Role::Receptionist)
        .staff(BEN, Role::Adviser)
}

#[test]
fn a_badge_at_a_station_asks_for_the_pin_of_whoever_works_here() {
    let (annas, bens) = (Badge::from_bits([1; 16]), Badge::from_bits([2; 16]));
    let mut centre = centre();
    for (id, badge) in [(ANNA, &annas), (BEN, &bens)] {
        let one = centre.reference.staff.get_mut(&id.into()).unwrap();
        one.badge = Some(badge.digest());
        one.active = id == ANNA;
    }
    let mut door = Door::open(centre, "09:00");
    for (badge, says, kinds) in [
        (annas, "PIN; enter_pin", &[][..]),
        (bens, "not recognised; see_staff", &["scan.refused"]),
        (
            Badge::from_bits([3; 16]),
            "not recognised; see_staff",
            &["scan.refused"],
        ),
    ] {
        assert_eq!(door.read(badge.as_str().as_bytes()), says);
        assert_eq!(door.kinds(), kinds, "{says}");
    }
}

#[test]
fn the_right_pin_signs_in_and_nothing_else_does() {
    let mut door = Door::open(centre(), "10:00");
    assert_eq!(
        door.sign_in(Some(ANNA), true),
        "signed in: anna, receptionist"
    );
    assert_eq!(door.kinds(), ["staff.signed_in"]);
    for (who, pin_is_right, reason) in [
        (Some(ANNA), false, "wrong_pin"),
        (Some("nobody"), true, "unknown"),
        (None, false, "unknown"),
    ] {
        assert_eq!(door.sign_in(who, pin_is_right), "not signed in; try_again");
        assert_eq!(door.kinds(), ["staff.sign_in_refused"]);
        let refused = serde_json::to_value(&door.events[0]).unwrap();
        assert_eq!(refused["reason"], reason);
    }
    door.adopt(|mut centre| {
        let anna = centre.reference.staff.get_mut(&ANNA.into()).unwrap();
        anna.active = false;
        centre
    });
    assert_eq!(door.sign_in(Some(ANNA), true), "not signed in; try_again");
    assert_eq!(
        door.staff(ANNA, StaffAction::Reopen),
        "not done: not_yours; ask_reception"
    );
}

#[test]
fn five_wrong_pins_lock_that_person_for_five_minutes() {
    let mut door = Door::open(centre(), "10:00");
    let wrong = |door: &mut Door| door.sign_in(Some(ANNA), false);
    for _ in 0..4 {
        assert_eq!(wrong(&mut door), "not signed in; try_again");
    }
    assert_eq!(wrong(&mut door), "not signed in; wait");
    assert_eq!(
        door.sign_in(Some(ANNA), true),
        "not signed in; wait",
        "the right PIN too"
    );
    assert!(door.kinds().is_empty(), "a lock does not grow");
    assert_eq!(
        door.sign_in(Some(BEN), true),
        "signed in: ben, adviser",
        "nobody else is locked"
    );
    door.skip(TimeDelta::seconds(299));
    assert_eq!(door.sign_in(Some(ANNA), true), "not signed in; wait");
    door.skip(TimeDelta::seconds(1));
    assert_eq!(
        wrong(&mut door),
        "not signed in; wait",
        "locked again at once"
    );
    door.skip(TimeDelta::minutes(5));
    assert_eq!(
        door.sign_in(Some(ANNA), true),
        "signed in: anna, receptionist"
    );
    assert_eq!(wrong(&mut door), "not signed in; try_again", "counted anew");
}

#[test]
fn neither_a_restart_nor_midnight_unlocks_anybody() {
    let mut door = Door::open(centre(), "10:00");
    (0..5).for_each(|_| drop(door.sign_in(Some(ANNA), false)));
    door.skip(TimeDelta::minutes(4));
    door.restart();
    assert_eq!(door.sign_in(Some(ANNA), true), "not signed in; wait");
    door.pass(TimeDelta::minutes(4));
    assert_eq!(
        door.sign_in(Some(ANNA), true),
        "not signed in; wait",
        "the lock began anew"
    );
    door.pass(TimeDelta::minutes(1));
    assert_eq!(
        door.sign_in(Some(ANNA), true),
        "signed in: anna, receptionist"
    );

    door.until("23:58");
    (0..5).for_each(|_| drop(door.sign_in(Some(ANNA), false)));
    door.until("11-25 00:01");
    assert_eq!(door.count("day.opened"), 2);
    assert_eq!(door.sign_in(Some(ANNA), true), "not signed in; wait");
    assert_eq!(door.replayed().staff, door.today.staff);
}

#[test]
fn signing_out_is_a_fact() {
    let mut door = Door::open(centre(), "10:00");
    door.tell(&Command::SignOut {
        station: "staff".into(),
        staff: ANNA.into(),
        reason: SignOut::Idle,
    });
    assert_eq!(door.kinds(), ["staff.signed_out"]);
}
