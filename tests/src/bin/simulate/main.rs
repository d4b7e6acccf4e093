//! `make simulate`: a year at the door in about a minute, played through the real rules and watched at every step.
//!
//! Members, walk-ins, reservations, no-shows, latecomers, people who stay too long or leave without a scan, power cuts and a changing
//! office act on `domain`'s own `decide`, `apply` and `next_due`. What must never happen is looked for in the journal's entries
//! ([`promises`]); a broken promise ends the program with its day and step, and the same `SEED` plays it again. Then small days are played
//! beside the best possible choice of seats ([`best`]) and first-fit. An aim that is missed is shown and no error.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod best;
mod centre;
mod chance;
mod compare;
mod day;
mod demand;
mod desk;
mod promises;
mod queue_order;
mod remedies;
mod small_day;
mod small_floor;
mod summary;
mod tally;
#[cfg(test)]
mod tests;
mod waiting;
mod year;

use anyhow::Context;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use year::{Scale, Year};

/// Small days compared in each band.
const COMPARED: u64 = 30;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("simulate: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Plays everything; whether every promise was kept.
fn run() -> anyhow::Result<bool> {
    let begun = Instant::now();
    let scale = Scale {
        days: asked("DAYS", 365)?,
        seed: asked("SEED", 1)?,
        demand: asked("DEMAND", 90)?,
    };
    println!(
        "{} days from the seed {}, a demand of {} % of all seats",
        scale.days, scale.seed, scale.demand
    );
    let is_terminal = std::io::stdout().is_terminal();
    let played = year::play(scale, |date| {
        if is_terminal {
            print!("\r{date} ");
            drop(std::io::stdout().flush());
        }
    });
    let year = match played {
        Ok(year) => year,
        Err(failure) => {
            eprintln!("\nA promise is broken. {failure}\nRecorded last:");
            failure.lately.iter().for_each(|line| eprintln!("  {line}"));
            eprintln!(
                "Play it again: make simulate SEED={} DAYS={} DEMAND={}",
                scale.seed,
                failure.days(),
                scale.demand
            );
            write(&summary::broken(&failure.broken))?;
            return Ok(false);
        }
    };
    show(&year, begun);
    let bands = compare::all_bands(scale.seed, COMPARED)
        .with_context(|| format!("on a small day; play it again with SEED={}", scale.seed))?;
    println!("\n{}", compare::table(&bands));
    let summary = summary::of(&year, &bands, begun.elapsed().as_secs_f64());
    println!("{summary}");
    write(&summary.to_json())?;
    Ok(true)
}

fn show(year: &Year, begun: Instant) {
    println!("\r{}", tally::table(&year.rows));
    println!("{}", tally::table(&[("together".to_owned(), year.total)]));
    println!("The day with the most visits, {}", year.picture);
    println!(
        "{} commands decided and {} events recorded in {:.0} s, every step checked: no promise is broken.",
        year.steps,
        year.events,
        begun.elapsed().as_secs_f64()
    );
}

/// A number from the environment.
fn asked<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    name: &str,
    usual: T,
) -> anyhow::Result<T> {
    match std::env::var(name) {
        Ok(text) => text.trim().parse().with_context(|| {
            format!("{name}={text} is not a number; give one, such as {name}=30, or leave it out")
        }),
        Err(_) => Ok(usual),
    }
}

/// `target/simulate/summary.json`.
fn write(text: &str) -> anyhow::Result<()> {
    let folder = Path::new("target/simulate");
    let file = folder.join("summary.json");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&file, text))
        .with_context(|| format!("cannot write {}", file.display()))
}
