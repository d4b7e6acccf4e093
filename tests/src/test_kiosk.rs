//! A kiosk in this process, with a data directory, a scanner and a clock of its own.

use crate::scanner::Pty;
use crate::test_office::{CLOCK, KIOSK, TestOffice, install_cryptography};
use crate::waiting::wait_for;
use anyhow::{Context, bail};
use api::screen::StreamItem;
use api::{Client, ClientError, Verdict};
use domain::code::ReservationNumber;
use domain::ids::{KioskId, MemberId, StationId, VisitId};
use domain::record::Chained;
use domain::reference::DateTime;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use kiosk::config::{
    Config, KioskConfig, ListenConfig, ModeConfig, OfficeConfig, StaffConfig, StationConfig,
};
use kiosk::devices::scanner::ScannerConfig;
use kiosk::journal::{DeviceKey, Identity, Journal, Mode};
use kiosk::service::RunningKiosk;
use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::time::Duration;
use tempfile::TempDir;

/// The station at the door, as the sample's floor knows it.
pub const DOOR: &str = "door";
/// A second station, which has no scanner.
pub const COUNTER: &str = "counter";
/// How long anything between two programs of one machine may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A kiosk.
pub struct TestKiosk {
    /// Its scanner.
    pub scanner: Pty,
    config: Config,
    running: Option<RunningKiosk>,
    folder: TempDir,
}

/// A visit in a few words: member, seat, whether it goes on. By its id.
pub type Stays = BTreeMap<VisitId, (MemberId, Option<String>, bool)>;

impl TestKiosk {
    /// Starts one, without waiting until it has learned anything.
    ///
    /// # Errors
    /// Whatever could not be started.
    pub async fn start(office: &TestOffice) -> anyhow::Result<Self> {
        Self::start_at(office, CLOCK.parse()?).await
    }

    /// Starts one whose clock reads `clock`.
    ///
    /// # Errors
    /// Whatever could not be started.
    pub async fn start_at(office: &TestOffice, clock: DateTime) -> anyhow::Result<Self> {
        let (url, broker) = (
            format!("http://{}", office.http_line.address()),
            office.broker_line.address().port(),
        );
        Self::start_with(url, broker, office.kiosk_token(), clock).await
    }

    /// Starts one with an office at `url` and a broker at `broker_port`.
    ///
    /// # Errors
    /// Whatever could not be started.
    pub async fn start_with(
        url: String,
        broker_port: u16,
        token: &str,
        clock: DateTime,
    ) -> anyhow::Result<Self> {
        install_cryptography();
        let folder = TempDir::new()?;
        let file = |name: &str| folder.path().join(name);
        fs::write(file("office-token"), token)?;
        let scanner = Pty::open()?;
        let station = |name: &str| StationConfig {
            id: StationId::from(name),
            token_file: file(&format!("{name}-token")),
        };
        let config = Config {
            kiosk: KioskConfig {
                id: KioskId::from(KIOSK),
                data_dir: file("data"),
                secret_file: None,
                mode: ModeConfig::Rehearsal,
                clock: Some(clock),
                trust_clock: false,
            },
            listen: ListenConfig {
                local: (Ipv4Addr::LOCALHOST, 0).into(),
                signage: (Ipv4Addr::LOCALHOST, 0).into(),
                staff: (Ipv4Addr::LOCALHOST, 0).into(),
            },
            office: Some(OfficeConfig {
                url,
                broker_host: "127.0.0.1".to_owned(),
                broker_port,
                token_file: file("office-token"),
            }),
            stations: vec![station(DOOR), station(COUNTER)],
            scanners: vec![ScannerConfig::new(
                "door",
                scanner.path(),
                StationId::from(DOOR),
            )],
            signals: None,
            staff_button: None,
            staff: StaffConfig::default(),
        };
        let mut kiosk = Self {
            scanner,
            config,
            running: None,
            folder,
        };
        kiosk.open().await?;
        Ok(kiosk)
    }

    /// Starts it again after [`Self::close`], on other ports and with the same data.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(&mut self) -> anyhow::Result<()> {
        self.running = Some(kiosk::service::start(self.config.clone()).await?);
        Ok(())
    }

    /// Stops it in order.
    pub async fn close(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Stops it if it runs, and reads its journal from `day.opened` on.
    ///
    /// # Errors
    /// When the journal is not whole.
    pub async fn journal(mut self) -> anyhow::Result<Vec<Chained>> {
        self.close().await;
        read_journal(&self.config)
    }

    /// Where stations call.
    ///
    /// # Errors
    /// When it is closed.
    pub fn url(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.running()?.local))
    }

    /// Where displays look.
    ///
    /// # Errors
    /// When it is closed.
    pub fn signage_url(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.running()?.signage))
    }

    /// The staff page.
    ///
    /// # Errors
    /// When it is closed.
    pub fn staff_url(&self) -> anyhow::Result<String> {
        Ok(format!(
            "https://localhost:{}/staff",
            self.running()?.staff.port()
        ))
    }

    /// The token of a station.
    ///
    /// # Errors
    /// When there is no such station.
    pub fn token(&self, station: &str) -> anyhow::Result<String> {
        Ok(fs::read_to_string(
            self.folder.path().join(format!("{station}-token")),
        )?)
    }

    /// A client that speaks for a station.
    ///
    /// # Errors
    /// When it is closed.
    pub fn client(&self, station: &str) -> anyhow::Result<Client> {
        Ok(Client::new(&self.url()?, &self.token(station)?)?)
    }

    /// Waits until it has a floor, members and a scanner that reads.
    ///
    /// # Errors
    /// When that takes too long.
    pub async fn until_open(&self) -> anyhow::Result<()> {
        until_open(&self.client(DOOR)?, PATIENCE).await
    }

    /// Listens to what a station is told.
    ///
    /// # Errors
    /// When it is closed or does not answer.
    pub async fn listen(&self, station: &str) -> anyhow::Result<Listener> {
        Listener::connect(&self.client(station)?, station).await
    }

    /// Every visit of its day.
    ///
    /// # Errors
    /// When it is closed.
    pub fn stays(&self) -> anyhow::Result<Stays> {
        let published = self.running()?.desk().published();
        let published = published.borrow();
        let stays = published.today.visits.values().map(|visit| {
            let seat = visit.seat.as_ref().map(|place| place.seat.to_string());
            (
                visit.id.clone(),
                (visit.member.clone(), seat, visit.ended.is_none()),
            )
        });
        Ok(stays.collect())
    }

    /// Whether the door has learned of a member and of a pass that is theirs.
    ///
    /// # Errors
    /// When it is closed.
    pub fn knows(&self, member_no: &str) -> anyhow::Result<bool> {
        let published = self.running()?.desk().published();
        let published = published.borrow();
        let reference = &published.reference;
        let member = MemberId::from(member_no);
        let mut passes = reference.passes.values();
        Ok(reference.members.contains_key(&member) && passes.any(|pass| pass.member == member))
    }

    /// Whether the door has learned of a reservation, by its number.
    ///
    /// # Errors
    /// When it is closed.
    pub fn expects(&self, number: &str) -> anyhow::Result<bool> {
        let published = self.running()?.desk().published();
        let published = published.borrow();
        Ok(published
            .reference
            .numbered(&ReservationNumber::parse(number)?)
            .is_some())
    }

    fn running(&self) -> anyhow::Result<&RunningKiosk> {
        self.running.as_ref().context("the kiosk is closed")
    }
}

/// Reads the journal of a kiosk that does not run, from `day.opened` on.
///
/// # Errors
/// When it is not whole.
pub fn read_journal(config: &Config) -> anyhow::Result<Vec<Chained>> {
    let dir = &config.kiosk.data_dir;
    let key = DeviceKey::load_or_create(&dir.join("secret"), &dir.join("salt"), dir)?;
    let identity = Identity {
        kiosk: config.kiosk.id.clone(),
        mode: Mode::Rehearsal { offset_ms: 0 },
    };
    let (_journal, opened) = Journal::open(dir, &key, &identity)?;
    Ok(opened.replay)
}

/// Waits until the kiosk a client speaks to has a floor and a scanner that reads.
///
/// # Errors
/// When that takes too long.
pub async fn until_open(client: &Client, patience: Duration) -> anyhow::Result<()> {
    let is_open = async || {
        // Notices are adopted last: with them everything is there.
        client
            .signage()
            .await
            .ok()
            .filter(|signage| !signage.notices.is_empty())?;
        let mut listener = Listener::connect(client, DOOR).await.ok()?;
        let StreamItem::Snapshot { centre, floor } = listener.next(patience).await.ok()? else {
            return None;
        };
        (!floor.seats.is_empty() && centre.free_seats > 0 && centre.scanner_ready == Some(true))
            .then_some(())
    };
    Ok(wait_for("a kiosk with seats and a scanner", patience, is_open).await?)
}

/// The stream of a station.
pub struct Listener(BoxStream<'static, Result<StreamItem, ClientError>>);

impl Listener {
    /// Connects. The first item is the snapshot.
    ///
    /// # Errors
    /// When the kiosk does not answer.
    pub async fn connect(client: &Client, station: &str) -> anyhow::Result<Self> {
        Ok(Self(
            client
                .stream(Some(&StationId::from(station)))
                .await?
                .boxed(),
        ))
    }

    /// The next item.
    ///
    /// # Errors
    /// When it ends, or none comes in time.
    pub async fn next(&mut self, patience: Duration) -> anyhow::Result<StreamItem> {
        let item = tokio::time::timeout(patience, self.0.next())
            .await
            .context("the stream is silent")?;
        Ok(item.context("the stream ended")??)
    }

    /// The next verdict.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn verdict(&mut self) -> anyhow::Result<Verdict> {
        let found = async {
            loop {
                if let StreamItem::Verdict { verdict } = self.next(PATIENCE).await? {
                    return Ok(verdict);
                }
            }
        };
        tokio::time::timeout(PATIENCE, found)
            .await
            .unwrap_or_else(|_| bail!("no verdict came"))
    }

    /// Whether a verdict has already arrived.
    pub fn has_verdict(&mut self) -> bool {
        while let Some(Some(Ok(item))) = self.0.next().now_or_never() {
            if matches!(item, StreamItem::Verdict { .. }) {
                return true;
            }
        }
        false
    }
}
