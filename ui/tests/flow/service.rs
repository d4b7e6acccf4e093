//! A service that goes away and comes back, and one that cannot record.

use crate::door::Step::{Answer, Fails, Lost, Scan, Snapshot, Wait, Writable};
use crate::door::{Step, admitted, check, offer};
use api::screen::StaffCallReason;
use ui::touch::flow::Request;
use ui::touch::tap::Tap;

#[test]
fn the_service_goes_and_comes_back() {
    let choose = || Request::Choose("o1".into(), 0);
    check(vec![
        ("gone", vec![Lost], "service-lost", vec![]),
        (
            "gone for long",
            vec![Lost, Wait(600.0)],
            "service-lost",
            vec![],
        ),
        ("back", vec![Lost, Wait(30.0), Snapshot], "attract", vec![]),
        (
            "an answer may be read to its end",
            vec![Scan(admitted()), Lost, Wait(10.0)],
            "admitted",
            vec![],
        ),
        (
            "then",
            vec![Scan(admitted()), Lost, Wait(15.0)],
            "service-lost",
            vec![],
        ),
        (
            "a choice cannot be made any more",
            vec![Scan(offer()), Lost],
            "service-lost",
            vec![],
        ),
        (
            "a snapshot does not take an answer away",
            vec![Scan(admitted()), Lost, Snapshot],
            "admitted",
            vec![],
        ),
        (
            "a question outlives the line it was asked on",
            vec![Scan(offer()), Step::Tap(Tap::Choose(0)), Lost, Lost],
            "offer",
            vec![choose()],
        ),
        (
            "its answer is the truth",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(0)),
                Lost,
                Snapshot,
                Answer(admitted()),
            ],
            "admitted",
            vec![choose()],
        ),
        (
            "no answer is no refusal",
            vec![Scan(offer()), Step::Tap(Tap::Choose(0)), Lost, Fails],
            "unconfirmed",
            vec![choose()],
        ),
        (
            "and then the service is seen to be away",
            vec![
                Scan(offer()),
                Step::Tap(Tap::Choose(0)),
                Lost,
                Fails,
                Wait(15.0),
            ],
            "service-lost",
            vec![choose()],
        ),
    ]);
}

#[test]
fn a_door_that_cannot_record_asks_nobody_for_a_code() {
    let (not_now, again) = (|| Writable(false), || Writable(true));
    check(vec![
        ("cannot record", vec![not_now()], "cannot-record", vec![]),
        (
            "for as long as it cannot",
            vec![not_now(), Wait(600.0)],
            "cannot-record",
            vec![],
        ),
        (
            "can again",
            vec![not_now(), Wait(30.0), again()],
            "attract",
            vec![],
        ),
        (
            "a pass is asked for",
            vec![Step::Tap(Tap::WalkIn), not_now()],
            "cannot-record",
            vec![],
        ),
        (
            "a number is asked for",
            vec![Step::Tap(Tap::EnterNumber), not_now()],
            "cannot-record",
            vec![],
        ),
        (
            "an answer is read to its end",
            vec![Scan(admitted()), not_now(), Wait(14.5)],
            "admitted",
            vec![],
        ),
        (
            "then",
            vec![Scan(admitted()), not_now(), Wait(15.0)],
            "cannot-record",
            vec![],
        ),
        (
            "an answer shows that it could",
            vec![not_now(), Scan(admitted())],
            "admitted",
            vec![],
        ),
        (
            "a person can be asked for",
            vec![not_now(), Step::Tap(Tap::CallStaff), Fails],
            "desk",
            vec![Request::CallStaff(StaffCallReason::Visitor)],
        ),
        (
            "away is away",
            vec![not_now(), Lost],
            "service-lost",
            vec![],
        ),
        (
            "back and well",
            vec![not_now(), Lost, Snapshot],
            "attract",
            vec![],
        ),
    ]);
}
