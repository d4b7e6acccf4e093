//! The display without a display: each scene the service would show now, drawn into a picture.

use super::board::Board;
use super::{Stage, program};
use crate::picture::{Canvas, Offscreen, Picture, PictureError};
use api::Client;
use api::signage::Signage;
use domain::display::{SceneKind, Turn};
use slint::ComponentHandle;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::error::TryRecvError;

/// How long the service may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there are no pictures.
#[derive(Debug, thiserror::Error)]
pub enum PicturesError {
    /// Nobody answers.
    #[error(
        "the kiosk service sent no view within 30 s; start it, and check --url and --token-file"
    )]
    NoService,
    /// The window cannot be made.
    #[error("the display cannot be drawn")]
    Platform(#[source] slint::PlatformError),
    /// This thread draws elsewhere already.
    #[error("the display cannot be drawn: this thread has a window already")]
    SecondPlatform,
    /// The line to the service cannot be started.
    #[error("the line to the service cannot be started")]
    Line(#[source] std::io::Error),
    /// A picture cannot be saved.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// A display without a display, of so many pixels.
pub struct Studio {
    offscreen: Rc<Offscreen>,
    stage: Stage,
    canvas: Canvas,
    drawn: u64,
}

impl Studio {
    /// Makes the window; nothing moves in it.
    ///
    /// # Errors
    /// When this thread has a window already.
    pub fn new() -> Result<Self, PicturesError> {
        let offscreen = Offscreen::install().map_err(|_| PicturesError::SecondPlatform)?;
        let stage = Stage::new(true).map_err(PicturesError::Platform)?;
        stage.window().show().map_err(PicturesError::Platform)?;
        let canvas = offscreen.latest().ok_or(PicturesError::SecondPlatform)?;
        Ok(Self {
            offscreen,
            stage,
            canvas,
            drawn: 0,
        })
    }

    /// Draws a view as it stands `later` than it came, on a panel of `size` pixels.
    pub fn draw(&mut self, view: &Signage, later: Duration, size: (u32, u32)) -> Picture {
        self.canvas.resize(size.0, size.1);
        self.stage.fit();
        self.drawn += 1;
        // What is shown decides how much room there is, and room decides what is shown.
        for _ in 0..3 {
            self.show(view, later);
            self.canvas.paint();
        }
        self.canvas.picture()
    }

    /// Lets the view that was drawn stand `later` than it came; whether anything had to be painted for it.
    pub fn redraws(&self, view: &Signage, later: Duration) -> bool {
        self.show(view, later);
        self.canvas.paint()
    }

    fn show(&self, view: &Signage, later: Duration) {
        let mut board = Board::default();
        board.take(view.clone(), Duration::ZERO);
        if let Some(shown) = board.shown(later) {
            self.stage.show(&shown, self.drawn);
        }
        self.offscreen.pass(Duration::from_millis(20));
    }
}

/// Saves each scene that the service shows now in `folder`. Returns the paths.
///
/// # Errors
/// When the service does not appear or a picture cannot be saved.
pub fn save(
    client: Client,
    folder: &Path,
    size: (u32, u32),
) -> Result<Vec<PathBuf>, PicturesError> {
    let mut views = program::views(client).map_err(PicturesError::Line)?;
    let view = first(&mut views)?;
    let mut studio = Studio::new()?;
    let mut saved = Vec::new();
    for (number, kind) in (1..).zip(scenes(&view)) {
        let path = folder.join(format!("{number:02}-{}.png", name(kind)));
        let alone = showing(&view, kind);
        studio.draw(&alone, Duration::ZERO, size).save(&path)?;
        saved.push(path);
    }
    Ok(saved)
}

#[expect(
    clippy::disallowed_methods,
    reason = "without a display there is no event loop to wait in; there is a deadline"
)]
fn first(views: &mut UnboundedReceiver<Signage>) -> Result<Signage, PicturesError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match views.try_recv() {
            Ok(view) => return Ok(view),
            Err(TryRecvError::Disconnected) => return Err(PicturesError::NoService),
            Err(TryRecvError::Empty) if Instant::now() > end => {
                return Err(PicturesError::NoService);
            }
            Err(TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn scenes(view: &Signage) -> Vec<SceneKind> {
    let mut kinds: Vec<_> = view.turns.iter().map(|turn| turn.scene).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// The view with nothing but this scene in its play list.
pub fn showing(view: &Signage, scene: SceneKind) -> Signage {
    let turn = Turn {
        scene,
        seconds: 60,
        round: 0,
    };
    Signage {
        turns: vec![turn],
        ..view.clone()
    }
}

fn name(kind: SceneKind) -> &'static str {
    match kind {
        SceneKind::Day => "day",
        SceneKind::Floor => "floor",
        SceneKind::Week => "week",
        SceneKind::Books => "books",
        SceneKind::Notice => "notice",
        SceneKind::Codes => "codes",
    }
}
