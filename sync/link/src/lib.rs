//! The link between a kiosk and the office (design section 7).
//!
//! | idea | where |
//! |---|---|
//! | where messages go | [`topics`] |
//! | what they say | [`message`], [`envelope`] |
//! | what the office tells the door | [`collections`] |
//! | when the kiosk sends what | [`uplink`] (pure) |
//! | what the office makes of it | [`intake`] (pure) |
//! | the connection to the broker | [`driver`] |
//!
//! The broker is trusted with nothing: it may forget, repeat, delay and die. What is durable is what the office's own ack says.

pub mod collections;
pub mod driver;
pub mod envelope;
pub mod intake;
pub mod message;
pub mod topics;
pub mod uplink;
