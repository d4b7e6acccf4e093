//! The program: the service's views in, the display out, the clock once a second.

use super::Stage;
use super::board::Board;
use crate::line::{self, Heard};
use api::Client;
use api::signage::Signage;
use slint::{ComponentHandle, PlatformError, Timer, TimerMode};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The clock shows minutes and scenes change on full seconds.
const TICK: Duration = Duration::from_secs(1);

/// The views of the service, as they come. The line is opened again whenever it breaks.
///
/// # Errors
/// When the machine cannot start a thread or its event queue.
pub fn views(client: Client) -> std::io::Result<UnboundedReceiver<Signage>> {
    let (views, receiver) = unbounded_channel();
    line::start(move || async move {
        line::follow(
            async || client.signage_stream().await,
            |heard| match heard {
                Heard::Item(view) => views.send(view).is_ok(),
                // The last view stays, and the board says how old it is.
                Heard::Lost => !views.is_closed(),
            },
        )
        .await;
    })?;
    Ok(receiver)
}

/// The display with its last view.
pub struct Program {
    stage: Stage,
    board: RefCell<Board>,
    started: Instant,
}

impl Program {
    /// Makes the window.
    ///
    /// # Errors
    /// When the platform has no window to give.
    pub fn new(reduced_motion: bool) -> Result<Self, PlatformError> {
        Ok(Self {
            stage: Stage::new(reduced_motion)?,
            board: RefCell::default(),
            started: Instant::now(),
        })
    }

    /// The stage with its window.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Takes a view of the service.
    pub fn receive(&self, view: Signage) {
        self.board.borrow_mut().take(view, self.started.elapsed());
        self.show();
    }

    /// Shows what stands now.
    pub fn show(&self) {
        self.stage.fit();
        let board = self.board.borrow();
        if let Some(shown) = board.shown(self.started.elapsed()) {
            self.stage.show(&shown, board.heard());
        }
    }

    /// Shows the window and runs until it is closed.
    ///
    /// # Errors
    /// When the display goes away.
    pub fn run(self, mut views: UnboundedReceiver<Signage>) -> Result<(), PlatformError> {
        let program = Rc::new(self);
        let receiving = Rc::clone(&program);
        slint::spawn_local(async move {
            while let Some(view) = views.recv().await {
                receiving.receive(view);
            }
        })
        .map_err(|error| PlatformError::Other(error.to_string()))?;
        let (clock, ticking) = (Timer::default(), Rc::clone(&program));
        clock.start(TimerMode::Repeated, TICK, move || ticking.show());
        program.stage.window().run()
    }
}
