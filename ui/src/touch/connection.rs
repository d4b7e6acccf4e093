//! The line to the service: a thread of its own with its own runtime, so that the screen never waits for the network.

use super::flow::{Asked, Input, Request};
use api::screen::StreamItem;
use api::{Client, ClientError, Verdict};
use domain::ids::StationId;
use futures_util::StreamExt;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// First pause before connecting again; doubled after each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause: a service that comes back is found within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// What the thread is asked to do.
enum Order {
    Ask(Asked),
    Scan(String),
}

/// The line to the service. Dropping it ends its thread.
pub struct Connection {
    orders: UnboundedSender<Order>,
}

impl Connection {
    /// Connects, and connects again whenever the line breaks. Everything heard goes to `inputs`.
    ///
    /// # Errors
    /// When the machine cannot start a thread or its event queue.
    pub fn start(
        client: Client,
        station: Option<StationId>,
        inputs: UnboundedSender<Input>,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (orders, waiting) = unbounded_channel();
        std::thread::Builder::new()
            .name("service-line".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = listen(&client, station.as_ref(), &inputs) => {}
                        () = answer(&client, waiting, &inputs) => {}
                    }
                });
            })?;
        Ok(Self { orders })
    }

    /// Sends a request; its answer arrives as [`Input::Answer`].
    pub fn ask(&self, asked: Asked) {
        self.order(Order::Ask(asked));
    }

    /// Has the service decide a code as if this station's scanner had read it; the verdict arrives by the stream.
    pub fn scan(&self, code: &str) {
        self.order(Order::Scan(code.to_owned()));
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::error!("the line to the service has ended; start the program again");
        }
    }
}

async fn listen(client: &Client, station: Option<&StationId>, inputs: &UnboundedSender<Input>) {
    let mut pause = FIRST_PAUSE;
    while !inputs.is_closed() {
        match hear(client, station, inputs).await {
            // It had been there: it may be back at once.
            Heard::Something(error) => {
                tracing::info!(
                    error = chain(&error),
                    "the service went away; connecting again"
                );
                pause = FIRST_PAUSE;
            }
            Heard::Nothing(error) => tracing::info!(
                error = chain(&error),
                pause_ms = pause.as_millis(),
                "no service yet; trying again"
            ),
        }
        if inputs.send(Input::Lost).is_err() {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

enum Heard {
    Something(ClientError),
    Nothing(ClientError),
}

async fn hear(
    client: &Client,
    station: Option<&StationId>,
    inputs: &UnboundedSender<Input>,
) -> Heard {
    let stream = match client.stream(station).await {
        Ok(stream) => stream,
        Err(error) => return Heard::Nothing(error),
    };
    let mut stream = pin!(stream);
    let mut connected = false;
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => {
                connected |= matches!(item, StreamItem::Snapshot { .. });
                if inputs.send(Input::Stream(Box::new(item))).is_err() {
                    break;
                }
            }
            Err(error) if connected => return Heard::Something(error),
            Err(error) => return Heard::Nothing(error),
        }
    }
    if connected {
        Heard::Something(ClientError::Stream)
    } else {
        Heard::Nothing(ClientError::Stream)
    }
}

/// Each request in a task of its own: a slow one keeps no other waiting.
async fn answer(
    client: &Client,
    mut orders: UnboundedReceiver<Order>,
    inputs: &UnboundedSender<Input>,
) {
    while let Some(order) = orders.recv().await {
        let (client, inputs) = (client.clone(), inputs.clone());
        tokio::spawn(async move {
            let input = match order {
                Order::Ask(Asked { ticket, request }) => Some(Input::Answer {
                    ticket,
                    verdict: understood(call(&client, request).await)
                        .flatten()
                        .map(Box::new),
                }),
                // The verdict itself comes by the stream, as after any scan.
                Order::Scan(code) => {
                    understood(client.scan(&code).await);
                    None
                }
            };
            // The screen is gone only when the whole program is.
            if let Some(input) = input {
                let _ = inputs.send(input);
            }
        });
    }
}

async fn call(client: &Client, request: Request) -> Result<Option<Verdict>, ClientError> {
    match request {
        Request::Number(number) => client.number(&number).await.map(Some),
        Request::Choose(offer, choice) => client.choose(&offer, choice).await.map(Some),
        Request::Hold(offer) => client.hold(&offer).await.map(Some),
        Request::Release(offer) => client.decline(&offer).await.map(|()| None),
        Request::Join(ticket) => client.join(&ticket).await.map(Some),
        Request::GiveUp(ticket) => client.give_up(&ticket).await.map(Some),
        Request::Leave(visit) => client.leave(&visit).await.map(Some),
        Request::Extend(visit) => client.extend(&visit).await.map(Some),
        Request::CallStaff(reason) => client.call_staff(reason).await.map(Some),
    }
}

fn understood<T>(answer: Result<T, ClientError>) -> Option<T> {
    answer
        .inspect_err(|error| tracing::warn!(error = chain(error), "a call to the service failed"))
        .ok()
}

/// An error with its causes. Bodies and codes are in none of them.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
