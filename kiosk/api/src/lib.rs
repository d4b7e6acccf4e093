//! What screens and service say to one another: requests, snapshots, stream items, the signage's view model and the typed client.
//!
//! Verdicts are the domain's own ([`domain::verdict`]); this crate adds what only travels.

pub mod advice;
pub mod client;
pub mod emergency;
pub mod problem;
pub mod screen;
pub mod signage;
pub mod staff;

pub use client::{Client, ClientError};
pub use domain::verdict::{self, Verdict};
pub use problem::Problem;
