//! The kiosk's side of the sync against real brokers and an office that can be made to misbehave.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../../../../sync/link/tests/support/brokers.rs"]
#[allow(dead_code, reason = "the line is not needed here")]
mod brokers;
mod down;
mod office;
mod setting;
mod up;
