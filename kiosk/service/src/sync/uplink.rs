//! Runs the uplink's machine over the journal and the connection.

use super::status::StatusBoard;
use super::{Outbox, SyncConfig, SyncConfigError, SyncDesk, SyncFault};
use crate::clock::Clock;
use domain::ids::{KioskId, RunId};
use domain::record::Chained;
use link::driver::{DriverHandle, random_share};
use link::message::{Ack, Batch, Place, WireRecord, encode};
use link::topics::{Channel, Topic};
use link::uplink::{Action, Located, StrangeAck, Uplink};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// So many things heard wait for the uplink.
pub(super) const HEARD: usize = 16;

const SCAN_BYTES: usize = 256 * 1024;

/// What the connection says that concerns the uplink.
#[derive(Debug)]
pub(super) enum Heard {
    Connected,
    OfficeAppeared,
    Disconnected,
    Ack(Ack),
}

pub(super) struct UplinkTask<O, D> {
    kiosk: KioskId,
    rehearsal: bool,
    topic: Topic,
    machine: Uplink,
    /// Lent to another thread while it reads.
    outbox: Option<O>,
    desk: Arc<D>,
    driver: DriverHandle,
    board: StatusBoard,
    clock: Clock,
    began: Instant,
    /// Where the journal's cursor stands while the office catches up with what it once had.
    ahead: Option<Place>,
}

impl<O: Outbox, D: SyncDesk> UplinkTask<O, D> {
    pub fn new(
        config: &SyncConfig,
        mut outbox: O,
        desk: Arc<D>,
        driver: DriverHandle,
        board: StatusBoard,
        clock: Clock,
    ) -> Result<Self, SyncConfigError> {
        let cursor = outbox.cursor().map_err(SyncConfigError::Journal)?;
        let waiting = outbox
            .waiting(cursor.as_ref())
            .map_err(SyncConfigError::Journal)?;
        board.pending(cursor.as_ref(), waiting.unwrap_or_default());
        Ok(Self {
            kiosk: config.kiosk.clone(),
            rehearsal: config.rehearsal,
            topic: Topic::of(&config.kiosk, Channel::Up)?,
            machine: Uplink::new(cursor),
            outbox: Some(outbox),
            desk,
            driver,
            board,
            clock,
            began: Instant::now(),
            ahead: None,
        })
    }

    pub async fn run<T>(mut self, mut heard: mpsc::Receiver<Heard>, mut grown: watch::Receiver<T>) {
        let mut desk_is_there = true;
        loop {
            let wake = self.machine.wake_at().map(|at| self.began + at);
            let timer = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let actions = tokio::select! {
                next = heard.recv() => match next {
                    Some(next) => self.hear(next),
                    None => return,
                },
                changed = grown.changed(), if desk_is_there => {
                    desk_is_there = changed.is_ok();
                    self.machine.records_waiting(self.now())
                }
                () = timer => self.machine.timer(self.now(), random_share()),
            };
            self.perform(actions).await;
            self.count_waiting().await;
        }
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn hear(&mut self, heard: Heard) -> Vec<Action> {
        let now = self.now();
        match heard {
            Heard::Connected => self.machine.connected(now),
            Heard::OfficeAppeared => self.machine.office_appeared(now),
            Heard::Disconnected => {
                self.machine.disconnected(now, random_share());
                Vec::new()
            }
            Heard::Ack(ack) => {
                for rejected in &ack.rejected {
                    let (run, seq, reason) = (&rejected.run, rejected.seq, rejected.reason);
                    tracing::error!(%run, seq, ?reason, "the office put a record in quarantine; look at it there");
                }
                self.board
                    .acknowledged(self.clock.now(), ack.rejected.len());
                self.machine.acknowledged(now, &ack)
            }
        }
    }

    /// The office holds less than it once said: it was restored from a backup.
    fn note_rewind(&mut self, before: Option<Place>) {
        if self.machine.cursor() == before.as_ref() {
            return;
        }
        let from = self
            .machine
            .cursor()
            .map_or_else(|| "the beginning".to_owned(), ToString::to_string);
        tracing::warn!(after = %from, "the office holds less than it acknowledged; sending again");
        self.ahead = self.ahead.take().or(before);
    }

    async fn perform(&mut self, actions: Vec<Action>) {
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Send { after, max_bytes } => {
                    actions.extend(self.send(after, max_bytes).await)
                }
                Action::Heartbeat => self.beat().await,
                Action::Acknowledge(through) => self.acknowledge(through).await,
                Action::Locate { run, seq } => {
                    let located = self.locate(run, seq).await;
                    let before = self.machine.cursor().cloned();
                    let more = self.machine.located(self.now(), located, random_share());
                    self.note_rewind(before);
                    actions.extend(more);
                }
                Action::Report(strange) => self.report(&strange).await,
            }
        }
    }

    async fn send(&mut self, after: Option<Place>, max_bytes: usize) -> Vec<Action> {
        let read = self.read(move |outbox| {
            if outbox.waiting(after.as_ref())?.is_none() {
                return Ok(None);
            }
            Ok(Some((
                outbox.after(after.as_ref(), max_bytes)?,
                Edges::of(outbox)?,
            )))
        });
        let sent = match read.await {
            Ok(Some((records, edges))) => self.publish(records, edges, max_bytes),
            // Removed while the office was catching up with what it once had.
            Ok(None) => return self.machine.forgotten(self.now(), random_share()),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the journal cannot be read for the office"
                );
                None
            }
        };
        match sent {
            Some(records) => self.machine.sent(self.now(), &records),
            None => self.machine.not_sent(self.now(), random_share()),
        }
        Vec::new()
    }

    /// Publishes as many of the records as fit and gives these; `None` when it could not.
    fn publish(
        &self,
        records: Vec<Chained>,
        edges: Option<Edges>,
        max_bytes: usize,
    ) -> Option<Vec<Chained>> {
        let Some(edges) = edges.filter(|_| !records.is_empty()) else {
            return Some(Vec::new());
        };
        let mut batch = self.batch(records, edges);
        let payload = batch
            .encode_within(max_bytes)
            .inspect_err(|error| {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "a batch cannot be written"
                )
            })
            .ok()?;
        self.driver.publish(&self.topic, payload, false).ok()?;
        Some(
            batch
                .events
                .into_iter()
                .map(|event| event.chained)
                .collect(),
        )
    }

    fn batch(&self, records: Vec<Chained>, edges: Edges) -> Batch {
        let event = |chained| WireRecord {
            kiosk: self.kiosk.clone(),
            chained,
        };
        Batch {
            kiosk: self.kiosk.clone(),
            run: edges.head.run,
            head_seq: edges.head.seq,
            rehearsal: self.rehearsal,
            oldest: edges.oldest,
            events: records.into_iter().map(event).collect(),
        }
    }

    async fn beat(&mut self) {
        let Ok(Some(edges)) = self.read(Edges::of).await else {
            return;
        };
        if let Ok(payload) = encode(&self.batch(Vec::new(), edges)) {
            // One that is not sent is followed by the next.
            let _ = self.driver.publish(&self.topic, payload, false);
        }
    }

    async fn acknowledge(&mut self, through: Place) {
        if let Some(ahead) = self.ahead.clone() {
            let place = through.clone();
            let reached = self.read(move |outbox| is_at_or_after(outbox, &place, &ahead));
            if !reached.await.unwrap_or(false) {
                return;
            }
            self.ahead = None;
        }
        if let Err(error) = self.desk.acknowledge(through).await {
            // The office says it again after the next start.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the journal's cursor could not be moved"
            );
        }
    }

    async fn report(&mut self, strange: &StrangeAck) {
        let place = Place {
            run: strange.run.clone(),
            seq: strange.seq,
        };
        match self.read(move |outbox| outbox.waiting(Some(&place))).await {
            // Sent before this start, and acknowledged once more when it is sent again.
            Ok(Some(_)) => tracing::debug!("{strange}"),
            _ => tracing::warn!("{strange}"),
        }
    }

    async fn locate(&mut self, run: RunId, seq: u64) -> Located {
        let unknown = Located::Unknown {
            run: run.clone(),
            seq,
        };
        let Some(cursor) = self.machine.cursor().cloned() else {
            return unknown;
        };
        match self
            .read(move |outbox| locate(outbox, &run, seq, &cursor))
            .await
        {
            Ok(found) => found.unwrap_or(unknown),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the journal cannot be read for the office"
                );
                unknown
            }
        }
    }

    async fn count_waiting(&mut self) {
        let cursor = self.machine.cursor().cloned();
        let after = cursor.clone();
        let waiting = self
            .read(move |outbox| outbox.waiting(after.as_ref()))
            .await;
        if let Ok(waiting) = waiting {
            self.board
                .pending(cursor.as_ref(), waiting.unwrap_or_default());
        }
    }

    /// Reads on a thread where waiting for the disk holds up nobody.
    async fn read<R: Send + 'static>(
        &mut self,
        read: impl FnOnce(&mut O) -> Result<R, SyncFault> + Send + 'static,
    ) -> Result<R, SyncFault> {
        let mut outbox = self.outbox.take().ok_or_else(lost)?;
        let work = move || {
            let result = read(&mut outbox);
            (outbox, result)
        };
        let (outbox, result) = tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| lost())?;
        self.outbox = Some(outbox);
        result
    }
}

fn lost() -> SyncFault {
    SyncFault("reading the journal failed badly; restart the service".into())
}

/// The first and the last record there are.
struct Edges {
    head: Place,
    oldest: Option<Place>,
}

impl Edges {
    /// `None` for a journal without records.
    fn of<O: Outbox>(outbox: &mut O) -> Result<Option<Self>, SyncFault> {
        let Some(head) = outbox.head()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            head,
            oldest: oldest(outbox)?,
        }))
    }
}

fn oldest<O: Outbox>(outbox: &mut O) -> Result<Option<Place>, SyncFault> {
    Ok(outbox.after(None, 1)?.first().map(Place::of))
}

fn is_at_or_after<O: Outbox>(
    outbox: &mut O,
    place: &Place,
    other: &Place,
) -> Result<bool, SyncFault> {
    // In this order: if the journal grows between the two, a place before the other may count as after it, and waits for the next ack.
    let beyond_place = outbox.waiting(Some(place))?;
    let beyond_other = outbox.waiting(Some(other))?;
    Ok(beyond_place
        .zip(beyond_other)
        .is_some_and(|(place, other)| place.count <= other.count))
}

/// Where to go on so that the office gets what follows `(run, seq)`, if that lies before the cursor.
fn locate<O: Outbox>(
    outbox: &mut O,
    run: &RunId,
    seq: u64,
    cursor: &Place,
) -> Result<Option<Located>, SyncFault> {
    if seq == 0 {
        return locate_beginning(outbox, run, cursor);
    }
    let place = Place {
        run: run.clone(),
        seq,
    };
    match outbox.waiting(Some(&place))? {
        Some(_) if is_at_or_after(outbox, &place, cursor)? => Ok(None),
        Some(_) => Ok(Some(Located::At(place))),
        None => {
            let is_removed = oldest(outbox)?
                .is_some_and(|oldest| oldest.run == place.run && place.seq < oldest.seq);
            Ok(is_removed.then_some(Located::Beginning))
        }
    }
}

/// The record before a run's first, looked for up to the cursor.
fn locate_beginning<O: Outbox>(
    outbox: &mut O,
    run: &RunId,
    cursor: &Place,
) -> Result<Option<Located>, SyncFault> {
    let mut before: Option<Place> = None;
    loop {
        let records = outbox.after(before.as_ref(), SCAN_BYTES)?;
        if records.is_empty() {
            return Ok(None);
        }
        for chained in &records {
            if &chained.record.run == run {
                return Ok(Some(before.map_or(Located::Beginning, Located::At)));
            }
            let place = Place::of(chained);
            if &place == cursor {
                return Ok(None);
            }
            before = Some(place);
        }
    }
}
