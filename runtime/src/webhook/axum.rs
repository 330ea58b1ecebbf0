//! Extractors of axum. They take the bytes of the body first, verify the signature, and then decode.
//!
//! ```
//! use verbatim_runtime::webhook::{Verifier, axum::Verified};
//! # use verbatim_runtime::codegen::{self, reply};
//! # codegen::webhook! { pub struct PetSold: Vec<String> = reply::json; "petSold", codegen::Method::Post, ["application/json"] }
//!
//! async fn sold(Verified(names): Verified<PetSold>) {
//!     println!("{} pets were sold", names.len());
//! }
//! ```
//!
//! The [`Verifier`] is taken from the state of the router: `.with_state(verifier)`, or a state of
//! which it is a part by `FromRef`. How large a body may be is told by axum's `DefaultBodyLimit`.

use super::{SignatureError, Verifier, Webhook};
use crate::decode::DecodeError;
use axum_core::extract::rejection::BytesRejection;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::fmt;

/// The body of a webhook whose signature is good.
pub struct Verified<W: Webhook>(pub W::Body);

/// A request whose signature is good, not decoded: for addresses to which several webhooks are sent.
#[derive(Clone)]
pub struct VerifiedRequest {
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl VerifiedRequest {
    /// Decodes it as one of the webhooks.
    ///
    /// # Errors
    ///
    /// As [`Webhook::decode`]; the rejection answers 400.
    pub fn decode<W: Webhook>(&self) -> Result<W::Body, Rejection> {
        W::decode(&self.headers, self.body.clone()).map_err(Rejection::Decode)
    }
}

/// `Debug` shows neither headers nor body, which may hold secrets.
impl fmt::Debug for VerifiedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedRequest")
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl<S> FromRequest<S> for VerifiedRequest
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(Rejection::Body)?;
        let verifier = Verifier::from_ref(state);
        let outcome = verifier.verify(&headers, &body);
        outcome.map_err(Rejection::Signature)?;
        Ok(Self { headers, body })
    }
}

impl<S, W> FromRequest<S> for Verified<W>
where
    S: Send + Sync,
    Verifier: FromRef<S>,
    W: Webhook,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let request = VerifiedRequest::from_request(request, state).await?;
        request.decode::<W>().map(Self)
    }
}

/// Why a request is not taken.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// The body could not be read, or is larger than the limit: answered as axum does.
    Body(BytesRejection),
    /// The signature is not good: 401, or 400 where a header is malformed.
    Signature(SignatureError),
    /// The body is signed, and not what the document says: 400. The answer names the place that does
    /// not fit; the error tells more.
    Decode(DecodeError),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => write!(f, "{error}"),
            Self::Signature(error) => write!(f, "{error}"),
            Self::Decode(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::Signature(error) => Some(error),
            Self::Decode(error) => Some(error),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::Body(error) => error.into_response(),
            Self::Signature(error) => {
                let status = match error {
                    SignatureError::Malformed(_) => StatusCode::BAD_REQUEST,
                    _ => StatusCode::UNAUTHORIZED,
                };
                (status, error.to_string()).into_response()
            }
            // The message of the error quotes the body, which may hold secrets.
            Self::Decode(error) => {
                let place = match error.pointer() {
                    Some("") | None => String::new(),
                    Some(pointer) => format!(" at {pointer}"),
                };
                let text = format!("the body is not what the document of the service says{place}");
                (StatusCode::BAD_REQUEST, text).into_response()
            }
        }
    }
}
