//! The program itself: what it tells systemd, and what it says of what it cannot use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_camera"));
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    for name in [
        "NOTIFY_SOCKET",
        "RUST_LOG",
        "GENKAN_CAMERA",
        "GENKAN_TOKEN_FILE",
        "GENKAN_URL",
    ] {
        command.env_remove(name);
    }
    command
}

/// What the program says before it gives up.
fn refused(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(!output.status.success(), "accepted: {arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The program in a folder with a token, and what it tells systemd.
fn running(dir: &Path, place: [&str; 2]) -> (Running, UnixDatagram) {
    let token = dir.join("token");
    std::fs::write(&token, "a-token-of-a-station\n").unwrap();
    let socket = UnixDatagram::bind(dir.join("notify")).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let child = command(&place)
        .arg("--token-file")
        .arg(&token)
        .env("NOTIFY_SOCKET", dir.join("notify"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (Running(child), socket)
}

fn until_told(socket: &UnixDatagram, words: &str) -> String {
    loop {
        let mut buffer = [0; 4096];
        let length = socket
            .recv(&mut buffer)
            .expect("systemd is told within 30 s");
        let told = String::from_utf8_lossy(&buffer[..length]).into_owned();
        if told.contains(words) {
            return told;
        }
    }
}

#[test]
fn what_is_missing_at_the_start_is_said_with_its_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let empty = path("empty");
    std::fs::write(&empty, "\n").unwrap();
    let (none, folder) = (path("none"), path(""));
    let rows: [(&[&str], &str); 4] = [
        (&["--folder", &folder], "--token-file"),
        (&["--token-file", &empty], "--device"),
        (
            &["--folder", &folder, "--token-file", &none],
            "--token-file",
        ),
        (
            &["--folder", &folder, "--token-file", &empty],
            "write the station's token",
        ),
    ];
    for (arguments, words) in rows {
        let said = refused(arguments);
        assert!(said.contains(words), "{words:?} is not in:\n{said}");
    }
}

#[test]
fn a_camera_that_is_missing_is_a_state_that_systemd_hears_and_no_end() {
    let dir = tempfile::tempdir().unwrap();
    let device = dir.path().join("video9");
    let (mut camera, socket) = running(dir.path(), ["--device", device.to_str().unwrap()]);
    let told = until_told(&socket, "READY=1");
    assert!(
        told.contains("WATCHDOG=1") && told.contains("nothing is plugged in"),
        "{told}"
    );
    // Something that is no camera is said in other words.
    std::fs::write(&device, "no camera").unwrap();
    until_told(&socket, "cannot be used as a camera");
    std::fs::remove_file(&device).unwrap();
    until_told(&socket, "nothing is plugged in");
    assert!(camera.0.try_wait().unwrap().is_none());
}

#[test]
fn a_place_that_comes_later_heals_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("pictures");
    let (_camera, socket) = running(dir.path(), ["--folder", folder.to_str().unwrap()]);
    until_told(&socket, "STATUS=no pictures");
    std::fs::create_dir(&folder).unwrap();
    until_told(&socket, "STATUS=looking");
    std::fs::remove_dir(&folder).unwrap();
    until_told(&socket, "STATUS=no pictures");
}
