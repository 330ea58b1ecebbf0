//! The table of a struct that stands for a JSON object.

use super::form::{Form, Formed};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Ties a struct to the JSON object that it stands for.
///
/// Each line names a field, how it may be missing or null, and the name of its property.
///
/// | mode | type of the field | absent | null |
/// |---|---|---|---|
/// | `required` | `T` | error | error, unless `T` itself takes null |
/// | `nullable` | [`Nullable<T>`](crate::Nullable) | error | [`Nullable::Null`](crate::Nullable::Null) |
/// | `optional` | `Option<T>` | `None` | error, unless `T` itself takes null |
/// | `maybe` | [`Maybe<T>`](crate::Maybe) | [`Maybe::Absent`](crate::Maybe::Absent) | [`Maybe::Null`](crate::Maybe::Null) |
/// | `tolerant` | [`Maybe<T>`](crate::Maybe) | [`Maybe::Absent`](crate::Maybe::Absent) | [`Maybe::Null`](crate::Maybe::Null), reported as drift |
///
/// After the name may stand `as` and the [form](crate::Form) in which the value travels, without
/// the null that the mode allows.
///
/// The last line names the field that keeps all other properties (an [`Extra`](crate::Extra)
/// or a [`Map<T>`](crate::Map)), or is `..closed` where any other property is an error.
///
/// ```
/// use verbatim_json::{self as json, Extra, Maybe};
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
        $crate::__object!($ty, ($crate::private::Closed), (), $({
            $field $mode $name [] $crate::private::fill,
            $crate::private::mode::$mode::put, $crate::private::mode::$mode::look
        })*);
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal,)* ..$rest:ident }) => {
        $crate::__object!(
            $ty,
            ($crate::private::rest_of(|value: &$ty| &value.$rest)),
            ($rest),
            $({
                $field $mode $name [] $crate::private::fill,
                $crate::private::mode::$mode::put, $crate::private::mode::$mode::look
            })*
        );
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal $(as $form:ty)?,)* ..closed }) => {
        $crate::__object!($ty, ($crate::private::Closed), (), $({
            $field $mode $name [$($form)?] $crate::__form!(fill $mode $($form)?),
            $crate::__form!(put $mode $($form)?), $crate::__form!(look $mode $($form)?)
        })*);
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal $(as $form:ty)?,)* ..$rest:ident }) => {
        $crate::__object!(
            $ty,
            ($crate::private::rest_of(|value: &$ty| &value.$rest)),
            ($rest),
            $({
                $field $mode $name [$($form)?] $crate::__form!(fill $mode $($form)?),
                $crate::__form!(put $mode $($form)?), $crate::__form!(look $mode $($form)?)
            })*
        );
    };
}

/// What reads, writes and inspects a property, with the form of its value where it has one.
#[doc(hidden)]
#[macro_export]
macro_rules! __form {
    (fill $mode:ident) => {
        $crate::private::fill
    };
    (put $mode:ident) => {
        $crate::private::mode::$mode::put
    };
    (look $mode:ident) => {
        $crate::private::mode::$mode::look
    };
    (fill $mode:ident $form:ty) => {
        $crate::private::fill_as::<$crate::private::mode::$mode::Slot<$form>, _, _>
    };
    (put $mode:ident $form:ty) => {
        $crate::private::mode::$mode::put_as::<$form, _, _>
    };
    (look $mode:ident $form:ty) => {
        $crate::private::mode::$mode::look_as::<$form, _>
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($ty:ident, ($start:expr), ($($rest:ident)?), $({
        $field:ident $mode:ident $name:literal [$($form:ty)?] $fill:expr, $put:expr, $look:expr
    })*) => {
        // Compilers expand this for every type of a document, so what can be a function is one. Type
        // parameters end in `_`, as no type of a document does: macros do not keep them apart.
        const _: () = {
            use $crate::private::{self, mode, serde};

            impl private::Object for $ty {
                const SHAPE: &'static str = concat!("an object (", stringify!($ty), ")");
                const NAMES: &'static [&'static str] = &[$($name),*];

                fn read<'de, A_>(map: &mut A_) -> ::core::result::Result<Self, A_::Error>
                where
                    A_: serde::de::MapAccess<'de>,
                {
                    $(let mut $field = private::none();)*
                    let mut rest = $start;
                    while let ::core::option::Option::Some(key) = private::key(map)? {
                        match &*key {
                            $($name => $fill(&mut $field, $name, map)?,)*
                            _ => private::Rest::accept(&mut rest, key, map)?,
                        }
                    }
                    ::core::result::Result::Ok($ty {
                        $($field: mode::$mode::take::<_, A_::Error>($field, $name)?,)*
                        $($rest: rest,)?
                    })
                }
            }

            impl<'de> serde::Deserialize<'de> for $ty {
                fn deserialize<D_>(deserializer: D_) -> ::core::result::Result<Self, D_::Error>
                where
                    D_: serde::Deserializer<'de>,
                {
                    private::read(deserializer)
                }
            }

            impl serde::Serialize for $ty {
                fn serialize<S_>(&self, serializer: S_) -> ::core::result::Result<S_::Ok, S_::Error>
                where
                    S_: serde::Serializer,
                {
                    #[allow(unused_mut)]
                    let mut map = private::begin(serializer)?;
                    $($put(&self.$field, $name, &mut map)?;)*
                    $(private::Rest::write(&self.$rest, <Self as private::Object>::NAMES, &mut map)?;)?
                    private::end(map)
                }
            }

            impl $crate::Inspect for $ty {
                fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                    let _ = &at;
                    $($look(&self.$field, $name, at);)*
                    $(private::Rest::report(&self.$rest, at);)?
                }
            }

            $crate::__object_schema!($ty; $($rest)?; $($field $mode $name [$($form)?])*);
        };
    };
}

/// Adds the chainable setters of optional properties.
///
/// Each setter takes anything that converts into the type and puts it into an `Option` or a
/// [`Maybe`](crate::Maybe).
///
/// ```
/// use verbatim_json as json;
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

/// A struct that stands for a JSON object.
#[doc(hidden)]
pub trait Object: Sized {
    /// What is expected where another value stands.
    const SHAPE: &'static str;

    /// The names of the declared properties.
    const NAMES: &'static [&'static str];

    /// Reads the properties.
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;
}

/// Reads an object.
#[doc(hidden)]
pub fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(T::SHAPE)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            T::read(&mut map)
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Begins to write an object.
#[doc(hidden)]
#[inline]
pub fn begin<S: Serializer>(serializer: S) -> Result<S::SerializeMap, S::Error> {
    serializer.serialize_map(None)
}

/// Ends the writing of an object.
#[doc(hidden)]
#[inline]
pub fn end<M: SerializeMap>(map: M) -> Result<M::Ok, M::Error> {
    map.end()
}

/// The slot of a property that has not been read.
#[doc(hidden)]
#[inline]
pub const fn none<T>() -> Option<T> {
    None
}

/// The name of the next property.
#[doc(hidden)]
#[inline]
pub fn key<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    Ok(map.next_key::<Key<'de>>()?.map(|Key(name)| name))
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

/// Reads the value of a declared property, in a form of its own, into its slot.
#[doc(hidden)]
pub fn fill_as<'de, F, T, A>(
    slot: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error>
where
    F: Form<T>,
    A: MapAccess<'de>,
{
    let mut formed: Option<Formed<T, F>> = None;
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    fill(&mut formed, name, map)?;
    *slot = formed.map(Formed::into_inner);
    Ok(())
}
