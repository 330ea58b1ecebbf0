//! Conversions between types of replies and types of requests.

use super::decode::{Error, from_slice, to_vec};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value as one of another type: all that it holds, or an error that names what the other type does not take.
///
/// ```
/// use verbatim_json::{Map, Number, transfer};
///
/// let numbers: Map<i64> = verbatim_json::from_str(r#"{"a":1}"#)?;
/// let others: Map<Number> = transfer(&numbers)?;
/// assert_eq!(verbatim_json::to_string(&others)?, r#"{"a":1}"#);
/// assert!(transfer::<_, Map<String>>(&numbers).is_err());
/// # Ok::<(), verbatim_json::Error>(())
/// ```
///
/// # Errors
///
/// The other type does not take a part of the value; nothing is left out.
pub fn transfer<A: Serialize + ?Sized, B: DeserializeOwned>(value: &A) -> Result<B, Error> {
    from_slice(&to_vec(value)?)
}

/// `TryFrom` in both directions between types of replies and their twins in requests.
#[macro_export]
macro_rules! twins {
    ($($reply:ident => $request:ident),* $(,)?) => {
        $(
            $crate::twins! { @one $reply => $request }
            $crate::twins! { @one $request => $reply }
        )*
    };
    (@one $from:ident => $to:ident) => {
        impl ::core::convert::TryFrom<&$from> for $to {
            type Error = $crate::Error;

            fn try_from(value: &$from) -> ::core::result::Result<Self, Self::Error> {
                $crate::transfer(value)
            }
        }

        impl ::core::convert::TryFrom<$from> for $to {
            type Error = $crate::Error;

            fn try_from(value: $from) -> ::core::result::Result<Self, Self::Error> {
                $crate::transfer(&value)
            }
        }
    };
}
