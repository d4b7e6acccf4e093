//! Plays one day of the simulated year: people, the office and power cuts act in order of time, the desk answers by the real rules.

mod lending;
mod people;

use crate::centre::{RECEPTIONIST, member_id, moment, pass};
use crate::chance::Chance;
use crate::demand::{Change, Cut, Demand, Leaving, Oddity, Person, Why};
use crate::desk::Desk;
use crate::promises::Broken;
use crate::tally::Tally;
use chrono::{NaiveDate, TimeDelta};
use domain::code::{Code, ReservationNumber, parse};
use domain::event::{CallReason, Choice};
use domain::floor::Seat;
use domain::ids::{MemberId, OfferId, TicketId, VisitId};
use domain::reference::{DateTime, Reservation};
use domain::staff::{self, STAFF_PAGE, StaffAction};
use domain::verdict::{Extension, Full};
use domain::{Command, Verdict};
use std::collections::BTreeMap;

/// Where people check in.
const DOOR: &str = "door";
/// The second scanner.
const COUNTER: &str = "desk";
/// How long after somebody walked out staff come past the seat.
const ROUND_AFTER_S: i64 = 1800;
/// How often somebody tries again before giving up.
const MOST_TRIES: u8 = 3;

/// What happens at a moment.
pub(crate) enum Action {
    Come(Visitor),
    Wait(Visitor, TicketId),
    Decide(Visitor, OfferId, Vec<Choice>),
    Stay(Visitor, VisitId),
    Go(Visitor, VisitId),
    /// Staff walk past a seat and see nobody.
    Round(VisitId),
    Office(Change),
    Oddity(Oddity),
    Cut(Cut),
    PowerOn(Cut),
    TrustClock,
    Return(MemberId),
}

#[derive(Clone)]
pub(crate) struct Visitor {
    person: Person,
    pub(crate) tries: u8,
    /// When they mean to leave, once they are in.
    leaves: DateTime,
}

/// A day under way.
pub(crate) struct Day<'a> {
    pub(crate) desk: &'a mut Desk,
    pub(crate) chance: Chance,
    actions: BTreeMap<(DateTime, u64), Action>,
    /// Of the next action: what comes later in the list comes later at the same moment.
    number: u64,
    reservations: Vec<Reservation>,
    /// The seats of the whole floor.
    seats: Vec<Seat>,
    tally: Tally,
}

/// Plays a day to its end, the night's closing included.
pub(crate) fn play(
    desk: &mut Desk,
    date: NaiveDate,
    seed: u64,
    demand: Demand,
) -> Result<Tally, Broken> {
    let morning = moment(date, 8 * 60 + 30);
    desk.pass_to(morning)?;
    let mut day = Day {
        seats: desk.reference.floor.seats.clone(),
        desk,
        chance: Chance::new(seed, "answers", morning.timestamp().unsigned_abs()),
        actions: BTreeMap::new(),
        number: 0,
        reservations: Vec::new(),
        tally: Tally::default(),
    };
    day.plan(demand)?;
    while let Some(((at, _), action)) = day.actions.pop_first() {
        day.desk.pass_to(at)?;
        day.act(action)?;
    }
    day.desk.pass_to(moment(date, 24 * 60 - 1))?;
    day.desk.replayed()?;
    day.tally.count(&day.desk.journal, &day.desk.today);
    Ok(day.tally)
}

impl Day<'_> {
    /// The office sends what is known in the morning, and everybody means to do what was drawn for them.
    fn plan(&mut self, demand: Demand) -> Result<(), Broken> {
        let programmes = demand.programmes.into_iter();
        self.desk.reference.programmes = programmes.map(|one| (one.id.clone(), one)).collect();
        self.desk.adopt("programme", self.version())?;
        self.reservations = demand.reservations;
        self.send_reservations()?;
        for person in demand.people {
            let visitor = Visitor {
                tries: 0,
                leaves: person.comes,
                person,
            };
            self.at(visitor.person.comes, Action::Come(visitor));
        }
        for (at, change) in demand.changes {
            self.at(at, Action::Office(change));
        }
        for (at, oddity) in demand.oddities {
            self.at(at, Action::Oddity(oddity));
        }
        for cut in demand.cuts {
            self.at(cut.at, Action::Cut(cut));
        }
        Ok(())
    }

    fn at(&mut self, at: DateTime, action: Action) {
        self.number += 1;
        self.actions
            .insert((at.max(self.desk.now), self.number), action);
    }

    pub(crate) fn after(&mut self, seconds: i64, action: Action) {
        self.at(self.desk.now + TimeDelta::seconds(seconds), action);
    }

    fn act(&mut self, action: Action) -> Result<(), Broken> {
        match action {
            Action::Cut(cut) => {
                self.desk.lose_power();
                self.tally.cuts += 1;
                self.at(cut.at + cut.lasts, Action::PowerOn(cut));
                Ok(())
            }
            Action::PowerOn(cut) => {
                let behind = cut.untrusted_for.map_or(TimeDelta::zero(), |_| cut.lasts);
                self.desk.regain_power(behind)?;
                if let Some(span) = cut.untrusted_for {
                    self.at(self.desk.now + span, Action::TrustClock);
                }
                Ok(())
            }
            // Nobody answers: people and the office's line wait until somebody does.
            waiting if !self.desk.is_running => {
                let seconds = self.chance.between(30, 300);
                self.after(seconds, waiting);
                Ok(())
            }
            Action::TrustClock => self.desk.trust_clock(),
            Action::Come(visitor) => self.come(visitor),
            Action::Wait(visitor, ticket) => self.look_for_call(visitor, ticket),
            Action::Decide(visitor, offer, choices) => self.decide(visitor, offer, &choices),
            Action::Stay(visitor, visit) => self.stay_longer(visitor, visit),
            Action::Go(visitor, visit) => self.go(&visitor, visit),
            Action::Round(visit) => self.free_seat(visit),
            Action::Office(change) => self.office(change),
            Action::Oddity(oddity) => self.oddity(oddity),
            Action::Return(member) => self.come_back(&member),
        }
    }

    fn come(&mut self, visitor: Visitor) -> Result<(), Broken> {
        let station = if self.chance.happens(80) {
            DOOR
        } else {
            COUNTER
        };
        if visitor.tries == 0 && matches!(visitor.person.why, Why::WalkIn(_)) {
            self.tally.asked += 1;
        }
        let code = pass(visitor.person.member);
        let verdict = self.desk.scan(station, &code, false)?;
        let again = |at, visitor: Visitor| {
            Some((at, visitor)).filter(|(_, visitor)| visitor.tries < MOST_TRIES)
        };
        let comes_back = match verdict {
            Some(Verdict::Offer(offered)) => {
                self.consider(visitor, offered.offer, offered.choices);
                None
            }
            Some(Verdict::TooEarly(early)) => match early.bridge {
                Some(bridge) if self.chance.happens(80) => {
                    self.consider(visitor, bridge.offer, vec![bridge.choice]);
                    None
                }
                _ => again(early.doors_open, visitor),
            },
            Some(Verdict::Admitted(admitted)) => {
                self.seated(visitor, admitted.visit, admitted.until);
                None
            }
            Some(Verdict::Standby(standby)) => again(standby.ask_again, visitor),
            Some(Verdict::NoPlace(none)) => {
                if let Some(seat) = none.seat.filter(|_| self.chance.happens(50)) {
                    self.consider(visitor, seat.offer, vec![seat.choice]);
                }
                None
            }
            Some(Verdict::Waiting(place)) => {
                self.after(60, Action::Wait(visitor, place.ticket));
                None
            }
            Some(Verdict::Full(Full {
                ticket: Some(ticket),
                ..
            })) if self.chance.happens(60) => {
                self.tally.full += 1;
                self.take_number(station, visitor, ticket)?;
                None
            }
            Some(Verdict::Full(full)) => {
                self.tally.full += 1;
                let patient = self.chance.happens(60);
                full.expected_free
                    .filter(|_| patient)
                    .and_then(|free| again(free, visitor))
            }
            _ => None,
        };
        if let Some((at, mut visitor)) = comes_back {
            visitor.tries += 1;
            let late = TimeDelta::seconds(self.chance.between(0, 240));
            self.at(at + late, Action::Come(visitor));
        }
        Ok(())
    }

    /// Most people choose within a minute; some need longer, some walk away.
    pub(crate) fn consider(&mut self, visitor: Visitor, offer: OfferId, choices: Vec<Choice>) {
        let seconds = match self.chance.between(1, 20) {
            1 => return,
            2 => self.chance.between(60, 150),
            _ => self.chance.between(3, 55),
        };
        self.after(seconds, Action::Decide(visitor, offer, choices));
    }

    fn decide(
        &mut self,
        mut visitor: Visitor,
        offer: OfferId,
        choices: &[Choice],
    ) -> Result<(), Broken> {
        let roll = self.chance.between(1, 20);
        if roll == 1 {
            return self.desk.tell(&Command::Decline { offer }).map(drop);
        }
        if roll == 2 {
            self.desk.tell(&Command::Hold {
                offer: offer.clone(),
            })?;
            self.after(20, Action::Decide(visitor, offer, choices.to_vec()));
            return Ok(());
        }
        let with_pc = choices.iter().position(|choice| choice.pc);
        let choice = with_pc.filter(|_| visitor.person.wants_pc).unwrap_or(0);
        let verdict = self.desk.tell(&Command::Choose {
            station: DOOR.into(),
            offer,
            choice,
        })?;
        match verdict {
            Some(Verdict::Admitted(admitted)) => {
                self.seated(visitor, admitted.visit, admitted.until)
            }
            _ if visitor.tries < MOST_TRIES => {
                visitor.tries += 1;
                self.after(10, Action::Come(visitor));
            }
            _ => {}
        }
        Ok(())
    }

    fn seated(&mut self, mut visitor: Visitor, visit: VisitId, until: DateTime) {
        let now = self.desk.now;
        visitor.leaves = match &visitor.person.why {
            Why::WalkIn(stay) => now + *stay,
            Why::Reserved(leaves) => (*leaves).max(now + TimeDelta::minutes(10)),
        };
        self.plan_end(visitor, visit, until);
    }

    /// Leaves when they mean to, if that is promised, else asks for more shortly before. Nobody is back at the scanner within seconds,
    /// though a clock that is behind may have promised an end that is over.
    fn plan_end(&mut self, visitor: Visitor, visit: VisitId, until: DateTime) {
        let soonest = self.desk.now + TimeDelta::seconds(30);
        let leaves = visitor.leaves;
        if leaves <= until {
            return self.at(leaves.max(soonest), Action::Go(visitor, visit));
        }
        let asks = until - TimeDelta::minutes(self.chance.between(1, 12));
        self.at(asks.max(soonest), Action::Stay(visitor, visit));
    }

    /// Scans again, looks at the menu, and stays longer where that is possible.
    fn stay_longer(&mut self, visitor: Visitor, visit: VisitId) -> Result<(), Broken> {
        let code = pass(visitor.person.member);
        let menu = match self.desk.scan(DOOR, &code, false)? {
            Some(Verdict::Inside(menu)) => menu,
            Some(Verdict::WelcomeBack(_)) => {
                self.after(20, Action::Stay(visitor, visit));
                return Ok(());
            }
            _ => return Ok(()),
        };
        let extended = match self.desk.tell(&Command::Extend {
            visit: visit.clone(),
        })? {
            Some(Verdict::Extended(extended)) => Some(extended.until),
            _ => None,
        };
        let is_as_shown = match menu.extension {
            Extension::Possible { until } => extended == Some(until),
            Extension::NotPossible { .. } => extended.is_none(),
        };
        if !is_as_shown {
            return Err(Broken::TwoAnswers(format!(
                "the menu says {:?}, and then it is {extended:?}",
                menu.extension
            )));
        }
        let moves_on = menu.until.max(self.desk.now);
        match extended {
            Some(until) => self.plan_end(visitor, visit, until),
            // On a bridge the reservation takes over by itself.
            None if menu.next.is_some()
                && visitor.leaves > moves_on
                && visitor.tries < MOST_TRIES =>
            {
                let visitor = Visitor {
                    tries: visitor.tries + 1,
                    ..visitor
                };
                self.at(
                    moves_on + TimeDelta::minutes(6),
                    Action::Stay(visitor, visit),
                );
            }
            None => {
                let late = match visitor.person.leaving {
                    Leaving::Overstays(span) => span,
                    _ => TimeDelta::zero(),
                };
                self.at(moves_on + late, Action::Go(visitor, visit));
            }
        }
        Ok(())
    }

    fn go(&mut self, visitor: &Visitor, visit: VisitId) -> Result<(), Broken> {
        if visitor.person.leaving == Leaving::WalksOut {
            self.tally.walked_out += 1;
            // Staff do not come past every seat.
            if visitor.person.member.is_multiple_of(2) {
                self.after(ROUND_AFTER_S, Action::Round(visit));
            }
            return Ok(());
        }
        let code = pass(visitor.person.member);
        match self.desk.scan(DOOR, &code, false)? {
            Some(Verdict::Inside(_)) => self.desk.tell(&Command::Leave { visit }).map(drop),
            Some(Verdict::WelcomeBack(_)) => {
                self.after(20, Action::Go(visitor.clone(), visit));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn free_seat(&mut self, visit: VisitId) -> Result<(), Broken> {
        let freed = Command::Staff {
            station: STAFF_PAGE.into(),
            by: RECEPTIONIST.into(),
            action: StaffAction::FreeSeat { visit },
            why: staff::Why::Gone,
        };
        self.desk.tell(&freed).map(drop)
    }

    fn office(&mut self, change: Change) -> Result<(), Broken> {
        match change {
            Change::Reserve(one) => {
                let since = self.version();
                self.reservations.push(Reservation { since, ..*one });
                self.send_reservations()
            }
            Change::Cancel(id) => {
                self.reservations
                    .iter_mut()
                    .filter(|one| one.id == id)
                    .for_each(|one| one.cancelled = true);
                self.send_reservations()
            }
            Change::Seats { without } => {
                let kept = self.seats.len().saturating_sub(without);
                self.desk.reference.floor.seats = self.seats.iter().take(kept).cloned().collect();
                self.desk.adopt("floor", self.version())
            }
            Change::CallOff(id) => {
                if let Some(programme) = self.desk.reference.programmes.get_mut(&id) {
                    programme.cancelled = true;
                }
                self.desk.adopt("programme", self.version())
            }
        }
    }

    fn version(&self) -> u64 {
        self.desk.now.timestamp().unsigned_abs()
    }

    fn send_reservations(&mut self) -> Result<(), Broken> {
        self.desk
            .reference
            .set_reservations(self.reservations.iter().cloned());
        self.desk.adopt("reservations", self.version())
    }

    fn oddity(&mut self, oddity: Oddity) -> Result<(), Broken> {
        match oddity {
            Oddity::UnknownPass => self.desk.scan(COUNTER, &pass(usize::MAX / 2), false)?,
            Oddity::Unreadable => self.desk.scan(COUNTER, &Code::Unreadable, false)?,
            Oddity::MistypedNumber => {
                let code = if self.chance.happens(50) {
                    parse(b"12")
                } else {
                    Code::Reservation(ReservationNumber::from_serial(99_999_999))
                };
                self.desk.scan(DOOR, &code, true)?
            }
            Oddity::TwoScreens(member)
                if self.desk.today.visit_of(&member_id(member)).is_none() =>
            {
                self.desk.scan(DOOR, &pass(member), false)?;
                let found = self.desk.scan(COUNTER, &pass(member), false)?;
                let Some(Verdict::Offer(offered)) = found else {
                    return Ok(());
                };
                let choose = |choice| Command::Choose {
                    station: COUNTER.into(),
                    offer: offered.offer.clone(),
                    choice,
                };
                // Two people with one phone: the second finds the first one's choice made.
                let first = self.desk.tell(&choose(0))?;
                if let Some(Verdict::Admitted(admitted)) = first {
                    self.after(
                        1800,
                        Action::Go(guest(member, self.desk.now), admitted.visit),
                    );
                }
                self.desk.tell(&choose(0))?
            }
            Oddity::TwoScreens(_) => None,
            Oddity::CallsStaff => self.desk.tell(&Command::CallStaff {
                station: DOOR.into(),
                reason: CallReason::Visitor,
            })?,
            Oddity::Guest(purpose) => self.desk.tell(&Command::ReceiveGuest {
                station: DOOR.into(),
                purpose,
            })?,
            Oddity::ChangesSeat(who) => return self.change_seat(who),
            Oddity::MorningRound(charges) => return self.morning_round(charges),
            Oddity::Borrows(who) => return self.borrow(who),
            Oddity::BringsBack(who) => return self.bring_back(who),
            Oddity::StepsOut(who, span) => return self.step_out(who, span),
            Oddity::Accompanied(who, companions) => match self.somebody_inside(who) {
                Some((visit, _)) => self.desk.tell(&Command::Accompany { visit, companions })?,
                None => None,
            },
        };
        Ok(())
    }
}

fn guest(member: usize, now: DateTime) -> Visitor {
    let person = Person {
        member,
        comes: now,
        why: Why::WalkIn(TimeDelta::minutes(30)),
        wants_pc: false,
        leaving: Leaving::Scans,
    };
    Visitor {
        person,
        tries: 0,
        leaves: now,
    }
}
