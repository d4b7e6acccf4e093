//! Leaving, staying longer, staying too long, closing, and what a power cut hides (rules sections 3, 4 and 9).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, at};
use domain::event::{EndedBy, Event};
use domain::reference::Purpose;

fn centre(seats: &[&str]) -> Centre {
    Centre::new().only(seats).members(&["m1", "m2", "m3"])
}

/// m1 comes at this time and asks for more time at that.
fn check(centre: Centre, comes: &str, asks: &str, expected: &str) {
    let mut door = Door::open(centre, comes);
    door.walk_in("m1");
    let may_stay = door.until(asks).scan("m1");
    assert_eq!(door.extend("m1"), expected, "from {comes}, asked at {asks}");
    match expected.strip_prefix("extended: E1 to ") {
        Some(until) => assert!(
            may_stay.contains(&format!("may stay to {}", until.split(' ').next().unwrap())),
            "{may_stay}"
        ),
        None => assert!(
            may_stay.contains("no longer"),
            "the menu and the answer agree: {may_stay}"
        ),
    }
}

#[test]
fn staying_longer() {
    let one = || centre(&["E1"]);
    check(one(), "10:00", "11:00", "extended: E1 to 13:00 grant");
    check(one(), "10:00", "12:03", "extended: E1 to 13:03 grant");
    check(one(), "15:30", "17:00", "extended: E1 to 18:00 closing");
    check(
        one(),
        "15:55",
        "17:00",
        "not extended: 17:55 closing; see_staff",
    );
    check(
        one(),
        "16:10",
        "17:00",
        "not extended: 18:00 closing; see_staff",
    );
    check(
        one().seat("r1", "m2", "12:45", "14:00"),
        "10:00",
        "11:00",
        "extended: E1 to 12:40 reservation",
    );
    check(
        one().seat("r1", "m2", "12:15", "14:00"),
        "10:00",
        "11:00",
        "extended: E1 to 12:10 reservation",
    );
    check(
        one().seat("r1", "m2", "12:14", "14:00"),
        "10:00",
        "11:00",
        "not extended: 12:00 reservation; see_staff",
    );
    check(
        one().seat("r1", "m2", "12:05", "14:00"),
        "10:00",
        "11:00",
        "not extended: 12:00 reservation; see_staff",
    );
    check(
        one().settings(|settings| settings.coworking.day_min = 150),
        "10:00",
        "11:00",
        "extended: E1 to 12:30 day_total",
    );
    check(
        one().settings(|settings| settings.coworking.day_min = 120),
        "10:00",
        "11:00",
        "not extended: 12:00 grant; see_staff"
            .replace("grant", "day_total")
            .as_str(),
    );
}

#[test]
fn a_stay_is_made_longer_where_the_plan_can_move() {
    check(
        centre(&["E1", "E2"]).seat("r1", "m2", "12:30", "14:00"),
        "10:00",
        "11:00",
        "extended: E1 to 13:00 grant",
    );
}

#[test]
fn leaving_ends_the_visit_and_names_what_comes() {
    let mut door = Door::open(
        centre(&["E1"])
            .seat("r1", "m1", "10:00", "11:00")
            .seat("r2", "m1", "15:00", "16:00"),
        "09:50",
    );
    door.scan("m1");
    assert_eq!(door.until("10:30").leave("m1"), "left, next seat 15:00");
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Visitor, at("10:30"), false))
    );
    assert_eq!(door.leave("m1"), "lapsed; start_again");
    assert_eq!(door.extend("m1"), "lapsed; start_again");
    assert_eq!(door.scan("m2"), "offer: E1 to 12:30 grant", "at once");
}

#[test]
fn nobody_is_taken_for_gone_who_has_not_left() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    assert_eq!(
        door.until("12:04:59").count("visit.overdue"),
        0,
        "a grace of five minutes"
    );
    door.until("12:05");
    assert_eq!(door.kinds(), ["visit.overdue"]);
    assert!(matches!(&door.events[0], Event::VisitOverdue { since, .. } if *since == at("12:00")));
    assert!(
        door.scan("m2").starts_with("full"),
        "the seat is not given away"
    );
    assert_eq!(door.until("12:20").count("visit.overdue"), 1, "told once");
    assert_eq!(door.scan("m1"), "inside: E1 to 12:00, may stay to 13:20");
    door.extend("m1");
    assert!(!door.today.visits[&door.visit("m1")].overdue);
    assert_eq!(
        door.until("13:25").count("visit.overdue"),
        2,
        "over time again"
    );
}

#[test]
fn closing_ends_what_is_open() {
    let centre = centre(&["E1", "E2"])
        .programme("夜間講座", "18:30", "20:30")
        .place_in("r1", "m2", "夜間講座");
    let mut door = Door::open(centre, "16:30");
    door.walk_in("m1");
    assert_eq!(door.until("18:00").kinds(), ["visit.ended"]);
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("18:00"), false))
    );
    assert_eq!(door.count("visit.overdue"), 0);
    assert_eq!(
        door.scan("m2"),
        "in: 夜間講座 in pc to 20:30 own_reservation"
    );
    assert_eq!(
        door.until("20:29:59").today.inside().count(),
        1,
        "tonight's participants stay"
    );
    door.until("20:30");
    assert_eq!(
        door.ending("m2"),
        Some((EndedBy::Closing, at("20:30"), false))
    );
}

#[test]
fn a_closure_at_noon_ends_the_morning_only() {
    let mut door = Door::open(centre(&["E1"]).closed("13:00", "15:00", "点検"), "12:00");
    assert_eq!(door.walk_in("m1"), "in: E1 to 13:00 closing");
    door.until("13:00");
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("13:00"), false))
    );
    assert_eq!(door.until("16:30").walk_in("m2"), "in: E1 to 18:00 closing");
    assert_eq!(door.until("17:59").today.inside().count(), 1);
}

#[test]
fn after_a_power_cut_the_day_is_settled_as_it_should_have_been() {
    let mut door = Door::open(
        centre(&["E1", "E2"]).seat("r1", "m3", "15:00", "16:00"),
        "11:00",
    );
    door.walk_in("m1");
    door.walk_in("m2");
    let before = door.today.clone();
    door.skip_to("11-25 09:00");
    door.restart();
    assert_eq!(before.inside().count(), 2);
    assert_eq!(
        door.kinds(),
        [
            "reservation.no_show",
            "visit.ended",
            "visit.ended",
            "day.opened"
        ],
        "in due order"
    );
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("18:00"), true)),
        "inferred"
    );
    assert_eq!(
        (door.today.visits.len(), door.today.date),
        (0, Some(at("11-25 09:00").date_naive()))
    );
    assert_eq!(door.count("visit.overdue"), 0, "no alarm for what is over");
    assert_eq!(door.due(), [], "settled once");
}

#[test]
fn what_the_new_day_has_missed_is_settled_with_it() {
    let mut door = Door::open(
        centre(&["E1"]).seat("r1", "m1", "11-25 09:30", "11-25 10:30"),
        "17:00",
    );
    door.skip_to("11-25 09:50");
    door.due();
    assert_eq!(door.kinds(), ["day.opened", "reservation.no_show"]);
    assert_eq!(door.due(), []);
}

#[test]
fn a_closure_after_somebody_came_never_ends_a_visit_before_it_began() {
    let mut door = Door::open(centre(&["E1"]), "14:30");
    door.walk_in("m1");
    door.until("14:50")
        .adopt(|centre| centre.closed("14:00", "18:00", "台風"));
    door.due();
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("14:30"), true))
    );
}

#[test]
fn midnight_carries_who_is_still_inside() {
    let mut door = Door::open_untrusted(centre(&["E1"]), "23:30");
    door.walk_in("m1");
    door.trust("23:40");
    assert_eq!(
        door.today.inside().count(),
        0,
        "closed hours end a visit as soon as the hour is known"
    );
    let mut door = Door::open(
        centre(&["E1"])
            .programme("徹夜", "21:00", "11-25 05:00")
            .place_in("r1", "m1", "徹夜"),
        "17:00",
    );
    door.adopt(|centre| {
        let mut centre = centre;
        centre
            .reference
            .calendar
            .special_openings
            .push(domain::calendar::SpecialOpening {
                date: at("00:00").date_naive(),
                hours: domain::calendar::Hours {
                    open: at("09:30").time(),
                    close: at("22:00").time(),
                },
                text: None,
            });
        centre
    });
    assert_eq!(
        door.until("20:45").scan("m1"),
        "in: 徹夜 in pc to 05:00 own_reservation"
    );
    door.until("11-25 01:00");
    assert_eq!(door.today.date, Some(at("11-25 01:00").date_naive()));
    assert_eq!(door.today.inside().count(), 1, "carried over midnight");
    assert_eq!(door.replayed().visits, door.today.visits);
    door.until("11-25 05:00");
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("11-25 05:00"), false))
    );
}

#[test]
fn visits_begun_at_an_unknown_time_are_dated_when_it_becomes_known() {
    // The clock stands at yesterday's last record, as after a power cut without RTC.
    let mut door = Door::open_untrusted(centre(&["E1"]), "11-20 17:55");
    door.walk_in("m1");
    door.pass(TimeDelta::minutes(20));
    door.trust("11:00");
    let visit = &door.today.visits[&door.visit("m1")];
    assert!(visit.is_open(), "nobody is sent home by a clock");
    assert_eq!((visit.started_at, visit.until), (at("10:40"), at("12:40")));
    assert_eq!(door.today.date, Some(at("11:00").date_naive()));
    assert_eq!(
        door.until("11:01").scan("m2"),
        "full: free 12:45; take_number"
    );

    let mut door = Door::open_untrusted(centre(&["E1"]), "11-20 17:55");
    door.walk_in("m1");
    door.restart();
    door.trust("11:00");
    assert_eq!(
        door.today.visits[&door.visit("m1")].started_at,
        at("11:00"),
        "uptime was lost: here now, at least"
    );
}

#[test]
fn a_clock_that_was_ahead_does_not_keep_the_day_closed() {
    let mut door = Door::open_untrusted(
        centre(&["E1"]).seat("r1", "m1", "11:00", "12:00"),
        "2027-01-20 10:00",
    );
    door.trust("11:00");
    assert_eq!(door.today.date, Some(at("11:00").date_naive()));
    assert_eq!(door.scan("m1"), "in: E1 to 12:00 own_reservation");
}

#[test]
fn a_consultation_within_a_stay_is_not_the_seats_time() {
    for (from, to, expected) in [
        ("15:10", "15:40", "extended: E1 to 16:30 grant"),
        ("14:40", "15:20", "extended: E1 to 16:20 grant"),
        ("15:59", "16:59", "extended: E1 to 17:00 grant"),
        ("16:00", "17:00", "extended: E1 to 16:00 grant"),
        ("15:10", "18:00", "extended: E1 to 18:00 closing"),
    ] {
        let mut door = Door::open(centre(&["E1"]), "13:00");
        door.walk_in("m1");
        door.adopt(|centre| centre.reserve("r1", "m1", from, to, Purpose::Consultation));
        assert_eq!(door.until("14:55").extend("m1"), expected, "{from} to {to}");
        assert_eq!(door.replayed().visits, door.today.visits);
    }
}

#[test]
fn a_consultation_is_not_counted_toward_the_days_total() {
    let centre = centre(&["E1"]).seat("r1", "m1", "10:00", "16:00").reserve(
        "r2",
        "m1",
        "12:00",
        "13:00",
        Purpose::Consultation,
    );
    let mut door = Door::open(centre, "10:00");
    door.scan("m1");
    door.until("16:00").leave("m1");
    // The rest of the consultation's own reservation is over.
    assert_eq!(
        door.until("16:01").scan("m1"),
        "offer: E1 to 17:01 day_total"
    );
    let mut early = door.clone();
    early.restart();
    assert_eq!(early.replayed().visits, door.today.visits);
}

#[test]
fn nobody_over_time_stays_on_into_a_programme_that_has_begun() {
    let centre = Centre::new()
        .only(&["A1"])
        .member("m1")
        .programme("p", "14:00", "15:30");
    let mut door = Door::open(centre, "12:00");
    assert_eq!(door.walk_in("m1"), "in: A1 to 13:30 programme");
    for time in ["13:30", "13:36", "14:10"] {
        assert_eq!(
            door.until(time).extend("m1"),
            "not extended: 13:30 programme; see_staff",
            "at {time}"
        );
    }
}
