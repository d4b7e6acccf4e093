//! Brings what stands on the display into the window.

use super::board::{Layout, Scene, Shown};
use super::{scale, views};
use crate::{
    ProgrammeAdapter, ScenesAdapter, Sign, SignFrameAdapter, SignLayout, SignScene, SignageWindow,
    Theme, lattice, phrases,
};
use domain::display::SceneKind;
use slint::platform::WindowEvent;
use slint::{ComponentHandle, PlatformError};
use std::cell::Cell;

/// What lists are made of: as long as it is the same, they are left alone.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Content {
    heard: u64,
    layout: Layout,
    portrait: bool,
    rooms: [f32; 4],
}

/// The window of the display.
pub struct Stage {
    window: SignageWindow,
    filled: Cell<Option<Content>>,
}

impl Stage {
    /// Makes the window.
    ///
    /// # Errors
    /// When the platform has no window to give.
    pub fn new(reduced_motion: bool) -> Result<Self, PlatformError> {
        let window = SignageWindow::new()?;
        let theme = window.global::<Theme>();
        theme.set_lattice(lattice::tile());
        theme.set_reduced_motion(reduced_motion);
        theme.on_phrases(|text| phrases::join(&text).into());
        theme.on_plain(|text| phrases::plain(&text).into());
        Ok(Self {
            window,
            filled: Cell::new(None),
        })
    }

    /// The window itself.
    pub fn window(&self) -> &SignageWindow {
        &self.window
    }

    /// Draws the layout as large as the panel allows, whatever the system's own scale.
    pub fn fit(&self) {
        let window = self.window.window();
        let size = window.size();
        let wanted = scale((size.width, size.height));
        if wanted <= 0.0 || (window.scale_factor() - wanted).abs() < 0.001 {
            return;
        }
        let resized = WindowEvent::Resized {
            size: size.to_logical(wanted),
        };
        let scaled = WindowEvent::ScaleFactorChanged {
            scale_factor: wanted,
        };
        for event in [scaled, resized] {
            if let Err(error) = window.dispatch_event_with_result(event) {
                tracing::warn!(%error, "the display cannot be drawn at its size; set its scale in weston.ini");
            }
        }
        self.window
            .set_repaints(self.window.get_repaints().wrapping_add(1).max(0));
    }

    /// Shows what stands now. `heard` counts the views; what has not changed is not touched, so nothing is painted again for it.
    pub fn show(&self, shown: &Shown, heard: u64) {
        let window = &self.window;
        window
            .global::<Sign>()
            .set_night(shown.layout == Layout::Closed);
        window.set_layout(layout(shown.layout));
        window.set_scene(scene(shown.scene));
        views::frame::show(window, shown);
        if shown.layout == Layout::Emergency {
            views::emergency::show(window, shown);
            return;
        }
        // Whether there is a chip, a bar or a footer decides how much room the lists have.
        views::programme::show_call(window, shown);
        views::programme::show_ending(window, shown);
        views::programme::show_advice(window, shown);
        // What is filled in may itself change the room there is.
        for _ in 0..2 {
            let content = Some(self.content(shown, heard));
            if self.filled.replace(content) != content {
                self.fill(shown);
            }
        }
        self.turn(shown);
    }

    fn content(&self, shown: &Shown, heard: u64) -> Content {
        let window = &self.window;
        Content {
            heard,
            layout: shown.layout,
            portrait: window.global::<Theme>().get_portrait(),
            rooms: [
                window.get_day_room(),
                window.get_week_room(),
                window.get_books_room(),
                window.get_zones_room(),
            ],
        }
    }

    fn fill(&self, shown: &Shown) {
        let window = &self.window;
        views::frame::fill(window, shown);
        views::hero::show(window, shown);
        views::programme::fill(window, shown);
        views::seats::fill(window, shown);
        views::scenes::fill(window, shown);
    }

    /// Turns over to the page whose time it is.
    fn turn(&self, shown: &Shown) {
        let window = &self.window;
        let frame = window.global::<SignFrameAdapter>();
        let programme = window.global::<ProgrammeAdapter>();
        let scenes = window.global::<ScenesAdapter>();
        frame.set_notice(views::index(shown.page(views::rows(&frame.get_notices()))));
        programme.set_day_page(views::index(shown.page(views::rows(&programme.get_day()))));
        views::seats::turn(window, shown);
        match shown.scene {
            Scene::Turn(SceneKind::Week, _) => programme.set_week_page(views::index(
                shown.page_of_turn(views::rows(&programme.get_week())),
            )),
            Scene::Turn(SceneKind::Books, _) => scenes.set_book_page(views::index(
                shown.page_of_turn(views::rows(&scenes.get_books())),
            )),
            Scene::Turn(SceneKind::Notice, _) => views::scenes::show_notice(window, shown),
            _ => {}
        }
    }
}

fn layout(layout: Layout) -> SignLayout {
    match layout {
        Layout::Day => SignLayout::Day,
        Layout::Evening => SignLayout::Evening,
        Layout::Early => SignLayout::Early,
        Layout::Closed => SignLayout::Closed,
        Layout::Emergency => SignLayout::Emergency,
    }
}

fn scene(scene: Scene) -> SignScene {
    match scene {
        Scene::InRoom => SignScene::InRoom,
        Scene::Turn(SceneKind::Day, _) => SignScene::Day,
        Scene::Turn(SceneKind::Floor, _) => SignScene::Floor,
        Scene::Turn(SceneKind::Week, _) => SignScene::Week,
        Scene::Turn(SceneKind::Books, _) => SignScene::Books,
        Scene::Turn(SceneKind::Notice, _) => SignScene::Notice,
        Scene::Turn(SceneKind::Codes, _) => SignScene::Codes,
    }
}
