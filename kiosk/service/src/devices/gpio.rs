//! Light, buzzer and staff button on the Raspberry Pi's pins, by `rppal`.
//!
//! Elsewhere the pins cannot be opened: the state is then missing, with the reason, and the service goes on without.
//! The buzzer is driven by software PWM, which works on every pin; two short notes need no better.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use rppal::gpio::{Gpio, InputPin, OutputPin};
use serde::Deserialize;
use tokio::sync::watch;

use super::button::Button;
use super::signals::{Colour, Signal, Signals, Step, pattern};
use super::{BackOff, DeviceState, StateReport};

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// The pins of the light and the buzzer, by their BCM numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalPins {
    /// The red channel of the light; high is on.
    pub red: u8,
    /// The green channel.
    pub green: u8,
    /// The blue channel.
    pub blue: u8,
    /// A passive (piezo) buzzer.
    pub buzzer: u8,
}

/// Why pins cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GpioError {
    /// There is no GPIO here, or the service may not use it.
    #[error(
        "no GPIO pins can be used here ({detail}): on a Raspberry Pi let the service into the group gpio, elsewhere choose the simulated form"
    )]
    Unavailable {
        /// What the operating system or `rppal` said.
        detail: String,
    },
    /// One pin is missing or taken.
    #[error(
        "GPIO pin {pin} cannot be used ({detail}): give it another BCM number in the configuration"
    )]
    Pin {
        /// The BCM number.
        pin: u8,
        /// What `rppal` said.
        detail: String,
    },
}

fn open_gpio() -> Result<Gpio, GpioError> {
    Gpio::new().map_err(|error| GpioError::Unavailable {
        detail: error.to_string(),
    })
}

fn open_pin(gpio: &Gpio, pin: u8) -> Result<rppal::gpio::Pin, GpioError> {
    gpio.get(pin).map_err(|error| GpioError::Pin {
        pin,
        detail: error.to_string(),
    })
}

/// What a pattern is played on.
pub trait Lamp {
    /// Sets light and note; both stay until set again.
    ///
    /// # Errors
    /// When the hardware can no longer be used; it is then opened again.
    fn set(&mut self, colour: Colour, note: Option<u16>) -> Result<(), GpioError>;
}

/// The light and the buzzer on four pins.
#[derive(Debug)]
pub struct GpioLamp {
    channels: [OutputPin; 3],
    buzzer: OutputPin,
}

impl GpioLamp {
    /// Takes the pins; all are low at first.
    ///
    /// # Errors
    /// Without GPIO, or when a pin does not exist or is taken.
    pub fn open(pins: SignalPins) -> Result<Self, GpioError> {
        let gpio = open_gpio()?;
        let output = |pin| open_pin(&gpio, pin).map(rppal::gpio::Pin::into_output_low);
        Ok(Self {
            channels: [output(pins.red)?, output(pins.green)?, output(pins.blue)?],
            buzzer: output(pins.buzzer)?,
        })
    }
}

impl Lamp for GpioLamp {
    fn set(&mut self, colour: Colour, note: Option<u16>) -> Result<(), GpioError> {
        for (pin, on) in self.channels.iter_mut().zip(colour.channels()) {
            pin.write(on.into());
        }
        let buzzer = match note {
            Some(hertz) => self.buzzer.set_pwm_frequency(f64::from(hertz), 0.5),
            None => self.buzzer.clear_pwm().map(|()| self.buzzer.set_low()),
        };
        buzzer.map_err(|error| GpioError::Pin {
            pin: self.buzzer.pin(),
            detail: error.to_string(),
        })
    }
}

/// Light and buzzer on GPIO pins, played on a thread of their own.
///
/// Dropping it turns light and buzzer off and ends the thread.
#[derive(Debug)]
pub struct GpioSignals {
    signals: Sender<Signal>,
}

impl GpioSignals {
    /// Starts the thread. Pins that cannot be opened show in `status` and are tried again every 1 to 30 seconds.
    ///
    /// # Errors
    /// When the operating system starts no thread.
    pub fn start(pins: SignalPins, status: watch::Sender<DeviceState>) -> std::io::Result<Self> {
        Self::start_on(move || GpioLamp::open(pins), status)
    }

    /// As [`GpioSignals::start`], on any lamp.
    ///
    /// # Errors
    /// When the operating system starts no thread.
    pub fn start_on<L: Lamp>(
        open: impl FnMut() -> Result<L, GpioError> + Send + 'static,
        status: watch::Sender<DeviceState>,
    ) -> std::io::Result<Self> {
        let (signals, received) = mpsc::channel();
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || play_all(open, &received, &status))?;
        Ok(Self { signals })
    }
}

impl Signals for GpioSignals {
    fn show(&mut self, signal: Signal) {
        if self.signals.send(signal).is_err() {
            tracing::error!("the thread of light and buzzer has ended");
        }
    }
}

/// The owner is gone: the thread ends.
struct OwnerGone;

fn play_all<L: Lamp>(
    mut open: impl FnMut() -> Result<L, GpioError>,
    received: &Receiver<Signal>,
    status: &watch::Sender<DeviceState>,
) {
    let report = StateReport {
        device: "signals",
        status,
    };
    let mut back_off = BackOff::new(FIRST_RETRY, LONGEST_RETRY);
    let mut wanted = Signal::Off;
    loop {
        let started = std::time::Instant::now();
        let fault = match open() {
            Ok(mut lamp) => {
                report.ready();
                match play_on(&mut lamp, received, &mut wanted) {
                    Ok(OwnerGone) => return,
                    Err(fault) => fault,
                }
            }
            Err(fault) => fault,
        };
        report.missing(fault.to_string());
        // Pins that come and go at once are tried ever more slowly.
        if started.elapsed() >= LONGEST_RETRY {
            back_off.reset();
        }
        if remember_for(back_off.next_delay(), received, &mut wanted).is_err() {
            return;
        }
    }
}

/// While there is no lamp, the latest signal is the one to show once there is.
fn remember_for(
    delay: Duration,
    received: &Receiver<Signal>,
    wanted: &mut Signal,
) -> Result<(), OwnerGone> {
    let retry = std::time::Instant::now() + delay;
    loop {
        let left = retry.saturating_duration_since(std::time::Instant::now());
        match received.recv_timeout(left) {
            Ok(signal) => *wanted = signal,
            Err(RecvTimeoutError::Timeout) => return Ok(()),
            Err(RecvTimeoutError::Disconnected) => return Err(OwnerGone),
        }
    }
}

fn play_on(
    lamp: &mut impl Lamp,
    received: &Receiver<Signal>,
    wanted: &mut Signal,
) -> Result<OwnerGone, GpioError> {
    loop {
        let next = match play_steps(lamp, pattern(*wanted), received)? {
            Played::Interrupted(signal) => Some(signal),
            Played::Finished => received.recv().ok(),
            Played::OwnerGone => None,
        };
        match next {
            Some(signal) => *wanted = signal,
            None => return lamp.set(Colour::Dark, None).map(|()| OwnerGone),
        }
    }
}

enum Played {
    Finished,
    Interrupted(Signal),
    OwnerGone,
}

fn play_steps(
    lamp: &mut impl Lamp,
    steps: &[Step],
    received: &Receiver<Signal>,
) -> Result<Played, GpioError> {
    for step in steps {
        lamp.set(step.colour, step.note)?;
        match received.recv_timeout(step.lasts) {
            Ok(signal) => return Ok(Played::Interrupted(signal)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Played::OwnerGone),
        }
    }
    Ok(Played::Finished)
}

/// A button between a pin and ground.
#[derive(Debug)]
pub struct GpioButton(InputPin);

impl GpioButton {
    /// Takes the pin, by its BCM number, with its pull-up on.
    ///
    /// # Errors
    /// Without GPIO, or when the pin does not exist or is taken.
    pub fn open(pin: u8) -> Result<Self, GpioError> {
        let gpio = open_gpio()?;
        open_pin(&gpio, pin).map(|pin| Self(pin.into_input_pullup()))
    }
}

impl Button for GpioButton {
    fn is_down(&mut self) -> bool {
        self.0.is_low()
    }
}
