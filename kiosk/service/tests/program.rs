//! The program itself: what it tells systemd, how it stops, and what it says of a configuration it cannot use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const GOOD: &str = r#"
[kiosk]
id = "koto-1"
data_dir = "data"
mode = "rehearsal"
clock = "2026-11-24T11:42:00+09:00"

[listen]
local = "127.0.0.1:0"
signage = "127.0.0.1:0"
staff = "127.0.0.1:0"

[[station]]
id = "door"
token_file = "token"
"#;

fn command(dir: &Path, config: &str) -> Command {
    std::fs::write(dir.join("kiosk.toml"), config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kiosk"));
    command
        .arg("--config")
        .arg(dir.join("kiosk.toml"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command.env_remove("NOTIFY_SOCKET").env_remove("RUST_LOG");
    command
}

fn told(socket: &UnixDatagram) -> String {
    let mut buffer = [0; 4096];
    let length = socket
        .recv(&mut buffer)
        .expect("the service tells systemd within 30 s");
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn stop(child: Child) -> Output {
    kill(
        Pid::from_raw(i32::try_from(child.id()).unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn systemd_hears_ready_watchdog_and_stopping() {
    let dir = tempfile::tempdir().unwrap();
    let socket = UnixDatagram::bind(dir.path().join("notify")).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut command = command(dir.path(), GOOD);
    let child = command
        .env("NOTIFY_SOCKET", dir.path().join("notify"))
        .env("WATCHDOG_USEC", "600000")
        .spawn()
        .unwrap();
    assert!(told(&socket).contains("READY=1"));
    assert!(told(&socket).contains("WATCHDOG=1"));
    assert!(told(&socket).contains("WATCHDOG=1"), "again and again");
    let output = stop(child);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut last = String::new();
    while !last.contains("STOPPING=1") {
        last = told(&socket);
    }
}

/// Runs the program on a configuration it must refuse; gives what it says.
fn refused(config: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let output = command(dir.path(), config).output().unwrap();
    assert!(!output.status.success(), "accepted: {config}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_configuration_error_names_file_line_key_and_remedy() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    };
    let scanner = "\n[[scanner]]\nname = \"a\"\npath = \"/dev/ttyACM0\"\nstation = \"gate\"\n";
    let rows = [
        (
            with("mode =", "mood ="),
            vec!["kiosk.toml", "line 5", "mood", "data_dir"],
        ),
        (
            with("\"rehearsal\"", "\"rehersal\""),
            vec!["line 5", "rehersal", "rehearsal"],
        ),
        (
            with("mode = \"rehearsal\"", ""),
            vec!["kiosk.clock", "set mode = \"rehearsal\""],
        ),
        (
            with("127.0.0.1:0", "0.0.0.0:7070"),
            vec!["listen.local", "127.0.0.1:7070"],
        ),
        (
            with("127.0.0.1:0", "127.0.0.1:99999"),
            vec!["line 9", "local"],
        ),
        (
            with("[[station]]\nid = \"door\"\ntoken_file = \"token\"", ""),
            vec!["station"],
        ),
        (
            format!("{GOOD}\n[[station]]\nid = \"door\"\ntoken_file = \"t2\"\n"),
            vec!["station.id", "door is there twice"],
        ),
        (
            format!("{GOOD}{scanner}"),
            vec!["scanner.station", "gate", "[[station]]"],
        ),
        (
            format!(
                "{GOOD}\n[office]\nurl = \"http://office.example.jp\"\ntoken_file = \"token\"\n"
            ),
            vec!["office.example.jp", "https://"],
        ),
        ("[kiosk".to_owned(), vec!["kiosk.toml", "line 1"]),
    ];
    for (config, words) in rows {
        let message = refused(&config);
        for word in words {
            assert!(
                message.contains(word),
                "{word:?} is not in:\n{message}\nfor:\n{config}"
            );
        }
    }
}

#[test]
fn a_missing_configuration_and_a_taken_port_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Command::new(env!("CARGO_BIN_EXE_kiosk"))
        .arg("--config")
        .arg(dir.path().join("none.toml"))
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(
        !missing.status.success() && message.contains("none.toml") && message.contains("--config"),
        "{message}"
    );

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let message = refused(&GOOD.replacen("127.0.0.1:0", &format!("127.0.0.1:{port}"), 1));
    assert!(
        message.contains(&port.to_string()) && message.contains("listen.local"),
        "{message}"
    );
}

#[test]
fn a_rehearsal_cannot_be_opened_as_the_real_thing() {
    let dir = tempfile::tempdir().unwrap();
    let socket = UnixDatagram::bind(dir.path().join("notify")).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let child = command(dir.path(), GOOD)
        .env("NOTIFY_SOCKET", dir.path().join("notify"))
        .spawn()
        .unwrap();
    assert!(told(&socket).contains("READY=1"));
    assert!(stop(child).status.success());

    let real = GOOD.replacen(
        "mode = \"rehearsal\"\nclock = \"2026-11-24T11:42:00+09:00\"",
        "",
        1,
    );
    let output = command(dir.path(), &real).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && message.contains("rehearsal"),
        "{message}"
    );
}
