//! The door beside the best possible and beside first-fit, by load band.

use crate::best::{self, Found};
use crate::promises::Broken;
use crate::small_day::SmallDay;
use crate::small_floor::{self, Played};
use std::fmt::Write;

/// Bands of demand, each from so many per cent to ten more.
pub(crate) const BANDS: [i64; 5] = [80, 90, 100, 110, 120];

/// What a band came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Band {
    /// The lowest demand in it, in per cent.
    pub(crate) from: i64,
    pub(crate) days: usize,
    /// Minutes granted to walk-ins on these days.
    pub(crate) door: i64,
    /// The most for whoever learns of reservations when the door does, and for whoever knows them before.
    pub(crate) best: i64,
    pub(crate) foresight: i64,
    pub(crate) first_fit: i64,
    /// Minutes that walk-ins wanted.
    pub(crate) wanted: i64,
    /// Minutes that all wanted, and minutes there were to sit on.
    pub(crate) demand: (i64, i64),
    /// Reservations that had a place at the door and lost it.
    pub(crate) displaced: usize,
    /// Reservations for which the door had no seat left when it learned of them, and those first-fit had none for.
    pub(crate) unplaced: usize,
    pub(crate) unplaced_by_first_fit: usize,
    /// Days on which the door had no seat for a reservation, or the best has none however it chooses: its seat is left to walk-ins, so that
    /// minutes compare with nothing. In no sum of minutes.
    pub(crate) left_out: usize,
    /// Days with too many situations for the search. In no sum of minutes.
    pub(crate) unsolved: usize,
    /// Promises of the door that the model would have made otherwise for the same seat.
    pub(crate) promised_otherwise: usize,
    /// Days on which the door granted more than the best, by such a promise.
    pub(crate) above_best: usize,
}

impl Band {
    /// The door's minutes in per cent of the best's.
    pub(crate) fn of_best(&self) -> f64 {
        100.0 * self.door as f64 / self.best.max(1) as f64
    }

    /// The door's minutes in per cent of what nothing can exceed.
    pub(crate) fn of_foresight(&self) -> f64 {
        100.0 * self.door as f64 / self.foresight.max(1) as f64
    }

    /// The door's minutes in per cent of first-fit's.
    pub(crate) fn of_first_fit(&self) -> f64 {
        100.0 * self.door as f64 / self.first_fit.max(1) as f64
    }
}

/// Plays and searches so many days of each band, a thread a band.
pub(crate) fn all_bands(seed: u64, days: u64) -> Result<Vec<Band>, Broken> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = BANDS
            .iter()
            .map(|from| scope.spawn(move || band(seed, *from, days)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// Plays and searches so many days with a demand from `from` to ten per cent more.
pub(crate) fn band(seed: u64, from: i64, days: u64) -> Result<Band, Broken> {
    let mut band = Band {
        from,
        ..Band::default()
    };
    for number in 0..days {
        let percent = from + i64::try_from(number % 10).unwrap_or_default();
        let day = small_floor::draw(seed, from.unsigned_abs() * 10_000 + number, percent);
        compare(&day, &mut band)?;
    }
    Ok(band)
}

fn compare(day: &SmallDay, band: &mut Band) -> Result<(), Broken> {
    let door = small_floor::play(day)?;
    let first_fit = best::first_fit(day);
    let (as_door, differences) = follow(day, &door);
    band.displaced += door.displaced;
    band.unplaced += door.unplaced;
    band.unplaced_by_first_fit += first_fit.unplaced;
    band.promised_otherwise += differences;
    if door.unplaced + door.displaced > 0 {
        band.left_out += 1;
        return Ok(());
    }
    let reached = [as_door, first_fit]
        .into_iter()
        .filter(|one| one.unplaced == 0);
    let reached = reached.map(|one| one.minutes).max();
    let (best, foresight) = match (best::best_as_learned(day), best::best(day, reached)) {
        (Found::Most(best), Found::Most(foresight)) => (best, foresight),
        (Found::TooMany, _) | (_, Found::TooMany) => {
            band.unsolved += 1;
            return Ok(());
        }
        _ => {
            band.left_out += 1;
            return Ok(());
        }
    };
    band.above_best += usize::from(door.minutes > foresight);
    band.days += 1;
    band.door += door.minutes;
    band.best += best;
    band.foresight += foresight;
    band.first_fit += first_fit.minutes;
    band.demand.0 += day.wanted();
    band.demand.1 += day.seat_minutes();
    band.wanted += day.walk_ins.iter().map(|one| one.wants).sum::<i64>();
    Ok(())
}

/// Plays the day in the model with the door's choices: what it comes to, and how many promises differ.
pub(crate) fn follow(day: &SmallDay, door: &Played) -> (best::Granted, usize) {
    let mut differences = 0;
    let result = best::play(day, |step, possible| {
        let chosen = door.chosen.get(step).copied().flatten();
        let same = chosen.filter(|chosen| possible.contains(chosen));
        if same.is_none() && (chosen.is_some() || !possible.is_empty()) {
            differences += 1;
        }
        chosen.map(|(kind, _)| kind)
    });
    (result, differences)
}

/// The comparison as a table.
pub(crate) fn table(bands: &[Band]) -> String {
    let mut out = format!(
        "{:<12}{:>8}{:>6}{:>9}{:>9}{:>9}{:>10}{:>10}{:>10}{:>14}{:>14}{:>10}{:>11}\n",
        "demand",
        "in fact",
        "days",
        "wanted",
        "door",
        "best",
        "foresight",
        "first-fit",
        "of best",
        "of foresight",
        "of first-fit",
        "left out",
        "displaced"
    );
    for band in bands {
        let name = format!("{}–{} %", band.from, band.from + 10);
        let _ = writeln!(
            out,
            "{name:<12}{:>6.1} %{:>6}{:>9}{:>9}{:>9}{:>10}{:>10}{:>8.2} %{:>12.2} %{:>12.2} %{:>10}{:>11}",
            100.0 * band.demand.0 as f64 / band.demand.1.max(1) as f64,
            band.days,
            band.wanted,
            band.door,
            band.best,
            band.foresight,
            band.first_fit,
            band.of_best(),
            band.of_foresight(),
            band.of_first_fit(),
            band.left_out + band.unsolved,
            band.displaced
        );
    }
    let sum = |of: fn(&Band) -> usize| bands.iter().map(of).sum::<usize>();
    let _ = write!(
        out,
        "Minutes granted to walk-ins. Best: knows who comes and how long they stay, and learns of reservations with the door. Foresight: knows these \
         too.\nLeft out: days on which a reservation learned of during the day found no seat ({} at the door, {} by \
         first-fit).\nThe door promised {} stays otherwise than the exact model on the same seat, for its placing is a heuristic; on {} days it came \
         above foresight by that.\n",
        sum(|band| band.unplaced),
        sum(|band| band.unplaced_by_first_fit),
        sum(|band| band.promised_otherwise),
        sum(|band| band.above_best),
    );
    out
}
