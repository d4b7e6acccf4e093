//! `make bench`: how fast the door is and how much it takes, beside what we aim at (docs/performance.md).
//!
//! Everything is measured by the real code on a real disk: the kiosk's service, the office with its broker, the programs as they are
//! started at the door. An aim that is missed is shown and no error; an error is what could not be measured.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod at_door;
mod bare_commit;
mod centre;
mod ground;
mod history;
mod kiosk_program;
mod registration;
mod report;
mod spread;
mod timing;
mod touch_program;

use anyhow::Context;
use centre::{Centre, Size};
use ground::Ground;
use kiosk_program::KioskProgram;
use report::{Aim, Report, Unit};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        eprintln!("bench: another library has chosen its cryptography before");
    }
    // As many threads as the kiosk has. Children are started from this one, the first: the kernel ends each with the thread that started it.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    match runtime
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run()))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nbench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What can be measured by itself, by naming it as an argument.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Scans,
    Registration,
    Programs,
}

const PARTS: [(&str, Part); 3] = [
    ("scans", Part::Scans),
    ("registration", Part::Registration),
    ("programs", Part::Programs),
];

/// The parts named by the arguments; all where none is.
fn parts() -> anyhow::Result<Vec<Part>> {
    let part = |name: String| {
        PARTS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, part)| *part)
            .with_context(|| format!("{name}: there are scans, registration and programs"))
    };
    let named: Vec<Part> = std::env::args()
        .skip(1)
        .map(part)
        .collect::<anyhow::Result<_>>()?;
    Ok(if named.is_empty() {
        PARTS.map(|(_, part)| part).to_vec()
    } else {
        named
    })
}

/// Measures, prints the table and writes `target/bench/summary.json`.
async fn run() -> anyhow::Result<()> {
    let begun = Instant::now();
    let parts = parts()?;
    let ground = Ground::prepare()?;
    println!("{}", ground.describe()?);
    let mut report = Report::default();
    ground::step("Making up two offices");
    let small = centre::make(&ground, Size::Small).await?;
    let large = centre::make(&ground, Size::Large).await?;
    println!("{}", large.describe());
    for part in parts {
        match part {
            Part::Scans => timing::measure(&ground, &small, &large, &mut report).await?,
            Part::Registration => {
                ground::step("Registered at the office, accepted at the door");
                registration::measure(&ground, &small, &mut report).await?;
                registration::measure(&ground, &large, &mut report).await?;
            }
            Part::Programs => programs(&ground, &small, &mut report).await?,
        }
    }
    println!("\n{report}");
    let summary = ground.file("summary.json");
    std::fs::write(&summary, report.to_json()?)?;
    println!(
        "Measured in {} s; {}",
        begun.elapsed().as_secs(),
        summary.display()
    );
    Ok(())
}

/// The real programs, linked to the small office.
async fn programs(ground: &Ground, centre: &Centre, report: &mut Report) -> anyhow::Result<()> {
    ground::step("The programs");
    let kiosk = KioskProgram::start(ground, centre).await?;
    let cpu = kiosk.cpu_per_check_in().await?;
    report.add(
        "cpu_per_check_in",
        "CPU of the kiosk per check-in (scan and choose)",
        cpu,
        Unit::Milliseconds,
        Aim::AtMost(0.5),
    );
    report.add(
        "kiosk_memory",
        "resident memory of the kiosk with the sample centre",
        kiosk.resident_memory()?,
        Unit::Megabytes,
        Aim::AtMost(40.0),
    );
    touch_program::measure(ground, &kiosk, report).await?;
    kiosk.stop().await;
    Ok(())
}
