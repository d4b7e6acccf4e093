//! `make demo`: one sample centre on this machine, in rehearsal mode, with its clock set into opening hours.
//!
//! It starts the real programs as children, hands them a scanner that is a pty, and serves a page of codes to click. When it ends, for
//! whatever reason, everything it started ends too.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod codes;
mod codes_page;
mod files;
mod folder;
mod hearing;
mod places;
mod programs;
mod scanning;
mod verdict_words;

pub use codes::Visitor;
pub use folder::Folder;
pub use places::Places;

use crate::child::Child;
use crate::waiting::wait_for;
use anyhow::{Context, bail};
use codes_page::CodesPage;
use domain::reference::DateTime;
use hearing::Hearing;
use programs::Programs;
use scanning::Scanning;
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long one program may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long each program may take to end when asked.
const FAREWELL: Duration = Duration::from_secs(8);
const LOOK: Duration = Duration::from_millis(200);
/// A program that dies more often than this is not started any more.
const DEATHS_IN_A_WHILE: usize = 5;
const A_WHILE: Duration = Duration::from_secs(60);

/// The whole demo, until Ctrl-C.
///
/// # Errors
/// What could not be started, or which program died again and again; always with what to do.
pub async fn run() -> anyhow::Result<()> {
    let mut ending = Ending::listen()?;
    let mut running = Vec::new();
    let outcome = tokio::select! {
        outcome = play(&mut running) => outcome,
        () = ending.asked() => {
            println!("\nEnding …");
            Ok(())
        }
    };
    // The youngest first: screens before the kiosk, the kiosk before the office that takes its last records.
    while let Some(child) = running.pop() {
        let name = child.name().to_owned();
        if !child.stop(FAREWELL).await {
            eprintln!(
                "{name} did not end within {} s and was killed.",
                FAREWELL.as_secs()
            );
        }
    }
    outcome
}

async fn play(running: &mut Vec<Child>) -> anyhow::Result<()> {
    let begun = Instant::now();
    let places = Places::from_environment()?;
    // Before anything is removed: another demo may be at work on it.
    places.check_free()?;
    let folder = Folder::prepare()?;
    let programs = Programs::beside_this_one()?;
    let (scanning, _plugged_in) = Scanning::start(&folder)?;
    let secrets = files::write(&folder, &places, scanning.device())?;
    if folder.is_fresh() {
        step("Making up a centre: members, reservations, programme");
        files::put_sample(&folder, &programs)?;
        folder.finish()?;
        done(begun);
    } else {
        println!("Going on with the data of last time (KEEP=1).");
    }
    start(
        running,
        programs.office(&folder),
        "office",
        "The office",
        &places.office_url(),
    )
    .await?;
    start(
        running,
        programs.kiosk(&folder),
        "kiosk",
        "The kiosk",
        &places.kiosk_url(),
    )
    .await?;
    let hearing = Hearing::start(&places, &secrets.station)?;
    let now = wait_for_seats(running, &hearing).await?;
    let visitors = codes::read(&folder, &places, &secrets.kiosk, now).await?;
    let _page = CodesPage::start(&places, &visitors, &scanning, &hearing).await?;
    show_addresses(&folder, &places, begun);
    if programs::has_display() {
        running.push(programs.touch(&folder, &places)?);
        println!("The touch window is open. Ctrl-C ends the demo.");
    } else {
        println!(
            "No display here (neither DISPLAY nor WAYLAND_DISPLAY), so no touch window. Playing a visitor's story instead:"
        );
        running.push(programs.story(&folder, &places, &visitors)?);
    }
    watch(running, &programs, &folder, &places).await
}

async fn start(
    running: &mut Vec<Child>,
    child: anyhow::Result<Child>,
    name: &str,
    title: &str,
    url: &str,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    step(&format!("{title} starts"));
    running.push(child?);
    let http = reqwest::Client::builder().no_proxy().build()?;
    let health = format!("{url}/healthz");
    let what = format!("an answer from {health}");
    let is_well = async || {
        http.get(&health)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
            .then_some(())
    };
    tokio::select! {
        ready = wait_for(&what, PATIENCE, is_well) => {
            ready.with_context(|| format!("{name} does not work; read its log: {}", log_of(running, name)))?;
        }
        died = death(running) => bail!("{died}"),
    }
    done(begun);
    Ok(())
}

/// Gives the time at the door.
async fn wait_for_seats(running: &mut [Child], hearing: &Hearing) -> anyhow::Result<DateTime> {
    let begun = Instant::now();
    step("The kiosk fetches floor, members and reservations");
    let log = log_of(running, "kiosk");
    let now = tokio::select! {
        ready = hearing.until_open(PATIENCE) => ready.with_context(|| format!("the kiosk learned nothing from the office; read its log: {log}"))?,
        died = death(running) => bail!("{died}"),
    };
    done(begun);
    Ok(now)
}

/// Starts again whatever dies, as systemd does on the device, until one dies again and again. A touch window that was closed and a
/// story that was told are fine.
async fn watch(
    running: &mut Vec<Child>,
    programs: &Programs,
    folder: &Folder,
    places: &Places,
) -> anyhow::Result<()> {
    let mut deaths = Deaths::default();
    loop {
        let ended = running
            .iter_mut()
            .enumerate()
            .find_map(|(index, child)| Some((index, child.ended()?)));
        if let Some((index, status)) = ended {
            let child = running.remove(index);
            let (name, log) = (child.name(), child.log().display());
            if name == "touch" && status.success() {
                programs::say_what_touch_did(folder);
                continue;
            }
            let told = format!("{name} {}", ending_of(status));
            if !deaths.may_be_followed_by_a_start(name) {
                bail!("{told}; read its log: {log}");
            }
            let again = programs
                .again(name, folder, places)
                .with_context(|| format!("{told}; read its log: {log}"))?;
            running.insert(index, again);
            println!("{told}, and was started again, as systemd would do. Its log: {log}");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// When programs died: one that cannot live is not started for ever.
#[derive(Default)]
struct Deaths(Vec<(String, Instant)>);

impl Deaths {
    /// Notes one more death of this program.
    fn may_be_followed_by_a_start(&mut self, name: &str) -> bool {
        self.0.retain(|(_, at)| at.elapsed() < A_WHILE);
        self.0.push((name.to_owned(), Instant::now()));
        self.0.iter().filter(|(who, _)| who == name).count() <= DEATHS_IN_A_WHILE
    }
}

async fn death(running: &mut [Child]) -> String {
    loop {
        if let Some(message) = dead(running) {
            return message;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn dead(running: &mut [Child]) -> Option<String> {
    running
        .iter_mut()
        .filter(|child| child.name() != "touch")
        .find_map(|child| {
            let status = child.ended()?;
            Some(format!(
                "{} {}; read its log: {}",
                child.name(),
                ending_of(status),
                child.log().display()
            ))
        })
}

fn ending_of(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended by itself with code {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended by itself".to_owned(),
    }
}

fn log_of(running: &[Child], name: &str) -> String {
    running
        .iter()
        .find(|child| child.name() == name)
        .map(|child| child.log().display().to_string())
        .unwrap_or_default()
}

fn step(what: &str) {
    use std::io::Write;
    print!("{what} … ");
    // A terminal that is gone is noticed when it matters.
    let _ = std::io::stdout().flush();
}

fn done(begun: Instant) {
    println!("{:.1} s", begun.elapsed().as_secs_f32());
}

fn show_addresses(folder: &Folder, places: &Places, begun: Instant) {
    println!(
        "\nThe centre is open (in {:.1} s). It is a rehearsal; its clock began at {}.\n",
        begun.elapsed().as_secs_f32(),
        files::CLOCK
    );
    println!("  Present a code        {}", places.codes_url());
    println!("  Signage               {}/signage", places.signage_url());
    println!(
        "  Office                {}/   user and password: {}",
        places.office_url(),
        folder.shown("office.json")
    );
    println!(
        "  Staff page            {}   {}",
        places.staff_url(),
        staff_pins()
    );
    println!(
        "                        all PINs and badges: {}; the browser asks once, since the certificate is the kiosk's own",
        folder.shown("staff.csv")
    );
    println!(
        "  Interface             {}/v1/   station's token: {}",
        places.kiosk_url(),
        folder.shown("token")
    );
    println!("  Scanner               {}", folder.shown(folder::SCANNER));
    println!(
        "                        a pty; as if a code were held to it:  echo CODE > {}",
        folder.shown(folder::SCANNER)
    );
    println!("  Codes                 {}", folder.shown("codes.csv"));
    println!("  Logs                  {}\n", folder.shown("*.log"));
}

/// Who may sign in, as `user PIN`.
fn staff_pins() -> String {
    let staff = office::sample::staff();
    let pins: Vec<String> = staff
        .iter()
        .map(|one| format!("{} {}", one.user, one.pin))
        .collect();
    pins.join(", ")
}

/// What ends the demo: Ctrl-C, `kill`, the terminal closing.
struct Ending([Signal; 3]);

impl Ending {
    fn listen() -> anyhow::Result<Self> {
        let on = |kind| signal(kind).context("the system lets nobody listen for signals");
        Ok(Self([
            on(SignalKind::interrupt())?,
            on(SignalKind::terminate())?,
            on(SignalKind::hangup())?,
        ]))
    }

    async fn asked(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
