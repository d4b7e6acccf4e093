//! A year, or as many days as asked for.

use crate::centre::{moment, whole_centre};
use crate::day;
use crate::demand;
use crate::desk::Desk;
use crate::promises::Broken;
use crate::tally::{self, Tally};
use chrono::{Datelike, Days, NaiveDate};

/// How much is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    /// Calendar days, closed ones too.
    pub(crate) days: u64,
    pub(crate) seed: u64,
    /// Minutes people want, in per cent of what there is to sit on.
    pub(crate) demand: i64,
}

/// More days than these are shown by the week.
const MOST_ROWS: u64 = 21;

/// What a year came to.
pub(crate) struct Year {
    pub(crate) rows: Vec<(String, Tally)>,
    pub(crate) total: Tally,
    pub(crate) steps: u64,
    pub(crate) events: u64,
    /// The day with the most visits.
    pub(crate) picture: String,
}

/// A promise broken in the middle of it.
#[derive(Debug, thiserror::Error)]
#[error("{date}, step {step}, {at}: {broken}")]
pub(crate) struct Failure {
    pub(crate) broken: Broken,
    date: NaiveDate,
    at: String,
    step: u64,
    /// What was recorded last.
    pub(crate) lately: Vec<String>,
}

impl Failure {
    /// How many days lead to it.
    pub(crate) fn days(&self) -> i64 {
        (self.date - first()).num_days() + 1
    }
}

/// The first day that is played.
fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default()
}

/// Plays it, watched at every step.
pub(crate) fn play(scale: Scale, mut shown: impl FnMut(NaiveDate)) -> Result<Year, Box<Failure>> {
    let mut desk =
        Desk::start(whole_centre(first()), moment(first(), 6 * 60)).map_err(|broken| {
            let (at, lately) = ("the first start".to_owned(), Vec::new());
            Box::new(Failure {
                broken,
                date: first(),
                at,
                step: 0,
                lately,
            })
        })?;
    let mut year = Year {
        rows: Vec::new(),
        total: Tally::default(),
        steps: 0,
        events: 0,
        picture: String::new(),
    };
    let mut most = 0;
    for date in first()
        .iter_days()
        .take(usize::try_from(scale.days).unwrap_or(usize::MAX))
    {
        shown(date);
        let tally =
            one_day(&mut desk, date, scale).map_err(|broken| failure(broken, date, &desk))?;
        if tally.visits > most {
            most = tally.visits;
            year.picture = tally::picture(date, &desk.reference, &desk.today);
        }
        year.add(scale, date, tally);
    }
    (year.steps, year.events) = (desk.steps, desk.events);
    Ok(year)
}

fn one_day(desk: &mut Desk, date: NaiveDate, scale: Scale) -> Result<Tally, Broken> {
    let demand = demand::draw(&desk.reference, date, scale.seed, scale.demand);
    let hours = desk.reference.calendar.day(date).hours;
    let mut tally = day::play(desk, date, scale.seed, demand)?;
    let open: i64 = hours
        .iter()
        .map(|hours| (hours.close - hours.open).num_minutes())
        .sum();
    tally.possible_minutes = open * desk.reference.floor.seats.len() as i64;
    tally.days = usize::from(open > 0);
    match desk.inside() {
        0 => Ok(tally),
        inside => Err(Broken::OverCapacity {
            what: "the night".to_owned(),
            inside,
            room: 0,
        }),
    }
}

fn failure(broken: Broken, date: NaiveDate, desk: &Desk) -> Box<Failure> {
    let skipped = desk.journal.len().saturating_sub(12);
    let lately = desk.journal.iter().skip(skipped);
    let lately = lately
        .map(|entry| format!("{}  {:?}", entry.stamp.at.format("%H:%M:%S"), entry.event))
        .collect();
    let at = desk.now.format("%H:%M:%S").to_string();
    Box::new(Failure {
        broken,
        date,
        at,
        step: desk.steps,
        lately,
    })
}

impl Year {
    fn add(&mut self, scale: Scale, date: NaiveDate, tally: Tally) {
        self.total += tally;
        let by_week = scale.days > MOST_ROWS;
        let monday = date
            .checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()))
            .unwrap_or(date);
        let name = if by_week {
            monday.to_string()
        } else {
            format!("{date}")
        };
        match self.rows.last_mut() {
            Some((last, sum)) if *last == name => *sum += tally,
            _ => self.rows.push((name, tally)),
        }
    }
}
