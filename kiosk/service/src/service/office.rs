//! The office, where one is configured: records up, collections down. The door never waits for it, except at the first start of a
//! new card, which asks for a few seconds who is inside.

use crate::config::{Config, ModeConfig, OfficeConfig};
use crate::desk::{Desk, DeskError, RunningDesk};
use crate::http::{OfficeStatus, Status};
use crate::journal::{JournalError, StoredCollection};
use crate::sync::{
    Broker, Held, OfficeSync, SyncConfig, SyncConfigError, SyncDesk, SyncFault, SyncKey, SyncParts,
    SyncStatus, replace,
};
use domain::Command;
use domain::Reference;
use domain::record::Chained;
use link::message::{ChargeReport, Place};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Why the office cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The token.
    #[error(
        "cannot read {path} (office.token_file); put the token the office gave for this kiosk there"
    )]
    Token {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The rest.
    #[error(transparent)]
    Config(#[from] SyncConfigError),
    /// The journal cannot be read beside the desk.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

pub(super) fn prepare(config: &Config, office: &OfficeConfig) -> Result<SyncConfig, OfficeError> {
    let path = &office.token_file;
    let token = std::fs::read_to_string(path).map_err(|source| OfficeError::Token {
        path: path.clone(),
        source,
    })?;
    Ok(SyncConfig {
        kiosk: config.kiosk.id.clone(),
        rehearsal: config.kiosk.mode == ModeConfig::Rehearsal,
        office: office.url.clone(),
        key: SyncKey::new(&token)?,
        office_ca: None,
        broker: Broker {
            host: office.broker_host.clone(),
            port: office.broker_port,
            tls: None,
        },
    })
}

/// What the office knows of today: a replaced card learns who is inside (design section 7).
pub(super) async fn day_so_far(config: &SyncConfig) -> Result<Vec<Chained>, OfficeError> {
    Ok(replace::ask(config, replace::PATIENCE)
        .await?
        .into_records())
}

pub(super) fn start(
    tasks: &mut JoinSet<()>,
    config: SyncConfig,
    desk: &RunningDesk,
    held: Held,
    status: watch::Sender<Status>,
    stopping: &CancellationToken,
) -> Result<(), OfficeError> {
    let grown = desk.desk.published();
    let reference = Arc::clone(&grown.borrow().reference);
    let parts = SyncParts {
        outbox: desk.reader()?,
        reference,
        desk: Arc::new(desk.desk.clone()),
        clock: desk.desk.clock().clone(),
        grown,
        held,
    };
    let sync = OfficeSync::start(config, parts)?;
    tasks.spawn(follow(sync.status(), status));
    let stopping = stopping.clone();
    tasks.spawn(async move {
        stopping.cancelled().await;
        sync.stop().await;
    });
    Ok(())
}

async fn follow(mut sync: watch::Receiver<SyncStatus>, status: watch::Sender<Status>) {
    loop {
        let office = describe(&sync.borrow_and_update());
        status.send_if_modified(|status| {
            let is_other = status.office.as_ref() != Some(&office);
            status.office = Some(office);
            is_other
        });
        if sync.changed().await.is_err() {
            return;
        }
    }
}

fn describe(sync: &SyncStatus) -> OfficeStatus {
    let collections = sync.collections.iter();
    let faults = collections
        .filter_map(|(name, one)| Some(format!("collection {name}: {}", one.error.as_ref()?)));
    let counted = |count: u64, what: &str| (count > 0).then(|| format!("{count} {what}"));
    let problems = [
        sync.problem.clone().filter(|_| !sync.connected),
        sync.refused.clone(),
        counted(
            sync.quarantined,
            "records are in quarantine at the office; look at them there",
        ),
        counted(
            sync.unreadable,
            "messages from the office could not be read; update the older of the two programs",
        ),
    ];
    OfficeStatus {
        connected: sync.connected,
        online: sync.office_online,
        pending: sync.pending,
        pending_since: sync.pending_since.clone(),
        faults: faults.chain(problems.into_iter().flatten()).collect(),
    }
}

impl SyncDesk for Desk {
    async fn acknowledge(&self, through: Place) -> Result<(), SyncFault> {
        Desk::acknowledge(self, through.run, through.seq)
            .await
            .map_err(fault)
    }

    async fn adopt(
        &self,
        collection: StoredCollection,
        reference: Arc<Reference>,
    ) -> Result<(), SyncFault> {
        Desk::adopt(self, collection, reference)
            .await
            .map_err(fault)
    }

    async fn charge_told(&self, report: ChargeReport) -> Result<(), SyncFault> {
        let ChargeReport { equipment, percent } = report;
        let command = Command::ReportCharge { equipment, percent };
        self.decide(command, None).await.map(drop).map_err(fault)
    }
}

fn fault(error: DeskError) -> SyncFault {
    SyncFault(Box::new(error))
}
