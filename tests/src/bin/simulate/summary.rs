//! What came out, as a list with aims and as `summary.json`.

use crate::compare::Band;
use crate::promises::Broken;
use crate::year::Year;
use serde_json::{Map, Value, json};
use std::fmt;

/// The promises that are watched, as they are named in the summary.
const PROMISES: [&str; 8] = [
    "seats_held_twice",
    "visitors_displaced",
    "capacity_exceeded",
    "inside_after_closing",
    "queue_order",
    "loans_that_must_not_be",
    "refusals_without_remedy",
    "replays_that_differ",
];

/// A year may take so long.
const MOST_SECONDS: f64 = 60.0;

struct Line {
    name: String,
    value: f64,
    unit: &'static str,
    aim: String,
    is_met: bool,
}

/// Values and whether their aims are met.
pub(crate) struct Summary(Vec<Line>);

/// The summary of a run that kept every promise.
pub(crate) fn of(year: &Year, bands: &[Band], seconds: f64) -> Summary {
    let mut lines: Vec<Line> = PROMISES.iter().map(|name| promise(name, 0)).collect();
    lines.push(told("days", year.total.days as f64, "days"));
    lines.push(told("visits", year.total.visits as f64, "visits"));
    lines.push(told("steps", year.steps as f64, "commands"));
    lines.push(told("numbers_taken", year.total.queued as f64, "people"));
    let (moved, outings) = (year.total.moved as f64, year.total.outings as f64);
    lines.push(told("seats_changed", moved, "visits"));
    lines.push(told("outings", outings, "times"));
    lines.push(told("guests", year.total.guests as f64, "guests"));
    let unplaced = year.total.unplaced as f64;
    lines.push(told("reservations_unplaced", unplaced, "reservations"));
    lines.extend(bands.iter().flat_map(of_band));
    lines.extend(of_small_days(bands));
    lines.push(Line {
        name: "seconds".to_owned(),
        value: round(seconds),
        unit: "s",
        aim: format!("≤ {MOST_SECONDS} s"),
        is_met: seconds <= MOST_SECONDS,
    });
    Summary(lines)
}

/// The minutes that walk-ins were granted in a band of demand.
fn of_band(band: &Band) -> [Line; 3] {
    let name = format!("{}_to_{}", band.from, band.from + 10);
    let must_beat = band.from >= 100;
    let of_best = Line {
        name: format!("of_best_at_{name}"),
        value: round(band.of_best()),
        unit: "%",
        aim: "≥ 98 %".to_owned(),
        is_met: band.of_best() >= 98.0,
    };
    let of_foresight = told(
        &format!("of_foresight_at_{name}"),
        round(band.of_foresight()),
        "%",
    );
    let of_first_fit = Line {
        name: format!("of_first_fit_at_{name}"),
        value: round(band.of_first_fit()),
        unit: "%",
        aim: if must_beat { "> 100 %" } else { "–" }.to_owned(),
        is_met: !must_beat || band.door > band.first_fit,
    };
    [of_best, of_foresight, of_first_fit]
}

fn of_small_days(bands: &[Band]) -> Vec<Line> {
    let sum = |of: fn(&Band) -> usize| bands.iter().map(of).sum::<usize>();
    let several = |name, of, unit| told(name, sum(of) as f64, unit);
    vec![
        none(
            "displaced_on_small_floors",
            sum(|band| band.displaced),
            "reservations",
        ),
        none("small_days_unsolved", sum(|band| band.unsolved), "days"),
        several("small_days_left_out", |band| band.left_out, "days"),
        several("small_days_above_foresight", |band| band.above_best, "days"),
        several(
            "unplaced_on_small_floors",
            |band| band.unplaced,
            "reservations",
        ),
        several(
            "promised_otherwise_than_modelled",
            |band| band.promised_otherwise,
            "promises",
        ),
    ]
}

/// The summary of a run that a broken promise ended.
pub(crate) fn broken(broken: &Broken) -> String {
    let lines = PROMISES
        .iter()
        .map(|name| promise(name, usize::from(*name == broken.name())));
    Summary(lines.collect()).to_json()
}

fn promise(name: &str, count: usize) -> Line {
    none(name, count, "times")
}

fn none(name: &str, count: usize, unit: &'static str) -> Line {
    Line {
        name: name.to_owned(),
        value: count as f64,
        unit,
        aim: "0".to_owned(),
        is_met: count == 0,
    }
}

fn told(name: &str, value: f64, unit: &'static str) -> Line {
    Line {
        name: name.to_owned(),
        value,
        unit,
        aim: "–".to_owned(),
        is_met: true,
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl Summary {
    /// `{"name": {"value", "unit", "aim", "ok"}}`.
    pub(crate) fn to_json(&self) -> String {
        let entry = |line: &Line| {
            let value = json!({ "value": line.value, "unit": line.unit, "aim": line.aim, "ok": line.is_met });
            (line.name.clone(), value)
        };
        let all: Map<String, Value> = self.0.iter().map(entry).collect();
        format!("{:#}\n", Value::Object(all))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            let mark = match line.aim.as_str() {
                "–" => "",
                _ if line.is_met => "ok",
                _ => "missed",
            };
            writeln!(
                f,
                "{:<36}{:>12} {:<14}{:<10}{mark}",
                line.name, line.value, line.unit, line.aim
            )?;
        }
        Ok(())
    }
}
