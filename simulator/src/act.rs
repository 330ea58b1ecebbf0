//! Carrying out operations.

mod add;
mod change;
mod create;

use verbatim_contract::Operation;
use verbatim_contract::value::{at, set};
use verbatim_source::{Object, Value};

use crate::clock;
use crate::fault::InjectedFaults;
use crate::fill::Filler;
use crate::map::{Kind, Step};
use crate::place::{NodePath, Owner, Place};
use crate::refuse::Refusal;
use crate::repair::repair;
use crate::rules::Effect;
use crate::simulator::Simulator;
use crate::world::{World, key_of};

/// Words in a path that mean a copy.
const COPIES: &[&str] = &["clone", "copy", "duplicate"];

/// One operation being carried out.
pub(crate) struct Turn<'a> {
    pub simulator: &'a Simulator,
    pub world: &'a mut World,
    pub operation: &'a Operation,
    pub node: usize,
    pub nodes: &'a [NodePath],
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
        let Some(last) = self.nodes.last().cloned() else {
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
        if let Place::Single { key } = &last.place {
            self.set_single(key, &done.effect.set);
        } else {
            self.apply_sets(&done);
        }
        self.make_besides(&done)?;
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
        self.nodes
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
            let made_up = || self.simulator.made_up.contains(&(collection, id.clone()));
            if !self.world.stores[collection].contains_key(&id) && !made_up() {
                return Err(self.unknown(&field, &id));
            }
        }
        Ok(())
    }

    fn unknown(&self, field: &str, id: &str) -> Refusal {
        let last = field.rsplit('.').next().unwrap_or(field);
        let named = last.strip_suffix("_id");
        let name = named.map_or_else(|| crate::map::singular(last), str::to_owned);
        Refusal::of(
            self.operation,
            &[404, 400, 422],
            format!("there is no item `{id}`"),
        )
        .about(field)
        .because(&name.replace('_', " "))
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
            item.value = value.into();
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
            let value = self.evaluated(&template, before.as_ref(), old.as_ref());
            if let (Some(value), Some(item)) = (value, self.world.item_mut(*collection, id)) {
                set(&mut item.value, &pointer, value);
            }
        }
        self.changed(*collection, id, old.as_ref());
    }

    /// Sets what the rules say in a document that there is one of.
    fn set_single(&mut self, key: &str, members: &[(String, Value)]) {
        let Some(old) = self.world.singles.get(key).cloned() else {
            return;
        };
        for (pointer, template) in members {
            let before = at(&old, pointer).cloned();
            let value = self.evaluated(template, before.as_ref(), Some(&old));
            if let (Some(value), Some(single)) = (value, self.world.singles.get_mut(key)) {
                set(single, pointer, value);
            }
        }
    }

    /// Makes the items that the rules say are made with another one.
    fn make_besides(&mut self, done: &Done) -> Result<(), Refusal> {
        let Some((collection, id)) = done.root.clone() else {
            return Ok(());
        };
        let simulator = self.simulator;
        for making in &done.effect.makes {
            let Some(target) = simulator.map.called(&making.collection) else {
                continue;
            };
            let about = self.world.value(collection, &id).cloned();
            let mut members = Vec::new();
            for (pointer, template) in &making.set {
                let value = self.evaluated(template, None, about.as_ref());
                members.extend(value.map(|value| (pointer.clone(), value)));
            }
            let owner = Owner {
                collection,
                id: id.clone(),
                parameter: simulator.parameter_of(collection),
            };
            let place = Place::Collection {
                collection: target,
                owners: vec![owner],
            };
            let body = self.body.take();
            let made = self.create(&place, simulator.prototype(target).cloned());
            self.body = body;
            let Some((target, made)) = made?.root else {
                continue;
            };
            if let Some(item) = self.world.item_mut(target, &made) {
                for (pointer, value) in members {
                    set(&mut item.value, &pointer, value);
                }
            }
            self.changed(target, &made, None);
        }
        Ok(())
    }

    /// The value of a rule: `$now`, `$id`, `$body/...`, `$item/...`, or itself.
    fn evaluated(
        &mut self,
        template: &Value,
        before: Option<&Value>,
        item: Option<&Value>,
    ) -> Option<Value> {
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
        if let Some(pointer) = text.strip_prefix("$item") {
            return at(item?, pointer).cloned();
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
