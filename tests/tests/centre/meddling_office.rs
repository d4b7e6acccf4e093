//! Stands between a kiosk and the office's HTTP, and spoils what the office gives.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What it does with a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Passes it on.
    Honest,
    /// Answers 500.
    Error,
    /// Does not answer.
    Hang,
    /// Gives other bytes than the manifest says.
    WrongHash,
    /// Gives what it gave when it was honest.
    Older,
}

pub struct MeddlingOffice {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    target: String,
    manner: Mutex<Manner>,
    seen: Mutex<HashMap<String, Bytes>>,
    asked: Mutex<u32>,
    http: reqwest::Client,
}

impl MeddlingOffice {
    pub async fn before(target: String, manner: Manner) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (manner, http) = (Mutex::new(manner), reqwest::Client::new());
        let shared = Arc::new(Shared {
            target,
            manner,
            seen: Mutex::default(),
            asked: Mutex::default(),
            http,
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            shared,
            task,
        }
    }

    pub fn be(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }

    /// How often it has spoiled something.
    pub fn spoiled(&self) -> u32 {
        *self.shared.asked.lock().unwrap()
    }
}

impl Drop for MeddlingOffice {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let manner = *shared.manner.lock().unwrap();
    let is_collection = path.contains("/collections/");
    if manner != Manner::Honest && is_collection {
        *shared.asked.lock().unwrap() += 1;
    }
    match manner {
        Manner::Error if is_collection => {
            return (StatusCode::INTERNAL_SERVER_ERROR, "broken").into_response();
        }
        Manner::Hang if is_collection => std::future::pending().await,
        Manner::Older if is_collection => {
            let old = shared.seen.lock().unwrap().get(&path).cloned();
            return old.map_or_else(
                || StatusCode::NOT_FOUND.into_response(),
                |old| ([("content-type", "application/json")], old).into_response(),
            );
        }
        _ => {}
    }
    let whole = request.uri().path_and_query().unwrap().to_string();
    let mut forwarded = shared.http.get(format!("{}{whole}", shared.target));
    for name in ["authorization", "if-none-match"] {
        if let Some(value) = request.headers().get(name) {
            forwarded = forwarded.header(name, value.to_str().unwrap());
        }
    }
    let got = forwarded.send().await.unwrap();
    let (status, etag) = (got.status(), got.headers().get("etag").cloned());
    let mut bytes = got.bytes().await.unwrap();
    if is_collection && status == 200 && !whole.contains("since=") {
        shared.seen.lock().unwrap().insert(path, bytes.clone());
    }
    if manner == Manner::WrongHash && is_collection {
        // Still JSON, still of the right form: a seat elsewhere, a name changed.
        bytes = String::from_utf8_lossy(&bytes).replace("0", "1").into();
    }
    let mut response = (
        StatusCode::from_u16(status.as_u16()).unwrap(),
        [("content-type", "application/json")],
        bytes,
    )
        .into_response();
    etag.map(|etag| response.headers_mut().insert("etag", etag));
    response
}
