//! The table of an enumeration of texts.

use std::fmt;

/// An enum of texts, each variant with the text that stands for it.
///
/// An `open` enum has a last variant `Unknown`, which keeps a text that the document does not list; a
/// `tolerant` one keeps it when it is read, and does not pass the checks of a request with it; a `closed`
/// one refuses such a text. A variant without words of its own is documented by its text.
///
/// ```
/// use verbatim_json as json;
///
/// json::string_enum! {
///     /// What a machine is doing.
///     pub open enum State {
///         PoweredOn = "POWERED_ON",
///         /// Neither on nor off.
///         Busy = "BUSY",
///     }
/// }
///
/// assert_eq!(State::from("POWERED_ON"), State::PoweredOn);
/// assert_eq!(State::from("SLEEPING").as_str(), "SLEEPING");
/// // What the document lists is never unknown, so that two values are equal if their texts are.
/// assert!(matches!(State::from("SLEEPING"), State::Unknown(text) if text.as_str() == "SLEEPING"));
///
/// json::string_enum! {
///     /// Where to.
///     pub closed enum Direction {
///         Up = "up",
///         Down = "down",
///     }
/// }
///
/// assert_eq!("up".parse::<Direction>(), Ok(Direction::Up));
/// let error = "left".parse::<Direction>().unwrap_err();
/// assert_eq!(error.to_string(), r#"unknown value "left", expected one of "up", "down""#);
/// ```
#[macro_export]
macro_rules! string_enum {
    ($(#[$meta:meta])* $vis:vis open enum $ty:ident { $($rest:tt)* }) => {
        $crate::__open_string_enum!($(#[$meta])* $vis enum $ty { $($rest)* });

        /// Its values are those that the document lists, or kept as they are.
        impl $crate::validate::Validate for $ty {}
    };
    ($(#[$meta:meta])* $vis:vis tolerant enum $ty:ident {
        $($(#[$doc:meta])* $variant:ident = $text:literal,)*
    }) => {
        $crate::__open_string_enum!(
            $(#[$meta])* $vis enum $ty { $($(#[$doc])* $variant = $text,)* }
        );

        /// Requests hold what the document lists.
        impl $crate::validate::Validate for $ty {
            fn validate(&self, at: &mut $crate::validate::Checker) {
                if let Self::Unknown(text) = self {
                    at.one_of(text.as_str(), &[$($text),*]);
                }
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis closed enum $ty:ident {
        $($(#[$doc:meta])* $variant:ident = $text:literal,)*
    }) => {
        $crate::__closed_string_enum!(
            $(#[$meta])* $vis enum $ty { $($(#[$doc])* $variant = $text,)* }
        );

        /// Its values are those that the document lists.
        impl $crate::validate::Validate for $ty {}
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __open_string_enum {
    ($(#[$meta:meta])* $vis:vis enum $ty:ident {
        $($(#[$doc:meta])* $variant:ident = $text:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $ty {
            $(
                #[doc = $crate::__text_doc!([$(#[$doc])*] $text)]
                $(#[$doc])*
                $variant,
            )*
            /// A value that the document does not name, kept as received. `From<&str>` makes one.
            Unknown($crate::UnknownText),
        }

        impl $ty {
            /// The text that stands for the value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text.as_str(),
                }
            }
        }

        impl ::core::convert::From<&str> for $ty {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown($crate::private::unknown(text)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $ty {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        /// Never fails: a text that the document does not list is kept.
        impl ::core::str::FromStr for $ty {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }

        $crate::__string_enum!($ty, [$($text),*]);

        impl $crate::Inspect for $ty {
            fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                match self {
                    Self::Unknown(_) => at.report(match [$($text),*].len() {
                        1 => $crate::Finding::OtherConstant,
                        _ => $crate::Finding::UnknownValue,
                    }),
                    _ => at.declared(),
                }
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __closed_string_enum {
    ($(#[$meta:meta])* $vis:vis enum $ty:ident {
        $($(#[$doc:meta])* $variant:ident = $text:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $ty {
            $(
                #[doc = $crate::__text_doc!([$(#[$doc])*] $text)]
                $(#[$doc])*
                $variant,
            )*
        }

        impl $ty {
            /// The text that stands for the value.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl ::core::str::FromStr for $ty {
            type Err = $crate::UnknownTextError;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match text {
                    $($text => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err($crate::private::unlisted(
                        text,
                        concat!("expected one of" $(, " ", stringify!($text), ",")*),
                    )),
                }
            }
        }

        $crate::__string_enum!($ty, [$($text),*]);

        impl $crate::Inspect for $ty {
            fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                at.declared();
            }
        }
    };
}

/// The documentation of a variant that has none.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_doc {
    ([] $text:literal) => {
        concat!("`", $text, "`")
    };
    ([$($doc:tt)+] $text:literal) => {
        ""
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($ty:ident, [$($text:literal),*]) => {
        impl ::core::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::convert::AsRef<str> for $ty {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        const _: () = {
            use $crate::private::serde;

            impl serde::Serialize for $ty {
                fn serialize<S_>(&self, serializer: S_) -> ::core::result::Result<S_::Ok, S_::Error>
                where
                    S_: serde::Serializer,
                {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> serde::Deserialize<'de> for $ty {
                fn deserialize<D_>(deserializer: D_) -> ::core::result::Result<Self, D_::Error>
                where
                    D_: serde::Deserializer<'de>,
                {
                    let text = $crate::private::text(deserializer)?;
                    <$ty as ::core::str::FromStr>::from_str(&text).map_err(serde::de::Error::custom)
                }
            }

            $crate::__string_enum_schema!($ty, [$($text),*]);
        };
    };
}

/// Reads a text, borrowed where it holds no escapes.
#[doc(hidden)]
pub fn text<'de, D>(deserializer: D) -> Result<std::borrow::Cow<'de, str>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(|super::key::Key(text)| text)
}

/// A text that an open enumeration does not list. Only the enumeration makes one, so that it never holds
/// a text that is listed.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownText(Box<str>);

impl UnknownText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for UnknownText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UnknownText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[doc(hidden)]
#[must_use]
pub fn unknown(text: &str) -> UnknownText {
    UnknownText(text.into())
}

/// A text that a closed enumeration does not list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTextError {
    text: String,
    expected: &'static str,
}

impl fmt::Display for UnknownTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, expected } = self;
        write!(
            f,
            "unknown value {text:?}, {}",
            expected.trim_end_matches(',')
        )
    }
}

impl std::error::Error for UnknownTextError {}

#[doc(hidden)]
#[must_use]
pub fn unlisted(text: &str, expected: &'static str) -> UnknownTextError {
    UnknownTextError {
        text: text.to_owned(),
        expected,
    }
}
