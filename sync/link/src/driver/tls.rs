//! TLS 1.3 with the site's own CA and, where the broker wants one, a client certificate.

use super::DriverError;
use rumqttc::{TlsConfiguration, Transport};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::sync::Arc;

/// How a connection is protected.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Certificates of the CA that signed the broker's, as PEM. The machine's own list of CAs is not consulted.
    pub ca: Vec<u8>,
    /// Who we are, where the broker asks.
    pub identity: Option<ClientIdentity>,
}

/// A client certificate and its key.
#[derive(Clone)]
pub struct ClientIdentity {
    /// The certificate and those between it and the CA, as PEM.
    pub certificate: Vec<u8>,
    /// Its private key, as PEM.
    pub key: Vec<u8>,
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientIdentity(…)")
    }
}

impl Tls {
    pub(super) fn transport(&self) -> Result<Transport, DriverError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(
            &self.ca,
            "the CA certificate is not PEM; give the file the office's CA wrote",
        )? {
            roots.add(certificate).map_err(because(
                "the CA certificate cannot be used; give the file the office's CA wrote",
            ))?;
        }
        if roots.is_empty() {
            return Err(DriverError::Tls(
                "the CA file has no certificate in it; give the file the office's CA wrote",
                None,
            ));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(because("this program cannot speak TLS 1.3"))?
            .with_root_certificates(roots);
        let config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let chain = certificates(
                    &identity.certificate,
                    "the client certificate is not PEM; enrol this kiosk again",
                )?;
                let key = PrivateKeyDer::from_pem_slice(&identity.key)
                    .map_err(because("the client key is not PEM; enrol this kiosk again"))?;
                builder.with_client_auth_cert(chain, key).map_err(because(
                    "client certificate and key do not fit together; enrol this kiosk again",
                ))?
            }
        };
        Ok(Transport::tls_with_config(TlsConfiguration::Rustls(
            Arc::new(config),
        )))
    }
}

fn certificates(
    pem: &[u8],
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, DriverError> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(because(what))
}

fn because<E: std::error::Error + Send + Sync + 'static>(
    what: &'static str,
) -> impl Fn(E) -> DriverError {
    move |error| DriverError::Tls(what, Some(Box::new(error)))
}
