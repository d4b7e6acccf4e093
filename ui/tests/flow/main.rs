//! The flow as a table: what happens, what is shown then, what is asked for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod door;
mod emergency;
mod in_time;
mod lending;
mod offers;
mod people;
mod service;
mod staff;

use api::Verdict;
use api::screen::StaffCallReason;
use domain::event::LimitedBy;
use domain::verdict::Remedy;
use door::Step::{Answer, Fails, Lost, Scan, Wait};
use door::{
    ConcatSteps, Door, Step, admitted, check, digits, inside, not_recognised, refused,
    staff_called, taps,
};
use ui::touch::flow::Request;
use ui::touch::number_entry::Message;
use ui::touch::screen::Screen;
use ui::touch::tap::Tap;

#[test]
fn a_scan_is_answered_and_the_screen_returns() {
    check(vec![
        ("nothing happens", vec![Wait(600.0)], "attract", vec![]),
        ("admitted", vec![Scan(admitted())], "admitted", vec![]),
        (
            "an answer stays 15 s",
            vec![Scan(admitted()), Wait(14.5)],
            "admitted",
            vec![],
        ),
        (
            "and no longer",
            vec![Scan(admitted()), Wait(15.0)],
            "attract",
            vec![],
        ),
        (
            "unless asked to",
            vec![
                Scan(admitted()),
                Wait(14.0),
                Step::Tap(Tap::MoreTime),
                Wait(14.5),
            ],
            "admitted",
            vec![],
        ),
        (
            "closed by hand",
            vec![Scan(admitted()), Step::Tap(Tap::Back)],
            "attract",
            vec![],
        ),
        (
            "the next scan pre-empts",
            vec![Scan(admitted()), Wait(1.0), Scan(not_recognised())],
            "not-recognised",
            vec![],
        ),
        (
            "and has its own time",
            vec![
                Scan(admitted()),
                Wait(14.0),
                Scan(not_recognised()),
                Wait(14.5),
            ],
            "not-recognised",
            vec![],
        ),
        (
            "while a number is typed",
            [
                taps(&[Tap::EnterNumber, Tap::Digit(1)]),
                vec![Scan(inside())],
            ]
            .concat_steps(),
            "inside",
            vec![],
        ),
    ]);
}

#[test]
fn the_menu_leaves_only_after_a_question() {
    let (leave, extend) = (Request::Leave("v1".into()), Request::Extend("v1".into()));
    let left = || {
        Verdict::Left(domain::verdict::Left {
            visit: "v1".into(),
            next: None,
            still_out: Vec::new(),
        })
    };
    let longer = || {
        Verdict::Extended(domain::verdict::Extended {
            visit: "v1".into(),
            place: common::seat("C3"),
            until: common::at("15:42"),
            limited_by: LimitedBy::Grant,
        })
    };
    check(vec![
        (
            "asked first",
            vec![Scan(inside()), Step::Tap(Tap::Leave)],
            "inside-confirm",
            vec![],
        ),
        (
            "not by accident",
            vec![Scan(inside()), Step::Tap(Tap::ConfirmLeave)],
            "inside",
            vec![],
        ),
        (
            "stays",
            vec![Scan(inside()), Step::Tap(Tap::Leave), Step::Tap(Tap::Stay)],
            "inside",
            vec![],
        ),
        (
            "back is to the menu",
            vec![Scan(inside()), Step::Tap(Tap::Leave), Step::Tap(Tap::Back)],
            "inside",
            vec![],
        ),
        (
            "and then out",
            vec![
                Scan(inside()),
                Step::Tap(Tap::Leave),
                Step::Tap(Tap::Back),
                Step::Tap(Tap::Back),
            ],
            "attract",
            vec![],
        ),
        (
            "leaves",
            vec![
                Scan(inside()),
                Step::Tap(Tap::Leave),
                Step::Tap(Tap::ConfirmLeave),
                Answer(left()),
            ],
            "left",
            vec![leave],
        ),
        (
            "extends",
            vec![Scan(inside()), Step::Tap(Tap::Extend), Answer(longer())],
            "extended",
            vec![extend],
        ),
        (
            "walked away",
            vec![Scan(inside()), Wait(60.0)],
            "attract",
            vec![],
        ),
        (
            "from the question too",
            vec![Scan(inside()), Step::Tap(Tap::Leave), Wait(60.0)],
            "attract",
            vec![],
        ),
    ]);
}

#[test]
fn a_number_is_taken_and_given_up_only_after_a_question() {
    let join = || Request::Join("t1".into());
    let give_up = || Request::GiveUp("t1".into());
    let full = || Scan(Verdict::Full(common::full()));
    let waiting = || Scan(Verdict::Waiting(common::waiting()));
    let joined = || Verdict::Joined(common::waiting());
    let given_up = || {
        Verdict::GivenUp(domain::verdict::GivenUp {
            number: 12,
            remedy: Remedy::ReserveAnotherTime,
        })
    };
    let none = || {
        Scan(Verdict::Full(domain::verdict::Full {
            ticket: None,
            ..common::full()
        }))
    };
    check(vec![
        ("a choice stays", vec![full(), Wait(59.0)], "full", vec![]),
        ("walked away", vec![full(), Wait(60.0)], "attract", vec![]),
        (
            "takes a number",
            vec![full(), Step::Tap(Tap::Join), Answer(joined())],
            "joined",
            vec![join()],
        ),
        (
            "a seat has become free",
            vec![full(), Step::Tap(Tap::Join), Answer(admitted())],
            "admitted",
            vec![join()],
        ),
        (
            "no number to take",
            vec![none(), Step::Tap(Tap::Join)],
            "full",
            vec![],
        ),
        (
            "asked first",
            vec![waiting(), Step::Tap(Tap::GiveUp)],
            "waiting-confirm",
            vec![],
        ),
        (
            "not by accident",
            vec![waiting(), Step::Tap(Tap::ConfirmGiveUp)],
            "waiting",
            vec![],
        ),
        (
            "waits on",
            vec![
                waiting(),
                Step::Tap(Tap::GiveUp),
                Step::Tap(Tap::KeepWaiting),
            ],
            "waiting",
            vec![],
        ),
        (
            "back is to the place in line",
            vec![waiting(), Step::Tap(Tap::GiveUp), Step::Tap(Tap::Back)],
            "waiting",
            vec![],
        ),
        (
            "gives up",
            vec![
                waiting(),
                Step::Tap(Tap::GiveUp),
                Step::Tap(Tap::ConfirmGiveUp),
                Answer(given_up()),
            ],
            "given-up",
            vec![give_up()],
        ),
    ]);
}

#[test]
fn a_number_is_typed() {
    let number = || Request::Number("261130487".to_owned());
    let typed =
        |more: Vec<Step>| [taps(&[Tap::EnterNumber]), digits("261130487"), more].concat_steps();
    check(vec![
        (
            "too short is not sent",
            [
                taps(&[Tap::EnterNumber]),
                digits("2611"),
                taps(&[Tap::Submit]),
            ]
            .concat_steps(),
            "number",
            vec![],
        ),
        (
            "sent",
            typed(taps(&[Tap::Submit])),
            "number",
            vec![number()],
        ),
        (
            "a tenth digit is not taken",
            typed(taps(&[Tap::Digit(5), Tap::Submit])),
            "number",
            vec![number()],
        ),
        (
            "found",
            typed(vec![Step::Tap(Tap::Submit), Answer(admitted())]),
            "admitted",
            vec![number()],
        ),
        (
            "not found: the digits stay",
            typed(vec![Step::Tap(Tap::Submit), Answer(not_recognised())]),
            "number",
            vec![number()],
        ),
        (
            "no number of ours",
            typed(vec![
                Step::Tap(Tap::Submit),
                Answer(Verdict::Unreadable(refused(Remedy::HoldAgain))),
            ]),
            "number",
            vec![number()],
        ),
        (
            "too many",
            typed(vec![
                Step::Tap(Tap::Submit),
                Answer(Verdict::TooManyErrors(refused(Remedy::SeeStaff))),
            ]),
            "too-many-errors",
            vec![number()],
        ),
        ("left alone", typed(vec![Wait(60.0)]), "attract", vec![]),
    ]);
}

#[test]
fn a_number_not_found_stays_to_be_compared_and_the_next_digit_begins_anew() {
    let mut door = Door::new();
    let steps = [
        taps(&[Tap::EnterNumber]),
        digits("261130487"),
        vec![Step::Tap(Tap::Submit), Answer(not_recognised())],
    ];
    steps
        .concat_steps()
        .into_iter()
        .for_each(|step| door.step(step));
    let Screen::Number(entry) = door.screen() else {
        panic!("{:?}", door.screen())
    };
    assert_eq!(
        (entry.digits(), entry.message()),
        ("261130487", Message::NotFound)
    );
    door.step(Step::Tap(Tap::Digit(4)));
    let Screen::Number(entry) = door.screen() else {
        panic!("{:?}", door.screen())
    };
    assert_eq!((entry.digits(), entry.message()), ("4", Message::None));
}

#[test]
fn a_person_can_always_be_called() {
    let call = |reason| Request::CallStaff(reason);
    check(vec![
        (
            "from the start",
            vec![Step::Tap(Tap::CallStaff), Answer(staff_called())],
            "staff-coming",
            vec![call(StaffCallReason::Visitor)],
        ),
        (
            "from an answer",
            vec![
                Scan(admitted()),
                Step::Tap(Tap::CallStaff),
                Answer(staff_called()),
            ],
            "staff-coming",
            vec![call(StaffCallReason::Visitor)],
        ),
        (
            "when the call fails",
            vec![Step::Tap(Tap::CallStaff), Fails],
            "desk",
            vec![call(StaffCallReason::Visitor)],
        ),
        (
            "when the service is away",
            vec![Lost, Step::Tap(Tap::CallStaff)],
            "desk",
            vec![],
        ),
        (
            "and back to waiting for it",
            vec![Lost, Step::Tap(Tap::CallStaff), Wait(15.0)],
            "service-lost",
            vec![],
        ),
    ]);
}
