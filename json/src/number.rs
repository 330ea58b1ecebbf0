use super::value::raw;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A JSON number of any size and precision, kept as it was written.
///
/// Comparison is by exact decimal value; text is by the digits received.
///
/// ```
/// use verbatim_json::Number;
///
/// let price: Number = "60.50".parse().unwrap();
/// assert_eq!(price, Number::try_from(60.5).unwrap());
/// assert_eq!(price.to_string(), "60.50");
/// assert_ne!("0.1".parse::<Number>(), "0.10000000000000001".parse::<Number>());
/// ```
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    /// An integer in its shortest form.
    Integer(i64),
    /// Any other literal of JSON's grammar.
    Literal(Box<str>),
}

/// A text that is not a JSON number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseNumberError(String);

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a JSON number", self.0)
    }
}

impl std::error::Error for ParseNumberError {}

impl Number {
    /// The value as an `i64`, if it is an integer in range.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(value) => Some(*value),
            Repr::Literal(text) => Decimal::new(text).integer()?.parse().ok(),
        }
    }

    /// The nearest `f64`; infinite where the value is out of its range.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "documented as the nearest value"
            )]
            Repr::Integer(value) => *value as f64,
            // Every JSON number is a Rust float literal, so this parse does not fail.
            Repr::Literal(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// Whether the value has no fractional part.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Integer(_) => true,
            Repr::Literal(text) => Decimal::new(text).exponent >= 0,
        }
    }

    /// Whether the value is an exact multiple of another; false for a multiple of zero, and where
    /// the numbers are too far apart in size to be divided digit by digit.
    pub fn is_multiple_of(&self, unit: &Self) -> bool {
        let (value, unit) = (self.to_string(), unit.to_string());
        let (value, unit) = (Decimal::new(&value), Decimal::new(&unit));
        if value.digits.is_empty() {
            return true;
        }
        let scale = value.exponent.min(unit.exponent);
        match (value.scaled(scale), unit.scaled(scale)) {
            (Some(value), Some(unit)) if unit != 0 => value % unit == 0,
            _ => false,
        }
    }

    pub(super) fn from_literal(text: &str) -> Self {
        let canonical = text != "-0" && !text.contains(['.', 'e', 'E']);
        match text.parse() {
            Ok(value) if canonical => Self(Repr::Integer(value)),
            _ => Self(Repr::Literal(text.into())),
        }
    }
}

/// A decimal in its normal form: no zeros at either end of the digits.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Decimal {
    negative: bool,
    /// Significant digits; empty for zero.
    digits: String,
    /// Power of ten of the last digit.
    exponent: i128,
}

impl Decimal {
    /// Takes a literal of JSON's grammar apart. Exponents beyond 35 digits are cut off at that size.
    pub(super) fn new(literal: &str) -> Self {
        let (negative, unsigned) = match literal.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, literal),
        };
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        let trimmed = digits.trim_end_matches('0');
        let digits = trimmed.trim_start_matches('0');
        if digits.is_empty() {
            return Self {
                negative: false,
                digits: String::new(),
                exponent: 0,
            };
        }
        let dropped = whole.len() + fraction.len() - trimmed.len();
        let size = |n: usize| i128::try_from(n).unwrap_or(i128::MAX);
        Self {
            negative,
            digits: digits.to_owned(),
            exponent: parse_power(power) - size(fraction.len()) + size(dropped),
        }
    }

    /// The plain integer digits, if the value is an integer of at most 40 digits.
    pub(super) fn integer(&self) -> Option<String> {
        if self.digits.is_empty() {
            return Some("0".to_owned());
        }
        let zeros = usize::try_from(self.exponent).ok()?;
        if self.digits.len().checked_add(zeros)? > 40 {
            return None;
        }
        let sign = if self.negative { "-" } else { "" };
        Some(format!("{sign}{}{}", self.digits, "0".repeat(zeros)))
    }

    fn scaled(&self, scale: i128) -> Option<i128> {
        let zeros = u32::try_from(self.exponent.checked_sub(scale)?).ok()?;
        let digits: i128 = if self.digits.is_empty() {
            0
        } else {
            self.digits.parse().ok()?
        };
        digits.checked_mul(10_i128.checked_pow(zeros)?)
    }

    /// The power of ten just above the first digit; decides between values of one sign.
    fn magnitude(&self) -> i128 {
        let length = i128::try_from(self.digits.len()).unwrap_or(i128::MAX);
        self.exponent.saturating_add(length)
    }
}

fn parse_power(text: &str) -> i128 {
    const LIMIT: i128 = 10_i128.pow(35);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let power = digits.parse().unwrap_or(LIMIT).min(LIMIT);
    if negative { -power } else { power }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |d: &Self| match (d.digits.is_empty(), d.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let by_size = || {
            let magnitude = self.magnitude().cmp(&other.magnitude());
            magnitude.then_with(|| self.digits.cmp(&other.digits))
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            if self.negative {
                by_size().reverse()
            } else {
                by_size()
            }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Integer(a), Repr::Integer(b)) => a.cmp(b),
            _ => Decimal::new(&self.to_string()).cmp(&Decimal::new(&other.to_string())),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Decimal::new(&self.to_string()).hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(value) => value.fmt(f),
            Repr::Literal(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Number {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_literal(text) {
            Ok(Self::from_literal(text))
        } else {
            Err(ParseNumberError(format!("{text:?}")))
        }
    }
}

/// Whether a text is a number by JSON's grammar.
fn is_literal(text: &str) -> bool {
    fn digits(text: &str) -> &str {
        text.trim_start_matches(|c: char| c.is_ascii_digit())
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut rest = match unsigned.strip_prefix('0') {
        Some(rest) => rest,
        None => digits(unsigned),
    };
    if rest.len() == unsigned.len() {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = digits(fraction);
        if rest.len() == fraction.len() {
            return false;
        }
    }
    if let Some(power) = rest.strip_prefix(['e', 'E']) {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        rest = digits(power);
        if rest.len() == power.len() {
            return false;
        }
    }
    rest.is_empty()
}

macro_rules! from_integers {
    ($($small:ty),*; $($large:ty),*) => {
        $(impl From<$small> for Number {
            fn from(value: $small) -> Self {
                Self(Repr::Integer(value.into()))
            }
        })*
        $(impl From<$large> for Number {
            fn from(value: $large) -> Self {
                Self::from_literal(&value.to_string())
            }
        })*
    };
}

from_integers!(i8, i16, i32, i64, u8, u16, u32; u64, i128, u128, usize, isize);

macro_rules! with_integers {
    ($($ty:ty),*) => {$(
        impl PartialEq<$ty> for Number {
            fn eq(&self, other: &$ty) -> bool {
                self.cmp(&Self::from(*other)) == Ordering::Equal
            }
        }

        impl PartialEq<Number> for $ty {
            fn eq(&self, other: &Number) -> bool {
                other == self
            }
        }

        impl PartialOrd<$ty> for Number {
            fn partial_cmp(&self, other: &$ty) -> Option<Ordering> {
                self.partial_cmp(&Self::from(*other))
            }
        }

        /// The same value, where it is an integer that fits.
        impl TryFrom<&Number> for $ty {
            type Error = ConvertNumberError;

            fn try_from(number: &Number) -> Result<Self, Self::Error> {
                let integer = match &number.0 {
                    Repr::Integer(value) => Self::try_from(*value).ok(),
                    Repr::Literal(text) => {
                        Decimal::new(text).integer().and_then(|text| text.parse().ok())
                    }
                };
                integer.ok_or_else(|| ConvertNumberError {
                    number: number.clone(),
                    wanted: stringify!($ty),
                })
            }
        }

        impl TryFrom<Number> for $ty {
            type Error = ConvertNumberError;

            fn try_from(number: Number) -> Result<Self, Self::Error> {
                Self::try_from(&number)
            }
        }
    )*};
}

with_integers!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

/// Equal where the shortest decimal of the `f64` is the same number: `0.1` is the JSON number 0.1.
impl PartialEq<f64> for Number {
    fn eq(&self, other: &f64) -> bool {
        Self::try_from(*other).is_ok_and(|other| *self == other)
    }
}

impl PartialEq<Number> for f64 {
    fn eq(&self, other: &Number) -> bool {
        other == self
    }
}

/// By the shortest decimal of the `f64`; NaN is neither smaller nor larger.
impl PartialOrd<f64> for Number {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        match Self::try_from(*other) {
            Ok(other) => self.partial_cmp(&other),
            Err(_) if other.is_nan() => None,
            Err(_) if *other > 0.0 => Some(Ordering::Less),
            Err(_) => Some(Ordering::Greater),
        }
    }
}

/// Why a number is not one of a primitive type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvertNumberError {
    number: Number,
    wanted: &'static str,
}

impl fmt::Display for ConvertNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not fit into {}", self.number, self.wanted)
    }
}

impl std::error::Error for ConvertNumberError {}

/// The shortest decimal that reads back as the same `f64`; NaN and infinities have none.
impl TryFrom<f64> for Number {
    type Error = ParseNumberError;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        if value.is_finite() {
            Ok(Self::from_literal(&value.to_string()))
        } else {
            Err(ParseNumberError(value.to_string()))
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Integer(value) => serializer.serialize_i64(*value),
            Repr::Literal(text) => RawValue::from_string(text.to_string())
                .map_err(S::Error::custom)?
                .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = raw(deserializer)?;
        let text = value.get();
        match text.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Ok(Self::from_literal(text)),
            first => Err(D::Error::custom(format_args!(
                "invalid type: {}, expected a number",
                kind_of(first.copied())
            ))),
        }
    }
}

/// What kind of JSON value begins with a byte.
pub(super) fn kind_of(first: Option<u8>) -> &'static str {
    match first {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn equality_is_by_exact_decimal() {
        for (a, b) in [
            ("2", "2.0"),
            ("2", "2e0"),
            ("60.50", "60.5"),
            ("-0", "0"),
            ("0e5", "0.000"),
            ("1E2", "100"),
            ("12e-1", "1.2"),
            ("1e400", "10e399"),
        ] {
            assert_eq!(number(a), number(b));
        }
        for (a, b) in [
            ("0.1", "0.10000000000000001"),
            ("9007199254740993", "9007199254740992"),
            ("1e400", "1e401"),
            ("-1", "1"),
        ] {
            assert_ne!(number(a), number(b));
        }
    }

    #[test]
    fn order_is_by_exact_decimal() {
        let sorted = ["-1e3", "-2", "-1.5", "0", "1e-9", "0.5", "9", "10", "1e30"];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn multiples_are_exact() {
        for (value, unit, expected) in [
            ("0.3", "0.1", true),
            ("7.5", "0.5", true),
            ("7.25", "0.5", false),
            ("40", "20", true),
            ("0", "20", true),
            ("1e30", "10", true),
            ("5", "0", false),
        ] {
            assert_eq!(
                number(value).is_multiple_of(&number(unit)),
                expected,
                "{value} {unit}"
            );
        }
    }

    #[test]
    fn only_json_numbers_parse() {
        for text in [
            "", "-", "01", "1.", ".5", "1e", "+1", "1 ", "NaN", "0x1", "1e+",
        ] {
            assert!(text.parse::<Number>().is_err(), "{text:?}");
        }
        for text in ["0", "-0", "1.50", "1e+5", "123456789012345678901234567890"] {
            assert_eq!(number(text).to_string(), text);
            assert_eq!(serde_json::to_string(&number(text)).unwrap(), text);
        }
    }

    #[test]
    fn integers_are_read_from_any_spelling() {
        assert_eq!(number("1e2").as_i64(), Some(100));
        assert_eq!(number("2.0").as_i64(), Some(2));
        assert_eq!(number("2.5").as_i64(), None);
        assert_eq!(number("1e99999999999").as_i64(), None);
        assert_eq!(
            number("1e-99999999999999999999999999999999999999999").as_i64(),
            None
        );
    }
}
