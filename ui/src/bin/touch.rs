//! The touch screen at the door.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

use anyhow::Context as _;
use api::Client;
use clap::Parser;
use domain::ids::StationId;
use slint::ComponentHandle;
use std::path::{Path, PathBuf};
use ui::touch::connection::Connection;
use ui::touch::language::Language;
use ui::touch::program::{Inputs, Options, Program};
use ui::touch::story;

/// The touch screen at the door, a client of the kiosk service.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address of the kiosk service.
    #[arg(long, env = "GENKAN_URL", default_value = "http://127.0.0.1:7070")]
    url: String,
    /// File with the token of this station.
    #[arg(long, env = "GENKAN_TOKEN_FILE")]
    token_file: PathBuf,
    /// The station, where the token may speak for several.
    #[arg(long)]
    station: Option<String>,
    /// Fill the screen.
    #[arg(long)]
    fullscreen: bool,
    /// The language every visitor is first addressed in: ja or en.
    #[arg(long, default_value = "ja")]
    language: Language,
    /// Nothing moves on the screen.
    #[arg(long)]
    reduced_motion: bool,
    /// Without a display: save each screen of a story as a picture in this folder, then end.
    #[arg(long, value_name = "FOLDER")]
    story: Option<PathBuf>,
    /// The steps of the story, one a line: a code, `press LABEL` or `save NAME`.
    #[arg(long, value_name = "FILE", requires = "story")]
    story_codes: Option<PathBuf>,
    /// Size of the pictures of a story: landscape or portrait.
    #[arg(long, default_value = "landscape", value_parser = ["landscape", "portrait"])]
    story_panel: String,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    choose_cryptography()?;
    let client = client(&arguments)?;
    let station = arguments.station.as_deref().map(StationId::from);
    let options = Options {
        language: arguments.language,
        reduced_motion: arguments.reduced_motion,
        ..Options::default()
    };
    match &arguments.story {
        Some(folder) => tell(&arguments, client, station, folder, options),
        None => show(&arguments, client, station, options),
    }
}

/// The client of the service wants to know which cryptography it would use, although it speaks plainly to this machine.
fn choose_cryptography() -> anyhow::Result<()> {
    let installed = rustls::crypto::ring::default_provider().install_default();
    installed.map_err(|_| {
        anyhow::anyhow!("the cryptography of this program was chosen twice; report this as a fault")
    })
}

fn client(arguments: &Arguments) -> anyhow::Result<Client> {
    let path = &arguments.token_file;
    let token = std::fs::read_to_string(path).with_context(|| {
        format!("cannot read the station's token from {}; give the file with --token-file and let this user read it", path.display())
    })?;
    anyhow::ensure!(
        !token.trim().is_empty(),
        "{} is empty; write the station's token into it",
        path.display()
    );
    Ok(Client::new(&arguments.url, token.trim())?)
}

fn show(
    arguments: &Arguments,
    client: Client,
    station: Option<StationId>,
    options: Options,
) -> anyhow::Result<()> {
    let display = "cannot open a window; start this under Wayland or X11 (WAYLAND_DISPLAY or DISPLAY), or without a window with --story";
    slint::BackendSelector::new()
        .backend_name("winit".into())
        .renderer_name("software".into())
        .select()
        .context(display)?;
    slint::set_xdg_app_id("genkan-touch").context(display)?;
    let inputs = Inputs::new();
    let connection = Connection::start(client, station, inputs.sender.clone())
        .context("cannot start the line to the service")?;
    let program = Program::new(connection, &inputs.sender, options).context(display)?;
    program
        .window()
        .window()
        .set_fullscreen(arguments.fullscreen);
    program.run(inputs).context(display)
}

fn tell(
    arguments: &Arguments,
    client: Client,
    station: Option<StationId>,
    folder: &Path,
    options: Options,
) -> anyhow::Result<()> {
    let steps = match &arguments.story_codes {
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the story {}", file.display()))?;
            story::parse(&text)
        }
        None => Vec::new(),
    };
    std::fs::create_dir_all(folder).with_context(|| {
        format!(
            "cannot make the folder {} for the pictures",
            folder.display()
        )
    })?;
    let size = if arguments.story_panel == "portrait" {
        ui::touch::PORTRAIT
    } else {
        ui::touch::LANDSCAPE
    };
    for path in story::tell(client, station, &steps, folder, size, options)? {
        println!("{}", path.display());
    }
    Ok(())
}
