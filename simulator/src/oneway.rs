//! Members that travel one way: `readOnly` ones are not taken, `writeOnly` ones are not shown.

use verbatim_contract::{Contract, Schema};
use verbatim_source::{Node, Value};

/// Nesting that is looked into.
const DEEPEST: usize = 32;
/// Alternatives that are looked into for one value.
const MOST: usize = 200;

/// Whether a document has such a flag anywhere.
pub(crate) fn occurs(node: &Node, flag: &str) -> bool {
    let mut work = vec![node];
    while let Some(node) = work.pop() {
        match &node.value {
            Value::Object(object) => {
                if object.get(flag).and_then(Node::as_bool) == Some(true) {
                    return true;
                }
                work.extend(object.iter().map(|member| &member.value));
            }
            Value::Array(items) => work.extend(items),
            _ => {}
        }
    }
    false
}

/// Takes the members with a flag out of a value of a schema.
pub(crate) fn without(contract: &Contract, schema: &Schema, value: &mut Value, flag: &str) {
    walk(contract, std::slice::from_ref(schema), value, flag, 0);
}

fn walk(contract: &Contract, schemas: &[Schema], value: &mut Value, flag: &str, depth: usize) {
    if depth > DEEPEST || !matches!(value, Value::Object(_) | Value::Array(_)) {
        return;
    }
    let all = alternatives(contract, schemas);
    let shapes: Vec<_> = all.iter().map(|schema| contract.shape(schema)).collect();
    match value {
        Value::Object(object) => {
            let names: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
            for name in names {
                let own = shapes.iter();
                let own = own.filter_map(|shape| shape.property(&name).cloned());
                let mut described: Vec<Schema> = own.collect();
                if described.is_empty() {
                    let other = shapes.iter().filter_map(|shape| shape.additional.clone());
                    described = other.collect();
                }
                if described
                    .iter()
                    .any(|schema| contract.shape(schema).flag(flag))
                {
                    object.remove(&name);
                } else if let Some(node) = object.get_mut(&name) {
                    walk(contract, &described, &mut node.value, flag, depth + 1);
                }
            }
        }
        Value::Array(items) => {
            let described = shapes.iter().filter_map(|shape| shape.items.clone());
            let described: Vec<Schema> = described.collect();
            for item in items {
                walk(contract, &described, &mut item.value, flag, depth + 1);
            }
        }
        _ => {}
    }
}

/// Schemas with all their alternatives, each once.
fn alternatives(contract: &Contract, schemas: &[Schema]) -> Vec<Schema> {
    let mut all: Vec<Schema> = Vec::new();
    let mut work = schemas.to_vec();
    while let Some(schema) = work.pop() {
        if all.len() >= MOST || all.iter().any(|known| known.target == schema.target) {
            continue;
        }
        work.extend(contract.shape(&schema).alternatives.iter().cloned());
        all.push(schema);
    }
    all
}
