//! Schemas of the document, each read once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use verbatim_contract::shape::Shape;
use verbatim_contract::{Contract, Direction, Schema};
use verbatim_source::{Node, Pointer, Value};

use super::union::Choice;

/// Alternatives inside alternatives that are followed.
const DEEPEST: usize = 8;

/// Schemas by their place, read when they are first met.
pub struct Shapes<'c> {
    contract: &'c Contract,
    read: RefCell<BTreeMap<Pointer, Rc<Shape<'c>>>>,
}

impl<'c> Shapes<'c> {
    /// Nothing read yet.
    pub fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            read: RefCell::default(),
        }
    }

    /// The document.
    pub fn contract(&self) -> &'c Contract {
        self.contract
    }

    /// What a schema says.
    pub fn get(&self, schema: &Schema) -> Rc<Shape<'c>> {
        if let Some(known) = self.read.borrow().get(&schema.target) {
            return Rc::clone(known);
        }
        let shape = Rc::new(self.contract.shape(schema));
        let mut read = self.read.borrow_mut();
        read.insert(schema.target.clone(), Rc::clone(&shape));
        shape
    }

    /// A schema and those of its alternatives that accept a value, all the way down. Where none
    /// accepts it, all of them.
    pub fn effective(&self, schema: &Schema, value: &Value) -> Vec<Schema> {
        let mut all = Vec::new();
        self.collect(schema, Some(value), DEEPEST, &mut all);
        all
    }

    /// A schema and all of its alternatives, all the way down.
    pub fn every(&self, schema: &Schema) -> Vec<Schema> {
        let mut all = Vec::new();
        self.collect(schema, None, DEEPEST, &mut all);
        all
    }

    fn collect(&self, schema: &Schema, value: Option<&Value>, depth: usize, all: &mut Vec<Schema>) {
        if all.iter().any(|known| known.target == schema.target) {
            return;
        }
        all.push(schema.clone());
        if depth == 0 {
            return;
        }
        let shape = self.get(schema);
        let named = value.and_then(|value| match self.choice(schema, value)? {
            Choice::Branch(branch) => Some(branch),
            Choice::Unknown(..) => None,
        });
        if let Some(branch) = named {
            return self.collect(&branch, value, depth - 1, all);
        }
        let accepting: Vec<&Schema> = match value {
            Some(value) => shape
                .alternatives
                .iter()
                .filter(|one| self.contract.accepts(one, value, Direction::Reply))
                .collect(),
            None => Vec::new(),
        };
        let chosen: Vec<&Schema> = if accepting.is_empty() {
            shape.alternatives.iter().collect()
        } else {
            accepting
        };
        for one in chosen {
            self.collect(one, value, depth - 1, all);
        }
    }

    /// What the discriminator of a schema says of a value; `None` where it has none, or the value
    /// is no object that names a branch at all.
    pub fn choice(&self, schema: &Schema, value: &Value) -> Option<Choice> {
        let node = self.contract.node(&schema.target)?;
        let discriminator = node.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let shape = self.get(schema);
        if shape.alternatives.is_empty() {
            return None;
        }
        let Value::Object(object) = value else {
            return None;
        };
        let name = object.get(property)?.as_str()?;
        let mapping = discriminator.get("mapping").and_then(Node::as_object);
        let mapped = mapping
            .and_then(|mapping| mapping.get(name))
            .and_then(Node::as_str);
        let target = mapped.unwrap_or(name);
        let target = target.rsplit('/').next().unwrap_or(target);
        let named = |one: &&Schema| one.name().as_deref() == Some(target);
        if let Some(branch) = shape.alternatives.iter().find(named) {
            return Some(Choice::Branch(branch.clone()));
        }
        // Branches without a name can only be meant by what they say themselves.
        if shape.alternatives.iter().any(|one| one.name().is_none()) {
            return None;
        }
        let mut known: Vec<String> = mapping
            .into_iter()
            .flatten()
            .map(|member| member.key.clone())
            .collect();
        known.extend(shape.alternatives.iter().filter_map(Schema::name));
        Some(Choice::Unknown(property.to_owned(), known))
    }

    /// Whether a schema says that any other property is welcome.
    pub fn is_open(&self, schema: &Schema) -> bool {
        let node = self.contract.node(&schema.target);
        let keyword = |key| node.and_then(|node| node.get(key));
        let open = |key| keyword(key).and_then(Node::as_bool) == Some(true);
        open("additionalProperties")
            || open("unevaluatedProperties")
            || keyword("patternProperties").is_some()
    }
}
