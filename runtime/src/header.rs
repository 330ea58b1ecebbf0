//! Headers of replies as values of the types that the document gives to them.

use crate::call::Response;
use crate::json;
use crate::received::RawResponse;
use http::{HeaderMap, HeaderName, header};
use serde::de::DeserializeOwned;
use std::fmt;

/// A header that does not say what the document says it does. The others can still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderError {
    name: &'static str,
    message: String,
}

impl HeaderError {
    fn new(name: &'static str, message: impl fmt::Display) -> Self {
        Self {
            name,
            message: message.to_string(),
        }
    }

    /// The name of the header.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header `{}`: {}", self.name, self.message)
    }
}

impl std::error::Error for HeaderError {}

impl<T> AsRef<HeaderMap> for Response<T> {
    fn as_ref(&self) -> &HeaderMap {
        &self.received.headers
    }
}

impl AsRef<HeaderMap> for RawResponse {
    fn as_ref(&self) -> &HeaderMap {
        &self.headers
    }
}

/// What a header may hold, for emitted code. Absent headers are `Ok(None)`.
///
/// # Errors
///
/// A header that is no text, or another value than its type takes.
type Read<T> = Result<Option<T>, HeaderError>;

/// A text.
///
/// # Errors
///
/// A header that is no text, or another text than its type takes.
pub fn text<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<T> {
    let value = whole(headers, name)?;
    value.map(|value| from_text(name, &value)).transpose()
}

/// A number or a truth value.
///
/// # Errors
///
/// As [`text`].
pub fn plain<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<T> {
    let value = whole(headers, name)?;
    value.map(|value| from_json(name, &value)).transpose()
}

/// A number, a truth value or a text, the first of these that its type takes.
///
/// # Errors
///
/// As [`text`].
pub fn either<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<T> {
    let value = whole(headers, name)?;
    value.map(|value| from_either(name, &value)).transpose()
}

/// A JSON text.
///
/// # Errors
///
/// As [`text`].
pub fn json<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<T> {
    plain(headers, name)
}

/// A list of texts.
///
/// # Errors
///
/// As [`text`].
pub fn texts<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<Vec<T>> {
    list(headers, name, from_text)
}

/// A list of numbers or truth values.
///
/// # Errors
///
/// As [`text`].
pub fn plains<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<Vec<T>> {
    list(headers, name, from_json)
}

/// A list of which each item is a number, a truth value or a text.
///
/// # Errors
///
/// As [`text`].
pub fn eithers<T: DeserializeOwned>(headers: &HeaderMap, name: &'static str) -> Read<Vec<T>> {
    list(headers, name, from_either)
}

/// All lines of a header, in their order.
fn lines(headers: &HeaderMap, name: &'static str) -> Result<Vec<String>, HeaderError> {
    let lines = headers.get_all(name).iter();
    let text = |value: &http::HeaderValue| match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(_) => Err(HeaderError::new(name, "it is no text")),
    };
    lines.map(text).collect()
}

/// The lines as one text: HTTP lets a header of several values stand on several lines.
fn whole(headers: &HeaderMap, name: &'static str) -> Read<String> {
    let lines = lines(headers, name)?;
    Ok((!lines.is_empty()).then(|| lines.join(", ")))
}

fn list<T>(
    headers: &HeaderMap,
    name: &'static str,
    read: fn(&'static str, &str) -> Result<T, HeaderError>,
) -> Read<Vec<T>> {
    let lines = lines(headers, name)?;
    if lines.is_empty() {
        return Ok(None);
    }
    // The one header whose values hold commas of their own.
    if HeaderName::try_from(name).is_ok_and(|name| name == header::SET_COOKIE) {
        return lines
            .iter()
            .map(|line| read(name, line))
            .collect::<Result<_, _>>()
            .map(Some);
    }
    let items = lines.iter().flat_map(|line| line.split(','));
    let items = items.map(str::trim).filter(|item| !item.is_empty());
    items
        .map(|item| read(name, item))
        .collect::<Result<_, _>>()
        .map(Some)
}

fn from_json<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, HeaderError> {
    json::from_str(text).map_err(|error| HeaderError::new(name, error.message()))
}

fn from_text<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, HeaderError> {
    from_json(name, &serde_json::Value::from(text).to_string())
}

fn from_either<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, HeaderError> {
    from_json(name, text).or_else(|_| from_text(name, text))
}

/// A struct that reads the documented headers of replies.
///
/// Each line names a method, the type of its value, the function of
/// [`header`](crate::codegen::header) that reads it, and the header. A header that does not fit is the
/// error of its own method.
///
/// ```
/// use verbatim_runtime::codegen;
///
/// codegen::headers! {
///     /// The headers of replies.
///     pub struct ReplyHeaders {
///         /// How many items there are.
///         x_total: i64 = plain "X-Total",
///     }
/// }
///
/// # struct Reply(http::HeaderMap);
/// # impl AsRef<http::HeaderMap> for Reply {
/// #     fn as_ref(&self) -> &http::HeaderMap { &self.0 }
/// # }
/// # let mut reply = Reply(http::HeaderMap::new());
/// reply.0.insert("x-total", "7".parse().unwrap());
/// assert_eq!(ReplyHeaders::of(&reply).x_total(), Ok(Some(7)));
/// reply.0.insert("x-total", "many".parse().unwrap());
/// assert!(ReplyHeaders::of(&reply).x_total().is_err());
/// ```
#[macro_export]
macro_rules! headers {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$doc:meta])* $method:ident: $ty:ty = $read:ident $header:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug)]
        $visibility struct $name<'r>(&'r $crate::codegen::header::HeaderMap);

        impl<'r> $name<'r> {
            /// The headers of a [`Response`]($crate::Response), or of the
            /// [`RawResponse`]($crate::RawResponse) of an error.
            $visibility fn of<R>(reply: &'r R) -> Self
            where
                R: ::core::convert::AsRef<$crate::codegen::header::HeaderMap>,
            {
                Self(reply.as_ref())
            }

            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// A header that is there and says something else.
                $visibility fn $method(
                    &self,
                ) -> ::core::result::Result<::core::option::Option<$ty>, $crate::HeaderError> {
                    $crate::codegen::header::$read(self.0, $header)
                }
            )*
        }

        impl<'r> ::core::convert::From<&'r $crate::codegen::header::HeaderMap> for $name<'r> {
            fn from(headers: &'r $crate::codegen::header::HeaderMap) -> Self {
                Self(headers)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn values_are_read_by_their_kinds() {
        let found = headers(&[
            ("number", " 7 "),
            ("list", "1, 2"),
            ("list", "3,"),
            ("text", "say \"a\", 7"),
            ("set-cookie", "a=1; expires=Mon, 1"),
            ("set-cookie", "b=2"),
            ("odd", "x"),
        ]);
        assert_eq!(plain(&found, "number"), Ok(Some(7_i64)));
        assert_eq!(text(&found, "number"), Ok(Some("7".to_owned())));
        assert_eq!(either(&found, "text"), Ok(Some("say \"a\", 7".to_owned())));
        assert_eq!(plains(&found, "list"), Ok(Some(vec![1_i64, 2, 3])));
        assert_eq!(
            texts(&found, "list"),
            Ok(Some(["1", "2", "3"].map(String::from).to_vec()))
        );
        let cookies = texts::<String>(&found, "set-cookie").unwrap().unwrap();
        assert_eq!(cookies, ["a=1; expires=Mon, 1", "b=2"]);
        assert_eq!(plain::<i64>(&found, "none"), Ok(None));
        let error = plain::<i64>(&found, "odd").unwrap_err();
        assert!(
            error.to_string().starts_with("the header `odd`: "),
            "{error}"
        );
        let mut bytes = HeaderMap::new();
        bytes.insert("odd", http::HeaderValue::from_bytes(b"\xff").unwrap());
        assert!(text::<String>(&bytes, "odd").is_err());
    }
}
