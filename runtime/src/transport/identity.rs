//! The certificate of a client, with its key.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// The certificate that a client presents, those of its issuers, and its key. `Debug` shows neither.
#[derive(Clone)]
pub(crate) struct Identity {
    certificates: String,
    key: SecretString,
}

/// The certificates of authorities that a client trusts in place of those of the system.
#[derive(Clone, Debug)]
pub(crate) struct Roots(String);

impl Roots {
    /// From PEM with one certificate or more.
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let (certificates, _) = parts(pem)?;
        Ok(Self(certificates))
    }

    /// For reqwest.
    #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
    pub(crate) fn of_reqwest(&self) -> Result<Vec<reqwest::Certificate>, reqwest::Error> {
        reqwest::Certificate::from_pem_bundle(self.0.as_bytes())
    }

    /// For ureq.
    #[cfg(feature = "blocking")]
    pub(crate) fn of_ureq(&self) -> Result<ureq::tls::RootCerts, rustls::Error> {
        let chain = chain(&self.0)?;
        Ok(ureq::tls::RootCerts::from(chain))
    }
}

/// The certificates of a text for ureq.
#[cfg(feature = "blocking")]
fn chain(pem: &str) -> Result<Vec<ureq::tls::Certificate<'static>>, rustls::Error> {
    let items = ureq::tls::parse_pem(pem.as_bytes());
    let items = items.map(|item| item.map_err(unreadable));
    let chain = items.filter_map(|item| match item {
        Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(Ok(certificate)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    });
    chain.collect()
}

#[cfg(feature = "blocking")]
fn unreadable<E>(_: E) -> rustls::Error {
    rustls::Error::General("the PEM cannot be read".to_owned())
}

const BEGIN: &str = "-----BEGIN ";

impl Identity {
    /// From PEM with the certificate first, those of issuers behind it, and the key anywhere.
    pub(crate) fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let (certificates, key) = parts(pem)?;
        let key = key.ok_or("the PEM holds no private key")?;
        Ok(Self { certificates, key })
    }

    /// For reqwest.
    #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
    pub(crate) fn of_reqwest(&self) -> Result<reqwest::Identity, reqwest::Error> {
        let key = self.key.expose_secret();
        #[cfg(feature = "native-tls")]
        let identity =
            reqwest::Identity::from_pkcs8_pem(self.certificates.as_bytes(), key.as_bytes());
        #[cfg(not(feature = "native-tls"))]
        let identity = {
            let whole = SecretString::from(format!("{}{key}", self.certificates));
            reqwest::Identity::from_pem(whole.expose_secret().as_bytes())
        };
        identity
    }

    /// For ureq, which takes it unread and panics later where certificate and key do not belong together: so it is
    /// tried before.
    #[cfg(feature = "blocking")]
    pub(crate) fn of_ureq(&self) -> Result<ureq::tls::ClientCert, rustls::Error> {
        use rustls::pki_types::pem::PemObject;
        use rustls::pki_types::{CertificateDer, PrivateKeyDer};
        let chain = chain(&self.certificates)?;
        let certificates = chain.iter();
        let certificates = certificates.map(|it| CertificateDer::from(it.der().to_vec()));
        let key = self.key.expose_secret().as_bytes();
        let tried = PrivateKeyDer::from_pem_slice(key).map_err(unreadable)?;
        let provider = rustls::crypto::CryptoProvider::get_default().cloned();
        let provider = provider
            .unwrap_or_else(|| std::sync::Arc::new(rustls::crypto::ring::default_provider()));
        rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_client_auth_cert(certificates.collect(), tried)?;
        let key = ureq::tls::PrivateKey::from_pem(key).map_err(unreadable)?;
        Ok(ureq::tls::ClientCert::new_with_certs(&chain, key))
    }
}

/// The certificates of a PEM, and the key, where there is one.
fn parts(pem: &[u8]) -> Result<(String, Option<SecretString>), &'static str> {
    let text = std::str::from_utf8(pem).map_err(|_| "it is not PEM")?;
    let mut certificates = String::new();
    let mut key = None;
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (label, _) = rest[at + BEGIN.len()..]
            .split_once("-----")
            .ok_or("a line of the PEM is cut off")?;
        let end = format!("-----END {label}-----");
        let length = rest[at..]
            .find(&end)
            .ok_or("the end of the PEM is missing")?;
        let block = &rest[at..at + length + end.len()];
        match label {
            "CERTIFICATE" => {
                certificates.push_str(block);
                certificates.push('\n');
            }
            "ENCRYPTED PRIVATE KEY" => return Err("its key is encrypted; decrypt it first"),
            _ if block.contains("Proc-Type: 4,ENCRYPTED") => {
                return Err("its key is encrypted; decrypt it first");
            }
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {
                let block = SecretString::from(format!("{block}\n"));
                if key.replace(block).is_some() {
                    return Err("the PEM holds two private keys");
                }
            }
            // Parameters of a curve and the like.
            _ => {}
        }
        rest = &rest[at + length + end.len()..];
    }
    if certificates.is_empty() {
        return Err("the PEM holds no certificate");
    }
    Ok((certificates, key))
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str) -> String {
        format!("-----BEGIN {label}-----\ncanary\n-----END {label}-----\n")
    }

    #[test]
    fn what_is_wrong_with_a_pem_is_told() {
        let (certificate, key) = (block("CERTIFICATE"), block("PRIVATE KEY"));
        for (pem, reason) in [
            (String::new(), "the PEM holds no certificate"),
            (key.clone(), "the PEM holds no certificate"),
            (certificate.clone(), "the PEM holds no private key"),
            (
                format!("{certificate}{key}{key}"),
                "the PEM holds two private keys",
            ),
            (
                format!("{certificate}{}", block("ENCRYPTED PRIVATE KEY")),
                "its key is encrypted; decrypt it first",
            ),
            (
                certificate.replace("-----END", "----END"),
                "the end of the PEM is missing",
            ),
            (
                "-----BEGIN CERTIFICATE".to_owned(),
                "a line of the PEM is cut off",
            ),
        ] {
            assert_eq!(Identity::from_pem(pem.as_bytes()).unwrap_err(), reason);
        }
        assert_eq!(Identity::from_pem(b"\xff").unwrap_err(), "it is not PEM");
        let whole = format!(
            "{}{key}text{certificate}{certificate}",
            block("EC PARAMETERS")
        );
        let identity = Identity::from_pem(whole.as_bytes()).unwrap();
        assert_eq!(identity.certificates, certificate.repeat(2));
        assert_eq!(identity.key.expose_secret(), key);
        assert!(!format!("{identity:?}").contains("canary"));
    }
}
