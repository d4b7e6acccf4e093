//! The touch screen's line to the service: its stream, and the calls it makes.

use super::flow::{Asked, Input, Request};
use super::staff::{Pin, StaffReply, StaffRequest};
use crate::line::{self, Heard};
use api::staff::ActionRequest;
use api::{Client, ClientError, Verdict};
use domain::ids::StationId;
use domain::staff::StaffAnswer;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

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
        let (orders, waiting) = unbounded_channel();
        line::start(move || async move {
            tokio::select! {
                () = listen(&client, station.as_ref(), &inputs) => {}
                () = answer(&client, waiting, &inputs) => {}
            }
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
    line::follow(
        async || client.stream(station).await,
        |heard| {
            let input = match heard {
                Heard::Item(item) => Input::Stream(Box::new(item)),
                Heard::Lost => Input::Lost,
            };
            inputs.send(input).is_ok()
        },
    )
    .await;
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
                Order::Ask(Asked {
                    ticket,
                    request: Request::Staff(request),
                }) => Some(Input::Staff {
                    ticket,
                    reply: staff_reply(&client, request).await,
                }),
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
        Request::OtherSeats(visit) => client.other_seats(&visit).await.map(Some),
        Request::StepOut(visit) => client.step_out(&visit).await.map(Some),
        Request::Borrow(visit) => client.borrow(&visit).await.map(Some),
        Request::Accompany(visit, count) => client.accompany(&visit, count).await.map(Some),
        Request::ReceiveGuest(purpose) => client.receive_guest(purpose).await.map(Some),
        Request::GuestLeaves(guest) => client.guest_leaves(&guest).await.map(|()| None),
        Request::CallStaff(reason) => client.call_staff(reason).await.map(Some),
        Request::SignOut => client.staff_sign_out().await.map(|()| None),
        // Answered by `staff_reply`.
        Request::Staff(_) => Ok(None),
    }
}

/// What staff asked for, with what there is to see afterwards; none when the call failed.
async fn staff_reply(client: &Client, request: StaffRequest) -> Option<StaffReply> {
    let reply = match request {
        StaffRequest::SignIn(pin) => signed_in(client, &pin).await,
        StaffRequest::Look => view(client, None).await,
        StaffRequest::Find(number) => {
            let found = client.staff_find(&number).await;
            found.map(|found| found.map_or(StaffReply::NotFound, StaffReply::Found))
        }
        StaffRequest::Act(action, why) => {
            match client.staff_act(&ActionRequest { action, why }).await {
                Ok(Verdict::Staff(answer)) => view(client, Some(answer)).await,
                Ok(_) => Ok(StaffReply::SignedOut),
                Err(error) => Err(error),
            }
        }
    };
    match reply {
        // Signed out meanwhile, or the badge was shown too long ago.
        Err(ClientError::Problem(problem)) if matches!(problem.status, 401 | 409) => {
            Some(StaffReply::SignedOut)
        }
        reply => understood(reply),
    }
}

async fn signed_in(client: &Client, pin: &Pin) -> Result<StaffReply, ClientError> {
    Ok(match client.staff_sign_in(pin.digits()).await? {
        Verdict::Staff(StaffAnswer::SignedIn { .. }) => {
            StaffReply::SignedIn(Box::new(client.staff_view().await?))
        }
        Verdict::Staff(StaffAnswer::NotSignedIn { remedy }) => StaffReply::NotSignedIn(remedy),
        _ => StaffReply::SignedOut,
    })
}

async fn view(client: &Client, answer: Option<StaffAnswer>) -> Result<StaffReply, ClientError> {
    let view = client.staff_view().await?;
    Ok(StaffReply::View(Box::new(view), answer))
}

fn understood<T>(answer: Result<T, ClientError>) -> Option<T> {
    answer
        .inspect_err(|error| {
            tracing::warn!(error = line::chain(error), "a call to the service failed")
        })
        .ok()
}
