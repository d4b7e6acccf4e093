//! The display in the room: what stands when, how it is drawn, and that it finds the service again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod board;
#[path = "../common/mod.rs"]
mod common;
mod line;
mod pictures;

use api::signage::Signage;
use domain::display::{SceneKind, Turn};

/// The ordinary day that the tests of the page show too.
fn day() -> Signage {
    serde_json::from_str(include_str!("../../../tests/signage/views/day.json")).unwrap()
}

/// The ordinary day, changed.
fn day_with(change: impl Fn(&mut Signage)) -> Signage {
    let mut view = day();
    change(&mut view);
    view
}

/// The ordinary day at another time.
fn day_at(time: &str, change: impl Fn(&mut Signage)) -> Signage {
    day_with(|view| {
        view.now = common::at(time);
        change(view);
    })
}

fn turn(scene: SceneKind, seconds: u32, round: u32) -> Turn {
    Turn {
        scene,
        seconds,
        round,
    }
}
