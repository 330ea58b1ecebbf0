//! Adding to lists inside items.

use verbatim_contract::value::{at, at_mut, remove, set};
use verbatim_source::{Node, Object, Value};

use crate::map::{Kind, Step, element_schema, member_pointer};
use crate::place::{NodePath, Place};
use crate::refuse::Refusal;
use crate::repair::sample;
use crate::rules::Effect;
use crate::world::{element_key, key_of};

use super::{Done, Made, Turn, is_list, reference_in};

impl Turn<'_> {
    /// Adds to a list inside an item, or sets a reference.
    pub(super) fn add(&mut self, node_path: &NodePath) -> Result<Done, Refusal> {
        let simulator = self.simulator;
        let schema = simulator.map.schema_of(&simulator.contract, node_path.node);
        let is_list = matches!(self.world.read(&node_path.place), Some(Value::Array(_)))
            || schema
                .as_ref()
                .is_some_and(|schema| is_list(simulator, schema));
        let keeps_one = matches!(
            simulator.map.nodes[node_path.node].kind,
            Kind::Member { list: true, .. }
        );
        if !is_list && !keeps_one {
            return self.update(&node_path.place, &Effect::default());
        }
        let (collection, id, pointer) = match &node_path.place {
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
        let sent = self.sent_elements(node_path.node);
        let mut entries = Vec::new();
        for sent in sent {
            entries.push(self.entry(
                collection,
                &pointer,
                node_path.node,
                element.as_ref(),
                sent,
            )?);
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
            crate::clock::date(&mut blank, self.world.clock.now());
            blank
        };
        Ok(simulator
            .filler()
            .element(self.world, &literal, schema, &blank))
    }
}
