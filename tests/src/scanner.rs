//! A serial scanner without hardware: a pty, raw as such devices are.

use nix::fcntl::OFlag;
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A pseudo terminal. Whoever opens [`Pty::path`] sees a serial device; this side is what is plugged in.
#[derive(Debug)]
pub struct Pty {
    plugged_in: File,
    path: PathBuf,
    // Held open, so that the line stays raw and readable while nobody else has it.
    _device: File,
}

impl Pty {
    /// Opens a new one.
    ///
    /// # Errors
    /// When the system has none left.
    pub fn open() -> io::Result<Self> {
        let master: PtyMaster = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let path = PathBuf::from(ptsname_r(&master)?);
        let device = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlag::O_NOCTTY.bits())
            .open(&path)?;
        let mut settings = tcgetattr(device.as_fd())?;
        cfmakeraw(&mut settings);
        tcsetattr(device.as_fd(), SetArg::TCSANOW, &settings)?;
        Ok(Self {
            plugged_in: File::from(OwnedFd::from(master)),
            path,
            _device: device,
        })
    }

    /// The device.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A scan: the code and a carriage return.
    ///
    /// # Errors
    /// When the other side is gone.
    pub fn scan(&self, code: &str) -> io::Result<()> {
        self.send(format!("{code}\r").as_bytes())
    }

    /// These bytes as they are.
    ///
    /// # Errors
    /// When the other side is gone.
    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.plugged_in).write_all(bytes)
    }

    /// What was written to the device. Blocks until there is something.
    ///
    /// # Errors
    /// When the other side is gone.
    pub fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.plugged_in).read(buffer)
    }
}
