//! What the screens are told, made from a committed state.
#![allow(clippy::unwrap_used)]

use domain::{Reference, Today};
use kiosk::desk::Published;
use kiosk::views::{self, Scene};
use std::sync::Arc;

#[test]
fn a_station_is_told_whether_the_door_can_record() {
    for writable in [true, false] {
        let state = Published {
            today: Arc::new(Today::default()),
            reference: Arc::new(Reference::default()),
            trusted: true,
            writable,
        };
        let scene = Scene {
            state: &state,
            now: "2026-11-24T12:00:00+09:00".parse().unwrap(),
            rehearsal: false,
        };
        assert_eq!(views::centre(scene, None).writable, writable);
    }
}
