//! An emergency stands instead of everything, until the service says that it is over.

use crate::door::Step::{Answer, Emergency, Lost, Scan, Snapshot, Wait};
use crate::door::{Door, Step, admitted, check, inside, offer, staff_called};
use api::Verdict;
use api::emergency::EmergencyView;
use domain::incident::IncidentKind;
use domain::verdict::{Emergency as Told, Remedy};
use ui::touch::flow::Request;
use ui::touch::language::Language;
use ui::touch::tap::Tap;

fn fire() -> Step {
    Emergency(Some(EmergencyView {
        what: IncidentKind::Fire,
        drill: false,
        exit: None,
    }))
}

fn told() -> Verdict {
    Verdict::Emergency(Told {
        what: IncidentKind::Fire,
        drill: false,
        remedy: Remedy::FollowStaff,
    })
}

#[test]
fn an_emergency_takes_the_screen_from_whoever_stands_there() {
    let number = || Request::Choose("o1".into(), 0);
    check(vec![
        ("nobody", vec![fire()], "emergency", vec![]),
        (
            "an answer",
            vec![Scan(admitted()), fire()],
            "emergency",
            vec![],
        ),
        ("a menu", vec![Scan(inside()), fire()], "emergency", vec![]),
        (
            "a question, and its answer",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(0)),
                fire(),
                Answer(admitted()),
            ],
            "emergency",
            vec![number()],
        ),
        ("for long", vec![fire(), Wait(3600.0)], "emergency", vec![]),
        (
            "whatever is touched",
            vec![
                fire(),
                Step::Tap(Tap::CallStaff),
                Step::Tap(Tap::WalkIn),
                Step::Tap(Tap::Back),
            ],
            "emergency",
            vec![],
        ),
        ("a scan", vec![fire(), Scan(told())], "emergency", vec![]),
        (
            "a scan that is quicker",
            vec![Scan(told())],
            "emergency",
            vec![],
        ),
        (
            "staff called by the button beside the screen",
            vec![fire(), Scan(staff_called()), fire()],
            "emergency",
            vec![],
        ),
        (
            "no service",
            vec![fire(), Lost, Wait(60.0)],
            "emergency",
            vec![],
        ),
        (
            "over",
            vec![fire(), Wait(60.0), Emergency(None)],
            "attract",
            vec![],
        ),
        (
            "over while nobody heard of it",
            vec![fire(), Lost, Wait(60.0), Snapshot],
            "attract",
            vec![],
        ),
    ]);
}

#[test]
fn an_emergency_speaks_the_language_of_the_house() {
    let mut door = Door::new();
    door.step(Step::Tap(Tap::Speak(Language::English)));
    door.step(fire());
    door.step(Step::Tap(Tap::Speak(Language::English)));
    let language = door.flow.presentation(door.now).language;
    assert_eq!(language, Language::Japanese);
}
