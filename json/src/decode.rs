use super::depth;
use super::number::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::fmt;

/// Why a JSON text could not be decoded or a value not be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    pointer: Option<String>,
    message: String,
    line: usize,
    column: usize,
}

impl Error {
    /// JSON pointer of the value that was refused; empty for the document itself.
    pub fn pointer(&self) -> &str {
        self.0.pointer.as_deref().unwrap_or_default()
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Line of the text, from 1; 0 where there is no text.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// Column of the text, from 1.
    pub fn column(&self) -> usize {
        self.0.column
    }

    /// The text is deeper than allowed at this byte.
    fn too_deep(text: &str, at: usize) -> Self {
        let before = &text[..at];
        let line = before.rsplit('\n').next().unwrap_or(before);
        Self(Box::new(Inner {
            pointer: Some(depth::pointer(text, at)),
            message: depth::message(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }))
    }

    /// A value is refused that is no text.
    pub(super) fn of_value(message: impl fmt::Display) -> Self {
        Self(Box::new(Inner {
            pointer: Some(String::new()),
            message: message.to_string(),
            line: 0,
            column: 0,
        }))
    }

    /// The error of what stands under a key.
    pub(super) fn under(mut self, key: &dyn fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        let rest = self.0.pointer.take().unwrap_or_default();
        self.0.pointer = Some(format!("/{key}{rest}"));
        self
    }

    pub(super) fn plain(error: &serde_json::Error) -> Self {
        Self::new(None, error)
    }

    fn new(pointer: Option<String>, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        Self(Box::new(Inner {
            pointer,
            message: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
            line: error.line(),
            column: error.column(),
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(pointer) = &inner.pointer {
            let shown = if pointer.is_empty() { "/" } else { pointer };
            write!(f, "at {shown}: ")?;
        }
        f.write_str(&inner.message)?;
        if inner.line > 0 {
            write!(f, " (line {}, column {})", inner.line, inner.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Decodes a JSON text.
///
/// An integer property takes any spelling of an integer (`2.0`, `1e2`). At most 127 arrays and
/// objects may stand inside one another.
///
/// # Errors
///
/// The error names the place by JSON pointer, line and column.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    // Serde's JSON counts only what types look into, not what is kept as it was written.
    if let Some(at) = depth::too_deep(text) {
        return Err(Error::too_deep(text, at));
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Ok(value);
    }
    // The fast way does not know where it failed, so the failing text is read once more.
    let error = match locate(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    match plain_integers(text).and_then(|text| serde_json::from_str(&text).ok()) {
        Some(value) => Ok(value),
        None => Err(error),
    }
}

/// Decodes a JSON text in UTF-8; see [`from_str`].
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => from_str(text),
        Err(error) => Err(Error(Box::new(Inner {
            pointer: None,
            message: format!("the text is not UTF-8: {error}"),
            line: 0,
            column: 0,
        }))),
    }
}

/// Encodes a value as JSON text without white space.
///
/// # Errors
///
/// An extra property that repeats a declared one is an error.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::plain(&error))
}

/// Encodes a value as JSON text; see [`to_string`].
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::plain(&error))
}

fn locate<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| Error::new(Some(pointer(error.path())), error.inner()))?;
    match deserializer.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(Error::new(Some(String::new()), &error)),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let step: Cow<'_, str> = match segment {
            Segment::Seq { index } => index.to_string().into(),
            Segment::Map { key } | Segment::Enum { variant: key } => key.as_str().into(),
            Segment::Unknown => "?".into(),
        };
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// The text with every integer written plainly, if any is written with a point or exponent.
fn plain_integers(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let length = if rest.starts_with('"') {
            string_length(rest)
        } else {
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
                .unwrap_or(rest.len())
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        let odd = !token.starts_with('"')
            && (token == "-0" || token.contains(['.', 'e', 'E']))
            && token.parse::<super::Number>().is_ok();
        match odd.then(|| Decimal::new(token).integer()).flatten() {
            Some(integer) => {
                plain.push_str(&integer);
                changed = true;
            }
            None => plain.push_str(token),
        }
    }
    plain.push_str(rest);
    changed.then_some(plain)
}

/// Bytes of the string literal that a text begins with.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_may_be_spelt_in_any_way() {
        let read: Vec<i64> = from_str("[1, 2.0, 1e2, -0, 12.50e1, \"x\"]").unwrap_or_default();
        assert!(read.is_empty(), "a string is no integer");
        let read: Vec<i64> = from_str("[1, 2.0, 1e2, -0, 12.50e1]").unwrap();
        assert_eq!(read, [1, 2, 100, 0, 125]);
        assert!(from_str::<Vec<i64>>("[2.00000000000000001]").is_err());
    }

    #[test]
    fn strings_are_left_alone() {
        assert_eq!(
            plain_integers(r#"{"a\"1.0": "2.0", "b": 3.0}"#).unwrap(),
            r#"{"a\"1.0": "2.0", "b": 3}"#
        );
        assert_eq!(plain_integers(r#"{"a": 1, "b": 1.5}"#), None);
    }

    #[test]
    fn errors_name_the_place() {
        let error = from_str::<crate::Map<Vec<i64>>>(r#"{"a/b": [1, true]}"#).unwrap_err();
        assert_eq!(error.pointer(), "/a~1b/1");
        assert_eq!(
            error.to_string(),
            "at /a~1b/1: invalid type: boolean `true`, expected i64 (line 1, column 16)"
        );
    }
}
