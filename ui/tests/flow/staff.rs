//! Staff at the screen: badge, PIN, menu, and every way out of it.

use crate::common::staff::{found, view};
use crate::door::Step::{self, Lost, Reply, Scan, Wait};
use crate::door::{ConcatSteps, admitted, check, digits, staff_called, taps};
use api::Verdict;
use api::screen::StaffCallReason;
use domain::staff::{Obstacle, StaffAction, StaffAnswer, StaffRemedy, Why};
use ui::touch::flow::Request;
use ui::touch::staff::{PinEntry, StaffReply, StaffRequest};
use ui::touch::tap::{StaffTap, Tap};

fn badge() -> Vec<Step> {
    vec![Scan(Verdict::Staff(StaffAnswer::AskPin {
        remedy: StaffRemedy::EnterPin,
    }))]
}

fn signed_in() -> Vec<Step> {
    let replied = vec![Reply(Some(StaffReply::SignedIn(Box::new(view()))))];
    [badge(), digits("407185"), replied].concat_steps()
}

fn pressed(tap: StaffTap) -> Vec<Step> {
    taps(&[Tap::Staff(tap)])
}

fn answered(answer: StaffAnswer) -> Vec<Step> {
    vec![Reply(Some(StaffReply::View(
        Box::new(view()),
        Some(answer),
    )))]
}

fn done() -> StaffAnswer {
    StaffAnswer::Done {
        place: None,
        until: None,
    }
}

fn pin_request() -> Request {
    let mut entry = PinEntry::default();
    let typed: Vec<_> = [4, 0, 7, 1, 8, 5]
        .into_iter()
        .filter_map(|digit| entry.press(digit))
        .collect();
    Request::Staff(StaffRequest::SignIn(typed[0].clone()))
}

fn asks(action: StaffAction, why: Why) -> Request {
    Request::Staff(StaffRequest::Act(action, why))
}

#[test]
fn the_pin_is_asked_for_with_its_last_digit_and_never_shown() {
    check(vec![
        ("a badge", badge(), "pin", vec![]),
        (
            "five digits and one taken back",
            [badge(), digits("40718"), taps(&[Tap::Delete]), digits("8")].concat_steps(),
            "pin",
            vec![],
        ),
        (
            "six digits",
            [badge(), digits("407185")].concat_steps(),
            "pin",
            vec![pin_request()],
        ),
        (
            "not theirs",
            [
                badge(),
                digits("407185"),
                vec![Reply(Some(StaffReply::NotSignedIn(StaffRemedy::TryAgain)))],
            ]
            .concat_steps(),
            "pin",
            vec![pin_request()],
        ),
        (
            "no answer",
            [badge(), digits("407185"), vec![Reply(None)]].concat_steps(),
            "pin",
            vec![pin_request()],
        ),
        (
            "the badge was shown too long ago",
            [
                badge(),
                digits("407185"),
                vec![Reply(Some(StaffReply::SignedOut))],
            ]
            .concat_steps(),
            "attract",
            vec![pin_request()],
        ),
        (
            "nobody types",
            [badge(), vec![Wait(60.0)]].concat_steps(),
            "attract",
            vec![],
        ),
        ("signed in", signed_in(), "staff", vec![pin_request()]),
    ]);
    assert_eq!(format!("{:?}", pin_request()), "Staff(SignIn(Pin(…)))");
}

#[test]
fn every_way_out_of_the_menu_signs_out() {
    let out = || vec![pin_request(), Request::SignOut];
    for (row, steps, screen) in [
        ("by hand", taps(&[Tap::Back]), "attract"),
        ("idle for five minutes", vec![Wait(300.0)], "attract"),
        ("a visitor's scan", vec![Scan(admitted())], "admitted"),
        ("their own badge again", badge(), "pin"),
        (
            "the button beside the screen",
            vec![Scan(staff_called())],
            "staff-coming",
        ),
        (
            "from a part of it",
            [pressed(StaffTap::Number), vec![Scan(admitted())]].concat_steps(),
            "admitted",
        ),
    ] {
        check(vec![(
            row,
            [signed_in(), steps].concat_steps(),
            screen,
            out(),
        )]);
    }
    check(vec![
        (
            "a touch keeps it",
            [
                signed_in(),
                vec![Wait(200.0)],
                pressed(StaffTap::Number),
                vec![Wait(200.0)],
            ]
            .concat_steps(),
            "staff-number",
            vec![pin_request()],
        ),
        (
            "a colleague is called",
            [signed_in(), taps(&[Tap::CallStaff])].concat_steps(),
            "staff",
            vec![
                pin_request(),
                Request::CallStaff(StaffCallReason::Visitor),
                Request::SignOut,
            ],
        ),
        (
            "signed out by the service",
            [
                signed_in(),
                pressed(StaffTap::AnswerCall),
                vec![Reply(Some(StaffReply::SignedOut))],
            ]
            .concat_steps(),
            "attract",
            vec![
                pin_request(),
                asks(StaffAction::AnswerCall { call: "c1".into() }, Why::Helped),
            ],
        ),
        (
            "the service goes away",
            [signed_in(), vec![Lost]].concat_steps(),
            "service-lost",
            vec![pin_request()],
        ),
    ]);
}

#[test]
fn what_is_pressed_is_asked_for_and_leads_back_to_the_menu() {
    let look = || Request::Staff(StaffRequest::Look);
    let looked = || vec![Reply(Some(StaffReply::View(Box::new(view()), None)))];
    let free = || {
        asks(
            StaffAction::FreeSeat {
                visit: "v-B2".into(),
            },
            Why::Gone,
        )
    };
    let check_out = || {
        asks(
            StaffAction::CheckOut {
                visit: "v-C4".into(),
            },
            Why::Asked,
        )
    };
    let find = || Request::Staff(StaffRequest::Find("12".to_owned()));
    let check_in = || {
        asks(
            StaffAction::CheckIn {
                member: "M00012".into(),
            },
            Why::Helped,
        )
    };
    let over = StaffAnswer::NotDone {
        because: Obstacle::Over,
        remedy: StaffRemedy::LookAgain,
    };
    for (row, steps, screen, asked) in [
        (
            "the call here",
            [pressed(StaffTap::AnswerCall), answered(done())].concat_steps(),
            "staff",
            vec![asks(
                StaffAction::AnswerCall { call: "c1".into() },
                Why::Helped,
            )],
        ),
        (
            "the next number",
            [pressed(StaffTap::CallNext), answered(over.clone())].concat_steps(),
            "staff",
            vec![asks(
                StaffAction::CallNext {
                    ticket: "t1".into(),
                },
                Why::Helped,
            )],
        ),
        (
            "a seat over time, by one touch of it",
            [
                pressed(StaffTap::Free),
                looked(),
                pressed(StaffTap::Seat(0)),
                answered(done()),
            ]
            .concat_steps(),
            "staff",
            vec![look(), free()],
        ),
        (
            "only those over time are there to be freed",
            [
                pressed(StaffTap::Free),
                looked(),
                pressed(StaffTap::Seat(2)),
            ]
            .concat_steps(),
            "staff-free",
            vec![look()],
        ),
        (
            "checking out asks first",
            [
                pressed(StaffTap::CheckOut),
                looked(),
                pressed(StaffTap::Seat(1)),
            ]
            .concat_steps(),
            "staff-confirm",
            vec![look()],
        ),
        (
            "then does it",
            [
                pressed(StaffTap::CheckOut),
                looked(),
                pressed(StaffTap::Seat(1)),
                pressed(StaffTap::Confirm),
                answered(done()),
            ]
            .concat_steps(),
            "staff",
            vec![look(), check_out()],
        ),
        (
            "nobody is found",
            [
                pressed(StaffTap::Number),
                digits("12"),
                taps(&[Tap::Submit]),
                vec![Reply(Some(StaffReply::NotFound))],
            ]
            .concat_steps(),
            "staff-number",
            vec![find()],
        ),
        (
            "found, looked at and checked in",
            [
                pressed(StaffTap::Number),
                digits("12"),
                taps(&[Tap::Submit]),
                vec![Reply(Some(StaffReply::Found(found())))],
                pressed(StaffTap::Confirm),
                answered(done()),
            ]
            .concat_steps(),
            "staff",
            vec![find(), check_in()],
        ),
        (
            "back to the menu and no further",
            [pressed(StaffTap::Number), taps(&[Tap::Back])].concat_steps(),
            "staff",
            vec![],
        ),
        (
            "nothing is asked for without a number",
            [pressed(StaffTap::Number), taps(&[Tap::Submit])].concat_steps(),
            "staff-number",
            vec![],
        ),
        (
            "more time is told to the service",
            [taps(&[Tap::MoreTime]), looked()].concat_steps(),
            "staff",
            vec![look()],
        ),
        (
            "no answer",
            [pressed(StaffTap::AnswerCall), vec![Reply(None)]].concat_steps(),
            "staff",
            vec![asks(
                StaffAction::AnswerCall { call: "c1".into() },
                Why::Helped,
            )],
        ),
    ] {
        let asked = [pin_request()].into_iter().chain(asked).collect();
        check(vec![(
            row,
            [signed_in(), steps].concat_steps(),
            screen,
            asked,
        )]);
    }
}
