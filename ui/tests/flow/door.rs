//! A flow with its clock, and what can happen to it.

use api::Verdict;
use api::emergency::EmergencyView;
use api::screen::{Centre, StreamItem};
use domain::event::LimitedBy;
use domain::verdict::{Refused, Remedy};
use std::time::Duration;
use ui::touch::flow::{Asked, Flow, Input, Request};
use ui::touch::language::Language;
use ui::touch::screen::Screen;
use ui::touch::staff::StaffReply;
use ui::touch::tap::Tap;
use ui::touch::timing::Timing;

/// A flow with its clock and what it asked for.
pub(crate) struct Door {
    pub(crate) flow: Flow,
    pub(crate) now: Duration,
    pub(crate) asked: Vec<Asked>,
}

/// One thing that happens.
pub(crate) enum Step {
    Scan(Verdict),
    Tap(Tap),
    /// The answer to the last request.
    Answer(Verdict),
    Fails,
    /// What came of the last thing staff asked for.
    Reply(Option<StaffReply>),
    Lost,
    Snapshot,
    /// Whether the door can record, as the service says it.
    Writable(bool),
    /// An emergency that the service tells of, or that it is over.
    Emergency(Option<EmergencyView>),
    /// Seconds go by, looked at four times a second.
    Wait(f64),
}
use Step::{Answer, Fails, Lost, Reply, Scan, Snapshot, Wait, Writable};

impl Door {
    pub(crate) fn new() -> Self {
        let mut door = Self {
            flow: Flow::new(Timing::default(), Language::Japanese),
            now: Duration::ZERO,
            asked: Vec::new(),
        };
        door.step(Snapshot);
        door
    }

    pub(crate) fn input(&mut self, input: Input) {
        let asked = self.flow.handle(input, self.now);
        self.asked.extend(asked);
    }

    fn stream(&mut self, item: StreamItem) {
        self.input(Input::Stream(Box::new(item)));
    }

    pub(crate) fn step(&mut self, step: Step) {
        match step {
            Scan(verdict) => self.stream(StreamItem::Verdict { verdict }),
            Step::Tap(tap) => self.input(Input::Tap(tap)),
            Answer(verdict) => {
                let ticket = self.asked.last().expect("nothing was asked").ticket;
                self.input(Input::Answer {
                    ticket,
                    verdict: Some(Box::new(verdict)),
                });
            }
            Fails => {
                let ticket = self.asked.last().expect("nothing was asked").ticket;
                self.input(Input::Answer {
                    ticket,
                    verdict: None,
                });
            }
            Reply(reply) => {
                let ticket = self.asked.last().expect("nothing was asked").ticket;
                self.input(Input::Staff { ticket, reply });
            }
            Lost => self.input(Input::Lost),
            Snapshot => self.stream(StreamItem::Snapshot {
                centre: crate::common::centre(),
                floor: crate::common::floor(),
            }),
            Writable(writable) => self.stream(StreamItem::Centre(Centre {
                writable,
                ..crate::common::centre()
            })),
            Step::Emergency(emergency) => self.stream(StreamItem::Centre(Centre {
                emergency,
                ..crate::common::centre()
            })),
            Wait(seconds) => {
                for _ in 0..(seconds * 4.0) as u32 {
                    self.now += Duration::from_millis(250);
                    self.input(Input::Tick);
                }
            }
        }
    }

    pub(crate) fn screen(&self) -> Screen {
        self.flow.presentation(self.now).screen
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.asked
            .iter()
            .map(|asked| asked.request.clone())
            .collect()
    }
}

pub(crate) fn refused(remedy: Remedy) -> Refused {
    Refused { remedy }
}

pub(crate) fn not_recognised() -> Verdict {
    Verdict::NotRecognised(refused(Remedy::SeeStaff))
}

pub(crate) fn admitted() -> Verdict {
    Verdict::Admitted(crate::common::admitted())
}

pub(crate) fn offer() -> Verdict {
    Verdict::Offer(crate::common::offered())
}

pub(crate) fn inside() -> Verdict {
    Verdict::Inside(crate::common::inside())
}

pub(crate) fn bridge() -> Verdict {
    Verdict::TooEarly(crate::common::early(Some(crate::common::choice(
        "B4",
        "13:55",
        LimitedBy::Reservation,
    ))))
}

pub(crate) fn staff_called() -> Verdict {
    Verdict::StaffCalled(refused(Remedy::WaitForStaff))
}

/// What happens; the name of the screen then; everything asked for.
pub(crate) type Row = (&'static str, Vec<Step>, &'static str, Vec<Request>);

pub(crate) fn check(rows: Vec<Row>) {
    for (row, steps, screen, requests) in rows {
        let mut door = Door::new();
        steps.into_iter().for_each(|step| door.step(step));
        assert_eq!(door.screen().name(), screen, "{row}");
        assert_eq!(door.requests(), requests, "{row}");
    }
}

pub(crate) fn taps(taps: &[Tap]) -> Vec<Step> {
    taps.iter().cloned().map(Step::Tap).collect()
}

pub(crate) fn digits(number: &str) -> Vec<Step> {
    number
        .bytes()
        .map(|digit| Step::Tap(Tap::Digit(digit - b'0')))
        .collect()
}

pub(crate) trait ConcatSteps {
    fn concat_steps(self) -> Vec<Step>;
}

impl<const N: usize> ConcatSteps for [Vec<Step>; N] {
    fn concat_steps(self) -> Vec<Step> {
        self.into_iter().flatten().collect()
    }
}
