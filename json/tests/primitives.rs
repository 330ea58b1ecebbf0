//! Numbers and absent values beside the types of the language.

use verbatim_json::{self as json, Maybe, Nullable, Number};

fn number(text: &str) -> Number {
    json::from_str(text).unwrap()
}

#[test]
fn numbers_compare_with_primitive_types() {
    assert!(number("512") == 512 && 512_u64 == number("5.12e2") && number("0.1") == 0.1);
    assert!(number("18446744073709551616") > u64::MAX && number("-1") < 0_u8);
    assert!(number("1e400") < f64::INFINITY && number("0.30") != 0.1 + 0.2);
    assert!(number("1").partial_cmp(&f64::NAN).is_none());
}

#[test]
fn numbers_convert_where_they_fit() {
    assert_eq!(u64::try_from(number("18446744073709551615")), Ok(u64::MAX));
    assert_eq!(u8::try_from(&number("2.50e2")), Ok(250));
    assert_eq!(
        i128::try_from(number("-9223372036854775809")),
        Ok(-9_223_372_036_854_775_809)
    );
    for (text, message) in [
        ("256", "256 does not fit into u8"),
        ("-1", "-1 does not fit into u8"),
        ("1.5", "1.5 does not fit into u8"),
        ("1e999999999", "1e999999999 does not fit into u8"),
    ] {
        assert_eq!(u8::try_from(number(text)).unwrap_err().to_string(), message);
    }
}

#[test]
fn maybe_does_what_option_does() {
    let mut name = Maybe::Value("web".to_owned());
    assert_eq!(
        name.cloned().filter(|name| name.len() == 3).as_deref(),
        Some("web")
    );
    assert_eq!(name.iter().count(), 1);
    assert_eq!(
        name.replace("db".to_owned()),
        Maybe::Value("web".to_owned())
    );
    assert_eq!(name.take().unwrap_or_default(), "db");
    assert!(name.is_absent() && name.clone().ok_or("no name") == Err("no name"));
    assert_eq!(Maybe::<u8>::Null.unwrap_or(7), 7);
    assert_eq!(Nullable::Value(7).copied().map_or(0, |it: u8| it + 1), 8);
    assert!(
        Nullable::Value(7).is_some_and(|it: u8| it > 6) && !Maybe::<u8>::Null.is_some_and(|_| true)
    );
    let mut gone = Nullable::Value(1);
    assert_eq!((gone.take(), gone), (Nullable::Value(1), Nullable::Null));
}
