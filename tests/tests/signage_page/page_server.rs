//! Serves the page's own files with a scripted view model, as the kiosk does, behind a line that can be cut and frozen.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

/// The times the page is given instead of its own, in milliseconds, so that a test waits for a second or two only.
const SILENCE_MS: u32 = 1500;
const STALE_MS: u32 = 1000;
const RETRY_MS: u32 = 100;
const RETRY_MAX_MS: u32 = 400;
/// How often the stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_millis(300);

/// What the service would be: one view, its changes, and counts of what was asked for.
struct Service {
    view: Mutex<Value>,
    changes: broadcast::Sender<String>,
    loads: AtomicUsize,
    streams: AtomicUsize,
    turn_ms: u32,
}

/// A running page server.
pub struct PageServer {
    service: Arc<Service>,
    serving: JoinHandle<()>,
    line: Line,
}

impl PageServer {
    /// Starts with `view`; pages of entries stand for `turn_ms`.
    pub async fn start(view: Value, turn_ms: u32) -> anyhow::Result<Self> {
        let service = Arc::new(Service {
            view: Mutex::new(view),
            changes: broadcast::Sender::new(16),
            loads: AtomicUsize::new(0),
            streams: AtomicUsize::new(0),
            turn_ms,
        });
        let routes = Router::new()
            .route("/signage", get(page))
            .route("/signage/{file}", get(page_file))
            .route("/signage/fonts.css", get(font_rules))
            .route("/signage/fonts/{file}", get(font))
            .route("/v1/signage", get(view_now))
            .route("/v1/signage/stream", get(view_changes))
            .with_state(service.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let behind = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                panic!("the page server ended: {error}");
            }
        });
        let line = Line::open(behind).await?;
        Ok(Self {
            service,
            serving,
            line,
        })
    }

    /// Address of the page.
    pub fn address(&self) -> String {
        format!("http://{}/signage", self.line.front)
    }

    /// Changes the view and tells every stream.
    pub fn publish(&self, view: &Value) {
        *self.service.view.lock().unwrap() = view.clone();
        // Nobody listening is fine: the next connection asks for the view.
        let _ = self.service.changes.send(view.to_string());
    }

    /// How often the page itself was asked for.
    pub fn loads(&self) -> usize {
        self.service.loads.load(Ordering::SeqCst)
    }

    /// How often a stream was opened.
    pub fn streams(&self) -> usize {
        self.service.streams.load(Ordering::SeqCst)
    }

    /// Ends every connection and takes no more.
    pub fn cut(&mut self) {
        self.line.cut();
    }

    /// Takes connections again after [`cut`](Self::cut), under the same address.
    pub async fn mend(&mut self) -> anyhow::Result<()> {
        self.line.mend().await
    }

    /// Leaves every connection open and carries not one more byte on it; new ones work.
    pub fn freeze(&self) {
        self.line.freeze();
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The page's files as they stand in the kiosk's crate.
fn asset(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../kiosk/service/assets")
        .join(path)
}

async fn file(path: String, media_type: &'static str) -> axum::response::Response {
    match tokio::fs::read(asset(&path)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(error) => (StatusCode::NOT_FOUND, format!("{path}: {error}")).into_response(),
    }
}

async fn page(State(service): State<Arc<Service>>, headers: HeaderMap) -> impl IntoResponse {
    if headers
        .get("sec-fetch-mode")
        .is_some_and(|mode| mode == "navigate")
    {
        service.loads.fetch_add(1, Ordering::SeqCst);
    }
    let mut html = std::fs::read_to_string(asset("signage/index.html")).unwrap();
    let times = [
        ("silence", "45000", SILENCE_MS),
        ("stale", "30000", STALE_MS),
        ("retry", "1000", RETRY_MS),
        ("retry-max", "30000", RETRY_MAX_MS),
        ("turn", "12000", service.turn_ms),
    ];
    for (name, usual, short) in times {
        let attribute = format!(r#"data-{name}-ms="{usual}""#);
        assert!(
            html.contains(&attribute),
            "the page does not say {attribute}"
        );
        html = html.replace(&attribute, &format!(r#"data-{name}-ms="{short}""#));
    }
    (
        [(header::CONTENT_SECURITY_POLICY, "default-src 'self'")],
        Html(html),
    )
}

async fn page_file(Path(name): Path<String>) -> impl IntoResponse {
    let media_type = if name.ends_with(".css") {
        "text/css"
    } else {
        "text/javascript"
    };
    file(format!("signage/{name}"), media_type).await
}

async fn font_rules() -> impl IntoResponse {
    file("fonts/fonts.css".to_owned(), "text/css").await
}

async fn font(Path(name): Path<String>) -> impl IntoResponse {
    file(format!("fonts/{name}"), "font/woff2").await
}

async fn view_now(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(service.view.lock().unwrap().clone())
}

async fn view_changes(State(service): State<Arc<Service>>) -> impl IntoResponse {
    service.streams.fetch_add(1, Ordering::SeqCst);
    let changes = BroadcastStream::new(service.changes.subscribe())
        .filter_map(Result::ok)
        .map(|view| Ok::<_, Infallible>(Event::default().event("signage").data(view)));
    Sse::new(changes).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// A line to the server that tests cut, mend and freeze.
struct Line {
    front: SocketAddr,
    behind: SocketAddr,
    freezing: watch::Sender<u32>,
    carrying: JoinHandle<()>,
}

impl Line {
    async fn open(behind: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let front = listener.local_addr()?;
        let freezing = watch::Sender::new(0);
        let carrying = tokio::spawn(carry(listener, behind, freezing.clone()));
        Ok(Self {
            front,
            behind,
            freezing,
            carrying,
        })
    }

    fn cut(&mut self) {
        self.carrying.abort();
    }

    async fn mend(&mut self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.front).await?;
        self.carrying = tokio::spawn(carry(listener, self.behind, self.freezing.clone()));
        Ok(())
    }

    fn freeze(&self) {
        self.freezing.send_modify(|times| *times += 1);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

/// Carries every connection until it ends; aborted, it takes its connections with it.
async fn carry(listener: TcpListener, behind: SocketAddr, freezing: watch::Sender<u32>) {
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        connections.spawn(carry_one(near, behind, freezing.subscribe()));
    }
}

async fn carry_one(mut near: TcpStream, behind: SocketAddr, mut freezing: watch::Receiver<u32>) {
    let Ok(mut far) = TcpStream::connect(behind).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        Ok(()) = freezing.changed() => std::future::pending().await,
    }
}
