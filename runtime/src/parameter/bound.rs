use super::Members;
use crate::json::Number;
use crate::json::validate::Checker;
use crate::service::{Bound, Parameter};
use serde_json::value::RawValue;

/// Checks the JSON text of a parameter against its documented bounds. As in JSON Schema, a bound says
/// nothing about a value of another type.
pub(crate) fn check(declared: Option<&Parameter>, json: &str) -> Result<(), String> {
    let Some(declared) = declared.filter(|declared| !declared.bounds.is_empty()) else {
        return Ok(());
    };
    let mut checker = Checker::new();
    if declared.secret {
        checker.secret(|at| all(at, declared.bounds, json));
    } else {
        all(&mut checker, declared.bounds, json);
    }
    checker.finish().map_err(|violations| {
        let each = violations
            .iter()
            .map(|violation| match violation.pointer.as_str() {
                "" => violation.message.clone(),
                _ => violation.to_string(),
            });
        each.collect::<Vec<_>>().join("; ")
    })
}

fn all(at: &mut Checker, bounds: &[Bound], json: &str) {
    for bound in bounds {
        one(at, bound, json);
    }
}

fn one(at: &mut Checker, bound: &Bound, json: &str) {
    let text = || serde_json::from_str::<String>(json).ok();
    let number = || serde_json::from_str::<Number>(json).ok();
    match *bound {
        Bound::MinLength(bound) => when(text(), |text| at.min_length(&text, bound)),
        Bound::MaxLength(bound) => when(text(), |text| at.max_length(&text, bound)),
        Bound::Pattern(pattern) => when(text(), |text| at.pattern(&text, pattern)),
        Bound::Minimum(bound) => when(number(), |number| at.minimum(&number, bound)),
        Bound::ExclusiveMinimum(bound) => {
            when(number(), |number| at.exclusive_minimum(&number, bound));
        }
        Bound::Maximum(bound) => when(number(), |number| at.maximum(&number, bound)),
        Bound::ExclusiveMaximum(bound) => {
            when(number(), |number| at.exclusive_maximum(&number, bound));
        }
        Bound::MultipleOf(unit) => when(number(), |number| at.multiple_of(&number, unit)),
        Bound::MinItems(bound) => when(items(json), |items| at.min_items(&items, bound)),
        Bound::MaxItems(bound) => when(items(json), |items| at.max_items(&items, bound)),
        Bound::UniqueItems => when(items(json), |items| at.unique_items(&items)),
        Bound::OneOf(values) => {
            when(serde_json::from_str::<&RawValue>(json).ok(), |value| {
                at.one_of_json(value, values);
            });
        }
        Bound::Each(bounds) if json.starts_with('{') => {
            let members: Option<Members<'_>> = serde_json::from_str(json).ok();
            for (name, value) in members.into_iter().flat_map(|Members(members)| members) {
                at.property(&name, |at| all(at, bounds, value.get()));
            }
        }
        Bound::Each(bounds) => when(items(json), |items| {
            at.items(&items, |at, item| all(at, bounds, item.get()));
        }),
    }
}

fn when<T>(value: Option<T>, look: impl FnOnce(T)) {
    if let Some(value) = value {
        look(value);
    }
}

fn items(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}
