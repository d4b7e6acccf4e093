//! From a picture to the verdict on the station's stream, by the real programs.
//!
//! The kiosk stands alone here, without an office: it knows nobody, and every pass is answered as not recognised.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod pictures;

use api::screen::StreamItem;
use api::{Client, Verdict};
use futures_util::{Stream, StreamExt};
use pictures::{Kind, SIZE};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

const CONFIGURATION: &str = r#"
[kiosk]
id = "koto-1"
data_dir = "data"
mode = "rehearsal"
clock = "2026-11-24T11:42:00+09:00"

[listen]
local = "127.0.0.1:PORT"
signage = "127.0.0.1:0"
staff = "127.0.0.1:0"

[[station]]
id = "door"
token_file = "token"
"#;

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A kiosk, a camera that looks at a folder, and what both said.
struct Door {
    folder: TempDir,
    kiosk: Option<Running>,
    camera: Running,
    url: String,
}

async fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A program of the workspace, built before the tests.
fn program(name: &str) -> PathBuf {
    let camera = Path::new(env!("CARGO_BIN_EXE_camera"));
    let path = camera.with_file_name(name);
    assert!(
        path.is_file(),
        "{name} is not built; run: cargo build --workspace --bins"
    );
    path
}

fn start(mut command: Command, log: &Path) -> Running {
    let log = File::create(log).unwrap();
    command.env("NO_COLOR", "1").env_remove("NOTIFY_SOCKET");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    Running(command.spawn().unwrap())
}

fn said(folder: &Path, log: &str) -> String {
    fs::read_to_string(folder.join(log)).unwrap_or_default()
}

async fn start_kiosk(folder: &Path, port: &str) -> (Running, String) {
    fs::write(
        folder.join("kiosk.toml"),
        CONFIGURATION.replace("PORT", port),
    )
    .unwrap();
    let mut command = Command::new(program("kiosk"));
    command
        .arg("--config")
        .arg(folder.join("kiosk.toml"))
        .env("RUST_LOG", "info");
    let kiosk = start(command, &folder.join("kiosk.log"));
    let address = || {
        let said = said(folder, "kiosk.log");
        let open = said
            .lines()
            .find(|line| line.contains("the door is open"))?;
        let word = open
            .split_whitespace()
            .find_map(|word| word.strip_prefix("local="))?;
        Some(word.to_owned())
    };
    let address = wait_for("an open kiosk", address).await;
    (kiosk, address)
}

impl Door {
    async fn open() -> Self {
        // The first test to come has done it for all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = TempDir::new().unwrap();
        let (kiosk, address) = start_kiosk(folder.path(), "0").await;
        let url = format!("http://{address}");
        fs::create_dir(folder.path().join("pictures")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_camera"));
        command
            .args(["--url", &url, "--token-file"])
            .arg(folder.path().join("token"));
        command.arg("--folder").arg(folder.path().join("pictures"));
        command.env("RUST_LOG", "camera=debug");
        let door = Self {
            camera: start(command, &folder.path().join("camera.log")),
            folder,
            kiosk: Some(kiosk),
            url,
        };
        door.until_camera_says("the camera is ready").await;
        door
    }

    async fn until_camera_says(&self, words: &str) {
        let heard = || {
            said(self.folder.path(), "camera.log")
                .contains(words)
                .then_some(())
        };
        wait_for(words, heard).await;
    }

    fn lay(&self, name: &str, bytes: &[u8]) {
        let next = self.folder.path().join("next");
        fs::write(&next, bytes).unwrap();
        fs::rename(next, self.folder.path().join("pictures").join(name)).unwrap();
    }

    async fn until_looked_at(&self, pictures: usize) {
        let looked = || {
            let said = said(self.folder.path(), "camera.log");
            said.matches("looked at a picture").count() >= pictures
        };
        wait_for("a look at every picture", || looked().then_some(())).await;
    }

    async fn listen(&self) -> Verdicts {
        let token = fs::read_to_string(self.folder.path().join("token")).unwrap();
        let client = Client::new(&self.url, &token).unwrap();
        Verdicts(Box::pin(client.stream(Some(&"door".into())).await.unwrap()))
    }

    /// How many scans the kiosk has answered.
    async fn answered(&self) -> usize {
        let metrics = reqwest::get(format!("{}/metrics", self.url)).await.unwrap();
        let metrics = metrics.text().await.unwrap();
        let counts = metrics
            .lines()
            .filter(|line| line.starts_with("genkan_verdicts_total{"));
        counts
            .map(|line| line.rsplit(' ').next().unwrap().parse::<usize>().unwrap())
            .sum()
    }
}

/// What the station's screens are told.
struct Verdicts(Pin<Box<dyn Stream<Item = Result<StreamItem, api::ClientError>>>>);

impl Verdicts {
    async fn next(&mut self) -> Verdict {
        let found = async {
            loop {
                if let StreamItem::Verdict { verdict } = self.0.next().await.unwrap().unwrap() {
                    return verdict;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found)
            .await
            .expect("no verdict came")
    }
}

/// The passes of three people whom nobody knows.
fn passes() -> [String; 3] {
    let pictures = pictures::of_kind(9, Kind::Straight, 3).unwrap();
    let passes: Vec<String> = pictures.into_iter().map(|picture| picture.pass).collect();
    passes.try_into().unwrap()
}

/// A picture of a pass, as a file.
fn picture_of(pass: &str) -> Vec<u8> {
    let luma = pictures::of_pass(7, pass).unwrap();
    let picture = image::GrayImage::from_raw(SIZE.0, SIZE.1, luma).unwrap();
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_pass_held_up_is_answered_once_and_so_is_the_next() {
    let door = Door::open().await;
    let mut verdicts = door.listen().await;
    let [first, second, _] = passes();
    let (held_up, next) = (picture_of(&first), picture_of(&second));
    // Looked at one after the other, in the order of their names.
    for (name, picture) in [
        ("1.png", &held_up),
        ("2.png", &held_up),
        ("3.png", &held_up),
        ("4.png", &next),
    ] {
        door.lay(name, picture);
    }
    door.until_looked_at(4).await;
    for _ in 0..2 {
        assert!(matches!(verdicts.next().await, Verdict::NotRecognised(_)));
    }
    assert_eq!(door.answered().await, 2);
    let said = said(door.folder.path(), "camera.log");
    assert!(!said.contains(&first), "a pass stands in the log");
}

#[tokio::test]
async fn pictures_made_to_do_harm_do_none() {
    let mut door = Door::open().await;
    let mut verdicts = door.listen().await;
    let harm: [(&str, &[u8]); 4] = [
        ("1.png", b"\x89PNG\r\n\x1a\n"),
        ("2.jpg", &[0xff; 100_000]),
        ("3.jpeg", b""),
        ("4.png", b"no picture at all"),
    ];
    for (name, bytes) in harm {
        door.lay(name, bytes);
    }
    door.until_camera_says("spoilt=4").await;
    door.lay("5.png", &picture_of(&passes()[0]));
    assert!(matches!(verdicts.next().await, Verdict::NotRecognised(_)));
    assert!(door.camera.0.try_wait().unwrap().is_none());
}

#[tokio::test]
async fn a_pass_still_held_up_is_answered_when_the_service_is_back() {
    let mut door = Door::open().await;
    let picture = picture_of(&passes()[0]);
    door.kiosk = None;
    door.lay("1.png", &picture);
    door.until_camera_says("a code was not answered").await;
    let port = door.url.rsplit(':').next().unwrap().to_owned();
    let (kiosk, _) = start_kiosk(door.folder.path(), &port).await;
    door.kiosk = Some(kiosk);
    let mut verdicts = door.listen().await;
    door.lay("2.png", &picture);
    assert!(matches!(verdicts.next().await, Verdict::NotRecognised(_)));
    assert_eq!(door.answered().await, 1);
}
