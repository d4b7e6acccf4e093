//! Where the office and its broker are.

use domain::ids::KioskId;
use link::driver::{DriverConfig, DriverError, Tls, is_loopback};
use link::message::WireError;
use link::topics::{Channel, Filter, NotAKioskId, Topic};
use reqwest::Url;
use std::fmt;

/// What the sync needs to know.
#[derive(Clone, Debug)]
pub struct SyncConfig {
    /// This kiosk.
    pub kiosk: KioskId,
    /// Whether people are only trying things.
    pub rehearsal: bool,
    /// The office's address: `https://…`, or `http://` for this machine itself.
    pub office: String,
    /// What the office knows this kiosk by.
    pub key: SyncKey,
    /// Certificates of the CA that signed the office's, as PEM; none: those the machine trusts.
    pub office_ca: Option<Vec<u8>>,
    /// The broker.
    pub broker: Broker,
}

/// The broker's address and protection.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// TLS; may be absent on this machine only.
    pub tls: Option<Tls>,
}

/// The bearer token for the office. Never shown.
#[derive(Clone)]
pub struct SyncKey(String);

impl SyncKey {
    /// Keeps a token.
    ///
    /// # Errors
    /// An empty one, or characters no header may hold.
    pub fn new(token: &str) -> Result<Self, SyncConfigError> {
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SyncConfigError::Key);
        }
        Ok(Self(token.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SyncKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SyncKey(…)")
    }
}

/// Why the sync cannot work as configured.
#[derive(Debug, thiserror::Error)]
pub enum SyncConfigError {
    /// The kiosk's id cannot stand in a topic.
    #[error(transparent)]
    Kiosk(#[from] NotAKioskId),
    /// Not an address.
    #[error("{0:?} is not the address of an office; write it as https://office.example.jp:7443")]
    Address(String),
    /// Unprotected, and beyond this machine.
    #[error(
        "{0} would send the kiosk's data unprotected; use https://, or http:// with 127.0.0.1 when the office runs on this machine"
    )]
    Unprotected(String),
    /// No usable token.
    #[error(
        "the kiosk's token for the office is empty or has characters no token has; enrol the kiosk again"
    )]
    Key,
    /// The CA certificate.
    #[error("the office's CA certificate cannot be used; give the PEM file the office's CA wrote")]
    Ca(#[source] reqwest::Error),
    /// No HTTP client.
    #[error("the connection to the office cannot be prepared")]
    Client(#[source] reqwest::Error),
    /// The broker.
    #[error(transparent)]
    Broker(#[from] DriverError),
    /// The greeting cannot be written.
    #[error("the kiosk's state cannot be written")]
    Presence(#[source] WireError),
    /// The journal cannot be read.
    #[error("the journal cannot be read by the sync")]
    Journal(#[source] super::SyncFault),
}

impl SyncConfig {
    /// The office's address without a slash at its end.
    ///
    /// # Errors
    /// No address, or one that would send data unprotected beyond this machine.
    pub(super) fn office_url(&self) -> Result<String, SyncConfigError> {
        let not_an_address = || SyncConfigError::Address(self.office.chars().take(200).collect());
        let url = Url::parse(self.office.trim()).map_err(|_| not_an_address())?;
        let host = url.host_str().ok_or_else(not_an_address)?;
        if url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(not_an_address());
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => {
                return Err(SyncConfigError::Unprotected(
                    url.origin().ascii_serialization(),
                ));
            }
            _ => return Err(not_an_address()),
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }

    pub(super) fn driver(
        &self,
        farewell: (Topic, Vec<u8>),
    ) -> Result<DriverConfig, SyncConfigError> {
        let filters = [Channel::Ack, Channel::Manifest, Channel::Charge]
            .map(|channel| Topic::of(&self.kiosk, channel).map(Filter::One));
        let mut filters = filters.into_iter().collect::<Result<Vec<_>, _>>()?;
        filters.push(Filter::One(Topic::OFFICE_STATE));
        Ok(DriverConfig {
            client_id: format!("genkan-kiosk-{}", self.kiosk),
            host: self.broker.host.clone(),
            port: self.broker.port,
            tls: self.broker.tls.clone(),
            filters,
            farewell: Some(farewell),
        })
    }
}
