//! What became of the wish to stay longer.

use super::{limit, times};
use crate::touch::flow::Presentation;
use crate::{ExtensionAdapter, TouchWindow};
use domain::verdict::{Extended, NotExtended};
use slint::ComponentHandle;

/// Shows the new end, while it may be seen.
pub fn show_extended(window: &TouchWindow, extended: &Extended, presentation: &Presentation) {
    window
        .global::<ExtensionAdapter>()
        .set_until(times::personal(&extended.until, presentation));
}

/// Shows what stands in the way, and the end as it stays.
pub fn show_not_extended(window: &TouchWindow, refused: &NotExtended, presentation: &Presentation) {
    let adapter = window.global::<ExtensionAdapter>();
    adapter.set_limit(limit::shown(refused.limited_by, presentation));
    adapter.set_current_until(times::personal(&refused.until, presentation));
}
