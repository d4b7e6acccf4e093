//! One file a view: what it is given, as its adapter wants it; what is pressed, as a [`Tap`].

pub mod admitted;
pub mod appointment;
pub mod attract;
pub mod closed;
pub mod companions;
pub mod early;
pub mod emergency;
pub mod expired;
pub mod extension;
pub mod first_visit;
pub mod floor_plan;
pub mod frame;
pub mod full;
pub mod hold_pass;
pub mod inside;
pub mod left;
pub mod lending;
pub mod limit;
pub mod number;
pub mod offer;
pub mod people;
pub mod pin;
pub mod programme;
pub mod queue;
pub mod staff;
pub mod times;
pub mod wait;

use super::tap::Tap;
use std::rc::Rc;

/// Where views report what was pressed.
pub type Taps = Rc<dyn Fn(Tap)>;

/// A callback that reports `tap`.
fn report(taps: &Taps, tap: Tap) -> impl Fn() + 'static {
    let taps = Rc::clone(taps);
    move || taps(tap.clone())
}
