//! The consultation rooms (rules section 6): advisers, people without a reservation, start and end, and nobody there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Centre, Door, at};
use domain::Command;
use domain::adviser::{Adviser, AdviserRole, AdviserState, Slot, SlotPurpose};
use domain::event::Event;
use domain::reference::{Category, Purpose};

const AVAILABLE: AdviserState = AdviserState::Available;
const OUT: AdviserState = AdviserState::Out;

/// Two advisers and a management consultant; slots from 10:00, 11:00, 14:00 and 15:00, each 45 minutes; m9 is no business.
fn centre() -> Centre {
    let mut centre = Centre::new()
        .only(&["E1", "E2"])
        .members(&["m1", "m2", "m3", "m4"])
        .member_who("m9", |is| is.category = Category::JobSeeker);
    let adviser = |id: &str, role| Adviser {
        id: id.into(),
        role,
    };
    let slot = |from: &str, to: &str| Slot {
        from: at(from).time(),
        to: at(to).time(),
        purpose: SlotPurpose::Advice,
    };
    centre.reference.advice.advisers = vec![
        adviser("a1", AdviserRole::Adviser),
        adviser("a2", AdviserRole::Adviser),
        adviser("c1", AdviserRole::ManagementConsultant),
    ];
    centre.reference.advice.slots = vec![
        slot("10:00", "10:45"),
        slot("11:00", "11:45"),
        slot("14:00", "14:45"),
        slot("15:00", "15:45"),
    ];
    assert_eq!(centre.reference.advice.check(), Ok(()));
    centre
}

fn is(door: &mut Door, adviser: &str, state: AdviserState) {
    door.tell(&Command::SetAdviserState {
        adviser: adviser.into(),
        state,
    });
}

fn start(door: &mut Door, member: &str, advisers: &[&str]) -> String {
    let visit = door.visit(member);
    let advisers = advisers.iter().map(|id| (*id).into()).collect();
    door.tell(&Command::StartConsultation { visit, advisers })
}

fn end(door: &mut Door, member: &str) -> String {
    let visit = door.visit(member);
    door.tell(&Command::EndConsultation { visit })
}

fn state(door: &Door, adviser: &str) -> AdviserState {
    door.today.rooms.advisers[&adviser.into()].state
}

#[test]
fn people_without_a_reservation_are_seen_while_enough_of_a_slot_is_free() {
    let seats = "E1 to 12:05 grant";
    for (time, member, advisers, expected) in [
        (
            "10:05",
            "m1",
            1,
            "offer: E1 to 12:05 grant | consultation to 10:45",
        ),
        (
            "10:25",
            "m1",
            1,
            "offer: E1 to 12:25 grant | consultation to 10:45",
        ),
        ("10:26", "m1", 1, "offer: E1 to 12:26 grant"),
        ("10:50", "m1", 1, "offer: E1 to 12:50 grant"),
        ("10:05", "m1", 0, "offer: E1 to 12:05 grant"),
        ("10:05", "m9", 1, "offer: E1 to 12:05 grant"),
    ] {
        let mut door = Door::open(centre(), time);
        if advisers > 0 {
            is(&mut door, "a1", AVAILABLE);
        }
        assert_eq!(door.scan(member), expected, "{member} at {time}");
    }
    let mut door = Door::open(centre(), "10:05");
    is(&mut door, "c1", AVAILABLE);
    assert_eq!(
        door.scan("m1"),
        format!("offer: {seats}"),
        "a management consultant is no adviser"
    );
}

#[test]
fn whoever_chooses_it_waits_for_the_adviser_who_is_called() {
    let mut door = Door::open(centre(), "10:05");
    is(&mut door, "a1", AVAILABLE);
    door.scan("m1");
    assert_eq!(
        door.choose("m1", 1),
        "in: consultation to 10:45 own_reservation"
    );
    assert_eq!(
        door.kinds(),
        [
            "visit.started",
            "consultation.awaited",
            "staff.called",
            "offer.ended"
        ]
    );
    assert_eq!(
        door.scan("m2"),
        "offer: E1 to 12:05 grant",
        "the one adviser is for m1"
    );
    assert_eq!(start(&mut door, "m1", &["a1"]), "");
    assert_eq!(state(&door, "a1"), AdviserState::WithVisitor);
    door.until("10:30");
    assert_eq!(end(&mut door, "m1"), "");
    assert_eq!(state(&door, "a1"), AVAILABLE);
    assert_eq!(end(&mut door, "m1"), "lapsed; start_again", "once only");
    assert_eq!(door.replayed().rooms, door.today.rooms);
}

#[test]
fn while_every_adviser_is_with_somebody_there_is_a_wait_and_a_seat_meanwhile() {
    let mut door = Door::open(centre(), "14:05");
    is(&mut door, "a1", AVAILABLE);
    door.walk_in("m1");
    start(&mut door, "m1", &["a1"]);
    // The slot ends with the consultation, so the next one counts.
    assert_eq!(door.scan("m2"), "offer: E2 to 16:05 grant");
    door.adopt(|mut centre| {
        centre.reference.advice.slots[2].to = at("15:00").time();
        centre
    });
    end(&mut door, "m1");
    start(&mut door, "m1", &["a1"]);
    door.until("14:35");
    assert_eq!(
        door.scan("m2"),
        "offer: E2 to 16:35 grant | consultation to 15:45 in 20-30"
    );
    assert_eq!(door.choose("m2", 1), "in: E2 to 16:35 grant, await_adviser");
    assert_eq!(door.today.rooms.waiting, [door.visit("m2")]);
    assert_eq!(
        door.scan("m3"),
        "full: free 16:10; take_number",
        "one adviser, and m2 comes before"
    );
}

#[test]
fn a_reserved_time_is_kept_and_its_rest_is_open_after_a_while() {
    let reserved = || centre().reserve("r1", "m1", "10:00", "10:45", Purpose::Consultation);
    for (time, expected) in [
        ("10:14", "offer: E1 to 12:14 grant"),
        ("10:15", "offer: E1 to 12:15 grant | consultation to 10:45"),
    ] {
        let mut door = Door::open(reserved(), time);
        is(&mut door, "a1", AVAILABLE);
        assert_eq!(door.scan("m2"), expected, "at {time}");
    }
    let mut door = Door::open(reserved(), "10:12");
    is(&mut door, "a1", AVAILABLE);
    assert_eq!(
        door.scan("m1"),
        "in: consultation to 10:45 own_reservation",
        "whoever is late has the rest"
    );
    door.until("10:20");
    assert_eq!(
        door.scan("m2"),
        "offer: E1 to 12:20 grant",
        "and is here: nobody comes between"
    );
    start(&mut door, "m1", &["a1", "c1"]);
    let Some(Event::ConsultationStarted(started)) = door
        .events
        .iter()
        .find(|event| matches!(event, Event::ConsultationStarted(_)))
    else {
        panic!("{:?}", door.events)
    };
    assert_eq!(started.reservation, Some("r1".into()));
    assert_eq!(started.until, at("10:45"));
    assert_eq!(started.advisers.len(), 2, "a joint consultation");
    door.until("11:30");
    assert!(
        door.today
            .rooms
            .consultations
            .contains_key(&door.visit("m1")),
        "nobody in the room is put out"
    );
}

#[test]
fn a_consultation_is_a_use_within_the_stay_on_a_seat() {
    let centre = centre().seat("r1", "m1", "10:00", "12:00").reserve(
        "r2",
        "m1",
        "11:00",
        "11:45",
        Purpose::Consultation,
    );
    let mut door = Door::open(centre, "10:00");
    assert_eq!(
        door.scan("m1"),
        "in: E1 to 12:00 own_reservation, next consultation 11:00"
    );
    door.until("11:00");
    start(&mut door, "m1", &["a1"]);
    assert_eq!(door.seat_of("m1"), "E1", "the seat stays theirs");
    assert_eq!(
        door.scan("m1"),
        "inside: E1 to 12:00, may stay to 13:00",
        "it is not before them any more"
    );
    door.until("11:20");
    door.leave("m1");
    assert_eq!(
        state(&door, "a1"),
        AVAILABLE,
        "whoever leaves sets the adviser free"
    );
}

#[test]
fn a_consultation_begins_once_and_with_advisers_who_are_free() {
    let mut door = Door::open(centre(), "10:05");
    is(&mut door, "a1", AVAILABLE);
    door.walk_in("m1");
    door.walk_in("m2");
    let refused = "lapsed; start_again";
    assert_eq!(start(&mut door, "m1", &[]), refused);
    assert_eq!(start(&mut door, "m1", &["nobody"]), refused);
    assert_eq!(start(&mut door, "m1", &["a1"]), "");
    assert_eq!(start(&mut door, "m1", &["a2"]), refused);
    assert_eq!(start(&mut door, "m2", &["a1"]), refused);
    assert_eq!(
        start(&mut door, "m2", &["a2"]),
        "",
        "a2 had not said so, and is here"
    );
    door.leave("m1");
    assert_eq!(start(&mut door, "m1", &["a1"]), refused);
}

#[test]
fn that_nobody_is_there_to_advise_is_an_alarm_in_opening_hours() {
    let mut door = Door::open(centre(), "09:00");
    door.until("10:00");
    assert_eq!(door.today.rooms.alarm_since, Some(at("09:30")));
    assert_eq!(door.count("staffing.alarm"), 1, "told once");
    is(&mut door, "c1", AVAILABLE);
    assert!(door.today.rooms.alarm_since.is_some());
    is(&mut door, "a1", AVAILABLE);
    assert_eq!(door.kinds(), ["adviser.state_set", "staffing.restored"]);
    is(&mut door, "a2", AVAILABLE);
    is(&mut door, "a1", OUT);
    assert_eq!(door.today.rooms.alarm_since, None);
    door.until("12:00");
    is(&mut door, "a2", AdviserState::Break);
    assert_eq!(door.today.rooms.alarm_since, Some(at("12:00")));
    is(&mut door, "a2", AVAILABLE);
    door.until("18:30");
    is(&mut door, "a2", OUT);
    assert_eq!(
        door.count("staffing.alarm"),
        2,
        "after closing nobody is missed"
    );
    let mut none = Door::open(Centre::new(), "09:00");
    none.until("12:00");
    assert_eq!(
        none.count("staffing.alarm"),
        0,
        "a centre that advises nobody"
    );
}
