//! A configuration that cannot be meant stops the start with file, line, key and remedy.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use office::OfficeConfig;
use office::config::Broker;
use rstest::rstest;
use std::path::PathBuf;

const GOOD: &str = r#"[office]
listen = "127.0.0.1:0"
data_dir = "data"
token_file = "office.token"
clock = "2026-11-24T11:42:00+09:00"

[broker]
embedded = true
listen = "127.0.0.1:0"

[[kiosk]]
id = "koto-1"
token_file = "koto-1.token"
rehearsal = true
"#;

fn folder(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["office.token", "koto-1.token"] {
        std::fs::write(
            folder.path().join(name),
            "0123456789abcdef0123456789abcdef\n",
        )
        .unwrap();
    }
    std::fs::write(folder.path().join("short.token"), "short").unwrap();
    let file = folder.path().join("office.toml");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

#[test]
fn a_good_one_is_read() {
    let (folder, file) = folder(GOOD);
    let config = OfficeConfig::load(&file, false).unwrap();
    assert_eq!(config.data_dir, folder.path().join("data"));
    assert!(config.token.is("0123456789abcdef0123456789abcdef"));
    assert!(config.clock.is_shifted());
    assert!(matches!(config.broker, Broker::Embedded { .. }));
    assert!(config.kiosks.iter().all(|kiosk| kiosk.rehearsal));
}

#[rstest]
#[case::unknown_key("rehearsal = true", "rehersal = true", 14, "rehersal")]
#[case::unknown_table("[broker]", "[brocker]", 7, "brocker")]
#[case::wrong_type(
    "listen = \"127.0.0.1:0\"\ndata",
    "listen = \"here\"\ndata",
    2,
    "socket address"
)]
#[case::no_token_file("\"office.token\"", "\"lost.token\"", 4, "office token")]
#[case::short_token("\"koto-1.token\"", "\"short.token\"", 13, "office token")]
#[case::bad_kiosk("\"koto-1\"", "\"Koto 1\"", 12, "use 1 to 32 of a-z")]
#[case::office_as_kiosk("\"koto-1\"", "\"office\"", 12, "not \"office\"")]
#[case::long_kiosk(
    "\"koto-1\"",
    "\"koto-123456789012345678901234567890\"",
    12,
    "use 1 to 32 of a-z"
)]
#[case::open_broker(
    "listen = \"127.0.0.1:0\"\n\n",
    "listen = \"0.0.0.0:7883\"\n\n",
    9,
    "127.0.0.1"
)]
#[case::no_broker(
    "embedded = true\nlisten = \"127.0.0.1:0\"",
    "",
    7,
    "--embedded-broker"
)]
#[case::no_port(
    "embedded = true\nlisten = \"127.0.0.1:0\"",
    "url = \"mqtts://broker\"",
    8,
    "port"
)]
#[case::no_certificate(
    "embedded = true\nlisten = \"127.0.0.1:0\"",
    "url = \"mqtts://broker:8883\"",
    8,
    "ca_file"
)]
fn a_fault_is_told_with_its_line_and_remedy(
    #[case] from: &str,
    #[case] to: &str,
    #[case] line: usize,
    #[case] says: &str,
) {
    assert!(GOOD.contains(from));
    let (_folder, file) = folder(&GOOD.replacen(from, to, 1));
    let fault = OfficeConfig::load(&file, false).unwrap_err().to_string();
    assert!(fault.contains(&format!("office.toml:{line}: ")), "{fault}");
    assert!(fault.contains(says), "{fault}");
}

#[test]
fn the_example_is_a_configuration() {
    let (_folder, file) = folder(include_str!("../office.example.toml"));
    let config = OfficeConfig::load(&file, false).unwrap();
    assert_eq!(config.kiosks.len(), 1);
}

#[test]
fn two_kiosks_of_one_name_are_refused() {
    let second = "\n[[kiosk]]\nid = \"koto-1\"\ntoken_file = \"koto-1.token\"\n";
    let (_folder, file) = folder(&format!("{GOOD}{second}"));
    let fault = OfficeConfig::load(&file, false).unwrap_err().to_string();
    assert!(
        fault.contains("office.toml:17: kiosk.id: koto-1 is there twice"),
        "{fault}"
    );
}

#[test]
fn a_missing_file_is_named() {
    let (folder, _) = folder(GOOD);
    let fault = OfficeConfig::load(&folder.path().join("other.toml"), false)
        .unwrap_err()
        .to_string();
    assert!(
        fault.contains("other.toml") && fault.contains("--config"),
        "{fault}"
    );
}
