//! The loop: look, read, send what is new. Nothing ends it.

use crate::frame::Frame;
use crate::health::{Done, Health};
use crate::line::Line;
use crate::reader::{Decoder, Reader};
use crate::source::{Fault, Folder, Look, Source, Video};
use crate::view::View;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often there is a look. Quicker than a hand, and a small machine is half idle.
const EVERY: Duration = Duration::from_millis(100);

/// After a call that failed; the client has tried it twice.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

const FIRST_RETRY: Duration = Duration::from_millis(200);
const LONGEST_RETRY: Duration = Duration::from_secs(2);

/// Where pictures are to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A USB camera's device.
    Device(PathBuf),
    /// A folder of pictures.
    Folder(PathBuf),
}

impl Place {
    fn open(&self) -> Result<Box<dyn Source>, Fault> {
        Ok(match self {
            Self::Device(path) => Box::new(Video::open(path)?),
            Self::Folder(path) => Box::new(Folder::open(path)?),
        })
    }
}

/// Looks at one place for one station.
pub struct Watch<D> {
    reader: Reader<D>,
    view: View,
    line: Line,
    health: Health,
    done: Done,
}

impl<D: Decoder> Watch<D> {
    /// A watch that has seen nothing yet.
    pub fn new(decoder: D, line: Line) -> Self {
        Self {
            reader: Reader::new(decoder),
            view: View::default(),
            line,
            health: Health::default(),
            done: Done::default(),
        }
    }

    /// Looks for ever. A place without pictures is opened again, tried every 0.2 to 2 seconds.
    pub fn run(mut self, place: &Place) -> ! {
        let mut pause = FIRST_RETRY;
        loop {
            let begun = Instant::now();
            let fault = match place.open() {
                Ok(source) => self.look_at(source),
                Err(fault) => fault,
            };
            self.health.missing(fault);
            self.health.alive(self.done);
            // A camera that comes and goes at once is tried ever more slowly.
            if begun.elapsed() >= LONGEST_RETRY {
                pause = FIRST_RETRY;
            }
            self.line.pause(pause);
            pause = (pause * 2).min(LONGEST_RETRY);
        }
    }

    /// Looks until the source fails.
    fn look_at(&mut self, mut source: Box<dyn Source>) -> Fault {
        self.view.clear();
        loop {
            let begun = Instant::now();
            match source.look() {
                Ok(look) => self.take(look),
                Err(fault) => return fault,
            }
            self.health.ready();
            self.health.alive(self.done);
            self.line.pause(EVERY.saturating_sub(begun.elapsed()));
        }
    }

    fn take(&mut self, look: Look) {
        let codes = match look {
            Look::Picture(frame) => self.read(frame),
            Look::Nothing => Vec::new(),
            Look::Spoilt(reason) => return self.spoilt(&reason),
        };
        for code in self.view.see(&codes, Instant::now()) {
            self.send(&code);
        }
    }

    fn read(&mut self, frame: Frame) -> Vec<String> {
        let codes = self.reader.read(&frame.for_decoder());
        self.done.broken = self.reader.broken();
        tracing::debug!(codes = codes.len(), "looked at a picture");
        codes
    }

    fn send(&mut self, code: &str) {
        match self.line.scan(code) {
            Ok(()) => self.done.answered += 1,
            Err(error) => {
                self.done.unanswered += 1;
                tracing::warn!(error = chain(&error), "a code was not answered");
                self.view.forget(code);
                self.line.pause(AFTER_FAILURE);
            }
        }
    }

    fn spoilt(&mut self, reason: &str) {
        self.done.spoilt += 1;
        // A cable that fails spoils every picture.
        if self.done.spoilt.is_power_of_two() {
            tracing::warn!(reason, spoilt = self.done.spoilt, "a picture was left out");
        }
    }
}

/// An error with its causes. Codes are in none of them.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |cause| cause.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
