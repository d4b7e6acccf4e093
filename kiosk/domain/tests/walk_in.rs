//! Visitors without a reservation: what they are offered, for how long it is held, and what ends it (rules sections 3 and 4).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, at};
use domain::floor::Features;
use domain::reference::MemberState;

const TEN: [&str; 10] = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10"];

fn centre(seats: &[&str]) -> Centre {
    Centre::new().only(seats).members(&TEN)
}

/// What m1 is offered at this time.
fn check(centre: Centre, time: &str, expected: &str) {
    assert_eq!(Door::open(centre, time).scan("m1"), expected, "at {time}");
}

#[test]
fn a_stay_ends_with_whatever_comes_first() {
    let one = || centre(&["E1"]);
    check(one(), "10:00", "offer: E1 to 12:00 grant");
    check(one(), "16:45", "offer: E1 to 18:00 closing");
    check(
        one().seat("r1", "m2", "11:30", "13:00"),
        "10:00",
        "offer: E1 to 11:25 reservation",
    );
    check(
        one().seat("r1", "m2", "12:05", "13:00"),
        "10:00",
        "offer: E1 to 12:00 grant",
    );
    check(
        one().seat("r1", "m2", "12:04", "13:00"),
        "10:00",
        "offer: E1 to 11:59 reservation",
    );
    check(
        one().seat("r1", "m2", "10:35", "13:00"),
        "10:00",
        "offer: E1 to 10:30 reservation",
    );
    check(
        one().seat("r1", "m2", "10:34", "13:00"),
        "10:00",
        "full: free 13:05; take_number",
    );
    let programme = |from: &str, to: &str| centre(&["A1"]).programme("p", from, to);
    check(
        programme("11:30", "13:00"),
        "10:00",
        "offer: A1 to 11:00 programme",
    );
    check(
        programme("10:45", "13:00"),
        "10:00",
        "full: free 13:15; take_number",
    );
    check(
        programme("10:45", "17:30"),
        "10:00",
        "full: today; reserve_another_time",
    );
}

#[test]
fn the_programme_of_another_zone_takes_nothing() {
    check(
        centre(&["A1", "E1"]).programme("p", "10:00", "12:00"),
        "10:00",
        "offer: E1 to 12:00 grant",
    );
    let own = |centre: Centre| {
        let mut centre = centre.programme("p", "13:00", "14:00");
        let programme = centre.reference.programmes.get_mut(&"p".into()).unwrap();
        (programme.set_up_min, programme.clearing_min) = (Some(90), Some(0));
        centre
    };
    check(
        own(centre(&["A1"])),
        "10:00",
        "offer: A1 to 11:30 programme",
    );
    check(own(centre(&["A1"])), "14:00", "offer: A1 to 16:00 grant");
}

#[test]
fn the_days_total_counts_all_stays() {
    let mut door = Door::open(centre(&["E1"]), "09:30");
    door.walk_in("m1");
    for expected in [
        "12:30 grant",
        "13:30 grant",
        "14:30 grant",
        "15:30 day_total",
    ] {
        let said = door.extend("m1");
        assert!(
            said.starts_with(&format!(
                "extended: E1 to {}",
                expected.split(' ').next().unwrap()
            )),
            "{said}"
        );
    }
    assert_eq!(
        door.extend("m1"),
        "not extended: 15:30 day_total; see_staff"
    );
    door.until("15:00").leave("m1");
    assert_eq!(
        door.until("15:01").scan("m1"),
        "offer: E1 to 15:31 day_total",
        "30 minutes are left"
    );
    door.choose("m1", 0);
    door.until("15:10").leave("m1");
    assert_eq!(
        door.until("15:11").scan("m1"),
        "full: day total; reserve_another_time"
    );
    assert_eq!(&door.scan("m2")[..5], "offer", "others are not concerned");
    let mut tomorrow = door.clone();
    assert_eq!(
        &tomorrow.until("11-25 10:00").scan("m1")[..5],
        "offer",
        "a new day"
    );
}

#[test]
fn the_tightest_fit_leaves_long_gaps_whole() {
    let centre = centre(&["E1", "E2", "E3"])
        .seat("r1", "m2", "12:30", "17:00")
        .seat("r2", "m3", "14:30", "18:00");
    let mut door = Door::open(centre, "10:00");
    let planned = door.placed();
    assert_eq!(
        door.walk_in("m1"),
        format!("in: {} to 12:00 grant", planned["r1"]),
        "before the reservation that begins first"
    );
    assert_eq!(
        door.walk_in("m4"),
        format!("in: {} to 12:00 grant", planned["r2"])
    );
    assert_eq!(door.placed(), planned);
}

#[test]
fn a_longer_stay_is_worth_another_plan() {
    // One of two alike seats is reserved soon; whichever the walk-in takes, the other is the reserved one.
    let mut door = Door::open(
        centre(&["E1", "E2"])
            .seat("r1", "m2", "10:20", "17:00")
            .seat("r2", "m3", "11:00", "12:00"),
        "10:00",
    );
    assert_eq!(door.scan("m1"), "offer: E2 to 10:55 reservation");
    door.choose("m1", 0);
    assert_eq!(door.placed().len(), 2, "nobody lost a place");
}

#[test]
fn needs_count() {
    let all = |needs: fn(&mut Features)| Centre::new().member_needing("m1", needs);
    check(
        all(|needs| needs.pc = true),
        "10:00",
        "offer: A1 to 12:00 grant",
    );
    check(
        all(|needs| needs.power = true),
        "10:00",
        "offer: E1 to 12:00 grant | A1 to 12:00 grant",
    );
    check(
        all(|needs| needs.step_free = true),
        "10:00",
        "offer: E6 to 12:00 grant",
    );
    check(
        all(|needs| needs.floor_space = true),
        "10:00",
        "offer: E7 to 12:00 grant",
    );
    check(
        all(|needs| needs.calls = true),
        "10:00",
        "offer: E8 to 12:00 grant",
    );
    check(
        all(|needs| (needs.calls, needs.step_free) = (true, true)),
        "10:00",
        "full: today; reserve_another_time",
    );
    let mut door = Door::open(
        all(|needs| needs.floor_space = true)
            .member_needing("m2", |needs| needs.floor_space = true),
        "10:00",
    );
    door.walk_in("m1");
    assert_eq!(
        door.scan("m2"),
        "full: free 12:05; take_number",
        "when the only one is taken"
    );
}

#[test]
fn seats_with_what_nobody_asked_for_are_left_for_those_who_do() {
    let mut door = Door::open(Centre::new().members(&TEN), "10:00");
    let seats: Vec<String> = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"]
        .iter()
        .map(|who| {
            door.walk_in(who);
            door.seat_of(who)
        })
        .collect();
    assert_eq!(seats, ["E5", "E1", "E2", "E3", "E4", "E6", "A1"]);
}

#[test]
fn both_choices_are_held_together() {
    let mut door = Door::open(
        centre(&["E1", "A1"]).seat_with_pc("r1", "m2", "11:00", "13:00"),
        "10:00",
    );
    let offered = door.scan("m1");
    assert_eq!(
        offered,
        "offer: E1 to 12:00 grant | A1 to 10:55 reservation"
    );
    let held = door.scan_at("desk", "m3");
    assert_eq!(
        held, "full: free 12:05; take_number",
        "neither is anybody else's"
    );
    assert_eq!(door.placed().len(), 1);
    door.choose("m1", 1);
    assert_eq!(
        door.until("10:01").scan_at("desk", "m3"),
        "offer: E1 to 12:01 grant",
        "the other is free again"
    );
}

#[test]
fn an_offer_lapses_by_uptime_whatever_the_clock_says() {
    let mut door = Door::open_untrusted(centre(&["E1"]), "10:00");
    door.scan("m1");
    let offer = door.offer_to("m1").unwrap();
    door.trust("10:30");
    assert_eq!(
        door.offer_to("m1").as_ref(),
        Some(&offer),
        "half an hour by the clock, no time at all"
    );
    door.skip(TimeDelta::milliseconds(59_999));
    assert_eq!(door.due(), []);
    assert_eq!(&door.clone().choose_from(&offer, 0)[..2], "in");
    door.skip(TimeDelta::milliseconds(1));
    assert_eq!(door.clone().choose_from(&offer, 0), "lapsed; start_again");
    door.due();
    assert_eq!(door.kinds(), ["offer.ended"]);
    assert_eq!(&door.scan("m2")[..5], "offer");
}

#[test]
fn what_has_lapsed_holds_nothing_even_before_anybody_noticed() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    let offer = door.offer_to("m1").unwrap();
    door.skip(TimeDelta::seconds(60));
    let choose = domain::Command::Choose {
        station: "door".into(),
        offer: offer.clone(),
        choice: 0,
    };
    door.run_command(&choose);
    assert_eq!(
        common::say(door.answer.as_ref().unwrap()),
        "lapsed; start_again"
    );
    let scan = domain::Command::Scan {
        station: "desk".into(),
        code: domain::code::parse(common::pass("m2").as_str().as_bytes()),
        typed: false,
    };
    door.run_command(&scan);
    assert_eq!(&common::say(door.answer.as_ref().unwrap())[..5], "offer");
    door.choose("m2", 0);
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
}

#[test]
fn more_time_to_decide() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    let offer = door.offer_to("m1").unwrap();
    door.pass(TimeDelta::seconds(50));
    assert_eq!(door.hold(&offer), "offer: E1 to 12:00 grant");
    door.pass(TimeDelta::seconds(50));
    assert_eq!(door.choose_from(&offer, 0), "in: E1 to 12:00 grant");
    assert_eq!(door.hold(&offer), "lapsed; start_again");
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again", "twice");
    assert_eq!(door.count("visit.started"), 1);
}

#[test]
fn the_next_scan_at_the_station_ends_an_offer_whatever_it_is() {
    type Next = fn(&mut Door) -> String;
    let next: [(&str, Next, bool); 6] = [
        ("another member", |door| door.scan("m2"), true),
        ("a stranger", |door| door.scan("stranger"), true),
        ("noise", |door| door.read(b"\x01"), true),
        ("a wrong number", |door| door.mistype("1"), true),
        (
            "another member elsewhere",
            |door| door.scan_at("desk", "m2"),
            false,
        ),
        (
            "the same member elsewhere",
            |door| door.scan_at("desk", "m1"),
            true,
        ),
    ];
    for (who, next, ends) in next {
        let mut door = Door::open(centre(&["E1"]), "10:00");
        door.scan("m1");
        let offer = door.offer_to("m1").unwrap();
        next(&mut door);
        assert_eq!(!door.today.offers.contains_key(&offer), ends, "{who}");
    }
}

#[test]
fn going_back_frees_the_seat() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    let offer = door.offer_to("m1").unwrap();
    door.decline(&offer);
    assert_eq!(door.kinds(), ["offer.ended"]);
    door.decline(&offer);
    assert!(door.kinds().is_empty(), "once");
    assert_eq!(door.scan_at("desk", "m2"), "offer: E1 to 12:00 grant");
}

#[test]
fn a_new_run_ends_every_offer() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    let offer = door.offer_to("m1").unwrap();
    door.restart();
    assert_eq!(door.choose_from(&offer, 0), "lapsed; start_again");
    assert_eq!(&door.scan("m2")[..5], "offer");
}

#[test]
fn an_offer_that_the_office_has_overtaken_is_lapsed() {
    type Change = fn(Centre) -> Centre;
    let changes: [(&str, Change, &str); 3] = [
        ("nothing", |centre| centre, "in: E1 to 12:00 grant"),
        (
            "the seat is gone",
            |centre| centre.only(&["A1"]),
            "lapsed; start_again",
        ),
        (
            "suspended",
            |centre| centre.member_who("m1", |member| member.state = MemberState::Suspended),
            "lapsed; start_again",
        ),
    ];
    for (what, change, expected) in changes {
        let mut door = Door::open(centre(&["E1", "A1"]), "10:00");
        door.scan("m1");
        door.adopt(change);
        assert_eq!(door.choose("m1", 0), expected, "{what}");
    }
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    assert_eq!(
        door.choose("m1", 7),
        "lapsed; start_again",
        "no such choice"
    );
}

#[test]
fn when_all_is_taken_the_next_free_time_is_named() {
    let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
    door.walk_in("m1");
    door.until("10:20").walk_in("m2");
    assert_eq!(
        door.until("10:30").scan("m3"),
        "full: free 12:05; take_number"
    );
    door.adopt(|centre| centre.later().seat("r1", "m4", "12:10", "17:00"));
    assert_eq!(
        door.until("10:31").scan("m3"),
        "full: free 12:25; take_number",
        "not the one that is reserved then"
    );
    assert_eq!(
        door.until("12:03").scan("m3"),
        "full: free 12:25; take_number",
        "promised ends stand"
    );
}

#[test]
fn less_than_the_minimum_stay_is_not_offered() {
    let until_late = || centre(&["E1"]).settings(|settings| settings.last_walk_in_min = 10);
    check(until_late(), "17:30", "offer: E1 to 18:00 closing");
    check(until_late(), "17:31", "full: today; reserve_another_time");
}

#[test]
fn a_clock_that_goes_back_frees_no_taken_seat() {
    for trusted in [true, false] {
        let mut door = if trusted {
            Door::open(centre(&["E1"]), "12:00")
        } else {
            Door::open_untrusted(centre(&["E1"]), "12:00")
        };
        assert_eq!(&door.walk_in("m1")[..6], "in: E1");
        door.now = at("09:35");
        let said = door.scan("m2");
        assert!(said.starts_with("full"), "vouched for: {trusted}; {said}");
    }
}

#[test]
fn an_offer_of_a_clock_nobody_vouched_for_does_not_outlast_closing() {
    for (time, now, expected) in [
        ("15:30", "15:31", "in: E1 to 17:30 grant"),
        ("16:30", "16:31", "lapsed; start_again"),
        ("17:50", "18:06", "lapsed; start_again"),
    ] {
        let mut door = Door::open_untrusted(centre(&["E1"]), time);
        door.scan("m1");
        let offer = door.offer_to("m1").unwrap();
        door.trust(now);
        assert_eq!(
            door.choose_from(&offer, 0),
            expected,
            "{time}, really {now}"
        );
    }
}
