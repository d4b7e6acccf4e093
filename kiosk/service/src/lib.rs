//! Placeholder.

pub mod devices;
pub mod journal;
