//! The screens at the door: clients of the service that hold nothing of their own. They can crash and start again and nothing is lost.
//!
//! [`touch`] is the program of the touch screen. What it shows is decided by a pure state machine ([`touch::flow`]), brought into the
//! window by one file a view ([`touch::views`]) and drawn by `slint/`. [`signage`] is the program of the display in the room: the service's view,
//! carried on by time ([`signage::board`]), in a window of its own. [`emergency`] is what both show instead of everything. [`line`] is how both stay connected. [`picture`] draws any window without a display.

pub mod emergency;
pub mod lattice;
pub mod line;
pub mod phrases;
pub mod picture;
pub mod qr;
pub mod signage;
pub mod touch;

/// What the compiler makes of `slint/windows.slint`.
#[allow(
    missing_docs,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::todo
)]
mod window {
    slint::include_modules!();
}
pub use window::*;
