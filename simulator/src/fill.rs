//! Putting the members of a request into an item.

use verbatim_contract::shape::Shape;
use verbatim_contract::value::at;
use verbatim_contract::{Contract, Direction, Schema};
use verbatim_source::{Node, Object, Value};

use crate::map::{Map, element_schema, member_pointer, object_shape};
use crate::rules::Rules;
use crate::world::{World, element_key, key_of, object};

/// What filling needs to know.
pub(crate) struct Filler<'a> {
    pub contract: &'a Contract,
    pub map: &'a Map,
    pub rules: &'a Rules,
}

impl Filler<'_> {
    /// Writes the members of a body over those of an object of a schema. Members that the object
    /// does not have are left out; identifiers of other items become what the object shows of them.
    pub fn fill(&self, world: &mut World, target: &mut Value, schema: &Schema, body: &Object) {
        let Some(shape) = object_shape(self.contract, schema) else {
            return;
        };
        if !matches!(target, Value::Object(_)) {
            *target = Value::Object(Object::new());
        }
        for member in body {
            let (name, sent) = (member.key.as_str(), &member.value.value);
            let base = name.strip_suffix("_id").unwrap_or(name);
            let (name, property) = match (shape.property(name), shape.property(base)) {
                (Some(property), _) => (name, property),
                (None, Some(property)) if self.is_reference(property) => (base, property),
                _ => continue,
            };
            let before = at(target, &member_pointer(name)).cloned();
            if let Some(value) = self.member(world, name, property, sent, before) {
                let Value::Object(object) = target else {
                    return;
                };
                object.insert(name, Node::made(value));
            }
        }
    }

    /// The new value of a member; `None` where what was sent does not fit.
    fn member(
        &self,
        world: &mut World,
        name: &str,
        schema: &Schema,
        sent: &Value,
        before: Option<Value>,
    ) -> Option<Value> {
        match sent {
            Value::Object(body) => {
                let mut value = before
                    .filter(|before| matches!(before, Value::Object(_)))
                    .unwrap_or_else(|| Value::Object(body.clone()));
                self.fill(world, &mut value, schema, body);
                Some(value)
            }
            Value::Array(items) => {
                let element = element_schema(self.contract, schema);
                let made = items.iter().map(|item| {
                    let value = self.element(world, name, element.as_ref(), &item.value);
                    Node::made(value)
                });
                Some(Value::Array(made.collect()))
            }
            scalar => {
                if self.contract.accepts(schema, scalar, Direction::Reply) {
                    return Some(scalar.clone());
                }
                let collection = self.map.named(self.rules, name)?;
                let id = key_of(scalar)?;
                self.is_reference(schema)
                    .then(|| self.reference(world, collection, &id, Some(schema)))
            }
        }
    }

    /// A new element of a list: an object gets an identifier, an identifier becomes what the list
    /// shows of the item.
    pub fn element(
        &self,
        world: &mut World,
        list: &str,
        schema: Option<&Schema>,
        sent: &Value,
    ) -> Value {
        let shape = schema.and_then(|schema| object_shape(self.contract, schema));
        match (sent, shape) {
            (Value::Object(_), Some(shape)) => {
                let mut value = sent.clone();
                let has_id = shape.property("id").is_some();
                if let (Value::Object(object), true) = (&mut value, has_id)
                    && !object.contains_key("id")
                {
                    let id = self.new_id(world, &shape);
                    object.insert("id", Node::made(id));
                }
                value
            }
            (scalar, Some(shape)) if shape.property("id").is_some() => {
                let Some(id) = key_of(scalar) else {
                    return sent.clone();
                };
                match self.map.named(self.rules, list) {
                    Some(collection) => self.reference(world, collection, &id, schema),
                    None => object([("id", scalar.clone())]),
                }
            }
            _ => sent.clone(),
        }
    }

    fn new_id(&self, world: &mut World, shape: &Shape<'_>) -> Value {
        let numeric = shape.property("id").is_some_and(|schema| {
            let shape = self.contract.shape(schema);
            shape.is("integer") && !shape.is("string")
        });
        let example = if numeric {
            Some(Value::from(1_i64))
        } else {
            None
        };
        world.new_id(example.as_ref())
    }

    /// What an object shows of another item: those of the item's members that it has room for.
    pub fn reference(
        &self,
        world: &World,
        collection: usize,
        id: &str,
        schema: Option<&Schema>,
    ) -> Value {
        let Some(item) = world.value(collection, id) else {
            return object([("id", Value::from(id))]);
        };
        let Some(shape) = schema.and_then(|schema| object_shape(self.contract, schema)) else {
            return object([("id", Value::from(id))]);
        };
        let members = shape.properties.iter().filter_map(|(name, property)| {
            let value = at(item, &member_pointer(name))?;
            let fits = self.contract.accepts(property, value, Direction::Reply);
            fits.then(|| (name.as_str(), value.clone()))
        });
        Value::Object(members.collect())
    }

    /// Whether a schema is an object that names another item.
    fn is_reference(&self, schema: &Schema) -> bool {
        object_shape(self.contract, schema).is_some_and(|shape| shape.property("id").is_some())
    }

    /// The items that a body names by members called like a collection, with the field and the
    /// identifier.
    pub fn named_items(&self, body: &Value) -> Vec<(String, usize, String)> {
        let mut found = Vec::new();
        self.look(body, "", &mut found, 8);
        found
    }

    fn look(
        &self,
        value: &Value,
        path: &str,
        found: &mut Vec<(String, usize, String)>,
        depth: usize,
    ) {
        let Value::Object(object) = value else { return };
        for member in object {
            let name = member.key.as_str();
            let field = if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            };
            match &member.value.value {
                inner @ Value::Object(_) if depth > 0 => self.look(inner, &field, found, depth - 1),
                Value::Array(items) => {
                    let Some(collection) = self.map.named(self.rules, name) else {
                        continue;
                    };
                    let ids = items.iter().filter_map(|item| match &item.value {
                        Value::Object(_) => None,
                        scalar => element_key(scalar),
                    });
                    found.extend(ids.map(|id| (field.clone(), collection, id)));
                }
                scalar if name.ends_with("_id") => {
                    let Some(collection) = self.map.named(self.rules, name) else {
                        continue;
                    };
                    if let Some(id) = key_of(scalar) {
                        found.push((field, collection, id));
                    }
                }
                _ => {}
            }
        }
    }
}
