//! A real Mosquitto on a free port, to be killed and started again with an empty memory.

use crate::child::Child;
use crate::waiting::wait_for;
use anyhow::Context;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);

/// A running Mosquitto. Dropping it kills it, and what it remembered is gone.
#[derive(Debug)]
pub struct Mosquitto {
    address: SocketAddr,
    _process: Child,
    _files: TempDir,
}

impl Mosquitto {
    /// Starts one that keeps its memory on disk, as the packaged one does.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start() -> anyhow::Result<Self> {
        let files = TempDir::new()?;
        // It cannot be asked for any free port, so we ask the system.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let path = files.path().join("mosquitto.conf");
        let folder = files.path().display();
        // As root it would become a user who may not write here.
        let user = if std::fs::metadata("/proc/self")?.uid() == 0 {
            "user root\n"
        } else {
            ""
        };
        let configuration = format!(
            "listener {} 127.0.0.1\n{user}allow_anonymous true\nset_tcp_nodelay true\npersistence true\npersistence_location {folder}/\n",
            address.port()
        );
        std::fs::write(&path, configuration)?;
        let known = [
            "/usr/sbin/mosquitto",
            "/usr/bin/mosquitto",
            "/usr/local/sbin/mosquitto",
        ];
        let program = known
            .into_iter()
            .find(|program| Path::new(program).exists());
        let mut command = Command::new(
            program.context("mosquitto is not installed; .ci/setup test installs it")?,
        );
        command.arg("-c").arg(&path);
        let mut process = Child::start("mosquitto", command, &files.path().join("log"))?;
        let listens = wait_for("a listening Mosquitto", PATIENCE, async || {
            TcpStream::connect(address).await.ok()
        })
        .await;
        listens.with_context(|| {
            format!(
                "it {:?}; {}",
                process.ended(),
                std::fs::read_to_string(process.log()).unwrap_or_default()
            )
        })?;
        Ok(Self {
            address,
            _process: process,
            _files: files,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
