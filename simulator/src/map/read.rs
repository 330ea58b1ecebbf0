//! What schemas and templates say for the map of paths.

use verbatim_contract::{Contract, Operation, Piece, Schema};

use super::Step;

/// Names of properties that identify an item, after those made from the parameter's name.
const IDENTITIES: &[&str] = &["id", "uuid", "identifier", "key", "name", "slug"];

/// Schemas that are looked at for the names of one.
const MOST_NAMES: usize = 1_000;

/// The steps of an operation's path, without the suffix of a format.
pub(super) fn steps(contract: &Contract, operation: &Operation) -> Vec<Step> {
    let mut steps: Vec<Step> = operation
        .template
        .segments()
        .iter()
        .map(|pieces| {
            let name = pieces.iter().find_map(|piece| match piece {
                Piece::Name(name) => Some(name.clone()),
                Piece::Text(_) => None,
            });
            let text = pieces.iter().find_map(|piece| match piece {
                Piece::Text(text) => Some(text.clone()),
                Piece::Name(_) => None,
            });
            name.map_or_else(|| Step::Literal(text.unwrap_or_default()), Step::Name)
        })
        .collect();
    if let Some(Step::Literal(last)) = steps.last_mut() {
        for format in &contract.formats {
            if let Some(plain) = last.strip_suffix(format.suffix.as_str()) {
                *last = plain.to_owned();
                break;
            }
        }
    }
    steps
}

/// What identifies an item: a property called like the parameter, else one of the usual names.
pub(super) fn identity(
    contract: &Contract,
    schema: Option<&Schema>,
    parameter: Option<&str>,
) -> String {
    let Some(shape) = schema.and_then(|schema| object_shape(contract, schema)) else {
        return "id".to_owned();
    };
    let usual = IDENTITIES.iter().copied();
    parameter
        .into_iter()
        .chain(usual)
        .find(|name| shape.property(name).is_some())
        .unwrap_or("id")
        .to_owned()
}

/// The shape of a schema, or of the first of its alternatives that is an object.
pub(crate) fn object_shape<'a>(
    contract: &'a Contract,
    schema: &Schema,
) -> Option<verbatim_contract::shape::Shape<'a>> {
    let shape = contract.shape(schema);
    if !shape.properties.is_empty() {
        return Some(shape);
    }
    if shape.is("array") {
        let items = shape.items.as_ref()?;
        return object_shape_once(contract, items);
    }
    shape
        .alternatives
        .iter()
        .find_map(|alternative| object_shape_once(contract, alternative))
}

fn object_shape_once<'a>(
    contract: &'a Contract,
    schema: &Schema,
) -> Option<verbatim_contract::shape::Shape<'a>> {
    let shape = contract.shape(schema);
    (!shape.properties.is_empty()).then_some(shape)
}

/// The schema of the elements of a list, or of the first of the alternatives that is one.
pub(crate) fn element_schema(contract: &Contract, schema: &Schema) -> Option<Schema> {
    let shape = contract.shape(schema);
    if let Some(items) = &shape.items {
        return Some(items.clone());
    }
    let of_alternative = |alternative: &Schema| contract.shape(alternative).items.clone();
    shape
        .alternatives
        .iter()
        .find_map(of_alternative)
        .or_else(|| {
            // A single thing that is listed is its own element.
            shape.alternatives.first().cloned()
        })
}

/// The names of the named schemas that a schema is, may be, or lists.
pub(super) fn names(contract: &Contract, schema: &Schema, depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut work = vec![(schema.clone(), depth)];
    while let Some((schema, depth)) = work.pop() {
        if seen.len() >= MOST_NAMES || !seen.insert(schema.target.clone()) {
            continue;
        }
        let shape = contract.shape(&schema);
        if let Some(name) = schema.name()
            && !shape.properties.is_empty()
        {
            found.push(name);
        } else if depth > 0 {
            let inner = shape.alternatives.iter().chain(&shape.items);
            work.extend(inner.map(|schema| (schema.clone(), depth - 1)));
        }
    }
    found
}
