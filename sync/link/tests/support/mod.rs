//! What the tests of the link share.
#![allow(dead_code, reason = "each test program uses its own part")]

pub mod brokers;
pub mod world;
