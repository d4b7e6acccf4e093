//! The scanner of the demo: one pty the kiosk reads, and one that people write to.

use super::folder::{Folder, SCANNER};
use crate::scanner::Pty;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io, thread};

/// The scanner.
#[derive(Clone)]
pub(super) struct Scanning(Arc<Ptys>);

struct Ptys {
    device: Pty,
    for_people: Pty,
}

impl Scanning {
    /// Opens both and passes on whatever is written to `target/demo/scanner`.
    pub(super) fn start(folder: &Folder) -> anyhow::Result<(Self, PluggedIn)> {
        let open =
            || Pty::open().context("the system gives no pty for the scanner; is /dev/pts mounted?");
        let (device, for_people) = (open()?, open()?);
        let link = folder.file(SCANNER);
        match fs::remove_file(&link) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).context("cannot renew the scanner's path");
            }
            _ => {}
        }
        std::os::unix::fs::symlink(for_people.path(), &link)
            .context("cannot make the scanner's path")?;
        let ptys = Arc::new(Ptys { device, for_people });
        let passing = Arc::clone(&ptys);
        // Reading a pty blocks, so it has a thread; the process ends without waiting for it.
        thread::Builder::new()
            .name("scanner".to_owned())
            .spawn(move || pass_on(&passing))
            .context("no thread for the scanner")?;
        Ok((Self(ptys), PluggedIn(link)))
    }

    /// What the kiosk is to read.
    pub(super) fn device(&self) -> &Path {
        self.0.device.path()
    }

    /// Holds a code to the scanner.
    pub(super) fn scan(&self, code: &str) -> io::Result<()> {
        self.0.device.scan(code)
    }
}

/// The scanner's path for as long as this lives: later somebody else's terminal could have that number.
pub(super) struct PluggedIn(PathBuf);

impl Drop for PluggedIn {
    fn drop(&mut self) {
        // Whoever removed the folder removed the link.
        let _ = fs::remove_file(&self.0);
    }
}

fn pass_on(ptys: &Ptys) {
    let mut buffer = [0; 1024];
    loop {
        match ptys.for_people.receive(&mut buffer) {
            Ok(length) => {
                let bytes = buffer.get(..length).unwrap_or_default();
                if let Err(error) = ptys.device.send(bytes) {
                    eprintln!("the kiosk's scanner takes nothing more: {error}");
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                eprintln!("{SCANNER} cannot be read any more: {error}");
                return;
            }
        }
    }
}
