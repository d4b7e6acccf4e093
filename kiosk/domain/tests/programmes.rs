//! Programmes (rules section 7): attendance, the standby list, late comers, one scan for a whole day, and what is changed meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Centre, Door, at, kind};
use domain::event::{EndedBy, Event, OfferEnd};
use domain::reference::Purpose;
use domain::staff::{Role, StaffAction};

/// A seminar of two places from 14:00 to 16:00 in zone `pc`, for m1 and m2; m3 and m4 stand on the list.
fn seminar() -> Centre {
    Centre::new()
        .only(&["A1", "E1", "E2"])
        .members(&["m1", "m2", "m3", "m4", "m5"])
        .programme("p", "14:00", "16:00")
        .programme_is("p", |is| is.capacity = 2)
        .place_in("r1", "m1", "p")
        .place_in("r2", "m2", "p")
        .standby_for("r3", "m3", "p")
        .later()
        .standby_for("r4", "m4", "p")
}

/// Late, early, of the standby list, and concluded, for each attendance in the journal: `m1 14:05 late, 15:00 early`.
fn attendances(door: &Door) -> Vec<String> {
    let member = |visit: &domain::ids::VisitId| door.today.visits[visit].member.to_string();
    let marks = |marks: &[(bool, &str)]| -> String {
        let set = marks.iter().filter(|(is, _)| *is);
        set.map(|(_, name)| format!(" {name}")).collect()
    };
    let time = |at: domain::reference::DateTime| at.format("%H:%M").to_string();
    let told = |event: &Event| match event {
        Event::AttendanceStarted(is) => Some(format!(
            "{} from {}{}",
            member(&is.visit),
            time(is.started_at),
            marks(&[
                (is.late, "late"),
                (is.standby, "standby"),
                (is.inferred, "inferred")
            ])
        )),
        Event::AttendanceEnded(is) => Some(format!(
            "{} to {}{}",
            member(&is.visit),
            time(is.ended_at),
            marks(&[(is.early, "early"), (is.inferred, "inferred")])
        )),
        _ => None,
    };
    door.journal
        .iter()
        .filter_map(|entry| told(&entry.event))
        .collect()
}

#[test]
fn attendance_is_from_scan_to_scan_or_to_the_end() {
    let mut door = Door::open(seminar(), "13:50");
    assert_eq!(door.scan("m1"), "in: p in pc to 16:00 own_reservation");
    door.until("14:05");
    assert_eq!(door.scan("m2"), "in: p in pc to 16:00 own_reservation");
    door.until("15:30");
    assert_eq!(
        door.scan("m2"),
        "inside: p in pc to 16:00, no longer: own_reservation"
    );
    assert_eq!(door.leave("m2"), "left");
    door.until("18:00");
    assert_eq!(
        attendances(&door),
        [
            "m1 from 13:50",
            "m2 from 14:05 late",
            "m2 to 15:30 early",
            "m1 to 16:00 inferred"
        ]
    );
    // The room is theirs until it is cleared; nobody is called over time in it.
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("16:15"), false))
    );
    assert_eq!(door.count("visit.overdue"), 0);
}

#[test]
fn scanning_out_and_coming_straight_back() {
    let mut door = Door::open(seminar(), "14:00");
    door.scan("m1");
    door.until("14:20");
    assert_eq!(door.leave("m1"), "left");
    door.until("14:21");
    assert_eq!(door.scan("m1"), "in: p in pc to 16:00 own_reservation");
    door.until("16:05");
    assert_eq!(door.leave("m1"), "left");
    door.pass(chrono::TimeDelta::minutes(1));
    assert_eq!(door.scan("m1"), "offer: E1 to 18:00 closing");
    assert_eq!(
        attendances(&door),
        [
            "m1 from 14:00",
            "m1 to 14:20 early",
            "m1 from 14:21 late",
            "m1 to 16:00 inferred"
        ]
    );
}

#[test]
fn the_standby_list_has_the_places_nobody_came_for_in_its_order() {
    let wait = "standby: p again 14:10 after 0; come_back";
    let mut door = Door::open(seminar(), "13:50");
    assert_eq!(
        door.scan("m4"),
        wait,
        "both places are kept for whoever reserved them"
    );
    assert_eq!(
        door.scan("m3"),
        wait,
        "whoever stands before on the list comes before, though later at the door"
    );
    assert_eq!(
        door.kinds(),
        ["scan.refused", "standby.came"],
        "an answered visitor is a recorded visitor"
    );
    door.until("14:00");
    assert_eq!(
        door.scan("m4"),
        "standby: p again 14:10 after 1; come_back",
        "told of the one before"
    );
    assert_eq!(door.count("standby.came"), 2, "and not twice on record");
    door.scan("m1");
    door.until("14:10");
    assert_eq!(
        door.scan("m4"),
        "standby: p again 14:15 after 1; come_back",
        "the one place is m3's for the grace"
    );
    assert_eq!(door.scan("m3"), "in: p in pc to 16:00 own_reservation");
    assert_eq!(
        door.scan("m2"),
        "no place: p full; E1 to 16:10 grant; see_staff",
        "the place is gone, the welcome is not"
    );
    assert_eq!(
        attendances(&door),
        ["m1 from 14:00", "m3 from 14:10 late standby"]
    );
}

#[test]
fn whoever_of_the_list_does_not_come_again_blocks_nobody() {
    let mut door = Door::open(seminar(), "13:50");
    door.scan("m3");
    door.scan("m4");
    door.scan("m1");
    door.until("14:15");
    assert_eq!(door.scan("m4"), "in: p in pc to 16:00 own_reservation");
    assert_eq!(
        door.scan("m3"),
        "no place: p full; E1 to 16:15 grant; see_staff"
    );
}

#[test]
fn a_place_nobody_reserved_is_the_lists_at_once() {
    let centre = seminar().cancel("r2");
    let mut door = Door::open(centre, "13:50");
    assert_eq!(door.scan("m3"), "in: p in pc to 16:00 own_reservation");
    assert_eq!(door.scan("m4"), "standby: p again 14:10 after 0; come_back");
}

#[test]
fn a_programme_never_holds_more_than_its_capacity() {
    let centre = seminar().place_in("r5", "m5", "p");
    let mut door = Door::open(centre, "13:50");
    door.scan("m1");
    door.scan("m5");
    assert_eq!(
        door.scan("m2"),
        "no place: p full; E1 to 15:50 grant; see_staff",
        "the office gave one place too many"
    );
    assert_eq!(
        door.kinds(),
        ["offer.made", "scan.refused", "staff.called"],
        "staff know"
    );
    assert_eq!(door.choose("m2", 0), "in: E1 to 15:50 grant, next p 14:00");
    door.until("13:55");
    door.leave("m5");
    assert_eq!(
        door.scan("m2"),
        "in: p in pc to 16:00 own_reservation",
        "a place that came free"
    );
}

#[test]
fn late_comers_are_for_the_staff_after_the_last_entry() {
    let mut door = Door::open(seminar(), "14:29");
    assert_eq!(door.scan("m1"), "in: p in pc to 16:00 own_reservation");
    door.until("14:30");
    assert_eq!(
        door.scan("m2"),
        "no place: p last_entry; E1 to 16:30 grant; see_staff"
    );
    let mut door = Door::open_untrusted(seminar(), "14:30");
    assert_eq!(
        door.scan("m2"),
        "in: p in pc to 16:00 own_reservation",
        "time nobody vouches for refuses nobody"
    );
    let evening = Centre::new()
        .members(&["m1"])
        .programme("p", "18:30", "20:30")
        .place_in("r1", "m1", "p");
    let mut door = Door::open(evening, "19:00");
    assert_eq!(
        door.scan("m1"),
        "no place: p last_entry; see_staff",
        "there are no seats in the evening"
    );
}

/// m1 has a seat from 13:00, a consultation at 14:00, and a seminar in the evening.
fn whole_day() -> Centre {
    Centre::new()
        .only(&["A1", "E1", "E2"])
        .members(&["m1", "m2"])
        .programme("p", "18:30", "20:30")
        .seat("r1", "m1", "13:00", "18:00")
        .reserve("r2", "m1", "14:00", "14:45", Purpose::Consultation)
        .place_in("r3", "m1", "p")
}

#[test]
fn one_scan_is_enough_for_a_whole_day() {
    let mut door = Door::open(whole_day(), "12:50");
    assert_eq!(
        door.scan("m1"),
        "in: E1 to 18:00 own_reservation, next consultation 14:00"
    );
    door.until("15:00");
    assert_eq!(
        door.scan("m1"),
        "inside: E1 to 18:00, no longer: closing, next p 18:30",
        "each part is announced in its turn"
    );
    door.until("17:59");
    assert_eq!(door.seat_of("m1"), "E1", "the seat is theirs to its end");
    door.until("18:00");
    assert_eq!(door.kinds(), ["attendance.started"]);
    assert_eq!(door.seat_of("m1"), "", "then it is free");
    assert_eq!(attendances(&door), ["m1 from 18:00 inferred"]);
    let member = "m1".into();
    assert_eq!(
        door.today.used_today(&member),
        chrono::TimeDelta::minutes(310 - 45),
        "only the seat counts toward the day's total, and not the consultation"
    );
    assert_eq!(door.replayed().visits, door.today.visits);
    door.until("20:30");
    assert_eq!(
        attendances(&door),
        ["m1 from 18:00 inferred", "m1 to 20:30 inferred"]
    );
    assert_eq!(door.count("visit.started"), 1);
    assert_eq!(door.count("visit.overdue"), 0);
}

#[test]
fn a_scan_moves_on_as_soon_as_the_doors_are_open() {
    let mut centre = whole_day();
    centre.reference.settings.early.evening_min = 60;
    let mut door = Door::open(centre, "13:00");
    door.scan("m1");
    door.until("17:29");
    assert!(door.scan("m1").starts_with("inside: E1"));
    door.until("17:30");
    assert_eq!(door.scan("m1"), "in: p in pc to 20:30 own_reservation");
    assert_eq!(attendances(&door), ["m1 from 17:30"]);
    assert_eq!(
        door.scan("m2"),
        "offer: E1 to 18:00 closing | A1 to 18:00 closing",
        "the seat is free at once"
    );
}

#[test]
fn a_bridge_leads_into_a_programme_by_itself() {
    let centre = Centre::new()
        .only(&["A1", "E1"])
        .members(&["m1", "m2"])
        .programme("p", "14:00", "16:00")
        .place_in("r1", "m1", "p")
        .place_in("r2", "m2", "p");
    // E1 is free until the programme, A1 until its set-up.
    for (others, seat, moved) in [(None, "E1", "13:55"), (Some("m2"), "A1", "13:40")] {
        let mut door = Door::open(centre.clone(), "12:00");
        if let Some(other) = others {
            door.walk_in(other);
        }
        door.walk_in("m1");
        assert_eq!(door.seat_of("m1"), seat);
        door.until("14:00");
        let m1 = attendances(&door)
            .into_iter()
            .find(|is| is.starts_with("m1"));
        assert_eq!(m1, Some(format!("m1 from {moved} inferred")));
        assert_eq!(door.count("visit.overdue"), 0);
    }
}

#[test]
fn whoever_may_have_gone_is_not_taken_to_be_there() {
    let centre = Centre::new()
        .only(&["E1"])
        .members(&["m1"])
        .programme("p", "18:30", "20:30")
        .seat("r1", "m1", "13:00", "16:00")
        .place_in("r2", "m1", "p");
    let mut door = Door::open(centre, "13:00");
    door.scan("m1");
    door.until("18:00");
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("18:00"), false))
    );
    assert_eq!(attendances(&door), [""; 0]);
    assert_eq!(
        door.scan("m1"),
        "in: p in pc to 20:30 own_reservation",
        "their place is theirs still"
    );
}

#[test]
fn a_power_cut_hides_neither_beginning_nor_end() {
    let mut door = Door::open(whole_day(), "13:00");
    door.scan("m1");
    door.skip_to("20:40");
    door.restart();
    assert_eq!(
        attendances(&door),
        ["m1 from 18:00 inferred", "m1 to 20:30 inferred"]
    );
    assert_eq!(
        door.ending("m1"),
        Some((EndedBy::Closing, at("20:30"), true))
    );
}

#[test]
fn whoever_is_inside_keeps_what_they_have_of_a_changed_programme_and_is_told() {
    let mut door = Door::open(seminar(), "13:50");
    door.scan("m1");
    door.adopt(|centre| centre.programme_is("p", |is| is.cancelled = true));
    assert_eq!(
        door.scan_at("desk", "m1"),
        "inside: p in pc to 16:00, no longer: own_reservation, p called off"
    );
    let mut door = Door::open(seminar(), "13:50");
    door.scan("m1");
    door.adopt(|centre| {
        centre.programme_is("p", |is| (is.starts, is.ends) = (at("17:00"), at("18:00")))
    });
    assert_eq!(
        door.scan_at("desk", "m1"),
        "inside: p in pc to 16:00, no longer: own_reservation, next p 17:00, p now 17:00"
    );
    door.until("16:45");
    assert_eq!(
        door.scan("m1"),
        "in: p in pc to 18:00 own_reservation",
        "and may come at the new time"
    );
    let mut door = Door::open(seminar(), "12:00");
    door.walk_in("m1");
    door.adopt(|centre| centre.programme_is("p", |is| is.cancelled = true));
    assert_eq!(
        door.scan("m1"),
        "inside: E1 to 13:55, may stay to 14:55, p called off",
        "those who wait for it on a seat too"
    );
}

#[test]
fn choosing_the_seat_instead_ends_the_offer_as_ever() {
    let centre = seminar().place_in("r5", "m5", "p");
    let mut door = Door::open(centre, "13:50");
    door.scan("m1");
    door.scan("m5");
    door.scan("m2");
    let offer = door.offer_to("m2").unwrap();
    door.decline(&offer);
    assert!(matches!(
        &door.events[..],
        [Event::OfferEnded {
            reason: OfferEnd::Declined,
            ..
        }]
    ));
    assert!(
        door.journal
            .iter()
            .all(|entry| kind(&entry.event) != "visit.overdue")
    );
}

#[test]
fn staff_let_in_who_is_late_while_there_is_room_and_check_out_ends_attendance() {
    let check_in = |member: &str| StaffAction::CheckIn {
        member: member.into(),
    };
    let mut door = Door::open(seminar().staff("anna", Role::Receptionist), "13:50");
    door.scan("m1");
    door.until("14:40");
    door.staff("anna", check_in("m2"));
    assert_eq!(
        attendances(&door),
        ["m1 from 13:50", "m2 from 14:40 late"],
        "staff decide"
    );
    door.staff("anna", check_in("m3"));
    assert_eq!(
        door.count("attendance.started"),
        2,
        "but every place is taken"
    );
    let visit = door.visit("m1");
    door.staff("anna", StaffAction::CheckOut { visit });
    assert_eq!(attendances(&door).last().unwrap(), "m1 to 14:40 early");
}
