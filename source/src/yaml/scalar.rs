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
    if let Some(zeros) = same_in_octal(text) {
        return Some(zeros);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    let (sign, rest) = signed(text);
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

/// A number with zeros before it that is the same in octal and decimal: `00`, `007`.
fn same_in_octal(text: &str) -> Option<String> {
    let (sign, digits) = signed(text);
    let all = digits.len() > 1 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let rest = digits.trim_start_matches('0');
    let is_one = rest.len() < 2 && rest.bytes().all(|digit| digit < b'8');
    let is_same = all && digits.starts_with('0') && is_one;
    let digit = if rest.is_empty() { "0" } else { rest };
    is_same.then(|| format!("{sign}{digit}"))
}

/// The sign that JSON writes, and what stands behind the sign.
fn signed(text: &str) -> (&'static str, &str) {
    match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Whether readers of YAML 1.1 and 1.2 take a plain text for different values: a boolean or a number there, a text
/// or another number here.
pub(super) fn is_disputed(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
    ];
    if WORDS.contains(&text) {
        return true;
    }
    let (_, rest) = signed(text);
    if !rest.starts_with(|first: char| first.is_ascii_digit()) || number(text).is_some() {
        return false;
    }
    let digits = |text: &str, more: &str| {
        let is_one = |each: char| each.is_ascii_digit() || more.contains(each);
        !text.is_empty() && text.chars().all(is_one)
    };
    let clock = |text: &str| {
        let mut parts = text.split(':');
        let first = parts.next().is_some_and(|part| digits(part, "_"));
        let below_sixty = |part: &str| {
            digits(part, "") && part.len() <= 2 && part.parse::<u8>().is_ok_and(|it| it < 60)
        };
        let mut more = parts.peekable();
        first && more.peek().is_some() && more.all(below_sixty)
    };
    match rest.get(..2) {
        Some("0b") => {
            digits(&rest[2..], "_") && !rest[2..].contains(|each| each > '1' && each != '_')
        }
        Some("0x") => {
            rest.contains('_')
                && rest[2..]
                    .chars()
                    .all(|it| it.is_ascii_hexdigit() || it == '_')
        }
        _ => {
            digits(rest, "_")
                || clock(rest)
                || (rest.contains('_') && digits(rest, "_.") && rest.matches('.').count() == 1)
        }
    }
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
            ("00", "0"),
            ("-007", "-7"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_stays_text() {
        for text in [
            "012",
            "-012",
            "010",
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
    fn what_readers_dispute_is_known() {
        for text in [
            "no", "On", "012", "-08", "1_000", "1_0.5", "0b1", "0x1_F", "1:30", "12:30:45",
        ] {
            assert!(is_disputed(text), "{text}");
        }
        for text in [
            "",
            "y",
            "No.",
            "00",
            "7",
            "0x1F",
            "1.5",
            "1:75",
            "1:",
            ":30",
            "0b2",
            "0xg_",
            "1.2.3",
            "2020-01-01",
            "1e3",
            "a_1",
        ] {
            assert!(!is_disputed(text), "{text}");
        }
    }

    #[test]
    fn infinities_are_known() {
        for text in [".inf", "-.Inf", "+.INF", ".nan"] {
            assert!(resolve(text).is_none(), "{text}");
        }
    }
}
