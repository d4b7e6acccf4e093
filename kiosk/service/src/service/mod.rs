//! Wiring: what starts, in which order, and how it ends.

mod devices;
mod limited;
mod office;
mod tls;

use crate::certificate::{self, CertificateError};
use crate::clock::{Clock, TIMESYNC_MARK, Vouching};
use crate::config::{Config, ModeConfig};
use crate::desk::{Desk, DeskConfig, RunningDesk, StartError};
use crate::http::staff::{StaffSessions, end_idle_sessions};
use crate::http::{self, App, Metrics, StationToken, Stations, Status, TokenError};
use crate::journal::{DeviceKey, Identity, Journal, JournalError, Mode, StoredCollection};
use crate::service::office::OfficeError;
use crate::sync::{Held, restore};
use domain::Reference;
use domain::record::Chained;
use limited::Limited;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tls::Tls;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long calls under way may take to end at a stop.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Verdicts waiting for a slow screen.
const VERDICTS: usize = 64;

/// Connections from displays at a time: each display keeps one or two.
const DISPLAYS: usize = 64;

/// Connections to the staff page at a time: each browser keeps up to six.
const STAFF: usize = 64;

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The key or the journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The desk.
    #[error(transparent)]
    Desk(#[from] StartError),
    /// A station's token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The office.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The staff page's certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A port is taken.
    #[error(
        "cannot listen on {address} ({key} in the configuration); another program may use the port: stop it, or choose another"
    )]
    Listen {
        /// The key.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// A running kiosk.
#[derive(Debug)]
pub struct RunningKiosk {
    /// Where stations call.
    pub local: SocketAddr,
    /// Where displays look.
    pub signage: SocketAddr,
    /// Where the staff page is.
    pub staff: SocketAddr,
    desk: RunningDesk,
    tasks: JoinSet<()>,
    stopping: CancellationToken,
    /// Held while it runs: without devices and office nobody else does, and the screens' streams would end.
    _status: watch::Sender<Status>,
}

impl RunningKiosk {
    /// To ask the desk directly.
    pub fn desk(&self) -> Desk {
        self.desk.desk.clone()
    }

    /// Ends gracefully: no new calls, those under way are answered, the desk commits what waits.
    pub async fn stop(mut self) {
        self.stopping.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_LIMIT, all).await.is_err() {
            tracing::warn!("some connections did not end in time and are cut");
            self.tasks.shutdown().await;
        }
        // The desk waits for the disk, so not on this thread.
        if tokio::task::spawn_blocking(|| self.desk.stop())
            .await
            .is_err()
        {
            tracing::error!("the desk could not be stopped");
        }
    }
}

/// Starts a kiosk: journal and desk first, then whoever asks.
///
/// # Errors
/// When it cannot work as configured; what to do is in the message.
pub async fn start(config: Config) -> Result<RunningKiosk, ServiceError> {
    let stations = stations(&config)?;
    let local = listen("listen.local", config.listen.local).await?;
    let signage = listen("listen.signage", config.listen.signage).await?;
    let staff = listen("listen.staff", config.listen.staff).await?;
    let office = config
        .office
        .as_ref()
        .map(|office| office::prepare(&config, office))
        .transpose()?;
    let is_new = !Journal::exists(&config.kiosk.data_dir)?;
    let inherited = match &office {
        Some(office) if is_new => office::day_so_far(office).await?,
        _ => Vec::new(),
    };
    let mut held = Held::new();
    let desk = open_desk(&config, inherited, |stored| {
        let (reference, restored) = restore(stored);
        held = restored;
        reference
    })?;
    let stopping = CancellationToken::new();
    let (status, watched) = watch::channel(initial_status(&desk));
    let app = App {
        desk: desk.desk.clone(),
        stations: Arc::new(stations),
        verdicts: broadcast::channel(VERDICTS).0,
        answers: broadcast::channel(VERDICTS).0,
        status: watched,
        staff: Arc::new(StaffSessions::default()),
        metrics: Arc::new(Metrics::default()),
        rehearsal: config.kiosk.mode == ModeConfig::Rehearsal,
        stopping: stopping.clone(),
    };
    let mut tasks = JoinSet::new();
    let addresses = [
        address_of(&local, config.listen.local),
        address_of(&signage, config.listen.signage),
        address_of(&staff, config.listen.staff),
    ];
    let signage = Limited::new(signage, DISPLAYS);
    serve(&mut tasks, local, http::local(app.clone()), &stopping);
    serve(&mut tasks, signage, http::signage(app.clone()), &stopping);
    serve_staff(&mut tasks, &config, staff, &app)?;
    devices::start(&mut tasks, &config, &app, status.clone(), &stopping);
    if let Some(office) = office {
        office::start(&mut tasks, office, &desk, held, status.clone(), &stopping)?;
    }
    let [local, signage, staff] = addresses;
    Ok(RunningKiosk {
        local,
        signage,
        staff,
        desk,
        tasks,
        stopping,
        _status: status,
    })
}

fn stations(config: &Config) -> Result<Stations, TokenError> {
    let with_token = config.stations.iter().map(|station| {
        let token = StationToken::load_or_create(&station.token_file)?;
        Ok((station.id.clone(), token))
    });
    Ok(Stations::new(
        with_token.collect::<Result<Vec<_>, TokenError>>()?,
    ))
}

async fn listen(key: &'static str, address: SocketAddr) -> Result<TcpListener, ServiceError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServiceError::Listen {
            key,
            address,
            source,
        })
}

/// Port 0 asks the system for a free one.
fn address_of(listener: &TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

fn serve(
    tasks: &mut JoinSet<()>,
    listener: impl axum::serve::Listener<Addr = SocketAddr>,
    router: axum::Router,
    stopping: &CancellationToken,
) {
    let stopping = stopping.clone();
    tasks.spawn(async move {
        let served =
            axum::serve(listener, router).with_graceful_shutdown(stopping.cancelled_owned());
        if let Err(error) = served.await {
            tracing::error!(%error, "a listener ended");
        }
    });
}

/// The staff page over TLS, and the end of sessions that nobody uses.
fn serve_staff(
    tasks: &mut JoinSet<()>,
    config: &Config,
    listener: TcpListener,
    app: &App,
) -> Result<(), CertificateError> {
    let address = address_of(&listener, config.listen.staff);
    let (certificate, own) = certificate::for_staff_page(config, app.desk.clock().of_machine())?;
    if let Some(fingerprint) = own {
        tracing::info!(%fingerprint, "the staff page's certificate is of this kiosk's own CA");
    }
    let listener = Limited::new(listener, STAFF);
    let listener = Tls::start(tasks, listener, address, certificate, &app.stopping);
    serve(tasks, listener, http::staff(app.clone()), &app.stopping);
    tasks.spawn(end_idle_sessions(
        Arc::clone(&app.staff),
        app.desk.clone(),
        app.stopping.clone(),
    ));
    Ok(())
}

fn open_desk(
    config: &Config,
    inherited: Vec<Chained>,
    reference: impl FnOnce(&[StoredCollection]) -> Reference,
) -> Result<RunningDesk, ServiceError> {
    let dir = &config.kiosk.data_dir;
    let secret = config
        .kiosk
        .secret_file
        .clone()
        .unwrap_or_else(|| dir.join("secret"));
    let key = DeviceKey::load_or_create(&secret, &dir.join("salt"), dir)?;
    let mode = match config.kiosk.mode {
        ModeConfig::Normal => Mode::Normal,
        ModeConfig::Rehearsal => Mode::Rehearsal {
            offset_ms: config.kiosk.clock.map_or(0, Clock::offset_to),
        },
    };
    let vouching = if config.kiosk.trust_clock {
        Vouching::Always
    } else {
        Vouching::OnceThere(TIMESYNC_MARK.into())
    };
    let clock = |mode| match mode {
        Mode::Normal => Clock::real(vouching),
        Mode::Rehearsal { offset_ms } => Clock::rehearsal(offset_ms),
    };
    let identity = Identity {
        kiosk: config.kiosk.id.clone(),
        mode,
    };
    Ok(Desk::start(
        DeskConfig {
            dir: dir.clone(),
            key,
            identity,
        },
        clock,
        inherited,
        reference,
    )?)
}

fn initial_status(desk: &RunningDesk) -> Status {
    let startup = &desk.startup;
    let lost = startup.tail_lost.as_ref().map(|at| {
        format!("records up to {} of run {} are missing from this card; the office holds what it acknowledged", at.seq, at.run)
    });
    let unseen = startup.head_unreadable.then(|| {
        "the journal's head file cannot be read; a lost end would not have shown".to_owned()
    });
    Status {
        journal: lost.into_iter().chain(unseen).collect(),
        ..Status::default()
    }
}
