//! What is offered: chosen, held, given back.

use crate::common;
use crate::door::Step::{Answer, Fails, Scan, Wait};
use crate::door::{ConcatSteps, Door, Step, admitted, bridge, check, inside, offer, refused};
use api::Verdict;
use domain::event::LimitedBy;
use domain::verdict::Remedy;
use ui::touch::flow::Request;
use ui::touch::screen::Screen;
use ui::touch::tap::Tap;

#[test]
fn an_offer_is_held_as_long_as_it_is_shown() {
    let (offered, choose, hold, release) = (
        "o1",
        Request::Choose("o1".into(), 1),
        Request::Hold("o1".into()),
        Request::Release("o1".into()),
    );
    assert_eq!(common::offered().offer.as_str(), offered);
    check(vec![
        (
            "chosen",
            vec![Scan(offer()), Step::Tap(Tap::Choose(1)), Answer(admitted())],
            "admitted",
            vec![choose.clone()],
        ),
        (
            "no such choice",
            vec![Scan(offer()), Step::Tap(Tap::Choose(3))],
            "offer",
            vec![],
        ),
        (
            "pressed twice",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(1)),
                Step::Tap(Tap::Choose(0)),
            ],
            "offer",
            vec![choose.clone()],
        ),
        (
            "went back",
            vec![Scan(offer()), Step::Tap(Tap::Back)],
            "attract",
            vec![release.clone()],
        ),
        (
            "walked away",
            vec![Scan(offer()), Wait(60.0)],
            "attract",
            vec![release.clone()],
        ),
        (
            "thinks",
            vec![
                Scan(offer()),
                Wait(59.0),
                Step::Tap(Tap::MoreTime),
                Answer(offer()),
                Wait(59.0),
            ],
            "offer",
            vec![hold],
        ),
        (
            "chose too late",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(1)),
                Answer(Verdict::Lapsed(refused(Remedy::StartAgain))),
            ],
            "lapsed",
            vec![choose.clone()],
        ),
        (
            "an answer nobody waits for",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(1)),
                Scan(inside()),
                Answer(admitted()),
            ],
            "inside",
            vec![choose.clone()],
        ),
        (
            "the call fails, and may have been taken",
            vec![Scan(offer()), Step::Tap(Tap::Choose(1)), Fails],
            "unconfirmed",
            vec![choose.clone()],
        ),
        (
            "no answer while the line still asks",
            vec![Scan(offer()), Step::Tap(Tap::Choose(1)), Wait(13.5)],
            "offer",
            vec![choose.clone()],
        ),
        (
            "the answer to the repetition",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(1)),
                Wait(12.5),
                Answer(admitted()),
            ],
            "admitted",
            vec![choose.clone()],
        ),
        (
            "no answer at all",
            vec![Scan(offer()), Step::Tap(Tap::Choose(1)), Wait(14.0)],
            "unconfirmed",
            vec![choose.clone()],
        ),
        (
            "the pass shows what became of it",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(1)),
                Fails,
                Scan(inside()),
            ],
            "inside",
            vec![choose],
        ),
        (
            "the bridge",
            vec![
                Scan(bridge()),
                Step::Tap(Tap::Choose(0)),
                Answer(admitted()),
            ],
            "admitted",
            vec![Request::Choose("o2".into(), 0)],
        ),
        (
            "later",
            vec![Scan(bridge()), Step::Tap(Tap::Back)],
            "attract",
            vec![Request::Release("o2".into())],
        ),
        (
            "too early and full",
            vec![
                Scan(Verdict::TooEarly(common::early(None))),
                Step::Tap(Tap::Choose(0)),
                Wait(14.5),
            ],
            "early",
            vec![],
        ),
        (
            "drop nothing twice",
            vec![Scan(offer()), Step::Tap(Tap::Back), Wait(90.0)],
            "attract",
            vec![release],
        ),
    ]);
}

#[test]
fn more_time_on_a_bridge_keeps_the_bridge() {
    let hold = Request::Hold("o2".into());
    // What the service answers: the offer behind the bridge, for another 90 s.
    let held = || {
        let bridge = common::choice("B4", "13:55", LimitedBy::Reservation);
        Verdict::Offer(domain::verdict::Offered {
            offer: "o2".into(),
            choices: vec![bridge],
            held_s: 90,
            ..common::offered()
        })
    };
    let asked = |more: Vec<Step>| {
        let begin = vec![
            Scan(bridge()),
            Wait(50.0),
            Step::Tap(Tap::MoreTime),
            Answer(held()),
        ];
        [begin, more].concat_steps()
    };
    check(vec![
        (
            "the same screen",
            asked(vec![]),
            "early",
            vec![hold.clone()],
        ),
        (
            "for as long as it is held",
            asked(vec![Wait(89.5)]),
            "early",
            vec![hold.clone()],
        ),
        (
            "and no longer",
            asked(vec![Wait(90.0)]),
            "attract",
            vec![hold.clone(), Request::Release("o2".into())],
        ),
        (
            "and the seat can be taken",
            asked(vec![Step::Tap(Tap::Choose(0)), Answer(admitted())]),
            "admitted",
            vec![hold, Request::Choose("o2".into(), 0)],
        ),
    ]);
    let mut door = Door::new();
    asked(vec![]).into_iter().for_each(|step| door.step(step));
    let Screen::Early(early) = door.screen() else {
        panic!("{:?}", door.screen())
    };
    assert_eq!(early.appointment.starts, common::at("14:00"));
}

#[test]
fn a_consultation_is_chosen_after_the_seats_and_a_seat_instead_of_a_programme() {
    let screens = common::screens();
    let shown = |name: &str| {
        let found = screens.iter().find(|(found, _)| *found == name).unwrap();
        match &found.1 {
            Screen::Offer(offered) => Scan(Verdict::Offer(offered.clone())),
            Screen::NoPlace(none) => Scan(Verdict::NoPlace(none.clone())),
            other => panic!("{other:?}"),
        }
    };
    check(vec![
        (
            "the consultation",
            vec![shown("offer-consultation"), Step::Tap(Tap::Choose(2))],
            "offer",
            vec![Request::Choose("o1".into(), 2)],
        ),
        (
            "nothing comes after it",
            vec![shown("offer-consultation"), Step::Tap(Tap::Choose(3))],
            "offer",
            vec![],
        ),
        (
            "the seat instead",
            vec![
                shown("no-place"),
                Step::Tap(Tap::Choose(0)),
                Answer(admitted()),
            ],
            "admitted",
            vec![Request::Choose("o3".into(), 0)],
        ),
        (
            "no seat wanted",
            vec![shown("no-place"), Step::Tap(Tap::Back)],
            "attract",
            vec![Request::Release("o3".into())],
        ),
        (
            "none to choose",
            vec![shown("no-place-no-seat"), Step::Tap(Tap::Choose(0))],
            "no-place",
            vec![],
        ),
    ]);
}
