//! The page of codes: every visitor as a QR to click, so that a person without a scanner can play all of them.

use super::codes::{Group, Visitor};
use super::hearing::Hearing;
use super::places::Places;
use super::scanning::Scanning;
use super::verdict_words::{Words, in_words};
use anyhow::Context;
use api::Verdict;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::reference::Category;
use futures_util::{Stream, StreamExt};
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;
use std::convert::Infallible;
use std::fmt::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, broadcast};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::BroadcastStream;

/// How long the kiosk may take to answer a scan.
const ANSWER: Duration = Duration::from_secs(6);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

macro_rules! fonts {
    ($weight:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../kiosk/service/assets/fonts/BIZUDPGothic-",
            $weight,
            ".woff2"
        ))
        .as_slice()
    };
}

/// The page while it is served; dropping it ends it.
pub(super) struct CodesPage(JoinHandle<()>);

#[derive(Clone)]
struct Page(Arc<Inner>);

struct Inner {
    visitors: Vec<Visitor>,
    scanning: Scanning,
    verdicts: broadcast::Sender<Verdict>,
    html: String,
    hosts: [String; 2],
    /// A verdict belongs to the code before it, so there is one at a time.
    turn: Mutex<()>,
}

impl CodesPage {
    pub(super) async fn start(
        places: &Places,
        visitors: &[Visitor],
        scanning: &Scanning,
        hearing: &Hearing,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, places.codes))
            .await
            .context("the page of codes cannot listen")?;
        let page = Page(Arc::new(Inner {
            visitors: visitors.to_vec(),
            scanning: scanning.clone(),
            verdicts: hearing.verdicts(),
            html: document(visitors, places),
            hosts: ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", places.codes)),
            turn: Mutex::default(),
        }));
        let router = Router::new()
            .route("/", get(html))
            .route(
                "/page.css",
                get(|| async {
                    (
                        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
                        include_str!("page/page.css"),
                    )
                }),
            )
            .route(
                "/page.js",
                get(|| async {
                    (
                        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
                        include_str!("page/page.js"),
                    )
                }),
            )
            .route("/regular.woff2", get(|| async { font(fonts!("Regular")) }))
            .route("/bold.woff2", get(|| async { font(fonts!("Bold")) }))
            .route("/qr/{visitor}", get(qr))
            .route("/present", post(present))
            .route("/verdicts", get(verdicts))
            .layer(from_fn_with_state(page.clone(), guard))
            .with_state(page);
        Ok(Self(tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the page of codes has ended: {error}");
            }
        })))
    }
}

impl Drop for CodesPage {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Passes are on this page: no other site may read it through a name of its own, frame it or run anything in it.
async fn guard(State(page): State<Page>, request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    if !host.is_some_and(|host| page.0.hosts.iter().any(|own| own == host)) {
        return (
            StatusCode::MISDIRECTED_REQUEST,
            "This page is at http://127.0.0.1 only.\n",
        )
            .into_response();
    }
    let mut response = next.run(request).await;
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(POLICY),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        header::HeaderValue::from_static("no-referrer"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(header::HeaderValue::from_static("no-store"));
    response
}

async fn html(State(page): State<Page>) -> Html<String> {
    Html(page.0.html.clone())
}

fn font(bytes: &'static [u8]) -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "font/woff2"),
            (header::CACHE_CONTROL, "private, max-age=86400"),
        ],
        bytes,
    )
}

async fn qr(State(page): State<Page>, Path(visitor): Path<usize>) -> Response {
    let picture = page
        .0
        .visitors
        .get(visitor)
        .and_then(|visitor| drawing(&visitor.code));
    match picture {
        Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A QR as one path, a module being one unit, with the quiet zone of four that scanners want.
fn drawing(code: &str) -> Option<String> {
    let qr = QrCode::with_error_correction_level(code.as_bytes(), EcLevel::M).ok()?;
    let width = qr.width();
    let mut path = String::new();
    for (index, colour) in qr.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            // Writing to a String does not fail.
            let _ = write!(path, "M{} {}h1v1h-1z", index % width + 4, index / width + 4);
        }
    }
    let side = width + 8;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#14213D\"/></svg>"
    ))
}

#[derive(Deserialize)]
struct Presented {
    visitor: usize,
}

/// Holds a code to the scanner and says what came of it. Takes JSON only, which no other site can send.
async fn present(
    State(page): State<Page>,
    Json(presented): Json<Presented>,
) -> Result<Json<Words>, (StatusCode, &'static str)> {
    let page = &page.0;
    let visitor = page
        .visitors
        .get(presented.visitor)
        .ok_or((StatusCode::NOT_FOUND, "この番号の人はいません。"))?;
    let _turn = page.turn.lock().await;
    let mut verdicts = page.verdicts.subscribe();
    page.scanning.scan(&visitor.code).map_err(|_| {
        (
            StatusCode::BAD_GATEWAY,
            "読み取り機に送れません。デモを起動し直してください。",
        )
    })?;
    match tokio::time::timeout(ANSWER, verdicts.recv()).await {
        Ok(Ok(verdict)) => Ok(Json(in_words(&verdict))),
        _ => Err((
            StatusCode::GATEWAY_TIMEOUT,
            "受付機から答えがありません。kiosk.log をご覧ください。",
        )),
    }
}

/// Every verdict, also of scans that came another way.
async fn verdicts(State(page): State<Page>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let verdicts = BroadcastStream::new(page.0.verdicts.subscribe());
    let events = verdicts.filter_map(async |verdict| {
        Some(Ok(Event::default()
            .json_data(in_words(&verdict.ok()?))
            .ok()?))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

fn document(visitors: &[Visitor], places: &Places) -> String {
    let cards: String = visitors.iter().enumerate().map(card).collect();
    let count = |group| {
        visitors
            .iter()
            .filter(|visitor| visitor.group == group)
            .count()
    };
    include_str!("page/page.html")
        .replace("{cards}", &cards)
        .replace("{all}", &visitors.len().to_string())
        .replace("{reserved}", &count(Group::Reserved).to_string())
        .replace("{free}", &count(Group::Free).to_string())
        .replace("{special}", &count(Group::Special).to_string())
        .replace("{signage}", &format!("{}/signage", places.signage_url()))
        .replace("{office}", &format!("{}/", places.office_url()))
}

fn card((index, visitor): (usize, &Visitor)) -> String {
    let group = match visitor.group {
        Group::Reserved => "reserved",
        Group::Free => "free",
        Group::Special => "special",
    };
    let category = match visitor.category {
        Some(Category::Business) => "企業",
        Some(Category::JobSeeker) => "就職希望者",
        Some(Category::WardService) => "区事業",
        None => "会員以外",
    };
    let facts: String = visitor
        .facts
        .iter()
        .map(|fact| format!("<li>{}</li>", escaped(fact)))
        .collect();
    let name = escaped(&visitor.name);
    format!(
        "<li class=\"card\" data-group=\"{group}\">\
         <img src=\"/qr/{index}\" alt=\"{name} のQRコード\" width=\"132\" height=\"132\" loading=\"lazy\">\
         <div class=\"about\"><p class=\"who\"><b>{name}</b><span>{category}</span></p><ul class=\"facts\">{facts}</ul>\
         <p class=\"expected\">{expected}</p></div>\
         <button type=\"button\" data-visitor=\"{index}\" aria-label=\"{name} のコードをかざす\">このコードをかざす</button>\
         <p class=\"answer\" aria-live=\"polite\" hidden></p></li>\n",
        expected = escaped(visitor.expected),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
