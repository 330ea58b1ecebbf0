//! Values that fit one alternative of a `oneOf` and no other.

use verbatim_source::{Node, Object, Value};

use super::facts::{Facts, Group};
use super::{Fullness, Sampler};
use crate::schema::Schema;

/// Rivals of one choice that are looked into.
const MOST: usize = 32;

/// Changes a value that was made by one alternative until the others refuse it, as far as its own
/// alternative leaves a way: by a property that both describe in different ways, or by one that
/// only the other describes.
pub(super) fn exclude(
    sampler: &mut Sampler<'_>,
    value: &mut Value,
    own: &Facts<'_>,
    chosen: usize,
    group: &Group<'_>,
    depth: usize,
) {
    let Value::Object(object) = value else {
        return;
    };
    let rivals = group.alternatives.iter().enumerate();
    for (_, rival) in rivals.filter(|(at, _)| *at != chosen).take(MOST) {
        let held = Value::Object(object.clone());
        let accepted = sampler.contract.accepts(rival, &held, sampler.direction);
        if accepted {
            refuse(sampler, object, own, rival, depth);
        }
    }
}

fn refuse(
    sampler: &mut Sampler<'_>,
    object: &mut Object,
    own: &Facts<'_>,
    rival: &Schema,
    depth: usize,
) {
    let contract = sampler.contract;
    let direction = sampler.direction;
    let theirs = Facts::of(contract, std::slice::from_ref(rival));
    let refuses = |schemas: &[Schema], value: &Value| {
        let mut schemas = schemas.iter();
        schemas.any(|schema| !contract.accepts(schema, value, direction))
    };
    for (name, schemas) in &theirs.properties {
        if object.contains_key(name) {
            continue;
        }
        let candidates = match own.property(name) {
            Some(mine) => sampler
                .generate(mine, Fullness::Least, depth + 1)
                .into_iter()
                .collect(),
            None if own.closed => Vec::new(),
            None => strangers(),
        };
        let found = candidates.into_iter().find(|it| refuses(schemas, it));
        if let Some(found) = found {
            object.insert((*name).to_owned(), Node::made(found));
            return;
        }
    }
    // A rival that is closed refuses any name that it does not know.
    if theirs.closed && !own.closed && own.additional.is_empty() {
        object.insert("stranger", Node::made(Value::String("x".to_owned())));
    }
}

/// A value of each type.
fn strangers() -> Vec<Value> {
    vec![
        Value::Number("7".to_owned()),
        Value::String("x".to_owned()),
        Value::Bool(true),
        Value::Array(Vec::new()),
        Value::Object(Object::new()),
    ]
}
