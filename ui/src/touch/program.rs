//! The program: inputs in, presentation and requests out.
//!
//! Touches, the service and the clock all write to one channel. With a window it is emptied in Slint's event loop; without one the
//! story empties it. So there is one order of things, and nothing the window does can run inside something else it does.

use super::connection::Connection;
use super::flow::{Flow, Input, Presentation};
use super::language::Language;
use super::stage::Stage;
use super::timing::Timing;
use super::views::Taps;
use crate::TouchWindow;
use slint::{ComponentHandle, PlatformError, Timer, TimerMode};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How often the countdown and the clock are looked at.
const TICK: Duration = Duration::from_millis(250);

/// How the program behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How long things stay.
    pub timing: Timing,
    /// The language every visitor is first addressed in.
    pub language: Language,
    /// Nothing moves.
    pub reduced_motion: bool,
}

/// The touch screen with its state and its line to the service.
pub struct Program {
    stage: Stage,
    flow: RefCell<Flow>,
    connection: Connection,
    started: Instant,
}

/// Where inputs come from.
pub struct Inputs {
    /// To be given to the [`Connection`].
    pub sender: UnboundedSender<Input>,
    /// To be emptied by whoever runs the program.
    pub receiver: UnboundedReceiver<Input>,
}

impl Inputs {
    /// A new channel.
    pub fn new() -> Self {
        let (sender, receiver) = unbounded_channel();
        Self { sender, receiver }
    }
}

impl Default for Inputs {
    fn default() -> Self {
        Self::new()
    }
}

impl Program {
    /// Makes the window. Touches go to `inputs`.
    ///
    /// # Errors
    /// When the platform has no window to give.
    pub fn new(
        connection: Connection,
        inputs: &UnboundedSender<Input>,
        options: Options,
    ) -> Result<Self, PlatformError> {
        let sender = inputs.clone();
        let taps: Taps = Rc::new(move |tap| {
            // The receiver goes only when the program ends.
            let _ = sender.send(Input::Tap(tap));
        });
        let flow = Flow::new(options.timing, options.language);
        let stage = Stage::new(&taps, options.reduced_motion)?;
        let program = Self {
            stage,
            flow: RefCell::new(flow),
            connection,
            started: Instant::now(),
        };
        program.stage.show(&program.presentation());
        Ok(program)
    }

    /// The window.
    pub fn window(&self) -> &TouchWindow {
        self.stage.window()
    }

    /// The line to the service.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What is shown now.
    pub fn presentation(&self) -> Presentation {
        self.flow.borrow().presentation(self.started.elapsed())
    }

    /// Whether an answer of the service is on its way.
    pub fn is_waiting(&self) -> bool {
        self.flow.borrow().is_waiting()
    }

    /// Takes in what happened.
    pub fn receive(&self, input: Input) {
        let now = self.started.elapsed();
        let asked = self.flow.borrow_mut().handle(input, now);
        for asked in asked {
            self.connection.ask(asked);
        }
        self.stage.show(&self.presentation());
    }

    /// Shows the window and runs until it is closed.
    ///
    /// # Errors
    /// When the display goes away.
    pub fn run(self, inputs: Inputs) -> Result<(), PlatformError> {
        let Inputs {
            sender,
            mut receiver,
        } = inputs;
        let program = Rc::new(self);
        let receiving = Rc::clone(&program);
        slint::spawn_local(async move {
            while let Some(input) = receiver.recv().await {
                receiving.receive(input);
            }
        })
        .map_err(|error| PlatformError::Other(error.to_string()))?;
        let clock = Timer::default();
        clock.start(TimerMode::Repeated, TICK, move || {
            let _ = sender.send(Input::Tick);
        });
        program.window().run()
    }
}
