//! The rules of the centre's door, and nothing else.
//!
//! Pure: no input or output, no clock, no randomness, no async. Time and ids are arguments ([`Context`]), what should happen is a
//! return value ([`Decision`]). The kiosk's desk, the simulator and the tests run these very functions, so no rule is written twice.
//!
//! | idea | where |
//! |---|---|
//! | what the office tells the kiosk | [`reference`](mod@reference), [`calendar`], [`floor`], [`settings`], [`staff`], [`equipment`] |
//! | what happened | [`event`], [`record`] |
//! | what is true today | [`today`], [`head_count`], [`incident`], [`reception`] |
//! | what shall happen now | [`decide`](mod@decide), [`plan`](mod@plan), [`due`], [`closure`], [`lending`] |
//! | what the visitor is told | [`verdict`] |
//! | what the display in the room shows | [`display`] |

pub mod adviser;
pub mod attendance;
mod board;
pub mod calendar;
pub mod closure;
pub mod code;
pub mod consultation;
pub mod decide;
pub mod display;
pub mod due;
mod entry;
pub mod equipment;
pub mod event;
pub mod floor;
pub mod head_count;
pub mod hhmm;
pub mod ids;
pub mod incident;
pub mod lending;
pub mod plan;
pub mod programme;
pub mod reception;
pub mod record;
pub mod reference;
pub mod settings;
pub mod staff;
mod stay;
pub mod text;
pub mod today;
pub mod verdict;
mod wait;

pub use decide::{Command, Context, Decision, decide};
pub use due::next_due;
pub use event::Event;
pub use head_count::HeadCount;
pub use plan::{Plan, plan};
pub use reference::Reference;
pub use today::{Today, apply};
pub use verdict::Verdict;
