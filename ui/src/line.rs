//! The line to the service: a thread of its own with its own runtime, so that no screen waits for the network, and streams that are
//! opened again whenever they break.

use api::ClientError;
use futures_util::{Stream, StreamExt};
use std::pin::pin;
use std::time::Duration;

/// First pause before connecting again; doubled after each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause: a service that comes back is found within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Does `work` on a thread of its own, until it is done.
///
/// # Errors
/// When the machine cannot start a thread or its event queue.
pub fn start<F: Future>(work: impl FnOnce() -> F + Send + 'static) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new()
        .name("service-line".to_owned())
        .spawn(move || {
            runtime.block_on(work());
        })?;
    Ok(())
}

/// What a stream tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard<T> {
    /// An item; the first is all there is to know.
    Item(T),
    /// The service went away, or is not there yet.
    Lost,
}

/// Follows a stream, and opens it again whenever it breaks, until `hear` says that nobody listens.
pub async fn follow<T, S>(
    open: impl AsyncFn() -> Result<S, ClientError>,
    mut hear: impl FnMut(Heard<T>) -> bool,
) where
    S: Stream<Item = Result<T, ClientError>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        let mut was_there = false;
        let error = listen(&open, |item| {
            was_there = true;
            hear(Heard::Item(item))
        })
        .await;
        if was_there {
            // It may be back at once.
            tracing::info!(
                error = chain(&error),
                "the service went away; connecting again"
            );
            pause = FIRST_PAUSE;
        } else {
            tracing::info!(
                error = chain(&error),
                pause_ms = pause.as_millis(),
                "no service yet; trying again"
            );
        }
        if !hear(Heard::Lost) {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One connection, from its opening to its end.
async fn listen<T, S>(
    open: &impl AsyncFn() -> Result<S, ClientError>,
    mut hear: impl FnMut(T) -> bool,
) -> ClientError
where
    S: Stream<Item = Result<T, ClientError>>,
{
    let stream = match open().await {
        Ok(stream) => stream,
        Err(error) => return error,
    };
    let mut stream = pin!(stream);
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => {
                if !hear(item) {
                    break;
                }
            }
            Err(error) => return error,
        }
    }
    ClientError::Stream
}

/// An error with its causes. Bodies and codes are in none of them.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
