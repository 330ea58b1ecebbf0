//! What several forms have in common.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::Value;

use crate::exchange::Headers;

/// A header field as tools list it.
#[derive(Deserialize)]
pub struct Field {
    name: Option<String>,
    /// The name as Postman writes it, in old collections beside the other.
    key: Option<String>,
    value: Option<String>,
    disabled: Option<bool>,
}

impl Field {
    /// Name and value; `None` where it has no name or was not sent.
    pub fn pair(self) -> Option<(String, String)> {
        if self.disabled == Some(true) {
            return None;
        }
        Some((self.name.or(self.key)?, self.value.unwrap_or_default()))
    }
}

/// Decodes base64, line breaks and missing padding allowed.
pub fn base64(text: &str) -> Result<Vec<u8>, &'static str> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let dense: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    ENGINE
        .decode(dense)
        .map_err(|_| "the body says that it is base64, but it is not")
}

/// Bytes that Polly keeps in the pieces in which they came: a list of texts, each of them encoded.
pub fn pieces(
    text: &str,
    decoded: impl Fn(&str) -> Result<Vec<u8>, &'static str>,
) -> Result<Vec<u8>, &'static str> {
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(list) => {
            let pieces: Result<Vec<_>, _> = list.iter().map(|piece| decoded(piece)).collect();
            Ok(pieces?.concat())
        }
        Err(_) => decoded(text),
    }
}

/// Decodes hexadecimal digits.
pub fn hexadecimal(text: &str) -> Result<Vec<u8>, &'static str> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(pair).collect();
    bytes.ok_or("the body says that it is in hexadecimal digits, but it is not")
}

/// Names and values as a form sends them.
pub fn form(pairs: impl Iterator<Item = (String, String)>) -> Vec<u8> {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        out.append_pair(&name, &value);
    }
    out.finish().into_bytes()
}

/// Header fields as a map of names to a text or to several, or as a list of them. `None` where
/// they are not kept.
pub fn headers(value: Option<&Value>) -> Option<Headers> {
    let mut headers = Headers::new();
    match value? {
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::Array(all) => {
                        for one in all.iter().filter_map(scalar) {
                            headers.add(name.as_str(), one);
                        }
                    }
                    other => headers.add(name.as_str(), scalar(other).unwrap_or_default()),
                }
            }
        }
        Value::Array(list) => {
            for item in list {
                if let Ok(field) = serde_json::from_value::<Field>(item.clone())
                    && let Some((name, value)) = field.pair()
                {
                    headers.add(name, value);
                }
            }
        }
        Value::String(text) => {
            for line in text.lines() {
                if let Some((name, value)) = line.split_once(':') {
                    headers.add(name.trim(), value.trim());
                }
            }
        }
        _ => return None,
    }
    Some(headers)
}

/// A text or number as text.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A status: a number, a text that begins with one, or an object with a `code`.
pub fn status(value: &Value) -> Option<u16> {
    let number = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.split_whitespace().next()?.parse().ok()?,
        Value::Object(map) => return status(map.get("code").or_else(|| map.get("status"))?),
        _ => return None,
    };
    u16::try_from(number)
        .ok()
        .filter(|code| (100..1000).contains(code))
}
