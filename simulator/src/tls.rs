//! TLS of the server: a certificate from files, or one that is made at the start.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::simulator::StartError;

/// What a server shows to callers that speak HTTPS.
#[derive(Clone)]
pub struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The certificate as PEM, where it was made here and callers have to be told to trust it.
    pub(crate) made: Option<String>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Tls")
            .field("self_signed", &self.made.is_some())
            .finish_non_exhaustive()
    }
}

impl Tls {
    /// A certificate (the chain, its own first) and its private key, each a file in PEM.
    ///
    /// # Errors
    /// Where a file cannot be read, holds something else, or the two do not belong together.
    pub fn files(certificate: &Path, key: &Path) -> Result<Self, StartError> {
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unreadable(certificate, "a certificate", &error))?;
        if chain.is_empty() {
            return Err(unreadable(
                certificate,
                "a certificate",
                &PemError::NoItemsFound,
            ));
        }
        let secret = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| unreadable(key, "a private key", &error))?;
        let together = |error: rustls::Error| {
            StartError::new(format!(
                "the certificate {} and the key {} cannot be used: {error}; name a certificate and the key that it was made with",
                certificate.display(),
                key.display()
            ))
        };
        Self::new(chain, secret, None).map_err(together)
    }

    /// A certificate made now for some names and addresses, which no one trusts yet: the control path
    /// gives it as PEM.
    ///
    /// # Errors
    /// Where a name can stand in no certificate.
    pub fn self_signed(names: Vec<String>) -> Result<Self, StartError> {
        let shown = names.join(", ");
        let made = rcgen::generate_simple_self_signed(names).map_err(|error| {
            StartError::new(format!(
                "no certificate can be made for {shown}: {error}; name a host by letters, digits, dots and hyphens, or by its address"
            ))
        })?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let pem = made.cert.pem();
        Self::new(vec![made.cert.der().clone()], key.into(), Some(pem)).map_err(|error| {
            StartError::new(format!("the certificate made here cannot be used: {error}"))
        })
    }

    /// The certificate as PEM, where it was made here.
    pub fn certificate(&self) -> Option<&str> {
        self.made.as_deref()
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        made: Option<String>,
    ) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            made,
        })
    }
}

fn unreadable(path: &Path, wanted: &str, error: &PemError) -> StartError {
    let path = path.display();
    match error {
        PemError::Io(error) => StartError::new(format!(
            "cannot read {path}: {error}; name a file with {wanted} in PEM"
        )),
        PemError::NoItemsFound => StartError::new(format!(
            "{path} holds no {}; name a file with {wanted} in PEM, which begins with `-----BEGIN`",
            wanted.trim_start_matches("a ")
        )),
        error => StartError::new(format!(
            "{path} is not PEM: {error:?}; name a file with {wanted} in PEM, which begins with `-----BEGIN`"
        )),
    }
}
