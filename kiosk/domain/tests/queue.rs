//! Waiting for a seat: order, needs, calls and lapses (rules section 5).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{DOOR, Door, ends, full_house, one_seat, waiting_centre};
use domain::event::{Event, QueueEnd};
use domain::verdict::Full;
use domain::{Command, Verdict};

#[test]
fn a_full_house_says_how_long_it_takes_and_gives_a_number() {
    let mut door = one_seat("10:00");
    assert_eq!(
        door.until("10:30").scan("m2"),
        "full: free 12:05; take_number"
    );
    assert_eq!(
        door.pass(TimeDelta::seconds(6)).join("m2"),
        "joined: no. 1, 0 ahead, 90-95 min; wait_for_call"
    );
    assert_eq!(
        door.until("10:31").scan("m3"),
        "full: free 14:10, 1 waiting; take_number"
    );
    assert_eq!(
        door.pass(TimeDelta::seconds(6)).join("m3"),
        "joined: no. 2, 1 ahead, 215-220 min; wait_for_call",
        "behind the whole stay of whoever comes first"
    );
    assert_eq!(
        door.until("11:00").scan("m3"),
        "waiting: no. 2, 1 ahead, 185-190 min; wait_for_call"
    );
    assert_eq!(door.queue(), "m2, m3");
}

#[test]
fn the_estimate_begins_with_the_stays_that_were_measured() {
    let mut door = Door::open(waiting_centre(&["E1", "E2"]), "09:30");
    for (member, leaves) in [("m1", "10:00"), ("m2", "10:30")] {
        door.walk_in(member);
        door.until(leaves).leave(member);
    }
    door.walk_in("m3");
    door.until("10:40").walk_in("m6");
    let mut too_few = door.clone();
    assert_eq!(
        too_few.join("m5"),
        "joined: no. 1, 0 ahead, 110-115 min; wait_for_call",
        "two measured stays say nothing"
    );
    door.until("11:00").leave("m3");
    door.walk_in("m4");
    assert_eq!(
        door.join("m5"),
        "joined: no. 1, 0 ahead, 15-105 min; wait_for_call",
        "a quarter of the stays lasted half an hour of two, and m6 has been here for 20 minutes"
    );
}

#[test]
fn whoever_is_called_comes_in_by_one_scan() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.join("m3");
    door.until("11:00").leave("m1");
    assert_eq!(door.queue(), "m2 to E1, m3");
    assert_eq!(door.count("queue.called"), 1);
    assert_eq!(
        door.until("11:04").scan("m2"),
        "in: E1 to 13:04 grant",
        "the stay begins when they come"
    );
    assert_eq!(
        (door.queue(), ends(&door)),
        ("m3".to_owned(), vec![QueueEnd::CameIn])
    );
}

#[test]
fn what_was_waited_is_recorded() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.until("11:00").leave("m1");
    let waited = door.events.iter().find_map(|event| match event {
        Event::QueueCalled { waited_s, .. } => *waited_s,
        _ => None,
    });
    assert_eq!(waited, Some(3600));
}

#[test]
fn nobody_without_a_reservation_overtakes() {
    let mut door = full_house(waiting_centre(&["E1", "E2"]), "10:00");
    door.join("m3");
    door.join("m4");
    door.until("10:30").leave("m1");
    assert_eq!(door.scan("m5"), "full: free 12:40, 1 waiting; take_number");
    door.until("10:31").leave("m2");
    assert_eq!(door.queue(), "m3 to E1, m4 to E2");
    door.scan("m3");
    door.scan("m4");
    door.until("10:40").leave("m3");
    assert_eq!(
        door.until("10:41").scan("m5"),
        "offer: E1 to 12:41 grant",
        "nobody waits any more"
    );
}

#[test]
fn the_first_whose_needs_fit_is_called() {
    let mut door = full_house(waiting_centre(&["E1", "E6"]), "10:00");
    door.join("m7");
    door.join("m3");
    door.until("10:30").leave("m1");
    assert_eq!(door.queue(), "m7, m3 to E1", "E1 has a step before it");
    door.scan("m3");
    assert_eq!(
        door.until("10:40").scan("m4"),
        "full: free 12:35, 1 waiting; take_number",
        "behind the one who waits for the other seat only where both could use it"
    );
    door.until("10:45").leave("m2");
    assert_eq!(door.queue(), "m7 to E6");
}

#[test]
fn a_seat_that_serves_nobody_who_waits_is_offered() {
    let mut door = full_house(waiting_centre(&["E1", "E6"]), "10:00");
    door.join("m7");
    door.until("10:30").leave("m1");
    assert_eq!(door.queue(), "m7");
    assert_eq!(door.scan("m4"), "offer: E1 to 12:30 grant");
}

#[test]
fn called_twice_then_one_place_back_then_out() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.join("m3");
    door.until("11:00").leave("m1");
    for (time, queue) in [
        ("11:02", "m2 to E1, m3"),
        ("11:02:30", "m2 to E1 again, m3"),
        ("11:04:59", "m2 to E1 again, m3"),
        ("11:05", "m3 to E1, m2"),
        ("11:07:30", "m3 to E1 again, m2"),
    ] {
        assert_eq!(door.until(time).queue(), queue, "at {time}");
    }
    assert_eq!(
        door.scan("m2"),
        "waiting: no. 1, 0 ahead, 125-130 min; wait_for_call",
        "behind m3, who holds the seat"
    );
    assert_eq!(door.until("11:10").queue(), "m2 to E1, m3");
    assert_eq!(
        door.until("11:15").queue(),
        "m3 to E1",
        "the second time ends it"
    );
    assert_eq!(door.until("11:20").queue(), "");
    assert_eq!(ends(&door), [QueueEnd::Lapsed, QueueEnd::Lapsed]);
    assert_eq!(
        door.scan("m2"),
        "offer: E1 to 13:20 grant",
        "and blocks nobody"
    );
}

#[test]
fn the_lock_is_a_setting() {
    let mut door = full_house(
        waiting_centre(&["E1"]).settings(|settings| settings.call_lock_min = 2),
        "10:00",
    );
    door.join("m2");
    door.until("11:00").leave("m1");
    assert_eq!(door.until("11:01").queue(), "m2 to E1 again");
    door.until("11:02");
    assert_eq!(door.count("queue.lapsed"), 1);
}

#[test]
fn giving_up_frees_the_seat_for_the_next() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.join("m3");
    door.until("11:00").leave("m1");
    assert_eq!(door.give_up("m2"), "given up: no. 1; reserve_another_time");
    assert_eq!(door.queue(), "m3 to E1");
    door.give_up("m3");
    assert_eq!(door.queue(), "");
    assert_eq!(&door.until("11:01").scan("m4")[..5], "offer");
}

#[test]
fn a_ticket_that_is_over_is_answered_kindly() {
    let mut door = one_seat("10:00");
    door.join("m2");
    let ticket = door.ticket_of("m2").unwrap().id.clone();
    door.give_up("m2");
    let give_up = Command::GiveUp {
        ticket: ticket.clone(),
    };
    assert_eq!(door.tell(&give_up), "lapsed; start_again");
    assert_eq!(door.take_number(DOOR, &ticket), "lapsed; start_again");
}

#[test]
fn a_seat_that_became_free_meanwhile_is_offered_at_once() {
    let mut door = one_seat("10:00");
    door.scan("m2");
    let Some(Verdict::Full(Full { ticket, .. })) = door.answer.clone() else {
        panic!("{:?}", door.answer)
    };
    door.leave("m1");
    assert_eq!(
        door.take_number(DOOR, &ticket.unwrap()),
        "offer: E1 to 12:00 grant"
    );
    assert_eq!(door.count("queue.joined"), 0);
}

#[test]
fn one_pass_at_two_screens_has_one_number() {
    let mut door = one_seat("10:00");
    let invited = |door: &mut Door, station: &str| {
        door.scan_at(station, "m2");
        match door.answer.clone() {
            Some(Verdict::Full(full)) => full.ticket.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let (here, there) = (invited(&mut door, DOOR), invited(&mut door, "desk"));
    let first = door.take_number(DOOR, &here);
    assert_eq!(first, "joined: no. 1, 0 ahead, 120-125 min; wait_for_call");
    assert_eq!(door.take_number("desk", &there), first);
    assert_eq!(
        (door.count("queue.joined"), door.queue()),
        (1, "m2".to_owned())
    );
    door.until("11:00").leave("m1");
    door.scan_at("desk", "m2");
    assert_eq!(&door.scan_at(DOOR, "m2")[..6], "inside");
}

#[test]
fn the_next_visitor_at_the_station_cannot_take_the_number_of_the_one_before() {
    let mut door = one_seat("10:00");
    door.scan("m2");
    let Some(Verdict::Full(Full { ticket, .. })) = door.answer.clone() else {
        panic!("{:?}", door.answer)
    };
    door.scan("m3");
    assert_eq!(
        door.take_number(DOOR, &ticket.unwrap()),
        "lapsed; start_again"
    );
}

#[test]
fn no_stay_is_made_longer_while_somebody_waits_for_such_a_seat() {
    let mut door = full_house(waiting_centre(&["E1", "E6"]), "10:00");
    door.join("m7");
    door.until("11:30");
    assert_eq!(
        door.extend("m1"),
        "extended: E1 to 13:00 grant",
        "E1 is of no use to m7"
    );
    assert_eq!(door.extend("m2"), "not extended: 12:00 queue; see_staff");
    assert_eq!(door.scan("m2"), "inside: E6 to 12:00, no longer: queue");
    door.give_up("m7");
    assert_eq!(door.extend("m2"), "extended: E6 to 13:00 grant");
}
