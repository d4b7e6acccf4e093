//! The table, and the same as `summary.json`.

use serde_json::{Map, json};
use std::fmt;

/// What a value is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim {
    /// Nothing: it is what others are compared with.
    None,
    AtMost(f64),
    /// So many times the bare commit.
    AtMostTimes(f64, &'static str),
    AtLeastTimes(f64, &'static str),
    Below(f64),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    Milliseconds,
    Seconds,
    Times,
    PerSecond,
    Megabytes,
}

struct Entry {
    name: &'static str,
    title: String,
    value: f64,
    unit: Unit,
    aim: Aim,
}

#[derive(Default)]
pub(super) struct Report(Vec<Entry>);

impl Report {
    /// Adds a value: its name in `summary.json`, and what it is in words.
    pub(super) fn add(
        &mut self,
        name: &'static str,
        title: impl Into<String>,
        value: f64,
        unit: Unit,
        aim: Aim,
    ) {
        self.0.push(Entry {
            name,
            title: title.into(),
            value,
            unit,
            aim,
        });
    }

    pub(super) fn to_json(&self) -> anyhow::Result<String> {
        let entry = |one: &Entry| {
            let value = (one.value * 1e4).round() / 1e4;
            (
                one.name.to_owned(),
                json!({ "value": value, "unit": one.unit.to_string(), "aim": one.aim_text(), "ok": one.is_met() }),
            )
        };
        Ok(serde_json::to_string_pretty(&self.0.iter().map(entry).collect::<Map<_, _>>())? + "\n")
    }
}

impl Entry {
    fn is_met(&self) -> bool {
        match self.aim {
            Aim::None => true,
            Aim::AtMost(limit) | Aim::AtMostTimes(limit, _) => self.value <= limit,
            Aim::AtLeastTimes(limit, _) => self.value >= limit,
            Aim::Below(limit) => self.value < limit,
        }
    }

    fn aim_text(&self) -> String {
        match self.aim {
            Aim::None => "–".to_owned(),
            Aim::AtMost(limit) => format!("≤ {limit} {}", self.unit),
            Aim::AtMostTimes(limit, what) => format!("≤ {limit} × {what}"),
            Aim::AtLeastTimes(limit, what) => format!("≥ {limit} × {what}"),
            Aim::Below(limit) => format!("< {limit} {}", self.unit),
        }
    }

    fn value_text(&self) -> String {
        let digits = match self.unit {
            Unit::PerSecond => 0,
            Unit::Megabytes => 1,
            Unit::Milliseconds | Unit::Times | Unit::Seconds => 2,
        };
        format!("{:.digits$} {}", self.value, self.unit)
    }

    fn mark(&self) -> &'static str {
        match (self.aim, self.is_met()) {
            (Aim::None, _) => "",
            (_, true) => "ok",
            (_, false) => "missed",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Times => "×",
            Self::PerSecond => "/s",
            Self::Megabytes => "MB",
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 4]> = self
            .0
            .iter()
            .map(|one| {
                [
                    one.title.clone(),
                    one.value_text(),
                    one.aim_text(),
                    one.mark().to_owned(),
                ]
            })
            .collect();
        let widest = |column: usize, title: &str| {
            let cells = rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count());
            cells
                .chain([title.chars().count()])
                .max()
                .unwrap_or_default()
        };
        let (what, measured, aim) = (widest(0, "what"), widest(1, "measured"), widest(2, "aim"));
        writeln!(
            f,
            "{:<what$}  {:>measured$}  {:<aim$}",
            "what", "measured", "aim"
        )?;
        writeln!(f, "{}", "─".repeat(what + measured + aim + 12))?;
        for [title, value, limit, mark] in &rows {
            writeln!(
                f,
                "{title:<what$}  {value:>measured$}  {limit:<aim$}  {mark}"
            )?;
        }
        Ok(())
    }
}
