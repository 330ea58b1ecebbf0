//! Lossless JSON: what a type accepts it gives back.
//!
//! Each value that a type of this crate's tables decodes is encoded again as an equal document:
//! unknown properties and enum values stay, `null` is not absence, and numbers are exact decimals.
//! Where that cannot be promised, decoding fails and says where. The crate knows nothing of HTTP;
//! types that are generated from OpenAPI or JSON Schema need nothing else.
//!
//! ```
//! use verbatim_json::{self as json, Extra, Maybe, Number};
//!
//! #[derive(Clone, Debug, PartialEq)]
//! pub struct Disk {
//!     pub id: String,
//!     pub price: Number,
//!     pub label: Maybe<String>,
//!     pub extra: Extra,
//! }
//!
//! json::object! {
//!     Disk {
//!         id: required "id",
//!         price: required "price",
//!         label: maybe "label",
//!         ..extra
//!     }
//! }
//!
//! let text = r#"{"id":"4F","price":0.10,"label":null,"new":[1.50]}"#;
//! let disk: Disk = json::from_str(text)?;
//! assert_eq!(disk.label, Maybe::Null);
//! assert_eq!(json::to_string(&disk)?, text);
//!
//! let error = json::from_str::<Disk>(r#"{"id":"4F","price":"free"}"#).unwrap_err();
//! assert_eq!(error.pointer(), "/price");
//! # Ok::<(), json::Error>(())
//! ```
//!
//! # Building blocks
//!
//! | in a type | stands for |
//! |---|---|
//! | `T` | a required property that is never null |
//! | [`Option<T>`] | an optional property that is never null: absent or a value |
//! | [`Nullable<T>`] | a required property that may be null |
//! | [`Maybe<T>`] | an optional property that may be null: absent, null or a value |
//! | [`Number`] | a decimal of any size and precision, kept as written |
//! | [`Json`] | any JSON value, kept as written |
//! | [`Map<T>`] | an object whose property names are data |
//! | [`Extra`] | the properties of an object that the document does not name |
//! | [`Lossless<T>`] | a value of a type from elsewhere, with the text that it would not give back |
//! | [`Secret<T>`] | a value that never shows in `Debug` |
//!
//! # Tables
//!
//! A generated struct or enum is plain Rust, followed by a table that ties it to its JSON form:
//! [`object!`], [`string_enum!`], [`union!`], [`tuple!`]. The tables expand to `Serialize`,
//! `Deserialize`, [`Inspect`] and, with the feature `schemars`, `JsonSchema`.
//! A value that travels under a root key or the like says so by a [`DeserializeAs`].
//! [`setters!`] adds the chainable setters of a request, [`properties!`] the names of the properties
//! of what lists hold.
//!
//! # Checks
//!
//! [`validate`] checks documented bounds before a value is sent, [`drift()`] tells what the types
//! accepted and the document does not know, and [`is_secret_name`] knows the names of values that
//! are secret in any API.

mod convert;
mod decode;
mod depth;
mod drift;
mod expected;
mod inspect;
mod into_field;
mod key;
mod leaf;
mod lossless;
mod map;
mod maybe;
#[doc(hidden)]
pub mod mode;
mod number;
mod object;
mod payload;
#[doc(hidden)]
pub mod schema;
mod secret;
mod secret_names;
mod select;
#[cfg(feature = "sources")]
pub mod sources;
mod text_enum;
mod tuple;
#[doc(hidden)]
pub mod twins;
mod union;
pub mod validate;
mod value;

#[doc(hidden)]
pub use convert::Written;
pub use convert::{
    As, Boxed, DeserializeAs, Each, OrNull, Plain, Root, SerializeAs, Under, Values,
};
pub use decode::{Error, from_slice, from_str, to_string, to_vec};
pub use drift::{DriftKind, drift};
pub use expected::{Expected, OrOther, Unexpected};
pub use inspect::{Finding, Inspect, Inspector, Place, Survey, survey};
pub use into_field::{ByMaybe, ByNullable, ByOption, ByValue, IntoField};
pub use lossless::Lossless;
pub use map::{Extra, Map};
pub use maybe::{Maybe, Nullable};
pub use number::{ConvertNumberError, Number, ParseNumberError};
pub use payload::{ErasedPayload, Payload, PayloadType};
pub use secret::{Secret, SecretJson, SecretString};
pub use secret_names::is_secret_name;
pub use select::{Fields, Property, SortBy};
pub use text_enum::{UnknownText, UnknownTextError};
pub use value::Json;

/// What the tables expand to; not for use by hand.
#[doc(hidden)]
pub mod private {
    pub use super::map::{Closed, Rest};
    pub use super::mode;
    pub use super::object::{Object, debug, fill, fill_as, key, none, read};
    #[cfg(feature = "schemars")]
    pub use super::schema;
    pub use super::text_enum::{text, unknown, unlisted};
    pub use super::tuple::{item, rest, surplus};
    pub use super::twins;
    pub use super::union::{Candidates, Tag, unknown_branch};
    #[cfg(feature = "schemars")]
    pub use schemars;
    pub use serde;
}
