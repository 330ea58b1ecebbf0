//! Requests that a service sends: webhooks and callbacks, verified and decoded.
//!
//! An emitted crate has a type for each of them, which implements [`Webhook`]. With the feature
//! `webhooks` a [`Verifier`] checks signatures; with `axum`, [`axum::Verified`] is an extractor that
//! does both.

#[cfg(feature = "axum")]
pub mod axum;

#[cfg(feature = "webhooks")]
pub use crate::signature::{SignatureError, Verifier, VerifierBuilder, VerifierError};

use crate::decode::DecodeError;
use crate::received::RawResponse;
use crate::service::{Method, Operation};
use bytes::Bytes;
use http::HeaderMap;

/// A request that a service sends, as its document describes it: a webhook, or a callback of an
/// operation.
pub trait Webhook {
    /// What its body is decoded into.
    type Body;

    /// What the document says of it: its name as `id`, its method, and its bodies as replies.
    fn description() -> &'static Operation;

    /// Decodes a body that was received with the description.
    ///
    /// # Errors
    ///
    /// A body that is not what the document says.
    fn read(received: &RawResponse) -> Result<Self::Body, DecodeError>;

    /// The name that the document gives to it; that of a callback stands behind the identifier of its
    /// operation.
    fn name() -> &'static str {
        Self::description().id
    }

    /// The method with which it is sent.
    fn method() -> Method {
        Self::description().method
    }

    /// Decodes a body that was delivered with these headers, of which the content type counts. What
    /// the document does not know is kept, as in replies. Nothing is verified.
    ///
    /// # Errors
    ///
    /// A body of another content type, or one that does not fit the documented type.
    fn decode(headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Self::Body, DecodeError> {
        let received = RawResponse::new(Self::description(), 200, headers.clone(), body);
        Self::read(&received)
    }
}

/// A type for a webhook.
///
/// ```
/// use verbatim_runtime::codegen::{self, Webhook, reply};
///
/// codegen::webhook! {
///     /// A pet was sold.
///     pub struct PetSold: Vec<String> = reply::json;
///     "petSold", codegen::Method::Post, ["application/json"]
/// }
///
/// # fn main() -> Result<(), codegen::DecodeError> {
/// assert_eq!(PetSold::decode(&http::HeaderMap::new(), r#"["Rex"]"#)?, ["Rex"]);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! webhook {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident: $body:ty = $decode:expr;
        $id:literal, $method:expr, [$($media:literal),*]
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility struct $name;

        impl $crate::webhook::Webhook for $name {
            type Body = $body;

            fn description() -> &'static $crate::codegen::Operation {
                static DESCRIPTION: $crate::codegen::Operation = $crate::codegen::Operation::delivered(
                    $id,
                    $method,
                    &[$($crate::codegen::Reply {
                        status: $crate::codegen::StatusMatch::Code(200),
                        media: $media,
                        schema: "",
                    }),*],
                );
                &DESCRIPTION
            }

            fn read(
                received: &$crate::codegen::RawResponse,
            ) -> Result<$body, $crate::codegen::DecodeError> {
                $decode(received)
            }
        }
    };
}

/// An enum of all webhooks of a document, or of all its callbacks, for addresses to which several are
/// sent.
#[macro_export]
macro_rules! webhooks {
    ($(#[$attribute:meta])* $visibility:vis enum $name:ident { $($variant:ident),* $(,)? }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        $visibility enum $name {
            $(
                #[doc = concat!("The body of [`struct@", stringify!($variant), "`].")]
                $variant(<$variant as $crate::webhook::Webhook>::Body),
            )*
        }

        impl $name {
            /// Decodes a body that was delivered under a name of the document, as
            /// [`Webhook::decode`]($crate::webhook::Webhook::decode) does.
            ///
            /// # Errors
            ///
            /// A name that the document does not know, or a body that does not fit.
            $visibility fn decode(
                name: &str,
                headers: &$crate::codegen::header::HeaderMap,
                body: impl Into<$crate::codegen::Bytes>,
            ) -> Result<Self, $crate::codegen::DecodeError> {
                $(
                    if name == <$variant as $crate::webhook::Webhook>::name() {
                        let body = <$variant as $crate::webhook::Webhook>::decode(headers, body);
                        return body.map(Self::$variant);
                    }
                )*
                Err($crate::codegen::DecodeError::shape("a name of the document", name))
            }
        }
    };
}
