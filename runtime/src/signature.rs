//! Signatures of requests that a service sends: HMAC-SHA256 in the forms that are common, and
//! Standard Webhooks.
//!
//! What is signed are bytes, so they are checked before anything reads them.

mod build;
mod error;
mod read;

pub use self::build::VerifierBuilder;
pub use self::error::{SignatureError, VerifierError};

use self::read::Read;
use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use subtle::{Choice, ConstantTimeEq};

/// Verifies that a request was signed by one who knows the secret, and not long ago.
///
/// Cheap to clone; `Debug` shows no secret.
///
/// ```
/// use http::HeaderMap;
/// use verbatim_runtime::webhook::Verifier;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::hmac("X-Hub-Signature-256").prefix("sha256=").secret("k3y").build()?;
/// let signed = verifier.sign("", br#"{"name": "Rex"}"#);
/// verifier.verify(&signed, br#"{"name": "Rex"}"#)?;
/// assert!(verifier.verify(&signed, br#"{"name": "Max"}"#).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    scheme: Scheme,
    secrets: Vec<SecretSlice<u8>>,
    tolerance: Duration,
}

/// How a signature is written, and what is signed.
#[derive(Debug, Clone)]
struct Scheme {
    /// The header of the signature.
    header: HeaderName,
    form: Form,
    encoding: Encoding,
    /// The header of the identifier.
    id: Option<HeaderName>,
    /// The header of the timestamp, where it is not beside the signature.
    timestamp: Option<HeaderName>,
    unit: Unit,
    signed: Vec<Piece>,
}

/// How the header of the signature is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// The signature behind a prefix, which may be empty.
    Plain(String),
    /// `t=1700000000,v1=signature`, with these two names.
    Pairs { time: String, signature: String },
    /// `v1,signature v1,signature`.
    Versions,
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Hex,
    Base64,
}

/// What timestamps count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Seconds,
    Milliseconds,
}

/// A part of what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Id,
    Timestamp,
    Body,
}

impl Verifier {
    /// Of services that sign the body alone: the header holds HMAC-SHA256 of it in hexadecimal
    /// digits, unless [`VerifierBuilder::base64`] says otherwise.
    pub fn hmac(header: &str) -> VerifierBuilder {
        VerifierBuilder::hmac(header)
    }

    /// Of services that sign a timestamp with the body, `t=1700000000,v1=…`: the signature is that
    /// of the timestamp, a full stop, and the body.
    pub fn timestamped(header: &str) -> VerifierBuilder {
        VerifierBuilder::timestamped(header)
    }

    /// Of services that follow [Standard Webhooks](https://www.standardwebhooks.com), by the headers
    /// `webhook-id`, `webhook-timestamp` and `webhook-signature`. Secrets are `whsec_` and base64.
    pub fn standard() -> VerifierBuilder {
        VerifierBuilder::standard("webhook")
    }

    /// As [`Verifier::standard`], with another word than `webhook` before the names of the headers.
    pub fn standard_of(brand: &str) -> VerifierBuilder {
        VerifierBuilder::standard(brand)
    }

    /// Checks signature and age of a request against the clock of the system.
    ///
    /// # Errors
    ///
    /// Where a header is missing or cannot be read, no signature is that of a secret, or the
    /// timestamp lies too far from now.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
        self.verify_at(headers, body, crate::time::today())
    }

    /// As [`Verifier::verify`], at another time: in tests, and where the system has no clock.
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify`].
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), SignatureError> {
        let Inner {
            scheme, secrets, ..
        } = &*self.0;
        let read = scheme.read(headers)?;
        let mut is_good = Choice::from(0);
        for secret in secrets {
            let signature = scheme.signature(secret, &read, body);
            for candidate in &read.signatures {
                is_good |= signature.ct_eq(candidate);
            }
        }
        if !bool::from(is_good) {
            return Err(SignatureError::Mismatch);
        }
        // Only a timestamp that was signed says something.
        self.check_age(read.seconds, now)
    }

    fn check_age(&self, sent: Option<u64>, now: SystemTime) -> Result<(), SignatureError> {
        let Some(sent) = sent else { return Ok(()) };
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let tolerance = self.0.tolerance.as_secs();
        if now.saturating_sub(sent) > tolerance {
            return Err(SignatureError::TooOld { tolerance });
        }
        if sent.saturating_sub(now) > tolerance {
            return Err(SignatureError::TooNew { tolerance });
        }
        Ok(())
    }

    /// The headers with which a service would sign a body now, by the first secret: for tests of
    /// what receives it. The identifier counts where the scheme has one.
    pub fn sign(&self, id: &str, body: &[u8]) -> HeaderMap {
        self.sign_at(id, body, crate::time::today())
    }

    /// As [`Verifier::sign`], at another time. A header is left out where the identifier cannot stand
    /// in one.
    pub fn sign_at(&self, id: &str, body: &[u8], now: SystemTime) -> HeaderMap {
        let Inner {
            scheme, secrets, ..
        } = &*self.0;
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let timestamp = match scheme.unit {
            Unit::Seconds => since.as_secs().to_string(),
            Unit::Milliseconds => since.as_millis().to_string(),
        };
        let read = Read {
            id,
            timestamp: &timestamp,
            seconds: None,
            signatures: Vec::new(),
        };
        let signature = secrets
            .first()
            .map(|secret| scheme.signature(secret, &read, body));
        let signature = scheme.encoded(&signature.unwrap_or_default());
        let signature = match &scheme.form {
            Form::Plain(prefix) => format!("{prefix}{signature}"),
            Form::Pairs {
                time,
                signature: name,
            } => format!("{time}={timestamp},{name}={signature}"),
            Form::Versions => format!("v1,{signature}"),
        };
        let headers = [
            (Some(&scheme.header), signature.as_str()),
            (scheme.id.as_ref(), id),
            (scheme.timestamp.as_ref(), timestamp.as_str()),
        ];
        let headers = headers
            .into_iter()
            .filter_map(|(name, value)| Some((name?.clone(), HeaderValue::from_str(value).ok()?)));
        headers.collect()
    }
}

impl Scheme {
    /// HMAC-SHA256 of what is signed.
    fn signature(&self, secret: &SecretSlice<u8>, read: &Read<'_>, body: &[u8]) -> Vec<u8> {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret()) else {
            return Vec::new();
        };
        for piece in &self.signed {
            mac.update(match piece {
                Piece::Text(text) => text.as_bytes(),
                Piece::Id => read.id.as_bytes(),
                Piece::Timestamp => read.timestamp.as_bytes(),
                Piece::Body => body,
            });
        }
        mac.finalize().into_bytes().to_vec()
    }

    fn encoded(&self, signature: &[u8]) -> String {
        match self.encoding {
            Encoding::Hex => HEXLOWER.encode(signature),
            Encoding::Base64 => BASE64.encode(signature),
        }
    }

    fn decoded(&self, text: &str) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Hex => HEXLOWER_PERMISSIVE.decode(text.as_bytes()),
            Encoding::Base64 => BASE64.decode(text.as_bytes()),
        }
        .ok()
        .filter(|bytes| !bytes.is_empty())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("header", &self.0.scheme.header)
            .field("secrets", &self.0.secrets.len())
            .field("tolerance", &self.0.tolerance)
            .finish_non_exhaustive()
    }
}
