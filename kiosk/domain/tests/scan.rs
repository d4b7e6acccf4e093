//! What the door answers to a scan, in the order of rules section 2, and the remedy with every answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, Door, pass};
use domain::code::{Badge, Claim};
use domain::event::{CallReason, Event, Refusal};
use domain::reference::{MemberState, Purpose};

/// What a member is told who holds their pass to the scanner at this time.
fn check(centre: Centre, time: &str, expected: &str) {
    let told = Door::open(centre, time).scan("m1");
    assert_eq!(told, expected, "at {time}");
}

fn centre() -> Centre {
    Centre::new().members(&["m1", "m2", "m3"])
}

#[test]
fn the_day_without_a_reservation() {
    for (time, expected) in [
        (
            "08:00",
            "closed: not yet open, opens 11-24 09:30; come_back",
        ),
        (
            "09:29:59",
            "closed: not yet open, opens 11-24 09:30; come_back",
        ),
        ("09:30", "offer: E5 to 11:30 grant | A1 to 11:30 grant"),
        ("16:30", "offer: E5 to 18:00 closing | A1 to 18:00 closing"),
        ("17:30", "offer: E5 to 18:00 closing | A1 to 18:00 closing"),
        ("17:30:01", "closed: ended, opens 11-25 09:30; come_back"),
        ("17:59:59", "closed: ended, opens 11-25 09:30; come_back"),
        ("18:00", "closed: ended, opens 11-25 09:30; come_back"),
        ("11-28 17:00", "closed: ended, opens 11-30 09:30; come_back"),
    ] {
        check(centre(), time, expected);
    }
}

#[test]
fn closed_days_and_closures_say_why() {
    check(
        centre().closed_all_day("設備点検"),
        "10:00",
        "closed: 設備点検, opens 11-25 09:30; come_back",
    );
    check(
        centre(),
        "11-22 10:00",
        "closed: 休業日, opens 11-24 09:30; come_back",
    );
    let noon = || centre().closed("13:00", "15:00", "点検");
    check(
        noon(),
        "12:30",
        "offer: E5 to 13:00 closing | A1 to 13:00 closing",
    );
    check(
        noon(),
        "12:45",
        "closed: break, opens 11-24 15:00; come_back",
    );
    check(
        noon(),
        "13:00",
        "closed: break, opens 11-24 15:00; come_back",
    );
    check(
        noon(),
        "15:00",
        "offer: E5 to 17:00 grant | A1 to 17:00 grant",
    );
    check(
        centre().closed("14:00", "18:00", "台風"),
        "15:00",
        "closed: 台風, opens 11-25 09:30; come_back",
    );
}

#[test]
fn the_way_to_a_reserved_seat() {
    let centre = || {
        centre()
            .only(&["E1", "E2"])
            .seat("r1", "m1", "14:00", "16:00")
    };
    for (time, expected) in [
        (
            "09:15",
            "closed: not yet open, opens 11-24 09:30; come_back",
        ),
        (
            "10:00",
            "early: seat 14:00, doors 13:45; until then E1 to 14:00 own_reservation and on to 16:00; take_seat_until_then",
        ),
        (
            "13:44:59",
            "early: seat 14:00, doors 13:45; until then E1 to 14:00 own_reservation and on to 16:00; take_seat_until_then",
        ),
        ("13:45", "in: E1 to 16:00 own_reservation"),
        ("14:14:59", "in: E1 to 16:00 own_reservation"),
        ("14:15", "offer: E1 to 16:15 grant"),
        ("15:59", "offer: E1 to 17:59 grant"),
    ] {
        check(centre(), time, expected);
    }
}

#[test]
fn programmes_and_consultations() {
    let programme = || {
        centre()
            .programme("DX入門", "14:00", "16:00")
            .place_in("r1", "m1", "DX入門")
    };
    check(
        programme(),
        "13:39",
        "early: DX入門 14:00, doors 13:40; until then E5 to 13:55 own_reservation; take_seat_until_then",
    );
    check(
        programme(),
        "13:40",
        "in: DX入門 in pc to 16:00 own_reservation",
    );
    check(
        programme(),
        "14:29",
        "in: DX入門 in pc to 16:00 own_reservation",
    );
    check(
        programme(),
        "14:30",
        "no place: DX入門 last_entry; E5 to 16:30 grant; see_staff",
    );
    check(programme(), "16:00", "offer: E5 to 18:00 grant");
    let consultation = centre().reserve("r1", "m1", "14:00", "14:45", Purpose::Consultation);
    check(
        consultation,
        "10:00",
        "in: consultation to 14:45 own_reservation",
    );
}

#[test]
fn the_evening_is_for_its_programme_only() {
    let evening = || centre().programme("夜間講座", "18:30", "20:30");
    let invited = || {
        evening()
            .seat("r1", "m1", "16:00", "19:00")
            .place_in("r2", "m1", "夜間講座")
    };
    check(
        evening(),
        "17:59:59",
        "closed: ended, opens 11-25 09:30; come_back",
    );
    check(
        evening(),
        "18:00",
        "closed: programme only, opens 11-25 09:30; come_back",
    );
    check(
        invited(),
        "18:00",
        "in: 夜間講座 in pc to 20:30 own_reservation",
    );
    check(
        invited(),
        "20:29",
        "no place: 夜間講座 last_entry; see_staff",
    );
    check(
        invited(),
        "20:30",
        "closed: ended, opens 11-25 09:30; come_back",
    );
    let mut cancelled = invited();
    cancelled
        .reference
        .programmes
        .get_mut(&"夜間講座".into())
        .unwrap()
        .cancelled = true;
    check(
        cancelled,
        "18:00",
        "closed: ended, opens 11-25 09:30; come_back",
    );
}

#[test]
fn reservations_that_are_not_for_now() {
    let walk_in = "offer: E5 to 12:00 grant | A1 to 12:00 grant";
    check(
        centre().seat("r1", "m1", "10:00", "12:00").cancel("r1"),
        "10:00",
        walk_in,
    );
    check(
        centre().seat("r1", "m1", "11-25 10:00", "11-25 12:00"),
        "10:00",
        walk_in,
    );
    check(
        centre().seat("r1", "m2", "14:30", "16:00"),
        "10:00",
        walk_in,
    );
}

#[test]
fn the_state_of_the_membership() {
    let who = |state| Centre::new().member_who("m1", move |member| member.state = state);
    check(
        who(MemberState::Unverified),
        "10:00",
        "offer: E5 to 12:00 grant | A1 to 12:00 grant, show_proof",
    );
    check(
        who(MemberState::Suspended),
        "10:00",
        "not recognised; see_staff",
    );
    check(
        who(MemberState::Revoked),
        "10:00",
        "not recognised; see_staff",
    );
    let expired = || {
        Centre::new().member_who("m1", |member| {
            member.valid_until = "2026-11-23".parse().unwrap()
        })
    };
    check(
        expired(),
        "10:00",
        "offer: E5 to 12:00 grant | A1 to 12:00 grant, renew",
    );
    let last_day = Centre::new().member_who("m1", |member| {
        member.valid_until = "2026-11-24".parse().unwrap()
    });
    check(
        last_day,
        "10:00",
        "offer: E5 to 12:00 grant | A1 to 12:00 grant",
    );
}

#[test]
fn the_neutral_screen_hides_what_staff_are_told() {
    let mut centre = Centre::new()
        .member_who("m1", |member| member.state = MemberState::Suspended)
        .member_who("m2", |member| member.state = MemberState::Revoked)
        .member("m3");
    centre
        .reference
        .passes
        .get_mut(&pass("m3").digest())
        .unwrap()
        .revoked = true;
    let mut door = Door::open(centre, "10:00");
    for (who, reason) in [
        ("m1", Refusal::Suspended),
        ("m2", Refusal::MemberRevoked),
        ("m3", Refusal::PassRevoked),
        ("nobody", Refusal::Unknown),
    ] {
        assert_eq!(door.scan(who), "not recognised; see_staff");
        let told =
            matches!(door.events[..], [Event::ScanRefused { reason: is, .. }] if is == reason);
        assert!(told, "{who}: {:?}", door.events);
    }
}

#[test]
fn an_unverified_member_comes_in_and_staff_are_called() {
    let mut door = Door::open(
        Centre::new().member_who("m1", |member| member.state = MemberState::Unverified),
        "10:00",
    );
    assert_eq!(door.walk_in("m1"), "in: E5 to 12:00 grant, show_proof");
    let called = |event: &Event| {
        matches!(
            event,
            Event::StaffCalled {
                reason: CallReason::Unverified,
                ..
            }
        )
    };
    assert!(door.events.iter().any(called));
}

#[test]
fn an_expired_member_comes_once_more_and_then_renews() {
    let expired = Centre::new().member_who("m1", |member| {
        member.valid_until = "2026-11-20".parse().unwrap()
    });
    let mut door = Door::open(expired, "10:00");
    assert_eq!(door.walk_in("m1"), "in: E5 to 12:00 grant, renew");
    assert_eq!(
        door.pass(TimeDelta::seconds(6)).scan("m1"),
        "inside: E5 to 12:00, may stay to 13:00"
    );
    door.leave("m1");
    assert_eq!(
        door.pass(TimeDelta::seconds(6)).scan("m1"),
        "expired 2026-11-20; renew"
    );
    assert_eq!(
        door.until("11-26 10:00").scan("m1"),
        "expired 2026-11-20; renew",
        "days later"
    );
    door.restart();
    assert_eq!(
        door.scan("m1"),
        "expired 2026-11-20; renew",
        "after a restart"
    );
    door.adopt(|centre| centre.member("m1"));
    assert_eq!(
        door.pass(TimeDelta::seconds(6)).scan("m1"),
        "offer: E5 to 12:00:06 grant | A1 to 12:00:06 grant",
        "renewed"
    );
    door.until("11-27 10:00");
    door.adopt(|centre| {
        centre.member_who("m1", |member| {
            member.valid_until = "2026-11-26".parse().unwrap()
        })
    });
    assert_eq!(
        door.scan("m1"),
        "offer: E5 to 12:00 grant | A1 to 12:00 grant, renew",
        "run out another year"
    );
}

#[test]
fn a_courtesy_that_was_only_offered_is_not_used() {
    let expired = Centre::new().member_who("m1", |member| {
        member.valid_until = "2026-11-20".parse().unwrap()
    });
    let mut door = Door::open(expired, "10:00");
    door.scan("m1");
    assert_eq!(
        door.until("10:10").scan("m1"),
        "offer: E5 to 12:10 grant | A1 to 12:10 grant, renew"
    );
}

#[test]
fn what_is_no_code_of_ours() {
    let centre = centre();
    for (bytes, expected) in [
        (&b""[..], "unreadable; hold_again"),
        (b"\x00\x01\r\n", "unreadable; hold_again"),
        (&[0xE5, 0x93, 0x81], "unreadable; hold_again"),
        (&[b'A'; 161], "unreadable; hold_again"),
        (&[b'A'; 160], "not recognised; see_staff"),
        (b"https://example.com/", "not recognised; see_staff"),
        (b"K3PC07", "not recognised; see_staff"),
        (
            Badge::from_bits([7; 16]).as_str().as_bytes(),
            "not recognised; see_staff",
        ),
        (
            Claim::from_bits([7; 16]).as_str().as_bytes(),
            "not recognised; see_staff",
        ),
        (b"]Q1K1", "not recognised; see_staff"),
    ] {
        let mut door = Door::open(centre.clone(), "10:00");
        assert_eq!(door.read(bytes), expected, "{bytes:?}");
        assert_eq!(door.kinds(), ["scan.refused"], "nothing else happens");
    }
    let mut framed = b"]Q1".to_vec();
    framed.extend(pass("m1").as_str().as_bytes());
    framed.extend(b"\r\n");
    assert_eq!(
        Door::open(centre, "10:00").read(&framed),
        "offer: E5 to 12:00 grant | A1 to 12:00 grant"
    );
}

#[test]
fn the_same_code_within_five_seconds_gets_the_same_answer() {
    let mut door = Door::open(
        centre().only(&["E1"]).seat("r1", "m1", "10:00", "12:00"),
        "09:45",
    );
    let first = door.scan("m1");
    assert_eq!(first, "in: E1 to 12:00 own_reservation");
    door.skip(TimeDelta::milliseconds(4999));
    assert_eq!(door.scan("m1"), first, "not the menu yet");
    assert!(door.events.is_empty());
    let menu = "inside: E1 to 12:00, may stay to 13:00";
    assert_eq!(door.scan_at("desk", "m1"), menu, "at another station");
    door.skip(TimeDelta::milliseconds(4999));
    assert_eq!(
        door.scan("m1"),
        first,
        "a phone left lying before the scanner"
    );
    door.skip(TimeDelta::seconds(5));
    assert_eq!(door.scan("m1"), menu);
}

#[test]
fn a_repeated_answer_is_still_true() {
    let mut door = Door::open(centre(), "10:00");
    let offered = door.scan("m1");
    door.skip(TimeDelta::seconds(2));
    assert_eq!(door.scan("m1"), offered);
    assert_eq!(door.count("offer.made"), 1, "and holds nothing twice");
    door.choose("m1", 0);
    assert_eq!(
        door.scan("m1"),
        "inside: E5 to 12:00, may stay to 13:00",
        "no offer that is over"
    );
    door.leave("m1");
    assert_eq!(
        &door.scan("m1")[..5],
        "offer",
        "no menu of a visit that is over"
    );
    assert_eq!(door.read(b"?"), "not recognised; see_staff");
    assert_eq!(door.read(b"?"), "not recognised; see_staff");
    assert_eq!(door.count("scan.refused"), 1, "counted once");
}

#[test]
fn many_unknown_codes_tell_staff_once() {
    let mut door = Door::open(centre(), "10:00");
    let calls = |door: &Door| door.count("staff.called");
    for (nth, expected) in [(1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (6, 1), (7, 1)] {
        door.scan(&format!("stranger{nth}"));
        assert_eq!(calls(&door), expected, "after {nth}");
    }
    door.scan("m1");
    (1..=4).for_each(|nth| drop(door.scan(&format!("stranger{nth}"))));
    assert_eq!(calls(&door), 1, "a member between begins the count anew");
    door.scan("stranger5");
    assert_eq!(calls(&door), 2);
    (1..=4).for_each(|nth| drop(door.scan_at("desk", &format!("other{nth}"))));
    assert_eq!(calls(&door), 2, "each station for itself");
}

#[test]
fn time_nobody_vouches_for_refuses_nobody() {
    let centre = || {
        centre()
            .only(&["E1", "E2"])
            .seat("r1", "m1", "14:00", "16:00")
            .closed_all_day("点検")
    };
    for time in ["03:00", "10:00", "13:00", "14:30"] {
        let mut door = Door::open_untrusted(centre(), time);
        assert_eq!(
            door.scan("m1"),
            "in: E1 to 16:00 own_reservation",
            "the reservation counts without its window, {time}"
        );
        assert_eq!(&door.scan("m2")[..8], "offer: E", "without one, {time}");
    }
    let expired = Centre::new().member_who("m1", |member| {
        member.valid_until = "2020-01-01".parse().unwrap()
    });
    assert_eq!(
        Door::open_untrusted(expired, "10:00").scan("m1"),
        "offer: E5 to 12:00 grant | A1 to 12:00 grant"
    );
    let mut door = Door::open_untrusted(centre(), "10:00");
    for day in 1..=4 {
        assert_eq!(
            &door.scan("m2")[..5],
            "offer",
            "day {day} of a day that never ends"
        );
        door.choose("m2", 0);
        door.pass(TimeDelta::hours(3)).leave("m2");
        door.pass(TimeDelta::hours(21));
    }
}

#[test]
fn the_menu_of_those_inside_comes_before_everything_else() {
    let mut door = Door::open(centre().seat("r1", "m1", "14:00", "16:00"), "10:00");
    door.scan("m2");
    door.choose("m2", 1);
    assert_eq!(
        door.until("11:00").scan_at("desk", "m2"),
        "inside: A1 to 12:00, may stay to 13:00",
        "on whichever station"
    );
    door.adopt(|centre| centre.seat("r2", "m2", "11:00", "12:00"));
    assert_eq!(
        door.until("11:01").scan("m2"),
        "inside: A1 to 12:00, no longer: own_reservation, next seat 11:00"
    );
}
