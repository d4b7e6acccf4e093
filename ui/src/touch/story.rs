//! A visitor's story without a display: the same flow, the same client, the same window, drawn into pictures.
//!
//! One step a line:
//!
//! ```text
//! # a comment
//! K1ABCDEFGH…                  a code, decided as if the station's scanner had read it
//! press この席を利用する         presses the button of that name
//! save choosing                saves the screen once more under this name
//! ```
//!
//! After each code and each press the screen is saved as `NN-screen.png`.

use super::connection::Connection;
use super::flow::Input;
use super::pressing;
use super::program::{Inputs, Options, Program};
use super::screen::Screen;
use crate::picture::{Canvas, Offscreen, PictureError};
use api::Client;
use api::screen::StreamItem;
use domain::ids::StationId;
use slint::ComponentHandle;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long the service may take to appear, and then for each step.
const PATIENCE: Duration = Duration::from_secs(30);
/// After a press that asks for nothing, the screen is as it will be.
const SETTLED: Duration = Duration::from_millis(150);

/// A step of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A code is held to the scanner.
    Scan(String),
    /// A button is pressed.
    Press(String),
    /// The screen is saved under this name.
    Save(String),
}

/// Reads a story. Empty lines and lines that begin with `#` are skipped.
pub fn parse(text: &str) -> Vec<Step> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once(char::is_whitespace) {
            Some(("press", label)) => Step::Press(label.trim().to_owned()),
            Some(("save", name)) => Step::Save(name.trim().to_owned()),
            Some(("scan", code)) => Step::Scan(code.trim().to_owned()),
            _ => Step::Scan(line.to_owned()),
        })
        .collect()
}

/// Why a story came to no end.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// Nobody answers.
    #[error(
        "the kiosk service sent no snapshot within 30 s; start it, and check --url and --token-file"
    )]
    NoService,
    /// A step had no effect.
    #[error("nothing came of {step:?} within 30 s; the screen still shows {screen}")]
    NoEffect {
        /// The step, without its code.
        step: String,
        /// The screen.
        screen: &'static str,
    },
    /// No button of this name.
    #[error("there is no button {label:?} on the screen {screen}; it has {present}")]
    NoButton {
        /// The name asked for.
        label: String,
        /// The screen.
        screen: &'static str,
        /// The names there are.
        present: String,
    },
    /// A name that is no file name.
    #[error("{0:?} cannot be a picture's name; use letters, digits, hyphens and underscores")]
    Name(String),
    /// The window cannot be made.
    #[error("the screen cannot be drawn")]
    Platform(#[source] slint::PlatformError),
    /// This thread draws elsewhere already.
    #[error("the screen cannot be drawn: this thread has a window already")]
    SecondPlatform,
    /// The line to the service cannot be started.
    #[error("the line to the service cannot be started")]
    Line(#[source] std::io::Error),
    /// A picture cannot be saved.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// Tells the story to the service and saves the pictures in `folder`. Returns their paths.
///
/// # Errors
/// When the service does not appear, a step has no effect, or a picture cannot be saved.
pub fn tell(
    client: Client,
    station: Option<StationId>,
    steps: &[Step],
    folder: &Path,
    size: (u32, u32),
    options: Options,
) -> Result<Vec<PathBuf>, StoryError> {
    let mut teller = Teller::new(client, station, folder, size, options)?;
    teller
        .wait(PATIENCE, |screen| *screen != Screen::ServiceLost)
        .ok_or(StoryError::NoService)?;
    teller.save(None)?;
    for step in steps {
        teller.step(step)?;
    }
    Ok(teller.saved)
}

struct Teller {
    offscreen: Rc<Offscreen>,
    canvas: Canvas,
    program: Program,
    inputs: Inputs,
    folder: PathBuf,
    saved: Vec<PathBuf>,
    heard: u64,
}

impl Teller {
    fn new(
        client: Client,
        station: Option<StationId>,
        folder: &Path,
        size: (u32, u32),
        options: Options,
    ) -> Result<Self, StoryError> {
        let offscreen = Offscreen::install().map_err(|_| StoryError::SecondPlatform)?;
        let inputs = Inputs::new();
        let connection =
            Connection::start(client, station, inputs.sender.clone()).map_err(StoryError::Line)?;
        let options = Options {
            reduced_motion: true,
            ..options
        };
        let program =
            Program::new(connection, &inputs.sender, options).map_err(StoryError::Platform)?;
        program.window().show().map_err(StoryError::Platform)?;
        let canvas = offscreen.latest().ok_or(StoryError::SecondPlatform)?;
        canvas.resize(size.0, size.1);
        Ok(Self {
            offscreen,
            canvas,
            program,
            inputs,
            folder: folder.to_owned(),
            saved: Vec::new(),
            heard: 0,
        })
    }

    fn step(&mut self, step: &Step) -> Result<(), StoryError> {
        match step {
            Step::Scan(code) => {
                let heard = self.heard;
                self.program.connection().scan(code);
                self.until("a scan", |teller| teller.heard > heard)?;
                self.save(None)
            }
            Step::Press(label) => {
                if !pressing::press(self.program.window(), label) {
                    let labels = pressing::buttons(self.program.window())
                        .into_iter()
                        .map(|button| button.label);
                    let present = labels.collect::<Vec<_>>().join(", ");
                    return Err(StoryError::NoButton {
                        label: label.clone(),
                        screen: self.screen_name(),
                        present,
                    });
                }
                self.pump(SETTLED);
                self.until(label, |teller| !teller.program.is_waiting())?;
                self.save(None)
            }
            Step::Save(name) => self.save(Some(name)),
        }
    }

    fn until(&mut self, step: &str, done: impl Fn(&Self) -> bool) -> Result<(), StoryError> {
        let patience = Instant::now() + PATIENCE;
        while !done(self) {
            if Instant::now() > patience {
                return Err(StoryError::NoEffect {
                    step: step.to_owned(),
                    screen: self.screen_name(),
                });
            }
            self.pump(Duration::from_millis(10));
        }
        Ok(())
    }

    fn wait(&mut self, patience: Duration, wanted: impl Fn(&Screen) -> bool) -> Option<()> {
        let end = Instant::now() + patience;
        while !wanted(&self.program.presentation().screen) {
            if Instant::now() > end {
                return None;
            }
            self.pump(Duration::from_millis(10));
        }
        Some(())
    }

    /// Lets everything happen that happens within this time.
    #[expect(
        clippy::disallowed_methods,
        reason = "without a display there is no event loop to wait in; every caller has a deadline"
    )]
    fn pump(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            while let Ok(input) = self.inputs.receiver.try_recv() {
                self.heard += u64::from(is_verdict(&input));
                self.program.receive(input);
            }
            self.program.receive(Input::Tick);
            self.offscreen.pass(Duration::from_millis(5));
            if Instant::now() >= end {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn save(&mut self, name: Option<&str>) -> Result<(), StoryError> {
        let name = name.unwrap_or(self.screen_name());
        let allowed = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(allowed) {
            return Err(StoryError::Name(name.to_owned()));
        }
        let path = self
            .folder
            .join(format!("{:02}-{name}.png", self.saved.len() + 1));
        self.canvas.picture().save(&path)?;
        self.saved.push(path);
        Ok(())
    }

    fn screen_name(&self) -> &'static str {
        self.program.presentation().screen.name()
    }
}

fn is_verdict(input: &Input) -> bool {
    matches!(input, Input::Stream(item) if matches!(**item, StreamItem::Verdict { .. }))
}
