//! Checks a value, and lets the discriminator of a union say which of its branches is meant.
//!
//! JSON Schema knows nothing of `discriminator`: to it, two branches that both fit are too many,
//! and one that fits by accident is as good as the one that is named.

use verbatim_contract::{Direction, Schema, Violation};
use verbatim_source::{Node, Pointer, Value};

use super::Shapes;

/// Levels of a value that are looked into.
const DEEPEST: usize = 64;

/// What a discriminator says of a value.
pub enum Choice {
    /// This branch is meant.
    Branch(Schema),
    /// The value names no branch: the property, and the names that there are.
    Unknown(String, Vec<String>),
}

/// A union with a discriminator, at a place of a value.
struct Union {
    at: String,
    target: Pointer,
    choice: Choice,
}

/// The places where a value and a schema disagree, each with the place of the part that was checked.
pub fn check(
    shapes: &Shapes<'_>,
    schema: &Schema,
    tree: &Node,
    direction: Direction,
) -> Vec<(String, Violation)> {
    let contract = shapes.contract();
    let mut unions = Vec::new();
    find(shapes, schema, tree, &Pointer::root(), DEEPEST, &mut unions);
    let mut all: Vec<(String, Violation)> = Vec::new();
    let mut add = |prefix: &str, violation: Violation| {
        let at = format!("{prefix}{}", violation.instance);
        // Of a union that has a discriminator, the branch alone is asked.
        let settled = unions.iter().any(|union| {
            union.at == at
                && ["oneOf", "anyOf"].contains(&violation.keyword.as_str())
                && violation.keyword_pointer.starts_with(union.target.as_str())
        });
        let known = all.iter().any(|(prefix, known)| {
            format!("{prefix}{}", known.instance) == at
                && known.keyword_pointer == violation.keyword_pointer
        });
        if !settled && !known {
            all.push((prefix.to_owned(), violation));
        }
    };
    for violation in contract
        .check(schema, &tree.value, direction)
        .into_iter()
        .take(super::MOST)
    {
        add("", violation);
    }
    for union in &unions {
        let Some(value) = verbatim_source::pointer::resolve(tree, &union.at) else {
            continue;
        };
        match &union.choice {
            Choice::Branch(branch) => {
                for violation in contract
                    .check(branch, &value.value, direction)
                    .into_iter()
                    .take(super::MOST)
                {
                    add(&union.at, violation);
                }
            }
            Choice::Unknown(property, known) => add(&union.at, unknown(union, property, known)),
        }
    }
    all
}

fn unknown(union: &Union, property: &str, known: &[String]) -> Violation {
    let at = Pointer::root().join(property);
    Violation {
        instance: at.as_str().to_owned(),
        keyword_pointer: union.target.join("discriminator").as_str().to_owned(),
        keyword: "discriminator".to_owned(),
        properties: vec![property.to_owned()],
        message: format!("names none of {}", known.join(", ")),
    }
}

fn find(
    shapes: &Shapes<'_>,
    schema: &Schema,
    node: &Node,
    at: &Pointer,
    depth: usize,
    unions: &mut Vec<Union>,
) {
    if depth == 0 || unions.len() >= super::MOST {
        return;
    }
    for one in shapes.effective(schema, &node.value) {
        if let Some(choice) = shapes.choice(&one, &node.value) {
            let (at, target) = (at.as_str().to_owned(), one.target.clone());
            if !unions
                .iter()
                .any(|known| known.at == at && known.target == target)
            {
                unions.push(Union { at, target, choice });
            }
        }
        let shape = shapes.get(&one);
        match &node.value {
            Value::Object(object) => {
                for member in object {
                    let inner = shape.property(&member.key).or(shape.additional.as_ref());
                    if let Some(inner) = inner {
                        find(
                            shapes,
                            inner,
                            &member.value,
                            &at.join(&member.key),
                            depth - 1,
                            unions,
                        );
                    }
                }
            }
            Value::Array(items) => {
                if let Some(inner) = &shape.items {
                    for (index, item) in items.iter().enumerate() {
                        find(shapes, inner, item, &at.item(index), depth - 1, unions);
                    }
                }
            }
            _ => {}
        }
    }
}
