//! What a plain scalar means in the core schema.

use crate::decimal::is_json_number;
use crate::node::Value;

/// The value of a plain scalar; `None` for a number that JSON cannot write.
pub(super) fn resolve(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ if is_beyond_json(text) => None,
        _ => Some(number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)),
    }
}

fn is_beyond_json(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let infinite = matches!(unsigned, ".inf" | ".Inf" | ".INF");
    infinite || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// The JSON literal of a YAML number; `None` where the text is no number.
fn number(text: &str) -> Option<String> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return None;
    }
    if is_json_number(text) {
        return Some(text.to_owned());
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if integer.is_empty() && fraction.is_empty() {
        return None;
    }
    let or_zero = |digits: &str| {
        if digits.is_empty() {
            "0".to_owned()
        } else {
            digits.to_owned()
        }
    };
    let spelled = if mantissa.contains('.') {
        format!("{sign}{}.{}{exponent}", or_zero(integer), or_zero(fraction))
    } else {
        format!("{sign}{integer}{exponent}")
    };
    is_json_number(&spelled).then_some(spelled)
}

/// The decimal digits of a number in another base, of any length that is not absurd.
fn based(digits: &str, base: u32) -> Option<String> {
    let mut value = 0u128;
    let mut any = false;
    for digit in digits.chars() {
        any = true;
        value = value
            .checked_mul(u128::from(base))?
            .checked_add(u128::from(digit.to_digit(base)?))?;
    }
    any.then(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        resolve(text).map(|value| crate::write::compact(&value))
    }

    #[test]
    fn words_of_the_core_schema() {
        for (text, json) in [
            ("null", "null"),
            ("~", "null"),
            ("", "null"),
            ("True", "true"),
            ("FALSE", "false"),
            ("no", "\"no\""),
            ("off", "\"off\""),
            ("y", "\"y\""),
            ("nUll", "\"nUll\""),
        ] {
            assert_eq!(shown(text).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_literals_where_json_allows() {
        for (text, json) in [
            ("1.10", "1.10"),
            ("-0", "-0"),
            ("1e400", "1e400"),
            ("+1", "1"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1.", "1.0"),
            ("1.e5", "1.0e5"),
            ("+12e03", "12e03"),
            ("0x1F", "31"),
            ("0o17", "15"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_stays_text() {
        for text in [
            "012",
            "-012",
            "00",
            "1_000",
            "0b1",
            "1:30",
            "2020-01-01",
            "1.2.3",
            "e5",
            ".",
            "-",
            "+",
            "0x",
            "0xg",
            ".e5",
            "1e",
            "- 1",
            "٣",
        ] {
            assert_eq!(shown(text), Some(crate::write::quoted(text)), "{text}");
        }
    }

    #[test]
    fn infinities_are_known() {
        for text in [".inf", "-.Inf", "+.INF", ".nan"] {
            assert!(resolve(text).is_none(), "{text}");
        }
    }
}
