//! Finding buttons as an assistive technology does, and pressing them as a finger does.

use crate::TouchWindow;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, LogicalSize};

/// A button on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What it is called.
    pub label: String,
    /// Its upper left corner.
    pub position: LogicalPosition,
    /// Its size.
    pub size: LogicalSize,
    /// Whether it can be pressed.
    pub enabled: bool,
}

/// Every button of the screen shown now.
pub fn buttons(window: &TouchWindow) -> Vec<Button> {
    let mut found: Vec<Button> = Vec::new();
    let query = ElementQuery::from_root(window)
        .match_descendants()
        .match_accessible_role(AccessibleRole::Button);
    for element in query.find_all() {
        let button = button(&element);
        // The query visits an element once for each component it inherits from.
        if !found.contains(&button) {
            found.push(button);
        }
    }
    found
}

/// The first button called `label` that can be pressed.
pub fn find(window: &TouchWindow, label: &str) -> Option<Button> {
    buttons(window)
        .into_iter()
        .find(|button| button.label == label && button.enabled)
}

/// Presses the first button called `label`. Whether there was one.
pub fn press(window: &TouchWindow, label: &str) -> bool {
    find(window, label)
        .inspect(|button| touch(window, button))
        .is_some()
}

/// Touches a button in its middle: down and up.
pub fn touch(window: &TouchWindow, button: &Button) {
    let position = LogicalPosition::new(
        button.position.x + button.size.width / 2.0,
        button.position.y + button.size.height / 2.0,
    );
    let window = window.window();
    window.dispatch_event(WindowEvent::PointerMoved { position });
    window.dispatch_event(WindowEvent::PointerPressed {
        position,
        button: PointerEventButton::Left,
    });
    window.dispatch_event(WindowEvent::PointerReleased {
        position,
        button: PointerEventButton::Left,
    });
    window.dispatch_event(WindowEvent::PointerExited);
}

fn button(element: &ElementHandle) -> Button {
    Button {
        label: element.accessible_label().unwrap_or_default().into(),
        position: element.absolute_position(),
        size: element.size(),
        enabled: element.accessible_enabled().unwrap_or(true),
    }
}
