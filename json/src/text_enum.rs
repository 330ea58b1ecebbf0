//! The table of an enumeration of texts.

/// Ties an enum to the texts that stand for its variants.
///
/// An `open` enum has a last variant `Unknown(String)`, which keeps a text that the document does
/// not list; a `closed` one refuses such a text.
///
/// ```
/// use verbatim_json as json;
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum State {
///     PoweredOn,
///     Unknown(String),
/// }
///
/// json::string_enum! {
///     State, open {
///         PoweredOn = "POWERED_ON",
///     }
/// }
///
/// assert_eq!(State::from("POWERED_ON"), State::PoweredOn);
/// assert_eq!(State::from("SLEEPING").as_str(), "SLEEPING");
/// ```
#[macro_export]
macro_rules! string_enum {
    ($ty:ident, open { $($variant:ident = $text:literal,)* }) => {
        impl $ty {
            /// The text that stands for the value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $ty {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown(text.into()),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $ty {
            fn from(text: ::std::string::String) -> Self {
                match Self::from(text.as_str()) {
                    Self::Unknown(_) => Self::Unknown(text),
                    known => known,
                }
            }
        }

        $crate::__string_enum!($ty, [$($text),*], |text| {
            ::core::result::Result::<$ty, &'static str>::Ok($ty::from(text))
        });

        impl $crate::Inspect for $ty {
            fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                match self {
                    // A listed text that was put into the variant by hand is not unknown.
                    Self::Unknown(text) if ![$($text),*].contains(&text.as_str()) => {
                        at.report($crate::Finding::UnknownValue);
                    }
                    _ => at.declared(),
                }
            }
        }
    };
    ($ty:ident, closed { $($variant:ident = $text:literal,)* }) => {
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
            type Err = &'static str;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match text {
                    $($text => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err(concat!(
                        "expected one of" $(, " ", stringify!($text))*
                    )),
                }
            }
        }

        $crate::__string_enum!($ty, [$($text),*], |text| {
            <$ty as ::core::str::FromStr>::from_str(text)
        });

        impl $crate::Inspect for $ty {
            fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                at.declared();
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($ty:ident, [$($text:literal),*], $parse:expr) => {
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
                    $crate::private::parsed(&text, $parse)
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
    serde::Deserialize::deserialize(deserializer).map(|super::object::Key(text)| text)
}

/// Turns the complaint of a closed enumeration into an error.
#[doc(hidden)]
pub fn parsed<T, E: serde::de::Error>(
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<T, E> {
    parse(text).map_err(|expected| E::custom(format_args!("unknown value {text:?}, {expected}")))
}
