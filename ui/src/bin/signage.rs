//! The display in the room, over HDMI.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod starting;

use anyhow::Context as _;
use clap::Parser;
use slint::ComponentHandle;
use std::path::PathBuf;
use ui::signage::program::{self, Program};
use ui::signage::{FOUR_K, LANDSCAPE, PORTRAIT, pictures};

/// The display in the room, a client of the kiosk service.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    service: starting::Service,
    /// Fill the screen.
    #[arg(long)]
    fullscreen: bool,
    /// Nothing fades.
    #[arg(long)]
    reduced_motion: bool,
    /// Without a display: save each scene that would be shown now as a picture in this folder, then end.
    #[arg(long, value_name = "FOLDER")]
    pictures: Option<PathBuf>,
    /// Size of these pictures: landscape, portrait or 4k.
    #[arg(long, default_value = "landscape", value_parser = ["landscape", "portrait", "4k"])]
    picture_panel: String,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    starting::log();
    let client = arguments.service.client()?;
    if let Some(folder) = &arguments.pictures {
        starting::make_folder(folder)?;
        let size = match arguments.picture_panel.as_str() {
            "portrait" => PORTRAIT,
            "4k" => FOUR_K,
            _ => LANDSCAPE,
        };
        for path in pictures::save(client, folder, size)? {
            println!("{}", path.display());
        }
        return Ok(());
    }
    let display = "cannot open a window; start this under Wayland or X11 (WAYLAND_DISPLAY or DISPLAY), or without a window with --pictures";
    starting::choose_display("genkan-signage", display)?;
    let views = program::views(client).context("cannot start the line to the service")?;
    let program = Program::new(arguments.reduced_motion).context(display)?;
    let window = program.stage().window().window();
    window.set_fullscreen(arguments.fullscreen);
    program.run(views).context(display)
}
