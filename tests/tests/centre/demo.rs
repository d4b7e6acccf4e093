//! `make demo` as a new user has it: started, played, ended.

use api::{Client, Verdict};
use e2e::child::Child;
use e2e::demo::Places;
use e2e::real_kiosk::program;
use e2e::test_kiosk::{DOOR, Listener};
use e2e::test_office::install_cryptography;
use e2e::waiting::wait_for;
use nix::sys::signal::Signal;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(90);

/// A base from which six ports are free just now.
fn free_base() -> u16 {
    let free = |port: u16| TcpListener::bind(("0.0.0.0", port)).is_ok();
    let candidates = (0..200).map(|_| {
        TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port()
    });
    candidates
        .filter(|base| *base < 65_000)
        .find(|base| (*base..base + 6).all(free))
        .expect("six free ports in a row")
}

fn start(folder: &Path, base: u16, log: &Path) -> Child {
    let mut command = Command::new(program("demo").unwrap());
    command
        .env("GENKAN_DEMO_PORT_BASE", base.to_string())
        .env("GENKAN_DEMO_DIR", folder);
    command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("KEEP")
        .env_remove("RUST_LOG");
    Child::start("demo", command, log).unwrap()
}

fn said(log: &Path) -> String {
    fs::read_to_string(log).unwrap_or_default()
}

async fn until_said(demo: &mut Child, words: &str) {
    let log = demo.log().to_owned();
    let found = wait_for(words, PATIENCE, async || {
        (said(&log).contains(words) || demo.ended().is_some()).then_some(())
    })
    .await;
    assert!(
        found.is_ok() && said(&log).contains(words),
        "{words:?} was not said:\n{}",
        said(&log)
    );
}

/// Processes whose command line names this folder.
fn survivors(folder: &Path) -> Vec<String> {
    let lines = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines
        .filter(|line| line.contains(&*folder.display().to_string()))
        .collect()
}

async fn until_nobody_survives(folder: &Path) {
    let gone = wait_for(
        "the end of all children",
        Duration::from_secs(20),
        async || survivors(folder).is_empty().then_some(()),
    )
    .await;
    assert!(gone.is_ok(), "still there: {:?}", survivors(folder));
}

#[tokio::test]
async fn the_demo_starts_is_played_and_ends_without_a_trace() {
    install_cryptography();
    let files = TempDir::new().unwrap();
    let (folder, log) = (files.path().join("demo"), files.path().join("log"));
    let places = Places::from_base(free_base()).unwrap();
    let mut demo = start(&folder, places.kiosk, &log);
    until_said(&mut demo, "The story is told").await;

    // What it promised to leave.
    let token = fs::read_to_string(folder.join("token")).unwrap();
    let access: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("office.json")).unwrap()).unwrap();
    assert!(
        ["url", "token", "user", "password"]
            .iter()
            .all(|key| access[key].as_str().is_some_and(|value| !value.is_empty())),
        "{access}"
    );
    let codes = fs::read_to_string(folder.join("codes.csv")).unwrap();
    assert!(codes.starts_with("member_no,category,code,reservation\n"));
    assert_eq!(codes.lines().count(), 61);
    let staff = fs::read_to_string(folder.join("staff.csv")).unwrap();
    assert!(staff.starts_with("user,role,pin,badge\n"));
    assert_eq!(staff.lines().count(), 4);
    assert!(said(&log).contains(&format!("{}   uketsuke1 407185", places.staff_url())));
    let shots: Vec<_> = fs::read_dir(folder.join("shots"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    for screen in ["attract", "offer", "admitted", "early", "extended", "left"] {
        assert!(
            shots.iter().any(|shot| shot.contains(screen)),
            "no picture of {screen} among {shots:?}"
        );
    }

    let client = Client::new(&places.kiosk_url(), &token).unwrap();
    let mut door = Listener::connect(&client, DOOR).await.unwrap();
    // Played through the page of codes. First, since the page takes the next verdict for its own.
    let http = reqwest::Client::new();
    let page = http.get(places.codes_url()).send().await.unwrap();
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    let page = page.text().await.unwrap();
    assert_eq!(page.matches("class=\"card\"").count(), 64);
    let presented: Value = http
        .post(format!("{}present", places.codes_url()))
        .json(&serde_json::json!({"visitor": 35}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(presented["title"], "席をご案内しています");
    assert!(matches!(door.verdict().await.unwrap(), Verdict::Offer(_)));
    // Through the scanner's path, as a person would with `echo`.
    let code = |member: &str| {
        codes
            .lines()
            .find(|line| line.starts_with(member))
            .unwrap()
            .split(',')
            .nth(2)
            .unwrap()
            .to_owned()
    };
    for (member, verdict) in [
        ("M00035", "offer"),
        ("M00041", "not_recognised"),
        ("M00006", "too_early"),
    ] {
        let mut scanner = fs::OpenOptions::new()
            .write(true)
            .open(folder.join("scanner"))
            .unwrap();
        writeln!(scanner, "{}", code(member)).unwrap();
        let answer = serde_json::to_value(door.verdict().await.unwrap()).unwrap();
        assert_eq!(answer["verdict"], verdict, "{member}");
    }
    // A name that another site might give itself.
    let foreign = http
        .get(places.codes_url())
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 421);
    let visits: Value = http
        .get(format!("{}/v1/visits?date=2026-11-24", places.office_url()))
        .bearer_auth(access["token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(visits.as_array().is_some_and(|visits| !visits.is_empty()));

    // A second one says that the ports are taken, and leaves the first alone.
    let mut second = start(&folder, places.kiosk, &files.path().join("second"));
    let status = second.wait(PATIENCE).await.expect("the second ends");
    let why = said(second.log());
    assert!(
        !status.success()
            && why.contains(&format!("port {}", places.kiosk))
            && why.contains("GENKAN_DEMO_PORT_BASE"),
        "{why}"
    );
    assert!(folder.join("token").exists());

    demo.signal(Signal::SIGINT);
    let status = demo.wait(Duration::from_secs(30)).await.expect("it ends");
    assert!(status.success(), "{}", said(&log));
    until_nobody_survives(&folder).await;
    assert!(
        !folder.join("scanner").exists(),
        "the path of a pty that is gone"
    );
}

#[tokio::test]
async fn what_dies_is_started_again_and_a_killed_demo_leaves_nobody() {
    install_cryptography();
    let files = TempDir::new().unwrap();
    let (folder, log) = (files.path().join("demo"), files.path().join("log"));
    let places = Places::from_base(free_base()).unwrap();
    let mut demo = start(&folder, places.kiosk, &log);
    until_said(&mut demo, "The story is told").await;
    let token = fs::read_to_string(folder.join("token")).unwrap();
    for program in ["kiosk", "office"] {
        kill(&folder, program, None).await;
        until_said(
            &mut demo,
            &format!("{program} was killed by signal 9, and was started again"),
        )
        .await;
        let client = Client::new(&places.kiosk_url(), &token).unwrap();
        let answers = wait_for("a door that answers", PATIENCE, async || {
            client.scan("K1NOBODYSPASS").await.ok()
        });
        answers.await.unwrap();
    }
    let mut last = None;
    while demo.ended().is_none() {
        last = kill(&folder, "office", last).await;
    }
    assert!(!demo.ended().is_some_and(|status| status.success()));
    assert!(said(&log).contains("office.log"), "{}", said(&log));
    until_nobody_survives(&folder).await;

    let mut demo = start(&folder, free_base(), &files.path().join("log-2"));
    until_said(&mut demo, "The centre is open").await;
    demo.signal(Signal::SIGKILL);
    demo.wait(Duration::from_secs(10))
        .await
        .expect("nobody outlives SIGKILL");
    until_nobody_survives(&folder).await;
}

/// Kills a program of the demo, another process than `last`; gives its id, or none where the demo is over before there is one.
async fn kill(folder: &Path, program: &str, last: Option<i32>) -> Option<i32> {
    let file = format!("{program}.toml");
    let next = async || process_named(folder, &file).filter(|id| Some(*id) != last);
    let id = wait_for("a process to kill", Duration::from_secs(5), next);
    let id = id.await.ok()?;
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), Signal::SIGKILL).ok()?;
    Some(id)
}

/// The process whose command line names this file.
fn process_named(folder: &Path, file: &str) -> Option<i32> {
    let wanted = folder.join(file).display().to_string();
    fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let is_it = String::from_utf8_lossy(&line).contains(&wanted);
        is_it
            .then(|| entry.file_name().to_str()?.parse().ok())
            .flatten()
    })
}
