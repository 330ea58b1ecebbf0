//! The table of a struct that stands for a JSON object.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Ties a struct to the JSON object that it stands for.
///
/// Each line names a field, how it may be missing or null, and the name of its property.
///
/// | mode | type of the field | absent | null |
/// |---|---|---|---|
/// | `required` | `T` | error | error, unless `T` itself takes null |
/// | `nullable` | [`Nullable<T>`](crate::json::Nullable) | error | [`Nullable::Null`](crate::json::Nullable::Null) |
/// | `optional` | `Option<T>` | `None` | error, unless `T` itself takes null |
/// | `maybe` | [`Maybe<T>`](crate::json::Maybe) | [`Maybe::Absent`](crate::json::Maybe::Absent) | [`Maybe::Null`](crate::json::Maybe::Null) |
/// | `tolerant` | [`Maybe<T>`](crate::json::Maybe) | [`Maybe::Absent`](crate::json::Maybe::Absent) | [`Maybe::Null`](crate::json::Maybe::Null), reported as drift |
///
/// The last line names the field that keeps all other properties (an [`Extra`](crate::json::Extra)
/// or a [`Map<T>`](crate::json::Map)), or is `..closed` where any other property is an error.
///
/// ```
/// use verbatim_runtime::json::{self, Extra, Maybe};
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Disk {
///     pub id: String,
///     pub size: Maybe<i64>,
///     pub extra: Extra,
/// }
///
/// json::object! {
///     Disk {
///         id: required "id",
///         size: maybe "size",
///         ..extra
///     }
/// }
///
/// let text = r#"{"id":"4F","size":null,"new":[1.50]}"#;
/// let disk: Disk = json::from_str(text).unwrap();
/// assert_eq!(json::to_string(&disk).unwrap(), text);
/// ```
#[macro_export]
macro_rules! object {
    ($ty:ident { $($field:ident: $mode:ident $name:literal,)* ..closed }) => {
        $crate::__object!($ty, ($crate::json::private::Closed), (), $($field $mode $name)*);
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal,)* ..$rest:ident }) => {
        $crate::__object!(
            $ty,
            ($crate::json::private::rest_of(|value: &$ty| &value.$rest)),
            ($rest),
            $($field $mode $name)*
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($ty:ident, ($start:expr), ($($rest:ident)?), $($field:ident $mode:ident $name:literal)*) => {
        const _: () = {
            use $crate::json::private::{self, Rest as _, serde};

            #[allow(dead_code)]
            const NAMES: &[&str] = &[$($name),*];

            impl<'de> serde::Deserialize<'de> for $ty {
                fn deserialize<D>(deserializer: D) -> ::core::result::Result<Self, D::Error>
                where
                    D: serde::Deserializer<'de>,
                {
                    struct Reader;

                    impl<'de> serde::de::Visitor<'de> for Reader {
                        type Value = $ty;

                        fn expecting(
                            &self,
                            f: &mut ::core::fmt::Formatter<'_>,
                        ) -> ::core::fmt::Result {
                            f.write_str(concat!("an object (", stringify!($ty), ")"))
                        }

                        fn visit_map<A>(self, mut map: A) -> ::core::result::Result<$ty, A::Error>
                        where
                            A: serde::de::MapAccess<'de>,
                        {
                            $(let mut $field = ::core::option::Option::None;)*
                            let mut rest = $start;
                            while let ::core::option::Option::Some(private::Key(key)) =
                                map.next_key::<private::Key<'de>>()?
                            {
                                match &*key {
                                    $($name => private::fill(&mut $field, $name, &mut map)?,)*
                                    _ => rest.accept(key, &mut map)?,
                                }
                            }
                            ::core::result::Result::Ok($ty {
                                $($field: $crate::__object_take!($mode $field $name),)*
                                $($rest: rest,)?
                            })
                        }
                    }

                    deserializer.deserialize_map(Reader)
                }
            }

            impl serde::Serialize for $ty {
                fn serialize<S>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error>
                where
                    S: serde::Serializer,
                {
                    #[allow(unused_imports)]
                    use serde::ser::SerializeMap as _;
                    #[allow(unused_mut)]
                    let mut map = serializer.serialize_map(::core::option::Option::None)?;
                    $($crate::__object_put!($mode (self.$field) $name map);)*
                    $(self.$rest.write(NAMES, &mut map)?;)?
                    map.end()
                }
            }

            impl $crate::json::Inspect for $ty {
                fn inspect(&self, at: &mut $crate::json::Inspector<'_>) {
                    let _ = &at;
                    $($crate::__object_inspect!($mode (self.$field) $name at);)*
                    $(self.$rest.report(at);)?
                }
            }

            $crate::__object_schema!($ty; $($rest)?; $($field $mode $name)*);
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object_take {
    (required $field:ident $name:literal) => {
        match $field {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => return private::missing($name),
        }
    };
    (nullable $field:ident $name:literal) => {
        $crate::__object_take!(required $field $name)
    };
    (optional $field:ident $name:literal) => {
        $field
    };
    (maybe $field:ident $name:literal) => {
        $field.unwrap_or_default()
    };
    (tolerant $field:ident $name:literal) => {
        $field.unwrap_or_default()
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object_put {
    (required ($($value:tt)*) $name:literal $map:ident) => {
        $map.serialize_entry($name, &$($value)*)?
    };
    (nullable ($($value:tt)*) $name:literal $map:ident) => {
        $map.serialize_entry($name, &$($value)*)?
    };
    (optional ($($value:tt)*) $name:literal $map:ident) => {
        if let ::core::option::Option::Some(value) = &$($value)* {
            $map.serialize_entry($name, value)?;
        }
    };
    (maybe ($($value:tt)*) $name:literal $map:ident) => {
        if !$($value)*.is_absent() {
            $map.serialize_entry($name, &$($value)*)?;
        }
    };
    (tolerant ($($value:tt)*) $name:literal $map:ident) => {
        $crate::__object_put!(maybe ($($value)*) $name $map)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object_inspect {
    (tolerant ($($value:tt)*) $name:literal $at:ident) => {
        $at.property($name, &$crate::json::private::Tolerant(&$($value)*))
    };
    ($mode:ident ($($value:tt)*) $name:literal $at:ident) => {
        $at.property($name, &$($value)*)
    };
}

/// Adds the chainable setters of optional properties.
///
/// Each setter takes anything that converts into the type and puts it into an `Option` or a
/// [`Maybe`](crate::json::Maybe).
///
/// ```
/// use verbatim_runtime::json;
///
/// #[derive(Default)]
/// struct Rename {
///     name: Option<String>,
/// }
///
/// json::setters! {
///     Rename {
///         /// The new name.
///         name: String,
///     }
/// }
///
/// assert_eq!(Rename::default().name("web").name.as_deref(), Some("web"));
/// ```
#[macro_export]
macro_rules! setters {
    ($ty:ident { $($(#[$doc:meta])* $field:ident: $value:ty,)* }) => {
        impl $ty {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\nSets [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
                #[must_use]
                pub fn $field(mut self, value: impl ::core::convert::Into<$value>) -> Self {
                    self.$field = ::core::convert::From::<$value>::from(value.into());
                    self
                }
            )*
        }
    };
}

/// The name of a property, borrowed from the text where it holds no escapes.
#[doc(hidden)]
pub struct Key<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a property")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Reads the value of a declared property into its slot.
#[doc(hidden)]
pub fn fill<'de, T, A>(
    slot: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

/// The error of a required property that is not there.
#[doc(hidden)]
pub fn missing<T, E: Error>(name: &'static str) -> Result<T, E> {
    Err(E::missing_field(name))
}
