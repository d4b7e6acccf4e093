//! Emergencies, as tables and small stories (rules section 10).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, DOOR, Door, at, ends, number};
use domain::Command;
use domain::event::{EndedBy, Event, GuestPurpose, QueueEnd, Refusal};
use domain::head_count::Person;
use domain::incident::{IncidentClosed, IncidentKind};
use domain::staff::{Role, StaffAction};

const ANNA: &str = "anna";
const BEN: &str = "ben";

fn centre(seats: &[&str]) -> Centre {
    Centre::new()
        .only(seats)
        .members(&["m1", "m2", "m3", "m4"])
        .staff(ANNA, Role::Receptionist)
        .staff(BEN, Role::Adviser)
}

fn open(what: IncidentKind) -> StaffAction {
    StaffAction::OpenIncident { what, drill: false }
}

fn practise(what: IncidentKind) -> StaffAction {
    StaffAction::OpenIncident { what, drill: true }
}

const OVER: StaffAction = StaffAction::CloseIncident {
    everybody_left: false,
};
const ALL_LEFT: StaffAction = StaffAction::CloseIncident {
    everybody_left: true,
};

fn tick(person: Person, ticked: bool) -> StaffAction {
    StaffAction::TickPerson { person, ticked }
}

fn visitor(door: &Door, member: &str) -> Person {
    let visit = door.visit(member);
    Person::Visitor { visit }
}

/// People to be ticked off, and those nobody has ticked off yet.
fn counts(door: &Door) -> (usize, usize) {
    let incident = door.today.incident.as_ref().expect("no emergency is open");
    (incident.inside(), incident.missing())
}

fn last_closed(door: &Door) -> IncidentClosed {
    let mut entries = door.journal.iter().rev();
    let closed = entries.find_map(|entry| match &entry.event {
        Event::IncidentClosed(closed) => Some(closed.clone()),
        _ => None,
    });
    closed.expect("none was closed")
}

// --- the door

#[test]
fn each_kind_shuts_the_door_or_lets_it_work() {
    for (what, answer) in [
        (IncidentKind::Fire, Some("fire; follow_staff")),
        (IncidentKind::Earthquake, Some("earthquake; follow_staff")),
        (IncidentKind::Flood, Some("flood; follow_staff")),
        (IncidentKind::Intruder, Some("intruder; follow_staff")),
        (IncidentKind::Medical, None),
        (IncidentKind::PowerCut, None),
    ] {
        for drill in [false, true] {
            let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
            door.walk_in("m1");
            assert_eq!(
                door.staff(ANNA, StaffAction::OpenIncident { what, drill }),
                "done"
            );
            assert_eq!(door.kinds(), ["incident.opened", "staff.acted"]);
            let said = door.scan("m2");
            match answer {
                Some(answer) => {
                    let drill = if drill { " drill;" } else { ";" };
                    assert_eq!(said, answer.replacen(';', drill, 1));
                    assert_eq!(counts(&door), (1, 1));
                }
                None => {
                    assert!(said.starts_with("offer"), "{what:?}: {said}");
                    assert_eq!(counts(&door), (0, 0), "nobody is counted");
                }
            }
            assert_eq!(door.staff(ANNA, OVER), "done");
            door.pass(TimeDelta::seconds(6));
            assert!(door.scan("m3").starts_with("offer"), "{what:?} is over");
        }
    }
}

#[test]
fn whoever_is_turned_away_is_recorded() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.staff(ANNA, open(IncidentKind::Fire));
    door.scan("m1");
    let refused = Event::ScanRefused {
        station: DOOR.into(),
        reason: Refusal::Emergency,
        typed: false,
        member: Some("m1".into()),
        ticket: None,
    };
    assert_eq!(door.events, [refused]);
    door.read(b"what is this");
    assert_eq!(door.kinds(), ["scan.refused"]);
}

#[test]
fn nothing_a_visitor_asks_is_done() {
    let mut door = Door::open(
        centre(&["E1", "E2", "E3"]).seat("r1", "m3", "10:00", "12:00"),
        "10:00",
    );
    door.walk_in("m1");
    door.scan("m2");
    let offer = door.offer_to("m2").unwrap();
    let visit = door.visit("m1");
    door.staff(ANNA, open(IncidentKind::Earthquake));
    let said = "earthquake; follow_staff";
    for command in [
        Command::Choose {
            station: DOOR.into(),
            offer: offer.clone(),
            choice: 0,
        },
        Command::Hold { offer },
        Command::Leave {
            visit: visit.clone(),
        },
        Command::Extend {
            visit: visit.clone(),
        },
        Command::OtherSeats {
            station: DOOR.into(),
            visit: visit.clone(),
        },
        Command::StepOut {
            visit: visit.clone(),
        },
        Command::Accompany {
            visit,
            companions: 1,
        },
        Command::ReceiveGuest {
            station: DOOR.into(),
            purpose: GuestPurpose::Tour,
        },
    ] {
        assert_eq!(door.tell(&command), said, "{command:?}");
        assert!(door.events.is_empty(), "{command:?}");
    }
    assert_eq!(door.type_number(number("r1")), said);
    let member = "m3".into();
    assert_eq!(
        door.staff(ANNA, StaffAction::CheckIn { member }),
        "not done: emergency; close_emergency"
    );
    assert_eq!(door.people(), (1, 0, 0, 0));
}

#[test]
fn an_answer_given_before_is_not_repeated_in_an_emergency_nor_one_given_in_it_after_it() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.scan("m1");
    door.staff(ANNA, open(IncidentKind::Fire));
    door.pass(TimeDelta::seconds(2));
    assert_eq!(door.scan("m1"), "fire; follow_staff");
    door.staff(ANNA, OVER);
    assert!(door.scan("m1").starts_with("offer"));
}

// --- who is looked for

#[test]
fn everybody_inside_is_listed_and_ticked_off_one_by_one() {
    let mut door = Door::open(centre(&["E1", "E2", "E3"]), "10:00");
    door.walk_in("m1");
    door.accompany("m1", 2);
    door.walk_in("m2");
    door.step_out("m2");
    door.receive(GuestPurpose::Tour);
    door.staff(BEN, open(IncidentKind::Fire));
    assert_eq!(counts(&door), (4, 4), "m1 with two, and a guest");

    let (m1, m2) = (visitor(&door, "m1"), visitor(&door, "m2"));
    let Person::Visitor { visit } = m1.clone() else {
        panic!()
    };
    let second = Person::Companion { visit, number: 2 };
    assert_eq!(door.staff(BEN, tick(m1.clone(), true)), "done");
    assert_eq!(door.kinds(), ["incident.person_ticked", "staff.acted"]);
    assert_eq!(door.staff(BEN, tick(second.clone(), true)), "done");
    assert_eq!(counts(&door), (4, 2));
    let over = "not done: over; look_again";
    assert_eq!(door.staff(BEN, tick(m1.clone(), true)), over, "twice");
    assert_eq!(door.staff(BEN, tick(m2, true)), over, "is outside");
    assert_eq!(door.staff(BEN, tick(m1, false)), "done", "a mistake");
    assert_eq!(counts(&door), (4, 3));
    assert_eq!(
        door.staff(BEN, OVER),
        "not done: not_yours; ask_reception",
        "advisers do not close it"
    );
    assert_eq!(door.staff(ANNA, OVER), "done");
    let closed = last_closed(&door);
    assert_eq!((closed.inside, closed.ticked), (4, 1));
    assert_eq!(door.staff(ANNA, tick(second, false)), over);
}

#[test]
fn nobody_vanishes_from_the_list_because_a_stay_ends() {
    let mut door = Door::open(centre(&["E1"]), "17:20");
    door.scan("m1");
    door.choose("m1", 0);
    door.receive(GuestPurpose::Enquiry);
    door.until("17:58");
    door.staff(ANNA, open(IncidentKind::Fire));
    door.until("18:10");
    assert_eq!(door.people(), (0, 0, 0, 0), "closing goes on");
    assert_eq!(counts(&door), (2, 2));
}

#[test]
fn neither_a_restart_nor_midnight_closes_an_emergency() {
    let mut door = Door::open(centre(&["E1"]), "17:00");
    door.walk_in("m1");
    let m1 = visitor(&door, "m1");
    door.staff(ANNA, open(IncidentKind::Flood));
    door.staff(ANNA, tick(m1, true));
    let before = door.today.incident.clone();
    door.restart();
    assert_eq!(door.today.incident, before);
    door.until("11-25 10:00");
    door.restart();
    assert_eq!(door.today.incident, before);
    assert_eq!(door.scan("m2"), "flood; follow_staff");
    door.staff(ANNA, OVER);
    assert_eq!(door.today.incident, None);
    assert_eq!(last_closed(&door).opened_at, at("17:00"));
}

// --- its end

#[test]
fn people_stay_as_they_were_unless_everybody_has_left() {
    for (action, ending) in [
        (OVER, None),
        (ALL_LEFT, Some((EndedBy::Emergency, at("10:20"), true))),
    ] {
        let mut door = Door::open(centre(&["E1", "E2"]), "10:00");
        door.walk_in("m1");
        door.receive(GuestPurpose::Tour);
        door.staff(ANNA, open(IncidentKind::Fire));
        door.until("10:20");
        assert_eq!(door.staff(ANNA, action), "done");
        assert_eq!(door.ending("m1"), ending);
        let guests = usize::from(ending.is_none());
        assert_eq!(door.today.guests.len(), guests);
        assert_eq!(last_closed(&door).everybody_left, ending.is_some());
        assert_eq!(door.staff(ANNA, OVER), "not done: over; look_again");
    }
}

#[test]
fn a_drill_ends_no_visit() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    door.staff(ANNA, practise(IncidentKind::Fire));
    assert_eq!(door.staff(ANNA, ALL_LEFT), "not done: drill; check_out");
    assert_eq!(door.staff(ANNA, OVER), "done");
    assert_eq!(door.ending("m1"), None);
}

#[test]
fn only_what_is_worse_takes_its_place() {
    use IncidentKind::{Earthquake, Fire, Medical, PowerCut};
    let (again, refused) = (
        "not done: over; look_again",
        "not done: emergency; close_emergency",
    );
    for (first, then, said) in [
        (open(Fire), open(Fire), again),
        (open(Earthquake), open(Fire), "done"),
        (open(PowerCut), open(Fire), "done"),
        (open(PowerCut), open(Medical), "done"),
        (open(Fire), open(Medical), refused),
        (open(Fire), practise(Fire), refused),
        (open(Medical), practise(Fire), refused),
        (practise(Fire), open(Fire), "done"),
        (practise(Fire), open(Medical), "done"),
    ] {
        let mut door = Door::open(centre(&["E1"]), "10:00");
        door.staff(ANNA, first.clone());
        assert_eq!(door.staff(ANNA, then.clone()), said, "{first:?}, {then:?}");
        let closed = usize::from(said == "done");
        assert_eq!(door.count("incident.closed"), closed);
    }
}

#[test]
fn whoever_was_looked_for_is_looked_for_by_the_next_one_too() {
    let mut door = Door::open(centre(&["E1"]), "17:20");
    door.scan("m1");
    door.choose("m1", 0);
    let m1 = visitor(&door, "m1");
    door.until("17:58");
    door.staff(ANNA, open(IncidentKind::Earthquake));
    door.staff(ANNA, tick(m1, true));
    door.until("18:05");
    door.staff(ANNA, open(IncidentKind::Fire));
    assert_eq!(counts(&door), (1, 1), "counted anew");
}

// --- what rests meanwhile

#[test]
fn calls_rest_and_nobody_loses_a_turn() {
    let mut door = Door::open(centre(&["E1"]), "10:00");
    door.walk_in("m1");
    door.join("m2");
    door.leave("m1");
    assert_eq!(door.queue(), "m2 to E1");
    door.staff(ANNA, open(IncidentKind::Earthquake));
    assert_eq!(door.queue(), "m2");
    door.until("10:30");
    assert_eq!(door.queue(), "m2");
    door.staff(ANNA, OVER);
    assert_eq!(door.queue(), "m2 to E1");
    assert_eq!(door.ticket_of("m2").unwrap().lapses, 0);

    door.staff(ANNA, open(IncidentKind::Fire));
    door.staff(ANNA, ALL_LEFT);
    assert_eq!(ends(&door), [QueueEnd::Emergency]);
}

#[test]
fn what_begins_meanwhile_is_no_no_show() {
    for (what, missed) in [(IncidentKind::Fire, 0), (IncidentKind::PowerCut, 1)] {
        let centre = centre(&["E1", "E2"]).seat("r1", "m1", "10:10", "11:00");
        let mut door = Door::open(centre, "10:00");
        door.staff(ANNA, open(what));
        door.until("10:30");
        assert_eq!(door.count("reservation.no_show"), missed, "{what:?}");
        door.staff(ANNA, OVER);
        door.until("10:40");
        assert_eq!(door.count("reservation.no_show"), missed, "{what:?}");
    }
}
