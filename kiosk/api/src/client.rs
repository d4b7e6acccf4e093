//! The typed client of a station: every call a screen or the camera program makes.
//!
//! A call that decides something carries an `Idempotency-Key` and is made once more under the same key where nobody knows whether the
//! first was taken (decision 0013). So a call that fails here has failed twice.

mod staff;

use crate::problem::Problem;
use crate::screen::{
    ChooseRequest, CompanionsRequest, FloorView, GuestRequest, NumberRequest, ScanRequest,
    StaffCallReason, StaffCallRequest, StreamItem,
};
use crate::signage::Signage;
use domain::Verdict;
use domain::event::GuestPurpose;
use domain::ids::{GuestId, OfferId, StationId, TicketId, VisitId};
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long one answer may take; the service itself gives up after 4 s.
const ANSWER: Duration = Duration::from_secs(5);

/// Before a call is made again: a service that died is started again after 2 s.
const PAUSE: Duration = Duration::from_secs(3);

/// The longest a call that decides something takes, with its repetition. Whoever waits longer hears what became of it.
pub const ANSWERED_WITHIN: Duration = ANSWER.saturating_add(PAUSE).saturating_add(ANSWER);

/// The service sends a comment every 15 s; a stream silent for three times that is dead.
const SILENCE: Duration = Duration::from_secs(45);

/// Speaks for one station.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: String,
    keys: Arc<Keys>,
}

/// Idempotency keys: a random name for this life of the program, and the number of the call.
struct Keys {
    life: u64,
    calls: AtomicU64,
}

impl Keys {
    fn new() -> Result<Self, ClientError> {
        Ok(Self {
            life: getrandom::u64().map_err(ClientError::Randomness)?,
            calls: AtomicU64::new(0),
        })
    }

    fn next(&self) -> String {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}-{call}", self.life)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

/// Why a call had no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is not one.
    #[error("{0:?} is no address of a kiosk service; write it like http://127.0.0.1:7070")]
    Address(String),
    /// No name can be made for the calls.
    #[error("the system has no randomness yet; start the program again in a moment")]
    Randomness(#[source] getrandom::Error),
    /// The service is away, or slow, or cut the line.
    #[error("the kiosk service does not answer; see `systemctl status genkan-kiosk`")]
    Away(#[source] reqwest::Error),
    /// The stream broke or fell silent.
    #[error("the stream from the kiosk service broke")]
    Stream,
    /// The service refused the call.
    #[error("{} ({})", .0.detail, .0.status)]
    Problem(Problem),
    /// The answer is not what this version understands.
    #[error(
        "the kiosk service answers in a form this program does not know; install the same version of both"
    )]
    Version(#[source] serde_json::Error),
}

impl ClientError {
    /// Whether the call may have been taken all the same, or would be a moment later.
    fn leaves_open(&self) -> bool {
        match self {
            Self::Away(_) => true,
            Self::Problem(problem) => matches!(problem.status, 503 | 504),
            Self::Address(_) | Self::Randomness(_) | Self::Stream | Self::Version(_) => false,
        }
    }

    fn is_late(&self) -> bool {
        matches!(self, Self::Away(error) if error.is_timeout())
    }
}

impl Client {
    /// A client of the service at `base` with a station's token.
    ///
    /// # Errors
    /// When `base` is no address, or the system has no randomness for the keys.
    pub fn new(base: &str, token: &str) -> Result<Self, ClientError> {
        let base: Url = base
            .parse()
            .map_err(|_| ClientError::Address(base.to_owned()))?;
        if base.cannot_be_a_base() {
            return Err(ClientError::Address(base.to_string()));
        }
        let http = reqwest::Client::builder()
            .connect_timeout(ANSWER)
            .no_proxy()
            .build()
            .map_err(ClientError::Away)?;
        Ok(Self {
            http,
            base,
            token: token.trim().to_owned(),
            keys: Arc::new(Keys::new()?),
        })
    }

    /// `POST /v1/scans`: decides a code as if this station's scanner had read it.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn scan(&self, code: &str) -> Result<Verdict, ClientError> {
        self.post(
            &["v1", "scans"],
            &ScanRequest {
                code: code.to_owned(),
                station: None,
            },
        )
        .await
    }

    /// `POST /v1/numbers`: a reservation number typed by hand.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn number(&self, number: &str) -> Result<Verdict, ClientError> {
        self.post(
            &["v1", "numbers"],
            &NumberRequest {
                number: number.to_owned(),
                station: None,
            },
        )
        .await
    }

    /// `POST /v1/offers/{offer}/choose`: takes one of the offered seats; `choice` counts from 0.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn choose(&self, offer: &OfferId, choice: usize) -> Result<Verdict, ClientError> {
        self.post(
            &["v1", "offers", offer.as_str(), "choose"],
            &ChooseRequest { choice },
        )
        .await
    }

    /// `POST /v1/offers/{offer}/hold`: more time to decide.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn hold(&self, offer: &OfferId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "offers", offer.as_str(), "hold"], &())
            .await
    }

    /// `DELETE /v1/offers/{offer}`: the visitor went back.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn decline(&self, offer: &OfferId) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["v1", "offers", offer.as_str()]);
        self.surely(request).await.map(drop)
    }

    /// `POST /v1/tickets/{ticket}/take`: takes the number offered with a full house.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn join(&self, ticket: &TicketId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "tickets", ticket.as_str(), "take"], &())
            .await
    }

    /// `POST /v1/tickets/{ticket}/give-up`: waits no longer.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn give_up(&self, ticket: &TicketId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "tickets", ticket.as_str(), "give-up"], &())
            .await
    }

    /// `POST /v1/visits/{visit}/leave`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn leave(&self, visit: &VisitId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "visits", visit.as_str(), "leave"], &())
            .await
    }

    /// `POST /v1/visits/{visit}/extend`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn extend(&self, visit: &VisitId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "visits", visit.as_str(), "extend"], &())
            .await
    }

    /// `POST /v1/visits/{visit}/seats`: other seats to choose from.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn other_seats(&self, visit: &VisitId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "visits", visit.as_str(), "seats"], &())
            .await
    }

    /// `POST /v1/visits/{visit}/step-out`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn step_out(&self, visit: &VisitId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "visits", visit.as_str(), "step-out"], &())
            .await
    }

    /// `POST /v1/visits/{visit}/borrow`: the visitor would like to borrow a PC.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn borrow(&self, visit: &VisitId) -> Result<Verdict, ClientError> {
        self.post(&["v1", "visits", visit.as_str(), "borrow"], &())
            .await
    }

    /// `POST /v1/visits/{visit}/companions`: how many came along.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn accompany(
        &self,
        visit: &VisitId,
        companions: u32,
    ) -> Result<Verdict, ClientError> {
        self.post(
            &["v1", "visits", visit.as_str(), "companions"],
            &CompanionsRequest { companions },
        )
        .await
    }

    /// `POST /v1/guests`: somebody who is no member comes.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn receive_guest(&self, purpose: GuestPurpose) -> Result<Verdict, ClientError> {
        self.post(
            &["v1", "guests"],
            &GuestRequest {
                purpose,
                station: None,
            },
        )
        .await
    }

    /// `DELETE /v1/guests/{guest}`: the guest leaves, or pressed by mistake.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn guest_leaves(&self, guest: &GuestId) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &["v1", "guests", guest.as_str()]);
        self.surely(request).await.map(drop)
    }

    /// `POST /v1/staff-calls`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn call_staff(&self, reason: StaffCallReason) -> Result<Verdict, ClientError> {
        self.post(
            &["v1", "staff-calls"],
            &StaffCallRequest {
                reason,
                station: None,
            },
        )
        .await
    }

    /// `GET /v1/floor`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn floor(&self) -> Result<FloorView, ClientError> {
        self.get(&["v1", "floor"]).await
    }

    /// `GET /v1/signage`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn signage(&self) -> Result<Signage, ClientError> {
        self.get(&["v1", "signage"]).await
    }

    /// `GET /v1/stream`: a snapshot, then what changes. The stream ends with an error when the service goes away or is silent for
    /// 45 s; connect again then.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn stream(
        &self,
        station: Option<&StationId>,
    ) -> Result<impl Stream<Item = Result<StreamItem, ClientError>> + use<>, ClientError> {
        let request = self.request(Method::GET, &["v1", "stream"]);
        let request = match station {
            Some(station) => request.query(&[("station", station.as_str())]),
            None => request,
        };
        follow(request).await
    }

    /// `GET /v1/signage/stream`: the view, then each change. It ends as [`Self::stream`] does.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn signage_stream(
        &self,
    ) -> Result<impl Stream<Item = Result<Signage, ClientError>> + use<>, ClientError> {
        follow(self.request(Method::GET, &["v1", "signage", "stream"])).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        read(
            &self
                .surely(self.request(Method::POST, path).json(body))
                .await?,
        )
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, ClientError> {
        read(&answered(self.request(Method::GET, path)).await?)
    }

    /// Makes a call that decides something, and makes it once more where nobody knows whether it was taken.
    async fn surely(&self, request: RequestBuilder) -> Result<Vec<u8>, ClientError> {
        let request = request.header("idempotency-key", self.keys.next());
        let again = request.try_clone();
        match (answered(request).await, again) {
            (Err(error), Some(again)) if error.leaves_open() => {
                if !error.is_late() {
                    tokio::time::sleep(PAUSE).await;
                }
                answered(again).await
            }
            (answer, _) => answer,
        }
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        // A base was checked in `new`, so its path can be extended.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.http.request(method, url).bearer_auth(&self.token)
    }
}

/// A stream of the service's events, until it goes away or is silent.
async fn follow<T: DeserializeOwned>(
    request: RequestBuilder,
) -> Result<impl Stream<Item = Result<T, ClientError>> + use<T>, ClientError> {
    let response = tokio::time::timeout(ANSWER, request.send())
        .await
        .map_err(|_| ClientError::Stream)?;
    let response = checked(response.map_err(ClientError::Away)?).await?;
    let bytes = tokio_stream::StreamExt::timeout(response.bytes_stream(), SILENCE).map(|chunk| {
        chunk
            .map_err(|_| ClientError::Stream)?
            .map_err(|_| ClientError::Stream)
    });
    // Comments keep the line alive and yield no item.
    Ok(bytes.eventsource().map(|event| {
        let event = event.map_err(|_| ClientError::Stream)?;
        serde_json::from_str(&event.data).map_err(ClientError::Version)
    }))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ClientError> {
    serde_json::from_slice(body).map_err(ClientError::Version)
}

/// One call and the body of its answer.
async fn answered(request: RequestBuilder) -> Result<Vec<u8>, ClientError> {
    let response = request.timeout(ANSWER).send().await;
    let response = checked(response.map_err(ClientError::Away)?).await?;
    let body = response.bytes().await.map_err(ClientError::Away)?;
    Ok(body.to_vec())
}

async fn checked(response: Response) -> Result<Response, ClientError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.bytes().await.map_err(ClientError::Away)?;
    let problem = serde_json::from_slice(&body).unwrap_or_else(|_| {
        Problem::new(
            status.as_u16(),
            "unknown",
            "The call failed",
            "the kiosk service refused the call without saying why",
        )
    });
    Err(ClientError::Problem(problem))
}
