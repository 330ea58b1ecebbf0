//! What came where something documented was expected.

use super::convert::{As, DeserializeAs, SerializeAs, Written};
use super::union::{Candidates, unknown_branch};
use super::{Inspect, Inspector, Json};
use serde::de::Deserializer;
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// What a reply was expected to be, or what came instead.
///
/// Once a server has made a change, refusing its reply would hide that. Calls whose document says so
/// (`x-verbatim-keep-unexpected`) give this type: a reply under another root, of another shape or in
/// no JSON at all is kept, and told to the drift hook.
///
/// ```
/// use verbatim_json::{self as json, Expected, As, OrOther, Under};
///
/// json::roots! {
///     /// The root key `role`.
///     pub Role = "role";
/// }
///
/// type Reply = As<Expected<String>, OrOther<Under<Role>>>;
///
/// let role: Reply = json::from_str(r#"{"role":"owner"}"#)?;
/// assert_eq!(role.documented().map(String::as_str), Some("owner"));
/// let other: Reply = json::from_str(r#"{"user":"owner"}"#)?;
/// assert_eq!(other.other().map(json::Json::as_str), Some(r#"{"user":"owner"}"#));
/// assert_eq!(json::to_string(&other)?, r#"{"user":"owner"}"#);
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Expected<T> {
    /// What the document describes.
    Documented(T),
    /// What came instead, as received. A body that is no JSON is a JSON text of it.
    Other(Json),
}

impl<T> Expected<T> {
    /// The value, where it is what the document describes.
    pub fn documented(&self) -> Option<&T> {
        match self {
            Self::Documented(value) => Some(value),
            Self::Other(_) => None,
        }
    }

    /// What came instead, where it is something else.
    pub fn other(&self) -> Option<&Json> {
        match self {
            Self::Documented(_) => None,
            Self::Other(other) => Some(other),
        }
    }

    /// The value, where it is what the document describes.
    ///
    /// # Errors
    ///
    /// What came instead.
    pub fn into_documented(self) -> Result<T, Unexpected> {
        match self {
            Self::Documented(value) => Ok(value),
            Self::Other(other) => Err(Unexpected(other)),
        }
    }
}

impl<T> From<T> for Expected<T> {
    fn from(value: T) -> Self {
        Self::Documented(value)
    }
}

/// What came where something documented was expected. The call was made, and what it changed is
/// changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Unexpected(pub Json);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What came is not shown: it may hold secrets.
        f.write_str("the call succeeded with a reply that the document does not describe")
    }
}

impl std::error::Error for Unexpected {}

/// A value in the form `F`, or any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrOther<F>(PhantomData<F>);

impl<T, F: SerializeAs<T>> SerializeAs<Expected<T>> for OrOther<F> {
    fn write<S: Serializer>(value: &Expected<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Expected::Documented(value) => F::write(value, serializer),
            Expected::Other(other) => other.serialize(serializer),
        }
    }
}

impl<T, F: DeserializeAs<T>> DeserializeAs<Expected<T>> for OrOther<F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Expected<T>, D::Error> {
        let mut candidates = Candidates::read(deserializer)?;
        candidates.attempt::<As<T, F>>(|value| Expected::Documented(value.into_inner()));
        candidates.best_or_else(Expected::Other)
    }

    fn look(value: &Expected<T>, at: &mut Inspector<'_>) {
        match value {
            Expected::Documented(value) => Written::<T, F>::new(value).inspect(at),
            Expected::Other(other) => unknown_branch(other, at),
        }
    }
}
