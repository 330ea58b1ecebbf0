use super::Checker;
use crate::{Json, Number};
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::HashSet;

/// The bounds of JSON Schema, one method for each keyword.
///
/// Bounds of numbers are decimal texts, so that `0.1` is the tenth the document means.
impl Checker {
    /// `minLength`, counted in characters.
    pub fn min_length(&mut self, text: &str, bound: usize) {
        let length = text.chars().take(bound).count();
        if length < bound {
            self.violation(
                "minLength",
                format!("{length} characters, at least {bound} are needed"),
            );
        }
    }

    /// `maxLength`, counted in characters.
    pub fn max_length(&mut self, text: &str, bound: usize) {
        // A text has no more characters than bytes, so most texts need not be counted.
        if text.len() > bound {
            let length = text.chars().count();
            if length > bound {
                self.violation(
                    "maxLength",
                    format!("{length} characters, at most {bound} are allowed"),
                );
            }
        }
    }

    /// `minimum`.
    pub fn minimum<V: Decimal + ?Sized>(&mut self, value: &V, bound: &str) {
        if self.order(value, bound) == Some(Ordering::Less) {
            self.violation(
                "minimum",
                format!("{} is below the minimum {bound}", value.number()),
            );
        }
    }

    /// `maximum`.
    pub fn maximum<V: Decimal + ?Sized>(&mut self, value: &V, bound: &str) {
        if self.order(value, bound) == Some(Ordering::Greater) {
            self.violation(
                "maximum",
                format!("{} is above the maximum {bound}", value.number()),
            );
        }
    }

    /// `exclusiveMinimum`.
    pub fn exclusive_minimum<V: Decimal + ?Sized>(&mut self, value: &V, bound: &str) {
        if matches!(
            self.order(value, bound),
            Some(Ordering::Less | Ordering::Equal)
        ) {
            self.violation(
                "exclusiveMinimum",
                format!("{} is not above {bound}", value.number()),
            );
        }
    }

    /// `exclusiveMaximum`.
    pub fn exclusive_maximum<V: Decimal + ?Sized>(&mut self, value: &V, bound: &str) {
        if matches!(
            self.order(value, bound),
            Some(Ordering::Greater | Ordering::Equal)
        ) {
            self.violation(
                "exclusiveMaximum",
                format!("{} is not below {bound}", value.number()),
            );
        }
    }

    /// `multipleOf`, exact.
    pub fn multiple_of<V: Decimal + ?Sized>(&mut self, value: &V, unit: &str) {
        let number = value.number();
        if let Some(unit) = self.bound(unit)
            && !number.is_multiple_of(&unit)
        {
            self.violation(
                "multipleOf",
                format!("{number} is not a multiple of {unit}"),
            );
        }
    }

    /// `minItems`.
    pub fn min_items<T>(&mut self, items: &[T], bound: usize) {
        if items.len() < bound {
            self.violation(
                "minItems",
                format!("{} items, at least {bound} are needed", items.len()),
            );
        }
    }

    /// `maxItems`.
    pub fn max_items<T>(&mut self, items: &[T], bound: usize) {
        if items.len() > bound {
            self.violation(
                "maxItems",
                format!("{} items, at most {bound} are allowed", items.len()),
            );
        }
    }

    /// `uniqueItems`. Items are compared as the JSON they are sent as.
    pub fn unique_items<T: Serialize>(&mut self, items: &[T]) {
        let mut seen = HashSet::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if let Ok(text) = crate::to_string(item)
                && !seen.insert(text)
            {
                self.violation(
                    "uniqueItems",
                    format!("item {index} repeats an earlier one"),
                );
                return;
            }
        }
    }

    /// `minProperties`.
    pub fn min_properties(&mut self, count: usize, bound: usize) {
        if count < bound {
            self.violation(
                "minProperties",
                format!("{count} properties, at least {bound} are needed"),
            );
        }
    }

    /// `maxProperties`.
    pub fn max_properties(&mut self, count: usize, bound: usize) {
        if count > bound {
            self.violation(
                "maxProperties",
                format!("{count} properties, at most {bound} are allowed"),
            );
        }
    }

    /// `enum` and `const` of texts.
    pub fn one_of(&mut self, text: &str, allowed: &[&str]) {
        if !allowed.contains(&text) {
            self.violation(
                "enum",
                format!("{text:?} is none of {}", allowed.join(", ")),
            );
        }
    }

    /// `enum` of any values, compared as exact JSON; `allowed` are JSON texts.
    pub fn one_of_json<V: Serialize + ?Sized>(&mut self, value: &V, allowed: &[&str]) {
        let Ok(own) = Json::encode(value) else {
            return;
        };
        let number = own.to_string().parse::<Number>().ok();
        let equal = |text: &&str| match (&number, text.parse::<Number>()) {
            (Some(number), Ok(other)) => *number == other,
            _ => text.parse::<Json>().is_ok_and(|other| other == own),
        };
        if !allowed.iter().any(equal) {
            self.violation("enum", format!("{own} is none of {}", allowed.join(", ")));
        }
    }

    /// `additionalProperties: false`: an object that keeps what replies bring holds none of it in a request.
    pub fn no_additional<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        for name in names {
            self.property(name, |at| {
                at.violation(
                    "additionalProperties",
                    "the document names no such property, and allows no other",
                );
            });
        }
    }

    /// A value that fits no branch of a union, which replies keep and requests do not hold.
    pub fn no_branch(&mut self) {
        self.violation(
            "oneOf",
            "the value fits no alternative that the document names",
        );
    }

    /// The property that tells the branches of a union apart: it is there, and says this branch.
    pub fn tag<V: Serialize + ?Sized>(&mut self, name: &str, value: Option<&V>, tags: &[&str]) {
        let text = value.map(crate::to_string);
        let is_one = |text: &String| {
            tags.iter()
                .any(|tag| crate::to_string(tag).is_ok_and(|tag| tag == *text))
        };
        let message = match &text {
            Some(Ok(text)) if is_one(text) => return,
            Some(Ok(text)) => format!(
                "{text} names another alternative: here it is {}",
                tags.join(", ")
            ),
            _ => format!(
                "it tells the alternatives apart: here it is {}",
                tags.join(", ")
            ),
        };
        self.property(name, |at| at.violation("discriminator", message));
    }

    /// `oneOf` of required sets: exactly one alternative must be complete. Each alternative is the
    /// names of its properties, and whether all of them are there.
    pub fn exactly_one_required(&mut self, alternatives: &[(&[&str], bool)]) {
        let complete = alternatives.iter().filter(|(_, present)| *present).count();
        if complete != 1 {
            self.violation(
                "oneOf",
                format!(
                    "exactly one of {} is needed, {complete} are given",
                    sets(alternatives)
                ),
            );
        }
    }

    /// `anyOf` of required sets: at least one alternative must be complete.
    pub fn any_required(&mut self, alternatives: &[(&[&str], bool)]) {
        if !alternatives.iter().any(|(_, present)| *present) {
            self.violation(
                "anyOf",
                format!("at least one of {} is needed", sets(alternatives)),
            );
        }
    }

    /// `dependentRequired`: where one property is there, another must be.
    pub fn dependent_required(&mut self, property: (&str, bool), needs: (&str, bool)) {
        if property.1 && !needs.1 {
            self.violation(
                "dependentRequired",
                format!("`{}` needs `{}` beside it", property.0, needs.0),
            );
        }
    }

    fn order<V: Decimal + ?Sized>(&mut self, value: &V, bound: &str) -> Option<Ordering> {
        Some(value.number().cmp(&self.bound(bound)?))
    }

    /// A bound that is no number is a fault of the document, and said rather than ignored.
    fn bound(&mut self, text: &str) -> Option<Number> {
        let number = text.parse().ok();
        if number.is_none() {
            self.violation(
                "bound",
                format!("the documented bound {text:?} is no number"),
            );
        }
        number
    }
}

fn sets(alternatives: &[(&[&str], bool)]) -> String {
    let texts: Vec<String> = alternatives
        .iter()
        .map(|(names, _)| match names {
            [name] => format!("`{name}`"),
            names => format!("(`{}`)", names.join("`, `")),
        })
        .collect();
    texts.join(", ")
}

/// A number whose exact decimal value is known.
pub trait Decimal {
    /// The value.
    fn number(&self) -> Number;
}

impl Decimal for Number {
    fn number(&self) -> Number {
        self.clone()
    }
}

impl<T: Decimal + ?Sized> Decimal for &T {
    fn number(&self) -> Number {
        (**self).number()
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {
        $(impl Decimal for $integer {
            fn number(&self) -> Number {
                Number::from(*self)
            }
        })*
    };
}

integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 usize isize);
