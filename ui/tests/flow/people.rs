//! The rest of the visitor's menu, who came along, and guests.

use crate::common;
use crate::door::Step::{Answer, Fails, Lost, Scan, Wait};
use crate::door::{ConcatSteps, Door, Step, admitted, check, inside, refused, taps};
use api::Verdict;
use domain::event::GuestPurpose;
use domain::verdict::{Accompanied, Companions, GuestReceived, Offered, Remedy, SteppedOut};
use ui::touch::flow::Request;
use ui::touch::tap::Tap;

fn other_seats() -> Verdict {
    Verdict::Offer(Offered {
        changes: Some(common::people::change()),
        ..common::offered()
    })
}

fn with(count: u32) -> Verdict {
    Verdict::Accompanied(Accompanied {
        visit: "v1".into(),
        companions: Companions { count, most: 2 },
        remedy: None,
    })
}

fn received() -> Verdict {
    Verdict::GuestReceived(GuestReceived {
        guest: "g1".into(),
        purpose: GuestPurpose::Tour,
        remedy: Remedy::SeeStaff,
    })
}

#[test]
fn another_seat_is_chosen_like_a_first_one() {
    let asked = || Request::OtherSeats("v1".into());
    let asks = || [vec![Scan(inside())], taps(&[Tap::ChangeSeat])].concat_steps();
    check(vec![
        ("asked", asks(), "inside", vec![asked()]),
        (
            "offered",
            [asks(), vec![Answer(other_seats())]].concat_steps(),
            "offer",
            vec![asked()],
        ),
        (
            "chosen",
            [
                asks(),
                vec![Answer(other_seats())],
                taps(&[Tap::Choose(1)]),
                vec![Answer(Verdict::SeatChanged(common::admitted()))],
            ]
            .concat_steps(),
            "seat-changed",
            vec![asked(), Request::Choose("o1".into(), 1)],
        ),
        (
            "not after all",
            [asks(), vec![Answer(other_seats())], taps(&[Tap::Back])].concat_steps(),
            "attract",
            vec![asked(), Request::Release("o1".into())],
        ),
        (
            "none there",
            [
                asks(),
                vec![Answer(Verdict::NoOtherSeat(refused(Remedy::SeeStaff)))],
            ]
            .concat_steps(),
            "no-other-seat",
            vec![asked()],
        ),
        (
            "not while leaving is asked",
            [
                vec![Scan(inside())],
                taps(&[Tap::Leave, Tap::ChangeSeat, Tap::StepOut]),
            ]
            .concat_steps(),
            "inside-confirm",
            vec![],
        ),
    ]);
}

#[test]
fn out_for_a_while_and_back() {
    let out = Verdict::SteppedOut(SteppedOut {
        visit: "v1".into(),
        back_by: common::at("12:12"),
    });
    check(vec![
        (
            "out",
            [
                vec![Scan(inside())],
                taps(&[Tap::StepOut]),
                vec![Answer(out)],
            ]
            .concat_steps(),
            "stepped-out",
            vec![Request::StepOut("v1".into())],
        ),
        (
            "back",
            vec![Scan(Verdict::WelcomeBack(common::admitted()))],
            "welcome-back",
            vec![],
        ),
    ]);
}

#[test]
fn who_came_along_is_counted_where_they_are_asked_for() {
    for (scanned, name) in [(admitted(), "admitted"), (inside(), "inside")] {
        let mut door = Door::new();
        let steps = [
            Scan(scanned),
            Step::Tap(Tap::FewerCompanions),
            Step::Tap(Tap::MoreCompanions),
            Answer(with(1)),
            Wait(9.0),
            Step::Tap(Tap::MoreCompanions),
            Answer(with(2)),
            Step::Tap(Tap::MoreCompanions),
        ];
        steps.into_iter().for_each(|step| door.step(step));
        assert_eq!(door.screen().name(), name);
        let (_, companions) = door.screen().companions().unwrap();
        assert_eq!(companions.count, 2);
        let told = |count| Request::Accompany("v1".into(), count);
        assert_eq!(door.requests(), [told(1), told(2)], "0 to 2");

        door.step(Wait(10.0));
        door.step(Step::Tap(Tap::FewerCompanions));
        assert_eq!(door.requests().len(), 2, "the visitor may be gone");
    }
}

#[test]
fn a_guest_is_received() {
    let asked = || Request::ReceiveGuest(GuestPurpose::Tour);
    let comes = || taps(&[Tap::Guest(GuestPurpose::Tour)]);
    check(vec![
        (
            "by one touch",
            [comes(), vec![Answer(received())]].concat_steps(),
            "guest",
            vec![asked()],
        ),
        (
            "and the screen is free again",
            [comes(), vec![Answer(received()), Wait(15.0)]].concat_steps(),
            "attract",
            vec![asked()],
        ),
        (
            "by mistake",
            [
                comes(),
                vec![Answer(received())],
                taps(&[Tap::TakeGuestBack]),
            ]
            .concat_steps(),
            "attract",
            vec![asked(), Request::GuestLeaves("g1".into())],
        ),
        (
            "nothing to take back",
            taps(&[Tap::TakeGuestBack]),
            "attract",
            vec![],
        ),
        (
            "when the call fails",
            [comes(), vec![Fails]].concat_steps(),
            "desk",
            vec![asked()],
        ),
        (
            "when the service is away",
            [vec![Lost], comes()].concat_steps(),
            "desk",
            vec![],
        ),
    ]);
}
