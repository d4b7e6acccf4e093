//! The office's HTTP: calls for programs and kiosks, and the live page (design section 5).

mod attendance;
mod audit;
mod auth;
mod call_list;
mod figures;
mod kiosk_calls;
mod members;
mod once;
mod page;
mod problem;
mod reservations;
mod sessions;
mod snapshot;

use crate::config::{Kiosk, OfficeConfig};
use crate::import::MAX_FILE;
use crate::secret::{Token, hash_password, random_hex};
use crate::store::Store;
use crate::store::collections::Shelf;
use crate::store::figures::{counts, kiosks, record_count};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use problem::Problem;
use serde::Serialize;
use sessions::Sessions;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const LARGEST_BODY: usize = 1024 * 1024;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// A trial of writing that takes longer has failed.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);
/// Whoever asks more often is told the same: anybody may ask, and a trial goes to the disk.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// What every call may need.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

pub(crate) struct Inner {
    store: Store,
    shelf: Shelf,
    token: Token,
    kiosks: Vec<Kiosk>,
    sessions: Sessions,
    /// Hash of a password nobody knows.
    nobody: String,
    /// Whether every kiosk of this office rehearses: then the page shows the rehearsal.
    rehearsal: bool,
    connected: Arc<AtomicBool>,
    ending: CancellationToken,
    started: Instant,
    /// When writing was last seen to work.
    last_written: Mutex<Option<Instant>>,
}

impl std::ops::Deref for Shared {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Shared {
    pub(crate) fn new(
        config: &OfficeConfig,
        store: &Store,
        shelf: &Shelf,
        connected: Arc<AtomicBool>,
        ending: CancellationToken,
    ) -> Self {
        let kiosks = config.kiosks.clone();
        Self(Arc::new(Inner {
            store: store.clone(),
            shelf: shelf.clone(),
            token: config.token.clone(),
            rehearsal: !kiosks.is_empty() && kiosks.iter().all(|kiosk| kiosk.rehearsal),
            kiosks,
            sessions: Sessions::default(),
            nobody: random_hex::<16>()
                .ok()
                .and_then(|password| hash_password(&password).ok())
                .unwrap_or_default(),
            connected,
            ending,
            started: Instant::now(),
            last_written: Mutex::default(),
        }))
    }

    /// Whether changes become durable at present.
    async fn can_write(&self) -> bool {
        let mut last = self.last_written.lock().await;
        if last.is_some_and(|last| last.elapsed() < TRY_AGAIN_AFTER) {
            return true;
        }
        let tried = self.store.try_to_write(WRITTEN_WITHIN).await;
        *last = tried.is_ok().then(Instant::now);
        if let Err(error) = &tried {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "nothing can be written"
            );
        }
        tried.is_ok()
    }

    fn uptime(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Everything the office serves.
pub(crate) fn router(shared: Shared) -> Router {
    let (calls, description) = calls().split_for_parts();
    let description = Arc::new(described(description));
    calls
        .route(
            "/openapi.json",
            get(move || async move { Json((*description).clone()) }),
        )
        .route("/", get(page::page))
        .route("/sign-in", post(page::sign_in))
        .route("/sign-out", post(page::sign_out))
        .route("/live", get(page::live))
        .route("/assets/{name}", get(page::asset))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            ANSWER_WITHIN,
        ))
        .layer(map_response(as_problem))
        .layer(map_response(with_security_headers))
        .with_state(shared)
}

fn calls() -> OpenApiRouter<Shared> {
    let imports = OpenApiRouter::new()
        .routes(routes!(figures::take_file))
        .layer(DefaultBodyLimit::max(MAX_FILE));
    OpenApiRouter::new()
        .routes(routes!(members::register))
        .routes(routes!(members::reissue))
        .routes(routes!(reservations::reserve))
        .routes(routes!(reservations::cancel))
        .routes(routes!(figures::visits))
        .routes(routes!(attendance::attendance))
        .routes(routes!(figures::consultations))
        .routes(routes!(call_list::to_call))
        .routes(routes!(call_list::told))
        .routes(routes!(audit::audit))
        .routes(routes!(audit::audit_file))
        .routes(routes!(figures::incidents))
        .routes(routes!(figures::loans))
        .routes(routes!(figures::kiosks))
        .routes(routes!(figures::quarantine))
        .routes(routes!(figures::put_away))
        .routes(routes!(figures::set_document))
        .routes(routes!(kiosk_calls::collection))
        .routes(routes!(kiosk_calls::today))
        .routes(routes!(health))
        .routes(routes!(metrics))
        .merge(imports)
}

/// The description of all calls, as served at `/openapi.json` and kept as `docs/openapi-office.json`.
pub fn openapi() -> OpenApi {
    described(calls().into_openapi())
}

fn described(mut api: OpenApi) -> OpenApi {
    api.info.title = "Genkan office".to_owned();
    api.info.description = Some("The central server that the doors report to.".to_owned());
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.license = None;
    api.info.contact = None;
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    api.components
        .get_or_insert_default()
        .security_schemes
        .insert("token".to_owned(), bearer.into());
    api
}

/// How the office is.
#[derive(Serialize, utoipa::ToSchema)]
struct Health {
    /// `ok`, or `degraded` with the reasons.
    status: &'static str,
    /// What is not as it should be.
    reasons: Vec<String>,
}

/// Whether the office lives, and what is not as it should be. Without the broker it is degraded and still serves; when its database
/// cannot be read, or nothing can be written to it, it has failed. Writing is tried every ten seconds at most.
#[utoipa::path(get, path = "/healthz", tag = "monitoring", responses((status = 200, body = Health), (status = 503, body = Health)))]
async fn health(State(shared): State<Shared>) -> (StatusCode, Json<Health>) {
    let failed = |reason: &str| {
        let (status, reasons) = ("failed", vec![reason.to_owned()]);
        let health = Health { status, reasons };
        (StatusCode::SERVICE_UNAVAILABLE, Json(health))
    };
    let Ok(standing) = shared.store.read(kiosks).await else {
        return failed("the database cannot be read; look at the office's log");
    };
    if !shared.can_write().await {
        return failed(
            "nothing can be written to the database; kiosks keep their records. Look for a full disk and at the office's log",
        );
    }
    let mut reasons = Vec::new();
    if !shared.connected.load(Ordering::Relaxed) {
        reasons.push(
            "no connection to the broker; kiosks keep their records until it is back".to_owned(),
        );
    }
    let offline = standing
        .iter()
        .filter(|kiosk| !kiosk.online && kiosk.rehearsal == shared.rehearsal);
    reasons.extend(offline.map(|kiosk| format!("kiosk {} is not connected", kiosk.kiosk)));
    let status = if reasons.is_empty() { "ok" } else { "degraded" };
    (StatusCode::OK, Json(Health { status, reasons }))
}

/// Figures for monitoring, as Prometheus text.
#[utoipa::path(get, path = "/metrics", tag = "monitoring", responses((status = 200, body = String, content_type = "text/plain")))]
async fn metrics(State(shared): State<Shared>) -> Result<Response, Problem> {
    let now = shared.store.clock().now();
    let read = shared.store.read(move |connection| {
        let place = |rehearsal| {
            let (records, counts) = (
                record_count(connection, rehearsal)?,
                counts(connection, rehearsal, now)?,
            );
            Ok::<_, Problem>((records, counts))
        };
        Ok::<_, Problem>((place(false)?, place(true)?, kiosks(connection)?))
    });
    let (real, rehearsed, standing) = read.await?;
    let mut text = String::new();
    for (place, (records, counts)) in [("real", real), ("rehearsal", rehearsed)] {
        for (name, value) in [
            ("records", records),
            ("quarantine", counts.quarantine),
            ("incidents", counts.incidents),
            ("reservations_unplaced", counts.unplaced),
        ] {
            // Writing to a String does not fail.
            let _ = writeln!(text, "genkan_office_{name}{{place=\"{place}\"}} {value}");
        }
    }
    for kiosk in standing {
        let labels = format!(
            "kiosk=\"{}\",place=\"{}\"",
            kiosk.kiosk,
            if kiosk.rehearsal { "rehearsal" } else { "real" }
        );
        let _ = writeln!(
            text,
            "genkan_office_kiosk_online{{{labels}}} {}",
            u8::from(kiosk.online)
        );
        let _ = writeln!(
            text,
            "genkan_office_kiosk_complete{{{labels}}} {}",
            u8::from(kiosk.complete)
        );
    }
    let connected = u8::from(shared.connected.load(Ordering::Relaxed));
    let _ = writeln!(text, "genkan_office_broker_connected {connected}");
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// What the framework itself refuses becomes a problem like every other.
async fn as_problem(response: Response) -> Response {
    let status = response.status();
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || !is_plain {
        return response;
    }
    let detail = match status {
        StatusCode::NOT_FOUND => {
            "There is nothing at this address; the calls are described at /openapi.json."
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            "This address takes another method; the calls are described at /openapi.json."
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            "The body is too large: 1 MiB, files 32 MiB. Send it in parts."
        }
        StatusCode::GATEWAY_TIMEOUT => {
            "It took too long; nothing may be assumed. Ask again with the same Idempotency-Key."
        }
        _ => "Compare the request with /openapi.json.",
    };
    let title = status.canonical_reason().unwrap_or("Refused");
    Problem::new(
        status,
        &title.to_lowercase().replace(' ', "-"),
        title,
        detail,
    )
    .into_response()
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

async fn with_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    set(header::X_FRAME_OPTIONS, "DENY");
    response
}
