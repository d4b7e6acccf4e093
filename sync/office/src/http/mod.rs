//! The office's HTTP: calls for programs and kiosks, and the live page (design section 5).

mod auth;
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
use crate::store::figures::{counts, kiosks};
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
use tokio_util::sync::CancellationToken;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const LARGEST_BODY: usize = 1024 * 1024;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

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
        }))
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
        .routes(routes!(figures::kiosks))
        .routes(routes!(figures::quarantine))
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

/// Whether the office lives, and what is not as it should be. Without the broker it is degraded and still serves; without its database it
/// is not healthy.
#[utoipa::path(get, path = "/healthz", tag = "monitoring", responses((status = 200, body = Health), (status = 503, body = Health)))]
async fn health(State(shared): State<Shared>) -> (StatusCode, Json<Health>) {
    let standing = shared.store.read(kiosks).await;
    let mut reasons = Vec::new();
    if !shared.connected.load(Ordering::Relaxed) {
        reasons.push(
            "no connection to the broker; kiosks keep their records until it is back".to_owned(),
        );
    }
    let Ok(standing) = standing else {
        reasons.push("the database cannot be read; look at the office's log".to_owned());
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(Health {
                status: "failed",
                reasons,
            }),
        );
    };
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
    let read = shared.store.read(|connection| {
        Ok::<_, Problem>((
            counts(connection, false)?,
            counts(connection, true)?,
            kiosks(connection)?,
        ))
    });
    let (real, rehearsed, standing) = read.await?;
    let mut text = String::new();
    for (place, counts) in [("real", real), ("rehearsal", rehearsed)] {
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "genkan_office_records{{place=\"{place}\"}} {}",
            counts.records
        );
        let _ = writeln!(
            text,
            "genkan_office_quarantine{{place=\"{place}\"}} {}",
            counts.quarantine
        );
        let _ = writeln!(
            text,
            "genkan_office_incidents{{place=\"{place}\"}} {}",
            counts.incidents
        );
        let _ = writeln!(
            text,
            "genkan_office_reservations_unplaced{{place=\"{place}\"}} {}",
            counts.unplaced
        );
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
