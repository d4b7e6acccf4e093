//! Thank you.

use super::appointment;
use crate::touch::flow::Presentation;
use crate::{LeftAdapter, TouchWindow};
use domain::verdict::Left;
use slint::ComponentHandle;

/// Shows what comes later today, if anything does.
pub fn show(window: &TouchWindow, left: &Left, presentation: &Presentation) {
    window
        .global::<LeftAdapter>()
        .set_next(appointment::next(left.next.as_ref(), presentation));
}
