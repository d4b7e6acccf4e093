//! Scanners, light and buzzer, staff button: each in a task of its own, none of them able to end the service.

use crate::config::Config;
use crate::devices::gpio::{GpioButton, GpioSignals};
use crate::devices::scanner::{self, Scanned};
use crate::devices::{DeviceState, button, signals};
use crate::http::{App, Status};
use domain::code;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Scans waiting for the desk.
const SCANS: usize = 64;

pub(super) fn start(
    tasks: &mut JoinSet<()>,
    config: &Config,
    app: &App,
    status: watch::Sender<Status>,
    stopping: &CancellationToken,
) {
    let (scans, inbox) = mpsc::channel(SCANS);
    for scanner in &config.scanners {
        let (report, state) = watch::channel(DeviceState::Connecting);
        let (name, station) = (scanner.name.clone(), scanner.station.clone());
        let index = status.borrow().scanners.len();
        status.send_modify(|status| {
            status
                .scanners
                .push((name, station, DeviceState::Connecting))
        });
        let set = move |status: &mut Status, state| {
            if let Some(entry) = status.scanners.get_mut(index) {
                entry.2 = state;
            }
        };
        tasks.spawn(follow(state, status.clone(), set));
        tasks.spawn(scanner::run(
            scanner.clone(),
            scans.clone(),
            report,
            stopping.clone(),
        ));
    }
    tasks.spawn(decide_scans(app.clone(), inbox));
    start_signals(tasks, config, app, &status);
    start_button(tasks, config, app, &status, stopping);
}

/// Copies a device's state into the service's.
async fn follow(
    mut state: watch::Receiver<DeviceState>,
    status: watch::Sender<Status>,
    set: impl Fn(&mut Status, DeviceState),
) {
    loop {
        let now = state.borrow_and_update().clone();
        status.send_modify(|status| set(status, now));
        if state.changed().await.is_err() {
            return;
        }
    }
}

async fn decide_scans(app: App, mut inbox: mpsc::Receiver<Scanned>) {
    while let Some(Scanned { station, bytes }) = inbox.recv().await {
        if let Err(refused) = app.scanned(station, code::parse(&bytes)).await {
            // Light and sound say so; the screen sends people to the counter while nothing can be recorded.
            tracing::warn!(reason = ?refused.0.detail, "a scan could not be answered");
        }
    }
}

fn start_signals(
    tasks: &mut JoinSet<()>,
    config: &Config,
    app: &App,
    status: &watch::Sender<Status>,
) {
    let Some(configured) = &config.signals else {
        return;
    };
    let (report, state) = watch::channel(DeviceState::Connecting);
    follow_signal(tasks, "light and buzzer", state, status);
    match GpioSignals::start(configured.pins, report) {
        Ok(gpio) => {
            let (answers, station) = (app.answers.subscribe(), configured.station.clone());
            let published = app.desk.published();
            tasks.spawn(signals::play(
                answers,
                station,
                published,
                gpio,
                app.stopping.clone(),
            ));
        }
        Err(error) => tracing::error!(%error, "light and buzzer have no thread to play on"),
    }
}

fn follow_signal(
    tasks: &mut JoinSet<()>,
    name: &str,
    state: watch::Receiver<DeviceState>,
    status: &watch::Sender<Status>,
) {
    let index = status.borrow().signals.len();
    status.send_modify(|status| {
        status
            .signals
            .push((name.to_owned(), DeviceState::Connecting))
    });
    let set = move |status: &mut Status, state| {
        if let Some(entry) = status.signals.get_mut(index) {
            entry.1 = state;
        }
    };
    tasks.spawn(follow(state, status.clone(), set));
}

fn start_button(
    tasks: &mut JoinSet<()>,
    config: &Config,
    app: &App,
    status: &watch::Sender<Status>,
    stopping: &CancellationToken,
) {
    let Some(configured) = config.staff_button.clone() else {
        return;
    };
    let (report, state) = watch::channel(DeviceState::Connecting);
    follow_signal(tasks, "staff button", state, status);
    let (pressed, mut inbox) = mpsc::channel(4);
    let pin = configured.pin;
    tasks.spawn(button::run(
        move || GpioButton::open(pin),
        pressed,
        report,
        stopping.clone(),
    ));
    let app = app.clone();
    tasks.spawn(async move {
        while inbox.recv().await.is_some() {
            let station = configured.station.clone();
            if let Err(refused) = app.staff_button_pressed(station).await {
                let reason = refused.0.detail;
                tracing::warn!(?reason, "a press of the staff button could not be recorded");
            }
        }
    });
}
