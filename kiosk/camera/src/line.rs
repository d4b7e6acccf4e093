//! The line to the kiosk service.

use api::{Client, ClientError};
use std::io;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// One call at a time: while a code is being answered, nothing else is looked at.
pub struct Line {
    runtime: Runtime,
    client: Client,
}

impl Line {
    /// A line over this client.
    ///
    /// # Errors
    /// When the system gives no event queue.
    pub fn new(client: Client) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, client })
    }

    /// Has the service decide a code; its screens show the verdict.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub fn scan(&self, code: &str) -> Result<(), ClientError> {
        self.runtime.block_on(self.client.scan(code)).map(drop)
    }

    /// Lets time pass.
    pub fn pause(&self, time: Duration) {
        // Inside the block: a sleep is made by a runtime at work.
        self.runtime
            .block_on(async { tokio::time::sleep(time).await });
    }
}
