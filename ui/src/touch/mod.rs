//! The touch screen.

pub mod connection;
pub mod flow;
pub mod language;
pub mod measure;
pub mod number_entry;
pub mod pressing;
pub mod program;
pub mod route;
pub mod screen;
pub mod staff;
pub mod story;
pub mod tap;
pub mod timing;
pub mod views;

mod stage;

pub use stage::Stage;

/// The 13.3-inch reference panel, in pixels.
pub const LANDSCAPE: (u32, u32) = (1280, 800);
/// The 15.6-inch reference panel upright, in pixels.
pub const PORTRAIT: (u32, u32) = (720, 1280);
