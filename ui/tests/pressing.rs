//! What can be pressed: found by its accessible label, large enough, and doing what it says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use domain::event::GuestPurpose;
use slint::ComponentHandle;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use ui::picture::{Canvas, Offscreen};
use ui::touch::language::Language;
use ui::touch::pressing::{Button, buttons, press};
use ui::touch::screen::Screen;
use ui::touch::tap::Tap;
use ui::touch::{LANDSCAPE, PORTRAIT, Stage};

/// 12.5 mm on the 13.3-inch panel.
const LEAST: f32 = 56.0;
/// 20 mm: what a screen is there for.
const MAIN: f32 = 88.0;
const MAIN_ACTIONS: [&str; 9] = [
    "この席を利用する",
    "この席に替わる",
    "利用を終える",
    "延長する",
    "終了する",
    "係員を呼ぶ",
    "後ほどまた来る",
    "予約なしで利用する",
    "閉じる",
];
/// Between two things that can be pressed.
const APART: f32 = 8.0;

struct Bench {
    offscreen: Rc<Offscreen>,
    stage: Stage,
    canvas: Canvas,
    taps: Rc<RefCell<Vec<Tap>>>,
}

impl Bench {
    fn new() -> Self {
        let offscreen = Offscreen::install().unwrap();
        let taps = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&taps);
        let stage = Stage::new(
            &(Rc::new(move |tap| told.borrow_mut().push(tap)) as _),
            true,
        )
        .unwrap();
        stage.window().show().unwrap();
        let canvas = offscreen.latest().unwrap();
        canvas.resize(LANDSCAPE.0, LANDSCAPE.1);
        Self {
            offscreen,
            stage,
            canvas,
            taps,
        }
    }

    fn show(&self, screen: Screen, language: Language) -> Vec<Button> {
        self.stage.show(&common::presentation(screen, language));
        self.settle();
        buttons(self.stage.window())
    }

    fn settle(&self) {
        self.offscreen.pass(Duration::from_millis(300));
        self.canvas.picture();
    }

    fn press(&self, label: &str) -> Vec<Tap> {
        self.taps.borrow_mut().clear();
        assert!(
            press(self.stage.window(), label),
            "no button {label}; there are {:?}",
            buttons(self.stage.window())
        );
        self.settle();
        self.taps.take()
    }
}

fn screen(name: &str) -> Screen {
    common::screens()
        .into_iter()
        .find(|(found, _)| *found == name)
        .unwrap()
        .1
}

#[test]
fn a_press_is_reported_as_what_it_means() {
    let bench = Bench::new();
    let cases: [(&str, &[(&str, Tap)]); 13] = [
        (
            "attract",
            &[
                ("予約なしで利用する", Tap::WalkIn),
                ("予約番号を入力する", Tap::EnterNumber),
                ("はじめてご利用の方", Tap::FirstVisit),
                ("利用終了・延長", Tap::LeaveOrExtend),
                ("見学", Tap::Guest(GuestPurpose::Tour)),
                ("お届け", Tap::Guest(GuestPurpose::Delivery)),
                ("お問い合わせ", Tap::Guest(GuestPurpose::Enquiry)),
                ("係員を呼ぶ", Tap::CallStaff),
                ("English", Tap::Speak(Language::English)),
                ("日本語", Tap::Speak(Language::Japanese)),
            ],
        ),
        (
            "hold-pass-walk-in",
            &[
                ("予約番号を入力する", Tap::EnterNumber),
                ("はじめてご利用の方", Tap::FirstVisit),
                ("戻る", Tap::Back),
            ],
        ),
        (
            "number-incomplete",
            &[
                ("7", Tap::Digit(7)),
                ("0", Tap::Digit(0)),
                ("1文字消す", Tap::Delete),
                ("確認", Tap::Submit),
                ("もう少し表示する", Tap::MoreTime),
            ],
        ),
        (
            "offer-three",
            &[
                ("この席を利用する", Tap::Choose(0)),
                ("もう少し表示する", Tap::MoreTime),
            ],
        ),
        (
            "early-bridge",
            &[
                ("この席を利用する", Tap::Choose(0)),
                ("後ほどまた来る", Tap::Back),
            ],
        ),
        ("early-none", &[("閉じる", Tap::Back)]),
        (
            "inside",
            &[
                ("利用を終える", Tap::Leave),
                ("延長する", Tap::Extend),
                ("席を替わる", Tap::ChangeSeat),
                ("一時外出する", Tap::StepOut),
                ("一緒の方を増やす", Tap::MoreCompanions),
            ],
        ),
        (
            "inside-confirm",
            &[("終了する", Tap::ConfirmLeave), ("まだ利用する", Tap::Stay)],
        ),
        (
            "admitted",
            &[
                ("閉じる", Tap::Back),
                ("もう少し表示する", Tap::MoreTime),
                ("一緒の方を増やす", Tap::MoreCompanions),
            ],
        ),
        (
            "admitted-companions",
            &[("一緒の方を減らす", Tap::FewerCompanions)],
        ),
        (
            "guest-tour",
            &[("まちがえたので取り消す", Tap::TakeGuestBack)],
        ),
        (
            "first-visit",
            &[("戻る", Tap::Back), ("係員を呼ぶ", Tap::CallStaff)],
        ),
        ("service-lost", &[("係員を呼ぶ", Tap::CallStaff)]),
    ];
    for (name, presses) in cases {
        bench.show(screen(name), Language::Japanese);
        for (label, tap) in presses {
            assert_eq!(
                bench.press(label),
                std::slice::from_ref(tap),
                "{label} on {name}"
            );
        }
    }
}

#[test]
fn the_second_and_third_choice_can_be_pressed_too() {
    let bench = Bench::new();
    let offered = bench.show(screen("offer-three"), Language::English);
    let choices: Vec<_> = offered
        .iter()
        .filter(|button| button.label == "Use this seat")
        .collect();
    assert_eq!(choices.len(), 3);
    let mut columns: Vec<f32> = choices.iter().map(|button| button.position.x).collect();
    columns.dedup();
    assert_eq!(columns.len(), 3, "{choices:?}");
}

#[test]
fn everything_that_can_be_pressed_is_large_enough_apart_and_on_the_screen() {
    let bench = Bench::new();
    for (panel, (width, height)) in [("landscape", LANDSCAPE), ("portrait", PORTRAIT)] {
        bench.canvas.resize(width, height);
        for language in Language::ALL {
            for (name, screen) in common::screens() {
                let found = bench.show(screen, language);
                let place = format!("{name}, {panel}, {}", language.code());
                check(&found, (width as f32, height as f32), &place);
            }
        }
    }
}

fn check(found: &[Button], (width, height): (f32, f32), place: &str) {
    assert!(!found.is_empty(), "{place}: nothing can be pressed");
    for button in found {
        let (position, size) = (button.position, button.size);
        assert!(
            !button.label.is_empty(),
            "{place}: a button without a name: {button:?}"
        );
        assert!(
            size.width >= LEAST && size.height >= LEAST,
            "{place}: too small: {button:?}"
        );
        let main = MAIN_ACTIONS.contains(&button.label.as_str());
        assert!(
            !main || size.height >= MAIN,
            "{place}: a main action is too small: {button:?}"
        );
        let inside = position.x >= 0.0
            && position.y >= 0.0
            && position.x + size.width <= width
            && position.y + size.height <= height;
        assert!(inside, "{place}: not wholly on the screen: {button:?}");
    }
    for (index, one) in found.iter().enumerate() {
        for other in &found[index + 1..] {
            let beside = |a: f32, b: f32, length: f32| a + length + APART <= b;
            let apart = beside(one.position.x, other.position.x, one.size.width)
                || beside(other.position.x, one.position.x, other.size.width)
                || beside(one.position.y, other.position.y, one.size.height)
                || beside(other.position.y, one.position.y, other.size.height);
            assert!(apart, "{place}: too close: {one:?} {other:?}");
        }
    }
}

#[test]
fn staff_can_be_called_from_every_screen() {
    let bench = Bench::new();
    for (name, screen) in common::screens() {
        let found = bench.show(screen, Language::Japanese);
        assert!(
            found.iter().any(|button| button.label == "係員を呼ぶ"),
            "{name}"
        );
    }
}

#[test]
fn the_bench_presses_what_it_measures() {
    let times = std::thread::spawn(|| {
        ui::touch::measure::touch_to_frame(common::centre(), common::floor(), 3)
    })
    .join()
    .unwrap()
    .unwrap();
    assert_eq!(times.len(), 15);
    let slowest = times.iter().max().unwrap();
    // The aim is 16.7 ms on a quiet machine (`make bench`); a busy one only must not be out of all proportion.
    assert!(*slowest < Duration::from_secs(1), "{times:?}");
}
