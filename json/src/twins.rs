//! Conversions between types of replies and types of requests, member by member.
//!
//! A member moves as it is, by the conversion of its own type, or item by item. What cannot be missing, null or
//! unknown in the other type is an error that names the member; where nothing of the kind can happen, the error is
//! [`Infallible`] and the conversion a `From`.

use super::decode::{Error, from_slice, to_vec};
use super::map::{Extra, Map};
use super::maybe::{Maybe, Nullable};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::fmt;

/// How values of one type become those of another, failing with `E`.
pub trait Convert<A, B, E> {
    /// The value as one of the other type.
    fn convert(value: A) -> Result<B, E>;
}

/// The types are the same.
pub struct Same;

impl<T, E> Convert<T, T, E> for Same {
    fn convert(value: T) -> Result<T, E> {
        Ok(value)
    }
}

/// The types have a conversion of their own.
pub struct Twin;

impl<A, B: TryFrom<A>, E: From<B::Error>> Convert<A, B, E> for Twin {
    fn convert(value: A) -> Result<B, E> {
        Ok(B::try_from(value)?)
    }
}

/// What the types hold is converted.
pub struct Inner<H>(H);

impl<A, B, E, H: Convert<A, B, E>> Convert<Box<A>, Box<B>, E> for Inner<H> {
    fn convert(value: Box<A>) -> Result<Box<B>, E> {
        H::convert(*value).map(Box::new)
    }
}

impl<A, B, E, H: Convert<A, B, E>> Convert<Nullable<A>, Nullable<B>, E> for Inner<H> {
    fn convert(value: Nullable<A>) -> Result<Nullable<B>, E> {
        match value {
            Nullable::Null => Ok(Nullable::Null),
            Nullable::Value(value) => H::convert(value).map(Nullable::Value),
        }
    }
}

impl<A, B, E: Locate, H: Convert<A, B, E>> Convert<Vec<A>, Vec<B>, E> for Inner<H> {
    fn convert(value: Vec<A>) -> Result<Vec<B>, E> {
        let items = value.into_iter().enumerate();
        let converted = items.map(|(index, item)| H::convert(item).map_err(|it| it.within(&index)));
        converted.collect()
    }
}

impl<A, B, E: Locate, H: Convert<A, B, E>> Convert<Map<A>, Map<B>, E> for Inner<H> {
    fn convert(value: Map<A>) -> Result<Map<B>, E> {
        let convert = |(key, item): (String, A)| match H::convert(item) {
            Ok(item) => Ok((key, item)),
            Err(error) => Err(error.within(&key)),
        };
        value.into_iter().map(convert).collect()
    }
}

/// The types have nothing in common but their JSON, as those that the caller brings along.
pub struct Encoded;

impl<A: Serialize, B: DeserializeOwned> Convert<A, B, Error> for Encoded {
    fn convert(value: A) -> Result<B, Error> {
        from_slice(&to_vec(&value)?)
    }
}

/// An error that learns where it happened.
pub trait Locate {
    /// The error of what stands under a key.
    #[must_use]
    fn within(self, key: &dyn fmt::Display) -> Self;
}

impl Locate for Error {
    fn within(self, key: &dyn fmt::Display) -> Self {
        self.under(key)
    }
}

impl Locate for Infallible {
    fn within(self, _key: &dyn fmt::Display) -> Self {
        self
    }
}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// A member that must be there and is never null.
pub struct Present<T>(pub T);

/// A field into which the value of a member goes.
pub trait Target {
    /// The type of the value.
    type Value;

    /// The field with a value.
    fn value(value: Self::Value) -> Self;
}

/// A field that may be null, or fails.
pub trait NullTarget<E>: Sized {
    /// The field of this name that is null.
    fn null(name: &str) -> Result<Self, E>;
}

/// A field that may be missing, or fails.
pub trait AbsentTarget<E>: Sized {
    /// The field of this name that is missing.
    fn absent(name: &str) -> Result<Self, E>;
}

macro_rules! targets {
    ($($ty:ident by $value:expr, null $null:tt, absent $absent:tt;)*) => {
        $(
            impl<T> Target for $ty<T> {
                type Value = T;

                fn value(value: T) -> Self {
                    $value(value)
                }
            }

            targets!(@null $ty $null);
            targets!(@absent $ty $absent);
        )*
    };
    (@null $ty:ident refused) => {
        impl<T> NullTarget<Error> for $ty<T> {
            fn null(name: &str) -> Result<Self, Error> {
                Err(Error::of_value("null is not allowed").under(&name))
            }
        }
    };
    (@null $ty:ident ($null:expr)) => {
        impl<T, E> NullTarget<E> for $ty<T> {
            fn null(_name: &str) -> Result<Self, E> {
                Ok($null)
            }
        }
    };
    (@absent $ty:ident refused) => {
        impl<T> AbsentTarget<Error> for $ty<T> {
            fn absent(name: &str) -> Result<Self, Error> {
                Err(Error::of_value(format!("missing field `{name}`")))
            }
        }
    };
    (@absent $ty:ident ($absent:expr)) => {
        impl<T, E> AbsentTarget<E> for $ty<T> {
            fn absent(_name: &str) -> Result<Self, E> {
                Ok($absent)
            }
        }
    };
}

targets! {
    Present by Present, null refused, absent refused;
    Nullable by Nullable::Value, null (Nullable::Null), absent refused;
    Option by Some, null refused, absent (None);
    Maybe by Maybe::Value, null (Maybe::Null), absent (Maybe::Absent);
}

/// A field from which the value of a member comes.
pub trait Source<T, H, E> {
    /// The field of this name of the other type.
    fn give(self, name: &str) -> Result<T, E>;
}

/// A value, as the field of this name.
fn value<A, T: Target, H: Convert<A, T::Value, E>, E: Locate>(of: A, name: &str) -> Result<T, E> {
    match H::convert(of) {
        Ok(value) => Ok(T::value(value)),
        Err(error) => Err(error.within(&name)),
    }
}

impl<A, T, H, E> Source<T, H, E> for Present<A>
where
    T: Target,
    H: Convert<A, T::Value, E>,
    E: Locate,
{
    fn give(self, name: &str) -> Result<T, E> {
        value::<A, T, H, E>(self.0, name)
    }
}

impl<A, T, H, E> Source<T, H, E> for Nullable<A>
where
    T: Target + NullTarget<E>,
    H: Convert<A, T::Value, E>,
    E: Locate,
{
    fn give(self, name: &str) -> Result<T, E> {
        match self {
            Self::Null => T::null(name),
            Self::Value(of) => value::<A, T, H, E>(of, name),
        }
    }
}

impl<A, T, H, E> Source<T, H, E> for Option<A>
where
    T: Target + AbsentTarget<E>,
    H: Convert<A, T::Value, E>,
    E: Locate,
{
    fn give(self, name: &str) -> Result<T, E> {
        match self {
            None => T::absent(name),
            Some(of) => value::<A, T, H, E>(of, name),
        }
    }
}

impl<A, T, H, E> Source<T, H, E> for Maybe<A>
where
    T: Target + NullTarget<E> + AbsentTarget<E>,
    H: Convert<A, T::Value, E>,
    E: Locate,
{
    fn give(self, name: &str) -> Result<T, E> {
        match self {
            Self::Absent => T::absent(name),
            Self::Null => T::null(name),
            Self::Value(of) => value::<A, T, H, E>(of, name),
        }
    }
}

/// The field of a member, from that of the other type.
///
/// # Errors
///
/// The other type does not take the value; the error names the member.
pub fn member<S, T, H, E>(field: S, name: &'static str) -> Result<T, E>
where
    S: Source<T, H, E>,
{
    field.give(name)
}

/// The properties that a type does not declare.
pub trait Undeclared {
    /// The name of the first one.
    fn first(&self) -> Option<&str>;
}

impl Undeclared for Extra {
    fn first(&self) -> Option<&str> {
        self.iter().next().map(|(name, _)| name)
    }
}

impl<T> Undeclared for Map<T> {
    fn first(&self) -> Option<&str> {
        self.keys().next().map(String::as_str)
    }
}

/// Checks that there are no further properties, where the other type takes none.
///
/// # Errors
///
/// There is one.
pub fn closed(rest: &impl Undeclared, of: &str) -> Result<(), Error> {
    match rest.first() {
        None => Ok(()),
        Some(name) => {
            let message = format!("{of} has no property {name:?}");
            Err(Error::of_value(message).under(&name))
        }
    }
}

/// The error of a value that no variant of the other type takes.
pub fn no_variant(of: &str) -> Error {
    Error::of_value(format!("no variant of {of} takes the value"))
}

/// The error of a text that the other type does not list.
pub fn unlisted(error: &impl fmt::Display) -> Error {
    Error::of_value(error)
}

/// `From`, or `TryFrom` where a part may not fit, between types of replies and types of requests that are the same but
/// for what one side alone sends.
///
/// `struct` lists the members, each with its modes (see [`object!`](crate::object!)), its name in JSON, and in
/// brackets how its value is converted: `twin` by the conversion of its type, `inner` with a conversion of what it
/// holds, `json` by its JSON, otherwise not at all. Before them stand the fields that keep other properties, `_` for
/// none. `enum` lists the variants likewise, and `text` stands for a [`string_enum!`](crate::string_enum!).
///
/// ```
/// use verbatim_json::{self as json, Extra, Maybe};
///
/// json::object! {
///     /// A disk, as the service describes it.
///     pub struct Disk {
///         /// Set by the service.
///         pub id: String = required "id",
///         /// Its size in GB.
///         pub size: Maybe<i64> = tolerant "size",
///         ..extra: Extra
///     } new(id: impl Into<String>)
/// }
///
/// json::object! {
///     /// A disk, as a request describes it.
///     #[derive(Default)]
///     pub struct DiskRequest {
///         /// Set by the service.
///         pub id: Option<String> = optional "id",
///         /// Its size in GB.
///         pub size: Option<i64> = optional "size",
///         ..extra: Extra
///     }
/// }
///
/// json::twins! {
///     struct TryFrom<Disk> for DiskRequest [extra => extra] {
///         id required => id optional "id", size tolerant => size optional "size",
///     },
///     struct TryFrom<DiskRequest> for Disk [extra => extra] {
///         id optional => id required "id", size optional => size tolerant "size",
///     },
/// }
///
/// let disk: Disk = json::from_str(r#"{"id":"4F","size":20,"new":1.50}"#)?;
/// let request = DiskRequest::try_from(disk)?.size(40);
/// assert_eq!(json::to_string(&request)?, r#"{"id":"4F","size":40,"new":1.50}"#);
///
/// let error = Disk::try_from(DiskRequest::default()).unwrap_err();
/// assert_eq!(error.to_string(), "at /: missing field `id`");
/// # Ok::<(), json::Error>(())
/// ```
#[macro_export]
macro_rules! twins {
    ($($kind:ident $conversion:ident<$from:ident> for $to:ident $([$($rest:tt)*])? { $($parts:tt)* }),* $(,)?) => {
        $($crate::__twin!($kind $conversion $from $to [$($($rest)*)?] { $($parts)* });)*
    };
}

/// One conversion.
#[doc(hidden)]
#[macro_export]
macro_rules! __twin {
    (struct $conversion:ident $from:ident $to:ident [] $fields:tt) => {
        $crate::__twin!(@struct $conversion $from $to ([] [] []) $fields);
    };
    (struct $conversion:ident $from:ident $to:ident [$rest:ident => _] $fields:tt) => {
        $crate::__twin!(@struct $conversion $from $to (
            [$rest]
            [$crate::private::twins::closed(&$rest, stringify!($to))?;]
            []
        ) $fields);
    };
    (struct $conversion:ident $from:ident $to:ident [_ => $other:ident] $fields:tt) => {
        $crate::__twin!(@struct $conversion $from $to (
            [] [] [$other: ::core::default::Default::default()]
        ) $fields);
    };
    (struct $conversion:ident $from:ident $to:ident [$rest:ident => $other:ident $([$($how:ident)+])?] $fields:tt) => {
        $crate::__twin!(@struct $conversion $from $to (
            [$rest]
            []
            [$other: $crate::__twin_convert!($rest, Failure_, $($($how)+)?)]
        ) $fields);
    };
    (@struct $conversion:ident $from:ident $to:ident ([$($rest:tt)*] [$($check:tt)*] [$($filled:tt)*]) {
        $($field:ident $mode:ident => $other:ident $other_mode:ident $name:literal $([$($how:ident)+])?),* $(,)?
    }) => {
        $crate::__twin_impl!($conversion $from $to, |value, Failure_| {
            let $from { $($field,)* $($rest)* } = value;
            $($check)*
            ::core::result::Result::Ok($to {
                $($other: $crate::__twin_field!($mode $field, $other_mode $name, ($($($how)+)?), Failure_),)*
                $($filled)*
            })
        });
    };
    (enum $conversion:ident $from:ident $to:ident [$($unknown:ident => $other_unknown:tt)?] {
        $($variant:ident => $other:ident $([$($how:ident)+])?),* $(,)?
    }) => {
        $crate::__twin_impl!($conversion $from $to, |value, Failure_| {
            ::core::result::Result::Ok(match value {
                $($from::$variant(value) => $to::$other($crate::__twin_convert!(value, Failure_, $($($how)+)?)),)*
                $($from::$unknown(value) => $crate::__twin_unknown!(value $to $other_unknown),)?
            })
        });
    };
    (text From $from:ident $to:ident [] {}) => {
        $crate::__twin_impl!(From $from $to, |value, Failure_| {
            ::core::result::Result::Ok($to::from(value.as_str()))
        });
    };
    (text TryFrom $from:ident $to:ident [] {}) => {
        $crate::__twin_impl!(TryFrom $from $to, |value, Failure_| {
            let other = value.as_str().parse::<$to>();
            other.map_err(|error| $crate::private::twins::unlisted(&error))
        });
    };
}

/// The conversion of a value, and of one that is borrowed.
#[doc(hidden)]
#[macro_export]
macro_rules! __twin_impl {
    (From $from:ident $to:ident, |$value:ident, $failure:ident| $body:block) => {
        impl ::core::convert::From<$from> for $to {
            fn from(value: $from) -> Self {
                type $failure = ::core::convert::Infallible;
                let convert = |$value: $from| -> ::core::result::Result<$to, $failure> { $body };
                let ::core::result::Result::Ok(other) = convert(value);
                other
            }
        }

        impl ::core::convert::From<&$from> for $to {
            fn from(value: &$from) -> Self {
                ::core::convert::From::from(::core::clone::Clone::clone(value))
            }
        }
    };
    (TryFrom $from:ident $to:ident, |$value:ident, $failure:ident| $body:block) => {
        impl ::core::convert::TryFrom<$from> for $to {
            type Error = $crate::Error;

            fn try_from($value: $from) -> ::core::result::Result<Self, Self::Error> {
                type $failure = $crate::Error;
                $body
            }
        }

        impl ::core::convert::TryFrom<&$from> for $to {
            type Error = $crate::Error;

            fn try_from(value: &$from) -> ::core::result::Result<Self, Self::Error> {
                ::core::convert::TryFrom::try_from(::core::clone::Clone::clone(value))
            }
        }
    };
}

/// A field, from that of the other type.
#[doc(hidden)]
#[macro_export]
macro_rules! __twin_field {
    (required $field:expr, $($target:tt)*) => {
        $crate::__twin_field!(@to $crate::private::twins::Present($field), $($target)*)
    };
    ($mode:ident $field:expr, $($target:tt)*) => {
        $crate::__twin_field!(@to $field, $($target)*)
    };
    (@to $field:expr, required $name:literal, ($($how:ident)*), $failure:ty) => {{
        let $crate::private::twins::Present(other) =
            $crate::private::twins::member::<_, _, $crate::__twin_how!($($how)*), $failure>($field, $name)?;
        other
    }};
    (@to $field:expr, $mode:ident $name:literal, ($($how:ident)*), $failure:ty) => {
        $crate::private::twins::member::<_, _, $crate::__twin_how!($($how)*), $failure>($field, $name)?
    };
}

/// A value, as one of another type.
#[doc(hidden)]
#[macro_export]
macro_rules! __twin_convert {
    ($value:expr, $failure:ty, $($how:ident)*) => {
        <$crate::__twin_how!($($how)*) as $crate::private::twins::Convert<_, _, $failure>>::convert($value)?
    };
}

/// A value that no variant was known to take.
#[doc(hidden)]
#[macro_export]
macro_rules! __twin_unknown {
    ($value:ident $to:ident _) => {{
        let _ = $value;
        return ::core::result::Result::Err($crate::private::twins::no_variant(stringify!($to)));
    }};
    ($value:ident $to:ident $unknown:ident) => {
        $to::$unknown($value)
    };
}

/// How a value is converted.
#[doc(hidden)]
#[macro_export]
macro_rules! __twin_how {
    () => {
        $crate::private::twins::Same
    };
    (twin) => {
        $crate::private::twins::Twin
    };
    (json) => {
        $crate::private::twins::Encoded
    };
    (inner $($how:ident)*) => {
        $crate::private::twins::Inner<$crate::__twin_how!($($how)*)>
    };
}
