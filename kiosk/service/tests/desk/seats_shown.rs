//! The seats that screens call free are those a walk-in gets.

use super::door::{noon, reference};
use api::screen::SeatState;
use chrono::TimeDelta;
use domain::reference::{Audience, Programme, ProgrammeKind};
use domain::text::Text;
use kiosk::desk::Published;
use kiosk::views::{Scene, floor, free_seats};
use std::sync::Arc;

#[test]
fn a_programme_takes_its_seats_before_a_walk_in_would_have_too_little_time() {
    for (until_set_up, free, state) in [
        (31, 4, SeatState::Free),
        (29, 0, SeatState::Reserved),
        (0, 0, SeatState::Programme),
    ] {
        let mut reference = reference(4);
        let starts = noon() + TimeDelta::minutes(until_set_up);
        let programme = Programme {
            id: "p".into(),
            title: Text::ja("催し"),
            kind: ProgrammeKind::Seminar,
            starts,
            ends: starts + TimeDelta::hours(1),
            zone: Some("room".into()),
            audience: Audience::Anyone,
            capacity: 4,
            places_left: None,
            set_up_min: Some(0),
            clearing_min: None,
            pcs: 0,
            cancelled: false,
        };
        reference.programmes.insert("p".into(), programme);
        let state_now = Published {
            today: Arc::default(),
            reference: Arc::new(reference),
            trusted: true,
            writable: true,
        };
        let scene = Scene {
            state: &state_now,
            now: noon(),
            rehearsal: false,
        };
        assert_eq!(free_seats(scene), free, "{until_set_up} minutes before");
        let seats = floor(scene, None).seats;
        assert!(seats.iter().all(|seat| seat.state == state), "{seats:?}");
    }
}
