//! Checks a value by a schema and by those that build on it.
//!
//! A schema with a discriminator and without alternatives is a base: what a value is beyond it, its property names.
//! JSON Schema knows nothing of that, so what builds on the base is checked beside it.

use verbatim_contract::{Direction, Schema, Violation};
use verbatim_source::{Node, Pointer, Value, pointer};

use super::Shapes;

/// Levels of a value that are looked into.
const DEEPEST: usize = 64;

/// A schema that a value means at a place.
struct Heir {
    at: String,
    schema: Schema,
}

/// The places where a value and a schema disagree, each with the place of the part that was checked.
pub fn check(
    shapes: &Shapes<'_>,
    schema: &Schema,
    tree: &Node,
    direction: Direction,
) -> Vec<(String, Violation)> {
    let contract = shapes.contract();
    let mut heirs = Vec::new();
    find(shapes, schema, tree, &Pointer::root(), DEEPEST, &mut heirs);
    let mut all: Vec<(String, Violation)> = Vec::new();
    let whole = contract.check(schema, &tree.value, direction);
    all.extend(
        whole
            .into_iter()
            .take(super::MOST)
            .map(|one| (String::new(), one)),
    );
    for heir in &heirs {
        let Some(value) = pointer::resolve(tree, &heir.at) else {
            continue;
        };
        let found = contract.check(&heir.schema, &value.value, direction);
        for violation in found.into_iter().take(super::MOST) {
            let at = format!("{}{}", heir.at, violation.instance);
            let known = all.iter().any(|(prefix, known)| {
                format!("{prefix}{}", known.instance) == at
                    && known.keyword_pointer == violation.keyword_pointer
            });
            if !known {
                all.push((heir.at.clone(), violation));
            }
        }
    }
    if !shapes.asserts_formats() {
        all.retain(|(prefix, violation)| {
            !is_of_formats(shapes, tree, prefix, violation, direction)
        });
    }
    all
}

/// Whether a violation is one of a format, or of alternatives that formats alone rule out.
fn is_of_formats(
    shapes: &Shapes<'_>,
    tree: &Node,
    prefix: &str,
    violation: &Violation,
    direction: Direction,
) -> bool {
    match violation.keyword.as_str() {
        "format" => true,
        "anyOf" | "oneOf" => {
            let at = format!("{prefix}{}", violation.instance);
            let value = pointer::resolve(tree, &at);
            let list = Pointer::parse(&violation.keyword_pointer);
            value.zip(list).is_some_and(|(value, list)| {
                let contract = shapes.contract();
                let count = contract.node(&list).and_then(Node::as_array);
                (0..count.map_or(0, <[Node]>::len)).any(|index| {
                    let schema = contract.schema(&list.item(index));
                    let found = contract.check(&schema, &value.value, direction);
                    !found.is_empty() && found.iter().all(|one| one.keyword == "format")
                })
            })
        }
        _ => false,
    }
}

fn find(
    shapes: &Shapes<'_>,
    schema: &Schema,
    node: &Node,
    at: &Pointer,
    depth: usize,
    heirs: &mut Vec<Heir>,
) {
    if depth == 0 || heirs.len() >= super::MOST {
        return;
    }
    for one in shapes.effective(schema, &node.value) {
        let shape = shapes.get(&one);
        if shape.alternatives.is_empty()
            && let Some(schema) = shapes.meant(&one, &node.value)
        {
            let at = at.as_str().to_owned();
            if !heirs
                .iter()
                .any(|known| known.at == at && known.schema == schema)
            {
                heirs.push(Heir { at, schema });
            }
        }
        match &node.value {
            Value::Object(object) => {
                for member in object {
                    let inner = shape.property(&member.key).or(shape.additional.as_ref());
                    if let Some(inner) = inner {
                        let at = at.join(&member.key);
                        find(shapes, inner, &member.value, &at, depth - 1, heirs);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(inner) = &shape.items {
                    for (index, item) in items.iter().enumerate() {
                        find(shapes, inner, item, &at.item(index), depth - 1, heirs);
                    }
                }
            }
            _ => {}
        }
    }
}
