//! The runtime under every generated client: a lossless JSON core, and HTTP with the policies that
//! a demanding user expects. It knows no API; an emitted crate describes its own as constant data
//! and adds types and endpoint functions. What emitted code may import is [`codegen`].
//!
//! # A call
//!
//! An endpoint function returns a [`Call`]: the request as data. Awaiting it sends it.
//!
//! ```
//! # use verbatim_runtime::{Client, json::Json, codegen::{self, reply}};
//! # use verbatim_runtime::transport::respond;
//! # const SERVICE: codegen::Service = codegen::Service { name: "rack", title: "Rack", version: "1",
//! #     environment: codegen::Environment { prefix: "RACK", variables: &[] }, servers: &[], security: &[], rate_limit: None, formats: &[], operations: &[] };
//! # static RACK: codegen::Service = SERVICE;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A transport that answers from a function needs no network: tests take microseconds.
//! let client = Client::builder(&RACK)
//!     .base_url("https://rack.example/v1")
//!     .transport(respond(|request| {
//!         assert_eq!(request.uri().path(), "/v1/servers");
//!         Ok(http::Response::new(r#"[{"id": "a", "price": 60.50}]"#.into()))
//!     }))
//!     .build()?;
//! let received = client.raw(codegen::Method::Get, "/servers").await?;
//! assert_eq!(reply::json::<Vec<Json>>(&received)?[0].to_string(), r#"{"id": "a", "price": 60.50}"#);
//! # Ok(())
//! # }
//! ```
//!
//! Whatever is wrong with a request (a value out of its documented bounds, a path parameter that
//! would leave its segment, a missing credential) is reported before anything is sent, with the
//! name of the parameter or the JSON pointer of the field. What comes back is decoded by status and
//! content type, never by its shape. [`Call::send`] gives status and headers with the value,
//! [`Call::explain`] and [`Call::to_curl`] tell what would be sent, [`Client::raw`] calls a path that
//! the document does not know.
//!
//! # What happens to a call
//!
//! 1. It is prepared: parameters in their styles, body, the first alternative of credentials that
//!    the client can satisfy.
//! 2. It waits for quota. The pace is kept before the server refuses: every reply corrects it by
//!    its rate-limit headers, and all clones of a client share it. [`Client::quota`] shows it.
//! 3. It is sent, within the limits on connection, silence, attempt and whole call. Redirects are
//!    not followed. The body is bounded, also after decompression.
//! 4. It is repeated if that is safe: any method while the request certainly did not leave, an
//!    idempotent one after a lost or passing failure, with random growing delays, obeying
//!    `Retry-After` up to the policy's patience. A POST is never sent twice once it may have left;
//!    if its answer is lost, the error is [`Error::OutcomeUnknown`], with what was sent.
//! 5. It is decoded. What the types accept and the document does not know is told to
//!    [`ClientBuilder::on_drift`].
//!
//! | limit | default | set by |
//! |---|---|---|
//! | connection | 10 s | [`ClientBuilder::connect_timeout`] |
//! | silence within a reply | 30 s | [`ClientBuilder::read_timeout`] |
//! | one attempt | 60 s | [`ClientBuilder::attempt_timeout`], [`Call::timeout`] |
//! | attempts and the delays between them | 180 s | [`ClientBuilder::total_timeout`] |
//! | everything, waiting for quota included | none | [`Call::deadline`] |
//! | a wait | 30 min | [`Waiting::deadline`] |
//! | a body, decompressed | 16 MiB | [`ClientBuilder::body_limit`] |
//! | depth of JSON | 127 | - |
//! | attempts | 3 | [`ClientBuilder::retry`], [`Call::retry`] |
//!
//! # Lists and waiting
//!
//! A list is a stream of [`Pages`] or [`Items`]; both tell their position, from which they can be
//! resumed, and what moved while they were read. An action is awaited by [`Waiting`]: it polls as
//! the document declares, survives polls that fail in passing, never ends on a state that may be
//! older than the request, and shares the requests of a list with the other waits of its client.
//! [`Waiting::updates`] is the wait as a stream of progress; [`Waiting::begin`] gives a
//! [`WaitToken`], a text with which another process goes on waiting.
//!
//! # Streams
//!
//! Awaiting a call whose reply is a sequence gives [`EventStream`] (server-sent events) or [`LineStream`] (one
//! JSON value on each line) as soon as the head of the reply is there. Each item is decoded by
//! itself: one that does not fit is an error of its own. Bytes and texts are read as they arrive by
//! [`Call::stream`]. The read timeout bounds the silence within a stream, [`Call::deadline`] bounds
//! it as a whole, and dropping it ends the connection. [`Call::follow`] connects anew where a
//! stream of events ends.
//!
//! # Bodies larger than memory
//!
//! Where a body is raw bytes or text, and where a part of a [`Multipart`] body is a [`FilePart`], an
//! [`Upload`] is taken: bytes or a text by `into`, or [`Upload::file`], [`Upload::reader`] and
//! [`Upload::stream`], which are read while they are sent and never held as a whole.
//!
//! ```
//! # use verbatim_runtime::{Client, FilePart, Multipart, Upload, codegen, transport::respond};
//! # const SERVICE: codegen::Service = codegen::Service { name: "rack", title: "Rack", version: "1",
//! #     environment: codegen::Environment { prefix: "RACK", variables: &[] }, servers: &[], security: &[], rate_limit: None, formats: &[], operations: &[] };
//! # static RACK: codegen::Service = SERVICE;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = std::env::temp_dir().join("verbatim-image.iso");
//! # std::fs::write(&path, "image")?;
//! # let client = Client::builder(&RACK).base_url("https://rack.example/v1")
//! #     .transport(respond(|_| Ok(http::Response::new("{}".into())))).build()?;
//! let image = Upload::file(&path);
//! client.raw(codegen::Method::Put, "/images/a").upload("application/octet-stream", image).await?;
//! let parts = Multipart::new()
//!     .text("title", "An image")
//!     .file_part("image", "application/octet-stream", &FilePart::from_path(&path));
//! client.raw(codegen::Method::Post, "/images").multipart("multipart/form-data", parts).await?;
//! # std::fs::remove_file(&path)?;
//! # Ok(())
//! # }
//! ```
//!
//! `Content-Length` is exact where every length is known; else the body is sent in chunks. A file is
//! opened anew by a retry. A reader or stream is sent once: a call of which something was read is
//! not repeated, and its first outcome stands. A body that is shorter or longer than was said breaks
//! the attempt, and is not tried again. The limit on silence begins when the body was sent; the limit
//! on the attempt is kept, so a long upload wants a larger [`Call::timeout`], and one that takes more
//! than the limit on all attempts a larger [`ClientBuilder::total_timeout`]. The boundary of a
//! multipart body stands in no part that is in memory; for others it is random enough (128 bits).
//!
//! # Errors
//!
//! [`Error`] is two words large. Its `Display` is one line: operation, method, path template,
//! status, the server's type and message and field errors in any of the usual forms and either
//! casing, request identifier, attempts. Every error keeps its [`Exchange`] and, where there was
//! one, the whole reply.
//!
//! # Secrets
//!
//! Credentials, fields that the document calls secret, and names that are secret anywhere are
//! masked in `Debug`, `Display`, spans, excerpts and command lines, also where a server quotes
//! them. They are sent over https only, except to this machine, and to no other origin.
//! [`ClientBuilder::record_to`] keeps exchanges without them; see [`record`].
//!
//! # Without an asynchronous runtime
//!
//! With the feature `blocking`, a client built by `ClientBuilder::blocking` makes the same calls on
//! the calling thread: `call.block()`, `list.items().blocking()`, `create.wait().block()`. The
//! policies are the same code, driven by another clock over another transport.
//!
//! # Features
//!
//! | feature | gives |
//! |---|---|
//! | `rustls` (default) | the transport over reqwest, with rustls, aws-lc and the system's roots |
//! | `rustls-no-provider`, `native-tls` | the same with another TLS |
//! | `http2` | HTTP/2 |
//! | `blocking` | blocking calls over ureq |
//! | `tracing` (default) | spans with the names of OpenTelemetry |
//! | `profiles` (default) | profiles from a TOML file |
//! | `schemars` | JSON Schemas of the types |
//! | `xml` | bodies as XML, for APIs that declare it: [`ClientBuilder::format`] |
//! | `fetch` | in WebAssembly, the transport of browsers and workers |
//! | `tower` | layers of tower around the transport: [`ClientBuilder::layered`](ClientBuilder) |
//! | `webhooks` | signatures of what the service sends: [`mod@webhook`] |
//! | `axum` | extractors of what the service sends |
//!
//! For `wasm32-unknown-unknown` the feature `fetch` gives the transport of browsers and workers, and
//! their clock. Without it the caller gives both, by [`ClientBuilder::transport`] and
//! [`ClientBuilder::clock`].
//!
//! # For one's own transport
//!
//! [`transport::Transport`] has one method that must be written; the others, for replies that are
//! read as they arrive and bodies that are not in memory, have a default. A transport follows no redirects, repeats nothing and
//! decompresses nothing; it says how far a broken request came, since that decides whether it may
//! be sent again.

// The layers from the bottom to the top: a module imports from its own layer and from those above it in this file.

// What an API is described by, the words of HTTP, time, and the pure policies.
mod base64;
mod call_macro;
mod credential;
mod future;
mod joint;
pub mod layout;
// part: pages
mod link;
mod loopback;
mod media;
pub mod policy;
pub mod service;
#[cfg(feature = "webhooks")]
mod signature;
#[cfg(feature = "blocking")]
mod thread;
pub mod time;
mod until;

// Texts: parameters in their styles, looks at JSON, masks, XML.
mod parameter;
mod peek;
mod redact;
#[cfg(feature = "xml")]
pub mod xml;

// What carries a request.
mod flow;
mod inflate;
mod reason;
pub mod transport;

// A request in preparation.
mod auth;
// part: multipart
mod body;
mod draft;
mod exchange;
mod options;
mod prepared;
pub mod provider;

// What comes back.
mod decode;
mod drift;
pub mod error;
mod received;
pub mod reply;
mod stream;

// The client, and what it does on the way.
mod client;
// part: waits
mod coalesce;
mod explain;
mod pace;
pub mod record;
mod trace;

// A call.
mod call;

// What is made of calls, and what the service sends by itself.
// part: sequences
mod follow;
mod header;
// part: pages
mod page;
// part: waits
mod wait;
pub mod webhook;

// Beside all: the calling thread, the facade of emitted code, tokens of OAuth, the sources.
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod codegen;
// part: oauth
pub mod oauth;
#[cfg(feature = "sources")]
pub mod sources;

/// The values layer: lossless JSON, and nothing of HTTP.
pub use verbatim_json as json;

// part: multipart
pub use body::{FilePart, Multipart};
pub use call::{Call, Decode, Response, Sending};
pub use client::{BuildError, Client, ClientBuilder};
pub use credential::{Credential, CredentialError, IssuedCredential};
pub use decode::DecodeError;
pub use drift::Drift;
pub use error::{Error, Failure};
pub use exchange::{Attempt, AttemptOutcome, AttemptReport, Exchange};
pub use explain::Explanation;
// part: sequences
pub use follow::Following;
pub use header::HeaderError;
pub use json::{DriftKind, Fields, Property, SortBy};
// part: pages
pub use page::{Collected, Items, Pages};
pub use parameter::ParameterValue;
pub use policy::pace::Quota;
pub use policy::retry::{Idempotence, RetryPolicy};
pub use prepared::{OutgoingRequest, Prepared};
pub use provider::{CachedCredential, CredentialProvider, CredentialSource, IssueContext};
pub use received::RawResponse;
pub use stream::ByteStream;
// part: sequences
pub use stream::{Event, EventStream, LineStream};
pub use transport::{Opened, Upload};
// part: waits
pub use wait::{NoToken, PendingOperation, Progress, Update, Updates, WaitToken, Waiting};
