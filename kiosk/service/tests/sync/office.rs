//! An office for tests: the calls a kiosk makes, and ways to answer them badly.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kiosk::clock::{Clock, Vouching};
use link::collections::{Collection, CollectionName};
use link::driver::{Driver, DriverConfig, DriverEvent, DriverHandle};
use link::message::{Manifest, ManifestEntry, OfficeState, encode};
use link::topics::{Channel, Filter, Topic};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;

pub const TOKEN: &str = "token-of-koto-1";

/// How the office answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Well,
    Fails,
    Hangs,
    RefusesTheToken,
    SendsOtherBytes,
    SendsMore,
    /// Breaks off after so many bytes, each time 4 KiB later.
    BreaksOff(usize),
    DeniesChanges,
}

#[derive(Default)]
pub struct Book {
    pub documents: BTreeMap<String, Vec<u8>>,
    pub deltas: BTreeMap<(String, u64), Vec<u8>>,
    pub today: Option<Vec<u8>>,
    /// Name and `since` of each call.
    pub calls: Vec<(String, Option<u64>)>,
    manner: Option<Manner>,
}

#[derive(Clone)]
pub struct Office {
    pub book: Arc<Mutex<Book>>,
    pub url: String,
    _server: Arc<JoinSet<()>>,
}

impl Office {
    pub async fn start() -> Self {
        let book = Arc::new(Mutex::new(Book::default()));
        let router = Router::new()
            .route("/v1/kiosks/koto-1/collections/{name}", get(collection))
            .route("/v1/kiosks/koto-1/today", get(today))
            .with_state(Arc::clone(&book));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            book,
            url,
            _server: Arc::new(server),
        }
    }

    pub fn answers(&self, manner: Manner) {
        self.book.lock().unwrap().manner = Some(manner);
    }

    /// Puts a collection on the shelf and gives its entry for the manifest.
    pub fn has(&self, collection: &Collection) -> (String, ManifestEntry) {
        let bytes = collection.to_bytes().unwrap();
        let name = collection.name().to_string();
        let entry = ManifestEntry::of(collection.version, &bytes);
        self.book
            .lock()
            .unwrap()
            .documents
            .insert(name.clone(), bytes);
        (name, entry)
    }

    pub fn calls(&self, name: CollectionName) -> Vec<Option<u64>> {
        let book = self.book.lock().unwrap();
        book.calls
            .iter()
            .filter(|(called, _)| called == name.as_str())
            .map(|(_, since)| *since)
            .collect()
    }
}

fn may(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value == &format!("Bearer {TOKEN}"))
}

async fn today(State(book): State<Arc<Mutex<Book>>>, headers: HeaderMap) -> Response {
    if !may(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match book.lock().unwrap().today.clone() {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn collection(
    State(book): State<Arc<Mutex<Book>>>,
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, u64>>,
    headers: HeaderMap,
) -> Response {
    let since = query.get("since").copied();
    let (manner, whole, delta) = {
        let mut book = book.lock().unwrap();
        book.calls.push((name.clone(), since));
        let delta = since.and_then(|since| book.deltas.get(&(name.clone(), since)).cloned());
        (
            book.manner.unwrap_or(Manner::Well),
            book.documents.get(&name).cloned().unwrap_or_default(),
            delta,
        )
    };
    match manner {
        _ if !may(&headers) => StatusCode::UNAUTHORIZED.into_response(),
        Manner::Well => delta.unwrap_or(whole).into_response(),
        Manner::Fails => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Manner::Hangs => std::future::pending().await,
        Manner::RefusesTheToken => StatusCode::FORBIDDEN.into_response(),
        Manner::SendsOtherBytes => {
            let mut other = whole;
            let last = other.len() - 1;
            other[last] = b' ';
            other.into_response()
        }
        Manner::SendsMore => [whole, vec![b' '; 1 << 20]].concat().into_response(),
        Manner::DeniesChanges => StatusCode::NOT_MODIFIED.into_response(),
        Manner::BreaksOff(at) => {
            book.lock().unwrap().manner = Some(Manner::BreaksOff(at + 4096));
            let end = at.min(whole.len());
            let first: Result<_, std::io::Error> = Ok(whole[..end].to_vec());
            let rest = if end < whole.len() {
                Err(std::io::ErrorKind::ConnectionReset.into())
            } else {
                Ok(Vec::new())
            };
            Body::from_stream(futures_util::stream::iter([first, rest])).into_response()
        }
    }
}

/// The office at the broker.
pub struct Voice {
    pub handle: DriverHandle,
    pub events: Receiver<DriverEvent>,
}

pub fn topic(channel: Channel) -> Topic {
    Topic::of(&"koto-1".into(), channel).unwrap()
}

impl Voice {
    pub async fn at(port: u16) -> Self {
        let filters = [Channel::Up, Channel::State]
            .map(Filter::EveryKiosk)
            .to_vec();
        let config = DriverConfig {
            client_id: "office".to_owned(),
            host: "127.0.0.1".to_owned(),
            port,
            tls: None,
            filters,
            farewell: None,
        };
        let (handle, mut events) = Driver::spawn(config).unwrap();
        while events.recv().await.unwrap() != DriverEvent::Connected {}
        let voice = Self { handle, events };
        voice.appears();
        voice
    }

    /// As the office does whenever it is connected.
    pub fn appears(&self) {
        let since = Clock::real(Vouching::Always).now();
        let state = OfficeState {
            online: true,
            since,
            version: "test".to_owned(),
        };
        // Where it does not arrive, the connection is gone again and it is said anew.
        let _ = self
            .handle
            .publish(&Topic::OFFICE_STATE, encode(&state).unwrap(), true);
    }

    pub fn offers(&self, entries: impl IntoIterator<Item = (String, ManifestEntry)>) {
        let manifest = Manifest {
            collections: entries.into_iter().collect(),
        };
        self.handle
            .publish(&topic(Channel::Manifest), encode(&manifest).unwrap(), true)
            .unwrap();
    }
}
