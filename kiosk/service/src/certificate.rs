//! The certificate of the staff page: the site's own where one is configured, else one from a small CA that the kiosk makes for itself.
//!
//! Only the CA is kept, since only it is trusted by hand, on each tablet once. The certificate that browsers are shown is made anew with
//! each start, so that it never runs out unnoticed and its key is on no disk (decision 0017).

use crate::config::Config;
use crate::private_file::{FileFault, create_directory, create_durably};
use chrono::{Datelike, Days, NaiveDate};
use domain::reference::DateTime;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The CA's key and certificate, in the data directory.
const CA_FILE: &str = "staff-ca.pem";

/// Browsers take certificates of a site's own CA that run for so long; each start makes a new one.
const DAYS_VALID: u64 = 820;

/// Why there is no certificate for the staff page.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read or made.
    #[error("cannot read or make {path}; check the directory and who may write there")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file holds no PEM of that kind.
    #[error(
        "{path} holds no usable certificate or key as PEM; put the right file there. The kiosk's own (staff-ca.pem) may be removed: a new one is made, and each tablet has to be told of it"
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A name in the configuration is none.
    #[error(
        "staff.names: one of them is neither a name nor an address; write such as \"kiosk.local\""
    )]
    Name(#[source] rcgen::Error),
    /// A certificate cannot be made.
    #[error("no certificate can be made; the system may have no randomness yet: start again")]
    Making(#[source] rcgen::Error),
    /// Certificate and key do not go together.
    #[error("certificate and key of the staff page do not go together; check [staff]")]
    Mismatch(#[source] rustls::Error),
}

impl From<FileFault> for CertificateError {
    fn from(fault: FileFault) -> Self {
        let FileFault { path, source, .. } = fault;
        Self::File { path, source }
    }
}

/// The kiosk's own CA.
#[derive(Debug)]
pub struct OwnCa {
    key: KeyPair,
    /// The certificate to trust, as PEM.
    pub certificate: String,
    /// Its SHA-256, in pairs of hexadecimal digits, as browsers show it.
    pub fingerprint: String,
}

impl OwnCa {
    /// Reads the CA of this configuration, or makes it at the first start.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn load_or_create(config: &Config) -> Result<Self, CertificateError> {
        let dir = &config.kiosk.data_dir;
        let path = dir.join(CA_FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::read(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                create_directory(dir)?;
                let text = new_ca(config).map_err(CertificateError::Making)?;
                create_durably(&path, text.as_bytes())?;
                Self::read(&path, &text)
            }
            Err(error) => Err(FileFault::of("read", &path)(error).into()),
        }
    }

    fn read(path: &Path, text: &str) -> Result<Self, CertificateError> {
        let unusable = |source| CertificateError::Unusable {
            path: path.to_owned(),
            source,
        };
        let key = KeyPair::from_pem(text).map_err(|error| unusable(error.into()))?;
        let certificate = CertificateDer::from_pem_slice(text.as_bytes())
            .map_err(|error| unusable(error.into()))?;
        let begin = text.find("-----BEGIN CERTIFICATE").unwrap_or_default();
        Ok(Self {
            key,
            certificate: text.get(begin..).unwrap_or_default().to_owned(),
            fingerprint: fingerprint(&certificate),
        })
    }
}

/// What browsers are shown at the staff page, and the fingerprint of the CA behind it where that is the kiosk's own.
///
/// # Errors
/// When there is no usable certificate.
pub fn for_staff_page(
    config: &Config,
    now: DateTime,
) -> Result<(ServerConfig, Option<String>), CertificateError> {
    if let (Some(certificate), Some(key)) = (&config.staff.certificate_file, &config.staff.key_file)
    {
        return Ok((server(chain(certificate)?, private_key(key)?)?, None));
    }
    let ca = OwnCa::load_or_create(config)?;
    let mut params = CertificateParams::new(names(config)).map_err(CertificateError::Name)?;
    params.distinguished_name.push(
        DnType::CommonName,
        format!("Genkan {} staff page", config.kiosk.id),
    );
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let today = now.date_naive();
    let [from, to] = [today - Days::new(2), today + Days::new(DAYS_VALID)].map(year_month_day);
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(to.0, to.1, to.2);
    let making = CertificateError::Making;
    let issuer = Issuer::new(ca_params(config), ca.key);
    let key = KeyPair::generate().map_err(making)?;
    let certificate = params.signed_by(&key, &issuer).map_err(making)?;
    let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = server(vec![certificate.der().clone()], private)?;
    Ok((config, Some(ca.fingerprint)))
}

fn server(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, CertificateError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(CertificateError::Mismatch)?;
    builder
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(CertificateError::Mismatch)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let bytes = read(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    chain.map_err(|error| CertificateError::Unusable {
        path: path.to_owned(),
        source: error.into(),
    })
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(|error| CertificateError::Unusable {
        path: path.to_owned(),
        source: error.into(),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    Ok(std::fs::read(path).map_err(FileFault::of("read", path))?)
}

/// Key and certificate of a new CA, as PEM in one text: either both are there or none.
fn new_ca(config: &Config) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let certificate = ca_params(config).self_signed(&key)?;
    Ok(key.serialize_pem() + &certificate.pem())
}

/// The same every time, since the CA's certificate is not read back to sign with it.
fn ca_params(config: &Config) -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Genkan {} CA", config.kiosk.id));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.not_before = date_time_ymd(2026, 11, 1);
    params.not_after = date_time_ymd(2046, 11, 1);
    params
}

fn names(config: &Config) -> Vec<String> {
    let mut names: BTreeSet<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let address = config.listen.staff.ip();
    if !address.is_unspecified() {
        names.insert(address.to_string());
    }
    if let Ok(host) = std::fs::read_to_string("/etc/hostname") {
        let host = host.trim();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if !host.is_empty() && host.chars().all(is_name) {
            names.extend([host.to_owned(), format!("{host}.local")]);
        }
    }
    names.extend(config.staff.names.iter().cloned());
    names.into_iter().collect()
}

fn year_month_day(date: NaiveDate) -> (i32, u8, u8) {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    (date.year(), part(date.month()), part(date.day()))
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let digest = Sha256::digest(certificate);
    let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
