//! Lending (rules section 8): which PC, until when, and back again; as tables and small stories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Centre, Door, at};
use domain::Command;
use domain::equipment::{
    AsideBecause, Charge, ChargeSource, Equipment, EquipmentKind, EquipmentState,
};
use domain::event::{CallReason, Event};
use domain::lending::charging_plan;
use domain::staff::{Role, StaffAction};

const ANNA: &str = "anna";

/// E1 to E4 have power and no PC, E5 neither; a full PC lasts 300 minutes, a battery adds 150.
fn centre(pcs: usize, batteries: usize) -> Centre {
    let mut centre = Centre::new()
        .only(&["E1", "E5"])
        .members(&["m1", "m2", "m3", "m4"])
        .staff(ANNA, Role::Receptionist);
    let pieces = [
        (EquipmentKind::Pc, "pc", pcs, 300),
        (EquipmentKind::Battery, "bt", batteries, 150),
    ];
    for (kind, letters, count, full_charge_min) in pieces {
        for number in 1..=count {
            let id = format!("{letters}{number}");
            let one = Equipment {
                id: id.as_str().into(),
                kind,
                name: id.to_uppercase(),
                label: id.to_uppercase(),
                software: Vec::new(),
                state: EquipmentState::Available,
                full_charge_min,
            };
            centre.reference.equipment.insert(one.id.clone(), one);
        }
    }
    let all: Vec<_> = centre.reference.equipment.values().cloned().collect();
    assert_eq!(domain::equipment::check(&all), Ok(()));
    centre
}

fn without_power(centre: Centre) -> Centre {
    let mut centre = centre.only(&["E5"]);
    let mut beside = centre.reference.floor.seats[0].clone();
    beside.id = "E6".into();
    beside.place.x += 60;
    centre.reference.floor.seats.push(beside);
    centre
}

/// Opens at 10:00 with these charges.
fn open(centre: Centre, charges: &[(&str, u8)]) -> Door {
    let mut door = Door::open(centre, "10:00");
    for (equipment, percent) in charges {
        report(&mut door, equipment, *percent);
    }
    door
}

fn report(door: &mut Door, equipment: &str, percent: u8) -> usize {
    door.tell(&Command::ReportCharge {
        equipment: equipment.into(),
        percent,
    });
    door.events.len()
}

fn borrow(door: &mut Door, member: &str) -> String {
    let visit = door.visit(member);
    door.tell(&Command::Borrow {
        station: door.station(),
        visit,
    })
}

fn scan_label(door: &mut Door, label: &str) -> String {
    door.read(format!("K3{label}").as_bytes())
}

fn hand_out(door: &mut Door, member: &str, equipment: &str) -> String {
    let (visit, equipment) = (door.visit(member), equipment.into());
    door.staff(ANNA, StaffAction::HandOut { visit, equipment })
}

fn take_back(door: &mut Door, equipment: &str, damaged: bool) -> String {
    let equipment = equipment.into();
    door.staff(ANNA, StaffAction::TakeBack { equipment, damaged })
}

#[test]
fn the_pc_whose_charge_outlasts_the_stay_by_the_least_is_lent() {
    // The stay lasts from 10:00 to 12:00, so the charge must last 150 minutes: 50 %.
    for (charges, batteries, power, expected) in [
        (
            &[("pc1", 100), ("pc2", 50), ("pc3", 80)][..],
            0,
            false,
            "take PC2 at 50% to 12:00",
        ),
        (
            &[("pc1", 100), ("pc2", 49), ("pc3", 80)],
            0,
            false,
            "take PC3 at 80% to 12:00",
        ),
        (
            &[("pc1", 60), ("pc2", 60)],
            0,
            false,
            "take PC1 at 60% to 12:00",
        ),
        (
            &[("pc1", 30), ("pc2", 49)],
            0,
            true,
            "take PC2 at 49% to 12:00, plugged in",
        ),
        (
            &[("pc1", 30), ("pc2", 49), ("bt1", 90), ("bt2", 50)],
            2,
            false,
            "take PC1 at 30% to 12:00 and BT2 at 50% to 12:00",
        ),
        (
            &[("pc1", 30), ("pc2", 49), ("bt1", 21)],
            1,
            false,
            "take PC2 at 49% to 12:00 and BT1 at 21% to 12:00",
        ),
        (
            &[("pc1", 30), ("bt1", 20)],
            1,
            false,
            "no loan: low_charge; see_staff",
        ),
        (
            &[("pc1", 20), ("pc2", 20)],
            0,
            true,
            "no loan: low_charge; see_staff",
        ),
        (&[], 0, true, "no loan: low_charge; see_staff"),
    ] {
        let centre = centre(3, batteries);
        let centre = if power {
            centre.only(&["E1"])
        } else {
            without_power(centre)
        };
        let mut door = open(centre, charges);
        door.walk_in("m1");
        assert_eq!(door.seat_of("m1"), if power { "E1" } else { "E5" });
        assert_eq!(borrow(&mut door, "m1"), expected, "{charges:?}");
    }
}

#[test]
fn where_only_power_would_do_a_seat_with_power_is_the_way() {
    let mut door = open(centre(1, 0), &[("pc1", 40)]);
    door.walk_in("m1");
    assert_eq!(door.seat_of("m1"), "E5");
    assert_eq!(
        borrow(&mut door, "m1"),
        "no loan: low_charge; take_powered_seat"
    );
    door.walk_in("m2");
    assert_eq!(door.seat_of("m2"), "E1");
    assert_eq!(borrow(&mut door, "m1"), "no loan: low_charge; see_staff");
}

#[test]
fn nobody_borrows_twice_and_no_pc_is_lent_twice() {
    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.walk_in("m1");
    door.walk_in("m2");
    assert_eq!(borrow(&mut door, "m1"), "take PC1 at 100% to 12:00");
    assert_eq!(door.kinds(), ["loan.started"]);
    assert_eq!(
        borrow(&mut door, "m1"),
        "take PC1 at 100% to 12:00",
        "told again"
    );
    assert_eq!(door.kinds(), [""; 0]);
    assert_eq!(
        borrow(&mut door, "m2"),
        "no loan: none_free; see_staff",
        "back when m2 goes"
    );
    door.leave("m1");
    assert_eq!(
        borrow(&mut door, "m2"),
        "no loan: none_free; see_staff",
        "it is still out"
    );
}

#[test]
fn what_came_back_rests_before_it_is_lent_again() {
    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.walk_in("m1");
    borrow(&mut door, "m1");
    door.until("10:30");
    assert_eq!(scan_label(&mut door, "PC1"), "back: PC1; put_back");
    assert_eq!(
        door.kinds(),
        ["equipment.charge_reported", "loan.ended"],
        "what it has used is reckoned"
    );
    door.walk_in("m2");
    assert_eq!(
        borrow(&mut door, "m2"),
        "no loan: none_free until 10:40; come_back"
    );
    door.until("10:39");
    assert_eq!(
        borrow(&mut door, "m2"),
        "no loan: none_free until 10:40; come_back"
    );
    door.until("10:40");
    assert_eq!(borrow(&mut door, "m2"), "take PC1 at 90% to 12:30");
}

#[test]
fn a_label_brings_back_what_is_out_at_any_station_and_once() {
    let mut door = open(without_power(centre(2, 1)), &[("pc1", 40), ("bt1", 100)]);
    assert_eq!(scan_label(&mut door, "PC1"), "not out: PC1; start_again");
    door.walk_in("m1");
    assert_eq!(
        borrow(&mut door, "m1"),
        "take PC1 at 40% to 12:00 and BT1 at 100% to 12:00"
    );
    let code = domain::code::parse(b"k3pc1\r\n");
    assert_eq!(
        door.scan_code("desk", code.clone(), false),
        "back: PC1, still out BT1; put_back"
    );
    assert_eq!(
        door.scan_code("desk", code.clone(), false),
        "back: PC1, still out BT1; put_back",
        "read twice"
    );
    assert_eq!(door.count("loan.ended"), 1);
    assert_eq!(
        door.scan_code("door", code, false),
        "not out any more: PC1; put_back",
        "and at another station it is back already"
    );
    assert_eq!(scan_label(&mut door, "BT1"), "back: BT1; put_back");
    assert_eq!(scan_label(&mut door, "PC99"), "not recognised; see_staff");
    assert!(door.today.visit_of(&"m1".into()).is_some(), "and m1 stays");
}

#[test]
fn programmes_have_their_pcs_from_set_up_to_clearing() {
    // Set-up from 11:30: of three PCs two are the programme's, and one needs ten minutes before it can be handed on.
    let needs = |pcs| {
        without_power(centre(3, 0))
            .programme("p", "12:00", "13:00")
            .programme_is("p", |one| {
                one.pcs = pcs;
                one.zone = None;
            })
    };
    let full = [("pc1", 100), ("pc2", 100), ("pc3", 100)];
    for (pcs, first, second) in [
        (0, "take PC1 at 100% to 12:00", "take PC2 at 100% to 12:00"),
        (2, "take PC1 at 100% to 12:00", "take PC2 at 100% to 11:20"),
        (3, "take PC1 at 100% to 11:20", "take PC2 at 100% to 11:20"),
    ] {
        let mut door = open(needs(pcs), &full);
        door.walk_in("m1");
        door.walk_in("m2");
        assert_eq!(borrow(&mut door, "m1"), first, "{pcs}");
        assert_eq!(borrow(&mut door, "m2"), second, "{pcs}");
    }
    let mut door = open(needs(3), &full);
    door.until("11:30");
    door.walk_in("m1");
    assert_eq!(borrow(&mut door, "m1"), "no loan: none_free; see_staff");
    door.until("13:14");
    assert_eq!(borrow(&mut door, "m1"), "no loan: none_free; see_staff");
    door.until("13:15");
    assert_eq!(
        borrow(&mut door, "m1"),
        "take PC1 at 100% to 13:30",
        "cleared away"
    );
}

#[test]
fn everything_is_to_be_back_before_closing() {
    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.until("17:00");
    door.walk_in("m1");
    assert_eq!(borrow(&mut door, "m1"), "take PC1 at 100% to 17:45");

    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.until("17:20");
    door.walk_in("m1");
    door.until("17:45");
    assert_eq!(borrow(&mut door, "m1"), "no loan: too_late; see_staff");
}

#[test]
fn what_is_out_at_the_end_of_the_visit_stays_out_and_staff_are_told() {
    for (by, ends) in [
        (
            "the visitor",
            Box::new(|door: &mut Door| drop(door.leave("m1"))) as Box<dyn Fn(&mut Door)>,
        ),
        (
            "closing",
            Box::new(|door: &mut Door| {
                door.until("18:00");
            }),
        ),
    ] {
        let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
        door.until("16:30");
        door.walk_in("m1");
        borrow(&mut door, "m1");
        ends(&mut door);
        let calls: Vec<_> = door
            .today
            .staff
            .calls
            .iter()
            .map(|call| call.reason)
            .collect();
        assert_eq!(calls, [CallReason::NotReturned], "{by}");
        assert_eq!(door.today.lending.loans.len(), 1, "{by}");
        door.until("11-25 10:00");
        assert_eq!(door.today.lending.loans.len(), 1, "{by}: over midnight");
        assert_eq!(door.replayed().lending, door.today.lending);
        assert_eq!(scan_label(&mut door, "PC1"), "back: PC1; put_back", "{by}");
    }
    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.walk_in("m1");
    borrow(&mut door, "m1");
    assert_eq!(door.leave("m1"), "left, still out PC1");

    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.walk_in("m1");
    borrow(&mut door, "m1");
    scan_label(&mut door, "PC1");
    assert_eq!(door.leave("m1"), "left");
    assert!(door.today.staff.calls.is_empty());
}

#[test]
fn a_longer_stay_keeps_the_pc_where_charge_and_programmes_allow_it() {
    for (percent, extended) in [(100, true), (60, false)] {
        let mut door = open(without_power(centre(1, 0)), &[("pc1", percent)]);
        door.walk_in("m1");
        borrow(&mut door, "m1");
        door.until("11:00");
        assert_eq!(door.extend("m1"), "extended: E5 to 13:00 grant");
        let back_by = door.today.lending.loans[&"pc1".into()].back_by;
        let expected = if extended { "13:00" } else { "12:00" };
        assert_eq!(back_by, at(expected), "{percent} %");
    }
}

#[test]
fn a_pc_stands_on_the_seat_or_a_programme_brings_them() {
    let mut centre = centre(1, 0);
    centre.reference.floor = Centre::new().only(&["A1", "E1"]).reference.floor;
    let mut door = open(centre, &[("pc1", 100)]);
    door.scan("m1");
    door.choose("m1", 1);
    assert_eq!(door.seat_of("m1"), "A1");
    assert_eq!(borrow(&mut door, "m1"), "lapsed; start_again");
}

#[test]
fn staff_hand_out_and_take_back_by_the_same_rules() {
    let mut door = open(
        without_power(centre(3, 1)),
        &[("pc1", 100), ("pc2", 30), ("bt1", 50)],
    );
    door.walk_in("m1");
    assert_eq!(
        hand_out(&mut door, "m1", "pc2"),
        "not done: low_charge; choose_another"
    );
    assert_eq!(
        hand_out(&mut door, "m1", "pc3"),
        "not done: low_charge; choose_another",
        "unknown"
    );
    assert_eq!(hand_out(&mut door, "m1", "pc1"), "done to 12:00");
    assert_eq!(
        hand_out(&mut door, "m1", "pc1"),
        "not done: not_free; choose_another"
    );
    assert_eq!(
        hand_out(&mut door, "m1", "pc3"),
        "not done: has_one; take_back_first"
    );
    assert_eq!(hand_out(&mut door, "m1", "bt1"), "done to 12:00");
    let aside = StaffAction::SetAside {
        equipment: "pc1".into(),
        because: AsideBecause::OutOfOrder,
    };
    assert_eq!(
        door.staff(ANNA, aside.clone()),
        "not done: out; take_back_first"
    );
    assert_eq!(take_back(&mut door, "pc1", true), "done");
    assert_eq!(
        door.kinds(),
        ["loan.ended", "equipment.set_aside", "staff.acted"]
    );
    assert_eq!(
        take_back(&mut door, "pc1", false),
        "not done: over; look_again"
    );
    assert_eq!(
        door.staff(ANNA, aside),
        "not done: over; look_again",
        "set aside already"
    );
    door.until("11:00");
    assert_eq!(
        hand_out(&mut door, "m1", "pc1"),
        "not done: not_free; choose_another"
    );
    let back = |id: &str| StaffAction::ReturnToService {
        equipment: id.into(),
    };
    assert_eq!(door.staff(ANNA, back("pc1")), "done");
    assert_eq!(door.staff(ANNA, back("pc1")), "not done: over; look_again");
    assert_eq!(hand_out(&mut door, "m1", "pc1"), "done to 12:00");
    door.centre
        .reference
        .equipment
        .get_mut(&"pc2".into())
        .unwrap()
        .state = EquipmentState::Checking;
    assert_eq!(
        door.staff(ANNA, back("pc2")),
        "not done: office_says; ask_office"
    );
    let charge = StaffAction::ReportCharge {
        equipment: "pc3".into(),
        percent: 88,
    };
    assert_eq!(door.staff(ANNA, charge), "done");
    let told = Charge {
        percent: 88,
        at: at("11:00"),
        by: ChargeSource::Staff,
    };
    assert_eq!(door.today.lending.charges[&"pc3".into()], told);
}

#[test]
fn what_is_out_of_order_is_not_lent() {
    let mut one = centre(2, 0);
    one.reference
        .equipment
        .get_mut(&"pc1".into())
        .unwrap()
        .state = EquipmentState::OutOfOrder;
    let mut door = open(without_power(one), &[("pc1", 100), ("pc2", 100)]);
    door.walk_in("m1");
    assert_eq!(borrow(&mut door, "m1"), "take PC2 at 100% to 12:00");
}

#[test]
fn a_pc_says_how_full_it_is_and_only_news_is_recorded() {
    let mut door = Door::open(centre(1, 0), "10:00");
    for (time, percent, events) in [
        ("10:00", 80, 1),
        ("10:05", 76, 0),
        ("10:06", 75, 1),
        ("10:35", 75, 0),
        ("10:36", 75, 1),
        ("10:37", 101, 0),
    ] {
        door.until(time);
        assert_eq!(
            report(&mut door, "pc1", percent),
            events,
            "{percent} at {time}"
        );
    }
    assert_eq!(report(&mut door, "pc9", 50), 0, "nobody's");
}

#[test]
fn what_lasts_no_usual_stay_is_charged_next_the_emptiest_first() {
    let charges = [("pc1", 49), ("pc2", 50), ("pc3", 15), ("bt1", 40)];
    let mut door = open(centre(4, 1), &charges);
    let plan = |door: &Door| -> Vec<String> {
        let plan = charging_plan(&door.centre.reference, &door.today, door.now);
        plan.into_iter().map(ToString::to_string).collect()
    };
    assert_eq!(plan(&door), ["pc3", "pc1", "bt1"]);
    door.walk_in("m1");
    assert_eq!(borrow(&mut door, "m1"), "take PC2 at 50% to 12:00");
    door.until("10:30");
    assert_eq!(plan(&door), ["pc3", "pc1", "bt1"], "not while it is out");
    scan_label(&mut door, "PC2");
    assert_eq!(plan(&door), ["pc3", "pc2", "pc1", "bt1"]);
}

#[test]
fn what_the_office_takes_off_its_list_comes_back_all_the_same() {
    let mut door = open(without_power(centre(1, 0)), &[("pc1", 100)]);
    door.walk_in("m1");
    borrow(&mut door, "m1");
    door.centre.reference.equipment.clear();
    assert_eq!(scan_label(&mut door, "PC1"), "not recognised; see_staff");
    assert_eq!(take_back(&mut door, "pc1", false), "done");
    let ended = door
        .events
        .iter()
        .any(|event| matches!(event, Event::LoanEnded(_)));
    assert!(ended && door.today.lending.loans.is_empty());
}
