//! `camera`: reads codes with a camera instead of a scanner.

use anyhow::Context;
use api::Client;
use camera::decoder::QrDecoder;
use camera::line::Line;
use camera::reader::quieten_decoders;
use camera::watch::{Place, Watch};
use clap::{Args, Parser};
use std::path::{Path, PathBuf};

/// Reads codes with a camera and has the kiosk service decide them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address of the kiosk service.
    #[arg(long, env = "GENKAN_URL", default_value = "http://127.0.0.1:7070")]
    url: String,
    /// File with the token of this station.
    #[arg(long, env = "GENKAN_TOKEN_FILE")]
    token_file: PathBuf,
    #[command(flatten)]
    from: From,
    /// Writes the log as JSON lines.
    #[arg(long)]
    log_json: bool,
}

/// Where pictures come from.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct From {
    /// The device of a USB camera, best one that stays the same: ls /dev/v4l/by-id
    #[arg(long, env = "GENKAN_CAMERA")]
    device: Option<PathBuf>,
    /// A folder: each picture (PNG, JPEG) laid into it from now on is looked at once.
    #[arg(long)]
    folder: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    start_log(arguments.log_json);
    choose_cryptography()?;
    let client = Client::new(&arguments.url, &read_token(&arguments.token_file)?)?;
    let line = Line::new(client).context("the system gives no event queue")?;
    quieten_decoders();
    Watch::new(QrDecoder::default(), line).run(&arguments.from.place()?)
}

impl From {
    fn place(self) -> anyhow::Result<Place> {
        let device = self.device.map(Place::Device);
        device
            .or(self.folder.map(Place::Folder))
            .context("name a camera with --device, or a folder with --folder")
    }
}

fn start_log(as_json: bool) {
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if as_json {
        log.json().init()
    } else {
        log.init()
    }
}

/// The client of the service wants to know which cryptography it would use, although it speaks plainly to this machine.
fn choose_cryptography() -> anyhow::Result<()> {
    let installed = rustls::crypto::ring::default_provider().install_default();
    installed.map_err(|_| {
        anyhow::anyhow!("the cryptography of this program was chosen twice; report this as a fault")
    })
}

fn read_token(path: &Path) -> anyhow::Result<String> {
    let token = std::fs::read_to_string(path).with_context(|| {
        format!(
            "cannot read the station's token from {}; give the file with --token-file and let this user read it",
            path.display()
        )
    })?;
    anyhow::ensure!(
        !token.trim().is_empty(),
        "{} is empty; write the station's token into it",
        path.display()
    );
    Ok(token.trim().to_owned())
}
