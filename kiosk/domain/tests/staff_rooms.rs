//! Staff in the consultation rooms, with guests and the queue, and on duty at reception, as tables and small stories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Centre, Door, at};
use domain::Command;
use domain::adviser::{Adviser, AdviserRole, AdviserState};
use domain::consultation::awaiting;
use domain::event::{EndedBy, Event, GuestPurpose};
use domain::floor::Features;
use domain::ids::TicketId;
use domain::reference::Purpose;
use domain::staff::{Role, StaffAction};

const ANNA: &str = "anna";
const BEN: &str = "ben";
const CHRIS: &str = "chris";

/// Two receptionists and an adviser sign in; two advisers and a management consultant advise.
fn centre(seats: &[&str]) -> Centre {
    let mut centre = Centre::new()
        .only(seats)
        .members(&["m1", "m2", "m3"])
        .staff(ANNA, Role::Receptionist)
        .staff(CHRIS, Role::Lead)
        .staff(BEN, Role::Adviser);
    let adviser = |id: &str, role| Adviser {
        id: id.into(),
        role,
    };
    centre.reference.advice.advisers = vec![
        adviser("a1", AdviserRole::Adviser),
        adviser("a2", AdviserRole::Adviser),
        adviser("c1", AdviserRole::ManagementConsultant),
    ];
    centre
}

fn is(adviser: &str, state: AdviserState) -> StaffAction {
    let adviser = adviser.into();
    StaffAction::SetAdviserState { adviser, state }
}

fn start(door: &Door, member: &str, advisers: &[&str]) -> StaffAction {
    StaffAction::StartConsultation {
        visit: door.visit(member),
        advisers: advisers.iter().map(|id| (*id).into()).collect(),
    }
}

fn end(door: &Door, member: &str) -> StaffAction {
    let visit = door.visit(member);
    StaffAction::EndConsultation { visit }
}

#[test]
fn advisers_and_consultations_are_one_touch_of_whoever_signed_in() {
    let reserved =
        centre(&["E1", "E2", "E3"]).reserve("r1", "m2", "10:00", "10:45", Purpose::Consultation);
    let mut door = Door::open(reserved, "10:00");
    door.walk_in("m1");
    door.scan("m2");
    let waits = |door: &Door| -> Vec<String> {
        let reference = &door.centre.reference;
        awaiting(reference, &door.today)
            .iter()
            .map(|(visit, _)| visit.member.to_string())
            .collect()
    };
    assert_eq!(waits(&door), ["m2"]);
    for (by, action, says, kinds) in [
        (
            BEN,
            is("a1", AdviserState::Available),
            "done",
            &["adviser.state_set", "staffing.restored", "staff.acted"][..],
        ),
        (
            BEN,
            is("a1", AdviserState::Available),
            "not done: over; look_again",
            &[],
        ),
        (
            ANNA,
            is("a9", AdviserState::Out),
            "not done: over; look_again",
            &[],
        ),
        (
            ANNA,
            start(&door, "m2", &["a1", "c1"]),
            "done",
            &["adviser.state_set", "consultation.started", "staff.acted"],
        ),
        (
            ANNA,
            start(&door, "m1", &["a1"]),
            "not done: in_consultation; end_consultation",
            &[],
        ),
        (
            ANNA,
            start(&door, "m2", &["a2"]),
            "not done: in_consultation; end_consultation",
            &[],
        ),
        (
            ANNA,
            start(&door, "m1", &[]),
            "not done: over; look_again",
            &[],
        ),
        (
            BEN,
            end(&door, "m2"),
            "done",
            &["consultation.ended", "staff.acted"],
        ),
        (BEN, end(&door, "m2"), "not done: over; look_again", &[]),
    ] {
        assert_eq!(door.staff(by, action.clone()), says, "{by}: {action:?}");
        assert_eq!(door.kinds(), kinds, "{action:?}");
    }
    assert_eq!(waits(&door), [""; 0], "advised");
    assert_eq!(door.replayed().rooms, door.today.rooms);
}

#[test]
fn a_guest_is_seen_out_once() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.tell(&Command::ReceiveGuest {
        station: "door".into(),
        purpose: GuestPurpose::Tour,
    });
    let guest = door.today.guests.keys().next().unwrap().clone();
    door.until("10:20");
    let see_out = StaffAction::SeeOut { guest };
    assert_eq!(
        door.staff(BEN, see_out.clone()),
        "not done: not_yours; ask_reception"
    );
    assert_eq!(door.staff(ANNA, see_out.clone()), "done");
    let Event::GuestLeft {
        ended_by, left_at, ..
    } = &door.events[0]
    else {
        panic!("{:?}", door.events)
    };
    assert_eq!((*ended_by, *left_at), (EndedBy::Staff, at("10:20")));
    assert!(door.today.guests.is_empty());
    assert_eq!(door.staff(ANNA, see_out), "not done: over; look_again");
}

fn waits(door: &mut Door, member: &str) -> TicketId {
    door.join(member);
    door.ticket_of(member).unwrap().id.clone()
}

#[test]
fn only_the_first_who_waits_is_called_by_hand_and_only_to_a_free_seat() {
    let centre = centre(&["E1", "A1"]).member_who("m2", |is| {
        is.needs = Features {
            pc: true,
            ..Features::default()
        };
    });
    let mut door = Door::open(centre, "10:00");
    door.walk_in("m1");
    door.walk_in("m3");
    let is_on = |door: &Door, seat: &str| {
        ["m1", "m3"]
            .into_iter()
            .find(|one| door.seat_of(one) == seat)
            .unwrap()
    };
    let (plain, with_pc) = (is_on(&door, "E1"), is_on(&door, "A1"));
    let first = waits(&mut door, "m2");
    door.leave(plain);
    let second = {
        door.adopt(|centre| centre.members(&["m4"]));
        door.pass(chrono::TimeDelta::minutes(5));
        assert!(
            door.walk_in("m4").starts_with("in: E1"),
            "no PC, so not m2's"
        );
        door.adopt(|centre| centre.members(&["m5"]));
        waits(&mut door, "m5")
    };
    let call = |ticket: &TicketId| StaffAction::CallNext {
        ticket: ticket.clone(),
    };
    assert_eq!(
        door.staff(ANNA, call(&second)),
        "not done: not_next; call_first"
    );
    assert_eq!(door.staff(ANNA, call(&first)), "not done: full; come_back");
    door.tell(&Command::GiveUp { ticket: second });
    door.leave("m4");
    assert!(door.today.queue.called().next().is_none(), "no PC there");
    door.pass(chrono::TimeDelta::minutes(5));
    let says = door.staff(ANNA, call(&first));
    assert!(says.starts_with("done: E1 to"), "{says}");
    assert_eq!(door.kinds(), ["queue.called", "staff.acted"]);
    assert_eq!(
        door.staff(ANNA, call(&first)),
        "not done: over; look_again",
        "called already"
    );
    assert!(door.scan("m2").starts_with("in: E1"));
    assert_ne!(door.seat_of(with_pc), "E1", "nobody has moved");
}

#[test]
fn somebody_inside_and_too_late_is_let_in_to_the_programme_while_it_has_room() {
    let centre = centre(&["E1", "E2"])
        .programme("p1", "11:00", "12:00")
        .programme_is("p1", |is| (is.capacity, is.zone) = (1, None))
        .place_in("r1", "m1", "p1")
        .place_in("r2", "m2", "p1");
    let mut door = Door::open(centre, "11:31");
    for member in ["m1", "m2"] {
        let said = door.scan(member);
        assert!(said.starts_with("no place: p1 last_entry"), "{said}");
        door.choose(member, 0);
    }
    let check_in = |member: &str| StaffAction::CheckIn {
        member: member.into(),
    };
    assert_eq!(
        door.staff(ANNA, check_in("m3")),
        "not done: full; come_back"
    );
    let says = door.staff(ANNA, check_in("m1"));
    assert!(says.ends_with("to 12:00"), "{says}");
    assert_eq!(door.kinds(), ["attendance.started", "staff.acted"]);
    assert_eq!(
        door.staff(ANNA, check_in("m2")),
        "not done: full; come_back",
        "never more than its capacity"
    );
    assert_eq!(
        door.staff(ANNA, check_in("m1")),
        "not done: inside; look_again"
    );
}

// --- on duty

fn on(door: &mut Door, who: &str) -> String {
    door.staff(who, StaffAction::BeginDuty)
}

fn off(door: &mut Door, who: &str) -> String {
    door.staff(who, StaffAction::EndDuty)
}

#[test]
fn too_few_on_duty_in_opening_hours_is_told_until_they_are_enough() {
    let mut door = Door::open(centre(&["E1"]), "09:00");
    assert_eq!(on(&mut door, ANNA), "done");
    assert_eq!(door.kinds(), ["staff.duty_set", "staff.acted"]);
    assert_eq!(on(&mut door, ANNA), "not done: over; look_again");
    assert_eq!(on(&mut door, BEN), "not done: not_yours; ask_reception");
    assert_eq!(door.count("reception.short"), 0, "not open yet");
    door.until("09:30");
    assert_eq!(door.count("reception.short"), 1);
    let short = door.events.iter().find_map(|event| match event {
        Event::ReceptionShort(short) => Some((short.since, short.present)),
        _ => None,
    });
    assert_eq!(short, Some((at("09:30"), 1)));
    door.until("09:40");
    assert_eq!(on(&mut door, CHRIS), "done");
    assert_eq!(
        door.kinds(),
        ["staff.duty_set", "reception.restored", "staff.acted"]
    );
    door.until("12:00");
    off(&mut door, ANNA);
    assert_eq!(
        door.kinds(),
        ["staff.duty_set", "reception.short", "staff.acted"]
    );
    on(&mut door, ANNA);
    assert_eq!(door.replayed().staff, door.today.staff);
    door.until("18:05");
    off(&mut door, ANNA);
    off(&mut door, CHRIS);
    door.until("18:30");
    assert_eq!(door.count("reception.short"), 2, "not after closing");
}

#[test]
fn a_centre_that_names_fewer_or_asks_for_none_is_told_nothing() {
    for centre in [
        Centre::new().staff(ANNA, Role::Receptionist),
        centre(&["E1"]).settings(|settings| settings.receptionists_min = 0),
    ] {
        let mut door = Door::open(centre, "09:00");
        door.until("12:00");
        assert_eq!(door.count("reception.short"), 0);
    }
}

#[test]
fn duty_ends_with_the_day() {
    let mut door = Door::open(centre(&["E1"]), "09:00");
    on(&mut door, ANNA);
    on(&mut door, CHRIS);
    door.pass(chrono::TimeDelta::days(1));
    assert!(door.today.staff.on_duty.is_empty());
    assert_eq!(door.count("reception.short"), 0);
    door.pass(chrono::TimeDelta::minutes(31));
    assert_eq!(door.count("reception.short"), 1);
}
