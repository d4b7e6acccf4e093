//! A serial scanner (USB CDC-ACM), read until the service ends.
//!
//! It is opened as a raw serial port, never as a keyboard, so a code can type nothing anywhere. The path should be one that
//! stays the same when the scanner moves to another socket (`/dev/serial/by-id/…`).

use std::fmt;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::ids::StationId;
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval_at};
use tokio_serial::SerialStream;
use tokio_util::sync::CancellationToken;

use super::framing::{Frame, Framing, IDLE_GAP};
use super::{BackOff, DeviceState, StateReport};

const FIRST_RETRY: Duration = Duration::from_millis(200);
const LONGEST_RETRY: Duration = Duration::from_secs(2);

/// How often the path is compared with the device that was opened.
const PATH_CHECK: Duration = Duration::from_secs(1);

/// One scanner of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannerConfig {
    /// What staff call it (`door`); for health and the log.
    pub name: String,
    /// The serial device, or a symbolic link to it.
    pub path: PathBuf,
    /// Bits per second; USB scanners ignore it.
    #[serde(default = "default_baud")]
    pub baud: u32,
    /// The station whose screens answer its scans.
    pub station: StationId,
    /// The silence, in milliseconds, that ends a code without terminator ([`IDLE_GAP`] if not given).
    #[serde(default = "default_idle_gap_ms")]
    pub idle_gap_ms: u64,
}

fn default_baud() -> u32 {
    115_200
}

fn default_idle_gap_ms() -> u64 {
    u64::try_from(IDLE_GAP.as_millis()).unwrap_or(u64::MAX)
}

impl ScannerConfig {
    /// A scanner with the usual speed and idle gap.
    pub fn new(name: impl Into<String>, path: impl Into<PathBuf>, station: StationId) -> Self {
        Self {
            name: name.into(),
            path: path.into(),
            baud: default_baud(),
            station,
            idle_gap_ms: default_idle_gap_ms(),
        }
    }
}

/// One code that a scanner read.
#[derive(Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The station the scanner belongs to.
    pub station: StationId,
    /// What it sent, for [`domain::code::parse`]. Empty, hence unreadable, if it sent too much for one code.
    pub bytes: Vec<u8>,
}

/// Shows the length only: the bytes may be somebody's pass.
impl fmt::Debug for Scanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanned")
            .field("station", &self.station)
            .field("length", &self.bytes.len())
            .finish()
    }
}

/// Why a scanner cannot be read.
#[derive(Debug, thiserror::Error)]
enum ScannerFault {
    #[error(
        "nothing is plugged in at {path}: plug the scanner in, or correct its path in the configuration"
    )]
    NotThere { path: PathBuf },
    #[error(
        "{path} cannot be opened as a serial scanner ({detail}): set the scanner to USB serial (CDC-ACM), \
         and check that the service may read the device and that nothing else uses it"
    )]
    CannotOpen { path: PathBuf, detail: String },
    #[error("the scanner was unplugged ({detail}): plug it in again")]
    Unplugged { detail: String },
    #[error("another device now stands at {path}: it is being opened")]
    Replaced { path: PathBuf },
}

/// Why reading ended.
enum End {
    Fault(ScannerFault),
    /// The service stops, or nobody takes scans any more.
    Stop,
}

/// Reads one scanner into `sink` until `shutdown` is cancelled or the receiver of `sink` is gone; nothing else ends it.
///
/// A scanner that is absent, unplugged or replaced shows in `status` and is opened again by itself, tried every 0.2 to 2 seconds.
pub async fn run(
    config: ScannerConfig,
    sink: mpsc::Sender<Scanned>,
    status: watch::Sender<DeviceState>,
    shutdown: CancellationToken,
) {
    let report = StateReport {
        device: &config.name,
        status: &status,
    };
    let mut back_off = BackOff::new(FIRST_RETRY, LONGEST_RETRY);
    let stopped = shutdown.cancelled();
    tokio::pin!(stopped);
    loop {
        let started = Instant::now();
        let end = tokio::select! {
            end = connect_and_read(&config, &sink, &report) => end,
            () = &mut stopped => return,
        };
        let End::Fault(fault) = end else { return };
        report.missing(fault.to_string());
        // A device that comes and goes at once is tried ever more slowly.
        if started.elapsed() >= LONGEST_RETRY {
            back_off.reset();
        }
        tokio::select! {
            () = tokio::time::sleep(back_off.next_delay()) => {}
            () = sink.closed() => return,
            () = &mut stopped => return,
        }
    }
}

async fn connect_and_read(
    config: &ScannerConfig,
    sink: &mpsc::Sender<Scanned>,
    report: &StateReport<'_>,
) -> End {
    match open(config).await {
        Ok((port, node)) => {
            report.ready();
            read(config, port, node, sink).await
        }
        Err(fault) => End::Fault(fault),
    }
}

async fn open(config: &ScannerConfig) -> Result<(SerialStream, DeviceNode), ScannerFault> {
    let path = config.path.clone();
    let baud = config.baud;
    // Setting up a USB device that hangs can block for seconds.
    tokio::task::spawn_blocking(move || open_blocking(path, baud))
        .await
        .unwrap_or_else(|error| {
            Err(ScannerFault::CannotOpen {
                path: config.path.clone(),
                detail: error.to_string(),
            })
        })
}

fn open_blocking(path: PathBuf, baud: u32) -> Result<(SerialStream, DeviceNode), ScannerFault> {
    let Ok(node) = DeviceNode::at(&path) else {
        return Err(ScannerFault::NotThere { path });
    };
    let builder = tokio_serial::new(path.to_string_lossy(), baud).dtr_on_open(true);
    match SerialStream::open(&builder) {
        Ok(port) => Ok((port, node)),
        Err(error) => Err(ScannerFault::CannotOpen {
            path,
            detail: error.to_string(),
        }),
    }
}

async fn read(
    config: &ScannerConfig,
    mut port: SerialStream,
    node: DeviceNode,
    sink: &mpsc::Sender<Scanned>,
) -> End {
    let mut framing = Framing::new(Duration::from_millis(config.idle_gap_ms));
    let mut buffer = [0; 1024];
    let mut path_check = interval_at(tokio::time::Instant::now() + PATH_CHECK, PATH_CHECK);
    path_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let frames = tokio::select! {
            // Bytes already there come before the silence that would have cut them off.
            biased;
            received = port.read(&mut buffer) => match received {
                Ok(0) => return unplugged("end of file"),
                Ok(length) => framing.push(buffer.get(..length).unwrap_or_default(), Instant::now()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return unplugged(error),
            },
            () = until(framing.deadline()) => framing.release_idle(Instant::now()).into_iter().collect(),
            () = sink.closed() => return End::Stop,
            _ = path_check.tick() => {
                if node.was_replaced(&config.path) {
                    return End::Fault(ScannerFault::Replaced { path: config.path.clone() });
                }
                continue;
            }
        };
        for frame in frames {
            if sink.send(scanned(config, frame)).await.is_err() {
                return End::Stop;
            }
        }
    }
}

fn unplugged(detail: impl fmt::Display) -> End {
    End::Fault(ScannerFault::Unplugged {
        detail: detail.to_string(),
    })
}

fn scanned(config: &ScannerConfig, frame: Frame) -> Scanned {
    let bytes = match frame {
        Frame::Code(bytes) => bytes,
        Frame::TooLong => {
            tracing::warn!(
                device = config.name,
                "scanner sent more than one code can hold"
            );
            Vec::new()
        }
    };
    Scanned {
        station: config.station.clone(),
        bytes,
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

/// Which device a path led to when it was opened.
#[derive(Debug, PartialEq, Eq)]
struct DeviceNode {
    file_system: u64,
    inode: u64,
    device: u64,
}

impl DeviceNode {
    fn at(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        Ok(Self {
            file_system: metadata.dev(),
            inode: metadata.ino(),
            device: metadata.rdev(),
        })
    }

    /// A path that has vanished does not count: udev renews its links at times, and a device that
    /// was really unplugged says so itself.
    fn was_replaced(&self, path: &Path) -> bool {
        Self::at(path).is_ok_and(|now| now != *self)
    }
}
