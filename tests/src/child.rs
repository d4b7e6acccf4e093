//! A program as a child of this one: in a process group of its own, its output in a log, and ended with its parent whatever happens to that.

use crate::waiting::wait_for;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, getppid};
use std::fs::OpenOptions;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// A running program. Dropping it kills its whole group.
#[derive(Debug)]
pub struct Child {
    name: String,
    process: std::process::Child,
    log: PathBuf,
    status: Option<ExitStatus>,
}

impl Child {
    /// Starts `command`; what it says is added to the file `log`.
    ///
    /// The kernel kills it when the *thread* that called this ends, so call it from one that lives as long as the child shall.
    ///
    /// # Errors
    /// When the log cannot be opened or the program cannot be started.
    pub fn start(name: &str, mut command: Command, log: &Path) -> io::Result<Self> {
        let output = OpenOptions::new().create(true).append(true).open(log)?;
        command
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        // Ctrl-C on the terminal is for the parent alone, which ends its children in order.
        command.process_group(0);
        die_with_parent(&mut command);
        let process = command.spawn()?;
        Ok(Self {
            name: name.to_owned(),
            process,
            log: log.to_owned(),
            status: None,
        })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it says what it does.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Its process id, which is also its group's.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = self.process.try_wait().ok().flatten();
        }
        self.status
    }

    /// Waits until it has ended by itself; `None` when it has not within `patience`.
    pub async fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let what = format!("the end of {}", self.name);
        wait_for(&what, patience, async || self.ended()).await.ok()
    }

    /// Sends a signal to it and to everything it started.
    pub fn signal(&self, signal: Signal) {
        // A group that is gone already is what a signal is to bring about.
        if self.status.is_none()
            && let Ok(id) = i32::try_from(self.process.id())
        {
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }

    /// Asks it to end, and makes it end after `patience`. True if it ended when asked.
    pub async fn stop(mut self, patience: Duration) -> bool {
        self.signal(Signal::SIGTERM);
        self.wait(patience).await.is_some()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.signal(Signal::SIGKILL);
        // It is dead or as good as; this only takes the zombie away.
        let _ = self.process.wait();
    }
}

/// Has the kernel kill the child with its parent, also when that is killed itself.
#[expect(
    unsafe_code,
    reason = "no safe interface sets the parent-death signal of a child"
)]
fn die_with_parent(command: &mut Command) {
    let parent = Pid::this();
    let prepare = move || {
        set_pdeathsig(Signal::SIGKILL)?;
        // The parent may have gone in the moment before.
        if getppid() == parent {
            Ok(())
        } else {
            Err(io::Error::from(io::ErrorKind::BrokenPipe))
        }
    };
    // SAFETY: between fork and exec the closure makes two system calls, prctl and getppid, both async-signal-safe, and allocates nothing.
    unsafe { command.pre_exec(prepare) };
}
