//! Light, buzzer and staff button.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use domain::incident::{Incident, IncidentKind};
use domain::verdict::{Refused, Remedy};
use domain::{Reference, Today, Verdict};
use kiosk::desk::Published;
use kiosk::devices::DeviceState;
use kiosk::devices::button::{self, Debounce, Pressed, SimulatedButton};
use kiosk::devices::gpio::{GpioButton, GpioError, GpioSignals, Lamp, SignalPins};
use kiosk::devices::signals::{self, Colour, Signal, Signals, SimulatedSignals, Step, pattern};
use kiosk::http::StationAnswer;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(20);

const ALL: [Signal; 7] = [
    Signal::Ready,
    Signal::Done,
    Signal::NotNow,
    Signal::Choose,
    Signal::Attention,
    Signal::Emergency,
    Signal::Off,
];

fn notes(signal: Signal) -> Vec<u16> {
    pattern(signal)
        .iter()
        .filter_map(|step| step.note)
        .collect()
}

/// The light alone as it looks to somebody who sees no colours: when it is on and when it is off.
fn rhythm(signal: Signal) -> Vec<(bool, Duration)> {
    let mut rhythm: Vec<(bool, Duration)> = Vec::new();
    for step in pattern(signal) {
        let on = step.colour != Colour::Dark;
        match rhythm.last_mut() {
            Some((last, lasts)) if *last == on => *lasts += step.lasts,
            _ => rhythm.push((on, step.lasts)),
        }
    }
    rhythm
}

#[test]
fn every_signal_has_its_own_notes_colour_and_rhythm() {
    let answers = [
        Signal::Done,
        Signal::NotNow,
        Signal::Choose,
        Signal::Attention,
    ];
    let notes: HashSet<Vec<u16>> = answers.map(notes).into();
    assert_eq!(notes.len(), answers.len());
    assert!(notes.iter().all(|notes| notes.len() == 2), "{notes:?}");
    let last = |signal: Signal| pattern(signal).last().unwrap().colour;
    assert_eq!(HashSet::from(ALL.map(last)).len(), ALL.len());
    assert_eq!(HashSet::from(ALL.map(rhythm)).len(), ALL.len());
}

#[test]
fn patterns_end_silent_and_soon() {
    for signal in ALL {
        let steps = pattern(signal);
        assert_eq!(steps.last().unwrap().note, None, "{signal:?}");
        let whole: Duration = steps.iter().map(|step| step.lasts).sum();
        assert!(whole <= Duration::from_secs(1), "{signal:?}");
        // Red alone is kept for emergencies.
        let is_red = |step: &Step| step.colour.channels() == [true, false, false];
        assert_eq!(steps.iter().any(is_red), signal == Signal::Emergency);
    }
    assert!(notes(Signal::Ready).is_empty() && notes(Signal::Off).is_empty());
}

#[test]
fn the_simulated_form_remembers_the_latest() {
    let simulated = SimulatedSignals::default();
    let mut signals: Box<dyn Signals> = Box::new(simulated.clone());
    signals.show(Signal::Done);
    signals.show(Signal::Ready);
    assert_eq!(simulated.shown(), [Signal::Done, Signal::Ready]);
    for _ in 0..100 {
        signals.show(Signal::Choose);
    }
    assert_eq!(simulated.shown(), [Signal::Choose; 64]);
}

type Shown = (Colour, Option<u16>);

struct RecordingLamp(mpsc::Sender<Shown>);

impl Lamp for RecordingLamp {
    fn set(&mut self, colour: Colour, note: Option<u16>) -> Result<(), GpioError> {
        self.0.send((colour, note)).map_err(|_| broken())
    }
}

fn broken() -> GpioError {
    GpioError::Unavailable {
        detail: "broken".to_owned(),
    }
}

fn expect_shown(shown: &Receiver<Shown>, steps: &[Step]) {
    for step in steps {
        let next = shown.recv_timeout(PATIENCE).unwrap();
        assert_eq!(next, (step.colour, step.note));
    }
}

/// Waits until a signal is played whole, whatever comes before it.
fn expect_eventually(shown: &Receiver<Shown>, signal: Signal) {
    let steps = pattern(signal);
    let expected: Vec<Shown> = steps.iter().map(|step| (step.colour, step.note)).collect();
    let mut seen = Vec::new();
    while !seen.ends_with(&expected) {
        seen.push(shown.recv_timeout(PATIENCE).unwrap());
    }
}

#[tokio::test]
async fn patterns_are_played_to_the_end_and_off_at_the_end() {
    let (sender, shown) = mpsc::channel();
    let (status, mut state) = watch::channel(DeviceState::Connecting);
    let mut signals =
        GpioSignals::start_on(move || Ok(RecordingLamp(sender.clone())), status).unwrap();
    state.wait_for(DeviceState::is_ready).await.unwrap();
    expect_shown(&shown, pattern(Signal::Off));
    signals.show(Signal::Done);
    expect_shown(&shown, pattern(Signal::Done));
    signals.show(Signal::NotNow);
    expect_shown(&shown, pattern(Signal::NotNow));
    drop(signals);
    assert_eq!(shown.recv_timeout(PATIENCE), Ok((Colour::Dark, None)));
    assert!(
        shown.recv_timeout(PATIENCE).is_err(),
        "the thread has ended"
    );
}

#[tokio::test]
async fn the_next_signal_takes_over_at_once() {
    let (sender, shown) = mpsc::channel();
    let (status, _state) = watch::channel(DeviceState::Connecting);
    let mut signals =
        GpioSignals::start_on(move || Ok(RecordingLamp(sender.clone())), status).unwrap();
    let asked = Instant::now();
    for _ in 0..200 {
        signals.show(Signal::Attention);
    }
    signals.show(Signal::Done);
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "showing does not wait"
    );
    expect_eventually(&shown, Signal::Done);
    // Played out one after the other, the 200 would have taken minutes.
    assert!(asked.elapsed() < PATIENCE);
}

#[tokio::test]
async fn a_lamp_that_fails_is_opened_again() {
    let (sender, shown) = mpsc::channel();
    let (status, mut state) = watch::channel(DeviceState::Connecting);
    let mut attempts = 0;
    let open = move || {
        attempts += 1;
        if attempts == 1 {
            return Err(broken());
        }
        Ok(RecordingLamp(sender.clone()))
    };
    let mut signals = GpioSignals::start_on(open, status).unwrap();
    signals.show(Signal::Choose);
    let waiting = state.wait_for(DeviceState::is_ready);
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap()
        .unwrap();
    // Shown before there was a lamp, and not lost.
    expect_eventually(&shown, Signal::Choose);
}

#[tokio::test]
async fn without_gpio_the_state_says_what_to_do() {
    let pins = SignalPins {
        red: 250,
        green: 251,
        blue: 252,
        buzzer: 253,
    };
    let (status, mut state) = watch::channel(DeviceState::Connecting);
    let mut signals = GpioSignals::start(pins, status).unwrap();
    signals.show(Signal::Done);
    let waiting = state.wait_for(|state| *state != DeviceState::Connecting);
    let state = tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap()
        .unwrap();
    let DeviceState::Missing { reason, .. } = &*state else {
        panic!("{state:?}");
    };
    // No pins at all here; on a Raspberry Pi no pins of these numbers.
    assert!(
        reason.contains("simulated") || reason.contains("BCM number"),
        "{reason}"
    );
    assert!(GpioButton::open(254).is_err());
}

#[test]
fn a_bouncing_contact_is_one_press() {
    let start = Instant::now();
    // (milliseconds, down, whether a press is reported)
    let samples = [
        (0, false, false),
        (10, true, false),
        (20, false, false),
        (30, true, false),
        (60, true, false),
        (70, true, true),
        (80, true, false),
        (900, true, false),
        (910, false, false),
        (920, true, false),
        (930, false, false),
        (970, false, false),
        (980, true, false),
        (1019, true, false),
        (1020, true, true),
    ];
    let mut debounce = Debounce::new(Duration::from_millis(40));
    for (time, down, press) in samples {
        let now = start + Duration::from_millis(time);
        assert_eq!(debounce.sample(down, now), press, "at {time} ms");
    }
}

#[tokio::test]
async fn the_simulated_button_is_pressed() {
    let contact = SimulatedButton::default();
    let opened = contact.clone();
    let (sink, mut presses) = tokio::sync::mpsc::channel(4);
    let (status, mut state) = watch::channel(DeviceState::Connecting);
    let shutdown = CancellationToken::new();
    let open = move || Ok::<_, GpioError>(opened.clone());
    let task = tokio::spawn(button::run(open, sink, status, shutdown.clone()));
    state.wait_for(DeviceState::is_ready).await.unwrap();
    contact.set_down(true);
    let press = tokio::time::timeout(PATIENCE, presses.recv())
        .await
        .unwrap();
    assert_eq!(press, Some(Pressed));
    contact.set_down(false);
    assert!(presses.try_recv().is_err());
    shutdown.cancel();
    tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap();
}

#[tokio::test]
async fn every_answer_at_the_station_is_seen_and_heard_and_no_other() {
    let refused = || Refused {
        remedy: Remedy::WaitForStaff,
    };
    let (answers, _) = broadcast::channel(16);
    let shown = SimulatedSignals::default();
    let stopping = CancellationToken::new();
    let (_state, published) = watch::channel(published(None));
    let playing = tokio::spawn(signals::play(
        answers.subscribe(),
        "door".into(),
        published,
        shown.clone(),
        stopping.clone(),
    ));
    for (station, verdict) in [
        ("desk", Some(Verdict::StaffCalled(refused()))),
        ("door", Some(Verdict::StaffCalled(refused()))),
        ("door", Some(Verdict::TooManyErrors(refused()))),
        ("door", Some(Verdict::Unreadable(refused()))),
        ("door", None),
    ] {
        let station = station.into();
        answers.send(StationAnswer { station, verdict }).unwrap();
    }
    let expected = [
        Signal::Ready,
        Signal::Attention,
        Signal::Attention,
        Signal::NotNow,
        Signal::NotNow,
    ];
    until_shown(&shown, &expected).await;
    stopping.cancel();
    playing.await.unwrap();
    assert_eq!(shown.shown().last(), Some(&Signal::Off));
}

async fn until_shown(shown: &SimulatedSignals, expected: &[Signal]) {
    tokio::time::timeout(PATIENCE, async {
        while shown.shown() != expected {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap_or_else(|_| panic!("{:?}", shown.shown()));
}

fn published(what: Option<IncidentKind>) -> Published {
    let incident = what.map(|what| Incident {
        id: "r-1".into(),
        what,
        drill: false,
        opened_at: "2026-11-24T12:00:00+09:00".parse().unwrap(),
        by: "S001".into(),
        people: Vec::new(),
        ticked: Default::default(),
    });
    let mut today = Today::default();
    today.incident = incident;
    Published {
        today: Arc::new(today),
        reference: Arc::new(Reference::default()),
        trusted: true,
        writable: true,
    }
}

#[tokio::test]
async fn an_emergency_is_red_until_it_is_closed_whatever_is_asked_meanwhile() {
    let (answers, _) = broadcast::channel(16);
    let (state, watched) = watch::channel(published(None));
    let shown = SimulatedSignals::default();
    let stopping = CancellationToken::new();
    let playing = tokio::spawn(signals::play(
        answers.subscribe(),
        "door".into(),
        watched,
        shown.clone(),
        stopping.clone(),
    ));
    let mut expected = vec![Signal::Ready];
    until_shown(&shown, &expected).await;
    state.send_replace(published(Some(IncidentKind::Fire)));
    expected.push(Signal::Emergency);
    until_shown(&shown, &expected).await;
    let verdict = Some(Verdict::StaffCalled(Refused {
        remedy: Remedy::WaitForStaff,
    }));
    let station = "door".into();
    answers.send(StationAnswer { station, verdict }).unwrap();
    expected.push(Signal::Emergency);
    until_shown(&shown, &expected).await;
    state.send_replace(published(Some(IncidentKind::Medical)));
    expected.push(Signal::Ready);
    until_shown(&shown, &expected).await;
    stopping.cancel();
    playing.await.unwrap();
}
