//! From what there is to the body of a reply.

use std::borrow::Cow;
use std::ops::Range;

use verbatim_contract::{Contract, Operation};
use verbatim_source::{Node, Object, Value};

use crate::act::Made;
use crate::fault::{InjectedFaults, Kind as FaultKind};
use crate::form::Form;
use crate::map::{Kind, Map};
use crate::order;
use crate::place::{NodePath, Owner, Place, is_owned, schema_of};
use crate::ranking::Wanted;
use crate::search::Search;
use crate::store::Store;
use crate::stored::Stored;
use crate::world::{World, object};

/// What a reply shows.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    /// A list of items.
    List(Vec<Value>),
    /// One thing.
    Thing(Value),
    /// Nothing is there.
    Nothing,
}

/// Chooses what an operation's reply shows: what was made, what the path names, or something on
/// the way there, whichever is of the kind that is documented.
pub(crate) fn choose(
    contract: &Contract,
    map: &Map,
    world: &World,
    form: &Form,
    nodes: &[NodePath],
    made: Option<&Made>,
) -> Shown {
    if let Some(made) = made
        && !form.list
        && (form.name().is_none() || made.name == form.name())
    {
        return thing(world.read(&made.place));
    }
    let Some(last) = nodes.last() else {
        return Shown::Nothing;
    };
    let plain = matches!(last.place, Place::Single { .. });
    if form.list {
        return list(map, world, nodes);
    }
    let wanted = form.name();
    for node_path in nodes.iter().rev() {
        let schema = schema_of(contract, map, node_path);
        let own = schema.as_ref().and_then(verbatim_contract::Schema::name);
        let is_part = matches!(node_path.place, Place::Item { .. });
        if is_part && own.is_some() && own == wanted {
            return thing(world.read(&node_path.place));
        }
    }
    let referred = map.collections.iter().position(|known| {
        let name = known
            .schema
            .as_ref()
            .and_then(verbatim_contract::Schema::name);
        name.is_some() && name == wanted
    });
    if let Some(collection) = referred.filter(|_| !plain || world.read(&last.place).is_none()) {
        let id = world.read(&last.place).and_then(crate::world::element_key);
        let by_reference = id.and_then(|id| world.value(collection, &id));
        let first = || {
            world
                .stores
                .get(collection)?
                .values()
                .next()
                .map(|item| &*item.value)
        };
        if by_reference.is_some() {
            return thing(by_reference);
        }
        if plain {
            return thing(first());
        }
    }
    match &last.place {
        Place::Collection { .. } => list(map, world, nodes),
        place => part(contract, map, form, last.node, world.read(place)),
    }
}

/// A part of an item; a scalar that is answered as an object with one member is put into one.
fn part(contract: &Contract, map: &Map, form: &Form, node: usize, value: Option<&Value>) -> Shown {
    let Kind::Member { name, .. } = &map.nodes[node].kind else {
        return thing(value);
    };
    let shape = form.schema.as_ref().map(|schema| contract.shape(schema));
    let has_member = shape.is_some_and(|shape| shape.property(name).is_some());
    match value {
        Some(Value::Object(_) | Value::Array(_)) | None => thing(value),
        Some(scalar) if has_member => Shown::Thing(object([(name.as_str(), scalar.clone())])),
        scalar => thing(scalar),
    }
}

fn thing(value: Option<&Value>) -> Shown {
    match value {
        Some(value) => Shown::Thing(value.clone()),
        None => Shown::Nothing,
    }
}

fn list(map: &Map, world: &World, nodes: &[NodePath]) -> Shown {
    let Some(last) = nodes.last() else {
        return Shown::Nothing;
    };
    match &last.place {
        Place::Collection { collection, owners } => {
            let items = items(map, world, *collection, owners);
            Shown::List(items.map(|item| item.whole().into_owned()).collect())
        }
        place => match world.read(place) {
            Some(Value::Array(items)) => {
                Shown::List(items.iter().map(|item| item.value.clone()).collect())
            }
            Some(Value::Null) | None => match map.nodes[last.node].kind {
                Kind::Single => Shown::Nothing,
                _ => Shown::List(Vec::new()),
            },
            Some(single) => Shown::List(vec![single.clone()]),
        },
    }
}

/// The items of a collection under some owners.
pub(crate) fn items<'a>(
    map: &'a Map,
    world: &'a World,
    collection: usize,
    owners: &'a [Owner],
) -> impl Iterator<Item = &'a Stored> {
    world.stores[collection]
        .values()
        .filter(move |item| is_owned(map, world, collection, item, owners))
        .map(|item| &item.value)
}

/// What a request asks of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pub page: Option<i64>,
    pub size: Option<i64>,
    pub first: i64,
    /// Items by which pages behind the first begin too early.
    pub early: usize,
    pub sort: Option<String>,
    pub search: Option<String>,
    pub fields: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub items: Vec<Value>,
    /// How many items all pages have.
    pub total: usize,
    /// Whether another page follows.
    pub more: bool,
    /// The address of the next page.
    pub next: Option<String>,
}

impl Query {
    /// Spoils what the list is asked for, as faults want it.
    pub fn misread(&mut self, injected: &InjectedFaults) {
        if injected.has(FaultKind::SortIgnored) {
            self.sort = None;
        }
        if injected.has(FaultKind::SearchIgnored) {
            self.search = None;
        }
        if injected.has(FaultKind::FieldsIgnored) {
            self.fields = None;
        }
        if injected.has(FaultKind::PageIgnored) {
            self.page = None;
        }
        if injected.has(FaultKind::SizeIgnored) {
            self.size = None;
            self.page = None;
        }
        self.early = usize::from(injected.has(FaultKind::OffByOne));
    }

    /// Reads what an operation documents from the values sent.
    pub fn read(operation: &Operation, sent: &[(String, String)]) -> Self {
        let documented = |name: &str| {
            operation
                .parameters
                .iter()
                .any(|parameter| parameter.name == name)
        };
        let get = |name: &str| {
            let found = sent
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone());
            found.filter(|value| documented(name) && !value.is_empty())
        };
        let pagination = operation.pagination.clone().unwrap_or_default();
        let number = |name: &str| get(name).and_then(|text| whole(&text));
        Self {
            page: number(&pagination.page),
            size: number(&pagination.size),
            first: if operation.pagination.is_some() {
                pagination.first
            } else {
                1
            },
            early: 0,
            sort: get("sort"),
            search: get("q").or_else(|| get("search")),
            fields: get("fields"),
        }
    }

    /// Searches, sorts, cuts the page and leaves the fields asked for. `keep` are members that stay
    /// whatever was asked for.
    pub fn apply(&self, mut items: Vec<&Stored>, keep: &[String]) -> Page {
        if let Some(search) = self.search.as_deref().map(Search::new) {
            items.retain(|item| item.contains(&search));
        }
        let total = items.len();
        let window = self.window(total);
        let items = match &self.sort {
            Some(sort) => order::page(&items, sort, window),
            None => items[window].to_vec(),
        };
        self.cut(&items, total, keep)
    }

    /// The same with all items of a store, which keeps orders that were asked for.
    pub fn apply_to(&self, store: &Store, keep: &[String]) -> Page {
        let wanted = Wanted {
            sort: self.sort.as_deref(),
            search: self.search.as_deref(),
        };
        let (items, total) = store.listed(&wanted, |total| self.window(total));
        self.cut(&items, total, keep)
    }

    /// Which of so many items the page has.
    fn window(&self, total: usize) -> Range<usize> {
        match self.bounds() {
            Some((start, end)) => start.min(total)..end.min(total),
            None if self.page.is_some_and(|page| page > self.first) => 0..0,
            None => 0..total,
        }
    }

    /// Where the page begins and ends, however many items there are; `None` where its length is not asked for.
    fn bounds(&self) -> Option<(usize, usize)> {
        let size = self.size.and_then(|size| usize::try_from(size).ok())?;
        let page = self.page.unwrap_or(self.first).saturating_sub(self.first);
        let skipped = usize::try_from(page).unwrap_or(0).saturating_mul(size);
        let skipped = skipped.saturating_sub(self.early);
        Some((skipped, skipped.saturating_add(size)))
    }

    /// A page of items, with the fields asked for.
    fn cut(&self, items: &[&Stored], total: usize, keep: &[String]) -> Page {
        let values = items.iter().map(|item| item.whole());
        let items = match &self.fields {
            Some(fields) => {
                let names: Vec<&str> = fields
                    .split(',')
                    .map(str::trim)
                    .chain(keep.iter().map(String::as_str))
                    .collect();
                values.map(|item| project(&item, &names)).collect()
            }
            None => values.map(Cow::into_owned).collect(),
        };
        Page {
            items,
            total,
            more: self.bounds().is_some_and(|(_, end)| total > end),
            next: None,
        }
    }
}

/// A whole number, however large; none where the text is something else, as a cursor is.
fn whole(text: &str) -> Option<i64> {
    if !verbatim_source::decimal::is_json_number(text) {
        return None;
    }
    // What is beyond any list is as good as the bound of the type.
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    text.parse::<f64>().ok().map(|number| number as i64)
}

/// The members of an object that dotted names name, in the order of the object.
fn project(value: &Value, names: &[&str]) -> Value {
    let Value::Object(object) = value else {
        return match value {
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| Node::made(project(&item.value, names)))
                    .collect(),
            ),
            other => other.clone(),
        };
    };
    let mut kept = Object::new();
    for member in object {
        if names.contains(&member.key.as_str()) {
            kept.insert(member.key.clone(), Node::made(member.value.value.clone()));
            continue;
        }
        let inner: Vec<&str> = names
            .iter()
            .filter_map(|name| name.strip_prefix(member.key.as_str())?.strip_prefix('.'))
            .collect();
        if !inner.is_empty() {
            kept.insert(
                member.key.clone(),
                Node::made(project(&member.value.value, &inner)),
            );
        }
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use verbatim_contract::value::at;

    use super::*;
    use crate::world::key_of;

    fn items() -> Vec<Stored> {
        (1..=5)
            .map(|number: i64| {
                let place = object([(
                    "name",
                    Value::from(if number % 2 == 0 { "even" } else { "odd" }),
                )]);
                object([
                    ("id", Value::from(number)),
                    ("place", place),
                    ("x", Value::Null),
                ])
                .into()
            })
            .collect()
    }

    fn ids(page: &Page) -> Vec<String> {
        page.items
            .iter()
            .filter_map(|item| key_of(at(item, "/id")?))
            .collect()
    }

    #[test]
    fn pages_end_short() {
        let query = |page| Query {
            page: Some(page),
            size: Some(2),
            first: 1,
            ..Query::default()
        };
        assert_eq!(
            ids(&query(1).apply(items().iter().collect(), &[])),
            ["1", "2"]
        );
        let last = query(3).apply(items().iter().collect(), &[]);
        assert_eq!(
            (ids(&last), last.total, last.more),
            (vec!["5".to_owned()], 5, false)
        );
        assert!(
            query(4)
                .apply(items().iter().collect(), &[])
                .items
                .is_empty()
        );
        assert!(query(2).apply(items().iter().collect(), &[]).more);
    }

    #[test]
    fn lists_are_sorted_searched_and_projected() {
        let query = Query {
            sort: Some("-id".to_owned()),
            search: Some("ODD".to_owned()),
            fields: Some("place.name".to_owned()),
            ..Query::default()
        };
        let page = query.apply(items().iter().collect(), &["id".to_owned()]);
        assert_eq!(ids(&page), ["5", "3", "1"]);
        let text = verbatim_source::write::compact(&page.items[0]);
        assert_eq!(text.trim(), r#"{"id":5,"place":{"name":"odd"}}"#);
    }
}
