//! The kiosk's side of the uplink: when to send what.
//!
//! Pure: the kiosk tells it what happened and when, and does what the answer says. Time is a [`Duration`] since any fixed moment, from a
//! clock that only runs forward. One batch is unacknowledged at a time, and only the office's [`Ack`] moves the cursor: what a broker confirms is not
//! durable anywhere. After each failure the batch is halved and the next attempt waits longer; each ack doubles it again.
//!
//! An ack *behind* the cursor says that the office holds less than it once did (it was restored from a backup). The kiosk then sends
//! again from there, as far as it still has the records.

use crate::message::{Ack, MAX_BATCH, Place};
use domain::ids::RunId;
use domain::record::Chained;
use std::collections::VecDeque;
use std::time::Duration;

/// How long an ack is waited for. A batch takes 16 s on a line of 32 kbit/s.
pub const ACK_TIMEOUT: Duration = Duration::from_secs(30);

/// Without anything to send, the kiosk says this often that it lives.
pub const HEARTBEAT: Duration = Duration::from_secs(20);

/// The longest wait between two attempts.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const SMALLEST_BATCH: usize = 1024;
const REWINDS_AT_ONCE: u32 = 100;
const REWINDS_PERIOD: Duration = Duration::from_secs(600);

/// What the kiosk shall do, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read records after this place, at most about so many bytes, publish them, then call [`Uplink::sent`],
    /// [`Uplink::not_sent`] or [`Uplink::forgotten`].
    Send {
        /// `None`: from the first record kept.
        after: Option<Place>,
        /// Limit for the batch in bytes.
        max_bytes: usize,
    },
    /// Publish an empty batch.
    Heartbeat,
    /// Move the journal's cursor: the office holds everything up to here.
    Acknowledge(Place),
    /// Find out whether this is a place before the cursor, then call [`Uplink::located`]. With `seq` 0 it means the place before the run,
    /// if the run begins at or before the cursor.
    Locate {
        /// The run.
        run: RunId,
        /// The number within it; 0 for its beginning.
        seq: u64,
    },
    /// Log that the office acknowledged what was not sent. It changes nothing.
    Report(StrangeAck),
}

/// An ack that fits nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the office acknowledged record {seq} of run {run}, which this kiosk has not sent; if two kiosks share one id, give one another"
)]
pub struct StrangeAck {
    /// The run it named.
    pub run: RunId,
    /// The number it named.
    pub seq: u64,
}

/// A run's records that were sent and not acknowledged.
#[derive(Clone, Debug)]
struct Sent {
    run: RunId,
    first: u64,
    last: u64,
}

#[derive(Clone, Debug)]
struct InFlight {
    through: Place,
    deadline: Duration,
}

/// The machine. See the module.
#[derive(Clone, Debug)]
pub struct Uplink {
    cursor: Option<Place>,
    connected: bool,
    has_more: bool,
    is_reading: bool,
    sent: VecDeque<Sent>,
    in_flight: Option<InFlight>,
    max_bytes: usize,
    failures: u32,
    not_before: Duration,
    last_sign: Duration,
    locating: bool,
    rewinds: u32,
    rewinds_end: Duration,
}

impl Uplink {
    /// Begins at the journal's cursor, not connected.
    pub fn new(cursor: Option<Place>) -> Self {
        Self {
            cursor,
            connected: false,
            has_more: true,
            is_reading: false,
            sent: VecDeque::new(),
            in_flight: None,
            max_bytes: MAX_BATCH,
            failures: 0,
            not_before: Duration::ZERO,
            last_sign: Duration::ZERO,
            locating: false,
            rewinds: 0,
            rewinds_end: Duration::ZERO,
        }
    }

    /// What the office holds, as far as it has said; `None` before the first record.
    pub fn cursor(&self) -> Option<&Place> {
        self.cursor.as_ref()
    }

    /// The limit for the next batch in bytes.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Attempts without an ack in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// The connection stands and the subscriptions are confirmed. The heartbeat comes first, so that the office soon says what it holds.
    pub fn connected(&mut self, now: Duration) -> Vec<Action> {
        self.connected = true;
        self.in_flight = None;
        self.is_reading = false;
        self.locating = false;
        self.not_before = now;
        self.last_sign = now;
        let mut actions = vec![Action::Heartbeat];
        actions.extend(self.next(now));
        actions
    }

    /// The office has come to the broker after us. What was sent before reached nobody, so it goes again at once.
    pub fn office_appeared(&mut self, now: Duration) -> Vec<Action> {
        self.in_flight = None;
        self.not_before = now;
        self.next(now)
    }

    /// The connection is gone. `jitter` is random, from 0 to 1.
    pub fn disconnected(&mut self, now: Duration, jitter: f64) {
        self.connected = false;
        self.is_reading = false;
        if self.in_flight.take().is_some() {
            self.fail(now, jitter);
        }
    }

    /// The journal has grown.
    pub fn records_waiting(&mut self, now: Duration) -> Vec<Action> {
        self.has_more = true;
        self.next(now)
    }

    /// The time [`Self::wake_at`] named has come. `jitter` is random, from 0 to 1.
    pub fn timer(&mut self, now: Duration, jitter: f64) -> Vec<Action> {
        if self
            .in_flight
            .as_ref()
            .is_some_and(|batch| batch.deadline <= now)
        {
            self.in_flight = None;
            self.fail(now, jitter);
        }
        let mut actions = self.next(now);
        if actions.is_empty() && self.heartbeat_due() <= now {
            self.last_sign = now;
            actions.push(Action::Heartbeat);
        }
        actions
    }

    /// When [`Self::timer`] wants to be called; `None` while not connected.
    pub fn wake_at(&self) -> Option<Duration> {
        if !self.connected {
            return None;
        }
        let attempt = self.may_send().then_some(self.not_before);
        let timeout = self.in_flight.as_ref().map(|batch| batch.deadline);
        [attempt, timeout, Some(self.heartbeat_due())]
            .into_iter()
            .flatten()
            .min()
    }

    /// The answer to [`Action::Send`]: these records, just published, or none because there are no more.
    pub fn sent(&mut self, now: Duration, records: &[Chained]) {
        self.is_reading = false;
        let Some(last) = records.last() else {
            self.has_more = false;
            return;
        };
        for chained in records {
            self.note_sent(&chained.record.run, chained.record.seq);
        }
        self.last_sign = now;
        self.in_flight = Some(InFlight {
            through: Place::of(last),
            deadline: now + ACK_TIMEOUT,
        });
    }

    /// The answer to [`Action::Send`]: it could not be read or published.
    pub fn not_sent(&mut self, now: Duration, jitter: f64) {
        self.is_reading = false;
        self.fail(now, jitter);
    }

    /// The answer to [`Action::Send`]: the journal no longer holds this place. It goes on with the first record kept.
    pub fn forgotten(&mut self, now: Duration, jitter: f64) -> Vec<Action> {
        self.is_reading = false;
        self.rewind(now, None, jitter)
    }

    /// The office said how far it holds our records.
    pub fn acknowledged(&mut self, now: Duration, ack: &Ack) -> Vec<Action> {
        let (run, seq) = (&ack.run, ack.through_seq);
        match self.find(run, seq) {
            Found::Sent(through) => self.advance(now, through),
            Found::Current => Vec::new(),
            Found::Elsewhere if self.locating => Vec::new(),
            Found::Elsewhere => {
                self.locating = true;
                vec![Action::Locate {
                    run: run.clone(),
                    seq,
                }]
            }
            Found::Ahead => vec![Action::Report(StrangeAck {
                run: run.clone(),
                seq,
            })],
        }
    }

    /// The answer to [`Action::Locate`].
    pub fn located(&mut self, now: Duration, answer: Located, jitter: f64) -> Vec<Action> {
        self.locating = false;
        match answer {
            Located::At(place) => self.rewind(now, Some(place), jitter),
            Located::Beginning => self.rewind(now, None, jitter),
            // The office knows nothing of a run yet; it will.
            Located::Unknown { seq: 0, .. } => Vec::new(),
            Located::Unknown { run, seq } => vec![Action::Report(StrangeAck { run, seq })],
        }
    }

    fn advance(&mut self, now: Duration, through: Place) -> Vec<Action> {
        while let Some(sent) = self.sent.pop_front() {
            if sent.run == through.run {
                if sent.last > through.seq {
                    self.sent.push_front(Sent {
                        first: through.seq + 1,
                        ..sent
                    });
                }
                break;
            }
        }
        self.failures = 0;
        self.not_before = now;
        if self
            .in_flight
            .as_ref()
            .is_some_and(|batch| !self.is_sent(&batch.through))
        {
            self.in_flight = None;
            self.max_bytes = (self.max_bytes * 2).min(MAX_BATCH);
        }
        self.cursor = Some(through.clone());
        let mut actions = vec![Action::Acknowledge(through)];
        actions.extend(self.next(now));
        actions
    }

    fn rewind(&mut self, now: Duration, to: Option<Place>, jitter: f64) -> Vec<Action> {
        if self.cursor == to {
            return Vec::new();
        }
        self.cursor = to;
        self.sent.clear();
        self.in_flight = None;
        self.is_reading = false;
        self.has_more = true;
        // Going back over many runs takes as many acks; an office that never stops must not keep the line busy.
        if now >= self.rewinds_end {
            (self.rewinds, self.rewinds_end) = (0, now + REWINDS_PERIOD);
        }
        self.rewinds += 1;
        if self.rewinds > REWINDS_AT_ONCE {
            self.wait(now, jitter);
        }
        self.next(now)
    }

    fn is_sent(&self, place: &Place) -> bool {
        let is_in =
            |sent: &Sent| sent.run == place.run && (sent.first..=sent.last).contains(&place.seq);
        self.sent.iter().any(is_in)
    }

    fn find(&self, run: &RunId, seq: u64) -> Found {
        match self.sent.iter().find(|sent| &sent.run == run) {
            Some(sent) if seq > sent.last => Found::Ahead,
            Some(sent) if seq >= sent.first => Found::Sent(Place {
                run: run.clone(),
                seq,
            }),
            // Nothing of a run that is on its way: that is no news, and says nothing about the runs before it.
            Some(sent) if seq == 0 && sent.first == 1 => Found::Current,
            _ => self.find_at_cursor(run, seq),
        }
    }

    fn find_at_cursor(&self, run: &RunId, seq: u64) -> Found {
        match &self.cursor {
            Some(cursor) if &cursor.run == run && seq == cursor.seq => Found::Current,
            Some(cursor) if &cursor.run == run && seq > cursor.seq => Found::Ahead,
            _ => Found::Elsewhere,
        }
    }

    fn note_sent(&mut self, run: &RunId, seq: u64) {
        match self.sent.iter_mut().find(|sent| &sent.run == run) {
            Some(sent) => sent.last = sent.last.max(seq),
            None => self.sent.push_back(Sent {
                run: run.clone(),
                first: seq,
                last: seq,
            }),
        }
    }

    fn may_send(&self) -> bool {
        self.connected && self.has_more && !self.is_reading && self.in_flight.is_none()
    }

    fn next(&mut self, now: Duration) -> Vec<Action> {
        if !self.may_send() || now < self.not_before {
            return Vec::new();
        }
        self.is_reading = true;
        vec![Action::Send {
            after: self.cursor.clone(),
            max_bytes: self.max_bytes,
        }]
    }

    fn fail(&mut self, now: Duration, jitter: f64) {
        self.max_bytes = (self.max_bytes / 2).max(SMALLEST_BATCH);
        self.wait(now, jitter);
    }

    fn wait(&mut self, now: Duration, jitter: f64) {
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + backoff(self.failures, SHORTEST_WAIT, LONGEST_WAIT, jitter);
    }

    fn heartbeat_due(&self) -> Duration {
        self.last_sign + HEARTBEAT
    }
}

/// What the journal knows about a place that an ack named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// It is before the cursor: go on after this record.
    At(Place),
    /// It is before everything the journal still has: go on with the first record kept.
    Beginning,
    /// The journal never held it, or it is not before the cursor.
    Unknown {
        /// The run.
        run: RunId,
        /// The number.
        seq: u64,
    },
}

enum Found {
    Sent(Place),
    Current,
    Elsewhere,
    Ahead,
}

/// How long to wait after so many failures in a row: doubling from `shortest` to `longest`, each made shorter by up to half at random, so that
/// a hundred kiosks do not come back in the same second. `jitter` is random, from 0 to 1.
pub fn backoff(failures: u32, shortest: Duration, longest: Duration, jitter: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let whole = shortest.saturating_mul(1 << doublings).min(longest);
    let share = if jitter.is_finite() {
        jitter.clamp(0.0, 1.0)
    } else {
        0.0
    };
    whole.mul_f64(1.0 - share / 2.0)
}
