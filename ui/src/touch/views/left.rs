//! Thank you.

use super::{appointment, lending};
use crate::touch::flow::Presentation;
use crate::{LeftAdapter, TouchWindow};
use domain::verdict::Left;
use slint::ComponentHandle;

/// Shows what comes later today, if anything does, and what is still out.
pub fn show(window: &TouchWindow, left: &Left, presentation: &Presentation) {
    let adapter = window.global::<LeftAdapter>();
    adapter.set_next(appointment::next(left.next.as_ref(), presentation));
    adapter.set_still_out(lending::names(&left.still_out, presentation).into());
}
