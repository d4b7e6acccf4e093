//! The real programs, beside this one.

use super::codes::Visitor;
use super::folder::{Folder, SHOTS};
use super::places::Places;
use super::{codes, files};
use crate::child::Child;
use anyhow::{Context, bail, ensure};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub(super) struct Programs {
    folder: PathBuf,
}

impl Programs {
    pub(super) fn beside_this_one() -> anyhow::Result<Self> {
        let this = std::env::current_exe().context("cannot tell where this program is")?;
        let folder = this
            .parent()
            .context("this program is in no folder")?
            .to_owned();
        for name in ["office", "kiosk", "touch"] {
            ensure!(
                folder.join(name).is_file(),
                "{} is missing; build it with: cargo build --workspace --bins",
                folder.join(name).display()
            );
        }
        Ok(Self { folder })
    }

    fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join(name))
    }

    pub(super) fn office(&self, folder: &Folder) -> anyhow::Result<Child> {
        let mut command = self.command("office");
        command
            .arg("--config")
            .arg(folder.file("office.toml"))
            .args(["serve", "--embedded-broker"]);
        start("office", command, folder)
    }

    pub(super) fn kiosk(&self, folder: &Folder) -> anyhow::Result<Child> {
        let mut command = self.command("kiosk");
        command.arg("--config").arg(folder.file("kiosk.toml"));
        start("kiosk", command, folder)
    }

    pub(super) fn touch(&self, folder: &Folder, places: &Places) -> anyhow::Result<Child> {
        start("touch", self.touch_command(folder, places), folder)
    }

    /// The touch program without a window, which plays a story and saves each screen.
    pub(super) fn story(
        &self,
        folder: &Folder,
        places: &Places,
        visitors: &[Visitor],
    ) -> anyhow::Result<Child> {
        let steps = folder.file("story.txt");
        fs::write(&steps, codes::story(visitors)).context("cannot write the story")?;
        let mut command = self.touch_command(folder, places);
        command
            .arg("--story")
            .arg(folder.file(SHOTS))
            .arg("--story-codes")
            .arg(steps);
        start("touch", command, folder)
    }

    /// A program that has died, started once more. A story is told only once.
    pub(super) fn again(
        &self,
        name: &str,
        folder: &Folder,
        places: &Places,
    ) -> anyhow::Result<Child> {
        match name {
            "office" => self.office(folder),
            "kiosk" => self.kiosk(folder),
            _ if has_display() => self.touch(folder, places),
            _ => bail!("the story of the touch screen broke off"),
        }
    }

    fn touch_command(&self, folder: &Folder, places: &Places) -> Command {
        let mut command = self.command("touch");
        command
            .args(["--station", files::STATION, "--url", &places.kiosk_url()])
            .arg("--token-file")
            .arg(folder.file("token"));
        command
    }

    /// Runs the office program to its end.
    pub(super) fn run_office(
        &self,
        folder: &Folder,
        arguments: &[&str],
        input: Option<&str>,
    ) -> anyhow::Result<()> {
        let mut command = self.command("office");
        command
            .arg("--config")
            .arg(folder.file("office.toml"))
            .args(arguments);
        command
            .env_remove("RUST_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command
            .spawn()
            .context("the office program does not start")?;
        if let (Some(mut stdin), Some(text)) = (process.stdin.take(), input) {
            writeln!(stdin, "{text}").context("the office program takes no input")?;
        }
        let output = process
            .wait_with_output()
            .context("the office program does not end")?;
        if !output.status.success() {
            bail!(
                "office {} failed: {}",
                arguments.first().copied().unwrap_or_default(),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(())
    }
}

fn start(name: &str, command: Command, folder: &Folder) -> anyhow::Result<Child> {
    Child::start(name, command, &folder.file(&format!("{name}.log")))
        .with_context(|| format!("{name} does not start"))
}

pub(super) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

pub(super) fn say_what_touch_did(folder: &Folder) {
    if has_display() {
        println!("The touch window was closed; everything else goes on. Ctrl-C ends the demo.");
        return;
    }
    let mut pictures: Vec<_> = fs::read_dir(folder.file(SHOTS))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    pictures.sort();
    pictures.iter().for_each(|picture| {
        println!(
            "  {}",
            folder.shown(&format!("{SHOTS}/{}", picture.display()))
        )
    });
    println!("The story is told. Everything stays up for the browser; Ctrl-C ends the demo.");
}
