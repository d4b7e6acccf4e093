//! A whole centre on one machine: the harness of the system tests, and the demo that people play with.
//!
//! | idea | where |
//! |---|---|
//! | `make demo` | [`demo`] |
//! | an office and a kiosk in this process, each with its own data and ports | [`test_office`], [`test_kiosk`] |
//! | a line that can be cut, frozen and mended | [`cut_proxy`] |
//! | a real Mosquitto, a real kiosk program | [`mosquitto`], [`real_kiosk`] |
//! | a program as a child that never outlives its parent | [`child`] |
//! | a serial scanner without hardware | [`scanner`] |
//! | waiting for a condition, with a deadline | [`waiting`] |

pub mod child;
pub mod cut_proxy;
pub mod demo;
pub mod mosquitto;
pub mod real_kiosk;
pub mod scanner;
pub mod test_kiosk;
pub mod test_office;
pub mod waiting;
