//! The kiosk's side: a journal in memory, and the uplink that sends it.

use domain::event::{Entry, Event, Stamp};
use domain::ids::RunId;
use domain::record::{ChainHash, Chained, Position};
use link::message::{Batch, Place, WireRecord};
use link::uplink::{Located, Uplink};

#[derive(Clone)]
pub struct Kiosk {
    pub journal: Vec<Chained>,
    /// All it ever wrote.
    pub(super) written: Vec<(Place, ChainHash)>,
    anchor: Option<Position>,
    run: RunId,
    runs: u32,
    pub(super) cursor: Option<Place>,
    pub(super) machine: Uplink,
}

impl Kiosk {
    pub(super) fn new() -> Self {
        let mut kiosk = Self {
            journal: Vec::new(),
            written: Vec::new(),
            anchor: None,
            run: "none".into(),
            runs: 0,
            cursor: None,
            machine: Uplink::new(None),
        };
        kiosk.start("a");
        kiosk
    }

    pub(super) fn start(&mut self, name: &str) {
        let previous = self.head();
        self.runs += 1;
        self.run = format!("{name}{}", self.runs).into();
        self.append(Event::RunStarted {
            kiosk: "koto-1".into(),
            build: "test".to_owned(),
            previous,
        });
        self.machine = Uplink::new(self.cursor.clone());
    }

    pub(super) fn append(&mut self, event: Event) {
        let last = self.head();
        let seq = last
            .as_ref()
            .filter(|last| last.run == self.run)
            .map_or(1, |last| last.seq + 1);
        let stamp = Stamp {
            run: self.run.clone(),
            seq,
            at: "2026-11-24T11:42:00+09:00".parse().unwrap(),
            uptime_ms: seq,
            trusted: true,
            cause: None,
        };
        let record = Entry { stamp, event }.to_record().unwrap();
        let before = last.map_or(ChainHash::GENESIS, |last| last.hash);
        let hash = record.hash_after(&before);
        let chained = Chained { record, hash };
        self.written.push((Place::of(&chained), hash));
        self.journal.push(chained);
    }

    pub(super) fn head(&self) -> Option<Position> {
        self.journal
            .last()
            .map(Chained::position)
            .or_else(|| self.anchor.clone())
    }

    /// Forgets the first records, acknowledged ones only. Gives how many.
    pub fn prune(&mut self, most: usize) -> usize {
        let acknowledged = self.index(self.cursor.as_ref()).unwrap_or(0);
        let count = most.min(acknowledged);
        if let Some(last) = self.journal.drain(..count).next_back() {
            self.anchor = Some(last.position());
        }
        count
    }

    /// How many records lie at or before a place.
    pub(super) fn index(&self, place: Option<&Place>) -> Option<usize> {
        let Some(place) = place else { return Some(0) };
        if self
            .anchor
            .as_ref()
            .is_some_and(|anchor| Place::from(anchor) == *place)
        {
            return Some(0);
        }
        self.journal
            .iter()
            .position(|chained| Place::of(chained) == *place)
            .map(|index| index + 1)
    }

    pub(super) fn batch(&self, events: &[Chained]) -> Batch {
        let wire = |chained: &Chained| WireRecord {
            kiosk: "koto-1".into(),
            chained: chained.clone(),
        };
        let head = self.head();
        Batch {
            kiosk: "koto-1".into(),
            run: self.run.clone(),
            head_seq: head.map_or(0, |head: Position| head.seq),
            rehearsal: false,
            oldest: self.journal.first().map(Place::of),
            events: events.iter().map(wire).collect(),
        }
    }

    pub(super) fn locate(&self, run: &RunId, seq: u64) -> Located {
        let unknown = Located::Unknown {
            run: run.clone(),
            seq,
        };
        let cursor = self.index(self.machine.cursor()).unwrap_or(0);
        let first = self
            .journal
            .iter()
            .position(|chained| &chained.record.run == run);
        match first {
            Some(first) if self.journal[first].record.seq > seq => match first {
                _ if first > cursor => unknown,
                0 => Located::Beginning,
                _ => Located::At(Place::of(&self.journal[first - 1])),
            },
            Some(_) => {
                let place = Place {
                    run: run.clone(),
                    seq,
                };
                let before = self.index(Some(&place)).is_some_and(|index| index < cursor);
                if before { Located::At(place) } else { unknown }
            }
            None => unknown,
        }
    }
}
