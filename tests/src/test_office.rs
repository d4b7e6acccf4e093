//! An office with the sample centre, in this process, reached by its kiosks over lines that can be cut.

use crate::cut_proxy::CutProxy;
use crate::mosquitto::Mosquitto;
use anyhow::{Context, ensure};
use chrono::NaiveDate;
use domain::ids::KioskId;
use domain::reference::DateTime;
use link::message::{TodayRecords, decode};
use office::clock::Clock;
use office::config::{Broker, ExternalBroker, Kiosk};
use office::sample::{self, SampleCode};
use office::secret::Token;
use office::store::Store;
use office::store::figures::VisitView;
use office::{Office, OfficeConfig, RunningOffice};
use serde_json::Value;
use std::net::{Ipv4Addr, SocketAddr};
use tempfile::TempDir;

/// The kiosk the office knows.
pub const KIOSK: &str = "koto-1";
/// What every clock reads at the start unless a test says otherwise: a Tuesday in opening hours.
pub const CLOCK: &str = "2026-11-24T11:42:00+09:00";

/// Which broker stands between office and kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerKind {
    /// The office's own.
    Embedded,
    /// Debian's Mosquitto.
    Mosquitto,
}

/// The office.
pub struct TestOffice {
    /// The kiosk's line to the office.
    pub http_line: CutProxy,
    /// The kiosk's line to the broker.
    pub broker_line: CutProxy,
    own_broker_line: CutProxy,
    mosquitto: Option<Mosquitto>,
    config: OfficeConfig,
    running: Option<RunningOffice>,
    codes: Vec<SampleCode>,
    http: reqwest::Client,
    token: Token,
    kiosk_token: Token,
    _folder: TempDir,
}

const NOWHERE: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 9);

impl TestOffice {
    /// Starts one with the sample of [`CLOCK`]'s day.
    ///
    /// # Errors
    /// Whatever could not be started.
    pub async fn start(kind: BrokerKind) -> anyhow::Result<Self> {
        install_cryptography();
        let folder = TempDir::new()?;
        let (token, kiosk_token) = (Token::random()?, Token::random()?);
        let begun: DateTime = CLOCK.parse()?;
        let line = async || CutProxy::to(NOWHERE.into()).await;
        let own_broker_line = line().await?;
        let mosquitto = if kind == BrokerKind::Mosquitto {
            Some(Mosquitto::start().await?)
        } else {
            None
        };
        let own = own_broker_line.address();
        let broker = match kind {
            BrokerKind::Embedded => Broker::Embedded {
                listen: (Ipv4Addr::LOCALHOST, 0).into(),
            },
            BrokerKind::Mosquitto => Broker::External(ExternalBroker {
                host: own.ip().to_string(),
                port: own.port(),
                tls: None,
            }),
        };
        let config = OfficeConfig {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            data_dir: folder.path().join("office"),
            token: token.clone(),
            clock: Clock::starting_at(begun),
            broker,
            kiosks: vec![Kiosk {
                id: KioskId::from(KIOSK),
                token: kiosk_token.clone(),
                rehearsal: true,
            }],
        };
        let codes = sample::load(
            &Store::open(&config.data_dir, config.clock)?,
            begun.date_naive(),
        )?
        .0;
        let http = reqwest::Client::builder().no_proxy().build()?;
        let (http_line, broker_line) = (line().await?, line().await?);
        let mut office = Self {
            http_line,
            broker_line,
            own_broker_line,
            mosquitto,
            config,
            running: None,
            codes,
            http,
            token,
            kiosk_token,
            _folder: folder,
        };
        office.open().await?;
        Ok(office)
    }

    /// Opens it again after [`Self::close`], at another address to which the lines lead.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(&mut self) -> anyhow::Result<()> {
        if let Some(mosquitto) = &self.mosquitto {
            self.own_broker_line.lead_to(mosquitto.address());
            self.broker_line.lead_to(mosquitto.address());
        }
        let running = Office::start(self.config.clone()).await?;
        self.http_line.lead_to(running.http_addr);
        running
            .broker_addr
            .into_iter()
            .for_each(|broker| self.broker_line.lead_to(broker));
        self.running = Some(running);
        Ok(())
    }

    /// Closes it; its embedded broker goes too, with all it remembered.
    pub async fn close(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown().await;
        }
    }

    /// Kills the Mosquitto, with all it remembered.
    pub fn kill_mosquitto(&mut self) {
        self.mosquitto = None;
    }

    /// Starts an empty Mosquitto in its place.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_mosquitto(&mut self) -> anyhow::Result<()> {
        let mosquitto = Mosquitto::start().await?;
        self.own_broker_line.lead_to(mosquitto.address());
        self.broker_line.lead_to(mosquitto.address());
        self.mosquitto = Some(mosquitto);
        Ok(())
    }

    /// The broker itself, past all lines.
    pub fn broker(&self) -> Option<SocketAddr> {
        let embedded = self
            .running
            .as_ref()
            .and_then(|running| running.broker_addr);
        embedded.or_else(|| self.mosquitto.as_ref().map(Mosquitto::address))
    }

    /// The kiosk's token for the office.
    pub fn kiosk_token(&self) -> &str {
        self.kiosk_token.reveal()
    }

    /// The pass of a member of the sample.
    ///
    /// # Errors
    /// When there is none of this number.
    pub fn pass(&self, member_no: &str) -> anyhow::Result<&str> {
        let code = self.codes.iter().find(|code| code.member_no == member_no);
        code.map(|code| code.code.as_str())
            .with_context(|| format!("the sample has no member {member_no}"))
    }

    /// Visits of the day, as `GET /v1/visits?date=` gives them.
    ///
    /// # Errors
    /// When the office does not answer.
    pub async fn visits(&self) -> anyhow::Result<Vec<VisitView>> {
        let date: NaiveDate = CLOCK.parse::<DateTime>()?.date_naive();
        Ok(serde_json::from_value(
            self.get(&format!("/v1/visits?date={date}")).await?,
        )?)
    }

    /// All records of the kiosk's day, in order.
    ///
    /// # Errors
    /// When the office does not answer.
    pub async fn records(&self) -> anyhow::Result<TodayRecords> {
        let request = self
            .http
            .get(self.url("/v1/kiosks/koto-1/today")?)
            .bearer_auth(self.kiosk_token());
        Ok(decode(
            &request.send().await?.error_for_status()?.bytes().await?,
        )?)
    }

    /// A call with the office's token.
    ///
    /// # Errors
    /// When the office does not answer or refuses.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self
            .http
            .get(self.url(path)?)
            .bearer_auth(self.token.reveal());
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// A call with the office's token.
    ///
    /// # Errors
    /// When the office does not answer or refuses.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self
            .http
            .post(self.url(path)?)
            .bearer_auth(self.token.reveal())
            .json(body);
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// Its database.
    ///
    /// # Errors
    /// When the office is closed.
    pub fn store(&self) -> anyhow::Result<&Store> {
        Ok(self
            .running
            .as_ref()
            .context("the office is closed")?
            .store())
    }

    /// An address past all lines.
    ///
    /// # Errors
    /// When the office is closed.
    pub fn url(&self, path: &str) -> anyhow::Result<String> {
        let running = self.running.as_ref().context("the office is closed")?;
        Ok(format!("http://{}{path}", running.http_addr))
    }
}

/// Chooses the cryptography of every HTTPS client of this process.
pub fn install_cryptography() {
    // The first test to come has done it for all.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
