//! Serial scanners: real ptys, and byte streams as real scanners send them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::fs::File;
use std::future::Future;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::code::{Code, Pass, ReservationNumber, parse};
use domain::ids::StationId;
use kiosk::devices::DeviceState;
use kiosk::devices::scanner::{self, Scanned, ScannerConfig};
use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Far beyond any delay on a busy machine; a test that works never waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("waited {PATIENCE:?} for {what}"))
}

/// A scanner that exists: the master is its USB side. Dropping it pulls the plug.
struct Pty {
    master: File,
    _slave: OwnedFd,
    path: PathBuf,
}

impl Pty {
    fn new() -> Self {
        let pty = openpty(None, None).unwrap();
        // As a serial device is: what is sent before anyone listens waits unchanged.
        let mut settings = tcgetattr(&pty.slave).unwrap();
        cfmakeraw(&mut settings);
        tcsetattr(&pty.slave, SetArg::TCSANOW, &settings).unwrap();
        let path = nix::unistd::ttyname(&pty.slave).unwrap();
        Self {
            master: File::from(pty.master),
            _slave: pty.slave,
            path,
        }
    }

    /// Sends each chunk in a write of its own.
    async fn send<C: AsRef<[u8]>>(&self, chunks: impl IntoIterator<Item = C>) {
        let chunks: Vec<Vec<u8>> = chunks.into_iter().map(|c| c.as_ref().to_vec()).collect();
        let mut master = self.master.try_clone().unwrap();
        let sending = tokio::task::spawn_blocking(move || {
            for chunk in chunks {
                master.write_all(&chunk).unwrap();
            }
        });
        soon("the scanner's bytes to be taken", sending)
            .await
            .unwrap();
    }
}

/// The scanner task with its socket (a link in a directory of its own).
struct Door {
    link: PathBuf,
    scans: mpsc::Receiver<Scanned>,
    status: watch::Receiver<DeviceState>,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
    _directory: TempDir,
}

impl Door {
    /// `idle_gap` is long where only terminators may end a code, however slow the machine is.
    fn open(idle_gap: Duration) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("scanner");
        let config = ScannerConfig {
            idle_gap_ms: idle_gap.as_millis().try_into().unwrap(),
            ..ScannerConfig::new("door", &link, StationId::from("door"))
        };
        let (sink, scans) = mpsc::channel(16);
        let (status_sender, status) = watch::channel(DeviceState::Connecting);
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(scanner::run(config, sink, status_sender, shutdown.clone()));
        Self {
            link,
            scans,
            status,
            shutdown,
            task,
            _directory: directory,
        }
    }

    async fn with_scanner(idle_gap: Duration) -> (Self, Pty) {
        let mut door = Self::open(idle_gap);
        let pty = Pty::new();
        door.plug_in(&pty.path);
        door.await_ready().await;
        (door, pty)
    }

    fn plug_in(&self, device: &Path) {
        let fresh = self.link.with_extension("new");
        symlink(device, &fresh).unwrap();
        std::fs::rename(&fresh, &self.link).unwrap();
    }

    async fn await_ready(&mut self) {
        let ready = self.status.wait_for(DeviceState::is_ready);
        soon("the scanner to be ready", ready).await.unwrap();
    }

    /// Waits until the scanner is missing for a reason that contains `text`.
    async fn await_missing(&mut self, text: &str) {
        let missing = self.status.wait_for(
            |state| matches!(state, DeviceState::Missing { reason, .. } if reason.contains(text)),
        );
        soon(&format!("a missing scanner ({text})"), missing)
            .await
            .unwrap();
    }

    async fn next_code(&mut self) -> Code {
        let scan = soon("a scan", self.scans.recv()).await.unwrap();
        assert_eq!(scan.station, StationId::from("door"));
        parse(&scan.bytes)
    }
}

const NEVER: Duration = Duration::from_secs(3600);

fn pass_text(number: u8) -> String {
    Pass::from_bits([number; 16]).as_str().to_owned()
}

fn pass(number: u8) -> Code {
    Code::Pass(Pass::from_bits([number; 16]).digest())
}

#[tokio::test]
async fn byte_streams_that_scanners_send() {
    let (mut door, pty) = Door::with_scanner(NEVER).await;
    let (one, two) = (pass_text(1), pass_text(2));
    let reservation = Code::Reservation(ReservationNumber::from_serial(572));
    let cases: Vec<(&str, Vec<u8>, Vec<Code>)> = vec![
        ("CR", format!("{one}\r").into(), vec![pass(1)]),
        ("LF", format!("{one}\n").into(), vec![pass(1)]),
        ("CRLF", format!("{one}\r\n").into(), vec![pass(1)]),
        ("NUL", format!("{one}\0").into(), vec![pass(1)]),
        ("TAB", format!("{one}\t").into(), vec![pass(1)]),
        (
            "STX and ETX",
            format!("\x02{one}\x03").into(),
            vec![pass(1)],
        ),
        ("GS", format!("\x1d{one}\x1d").into(), vec![pass(1)]),
        (
            "AIM identifier",
            format!("]Q1{one}\r").into(),
            vec![pass(1)],
        ),
        (
            "STX and AIM",
            format!("\x02]Q1{one}\r\n\x03").into(),
            vec![pass(1)],
        ),
        (
            "AIM and ECI",
            format!("]Q2\\000026{one}\r").into(),
            vec![pass(1)],
        ),
        (
            "lower case",
            format!("{}\r", one.to_lowercase()).into(),
            vec![pass(1)],
        ),
        ("a number", b"R000005724\r\n".to_vec(), vec![reservation]),
        (
            "two in one read",
            format!("{one}\r\n{two}\r\n").into(),
            vec![pass(1), pass(2)],
        ),
        (
            "two, STX between",
            format!("\x02{one}\x02{two}\x03").into(),
            vec![pass(1), pass(2)],
        ),
        (
            "two, noise between",
            format!("{one}\x07\x1b\x7f{two}\r").into(),
            vec![pass(1), pass(2)],
        ),
        (
            "two, binary between",
            [one.as_bytes(), b"\xfe\xff", two.as_bytes(), b"\r"].concat(),
            vec![Code::Unreadable],
        ),
        ("Japanese", "会員証\r".into(), vec![Code::Unreadable]),
        (
            "only terminators, then a code",
            format!("\r\n\0\0\r{two}\r").into(),
            vec![pass(2)],
        ),
    ];
    for (what, bytes, expected) in cases {
        pty.send([bytes]).await;
        for code in expected {
            assert_eq!(door.next_code().await, code, "{what}");
        }
    }
    assert!(door.scans.is_empty());
}

#[tokio::test]
async fn a_code_split_at_every_position() {
    let (mut door, pty) = Door::with_scanner(NEVER).await;
    let sent = format!("]Q1{}\r\n", pass_text(1));
    for position in 0..=sent.len() {
        let (head, tail) = sent.split_at(position);
        pty.send([head, tail]).await;
        assert_eq!(door.next_code().await, pass(1), "split at {position}");
    }
    pty.send(sent.bytes().map(|byte| [byte])).await;
    assert_eq!(door.next_code().await, pass(1), "byte by byte");
    assert!(door.scans.is_empty());
}

#[tokio::test]
async fn silence_ends_a_code_without_terminator() {
    let (mut door, pty) = Door::with_scanner(Duration::from_millis(60)).await;
    for number in 1..4 {
        pty.send([pass_text(number)]).await;
        assert_eq!(door.next_code().await, pass(number));
    }
}

#[tokio::test]
async fn a_mebibyte_of_garbage_is_one_unreadable_scan() {
    let (mut door, pty) = Door::with_scanner(NEVER).await;
    let garbage: Vec<u8> = (0..1 << 20).map(|n: u32| b' ' + (n % 95) as u8).collect();
    pty.send([garbage]).await;
    pty.send([format!("\r{}\r", pass_text(1))]).await;
    let first = soon("a scan", door.scans.recv()).await.unwrap();
    assert_eq!(parse(&first.bytes), Code::Unreadable);
    assert!(first.bytes.len() <= 512);
    assert_eq!(door.next_code().await, pass(1));
    assert!(door.scans.is_empty());
}

#[tokio::test]
async fn blanks_do_not_hide_that_a_code_is_too_long() {
    let (mut door, pty) = Door::with_scanner(NEVER).await;
    pty.send([format!("{}{}\r", " ".repeat(500), pass_text(1))])
        .await;
    assert_eq!(door.next_code().await, Code::Unreadable);
    pty.send([format!("{}\r", pass_text(2))]).await;
    assert_eq!(door.next_code().await, pass(2));
}

#[tokio::test]
async fn every_byte_value_is_survived() {
    let (mut door, pty) = Door::with_scanner(NEVER).await;
    let all: Vec<u8> = (0..=255).collect();
    pty.send([all, b"\r".to_vec()]).await;
    // From blank to tilde is one printable text; what follows DEL is binary.
    assert!(matches!(door.next_code().await, Code::Unknown(_)));
    assert_eq!(door.next_code().await, Code::Unreadable);
    pty.send([format!("{}\r", pass_text(1))]).await;
    assert_eq!(door.next_code().await, pass(1));
}

#[tokio::test]
async fn unplugged_and_plugged_in_again() {
    let mut door = Door::open(NEVER);
    door.await_missing("nothing is plugged in").await;
    for number in 1..4 {
        let pty = Pty::new();
        door.plug_in(&pty.path);
        door.await_ready().await;
        // What an unplugged scanner had begun must not join what the next one sends.
        pty.send([format!("{}\rK1BEGUN", pass_text(number))]).await;
        assert_eq!(door.next_code().await, pass(number));
        drop(pty);
        door.await_missing("").await;
        std::fs::remove_file(&door.link).unwrap();
        door.await_missing("nothing is plugged in").await;
    }
    assert!(!door.task.is_finished());
}

#[tokio::test]
async fn another_device_at_the_same_path_is_noticed() {
    let (mut door, old) = Door::with_scanner(NEVER).await;
    let new = Pty::new();
    door.plug_in(&new.path);
    new.send([format!("{}\r", pass_text(2))]).await;
    assert_eq!(door.next_code().await, pass(2));
    door.await_ready().await;
    drop(old);
    new.send([format!("{}\r", pass_text(3))]).await;
    assert_eq!(door.next_code().await, pass(3));
}

#[tokio::test]
async fn what_is_no_serial_device_is_said_and_tried_again() {
    let mut door = Door::open(NEVER);
    let file = door.link.with_extension("txt");
    std::fs::write(&file, "K1").unwrap();
    door.plug_in(&file);
    door.await_missing("cannot be opened as a serial scanner")
        .await;
    let pty = Pty::new();
    door.plug_in(&pty.path);
    door.await_ready().await;
    pty.send([format!("{}\r", pass_text(1))]).await;
    assert_eq!(door.next_code().await, pass(1));
}

#[tokio::test]
async fn missing_keeps_the_moment_it_began() {
    let since = |state: &DeviceState| match state {
        DeviceState::Missing { since, .. } => *since,
        other => panic!("{other:?}"),
    };
    let mut door = Door::open(NEVER);
    door.await_missing("nothing is plugged in").await;
    let before = since(&door.status.borrow());
    let file = door.link.with_extension("txt");
    std::fs::write(&file, "").unwrap();
    door.plug_in(&file);
    door.await_missing("cannot be opened").await;
    let after = since(&door.status.borrow());
    assert_eq!(before, after);
}

#[tokio::test]
async fn ends_when_told_and_when_nobody_listens() {
    let (door, _pty) = Door::with_scanner(NEVER).await;
    door.shutdown.cancel();
    soon("the end", door.task).await.unwrap();

    let missing = Door::open(NEVER);
    missing.shutdown.cancel();
    soon("the end", missing.task).await.unwrap();

    let (mut door, _pty) = Door::with_scanner(NEVER).await;
    door.scans.close();
    soon("the end", door.task).await.unwrap();
}

#[test]
fn a_scan_does_not_show_its_text() {
    let scan = Scanned {
        station: StationId::from("door"),
        bytes: pass_text(1).into_bytes(),
    };
    let shown = format!("{scan:?}");
    assert!(shown.contains("28"), "{shown}");
    assert!(!shown.contains("75"), "bytes of K: {shown}");
}

#[test]
fn configuration() {
    let short = "name = 'door'\npath = '/dev/ttyACM0'\nstation = 'door'";
    let config: ScannerConfig = toml::from_str(short).unwrap();
    let usual = ScannerConfig::new("door", "/dev/ttyACM0", StationId::from("door"));
    assert_eq!(config, usual);
    assert_eq!((config.baud, config.idle_gap_ms), (115_200, 60));
    let wrong = toml::from_str::<ScannerConfig>(&format!("{short}\nbauds = 9600"));
    assert!(wrong.unwrap_err().to_string().contains("bauds"));
}
