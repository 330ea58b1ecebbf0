//! Rows that items gain as virtual time goes on: statistics by the hour and the like.

use verbatim_contract::Operation;
use verbatim_contract::value::{at, set};
use verbatim_source::Value;

use crate::check::ReceivedRequest;
use crate::clock;
use crate::map::{Kind, member_pointer, object_shape, singular};
use crate::place::{NodePath, Place};
use crate::repair::repair;
use crate::rules::{Series, Sum};
use crate::simulator::{START, Simulator};
use crate::stored::Stored;
use crate::world::{Item, World, key_of};

/// The most rows of one item: those of a month, where there is one for each hour. Older ones leave.
const MOST: i64 = 744;

impl Simulator {
    /// Whether what an operation reads grows by itself.
    pub(crate) fn grows(&self, operation: &Operation) -> bool {
        let node = self.map.of_operation.get(&operation.id);
        node.is_some_and(|node| self.series_at(*node).next().is_some())
    }

    /// The series on the way to a node, with their collections.
    fn series_at(&self, node: usize) -> impl Iterator<Item = (usize, &Series)> {
        let way = if self.rules.series.is_empty() {
            Vec::new()
        } else {
            self.map.way(node)
        };
        way.into_iter().filter_map(|at| {
            let summed = || self.map.called(&self.sum_at(at)?.of);
            let collection = match self.map.nodes[at].kind {
                Kind::Collection(collection) => collection,
                _ => summed()?,
            };
            let name = &self.map.collections[collection].name;
            Some((collection, self.rules.series.get(name)?))
        })
    }

    /// Brings the series on the way to a node up to the present moment.
    pub(crate) fn grow(&self, world: &mut World, node: usize) {
        for (collection, series) in self.series_at(node).collect::<Vec<_>>() {
            let Some(of) = self.map.called(&series.of) else {
                continue;
            };
            for id in world.stores[of].keys().cloned().collect::<Vec<_>>() {
                self.grow_one(world, (collection, series), (of, &id));
            }
        }
    }

    /// Adds the rows of one item that are missing.
    fn grow_one(
        &self,
        world: &mut World,
        (collection, series): (usize, &Series),
        owner: (usize, &str),
    ) {
        let every = series.seconds.saturating_mul(1000).max(1);
        let start = self.rules.start.unwrap_or(START).saturating_mul(1000);
        let began = world.item(owner.0, owner.1).and_then(|item| item.since);
        let first = began.unwrap_or_else(|| start.saturating_sub(series.history * every));
        let under = (owner.0, owner.1.to_owned());
        let rows = world.stores[collection].iter();
        let rows = rows.filter(|(_, item)| item.owners.contains(&under));
        let known: Vec<(String, Option<i64>)> =
            rows.map(|(id, item)| (id.clone(), item.since)).collect();
        let newest = known.iter().filter_map(|(_, moment)| *moment).max();
        let newest = newest.unwrap_or(first).max(first);
        let missing = (world.clock.now().saturating_sub(newest)) / every;
        for number in (1..=missing).skip(usize::try_from(missing - MOST).unwrap_or(0)) {
            self.add_row(world, (collection, series), &under, newest + number * every);
        }
        let most = usize::try_from(MOST - missing.min(MOST)).unwrap_or(0);
        let surplus = known.len().saturating_sub(most);
        for (id, _) in known.iter().take(surplus) {
            world.stores[collection].remove(id);
        }
    }

    /// Adds the row of one moment.
    fn add_row(
        &self,
        world: &mut World,
        (collection, series): (usize, &Series),
        owner: &(usize, String),
        moment: i64,
    ) {
        let Some(mut value) = self.prototype(collection).cloned() else {
            return;
        };
        let identity = member_pointer(&self.map.collections[collection].identity);
        let id = self.fresh_id(world, collection, &value);
        set(&mut value, &identity, id.clone());
        clock::date(&mut value, moment);
        self.name_owners(world, collection, &mut value, owner);
        let example = at(&value, &series.at).and_then(key_of).unwrap_or_default();
        set(
            &mut value,
            &series.at,
            Value::String(clock::write(moment, &example)),
        );
        for (pointer, (low, high)) in &series.numbers {
            let number = world.random.i64(*low..=*high);
            set(&mut value, pointer, Value::from(number));
        }
        if let Some(schema) = &self.map.collections[collection].schema {
            repair(
                &self.contract,
                schema,
                &mut value,
                self.prototype(collection),
            );
        }
        let Some(key) = key_of(&id) else { return };
        let mut row = Item::new(value, vec![owner.clone()]);
        row.since = Some(moment);
        world.stores[collection].insert(key, row);
    }

    /// A new identifier for an item of a collection: a number where the document says so.
    pub(crate) fn fresh_id(&self, world: &mut World, collection: usize, like: &Value) -> Value {
        let known = &self.map.collections[collection];
        let example = at(like, &member_pointer(&known.identity));
        let schema = known.schema.as_ref();
        let shape = schema.and_then(|schema| object_shape(&self.contract, schema));
        let own = shape
            .as_ref()
            .and_then(|shape| shape.property(&known.identity));
        let is_number = own.is_some_and(|own| {
            let own = self.contract.shape(own);
            own.is("integer") && !own.is("string")
        });
        let number = Value::from(1_i64);
        let example = example.filter(|it| !matches!(it, Value::Null));
        world.new_id(example.or(is_number.then_some(&number)))
    }

    /// Names in a row the item that it is about, and what this one names by the same members.
    fn name_owners(
        &self,
        world: &World,
        collection: usize,
        value: &mut Value,
        owner: &(usize, String),
    ) {
        let own = format!("{}_id", singular(&self.map.collections[owner.0].name));
        let schema = self.map.collections[collection].schema.as_ref();
        let shape = schema.and_then(|schema| object_shape(&self.contract, schema));
        let names = shape.iter().flat_map(|shape| shape.properties.iter());
        let about = world.value(owner.0, &owner.1);
        for (name, _) in names.filter(|(name, _)| name.ends_with("_id")) {
            let pointer = member_pointer(name);
            let new = if **name == own {
                let identity = member_pointer(&self.map.collections[owner.0].identity);
                about.and_then(|about| at(about, &identity))
            } else {
                about.and_then(|about| at(about, &pointer))
            };
            if let Some(new) = new.cloned() {
                set(value, &pointer, new);
            }
        }
    }

    /// Leaves of rows those between the moments that a request asks for.
    pub(crate) fn within(
        &self,
        nodes: &[NodePath],
        received: &ReceivedRequest<'_>,
        items: &mut Vec<&Stored>,
    ) {
        let Some(last) = nodes.last() else { return };
        let Kind::Collection(collection) = self.map.nodes[last.node].kind else {
            return;
        };
        let name = &self.map.collections[collection].name;
        if let Some(series) = self.rules.series.get(name) {
            between(series, received, items);
        }
    }

    /// The rule of a document whose numbers are sums.
    fn sum_at(&self, node: usize) -> Option<&Sum> {
        self.rules.sums.get(&self.map.nodes[node].template)
    }

    /// Puts into a document the sums over the rows of the time that a request asks for.
    pub(crate) fn sum_up(
        &self,
        world: &World,
        nodes: &[NodePath],
        received: &ReceivedRequest<'_>,
        value: &mut Value,
    ) {
        let sum = nodes.last().and_then(|last| self.sum_at(last.node));
        let Some((sum, series)) = sum.and_then(|sum| Some((sum, self.rules.series.get(&sum.of)?)))
        else {
            return;
        };
        let above = nodes
            .iter()
            .rev()
            .find_map(|node_path| match &node_path.place {
                Place::Item { id, .. } => Some(id),
                _ => None,
            });
        let store = self.map.called(&sum.of).map(|at| &world.stores[at]);
        let above = above.map(String::as_str);
        let mut rows: Vec<&Stored> = store
            .into_iter()
            .flat_map(|store| store.values().map(|item| &item.value))
            .filter(|row| row.key(&sum.by) == above)
            .collect();
        between(series, received, &mut rows);
        for (pointer, added) in &sum.numbers {
            let numbers = rows.iter().filter_map(|row| row.key(added));
            let total: f64 = numbers
                .filter_map(|number| number.parse::<f64>().ok())
                .sum();
            set(value, pointer, Value::Number(total.to_string()));
        }
    }
}

/// Leaves of rows those between the moments that a request asks for.
fn between(series: &Series, received: &ReceivedRequest<'_>, items: &mut Vec<&Stored>) {
    let asked = |name: &Option<String>| {
        let name = name.as_deref()?;
        let mut sent = received.query.iter();
        let found = sent.find(|(known, _)| known == name)?;
        Some(digits(&found.1)).filter(|text| !text.is_empty())
    };
    let (from, to) = (asked(&series.from), asked(&series.to));
    items.retain(|item| {
        let moment = digits(item.key(&series.at).unwrap_or_default());
        let until = |to: &String| moment.get(..to.len()).unwrap_or(&moment) <= to.as_str();
        from.as_ref().is_none_or(|from| moment >= *from) && to.as_ref().is_none_or(until)
    });
}

/// The digits of a moment, which are in the order of time however it is written: year first.
fn digits(moment: &str) -> String {
    let digits = moment.chars().filter(char::is_ascii_digit);
    digits.take(14).collect()
}
