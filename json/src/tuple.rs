//! The table of a struct that stands for a JSON array with a fixed beginning.

use serde::de::{DeserializeOwned, Error, SeqAccess};

/// Ties a struct to the JSON array that it stands for: one item per field, in order.
///
/// The last line names the field that keeps further items (a `Vec`), or is `..closed` where
/// further items are an error.
///
/// ```
/// use verbatim_json::{self as json, Json};
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Point {
///     pub x: i64,
///     pub y: i64,
///     pub further: Vec<Json>,
/// }
///
/// json::tuple! {
///     Point {
///         x,
///         y,
///         ..further
///     }
/// }
///
/// let point: Point = json::from_str("[1,2,\"up\"]").unwrap();
/// assert_eq!(json::to_string(&point).unwrap(), "[1,2,\"up\"]");
/// ```
#[macro_export]
macro_rules! tuple {
    ($ty:ident { $($field:ident,)* ..closed }) => {
        $crate::__tuple!($ty, (), $($field)*);
    };
    ($ty:ident { $($field:ident,)* ..$rest:ident }) => {
        $crate::__tuple!($ty, ($rest), $($field)*);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tuple {
    ($ty:ident, ($($rest:ident)?), $($field:ident)*) => {
        const _: () = {
            use $crate::private::{self, serde};

            impl<'de> serde::Deserialize<'de> for $ty {
                fn deserialize<D_>(deserializer: D_) -> ::core::result::Result<Self, D_::Error>
                where
                    D_: serde::Deserializer<'de>,
                {
                    struct Reader_;

                    impl<'de> serde::de::Visitor<'de> for Reader_ {
                        type Value = $ty;

                        fn expecting(
                            &self,
                            f: &mut ::core::fmt::Formatter<'_>,
                        ) -> ::core::fmt::Result {
                            f.write_str(concat!("an array (", stringify!($ty), ")"))
                        }

                        fn visit_seq<A_>(self, mut seq: A_) -> ::core::result::Result<$ty, A_::Error>
                        where
                            A_: serde::de::SeqAccess<'de>,
                        {
                            let value = $ty {
                                $($field: private::item(&mut seq, stringify!($field))?,)*
                                $($rest: private::rest(&mut seq)?,)?
                            };
                            private::surplus(&mut seq)?;
                            ::core::result::Result::Ok(value)
                        }
                    }

                    deserializer.deserialize_seq(Reader_)
                }
            }

            impl serde::Serialize for $ty {
                fn serialize<S_>(&self, serializer: S_) -> ::core::result::Result<S_::Ok, S_::Error>
                where
                    S_: serde::Serializer,
                {
                    use serde::ser::SerializeSeq as _;
                    let mut seq = serializer.serialize_seq(::core::option::Option::None)?;
                    $(seq.serialize_element(&self.$field)?;)*
                    $(for item in &self.$rest {
                        seq.serialize_element(item)?;
                    })?
                    seq.end()
                }
            }

            impl $crate::Inspect for $ty {
                fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                    let mut index = 0_usize;
                    $(
                        at.item(index, &self.$field);
                        index += 1;
                    )*
                    $(for item in &self.$rest {
                        at.item(index, item);
                        index += 1;
                    })?
                    if index == 0 {
                        at.declared();
                    }
                }
            }

            $crate::__tuple_schema!($ty; $($rest)?; $($field)*);
        };
    };
}

/// Reads a declared item.
#[doc(hidden)]
pub fn item<'de, T, A>(seq: &mut A, name: &'static str) -> Result<T, A::Error>
where
    T: serde::Deserialize<'de>,
    A: SeqAccess<'de>,
{
    seq.next_element()?
        .ok_or_else(|| A::Error::custom(format_args!("the array ends before its item {name}")))
}

/// Reads the items after the declared ones.
#[doc(hidden)]
pub fn rest<'de, T, A>(seq: &mut A) -> Result<Vec<T>, A::Error>
where
    T: DeserializeOwned,
    A: SeqAccess<'de>,
{
    let mut items = Vec::new();
    while let Some(item) = seq.next_element()? {
        items.push(item);
    }
    Ok(items)
}

/// Refuses an item after the last.
#[doc(hidden)]
pub fn surplus<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<(), A::Error> {
    match seq.next_element::<serde::de::IgnoredAny>()? {
        None => Ok(()),
        Some(_) => Err(A::Error::custom("the array has more items than documented")),
    }
}
