//! How long after somebody registered at the office their pass is accepted at the door.

use super::at_door::{config, scan, verdict};
use super::centre::{Centre, KIOSK_TOKEN, OFFICE_TOKEN, Size};
use super::ground::Ground;
use super::report::{Aim, Report, Unit};
use super::spread::Spread;
use anyhow::Context;
use api::Verdict;
use domain::Command;
use domain::code::parse;
use e2e::waiting::wait_for;
use kiosk::config::OfficeConfig;
use kiosk::desk::Desk;
use office::RunningOffice;
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};

const REGISTRATIONS: usize = 40;
/// How often the door is asked.
const ASK_EVERY: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Issued {
    code: String,
}

/// Office with broker, and kiosk, as they are in service; one registration after the other.
pub(super) async fn measure(
    ground: &Ground,
    centre: &Centre,
    report: &mut Report,
) -> anyhow::Result<()> {
    let office = centre.open().await.context("the office does not start")?;
    let folder = ground.folder(&format!("synced-{}", centre.size.name()))?;
    let kiosk = kiosk::service::start(config(&folder, Some(office_config(&folder, &office)?))?)
        .await
        .context("the kiosk does not start")?;
    let desk = kiosk.desk();
    let members = centre.reference.members.len();
    let all_known =
        || async { (desk.published().borrow().reference.passes.len() >= members).then_some(()) };
    wait_for("all members at the door", PATIENCE, all_known).await?;
    let mut times = Vec::new();
    let http = reqwest::Client::builder().no_proxy().build()?;
    for nth in 0..REGISTRATIONS {
        times.push(register(&http, &office, &desk, nth).await?);
    }
    kiosk.stop().await;
    office.shutdown().await;
    let spread = Spread::of(&times);
    let (p50, p95) = (spread.percentile(50) / 1e3, spread.percentile(95) / 1e3);
    let (names, where_at) = match centre.size {
        Size::Small => (
            ["registration_p50", "registration_p95"],
            "registered → accepted at the door",
        ),
        Size::Large => (
            ["large_registration_p50", "large_registration_p95"],
            "the same with 10 years, 50,000 members",
        ),
    };
    let [name_50, name_95] = names;
    report.add(
        name_50,
        format!("{where_at}, p50"),
        p50,
        Unit::Seconds,
        Aim::None,
    );
    report.add(
        name_95,
        format!("{where_at}, p95"),
        p95,
        Unit::Seconds,
        Aim::Below(1.0),
    );
    Ok(())
}

pub(super) fn office_config(
    folder: &std::path::Path,
    office: &RunningOffice,
) -> anyhow::Result<OfficeConfig> {
    let token_file = folder.join("office-token");
    std::fs::write(&token_file, KIOSK_TOKEN)?;
    let broker = office
        .broker_addr
        .context("the office has no broker in itself")?;
    Ok(OfficeConfig {
        url: format!("http://{}", office.http_addr),
        broker_host: broker.ip().to_string(),
        broker_port: broker.port(),
        token_file,
    })
}

/// From sending the registration until the door says something else than that it does not know the pass. It is asked at another
/// station each time, since one station repeats its answer to the same code for some seconds.
async fn register(
    http: &reqwest::Client,
    office: &RunningOffice,
    desk: &Desk,
    nth: usize,
) -> anyhow::Result<Duration> {
    let call = http
        .post(format!("http://{}/v1/members", office.http_addr))
        .bearer_auth(OFFICE_TOKEN)
        .json(&json!({ "category": "business" }));
    let begun = Instant::now();
    let issued: Issued = call.send().await?.error_for_status()?.json().await?;
    let mut asked = 0;
    loop {
        asked += 1;
        let station = format!("registration-{nth}-{asked}");
        match verdict(
            desk.decide(scan(station.into(), parse(issued.code.as_bytes())), None)
                .await?,
        )? {
            Verdict::NotRecognised(_) if begun.elapsed() < PATIENCE => {
                tokio::time::sleep(ASK_EVERY).await
            }
            Verdict::NotRecognised(_) => anyhow::bail!(
                "a new member was not accepted within {} s",
                PATIENCE.as_secs()
            ),
            verdict => {
                let took = begun.elapsed();
                // What it holds is for the next one.
                if let Verdict::Offer(offered) = verdict {
                    desk.decide(
                        Command::Decline {
                            offer: offered.offer,
                        },
                        None,
                    )
                    .await?;
                }
                return Ok(took);
            }
        }
    }
}
