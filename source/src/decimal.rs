//! Exact decimal numbers of any size, compared by their literals.

use std::cmp::Ordering;

/// The exact value of a JSON number: ± digits × 10^exponent.
///
/// The digits are those of the literal without zeros at either end, and the exponent may be any
/// integer: `1e999999999` is one digit with an exponent, never a billion digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    exponent: Exponent,
}

/// An integer of any size.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Exponent {
    Small(i64),
    /// Sign and digits without leading zeros, outside the range of `Small`.
    Large {
        negative: bool,
        digits: String,
    },
}

impl Decimal {
    /// The value of a JSON number; `None` where the text is not written as one.
    pub fn parse(lexeme: &str) -> Option<Self> {
        let parts = Parts::of(lexeme)?;
        let all = [parts.integer, parts.fraction].concat();
        let whole = all.trim_end_matches('0');
        let digits = whole.trim_start_matches('0');
        if digits.is_empty() {
            return Some(Self {
                negative: false,
                digits: String::new(),
                exponent: Exponent::Small(0),
            });
        }
        let dropped = i64::try_from(all.len() - whole.len()).ok()?;
        let shift = dropped.checked_sub(i64::try_from(parts.fraction.len()).ok()?)?;
        Some(Self {
            negative: parts.negative,
            digits: digits.to_owned(),
            exponent: Exponent::shifted(parts.exponent, shift),
        })
    }

    /// Whether there is nothing behind the decimal point.
    pub fn is_integer(&self) -> bool {
        match &self.exponent {
            Exponent::Small(exponent) => *exponent >= 0,
            Exponent::Large { negative, .. } => !negative,
        }
    }

    /// Whether the value is zero.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The integer, where the value is one and fits.
    pub fn to_i128(&self) -> Option<i128> {
        if self.is_zero() {
            return Some(0);
        }
        let Exponent::Small(exponent) = self.exponent else {
            return None;
        };
        let power = 10i128.checked_pow(u32::try_from(exponent).ok()?)?;
        let magnitude = self.digits.parse::<i128>().ok()?.checked_mul(power)?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// How two values compare.
    fn compare(&self, other: &Self) -> Ordering {
        let rank = |decimal: &Self| match (decimal.is_zero(), decimal.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let (left, right) = (rank(self), rank(other));
        if left != right || left == 0 {
            return left.cmp(&right);
        }
        let magnitude = self.magnitude(other);
        if self.negative {
            magnitude.reverse()
        } else {
            magnitude
        }
    }

    /// How two values other than zero compare without their signs.
    fn magnitude(&self, other: &Self) -> Ordering {
        // The power of ten of the first digit decides; where it is equal, the digits from the
        // left do, whatever their number.
        let top = |decimal: &Self| {
            decimal
                .exponent
                .plus(i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX))
        };
        top(self)
            .compare(&top(other))
            .then_with(|| self.digits.cmp(&other.digits))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other)
    }
}

impl Exponent {
    /// A written exponent, with its sign, plus a shift.
    fn shifted(written: &str, shift: i64) -> Self {
        let negative = written.starts_with('-');
        let digits = written
            .trim_start_matches(['+', '-'])
            .trim_start_matches('0');
        Self::of(negative, digits).plus(shift)
    }

    fn of(negative: bool, digits: &str) -> Self {
        if digits.is_empty() {
            return Self::Small(0);
        }
        let value = digits
            .parse::<i128>()
            .ok()
            .map(|value| if negative { -value } else { value });
        match value.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => Self::Small(value),
            None => Self::Large {
                negative,
                digits: digits.to_owned(),
            },
        }
    }

    fn plus(&self, shift: i64) -> Self {
        match self {
            Self::Small(value) => {
                let sum = i128::from(*value) + i128::from(shift);
                match i64::try_from(sum) {
                    Ok(sum) => Self::Small(sum),
                    Err(_) => Self::of(sum < 0, &sum.unsigned_abs().to_string()),
                }
            }
            Self::Large { negative, digits } => {
                // The magnitude grows where the signs agree and shrinks where they do not.
                let grows = *negative == (shift < 0);
                let moved = if grows {
                    grow(digits, shift.unsigned_abs())
                } else {
                    shrink(digits, shift.unsigned_abs())
                };
                Self::of(*negative, moved.trim_start_matches('0'))
            }
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Small(left), Self::Small(right)) => left.cmp(right),
            (Self::Small(_), Self::Large { negative, .. }) => {
                if *negative {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Self::Large { .. }, Self::Small(_)) => other.compare(self).reverse(),
            (
                Self::Large {
                    negative: left_negative,
                    digits: left,
                },
                Self::Large {
                    negative: right_negative,
                    digits: right,
                },
            ) => match (left_negative, right_negative) {
                (false, true) => Ordering::Greater,
                (true, false) => Ordering::Less,
                (false, false) => left.len().cmp(&right.len()).then_with(|| left.cmp(right)),
                (true, true) => right.len().cmp(&left.len()).then_with(|| right.cmp(left)),
            },
        }
    }
}

/// Decimal digits plus a number.
fn grow(digits: &str, plus: u64) -> String {
    let mut carry = u128::from(plus);
    let mut sum: Vec<u8> = Vec::with_capacity(digits.len() + 20);
    for digit in digits.bytes().rev() {
        carry += u128::from(digit - b'0');
        sum.push(digit_of(carry));
        carry /= 10;
    }
    while carry > 0 {
        sum.push(digit_of(carry));
        carry /= 10;
    }
    sum.iter().rev().map(|&digit| char::from(digit)).collect()
}

/// Decimal digits of a number above every `u64`'s half, minus a number not larger.
fn shrink(digits: &str, minus: u64) -> String {
    let mut rest = minus;
    let mut borrow = 0;
    let mut difference: Vec<u8> = Vec::with_capacity(digits.len());
    for digit in digits.bytes().rev() {
        let take = u8::try_from(rest % 10).unwrap_or(0) + borrow;
        rest /= 10;
        let digit = digit - b'0';
        borrow = u8::from(digit < take);
        difference.push(b'0' + digit + 10 * borrow - take);
    }
    difference
        .iter()
        .rev()
        .map(|&digit| char::from(digit))
        .collect()
}

fn digit_of(value: u128) -> u8 {
    b'0' + u8::try_from(value % 10).unwrap_or(0)
}

/// The parts of a JSON number.
struct Parts<'a> {
    negative: bool,
    integer: &'a str,
    /// Without the point; may be empty.
    fraction: &'a str,
    /// With its sign, without the `e`; may be empty.
    exponent: &'a str,
}

impl<'a> Parts<'a> {
    fn of(lexeme: &'a str) -> Option<Self> {
        let rest = lexeme.strip_prefix('-').unwrap_or(lexeme);
        let negative = rest.len() < lexeme.len();
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let (integer, fraction) = match mantissa.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (mantissa, None),
        };
        let leads = integer == "0" || !integer.starts_with('0');
        let unsigned =
            exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        let holds = leads
            && is_digits(integer)
            && fraction.is_none_or(is_digits)
            && unsigned.is_none_or(is_digits);
        holds.then(|| Self {
            negative,
            integer,
            fraction: fraction.unwrap_or(""),
            exponent: exponent.unwrap_or(""),
        })
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a number as JSON writes numbers.
pub fn is_json_number(text: &str) -> bool {
    Parts::of(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn equal_values_are_equal_however_written() {
        for (left, right) in [
            ("0", "-0.000e999"),
            ("1", "1.0"),
            ("100", "1e2"),
            ("1200e-2", "12"),
            ("0.00120", "12E-4"),
            (
                "1e999999999999999999999999999999",
                "10e999999999999999999999999999998",
            ),
            (
                "1e-999999999999999999999999999999",
                "0.1e-999999999999999999999999999998",
            ),
            ("1e9223372036854775808", "10e9223372036854775807"),
            ("0.1e9223372036854775808", "1e+09223372036854775807"),
            ("1e-9223372036854775808", "0.1e-9223372036854775807"),
            ("1e-9223372036854775809", "0.01e-9223372036854775807"),
            (
                "123456789012345678901234567890.0",
                "123456789012345678901234567890",
            ),
        ] {
            assert_eq!(decimal(left), decimal(right), "{left} {right}");
            assert_eq!(decimal(left).cmp(&decimal(right)), Ordering::Equal);
        }
    }

    #[test]
    fn order_is_that_of_the_values() {
        let rising = [
            "-1e99999999999999999999",
            "-2e5",
            "-199999",
            "-0.1",
            "-1e-99999999999999999999",
            "-1e-99999999999999999999999",
            "0",
            "1e-99999999999999999999999",
            "1e-99999999999999999999",
            "0.1",
            "0.100000000000000000000000000001",
            "9007199254740992",
            "9007199254740993",
            "1e400",
            "2e400",
            "1e99999999999999999999",
            "1e999999999999999999999",
        ];
        for (at, left) in rising.iter().enumerate() {
            for right in &rising[at + 1..] {
                assert_eq!(
                    decimal(left).cmp(&decimal(right)),
                    Ordering::Less,
                    "{left} {right}"
                );
                assert_eq!(decimal(right).cmp(&decimal(left)), Ordering::Greater);
            }
        }
    }

    #[test]
    fn integers_are_known() {
        assert_eq!(decimal("12.50e2").to_i128(), Some(1250));
        assert_eq!(decimal("-3").to_i128(), Some(-3));
        assert_eq!(decimal("0.0").to_i128(), Some(0));
        assert_eq!(decimal("0.5").to_i128(), None);
        assert_eq!(decimal("1e39").to_i128(), None);
        assert!(decimal("1e999999999").is_integer() && !decimal("1e-999999999").is_integer());
    }

    #[test]
    fn only_json_numbers_are_numbers() {
        for wrong in [
            "", "-", "+1", "01", ".5", "1.", "1e", "1e+", "0x1", "NaN", "1 ", "--1",
        ] {
            assert!(Decimal::parse(wrong).is_none(), "{wrong}");
        }
    }
}
