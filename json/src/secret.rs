use super::{Inspect, Inspector};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A value that never shows in `Debug`, and has no `Display`.
///
/// It travels as the plain value; [`Secret::expose`] reads it.
///
/// ```
/// use verbatim_json::SecretString;
///
/// let password = SecretString::from("correct horse");
/// assert_eq!(format!("{password:?}"), "[secret]");
/// assert_eq!(password.expose(), "correct horse");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

/// A text that never shows in `Debug`.
pub type SecretString = Secret<String>;

/// Any JSON value that never shows in `Debug`.
pub type SecretJson = Secret<super::Json>;

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, no longer guarded.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// A value of another type is refused without being shown.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer)
            .map(Self)
            .map_err(|_| D::Error::custom("a secret value of another type than documented"))
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for SecretString {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T: Inspect> Inspect for Secret<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        self.0.inspect(at);
    }
}
