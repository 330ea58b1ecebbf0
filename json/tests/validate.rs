//! Bounds of requests: exact, counted in characters, each violation with its place.

use verbatim_json::validate::{Checker, Validate, check};
use verbatim_json::{Json, Map, Number, SecretString};

fn found(look: impl FnOnce(&mut Checker)) -> String {
    let mut checker = Checker::new();
    look(&mut checker);
    checker
        .finish()
        .map_or_else(|violations| violations.to_string(), |()| "fine".to_owned())
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn lengths_are_counted_in_characters() {
    assert_eq!(found(|at| at.max_length("ééé", 3)), "fine");
    assert_eq!(
        found(|at| at.max_length("ééé", 2)),
        "the value: 3 characters, at most 2 are allowed"
    );
    assert_eq!(
        found(|at| at.min_length("é", 2)),
        "the value: 1 characters, at least 2 are needed"
    );
    assert_eq!(found(|at| at.min_length("", 0)), "fine");
}

#[test]
fn numbers_are_compared_as_exact_decimals() {
    assert_eq!(found(|at| at.minimum(&number("0.5"), "0.5")), "fine");
    assert_eq!(
        found(|at| at.minimum(&number("0.49999999999999999999"), "0.5")),
        "the value: 0.49999999999999999999 is below the minimum 0.5"
    );
    assert_eq!(
        found(|at| at.maximum(&9_007_199_254_740_993_i64, "9007199254740993")),
        "fine"
    );
    assert_eq!(
        found(|at| at.maximum(&9_007_199_254_740_993_i64, "9007199254740992")),
        "the value: 9007199254740993 is above the maximum 9007199254740992"
    );
    assert_eq!(
        found(|at| at.exclusive_minimum(&1_u8, "1")),
        "the value: 1 is not above 1"
    );
    assert_eq!(
        found(|at| at.exclusive_maximum(&1_u8, "1.0")),
        "the value: 1 is not below 1.0"
    );
    assert_eq!(found(|at| at.multiple_of(&number("0.3"), "0.1")), "fine");
    assert_eq!(
        found(|at| at.multiple_of(&number("0.35"), "0.1")),
        "the value: 0.35 is not a multiple of 0.1"
    );
    assert_eq!(
        found(|at| at.minimum(&1, "one")),
        "the value: the documented bound \"one\" is no number"
    );
}

#[test]
fn arrays_objects_and_enumerations_are_checked() {
    assert_eq!(
        found(|at| at.min_items(&[1], 2)),
        "the value: 1 items, at least 2 are needed"
    );
    assert_eq!(
        found(|at| at.max_items(&[1, 2], 1)),
        "the value: 2 items, at most 1 are allowed"
    );
    assert_eq!(
        found(|at| at.unique_items(&["a", "b", "a"])),
        "the value: item 2 repeats an earlier one"
    );
    assert_eq!(found(|at| at.unique_items(&["a", "b"])), "fine");
    assert_eq!(
        found(|at| at.min_properties(0, 1)),
        "the value: 0 properties, at least 1 are needed"
    );
    assert_eq!(
        found(|at| at.max_properties(2, 1)),
        "the value: 2 properties, at most 1 are allowed"
    );
    assert_eq!(
        found(|at| at.one_of("c", &["a", "b"])),
        "the value: \"c\" is none of a, b"
    );
    assert_eq!(
        found(|at| at.one_of_json(&number("1.0"), &["1", "\"a\""])),
        "fine"
    );
    assert_eq!(
        found(|at| at.one_of_json("1", &["1", "null"])),
        "the value: \"1\" is none of 1, null"
    );
}

#[test]
fn required_sets_are_counted() {
    let sets = |model, size| {
        found(|at| {
            at.exactly_one_required(&[(&["model"], model), (&["cores", "ram"], size)]);
        })
    };
    assert_eq!(sets(true, false), "fine");
    assert_eq!(
        sets(true, true),
        "the value: exactly one of `model`, (`cores`, `ram`) is needed, 2 are given"
    );
    assert_eq!(
        sets(false, false),
        "the value: exactly one of `model`, (`cores`, `ram`) is needed, 0 are given"
    );
    assert_eq!(
        found(|at| at.any_required(&[(&["a"], false), (&["b"], false)])),
        "the value: at least one of `a`, `b` is needed"
    );
    assert_eq!(
        found(|at| at.dependent_required(("a", true), ("b", false))),
        "the value: `a` needs `b` beside it"
    );
}

struct Name(&'static str);

impl Validate for Name {
    fn validate(&self, at: &mut Checker) {
        at.property("na/me~", |at| at.max_length(self.0, 2));
    }
}

#[test]
fn every_violation_has_its_place() {
    let names = vec![Name("ab"), Name("abc"), Name("abcd")];
    assert_eq!(
        check(&names).unwrap_err().to_string(),
        "/1/na~1me~0: 3 characters, at most 2 are allowed; /2/na~1me~0: 4 characters, at most 2 are allowed"
    );
    let map: Map<Option<Name>> = [("a", None), ("b", Some(Name("abc")))]
        .into_iter()
        .collect();
    let violations = check(&map).unwrap_err();
    let first = violations.iter().next().unwrap();
    assert_eq!(
        (first.pointer.as_str(), first.rule),
        ("/b/na~1me~0", "maxLength")
    );
    check(&"[1]".parse::<Json>().unwrap()).unwrap();
}

#[test]
fn a_secret_out_of_bounds_is_not_shown() {
    let password = SecretString::from("canary");
    let shown = found(|at| at.secret(|at| at.one_of(password.expose(), &["x"])));
    assert_eq!(shown, "the value: the value breaks the rule `enum`");
}
