//! Making items.

use verbatim_contract::Direction;
use verbatim_contract::value::{at, at_mut, set};
use verbatim_source::{Object, Value};

use crate::fault::Kind as Fault;
use crate::fill::Filler;
use crate::form::Form;
use crate::map::{member_pointer, object_shape};
use crate::place::Place;
use crate::refuse::Refusal;
use crate::repair::repair;
use crate::rules::Keeping;
use crate::world::{Item, SavedItem, key_of};

use super::{Done, Made, Turn};

impl Turn<'_> {
    /// A new item of a collection.
    pub(super) fn create(&mut self, place: &Place, copied: Option<Value>) -> Result<Done, Refusal> {
        let Place::Collection { collection, owners } = place else {
            return Ok(Done::default());
        };
        let collection = *collection;
        self.check_references()?;
        let simulator = self.simulator;
        let known = &simulator.map.collections[collection];
        let schema = known.schema.clone();
        let is_copy = copied.is_some();
        let saved = self.saved_above(place);
        let mut value = copied.unwrap_or_else(|| self.blank(collection));
        let pointer = member_pointer(&known.identity);
        let id = self.identity(collection, &value);
        let identity = id.clone();
        let key = key_of(&id).unwrap_or_default();
        let shows = simulator
            .map
            .shows_identity(&simulator.contract, collection);
        if shows {
            set(&mut value, &pointer, id);
        }
        crate::clock::date(&mut value, self.world.clock.now());
        if let Some(schema) = &schema {
            let body = self.body_object();
            if !is_copy {
                self.clear_unsent(&mut value, schema, &body);
            }
            Filler {
                contract: &simulator.contract,
                map: &simulator.map,
                rules: &simulator.rules,
            }
            .fill(self.world, &mut value, schema, &body);
            if shows {
                set(&mut value, &pointer, identity);
            }
            if !is_copy {
                self.take_over(collection, &mut value);
                simulator.seeder().correct(collection, &mut value);
                simulator.seeder().ground(self.world, &mut value);
            }
        }
        for owner in owners {
            let member = member_pointer(&owner.parameter);
            if let Some(known) = at(&value, &member) {
                let new = match known {
                    Value::Number(_) => Value::Number(owner.id.clone()),
                    _ => Value::from(owner.id.as_str()),
                };
                set(&mut value, &member, new);
            }
        }
        let under = owners
            .iter()
            .map(|owner| (owner.collection, owner.id.clone()))
            .collect();
        if let Some(schema) = &schema {
            repair(
                &simulator.contract,
                schema,
                &mut value,
                simulator.prototype(collection),
            );
        }
        self.world.stores[collection].insert(
            key.clone(),
            Item {
                since: Some(self.world.clock.now()),
                saved: saved.map(Box::new),
                ..Item::new(value, under)
            },
        );
        simulator.links.carry(self.world, collection, &key, None);
        if !is_copy {
            self.add_first(collection, &key)?;
        }
        simulator.shorten_log(self.world, collection);
        let made = Made {
            place: Place::Item {
                collection,
                id: key.clone(),
                pointer: String::new(),
            },
            name: schema.as_ref().and_then(verbatim_contract::Schema::name),
        };
        Ok(Done {
            made: Some(made),
            root: Some((collection, key)),
            ..Done::default()
        })
    }

    /// The item above, as it is, where the rules say that it is kept with what is made.
    fn saved_above(&self, place: &Place) -> Option<SavedItem> {
        let asked = self.nodes.last().is_some_and(|last| last.place == *place);
        if !asked || self.effect().kept != Some(Keeping::Keeps) {
            return None;
        }
        let (collection, id) = self.root()?;
        let value = self.world.item(collection, &id)?.value.clone();
        Some(SavedItem {
            collection,
            id,
            value,
        })
    }

    /// The identifier of a new item: what the caller chose where it may, else a new one in the
    /// manner of those that are there.
    fn identity(&mut self, collection: usize, blank: &Value) -> Value {
        let known = &self.simulator.map.collections[collection];
        let pointer = member_pointer(&known.identity);
        let example = self.world.stores[collection]
            .values()
            .next()
            .map_or(blank, |item| &*item.value);
        let example = at(example, &pointer).or(at(blank, &pointer)).cloned();
        let mut id = self.world.new_id(example.as_ref());
        while key_of(&id).is_none_or(|key| self.world.stores[collection].contains_key(&key)) {
            id = self.world.new_id(example.as_ref());
        }
        let sent = |pointer: &str| {
            let body = self.body.as_ref();
            body.and_then(|body| at(body, pointer)).cloned()
        };
        if known.identity == "name" {
            id = sent("/name").unwrap_or(id);
        }
        let is_free = |id: &Value| {
            key_of(id).is_some_and(|key| {
                !key.is_empty() && !self.world.stores[collection].contains_key(&key)
            })
        };
        if let Some(sent) = sent(&pointer).filter(is_free) {
            id = sent;
        }
        self.last_identity(collection, &pointer).unwrap_or(id)
    }

    /// The identifier of what was made last, where a fault gives it to what is made now.
    fn last_identity(&self, collection: usize, pointer: &str) -> Option<Value> {
        if !self.injected.has(Fault::IdReused) {
            return None;
        }
        let last = self.world.stores[collection].last()?;
        at(&last.value, pointer).cloned()
    }

    /// What a new item looks like before the request is put in: the documented reply to making
    /// one, else an item as it is read.
    fn blank(&self, collection: usize) -> Value {
        let simulator = self.simulator;
        let of_reply = || {
            let form = Form::of_success(&simulator.contract, self.operation, "")?;
            let (_, reply) = self.operation.success()?;
            let schema = simulator.map.collections[collection].schema.as_ref()?;
            let example = reply.json()?.evidence().next()?;
            let thing = form.unwrap(&example.value).clone();
            simulator
                .contract
                .accepts(schema, &thing, Direction::Reply)
                .then_some(thing)
        };
        of_reply()
            .filter(|value| matches!(value, Value::Object(_)))
            .or_else(|| simulator.prototype(collection).cloned())
            .unwrap_or_else(|| Value::Object(Object::new()))
    }

    /// Empties what could have been sent but was not, so that nothing of the example stays.
    fn clear_unsent(&self, value: &mut Value, schema: &verbatim_contract::Schema, body: &Object) {
        let contract = &self.simulator.contract;
        let Some(request) = self
            .operation
            .body
            .as_ref()
            .and_then(|body| contract.json_schema(body))
        else {
            return;
        };
        let form = Form::read(contract, request, None, "");
        let Some(asked) = form
            .schema
            .as_ref()
            .and_then(|schema| object_shape(contract, schema))
        else {
            return;
        };
        let Some(shape) = object_shape(contract, schema) else {
            return;
        };
        for (name, property) in &asked.properties {
            let Some(own) = shape.property(name).filter(|_| !body.contains_key(name)) else {
                continue;
            };
            // What only the server sets was not to be sent.
            if contract.shape(property).flag("readOnly") {
                continue;
            }
            let default = contract.shape(property).default.cloned();
            let pointer = member_pointer(name);
            let candidates = match at(value, &pointer) {
                Some(Value::String(_)) => vec![default, Some(Value::Null), Some(Value::from(""))],
                Some(Value::Array(_)) => {
                    vec![default, Some(Value::Array(Vec::new())), Some(Value::Null)]
                }
                Some(Value::Object(_)) => {
                    let sent = body.get(name).map(|node| &node.value);
                    if sent.is_none() && default.is_none() {
                        continue;
                    }
                    vec![default]
                }
                Some(_) => vec![default, Some(Value::Null)],
                None => continue,
            };
            let fitting = candidates
                .into_iter()
                .flatten()
                .find(|candidate| contract.accepts(own, candidate, Direction::Reply));
            if let Some(fitting) = fitting {
                set(value, &pointer, fitting);
            }
        }
    }

    /// The first entries of lists that a new item has, each made together with what it is about.
    fn add_first(&mut self, collection: usize, id: &str) -> Result<(), Refusal> {
        let simulator = self.simulator;
        let effect = simulator.rules.operations.get(&self.operation.id);
        let lists = effect.map_or_else(Vec::new, |effect| effect.adds.clone());
        for list in lists {
            let Some((end, other)) = simulator.links.at_place(collection, &list) else {
                continue;
            };
            // What the new item is about is made for itself: nothing of the body is meant for it, and
            // it has no lists of this kind.
            let old = self.world.value(collection, id).cloned();
            let empty = |value: &Value| match at(value, &list) {
                Some(Value::Array(items)) => items.is_empty(),
                found => found.is_none_or(|found| matches!(found, Value::Null)),
            };
            if other.collection == collection || !old.as_ref().is_some_and(empty) {
                continue;
            }
            let (side, target) = (end.side.clone(), other.collection);
            let place = Place::Collection {
                collection: target,
                owners: Vec::new(),
            };
            let body = self.body.take();
            let made = self.create(&place, simulator.prototype(target).cloned());
            self.body = body;
            let made = made?
                .made
                .and_then(|made| self.world.read(&made.place).cloned());
            let Some(made) = made else { continue };
            let entry = crate::link::entry(&side, &made, &made, None);
            if let Some(item) = self.world.item_mut(collection, id) {
                set(
                    &mut item.value,
                    &list,
                    Value::Array(vec![verbatim_source::Node::made(entry)]),
                );
            }
            self.changed(collection, id, old.as_ref());
        }
        Ok(())
    }

    /// Members that the item takes over from others that the body names.
    fn take_over(&mut self, collection: usize, value: &mut Value) {
        let simulator = self.simulator;
        let map = &simulator.map;
        for copied in &simulator.rules.copies {
            if copied.collection != map.collections[collection].name {
                continue;
            }
            let named = if copied.by.starts_with('/') {
                copied.by.clone()
            } else {
                format!("{}{}", copied.at, member_pointer(&copied.by))
            };
            let body = self.body.as_ref();
            let id = body.and_then(|body| at(body, &named)).and_then(key_of);
            let from = map.collections.iter().position(|it| it.name == copied.from);
            let (Some(id), Some(from)) = (id, from) else {
                continue;
            };
            let other = self.world.value(from, &id);
            let Some(Value::Object(taken)) = other.and_then(|it| at(it, &copied.take)).cloned()
            else {
                continue;
            };
            let schema = map.collections[collection].schema.as_ref();
            let inner = schema.and_then(|schema| {
                crate::repair::schema_at(&simulator.contract, schema, &copied.at)
            });
            if let (Some(inner), Some(target)) = (inner, at_mut(value, &copied.at)) {
                simulator.filler().fill(self.world, target, &inner, &taken);
            }
        }
    }
}
