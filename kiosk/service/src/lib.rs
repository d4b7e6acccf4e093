//! Placeholder.

pub mod devices;
