//! Names of properties, for lists that are sorted or cut down by them.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// The name of a property of `T`, as the server knows it.
///
/// ```
/// use verbatim_json::{Fields, Property, SortBy};
///
/// struct Server;
/// impl Server {
///     const NAME: Property<Self> = Property::named("name");
///     const HARDWARE: Property<Self> = Property::named("hardware");
/// }
///
/// assert_eq!(SortBy::from(Server::NAME).as_str(), "name");
/// assert_eq!(SortBy::from(Server::NAME.descending()).as_str(), "-name");
/// let fields = Fields::from([Server::NAME, Server::HARDWARE.dot("ram")]);
/// assert_eq!(fields.as_str(), "name,hardware.ram");
/// // What is not documented can still be said.
/// assert_eq!(SortBy::<Server>::from("-power").as_str(), "-power");
/// ```
pub struct Property<T> {
    name: Cow<'static, str>,
    of: PhantomData<fn() -> T>,
}

impl<T> Property<T> {
    /// The property of this name.
    pub const fn named(name: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            of: PhantomData,
        }
    }

    /// A property within this one.
    #[must_use]
    pub fn dot(self, name: impl AsRef<str>) -> Self {
        Self {
            name: Cow::Owned(format!("{}.{}", self.name, name.as_ref())),
            of: PhantomData,
        }
    }

    /// The name, with dots between a property and those within it.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// An order by this property, the greatest value first.
    pub fn descending(self) -> SortBy<T> {
        SortBy::of(format!("-{}", self.name))
    }
}

/// What a list is sorted by: a property, with a minus sign before it for the greatest value first.
/// Any text will do.
pub struct SortBy<T> {
    text: Cow<'static, str>,
    of: PhantomData<fn() -> T>,
}

/// Which properties the items of a list are to have: their names, with commas between them. Any
/// text will do.
pub struct Fields<T> {
    text: Cow<'static, str>,
    of: PhantomData<fn() -> T>,
}

impl<T> From<Property<T>> for SortBy<T> {
    fn from(property: Property<T>) -> Self {
        Self::of(property.name)
    }
}

impl<T> From<Property<T>> for Fields<T> {
    fn from(property: Property<T>) -> Self {
        Self::of(property.name)
    }
}

impl<T> FromIterator<Property<T>> for Fields<T> {
    fn from_iter<I: IntoIterator<Item = Property<T>>>(properties: I) -> Self {
        let names: Vec<_> = properties.into_iter().map(|it| it.name).collect();
        Self::of(names.join(","))
    }
}

impl<T, const N: usize> From<[Property<T>; N]> for Fields<T> {
    fn from(properties: [Property<T>; N]) -> Self {
        properties.into_iter().collect()
    }
}

impl<T> From<Vec<Property<T>>> for Fields<T> {
    fn from(properties: Vec<Property<T>>) -> Self {
        properties.into_iter().collect()
    }
}

impl<T> Clone for Property<T> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            of: PhantomData,
        }
    }
}

impl<T> PartialEq for Property<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<T> Eq for Property<T> {}

impl<T> fmt::Debug for Property<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl<T> fmt::Display for Property<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What both kinds of text can do.
macro_rules! texts {
    ($($name:ident)*) => {$(
        impl<T> $name<T> {
            fn of(text: impl Into<Cow<'static, str>>) -> Self {
                Self { text: text.into(), of: PhantomData }
            }

            /// The text as it is sent.
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl<T> From<&str> for $name<T> {
            fn from(text: &str) -> Self {
                Self::of(text.to_owned())
            }
        }

        impl<T> From<&String> for $name<T> {
            fn from(text: &String) -> Self {
                Self::of(text.clone())
            }
        }

        impl<T> From<String> for $name<T> {
            fn from(text: String) -> Self {
                Self::of(text)
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self::of(self.text.clone())
            }
        }

        impl<T> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl<T> Eq for $name<T> {}

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.text.fmt(f)
            }
        }

        impl<T> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }
    )*};
}

texts!(SortBy Fields);

/// Constants of a type for the names of its properties.
///
/// ```
/// use verbatim_json as json;
///
/// struct Server;
/// json::properties! { Server { NAME: "name", CREATED: "creation_date" } }
///
/// assert_eq!(Server::CREATED.as_str(), "creation_date");
/// ```
#[macro_export]
macro_rules! properties {
    ($ty:ident { $($name:ident: $wire:literal),* $(,)? }) => {
        impl $ty {
            $(
                #[doc = concat!("The name of `", $wire, "`, to sort or to select by.")]
                pub const $name: $crate::Property<Self> = $crate::Property::named($wire);
            )*
        }
    };
}
