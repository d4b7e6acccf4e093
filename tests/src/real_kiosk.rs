//! The real `kiosk` program as a child, to be killed as a power cut would.

use crate::child::Child;
use crate::scanner::Pty;
use crate::test_kiosk::{DOOR, PATIENCE, read_journal, until_open};
use crate::test_office::{CLOCK, KIOSK, TestOffice};
use crate::waiting::wait_for;
use anyhow::{Context, ensure};
use api::Client;
use domain::record::Chained;
use kiosk::config::Config;
use nix::sys::signal::Signal;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A program of the workspace, built before the tests.
///
/// # Errors
/// When it is not there.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folders = this.ancestors().skip(1).take(2);
    let found = folders
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.with_context(|| {
        format!("the program {name} is not built; run: cargo build --workspace --bins")
    })
}

/// The program, its data, its scanner.
pub struct RealKiosk {
    /// Its scanner.
    pub scanner: Pty,
    configuration: PathBuf,
    child: Option<Child>,
    starts: u32,
    folder: TempDir,
}

impl RealKiosk {
    /// Starts it and waits until it is open.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(office: &TestOffice) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let scanner = Pty::open()?;
        let configuration = folder.path().join("kiosk.toml");
        fs::write(folder.path().join("office-token"), office.kiosk_token())?;
        let text = format!(
            "[kiosk]\nid = \"{KIOSK}\"\ndata_dir = \"data\"\nmode = \"rehearsal\"\nclock = \"{CLOCK}\"\n\n\
             [listen]\nlocal = \"127.0.0.1:0\"\nsignage = \"127.0.0.1:0\"\nstaff = \"127.0.0.1:0\"\n\n\
             [office]\nurl = \"http://{}\"\nbroker_port = {}\ntoken_file = \"office-token\"\n\n\
             [[station]]\nid = \"{DOOR}\"\ntoken_file = \"door-token\"\n\n\
             [[scanner]]\nname = \"door\"\npath = \"{}\"\nstation = \"{DOOR}\"\n",
            office.http_line.address(),
            office.broker_line.address().port(),
            scanner.path().display(),
        );
        fs::write(&configuration, text)?;
        let mut kiosk = Self {
            scanner,
            configuration,
            child: None,
            starts: 0,
            folder,
        };
        kiosk.open().await?;
        Ok(kiosk)
    }

    /// Starts it again with the same data.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(&mut self) -> anyhow::Result<()> {
        self.starts += 1;
        let mut command = Command::new(program("kiosk")?);
        command
            .arg("--config")
            .arg(&self.configuration)
            .env("NO_COLOR", "1")
            .env("RUST_LOG", "info");
        self.child = Some(Child::start("kiosk", command, &self.log())?);
        until_open(&self.client().await?, PATIENCE).await
    }

    /// SIGKILL: no farewell, nothing written any more.
    ///
    /// # Errors
    /// When it was not running.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("it does not run")?;
        ensure!(
            child.ended().is_none(),
            "it had ended before; its log says:\n{}",
            self.said()
        );
        child.signal(Signal::SIGKILL);
        child.wait(PATIENCE).await.context("it outlived SIGKILL")?;
        Ok(())
    }

    /// A client at the door.
    ///
    /// # Errors
    /// When it does not say where it listens.
    pub async fn client(&self) -> anyhow::Result<Client> {
        let address = wait_for("the kiosk's address in its log", PATIENCE, async || {
            self.address()
        })
        .await;
        let address = address.with_context(|| self.said())?;
        let token = fs::read_to_string(self.folder.path().join("door-token"))?;
        Ok(Client::new(&format!("http://{address}"), &token)?)
    }

    /// Kills it if it runs, and reads its journal from `day.opened` on.
    ///
    /// # Errors
    /// When the journal is not whole.
    pub fn journal(mut self) -> anyhow::Result<Vec<Chained>> {
        self.child = None;
        read_journal(&Config::read(&self.configuration)?)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join(format!("log-{}", self.starts))
    }

    fn said(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn address(&self) -> Option<String> {
        let said = self.said();
        let line = said
            .lines()
            .find(|line| line.contains("the door is open"))?;
        line.split_whitespace()
            .find_map(|word| word.strip_prefix("local="))
            .map(str::to_owned)
    }
}
