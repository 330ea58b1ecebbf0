//! Carrying out operations.

mod add;
mod change;

use verbatim_contract::value::{at, set};
use verbatim_contract::{Direction, Operation};
use verbatim_source::{Object, Value};

use crate::clock;
use crate::fault::{InjectedFaults, Kind as Fault};
use crate::fill::Filler;
use crate::form::Form;
use crate::map::{Kind, Step, member_pointer, object_shape};
use crate::place::{NodePath, Place};
use crate::refuse::Refusal;
use crate::repair::repair;
use crate::rules::Effect;
use crate::simulator::Simulator;
use crate::world::{Item, World, key_of};

/// Words in a path that mean a copy.
const COPIES: &[&str] = &["clone", "copy", "duplicate"];

/// One operation being carried out.
pub(crate) struct Turn<'a> {
    pub simulator: &'a Simulator,
    pub world: &'a mut World,
    pub operation: &'a Operation,
    pub node: usize,
    pub spots: &'a [NodePath],
    /// The body behind its root key.
    pub body: Option<Value>,
    /// Values of the query.
    pub query: &'a [(String, String)],
    /// What goes wrong on purpose.
    pub injected: &'a InjectedFaults,
}

/// Something that was made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub place: Place,
    /// The name of its schema.
    pub name: Option<String>,
}

/// What an operation changed.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// What was made.
    pub made: Option<Made>,
    /// The item that the change is about.
    pub root: Option<(usize, String)>,
    /// Whether the item goes.
    pub removes: bool,
    /// What the operation does besides.
    pub effect: Effect,
}

impl Turn<'_> {
    /// Carries the operation out.
    ///
    /// # Errors
    /// A refusal; nothing has been changed then.
    pub fn perform(&mut self) -> Result<Done, Refusal> {
        let effect = self.effect();
        let Some(last) = self.spots.last().cloned() else {
            return Ok(Done::default());
        };
        let kind = self.simulator.map.nodes[last.node].kind.clone();
        let mut done = match (self.operation.method.as_str(), &kind, &last.place) {
            ("POST", Kind::Collection(_), Place::Collection { .. }) => {
                self.create(&last.place, None)?
            }
            (_, Kind::Action, place) => self.action(&place.clone(), &effect)?,
            ("POST", _, Place::Item { pointer, .. }) if !pointer.is_empty() => self.add(&last)?,
            ("DELETE", _, place) => self.delete(&place.clone()),
            ("PUT" | "PATCH" | "POST", _, place) => self.update(&place.clone(), &effect)?,
            _ => Done::default(),
        };
        done.root = done.root.or_else(|| self.root());
        done.effect = effect;
        self.apply_sets(&done);
        Ok(done)
    }

    /// The rule for this operation, with the case that the body chooses.
    fn effect(&self) -> Effect {
        let Some(effect) = self.simulator.rules.operations.get(&self.operation.id) else {
            return Effect::default();
        };
        let chosen = effect
            .by
            .as_ref()
            .and_then(|by| at(self.body.as_ref()?, by))
            .and_then(key_of);
        chosen
            .and_then(|chosen| effect.cases.get(&chosen))
            .unwrap_or(effect)
            .clone()
    }

    fn filler(&self) -> Filler<'_> {
        self.simulator.filler()
    }

    /// The nearest item on the way.
    fn root(&self) -> Option<(usize, String)> {
        self.spots
            .iter()
            .rev()
            .find_map(|node_path| match &node_path.place {
                Place::Item { collection, id, .. } => Some((*collection, id.clone())),
                _ => None,
            })
    }

    fn body_object(&self) -> Object {
        match &self.body {
            Some(Value::Object(object)) => object.clone(),
            _ => Object::new(),
        }
    }

    /// Refuses a body that names items which do not exist, where the rules ask for that.
    fn check_references(&self) -> Result<(), Refusal> {
        let Some(body) = self.body.as_ref().filter(|_| self.simulator.rules.strict) else {
            return Ok(());
        };
        for (field, collection, id) in self.filler().named_items(body) {
            if !self.world.stores[collection].contains_key(&id) {
                return Err(self.unknown(&field, &id));
            }
        }
        Ok(())
    }

    fn unknown(&self, field: &str, id: &str) -> Refusal {
        Refusal::of(
            self.operation,
            &[404, 400, 422],
            format!("there is no item `{id}`"),
        )
        .about(field)
    }

    /// A new item of a collection.
    fn create(&mut self, place: &Place, copied: Option<Value>) -> Result<Done, Refusal> {
        let Place::Collection { collection, owners } = place else {
            return Ok(Done::default());
        };
        let collection = *collection;
        self.check_references()?;
        let simulator = self.simulator;
        let known = &simulator.map.collections[collection];
        let schema = known.schema.clone();
        let is_copy = copied.is_some();
        let mut value = copied.unwrap_or_else(|| self.blank(collection));
        let pointer = member_pointer(&known.identity);
        let id = self.identity(collection, &value);
        let identity = id.clone();
        let key = key_of(&id).unwrap_or_default();
        set(&mut value, &pointer, id);
        self.date(&mut value);
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
            set(&mut value, &pointer, identity);
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
                value,
                owners: under,
            },
        );
        simulator.links.carry(self.world, collection, &key, None);
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

    /// The identifier of a new item: what the caller chose where it may, else a new one in the
    /// manner of those that are there.
    fn identity(&mut self, collection: usize, blank: &Value) -> Value {
        let known = &self.simulator.map.collections[collection];
        let pointer = member_pointer(&known.identity);
        let example = self.world.stores[collection]
            .values()
            .next()
            .map_or(blank, |item| &item.value);
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
        let (_, last) = self.world.stores[collection].last()?;
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
                Some(_) => vec![default],
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

    /// Sets the moments of a new item to now.
    fn date(&self, value: &mut Value) {
        let now = self.world.clock.now();
        let Value::Object(object) = value else { return };
        for node in object.values_mut() {
            if let Value::String(text) = &node.value
                && is_moment(text)
            {
                node.value = Value::String(clock::write(now, text));
            }
        }
    }

    /// Does something to an item that is neither of the usual.
    fn action(&mut self, place: &Place, effect: &Effect) -> Result<Done, Refusal> {
        let literal = match &self.simulator.map.nodes[self.node].step {
            Step::Literal(name) => name.as_str(),
            Step::Name(_) => "",
        };
        if effect.copy || COPIES.contains(&literal) {
            let Some((collection, id)) = self.root() else {
                return Ok(Done::default());
            };
            let copied = self.world.value(collection, &id).cloned();
            let owners = Vec::new();
            return self.create(&Place::Collection { collection, owners }, copied);
        }
        if effect.remove {
            return Ok(self.delete(place));
        }
        let Some((collection, id)) = self.root() else {
            return Ok(Done::default());
        };
        if effect.ignore_body
            || self.body.is_none()
            || self
                .simulator
                .rules
                .operations
                .contains_key(&self.operation.id)
        {
            return Ok(Done {
                root: Some((collection, id)),
                ..Done::default()
            });
        }
        let old = self.world.value(collection, &id).cloned();
        let mut value = old.clone().unwrap_or(Value::Null);
        if let Some(schema) = &self.simulator.map.collections[collection].schema {
            let body = self.body_object();
            self.simulator
                .filler()
                .fill(self.world, &mut value, schema, &body);
        }
        if let Some(item) = self.world.item_mut(collection, &id) {
            item.value = value;
        }
        self.changed(collection, &id, old.as_ref());
        Ok(Done {
            root: Some((collection, id)),
            ..Done::default()
        })
    }

    /// Sets what the rules say.
    fn apply_sets(&mut self, done: &Done) {
        let Some((collection, id)) = &done.root else {
            return;
        };
        if done.effect.set.is_empty() {
            return;
        }
        let old = self.world.value(*collection, id).cloned();
        for (pointer, template) in done.effect.set.clone() {
            let before = old.as_ref().and_then(|old| at(old, &pointer)).cloned();
            let value = self.evaluated(&template, before.as_ref());
            if let (Some(value), Some(item)) = (value, self.world.item_mut(*collection, id)) {
                set(&mut item.value, &pointer, value);
            }
        }
        self.changed(*collection, id, old.as_ref());
    }

    /// The value of a rule: `$now`, `$id`, `$body/...`, or itself.
    fn evaluated(&mut self, template: &Value, before: Option<&Value>) -> Option<Value> {
        let Value::String(text) = template else {
            return Some(template.clone());
        };
        if text == "$now" {
            let example = before.and_then(key_of).unwrap_or_default();
            return Some(Value::String(clock::write(
                self.world.clock.now(),
                &example,
            )));
        }
        if text == "$id" {
            return Some(self.world.new_id(before));
        }
        match text.strip_prefix("$body") {
            Some(pointer) => at(self.body.as_ref()?, pointer).cloned(),
            None => Some(template.clone()),
        }
    }

    /// Makes a changed item valid and carries the change over to what is linked with it.
    fn changed(&mut self, collection: usize, id: &str, old: Option<&Value>) {
        let simulator = self.simulator;
        simulator.links.carry(self.world, collection, id, old);
        let Some(schema) = simulator.map.collections[collection].schema.as_ref() else {
            return;
        };
        if let Some(item) = self.world.item_mut(collection, id) {
            repair(
                &simulator.contract,
                schema,
                &mut item.value,
                simulator.prototype(collection),
            );
        }
    }
}

/// Whether a schema, or one of its alternatives, is a list.
fn is_list(simulator: &Simulator, schema: &verbatim_contract::Schema) -> bool {
    let shape = simulator.contract.shape(schema);
    shape.is("array")
        || shape
            .alternatives
            .iter()
            .any(|inner| simulator.contract.shape(inner).is("array"))
}

/// The identifier in what was sent for a list or member of a name: a scalar, `id`, or `<name>_id`.
fn reference_in(sent: &Value, name: &str) -> Option<String> {
    let Value::Object(object) = sent else {
        return key_of(sent);
    };
    let singular = crate::map::singular(name);
    [
        format!("{singular}_id"),
        format!("{name}_id"),
        "id".to_owned(),
    ]
    .iter()
    .find_map(|name| object.get(name))
    .and_then(|node| key_of(&node.value))
}

/// Whether a text is a moment: a date with a time.
fn is_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 19
        && bytes.get(..10).is_some_and(|date| {
            date.iter().enumerate().all(|(at, byte)| {
                if at == 4 || at == 7 {
                    *byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            })
        })
        && matches!(bytes.get(10), Some(b'T' | b' '))
}
