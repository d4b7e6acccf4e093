//! What became of the wish to stay longer.

use super::times;
use crate::{ExtensionAdapter, TouchWindow};
use domain::verdict::{Extended, NotExtended};
use slint::ComponentHandle;

/// Shows the new end.
pub fn show_extended(window: &TouchWindow, extended: &Extended) {
    window
        .global::<ExtensionAdapter>()
        .set_until(times::clock(&extended.until).into());
}

/// Shows what stands in the way, and the end as it stays.
pub fn show_not_extended(window: &TouchWindow, refused: &NotExtended) {
    let adapter = window.global::<ExtensionAdapter>();
    adapter.set_limit(refused.limited_by.into());
    adapter.set_current_until(times::clock(&refused.until).into());
}
