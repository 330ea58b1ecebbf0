//! The form of a body: which part of it is the thing itself, behind root keys and page data.

use verbatim_contract::shape::Shape;
use verbatim_contract::{Contract, Operation, Schema};
use verbatim_source::{Node, Object, Pointer, Value};

/// Names under which lists stand beside page data.
const LIST_NAMES: &[&str] = &[
    "items", "data", "results", "values", "records", "entries", "content",
];

/// The form of a body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    /// Pointer to the thing or list inside the body.
    pub at: String,
    /// Whether it is a list.
    pub list: bool,
    /// The key that wraps each item of the list, where one does.
    pub item_key: Option<String>,
    /// What the thing, or each item, is.
    pub schema: Option<Schema>,
}

impl Form {
    /// The form of the JSON body of an operation's success.
    pub fn of_success(contract: &Contract, operation: &Operation, literal: &str) -> Option<Self> {
        let (_, reply) = operation.success()?;
        let schema = reply.json()?.schema.as_ref()?;
        let items = operation
            .pagination
            .as_ref()
            .and_then(|pagination| pagination.items.clone());
        Some(Self::read(contract, schema, items.as_deref(), literal))
    }

    /// The form of a schema. Items may be known to stand at a pointer; else a list beside page
    /// data is known by its name.
    pub fn read(contract: &Contract, schema: &Schema, items: Option<&str>, literal: &str) -> Self {
        let mut schema = schema.clone();
        let mut at = String::new();
        for _ in 0..8 {
            let shape = contract.shape(&schema);
            if shape.is("array") && !shape.is("object") {
                return Self::of_list(contract, at, &shape);
            }
            if let Some((name, inner)) = list_member(contract, &shape, items, literal) {
                let mut place = Pointer::root();
                place.push(&name);
                at.push_str(place.as_str());
                return Self::of_list(contract, at, &contract.shape(&inner));
            }
            match wrapped(contract, &schema, &shape) {
                Some((name, inner)) => {
                    let mut place = Pointer::root();
                    place.push(&name);
                    at.push_str(place.as_str());
                    schema = inner;
                }
                None => match first_alternative(contract, &shape) {
                    Some(inner) => schema = inner,
                    None => break,
                },
            }
        }
        Self {
            at,
            list: false,
            item_key: None,
            schema: Some(schema),
        }
    }

    fn of_list(contract: &Contract, at: String, list: &Shape<'_>) -> Self {
        let Some(items) = &list.items else {
            return Self {
                at,
                list: true,
                item_key: None,
                schema: None,
            };
        };
        let shape = contract.shape(items);
        match wrapped(contract, items, &shape) {
            Some((name, inner)) => Self {
                at,
                list: true,
                item_key: Some(name),
                schema: Some(inner),
            },
            None => Self {
                at,
                list: true,
                item_key: None,
                schema: Some(items.clone()),
            },
        }
    }

    /// The name of the schema of the thing or of each item.
    pub fn name(&self) -> Option<String> {
        self.schema.as_ref().and_then(Schema::name)
    }

    /// A body of this form around a thing or a list.
    pub fn wrap(&self, value: Value) -> Value {
        let mut value = value;
        if let (Some(key), Value::Array(items)) = (&self.item_key, &mut value) {
            for item in items {
                let inner = std::mem::replace(&mut item.value, Value::Null);
                item.value = Value::Object(std::iter::once((key.as_str(), inner)).collect());
            }
        }
        let keys: Vec<String> = Pointer::parse(&self.at)
            .iter()
            .flat_map(|place| place.tokens().collect::<Vec<_>>())
            .collect();
        keys.into_iter().rev().fold(value, |value, key| {
            let mut object = Object::new();
            object.insert(key, Node::made(value));
            Value::Object(object)
        })
    }

    /// The thing or list inside a body; the body itself where it is not wrapped as it should be.
    pub fn unwrap<'a>(&self, body: &'a Value) -> &'a Value {
        verbatim_contract::value::at(body, &self.at).unwrap_or(body)
    }

    /// The things of a list inside a body, without their keys.
    pub fn items<'a>(&self, body: &'a Value) -> Vec<&'a Value> {
        let Value::Array(items) = self.unwrap(body) else {
            return Vec::new();
        };
        let inner = |item: &'a Node| match &self.item_key {
            Some(key) => item.get(key).map_or(&item.value, |node| &node.value),
            None => &item.value,
        };
        items.iter().map(inner).collect()
    }
}

/// The one member of a schema that is nothing but a root key.
fn wrapped(contract: &Contract, schema: &Schema, shape: &Shape<'_>) -> Option<(String, Schema)> {
    let declared = shape.flag("x-verbatim-wrapper");
    let root = shape
        .keyword("x-verbatim-wrap")
        .and_then(|node| node.get("root"))
        .and_then(Node::as_str);
    if let Some(root) = root {
        return shape
            .property(root)
            .map(|inner| (root.to_owned(), inner.clone()));
    }
    // The flag belongs to the schema itself, not to one that it is put together from.
    let own = contract
        .node(&schema.target)
        .is_some_and(|node| node.get("x-verbatim-wrapper").is_some());
    let only = shape.properties.first();
    let only = only.filter(|_| shape.properties.len() == 1 && declared && own);
    only.map(|(name, inner)| (name.clone(), inner.clone()))
}

/// The member that is the list of a page.
fn list_member(
    contract: &Contract,
    shape: &Shape<'_>,
    items: Option<&str>,
    literal: &str,
) -> Option<(String, Schema)> {
    if let Some(name) = items.and_then(|pointer| pointer.strip_prefix('/')) {
        return shape
            .property(name)
            .map(|schema| (name.to_owned(), schema.clone()));
    }
    let is_list = |schema: &Schema| contract.shape(schema).is("array");
    let lists: Vec<(&String, &Schema)> = shape
        .properties
        .iter()
        .filter(|(_, schema)| is_list(schema))
        .collect();
    let others = shape.properties.len() - lists.len();
    let known = |name: &str| name == literal || LIST_NAMES.contains(&name);
    match lists.as_slice() {
        [(name, schema)] if others <= 6 && !literal.is_empty() && known(name) => {
            Some(((*name).clone(), (*schema).clone()))
        }
        _ => None,
    }
}

fn first_alternative(contract: &Contract, shape: &Shape<'_>) -> Option<Schema> {
    if !shape.properties.is_empty() {
        return None;
    }
    let is_null = |schema: &Schema| contract.shape(schema).types == ["null"];
    shape
        .alternatives
        .iter()
        .find(|schema| !is_null(schema))
        .cloned()
}
