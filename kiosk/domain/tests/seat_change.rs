//! Another seat for somebody who has one (rules section 4): chosen by the visitor from what is shown with its end, and by one event.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Centre, DOOR, Door};
use domain::Verdict;
use domain::verdict::Full;

fn centre(seats: &[&str]) -> Centre {
    Centre::new().only(seats).members(&["m1", "m2", "m3"])
}

/// m1 comes at 10:00 and asks for another seat at half past.
fn asked(centre: Centre) -> Door {
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m1");
    door.until("10:30").other_seats("m1");
    door
}

/// What m1 is offered then.
fn check(centre: Centre, expected: &str) {
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m1");
    door.until("10:30");
    assert_eq!(door.other_seats("m1"), expected);
}

#[test]
fn what_is_offered() {
    check(
        centre(&["E1", "E2", "A1"]),
        "other seats: E2 to 12:00 grant | A1 to 12:00 grant",
    );
    check(
        centre(&["E1", "E5", "E2", "E8", "A1"]),
        "other seats: E1 to 12:00 grant | A1 to 12:00 grant | E8 to 12:00 grant",
    );
    check(
        centre(&["E1", "A1"]).programme("p", "11:30", "12:30"),
        "other seats: A1 to 11:00 programme",
    );
    // A reservation keeps its place whether the visitor moves or stays.
    check(
        centre(&["E1", "E2"]).seat("r1", "m2", "11:00", "13:00"),
        "no other seat; see_staff",
    );
    check(
        centre(&["E1", "E2"]).seat("r1", "m2", "11:05", "13:00"),
        "other seats: E1 to 11:00 reservation",
    );
    check(centre(&["E1"]), "no other seat; see_staff");
    check(
        Centre::new()
            .only(&["E1", "E6", "E7"])
            .member_needing("m1", |needs| needs.step_free = true),
        "other seats: E7 to 12:00 grant",
    );
}

#[test]
fn the_seat_before_is_free_at_once() {
    let mut door = asked(centre(&["E1", "E2"]));
    assert!(
        door.scan_at("desk", "m2").starts_with("full"),
        "both are m1's while they decide"
    );
    assert_eq!(door.choose("m1", 0), "moved: E2 to 12:00 grant");
    assert_eq!(door.kinds(), ["seat.changed", "offer.ended"]);
    assert_eq!(door.until("10:31").walk_in("m2"), "in: E1 to 12:31 grant");
    assert_eq!(door.seat_of("m1"), "E2");
    let again = door.replayed();
    assert_eq!(again.visits, door.today.visits);
}

#[test]
fn a_shorter_stay_is_the_visitors_choice() {
    let mut door = asked(centre(&["E1", "A1"]).programme("p", "11:30", "12:30"));
    assert_eq!(door.choose("m1", 0), "moved: A1 to 11:00 programme");
    assert!(
        door.until("10:31").walk_in("m2").starts_with("in: E1"),
        "given up is given up"
    );
}

#[test]
fn where_the_seat_set_the_end_another_may_be_had_for_longer() {
    let mut door = Door::open(
        centre(&["E1", "A1"]).programme("p", "11:30", "12:30"),
        "10:00",
    );
    door.walk_in("m2");
    assert_eq!(door.walk_in("m1"), "in: A1 to 11:00 programme");
    door.until("10:20").leave("m2");
    door.until("10:30");
    let answer = door.other_seats("m1");
    assert_eq!(answer, "other seats: E1 to 12:00 grant");
    assert_eq!(door.choose("m1", 0), "moved: E1 to 12:00 grant");
}

#[test]
fn a_reservation_goes_along() {
    let mut door = Door::open(
        centre(&["E1", "E2"]).seat("r1", "m1", "10:00", "13:00"),
        "10:00",
    );
    assert_eq!(door.scan("m1"), "in: E1 to 13:00 own_reservation");
    door.until("10:30").other_seats("m1");
    let answer = door.choose("m1", 0);
    assert_eq!(answer, "moved: E2 to 13:00 own_reservation");
    assert!(door.today.is_used(&"r1".into()));
    door.until("11:00");
    assert_eq!(door.count("reservation.no_show"), 0);
}

#[test]
fn changing_nothing_after_all() {
    let mut door = asked(centre(&["E1", "E2"]));
    let offer = door.offer_to("m1").unwrap();
    door.decline(&offer);
    assert_eq!(door.seat_of("m1"), "E1");
    assert!(door.walk_in("m2").starts_with("in: E2"));

    let mut door = asked(centre(&["E1", "E2"]));
    let offer = door.offer_to("m1").unwrap();
    assert_eq!(door.hold(&offer), "other seats: E2 to 12:00 grant");
    door.until("10:32");
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert_eq!(door.seat_of("m1"), "E1");
}

#[test]
fn something_else_became_of_the_stay() {
    let offered = || {
        let door = asked(centre(&["E1", "E2"]));
        let offer = door.offer_to("m1").unwrap();
        (door, offer)
    };
    let (mut door, offer) = offered();
    door.extend("m1");
    assert_eq!(door.kinds(), ["visit.extended", "offer.ended"]);
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert!(door.until("10:31").scan("m1").contains("E1 to 13:00"));

    let (mut door, offer) = offered();
    door.leave("m1");
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert!(door.until("10:31").walk_in("m2").starts_with("in: E1"));

    let (mut door, offer) = offered();
    door.step_out("m1");
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert_eq!(door.other_seats("m1"), "lapsed; start_again", "not here");
}

#[test]
fn the_same_pass_asks_at_two_screens() {
    let mut door = asked(centre(&["E1", "E2", "E3"]));
    let first = door.offer_to("m1").unwrap();
    door.other_seats_at("desk", "m1");
    let second = door.offer_to("m1").unwrap();
    assert_eq!(door.today.offers.len(), 1, "the later question counts");
    assert_eq!(door.choose_from(&first, 0), "lapsed; start_again");
    assert!(door.choose_from(&second, 0).starts_with("moved: "));
    assert_eq!(door.choose_from(&second, 1), "lapsed; start_again");
}

#[test]
fn those_who_wait_come_first() {
    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    door.walk_in("m2");
    door.scan("m3");
    let Some(Verdict::Full(Full {
        ticket: Some(ticket),
        ..
    })) = door.answer.clone()
    else {
        panic!("{:?}", door.answer)
    };
    door.take_number(DOOR, &ticket);
    door.until("10:30").leave("m2");
    assert_eq!(door.other_seats("m1"), "no other seat; see_staff");
    assert!(door.scan("m3").starts_with("in: E2"));
}

#[test]
fn whoever_moves_makes_room_for_those_who_wait() {
    let needs_power = |needs: &mut domain::floor::Features| needs.power = true;
    let centre = Centre::new()
        .only(&["E1", "E5"])
        .member("m1")
        .member_needing("m2", needs_power)
        .member("m3");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m3");
    assert!(door.walk_in("m1").starts_with("in: E1"));
    door.scan("m2");
    let Some(Verdict::Full(Full {
        ticket: Some(ticket),
        ..
    })) = door.answer.clone()
    else {
        panic!("{:?}", door.answer)
    };
    door.take_number(DOOR, &ticket);
    door.until("10:30").leave("m3");
    assert_eq!(door.other_seats("m1"), "other seats: E5 to 12:00 grant");
    door.choose("m1", 0);
    assert_eq!(
        door.kinds(),
        ["seat.changed", "offer.ended", "queue.called"],
        "the seat is theirs at once"
    );
    assert!(door.until("10:31").scan("m2").starts_with("in: E1"));
}

#[test]
fn closing_during_a_change() {
    let centre = centre(&["E1", "E2"]).settings(|settings| settings.offer_hold_s = 300);
    let mut door = Door::open(centre, "17:00");
    door.walk_in("m1");
    door.until("17:58");
    assert_eq!(door.other_seats("m1"), "other seats: E2 to 18:00 closing");
    let offer = door.offer_to("m1").unwrap();
    door.until("18:00:01");
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert_eq!(door.today.inside().count(), 0);
    assert_eq!(door.other_seats("m1"), "lapsed; start_again");
}

#[test]
fn the_office_takes_seats_away_meanwhile() {
    let mut door = asked(centre(&["E1", "E2"]));
    let offer = door.offer_to("m1").unwrap();
    door.adopt(|centre| centre.only(&["E1"]));
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert_eq!(door.seat_of("m1"), "E1");

    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    door.until("10:30").adopt(|centre| centre.only(&["E2"]));
    assert_eq!(door.seat_of("m1"), "E1", "nobody sitting is touched");
    assert_eq!(door.other_seats("m1"), "other seats: E2 to 12:00 grant");
    assert_eq!(door.choose("m1", 0), "moved: E2 to 12:00 grant");
}

#[test]
fn a_stale_answer_is_not_given_again() {
    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    door.until("10:30");
    assert!(door.scan("m1").starts_with("inside: E1"));
    door.other_seats("m1");
    door.choose("m1", 0);
    assert!(door.scan("m1").starts_with("inside: E2"), "within seconds");
}
