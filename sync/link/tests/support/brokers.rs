//! Real brokers on ports of their own, to be killed and started again; and a line that can be cut or frozen.

use mqtt5::broker::config::{StorageBackend, StorageConfig};
use mqtt5::broker::{BrokerConfig, MqttBroker};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

pub const PATIENCE: Duration = Duration::from_secs(20);

/// Which broker.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Embedded,
    Mosquitto,
}

/// A broker that forgets everything when it dies.
pub struct Broker {
    pub port: u16,
    kind: Kind,
    running: Option<Running>,
    files: TempDir,
}

enum Running {
    Embedded(JoinSet<()>),
    Mosquitto(Child),
}

/// Mosquitto would otherwise become a user who cannot read the test's files.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|of| std::os::unix::fs::MetadataExt::uid(&of) == 0)
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Broker {
    pub async fn start(kind: Kind) -> Self {
        let mut broker = Self {
            port: free_port(),
            kind,
            running: None,
            files: TempDir::new().unwrap(),
        };
        broker.start_again().await;
        broker
    }

    pub async fn start_again(&mut self) {
        self.running = Some(match self.kind {
            Kind::Embedded => Running::Embedded(self.embedded().await),
            Kind::Mosquitto => Running::Mosquitto(self.mosquitto("")),
        });
        self.wait_until_it_listens().await;
    }

    /// Mosquitto with further lines of configuration.
    pub async fn mosquitto_with(configuration: impl FnOnce(&TempDir) -> String) -> Self {
        let files = TempDir::new().unwrap();
        let lines = configuration(&files);
        let mut broker = Self {
            port: free_port(),
            kind: Kind::Mosquitto,
            running: None,
            files,
        };
        broker.running = Some(Running::Mosquitto(broker.mosquitto(&lines)));
        broker.wait_until_it_listens().await;
        broker
    }

    async fn embedded(&self) -> JoinSet<()> {
        let address: SocketAddr = ([127, 0, 0, 1], self.port).into();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let config = BrokerConfig {
                bind_addresses: vec![address],
                storage_config: StorageConfig::new().with_backend(StorageBackend::Memory),
                ..BrokerConfig::default()
            };
            match MqttBroker::with_config(config).await {
                Ok(mut broker) => {
                    let mut task = JoinSet::new();
                    task.spawn(async move {
                        let _ = broker.run().await;
                    });
                    return task;
                }
                // The port of the one before may take a moment to come free.
                Err(error) => assert!(tokio::time::Instant::now() < deadline, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn mosquitto(&self, lines: &str) -> Child {
        let path = self.files.path().join("mosquitto.conf");
        let user = if is_root() { "user root\n" } else { "" };
        let access = if lines.is_empty() {
            "allow_anonymous true\n"
        } else {
            lines
        };
        let configuration = format!(
            "listener {} 127.0.0.1\n{user}persistence false\nset_tcp_nodelay true\n{access}",
            self.port
        );
        std::fs::write(&path, configuration).unwrap();
        let program = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"]
            .into_iter()
            .find(|path| std::path::Path::new(path).exists());
        Command::new(program.expect("mosquitto is not installed; apt-get install mosquitto"))
            .arg("-c")
            .arg(path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    async fn wait_until_it_listens(&self) {
        let attempt = async {
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, attempt)
            .await
            .expect("the broker listens");
    }

    /// SIGKILL, or as near to it as a task comes.
    pub async fn kill(&mut self) {
        match self.running.take() {
            Some(Running::Embedded(mut task)) => {
                task.shutdown().await;
            }
            Some(Running::Mosquitto(mut child)) => {
                child.kill().unwrap();
                child.wait().unwrap();
            }
            None => {}
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(Running::Mosquitto(child)) = &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A line to a port that can be cut without a word or frozen.
pub struct Line {
    pub port: u16,
    frozen: Arc<AtomicBool>,
    _task: JoinSet<()>,
}

impl Line {
    pub async fn to(target: u16) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let frozen = Arc::new(AtomicBool::new(false));
        let mut task = JoinSet::new();
        let is_frozen = Arc::clone(&frozen);
        task.spawn(async move {
            let mut calls = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(("127.0.0.1", target)).await else {
                    continue;
                };
                let (near_in, near_out) = near.into_split();
                let (far_in, far_out) = far.into_split();
                calls.spawn(pump(near_in, far_out, Arc::clone(&is_frozen)));
                calls.spawn(pump(far_in, near_out, Arc::clone(&is_frozen)));
            }
        });
        Self {
            port,
            frozen,
            _task: task,
        }
    }

    /// Nothing moves any more, and nobody is told.
    pub fn freeze(&self) {
        self.frozen.store(true, Ordering::Relaxed);
    }

    /// It moves again.
    pub fn thaw(&self) {
        self.frozen.store(false, Ordering::Relaxed);
    }
}

async fn pump(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    frozen: Arc<AtomicBool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        while frozen.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        match from.read(&mut bytes).await {
            Ok(count) if count > 0 => {
                if to.write_all(&bytes[..count]).await.is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}
