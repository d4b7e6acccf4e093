//! The office's HTTPS calls, as carefully as a stranger's.

use super::{SyncConfig, SyncConfigError};
use domain::ids::KioskId;
use link::collections::CollectionName;
use link::message::ManifestEntry;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response, StatusCode};
use std::sync::Once;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Without a byte for so long, the office hangs.
const SILENCE: Duration = Duration::from_secs(15);
/// Slower than this many bytes a second is as good as nothing.
const SLOWEST: u64 = 2048;

/// Calls the office as this kiosk.
#[derive(Clone, Debug)]
pub(super) struct OfficeClient {
    client: Client,
    base: String,
    pub kiosk: KioskId,
    pub rehearsal: bool,
}

/// Why a call gave nothing. Each says what to do where something can be done at this end.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    #[error("the office cannot be reached or stopped answering; it is tried again")]
    Transport(#[source] reqwest::Error),
    #[error("the office does not accept this kiosk's token; enrol the kiosk again")]
    NotAccepted,
    #[error("the office has nothing of this name; check its address and version")]
    NotFound,
    #[error("the office answered with status {0}; look into its log")]
    Status(u16),
    #[error("the office sent more than the {0} bytes it announced")]
    TooLarge(u64),
}

/// An answer to a conditional call.
pub(super) enum Fetched {
    Unchanged,
    Body(Vec<u8>),
}

impl OfficeClient {
    pub fn new(config: &SyncConfig) -> Result<Self, SyncConfigError> {
        install_tls();
        let base = config.office_url()?;
        let mut token = HeaderValue::from_str(&format!("Bearer {}", config.key.as_str()))
            .map_err(|_| SyncConfigError::Key)?;
        token.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, token),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ]);
        let mut builder = Client::builder()
            .default_headers(headers)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE)
            // The token goes to the configured address and nowhere else.
            .redirect(Policy::none())
            .tcp_nodelay(true);
        if let Some(ca) = &config.office_ca {
            let certificates = Certificate::from_pem_bundle(ca).map_err(SyncConfigError::Ca)?;
            builder = builder.tls_certs_only(certificates);
        }
        let client = builder.build().map_err(SyncConfigError::Client)?;
        Ok(Self {
            client,
            base,
            kiosk: config.kiosk.clone(),
            rehearsal: config.rehearsal,
        })
    }

    /// A collection, or with `since` what changed, unless the office still has what `held` names.
    pub async fn collection(
        &self,
        name: CollectionName,
        offered: &ManifestEntry,
        held: Option<&ManifestEntry>,
        since: Option<u64>,
    ) -> Result<Fetched, CallError> {
        let mut request = self.get(&format!("collections/{name}"));
        if let Some(held) = held {
            request = request.header(IF_NONE_MATCH, held.etag());
        }
        if let Some(since) = since {
            request = request.query(&[("since", since)]);
        }
        self.fetch(request, offered.size).await
    }

    /// What the office holds of this kiosk's day.
    pub async fn today(&self, limit: u64) -> Result<Fetched, CallError> {
        let mut request = self.get("today");
        if self.rehearsal {
            request = request.query(&[("rehearsal", true)]);
        }
        self.fetch(request, limit).await
    }

    fn get(&self, what: &str) -> RequestBuilder {
        self.client
            .get(format!("{}/v1/kiosks/{}/{what}", self.base, self.kiosk))
    }

    async fn fetch(&self, request: RequestBuilder, limit: u64) -> Result<Fetched, CallError> {
        let longest = Duration::from_secs(60 + limit / SLOWEST);
        let response = request.timeout(longest).send().await.map_err(transport)?;
        match response.status() {
            StatusCode::OK => body(response, limit).await.map(Fetched::Body),
            StatusCode::NOT_MODIFIED => Ok(Fetched::Unchanged),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(CallError::NotAccepted),
            StatusCode::NOT_FOUND => Err(CallError::NotFound),
            other => Err(CallError::Status(other.as_u16())),
        }
    }
}

/// Reads an answer and stops where it becomes larger than announced.
async fn body(mut response: Response, limit: u64) -> Result<Vec<u8>, CallError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(CallError::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn transport(error: reqwest::Error) -> CallError {
    CallError::Transport(error.without_url())
}

/// One provider of cryptography for the whole process, whoever comes first.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Another part may have installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
