//! A reservation number as it is being typed.

use super::{Taps, report};
use crate::touch::number_entry::{DIGITS, Message, NumberEntry};
use crate::touch::tap::Tap;
use crate::{NumberAdapter, NumberMessage, TouchWindow};
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};
use std::rc::Rc;

/// Reports what is pressed.
pub fn connect(window: &TouchWindow, taps: &Taps) {
    let adapter = window.global::<NumberAdapter>();
    adapter.on_delete(report(taps, Tap::Delete));
    adapter.on_submit(report(taps, Tap::Submit));
    let taps = Rc::clone(taps);
    adapter.on_digit(move |digit| {
        if let Ok(digit) = u8::try_from(digit) {
            taps(Tap::Digit(digit));
        }
    });
}

/// Shows the digits so far and what there is to say about them.
pub fn show(window: &TouchWindow, entry: &NumberEntry) {
    let typed = entry.digits().chars().map(SharedString::from);
    let places: VecModel<SharedString> = typed
        .chain(std::iter::repeat_with(SharedString::default))
        .take(DIGITS)
        .collect();
    let adapter = window.global::<NumberAdapter>();
    adapter.set_places(ModelRc::new(places));
    adapter.set_complete(entry.is_complete());
    adapter.set_message(match entry.message() {
        Message::None => NumberMessage::None,
        Message::Incomplete => NumberMessage::Incomplete,
        Message::NotFound => NumberMessage::NotFound,
    });
}
