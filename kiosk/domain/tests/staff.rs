//! What staff do at the door, as tables and small stories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, at, number};
use domain::Command;
use domain::calendar::Phase;
use domain::closure::{next_opening, phase};
use domain::event::{CallReason, EndedBy, Event};
use domain::reference::{MemberState, Purpose};
use domain::staff::{Role, StaffAction, Why};

const ANNA: &str = "anna";
const BEN: &str = "ben";

/// A centre with these seats, a receptionist and an adviser.
fn centre(seats: &[&str], members: &[&str]) -> Centre {
    Centre::new()
        .only(seats)
        .members(members)
        .staff(ANNA, Role::Receptionist)
        .staff(BEN, Role::Adviser)
}

fn check_in(member: &str) -> StaffAction {
    StaffAction::CheckIn {
        member: member.into(),
    }
}

fn check_out(door: &Door, member: &str) -> StaffAction {
    let visit = door.visit(member);
    StaffAction::CheckOut { visit }
}

fn free(door: &Door, member: &str) -> StaffAction {
    let visit = door.visit(member);
    StaffAction::FreeSeat { visit }
}

fn to_seat(door: &Door, member: &str, seat: &str) -> StaffAction {
    StaffAction::Move {
        visit: door.visit(member),
        seat: seat.into(),
    }
}

fn longer(door: &Door, member: &str, minutes: u32) -> StaffAction {
    let visit = door.visit(member);
    StaffAction::Extend { visit, minutes }
}

fn pardon(reservation: &str) -> StaffAction {
    let reservation = reservation.into();
    StaffAction::Pardon { reservation }
}

fn close(until: &str) -> StaffAction {
    let until = format!("{until}:00").parse().unwrap();
    StaffAction::Close { until }
}

// --- who may do what

#[test]
fn advisers_answer_calls_and_free_seats_and_do_nothing_else() {
    let mut door = Door::open(centre(&["E1"], &["M1"]), "10:00");
    door.walk_in("M1");
    for action in [
        check_out(&door, "M1"),
        to_seat(&door, "M1", "E1"),
        longer(&door, "M1", 30),
        check_in("M1"),
        close("12:00"),
        StaffAction::Reopen,
    ] {
        assert_eq!(
            door.staff(BEN, action.clone()),
            "not done: not_yours; ask_reception",
            "{action:?}"
        );
        assert!(door.kinds().is_empty());
    }
    door.until("12:06");
    assert_eq!(door.staff(BEN, free(&door, "M1")), "done");
}

#[test]
fn every_action_records_who_did_it_and_why() {
    let mut door = Door::open(centre(&["E1"], &["M1"]), "10:00");
    door.walk_in("M1");
    let action = check_out(&door, "M1");
    assert_eq!(door.staff(ANNA, action.clone()), "done");
    assert_eq!(door.kinds(), ["visit.ended", "staff.acted"]);
    let acted = Event::StaffActed {
        by: ANNA.into(),
        station: "staff".into(),
        action,
        why: Why::Asked,
    };
    assert_eq!(door.events[1], acted);
}

// --- visits

#[test]
fn checking_out_ends_a_visit_by_staff() {
    let mut door = Door::open(centre(&["E1"], &["M1"]), "10:00");
    door.walk_in("M1");
    door.until("10:30");
    let leave = check_out(&door, "M1");
    assert_eq!(door.staff(ANNA, leave.clone()), "done");
    assert_eq!(
        door.ending("M1"),
        Some((EndedBy::Staff, at("10:30"), false))
    );
    assert_eq!(door.staff(ANNA, leave), "not done: over; look_again");
}

#[test]
fn an_abandoned_seat_is_tapped_free_once_it_is_overdue() {
    let mut door = Door::open(centre(&["E1"], &["M1", "M2"]), "10:00");
    door.walk_in("M1");
    door.until("12:04");
    assert_eq!(
        door.staff(ANNA, free(&door, "M1")),
        "not done: not_overdue; check_out"
    );
    door.until("12:30");
    assert_eq!(door.scan("M2"), "full: today; reserve_another_time");
    assert_eq!(door.staff(ANNA, free(&door, "M1")), "done");
    assert_eq!(
        door.ending("M1"),
        Some((EndedBy::Staff, at("12:00"), true)),
        "nobody saw when: what was promised is reckoned, and feeds no estimate"
    );
    door.pass(TimeDelta::seconds(10));
    assert!(door.walk_in("M2").starts_with("in: E1"));
}

#[test]
fn somebody_is_moved_to_a_seat_that_is_free_to_the_same_end() {
    let centre =
        centre(&["E1", "E2", "E3"], &["M1", "M2", "M3"]).seat("r1", "M3", "11:00", "12:00");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("M1");
    let (first, until) = (
        door.seat_of("M1"),
        door.today.visits[&door.visit("M1")].until,
    );
    door.walk_in("M2");
    let taken = door.seat_of("M2");
    let third = ["E1", "E2", "E3"]
        .into_iter()
        .find(|seat| *seat != first && *seat != taken)
        .unwrap();
    for (seat, says) in [
        (taken.as_str(), "not done: seat_taken; choose_another_seat"),
        (first.as_str(), "done"),
        ("Z9", "not done: seat_taken; choose_another_seat"),
    ] {
        if seat == first {
            continue;
        }
        assert_eq!(door.staff(ANNA, to_seat(&door, "M1", seat)), says, "{seat}");
    }
    // The plan keeps the third seat for the reservation; with the first one free that is as good.
    assert_eq!(
        door.staff(ANNA, to_seat(&door, "M1", third)),
        format!("done: {third} to 12:00")
    );
    assert_eq!(door.kinds(), ["seat.assigned", "staff.acted"]);
    assert_eq!(door.seat_of("M1"), third);
    assert_eq!(door.today.visits[&door.visit("M1")].until, until);
    assert_eq!(door.placed()["r1"], first);
}

#[test]
fn nobody_is_moved_onto_a_seat_that_somebody_needs() {
    let centre = centre(&["A1", "E1"], &["M1", "M2"]).seat_with_pc("r1", "M2", "11:00", "12:00");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("M1");
    assert_eq!(door.seat_of("M1"), "E1");
    assert_eq!(
        door.staff(ANNA, to_seat(&door, "M1", "A1")),
        "not done: seat_taken; choose_another_seat",
        "M2 has reserved the only PC"
    );
}

#[test]
fn a_move_needs_a_seat_and_time_left() {
    let centre = centre(&["E1", "E2"], &["M1", "M2"]).reserve(
        "r1",
        "M2",
        "10:30",
        "11:30",
        Purpose::Consultation,
    );
    let mut door = Door::open(centre, "10:00");
    door.walk_in("M1");
    door.scan("M2");
    assert_eq!(
        door.staff(ANNA, to_seat(&door, "M2", "E2")),
        "not done: no_seat; check_out"
    );
    door.until("12:01");
    assert_eq!(
        door.staff(ANNA, to_seat(&door, "M1", "E2")),
        "not done: over_time; extend_first"
    );
}

#[test]
fn staff_extend_past_the_days_total_and_never_past_somebody_else() {
    let centre = centre(&["E1"], &["M1", "M2"])
        .settings(|settings| settings.coworking.day_min = 120)
        .seat("r1", "M2", "14:00", "15:00");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("M1");
    assert_eq!(
        door.extend("M1"),
        "not extended: 12:00 day_total; see_staff"
    );
    assert_eq!(
        door.staff(ANNA, longer(&door, "M1", 60)),
        "done: E1 to 13:00"
    );
    assert_eq!(door.kinds(), ["visit.extended", "staff.acted"]);
    assert_eq!(
        door.staff(ANNA, longer(&door, "M1", 240)),
        "done: E1 to 13:55",
        "what is left"
    );
    assert_eq!(
        door.staff(ANNA, longer(&door, "M1", 60)),
        "not longer: reservation; move_visitor"
    );
}

// --- checking in

#[test]
fn whoever_has_no_pass_gets_what_a_scan_would_give() {
    let centre = centre(&["E1", "E2"], &["M1", "M2", "M3", "M4"])
        .seat("r1", "M1", "10:10", "11:00")
        .seat("r2", "M2", "11:30", "12:30")
        .member_who("M5", |member| member.state = MemberState::Suspended)
        .member_who("M6", |member| member.state = MemberState::Unverified);
    let mut door = Door::open(centre, "10:00");
    for (member, says, kinds) in [
        (
            "M1",
            "done: E1 to 11:00",
            &["visit.started", "seat.assigned", "staff.acted"][..],
        ),
        (
            "M2",
            "done: E2 to 12:30",
            &[
                "offer.made",
                "visit.started",
                "seat.assigned",
                "offer.ended",
                "staff.acted",
            ],
        ),
        ("M2", "not done: inside; look_again", &[]),
        ("M3", "not done: full; come_back", &[]),
        ("M5", "not done: suspended; ask_office", &[]),
        ("M9", "not done: unknown; ask_office", &[]),
    ] {
        assert_eq!(door.staff(ANNA, check_in(member)), says, "{member}");
        assert_eq!(door.kinds(), kinds, "{member}");
    }
    door.staff(ANNA, check_out(&door, "M1"));
    door.pass(TimeDelta::minutes(5));
    assert!(door.staff(ANNA, check_in("M6")).starts_with("done: E1"));
    assert_eq!(
        door.count("staff.called"),
        0,
        "staff need not be called to where they are"
    );
    door.until("18:30");
    assert_eq!(
        door.staff(ANNA, check_in("M4")),
        "not done: closed; come_back"
    );
}

#[test]
fn checking_in_ends_what_the_member_was_offered_elsewhere() {
    let mut door = Door::open(centre(&["E1"], &["M1"]), "10:00");
    assert!(door.scan("M1").starts_with("offer: E1"));
    assert!(door.staff(ANNA, check_in("M1")).starts_with("done: E1"));
    assert!(door.today.offers.is_empty());
}

// --- reservations nobody came for

#[test]
fn a_pardon_makes_a_reservation_usable_again() {
    let centre = centre(&["E1"], &["M1", "M2"]).seat("r1", "M1", "10:00", "12:00");
    let mut door = Door::open(centre, "09:30");
    assert_eq!(
        door.staff(ANNA, pardon("r1")),
        "not done: over; look_again",
        "it has not lapsed"
    );
    door.until("10:20");
    assert_eq!(door.count("reservation.no_show"), 1);
    assert_eq!(door.staff(ANNA, pardon("r1")), "done");
    assert_eq!(door.kinds(), ["reservation.pardoned", "staff.acted"]);
    door.until("10:40");
    assert_eq!(door.count("reservation.no_show"), 1, "it lapses no more");
    assert!(
        door.scan("M2").starts_with("full"),
        "the place is kept again"
    );
    assert_eq!(door.scan("M1"), "in: E1 to 12:00 own_reservation");
}

#[test]
fn a_pardon_takes_nobodys_place() {
    let centre = centre(&["E1"], &["M1", "M2"]).seat("r1", "M1", "10:00", "12:00");
    let mut door = Door::open(centre, "09:30");
    door.until("10:20");
    door.adopt(|centre| centre.later().seat("r2", "M2", "11:00", "12:00"));
    assert_eq!(door.staff(ANNA, pardon("r1")), "done");
    assert_eq!(door.placed().get("r2").map(String::as_str), Some("E1"));
    assert_eq!(door.count("reservation.unplaced"), 1);
    door.until("12:00");
    assert_eq!(door.staff(ANNA, pardon("r1")), "not done: over; look_again");
}

// --- the centre

#[test]
fn a_closure_lets_nobody_in_and_throws_nobody_out() {
    let centre =
        centre(&["E1", "E2", "E3"], &["M1", "M2", "M3"]).seat("r1", "M2", "11:10", "12:00");
    let mut door = Door::open(centre, "10:00");
    door.walk_in("M1");
    door.until("11:00");
    door.scan("M3");
    assert_eq!(door.staff(ANNA, close("11:30")), "done");
    assert_eq!(door.kinds(), ["centre.closed", "staff.acted"]);
    assert_eq!(
        door.choose("M3", 0),
        "lapsed; start_again",
        "an offer made before"
    );
    door.pass(TimeDelta::seconds(10));
    assert_eq!(
        door.scan("M3"),
        "closed: break, opens 11-24 11:30; come_back"
    );
    assert_eq!(
        door.scan_code("door", domain::code::Code::Reservation(number("r1")), true),
        "closed: break, opens 11-24 11:30; come_back",
        "a reservation does not help"
    );
    assert!(
        door.scan("M1").starts_with("inside: E"),
        "whoever is inside stays"
    );
    assert_eq!(
        door.staff(ANNA, check_in("M3")),
        "not done: closed; come_back"
    );
    door.until("11:29");
    assert_eq!(door.count("visit.ended"), 0);
    assert_eq!(door.count("reservation.no_show"), 0, "nobody could come");
    door.until("11:30");
    assert!(door.scan("M2").starts_with("in: E"));
}

#[test]
fn staff_open_again_before_the_time_and_close_to_another() {
    let mut door = Door::open(centre(&["E1"], &["M1"]), "10:00");
    for (action, says) in [
        (StaffAction::Reopen, "not done: over; look_again"),
        (close("09:00"), "not done: past_time; choose_later_time"),
        (close("12:00"), "done"),
        (close("11:00"), "done"),
    ] {
        assert_eq!(door.staff(ANNA, action.clone()), says, "{action:?}");
        door.pass(TimeDelta::seconds(10));
    }
    assert_eq!(
        door.scan("M1"),
        "closed: break, opens 11-24 11:00; come_back"
    );
    door.restart();
    assert!(
        door.scan("M1").starts_with("closed: break"),
        "a restart opens nothing"
    );
    assert_eq!(door.staff(ANNA, StaffAction::Reopen), "done");
    door.pass(TimeDelta::seconds(10));
    assert!(door.walk_in("M1").starts_with("in: E1"));
}

#[test]
fn screens_are_told_of_a_closure_as_of_a_break() {
    for (until, opens, is_break) in [
        ("15:00", "11-24 15:00", true),
        ("18:00", "11-25 09:30", false),
        ("20:00", "11-25 09:30", false),
    ] {
        let mut door = Door::open(centre(&["E1"], &[]), "10:00");
        door.staff(ANNA, close(until));
        let (reference, today) = (&door.centre.reference, &door.today);
        let told = phase(reference, today, door.now);
        assert_eq!(matches!(told, Phase::Break { .. }), is_break, "{told:?}");
        let next = next_opening(reference, today, door.now).unwrap();
        let next = format!(
            "{} {}",
            next.date.format("%m-%d"),
            next.time.format("%H:%M")
        );
        assert_eq!(next, opens, "{until}");
        let before = phase(reference, today, door.now - TimeDelta::minutes(1));
        assert!(matches!(before, Phase::Open { .. }), "{before:?}");
    }
}

// --- calls and notices

#[test]
fn calls_wait_until_they_are_answered() {
    let mut door = Door::open(centre(&["E1"], &[]), "10:00");
    let call = |door: &mut Door, station: &str, reason| {
        door.tell(&Command::CallStaff {
            station: station.into(),
            reason,
        });
    };
    call(&mut door, "door", CallReason::Visitor);
    call(&mut door, "desk", CallReason::Guest);
    call(&mut door, "door", CallReason::Visitor);
    let open: Vec<_> = door.today.staff.calls.clone();
    assert_eq!(open.len(), 2, "whoever calls again is called for already");
    let answer = StaffAction::AnswerCall {
        call: open[0].id.clone(),
    };
    assert_eq!(door.staff(BEN, answer.clone()), "done");
    assert_eq!(door.kinds(), ["staff.call_answered", "staff.acted"]);
    assert_eq!(door.today.staff.calls, open[1..]);
    assert_eq!(door.staff(BEN, answer), "not done: over; look_again");
    door.restart();
    assert_eq!(
        door.today.staff.calls,
        open[1..],
        "a restart answers nobody"
    );
}

#[test]
fn prepared_notices_are_up_for_a_day() {
    let mut door = Door::open(centre(&["E1"], &[]).prepared("printer"), "10:00");
    let up = |id: &str| StaffAction::PutUpNotice { notice: id.into() };
    let down = |id: &str| StaffAction::TakeDownNotice { notice: id.into() };
    for (action, says) in [
        (up("nothing"), "not done: over; look_again"),
        (down("printer"), "not done: over; look_again"),
        (up("printer"), "done"),
        (up("printer"), "not done: over; look_again"),
        (down("printer"), "done"),
        (up("printer"), "done"),
    ] {
        assert_eq!(door.staff(ANNA, action.clone()), says, "{action:?}");
    }
    assert!(door.today.staff.notices.contains(&"printer".into()));
    door.until("11-25 09:00");
    assert!(door.today.staff.notices.is_empty());
}

#[test]
fn a_card_that_takes_over_knows_what_staff_have_done() {
    let centre = centre(&["E1"], &["M1"])
        .prepared("printer")
        .seat("r1", "M1", "10:00", "12:00");
    let mut door = Door::open(centre, "09:30");
    door.until("10:20");
    door.staff(ANNA, pardon("r1"));
    door.staff(ANNA, close("11:00"));
    door.sign_in(Some(ANNA), false);
    let staff = door.today.handed_over().staff;
    assert_eq!(staff.closures, door.today.staff.closures);
    assert_eq!(staff.pardoned, door.today.staff.pardoned);
    assert_eq!(staff.sign_in_errors[0].last_ms, 0, "its uptime is another");
}
