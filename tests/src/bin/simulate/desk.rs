//! The desk of a simulated door: asks the real rules, keeps their events as the service does, and has every step watched.

use crate::promises::{Broken, Promises};
use crate::remedies::{has_remedy, is_told};
use chrono::TimeDelta;
use domain::code::Code;
use domain::event::{Entry, Event, Stamp};
use domain::record::{ChainHash, Position};
use domain::reference::{DateTime, Reference};
use domain::{Command, Context, Today, Verdict, apply, decide, next_due};

/// A desk that wakes more often than this without time passing has gone round in circles.
const MOST_WAKES: usize = 10_000;

/// Every so many steps the same question is asked twice.
const ASKED_TWICE: u64 = 10;

/// A door with its desk and journal.
pub(crate) struct Desk {
    pub(crate) reference: Reference,
    pub(crate) today: Today,
    /// What the journal alone says of the day, folded record by record.
    again: Today,
    /// The time it really is.
    pub(crate) now: DateTime,
    /// How far the clock of the machine is behind.
    behind: TimeDelta,
    trusted: bool,
    pub(crate) is_running: bool,
    uptime_ms: u64,
    run: u64,
    seq: u64,
    head: ChainHash,
    /// From the latest `day.opened` on.
    pub(crate) journal: Vec<Entry>,
    promises: Promises,
    /// Commands decided so far.
    pub(crate) steps: u64,
    pub(crate) events: u64,
}

impl Desk {
    /// A new journal at a centre, begun at `now`.
    pub(crate) fn start(reference: Reference, now: DateTime) -> Result<Self, Broken> {
        let mut desk = Self {
            reference,
            today: Today::default(),
            again: Today::default(),
            now,
            behind: TimeDelta::zero(),
            trusted: true,
            is_running: false,
            uptime_ms: 0,
            run: 0,
            seq: 0,
            head: ChainHash::GENESIS,
            journal: Vec::new(),
            promises: Promises::default(),
            steps: 0,
            events: 0,
        };
        desk.begin_run()?;
        Ok(desk)
    }

    fn begin_run(&mut self) -> Result<(), Broken> {
        let previous = self.journal.last().map(|entry| Position {
            run: entry.stamp.run.clone(),
            seq: entry.stamp.seq,
            hash: self.head,
        });
        (self.run, self.seq, self.uptime_ms, self.is_running) = (self.run + 1, 0, 0, true);
        self.decide(&Command::Start {
            kiosk: "koto-1".into(),
            build: "simulated".to_owned(),
            previous,
        })?;
        self.decide(&Command::Due)?;
        Ok(())
    }

    /// The power fails.
    pub(crate) fn lose_power(&mut self) {
        self.is_running = false;
    }

    /// The service comes back and replays its journal; its clock may be `behind` until somebody vouches for it.
    pub(crate) fn regain_power(&mut self, behind: TimeDelta) -> Result<(), Broken> {
        self.today = self.replayed()?;
        (self.behind, self.trusted) = (behind, behind.is_zero());
        self.begin_run()
    }

    /// The network's time is there again.
    pub(crate) fn trust_clock(&mut self) -> Result<(), Broken> {
        if self.trusted || !self.is_running {
            return Ok(());
        }
        (self.behind, self.trusted) = (TimeDelta::zero(), true);
        self.decide(&Command::TrustClock)?;
        self.decide(&Command::Due)?;
        Ok(())
    }

    /// The day as the journal tells it from `day.opened` on, which must be the day there is.
    pub(crate) fn replayed(&self) -> Result<Today, Broken> {
        let mut day = Today::default();
        self.journal.iter().for_each(|entry| apply(&mut day, entry));
        agree(&self.today, &day)?;
        Ok(day)
    }

    /// Time passes until then; the desk wakes whenever something is due.
    pub(crate) fn pass_to(&mut self, target: DateTime) -> Result<(), Broken> {
        for _ in 0..MOST_WAKES {
            let Some(next) = self.next_wake().filter(|next| *next <= target) else {
                self.skip_to(target);
                return Ok(());
            };
            self.skip_to(next);
            self.decide(&Command::Due)?;
        }
        Err(Broken::NoRest(self.now))
    }

    fn next_wake(&self) -> Option<DateTime> {
        if !self.is_running {
            return None;
        }
        let wake = next_due(&self.reference, &self.today);
        let by_clock = wake.at.filter(|_| self.trusted);
        let by_uptime = wake.uptime_ms.map(|due| {
            let left = i64::try_from(due.saturating_sub(self.uptime_ms)).unwrap_or(i64::MAX / 2);
            self.now + TimeDelta::milliseconds(left)
        });
        [by_clock, by_uptime].into_iter().flatten().min()
    }

    fn skip_to(&mut self, target: DateTime) {
        let span = (target - self.now).max(TimeDelta::zero());
        self.now += span;
        self.uptime_ms += u64::try_from(span.num_milliseconds()).unwrap_or_default();
    }

    /// A command as the desk runs it: what is due comes first.
    pub(crate) fn tell(&mut self, command: &Command) -> Result<Option<Verdict>, Broken> {
        self.decide(&Command::Due)?;
        self.decide(command)
    }

    /// Holds a code to the scanner.
    pub(crate) fn scan(
        &mut self,
        station: &str,
        code: &Code,
        typed: bool,
    ) -> Result<Option<Verdict>, Broken> {
        let (station, code) = (domain::ids::StationId::from(station), code.clone());
        let verdict = self.tell(&Command::Scan {
            station: station.clone(),
            code: code.clone(),
            typed,
        })?;
        if let Some(verdict) = verdict.clone() {
            self.today
                .remember_answer(station, code, self.uptime_ms, verdict);
        }
        Ok(verdict)
    }

    /// The office sends something else.
    pub(crate) fn adopt(&mut self, name: &str, version: u64) -> Result<(), Broken> {
        let command = Command::Adopt {
            name: name.to_owned(),
            version,
            sha256: String::new(),
        };
        self.tell(&command).map(drop)
    }

    /// How many are inside, as the journal tells.
    pub(crate) fn inside(&self) -> usize {
        self.promises.count()
    }

    fn decide(&mut self, command: &Command) -> Result<Option<Verdict>, Broken> {
        self.steps += 1;
        let context = Context {
            now: self.now - self.behind,
            trusted: self.trusted,
            uptime_ms: self.uptime_ms,
            run: format!("{:016x}", self.run).into(),
            next_seq: self.seq + 1,
        };
        let decision = decide(&self.reference, &self.today, command, &context);
        if self.steps.is_multiple_of(ASKED_TWICE)
            && decide(&self.reference, &self.today, command, &context) != decision
        {
            return Err(Broken::TwoAnswers(format!("{command:?}")));
        }
        is_told(&decision.events, decision.verdict.as_ref())?;
        // An answer that is given again may be some seconds old.
        let given =
            context.now - TimeDelta::seconds(i64::from(self.reference.settings.repeat_scan_s));
        decision
            .verdict
            .as_ref()
            .map_or(Ok(()), |verdict| has_remedy(verdict, given))?;
        let is_recorded = !decision.events.is_empty();
        for event in decision.events {
            self.record(&context, event)?;
        }
        // After a start, and once the time is known, what fell due meanwhile is settled before anything else.
        if !matches!(command, Command::Start { .. } | Command::TrustClock) {
            self.promises
                .at_rest(context.now, self.trusted, &self.reference)?;
        }
        if is_recorded {
            agree(&self.today, &self.again)?;
        }
        Ok(decision.verdict)
    }

    fn record(&mut self, context: &Context, event: Event) -> Result<(), Broken> {
        self.seq += 1;
        self.events += 1;
        let stamp = Stamp {
            run: context.run.clone(),
            seq: self.seq,
            at: context.now,
            uptime_ms: context.uptime_ms,
            trusted: context.trusted,
            cause: None,
        };
        let entry = Entry { stamp, event };
        let record = entry
            .to_record()
            .map_err(|error| Broken::RecordLost(error.to_string()))?;
        let read =
            Entry::from_record(&record).map_err(|error| Broken::RecordLost(error.to_string()))?;
        if read != entry {
            return Err(Broken::RecordLost(record.body));
        }
        self.head = record.hash_after(&self.head);
        self.promises.take(&entry, &self.reference)?;
        if matches!(entry.event, Event::DayOpened { .. }) {
            self.journal.clear();
        }
        apply(&mut self.today, &entry);
        apply(&mut self.again, &read);
        self.journal.push(entry);
        Ok(())
    }
}

/// Two accounts of one day say the same; the answers at stations aside, which are worth seconds and are in no journal.
pub(crate) fn agree(one: &Today, other: &Today) -> Result<(), Broken> {
    let parts = [
        ("date", one.date == other.date),
        ("visits", one.visits == other.visits),
        ("guests", one.guests == other.guests),
        ("offers", one.offers == other.offers),
        ("queue", one.queue == other.queue),
        ("no-shows", one.no_shows == other.no_shows),
        ("unplaced reservations", one.unplaced == other.unplaced),
        ("courtesy visits", one.courtesies == other.courtesies),
        ("mistyped numbers", one.mistyped == other.mistyped),
        ("unknown codes", one.unknown_codes == other.unknown_codes),
        ("doings of staff", one.staff == other.staff),
        ("adopted versions", one.adopted == other.adopted),
        ("trusted time", one.latest_trusted == other.latest_trusted),
    ];
    match parts.into_iter().find(|(_, is_same)| !is_same) {
        Some((part, _)) => Err(Broken::ReplayDiffers(part)),
        None => Ok(()),
    }
}
