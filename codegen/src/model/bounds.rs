//! Bounds of the document as checks, and as words for the reader.

use super::pattern::Patterns;
use super::{Check, Edge, ObjectCheck, Type, rules};
use crate::ir::{Bounds, Object, Parameter, Place, Property, Shape, TypeDef};

/// The checks of a value of a plain type.
pub fn of(def: &TypeDef, patterns: &Patterns) -> Vec<Check> {
    let bounds = &def.bounds;
    let mut checks = Vec::new();
    checks.extend(
        bounds
            .min_length
            .filter(|bound| *bound > 0)
            .map(Check::MinLength),
    );
    checks.extend(bounds.max_length.map(Check::MaxLength));
    let pattern = bounds.pattern.as_deref();
    let pattern = pattern.and_then(|pattern| patterns.get(pattern));
    checks.extend(pattern.map(|pattern| Check::Pattern(pattern.to_owned())));
    let mut edge = |bound: &Option<String>, edge: Edge, check: fn(String, Edge) -> Check| {
        checks.extend(bound.clone().map(|bound| check(bound, edge)));
    };
    edge(&bounds.minimum, Edge::Included, Check::Minimum);
    edge(&bounds.exclusive_minimum, Edge::Excluded, Check::Minimum);
    edge(&bounds.maximum, Edge::Included, Check::Maximum);
    edge(&bounds.exclusive_maximum, Edge::Excluded, Check::Maximum);
    checks.extend(bounds.multiple_of.clone().map(Check::MultipleOf));
    checks.extend(
        bounds
            .min_items
            .filter(|bound| *bound > 0)
            .map(Check::MinItems),
    );
    checks.extend(bounds.max_items.map(Check::MaxItems));
    checks.extend(bounds.unique_items.then_some(Check::UniqueItems));
    if !matches!(def.shape, Shape::Object(_)) {
        checks.extend(
            bounds
                .min_properties
                .filter(|bound| *bound > 0)
                .map(Check::MinProperties),
        );
        checks.extend(bounds.max_properties.map(Check::MaxProperties));
    }
    if !bounds.one_of.is_empty() {
        checks.push(Check::OneOf(bounds.one_of.clone()));
    }
    if !matches!(def.shape, Shape::Object(_)) {
        checks.extend(rules::of(def, patterns).map(Check::Schema));
    }
    checks
}

/// The checks that neither a type of its own nor the list of its items makes.
pub fn beyond_types(checks: &[Check]) -> Vec<Check> {
    let beyond = checks.iter().filter_map(|check| match check {
        Check::Nested => None,
        Check::Each(inner) => {
            let inner = beyond_types(inner);
            (!inner.is_empty()).then_some(Check::Each(inner))
        }
        other => Some(other.clone()),
    });
    beyond.collect()
}

/// The checks of a parameter that the table of operations cannot say.
pub fn beyond_table(checks: &[Check]) -> Vec<Check> {
    let beyond = checks.iter().filter_map(|check| match check {
        Check::Nested | Check::MinProperties(_) | Check::MaxProperties(_) | Check::Schema(_) => {
            Some(check.clone())
        }
        Check::Each(inner) => {
            let inner = beyond_table(inner);
            (!inner.is_empty()).then_some(Check::Each(inner))
        }
        _ => None,
    });
    beyond.collect()
}

/// The checks of an object as a whole.
pub fn of_object(def: &TypeDef, object: &Object) -> Vec<ObjectCheck> {
    let requires = object.requires.iter();
    let mut checks: Vec<ObjectCheck> = requires
        .map(|(one, other)| ObjectCheck::Requires(one.clone(), other.clone()))
        .collect();
    checks.extend(
        def.bounds
            .min_properties
            .filter(|bound| *bound > 0)
            .map(ObjectCheck::MinProperties),
    );
    checks.extend(def.bounds.max_properties.map(ObjectCheck::MaxProperties));
    checks
}

/// What is said about a type beyond its description.
pub fn own_docs(def: &TypeDef) -> String {
    let mut all = words(def, &Type::Json);
    all.retain(|word| !is_said(word, &def.description));
    sentence(&all)
}

/// What is said about a parameter beyond its description: where it goes, its bounds, its default.
pub fn parameter_docs(parameter: &Parameter, target: &TypeDef, description: &str) -> String {
    let place = match parameter.place {
        Place::Path => "path parameter",
        Place::Query => "query parameter",
        Place::Header => "header",
        Place::Cookie => "cookie",
    };
    let name = quoted(&parameter.name).map(|name| format!(" `{name}`"));
    let mut all = words(target, &Type::Json);
    let default = parameter.default.as_deref().and_then(quoted);
    all.extend(default.map(|value| format!("default `{value}`")));
    all.retain(|word| !is_said(word, description));
    all.insert(0, format!("{place}{}", name.unwrap_or_default()));
    sentence(&all)
}

/// Whether a description says a bound or a default already: it holds all its numbers, and a word of such bounds.
fn is_said(word: &str, description: &str) -> bool {
    const SAYS: [&str; 19] = [
        "at least",
        "at most",
        "minimum",
        "maximum",
        "min ",
        "max ",
        "between",
        "from ",
        "up to",
        "no more",
        "no less",
        "not exceed",
        "character",
        "long",
        "greater",
        "less",
        "least",
        "most",
        "limit",
    ];
    let description = description.to_lowercase();
    if let Some(value) = word.strip_prefix("default ") {
        let value = value.trim_matches(['`', '"']).to_lowercase();
        return description.contains("default")
            && !value.is_empty()
            && description.contains(&value);
    }
    let (wanted, known) = (numbers(word), numbers(&description));
    !word.contains('`')
        && !wanted.is_empty()
        && SAYS.iter().any(|say| description.contains(say))
        && wanted.iter().all(|number| known.contains(number))
}

/// The numbers of a text, as they are written.
fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|each: char| !(each.is_ascii_digit() || matches!(each, '.' | '-')));
    let numbers = parts.map(|part| part.trim_end_matches(['.', '-']));
    numbers
        .filter(|part| part.contains(|each: char| each.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// What is said about a property beyond its description.
pub fn field_docs(property: &Property, target: &TypeDef, ty: &Type) -> String {
    let mut all = Vec::new();
    if property.read_only {
        all.push("set by the server".to_owned());
    }
    if property.write_only {
        all.push("never returned".to_owned());
    }
    all.extend(words(target, ty));
    all.extend(
        property
            .default
            .as_deref()
            .and_then(quoted)
            .map(|value| format!("default `{value}`")),
    );
    let description = if property.ty.description.is_empty() {
        &target.description
    } else {
        &property.ty.description
    };
    all.retain(|word| !is_said(word, description));
    sentence(&all)
}

fn words(def: &TypeDef, ty: &Type) -> Vec<String> {
    let mut words = Vec::new();
    if let Shape::Text(format) = &def.shape
        && let Some(format) = quoted(format).filter(|format| !format.is_empty() && !def.is_secret())
        && !matches!(ty, Type::Alias(..))
    {
        words.push(format!("format `{format}`"));
    }
    let Bounds {
        min_length,
        max_length,
        min_items,
        max_items,
        ..
    } = &def.bounds;
    words.extend(range(*min_length, *max_length, "character"));
    words.extend(range(*min_items, *max_items, "item"));
    let bounds = &def.bounds;
    let mut say = |word: &str, bound: &Option<String>| {
        words.extend(bound.as_deref().map(|bound| format!("{word} {bound}")));
    };
    say("at least", &bounds.minimum);
    say("more than", &bounds.exclusive_minimum);
    say("at most", &bounds.maximum);
    say("less than", &bounds.exclusive_maximum);
    say("a multiple of", &bounds.multiple_of);
    words.extend(
        bounds
            .pattern
            .as_deref()
            .and_then(quoted)
            .map(|pattern| format!("pattern `{pattern}`")),
    );
    if !bounds.one_of.is_empty() && bounds.one_of.len() <= 12 {
        let values: Vec<String> = bounds
            .one_of
            .iter()
            .filter_map(|value| quoted(value))
            .collect();
        words.push(format!("one of `{}`", values.join("`, `")));
    }
    words
}

fn range(least: Option<u64>, greatest: Option<u64>, unit: &str) -> Option<String> {
    let counted = |count: u64| match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    };
    match (least.filter(|least| *least > 0), greatest) {
        (Some(least), Some(greatest)) if least == greatest => {
            Some(format!("exactly {}", counted(least)))
        }
        (Some(least), Some(greatest)) => Some(format!("{least} to {}", counted(greatest))),
        (Some(least), None) => Some(format!("at least {}", counted(least))),
        (None, Some(greatest)) => Some(format!("at most {}", counted(greatest))),
        (None, None) => None,
    }
}

/// A text that can stand in a code span of one line.
pub fn quoted(text: &str) -> Option<String> {
    let hidden = |each: char| {
        each == '`'
            || each.is_control()
            || matches!(each, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    (text.chars().count() <= 80 && !text.contains(hidden)).then(|| text.to_owned())
}

/// Words as one sentence.
fn sentence(words: &[String]) -> String {
    let joined = words.join("; ");
    let mut characters = joined.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}
