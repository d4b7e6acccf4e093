//! The whole centre at work: from the code at the door to the record at the office, and whatever may go wrong between.
//!
//! One program, so that the screens, the kiosk and the office are linked once. Every test has its own data, ports and clock.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod advice;
mod bad_input;
mod demo;
mod door_to_office;
mod lending;
mod meddling_office;
mod people;
mod replaced_kiosk;
mod starts;
mod stream;
mod support;
mod sync_faults;
mod touch_shows_scan;
mod waiting;
