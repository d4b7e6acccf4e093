//! What people, the office and the power company do on one day of the simulated year. Drawn from the seed and the date alone: nothing that
//! the door answers changes what is drawn.

use crate::centre::{self, MEMBERS, PROGRAMME_ZONE, moment, opened};
use crate::chance::Chance;
use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::event::GuestPurpose;
use domain::floor::Features;
use domain::ids::{ProgrammeId, ReservationId};
use domain::plan;
use domain::reference::{
    Audience, DateTime, Programme, ProgrammeKind, Purpose, Reference, Reservation,
};
use domain::text::Text;

/// Of the minutes wanted, so many in a hundred are reserved before.
const RESERVED_SHARE: i64 = 35;
/// How long an office tries to sell what is wanted before it gives up.
const ATTEMPTS: usize = 200;

/// Somebody who means to come.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) member: usize,
    pub(crate) comes: DateTime,
    pub(crate) why: Why,
    /// Likes a PC where there is a choice.
    pub(crate) wants_pc: bool,
    pub(crate) leaving: Leaving,
}

/// What somebody comes for.
#[derive(Clone, Debug)]
pub(crate) enum Why {
    /// To work for so long.
    WalkIn(TimeDelta),
    /// For something reserved, until about then.
    Reserved(DateTime),
}

/// How somebody goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// By scan.
    Scans,
    /// Just walks out.
    WalksOut,
    /// By scan, so much later than promised.
    Overstays(TimeDelta),
}

/// What the office changes during the day.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Reserve(Box<Reservation>),
    Cancel(ReservationId),
    /// Takes the last seats of the floor away, however they are used, or brings all back.
    Seats {
        without: usize,
    },
    CallOff(ProgrammeId),
}

/// Nonsense at the scanner, and what few people do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Oddity {
    UnknownPass,
    MistypedNumber,
    Unreadable,
    /// A member's pass is held to both scanners at once.
    TwoScreens(usize),
    /// Somebody wants a person.
    CallsStaff,
    /// Somebody comes who is no member.
    Guest(GuestPurpose),
    /// One of those inside asks for another seat.
    ChangesSeat(usize),
    /// One of them goes out for so long.
    StepsOut(usize, TimeDelta),
    /// One of them tells how many came along.
    Accompanied(usize, u32),
    /// In the morning staff take back what was left and read off how full everything is: the seed of the charges.
    MorningRound(u64),
    /// One of those inside borrows a PC.
    Borrows(usize),
    /// Something that is out comes back by its label.
    BringsBack(usize),
}

/// A power cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) at: DateTime,
    pub(crate) lasts: TimeDelta,
    /// Whether the machine's clock stood still meanwhile, for how long nobody notices.
    pub(crate) untrusted_for: Option<TimeDelta>,
}

/// A day as it is meant to go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand {
    /// Known before opening.
    pub(crate) reservations: Vec<Reservation>,
    pub(crate) programmes: Vec<Programme>,
    pub(crate) people: Vec<Person>,
    pub(crate) changes: Vec<(DateTime, Change)>,
    pub(crate) oddities: Vec<(DateTime, Oddity)>,
    pub(crate) cuts: Vec<Cut>,
}

/// Draws a day. `percent`: the minutes people want, in a hundred of what there is to sit on.
pub(crate) fn draw(reference: &Reference, date: NaiveDate, seed: u64, percent: i64) -> Demand {
    let Some(hours) = reference.calendar.day(date).hours.first().copied() else {
        return Demand::default();
    };
    let minutes = |time: chrono::NaiveTime| (time - chrono::NaiveTime::MIN).num_minutes();
    let mut draft = Draft {
        date,
        opens: minutes(hours.open),
        closes: minutes(hours.close),
        chance: Chance::new(seed, "day", date.num_days_from_ce().unsigned_abs().into()),
        members: (0..MEMBERS).collect(),
        next: date.num_days_from_ce().unsigned_abs() % 40_000 * 1000,
        reference: reference.clone(),
        demand: Demand::default(),
    };
    draft.chance.shuffle(&mut draft.members);
    draft.programmes();
    let seat_minutes = (draft.closes - draft.opens) * reference.floor.seats.len() as i64;
    let wanted = seat_minutes * percent / 100;
    draft.reservations(wanted * RESERVED_SHARE / 100);
    draft.walk_ins(wanted * (100 - RESERVED_SHARE) / 100);
    draft.office();
    draft.mishaps();
    draft.whereabouts();
    draft.standby_lists();
    draft.lending();
    draft.demand
}

struct Draft {
    date: NaiveDate,
    opens: i64,
    closes: i64,
    chance: Chance,
    /// Members who do nothing yet today.
    members: Vec<usize>,
    /// The number of the next reservation.
    next: u32,
    /// With what is confirmed so far.
    reference: Reference,
    demand: Demand,
}

impl Draft {
    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn at(&mut self, minutes: i64) -> DateTime {
        moment(self.date, minutes) + TimeDelta::seconds(self.chance.between(0, 59))
    }

    fn leaving(&mut self) -> Leaving {
        match self.chance.between(1, 100) {
            1..=3 => Leaving::WalksOut,
            4..=9 => Leaving::Overstays(TimeDelta::minutes(self.chance.between(1, 45))),
            _ => Leaving::Scans,
        }
    }

    /// A programme by day on two days of the week, one in the evening on another; their people have places.
    fn programmes(&mut self) {
        let weekday = self.date.weekday().num_days_from_monday();
        let (from, to) = match weekday {
            1 | 4 => (14 * 60, 15 * 60 + 30),
            3 => (18 * 60 + 30, 20 * 60),
            _ => return,
        };
        let id = ProgrammeId::from(format!("p-{}", self.date));
        let programme = Programme {
            id: id.clone(),
            title: Text::ja("催し"),
            kind: ProgrammeKind::Seminar,
            starts: moment(self.date, from),
            ends: moment(self.date, to),
            zone: Some(PROGRAMME_ZONE.into()),
            audience: Audience::Anyone,
            capacity: 20,
            places_left: None,
            set_up_min: None,
            clearing_min: None,
            pcs: 0,
            cancelled: false,
        };
        self.reference
            .programmes
            .insert(id.clone(), programme.clone());
        self.demand.programmes.push(programme);
        for _ in 0..self.chance.between(8, 20) {
            let purpose = Purpose::Programme {
                programme: id.clone(),
                standby: false,
            };
            self.book((from, to), purpose, (-30, 15));
        }
    }

    /// Seats until about so many minutes are reserved, as far as the office can confirm them; and some consultations.
    fn reservations(&mut self, wanted: i64) {
        let mut reserved = 0;
        for _ in 0..ATTEMPTS {
            if reserved >= wanted {
                break;
            }
            let from =
                self.opens + 15 * self.chance.between(0, (self.closes - self.opens) / 15 - 4);
            let to = (from + 15 * self.chance.between(4, 16)).min(self.closes);
            let needs = Features {
                pc: self.chance.happens(30),
                ..Features::default()
            };
            if self.book((from, to), Purpose::Seat { needs }, (-20, 14)) {
                reserved += to - from;
            }
        }
        for _ in 0..self.chance.between(0, 3) {
            let from = self.opens + 60 * self.chance.between(1, 6);
            self.book((from, from + 45), Purpose::Consultation, (-20, 10));
        }
    }

    /// Confirms a reservation if it fits, and decides what becomes of it.
    fn book(&mut self, (from, to): (i64, i64), purpose: Purpose, window: (i64, i64)) -> bool {
        let Some(member) = self.members.pop() else {
            return false;
        };
        let span = (moment(self.date, from), moment(self.date, to));
        let number = self.number();
        let is_seat = matches!(purpose, Purpose::Seat { .. });
        // Three in ten seats are reserved on the day itself, half of these at short notice.
        let short_notice = is_seat && self.chance.happens(30) && from > self.opens + 30;
        let lead = if self.chance.happens(50) { 130 } else { 20 };
        let learned = if short_notice {
            self.chance.between(self.opens, from - lead)
        } else {
            self.opens - 60
        };
        let one = centre::reservation(number, member, span, purpose, 1);
        if !self.is_confirmed(&one) {
            self.members.insert(0, member);
            return false;
        }
        self.decide_visit(member, &one, window, learned);
        if short_notice {
            let at = self.at(learned);
            self.demand
                .changes
                .push((at, Change::Reserve(Box::new(one))));
        } else {
            self.demand.reservations.push(one);
        }
        true
    }

    /// The office asks the same plan as the door, for the whole day.
    fn is_confirmed(&mut self, one: &Reservation) -> bool {
        let before: Vec<_> = self.reference.reservations_on(self.date).cloned().collect();
        self.reference
            .set_reservations(before.iter().cloned().chain([one.clone()]));
        let fits = plan(&self.reference, &opened(self.date), moment(self.date, 0))
            .unplaced
            .is_empty();
        if !fits {
            self.reference.set_reservations(before);
        }
        fits
    }

    /// What becomes of a reservation; whoever comes by it comes so many minutes after its start.
    fn decide_visit(
        &mut self,
        member: usize,
        one: &Reservation,
        (early, late): (i64, i64),
        learned: i64,
    ) {
        let from = (one.starts - moment(self.date, 0)).num_minutes();
        let is_seat = matches!(one.purpose, Purpose::Seat { .. });
        let offset = match self.chance.between(1, 100) {
            1..=7 => return,
            8..=11 => {
                let at = self.chance.between(learned + 1, from);
                let at = self.at(at);
                return self
                    .demand
                    .changes
                    .push((at, Change::Cancel(one.id.clone())));
            }
            12..=17 if is_seat => self.chance.between(-150, -21),
            18..=22 if is_seat => self.chance.between(16, 70),
            _ => self.chance.between(early, late),
        };
        let comes = self.at((from + offset).max(learned + 1));
        let until = one.ends - TimeDelta::minutes(self.chance.between(0, 40));
        let why = Why::Reserved(until);
        let leaving = self.leaving();
        self.demand.people.push(Person {
            member,
            comes,
            why,
            wants_pc: false,
            leaving,
        });
    }

    /// People without a reservation, more around eleven and half past one, until they want so many minutes.
    fn walk_ins(&mut self, wanted: i64) {
        let mut asked = 0;
        while asked < wanted {
            let Some(member) = self.members.pop() else {
                return;
            };
            let stay = match self.chance.between(1, 10) {
                1..=3 => self.chance.between(20, 60),
                4..=8 => self.chance.between(60, 150),
                _ => self.chance.between(150, 300),
            };
            let comes = match self.chance.between(1, 10) {
                1..=3 => self.chance.between(10 * 60, 12 * 60),
                4..=6 => self.chance.between(13 * 60, 14 * 60 + 30),
                _ => self.chance.between(self.opens - 15, self.closes - 5),
            };
            let (comes, wants_pc) = (self.at(comes), self.chance.happens(35));
            let leaving = self.leaving();
            self.demand.people.push(Person {
                member,
                comes,
                why: Why::WalkIn(TimeDelta::minutes(stay)),
                wants_pc,
                leaving,
            });
            asked += stay;
        }
    }

    /// Now and then a seat breaks and comes back, or a programme is called off in the morning.
    fn office(&mut self) {
        if self.chance.happens(5) {
            let at = self.chance.between(self.opens, self.closes - 120);
            let without = usize::try_from(self.chance.between(1, 4)).unwrap_or(1);
            let (gone, back) = (self.at(at), self.at(at + 90));
            self.demand.changes.push((gone, Change::Seats { without }));
            self.demand
                .changes
                .push((back, Change::Seats { without: 0 }));
        }
        let ids: Vec<_> = self
            .demand
            .programmes
            .iter()
            .map(|one| one.id.clone())
            .collect();
        for id in ids {
            if self.chance.happens(5) {
                let at = self.chance.between(self.opens, self.opens + 120);
                let at = self.at(at);
                self.demand.changes.push((at, Change::CallOff(id)));
            }
        }
    }

    /// Half of the programmes are booked up, and some people stand on their lists.
    fn standby_lists(&mut self) {
        for index in 0..self.demand.programmes.len() {
            if self.chance.happens(50) {
                continue;
            }
            let reservations = &self.demand.reservations;
            let Some(programme) = self.demand.programmes.get_mut(index) else {
                return;
            };
            let purpose = |standby| Purpose::Programme {
                programme: programme.id.clone(),
                standby,
            };
            let booked = reservations
                .iter()
                .filter(|one| one.purpose == purpose(false));
            let listed = purpose(true);
            programme.capacity = u32::try_from(booked.count()).unwrap_or(programme.capacity);
            let midnight = moment(self.date, 0);
            let minutes = |at: DateTime| (at - midnight).num_minutes();
            let span = (minutes(programme.starts), minutes(programme.ends));
            for _ in 0..self.chance.between(1, 4) {
                self.book(span, listed.clone(), (-20, 12));
            }
        }
    }

    /// Some borrow a PC, and most of them bring it back. The programmes by day need a few.
    fn lending(&mut self) {
        for programme in &mut self.demand.programmes {
            programme.pcs = 3;
        }
        let round = self.at(self.opens - 10);
        let charges = self.chance.between(0, 1_000_000).unsigned_abs();
        let morning = (round, Oddity::MorningRound(charges));
        self.demand.oddities.push(morning);
        for _ in 0..self.chance.between(4, 16) {
            let who = usize::try_from(self.chance.between(0, 99)).unwrap_or_default();
            let lent = self.chance.between(self.opens, self.closes + 10);
            let back = lent + self.chance.between(1, 150);
            let (lent, back) = (self.at(lent), self.at(back));
            self.demand.oddities.push((lent, Oddity::Borrows(who)));
            self.demand.oddities.push((back, Oddity::BringsBack(who)));
        }
    }

    fn mishaps(&mut self) {
        for _ in 0..self.chance.between(0, 12) {
            let kinds = [
                Oddity::UnknownPass,
                Oddity::MistypedNumber,
                Oddity::Unreadable,
                Oddity::CallsStaff,
            ];
            let member =
                usize::try_from(self.chance.between(0, MEMBERS as i64 - 1)).unwrap_or_default();
            let oddity = self
                .chance
                .one_of(&kinds)
                .filter(|_| self.chance.happens(70))
                .unwrap_or(Oddity::TwoScreens(member));
            let at = self.chance.between(self.opens - 30, self.closes + 10);
            let at = self.at(at);
            self.demand.oddities.push((at, oddity));
        }
        if self.chance.happens(12) {
            let at = self.chance.between(self.opens - 60, self.closes + 60);
            let at = self.at(at);
            let lasts = TimeDelta::seconds(self.chance.between(20, 5400));
            let untrusted_for = self
                .chance
                .happens(40)
                .then(|| TimeDelta::seconds(self.chance.between(5, 600)));
            self.demand.cuts.push(Cut {
                at,
                lasts,
                untrusted_for,
            });
        }
    }

    /// A few guests, a few who go out or sit elsewhere, and now and then somebody who brings somebody.
    fn whereabouts(&mut self) {
        for _ in 0..self.chance.between(2, 10) {
            let who = usize::try_from(self.chance.between(0, 99)).unwrap_or_default();
            let purpose = [
                GuestPurpose::Tour,
                GuestPurpose::Delivery,
                GuestPurpose::Enquiry,
            ];
            let what = match self.chance.between(1, 10) {
                1..=3 => Oddity::Guest(
                    self.chance
                        .one_of(&purpose)
                        .unwrap_or(GuestPurpose::Delivery),
                ),
                4..=6 => Oddity::ChangesSeat(who),
                7..=9 => Oddity::StepsOut(who, TimeDelta::minutes(self.chance.between(3, 50))),
                _ => Oddity::Accompanied(who, 1),
            };
            let at = self.chance.between(self.opens - 20, self.closes + 30);
            let at = self.at(at);
            self.demand.oddities.push((at, what));
        }
    }
}
