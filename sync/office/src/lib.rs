//! The office: the central server that the doors report to (design sections 1, 5 and 7).
//!
//! | idea | where |
//! |---|---|
//! | how it is set up, started and stopped | [`config`], [`Office`] |
//! | what it keeps | [`store`] |
//! | the link to the kiosks | `sync`, `broker` |
//! | calls and the live page | `http` |
//! | files from other services | [`mod@import`] |
//! | a made-up centre to try it with | [`sample`] |

mod broker;
pub mod clock;
pub mod config;
mod http;
pub mod import;
mod running;
pub mod sample;
pub mod secret;
pub mod store;
mod sync;

pub use broker::BrokerError;
pub use config::OfficeConfig;
pub use http::openapi;
pub use running::{Office, RunningOffice, StartError};
pub use sync::LinkError;
