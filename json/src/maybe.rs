use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// An optional property that may be null: absent, null and a value are told apart.
///
/// Readers who do not care about the difference use [`Maybe::as_ref`] or [`Maybe::as_deref`], which
/// give an [`Option`]:
///
/// ```
/// use verbatim_json::Maybe;
///
/// let policy: Maybe<String> = Maybe::Value("web".to_owned());
/// assert_eq!(policy.as_deref(), Some("web"));
/// assert_eq!(Maybe::<String>::Null.as_ref(), None);
/// assert!(Maybe::<String>::Null.is_null());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Maybe<T> {
    /// The property is not there.
    #[default]
    Absent,
    /// The property is there, and is null.
    Null,
    /// The property is there, with a value.
    Value(T),
}

/// A required property that may be null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nullable<T> {
    /// Null.
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> Maybe<T> {
    /// The value, if there is one.
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, if there is one, to be changed.
    pub const fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The target of the value, if there is one: `&str` of a `String`, a slice of a `Vec`.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.as_ref().map(std::ops::Deref::deref)
    }

    /// The value, if there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the property is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the property is there and null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether there is a value.
    pub const fn is_value(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// The same state with the value changed by `f`.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(f(value)),
        }
    }
}

impl<T> Nullable<T> {
    /// The value, if it is not null.
    pub const fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => None,
        }
    }

    /// The value, if it is not null, to be changed.
    pub const fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => None,
        }
    }

    /// The target of the value, if it is not null.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.as_ref().map(std::ops::Deref::deref)
    }

    /// The value, if it is not null.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => None,
        }
    }

    /// Whether it is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// What [`Option`] can do with a value, for the types that may hold none.
macro_rules! like_option {
    ($ty:ident, $none:ident) => {
        impl<T> $ty<T> {
            /// A copy of the value, if there is one.
            pub fn copied(&self) -> Option<T>
            where
                T: Copy,
            {
                self.as_ref().copied()
            }

            /// A clone of the value, if there is one.
            pub fn cloned(&self) -> Option<T>
            where
                T: Clone,
            {
                self.as_ref().cloned()
            }

            /// The value, or another one where there is none.
            pub fn unwrap_or(self, other: T) -> T {
                self.into_option().unwrap_or(other)
            }

            /// The value, or what `other` makes where there is none.
            pub fn unwrap_or_else(self, other: impl FnOnce() -> T) -> T {
                self.into_option().unwrap_or_else(other)
            }

            /// The value, or the default of its type where there is none.
            pub fn unwrap_or_default(self) -> T
            where
                T: Default,
            {
                self.into_option().unwrap_or_default()
            }

            /// What `f` makes of the value, or `other` where there is none.
            pub fn map_or<U>(self, other: U, f: impl FnOnce(T) -> U) -> U {
                self.into_option().map_or(other, f)
            }

            /// What `f` makes of the value, if there is one.
            pub fn and_then<U>(self, f: impl FnOnce(T) -> Option<U>) -> Option<U> {
                self.into_option().and_then(f)
            }

            /// The value, if there is one and it passes.
            pub fn filter(self, passes: impl FnOnce(&T) -> bool) -> Option<T> {
                self.into_option().filter(passes)
            }

            /// Whether there is a value, and it passes.
            pub fn is_some_and(self, passes: impl FnOnce(T) -> bool) -> bool {
                self.into_option().is_some_and(passes)
            }

            /// The value, or an error where there is none.
            ///
            /// # Errors
            ///
            /// The error given, where there is no value.
            pub fn ok_or<E>(self, error: E) -> Result<T, E> {
                self.into_option().ok_or(error)
            }

            /// The value, or the error that `error` makes where there is none.
            ///
            /// # Errors
            ///
            /// What `error` makes, where there is no value.
            pub fn ok_or_else<E>(self, error: impl FnOnce() -> E) -> Result<T, E> {
                self.into_option().ok_or_else(error)
            }

            /// Takes the whole state out, and leaves none.
            #[expect(
                clippy::return_self_not_must_use,
                reason = "what was there may be of no interest"
            )]
            pub fn take(&mut self) -> Self {
                std::mem::replace(self, Self::$none)
            }

            /// Puts a value in, and gives back what was there.
            #[expect(
                clippy::return_self_not_must_use,
                reason = "what was there may be of no interest"
            )]
            pub fn replace(&mut self, value: T) -> Self {
                std::mem::replace(self, Self::Value(value))
            }

            /// The value, if there is one, as an iterator of at most one item.
            pub fn iter(&self) -> std::option::IntoIter<&T> {
                self.as_ref().into_iter()
            }
        }

        impl<T> IntoIterator for $ty<T> {
            type Item = T;
            type IntoIter = std::option::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.into_option().into_iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $ty<T> {
            type Item = &'a T;
            type IntoIter = std::option::IntoIter<&'a T>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }
    };
}

like_option!(Maybe, Absent);
like_option!(Nullable, Null);

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` becomes absence; write [`Maybe::Null`] where null is meant.
impl<T> From<Option<T>> for Maybe<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T> From<Maybe<T>> for Option<T> {
    fn from(value: Maybe<T>) -> Self {
        value.into_option()
    }
}

impl<T> From<Nullable<T>> for Maybe<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => Self::Null,
            Nullable::Value(value) => Self::Value(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` becomes null.
impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        value.into_option()
    }
}

/// [`Maybe::Absent`] cannot be written by itself; an object leaves the property out.
impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Null => serializer.serialize_unit(),
            Self::Absent => Err(serde::ser::Error::custom(
                "an absent value can only stand in a property of an object",
            )),
        }
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Null => serializer.serialize_unit(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nullable::deserialize(deserializer).map(Self::from)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NullableVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for NullableVisitor<T> {
            type Value = Nullable<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Nullable::Null)
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Nullable::Null)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                T::deserialize(deserializer).map(Nullable::Value)
            }
        }

        deserializer.deserialize_option(NullableVisitor(PhantomData))
    }
}
