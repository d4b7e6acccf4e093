//! A kiosk without a desk: what the sync needs of one, in memory.

use crate::office::{Office, TOKEN};
use domain::Reference;
use domain::event::{CallReason, Entry, Event, Stamp};
use domain::record::{ChainHash, Chained};
use kiosk::clock::{Clock, Vouching};
use kiosk::journal::StoredCollection;
use kiosk::sync::{
    Broker, Held, OfficeSync, Outbox, SyncConfig, SyncDesk, SyncFault, SyncKey, SyncParts,
    SyncStatus, Waiting,
};
use link::message::{ChargeReport, Place};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

pub const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<(Vec<Chained>, Option<Place>)>>);

impl Journal {
    /// One more run: its start and so many further records.
    pub fn run(&self, name: &str, count: usize) {
        let mut journal = self.0.lock().unwrap();
        for index in 0..=count {
            let last = journal.0.last().map(Chained::position);
            let event = match index {
                0 => Event::RunStarted {
                    kiosk: "koto-1".into(),
                    build: "test".to_owned(),
                    previous: last.clone(),
                },
                _ => Event::StaffCalled {
                    station: "door".into(),
                    reason: CallReason::Visitor,
                },
            };
            let at = "2026-11-24T11:42:00+09:00".parse().unwrap();
            let stamp = Stamp {
                run: name.into(),
                seq: index as u64 + 1,
                at,
                uptime_ms: 0,
                trusted: true,
                cause: None,
            };
            let record = Entry { stamp, event }.to_record().unwrap();
            let hash = record.hash_after(&last.map_or(ChainHash::GENESIS, |last| last.hash));
            journal.0.push(Chained { record, hash });
        }
    }

    pub fn records(&self) -> Vec<Chained> {
        self.0.lock().unwrap().0.clone()
    }

    pub fn acknowledged(&self) -> Option<Place> {
        self.0.lock().unwrap().1.clone()
    }

    fn index(records: &[Chained], place: Option<&Place>) -> Option<usize> {
        let Some(place) = place else { return Some(0) };
        records
            .iter()
            .position(|chained| Place::of(chained) == *place)
            .map(|index| index + 1)
    }
}

impl Outbox for Journal {
    fn after(
        &mut self,
        place: Option<&Place>,
        max_bytes: usize,
    ) -> Result<Vec<Chained>, SyncFault> {
        let journal = self.0.lock().unwrap();
        let from =
            Self::index(&journal.0, place).ok_or_else(|| SyncFault("no such record".into()))?;
        let count = (max_bytes / 500).max(1);
        Ok(journal.0[from..].iter().take(count).cloned().collect())
    }

    fn waiting(&mut self, after: Option<&Place>) -> Result<Option<Waiting>, SyncFault> {
        let journal = self.0.lock().unwrap();
        let waiting = |index: usize| Waiting {
            count: (journal.0.len() - index) as u64,
            oldest_at: None,
        };
        Ok(Self::index(&journal.0, after).map(waiting))
    }

    fn head(&mut self) -> Result<Option<Place>, SyncFault> {
        Ok(self.0.lock().unwrap().0.last().map(Place::of))
    }

    fn cursor(&mut self) -> Result<Option<Place>, SyncFault> {
        Ok(self.acknowledged())
    }
}

/// Keeps what it is asked to adopt.
#[derive(Default)]
pub struct Desk {
    journal: Journal,
    pub adopted: Mutex<Vec<(StoredCollection, Arc<Reference>)>>,
    pub charges: Mutex<Vec<ChargeReport>>,
}

impl SyncDesk for Desk {
    async fn acknowledge(&self, through: Place) -> Result<(), SyncFault> {
        let mut journal = self.journal.0.lock().unwrap();
        let at = Journal::index(&journal.0, Some(&through));
        assert!(
            at >= Journal::index(&journal.0, journal.1.as_ref()),
            "the cursor moves forward only"
        );
        journal.1 = Some(through);
        Ok(())
    }

    async fn adopt(
        &self,
        collection: StoredCollection,
        reference: Arc<Reference>,
    ) -> Result<(), SyncFault> {
        self.adopted.lock().unwrap().push((collection, reference));
        Ok(())
    }

    async fn charge_told(&self, report: ChargeReport) -> Result<(), SyncFault> {
        self.charges.lock().unwrap().push(report);
        Ok(())
    }
}

pub struct Kiosk {
    pub journal: Journal,
    pub desk: Arc<Desk>,
    pub sync: OfficeSync,
    pub status: watch::Receiver<SyncStatus>,
    grown: watch::Sender<u64>,
}

pub fn config(office: &str, broker_port: u16) -> SyncConfig {
    SyncConfig {
        kiosk: "koto-1".into(),
        rehearsal: false,
        office: office.to_owned(),
        key: SyncKey::new(TOKEN).unwrap(),
        office_ca: None,
        broker: Broker {
            host: "127.0.0.1".to_owned(),
            port: broker_port,
            tls: None,
        },
    }
}

impl Kiosk {
    pub fn start(office: &Office, broker_port: u16, journal: Journal) -> Self {
        let desk = Arc::new(Desk {
            journal: journal.clone(),
            ..Desk::default()
        });
        let (grown, watched) = watch::channel(0);
        let parts = SyncParts {
            outbox: journal.clone(),
            desk: Arc::clone(&desk),
            grown: watched,
            reference: Arc::new(Reference::default()),
            held: Held::new(),
            clock: Clock::real(Vouching::Always),
        };
        let sync = OfficeSync::start(config(&office.url, broker_port), parts).unwrap();
        Self {
            journal,
            desk,
            status: sync.status(),
            sync,
            grown,
        }
    }

    pub fn writes(&self, run: &str, count: usize) {
        self.journal.run(run, count);
        self.grown.send_modify(|count| *count += 1);
    }

    /// Waits until the status is so.
    pub async fn until(
        &mut self,
        what: &str,
        is_it: impl FnMut(&SyncStatus) -> bool,
    ) -> SyncStatus {
        let found = tokio::time::timeout(PATIENCE, self.status.wait_for(is_it))
            .await
            .map(|found| found.unwrap().clone());
        found.unwrap_or_else(|_| panic!("{what}: {:?}", *self.status.borrow()))
    }
}
