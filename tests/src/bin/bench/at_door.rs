//! A kiosk's service within this program, asked at its desk and over HTTP.

use super::centre::{self, CLOCK, Centre, KIOSK, code};
use super::ground::Ground;
use anyhow::{Context, bail, ensure};
use api::{Client, Verdict};
use domain::code::{Code, PassText};
use domain::event::{Entry, Stamp};
use domain::ids::{OfferId, StationId};
use domain::{Command, Context as Circumstances, decide};
use kiosk::config::{
    Config, KioskConfig, ListenConfig, ModeConfig, OfficeConfig, StaffConfig, StationConfig,
};
use kiosk::desk::{Answer, Desk};
use kiosk::service::RunningKiosk;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The only station with a token.
pub(super) const STATION: &str = "door";
/// Visits of the day before it is measured: most people have left, some are inside.
const BEEN_HERE: usize = 40;
const INSIDE: usize = 5;

pub(super) struct Door {
    pub(super) kiosk: RunningKiosk,
    pub(super) desk: Desk,
    client: Client,
    passes: Box<dyn Iterator<Item = PassText> + Send>,
    last_offer: Option<OfferId>,
}

impl Door {
    /// A kiosk that has adopted all a centre tells it, with half a day behind it. No office disturbs it.
    pub(super) async fn open(ground: &Ground, centre: &Centre) -> anyhow::Result<Self> {
        let folder = ground.folder(&format!("door-{}", centre.size.name()))?;
        let kiosk = kiosk::service::start(config(&folder, None)?)
            .await
            .context("the kiosk does not start")?;
        let desk = kiosk.desk();
        for stored in &centre.collections {
            desk.adopt(stored.clone(), Arc::clone(&centre.reference))
                .await?;
        }
        let token =
            std::fs::read_to_string(folder.join("token")).context("the kiosk made no token")?;
        let client = Client::new(&format!("http://{}", kiosk.local), &token)?;
        let mut door = Self {
            kiosk,
            desk,
            client,
            passes: Box::new(centre.passes()),
            last_offer: None,
        };
        for _ in INSIDE..BEEN_HERE {
            let pass = door.next_pass()?;
            door.receive(&pass, true).await?;
        }
        let inside: Vec<PassText> = (0..INSIDE)
            .map(|_| door.next_pass())
            .collect::<anyhow::Result<_>>()?;
        for pass in &inside {
            door.receive(pass, false).await?;
        }
        // Whoever is inside does not come in.
        door.passes = Box::new(centre.passes().filter(move |pass| !inside.contains(pass)));
        Ok(door)
    }

    /// Somebody without a reservation comes in, and perhaps leaves again.
    async fn receive(&self, pass: &PassText, leaves: bool) -> anyhow::Result<()> {
        let scan = scan(STATION.into(), code(pass));
        let Some(Verdict::Offer(offered)) = self.desk.decide(scan, None).await?.verdict else {
            bail!("a visitor was offered no seat")
        };
        let choose = Command::Choose {
            station: STATION.into(),
            offer: offered.offer,
            choice: 0,
        };
        let Some(Verdict::Admitted(admitted)) = self.desk.decide(choose, None).await?.verdict
        else {
            bail!("a visitor was not admitted")
        };
        if leaves {
            self.desk
                .decide(
                    Command::Leave {
                        visit: admitted.visit,
                    },
                    None,
                )
                .await?;
        }
        Ok(())
    }

    fn next_pass(&mut self) -> anyhow::Result<PassText> {
        self.passes.next().context("nobody is left to come")
    }

    /// Somebody else's pass every time: nobody gets an answer that was given before.
    pub(super) fn next_scan(&mut self) -> anyhow::Result<Command> {
        Ok(scan(STATION.into(), code(&self.next_pass()?)))
    }

    /// One scan at the desk, until its verdict is durable.
    pub(super) async fn scan(&mut self) -> anyhow::Result<Duration> {
        let scan = self.next_scan()?;
        let begun = Instant::now();
        let answer = self.desk.decide(scan, None).await?;
        let took = begun.elapsed();
        self.expect_offer(answer.verdict)?;
        Ok(took)
    }

    /// The same by a station's client over a connection it keeps.
    pub(super) async fn scan_over_http(&mut self) -> anyhow::Result<Duration> {
        let pass = self.next_pass()?;
        let begun = Instant::now();
        let verdict = self.client.scan(pass.as_str()).await?;
        let took = begun.elapsed();
        self.expect_offer(Some(verdict))?;
        Ok(took)
    }

    /// Scans that all wait at the same time, until the last has its verdict.
    pub(super) async fn scan_at_once(&mut self, count: usize) -> anyhow::Result<Duration> {
        let scans = (0..count)
            .map(|_| self.next_scan())
            .collect::<anyhow::Result<Vec<_>>>()?;
        let begun = Instant::now();
        let answers = futures_util::future::join_all(
            scans.into_iter().map(|scan| self.desk.decide(scan, None)),
        )
        .await;
        let took = begun.elapsed();
        for answer in answers {
            self.expect_offer(answer?.verdict)?;
        }
        Ok(took)
    }

    /// A seat was offered, and newly: an offer's id is the number of the record that was committed for it.
    fn expect_offer(&mut self, verdict: Option<Verdict>) -> anyhow::Result<()> {
        let Some(Verdict::Offer(offered)) = verdict else {
            bail!("a scan was answered with {verdict:?} instead of an offer")
        };
        ensure!(
            self.last_offer.as_ref() != Some(&offered.offer),
            "a scan was answered without a record"
        );
        self.last_offer = Some(offered.offer);
        Ok(())
    }

    /// How many bytes the records of one scan have.
    pub(super) fn record_bytes(&mut self) -> anyhow::Result<usize> {
        let command = self.next_scan()?;
        let state = self.desk.published().borrow().clone();
        let clock = self.desk.clock();
        let (run, seq) = ("0123456789abcdef".into(), 1000);
        let circumstances = Circumstances {
            now: clock.now(),
            trusted: true,
            uptime_ms: clock.uptime_ms(),
            run,
            next_seq: seq,
        };
        let events = decide(&state.reference, &state.today, &command, &circumstances).events;
        ensure!(!events.is_empty(), "a scan would leave no record");
        let sizes = events.into_iter().map(|event| {
            let Circumstances {
                now,
                trusted,
                uptime_ms,
                run,
                ..
            } = circumstances.clone();
            let record = Entry {
                stamp: Stamp {
                    run,
                    seq,
                    at: now,
                    uptime_ms,
                    trusted,
                    cause: None,
                },
                event,
            }
            .to_record()?;
            // Two numbers and the hash beside the text.
            Ok(record.run.as_str().len()
                + record.at.len()
                + record.kind.len()
                + record.body.len()
                + 2 * size_of::<u64>()
                + 32)
        });
        sizes.sum()
    }

    pub(super) async fn close(self) {
        self.kiosk.stop().await;
    }
}

/// A scan as the scanner's driver makes it.
pub(super) fn scan(station: StationId, code: Code) -> Command {
    Command::Scan {
        station,
        code,
        typed: false,
    }
}

/// One answer of the desk, where somebody has to be told something.
pub(super) fn verdict(answer: Answer) -> anyhow::Result<Verdict> {
    answer.verdict.context("a scan was not answered")
}

/// A kiosk whose data lies in `folder`, in rehearsal so that the centre is open whenever it is measured.
pub(super) fn config(folder: &Path, office: Option<OfficeConfig>) -> anyhow::Result<Config> {
    ensure!(
        centre::start()?.to_rfc3339() == CLOCK,
        "CLOCK is not in Japan's time"
    );
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Ok(Config {
        kiosk: KioskConfig {
            id: KIOSK.into(),
            data_dir: folder.join("data"),
            secret_file: None,
            mode: ModeConfig::Rehearsal,
            clock: Some(centre::start()?),
            trust_clock: true,
        },
        listen: ListenConfig {
            local: any_port,
            signage: any_port,
            staff: any_port,
        },
        office,
        stations: vec![StationConfig {
            id: STATION.into(),
            token_file: folder.join("token"),
        }],
        scanners: Vec::new(),
        signals: None,
        staff_button: None,
        staff: StaffConfig::default(),
    })
}
