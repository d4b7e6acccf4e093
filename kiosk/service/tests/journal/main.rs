//! The journal through its public door: what it keeps, what it refuses, and what it notices.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs
)]

mod append;
mod damage;
mod full_disk;
mod opening;
mod outbox;
mod support;
