//! How long a scan takes until its verdict is on disk, beside what the disk itself takes.

use super::at_door::Door;
use super::bare_commit::BareCommit;
use super::centre::Centre;
use super::ground::{self, Ground};
use super::report::{Aim, Report, Unit};
use super::spread::{Spread, median};
use std::time::Duration;

const BLOCKS: usize = 9;
const BLOCK: usize = 500;
/// Blocks are shorter where the disk is so slow that they would take longer than this together.
const PATIENCE: Duration = Duration::from_secs(75);
const SHORTEST_BLOCK: usize = 100;
/// Commits before it counts: until logs have their full length, and memory is where it stays.
const WARM_UP: usize = 400;
const CROWD: usize = 100;
const CROWDS: usize = 15;

#[derive(Clone, Copy)]
enum Contender {
    Bare,
    Desk,
    Http,
    LargeDesk,
}

const CONTENDERS: [Contender; 4] = [
    Contender::Bare,
    Contender::Desk,
    Contender::Http,
    Contender::LargeDesk,
];

/// The blocks of each contender.
#[derive(Default)]
struct Blocks {
    bare: Vec<Spread>,
    desk: Vec<Spread>,
    http: Vec<Spread>,
    large: Vec<Spread>,
}

struct Race {
    bare: BareCommit,
    door: Door,
    large: Door,
}

pub(super) async fn measure(
    ground: &Ground,
    small: &Centre,
    large: &Centre,
    report: &mut Report,
) -> anyhow::Result<()> {
    ground::step("Scans at the door, beside bare commits");
    let mut door = Door::open(ground, small).await?;
    let bytes = door.record_bytes()?;
    let bare = BareCommit::open(&ground.file("bare.db"), bytes)?;
    let mut race = Race {
        bare,
        door,
        large: Door::open(ground, large).await?,
    };
    let block = race.warm_up().await?;
    println!(
        "          {BLOCKS} blocks of {block}; a row of the bare commit has {bytes} bytes, as the records of a scan have"
    );
    let mut blocks = Blocks::default();
    for round in 0..BLOCKS {
        // Each begins as often as the others, so that none has the better part of whatever else the machine does.
        let mut order = CONTENDERS;
        order.rotate_left(round % CONTENDERS.len());
        for contender in order {
            let spread = race.block(contender, block).await?;
            match contender {
                Contender::Bare => blocks.bare.push(spread),
                Contender::Desk => blocks.desk.push(spread),
                Contender::Http => blocks.http.push(spread),
                Contender::LargeDesk => blocks.large.push(spread),
            }
        }
    }
    blocks.report(report);
    crowds(&mut race.door, report).await?;
    race.door.close().await;
    race.large.close().await;
    Ok(())
}

impl Race {
    /// Gives how many scans fit into a block.
    async fn warm_up(&mut self) -> anyhow::Result<usize> {
        let mut slowest = 0.0_f64;
        for contender in CONTENDERS {
            let spread = self.block(contender, WARM_UP).await?;
            slowest = slowest.max(spread.percentile(50));
        }
        let fits = PATIENCE.as_secs_f64() * 1e3 / (slowest * (BLOCKS * CONTENDERS.len()) as f64);
        Ok((fits as usize).clamp(SHORTEST_BLOCK, BLOCK))
    }

    async fn block(&mut self, contender: Contender, size: usize) -> anyhow::Result<Spread> {
        let mut times = Vec::with_capacity(size);
        for _ in 0..size {
            times.push(match contender {
                Contender::Bare => self.bare.commit()?,
                Contender::Desk => self.door.scan().await?,
                Contender::Http => self.door.scan_over_http().await?,
                Contender::LargeDesk => self.large.scan().await?,
            });
        }
        Ok(Spread::of(&times))
    }
}

impl Blocks {
    fn report(&self, report: &mut Report) {
        let middle = |blocks: &[Spread], percent| {
            median(blocks.iter().map(|block| block.percentile(percent)))
        };
        let (bare, desk) = (
            [50, 99].map(|percent| middle(&self.bare, percent)),
            [50, 99].map(|percent| middle(&self.desk, percent)),
        );
        let (http, large) = (
            [50, 99].map(|percent| middle(&self.http, percent)),
            [50, 99].map(|percent| middle(&self.large, percent)),
        );
        let mut time =
            |name, what: &str, value| report.add(name, what, value, Unit::Milliseconds, Aim::None);
        time("bare_commit_p50", "bare SQLite commit, p50", bare[0]);
        time("bare_commit_p99", "bare SQLite commit, p99", bare[1]);
        time(
            "desk_p50",
            "scan → durable verdict at the desk, p50",
            desk[0],
        );
        time(
            "desk_p99",
            "scan → durable verdict at the desk, p99",
            desk[1],
        );
        let mut ratio =
            |name, what: &str, value, aim| report.add(name, what, value, Unit::Times, aim);
        ratio(
            "desk_to_bare_p50",
            "  to the bare commit, p50",
            desk[0] / bare[0],
            Aim::None,
        );
        ratio(
            "desk_to_bare_p99",
            "  to the bare commit, p99",
            desk[1] / bare[1],
            Aim::AtMostTimes(1.3, "bare commit"),
        );
        let mut time =
            |name, what: &str, value, aim| report.add(name, what, value, Unit::Milliseconds, aim);
        time("http_p50", "the same over HTTP, p50", http[0], Aim::None);
        time("http_p99", "the same over HTTP, p99", http[1], Aim::None);
        time(
            "http_extra_p50",
            "  in addition to the desk, p50",
            http[0] - desk[0],
            Aim::AtMost(0.3),
        );
        time(
            "http_extra_p99",
            "  in addition to the desk, p99",
            http[1] - desk[1],
            Aim::AtMost(0.3),
        );
        time(
            "large_desk_p50",
            "the same with 10 years, 50,000 members, p50",
            large[0],
            Aim::None,
        );
        time(
            "large_desk_p99",
            "the same with 10 years, 50,000 members, p99",
            large[1],
            Aim::None,
        );
        let mut ratio = |name, what: &str, value| {
            report.add(
                name,
                what,
                value,
                Unit::Times,
                Aim::AtMostTimes(1.1, "small"),
            )
        };
        ratio(
            "large_to_small_p50",
            "  to the small centre, p50",
            large[0] / desk[0],
        );
        ratio(
            "large_to_small_p99",
            "  to the small centre, p99",
            large[1] / desk[1],
        );
    }
}

/// A hundred scans one after the other, each with a commit of its own, and a hundred that wait together.
async fn crowds(door: &mut Door, report: &mut Report) -> anyhow::Result<()> {
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..CROWDS {
        let mut sum = Duration::ZERO;
        for _ in 0..CROWD {
            sum += door.scan().await?;
        }
        alone.push(CROWD as f64 / sum.as_secs_f64());
        together.push(CROWD as f64 / door.scan_at_once(CROWD).await?.as_secs_f64());
    }
    let (alone, together) = (median(alone), median(together));
    report.add(
        "one_by_one",
        "100 scans one after the other",
        alone,
        Unit::PerSecond,
        Aim::None,
    );
    report.add(
        "at_once",
        "100 scans at once",
        together,
        Unit::PerSecond,
        Aim::None,
    );
    report.add(
        "at_once_ratio",
        "  to one after the other",
        together / alone,
        Unit::Times,
        Aim::AtLeastTimes(10.0, "one commit each"),
    );
    Ok(())
}
