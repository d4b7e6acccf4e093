//! The simulator itself: a short run, checks that must fail when fed with what never should be, and the best beside brute force.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod brute_force;
mod checks;
mod comparison;
mod overtaking;
mod short_run;
