//! Every screen, upright and across, in every language, is drawn as it was last accepted.
//!
//! On a difference the picture drawn now and what differs are in `target/screenshots/`. To accept what is drawn now:
//! `UPDATE_REFERENCES=1 cargo test -p ui --test screenshots`, then look at every changed file of `ui/tests/references/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use api::emergency::EmergencyView;
use api::screen::SeatCall;
use common::gallery::{Gallery, difference};
use domain::event::{LimitedBy, SeatChange};
use domain::incident::{Exit, IncidentKind};
use domain::verdict::{Extended, NotExtended, Offered, Remedy, SteppedOut};
use slint::ComponentHandle;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use ui::picture::{Canvas, Offscreen, Picture};
use ui::touch::flow::Presentation;
use ui::touch::language::Language;
use ui::touch::screen::Screen;
use ui::touch::{LANDSCAPE, PORTRAIT, Stage};

/// Screens with something about the visitor, which goes before they do.
const PERSONAL: [&str; 20] = [
    "inside",
    "inside-next",
    "inside-moved",
    "standby",
    "no-place",
    "offer-own",
    "early-same-seat",
    "early-none",
    "admitted-renew",
    "extended",
    "full-day-total",
    "joined",
    "waiting",
    "offer-change",
    "stepped-out",
    "inside-companions",
    "inside-borrowed",
    "admitted-lends",
    "lent-battery",
    "returned-battery-out",
];

struct Studio {
    offscreen: Rc<Offscreen>,
    stage: Stage,
    canvas: Canvas,
}

impl Studio {
    fn new() -> Self {
        let offscreen = Offscreen::install().unwrap();
        let stage = Stage::new(&(Rc::new(|_| {}) as _), true).unwrap();
        stage.window().show().unwrap();
        let canvas = offscreen.latest().unwrap();
        Self {
            offscreen,
            stage,
            canvas,
        }
    }

    fn draw(&self, presentation: &Presentation, size: (u32, u32)) -> Picture {
        self.canvas.resize(size.0, size.1);
        self.stage.show(presentation);
        self.offscreen.pass(Duration::from_millis(20));
        self.canvas.picture()
    }
}

fn presentations() -> Vec<(String, Presentation)> {
    let mut all = Vec::new();
    for language in Language::ALL {
        for (name, screen) in common::screens() {
            all.push((
                format!("{name}-{}", language.code()),
                common::presentation(screen, language),
            ));
        }
        all.push((
            format!("attract-rehearsal-{}", language.code()),
            rehearsal(Screen::Attract, language),
        ));
        all.push((
            format!("admitted-rehearsal-{}", language.code()),
            rehearsal(Screen::Admitted(common::admitted()), language),
        ));
        for (name, screen) in common::screens() {
            let gone = Presentation {
                details: false,
                ..common::presentation(screen, language)
            };
            if PERSONAL.contains(&name) {
                all.push((format!("{name}-details-gone-{}", language.code()), gone));
            }
        }
        all.push((
            format!("attract-full-{}", language.code()),
            attract(language, |centre| centre.free_seats = 0),
        ));
        let call = |number, seat: &str| SeatCall {
            number,
            seat: seat.into(),
            again: false,
        };
        all.push((
            format!("attract-call-{}", language.code()),
            attract(language, |centre| centre.calls = vec![call(12, "B4")]),
        ));
        let calls = || vec![call(104, "D5"), call(13, "C2"), call(12, "B4")];
        all.push((
            format!("attract-calls-{}", language.code()),
            attract(language, |centre| centre.calls = calls()),
        ));
        all.push((
            format!("attract-no-scanner-{}", language.code()),
            attract(language, |centre| centre.scanner_ready = Some(false)),
        ));
        all.extend(emergencies(language));
        let closed = |centre: &mut api::screen::Centre| {
            centre.walk_in = false;
            centre.today.open = None;
            centre.today.close = None;
        };
        all.push((
            format!("attract-closed-{}", language.code()),
            attract(language, closed),
        ));
    }
    all
}

/// Each emergency; fire with each way out, and practised.
fn emergencies(language: Language) -> Vec<(String, Presentation)> {
    use IncidentKind::{Earthquake, Fire, Flood, Intruder};
    let kinds = [
        ("fire", Fire, false, Some(Exit::Right)),
        ("fire-drill", Fire, true, Some(Exit::Ahead)),
        ("earthquake", Earthquake, false, None),
        ("flood", Flood, false, None),
        ("intruder", Intruder, false, None),
    ];
    let drawn = kinds.map(|(name, what, drill, exit)| {
        let centre = api::screen::Centre {
            emergency: Some(EmergencyView { what, drill, exit }),
            rehearsal: drill,
            ..common::centre()
        };
        let presentation = Presentation {
            centre: Some(Arc::new(centre)),
            ..common::presentation(Screen::Emergency { what, drill }, language)
        };
        (
            format!("emergency-{name}-{}", language.code()),
            presentation,
        )
    });
    drawn.into()
}

fn attract(language: Language, change: impl Fn(&mut api::screen::Centre)) -> Presentation {
    let mut centre = common::centre();
    change(&mut centre);
    Presentation {
        centre: Some(Arc::new(centre)),
        ..common::presentation(Screen::Attract, language)
    }
}

fn rehearsal(screen: Screen, language: Language) -> Presentation {
    let centre = api::screen::Centre {
        rehearsal: true,
        ..common::centre()
    };
    Presentation {
        centre: Some(Arc::new(centre)),
        ..common::presentation(screen, language)
    }
}

#[test]
fn every_screen_is_drawn_as_accepted() {
    let studio = Studio::new();
    let mut gallery = Gallery::new("screenshots");
    for (panel, size) in [("landscape", LANDSCAPE), ("portrait", PORTRAIT)] {
        for (name, presentation) in presentations() {
            let drawn = studio.draw(&presentation, size);
            gallery.compare(&format!("{name}-{panel}"), &drawn);
        }
    }
    gallery.close();
}

#[test]
fn once_the_details_are_gone_nobody_can_tell_whose_they_were() {
    let studio = Studio::new();
    for (case, one, other) in strangers() {
        for size in [LANDSCAPE, PORTRAIT] {
            let draw = |screen: &Screen, details| {
                let presentation = common::presentation(screen.clone(), Language::Japanese);
                studio.draw(
                    &Presentation {
                        details,
                        ..presentation
                    },
                    size,
                )
            };
            let told = |details| difference(&draw(&one, details), &draw(&other, details));
            assert!(told(true).is_some(), "{case}, {size:?}: nothing to hide");
            assert!(told(false).is_none(), "{case}, {size:?}: still to be seen");
        }
    }
}

fn stepped_out(back_by: &str) -> Screen {
    Screen::SteppedOut(SteppedOut {
        visit: "v1".into(),
        back_by: common::at(back_by),
    })
}

/// Other seats for somebody who has this one.
fn other_seats(seat: &str) -> Screen {
    Screen::Offer(Offered {
        changes: Some(SeatChange {
            seat: seat.into(),
            ..common::people::change()
        }),
        ..common::offered()
    })
}

/// Two visitors on the same screen.
fn strangers() -> Vec<(&'static str, Screen, Screen)> {
    let screen = |name: &str| {
        let mut all = common::screens().into_iter();
        all.find(|(found, _)| *found == name).unwrap().1
    };
    let own = |limited_by| {
        let choice = common::choice("B4", "13:25", limited_by);
        Screen::Offer(Offered {
            choices: vec![choice],
            ..common::offered()
        })
    };
    let extended = |until| {
        Screen::Extended(Extended {
            visit: "v1".into(),
            place: common::seat("C3"),
            until: common::at(until),
            limited_by: LimitedBy::Grant,
        })
    };
    let stays = |limited_by| {
        Screen::NotExtended(NotExtended {
            visit: "v1".into(),
            until: common::at("14:42"),
            limited_by,
            remedy: Remedy::SeeStaff,
        })
    };
    vec![
        ("seats", screen("admitted"), screen("admitted-next")),
        (
            "places",
            screen("admitted-renew"),
            screen("admitted-consultation"),
        ),
        (
            "reservations",
            screen("early-bridge"),
            screen("early-same-seat"),
        ),
        ("menus", screen("inside"), screen("inside-next")),
        (
            "companions",
            screen("admitted"),
            screen("admitted-companions"),
        ),
        ("outings", stepped_out("12:12"), stepped_out("12:00")),
        ("changes", other_seats("C3"), other_seats("C4")),
        ("goodbyes", screen("left"), screen("left-next")),
        ("places in line", screen("waiting"), screen("waiting-next")),
        (
            "reasons",
            own(LimitedBy::OwnReservation),
            own(LimitedBy::DayTotal),
        ),
        ("longer stays", extended("15:42"), extended("15:30")),
        (
            "ends",
            stays(LimitedBy::DayTotal),
            stays(LimitedBy::OwnReservation),
        ),
    ]
}
