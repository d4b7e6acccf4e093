//! The touch screen: from the touch to the painted frame, and the memory of its program.

use super::at_door::STATION;
use super::ground::{Ground, programs_folder};
use super::kiosk_program::{KioskProgram, resident_memory};
use super::report::{Aim, Report, Unit};
use super::spread::Spread;
use anyhow::{Context, ensure};
use e2e::child::Child;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::task::spawn_blocking;

/// Each round is five touches.
const ROUNDS: usize = 40;
/// How long the program may take for its story.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(10);
const STORY: &str = "save start\npress 予約なしで利用する\nsave hold\npress 予約番号を入力する\nsave number\npress 戻る\nsave end\n";

pub(super) async fn measure(
    ground: &Ground,
    kiosk: &KioskProgram,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (centre, floor) = kiosk.scene.clone();
    // Of all threads only a new one can have a screen of its own.
    let times = spawn_blocking(move || {
        std::thread::spawn(move || ui::touch::measure::touch_to_frame(centre, floor, ROUNDS)).join()
    })
    .await?;
    let times = times.map_err(|_| anyhow::anyhow!("the touch screen panicked"))??;
    let spread = Spread::of(&times);
    report.add(
        "touch_to_frame_p50",
        "touch → painted frame, 1280×800, p50",
        spread.percentile(50),
        Unit::Milliseconds,
        Aim::None,
    );
    report.add(
        "touch_to_frame_p99",
        "touch → painted frame, 1280×800, p99",
        spread.percentile(99),
        Unit::Milliseconds,
        Aim::Below(16.7),
    );
    memory(ground, kiosk, report).await
}

/// The most that the program ever had while it drew a story without a window.
async fn memory(ground: &Ground, kiosk: &KioskProgram, report: &mut Report) -> anyhow::Result<()> {
    let program = programs_folder()?.join("touch");
    if !program.is_file() {
        println!("          touch is not built, so its memory is left out");
        return Ok(());
    }
    let folder = ground.folder("touch-program")?;
    let steps = folder.join("story.txt");
    std::fs::write(&steps, STORY)?;
    let mut command = Command::new(program);
    command
        .args(["--station", STATION, "--url", &kiosk.url])
        .arg("--token-file")
        .arg(&kiosk.token_file);
    command
        .arg("--story")
        .arg(folder.join("shots"))
        .arg("--story-codes")
        .arg(&steps);
    let mut child = Child::start("touch", command, &folder.join("touch.log"))
        .context("the touch program does not start")?;
    let (mut most, end) = (0.0_f64, Instant::now() + PATIENCE);
    let status = loop {
        if let Some(status) = child.ended() {
            break status;
        }
        ensure!(
            Instant::now() < end,
            "the touch program does not end; read {}",
            child.log().display()
        );
        // Between the two questions it may have ended.
        most = most.max(resident_memory(child.id()).unwrap_or_default());
        tokio::time::sleep(LOOK).await;
    };
    ensure!(
        status.success() && most > 0.0,
        "the touch program failed; read {}",
        child.log().display()
    );
    report.add(
        "touch_memory",
        "resident memory of touch, at most, without a window",
        most,
        Unit::Megabytes,
        Aim::AtMost(120.0),
    );
    Ok(())
}
