//! The office: the central server that the doors report to (design sections 1, 5 and 7).
//!
//! | idea | where |
//! |---|---|
//! | how it is set up | [`config`] |
//! | what it keeps | [`store`] |
//! | files from other services | [`mod@import`] |

pub mod clock;
pub mod config;
pub mod import;
pub mod secret;
pub mod store;
