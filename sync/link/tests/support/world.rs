//! A kiosk, an office and a bad line between them, all in memory and all from one seed.

mod kiosk;

use domain::event::{CallReason, Event};
use domain::ids::RunId;
use domain::record::{ChainHash, Chained};
pub use kiosk::Kiosk;
use link::intake::{Decision, Incident, Ledger, Outcome, intake};
use link::message::{Ack, Batch, Place, Quarantine, decode, encode};
use link::uplink::Action;
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

/// What is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The office says that it holds what it may still lose.
    AcknowledgesEarly,
    /// The kiosk moves its cursor when a batch is published.
    TrustsTheBroker,
}

pub struct World {
    random: u64,
    fault: Fault,
    now: Duration,
    pub kiosk: Kiosk,
    pub office: Office,
    up: VecDeque<Vec<u8>>,
    down: VecDeque<Vec<u8>>,
    connected: bool,
    /// Whether the kiosk forgets records as soon as they are acknowledged, or half of the time.
    pub forgets: bool,
}

#[derive(Clone, Default)]
pub struct Office {
    held: BTreeMap<RunId, BTreeMap<u64, ChainHash>>,
    follows: Vec<(Option<RunId>, RunId)>,
    pub order: Vec<(Place, ChainHash)>,
    pub incidents: Vec<Incident>,
    pub quarantined: usize,
    backup: Option<Box<Office>>,
}

impl Ledger for Office {
    type Error = Infallible;

    fn last(&self, run: &RunId) -> Result<Option<(u64, ChainHash)>, Infallible> {
        Ok(self
            .held
            .get(run)
            .and_then(|run| run.last_key_value())
            .map(|(seq, hash)| (*seq, *hash)))
    }

    fn hash_at(&self, run: &RunId, seq: u64) -> Result<Option<ChainHash>, Infallible> {
        Ok(self.held.get(run).and_then(|run| run.get(&seq)).copied())
    }

    fn successors(&self, run: Option<&RunId>) -> Result<Vec<RunId>, Infallible> {
        let of = self
            .follows
            .iter()
            .filter(|(before, _)| before.as_ref() == run);
        Ok(of.map(|(_, after)| after.clone()).collect())
    }
}

impl Office {
    fn take(&mut self, outcome: &Outcome<'_>) {
        for (event, decision) in &outcome.decisions {
            let place = Place::of(&event.chained);
            match decision {
                Decision::AlreadyKnown => continue,
                Decision::Quarantine(reason) => {
                    self.quarantined += 1;
                    if *reason == Quarantine::OtherHash {
                        continue;
                    }
                }
                Decision::Store(entry) => {
                    if let Event::RunStarted { previous, .. } = &entry.event {
                        let before = previous.as_ref().map(|previous| previous.run.clone());
                        self.follows.push((before, place.run.clone()));
                    }
                }
            }
            self.held
                .entry(place.run.clone())
                .or_default()
                .insert(place.seq, event.chained.hash);
            self.order.push((place, event.chained.hash));
        }
        self.incidents.extend(outcome.incidents.iter().cloned());
    }

    pub fn back_up(&mut self) {
        self.backup = Some(Box::new(Self {
            backup: None,
            ..self.clone()
        }));
    }

    pub fn restore(&mut self) {
        *self = *self.backup.take().expect("a backup");
    }

    pub fn wipe(&mut self) {
        *self = Self::default();
    }
}

impl World {
    pub fn new(seed: u64, fault: Fault) -> Self {
        Self {
            random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1),
            fault,
            now: Duration::ZERO,
            kiosk: Kiosk::new(),
            office: Office::default(),
            up: VecDeque::new(),
            down: VecDeque::new(),
            connected: false,
            forgets: false,
        }
    }

    /// SplitMix64.
    fn random(&mut self, below: usize) -> usize {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below as u64) as usize
    }

    fn jitter(&mut self) -> f64 {
        self.random(1000) as f64 / 1000.0
    }

    pub fn write(&mut self, count: usize) {
        for _ in 0..count {
            self.kiosk.append(Event::StaffCalled {
                station: "door".into(),
                reason: CallReason::Visitor,
            });
        }
        let actions = self.kiosk.machine.records_waiting(self.now);
        self.perform(actions);
    }

    pub fn crash_kiosk(&mut self) {
        let name = format!("r{:x}x", self.random(1 << 30));
        self.kiosk.start(&name);
        self.connected = false;
    }

    /// One thing that happens.
    pub fn step(&mut self) {
        let passed = self.random(3000) as u64;
        self.now += Duration::from_millis(passed);
        match self.random(100) {
            0..20 => {
                let count = 1 + self.random(6);
                self.write(count);
            }
            20..45 => self.deliver_up(),
            45..70 => self.deliver_down(),
            70..80 => self.tick(),
            80..84 => self.damage_line(),
            84..88 => self.disconnect(),
            88..96 => self.connect(),
            96..98 => self.crash_kiosk(),
            _ => self.lose_line(),
        }
    }

    fn connect(&mut self) {
        if !self.connected {
            self.connected = true;
            let actions = self.kiosk.machine.connected(self.now);
            self.perform(actions);
        }
    }

    fn disconnect(&mut self) {
        let jitter = self.jitter();
        self.connected = false;
        self.kiosk.machine.disconnected(self.now, jitter);
    }

    fn lose_line(&mut self) {
        self.disconnect();
        self.up.clear();
        self.down.clear();
    }

    /// Repeats, reorders or drops one message.
    fn damage_line(&mut self) {
        let (kind, pick) = (self.random(3), self.random(1 << 20));
        let line = if pick % 2 == 0 {
            &mut self.up
        } else {
            &mut self.down
        };
        if line.is_empty() {
            return;
        }
        let index = pick / 2 % line.len();
        match kind {
            0 => drop(line.remove(index)),
            1 => line.push_back(line[index].clone()),
            _ => line.swap(0, index),
        }
    }

    fn tick(&mut self) {
        if let Some(at) = self.kiosk.machine.wake_at() {
            self.now = self.now.max(at);
            let jitter = self.jitter();
            let actions = self.kiosk.machine.timer(self.now, jitter);
            self.perform(actions);
        }
    }

    fn deliver_up(&mut self) {
        let Some(bytes) = self.up.pop_front() else {
            return;
        };
        let batch: Batch = decode(&bytes).unwrap();
        let crash = self.random(20);
        if crash == 0 {
            return; // Before the commit.
        }
        let outcome = intake(&self.office, &batch).unwrap();
        let ack = encode(&outcome.ack).unwrap();
        let loses = self.fault == Fault::AcknowledgesEarly && crash < 5;
        if !loses {
            self.office.take(&outcome);
        }
        if crash != 2 {
            self.down.push_back(ack); // Else it crashed after the commit.
        }
    }

    fn deliver_down(&mut self) {
        let Some(bytes) = self.down.pop_front() else {
            return;
        };
        if !self.connected {
            return;
        }
        let ack: Ack = decode(&bytes).unwrap();
        let actions = self.kiosk.machine.acknowledged(self.now, &ack);
        self.perform(actions);
    }

    fn perform(&mut self, actions: Vec<Action>) {
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Send { after, max_bytes } => self.send(after, max_bytes),
                Action::Heartbeat => self.up.push_back(encode(&self.kiosk.batch(&[])).unwrap()),
                Action::Acknowledge(place) => {
                    // As the journal does: forward only.
                    let (cursor, place) = (self.kiosk.cursor.clone(), Some(place));
                    if self.kiosk.index(cursor.as_ref()) < self.kiosk.index(place.as_ref()) {
                        self.kiosk.cursor = place;
                    }
                    if self.forgets && self.random(2) == 0 {
                        self.kiosk.prune(usize::MAX);
                    }
                }
                Action::Locate { run, seq } => {
                    let (located, jitter) = (self.kiosk.locate(&run, seq), self.jitter());
                    actions.extend(self.kiosk.machine.located(self.now, located, jitter));
                }
                Action::Report(_) => {}
            }
        }
    }

    fn send(&mut self, after: Option<Place>, max_bytes: usize) {
        let Some(from) = self.kiosk.index(after.as_ref()) else {
            let jitter = self.jitter();
            let actions = self.kiosk.machine.forgotten(self.now, jitter);
            return self.perform(actions);
        };
        let most = 1 + self.random(1 + max_bytes / 2048);
        let to = (from + most).min(self.kiosk.journal.len());
        let records = self.kiosk.journal[from..to].to_vec();
        if !records.is_empty() {
            self.up
                .push_back(encode(&self.kiosk.batch(&records)).unwrap());
        }
        self.kiosk.machine.sent(self.now, &records);
        if self.fault == Fault::TrustsTheBroker
            && let Some(last) = records.last()
        {
            let (run, seq) = (last.record.run.clone(), last.record.seq);
            let trusted = Ack {
                run,
                through_seq: seq,
                rejected: Vec::new(),
            };
            let actions = self.kiosk.machine.acknowledged(self.now, &trusted);
            self.perform(actions);
        }
    }

    /// A good line, for as long as it takes.
    pub fn settle(&mut self) -> Result<(), String> {
        self.disconnect();
        self.connect();
        for _ in 0..20_000 {
            while !self.up.is_empty() || !self.down.is_empty() {
                self.deliver_up();
                self.deliver_down();
            }
            let head = self.kiosk.head().as_ref().map(Place::from);
            let held = head.as_ref().is_some_and(|head| {
                self.office
                    .held
                    .get(&head.run)
                    .is_some_and(|run| run.contains_key(&head.seq))
            });
            if held && self.kiosk.machine.cursor() == head.as_ref() {
                return Ok(());
            }
            self.tick();
        }
        Err(format!("stuck at {:?}", self.kiosk.machine.cursor()))
    }

    /// The office's records are those the kiosk ever wrote, in its order.
    pub fn compare(&self) -> Result<(), String> {
        self.compare_after(0)
    }

    /// The same without the first `lost` records.
    pub fn compare_after(&self, lost: usize) -> Result<(), String> {
        let (written, office) = (&self.kiosk.written[lost..], &self.office.order);
        if office == written {
            return Ok(());
        }
        let differs = written
            .iter()
            .zip(office)
            .position(|(one, other)| one != other);
        Err(format!(
            "kiosk wrote {}, office holds {}, first difference {differs:?}",
            written.len(),
            office.len()
        ))
    }

    /// The office has every record the kiosk has.
    pub fn compare_set(&self) -> Result<(), String> {
        let held = |chained: &&Chained| {
            self.office
                .order
                .contains(&(Place::of(chained), chained.hash))
        };
        match self.kiosk.journal.iter().find(|chained| !held(chained)) {
            None => Ok(()),
            Some(missing) => Err(format!("{} is missing", Place::of(missing))),
        }
    }
}
