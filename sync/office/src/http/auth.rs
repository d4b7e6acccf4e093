//! Who calls: a program with the office's token, a kiosk with its own, or a person who has signed in.

use super::Shared;
use super::problem::Problem;
use super::sessions::{COOKIE, Session};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use domain::ids::KioskId;

/// Scripts of our own page send it; no other site can.
const OWN_SCRIPT: &str = "x-genkan";

/// A caller who may do what the office does: the token, or a person who has signed in.
pub(super) struct Caller {
    /// For the access log (R25): `token` or the user's name.
    pub who: String,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        if let Some(offered) = bearer(&parts.headers) {
            return if shared.token.is(offered) {
                Ok(Self {
                    who: "token".to_owned(),
                })
            } else {
                Err(Problem::unauthorised())
            };
        }
        let session = session(&parts.headers, shared).ok_or_else(Problem::unauthorised)?;
        if parts.method != Method::GET && !parts.headers.contains_key(OWN_SCRIPT) {
            let detail = "Calls of a signed-in browser carry the header X-Genkan; use the page or the token.";
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "foreign-page",
                "Not from our own page",
                detail,
            ));
        }
        Ok(Self { who: session.user })
    }
}

/// The kiosk in the path, with its own token.
pub(super) struct KioskCaller {
    pub kiosk: KioskId,
    pub rehearsal: bool,
}

#[derive(serde::Deserialize)]
struct KioskPath {
    kiosk: String,
}

impl FromRequestParts<Shared> for KioskCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let refused = || {
            let detail =
                "Send the kiosk's own token, as the office's configuration has it for this kiosk.";
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "unauthorised",
                "Not this kiosk",
                detail,
            )
        };
        let Path(KioskPath { kiosk }) = Path::from_request_parts(parts, shared)
            .await
            .map_err(|_| refused())?;
        let offered = bearer(&parts.headers).ok_or_else(refused)?;
        let known = shared
            .kiosks
            .iter()
            .find(|one| one.id.as_str() == kiosk)
            .filter(|one| one.token.is(offered));
        known
            .map(|one| Self {
                kiosk: one.id.clone(),
                rehearsal: one.rehearsal,
            })
            .ok_or_else(refused)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The session a browser's cookie stands for.
pub(super) fn session(headers: &HeaderMap, shared: &Shared) -> Option<Session> {
    shared.sessions.find(cookie(headers)?, shared.uptime())
}

pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Whether a form was sent from one of our own pages.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        // Not a browser, so nobody's cookie is abused.
        (None, _) => true,
    }
}
