//! A real Chromium without a window, driven through chromedriver.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// Longest wait for something the page is to do.
const PATIENCE: Duration = Duration::from_secs(15);

/// A browser with one window; ends with its driver when dropped.
pub struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser that believes itself in `time_zone`, its page `width` × `height` pixels.
    pub async fn start(width: u32, height: u32, time_zone: &str) -> anyhow::Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TZ", time_zone)
            // Killed at the end, the browser leaves its temporary files: they go with the profile.
            .env("TMPDIR", profile.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("chromedriver does not start: install the package chromium-driver")?;
        let port = port_of(&mut driver)?;
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--hide-scrollbars".to_owned(),
            "--force-device-scale-factor=1".to_owned(),
            "--lang=en-US".to_owned(),
            format!("--user-data-dir={}", profile.path().join("user").display()),
        ];
        // The kiosk's own CA is known to no browser.
        let Value::Object(capabilities) =
            json!({ "acceptInsecureCerts": true, "goog:chromeOptions": { "args": arguments } })
        else {
            bail!("capabilities are an object");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        let browser = Self {
            client,
            driver,
            _profile: profile,
        };
        browser.resize(width, height).await?;
        Ok(browser)
    }

    /// Makes the page itself (not the window around it) `width` × `height` pixels.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.client.set_window_size(width, height).await?;
        let inner = self.run("return [innerWidth, innerHeight]").await?;
        let frame = |at: usize, wanted: u32| {
            wanted + wanted.saturating_sub(inner[at].as_u64().unwrap_or(0) as u32)
        };
        self.client
            .set_window_size(frame(0, width), frame(1, height))
            .await?;
        self.until(&format!(
            "return innerWidth === {width} && innerHeight === {height}"
        ))
        .await
    }

    /// Opens `address`.
    pub async fn open(&self, address: &str) -> anyhow::Result<()> {
        Ok(self.client.goto(address).await?)
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn run(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Waits until a script in the page returns true.
    pub async fn until(&self, script: &str) -> anyhow::Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            // A script may fall into a reload, when there is no page to run it in.
            let answer = self.run(script).await;
            if matches!(answer, Ok(Value::Bool(true))) {
                return Ok(());
            }
            ensure!(
                Instant::now() < end,
                "never came true: {script} (last: {answer:?})\n{}",
                self.text().await?
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The text that the page shows.
    pub async fn text(&self) -> anyhow::Result<String> {
        Ok(self
            .run("return document.body.innerText")
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Waits until the page shows `text`.
    pub async fn until_shown(&self, text: &str) -> anyhow::Result<()> {
        self.until(&format!(
            "return document.body.innerText.includes({})",
            json!(text)
        ))
        .await
    }

    /// A picture of the page, as PNG.
    pub async fn picture(&self) -> anyhow::Result<Vec<u8>> {
        Ok(self.client.screenshot().await?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = Pid::from_raw(self.driver.id() as i32);
        // The group is gone already when the driver crashed.
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.driver.wait();
    }
}

/// The free port that the driver says it chose.
fn port_of(driver: &mut Child) -> anyhow::Result<u16> {
    let output = driver
        .stdout
        .take()
        .context("the driver's output is piped")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    bail!("chromedriver ended before it was ready")
}
