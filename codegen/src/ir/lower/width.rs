//! Whole numbers: how large they become.
//!
//! `i64` is what people expect of an integer, and nearly every one fits it. A document shows that one does not by its
//! format, its bounds, or its own values: a default or an example beyond the range. Then the type is `u64` where it
//! cannot be negative and fits, else an exact number of any size. A larger number where the document showed none is
//! refused with its place: to give every counter a type that cannot be added would cost all users for the sake of few.

use verbatim_source::Value;

use super::{Lowering, Part, View};
use crate::document::{Annotations, Id, Schema};
use crate::ir::{Additional, Api, Bounds, Shape, TypeId, Width};

/// How many names and branches are gone through on one value.
const HOPS: usize = 32;

/// How many steps all values together may take.
const STEPS: usize = 1_000_000;

/// A value of the document that a type was seen to have.
pub(super) type Seen<'d> = (TypeId, &'d Value);

/// The range of a whole number, from its format and bounds.
pub(super) fn width(format: Option<&str>, bounds: &Bounds) -> Width {
    let beyond = |bound: &Option<String>| bound.as_deref().is_some_and(is_beyond);
    let (low, high) = (&bounds.minimum, &bounds.maximum);
    if beyond(low) {
        return Width::Any;
    }
    if format == Some("uint64") {
        return Width::Unsigned;
    }
    match high.as_deref().filter(|high| is_beyond(high)) {
        None => Width::Signed,
        Some(high) => wider(Width::Signed, high, bounds),
    }
}

/// The range that holds a number beyond the present one.
fn wider(present: Width, number: &str, bounds: &Bounds) -> Width {
    let lowest = bounds
        .minimum
        .as_deref()
        .or(bounds.exclusive_minimum.as_deref());
    let never_negative =
        present == Width::Unsigned || lowest.is_some_and(|low| !low.starts_with('-'));
    if never_negative && number.parse::<u64>().is_ok() {
        Width::Unsigned
    } else {
        Width::Any
    }
}

/// Whether a number is whole, as far as its spelling shows it, and does not fit 64 bits with a sign.
fn is_beyond(number: &str) -> bool {
    let digits = number.trim_start_matches(['-', '+']);
    if digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.len() > 18 && number.parse::<i64>().is_err();
    }
    // The bound itself is a float: what counts is its size.
    #[expect(clippy::cast_precision_loss, reason = "the edge is a power of two")]
    let edge = i64::MAX as f64;
    number.contains(['e', 'E'])
        && number
            .parse::<f64>()
            .is_ok_and(|number| number.abs() >= edge)
}

/// Whether a value holds such a number.
fn holds_one(value: &Value) -> bool {
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        match value {
            Value::Number(number) if is_beyond(number) => return true,
            Value::Array(items) => work.extend(items.iter().map(|item| &item.value)),
            Value::Object(members) => work.extend(members.iter().map(|member| &member.value.value)),
            _ => {}
        }
    }
    false
}

impl<'d> Lowering<'d> {
    /// Keeps a value that a type was seen to have, where it matters.
    pub(super) fn see(&mut self, id: TypeId, value: &'d Value) {
        if holds_one(value) {
            self.seen.push((id, value));
        }
    }

    /// Keeps the default and the examples of the schemas of a type.
    pub(super) fn see_annotations(&mut self, id: TypeId, key: &[Part]) {
        let document = self.document;
        let whole = key.iter().filter(|part| part.view == View::Whole);
        let schemas: Vec<Id<Schema>> = whole.map(|part| part.schema).collect();
        for schema in schemas {
            let Annotations {
                default, examples, ..
            } = &*document[schema].annotations;
            for node in default.iter().chain(examples) {
                self.see(id, &node.value);
            }
        }
    }
}

/// Widens every whole number of which the document shows a value that does not fit.
pub(super) fn widen(api: &mut Api, seen: Vec<Seen<'_>>) {
    let mut work: Vec<(TypeId, &Value, usize)> =
        seen.into_iter().map(|(id, value)| (id, value, 0)).collect();
    for _ in 0..STEPS {
        let Some((id, value, hops)) = work.pop() else {
            return;
        };
        if hops > HOPS {
            continue;
        }
        let def = &mut api.types[id.index()];
        match (&mut def.shape, value) {
            (Shape::Alias(next), _) => work.push((*next, value, hops + 1)),
            (Shape::Union(union), _) => {
                let branches = union.branches.iter();
                work.extend(branches.map(|branch| (branch.ty.id, value, hops + 1)));
            }
            (Shape::Integer(width), Value::Number(number)) => {
                let fits = *width == Width::Unsigned && number.parse::<u64>().is_ok();
                if is_beyond(number) && !fits && *width != Width::Any {
                    *width = wider(*width, number, &def.bounds);
                }
            }
            (Shape::Array(item), Value::Array(items)) => {
                work.extend(items.iter().map(|value| (item.id, &value.value, 0)));
            }
            (Shape::Tuple(tuple), Value::Array(items)) => {
                let further = tuple.rest.iter().cycle();
                let types = tuple.items.iter().chain(further);
                work.extend(types.zip(items).map(|(ty, value)| (ty.id, &value.value, 0)));
            }
            (Shape::Map(ty), Value::Object(members)) => {
                work.extend(members.iter().map(|member| (ty.id, &member.value.value, 0)));
            }
            (Shape::Object(object), Value::Object(members)) => {
                for member in members {
                    let named = object.properties.iter().find(|it| it.name == member.key);
                    let ty = named.map(|it| it.ty.id).or(match &object.additional {
                        Additional::Typed(ty) => Some(ty.id),
                        _ => None,
                    });
                    work.extend(ty.map(|id| (id, &member.value.value, 0)));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_tell_the_range() {
        let bounds = |low: &str, high: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Bounds {
                minimum: some(low),
                maximum: some(high),
                ..Bounds::default()
            }
        };
        let of = |low: &str, high: &str| width(None, &bounds(low, high));
        assert_eq!(of("", ""), Width::Signed);
        assert_eq!(of("0", "9223372036854775807"), Width::Signed);
        assert_eq!(of("0", "18446744073709551615"), Width::Unsigned);
        // The largest `i64` as languages without integers write it.
        assert_eq!(of("", "9223372036854776000"), Width::Any);
        assert_eq!(of("0", "1e30"), Width::Any);
        assert_eq!(of("-9223372036854775809", ""), Width::Any);
        assert_eq!(width(Some("uint64"), &bounds("", "")), Width::Unsigned);
    }
}
