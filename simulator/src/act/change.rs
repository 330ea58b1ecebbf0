//! Changing and removing what a path names.

use verbatim_contract::value::{at, remove, set};
use verbatim_source::{Object, Value};

use crate::map::{Kind, Step, member_pointer};
use crate::place::Place;
use crate::refuse::Refusal;
use crate::rules::Effect;
use crate::world::element_key;

use super::{Done, Turn, reference_in};

impl Turn<'_> {
    /// Changes what a path names.
    pub(super) fn update(&mut self, place: &Place, effect: &Effect) -> Result<Done, Refusal> {
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
                        item.value = value.into();
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
    pub(super) fn delete(&mut self, place: &Place) -> Done {
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
}
