//! Items that others name: those that documented requests ask for, those that mirror others, and
//! references that lead to what there is.

use std::collections::BTreeSet;

use verbatim_contract::value::{at, set};
use verbatim_source::{Node, Value};

use crate::fill::Filler;
use crate::map::{Step, member_pointer};
use crate::repair::repair;
use crate::store::Store;
use crate::world::{Item, World, key_of};

use super::Seeder;

impl Seeder<'_> {
    /// References to items of complete collections that there are not lead to the first that there is:
    /// documented examples name made-up ones.
    pub fn ground(&self, world: &World, value: &mut Value) {
        match value {
            Value::Object(object) => {
                let names: Vec<String> = object.iter().map(|it| it.key.clone()).collect();
                for name in names {
                    let Some(inner) = object.get_mut(&name).map(|node| &mut node.value) else {
                        continue;
                    };
                    if let Some((collection, first)) = self.stranded(world, &name, inner) {
                        if let Some(item) = world.value(collection, &first) {
                            adopt(inner, item, &first);
                        }
                    } else {
                        self.ground(world, inner);
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.ground(world, &mut item.value);
                }
            }
            _ => {}
        }
    }

    /// Where a member names an item of a complete collection that there is not: the collection, and
    /// the first item that there is.
    fn stranded(&self, world: &World, name: &str, value: &Value) -> Option<(usize, String)> {
        let collection = self.map.named(self.rules, name)?;
        let id = match value {
            Value::Object(_) => at(value, "/id").and_then(key_of)?,
            scalar if name.ends_with("_id") => key_of(scalar)?,
            _ => return None,
        };
        let store = &world.stores[collection];
        let stranded = self.is_complete(collection) && id.len() > 1 && !store.contains_key(&id);
        let first = store.keys().next().filter(|_| stranded)?;
        Some((collection, first.clone()))
    }

    /// The items that documented requests name, so that those requests can be sent as they are.
    pub(super) fn requested(&self, world: &mut World, prototypes: &[Option<Value>]) {
        let filler = Filler {
            contract: self.contract,
            map: self.map,
            rules: self.rules,
        };
        for operation in self.contract.operations() {
            let bodies = operation
                .body
                .iter()
                .flat_map(|body| &body.media)
                .flat_map(verbatim_contract::Media::evidence);
            for example in bodies {
                for (_, collection, id) in filler.named_items(&example.value) {
                    self.ensure(world, collection, &id, prototypes);
                }
                let node = self.map.of_operation.get(&operation.id).copied();
                let member = node.and_then(|node| match &self.map.nodes[node].step {
                    Step::Literal(name) => self.map.named(self.rules, name),
                    Step::Name(_) => None,
                });
                let id = at(&example.value, "/id").and_then(key_of);
                if let (Some(collection), Some(id), true) = (member, id, operation.method != "GET")
                {
                    self.ensure(world, collection, &id, prototypes);
                }
            }
        }
    }

    /// Items of complete collections that documented requests name: they may be named, though most
    /// of them are not there.
    pub fn made_up(&self) -> BTreeSet<(usize, String)> {
        let filler = Filler {
            contract: self.contract,
            map: self.map,
            rules: self.rules,
        };
        let operations = self.contract.operations().iter();
        let media = operations.filter_map(|operation| operation.body.as_ref());
        let media = media.flat_map(|body| &body.media);
        let examples = media.flat_map(verbatim_contract::Media::evidence);
        let named = examples.flat_map(|example| filler.named_items(&example.value));
        let named = named.map(|(_, collection, id)| (collection, id));
        named
            .filter(|(collection, _)| self.is_complete(*collection))
            .collect()
    }

    /// Makes the items that others point at, as examples of different origin do at what none of them shows: who
    /// follows a reference arrives. Where bodies may only name what there is, also those that objects in an item
    /// refer to: what is read can then be sent again.
    pub(super) fn referred(&self, world: &mut World, prototypes: &[Option<Value>]) {
        let mut named = BTreeSet::new();
        for item in world.stores.iter().flat_map(Store::values) {
            self.pointed_at(&item.value, &mut named);
            if self.rules.strict {
                self.referred_in(&item.value, &mut named);
            }
        }
        for (collection, id) in named {
            self.ensure(world, collection, &id, prototypes);
        }
    }

    /// The items that members such as `server_id` name, where they are reached by a path of their own.
    fn pointed_at(&self, value: &Value, named: &mut BTreeSet<(usize, String)>) {
        let Value::Object(object) = value else {
            return;
        };
        for member in object {
            let known = member.key.ends_with("_id");
            let collection = known.then(|| self.map.named(self.rules, &member.key));
            let Some(collection) = collection.flatten() else {
                continue;
            };
            let mut nodes = self.map.collections[collection].nodes.iter();
            let alone = nodes.any(|node| !self.map.nodes[*node].template.contains('{'));
            let id = key_of(&member.value.value).filter(|id| alone && id != "0");
            named.extend(id.map(|id| (collection, id)));
        }
    }

    /// The items that the objects in a value refer to, by their collection.
    fn referred_in(&self, value: &Value, named: &mut BTreeSet<(usize, String)>) {
        match value {
            Value::Object(object) => {
                for member in object {
                    let inner = &member.value.value;
                    let id = at(inner, "/id").and_then(key_of);
                    let collection = self.map.named(self.rules, &member.key);
                    named.extend(collection.zip(id));
                    self.referred_in(inner, named);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.referred_in(&item.value, named);
                }
            }
            _ => {}
        }
    }

    /// Gives a collection that mirrors another an item for each item there.
    pub fn mirror(&self, world: &mut World, collection: usize, prototypes: &[Option<Value>]) {
        let name = &self.map.collections[collection].name;
        let other = self.rules.mirrors.get(name);
        let source = other.and_then(|other| {
            let mut all = self.map.collections.iter();
            all.position(|known| known.name == *other)
        });
        let Some(source) = source else { return };
        let known = &world.stores[collection];
        let (made, _) = world.stores[source].history();
        let (_, removed) = known.history();
        // Where nothing was taken out here, only what is new there can be missing.
        let (seen, before) = known.mirrored;
        let seen = if before == removed { seen } else { 0 };
        let missing: Vec<(String, Option<Value>)> = world.stores[source]
            .after(seen)
            .filter(|(id, _)| !known.contains_key(id.as_str()))
            .map(|(id, item)| (id.clone(), at(&item.value.whole(), "/name").cloned()))
            .collect();
        world.stores[collection].mirrored = (made, removed);
        for (id, name) in missing {
            self.ensure(world, collection, &id, prototypes);
            let item = world.item_mut(collection, &id);
            if let (Some(item), Some(name)) = (item, name)
                && at(&item.value, "/name").is_some()
            {
                set(&mut item.value, "/name", name);
            }
        }
    }

    /// Makes sure that there is an item of an identifier.
    pub(super) fn ensure(
        &self,
        world: &mut World,
        collection: usize,
        id: &str,
        prototypes: &[Option<Value>],
    ) {
        let known = world.stores[collection].contains_key(id);
        if id.is_empty() || known || self.is_complete(collection) {
            return;
        }
        let Some(mut value) = prototypes.get(collection).and_then(Clone::clone) else {
            return;
        };
        self.links.clear(collection, &mut value);
        self.ground(world, &mut value);
        self.rest(collection, &mut value);
        let pointer = member_pointer(&self.map.collections[collection].identity);
        let new = match at(&value, &pointer) {
            Some(Value::Number(_)) if !verbatim_source::decimal::is_json_number(id) => return,
            Some(Value::Number(_)) => Value::Number(id.to_owned()),
            _ => Value::from(id),
        };
        set(&mut value, &pointer, new);
        if let Some(schema) = &self.map.collections[collection].schema {
            repair(self.contract, schema, &mut value, None);
        }
        world.stores[collection].insert(id.to_owned(), Item::new(value, Vec::new()));
    }

    /// Makes an item of an identifier that somebody asks for, from the prototype; where its identifier is a member, it
    /// has it.
    pub fn meet(&self, world: &mut World, collection: usize, id: &str, prototype: Option<&Value>) {
        let Some(mut value) = prototype.cloned() else {
            return;
        };
        self.links.clear(collection, &mut value);
        let pointer = member_pointer(&self.map.collections[collection].identity);
        let number = verbatim_source::decimal::is_json_number(id);
        match at(&value, &pointer) {
            Some(Value::Number(_)) if number => {
                set(&mut value, &pointer, Value::Number(id.to_owned()));
            }
            Some(Value::String(_)) => {
                set(&mut value, &pointer, Value::from(id));
            }
            _ => {}
        }
        world.stores[collection].insert(id.to_owned(), Item::new(value, Vec::new()));
    }

    /// Whether documented replies show an item with its identifier.
    pub fn is_shown(&self, collection: usize) -> bool {
        let pointer = member_pointer(&self.map.collections[collection].identity);
        let mut reads = self.reads(collection);
        reads.any(|(operation, form)| {
            let examples = super::examples(operation, &form);
            examples
                .iter()
                .any(|example| at(example, &pointer).is_some())
        })
    }

    /// Makes the references of all items lead somewhere, and show on both sides.
    pub(super) fn connect(&self, world: &mut World, prototypes: &[Option<Value>]) {
        self.links.ground(world, |world, collection, id| {
            self.ensure(world, collection, id, prototypes);
        });
        for collection in 0..world.stores.len() {
            let ids: Vec<String> = world.stores[collection].keys().cloned().collect();
            for id in ids {
                self.links.carry(world, collection, &id, None);
            }
        }
    }
}

/// Makes a reference one to another item: its identifier, and those members that it had before.
fn adopt(reference: &mut Value, item: &Value, id: &str) {
    match reference {
        Value::Object(object) => {
            let names: Vec<String> = object.iter().map(|it| it.key.clone()).collect();
            for name in names {
                if let Some(known) = at(item, &member_pointer(&name)) {
                    object.insert(name, Node::made(known.clone()));
                }
            }
        }
        scalar => *scalar = Value::from(id),
    }
}
