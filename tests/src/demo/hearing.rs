//! What the kiosk tells its station, heard by the demo as a screen hears it.

use super::files::STATION;
use super::places::Places;
use crate::waiting::{TooLate, wait_for};
use anyhow::Context;
use api::screen::StreamItem;
use api::{Client, ClientError, Verdict};
use domain::ids::StationId;
use domain::reference::DateTime;
use futures_util::StreamExt;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

const AGAIN: Duration = Duration::from_millis(500);
const VERDICTS: usize = 64;

/// An ear at the kiosk's stream.
pub(super) struct Hearing {
    client: Client,
    verdicts: broadcast::Sender<Verdict>,
    task: JoinHandle<()>,
}

impl Hearing {
    pub(super) fn start(places: &Places, token: &str) -> anyhow::Result<Self> {
        let client = Client::new(&places.kiosk_url(), token)
            .context("the kiosk's address cannot be used")?;
        let verdicts = broadcast::channel(VERDICTS).0;
        let task = tokio::spawn(listen(client.clone(), verdicts.clone()));
        Ok(Self {
            client,
            verdicts,
            task,
        })
    }

    /// Waits until the kiosk knows its seats and its scanner reads; gives its time.
    pub(super) async fn until_open(&self, patience: Duration) -> Result<DateTime, TooLate> {
        wait_for(
            "seats on the floor, and a scanner that reads",
            patience,
            async || self.time_when_open().await,
        )
        .await
    }

    async fn time_when_open(&self) -> Option<DateTime> {
        // Notices are adopted last: with them everything is there.
        self.client
            .signage()
            .await
            .ok()
            .filter(|signage| !signage.notices.is_empty())?;
        let mut stream = pin!(
            self.client
                .stream(Some(&StationId::from(STATION)))
                .await
                .ok()?
        );
        let Some(Ok(StreamItem::Snapshot { centre, floor })) = stream.next().await else {
            return None;
        };
        let is_open = !floor.seats.is_empty() && centre.scanner_ready == Some(true);
        is_open.then_some(centre.now)
    }

    /// Every verdict from now on.
    pub(super) fn verdicts(&self) -> broadcast::Sender<Verdict> {
        self.verdicts.clone()
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(client: Client, verdicts: broadcast::Sender<Verdict>) {
    loop {
        // The kiosk may be restarting; its own log says why.
        let _ = hear(&client, &verdicts).await;
        tokio::time::sleep(AGAIN).await;
    }
}

async fn hear(client: &Client, verdicts: &broadcast::Sender<Verdict>) -> Result<(), ClientError> {
    let mut stream = pin!(client.stream(Some(&StationId::from(STATION))).await?);
    while let Some(item) = stream.next().await {
        if let StreamItem::Verdict { verdict } = item? {
            // Nobody has the page open: nobody needs to know.
            let _ = verdicts.send(verdict);
        }
    }
    Ok(())
}
