//! What is wrong with a value, by the type that the document gives to it.

use crate::table::{Branch, Check, Item, Object, Operation, Type};
use std::collections::BTreeSet;
use verbatim_json::Number;
use verbatim_json::validate::{Checker, Violation};
use verbatim_source::write::compact;
use verbatim_source::{Node, Object as Members, Value};

/// How deep types are looked into; values beyond are the server's to judge.
const DEPTH: usize = 64;

/// All that is wrong with a value; the pointers are those of the value.
pub fn violations(
    operation: &Operation,
    ty: &Type,
    checks: &[Check],
    value: &Node,
) -> Vec<Violation> {
    let mut checker = Checker::new();
    let judge = Judge { operation };
    judge.value(ty, checks, value, &mut checker, DEPTH);
    match checker.finish() {
        Ok(()) => Vec::new(),
        Err(violations) => violations.iter().cloned().collect(),
    }
}

struct Judge<'o> {
    operation: &'o Operation,
}

impl Judge<'_> {
    fn value(&self, ty: &Type, checks: &[Check], value: &Node, at: &mut Checker, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let is_ok = match ty {
            Type::Any | Type::File => true,
            Type::Boolean => value.as_bool().is_some(),
            Type::Integer | Type::Unsigned => number(value).is_some_and(|it| it.is_integer()),
            Type::Number => value.as_number().is_some(),
            Type::Text | Type::Secret => value.as_str().is_some(),
            Type::List(item) => match value.as_array() {
                Some(items) => {
                    for (index, node) in items.iter().enumerate() {
                        at.property(&index.to_string(), |at| {
                            self.value(item, &[], node, at, depth);
                        });
                    }
                    true
                }
                None => false,
            },
            Type::Map(inner) => match value.as_object() {
                Some(members) => {
                    for member in members {
                        at.property(&member.key, |at| {
                            self.value(inner, &[], &member.value, at, depth);
                        });
                    }
                    true
                }
                None => false,
            },
            Type::Nullable(inner) => {
                if !matches!(value.value, Value::Null) {
                    self.value(inner, checks, value, at, depth);
                }
                return;
            }
            Type::Root(key, inner) => {
                match value.get(key) {
                    Some(node) => at.property(key, |at| self.value(inner, checks, node, at, depth)),
                    None => at.violation("required", format!("`{key}` is missing")),
                }
                return;
            }
            Type::Named(place) => {
                if let Some(item) = self.operation.item(*place) {
                    self.item(item, checks, value, at, depth);
                }
                return;
            }
        };
        if !is_ok {
            at.violation("type", format!("{} is needed", wanted(ty)));
            return;
        }
        if *ty == Type::Unsigned && number(value).is_some_and(|it| it < 0) {
            at.violation("minimum", "the number may not be negative");
        }
        if *ty == Type::Secret {
            at.secret(|at| bounds(checks, value, at));
        } else {
            bounds(checks, value, at);
        }
    }

    fn item(&self, item: &Item, checks: &[Check], value: &Node, at: &mut Checker, depth: usize) {
        match item {
            Item::Alias(ty) => self.value(ty, checks, value, at, depth),
            Item::Texts(texts) => match value.as_str() {
                None => at.violation("type", "a text is needed"),
                Some(text) => {
                    let values = texts.values.iter().map(|(text, _)| text.as_str());
                    let values: Vec<&str> = values.collect();
                    if !texts.open {
                        at.one_of(text, &values);
                    }
                    bounds(checks, value, at);
                }
            },
            Item::Object(object) => match value.as_object() {
                None => at.violation("type", "an object is needed"),
                Some(members) => {
                    self.object(object, members, at, depth);
                    bounds(checks, value, at);
                }
            },
            Item::Union {
                tag,
                branches,
                open,
                checks: own,
            } => {
                self.union(tag.as_deref(), branches, *open, value, at, depth);
                bounds(own, value, at);
            }
            Item::Tuple {
                items,
                rest,
                checks: own,
            } => {
                let Some(nodes) = value.as_array() else {
                    return at.violation("type", "a list is needed");
                };
                if nodes.len() < items.len() {
                    at.violation("minItems", format!("{} items are needed", items.len()));
                }
                if nodes.len() > items.len() && rest.is_none() {
                    at.violation("maxItems", format!("{} items are allowed", items.len()));
                }
                for (index, node) in nodes.iter().enumerate() {
                    let of = items.get(index).map(|(ty, checks)| (ty, checks.as_slice()));
                    let of = of.or_else(|| rest.as_ref().map(|ty| (ty, [].as_slice())));
                    if let Some((ty, checks)) = of {
                        at.property(&index.to_string(), |at| {
                            self.value(ty, checks, node, at, depth);
                        });
                    }
                }
                bounds(own, value, at);
            }
        }
    }

    fn object(&self, object: &Object, members: &Members, at: &mut Checker, depth: usize) {
        for property in &object.properties {
            let Some(node) = members.get(&property.name) else {
                if property.required {
                    at.property(&property.name, |at| at.violation("required", "is missing"));
                }
                continue;
            };
            let is_null = matches!(node.value, Value::Null);
            if is_null && property.nullable {
                continue;
            }
            at.property(&property.name, |at| {
                self.value(&property.ty, &property.checks, node, at, depth);
            });
        }
        let known: BTreeSet<&str> = object
            .properties
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        for member in members.iter().filter(|it| !known.contains(it.key.as_str())) {
            match &object.others {
                Some(ty) => at.property(&member.key, |at| {
                    self.value(ty, &[], &member.value, at, depth);
                }),
                None if object.closed => at.property(&member.key, |at| {
                    let near = verbatim_source::near(&member.key, known.iter().copied());
                    let near = crate::failure::did_you_mean(&near);
                    let near = near.strip_suffix('?').unwrap_or(&near);
                    let message = match near {
                        "" => "the document names no such property".to_owned(),
                        near => format!("the document names no such property; {near}"),
                    };
                    at.violation("additionalProperties", message);
                }),
                None => {}
            }
        }
        for choice in &object.choices {
            let names: Vec<Vec<&str>> = choice
                .sets
                .iter()
                .map(|set| set.iter().map(String::as_str).collect())
                .collect();
            let sets: Vec<(&[&str], bool)> = names
                .iter()
                .map(|set| {
                    let is_there = set.iter().all(|name| members.contains_key(name));
                    (set.as_slice(), is_there)
                })
                .collect();
            if choice.exactly_one {
                at.exactly_one_required(&sets);
            } else {
                at.any_required(&sets);
            }
        }
        let whole = Node::made(members.clone());
        bounds(&object.checks, &whole, at);
    }

    /// One branch must take the value: the one that its tag chooses, or any.
    fn union(
        &self,
        tag: Option<&str>,
        branches: &[Branch],
        open: bool,
        value: &Node,
        at: &mut Checker,
        depth: usize,
    ) {
        // A branch without a tag may take any value.
        let has_others = branches
            .iter()
            .any(|it| it.tags.is_empty() && !it.otherwise);
        if let Some(tag) = tag.filter(|_| !has_others) {
            let given = value.get(tag).and_then(Node::as_str);
            let chosen = branches
                .iter()
                .find(|it| given.is_some_and(|given| it.tags.iter().any(|tag| tag == given)));
            let chosen = chosen.or_else(|| branches.iter().find(|it| it.otherwise));
            match chosen {
                Some(branch) => self.value(&branch.ty, &branch.checks, value, at, depth),
                None if open => {}
                None => {
                    let tags: Vec<&str> = branches
                        .iter()
                        .flat_map(|it| it.tags.iter().map(String::as_str))
                        .collect();
                    at.property(tag, |at| match given {
                        Some(given) => at.one_of(given, &tags),
                        None => at.violation("required", "is missing"),
                    });
                }
            }
            return;
        }
        if open {
            return;
        }
        let mut fewest: Option<Vec<Violation>> = None;
        for branch in branches {
            let mut checker = Checker::new();
            self.value(&branch.ty, &branch.checks, value, &mut checker, depth);
            let Err(found) = checker.finish() else { return };
            let found: Vec<Violation> = found.iter().cloned().collect();
            let is_deeper = |of: &[Violation]| of.iter().map(|it| it.pointer.len()).max();
            if fewest
                .as_ref()
                .is_none_or(|known| is_deeper(&found) > is_deeper(known))
            {
                fewest = Some(found);
            }
        }
        for violation in fewest.into_iter().flatten() {
            within(&violation.pointer, at, |at| {
                at.violation(violation.rule, violation.message.clone());
            });
        }
    }
}

/// Looks at the place of a pointer.
fn within(pointer: &str, at: &mut Checker, look: impl FnOnce(&mut Checker)) {
    match pointer.strip_prefix('/') {
        None => look(at),
        Some(rest) => {
            let (token, below) = match rest.find('/') {
                Some(end) => rest.split_at(end),
                None => (rest, ""),
            };
            let name = token.replace("~1", "/").replace("~0", "~");
            at.property(&name, |at| within(below, at, look));
        }
    }
}

fn number(value: &Node) -> Option<Number> {
    value.as_number()?.parse().ok()
}

/// A kind of value in words.
pub fn wanted(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "true or false",
        Type::Integer | Type::Unsigned => "a whole number",
        Type::Number => "a number",
        Type::Text | Type::Secret => "a text",
        Type::List(_) => "a list",
        Type::Map(_) | Type::Root(..) => "an object",
        Type::Any | Type::File | Type::Nullable(_) | Type::Named(_) => "another value",
    }
}

fn bounds(checks: &[Check], value: &Node, at: &mut Checker) {
    for check in checks {
        bound(check, value, at);
    }
}

fn size(bound: u64) -> usize {
    usize::try_from(bound).unwrap_or(usize::MAX)
}

fn bound(check: &Check, value: &Node, at: &mut Checker) {
    match (check, &value.value) {
        (Check::MinLength(bound), Value::String(text)) => at.min_length(text, size(*bound)),
        (Check::MaxLength(bound), Value::String(text)) => at.max_length(text, size(*bound)),
        (Check::Pattern(pattern), Value::String(text)) => {
            at.pattern(text, pattern);
        }
        (Check::OneOf(allowed), of) => {
            let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
            if let Ok(json) = compact(of).parse::<verbatim_json::Json>() {
                at.one_of_json(&json, &allowed);
            }
        }
        (Check::Schema(schema), of) => {
            if let Ok(json) = compact(of).parse::<verbatim_json::Json>() {
                at.schema(&json, schema);
            }
        }
        (Check::MinItems(bound), Value::Array(items)) => at.min_items(items, size(*bound)),
        (Check::MaxItems(bound), Value::Array(items)) => at.max_items(items, size(*bound)),
        (Check::UniqueItems, Value::Array(items)) => {
            let texts: Vec<String> = items.iter().map(|item| compact(&item.value)).collect();
            at.unique_items(&texts);
        }
        (Check::MinProperties(bound), Value::Object(of)) => {
            at.min_properties(of.len(), size(*bound));
        }
        (Check::MaxProperties(bound), Value::Object(of)) => {
            at.max_properties(of.len(), size(*bound));
        }
        (Check::Requires(property, other), Value::Object(of)) => {
            let has = |name: &str| of.contains_key(name);
            at.dependent_required((property, has(property)), (other, has(other)));
        }
        (Check::Each(checks), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                at.property(&index.to_string(), |at| bounds(checks, item, at));
            }
        }
        (Check::Each(checks), Value::Object(of)) => {
            for member in of {
                at.property(&member.key, |at| bounds(checks, &member.value, at));
            }
        }
        (_, Value::Number(_)) => {
            if let Some(number) = number(value) {
                of_number(check, &number, at);
            }
        }
        _ => {}
    }
}

fn of_number(check: &Check, number: &Number, at: &mut Checker) {
    match check {
        Check::Minimum(bound) => at.minimum(number, bound),
        Check::ExclusiveMinimum(bound) => at.exclusive_minimum(number, bound),
        Check::Maximum(bound) => at.maximum(number, bound),
        Check::ExclusiveMaximum(bound) => at.exclusive_maximum(number, bound),
        Check::MultipleOf(unit) => at.multiple_of(number, unit),
        _ => {}
    }
}
