//! The calls that decide something. Each takes an `Idempotency-Key`; a repeat gets the first answer.

use super::answer::{Body, Rejection};
use super::station::Caller;
use super::{App, CALL_LIMIT, StationAnswer, StationVerdict};
use crate::desk::{Answer, DeskError};
use api::Verdict;
use api::screen::{ChooseRequest, NumberRequest, ScanRequest, StaffCallReason, StaffCallRequest};
use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::Command;
use domain::code::{self, Code};
use domain::event::CallReason;
use domain::ids::{OfferId, StationId, TicketId, VisitId};
use std::time::Instant;

/// The longest idempotency key.
const LONGEST_KEY: usize = 128;

/// `Idempotency-Key`, where the caller sent one.
pub(super) struct Key(pub(super) Option<String>);

impl FromRequestParts<App> for Key {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Rejection> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = value
            .to_str()
            .ok()
            .map(|key| key.trim_matches('"'))
            .filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
        let key = key.ok_or_else(|| {
            Rejection::invalid("Idempotency-Key takes 1 to 128 printable characters")
        })?;
        Ok(Self(Some(key.to_owned())))
    }
}

impl App {
    /// Decides for a station; its keys are its own.
    pub(super) async fn decide(
        &self,
        station: &StationId,
        key: Key,
        command: Command,
    ) -> Result<Option<Verdict>, Rejection> {
        let cause = key.0.map(|key| format!("{station}/{key}"));
        let begun = Instant::now();
        let answer = tokio::time::timeout(CALL_LIMIT, self.desk.decide(command, cause)).await;
        let answer = answer.unwrap_or(Err(DeskError::Late));
        let verdict = answer.map(|Answer { verdict, .. }| verdict);
        let heard = match &verdict {
            Ok(verdict) => verdict.clone(),
            Err(_) => None,
        };
        if heard.is_some() || verdict.is_err() {
            let station = station.clone();
            // Nobody listening is a station without light and sound.
            drop(self.answers.send(StationAnswer {
                station,
                verdict: heard,
            }));
        }
        let verdict = verdict?;
        self.metrics.decided(verdict.as_ref(), begun.elapsed());
        Ok(verdict)
    }

    /// Decides for a station and gives the answer.
    pub(super) async fn tell(
        &self,
        station: &StationId,
        key: Key,
        command: Command,
    ) -> Result<Json<Verdict>, Rejection> {
        let verdict = self.decide(station, key, command).await?;
        verdict.map(Json).ok_or_else(Rejection::unanswered)
    }

    /// Calls staff to a station from beside its screen, and shows that there.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub(crate) async fn staff_button_pressed(
        &self,
        station: StationId,
    ) -> Result<Verdict, Rejection> {
        let command = Command::CallStaff {
            station: station.clone(),
            reason: CallReason::Visitor,
        };
        self.decide_and_show(station, command, Key(None)).await
    }

    /// Decides a scan and shows the verdict on the station's screens.
    ///
    /// # Errors
    /// When nothing could be recorded.
    pub(crate) async fn scanned(
        &self,
        station: StationId,
        code: Code,
    ) -> Result<Verdict, Rejection> {
        self.scanned_as(station, code, Key(None)).await
    }

    async fn scanned_as(
        &self,
        station: StationId,
        code: Code,
        key: Key,
    ) -> Result<Verdict, Rejection> {
        self.scanner_read(&station, &code).await?;
        let command = Command::Scan {
            station: station.clone(),
            code,
            typed: false,
        };
        self.decide_and_show(station, command, key).await
    }

    /// Decides what came to a station by another way than its screen.
    async fn decide_and_show(
        &self,
        station: StationId,
        command: Command,
        key: Key,
    ) -> Result<Verdict, Rejection> {
        let verdict = self
            .decide(&station, key, command)
            .await?
            .ok_or_else(Rejection::unanswered)?;
        // Nobody listening is a station without a screen.
        drop(self.verdicts.send(StationVerdict {
            station,
            verdict: verdict.clone(),
            given: Instant::now(),
        }));
        Ok(verdict)
    }
}

/// Decides a scan.
#[utoipa::path(post, path = "/v1/scans", tag = "door", request_body = ScanRequest, security(("station" = [])),
    responses((status = 200, description = "The verdict, also sent to the station's screens", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn scan(
    State(app): State<App>,
    caller: Caller,
    key: Key,
    Body(body): Body<ScanRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let station = caller.speaking_for(body.station)?;
    app.scanned_as(station, code::parse(body.code.as_bytes()), key)
        .await
        .map(Json)
}

/// Decides a reservation number typed by hand.
#[utoipa::path(post, path = "/v1/numbers", tag = "door", request_body = NumberRequest, security(("station" = [])),
    responses((status = 200, description = "The verdict", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn number(
    State(app): State<App>,
    caller: Caller,
    key: Key,
    Body(body): Body<NumberRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let station = caller.speaking_for(body.station)?;
    // A typed pass or badge would be a way around holding one.
    let code =
        code::ReservationNumber::parse(&body.number).map_or(Code::Unreadable, Code::Reservation);
    app.tell(
        &station,
        key,
        Command::Scan {
            station: station.clone(),
            code,
            typed: true,
        },
    )
    .await
}

/// Takes one of the offered seats.
#[utoipa::path(post, path = "/v1/offers/{offer}/choose", tag = "door", params(("offer" = String, Path, description = "The offer")),
    request_body = ChooseRequest, security(("station" = [])),
    responses((status = 200, description = "Admitted, or lapsed", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn choose(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(offer): Path<OfferId>,
    Body(body): Body<ChooseRequest>,
) -> Result<Json<Verdict>, Rejection> {
    app.tell(
        &station,
        key,
        Command::Choose {
            station: station.clone(),
            offer,
            choice: body.choice,
        },
    )
    .await
}

/// Gives more time to decide.
#[utoipa::path(post, path = "/v1/offers/{offer}/hold", tag = "door", params(("offer" = String, Path, description = "The offer")),
    security(("station" = [])),
    responses((status = 200, description = "The offer, held anew, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn hold(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(offer): Path<OfferId>,
) -> Result<Json<Verdict>, Rejection> {
    app.tell(&station, key, Command::Hold { offer }).await
}

/// The visitor went back; what was held is free.
#[utoipa::path(delete, path = "/v1/offers/{offer}", tag = "door", params(("offer" = String, Path, description = "The offer")),
    security(("station" = [])),
    responses((status = 204, description = "It holds nothing any more"),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn decline(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(offer): Path<OfferId>,
) -> Result<StatusCode, Rejection> {
    app.decide(&station, key, Command::Decline { offer })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the number put before a visitor who meets a full house (R14).
#[utoipa::path(post, path = "/v1/tickets/{ticket}/take", tag = "door", params(("ticket" = String, Path, description = "The ticket")),
    security(("station" = [])),
    responses((status = 200, description = "Joined, or an offer where a seat has become free since, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn join(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(ticket): Path<TicketId>,
) -> Result<Json<Verdict>, Rejection> {
    let command = Command::Join {
        station: station.clone(),
        ticket,
    };
    app.tell(&station, key, command).await
}

/// Ends the waiting of a visitor who no longer wants to.
#[utoipa::path(post, path = "/v1/tickets/{ticket}/give-up", tag = "door", params(("ticket" = String, Path, description = "The ticket")),
    security(("station" = [])),
    responses((status = 200, description = "Given up, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn give_up(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(ticket): Path<TicketId>,
) -> Result<Json<Verdict>, Rejection> {
    app.tell(&station, key, Command::GiveUp { ticket }).await
}

/// Ends a visit.
#[utoipa::path(post, path = "/v1/visits/{visit}/leave", tag = "door", params(("visit" = String, Path, description = "The visit")),
    security(("station" = [])),
    responses((status = 200, description = "Left, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn leave(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
) -> Result<Json<Verdict>, Rejection> {
    app.tell(&station, key, Command::Leave { visit }).await
}

/// Makes a stay longer where nobody is displaced (R7).
#[utoipa::path(post, path = "/v1/visits/{visit}/extend", tag = "door", params(("visit" = String, Path, description = "The visit")),
    security(("station" = [])),
    responses((status = 200, description = "Extended, not extended, or lapsed", body = Verdict),
        (status = "4XX", description = "The call is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn extend(
    State(app): State<App>,
    Caller(station): Caller,
    key: Key,
    Path(visit): Path<VisitId>,
) -> Result<Json<Verdict>, Rejection> {
    app.tell(&station, key, Command::Extend { visit }).await
}

/// Calls staff to the station.
#[utoipa::path(post, path = "/v1/staff-calls", tag = "door", request_body = StaffCallRequest, security(("station" = [])),
    responses((status = 200, description = "Staff are called", body = Verdict),
        (status = "4XX", description = "The call cannot be understood or is not allowed", body = api::Problem),
        (status = 503, description = "Nothing was recorded; call again", body = api::Problem)))]
pub(super) async fn call_staff(
    State(app): State<App>,
    caller: Caller,
    key: Key,
    Body(body): Body<StaffCallRequest>,
) -> Result<Json<Verdict>, Rejection> {
    let station = caller.speaking_for(body.station)?;
    let reason = match body.reason {
        StaffCallReason::Visitor => CallReason::Visitor,
        StaffCallReason::Guest => CallReason::Guest,
    };
    app.tell(
        &station,
        key,
        Command::CallStaff {
            station: station.clone(),
            reason,
        },
    )
    .await
}
