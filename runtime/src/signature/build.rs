//! How a verifier is set up.

use super::{Encoding, Form, Inner, Piece, Scheme, Unit, Verifier, VerifierError};
use data_encoding::BASE64;
use http::HeaderName;
use secrecy::{ExposeSecret, SecretSlice};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How far a timestamp may lie from now, unless it is said.
const TOLERANCE: Duration = Duration::from_secs(300);

/// What secrets of Standard Webhooks begin with.
const SECRET_PREFIX: &str = "whsec_";

/// Sets up a [`Verifier`]. `Debug` shows no secret.
#[derive(Clone)]
#[must_use = "it verifies nothing until it is built"]
pub struct VerifierBuilder {
    header: String,
    form: Form,
    prefix: Option<String>,
    encoding: Encoding,
    id: Option<String>,
    timestamp: Option<String>,
    unit: Unit,
    signed: String,
    secrets: Vec<SecretSlice<u8>>,
    tolerance: Duration,
}

impl VerifierBuilder {
    pub(super) fn hmac(header: &str) -> Self {
        Self {
            header: header.to_owned(),
            form: Form::Plain(String::new()),
            prefix: None,
            encoding: Encoding::Hex,
            id: None,
            timestamp: None,
            unit: Unit::Seconds,
            signed: "{body}".to_owned(),
            secrets: Vec::new(),
            tolerance: TOLERANCE,
        }
    }

    pub(super) fn timestamped(header: &str) -> Self {
        Self {
            form: Form::Pairs {
                time: "t".to_owned(),
                signature: "v1".to_owned(),
            },
            signed: "{timestamp}.{body}".to_owned(),
            ..Self::hmac(header)
        }
    }

    pub(super) fn standard(brand: &str) -> Self {
        Self {
            form: Form::Versions,
            encoding: Encoding::Base64,
            id: Some(format!("{brand}-id")),
            timestamp: Some(format!("{brand}-timestamp")),
            signed: "{id}.{timestamp}.{body}".to_owned(),
            ..Self::hmac(&format!("{brand}-signature"))
        }
    }

    /// A secret. Each further one is accepted too, while it is being replaced.
    pub fn secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.secrets
            .push(SecretSlice::from(secret.as_ref().to_vec()));
        self
    }

    /// What stands before the signature, such as `sha256=`; of [`Verifier::hmac`] alone.
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = Some(prefix.to_owned());
        self
    }

    /// The signature is written in base64, and not in hexadecimal digits.
    pub fn base64(mut self) -> Self {
        self.encoding = Encoding::Base64;
        self
    }

    /// The names within the header, where they are not `t` and `v1`.
    pub fn names(mut self, timestamp: &str, signature: &str) -> Self {
        self.form = Form::Pairs {
            time: timestamp.to_owned(),
            signature: signature.to_owned(),
        };
        self
    }

    /// The header of the timestamp, which [`VerifierBuilder::signing`] must name.
    pub fn timestamp_header(mut self, header: &str) -> Self {
        self.timestamp = Some(header.to_owned());
        self
    }

    /// Timestamps count milliseconds, and not seconds.
    pub fn milliseconds(mut self) -> Self {
        self.unit = Unit::Milliseconds;
        self
    }

    /// What is signed, with `{body}` and, where there are such, `{timestamp}` and `{id}`:
    /// `v0:{timestamp}:{body}`.
    pub fn signing(mut self, template: &str) -> Self {
        template.clone_into(&mut self.signed);
        self
    }

    /// How far a timestamp may lie from now, into the past and into the future, in whole seconds;
    /// 5 minutes unless it is said.
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Ends the setup.
    ///
    /// # Errors
    ///
    /// Where there is no secret, one is empty or not base64 though the scheme has it so, a header
    /// cannot be called so, or what is signed leaves out the body or the timestamp.
    pub fn build(self) -> Result<Verifier, VerifierError> {
        let secrets = self.keys()?;
        let signed = pieces(&self.signed)?;
        let is_timed = self.timestamp.is_some() || matches!(self.form, Form::Pairs { .. });
        for (piece, is_needed, name) in [
            (Piece::Body, true, "body"),
            (Piece::Timestamp, is_timed, "timestamp"),
            (Piece::Id, self.id.is_some(), "id"),
        ] {
            let count = signed.iter().filter(|it| **it == piece).count();
            if count != usize::from(is_needed) {
                let number = if is_needed { "once" } else { "not at all" };
                let message = format!("what is signed must hold `{{{name}}}` {number}");
                return Err(VerifierError::new(message));
            }
        }
        let form = match (self.form, self.prefix) {
            (Form::Plain(_), Some(prefix)) => Form::Plain(prefix),
            (_, Some(_)) => {
                return Err(VerifierError::new("signatures of this kind have no prefix"));
            }
            (form, None) => form,
        };
        let named = |name: Option<&String>| name.map(|name| header(name)).transpose();
        let scheme = Scheme {
            header: header(&self.header)?,
            id: named(self.id.as_ref())?,
            timestamp: named(self.timestamp.as_ref())?,
            form,
            encoding: self.encoding,
            unit: self.unit,
            signed,
        };
        Ok(Verifier(Arc::new(Inner {
            scheme,
            secrets,
            tolerance: self.tolerance,
        })))
    }

    /// The keys of the secrets.
    fn keys(&self) -> Result<Vec<SecretSlice<u8>>, VerifierError> {
        if self.secrets.is_empty() {
            return Err(VerifierError::new("no secret is given"));
        }
        let is_standard = self.form == Form::Versions;
        let keys = self.secrets.iter().map(|secret| {
            let secret = secret.expose_secret();
            let key = if is_standard {
                let text = secret
                    .strip_prefix(SECRET_PREFIX.as_bytes())
                    .unwrap_or(secret);
                let message = "the secret is not base64 behind `whsec_`";
                BASE64
                    .decode(text)
                    .map_err(|_| VerifierError::new(message))?
            } else {
                secret.to_vec()
            };
            if key.is_empty() {
                // Anybody could sign with it.
                return Err(VerifierError::new("the secret is empty"));
            }
            Ok(SecretSlice::from(key))
        });
        keys.collect()
    }
}

fn header(name: &str) -> Result<HeaderName, VerifierError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| VerifierError::new(format!("`{name}` is not the name of a header")))
}

/// The pieces of a template.
fn pieces(template: &str) -> Result<Vec<Piece>, VerifierError> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        pieces.push(Piece::Text(text.to_owned()));
        pieces.push(match name {
            "id" => Piece::Id,
            "timestamp" => Piece::Timestamp,
            "body" => Piece::Body,
            other => {
                let message = format!("what is signed names `{{{other}}}`, which is not known");
                return Err(VerifierError::new(message));
            }
        });
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Ok(pieces)
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder")
            .field("header", &self.header)
            .field("secrets", &self.secrets.len())
            .finish_non_exhaustive()
    }
}
