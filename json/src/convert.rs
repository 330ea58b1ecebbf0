//! How a value travels where that differs from the way its type is written on its own.
//!
//! Some APIs put every object under a root key: `{"role": {"id": 1}}`, and lists of such objects.
//! The key says nothing that the place does not say already, so a generated type has the role
//! itself, and its table or the call names the form: [`Under<roots::Role>`](Under),
//! [`Each<Under<roots::Role>>`](Each). Nothing is lost by it: a value without its root, under
//! another one, or with something beside it is refused, since the plain type could not give it back.

use super::key::Key;
use super::validate::{Checker, Validate};
use super::{Inspect, Inspector, Map, Maybe, Nullable};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A form in which values of `T` are written.
pub trait SerializeAs<T: ?Sized> {
    /// Writes a value.
    ///
    /// # Errors
    ///
    /// As the value itself.
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A form in which values of `T` are written, read and inspected.
pub trait DeserializeAs<T>: SerializeAs<T> {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// As the value itself; a value in another form.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;

    /// Inspects a value, with the places that it has in this form.
    fn look(value: &T, at: &mut Inspector<'_>);
}

/// A root key; [`roots!`](crate::roots) makes them.
pub trait Root {
    /// The key.
    const KEY: &'static str;
}

/// The form that the type has on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {}

/// An object whose only property is the root key `R`, with the value in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Under<R, F = Plain>(PhantomData<(R, F)>);

/// A list whose items have the form `F`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Each<F>(PhantomData<F>);

/// A map whose values have the form `F`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Values<F>(PhantomData<F>);

/// Null, or a value in the form `F`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrNull<F>(PhantomData<F>);

/// A boxed value in the form `F`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boxed<F>(PhantomData<F>);

/// Names root keys, each as a type that stands in an [`Under`].
///
/// ```
/// use verbatim_json::{self as json, As, Under};
///
/// json::roots! {
///     /// The root key `role`.
///     pub Role = "role";
/// }
///
/// let role: As<String, Under<Role>> = json::from_str(r#"{"role":"owner"}"#).unwrap();
/// assert_eq!(*role, "owner");
/// let wrong = json::from_str::<As<String, Under<Role>>>(r#"{"user":"owner"}"#);
/// assert!(wrong.unwrap_err().to_string().contains("expected the root \"role\""));
/// ```
#[macro_export]
macro_rules! roots {
    ($($(#[$doc:meta])* $visibility:vis $name:ident = $key:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name {}

        impl $crate::Root for $name {
            const KEY: &'static str = $key;
        }
    )*};
}

impl<T: Serialize + ?Sized> SerializeAs<T> for Plain {
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl<T: Serialize + serde::de::DeserializeOwned + Inspect> DeserializeAs<T> for Plain {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }

    fn look(value: &T, at: &mut Inspector<'_>) {
        value.inspect(at);
    }
}

impl<T: ?Sized, R: Root, F: SerializeAs<T>> SerializeAs<T> for Under<R, F> {
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(R::KEY, &Written::<T, F>::new(value))?;
        map.end()
    }
}

impl<T, R: Root, F: DeserializeAs<T>> DeserializeAs<T> for Under<R, F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(UnderVisitor::<T, R, F>(PhantomData))
    }

    fn look(value: &T, at: &mut Inspector<'_>) {
        at.property(R::KEY, &Written::<T, F>::new(value));
    }
}

struct UnderVisitor<T, R, F>(PhantomData<(T, R, F)>);

impl<'de, T, R: Root, F: DeserializeAs<T>> Visitor<'de> for UnderVisitor<T, R, F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the root {:?} around the value", R::KEY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        use serde::de::Error;
        let found = |key: &str| {
            A::Error::custom(format_args!(
                "expected the root {:?}, found {key:?}",
                R::KEY
            ))
        };
        match map.next_key::<Key<'de>>()? {
            None => {
                let root = R::KEY;
                return Err(A::Error::custom(format_args!(
                    "expected the root {root:?}, the object is empty"
                )));
            }
            Some(Key(key)) if key != R::KEY => return Err(found(&key)),
            Some(_) => {}
        }
        let value = map.next_value_seed(Seed::<T, F>::new())?;
        match map.next_key::<Key<'de>>()? {
            None => Ok(value),
            Some(Key(key)) => Err(A::Error::custom(format_args!(
                "unexpected key {key:?} beside the root key {:?}",
                R::KEY
            ))),
        }
    }
}

/// Reads a value in its form, where serde asks for a seed.
struct Seed<T, F>(PhantomData<(T, F)>);

impl<T, F> Seed<T, F> {
    const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T, F: DeserializeAs<T>> DeserializeSeed<'de> for Seed<T, F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        F::read(deserializer)
    }
}

impl<T, F: SerializeAs<T>> SerializeAs<[T]> for Each<F> {
    fn write<S: Serializer>(value: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(value.iter().map(Written::<T, F>::new))
    }
}

impl<T, F: SerializeAs<T>> SerializeAs<Vec<T>> for Each<F> {
    fn write<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        <Self as SerializeAs<[T]>>::write(value, serializer)
    }
}

impl<T, F: DeserializeAs<T>> DeserializeAs<Vec<T>> for Each<F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        struct EachVisitor<T, F>(PhantomData<(T, F)>);

        impl<'de, T, F: DeserializeAs<T>> Visitor<'de> for EachVisitor<T, F> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element_seed(Seed::<T, F>::new())? {
                    items.push(item);
                }
                Ok(items)
            }
        }

        deserializer.deserialize_seq(EachVisitor::<T, F>(PhantomData))
    }

    fn look(value: &Vec<T>, at: &mut Inspector<'_>) {
        if value.is_empty() {
            at.declared();
        }
        for (index, item) in value.iter().enumerate() {
            at.item(index, &Written::<T, F>::new(item));
        }
    }
}

impl<T, F: SerializeAs<T>> SerializeAs<Map<T>> for Values<F> {
    fn write<S: Serializer>(value: &Map<T>, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = value.iter();
        serializer.collect_map(entries.map(|(name, value)| (name, Written::<T, F>::new(value))))
    }
}

impl<T, F: DeserializeAs<T>> DeserializeAs<Map<T>> for Values<F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<T>, D::Error> {
        let entries = Map::<As<T, F>>::deserialize(deserializer)?;
        let entries = entries.into_iter();
        Ok(entries.map(|(name, value)| (name, value.0)).collect())
    }

    fn look(value: &Map<T>, at: &mut Inspector<'_>) {
        if value.is_empty() {
            at.declared();
        }
        for (name, value) in value {
            at.property(name, &Written::<T, F>::new(value));
        }
    }
}

impl<T, F: SerializeAs<T>> SerializeAs<Nullable<T>> for OrNull<F> {
    fn write<S: Serializer>(value: &Nullable<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Nullable::Value(value) => F::write(value, serializer),
            Nullable::Null => serializer.serialize_unit(),
        }
    }
}

impl<T, F: DeserializeAs<T>> DeserializeAs<Nullable<T>> for OrNull<F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Nullable<T>, D::Error> {
        let value = Nullable::<As<T, F>>::deserialize(deserializer)?;
        Ok(match value {
            Nullable::Value(value) => Nullable::Value(value.0),
            Nullable::Null => Nullable::Null,
        })
    }

    fn look(value: &Nullable<T>, at: &mut Inspector<'_>) {
        match value {
            Nullable::Value(value) => F::look(value, at),
            Nullable::Null => at.declared(),
        }
    }
}

impl<T, F: SerializeAs<T>> SerializeAs<Maybe<T>> for OrNull<F> {
    fn write<S: Serializer>(value: &Maybe<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Maybe::Value(value) => F::write(value, serializer),
            // Absence is the object's to write; by itself it is an error there as here.
            Maybe::Null | Maybe::Absent => value.as_unit().serialize(serializer),
        }
    }
}

impl<T, F: DeserializeAs<T>> DeserializeAs<Maybe<T>> for OrNull<F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Maybe<T>, D::Error> {
        <Self as DeserializeAs<Nullable<T>>>::read(deserializer).map(Maybe::from)
    }

    fn look(value: &Maybe<T>, at: &mut Inspector<'_>) {
        match value {
            Maybe::Value(value) => F::look(value, at),
            Maybe::Null => at.declared(),
            Maybe::Absent => {}
        }
    }
}

impl<T> Maybe<T> {
    /// The state without the value.
    const fn as_unit(&self) -> Maybe<()> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(_) => Maybe::Value(()),
        }
    }
}

impl<T, F: SerializeAs<T>> SerializeAs<Box<T>> for Boxed<F> {
    fn write<S: Serializer>(value: &Box<T>, serializer: S) -> Result<S::Ok, S::Error> {
        F::write(value, serializer)
    }
}

impl<T, F: DeserializeAs<T>> DeserializeAs<Box<T>> for Boxed<F> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<T>, D::Error> {
        F::read(deserializer).map(Box::new)
    }

    fn look(value: &Box<T>, at: &mut Inspector<'_>) {
        F::look(value, at);
    }
}

/// A value that knows its form. It stands where a type alone must tell how it travels: in lists of
/// bodies, and in the few places whose tables have no form of their own.
pub struct As<T, F>(T, PhantomData<F>);

impl<T, F> As<T, F> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T, F> From<T> for As<T, F> {
    fn from(value: T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T, F> Deref for As<T, F> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T, F> DerefMut for As<T, F> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Clone, F> Clone for As<T, F> {
    fn clone(&self) -> Self {
        self.0.clone().into()
    }
}

impl<T: PartialEq, F> PartialEq for As<T, F> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: fmt::Debug, F> fmt::Debug for As<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T, F: SerializeAs<T>> Serialize for As<T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::write(&self.0, serializer)
    }
}

impl<'de, T, F: DeserializeAs<T>> Deserialize<'de> for As<T, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        F::read(deserializer).map(Self::from)
    }
}

impl<T, F: DeserializeAs<T>> Inspect for As<T, F> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        F::look(&self.0, at);
    }
}

impl<T: Validate, F> Validate for As<T, F> {
    fn validate(&self, at: &mut Checker) {
        self.0.validate(at);
    }
}

/// A borrowed value in its form.
#[doc(hidden)]
pub struct Written<'v, T: ?Sized, F>(&'v T, PhantomData<F>);

impl<'v, T: ?Sized, F> Written<'v, T, F> {
    /// A value in a form.
    pub const fn new(value: &'v T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T: ?Sized, F: SerializeAs<T>> Serialize for Written<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::write(self.0, serializer)
    }
}

impl<T, F: DeserializeAs<T>> Inspect for Written<'_, T, F> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        F::look(self.0, at);
    }
}
