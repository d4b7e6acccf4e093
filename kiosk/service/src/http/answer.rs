//! Answers that are not verdicts: problem details, and reading bodies so that a bad one gets a clear message.

use crate::desk::DeskError;
use api::Problem;
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

/// A call that is refused, as RFC 9457 problem details.
#[derive(Clone, Debug)]
pub struct Rejection(pub Problem);

impl Rejection {
    pub(super) fn new(
        status: StatusCode,
        kind: &str,
        title: &str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Problem::new(status.as_u16(), kind, title, detail))
    }

    /// A call that has an answer got none: a fault of this program.
    pub(super) fn unanswered() -> Self {
        let detail = "this was recorded without an answer; tell the maintainers";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "no-answer", "There is no answer", detail)
    }

    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid-request",
            "The request cannot be understood",
            detail,
        )
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(api::problem::MEDIA_TYPE),
        );
        response
    }
}

impl From<DeskError> for Rejection {
    fn from(error: DeskError) -> Self {
        let remedy = match error {
            DeskError::Late => "repeat it with the same Idempotency-Key to learn what came of it",
            _ => "nothing was done, so the same call may be made again",
        };
        let detail = format!("{error}; {remedy}");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "door-unavailable",
            "The door cannot answer now",
            detail,
        )
    }
}

impl From<JsonRejection> for Rejection {
    fn from(rejection: JsonRejection) -> Self {
        let status = rejection.status();
        // Serde names the field and the place, and repeats values of other fields at the most: a code could be one of them.
        let detail = match &rejection {
            JsonRejection::JsonDataError(_) => {
                "the JSON has not the fields this call takes; see the OpenAPI document"
            }
            JsonRejection::JsonSyntaxError(_) => "the body is no JSON",
            JsonRejection::MissingJsonContentType(_) => "send the body as application/json",
            _ if status == StatusCode::PAYLOAD_TOO_LARGE => "the body is longer than 16 KiB",
            _ => "the body cannot be read",
        };
        Self::new(
            status,
            "invalid-request",
            "The request cannot be understood",
            detail,
        )
    }
}

impl From<QueryRejection> for Rejection {
    fn from(rejection: QueryRejection) -> Self {
        Self::invalid(rejection.body_text())
    }
}

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// Query parameters.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let Query(query) = Query::<T>::from_request_parts(parts, state).await?;
        Ok(Self(query))
    }
}

pub(super) async fn unknown_path() -> Rejection {
    Rejection::new(
        StatusCode::NOT_FOUND,
        "not-found",
        "There is nothing here",
        "see the OpenAPI document for the paths there are",
    )
}

pub(super) async fn wrong_method() -> Rejection {
    let detail = "this path does not take that method; see the OpenAPI document";
    Rejection::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "That cannot be done here",
        detail,
    )
}
