//! What a schema says about values, taken together from its references and its `allOf`.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};
use verbatim_source::{Node, Object, Pointer, Value};

use crate::contract::{Contract, named_by};
use crate::schema::Schema;

/// Schemas of one `allOf`, inside one another or not, that are looked into.
const MOST: usize = 10_000;

/// The parts of a schema that say what a value looks like.
///
/// Of keywords that stand in several parts of an `allOf`, the first is taken; properties and
/// required names are gathered from all. Alternatives (`oneOf`, `anyOf`) stay apart.
#[derive(Debug, Clone, Default)]
pub struct Shape<'a> {
    /// Names of the types; empty where any is allowed.
    pub types: Vec<String>,
    /// Properties in the order of the document.
    pub properties: IndexMap<String, Schema>,
    /// Names that must be there.
    pub required: IndexSet<String>,
    /// What other properties may be.
    pub additional: Option<Schema>,
    /// Whether other properties are refused.
    pub closed: bool,
    /// What the items are.
    pub items: Option<Schema>,
    /// `oneOf` and `anyOf` one after the other.
    pub alternatives: Vec<Schema>,
    /// `enum` or `const`.
    pub values: Option<Vec<&'a Value>>,
    /// `default`.
    pub default: Option<&'a Value>,
    /// `example` and `examples` of the schema itself.
    pub examples: Vec<&'a Value>,
    /// Other keywords by name: bounds, `format`, `pattern`, flags, extensions.
    keywords: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Shape<'a> {
    pub(crate) fn read(contract: &'a Contract, schema: &Schema) -> Self {
        let mut shape = Self::default();
        let mut seen = BTreeSet::new();
        // What is read next is the last; of an `allOf` the first part comes first.
        let mut work = vec![schema.target.clone()];
        while let Some(place) = work.pop() {
            let place = contract.schema(&place).target;
            if seen.len() >= MOST || !seen.insert(place.clone()) {
                continue;
            }
            if let Some(Value::Object(object)) = contract.node(&place).map(|node| &node.value) {
                shape.add(contract, &place, object, &mut work);
            }
        }
        shape
    }

    fn add(
        &mut self,
        contract: &'a Contract,
        place: &Pointer,
        object: &'a Object,
        work: &mut Vec<Pointer>,
    ) {
        for member in object {
            let (key, node) = (member.key.as_str(), &member.value);
            match key {
                // What stands beside it counts first.
                "$ref" => work.extend(named_by(node)),
                "properties" => self.add_properties(contract, &place.join("properties"), node),
                "required" => self.add_required(node),
                "type" => self.add_types(node),
                "enum" if self.values.is_none() => {
                    self.values = node
                        .as_array()
                        .map(|items| items.iter().map(|item| &item.value).collect());
                }
                "const" => self.values = Some(vec![&node.value]),
                "default" => self.default = self.default.or(Some(&node.value)),
                "example" => self.examples.push(&node.value),
                "examples" => {
                    self.examples.extend(
                        node.as_array()
                            .into_iter()
                            .flatten()
                            .map(|item| &item.value),
                    );
                }
                "items" if self.items.is_none() => {
                    self.items = Some(contract.schema(&place.join("items")));
                }
                "additionalProperties" => match node.value {
                    Value::Bool(open) => self.closed |= !open,
                    _ => self.additional = Some(contract.schema(&place.join(key))),
                },
                "oneOf" | "anyOf" => {
                    let count = node.as_array().map_or(0, <[Node]>::len);
                    let list = place.join(key);
                    self.alternatives
                        .extend((0..count).map(|at| contract.schema(&list.item(at))));
                }
                "allOf" => {
                    let count = node.as_array().map_or(0, <[Node]>::len);
                    let list = place.join("allOf");
                    work.extend((0..count).rev().map(|at| list.item(at)));
                }
                "nullable" if node.as_bool() == Some(true) => self.types.push("null".to_owned()),
                _ => {
                    self.keywords.entry(key).or_insert(node);
                }
            }
        }
    }

    fn add_properties(&mut self, contract: &'a Contract, place: &Pointer, node: &Node) {
        for member in node.as_object().into_iter().flatten() {
            if self.property(&member.key).is_none() {
                let schema = contract.schema(&place.join(&member.key));
                self.properties.insert(member.key.clone(), schema);
            }
        }
    }

    fn add_required(&mut self, node: &Node) {
        let names = node
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Node::as_str);
        self.required.extend(names.map(str::to_owned));
    }

    fn add_types(&mut self, node: &Node) {
        let named: Vec<String> = match &node.value {
            Value::String(name) => vec![name.clone()],
            Value::Array(items) => items
                .iter()
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        };
        for name in named {
            if !self.types.contains(&name) {
                self.types.push(name);
            }
        }
    }

    /// The schema of a property.
    pub fn property(&self, name: &str) -> Option<&Schema> {
        self.properties.get(name)
    }

    /// Whether a type is among those named. Where none is named, what the other keywords speak
    /// about counts: properties mean an object, items an array.
    pub fn is(&self, kind: &str) -> bool {
        if !self.types.is_empty() {
            return self.types.iter().any(|name| name == kind);
        }
        match kind {
            "object" => !self.properties.is_empty() || self.additional.is_some(),
            "array" => self.items.is_some(),
            _ => false,
        }
    }

    /// Another keyword, where it is there.
    pub fn keyword(&self, name: &str) -> Option<&'a Node> {
        self.keywords.get(name).copied()
    }

    /// A keyword that is a whole number.
    pub fn count(&self, name: &str) -> Option<usize> {
        self.keyword(name)?.as_number()?.parse().ok()
    }

    /// A keyword that is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.keyword(name)?.as_number()?.parse().ok()
    }

    /// A keyword that is a text.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.keyword(name)?.as_str()
    }

    /// A keyword that is true.
    pub fn flag(&self, name: &str) -> bool {
        self.keyword(name).and_then(Node::as_bool).unwrap_or(false)
    }
}
