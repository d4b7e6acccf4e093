//! Reservation numbers typed by people without their QR, and by people who guess (rules section 2).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, number};
use domain::code::{ReservationNumber, parse};

fn centre() -> Centre {
    Centre::new().members(&["m1", "m2", "m3"])
}

#[test]
fn a_typed_reservation_number_is_as_good_as_the_pass() {
    let mut door = Door::open(
        centre().only(&["E1"]).seat("r1", "m1", "10:00", "12:00"),
        "09:50",
    );
    assert_eq!(
        door.type_number(number("r1")),
        "in: E1 to 12:00 own_reservation"
    );
}

#[test]
fn five_wrong_numbers_lock_typing_and_call_staff() {
    let mut door = Door::open(centre().seat("r1", "m1", "10:00", "12:00"), "09:50");
    let wrong = |door: &mut Door, nth: u32| {
        door.pass(TimeDelta::seconds(6))
            .type_number(ReservationNumber::from_serial(1000 + nth))
    };
    for nth in 1..=3 {
        assert_eq!(
            wrong(&mut door, nth),
            "not recognised; check_number",
            "error {nth}"
        );
    }
    assert_eq!(
        door.mistype("123456789"),
        "not recognised; check_number",
        "a wrong check digit"
    );
    assert_eq!(door.count("staff.called"), 0);
    assert_eq!(wrong(&mut door, 5), "too many errors; see_staff");
    assert_eq!(door.count("staff.called"), 1);
    assert_eq!(
        door.pass(TimeDelta::seconds(6)).type_number(number("r1")),
        "too many errors; see_staff",
        "even the right one"
    );
    assert_eq!(
        door.scan_code("desk", parse(b"000000000"), true),
        "not recognised; check_number",
        "not at the desk"
    );
    assert_eq!(
        &door.pass(TimeDelta::minutes(4)).type_number(number("r1"))[..8],
        "too many"
    );
    assert_eq!(
        &door.pass(TimeDelta::minutes(1)).type_number(number("r1"))[..2],
        "in",
        "five minutes after the last error"
    );
}

#[test]
fn after_the_lock_the_next_error_locks_at_once() {
    let mut door = Door::open(centre().seat("r1", "m2", "10:00", "12:00"), "09:50");
    let wrong = |door: &mut Door, nth: u32| {
        door.pass(TimeDelta::seconds(6))
            .type_number(ReservationNumber::from_serial(1000 + nth))
    };
    (1..=5).for_each(|nth| drop(wrong(&mut door, nth)));
    door.pass(TimeDelta::minutes(6));
    assert_eq!(wrong(&mut door, 6), "too many errors; see_staff");
    assert_eq!(door.count("staff.called"), 2);
    assert_eq!(
        &door.scan("m1")[..5],
        "offer",
        "a pass is read all the same"
    );
    assert_eq!(
        wrong(&mut door, 7),
        "too many errors; see_staff",
        "and says nothing of numbers"
    );
    let right = door.pass(TimeDelta::minutes(6)).type_number(number("r1"));
    assert_eq!(&right[..2], "in");
    assert_eq!(
        wrong(&mut door, 8),
        "not recognised; check_number",
        "a right one begins the count anew"
    );
}

#[test]
fn trying_numbers_out_between_scans_of_ones_own_pass_calls_staff() {
    let mut door = Door::open(centre().seat("r1", "m2", "10:00", "12:00"), "09:50");
    for nth in 1..=5 {
        door.pass(TimeDelta::seconds(6)).scan("m1");
        door.pass(TimeDelta::seconds(6))
            .type_number(ReservationNumber::from_serial(1000 + nth));
    }
    assert_eq!(door.count("staff.called"), 1);
}

#[test]
fn numbers_that_are_good_for_nothing_any_more_are_unknown() {
    let centre = || {
        centre()
            .seat("r1", "m1", "11-23 10:00", "11-23 12:00")
            .seat("r2", "m2", "11-25 10:00", "11-25 12:00")
            .seat("r3", "m1", "14:00", "15:00")
            .cancel("r3")
    };
    for (reservation, expected) in [
        ("r1", "not recognised; check_number"),
        ("r3", "not recognised; check_number"),
        ("r2", "offer: E5 to 12:00 grant | A1 to 12:00 grant"),
    ] {
        let mut door = Door::open(centre(), "10:00");
        let said = door.type_number(number(reservation));
        assert_eq!(said, expected, "{reservation}");
    }
}

#[test]
fn the_lock_outlasts_a_restart_by_no_more_than_itself() {
    let mut door = Door::open(centre(), "09:50");
    for nth in 1..=5 {
        door.pass(TimeDelta::seconds(6))
            .type_number(ReservationNumber::from_serial(1000 + nth));
    }
    door.restart();
    let typed = ReservationNumber::from_serial(2000);
    assert_eq!(door.type_number(typed), "too many errors; see_staff");
    assert_eq!(
        door.count("staff.called"),
        1,
        "still locked, not locked again"
    );
    door.pass(TimeDelta::minutes(5)).type_number(typed);
    assert_eq!(door.count("staff.called"), 2, "an error again");
}
