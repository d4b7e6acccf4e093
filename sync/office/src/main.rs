//! The program `office`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod commands;

use clap::Parser;
use std::io::IsTerminal;
use std::process::ExitCode;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "info,mqtt5=warn".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if std::env::var_os("GENKAN_LOG_JSON").is_some() {
        log.json().init()
    } else {
        log.init()
    }
    match commands::Arguments::parse().run() {
        Ok(code) => code,
        Err(error) => {
            // The whole chain once, at the edge: each message names its own part and the remedy.
            eprintln!("office: {error:#}");
            ExitCode::FAILURE
        }
    }
}
