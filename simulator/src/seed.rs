//! The first state: what the documented examples show.

mod named;

use verbatim_contract::value::{at, set};
use verbatim_contract::{Contract, Direction, Operation};
use verbatim_source::{Node, Value};

use crate::form::Form;
use crate::link::Links;
use crate::map::{Kind, Map, Step, member_pointer};
use crate::repair::{repair, sample};
use crate::rules::Rules;
use crate::world::{Item, World, key_of};

/// What seeding reads.
pub(crate) struct Seeder<'a> {
    pub contract: &'a Contract,
    pub map: &'a Map,
    pub rules: &'a Rules,
    pub links: &'a Links,
}

/// Items made for a collection that no example shows.
const INVENTED: usize = 2;

impl Seeder<'_> {
    /// A whole item of each collection, to make others from.
    pub fn prototypes(&self) -> Vec<Option<Value>> {
        (0..self.map.collections.len())
            .map(|collection| self.prototype(collection))
            .collect()
    }

    fn prototype(&self, collection: usize) -> Option<Value> {
        let schema = self.map.collections[collection].schema.as_ref()?;
        let documented = self
            .reads(collection)
            .flat_map(|(operation, form)| examples(operation, &form))
            .find(|value| self.contract.accepts(schema, value, Direction::Reply));
        let name = &self.map.collections[collection].name;
        let declared = || self.rules.items.get(name)?.first().cloned();
        let mut whole = documented
            .or_else(declared)
            .or_else(|| sample(self.contract, schema))
            .filter(|value| matches!(value, Value::Object(_)))?;
        self.correct(collection, &mut whole);
        for (member, value) in self.rules.present.get(name).into_iter().flatten() {
            let pointer = member_pointer(member);
            if at(&whole, &pointer).is_none() {
                set(&mut whole, &pointer, value.clone());
            }
        }
        Some(whole)
    }

    /// Operations that read a collection, those of single items first.
    fn reads(&self, collection: usize) -> impl Iterator<Item = (&Operation, Form)> {
        let reads = self.map.reads(self.contract, collection);
        reads.filter_map(|(operation, node)| Some((operation, self.map.nodes[node].form.clone()?)))
    }

    /// Fills an empty world.
    pub fn fill(&self, world: &mut World, prototypes: &[Option<Value>]) {
        let mut order: Vec<usize> = (0..self.map.collections.len()).collect();
        // Collections that stand under items come after those.
        order.sort_by_key(|collection| {
            let node = self.map.collections[*collection]
                .nodes
                .first()
                .copied()
                .unwrap_or_default();
            self.map.nodes[node].template.matches('{').count()
        });
        for collection in order {
            self.collection(world, collection, prototypes);
        }
        self.requested(world, prototypes);
        self.referred(world, prototypes);
        for collection in 0..world.stores.len() {
            for id in world.stores[collection].keys().cloned().collect::<Vec<_>>() {
                let Some(mut value) = world.value(collection, &id).cloned() else {
                    continue;
                };
                self.ground(world, &mut value);
                if let Some(item) = world.item_mut(collection, &id) {
                    item.value = value.into();
                }
            }
        }
        self.connect(world, prototypes);
        self.singles(world);
    }

    fn collection(&self, world: &mut World, collection: usize, prototypes: &[Option<Value>]) {
        let prototype = prototypes.get(collection).and_then(Option::as_ref);
        let name = &self.map.collections[collection].name;
        for value in self.rules.items.get(name).into_iter().flatten() {
            self.declare(world, collection, value, prototype);
        }
        if self.rules.complete.contains(name) {
            return;
        }
        let documented: Vec<Value> = self
            .reads(collection)
            .flat_map(|(operation, form)| examples(operation, &form))
            .collect();
        for value in documented {
            self.insert(world, collection, value, prototype);
        }
        if !world.stores[collection].is_empty() {
            return;
        }
        let Some(prototype) = prototype else { return };
        let root = self.map.collections[collection]
            .nodes
            .first()
            .is_some_and(|node| !self.map.nodes[*node].template.contains('{'));
        if root {
            for _ in 0..INVENTED {
                self.invent(world, collection, prototype, None);
            }
        } else {
            self.invent_under_owners(world, collection, prototype);
        }
    }

    /// One item under the first item of each collection that this one stands under.
    fn invent_under_owners(&self, world: &mut World, collection: usize, prototype: &Value) {
        for node in self.map.collections[collection].nodes.clone() {
            let Some(above) = self.map.nodes[node].parent else {
                continue;
            };
            let Kind::Item(owner) = self.map.nodes[above].kind else {
                continue;
            };
            let Some(id) = world.stores[owner].keys().next().cloned() else {
                continue;
            };
            let parameter = match &self.map.nodes[above].step {
                Step::Name(name) => name.clone(),
                Step::Literal(_) => String::new(),
            };
            self.invent(world, collection, prototype, Some((owner, id, parameter)));
        }
    }

    fn invent(
        &self,
        world: &mut World,
        collection: usize,
        prototype: &Value,
        owner: Option<(usize, String, String)>,
    ) {
        let mut value = prototype.clone();
        self.links.clear(collection, &mut value);
        let identity = &self.map.collections[collection].identity;
        let example = at(prototype, &member_pointer(identity)).cloned();
        let id = world.new_id(example.as_ref());
        let shows = self.map.shows_identity(self.contract, collection);
        if shows {
            set(&mut value, &member_pointer(identity), id.clone());
        }
        let mut owners = Vec::new();
        if let Some((owner, id, parameter)) = owner {
            let names = [
                parameter,
                format!(
                    "{}_id",
                    crate::map::singular(&self.map.collections[owner].name)
                ),
            ];
            for pointer in names.iter().map(|name| member_pointer(name)) {
                if let Some(known) = at(&value, &pointer) {
                    let new = match known {
                        Value::String(_) => Value::String(id.clone()),
                        _ => Value::Number(id.clone()),
                    };
                    set(&mut value, &pointer, new);
                }
            }
            owners.push((owner, id));
        }
        if let Some(schema) = &self.map.collections[collection].schema {
            repair(self.contract, schema, &mut value, Some(prototype));
        }
        let own = at(&value, &member_pointer(identity)).filter(|_| shows);
        if let Some(key) = key_of(own.unwrap_or(&id)) {
            world.stores[collection].insert(key, Item::new(value, owners));
        }
    }

    /// Whether a collection begins with declared items alone.
    fn is_complete(&self, collection: usize) -> bool {
        let name = &self.map.collections[collection].name;
        self.rules.complete.contains(name)
    }

    /// Puts in place of what documented examples show what the service answers.
    pub fn correct(&self, collection: usize, value: &mut Value) {
        let name = &self.map.collections[collection].name;
        for correction in &self.rules.corrections {
            let wrong = at(value, &correction.at)
                .is_some_and(|found| verbatim_source::equal::same(found, &correction.from).is_ok());
            if correction.collection == *name && wrong {
                set(value, &correction.at, correction.to.clone());
            }
        }
    }

    /// Adds a declared item: what it does not say comes from no example.
    fn declare(
        &self,
        world: &mut World,
        collection: usize,
        value: &Value,
        prototype: Option<&Value>,
    ) {
        let identity = member_pointer(&self.map.collections[collection].identity);
        let Some(key) = at(value, &identity).and_then(key_of) else {
            return;
        };
        let mut value = value.clone();
        if let Some(schema) = &self.map.collections[collection].schema {
            repair(self.contract, schema, &mut value, prototype);
        }
        let owners = Vec::new();
        world.stores[collection].insert(key, Item::new(value, owners));
    }

    /// Adds a documented item, made whole from the prototype; one that is known gains members.
    fn insert(
        &self,
        world: &mut World,
        collection: usize,
        value: Value,
        prototype: Option<&Value>,
    ) {
        let identity = member_pointer(&self.map.collections[collection].identity);
        let Some(key) = at(&value, &identity)
            .and_then(key_of)
            .filter(|key| !key.is_empty())
        else {
            return;
        };
        if world.stores[collection].contains_key(&key) {
            return;
        }
        let mut whole = prototype.cloned().unwrap_or(Value::Null);
        self.links.clear(collection, &mut whole);
        match (&mut whole, value) {
            (Value::Object(whole), Value::Object(value)) => {
                for member in value {
                    whole.insert(member.key, member.value);
                }
            }
            (whole, value) => *whole = value,
        }
        self.rest(collection, &mut whole);
        self.correct(collection, &mut whole);
        if let Some(schema) = &self.map.collections[collection].schema {
            repair(self.contract, schema, &mut whole, prototype);
        }
        world.stores[collection].insert(key, Item::new(whole, Vec::new()));
    }

    /// Brings an item that an example shows on its way to its state of rest.
    fn rest(&self, collection: usize, value: &mut Value) {
        let Some(states) = self
            .rules
            .states
            .get(&self.map.collections[collection].name)
        else {
            return;
        };
        let Some((pointer, done)) = states.state.as_ref().zip(states.done.as_ref()) else {
            return;
        };
        let passing = [&states.create, &states.change, &states.delete];
        let present = at(value, pointer).and_then(key_of);
        let moving = present.is_some_and(|present| {
            present.ends_with("ING") || (present != *done && passing.contains(&&Some(present)))
        });
        if moving {
            set(value, pointer, Value::from(done.as_str()));
            if let Some(percent) = &states.percent {
                set(value, percent, Value::Null);
            }
        }
    }

    fn singles(&self, world: &mut World) {
        for (at, node) in self.map.nodes.iter().enumerate() {
            if node.kind == Kind::Single
                && !node.template.contains('{')
                && let Some(value) = self.single(at)
            {
                world.singles.insert(node.template.clone(), value);
            }
        }
    }

    /// The first value of a document that there is one of: its documented example, else a sample.
    pub fn single(&self, node: usize) -> Option<Value> {
        let declared = self.rules.singles.get(&self.map.nodes[node].template);
        if let Some(declared) = declared {
            return Some(declared.clone());
        }
        let operation = self.map.operation(self.contract, node, "GET")?;
        let form = self.map.nodes[node].form.clone()?;
        let (_, reply) = operation.success()?;
        let media = reply.json()?;
        let documented = media
            .evidence()
            .map(|example| form.unwrap(&example.value).clone())
            .next();
        documented.or_else(|| {
            let whole = sample(self.contract, media.schema.as_ref()?)?;
            Some(form.unwrap(&whole).clone())
        })
    }
}

/// The things that the documented replies of an operation show.
fn examples(operation: &Operation, form: &Form) -> Vec<Value> {
    let Some((_, reply)) = operation.success() else {
        return Vec::new();
    };
    let media = reply.media.iter().filter(|media| media.is_json());
    media
        .flat_map(verbatim_contract::Media::evidence)
        .flat_map(|example| {
            if form.list {
                form.items(&example.value)
                    .into_iter()
                    .cloned()
                    .collect::<Vec<_>>()
            } else {
                match form.unwrap(&example.value) {
                    Value::Array(items) => {
                        items.iter().map(|item: &Node| item.value.clone()).collect()
                    }
                    thing => vec![thing.clone()],
                }
            }
        })
        .filter(|value| matches!(value, Value::Object(_)))
        .collect()
}
