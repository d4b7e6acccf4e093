//! The PIN of whoever held up a staff badge.

use super::{Taps, report};
use crate::touch::staff::{self, PinEntry};
use crate::touch::tap::Tap;
use crate::{PinAdapter, PinMessage, TouchWindow};
use slint::ComponentHandle;
use std::rc::Rc;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<PinAdapter>();
    adapter.on_delete(report(taps, Tap::Delete));
    let taps = Rc::clone(taps);
    adapter.on_digit(move |digit| {
        if let Ok(digit) = u8::try_from(digit) {
            taps(Tap::Digit(digit));
        }
    });
}

/// Shows how many digits there are, and what there is to say.
pub fn show(window: &TouchWindow, entry: &PinEntry) {
    let adapter = window.global::<PinAdapter>();
    adapter.set_typed(i32::try_from(entry.count()).unwrap_or_default());
    adapter.set_message(match entry.message() {
        staff::PinMessage::None => PinMessage::None,
        staff::PinMessage::Wrong => PinMessage::Wrong,
        staff::PinMessage::Locked => PinMessage::Locked,
        staff::PinMessage::NoLine => PinMessage::NoLine,
    });
}
