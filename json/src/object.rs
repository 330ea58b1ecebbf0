//! The table of a struct that stands for a JSON object.

use super::convert::{As, DeserializeAs};
use super::key::Key;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
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
/// After the name may stand `as` and the [form](crate::DeserializeAs) in which the value travels, without
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
///
/// # With the struct
///
/// The struct may stand within the table, each field with its line. It is then `non_exhaustive`, derives
/// `Clone`, `Debug` and `PartialEq`, and has a setter for each member that may be missing, which takes
/// all that [`IntoField`](crate::IntoField) lists. Behind it may stand `new` with the required fields,
/// or `required` and a struct of them, which makes each of them be named:
///
/// ```
/// use verbatim_json::{self as json, Extra, Maybe};
///
/// json::object! {
///     /// A disk.
///     pub struct Disk {
///         /// Its identifier.
///         pub id: String = required "id",
///         /// Its size in GB; null where it has no limit.
///         pub size: Maybe<i64> = maybe "size",
///         ..extra: Extra
///     } new(id: impl Into<String>)
/// }
///
/// json::object! {
///     /// A copy.
///     pub struct Copy {
///         /// What is copied.
///         pub from: String = required "from",
///         /// Where the copy goes.
///         pub to: String = required "to",
///         ..closed
///     } required CopyRequired { from: String, to: String }
/// }
///
/// let disk = Disk::new("4F").size(20).size(Maybe::Null);
/// assert_eq!(json::to_string(&disk).unwrap(), r#"{"id":"4F","size":null}"#);
/// let copy = Copy::new(CopyRequired { from: "4F".to_owned(), to: "50".to_owned() });
/// assert_eq!(json::to_string(&copy).unwrap(), r#"{"from":"4F","to":"50"}"#);
/// ```
#[macro_export]
macro_rules! object {
    (
        $(#[$attribute:meta])*
        pub struct $ty:ident $(hides($($hidden:ident),+))? {
            $(
                $(#[$of_field:meta])*
                pub $field:ident: $field_ty:ty = $mode:ident $name:literal $(as $form:ty)?,
            )*
            ..closed
        } $($made:tt)*
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $ty {
            $($(#[$of_field])* pub $field: $field_ty,)*
        }

        $crate::object! { $ty { $($field: $mode $name $(as $form)?,)* ..closed } }
        $crate::hide!($ty ($($($hidden),+)?) { $($field)* });
        $crate::__made!($ty () { $($field $mode)* } $($made)*);
        impl $ty {
            $($crate::__setter!($mode $field $field_ty);)*
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $ty:ident $(hides($($hidden:ident),+))? {
            $(
                $(#[$of_field:meta])*
                pub $field:ident: $field_ty:ty = $mode:ident $name:literal $(as $form:ty)?,
            )*
            ..$rest:ident: $rest_ty:ty
        } $($made:tt)*
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $ty {
            $($(#[$of_field])* pub $field: $field_ty,)*
            /// The other properties, as they came.
            pub $rest: $rest_ty,
        }

        $crate::object! { $ty { $($field: $mode $name $(as $form)?,)* ..$rest } }
        $crate::hide!($ty ($($($hidden),+)?) { $($field)* $rest });
        $crate::__made!($ty ($rest) { $($field $mode)* } $($made)*);
        impl $ty {
            $($crate::__setter!($mode $field $field_ty);)*
        }
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal,)* ..closed }) => {
        $crate::__object!($ty, ($crate::private::Closed), (), $({
            $field $mode $name [] $crate::private::fill, $crate::private::mode::$mode::walk
        })*);
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal,)* ..$rest:ident }) => {
        $crate::__object!(
            $ty,
            (::core::default::Default::default()),
            ($rest),
            $({
                $field $mode $name [] $crate::private::fill, $crate::private::mode::$mode::walk
            })*
        );
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal $(as $form:ty)?,)* ..closed }) => {
        $crate::__object!($ty, ($crate::private::Closed), (), $({
            $field $mode $name [$($form)?] $crate::__form!(fill $mode $($form)?),
            $crate::__form!(walk $mode $($form)?)
        })*);
    };
    ($ty:ident { $($field:ident: $mode:ident $name:literal $(as $form:ty)?,)* ..$rest:ident }) => {
        $crate::__object!(
            $ty,
            (::core::default::Default::default()),
            ($rest),
            $({
                $field $mode $name [$($form)?] $crate::__form!(fill $mode $($form)?),
                $crate::__form!(walk $mode $($form)?)
            })*
        );
    };
}

/// What reads a property and what goes over it, with the form of its value where it has one.
#[doc(hidden)]
#[macro_export]
macro_rules! __form {
    (fill $mode:ident) => {
        $crate::private::fill
    };
    (walk $mode:ident) => {
        $crate::private::mode::$mode::walk
    };
    (fill $mode:ident $form:ty) => {
        $crate::private::fill_as::<$crate::private::mode::$mode::Slot<$form>, _, _>
    };
    (walk $mode:ident $form:ty) => {
        $crate::private::mode::$mode::walk_as::<$form, _>
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($ty:ident, ($start:expr), ($($rest:ident)?), $({
        $field:ident $mode:ident $name:literal [$($form:ty)?] $fill:expr, $walk:expr
    })*) => {
        // Compilers expand this for every type of a document and check what comes out, so each type has two
        // functions that name its properties, one that reads and one that goes over them, and what can be a
        // function of this crate is one. Type parameters end in `_`, as no type of a document does: macros
        // do not keep them apart.
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
                            $($name => $fill(&mut $field, $name, map),)*
                            _ => private::Rest::accept(&mut rest, key, map),
                        }?;
                    }
                    ::core::result::Result::Ok($ty {
                        $($field: $crate::__take!($mode $field $name),)*
                        $($rest: rest,)?
                    })
                }

                fn walk<W_: mode::Walk>(&self, at: &mut W_) {
                    let _ = &at;
                    $($walk(&self.$field, $name, at);)*
                    $(at.rest(&self.$rest, <Self as private::Object>::NAMES);)?
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
                    mode::write(self, serializer)
                }
            }

            impl $crate::Inspect for $ty {
                fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                    private::Object::walk(self, at);
                }
            }

            $crate::__object_schema!($ty; $($rest)?; $($field $mode $name [$($form)?])*);
        };
    };
}

/// What was read, as the field.
#[doc(hidden)]
#[macro_export]
macro_rules! __take {
    (required $field:ident $name:literal) => {
        mode::required::take($field, $name)?
    };
    (nullable $field:ident $name:literal) => {
        mode::nullable::take($field, $name)?
    };
    ($mode:ident $field:ident $name:literal) => {
        mode::$mode::take($field)
    };
}

/// The setter of a member that may be missing.
#[doc(hidden)]
#[macro_export]
macro_rules! __setter {
    (required $field:ident $ty:ty) => {};
    (nullable $field:ident $ty:ty) => {};
    ($mode:ident $field:ident $ty:ty) => {
        /// Sets the field of this name: to a value, an `Option`, or null where it may be null.
        #[must_use]
        pub fn $field<By_>(mut self, value: impl $crate::IntoField<$ty, By_>) -> Self {
            self.$field = value.into_field();
            self
        }
    };
}

/// `Debug` of a struct, some fields of which may not be printed, since they hold secrets.
///
/// ```
/// struct Login { user: String, codes: Vec<u32> }
///
/// verbatim_json::hide! { Login (codes) { user codes } }
///
/// let login = Login { user: "ada".into(), codes: vec![123_456] };
/// assert_eq!(format!("{login:?}"), r#"Login { user: "ada", codes: [secret] }"#);
/// ```
#[macro_export]
macro_rules! hide {
    ($ty:ident ($($hidden:ident),* $(,)?) { $($field:ident)* }) => {
        impl ::core::fmt::Debug for $ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::private::debug(
                    f,
                    stringify!($ty),
                    &[$(stringify!($hidden)),*],
                    &[$(stringify!($field)),*],
                    &[$(&self.$field),*],
                )
            }
        }
    };
}

/// The constructor of a struct with required fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __made {
    ($ty:ident ($($rest:ident)?) { $($field:ident $mode:ident)* }) => {};
    ($ty:ident ($($rest:ident)?) { $($field:ident $mode:ident)* } new($($given:ident: $given_ty:ty),* $(,)?)) => {
        impl $ty {
            /// Creates it from its required fields; setters add the others.
            #[must_use]
            pub fn new($($given: $given_ty),*) -> Self {
                Self {
                    $($field: $crate::__initial!($mode $field),)*
                    $($rest: ::core::default::Default::default(),)?
                }
            }
        }
    };
    (
        $ty:ident ($($rest:ident)?) { $($field:ident $mode:ident)* }
        required $all:ident $(hides($($hidden:ident),+))? { $($given:ident: $given_ty:ty),* $(,)? }
    ) => {
        #[doc = concat!("The required fields of [`", stringify!($ty), "`].")]
        #[derive(Clone, PartialEq)]
        #[allow(missing_docs)]
        pub struct $all {
            $(pub $given: $given_ty,)*
        }

        $crate::hide!($all ($($($hidden),+)?) { $($given)* });
        $crate::__made!(
            $ty ($($rest)?) { $($field $mode)* } from $all { $($given: $given_ty),* }
        );
    };
    (
        $ty:ident ($($rest:ident)?) { $($field:ident $mode:ident)* }
        from $all:ident { $($given:ident: $given_ty:ty),* }
    ) => {
        impl $ty {
            /// Creates it from its required fields; setters add the others.
            #[must_use]
            pub fn new(required: $all) -> Self {
                let $all { $($given),* } = required;
                Self {
                    $($field: $crate::__initial!($mode $field),)*
                    $($rest: ::core::default::Default::default(),)?
                }
            }
        }
    };
}

/// What a constructor puts into a field.
#[doc(hidden)]
#[macro_export]
macro_rules! __initial {
    (required $field:ident) => {
        $field.into()
    };
    (nullable $field:ident) => {
        $field.into()
    };
    ($mode:ident $field:ident) => {
        ::core::default::Default::default()
    };
}

/// Adds the chainable setters of optional properties.
///
/// Each setter takes anything that converts into the type, or an `Option` of it.
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
                pub fn $field<By_>(
                    mut self,
                    value: impl $crate::IntoField<::core::option::Option<$value>, By_>,
                ) -> Self {
                    self.$field = value.into_field();
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

    /// Goes over the properties.
    fn walk<W: super::mode::Walk>(&self, at: &mut W);
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

/// Prints a struct without what some of its fields hold.
#[doc(hidden)]
pub fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    hidden: &[&str],
    fields: &[&str],
    values: &[&dyn fmt::Debug],
) -> fmt::Result {
    let mut out = f.debug_struct(name);
    for (field, value) in fields.iter().zip(values) {
        let plain = field.trim_start_matches("r#");
        if hidden.contains(field) {
            out.field(plain, &format_args!("[secret]"));
        } else {
            out.field(plain, value);
        }
    }
    out.finish()
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
    F: DeserializeAs<T>,
    A: MapAccess<'de>,
{
    let mut formed: Option<As<T, F>> = None;
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    fill(&mut formed, name, map)?;
    *slot = formed.map(As::into_inner);
    Ok(())
}
