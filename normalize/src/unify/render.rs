//! Writing a derived value as JSON Schema.

use verbatim_source::{Node, Object, Value};

use super::derive::{Derived, ObjectShape};

/// The schema of a derived value, with a description where it has one.
pub(crate) fn render(derived: &Derived<'_>, description: Option<&str>) -> Value {
    let mut schema = Object::new();
    if let Some(description) = description {
        schema.insert("description", Node::made(description));
    }
    let mut cases = cases(derived);
    let null = derived.types.null;
    let only_case = (cases.len() == 1 && !null).then(|| cases.pop()).flatten();
    match only_case {
        Some(case) => merge(&mut schema, case),
        None if cases.len() == 1 && cases.iter().all(is_plain) => {
            if let Some(case) = cases.pop() {
                merge(&mut schema, with_null(case));
            }
        }
        None => {
            if null {
                cases.push(Object::from_iter([("type", Value::from("null"))]));
            }
            let cases: Vec<Value> = cases.into_iter().map(Value::from).collect();
            if !cases.is_empty() {
                schema.insert("anyOf", Node::made(cases));
            }
        }
    }
    for member in &derived.keywords {
        schema.insert(member.key.clone(), member.value.clone());
    }
    Value::Object(schema)
}

/// The reference to a named schema.
pub(crate) fn reference(name: &str) -> Object {
    Object::from_iter([("$ref", Value::from(format!("#/components/schemas/{name}")))])
}

/// An open enumeration: the known values, or any text.
pub(crate) fn open(known: &[Value]) -> Vec<Object> {
    let text = Object::from_iter([("type", Value::from("string"))]);
    let mut closed = text.clone();
    closed.insert("enum", Node::made(known.to_vec()));
    vec![closed, text]
}

fn cases(derived: &Derived<'_>) -> Vec<Object> {
    let mut cases: Vec<Object> = derived.also.iter().map(|name| reference(name)).collect();
    match &derived.object {
        Some(ObjectShape::Named(name)) => cases.push(reference(name)),
        Some(ObjectShape::Each(inner)) => cases.push(map(Node::made(render(inner, None)))),
        Some(ObjectShape::Any) => cases.push(map(Node::made(true))),
        None => {}
    }
    if let Some(items) = &derived.array {
        let mut array = Object::from_iter([("type", Value::from("array"))]);
        array.insert("items", Node::made(render(items, None)));
        cases.push(array);
    }
    let mut types = derived.types;
    if let Some(name) = derived.text {
        cases.push(reference(name));
        types.string = false;
    }
    let texts: Vec<Value> = derived
        .known
        .iter()
        .filter(|value| matches!(value, Value::String(_)))
        .cloned()
        .collect();
    if types.string && !texts.is_empty() && !derived.closed {
        cases.extend(open(&texts));
        types.string = false;
    }
    cases.extend(scalars(derived, &types.scalars()));
    cases
}

/// Text, numbers and truth values in one schema.
fn scalars(derived: &Derived<'_>, types: &[&'static str]) -> Option<Object> {
    let mut schema = Object::new();
    match types {
        [] => return None,
        [one] => schema.insert("type", Node::made(*one)),
        several => {
            let several: Vec<Value> = several.iter().map(|name| Value::from(*name)).collect();
            schema.insert("type", Node::made(several))
        }
    };
    if derived.closed {
        schema.insert("enum", Node::made(derived.known.clone()));
    } else {
        let numbers: Vec<Value> = derived
            .known
            .iter()
            .filter(|value| matches!(value, Value::Number(_)))
            .cloned()
            .collect();
        if !numbers.is_empty() {
            schema.insert("examples", Node::made(numbers));
        }
    }
    Some(schema)
}

fn map(values: Node) -> Object {
    let mut schema = Object::from_iter([("type", Value::from("object"))]);
    schema.insert("additionalProperties", values);
    schema
}

/// Whether null can simply be one more type.
fn is_plain(schema: &Object) -> bool {
    let compound = ["items", "additionalProperties"];
    schema.contains_key("type") && !compound.iter().any(|key| schema.contains_key(key))
}

fn with_null(mut schema: Object) -> Object {
    let null = Value::from("null");
    let types = match schema.get("type").map(|node| &node.value) {
        Some(Value::Array(types)) => types
            .iter()
            .map(|node| node.value.clone())
            .chain([null])
            .collect(),
        Some(one) => vec![one.clone(), null],
        None => return schema,
    };
    schema.insert("type", Node::made(types));
    if let Some(Value::Array(values)) = schema.get_mut("enum").map(|node| &mut node.value) {
        values.push(Node::made(Value::Null));
    }
    schema
}

fn merge(schema: &mut Object, other: Object) {
    for member in other {
        schema.insert(member.key, member.value);
    }
}
