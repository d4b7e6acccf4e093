//! The kiosk service: the only process at the door that holds data, keys or a network identity.
//!
//! One desk, one journal; screens, scanners and the office are around it (design section 1).

pub mod certificate;
pub mod clock;
pub mod config;
pub mod desk;
pub mod devices;
pub mod http;
pub mod journal;
mod private_file;
pub mod qr;
pub mod service;
pub mod sync;
pub mod views;

/// The version of this program, as it stands in records, health and screens.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
