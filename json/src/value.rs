use super::{Finding, Inspect, Inspector, depth};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;
use std::str::FromStr;

/// Any JSON value, kept as it was written: digits, order of properties, spelling of strings.
///
/// ```
/// use verbatim_json::Json;
///
/// let price: Json = "60.50".parse().unwrap();
/// assert_eq!(price.as_str(), "60.50");
/// assert_eq!(price.decode::<f64>().unwrap(), 60.5);
/// ```
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// JSON `null`.
    pub fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// The text of the value.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Whether the value is null.
    pub fn is_null(&self) -> bool {
        self.as_str() == "null"
    }

    /// The JSON form of any serialisable value.
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self, super::Error> {
        serde_json::value::to_raw_value(value)
            .map(Self)
            .map_err(|error| super::Error::plain(&error))
    }

    /// Reads the value as a `T`.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, super::Error> {
        super::from_str(self.as_str())
    }

    /// How many scalars and empty containers the value holds.
    pub(crate) fn leaves(&self) -> usize {
        count_leaves(self.as_str())
    }
}

/// Counts scalars and empty containers of well-formed JSON text.
fn count_leaves(text: &str) -> usize {
    let mut leaves = 0;
    let mut bytes = text.bytes().peekable();
    // A string is a leaf unless a colon follows it; a container is one if it closes at once.
    let mut just_opened = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => continue,
            b'{' | b'[' => {
                just_opened = true;
                continue;
            }
            b'}' | b']' => leaves += usize::from(just_opened),
            b':' => leaves -= 1,
            b'"' => {
                leaves += 1;
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {
                leaves += 1;
                while bytes
                    .next_if(|byte| !b" \t\n\r,]}:".contains(byte))
                    .is_some()
                {}
            }
        }
        just_opened = false;
    }
    leaves
}

/// The raw text of the next value, no deeper than that of a value with a type.
#[doc(hidden)]
pub fn raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    let value = Box::<RawValue>::deserialize(deserializer)?;
    match depth::too_deep(value.get()) {
        None => Ok(value),
        Some(_) => Err(D::Error::custom(depth::message())),
    }
}

impl From<Box<RawValue>> for Json {
    fn from(value: Box<RawValue>) -> Self {
        Self(value)
    }
}

impl FromStr for Json {
    type Err = super::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        super::from_str(text)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        raw(deserializer).map(Self)
    }
}

/// Equal texts are equal, white space between tokens aside; `1.0` and `1` differ.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        tokens(self.as_str()).eq(tokens(other.as_str()))
    }
}

impl Eq for Json {}

impl std::hash::Hash for Json {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        for byte in tokens(self.as_str()) {
            state.write_u8(byte);
        }
    }
}

/// The bytes of a JSON text without the white space between tokens.
fn tokens(text: &str) -> impl Iterator<Item = u8> + '_ {
    let (mut in_string, mut escaped) = (false, false);
    text.bytes().filter(move |byte| {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            return true;
        }
        in_string = *byte == b'"';
        !b" \t\n\r".contains(byte)
    })
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Inspect for Json {
    fn inspect(&self, at: &mut Inspector<'_>) {
        at.report(Finding::FreeForm(self.leaves()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_scalars_and_empty_containers() {
        for (text, leaves) in [
            ("1", 1),
            ("\"a:b\"", 1),
            ("[]", 1),
            ("{ }", 1),
            ("[1, 2, [ ]]", 3),
            (r#"{"a":"x","b":{"c":null,"d\"":[true]}}"#, 3),
        ] {
            assert_eq!(count_leaves(text), leaves, "{text}");
        }
    }

    #[test]
    fn white_space_between_tokens_is_no_difference() {
        let json = |text: &str| text.parse::<Json>().unwrap();
        assert_eq!(json(r#"{ "a b" : [1 , 2] }"#), json(r#"{"a b":[1,2]}"#));
        assert_ne!(json(r#""a b""#), json(r#""ab""#));
        assert_ne!(json(r#""a\" b""#), json(r#""a\"b""#));
        assert_ne!(json("1.0"), json("1"));
    }
}
