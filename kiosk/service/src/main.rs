//! `kiosk`: the appliance's service.

use anyhow::Context;
use clap::{Parser, Subcommand};
use kiosk::certificate::OwnCa;
use kiosk::config::Config;
use std::path::PathBuf;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// The service of a centre's door.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// The configuration.
    #[arg(
        long,
        default_value = "/etc/genkan/kiosk.toml",
        env = "GENKAN_KIOSK_CONFIG"
    )]
    config: PathBuf,
    /// Writes the log as JSON lines.
    #[arg(long)]
    log_json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Say the fingerprint of the CA that this kiosk has made for the staff page, and write its certificate for tablets to trust.
    Certificate {
        /// Where the certificate goes, as PEM.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if arguments.log_json {
        log.json().init()
    } else {
        log.init()
    }
    let config = Config::read(&arguments.config)?;
    if let Some(Command::Certificate { out }) = arguments.command {
        return show_certificate(&config, out);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    runtime.block_on(run(config))
}

#[expect(clippy::print_stdout, reason = "asked for at a terminal")]
fn show_certificate(config: &Config, out: Option<PathBuf>) -> anyhow::Result<()> {
    let ca = OwnCa::load_or_create(config)?;
    println!("{}", ca.fingerprint);
    if let Some(out) = out {
        std::fs::write(&out, ca.certificate)
            .with_context(|| format!("cannot write {}; name another file", out.display()))?;
    }
    Ok(())
}

async fn run(config: Config) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let kiosk = kiosk::service::start(config).await?;
    tracing::info!(local = %kiosk.local, signage = %kiosk.signage, staff = %kiosk.staff, "the door is open for business");
    tell(&[sd_notify::NotifyState::Ready]);
    let watchdog = tokio::spawn(watchdog(kiosk.desk()));
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tell(&[sd_notify::NotifyState::Stopping]);
    watchdog.abort();
    kiosk.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Keeps systemd's watchdog content as long as the desk comes round.
async fn watchdog(desk: kiosk::desk::Desk) {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut ticks = tokio::time::interval(limit / 3);
    loop {
        ticks.tick().await;
        if desk.silent_for() < limit.max(Duration::from_secs(3)) {
            tell(&[sd_notify::NotifyState::Watchdog]);
        }
    }
}

fn tell(state: &[sd_notify::NotifyState]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd could not be told");
    }
}
