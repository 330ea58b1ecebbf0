//! Schemas of the document, each read once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use verbatim_contract::shape::Shape;
use verbatim_contract::{Contract, Direction, Meant, Schema};
use verbatim_source::{Node, Pointer, Value};

/// Alternatives inside alternatives that are followed.
const DEEPEST: usize = 8;

/// Schemas by their place, read when they are first met.
pub struct Shapes<'c> {
    contract: &'c Contract,
    read: RefCell<BTreeMap<Pointer, Rc<Shape<'c>>>>,
    formats: Cell<bool>,
}

impl<'c> Shapes<'c> {
    /// Nothing read yet.
    pub fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            read: RefCell::default(),
            formats: Cell::new(false),
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
        if let Some(branch) = value.and_then(|value| self.meant(schema, value)) {
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

    /// Which alternative a value means by the discriminator of a schema.
    pub fn meant(&self, schema: &Schema, value: &Value) -> Option<Schema> {
        match self.contract.meant(schema, &self.get(schema), value)? {
            Meant::One(branch) => Some(branch),
            Meant::Unknown => None,
        }
    }

    /// Whether formats of texts are checked, and not only told of by the document.
    pub fn asserts_formats(&self) -> bool {
        self.formats.get()
    }

    /// Has formats of texts checked, or not.
    pub fn assert_formats(&self, are_asserted: bool) {
        self.formats.set(are_asserted);
    }

    /// A flag of a property, written at the reference to its schema or in it.
    pub fn flag(&self, schema: &Schema, name: &str) -> bool {
        let here = self.contract.node(&schema.pointer);
        let here = here.and_then(|node| node.get(name)).and_then(Node::as_bool);
        here.unwrap_or_else(|| self.get(schema).flag(name))
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
