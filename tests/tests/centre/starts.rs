//! Programs that cannot start as configured: they say file, key and remedy, and end with a code.

use e2e::real_kiosk::program;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const KIOSK: &str = "[kiosk]\nid = \"koto-1\"\ndata_dir = \"data\"\n\n[listen]\nlocal = \"127.0.0.1:0\"\nsignage = \"127.0.0.1:0\"\nstaff = \"127.0.0.1:0\"\n\n\
                     [[station]]\nid = \"door\"\ntoken_file = \"token\"\n";
const OFFICE: &str = "[office]\nlisten = \"127.0.0.1:0\"\ndata_dir = \"data\"\ntoken_file = \"token\"\n\n[broker]\nembedded = true\nlisten = \"127.0.0.1:0\"\n";

/// Starts `name` with this configuration; what it says when it gives up.
fn refuses(name: &str, arguments: &[&str], configuration: &str, folder: &Path) -> String {
    let file = folder.join(format!("{name}.toml"));
    fs::write(&file, configuration).unwrap();
    // One that starts after all would run for ever.
    let mut command = Command::new("timeout");
    command
        .arg("20")
        .arg(program(name).unwrap())
        .arg("--config")
        .arg(&file)
        .args(arguments)
        .env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    let code = output.status.code();
    assert!(
        code.is_some_and(|code| code != 0 && code != 124),
        "{name} ended with {code:?} for:\n{configuration}\n{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// A mistake, and what must be named.
type Mistake<'a> = (String, &'a [&'a str]);

fn check(name: &str, arguments: &[&str], mistakes: &[Mistake], folder: &TempDir) {
    for (configuration, named) in mistakes {
        let said = refuses(name, arguments, configuration, folder.path());
        for word in *named {
            assert!(
                said.contains(word),
                "{word:?} is not in what {name} says:\n{said}\nfor:\n{configuration}"
            );
        }
    }
}

#[test]
fn the_kiosk_names_what_is_wrong_in_its_configuration() {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mistakes: [Mistake; 7] = [
        (
            KIOSK.replace("data_dir", "data_dri"),
            &["kiosk.toml", "line 3", "data_dri"],
        ),
        (KIOSK.replace("[listen]", "[lisn]"), &["kiosk.toml", "lisn"]),
        (
            KIOSK.replace("\"127.0.0.1:0\"\nsignage", "\"0.0.0.0:0\"\nsignage"),
            &["kiosk.toml", "listen.local", "127.0.0.1"],
        ),
        (
            KIOSK.replace(
                "[listen]",
                "clock = \"2026-11-24T11:42:00+09:00\"\n[listen]",
            ),
            &["kiosk.clock", "rehearsal"],
        ),
        (
            format!(
                "{KIOSK}\n[[scanner]]\nname = \"x\"\npath = \"/dev/null\"\nstation = \"dor\"\n"
            ),
            &["scanner.station", "dor"],
        ),
        (
            format!("{KIOSK}\n[office]\nurl = \"http://127.0.0.1:1\"\ntoken_file = \"gone\"\n"),
            &["gone", "token"],
        ),
        (
            KIOSK.replace(
                "local = \"127.0.0.1:0\"",
                &format!("local = \"127.0.0.1:{port}\""),
            ),
            &["listen.local", &port, "another program"],
        ),
    ];
    check("kiosk", &[], &mistakes, &folder);
}

#[test]
fn the_office_names_what_is_wrong_in_its_configuration() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("token"), "a-token-that-is-long-enough").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mistakes: [Mistake; 5] = [
        (
            OFFICE.replace("data_dir", "data_dri"),
            &["office.toml:3", "data_dri"],
        ),
        (
            OFFICE.replace("\"token\"", "\"gone\""),
            &["office.toml:4", "office.token_file", "gone", "office token"],
        ),
        (
            OFFICE.replace(
                "embedded = true\nlisten = \"127.0.0.1:0\"",
                "embedded = true\nlisten = \"0.0.0.0:0\"",
            ),
            &["office.toml", "broker.listen"],
        ),
        (
            OFFICE.replace("embedded = true\nlisten = \"127.0.0.1:0\"", ""),
            &["office.toml", "broker", "embedded"],
        ),
        (
            OFFICE.replace(
                "listen = \"127.0.0.1:0\"\ndata",
                &format!("listen = \"127.0.0.1:{port}\"\ndata"),
            ),
            &[&port, "listen"],
        ),
    ];
    check("office", &["serve"], &mistakes, &folder);
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    let folder = TempDir::new().unwrap();
    for name in ["kiosk", "office"] {
        let mut command = Command::new(program(name).unwrap());
        command
            .arg("--config")
            .arg(folder.path().join("nowhere.toml"));
        if name == "office" {
            command.arg("serve");
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success());
        assert!(
            said.contains("nowhere.toml") && said.contains("--config"),
            "{said}"
        );
    }
}
