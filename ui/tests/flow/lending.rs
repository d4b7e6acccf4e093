//! Borrowing a PC, and bringing it back.

use crate::common;
use crate::common::lending::{item, lent, may_borrow, no_loan, returned};
use crate::door::Step::{Answer, Scan, Wait};
use crate::door::{ConcatSteps, check, inside, taps};
use api::Verdict;
use domain::verdict::{Admitted, NoLoanBecause, Offered, Remedy};
use ui::touch::flow::Request;
use ui::touch::tap::Tap;

fn told_a_seat() -> Verdict {
    Verdict::Admitted(Admitted {
        may_borrow: true,
        ..common::admitted()
    })
}

#[test]
fn a_pc_is_borrowed_by_one_touch() {
    let asked = || vec![Request::Borrow("v1".into())];
    let lent = || Verdict::Lent(lent(&[item("PC-07", Some(82))]));
    check(vec![
        (
            "in the menu",
            [
                vec![Scan(Verdict::Inside(may_borrow()))],
                taps(&[Tap::Borrow]),
                vec![Answer(lent())],
            ]
            .concat_steps(),
            "lent",
            asked(),
        ),
        (
            "after checking in",
            [
                vec![Scan(told_a_seat())],
                taps(&[Tap::Borrow]),
                vec![Answer(lent())],
            ]
            .concat_steps(),
            "lent",
            asked(),
        ),
        (
            "not once the visitor may be gone",
            [vec![Scan(told_a_seat()), Wait(10.0)], taps(&[Tap::Borrow])].concat_steps(),
            "admitted",
            vec![],
        ),
        (
            "not where there is none to lend",
            [vec![Scan(inside())], taps(&[Tap::Borrow])].concat_steps(),
            "inside",
            vec![],
        ),
        (
            "not while leaving is asked",
            [
                vec![Scan(Verdict::Inside(may_borrow()))],
                taps(&[Tap::Leave, Tap::Borrow]),
            ]
            .concat_steps(),
            "inside-confirm",
            vec![],
        ),
    ]);
}

#[test]
fn a_seat_with_power_is_asked_for_where_only_that_would_do() {
    let none = |remedy| Verdict::NoLoan(no_loan(NoLoanBecause::LowCharge, None, remedy));
    let asks = |remedy| {
        [
            vec![Scan(Verdict::Inside(may_borrow()))],
            taps(&[Tap::Borrow]),
            vec![Answer(none(remedy))],
            taps(&[Tap::ChangeSeat]),
        ]
        .concat_steps()
    };
    let seats = Verdict::Offer(Offered {
        changes: Some(common::people::change()),
        ..common::offered()
    });
    let borrow = || Request::Borrow("v1".into());
    check(vec![
        (
            "a seat",
            [asks(Remedy::TakePoweredSeat), vec![Answer(seats)]].concat_steps(),
            "offer",
            vec![borrow(), Request::OtherSeats("v1".into())],
        ),
        ("no seat", asks(Remedy::SeeStaff), "no-loan", vec![borrow()]),
    ]);
}

#[test]
fn a_label_held_up_takes_the_place_of_whatever_is_shown() {
    check(vec![(
        "from the menu",
        vec![Scan(inside()), Scan(Verdict::Returned(returned(&[])))],
        "returned",
        vec![],
    )]);
}
