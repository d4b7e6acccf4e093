//! Who calls: a station, by its token.

use super::App;
use super::answer::Rejection;
use super::staff::COOKIE;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use domain::ids::StationId;
use sha2::{Digest, Sha256};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use subtle::ConstantTimeEq;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

/// A station's token: 128 random bits in hexadecimal, known here by its digest only.
#[derive(Clone)]
pub struct StationToken([u8; 32]);

impl std::fmt::Debug for StationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StationToken")
    }
}

/// Why a station's token cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read or made.
    #[error(
        "cannot read or make the token file {path}; check the directory and who may write there"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file holds too little to be a secret.
    #[error(
        "the token in {path} is shorter than 16 characters; remove the file and a good one is made"
    )]
    TooShort {
        /// The file.
        path: PathBuf,
    },
    /// No randomness.
    #[error("the system has no randomness yet; start the service again in a moment")]
    Randomness(#[source] getrandom::Error),
}

impl StationToken {
    /// The token of this text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.trim().as_bytes()).into())
    }

    /// Reads a token, or makes one that only its owner may read where there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds too little.
    pub fn load_or_create(path: &Path) -> Result<Self, TokenError> {
        let file_error = |source| TokenError::File {
            path: path.to_owned(),
            source,
        };
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim().len() < 16 => Err(TokenError::TooShort {
                path: path.to_owned(),
            }),
            Ok(text) => Ok(Self::of(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bits = [0; 16];
                getrandom::fill(&mut bits).map_err(TokenError::Randomness)?;
                let text = format!("{:032x}", u128::from_be_bytes(bits));
                let mut file = OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(path)
                    .map_err(file_error)?;
                file.write_all(text.as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(file_error)?;
                Ok(Self::of(&text))
            }
            Err(error) => Err(file_error(error)),
        }
    }
}

/// The stations and their tokens.
#[derive(Clone, Debug, Default)]
pub struct Stations(Vec<(StationId, StationToken)>);

impl Stations {
    /// These stations.
    pub fn new(stations: impl IntoIterator<Item = (StationId, StationToken)>) -> Self {
        Self(stations.into_iter().collect())
    }

    /// Whose token this is. Compares with all of them, so the time tells nothing.
    fn holder(&self, token: &str) -> Option<&StationId> {
        let presented = StationToken::of(token);
        let mut found = None;
        for (station, token) in &self.0 {
            if bool::from(token.0.ct_eq(&presented.0)) {
                found = Some(station);
            }
        }
        found
    }
}

/// The station that makes the call.
pub(super) struct Caller(pub(super) StationId);

impl Caller {
    /// The station a request names, which can only be the caller itself.
    pub(super) fn speaking_for(self, named: Option<StationId>) -> Result<StationId, Rejection> {
        match named {
            Some(other) if other != self.0 => {
                let detail = format!(
                    "this token speaks for station {}; leave \"station\" out",
                    self.0
                );
                Err(Rejection::new(
                    StatusCode::FORBIDDEN,
                    "other-station",
                    "Not this station",
                    detail,
                ))
            }
            _ => Ok(self.0),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Rejection> {
        let value = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer "));
        let detail = "send the station's token as \"Authorization: Bearer …\"; it stands in the station's token_file";
        token
            .and_then(|token| app.stations.holder(token))
            .map(|station| Self(station.clone()))
            .ok_or_else(|| {
                Rejection::new(
                    StatusCode::UNAUTHORIZED,
                    "unauthorised",
                    "Who is calling?",
                    detail,
                )
            })
    }
}

/// Describes tokens and sessions in the OpenAPI document.
pub(super) struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A station's token"))
            .build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("station", SecurityScheme::Http(scheme));
        let cookie = ApiKeyValue::with_description(
            COOKIE,
            "A session of staff; calls that change something carry the header X-Genkan too",
        );
        components.add_security_scheme("staff", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}
