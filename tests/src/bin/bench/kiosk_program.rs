//! The real `kiosk` program at work, linked to an office: what it takes.

use super::at_door::STATION;
use super::centre::{CLOCK, Centre, KIOSK};
use super::ground::{Ground, programs_folder};
use super::registration::office_config;
use anyhow::{Context, bail, ensure};
use api::screen::{Centre as CentreView, FloorView, StreamItem};
use api::{Client, Verdict};
use domain::code::PassText;
use e2e::child::Child;
use e2e::waiting::wait_for;
use futures_util::StreamExt;
use kiosk::config::OfficeConfig;
use nix::time::ClockId;
use nix::unistd::Pid;
use office::RunningOffice;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How long the program may take until it has what it needs.
const PATIENCE: Duration = Duration::from_secs(30);
const FAREWELL: Duration = Duration::from_secs(8);
/// Check-ins of a busy day; so many people are inside at once.
const CHECK_INS: usize = 200;
const INSIDE: usize = 5;

pub(super) struct KioskProgram {
    child: Child,
    office: RunningOffice,
    client: Client,
    passes: Vec<PassText>,
    /// The centre and its floor, as a screen gets them.
    pub(super) scene: (CentreView, FloorView),
    pub(super) url: String,
    pub(super) token_file: PathBuf,
}

impl KioskProgram {
    pub(super) async fn start(ground: &Ground, centre: &Centre) -> anyhow::Result<Self> {
        let program = programs_folder()?.join("kiosk");
        ensure!(
            program.is_file(),
            "{} is missing; build it with: cargo build --workspace --bins",
            program.display()
        );
        let office = centre.open().await.context("the office does not start")?;
        let folder = ground.folder("kiosk-program")?;
        let (port, signage) = (free_port()?, free_port()?);
        let file = folder.join("kiosk.toml");
        std::fs::write(
            &file,
            configuration(port, signage, &office_config(&folder, &office)?),
        )?;
        let mut command = Command::new(program);
        command.arg("--config").arg(&file);
        let child = Child::start("kiosk", command, &folder.join("kiosk.log"))
            .context("the kiosk program does not start")?;
        let (url, token_file) = (format!("http://127.0.0.1:{port}"), folder.join("token"));
        let token = wait_for("the kiosk's token", PATIENCE, || async {
            read_token(&token_file)
        })
        .await?;
        let client = Client::new(&url, &token)?;
        let passes: Vec<PassText> = centre.passes().take(CHECK_INS).collect();
        // Each asked once: the station would repeat its answer to the same code for some seconds.
        let mut unasked = passes.iter().cycle();
        let scene = wait_for("the kiosk's floor and members", PATIENCE, || {
            ready(&client, unasked.next())
        })
        .await
        .with_context(|| format!("read {}", child.log().display()))?;
        Ok(Self {
            child,
            office,
            client,
            passes,
            scene,
            url,
            token_file,
        })
    }

    /// CPU time in milliseconds that the program took for one check-in, all its threads and what it sends to the office included.
    pub(super) async fn cpu_per_check_in(&self) -> anyhow::Result<f64> {
        let mut used = Duration::ZERO;
        for group in self.passes.chunks(INSIDE) {
            let before = self.cpu()?;
            let mut visits = Vec::new();
            for pass in group {
                let Verdict::Offer(offered) = self.client.scan(pass.as_str()).await? else {
                    bail!("a visitor was offered no seat")
                };
                let Verdict::Admitted(admitted) = self.client.choose(&offered.offer, 0).await?
                else {
                    bail!("a visitor was not admitted")
                };
                visits.push(admitted.visit);
            }
            used += self.cpu()? - before;
            for visit in visits {
                self.client.leave(&visit).await?;
            }
        }
        Ok(used.as_secs_f64() * 1e3 / self.passes.len() as f64)
    }

    fn cpu(&self) -> anyhow::Result<Duration> {
        let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(i32::try_from(self.child.id())?))
            .context("the kiosk has no CPU clock")?;
        Ok(clock
            .now()
            .context("the kiosk's CPU clock cannot be read")?
            .into())
    }

    /// In megabytes.
    pub(super) fn resident_memory(&self) -> anyhow::Result<f64> {
        resident_memory(self.child.id())
    }

    pub(super) async fn stop(self) {
        if !self.child.stop(FAREWELL).await {
            eprintln!("the kiosk did not end when asked and was killed");
        }
        self.office.shutdown().await;
    }
}

/// What `/proc` says, in megabytes.
pub(super) fn resident_memory(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .context("the process has gone")?;
    let kilobytes = status.lines().find_map(|line| {
        line.strip_prefix("VmRSS:")?
            .trim()
            .strip_suffix("kB")?
            .trim()
            .parse::<f64>()
            .ok()
    });
    Ok(kilobytes.context("/proc does not say how much memory a process has")? * 1024.0 / 1e6)
}

fn read_token(path: &Path) -> Option<String> {
    std::fs::read_to_string(path)
        .ok()
        .filter(|token| token.trim().len() >= 16)
}

/// The floor and the members are there.
async fn ready(client: &Client, pass: Option<&PassText>) -> Option<(CentreView, FloorView)> {
    let mut stream = Box::pin(client.stream(None).await.ok()?);
    let StreamItem::Snapshot { centre, floor } = stream.next().await?.ok()? else {
        return None;
    };
    let is_known = centre.free_seats > 0
        && matches!(client.scan(pass?.as_str()).await.ok()?, Verdict::Offer(_));
    is_known.then_some((centre, floor))
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .context("no port is free")?
        .local_addr()?
        .port())
}

fn configuration(port: u16, signage: u16, office: &OfficeConfig) -> String {
    format!(
        "[kiosk]\nid = \"{KIOSK}\"\ndata_dir = \"data\"\nmode = \"rehearsal\"\nclock = \"{CLOCK}\"\n\n\
         [listen]\nlocal = \"127.0.0.1:{port}\"\nsignage = \"127.0.0.1:{signage}\"\nstaff = \"127.0.0.1:0\"\n\n\
         [office]\nurl = \"{}\"\nbroker_port = {}\ntoken_file = \"office-token\"\n\n\
         [[station]]\nid = \"{STATION}\"\ntoken_file = \"token\"\n",
        office.url, office.broker_port,
    )
}
