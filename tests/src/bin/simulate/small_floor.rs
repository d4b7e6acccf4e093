//! Small days to compare on, and how the real door plays them.

use crate::centre::{
    self, OPEN_ZONE, PLAIN, PROGRAMME_ZONE, STEP_FREE, WITH_PC, WITH_POWER, moment,
};
use crate::chance::Chance;
use crate::desk::Desk;
use crate::promises::Broken;
use crate::small_day::{Kind, Reserved, SmallDay, Step, WalkIn};
use chrono::NaiveDate;
use domain::event::Event;
use domain::floor::Features;
use domain::ids::{ReservationId, SeatId, VisitId};
use domain::reference::{
    Audience, DateTime, Programme, ProgrammeKind, Purpose, Reference, Reservation,
};
use domain::text::Text;
use domain::verdict::Place;
use domain::{Command, Verdict, plan};
use std::collections::BTreeSet;

/// Minutes after midnight at which a small day opens.
const OPENS: i64 = 9 * 60 + 30;
/// How long it is open.
const OPEN_FOR: i64 = 8 * 60 + 30;
/// Of the minutes wanted, so many in a hundred are reserved.
const RESERVED_SHARE: i64 = 40;
/// When the afternoon's programme has its zone, from set-up to clearing.
const PROGRAMME: (i64, i64) = (240, 375);
/// Nobody is told of a reservation that begins so soon: until then every walk-in has been promised an end.
const NOTICE: i64 = 125;

/// An ordinary Tuesday.
fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default()
}

/// Floors of six to twelve seats, as kinds of seats: how many, and what each offers. Those with a PC are what a programme takes.
const FLOORS: [&[(usize, Features)]; 5] = [
    &[(3, PLAIN), (2, WITH_PC), (1, STEP_FREE)],
    &[(4, WITH_POWER), (3, WITH_PC), (1, STEP_FREE)],
    &[(4, PLAIN), (3, WITH_PC), (2, WITH_POWER)],
    &[(5, WITH_PC), (4, PLAIN), (1, STEP_FREE)],
    &[(6, WITH_PC), (6, PLAIN)],
];

/// Draws a day on which people want about so many minutes in a hundred of what there is.
pub(crate) fn draw(seed: u64, number: u64, percent: i64) -> SmallDay {
    let mut chance = Chance::new(seed, "small day", number);
    let mut kinds = chance
        .one_of(&FLOORS)
        .map(<[_]>::to_vec)
        .unwrap_or_default();
    chance.shuffle(&mut kinds);
    let has_programme = chance.happens(33);
    let kinds = kinds.into_iter().map(|(seats, offers)| Kind {
        seats,
        offers,
        taken: Some(PROGRAMME).filter(|_| has_programme && offers.pc),
    });
    let mut day = SmallDay {
        closes: OPEN_FOR,
        grant: 120,
        minimum: 30,
        gap: 5,
        kinds: kinds.collect(),
        ..SmallDay::default()
    };
    let wanted = day.seat_minutes() * percent / 100;
    reserve(&mut day, &mut chance, wanted * RESERVED_SHARE / 100);
    let mut left = wanted
        - day
            .reserved
            .iter()
            .map(|one| one.to - one.from)
            .sum::<i64>();
    while left > 0 {
        let wants = 5 * chance.between(6, 24);
        let at = match chance.between(1, 10) {
            1..=4 => 5 * chance.between(12, 60),
            _ => 5 * chance.between(0, 96),
        };
        day.walk_ins.push(WalkIn {
            at,
            wants,
            needs: needs(&mut chance),
        });
        left -= wants;
    }
    day.walk_ins.sort_by_key(|one| one.at);
    day
}

fn needs(chance: &mut Chance) -> Features {
    match chance.between(1, 100) {
        1..=15 => Features {
            pc: true,
            ..Features::default()
        },
        16..=27 => Features {
            power: true,
            ..Features::default()
        },
        _ => Features::default(),
    }
}

/// Adds reservations as an office would: each only if the plan for the whole day holds it beside the others.
fn reserve(day: &mut SmallDay, chance: &mut Chance, wanted: i64) {
    let mut reserved = 0;
    for _ in 0..200 {
        if reserved >= wanted {
            break;
        }
        let from = 15 * chance.between(0, 30);
        let to = (from + 15 * chance.between(4, 12)).min(OPEN_FOR);
        let learned = if from > NOTICE && chance.happens(50) {
            5 * chance.between(1, (from - NOTICE) / 5)
        } else {
            -30
        };
        let mut needs = needs(chance);
        if chance.happens(6) {
            needs.step_free = day.kinds.iter().any(|kind| kind.offers.step_free);
        }
        day.reserved.push(Reserved {
            number: u32::try_from(day.reserved.len()).unwrap_or_default(),
            learned,
            from,
            to,
            needs,
        });
        if is_confirmed(day) {
            reserved += to - from;
        } else {
            day.reserved.pop();
        }
    }
    day.reserved.sort_by_key(|one| one.learned);
}

fn is_confirmed(day: &SmallDay) -> bool {
    let mut reference = reference(day);
    reference.set_reservations(day.reserved.iter().map(reservation));
    plan(&reference, &centre::opened(date()), moment(date(), 0))
        .unplaced
        .is_empty()
}

fn at(minutes: i64) -> DateTime {
    moment(date(), OPENS + minutes)
}

/// Members who reserve have numbers from 0, walk-ins from here.
const WALK_INS: usize = 1000;

fn reservation(one: &Reserved) -> Reservation {
    // Learned of one by one, in this order.
    let since = 100 * (one.learned + 100).unsigned_abs() + u64::from(one.number);
    centre::reservation(
        one.number,
        one.number as usize,
        (at(one.from), at(one.to)),
        Purpose::Seat { needs: one.needs },
        since,
    )
}

fn reference(day: &SmallDay) -> Reference {
    let letters = 'A'..='Z';
    let rows = letters.zip(&day.kinds).map(|(letter, kind)| {
        let zone = if kind.offers.pc {
            PROGRAMME_ZONE
        } else {
            OPEN_ZONE
        };
        (zone, letter, kind.seats, kind.offers)
    });
    let rows: Vec<_> = rows.collect();
    let mut reference = Reference::default();
    reference.floor = centre::floor(&rows);
    if let Some((from, to)) = day.kinds.iter().find_map(|kind| kind.taken) {
        let programme = Programme {
            id: "p".into(),
            title: Text::ja("催し"),
            kind: ProgrammeKind::Seminar,
            starts: at(from),
            ends: at(to),
            zone: Some(PROGRAMME_ZONE.into()),
            audience: Audience::Anyone,
            capacity: 20,
            places_left: None,
            set_up_min: Some(0),
            clearing_min: Some(0),
            pcs: 0,
            cancelled: false,
        };
        reference.programmes.insert(programme.id.clone(), programme);
    }
    for number in 0..day.reserved.len() {
        centre::enrol(&mut reference, number, centre::member(number));
    }
    for (number, one) in (WALK_INS..).zip(&day.walk_ins) {
        let mut member = centre::member(number);
        member.needs = one.needs;
        centre::enrol(&mut reference, number, member);
    }
    reference
}

/// What the door did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Played {
    /// For each step of the day the kind of seat and the promise; none where nobody was let in.
    pub(crate) chosen: Vec<Option<(u8, i64)>>,
    /// Minutes walk-ins were granted of those they wanted.
    pub(crate) minutes: i64,
    /// Reservations for which there was no seat left when the desk learned of them.
    pub(crate) unplaced: usize,
    /// Reservations that had a place and lost it.
    pub(crate) displaced: usize,
    /// When each visit ends.
    leaving: Vec<(i64, VisitId)>,
}

/// Plays a small day through the real rules.
pub(crate) fn play(day: &SmallDay) -> Result<Played, Broken> {
    let mut desk = Desk::start(reference(day), at(-60))?;
    let mut known: Vec<Reservation> = Vec::new();
    let mut played = Played::default();
    let mut walk_ins = WALK_INS..;
    let mut without_seat: BTreeSet<ReservationId> = BTreeSet::new();
    for (now, step) in day.steps() {
        leave(&mut desk, &mut played, now)?;
        desk.pass_to(at(now))?;
        let chosen = match step {
            Step::Learn(one) => {
                known.push(reservation(&one));
                desk.reference.set_reservations(known.iter().cloned());
                desk.adopt("reservations", known.len() as u64)?;
                let told = desk.today.unplaced.iter().cloned();
                without_seat.extend(told.filter(|id| *id == reservation(&one).id));
                None
            }
            // Whoever got another seat than the reserved one may have been promised less than was reserved.
            Step::Reserved(one) => played.admit(&mut desk, one.number as usize, one.to - now)?,
            Step::WalkIn(one) => {
                let number = walk_ins.next().unwrap_or_default();
                let chosen = played.admit(&mut desk, number, one.wants)?;
                let granted = chosen.map(|(_, promised)| one.wants.min(promised - now));
                played.minutes += granted.unwrap_or(0);
                chosen
            }
        };
        played.chosen.push(chosen);
    }
    leave(&mut desk, &mut played, day.closes)?;
    desk.pass_to(at(day.closes + 60))?;
    played.unplaced = without_seat.len();
    let told = desk.journal.iter().filter_map(|entry| match &entry.event {
        Event::ReservationUnplaced { reservation } => Some(reservation.clone()),
        _ => None,
    });
    // One that never had a seat may have been found one for a while.
    without_seat.extend(told);
    played.displaced = without_seat.len() - played.unplaced;
    Ok(played)
}

/// Everybody whose time has come by `now` leaves, a minute early: at the very second of their promised end others who are leaving with them
/// would count as being over time, and nothing else happens in that minute.
fn leave(desk: &mut Desk, played: &mut Played, now: i64) -> Result<(), Broken> {
    played.leaving.sort();
    let count = played.leaving.partition_point(|(leaves, _)| *leaves <= now);
    for (leaves, visit) in played.leaving.drain(..count) {
        desk.pass_to(at(leaves - 1))?;
        desk.tell(&Command::Leave { visit })?;
    }
    Ok(())
}

impl Played {
    /// Somebody scans, takes the first choice, and is to leave after so many minutes or when the promise ends; the kind of seat and the
    /// promise.
    fn admit(
        &mut self,
        desk: &mut Desk,
        member: usize,
        wants: i64,
    ) -> Result<Option<(u8, i64)>, Broken> {
        let mut verdict = desk.scan("door", &centre::pass(member), false)?;
        if let Some(Verdict::Offer(offered)) = verdict {
            verdict = desk.tell(&Command::Choose {
                station: "door".into(),
                offer: offered.offer,
                choice: 0,
            })?;
        }
        let Some(Verdict::Admitted(admitted)) = verdict else {
            return Ok(None);
        };
        let Place::Seat { seat, .. } = admitted.place else {
            return Ok(None);
        };
        let promised = (admitted.until - at(0)).num_minutes();
        let now = (desk.now - at(0)).num_minutes();
        self.leaving
            .push(((now + wants).min(promised), admitted.visit));
        Ok(Some((kind_of(&seat), promised)))
    }
}

fn kind_of(seat: &SeatId) -> u8 {
    seat.as_str()
        .bytes()
        .next()
        .map_or(0, |letter| letter.saturating_sub(b'A'))
}
