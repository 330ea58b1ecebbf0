//! Everything that emitted code imports, and nothing else.
//!
//! An emitted crate describes its API as [`Service`] and [`Operation`] constants, and its
//! endpoints as functions that return a [`Call`]:
//!
//! ```
//! use verbatim_runtime::codegen::{self, Call, Client, Undocumented};
//!
//! static GET_SERVER: codegen::Operation = codegen::Operation {
//!     id: "getServer",
//!     method: codegen::Method::Get,
//!     path: "/servers/{server_id}",
//!     tag: "servers",
//!     deprecated: false,
//!     idempotent: true,
//!     parameters: &[codegen::Parameter {
//!         name: "server_id",
//!         place: codegen::Place::Path,
//!         required: true,
//!         style: codegen::Style::Simple,
//!         explode: false,
//!         allow_reserved: false,
//!         schema: "",
//!         secret: false,
//!         bounds: &[],
//!     }],
//!     body: &[],
//!     replies: &[codegen::Reply {
//!         status: codegen::StatusMatch::Code(200),
//!         media: "application/json",
//!         schema: "",
//!     }],
//!     security: &[],
//!     secrets: &[],
//!     servers: &[],
//!     scopes: &[],
//!     idempotency_key: "",
//!     pagination: None,
//!     wait: None,
//! };
//!
//! fn get(client: &Client, id: impl codegen::PathValue) -> Call<String, Undocumented> {
//!     Call::new(client, &GET_SERVER, codegen::reply::json, codegen::reply::none)
//!         .path("server_id", id)
//! }
//! ```
//!
//! An operation with optional parameters is a newtype made by [`call!`], with a setter for each;
//! the macro forwards what users do with a call.

// part: multipart
pub use crate::body::{FilePart, Form, Multipart};
pub use crate::call::{Call, Response};
pub use crate::client::{BuildError, Client, ClientBuilder};
pub use crate::decode::DecodeError;
pub use crate::error::{Error, Undocumented};
pub use crate::json;
pub use crate::json::validate::{Checker, Validate, Violations};
pub use crate::json::{Fields, SortBy};
pub use crate::layout::{Dialect, Format, Layout, XmlType};
pub use crate::parameter::{
    Explode, FormField, ParameterValue, ParameterValue as PathValue, ParameterValue as QueryValue,
};
pub use crate::received::RawResponse;
pub use crate::reply;
pub use crate::service::{
    Body, Bound, Environment, Method, OAuthFlow, OAuthFlowKind, Operation, PageEnd, PageStyle,
    Pagination, Parameter, Place, RateLimit, Reply, SecurityKind, SecurityScheme, Server,
    ServerVariable, Service, Setting, StatusMatch, Style, Wait, WaitAmong,
};
// part: sequences
pub use crate::stream::{EventStream, LineStream};
pub use crate::transport::Upload;
pub use crate::webhook::Webhook;
pub use bytes::Bytes;

// part: multipart
#[doc(inline)]
pub use crate::form;
#[doc(inline)]
pub use crate::{call, group, headers, webhook, webhooks};

/// The builder of the typed client of a service, which `wrap` makes of the plain one.
pub fn builder<C>(service: &'static Service, wrap: fn(Client) -> C) -> ClientBuilder<C> {
    ClientBuilder::new(service, wrap)
}

/// The readers of headers, for [`headers!`].
pub mod header {
    pub use crate::header::{either, eithers, json, plain, plains, text, texts};
    pub use http::HeaderMap;
}
