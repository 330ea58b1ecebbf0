//! Carrying out operations.

use verbatim_contract::value::{at, at_mut, remove, set};
use verbatim_contract::{Direction, Operation};
use verbatim_source::{Node, Object, Value};

use crate::clock;
use crate::fill::Filler;
use crate::form::Form;
use crate::map::{Kind, Step, element_schema, member_pointer, object_shape};
use crate::place::{Place, Spot};
use crate::refuse::Refusal;
use crate::repair::{repair, sample};
use crate::rules::Effect;
use crate::simulator::Simulator;
use crate::world::{Item, World, element_key, key_of};

/// Words in a path that mean a copy.
const COPIES: &[&str] = &["clone", "copy", "duplicate"];

/// One operation being carried out.
pub(crate) struct Turn<'a> {
    pub simulator: &'a Simulator,
    pub world: &'a mut World,
    pub operation: &'a Operation,
    pub node: usize,
    pub spots: &'a [Spot],
    /// The body behind its root key.
    pub body: Option<Value>,
    /// Values of the query.
    pub query: &'a [(String, String)],
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
        self.spots.iter().rev().find_map(|spot| match &spot.place {
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
        let example = self.world.stores[collection]
            .values()
            .next()
            .map_or(&value, |item| &item.value);
        let example = at(example, &pointer).or(at(&value, &pointer)).cloned();
        let mut id = self.world.new_id(example.as_ref());
        while key_of(&id).is_none_or(|key| self.world.stores[collection].contains_key(&key)) {
            id = self.world.new_id(example.as_ref());
        }
        if known.identity == "name" {
            id = self
                .body
                .as_ref()
                .and_then(|body| at(body, "/name"))
                .cloned()
                .unwrap_or(id);
        }
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

    /// Adds to a list inside an item, or sets a reference.
    fn add(&mut self, spot: &Spot) -> Result<Done, Refusal> {
        let simulator = self.simulator;
        let schema = simulator.map.schema_of(&simulator.contract, spot.node);
        let is_list = matches!(self.world.read(&spot.place), Some(Value::Array(_)))
            || schema
                .as_ref()
                .is_some_and(|schema| is_list(simulator, schema));
        let keeps_one = matches!(
            simulator.map.nodes[spot.node].kind,
            Kind::Member { list: true, .. }
        );
        if !is_list && !keeps_one {
            return self.update(&spot.place, &Effect::default());
        }
        let (collection, id, pointer) = match &spot.place {
            Place::Item {
                collection,
                id,
                pointer,
            } => (*collection, id.clone(), pointer.clone()),
            _ => return Ok(Done::default()),
        };
        let element = schema
            .as_ref()
            .and_then(|schema| element_schema(&simulator.contract, schema));
        let sent = self.sent_elements(spot.node);
        let mut entries = Vec::new();
        for sent in sent {
            entries.push(self.entry(collection, &pointer, spot.node, element.as_ref(), sent)?);
        }
        let old = self.world.value(collection, &id).cloned();
        let Some(item) = self.world.item_mut(collection, &id) else {
            return Ok(Done::default());
        };
        let mut made = None;
        for entry in entries {
            if keeps_one {
                set(&mut item.value, &pointer, entry);
                made = Some(pointer.clone());
                continue;
            }
            if !matches!(at(&item.value, &pointer), Some(Value::Array(_))) {
                set(&mut item.value, &pointer, Value::Array(Vec::new()));
            }
            let Some(Value::Array(items)) = at_mut(&mut item.value, &pointer) else {
                break;
            };
            let key = element_key(&entry);
            let index = items
                .iter()
                .position(|item| key.is_some() && element_key(&item.value) == key)
                .unwrap_or(items.len());
            if index == items.len() {
                items.push(Node::made(entry));
            }
            made = Some(format!("{pointer}/{index}"));
        }
        self.changed(collection, &id, old.as_ref());
        let made = made.map(|pointer| Made {
            place: Place::Item {
                collection,
                id: id.clone(),
                pointer,
            },
            name: element.as_ref().and_then(verbatim_contract::Schema::name),
        });
        Ok(Done {
            made,
            root: Some((collection, id)),
            ..Done::default()
        })
    }

    /// The elements that a body adds: those under the name of the list, or the body itself.
    fn sent_elements(&self, node: usize) -> Vec<Option<Value>> {
        let Some(body) = &self.body else {
            return vec![None];
        };
        let Step::Literal(literal) = &self.simulator.map.nodes[node].step else {
            return vec![Some(body.clone())];
        };
        let singular = crate::map::singular(literal);
        let inner = [literal.as_str(), singular.as_str()]
            .iter()
            .find_map(|name| at(body, &member_pointer(name)))
            .unwrap_or(body);
        match inner {
            Value::Array(items) => items.iter().map(|item| Some(item.value.clone())).collect(),
            single => vec![Some(single.clone())],
        }
    }

    /// A new element of a list.
    fn entry(
        &mut self,
        collection: usize,
        pointer: &str,
        node: usize,
        schema: Option<&verbatim_contract::Schema>,
        sent: Option<Value>,
    ) -> Result<Value, Refusal> {
        let simulator = self.simulator;
        let literal = match &simulator.map.nodes[node].step {
            Step::Literal(name) => name.clone(),
            Step::Name(_) => String::new(),
        };
        let named = sent.as_ref().and_then(|sent| reference_in(sent, &literal));
        if let Some((end, other)) = simulator.links.at_place(collection, pointer) {
            if let Some(id) = &named {
                if !crate::link::Links::exists(self.world, other, id) {
                    return Err(self.unknown(&literal, id));
                }
                let mut entry = Object::new();
                entry.insert("id", Node::made(id.as_str()));
                if let Some(Value::Object(sent)) = sent {
                    for member in sent
                        .into_iter()
                        .filter(|member| key_of(&member.value.value).as_ref() != Some(id))
                    {
                        entry.insert(member.key, member.value);
                    }
                }
                return Ok(Value::Object(entry));
            }
            if end.side.makes {
                let place = Place::Collection {
                    collection: other.collection,
                    owners: Vec::new(),
                };
                let (side, target) = (end.side.clone(), other.collection);
                let done = self.create(&place, simulator.prototype(target).cloned())?;
                let value = done
                    .made
                    .and_then(|made| self.world.read(&made.place).cloned())
                    .unwrap_or(Value::Null);
                return Ok(crate::link::entry(&side, &value, &value, None));
            }
        } else if let (Some(id), Some(target)) =
            (&named, simulator.map.named(&simulator.rules, &literal))
        {
            if !self.world.stores[target].contains_key(id) {
                return Err(self.unknown(&literal, id));
            }
            return Ok(simulator.filler().reference(self.world, target, id, schema));
        }
        let blank = if let Some(sent) = sent {
            sent
        } else {
            let mut blank = schema
                .and_then(|schema| sample(&simulator.contract, schema))
                .unwrap_or(Value::Null);
            remove(&mut blank, "/id");
            self.date(&mut blank);
            blank
        };
        Ok(simulator
            .filler()
            .element(self.world, &literal, schema, &blank))
    }

    /// Changes what a path names.
    fn update(&mut self, place: &Place, effect: &Effect) -> Result<Done, Refusal> {
        let simulator = self.simulator;
        if effect.ignore_body {
            return Ok(Done::default());
        }
        self.check_references()?;
        let schema = simulator.map.schema_of(&simulator.contract, self.node);
        let mut body = self.body_object();
        match place {
            Place::Item {
                collection,
                id,
                pointer,
            } => {
                let old = self.world.value(*collection, id).cloned();
                let before = self.world.read(place).cloned().unwrap_or(Value::Null);
                if let Some(inner) = self.inner_body() {
                    body = inner;
                }
                let new = if let Some(new) =
                    self.replaced(*collection, pointer, schema.as_ref(), &body)?
                {
                    new
                } else {
                    let mut value = before;
                    if let Some(schema) = &schema {
                        simulator
                            .filler()
                            .fill(self.world, &mut value, schema, &body);
                    }
                    value
                };
                if let Some(item) = self.world.item_mut(*collection, id) {
                    set(&mut item.value, pointer, new);
                }
                self.changed(*collection, id, old.as_ref());
                Ok(Done {
                    root: Some((*collection, id.clone())),
                    ..Done::default()
                })
            }
            Place::Single { key } => {
                let mut value = simulator
                    .single(self.world, self.node, key)
                    .unwrap_or(Value::Null);
                if let Some(schema) = &schema {
                    simulator
                        .filler()
                        .fill(self.world, &mut value, schema, &body);
                }
                self.world.singles.insert(key.clone(), value);
                Ok(Done::default())
            }
            Place::Collection { collection, .. } => {
                let ids: Vec<String> = self.world.stores[*collection].keys().cloned().collect();
                for id in ids {
                    let old = self.world.value(*collection, &id).cloned();
                    let mut value = old.clone().unwrap_or(Value::Null);
                    let schema = &simulator.map.collections[*collection].schema;
                    if let Some(schema) = schema {
                        simulator
                            .filler()
                            .fill(self.world, &mut value, schema, &body);
                    }
                    if let Some(item) = self.world.item_mut(*collection, &id) {
                        item.value = value;
                    }
                    self.changed(*collection, &id, old.as_ref());
                }
                Ok(Done::default())
            }
            Place::None => Ok(Done::default()),
        }
    }

    /// The part of a body under the name of the list that an element is of.
    fn inner_body(&self) -> Option<Object> {
        let parent = self.simulator.map.nodes[self.node].parent?;
        if self.simulator.map.nodes[self.node].kind != Kind::Element {
            return None;
        }
        let Step::Literal(literal) = &self.simulator.map.nodes[parent].step else {
            return None;
        };
        let body = self.body.as_ref()?;
        let names = [literal.clone(), crate::map::singular(literal)];
        match names
            .iter()
            .find_map(|name| at(body, &member_pointer(name)))?
        {
            Value::Object(object) => Some(object.clone()),
            Value::Array(items) => items.first()?.as_object().cloned(),
            _ => None,
        }
    }

    /// The new value of a member that names another item; `None` where it does not.
    fn replaced(
        &mut self,
        collection: usize,
        pointer: &str,
        schema: Option<&verbatim_contract::Schema>,
        body: &Object,
    ) -> Result<Option<Value>, Refusal> {
        let simulator = self.simulator;
        let Kind::Member { name, .. } = &simulator.map.nodes[self.node].kind else {
            return Ok(None);
        };
        let Some(id) = reference_in(&Value::Object(body.clone()), name) else {
            return Ok(None);
        };
        if let Some((_, other)) = simulator.links.at_place(collection, pointer) {
            if !crate::link::Links::exists(self.world, other, &id) {
                return Err(self.unknown(name, &id));
            }
            return Ok(Some(crate::world::object([(
                "id",
                Value::from(id.as_str()),
            )])));
        }
        let Some(target) = simulator.map.named(&simulator.rules, name) else {
            return Ok(None);
        };
        if !self.world.stores[target].contains_key(&id) {
            return Err(self.unknown(name, &id));
        }
        Ok(Some(
            simulator
                .filler()
                .reference(self.world, target, &id, schema),
        ))
    }

    /// Removes what a path names.
    fn delete(&mut self, place: &Place) -> Done {
        match place {
            Place::Item {
                collection,
                id,
                pointer,
            } if pointer.is_empty() => {
                self.release(*collection, id, "");
                Done {
                    root: Some((*collection, id.clone())),
                    removes: true,
                    ..Done::default()
                }
            }
            Place::Item {
                collection,
                id,
                pointer,
            } => {
                let (parent, _) = pointer.rsplit_once('/').unwrap_or(("", ""));
                let old = self.world.value(*collection, id).cloned();
                let key = self.world.read(place).and_then(element_key);
                let Some(item) = self.world.item_mut(*collection, id) else {
                    return Done::default();
                };
                let in_list = matches!(at(&item.value, parent), Some(Value::Array(_)));
                if in_list {
                    remove(&mut item.value, pointer);
                } else {
                    set(&mut item.value, pointer, Value::Null);
                }
                self.changed(*collection, id, old.as_ref());
                let slot = if in_list { parent } else { pointer };
                if let Some(key) = key {
                    self.release_one(*collection, slot, &key);
                }
                Done {
                    root: Some((*collection, id.clone())),
                    ..Done::default()
                }
            }
            Place::Single { key } => {
                self.world.singles.remove(key);
                Done::default()
            }
            Place::Collection { .. } | Place::None => Done::default(),
        }
    }

    /// Removes the items that belong to one which goes, unless the request says to keep them.
    fn release(&mut self, collection: usize, id: &str, _slot: &str) {
        let simulator = self.simulator;
        let owned: Vec<(usize, Vec<String>)> = simulator
            .links
            .owning(collection)
            .filter(|(end, _)| !self.keeps(end.side.keep.as_deref()))
            .map(|(end, other)| {
                let slot = self
                    .world
                    .value(collection, id)
                    .and_then(|value| at(value, &end.side.at));
                let keys = match slot {
                    Some(Value::Array(items)) => items
                        .iter()
                        .filter_map(|item| element_key(&item.value))
                        .collect(),
                    _ => Vec::new(),
                };
                (other.collection, keys)
            })
            .collect();
        for (target, keys) in owned {
            for key in keys {
                simulator.remove_item(self.world, target, &key);
            }
        }
    }

    fn release_one(&mut self, collection: usize, slot: &str, key: &str) {
        let simulator = self.simulator;
        let Some((end, other)) = simulator.links.at_place(collection, slot) else {
            return;
        };
        if end.side.keep.is_some() && !self.keeps(end.side.keep.as_deref()) {
            simulator.remove_item(self.world, other.collection, key);
        }
    }

    /// Whether the request says to keep what belongs to the item: `keep_ip` or `keep_ips`.
    fn keeps(&self, name: Option<&str>) -> bool {
        let Some(name) = name else { return true };
        let plural = format!("{name}s");
        let in_query = self.query.iter().any(|(known, value)| {
            (known == name || *known == plural) && (value == "true" || value == "1")
        });
        let in_body = self
            .body
            .as_ref()
            .and_then(|body| at(body, &member_pointer(name)));
        in_query || matches!(in_body, Some(Value::Bool(true)))
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
