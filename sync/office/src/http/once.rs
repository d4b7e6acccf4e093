//! Calls that change something: read strictly, done once for each Idempotency-Key.

use super::Shared;
use super::problem::Problem;
use crate::store::Writing;
use crate::store::users::Answered;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

const KEY_HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 128;

/// Reads a JSON body.
pub(super) fn read_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::malformed(format!(
            "The body is not what this call takes: {error}. Compare it with /openapi.json."
        ))
    })
}

/// Does `work` in a transaction. With an Idempotency-Key, a repeat of the same call gets the first answer and does nothing; the answer is
/// kept in that same transaction.
pub(super) async fn once<T: Serialize + 'static>(
    shared: &Shared,
    headers: &HeaderMap,
    call: String,
    body: &[u8],
    work: impl FnOnce(&mut Writing<'_>) -> Result<(StatusCode, T), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let key = key(headers, &call)?;
    let digest = Sha256::new().chain_update(&call).chain_update(body);
    let request = hex::encode(digest.finalize());
    let answer = shared
        .store
        .write(move |writing| answer_once(writing, key.as_deref(), request, work))
        .await?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    Ok((
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        answer.body,
    )
        .into_response())
}

fn key(headers: &HeaderMap, call: &str) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get(KEY_HEADER) else {
        return Ok(None);
    };
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let detail =
        || format!("Idempotency-Key takes 1 to {LONGEST_KEY} plain characters, such as a UUID.");
    key.map(|key| Some(format!("{call} {key}")))
        .ok_or_else(|| Problem::malformed(detail()))
}

fn answer_once<T: Serialize>(
    writing: &mut Writing<'_>,
    key: Option<&str>,
    request: String,
    work: impl FnOnce(&mut Writing<'_>) -> Result<(StatusCode, T), Problem>,
) -> Result<Answered, Problem> {
    if let Some(first) = key.map(|key| writing.answered(key)).transpose()?.flatten() {
        let detail =
            "This Idempotency-Key was used for another call; make a new key for each new call.";
        return if first.request == request {
            Ok(first)
        } else {
            Err(Problem::refused("key-reused", "Key used before", detail))
        };
    }
    let (status, value) = work(writing)?;
    let body =
        serde_json::to_string(&value).map_err(|error| Problem::malformed(error.to_string()))?;
    let answer = Answered {
        request,
        status: status.as_u16(),
        body,
    };
    if let Some(key) = key {
        writing.keep_answer(key, &answer)?;
    }
    Ok(answer)
}
