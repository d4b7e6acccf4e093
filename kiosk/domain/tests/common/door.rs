use super::{Centre, at, pass, say};
use chrono::TimeDelta;
use domain::code::{Code, PassDigest, ReservationNumber, parse};
use domain::event::{EndedBy, Entry, Event, Stamp};
use domain::ids::{MemberId, OfferId, SeatId, StaffId, StationId, VisitId};
use domain::record::{ChainHash, Position};
use domain::reference::DateTime;
use domain::staff::{STAFF_PAGE, StaffAction, Why};
use domain::{Command, Context, Today, Verdict, apply, decide, next_due, plan};
use std::collections::{BTreeMap, BTreeSet};

pub const DOOR: &str = "door";

/// The door of a centre: decides, keeps the events, folds them, as the desk does.
#[derive(Clone)]
pub struct Door {
    pub centre: Centre,
    pub today: Today,
    pub journal: Vec<Entry>,
    pub now: DateTime,
    pub trusted: bool,
    pub uptime_ms: u64,
    run: u32,
    seq: u64,
    /// Whom staff are moving just now, which nobody else may.
    moved: Option<VisitId>,
    /// The answer to the last command.
    pub answer: Option<Verdict>,
    /// The events of the last command.
    pub events: Vec<Event>,
}

impl Door {
    /// Opens a centre on [`super::DAY`] at this time, after what fell due before.
    pub fn open(centre: Centre, time: &str) -> Self {
        Self::start(centre, time, true)
    }

    /// The same with a clock nobody vouches for.
    pub fn open_untrusted(centre: Centre, time: &str) -> Self {
        Self::start(centre, time, false)
    }

    fn start(centre: Centre, time: &str, trusted: bool) -> Self {
        let mut door = Self {
            centre,
            today: Today::default(),
            journal: Vec::new(),
            now: at(time),
            trusted,
            uptime_ms: 0,
            run: 0,
            seq: 0,
            moved: None,
            answer: None,
            events: Vec::new(),
        };
        door.begin_run();
        door
    }

    fn begin_run(&mut self) {
        (self.run, self.seq, self.uptime_ms) = (self.run + 1, 0, 0);
        let previous = self.journal.last().map(|entry| Position {
            run: entry.stamp.run.clone(),
            seq: entry.stamp.seq,
            hash: ChainHash::GENESIS,
        });
        self.run_command(&Command::Start {
            kiosk: "koto-1".into(),
            build: "test".to_owned(),
            previous,
        });
        self.run_command(&Command::Due);
    }

    /// The service starts again and replays its journal from the latest `day.opened`.
    pub fn restart(&mut self) {
        self.today = self.replayed();
        self.begin_run();
    }

    /// The day as a replay gives it.
    pub fn replayed(&self) -> Today {
        let from = self
            .journal
            .iter()
            .rposition(|entry| matches!(entry.event, Event::DayOpened { .. }))
            .unwrap_or(0);
        let mut day = Today::default();
        self.journal[from..]
            .iter()
            .for_each(|entry| apply(&mut day, entry));
        day
    }

    // --- time

    /// Time passes until then; the desk wakes whenever something is due.
    pub fn until(&mut self, time: &str) -> &mut Self {
        let target = at(time);
        self.pass(target - self.now)
    }

    pub fn pass(&mut self, span: TimeDelta) -> &mut Self {
        let target = self.now + span;
        for _ in 0..10_000 {
            let wake = next_due(&self.centre.reference, &self.today);
            let by_clock = wake.at.filter(|_| self.trusted);
            let by_uptime = wake
                .uptime_ms
                .map(|ms| self.now + TimeDelta::milliseconds(ms as i64 - self.uptime_ms as i64));
            let Some(next) = [by_clock, by_uptime]
                .into_iter()
                .flatten()
                .min()
                .filter(|next| *next <= target)
            else {
                self.skip(target - self.now);
                return self;
            };
            self.skip((next - self.now).max(TimeDelta::zero()));
            self.run_command(&Command::Due);
        }
        panic!("the desk never comes to rest before {target}");
    }

    /// Time passes and nobody looks, as in a power cut or a very busy moment.
    pub fn skip(&mut self, span: TimeDelta) {
        self.now += span;
        self.uptime_ms += u64::try_from(span.num_milliseconds()).unwrap();
    }

    pub fn skip_to(&mut self, time: &str) {
        self.skip(at(time) - self.now);
    }

    /// The clock is set without time passing, and from now on vouched for.
    pub fn trust(&mut self, time: &str) {
        (self.now, self.trusted) = (at(time), true);
        self.run_command(&Command::TrustClock);
        self.run_command(&Command::Due);
    }

    /// Settles what is due.
    pub fn due(&mut self) -> Vec<Event> {
        self.run_command(&Command::Due);
        self.events.clone()
    }

    // --- people

    pub fn scan(&mut self, member: &str) -> String {
        self.scan_at(DOOR, member)
    }

    pub fn scan_at(&mut self, station: &str, member: &str) -> String {
        self.scan_code(station, parse(pass(member).as_str().as_bytes()), false)
    }

    /// Whatever a scanner may read.
    pub fn read(&mut self, bytes: &[u8]) -> String {
        self.scan_code(DOOR, parse(bytes), false)
    }

    pub fn type_number(&mut self, number: ReservationNumber) -> String {
        self.scan_code(DOOR, Code::Reservation(number), true)
    }

    pub fn mistype(&mut self, text: &str) -> String {
        self.scan_code(DOOR, parse(text.as_bytes()), true)
    }

    pub fn scan_code(&mut self, station: &str, code: Code, typed: bool) -> String {
        self.tell(&Command::Scan {
            station: station.into(),
            code: code.clone(),
            typed,
        });
        if let Some(verdict) = self.answer.clone() {
            self.today
                .remember_answer(station.into(), code, self.uptime_ms, verdict);
        }
        self.said()
    }

    /// Chooses from what is offered to this member.
    pub fn choose(&mut self, member: &str, choice: usize) -> String {
        let offer = self.offer_to(member).expect("nothing is offered");
        self.choose_from(&offer, choice)
    }

    pub fn choose_from(&mut self, offer: &OfferId, choice: usize) -> String {
        self.tell(&Command::Choose {
            station: DOOR.into(),
            offer: offer.clone(),
            choice,
        })
    }

    pub fn hold(&mut self, offer: &OfferId) -> String {
        self.tell(&Command::Hold {
            offer: offer.clone(),
        })
    }

    pub fn decline(&mut self, offer: &OfferId) {
        self.tell(&Command::Decline {
            offer: offer.clone(),
        });
    }

    /// Scans, and takes the best that is offered.
    pub fn walk_in(&mut self, member: &str) -> String {
        let offered = self.scan(member);
        assert!(
            offered.starts_with("offer") || offered.starts_with("early"),
            "{offered}"
        );
        self.choose(member, 0)
    }

    pub fn leave(&mut self, member: &str) -> String {
        let visit = self.visit(member);
        self.tell(&Command::Leave { visit })
    }

    pub fn extend(&mut self, member: &str) -> String {
        let visit = self.visit(member);
        self.tell(&Command::Extend { visit })
    }

    // --- staff

    pub fn sign_in(&mut self, staff: Option<&str>, pin_is_right: bool) -> String {
        self.tell(&Command::SignIn {
            station: STAFF_PAGE.into(),
            staff: staff.map(StaffId::from),
            badge: false,
            pin_is_right,
        })
    }

    /// Somebody who has signed in does something.
    pub fn staff(&mut self, by: &str, action: StaffAction) -> String {
        if let StaffAction::Move { visit, .. } = &action {
            self.moved = Some(visit.clone());
        }
        let said = self.tell(&Command::Staff {
            station: STAFF_PAGE.into(),
            by: by.into(),
            action,
            why: Why::Asked,
        });
        self.moved = None;
        said
    }

    /// The office sends something else.
    pub fn adopt(&mut self, change: impl FnOnce(Centre) -> Centre) -> Vec<Event> {
        self.centre = change(self.centre.clone());
        let version = self.centre.version;
        self.run_command(&Command::Adopt {
            name: "reservations".to_owned(),
            version,
            sha256: String::new(),
        });
        self.events.clone()
    }

    // --- what there is to see

    pub fn offer_to(&self, member: &str) -> Option<OfferId> {
        self.today
            .offers
            .iter()
            .find(|(_, offer)| offer.member == member.into())
            .map(|(id, _)| id.clone())
    }

    /// The open visit of a member, or the last one that ended.
    pub fn visit(&self, member: &str) -> VisitId {
        let member = MemberId::from(member);
        let ended = || {
            self.journal
                .iter()
                .rev()
                .find_map(|entry| match &entry.event {
                    Event::VisitStarted {
                        visit, member: who, ..
                    } if *who == member => Some(visit.clone()),
                    _ => None,
                })
        };
        self.today
            .visit_of(&member)
            .map(|visit| visit.id.clone())
            .or_else(ended)
            .expect("never came")
    }

    pub fn seat_of(&self, member: &str) -> String {
        let place = self.today.visits[&self.visit(member)].seat.clone();
        place
            .map(|place| place.seat.to_string())
            .unwrap_or_default()
    }

    /// The kinds of the last command's events.
    pub fn kinds(&self) -> Vec<String> {
        self.events.iter().map(kind).collect()
    }

    /// How often an event of this kind is in the journal.
    pub fn count(&self, wanted: &str) -> usize {
        self.journal
            .iter()
            .filter(|entry| kind(&entry.event) == wanted)
            .count()
    }

    pub fn ending(&self, member: &str) -> Option<(EndedBy, DateTime, bool)> {
        let id = self.visit(member);
        self.journal.iter().find_map(|entry| match &entry.event {
            Event::VisitEnded {
                visit,
                ended_by,
                ended_at,
                inferred,
            } if *visit == id => Some((*ended_by, *ended_at, *inferred)),
            _ => None,
        })
    }

    // --- the desk

    /// A command as the desk runs it: what is due comes first.
    pub fn tell(&mut self, command: &Command) -> String {
        self.run_command(&Command::Due);
        self.run_command(command);
        self.said()
    }

    pub(super) fn said(&self) -> String {
        self.answer.as_ref().map(say).unwrap_or_default()
    }

    pub fn context(&self) -> Context {
        let run = format!("{:016x}", self.run).as_str().into();
        Context {
            now: self.now,
            trusted: self.trusted,
            uptime_ms: self.uptime_ms,
            run,
            next_seq: self.seq + 1,
        }
    }

    pub fn run_command(&mut self, command: &Command) {
        let (context, before) = (self.context(), self.today.clone());
        let decision = decide(&self.centre.reference, &self.today, command, &context);
        let again = decide(&self.centre.reference, &self.today, command, &context);
        assert_eq!(decision, again, "the same question, another answer");
        for event in &decision.events {
            self.seq += 1;
            let Context {
                now: at,
                trusted,
                uptime_ms,
                ref run,
                ..
            } = context;
            let stamp = Stamp {
                run: run.clone(),
                seq: self.seq,
                at,
                uptime_ms,
                trusted,
                cause: None,
            };
            let entry = Entry {
                stamp,
                event: event.clone(),
            };
            let before = self.today.clone();
            apply(&mut self.today, &entry);
            self.watch(&before, event);
            let record = entry.to_record().unwrap();
            assert_eq!(
                Entry::from_record(&record).unwrap(),
                entry,
                "the journal loses something"
            );
            self.journal.push(entry);
        }
        self.watch_queue(&before, &decision.events);
        self.events = decision.events;
        self.answer = decision.verdict;
    }

    /// What must never happen, whatever comes.
    fn watch(&self, before: &Today, event: &Event) {
        let mut taken: BTreeMap<SeatId, VisitId> = BTreeMap::new();
        for visit in self.today.inside() {
            if let Some(other) = visit
                .seat
                .as_ref()
                .and_then(|place| taken.insert(place.seat.clone(), visit.id.clone()))
            {
                panic!("{event:?} puts {} and {other} on one seat", visit.id);
            }
        }
        for programme in self.centre.reference.programmes.values() {
            let inside = self.today.attending(&programme.id).count();
            let room = programme.capacity as usize;
            assert!(
                inside <= room,
                "{event:?} puts {inside} into {}",
                programme.id
            );
        }
        let mut members = BTreeSet::new();
        for visit in self.today.inside() {
            assert!(
                members.insert(&visit.member),
                "{event:?} lets {} in twice",
                visit.member
            );
        }
        for (id, was) in before.visits.iter().filter(|(_, was)| {
            was.is_open() && !matches!(event, Event::ClockTrusted {} | Event::RunStarted { .. })
        }) {
            let Some(is) = self.today.visits.get(id) else {
                panic!("{event:?} forgets {id}")
            };
            let chosen =
                matches!(event, Event::AttendanceStarted(of) if of.visit == *id && !of.inferred);
            // Whoever takes another seat was shown its end.
            if matches!(event, Event::SeatChanged { visit, .. } if visit == id) {
                continue;
            }
            // Whoever scans for a programme gives up the rest of a stay.
            assert!(is.until >= was.until || chosen, "{event:?} shortens {id}");
            let attends = matches!(event, Event::AttendanceStarted(of) if of.visit == *id);
            let agreed = attends
                || self.moved.as_ref() == Some(id)
                || was.seat.is_none()
                || (was.bridge_to.is_some() && was.reservation.is_none());
            assert!(is.seat == was.seat || agreed, "{event:?} moves {id}");
        }
    }

    /// The reservations that have a place now.
    pub fn placed(&self) -> BTreeMap<String, String> {
        let plan = plan(&self.centre.reference, &self.today, self.now);
        plan.placed
            .iter()
            .map(|(id, seat)| (id.to_string(), seat.to_string()))
            .collect()
    }

    pub fn station(&self) -> StationId {
        DOOR.into()
    }
}

pub fn kind(event: &Event) -> String {
    serde_json::to_value(event).unwrap()["kind"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The code of a pass nobody was given.
pub fn strange_pass(seed: u8) -> Code {
    Code::Pass(PassDigest::from_bytes([seed; 32]))
}
