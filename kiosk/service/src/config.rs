//! `kiosk.toml`. Unknown keys, missing files and impossible values stop the start with file, line and key.

use crate::devices::gpio::SignalPins;
use crate::devices::scanner::ScannerConfig;
use chrono::{DateTime, FixedOffset};
use domain::ids::{KioskId, StationId};
use domain::staff::STAFF_PAGE;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Who this is and where its data lies.
    pub kiosk: KioskConfig,
    /// Where it listens.
    #[serde(default)]
    pub listen: ListenConfig,
    /// The office; without it the door works alone with what it has.
    pub office: Option<OfficeConfig>,
    /// The stations, at least one.
    #[serde(rename = "station")]
    pub stations: Vec<StationConfig>,
    /// Serial scanners.
    #[serde(default, rename = "scanner")]
    pub scanners: Vec<ScannerConfig>,
    /// Light and buzzer on GPIO.
    pub signals: Option<SignalsConfig>,
    /// The staff button on GPIO.
    pub staff_button: Option<ButtonConfig>,
    /// The staff page.
    #[serde(default)]
    pub staff: StaffConfig,
}

/// `[kiosk]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskConfig {
    /// Its id at the office.
    pub id: KioskId,
    /// Where the journal lies.
    pub data_dir: PathBuf,
    /// The device's half of the key; beside the data where the device has no safer place.
    pub secret_file: Option<PathBuf>,
    /// Normal operation, or a rehearsal.
    #[serde(default)]
    pub mode: ModeConfig,
    /// In a rehearsal: what its clock reads at the first start.
    pub clock: Option<DateTime<FixedOffset>>,
    /// Takes the machine's time as good without asking `systemd-timesyncd`.
    #[serde(default)]
    pub trust_clock: bool,
}

/// Whether what happens is real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeConfig {
    /// It is.
    #[default]
    Normal,
    /// It is not, and every screen says so.
    Rehearsal,
}

/// `[listen]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListenConfig {
    /// For stations on this machine.
    pub local: SocketAddr,
    /// For displays on the LAN; read-only, nothing personal.
    pub signage: SocketAddr,
    /// For the staff page, by TLS.
    pub staff: SocketAddr,
}

impl Default for ListenConfig {
    fn default() -> Self {
        Self {
            local: ([127, 0, 0, 1], 7070).into(),
            signage: ([0, 0, 0, 0], 7080).into(),
            staff: ([0, 0, 0, 0], 7443).into(),
        }
    }
}

/// `[office]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeConfig {
    /// Where collections are fetched: `https://…`, or `http://` on this machine.
    pub url: String,
    /// The broker's host.
    #[serde(default = "loopback")]
    pub broker_host: String,
    /// The broker's port.
    #[serde(default = "broker_port")]
    pub broker_port: u16,
    /// This kiosk's token for the office.
    pub token_file: PathBuf,
}

fn loopback() -> String {
    "127.0.0.1".to_owned()
}

fn broker_port() -> u16 {
    7883
}

/// `[[station]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationConfig {
    /// Its name.
    pub id: StationId,
    /// Its token; made at the first start where there is none.
    pub token_file: PathBuf,
}

/// `[signals]`: light and buzzer for one station.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalsConfig {
    /// Whose verdicts they show.
    pub station: StationId,
    /// The pins.
    pub pins: SignalPins,
}

/// `[staff_button]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ButtonConfig {
    /// The station it stands at.
    pub station: StationId,
    /// BCM number of its pin.
    pub pin: u8,
}

/// `[staff]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StaffConfig {
    /// The certificate of the staff page and those between it and its CA, as PEM; without one the kiosk has a CA of its own.
    pub certificate_file: Option<PathBuf>,
    /// Its private key, as PEM.
    pub key_file: Option<PathBuf>,
    /// Names and addresses under which browsers find the kiosk, for its own certificate; `localhost` and the host's name go without saying.
    pub names: Vec<String>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read {path}; name the configuration with --config, or copy the example from the documentation"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{path}: {detail}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, key and what is wrong.
        detail: String,
    },
    /// A value that cannot be.
    #[error("{path}: {key}: {problem}")]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl Config {
    /// Reads and checks a configuration file. Relative paths in it count from its directory.
    ///
    /// # Errors
    /// The first fault, with file, line and key.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        let mut config: Self = toml::from_str(&text).map_err(|error| ConfigError::Parse {
            path: path.to_owned(),
            detail: error.to_string().trim_end().to_owned(),
        })?;
        let value = |(key, problem): (String, String)| ConfigError::Value {
            path: path.to_owned(),
            key,
            problem,
        };
        config.check().map_err(value)?;
        config.anchor(path.parent().unwrap_or(Path::new("")));
        Ok(config)
    }

    fn check(&self) -> Result<(), (String, String)> {
        let fault = |key: &str, problem: &str| Err((key.to_owned(), problem.to_owned()));
        match (self.kiosk.mode, self.kiosk.clock) {
            (ModeConfig::Normal, Some(_)) => {
                return fault(
                    "kiosk.clock",
                    "a clock can be set in a rehearsal only; remove it, or set mode = \"rehearsal\"",
                );
            }
            (ModeConfig::Rehearsal, _) | (ModeConfig::Normal, None) => {}
        }
        if !self.listen.local.ip().is_loopback() {
            return fault(
                "listen.local",
                "stations are on this machine; use an address like 127.0.0.1:7070",
            );
        }
        if self.stations.is_empty() {
            return fault(
                "station",
                "name at least one, as [[station]] with id and token_file",
            );
        }
        if self.staff.certificate_file.is_some() != self.staff.key_file.is_some() {
            return fault(
                "staff",
                "certificate_file and key_file belong together; name both, or neither for a certificate of the kiosk's own",
            );
        }
        self.check_stations()
    }

    /// Each station once, and every device at one of them.
    fn check_stations(&self) -> Result<(), (String, String)> {
        let fault = |key: &str, problem: String| Err((key.to_owned(), problem));
        let mut names = std::collections::BTreeSet::new();
        if let Some(twice) = self
            .stations
            .iter()
            .find(|station| !names.insert(&station.id))
        {
            return fault(
                "station.id",
                format!(
                    "{} is there twice; give each station a name of its own",
                    twice.id
                ),
            );
        }
        if names.contains(&StationId::from(STAFF_PAGE)) {
            let problem = "\"staff\" stands for the staff page; give the station another name";
            return fault("station.id", problem.to_owned());
        }
        let known = |station: &StationId| names.contains(station);
        let scanners = self
            .scanners
            .iter()
            .map(|scanner| ("scanner.station", &scanner.station));
        let signals = self
            .signals
            .iter()
            .map(|signals| ("signals.station", &signals.station));
        let button = self
            .staff_button
            .iter()
            .map(|button| ("staff_button.station", &button.station));
        match scanners
            .chain(signals)
            .chain(button)
            .find(|(_, station)| !known(station))
        {
            Some((key, station)) => fault(
                key,
                format!("there is no station {station}; add it as [[station]] or correct the name"),
            ),
            None => Ok(()),
        }
    }

    fn anchor(&mut self, directory: &Path) {
        let secret = self.kiosk.secret_file.as_mut();
        let office = self.office.as_mut().map(|office| &mut office.token_file);
        let stations = self
            .stations
            .iter_mut()
            .map(|station| &mut station.token_file);
        let staff = &mut self.staff;
        let certificate = [&mut staff.certificate_file, &mut staff.key_file];
        let paths = secret
            .into_iter()
            .chain(office)
            .chain(stations)
            .chain(certificate.into_iter().flatten())
            .chain([&mut self.kiosk.data_dir]);
        paths.for_each(|path| *path = directory.join(&*path));
        self.scanners
            .iter_mut()
            .for_each(|scanner| scanner.path = directory.join(&scanner.path));
    }
}
