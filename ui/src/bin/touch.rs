//! The touch screen at the door.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod starting;

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
    #[command(flatten)]
    service: starting::Service,
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
    starting::log();
    let client = arguments.service.client()?;
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

fn show(
    arguments: &Arguments,
    client: Client,
    station: Option<StationId>,
    options: Options,
) -> anyhow::Result<()> {
    let display = "cannot open a window; start this under Wayland or X11 (WAYLAND_DISPLAY or DISPLAY), or without a window with --story";
    starting::choose_display("genkan-touch", display)?;
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
    starting::make_folder(folder)?;
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
