//! Tokens and configurations, as a person setting up a centre would write them.

use super::folder::Folder;
use super::places::Places;
use super::programs::Programs;
use anyhow::{Context, ensure};
use chrono::{DateTime, FixedOffset, TimeDelta};
use office::secret::{random_hex, write_private};
use serde_json::json;
use std::fs;
use std::path::Path;

/// What the clock reads when the centre is made: a Tuesday, before noon.
pub(super) const CLOCK: &str = "2026-11-24T11:42:00+09:00";
/// The first day of the sample's week.
const DATE: &str = "2026-11-24";
/// The kiosk's id at the office.
pub(super) const KIOSK: &str = "koto-1";
/// The only station, as the sample's floor knows it.
pub(super) const STATION: &str = "door";
const USER: &str = "demo";

/// What the demo itself needs to know.
pub(super) struct Secrets {
    /// The station's token.
    pub station: String,
    /// The kiosk's token for the office.
    pub kiosk: String,
}

pub(super) fn write(folder: &Folder, places: &Places, scanner: &Path) -> anyhow::Result<Secrets> {
    let station = token(folder, "token")?;
    let office = token(folder, "office-token")?;
    let kiosk = token(folder, "kiosk-token")?;
    let password = token(folder, "office-password")?;
    let put = |name: &str, text: String| {
        fs::write(folder.file(name), text)
            .with_context(|| format!("cannot write {}", folder.shown(name)))
    };
    put("office.toml", office_configuration(folder, places)?)?;
    put("kiosk.toml", kiosk_configuration(places, scanner))?;
    let access =
        json!({ "url": places.office_url(), "token": office, "user": USER, "password": password });
    put("office.json", format!("{access:#}\n"))?;
    Ok(Secrets { station, kiosk })
}

/// Reads a secret, or makes one where there is none.
fn token(folder: &Folder, name: &str) -> anyhow::Result<String> {
    let path = folder.file(name);
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(text);
    }
    let text = random_hex::<16>().context("the system has no randomness")?;
    write_private(&path, &text).with_context(|| format!("cannot write {}", folder.shown(name)))?;
    Ok(text)
}

fn office_configuration(folder: &Folder, places: &Places) -> anyhow::Result<String> {
    // The kiosk's clock went on while nobody looked, so the office's must too.
    let begun: DateTime<FixedOffset> = CLOCK.parse()?;
    let clock = (begun + TimeDelta::from_std(folder.age())?).to_rfc3339();
    let Places { office, broker, .. } = places;
    Ok(format!(
        "[office]\nlisten = \"127.0.0.1:{office}\"\ndata_dir = \"office\"\ntoken_file = \"office-token\"\nclock = \"{clock}\"\n\n\
         [broker]\nembedded = true\nlisten = \"127.0.0.1:{broker}\"\n\n\
         [[kiosk]]\nid = \"{KIOSK}\"\ntoken_file = \"kiosk-token\"\nrehearsal = true\n"
    ))
}

fn kiosk_configuration(places: &Places, scanner: &Path) -> String {
    let Places {
        kiosk,
        signage,
        broker,
        staff,
        ..
    } = places;
    format!(
        "[kiosk]\nid = \"{KIOSK}\"\ndata_dir = \"kiosk\"\nmode = \"rehearsal\"\nclock = \"{CLOCK}\"\n\n\
         [listen]\nlocal = \"127.0.0.1:{kiosk}\"\nsignage = \"0.0.0.0:{signage}\"\nstaff = \"127.0.0.1:{staff}\"\n\n\
         [office]\nurl = \"{}\"\nbroker_port = {broker}\ntoken_file = \"kiosk-token\"\n\n\
         [[station]]\nid = \"{STATION}\"\ntoken_file = \"token\"\n\n\
         [[scanner]]\nname = \"door\"\npath = \"{}\"\nstation = \"{STATION}\"\n",
        places.office_url(),
        scanner.display(),
    )
}

pub(super) fn put_sample(folder: &Folder, programs: &Programs) -> anyhow::Result<()> {
    let out = folder.path().display().to_string();
    programs.run_office(folder, &["sample", "--date", DATE, "--out", &out], None)?;
    let password = fs::read_to_string(folder.file("office-password"))?;
    programs.run_office(folder, &["user", "add", USER], Some(&password))?;
    ensure!(
        folder.file("codes.csv").is_file(),
        "the office wrote no codes.csv into {}",
        folder.path().display()
    );
    Ok(())
}
