//! Everyone else at the door: guests, who came along, who steps out, and what was reserved for the wrong people (rules sections 1, 2, 4).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, at};
use domain::event::{CallReason, EndedBy, Event, GuestPurpose};
use domain::reference::{Audience, Category, DateTime, Purpose};
use domain::today::Guest;

fn centre(seats: &[&str]) -> Centre {
    Centre::new().only(seats).members(&["m1", "m2", "m3"])
}

/// How guests ended, in order.
fn guests_gone(door: &Door) -> Vec<(EndedBy, DateTime)> {
    let ends = door.journal.iter().filter_map(|entry| match &entry.event {
        Event::GuestLeft {
            ended_by, left_at, ..
        } => Some((*ended_by, *left_at)),
        _ => None,
    });
    ends.collect()
}

fn only_guest(door: &Door) -> Guest {
    assert_eq!(door.today.guests.len(), 1);
    door.today.guests.values().next().unwrap().clone()
}

#[test]
fn a_guest_is_in_by_one_touch_and_staff_are_called() {
    for purpose in [
        GuestPurpose::Tour,
        GuestPurpose::Delivery,
        GuestPurpose::Enquiry,
    ] {
        let mut door = Door::open(centre(&["E1"]), "10:00");
        let answer = door.receive(purpose);
        assert!(answer.ends_with("; see_staff"), "{answer}");
        assert_eq!(door.kinds(), ["guest.arrived", "staff.called"]);
        assert!(door.events.iter().any(|event| matches!(
            event,
            Event::StaffCalled {
                reason: CallReason::Guest,
                ..
            }
        )));
        assert_eq!(door.people(), (0, 0, 1, 0));
        assert_eq!(door.today.visits.len(), 0, "no visit, in no figure");
        assert!(door.scan("m1").starts_with("offer"), "and on no seat");
    }
}

#[test]
fn one_guest_who_presses_twice_is_one_guest() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    let answer = door.receive(GuestPurpose::Tour);
    door.pass(TimeDelta::seconds(4));
    assert_eq!(door.receive(GuestPurpose::Tour), answer);
    assert_eq!(door.kinds(), [""; 0]);
    door.receive_at("desk", GuestPurpose::Tour);
    door.receive(GuestPurpose::Delivery);
    assert_eq!(door.people().2, 3, "elsewhere, or for something else");
    door.pass(TimeDelta::seconds(1));
    door.receive(GuestPurpose::Tour);
    assert_eq!(door.people().2, 4, "and the next one");
}

#[test]
fn guests_are_inside_until_something_ends_it() {
    let ends = |comes: &str, purpose, by, at_time: &str| {
        let centre = centre(&["E1"]).programme("p", "18:30", "20:00");
        let mut door = Door::open(centre, comes);
        door.receive(purpose);
        door.until(at_time);
        assert_eq!(guests_gone(&door), [(by, at(at_time))], "from {comes}");
        assert_eq!(door.people().2, 0);
    };
    ends("10:00", GuestPurpose::Tour, EndedBy::Closing, "18:00");
    ends("09:10", GuestPurpose::Enquiry, EndedBy::Closing, "18:00");
    ends("18:20", GuestPurpose::Enquiry, EndedBy::Closing, "20:00");
    ends("10:00", GuestPurpose::Delivery, EndedBy::Expired, "10:15");
    ends("17:50", GuestPurpose::Delivery, EndedBy::Closing, "18:00");

    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.receive(GuestPurpose::Tour);
    door.until("10:01");
    let guest = only_guest(&door);
    door.restart();
    assert_eq!(only_guest(&door), guest, "a restart forgets nobody");
    door.guest_leaves(&guest.id);
    assert_eq!(guests_gone(&door), [(EndedBy::Visitor, at("10:01"))]);
    door.guest_leaves(&guest.id);
    assert_eq!(door.kinds(), [""; 0], "gone already");
}

#[test]
fn nobody_is_counted_where_nobody_receives() {
    let closed = |time: &str, expected: &str| {
        let mut door = Door::open(centre(&["E1"]).closed("12:00", "13:00", "点検"), time);
        assert_eq!(door.receive(GuestPurpose::Delivery), expected, "{time}");
        assert_eq!(door.people().2, 0);
    };
    closed(
        "08:59",
        "closed: not yet open, opens 11-24 09:30; come_back",
    );
    closed("12:30", "closed: break, opens 11-24 13:00; come_back");
    closed("18:01", "closed: ended, opens 11-25 09:30; come_back");
}

#[test]
fn a_clock_nobody_vouches_for_sends_no_guest_away() {
    let mut door = Door::open_untrusted(centre(&["E1"]), "2026-01-01 03:00");
    assert_eq!(door.receive(GuestPurpose::Tour), "guest: tour; see_staff");
    door.trust("11:00");
    assert_eq!(door.people().2, 1, "here now, whatever the clock said");
    door.until("18:00");
    assert_eq!(guests_gone(&door), [(EndedBy::Closing, at("18:00"))]);
}

#[test]
fn companions_are_a_number() {
    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    assert_eq!(door.accompany("m1", 2), "with 2 of 2");
    assert_eq!(door.kinds(), ["visit.accompanied"]);
    assert_eq!(door.people(), (1, 2, 0, 0));
    assert_eq!(door.accompany("m1", 2), "with 2 of 2");
    assert_eq!(door.kinds(), [""; 0]);
    assert_eq!(door.accompany("m1", 3), "with 2 of 2; see_staff");
    assert_eq!(door.kinds(), [""; 0]);
    assert!(door.walk_in("m2").starts_with("in: E2"), "and no seat");
    assert_eq!(door.accompany("m1", 1), "with 1 of 2");
    door.restart();
    assert_eq!(door.people(), (2, 1, 0, 0));
    door.leave("m1");
    assert_eq!(door.people(), (1, 0, 0, 0), "they go together");
    assert_eq!(door.accompany("m1", 1), "lapsed; start_again");
}

#[test]
fn whoever_steps_out_keeps_the_seat_and_the_time() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    door.accompany("m1", 1);
    door.until("10:30");
    assert_eq!(door.step_out("m1"), "out to 11:00");
    assert_eq!(door.kinds(), ["visit.stepped_out"]);
    assert_eq!(door.people(), (0, 1, 0, 1), "who came along may be there");
    assert!(door.scan("m2").starts_with("full"));
    door.restart();
    door.until("10:50");
    assert_eq!(door.scan("m1"), "welcome back: E1 to 12:00 grant");
    assert_eq!(door.kinds(), ["visit.came_back"]);
    assert_eq!(door.people(), (1, 1, 0, 0));
    door.until("10:51");
    assert!(door.scan("m1").starts_with("inside"));
    door.until("11:50");
    assert_eq!(
        door.step_out("m1"),
        "out to 12:00",
        "no longer than the stay"
    );
}

#[test]
fn whoever_comes_back_for_a_programme_is_moved_on_to_it_at_once() {
    let centre = centre(&["E1"]).programme("p", "11:00", "12:00");
    let mut door = Door::open(centre.place_in("r1", "m1", "p"), "10:00");
    door.scan("m1");
    door.choose("m1", 0);
    door.until("10:30");
    door.step_out("m1");
    door.until("10:50");
    assert!(door.scan("m1").starts_with("in: "), "{:?}", door.events);
    assert_eq!(door.kinds(), ["visit.came_back", "attendance.started"]);
    assert_eq!(door.people(), (1, 0, 0, 0));
}

#[test]
fn whoever_is_not_back_in_time_is_told_to_staff_and_loses_nothing() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    door.until("10:30");
    door.step_out("m1");
    door.until("11:04");
    assert_eq!(door.count("visit.not_back"), 0);
    door.until("11:05");
    let told = door.journal.iter().filter_map(|entry| match entry.event {
        Event::VisitNotBack { since, .. } => Some(since),
        _ => None,
    });
    let told: Vec<DateTime> = told.collect();
    assert_eq!(told, [at("11:00")]);
    assert_eq!(door.seat_of("m1"), "E1");
    door.until("11:59");
    assert!(door.scan("m2").starts_with("full"), "theirs to the end");
    door.until("12:10");
    assert_eq!(
        (door.count("visit.not_back"), door.count("visit.overdue")),
        (1, 1)
    );
    assert_eq!(
        door.scan("m1"),
        "inside: E1 to 12:00, may stay to 13:10",
        "back after the end: what is possible now"
    );
    assert_eq!(door.people(), (1, 0, 0, 0));
    assert_eq!(
        door.step_out("m1"),
        "inside: E1 to 12:00, may stay to 13:10"
    );
    assert_eq!(door.kinds(), [""; 0], "nothing left to come back for");
}

#[test]
fn stepped_out_at_closing() {
    let mut door = Door::open(centre(&["E1"]), "17:00");
    door.walk_in("m1");
    door.until("17:50");
    assert_eq!(door.step_out("m1"), "out to 18:00");
    door.until("18:00");
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("18:00"), false))
    );
    assert_eq!(door.people(), (0, 0, 0, 0));
    assert_eq!(door.count("visit.not_back"), 0);
    let answer = door.scan("m1");
    assert_eq!(answer, "closed: ended, opens 11-25 09:30; come_back");
}

#[test]
fn going_out_and_coming_straight_back() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    door.pass(TimeDelta::minutes(1));
    door.scan("m1");
    door.step_out("m1");
    let answer = door.scan("m1");
    assert_eq!(answer, "welcome back: E1 to 12:00 grant", "no stale menu");
    assert_eq!(door.scan("m1"), answer);
    assert_eq!(door.kinds(), [""; 0], "the same code within seconds");
    door.pass(TimeDelta::minutes(1));
    door.scan("m1");
    door.leave("m1");
    assert!(door.scan("m1").starts_with("offer"), "left is left");
}

#[test]
fn the_same_pass_at_two_screens() {
    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    door.pass(TimeDelta::minutes(1));
    door.scan_at("door", "m1");
    door.scan_at("desk", "m1");
    assert_eq!(door.step_out("m1"), "out to 10:31");
    assert_eq!(door.step_out("m1"), "out to 10:31");
    assert_eq!(door.kinds(), [""; 0], "once only");
    // Somebody else with the same telephone finds them out and brings them in; nobody is checked in twice.
    assert!(door.scan_at("desk", "m1").starts_with("welcome back"));
    assert_eq!(door.people(), (1, 0, 0, 0));
}

#[test]
fn what_was_reserved_for_the_wrong_people_is_kept_and_told_to_staff() {
    let told = |category, audience, consultation: bool| {
        let mut centre = centre(&["A1"]).programme("p", "11:00", "12:00");
        centre
            .reference
            .members
            .get_mut(&"m1".into())
            .unwrap()
            .category = category;
        let programme = centre.reference.programmes.get_mut(&"p".into());
        programme.unwrap().audience = audience;
        let centre = if consultation {
            centre.reserve("r1", "m1", "11:00", "11:45", Purpose::Consultation)
        } else {
            centre.place_in("r1", "m1", "p")
        };
        let mut door = Door::open(centre, "10:45");
        let answer = door.scan("m1");
        assert!(answer.starts_with("in: "), "{answer}");
        door.events.iter().any(|event| {
            let reason = CallReason::Audience;
            matches!(event, Event::StaffCalled { reason: is, .. } if *is == reason)
        })
    };
    use Audience::{Anyone, Business, JobSeeker};
    for (category, for_business, for_seekers) in [
        (Category::Business, false, true),
        (Category::JobSeeker, true, false),
        (Category::WardService, true, true),
    ] {
        assert_eq!(
            told(category, Business, false),
            for_business,
            "{category:?}"
        );
        assert_eq!(
            told(category, JobSeeker, false),
            for_seekers,
            "{category:?}"
        );
        assert_eq!(told(category, Anyone, true), for_business, "{category:?}");
        assert!(!told(category, Anyone, false), "{category:?}");
    }
}
