//! Reserved seats: coming early, on time, late; the bridge; places that are gone (rules sections 2 and 3).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Centre, Door};
use domain::event::Event;

fn centre(seats: &[&str]) -> Centre {
    Centre::new()
        .only(seats)
        .members(&["m1", "m2", "m3", "m4", "m5"])
}

#[test]
fn a_bridge_on_the_seat_that_stays() {
    let mut door = Door::open(
        centre(&["E1", "E2"]).seat("r1", "m1", "14:00", "16:00"),
        "10:00",
    );
    assert_eq!(
        door.scan("m1"),
        "early: seat 14:00, doors 13:45; until then E1 to 14:00 own_reservation and on to 16:00; take_seat_until_then"
    );
    assert_eq!(door.choose("m1", 0), "in: E1 to 16:00 own_reservation");
    assert_eq!(
        door.until("14:20").scan("m1"),
        "inside: E1 to 16:00, may stay to 17:00"
    );
    assert_eq!(door.count("reservation.no_show"), 0);
    assert_eq!(
        door.count("seat.assigned"),
        1,
        "nothing had to be done at 14:00"
    );
    door.until("16:00").leave("m1");
    assert_eq!(
        door.until("16:01").scan("m1"),
        "offer: E1 to 18:00 closing",
        "only two of six hours are used: the bridge is free"
    );
}

#[test]
fn a_bridge_on_another_seat_becomes_the_reservation_by_itself() {
    // A1 with its PC is the reserved one, but taken until 13:00.
    let centre = centre(&["E1", "A1"])
        .member_needing("m2", |needs| needs.pc = true)
        .seat_with_pc("r1", "m1", "14:00", "16:00");
    let mut door = Door::open(centre, "11:00");
    assert_eq!(door.walk_in("m2"), "in: A1 to 13:00 grant");
    assert_eq!(
        door.scan("m1"),
        "early: seat 14:00, doors 13:45; until then E1 to 13:55 own_reservation; take_seat_until_then"
    );
    door.choose("m1", 0);
    door.until("13:00").leave("m2");
    assert_eq!(
        door.until("13:50").scan("m1"),
        "inside: E1 to 13:55, no longer: own_reservation, next seat 14:00"
    );
    door.until("13:59:59");
    assert_eq!(door.seat_of("m1"), "E1");
    assert_eq!(door.until("14:00").seat_of("m1"), "A1");
    assert_eq!(
        door.until("14:30").scan("m1"),
        "inside: A1 to 16:00, may stay to 17:00"
    );
    assert_eq!(
        (
            door.count("reservation.no_show"),
            door.count("visit.overdue"),
            door.count("reservation.unplaced")
        ),
        (0, 0, 0)
    );
}

#[test]
fn whoever_need_not_move_at_the_end_of_a_bridge_does_not() {
    let centre = centre(&["E1", "E2"])
        .seat("r1", "m1", "14:00", "16:00")
        .seat("r2", "m2", "12:00", "17:00")
        .seat("r3", "m3", "11:30", "13:00");
    let mut door = Door::open(centre, "10:00");
    assert!(door.walk_in("m1").starts_with("in: E"));
    let seat = door.seat_of("m1");
    door.adopt(|centre| centre.cancel("r3"));
    assert_eq!(door.until("14:01").seat_of("m1"), seat);
    assert_eq!(door.count("reservation.unplaced"), 0);
}

#[test]
fn two_bridges_that_end_together_get_two_seats() {
    let pcs = |centre: Centre| {
        centre
            .member_needing("m3", |needs| needs.pc = true)
            .member_needing("m4", |needs| needs.pc = true)
    };
    let centre = pcs(centre(&["E1", "E2", "A1", "A2"]))
        .seat_with_pc("r1", "m1", "14:00", "16:00")
        .seat_with_pc("r2", "m2", "14:00", "16:00");
    let mut door = Door::open(centre, "11:30");
    for who in ["m3", "m4", "m1", "m2"] {
        door.walk_in(who);
    }
    assert_eq!(
        (door.seat_of("m1").as_str(), door.seat_of("m2").as_str()),
        ("E1", "E2")
    );
    door.leave("m3");
    door.leave("m4");
    door.skip_to("14:00");
    door.due();
    assert_eq!(door.kinds(), ["seat.assigned", "seat.assigned"]);
    assert_eq!(
        (door.seat_of("m1").as_str(), door.seat_of("m2").as_str()),
        ("A1", "A2")
    );
}

#[test]
fn a_bridge_to_a_seat_that_never_became_free() {
    let centre = centre(&["E1", "A1"])
        .member_needing("m2", |needs| needs.pc = true)
        .seat_with_pc("r1", "m1", "14:00", "16:00");
    let mut door = Door::open(centre, "11:00");
    door.walk_in("m2");
    door.walk_in("m1");
    door.until("14:00");
    assert_eq!(
        door.count("reservation.unplaced"),
        1,
        "staff and office know"
    );
    assert_eq!(door.seat_of("m1"), "E1", "and nobody is moved");
    assert_eq!(
        door.until("14:30").count("reservation.unplaced"),
        1,
        "told once"
    );
    assert_eq!(door.count("reservation.no_show"), 0, "m1 is here");
    door.leave("m1");
    assert_eq!(
        door.until("15:00").count("reservation.no_show"),
        0,
        "and was here"
    );
}

#[test]
fn whoever_leaves_a_bridge_may_come_back_for_the_reservation() {
    let mut door = Door::open(
        centre(&["E1", "E2"]).seat("r1", "m1", "14:00", "16:00"),
        "10:00",
    );
    door.walk_in("m1");
    assert_eq!(door.until("12:00").leave("m1"), "left, next seat 14:00");
    assert_eq!(
        door.until("13:50").scan("m1"),
        "in: E1 to 16:00 own_reservation"
    );
    door.leave("m1");
    assert_eq!(
        door.until("13:51").scan("m1"),
        "offer: E1 to 15:51 grant",
        "that was the reservation"
    );
}

#[test]
fn a_cancelled_reservation_ends_the_bridge_as_promised() {
    let mut door = Door::open(
        centre(&["E1", "E2"]).seat("r1", "m1", "14:00", "16:00"),
        "10:00",
    );
    door.scan("m1");
    door.adopt(|centre| centre.cancel("r1"));
    assert_eq!(door.choose("m1", 0), "lapsed; start_again");
    let mut door = Door::open(
        centre(&["E1", "A1"])
            .member_needing("m2", |needs| needs.pc = true)
            .seat_with_pc("r1", "m1", "14:00", "16:00"),
        "11:00",
    );
    door.walk_in("m2");
    door.walk_in("m1");
    door.until("13:00").leave("m2");
    door.adopt(|centre| centre.cancel("r1"));
    door.until("14:00:01");
    assert_eq!(
        (door.seat_of("m1").as_str(), door.count("visit.overdue")),
        ("E1", 1)
    );
}

#[test]
fn late_is_welcome_and_after_fifteen_minutes_the_place_may_be_gone() {
    let mut door = Door::open(centre(&["E1"]).seat("r1", "m1", "14:00", "16:00"), "13:50");
    let mut late = door.clone();
    assert_eq!(
        door.until("14:14:59").scan("m2"),
        "full: free 16:05; take_number",
        "kept until then"
    );
    assert_eq!(door.scan("m1"), "in: E1 to 16:00 own_reservation");
    late.until("14:15");
    assert_eq!(late.kinds(), ["reservation.no_show"]);
    assert!(
        matches!(late.events[0], Event::ReservationNoShow { lapsed_at, inferred: false, .. } if lapsed_at == common::at("14:15"))
    );
    let mut gone = late.clone();
    assert_eq!(
        late.scan("m1"),
        "offer: E1 to 16:15 grant",
        "the welcome is not"
    );
    assert_eq!(gone.walk_in("m2"), "in: E1 to 16:15 grant");
    assert_eq!(
        gone.until("14:30").scan("m1"),
        "full: free 16:20; take_number"
    );
}

#[test]
fn nobody_fails_to_come_who_is_there_or_found_the_doors_closed() {
    let mut door = Door::open(centre(&["E1", "E2"]), "13:00");
    door.walk_in("m1");
    door.adopt(|centre| {
        centre
            .seat("r1", "m1", "14:00", "16:00")
            .seat("r2", "m2", "14:00", "16:00")
    });
    door.adopt(|centre| centre.closed("13:45", "18:00", "台風"));
    door.until("17:00");
    assert_eq!(door.count("reservation.no_show"), 0, "{:?}", door.journal);
    let mut door = Door::open(centre(&["E1", "E2"]), "13:00");
    door.walk_in("m1");
    door.adopt(|centre| centre.seat("r1", "m1", "14:00", "16:00"));
    door.until("14:30").leave("m1");
    door.until("17:00");
    assert_eq!(door.count("reservation.no_show"), 0, "was inside at 14:00");
}

#[test]
fn a_reservation_of_somebody_who_sits_here_already_is_kept_for_no_longer_than_others() {
    let mut door = Door::open(centre(&["E1", "E2"]), "13:00");
    assert_eq!(door.walk_in("m1"), "in: E1 to 15:00 grant");
    door.adopt(|centre| centre.seat("r1", "m1", "14:00", "17:30"));
    assert!(door.until("14:14").scan("m2").starts_with("full"));
    assert_eq!(
        door.until("14:15").scan("m2"),
        "offer: E2 to 16:15 grant",
        "their second seat is free again"
    );
}

#[test]
fn what_lapsed_while_the_kiosk_was_off_is_only_inferred() {
    let mut door = Door::open(centre(&["E1"]).seat("r1", "m1", "14:00", "16:00"), "13:00");
    door.skip_to("15:00");
    door.restart();
    let no_shows: Vec<_> = door
        .journal
        .iter()
        .filter_map(|entry| match entry.event {
            Event::ReservationNoShow {
                lapsed_at,
                inferred,
                ..
            } => Some((lapsed_at, inferred)),
            _ => None,
        })
        .collect();
    assert_eq!(no_shows, [(common::at("14:15"), true)]);
}

#[test]
fn a_reserved_need_is_met_by_another_seat_where_one_serves_it() {
    // The seats with a PC are taken for a programme in the middle of r1.
    let centre = centre(&["A1", "E2"])
        .programme("p", "15:00", "16:00")
        .seat_with_pc("r1", "m1", "12:00", "17:00");
    let mut door = Door::open(centre, "12:00");
    assert_eq!(door.scan("m1"), "offer: A1 to 14:00 grant");
}

#[test]
fn whoever_stays_over_time_moves_the_plan_not_the_person() {
    let centre = centre(&["E1", "E2"])
        .seat("r1", "m1", "12:05", "14:00")
        .later()
        .seat("r2", "m2", "12:05", "12:30");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m3");
    assert_eq!(door.seat_of("m3"), "E1");
    assert_eq!(
        door.until("12:04").placed().len(),
        1,
        "one of two seats is not free yet"
    );
    door.until("12:05");
    assert_eq!(
        door.count("reservation.unplaced"),
        1,
        "the later learned one"
    );
    assert_eq!(door.scan("m1"), "in: E2 to 14:00 own_reservation");
    assert_eq!(door.scan("m2"), "full: free 14:05; come_back");
    assert_eq!(door.count("reservation.unplaced"), 1, "told once");
    door.until("12:10").leave("m3");
    assert_eq!(door.kinds(), ["visit.ended", "reservation.placed"]);
    assert_eq!(
        door.until("12:11").scan("m2"),
        "in: E1 to 12:30 own_reservation"
    );
    assert_eq!(door.until("12:30").count("reservation.no_show"), 0);
}

#[test]
fn somebody_over_time_on_the_planned_seat() {
    let mut door = Door::open(
        centre(&["E1", "E2"]).seat("r1", "m1", "12:05", "14:00"),
        "10:00",
    );
    door.walk_in("m2");
    assert_eq!(
        (door.seat_of("m2").as_str(), door.placed()["r1"].as_str()),
        ("E1", "E1"),
        "the tightest fit"
    );
    assert_eq!(
        door.until("12:05").scan("m1"),
        "in: E2 to 14:00 own_reservation",
        "another seat"
    );
}

#[test]
fn without_any_seat_the_holder_gets_the_best_remaining_offer() {
    // m2 sits on the only PC seat over time; a seat without PC is left.
    let centre = centre(&["E1", "A1"])
        .member_needing("m2", |needs| needs.pc = true)
        .seat_with_pc("r1", "m1", "12:05", "17:00");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m2");
    assert_eq!(door.until("12:06").scan("m1"), "offer: E1 to 14:06 grant");
    assert_eq!(door.choose("m1", 0), "in: E1 to 14:06 grant");
    door.until("12:10").leave("m2");
    assert_eq!(door.until("13:00").seat_of("m1"), "E1", "nobody is moved");
    assert_eq!(door.count("reservation.no_show"), 0, "they came");
    assert_eq!(
        door.scan("m3"),
        "offer: A1 to 15:00 grant",
        "and the other seat is free for all"
    );
}

#[test]
fn of_two_that_exclude_each_other_the_later_learned_gives_way() {
    // The identifiers say the opposite of the order in which they were learned.
    let centre = centre(&["E1"])
        .seat("r9", "m1", "14:00", "16:00")
        .later()
        .seat("r1", "m2", "15:00", "17:00");
    let mut door = Door::open(centre, "10:00");
    assert_eq!(door.placed().keys().collect::<Vec<_>>(), ["r9"]);
    assert_eq!(
        door.count("reservation.unplaced"),
        1,
        "told when the day begins"
    );
    assert_eq!(door.until("15:00").count("reservation.unplaced"), 1);
}

#[test]
fn a_reservation_for_a_place_given_away_is_told_once_and_placed_again() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    let told = |events: Vec<Event>| events.iter().map(common::kind).skip(1).collect::<Vec<_>>();
    assert_eq!(
        told(door.adopt(|centre| centre.later().seat("r1", "m2", "11:00", "13:00"))),
        ["reservation.unplaced"]
    );
    assert!(told(door.adopt(|centre| centre)).is_empty(), "once");
    let arriving = door.until("11:00").scan("m2");
    assert_eq!(
        arriving, "full: free 12:05; come_back",
        "nobody sitting is touched"
    );
    assert_eq!(
        told(door.adopt(|centre| {
            let mut centre = centre;
            centre.reference.floor = Centre::new().only(&["E1", "E2"]).reference.floor;
            centre
        })),
        ["reservation.placed"]
    );
    assert_eq!(
        door.until("11:01").scan("m2"),
        "in: E2 to 13:00 own_reservation"
    );
}

#[test]
fn a_seat_taken_off_the_floor_lives_until_its_visit_ends() {
    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    assert_eq!(door.seat_of("m1"), "E1");
    door.adopt(|centre| centre.only(&["E2"]));
    assert_eq!(
        door.until("10:10").scan("m1"),
        "inside: E1 to 12:00, no longer: reservation"
    );
    assert_eq!(door.scan("m2"), "offer: E2 to 12:10 grant");
    door.leave("m1");
    door.choose("m2", 0);
    assert_eq!(door.scan("m3"), "full: free 12:15; take_number");
}

#[test]
fn the_needs_of_a_member_hold_for_every_reservation() {
    let centre = Centre::new()
        .member_needing("m1", |needs| needs.floor_space = true)
        .seat("r1", "m1", "14:00", "16:00");
    assert_eq!(
        Door::open(centre, "13:50").scan("m1"),
        "in: E7 to 16:00 own_reservation"
    );
}

#[test]
fn a_reserved_seat_is_no_longer_than_the_opening() {
    let centre = centre(&["E1"]).seat("r1", "m1", "16:00", "20:00");
    assert_eq!(
        Door::open(centre, "15:50").scan("m1"),
        "in: E1 to 18:00 closing"
    );
}

#[test]
fn a_new_run_gives_back_what_was_only_offered() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    door.adopt(|centre| centre.later().seat("r1", "m2", "10:30", "12:00"));
    assert_eq!(door.kinds(), ["collection.adopted", "reservation.unplaced"]);
    door.restart();
    assert_eq!(door.count("reservation.placed"), 1);
    assert_eq!(
        door.until("10:20").scan("m2"),
        "in: E1 to 12:00 own_reservation"
    );
}

#[test]
fn people_on_one_seat_are_five_minutes_apart() {
    for (second, placed) in [("15:00", 1), ("15:04", 1), ("15:05", 2)] {
        // The longer one is tried first where the order of time fails.
        let centre = centre(&["E1"]).seat("r1", "m1", "14:00", "15:00");
        let door = Door::open(centre.later().seat("r2", "m2", second, "17:30"), "10:00");
        assert_eq!(door.placed().len(), placed, "{second}");
    }
}

#[test]
fn whoever_was_told_no_comes_back_only_where_nobody_loses_by_it() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    door.adopt(|centre| centre.later().seat("r1", "m2", "11:00", "13:00"));
    door.adopt(|centre| centre.later().seat("r2", "m3", "12:10", "14:00"));
    assert_eq!(door.placed().keys().collect::<Vec<_>>(), ["r2"]);
    door.until("10:30").leave("m1");
    assert_eq!(
        door.placed().keys().collect::<Vec<_>>(),
        ["r2"],
        "though r1 was learned of first"
    );
    door.adopt(|centre| centre.cancel("r2"));
    assert_eq!(door.kinds(), ["collection.adopted", "reservation.placed"]);
}
