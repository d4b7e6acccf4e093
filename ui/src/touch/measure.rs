//! How long a touch takes to become a painted frame (design section 10: under 16.7 ms at 1280×800).

use super::flow::{Flow, Input};
use super::language::Language;
use super::tap::Tap;
use super::timing::Timing;
use super::{LANDSCAPE, Stage, pressing};
use crate::picture::{Canvas, Offscreen};
use api::screen::{Centre, FloorView, StreamItem};
use slint::ComponentHandle;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// This thread has a window already.
    #[error("this thread has a window already; measure in a thread of its own")]
    SecondPlatform,
    /// No window.
    #[error("the screen cannot be drawn")]
    Platform(#[source] slint::PlatformError),
    /// A button that should be there is not.
    #[error("there is no button {0:?} on the screen; mend its label in ui/slint")]
    NoButton(&'static str),
}

/// Presses through screens that change wholly, `rounds` times, and returns how long each took: from the touch to the last pixel of the
/// frame it caused, at 1280×800 with the renderer of the door. Motion is reduced, so each change is one whole frame.
///
/// # Errors
/// When the thread has a window already, or the screens have changed so that the presses no longer fit.
pub fn touch_to_frame(
    centre: Centre,
    floor: FloorView,
    rounds: usize,
) -> Result<Vec<Duration>, MeasureError> {
    let offscreen = Offscreen::install().map_err(|_| MeasureError::SecondPlatform)?;
    let taps = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&taps);
    let stage = Stage::new(
        &(Rc::new(move |tap| told.borrow_mut().push(tap)) as _),
        true,
    )
    .map_err(MeasureError::Platform)?;
    stage.window().show().map_err(MeasureError::Platform)?;
    let canvas = offscreen.latest().ok_or(MeasureError::SecondPlatform)?;
    canvas.resize(LANDSCAPE.0, LANDSCAPE.1);
    let mut bench = Bench {
        flow: Flow::new(Timing::default(), Language::Japanese),
        stage,
        canvas,
        taps,
    };
    bench.take(Input::Stream(Box::new(StreamItem::Snapshot {
        centre,
        floor,
    })));
    bench.canvas.paint();
    let mut times = Vec::new();
    for _ in 0..rounds {
        for label in [
            "予約なしで利用する",
            "予約番号を入力する",
            "戻る",
            "はじめてご利用の方",
            "戻る",
        ] {
            times.push(bench.press(label)?);
            offscreen.pass(Duration::from_millis(20));
            bench.canvas.paint();
        }
    }
    Ok(times)
}

struct Bench {
    flow: Flow,
    stage: Stage,
    canvas: Canvas,
    taps: Rc<RefCell<Vec<Tap>>>,
}

impl Bench {
    fn take(&mut self, input: Input) {
        // The flow's clock stands still: nothing here waits for a countdown.
        self.flow.handle(input, Duration::ZERO);
        self.stage.show(&self.flow.presentation(Duration::ZERO));
    }

    fn press(&mut self, label: &'static str) -> Result<Duration, MeasureError> {
        let place =
            pressing::find(self.stage.window(), label).ok_or(MeasureError::NoButton(label))?;
        let begun = Instant::now();
        pressing::touch(self.stage.window(), &place);
        for tap in self.taps.take() {
            self.take(Input::Tap(tap));
        }
        self.canvas.paint();
        Ok(begun.elapsed())
    }
}
