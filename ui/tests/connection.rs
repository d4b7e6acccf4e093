//! The line to the service: it breaks and mends, and says what design section 5 wants said.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use api::screen::{StaffCallReason, StreamItem};
use api::{Client, Verdict};
use common::service::{Reply, Service};
use domain::verdict::{Refused, Remedy};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::error::TryRecvError;
use ui::touch::connection::Connection;
use ui::touch::flow::{Asked, Input, Request};
use ui::touch::program::{Inputs, Options};
use ui::touch::story::{self, Step, StoryError};

const PATIENCE: Duration = Duration::from_secs(30);

fn client(url: &str) -> Client {
    // Once a process; the next test finds it chosen.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new(url, "the-token").unwrap()
}

/// The next input that is wanted; others are passed over.
#[expect(
    clippy::disallowed_methods,
    reason = "a look every 5 ms, with a deadline"
)]
fn wait(inputs: &mut Inputs, wanted: impl Fn(&Input) -> bool) -> Input {
    let end = Instant::now() + PATIENCE;
    loop {
        match inputs.receiver.try_recv() {
            Ok(input) if wanted(&input) => return input,
            Ok(_) => {}
            Err(TryRecvError::Empty) => {
                assert!(Instant::now() < end, "it never came");
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(TryRecvError::Disconnected) => panic!("the line has ended"),
        }
    }
}

fn is_snapshot(input: &Input) -> bool {
    matches!(input, Input::Stream(item) if matches!(**item, StreamItem::Snapshot { .. }))
}

fn is_lost(input: &Input) -> bool {
    matches!(input, Input::Lost)
}

#[test]
fn a_line_that_breaks_is_mended() {
    let service = Service::start();
    let mut inputs = Inputs::new();
    let _connection =
        Connection::start(client(&service.url()), None, inputs.sender.clone()).unwrap();
    wait(&mut inputs, is_snapshot);
    for _ in 0..3 {
        service.cut();
        wait(&mut inputs, is_lost);
        wait(&mut inputs, is_snapshot);
    }
}

#[test]
fn a_service_that_is_started_later_is_found() {
    let service = Service::start();
    let (address, url) = (service.address, service.url());
    service.end();
    let mut inputs = Inputs::new();
    let _connection = Connection::start(client(&url), None, inputs.sender.clone()).unwrap();
    wait(&mut inputs, is_lost);
    let _service = Service::start_at(address);
    wait(&mut inputs, is_snapshot);
}

#[test]
fn every_request_is_the_call_that_was_agreed() {
    let cases = [
        (
            Request::Number("261130487".to_owned()),
            "POST /v1/numbers",
            r#"{"number":"261130487"}"#,
        ),
        (
            Request::Choose("o1".into(), 2),
            "POST /v1/offers/o1/choose",
            r#"{"choice":2}"#,
        ),
        (
            Request::Hold("o1".into()),
            "POST /v1/offers/o1/hold",
            "null",
        ),
        (
            Request::Leave("v1".into()),
            "POST /v1/visits/v1/leave",
            "null",
        ),
        (
            Request::Extend("v1".into()),
            "POST /v1/visits/v1/extend",
            "null",
        ),
        (
            Request::CallStaff(StaffCallReason::Guest),
            "POST /v1/staff-calls",
            r#"{"reason":"guest"}"#,
        ),
    ];
    let service = Service::start();
    let mut inputs = Inputs::new();
    let connection =
        Connection::start(client(&service.url()), None, inputs.sender.clone()).unwrap();
    for (ticket, (request, line, body)) in (1..).zip(cases) {
        let verdict = Verdict::Lapsed(Refused {
            remedy: Remedy::StartAgain,
        });
        service.will_answer([Some(verdict.clone())]);
        connection.ask(Asked { ticket, request });
        let answered = wait(&mut inputs, |input| matches!(input, Input::Answer { .. }));
        let Input::Answer {
            ticket: answered,
            verdict: told,
        } = answered
        else {
            unreachable!()
        };
        assert_eq!(
            (answered, told),
            (ticket, Some(Box::new(verdict))),
            "{line}"
        );
        let calls = service.calls();
        let call = calls.last().unwrap();
        assert_eq!(
            (&*call.line, &*call.token, &*call.body),
            (line, "the-token", body)
        );
    }
    connection.ask(Asked {
        ticket: 99,
        request: Request::Release("o1".into()),
    });
    wait(&mut inputs, |input| {
        matches!(
            input,
            Input::Answer {
                ticket: 99,
                verdict: None
            }
        )
    });
    assert_eq!(service.calls().last().unwrap().line, "DELETE /v1/offers/o1");
}

fn lapsed() -> Verdict {
    Verdict::Lapsed(Refused {
        remedy: Remedy::StartAgain,
    })
}

fn answer_to(connection: &Connection, inputs: &mut Inputs, asked: Asked) -> Option<Verdict> {
    let ticket = asked.ticket;
    connection.ask(asked);
    let input = wait(
        inputs,
        |input| matches!(input, Input::Answer { ticket: answered, .. } if *answered == ticket),
    );
    let Input::Answer { verdict, .. } = input else {
        unreachable!()
    };
    verdict.map(|verdict| *verdict)
}

#[test]
fn a_call_nobody_answered_is_made_once_more_under_its_key() {
    let leave = || Request::Leave("v1".into());
    let release = || Request::Release("o1".into());
    let told = || Reply::from(Some(lapsed()));
    // What becomes of the calls; whether the visitor is told; how many calls there are.
    let cases = [
        ("answered", leave(), vec![told()], true, 1),
        (
            "the door cannot answer",
            leave(),
            vec![Reply::Unavailable, told()],
            true,
            2,
        ),
        (
            "the line is cut",
            leave(),
            vec![Reply::Cut, told()],
            true,
            2,
        ),
        (
            "the answer is late",
            leave(),
            vec![Reply::Silence, told()],
            true,
            2,
        ),
        (
            "a wrong call stays wrong",
            leave(),
            vec![Reply::Wrong],
            false,
            1,
        ),
        (
            "not a third time",
            leave(),
            vec![Reply::Cut, Reply::Cut, told()],
            false,
            2,
        ),
        ("given back", release(), vec![Reply::Cut], false, 2),
    ];
    // Each on a line of its own, all at once: some of them wait for seconds.
    let running: Vec<_> = cases
        .into_iter()
        .map(|(case, request, replies, is_told, calls)| {
            std::thread::spawn(move || {
                let service = Service::start();
                let mut inputs = Inputs::new();
                let line = client(&service.url());
                let connection = Connection::start(line, None, inputs.sender.clone()).unwrap();
                service.will_answer(replies);
                let asked = Asked { ticket: 7, request };
                let verdict = answer_to(&connection, &mut inputs, asked);
                assert_eq!(verdict, is_told.then(lapsed), "{case}");
                let made = service.calls();
                assert_eq!(made.len(), calls, "{case}: {made:?}");
                assert!(made[0].key.is_some(), "{case}: {made:?}");
                assert!(made.iter().all(|call| *call == made[0]), "{case}: {made:?}");
            })
        })
        .collect();
    for case in running {
        case.join().unwrap();
    }
}

#[test]
fn no_two_calls_share_a_key() {
    let service = Service::start();
    let mut keys = std::collections::BTreeSet::new();
    // The second life of the program counts its calls anew.
    for _ in 0..2 {
        let mut inputs = Inputs::new();
        let line = client(&service.url());
        let connection = Connection::start(line, None, inputs.sender.clone()).unwrap();
        for ticket in 1..=3 {
            service.will_answer([Some(lapsed())]);
            let request = Request::Leave("v1".into());
            answer_to(&connection, &mut inputs, Asked { ticket, request });
        }
    }
    keys.extend(service.calls().into_iter().map(|call| call.key.unwrap()));
    assert_eq!(keys.len(), 6, "{keys:?}");
}

#[test]
fn a_call_that_fails_is_answered_without_a_verdict() {
    let service = Service::start();
    let mut inputs = Inputs::new();
    let connection =
        Connection::start(client(&service.url()), None, inputs.sender.clone()).unwrap();
    service.will_answer([None, None]);
    connection.ask(Asked {
        ticket: 7,
        request: Request::Leave("v1".into()),
    });
    wait(&mut inputs, |input| {
        matches!(
            input,
            Input::Answer {
                ticket: 7,
                verdict: None
            }
        )
    });
}

#[test]
fn a_story_is_told_and_drawn() {
    let service = Service::start();
    service.will_answer([
        Some(Verdict::Offer(common::offered())),
        Some(Verdict::Admitted(common::admitted())),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let steps = story::parse(
        "# somebody comes\nK1CODE\npress この席を利用する\nsave seated\npress 閉じる\n",
    );
    let pictures = story::tell(
        client(&service.url()),
        None,
        &steps,
        folder.path(),
        ui::touch::LANDSCAPE,
        Options::default(),
    )
    .unwrap();
    let names: Vec<_> = pictures
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "01-attract.png",
            "02-offer.png",
            "03-admitted.png",
            "04-seated.png",
            "05-attract.png"
        ]
    );
    let drawn: Vec<_> = pictures
        .iter()
        .map(|path| ui::picture::Picture::load(path).unwrap())
        .collect();
    assert_eq!(drawn[2], drawn[3]);
    assert_ne!(drawn[1], drawn[2]);
    let lines: Vec<_> = service.calls().into_iter().map(|call| call.line).collect();
    assert_eq!(lines, ["POST /v1/scans", "POST /v1/offers/o1/choose"]);
}

#[test]
fn a_story_says_which_buttons_there_are() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let steps = [Step::Press("この席を利用する".to_owned())];
    let told = story::tell(
        client(&service.url()),
        None,
        &steps,
        folder.path(),
        ui::touch::PORTRAIT,
        Options::default(),
    );
    let Err(StoryError::NoButton {
        screen, present, ..
    }) = told
    else {
        panic!("{told:?}")
    };
    assert_eq!(screen, "attract");
    assert!(present.contains("予約なしで利用する"), "{present}");
}
