//! What several schemas say together about one value, as far as samples need it.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use verbatim_source::{Node, Object, Pointer, Value};

use crate::contract::Contract;
use crate::schema::Schema;

const TYPES: &[&str] = &[
    "null", "boolean", "integer", "number", "string", "array", "object",
];
/// Schemas of one value that are looked into.
const MOST: usize = 256;

/// What several schemas say together about one value.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts<'a> {
    /// The types that all of them allow; `None` where nothing is said.
    pub types: Option<Vec<&'a str>>,
    /// The values that all of them list.
    pub values: Option<Vec<&'a Value>>,
    /// The schemas of each property, in the order of the document.
    pub properties: IndexMap<&'a str, Vec<Schema>>,
    /// Names that must be there.
    pub required: IndexSet<&'a str>,
    /// What other properties may be.
    pub additional: Vec<Schema>,
    /// Whether other properties are refused.
    pub closed: bool,
    /// Properties by patterns of their names.
    pub patterns: Vec<(&'a str, Schema)>,
    /// What the names of properties may be.
    pub names: Vec<Schema>,
    /// The items of lists.
    pub items: Vec<Schema>,
    /// Whether lists end with their described beginning.
    pub ends: bool,
    /// The described beginning of lists.
    pub prefix: Vec<Schema>,
    /// Alternatives of which one has not been chosen.
    pub groups: Vec<Group<'a>>,
    /// Other keywords with each of their values.
    keywords: Vec<(&'a str, &'a Node)>,
    seen: BTreeSet<Pointer>,
}

/// A `oneOf` or an `anyOf`.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// Its alternatives.
    pub alternatives: Vec<Schema>,
    /// Whether a value must fit one of them alone.
    pub exactly_one: bool,
    /// The property that names the alternative, and the names by schema.
    pub tag: Option<&'a Node>,
}

impl<'a> Facts<'a> {
    /// Reads what schemas say together.
    pub fn of(contract: &'a Contract, schemas: &[Schema]) -> Self {
        let mut facts = Self::default();
        for schema in schemas {
            facts.add(contract, schema);
        }
        facts
    }

    /// Takes in what a further schema says.
    pub fn add(&mut self, contract: &'a Contract, schema: &Schema) {
        let mut work = vec![schema.pointer.clone()];
        while let Some(place) = work.pop() {
            if self.seen.len() >= MOST || !self.seen.insert(place.clone()) {
                continue;
            }
            match contract.node(&place).map(|node| &node.value) {
                Some(Value::Object(object)) => self.read(contract, &place, object, &mut work),
                Some(Value::Bool(false)) => self.types = Some(Vec::new()),
                _ => {}
            }
        }
    }

    fn read(
        &mut self,
        contract: &'a Contract,
        place: &Pointer,
        object: &'a Object,
        work: &mut Vec<Pointer>,
    ) {
        if object.contains_key("$ref") {
            let target = contract.target(place);
            if target != *place {
                work.push(target);
            }
            // Before 3.1, what stands beside a reference says nothing.
            let version = contract.root().get("openapi").and_then(Node::as_str);
            if version.is_some_and(|version| version.starts_with("3.0")) {
                return;
            }
        }
        self.types_of(object);
        let tag = object.get("discriminator");
        for member in object {
            let (key, node) = (member.key.as_str(), &member.value);
            let at = place.join(key);
            match key {
                "allOf" => work.extend(list(contract, &at, node).into_iter().map(|it| it.pointer)),
                "oneOf" | "anyOf" => self.groups.push(Group {
                    alternatives: list(contract, &at, node),
                    exactly_one: key == "oneOf",
                    tag,
                }),
                "properties" => self.properties_of(contract, &at, node),
                "required" => {
                    let names = node.as_array().into_iter().flatten();
                    self.required.extend(names.filter_map(Node::as_str));
                }
                "additionalProperties" | "unevaluatedProperties" => match node.value {
                    Value::Bool(open) => self.closed |= !open,
                    _ => self.additional.push(contract.schema(&at)),
                },
                "patternProperties" => {
                    let members = node.as_object().into_iter().flatten();
                    self.patterns.extend(members.map(|member| {
                        let schema = contract.schema(&at.join(&member.key));
                        (member.key.as_str(), schema)
                    }));
                }
                "propertyNames" => self.names.push(contract.schema(&at)),
                "items" => match node.value {
                    Value::Bool(more) => self.ends |= !more,
                    _ => self.items.push(contract.schema(&at)),
                },
                "prefixItems" if self.prefix.is_empty() => {
                    self.prefix = list(contract, &at, node);
                }
                "enum" => self.listed(node.as_array().unwrap_or_default().iter()),
                "const" => self.listed(std::iter::once(node)),
                _ => self.keywords.push((key, node)),
            }
        }
    }

    fn types_of(&mut self, object: &'a Object) {
        let Some(node) = object.get("type") else {
            return;
        };
        let mut named: Vec<&str> = match &node.value {
            Value::Array(items) => items.iter().filter_map(Node::as_str).collect(),
            _ => node.as_str().into_iter().collect(),
        };
        // A name that is none says nothing.
        named.retain(|name| TYPES.contains(name));
        if named.is_empty() {
            return;
        }
        if object.get("nullable").and_then(Node::as_bool) == Some(true) {
            named.push("null");
        }
        let is_allowed = |known: &&str| {
            named.contains(known) || (*known == "integer" && named.contains(&"number"))
        };
        self.types = Some(match self.types.take() {
            None => named,
            Some(before) => {
                let narrower = |name: &&str| *name == "integer" && before.contains(&"number");
                let mut both: Vec<&str> = before.iter().copied().filter(is_allowed).collect();
                both.extend(named.iter().copied().filter(narrower));
                both.dedup();
                both
            }
        });
    }

    fn properties_of(&mut self, contract: &'a Contract, place: &Pointer, node: &'a Node) {
        for member in node.as_object().into_iter().flatten() {
            let schema = contract.schema(&place.join(&member.key));
            self.properties.entry(&member.key).or_default().push(schema);
        }
    }

    fn listed(&mut self, values: impl Iterator<Item = &'a Node>) {
        let values: Vec<&Value> = values.map(|node| &node.value).collect();
        self.values = Some(match self.values.take() {
            None => values,
            Some(before) => crate::value::common(before, &values),
        });
    }

    /// The schemas of a property.
    pub fn property(&self, name: &str) -> Option<&[Schema]> {
        self.properties.get(name).map(Vec::as_slice)
    }

    /// All values of a keyword.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a Node> {
        let found = self.keywords.iter().filter(move |(key, _)| *key == name);
        found.map(|(_, node)| *node)
    }

    /// A keyword that is a text, the first one.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.all(name).find_map(Node::as_str)
    }

    /// Whether a keyword is true somewhere.
    pub fn flag(&self, name: &str) -> bool {
        self.all(name).any(|node| node.as_bool() == Some(true))
    }

    /// The largest of the lower bounds of this name.
    pub fn least(&self, name: &str) -> Option<f64> {
        self.numbers(name).reduce(f64::max)
    }

    /// The smallest of the upper bounds of this name.
    pub fn most(&self, name: &str) -> Option<f64> {
        self.numbers(name).reduce(f64::min)
    }

    fn numbers(&self, name: &str) -> impl Iterator<Item = f64> {
        let texts = self.all(name).filter_map(Node::as_number);
        texts.filter_map(|text| text.parse().ok())
    }

    /// A lower bound that is a count.
    pub fn at_least(&self, name: &str) -> usize {
        self.least(name).map_or(0, to_count)
    }

    /// An upper bound that is a count.
    pub fn at_most(&self, name: &str) -> Option<usize> {
        self.most(name).map(to_count)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates"
)]
fn to_count(number: f64) -> usize {
    number as usize
}

fn list(contract: &Contract, place: &Pointer, node: &Node) -> Vec<Schema> {
    let count = node.as_array().map_or(0, <[Node]>::len);
    (0..count)
        .map(|at| contract.schema(&place.item(at)))
        .collect()
}
