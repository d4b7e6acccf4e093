//! What the day does to those who wait: its end, restarts, programmes, reservations, the office (rules section 5).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, ends, full_house, one_seat, waiting_centre};
use domain::event::{Event, QueueEnd};
use domain::reference::MemberState;
use domain::staff::{Role, StaffAction};
use domain::{Reference, Verdict};

#[test]
fn the_queue_ends_with_the_last_walk_in_and_its_people_are_told() {
    let mut door = full_house(waiting_centre(&["E1", "E2"]), "15:00");
    door.join("m3");
    door.join("m4");
    door.until("17:28").leave("m1");
    assert_eq!(door.queue(), "m3 to E1, m4");
    door.until("17:30");
    assert_eq!(
        door.queue(),
        "m3 to E1",
        "whoever is called has the five minutes"
    );
    assert_eq!(
        door.until("17:31").scan("m4"),
        "closed: queue ended, opens 11-25 09:30; come_back"
    );
    assert_eq!(door.until("17:32").scan("m3"), "in: E1 to 18:00 closing");
    assert_eq!(
        door.scan("m5"),
        "closed: ended, opens 11-25 09:30; come_back"
    );
}

#[test]
fn nobody_waits_for_what_will_not_be() {
    let mut door = full_house(waiting_centre(&["E1"]), "16:30");
    assert_eq!(door.scan("m2"), "full: today; reserve_another_time");
    let Some(Verdict::Full(full)) = &door.answer else {
        panic!("{:?}", door.answer)
    };
    assert_eq!((full.wait, &full.ticket), (None, &None));
}

#[test]
fn another_day_begins_with_number_one() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.join("m3");
    door.until("11-25 10:00");
    assert_eq!(
        (door.queue(), door.today.queue.turned_away.len()),
        (String::new(), 0)
    );
    door.walk_in("m1");
    assert_eq!(
        door.join("m3"),
        "joined: no. 1, 0 ahead, 120-125 min; wait_for_call"
    );
}

#[test]
fn a_new_run_keeps_the_queue_and_calls_anew() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.join("m3");
    door.restart();
    assert_eq!(door.queue(), "m2, m3");
    door.until("11:00").leave("m1");
    door.until("11:05");
    assert_eq!(door.queue(), "m3 to E1, m2");
    door.skip(TimeDelta::minutes(1));
    door.restart();
    assert_eq!(
        door.queue(),
        "m3 to E1, m2",
        "a power cut is nobody's fault"
    );
    door.pass(TimeDelta::minutes(4));
    assert_eq!(door.queue(), "m3 to E1 again, m2", "five minutes anew");
    door.pass(TimeDelta::minutes(1));
    assert_eq!(door.queue(), "m2 to E1, m3");
    door.pass(TimeDelta::minutes(5));
    assert_eq!(
        door.queue(),
        "m3 to E1",
        "what had lapsed before still counts"
    );
}

#[test]
fn a_power_cut_over_night_calls_nobody() {
    let mut door = one_seat("10:00");
    door.join("m2");
    door.skip(TimeDelta::hours(23));
    door.restart();
    assert_eq!(door.count("queue.called"), 0);
    assert_eq!(
        (door.queue(), ends(&door)),
        (String::new(), vec![QueueEnd::Closed])
    );
}

#[test]
fn another_card_takes_over_the_queue() {
    let mut door = one_seat("10:00");
    door.join("m2");
    let mut other = domain::Today::default();
    let carried = door.today.handed_over();
    assert_eq!(door.today.carried().queue.tickets, []);
    let opened = domain::event::Entry {
        stamp: door.journal.last().unwrap().stamp.clone(),
        event: Event::DayOpened {
            date: door.now.date_naive(),
            carried,
        },
    };
    let record = opened.to_record().unwrap();
    domain::apply(
        &mut other,
        &domain::event::Entry::from_record(&record).unwrap(),
    );
    assert_eq!(other.queue.tickets.len(), 1);
    assert_eq!(other.queue.last_number, 1);
}

#[test]
fn a_programme_gives_back_its_zone_to_those_who_wait() {
    let mut door = Door::open(
        waiting_centre(&["A1", "E1"]).programme("p", "10:00", "11:00"),
        "09:45",
    );
    door.walk_in("m1");
    assert_eq!(door.scan("m2"), "full: free 11:15; take_number");
    door.until("10:00").join("m2");
    assert_eq!(door.until("11:14").queue(), "m2");
    assert_eq!(door.until("11:15").queue(), "m2 to A1");
    assert_eq!(door.count("queue.resumed"), 1);
}

#[test]
fn a_programme_is_cleared_without_a_word_while_nobody_waits() {
    let mut door = Door::open(
        waiting_centre(&["A1", "E1"]).programme("p", "10:00", "11:00"),
        "09:45",
    );
    door.until("12:00");
    assert_eq!(door.count("queue.resumed"), 0);
}

#[test]
fn a_reservation_that_is_due_comes_before_the_call() {
    let mut door = full_house(waiting_centre(&["E1", "E2"]), "10:00");
    door.join("m3");
    door.adopt(|centre| centre.later().seat("r1", "m3", "12:10", "16:00"));
    assert_eq!(
        door.until("11:50").scan("m3"),
        "waiting: no. 1, 0 ahead, 10-15 min; wait_for_call"
    );
    door.until("12:01").leave("m1");
    assert_eq!(door.scan("m3"), "in: E1 to 16:00 own_reservation");
    assert_eq!(ends(&door).len(), 1);
}

#[test]
fn a_call_ends_before_what_was_reserved_since() {
    let mut door = full_house(waiting_centre(&["E1", "E2"]), "10:00");
    door.join("m3");
    door.adopt(|centre| centre.later().seat("r1", "m3", "13:00", "16:00"));
    door.until("11:00").leave("m1");
    assert_eq!(
        door.scan("m3"),
        "in: E1 to 12:55 own_reservation, next seat 13:00"
    );
}

#[test]
fn reservations_come_before_those_who_wait() {
    let mut door = full_house(
        waiting_centre(&["E1"]).seat("r1", "m4", "11:00", "13:00"),
        "09:45",
    );
    door.join("m2");
    door.until("10:00").leave("m1");
    assert_eq!(
        door.queue(),
        "m2 to E1",
        "until the gap before the reservation"
    );
    door.until("10:10");
    assert_eq!(
        door.until("10:26").queue(),
        "",
        "less than the shortest stay is left"
    );
}

#[test]
fn the_seat_of_an_offer_given_back_is_theirs_who_wait() {
    let mut door = Door::open(waiting_centre(&["E1"]), "10:00");
    assert_eq!(&door.scan("m1")[..5], "offer");
    assert_eq!(&door.join_at("desk", "m2")[..6], "joined");
    let mut again = door.clone();
    assert_eq!(
        again.pass(TimeDelta::seconds(10)).scan("m1"),
        "offer: E1 to 12:00:10 grant",
        "whoever was offered it came first"
    );
    assert_eq!(
        door.scan("m3"),
        "full: free 12:10, 1 waiting; take_number",
        "the scan ends the offer to m1"
    );
    assert_eq!(door.queue(), "m2 to E1");
}

#[test]
fn a_seat_taken_off_the_floor_costs_the_called_neither_place_nor_turn() {
    let mut door = full_house(waiting_centre(&["E1", "E2"]), "10:00");
    door.join("m3");
    door.until("11:00").leave("m1");
    assert_eq!(door.queue(), "m3 to E1");
    let without = |mut centre: Centre| {
        let seats = &mut centre.reference.floor.seats;
        seats.retain(|seat| seat.id != "E1".into());
        centre
    };
    door.adopt(without);
    let ticket = door.ticket_of("m3").unwrap();
    assert_eq!((ticket.lapses, &ticket.call), (0, &None));
    assert_eq!(&door.scan("m3")[..7], "waiting");
}

#[test]
fn whoever_may_not_come_in_blocks_nobody() {
    let mut door = full_house(waiting_centre(&["E1"]), "10:00");
    door.join("m2");
    door.join("m3");
    door.adopt(|mut centre| {
        let members = &mut centre.reference.members;
        members.get_mut(&"m2".into()).unwrap().state = MemberState::Suspended;
        centre
    });
    door.until("11:00").leave("m1");
    assert_eq!(door.queue(), "m2, m3 to E1");
}

#[test]
fn somebody_whose_reserved_seat_is_taken_waits_for_no_number() {
    let centre = waiting_centre(&["E1"]).seat("r1", "m2", "12:00", "13:00");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m1");
    // m1 stays over time.
    assert_eq!(&door.until("12:01").scan("m2")[..5], "full:");
    let Some(Verdict::Full(full)) = &door.answer else {
        panic!("{:?}", door.answer)
    };
    assert_eq!(full.ticket, None, "the plan keeps the first place for them");
}

/// One seat, and a receptionist.
fn staffed() -> Door {
    let centre = waiting_centre(&["E1"]).staff("anna", Role::Receptionist);
    let mut door = full_house(centre, "10:00");
    door.join("m2");
    door.join("m3");
    door
}

#[test]
fn nobody_is_called_while_staff_have_closed_the_doors() {
    let mut door = staffed();
    door.until("11:00").leave("m1");
    assert_eq!(door.queue(), "m2 to E1, m3");
    let until = "11:30:00".parse().unwrap();
    door.until("11:01")
        .staff("anna", StaffAction::Close { until });
    assert_eq!(door.until("11:29").queue(), "m2, m3", "nobody else's turn");
    assert_eq!(door.ticket_of("m2").unwrap().lapses, 0);
    assert_eq!(door.until("11:30").queue(), "m2 to E1, m3");
    assert_eq!(door.count("queue.resumed"), 1);
}

#[test]
fn staff_let_in_whoever_is_called_and_nobody_before() {
    let mut door = staffed();
    door.until("11:00").leave("m1");
    let check_in = |member: &str| StaffAction::CheckIn {
        member: member.into(),
    };
    door.staff("anna", check_in("m3"));
    assert_eq!(door.queue(), "m2 to E1, m3");
    door.staff("anna", check_in("m2"));
    assert_eq!(
        (door.seat_of("m2"), door.queue()),
        ("E1".to_owned(), "m3".to_owned())
    );
    let visit = door.visit("m2");
    let longer = StaffAction::Extend { visit, minutes: 60 };
    let until = door.today.visits[&door.visit("m2")].until;
    door.staff("anna", longer);
    assert_eq!(
        door.today.visits[&door.visit("m2")].until,
        until,
        "m3 waits"
    );
}

#[test]
fn old_journals_know_of_no_queue() {
    let carried = r#"{"visits":[],"courtesies":[],"adopted":{}}"#;
    let carried: domain::today::Carried = serde_json::from_str(carried).unwrap();
    assert!(carried.queue.is_empty());
    assert!(!serde_json::to_string(&carried).unwrap().contains("queue"));
    let refused =
        r#"{"kind":"scan.refused","station":"door","reason":"full","typed":false,"member":"m1"}"#;
    let event: Event = serde_json::from_str(refused).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap(), refused);
    assert_eq!(Reference::default().settings.call_lock_min, 5);
}
