//! `office.toml`. Whatever is wrong in it stops the start, with file, line, key and remedy.

use crate::clock::Clock;
use crate::secret::{SHORTEST_TOKEN, Token};
use domain::ids::KioskId;
use domain::reference::DateTime;
use link::topics::check_kiosk_id;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Port of the office's HTTP calls (design section 5).
pub const HTTP_PORT: u16 = 7090;
/// Port of the embedded broker (design section 7).
pub const BROKER_PORT: u16 = 7883;

/// How one office runs.
#[derive(Clone, Debug)]
pub struct OfficeConfig {
    /// Where HTTP is served; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where database and keys lie.
    pub data_dir: PathBuf,
    /// The token of `POST /v1/members` and the like.
    pub token: Token,
    /// The time.
    pub clock: Clock,
    /// The way to the kiosks.
    pub broker: Broker,
    /// The kiosks this office knows; others are not listened to.
    pub kiosks: Vec<Kiosk>,
}

/// The broker between office and kiosks.
#[derive(Clone, Debug)]
pub enum Broker {
    /// Runs inside the office, on this machine only.
    Embedded {
        /// A loopback address; port 0 takes any free one.
        listen: SocketAddr,
    },
    /// Runs elsewhere: Mosquitto in production.
    External(ExternalBroker),
}

/// Where a broker of its own is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalBroker {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Certificates, where the connection is encrypted.
    pub tls: Option<BrokerTls>,
}

/// Files of an encrypted connection to the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerTls {
    /// Certificate of the site's own CA, PEM.
    pub ca_file: PathBuf,
    /// The office's certificate, PEM.
    pub certificate_file: PathBuf,
    /// Its key, PEM.
    pub key_file: PathBuf,
}

/// A kiosk of this office.
#[derive(Clone, Debug)]
pub struct Kiosk {
    /// Its id, as in its topics.
    pub id: KioskId,
    /// Its token for HTTP.
    pub token: Token,
    /// Whether it rehearses: its records are kept apart and count nowhere (design section 4).
    pub rehearsal: bool,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No such file, or no right to read it.
    #[error("cannot read the configuration {}; write one (office.toml of the folder systemd shows how) or name another with --config", file.display())]
    Unreadable {
        /// The configuration.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line that cannot be meant.
    #[error("{}:{line}: {key}{message}", file.display())]
    Line {
        /// The configuration.
        file: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// `key: ` or nothing.
        key: String,
        /// What is wrong and what to do.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    office: OfficeTable,
    #[serde(default)]
    broker: BrokerTable,
    #[serde(default, rename = "kiosk")]
    kiosks: Vec<KioskTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeTable {
    listen: Option<SocketAddr>,
    data_dir: PathBuf,
    token_file: Spanned<PathBuf>,
    clock: Option<DateTime>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BrokerTable {
    #[serde(default)]
    embedded: bool,
    listen: Option<Spanned<SocketAddr>>,
    url: Option<Spanned<String>>,
    ca_file: Option<Spanned<PathBuf>>,
    certificate_file: Option<Spanned<PathBuf>>,
    key_file: Option<Spanned<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KioskTable {
    id: Spanned<KioskId>,
    token_file: Spanned<PathBuf>,
    #[serde(default)]
    rehearsal: bool,
}

impl OfficeConfig {
    /// Reads a configuration. Relative paths in it start where it lies. `embedded_broker` overrules what it says of the broker.
    ///
    /// # Errors
    /// The first fault found.
    pub fn load(file: &Path, embedded_broker: bool) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
            file: file.to_owned(),
            source,
        })?;
        let reader = Reader { file, text: &text };
        let File {
            office,
            broker,
            kiosks,
        } = toml::from_str(&text)
            .map_err(|error| reader.fault(error.span(), "", error.message()))?;
        Ok(Self {
            listen: office
                .listen
                .unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, HTTP_PORT))),
            data_dir: reader.path(&office.data_dir),
            token: reader.token("office.token_file", &office.token_file)?,
            clock: office.clock.map_or_else(Clock::system, Clock::starting_at),
            broker: reader.broker(broker, embedded_broker)?,
            kiosks: reader.kiosks(&kiosks)?,
        })
    }
}

/// A configuration being read, to say where its faults are.
struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
}

type Span = std::ops::Range<usize>;

impl Reader<'_> {
    fn fault(&self, span: Option<Span>, key: &str, message: impl Into<String>) -> ConfigError {
        let before = span
            .and_then(|span| self.text.get(..span.start))
            .unwrap_or_default();
        let key = if key.is_empty() {
            String::new()
        } else {
            format!("{key}: ")
        };
        let line = before.matches('\n').count() + 1;
        ConfigError::Line {
            file: self.file.to_owned(),
            line,
            key,
            message: message.into(),
        }
    }

    fn path(&self, path: &Path) -> PathBuf {
        self.file
            .parent()
            .map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    fn token(&self, key: &str, file: &Spanned<PathBuf>) -> Result<Token, ConfigError> {
        let path = self.path(file.get_ref());
        let fault = |message: String| self.fault(Some(file.span()), key, message);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            fault(format!(
                "cannot read {shown} ({error}); make one with: office token {shown}"
            ))
        })?;
        Token::new(&text).ok_or_else(|| {
            fault(format!("{shown} holds no token of at least {SHORTEST_TOKEN} plain characters; remove it and make one with: office token {shown}"))
        })
    }

    fn broker(&self, table: BrokerTable, embedded: bool) -> Result<Broker, ConfigError> {
        if embedded || table.embedded {
            let default = SocketAddr::from((Ipv4Addr::LOCALHOST, BROKER_PORT));
            let Some(listen) = table.listen else {
                return Ok(Broker::Embedded { listen: default });
            };
            if !listen.get_ref().ip().is_loopback() {
                let message = "the embedded broker has no access control and serves this machine only; write 127.0.0.1:7883, or set url to a Mosquitto";
                return Err(self.fault(Some(listen.span()), "broker.listen", message));
            }
            return Ok(Broker::Embedded {
                listen: *listen.get_ref(),
            });
        }
        let Some(url) = &table.url else {
            let message = "neither embedded = true nor a url; write url = \"mqtts://host:8883\", or start with --embedded-broker";
            let at = self.text.find("[broker]").map(|start| start..start);
            return Err(self.fault(at, "broker", message));
        };
        self.external(url, &table).map(Broker::External)
    }

    fn external(
        &self,
        url: &Spanned<String>,
        table: &BrokerTable,
    ) -> Result<ExternalBroker, ConfigError> {
        let fault = |message: &str| self.fault(Some(url.span()), "broker.url", message);
        let (scheme, rest) = url
            .get_ref()
            .split_once("://")
            .ok_or_else(|| fault("write it as mqtts://host:8883"))?;
        let (host, port) = rest
            .trim_end_matches('/')
            .rsplit_once(':')
            .ok_or_else(|| fault("the port is missing; write it as mqtts://host:8883"))?;
        let port = port
            .parse()
            .map_err(|_| fault("the port is not a number from 1 to 65535"))?;
        let tls = match scheme {
            "mqtt" => None,
            "mqtts" => Some(BrokerTls {
                ca_file: self.broker_file(url, "ca_file", table.ca_file.as_ref())?,
                certificate_file: self.broker_file(
                    url,
                    "certificate_file",
                    table.certificate_file.as_ref(),
                )?,
                key_file: self.broker_file(url, "key_file", table.key_file.as_ref())?,
            }),
            _ => {
                return Err(fault(
                    "the scheme is mqtts, or mqtt on a closed test network",
                ));
            }
        };
        Ok(ExternalBroker {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            tls,
        })
    }

    fn broker_file(
        &self,
        url: &Spanned<String>,
        name: &str,
        file: Option<&Spanned<PathBuf>>,
    ) -> Result<PathBuf, ConfigError> {
        let key = format!("broker.{name}");
        let Some(file) = file else {
            return Err(self.fault(
                Some(url.span()),
                &key,
                "mqtts needs ca_file, certificate_file and key_file; add it",
            ));
        };
        let path = self.path(file.get_ref());
        if path.is_file() {
            return Ok(path);
        }
        let message = format!(
            "{} is not there; put the file there or correct the path",
            path.display()
        );
        Err(self.fault(Some(file.span()), &key, message))
    }

    fn kiosks(&self, tables: &[KioskTable]) -> Result<Vec<Kiosk>, ConfigError> {
        let mut seen = BTreeSet::new();
        tables
            .iter()
            .map(|table| {
                let id = table.id.get_ref();
                check_kiosk_id(id).map_err(|error| {
                    self.fault(Some(table.id.span()), "kiosk.id", error.to_string())
                })?;
                if !seen.insert(id.clone()) {
                    let message = format!("{id} is there twice; give each kiosk an id of its own");
                    return Err(self.fault(Some(table.id.span()), "kiosk.id", message));
                }
                let token = self.token("kiosk.token_file", &table.token_file)?;
                Ok(Kiosk {
                    id: id.clone(),
                    token,
                    rehearsal: table.rehearsal,
                })
            })
            .collect()
    }
}
