//! Ten years of visits, as a kiosk would have reported them.

use anyhow::Context;
use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use domain::event::{Activity, EndedBy, Entry, Event, LimitedBy, Stamp};
use domain::ids::{KioskId, MemberId, RunId, VisitId};
use domain::record::{ChainHash, Chained};
use domain::reference::{Category, DateTime, JST};
use link::message::{Batch, WireRecord};
use office::store::{Store, StoreError};

const YEARS: u64 = 10;
/// A day's visits on 28 seats.
const A_DAY: u32 = 40;
/// Records taken in at once.
const BATCH: usize = 3000;

/// Puts ten years of visits before `date` into the office, by the same intake that takes what kiosks send. Gives how many.
pub(super) fn put_visits(
    store: &Store,
    kiosk: &KioskId,
    member: impl Fn(u32) -> MemberId,
    date: NaiveDate,
) -> anyhow::Result<u32> {
    let mut reporting = Reporting::new(kiosk);
    reporting.write(
        morning(date)?,
        Event::RunStarted {
            kiosk: kiosk.clone(),
            build: "0.1.0".to_owned(),
            previous: None,
        },
    )?;
    let mut visits = 0;
    let first = date - Days::new(YEARS * 365);
    // The centre's own calendar does not reach so far back; a few holidays more make no difference.
    for day in first
        .iter_days()
        .take_while(|day| *day < date)
        .filter(|day| day.weekday() != Weekday::Sun)
    {
        let opens = morning(day)?;
        for nth in 0..A_DAY {
            reporting.write_visit(
                visits,
                member(visits),
                opens + TimeDelta::minutes(i64::from(nth) * 10),
            )?;
            visits += 1;
        }
        if reporting.events.len() >= BATCH {
            reporting.send(store)?;
        }
    }
    reporting.send(store)?;
    Ok(visits)
}

fn morning(day: NaiveDate) -> anyhow::Result<DateTime> {
    day.and_hms_opt(9, 30, 0)
        .and_then(|time| time.and_local_timezone(JST).single())
        .context("a day without a morning")
}

struct Reporting {
    kiosk: KioskId,
    run: RunId,
    seq: u64,
    last: ChainHash,
    events: Vec<WireRecord>,
}

impl Reporting {
    fn new(kiosk: &KioskId) -> Self {
        Self {
            kiosk: kiosk.clone(),
            run: RunId::from("0123456789abcdef"),
            seq: 0,
            last: ChainHash::GENESIS,
            events: Vec::new(),
        }
    }

    fn write_visit(&mut self, number: u32, member: MemberId, at: DateTime) -> anyhow::Result<()> {
        let visit = VisitId::from(format!("{}-{}", self.run, self.seq + 1));
        let until = at + TimeDelta::hours(2);
        let started = Event::VisitStarted {
            visit: visit.clone(),
            member,
            category: if number.is_multiple_of(3) {
                Category::JobSeeker
            } else {
                Category::Business
            },
            company: None,
            station: "door".into(),
            typed: false,
            activity: Activity::Coworking,
            reservation: None,
            bridge_to: None,
            offer: None,
            courtesy: false,
            started_at: at,
            until,
        };
        let seated = Event::SeatAssigned {
            visit: visit.clone(),
            seat: format!("A{}", number % 5 + 1).into(),
            zone: "pc".into(),
            until,
            limited_by: LimitedBy::Grant,
            counts_from: at,
            reservation: None,
            pauses: Vec::new(),
        };
        let left = at + TimeDelta::minutes(100);
        self.write(at, started)?;
        self.write(at, seated)?;
        self.write(
            left,
            Event::VisitEnded {
                visit,
                ended_by: EndedBy::Visitor,
                ended_at: left,
                inferred: false,
            },
        )
    }

    fn write(&mut self, at: DateTime, event: Event) -> anyhow::Result<()> {
        self.seq += 1;
        let stamp = Stamp {
            run: self.run.clone(),
            seq: self.seq,
            at,
            uptime_ms: self.seq,
            trusted: true,
            cause: None,
        };
        let record = Entry { stamp, event }.to_record()?;
        self.last = record.hash_after(&self.last);
        self.events.push(WireRecord {
            kiosk: self.kiosk.clone(),
            chained: Chained {
                record,
                hash: self.last,
            },
        });
        Ok(())
    }

    fn send(&mut self, store: &Store) -> anyhow::Result<()> {
        let events = std::mem::take(&mut self.events);
        let sent = events.len();
        let batch = Batch {
            kiosk: self.kiosk.clone(),
            run: self.run.clone(),
            head_seq: self.seq,
            rehearsal: false,
            oldest: None,
            events,
        };
        let taken = store.write_blocking(move |writing| {
            writing.take_in(&batch).map_err(|error: StoreError| error)
        })?;
        anyhow::ensure!(
            taken.stored == sent,
            "the office took {} of {sent} records of its past",
            taken.stored
        );
        Ok(())
    }
}
