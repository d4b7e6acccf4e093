//! What both programs do before they show anything.

use anyhow::Context as _;
use api::Client;
use clap::Args;
use std::path::{Path, PathBuf};

/// Where the service is, and who asks.
#[derive(Args)]
pub struct Service {
    /// Address of the kiosk service.
    #[arg(long, env = "GENKAN_URL", default_value = "http://127.0.0.1:7070")]
    url: String,
    /// File with the token of this station.
    #[arg(long, env = "GENKAN_TOKEN_FILE")]
    token_file: PathBuf,
}

impl Service {
    /// A client of it.
    pub fn client(&self) -> anyhow::Result<Client> {
        choose_cryptography()?;
        let path = &self.token_file;
        let token = std::fs::read_to_string(path).with_context(|| {
            format!("cannot read the station's token from {}; give the file with --token-file and let this user read it", path.display())
        })?;
        anyhow::ensure!(
            !token.trim().is_empty(),
            "{} is empty; write the station's token into it",
            path.display()
        );
        Ok(Client::new(&self.url, token.trim())?)
    }
}

/// Writes the log to standard error.
pub fn log() {
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// The client of the service wants to know which cryptography it would use, although it speaks plainly to this machine.
fn choose_cryptography() -> anyhow::Result<()> {
    let installed = rustls::crypto::ring::default_provider().install_default();
    installed.map_err(|_| {
        anyhow::anyhow!("the cryptography of this program was chosen twice; report this as a fault")
    })
}

/// Draws windows by this machine's processor, under the name by which the compositor knows this program.
pub fn choose_display(app_id: &str, advice: &'static str) -> anyhow::Result<()> {
    slint::BackendSelector::new()
        .backend_name("winit".into())
        .renderer_name("software".into())
        .select()
        .context(advice)?;
    slint::set_xdg_app_id(app_id).context(advice)
}

/// Makes the folder for pictures.
pub fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| {
        format!(
            "cannot make the folder {} for the pictures",
            folder.display()
        )
    })
}
