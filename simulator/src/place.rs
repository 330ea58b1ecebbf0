//! From an operation and its path to what it is about.

use verbatim_contract::value::at;
use verbatim_contract::{Contract, Schema};
use verbatim_source::{Pointer, Value};

use crate::map::{Kind, Map, Step, member_pointer};
use crate::world::{Item, World, element_key};

/// What a path is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The items of a collection under some owners.
    Collection {
        collection: usize,
        owners: Vec<Owner>,
    },
    /// A part of an item; the item itself where the pointer is empty.
    Item {
        collection: usize,
        id: String,
        pointer: String,
    },
    /// A document that there is one of.
    Single { key: String },
    /// Nothing.
    None,
}

/// An item that others stand under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub collection: usize,
    pub id: String,
    /// The parameter that named it; items may have a property of this name.
    pub parameter: String,
}

/// A place and the node that led there.
#[derive(Debug, Clone)]
pub(crate) struct NodePath {
    pub node: usize,
    pub place: Place,
}

/// A path that leads to nothing, and which of its parameters is to blame, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing {
    pub level: usize,
}

/// The places on the way to a node, the node's own last.
pub(crate) fn resolve(
    map: &Map,
    world: &World,
    node: usize,
    parameters: &[(String, String)],
) -> Result<Vec<NodePath>, Missing> {
    let mut nodes: Vec<NodePath> = Vec::new();
    let mut owners: Vec<Owner> = Vec::new();
    let mut filled = String::new();
    let mut level = 0;
    for at in map.way(node) {
        let step = &map.nodes[at].step;
        let value = match step {
            Step::Literal(text) => text.as_str(),
            Step::Name(name) => parameters
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
                .ok_or(Missing { level })?,
        };
        filled.push('/');
        filled.push_str(value);
        let above = nodes
            .last()
            .map_or(&Place::None, |node_path| &node_path.place);
        let place = match &map.nodes[at].kind {
            Kind::Prefix => Place::None,
            Kind::Action => above.clone(),
            Kind::Single => Place::Single {
                key: filled.clone(),
            },
            Kind::Collection(collection) => {
                // A list whose path ends in the name of an owner.
                if let Step::Name(name) = step
                    && let Some(above) = map.plural_of(name)
                {
                    world.item(above, value).ok_or(Missing { level })?;
                    owners.push(Owner {
                        collection: above,
                        id: value.to_owned(),
                        parameter: name.clone(),
                    });
                }
                Place::Collection {
                    collection: *collection,
                    owners: owners.clone(),
                }
            }
            Kind::Item(collection) => {
                let item = world.item(*collection, value).ok_or(Missing { level })?;
                if !is_owned(map, world, *collection, item, &owners) {
                    return Err(Missing { level });
                }
                let parameter = match step {
                    Step::Name(name) => name.clone(),
                    Step::Literal(_) => String::new(),
                };
                owners.push(Owner {
                    collection: *collection,
                    id: value.to_owned(),
                    parameter,
                });
                Place::Item {
                    collection: *collection,
                    id: value.to_owned(),
                    pointer: String::new(),
                }
            }
            Kind::Member { name, .. } => below(above, name).ok_or(Missing { level })?,
            Kind::Element => element(world, above, value).ok_or(Missing { level })?,
        };
        if matches!(step, Step::Name(_)) {
            level += 1;
        }
        nodes.push(NodePath { node: at, place });
    }
    Ok(nodes)
}

fn below(above: &Place, name: &str) -> Option<Place> {
    let Place::Item {
        collection,
        id,
        pointer,
    } = above
    else {
        return None;
    };
    let mut longer = Pointer::parse(pointer)?;
    longer.push(name);
    Some(Place::Item {
        collection: *collection,
        id: id.clone(),
        pointer: longer.to_string(),
    })
}

fn element(world: &World, above: &Place, key: &str) -> Option<Place> {
    let Place::Item {
        collection,
        id,
        pointer,
    } = above
    else {
        return None;
    };
    let pointer = match world.read(above)? {
        Value::Array(items) => {
            let index = items
                .iter()
                .position(|item| element_key(&item.value).as_deref() == Some(key))?;
            format!("{pointer}/{index}")
        }
        single if element_key(single).as_deref() == Some(key) => pointer.clone(),
        _ => return None,
    };
    Some(Place::Item {
        collection: *collection,
        id: id.clone(),
        pointer,
    })
}

/// Whether an item stands under all owners: by its own property, or by how it was made.
pub(crate) fn is_owned(
    map: &Map,
    world: &World,
    collection: usize,
    item: &Item,
    owners: &[Owner],
) -> bool {
    owners.iter().all(|owner| {
        owner.collection == collection
            || belongs(map, item, owner)
            || through(map, world, collection, item).is_some_and(|(other, item)| {
                other == owner.collection && key_is(map, other, item, &owner.id)
                    || belongs(map, item, owner)
            })
    })
}

/// Whether an item names an owner, or was made under it.
fn belongs(map: &Map, item: &Item, owner: &Owner) -> bool {
    let singular = crate::map::singular(&map.collections[owner.collection].name);
    let property = [owner.parameter.clone(), format!("{singular}_id")]
        .iter()
        .find_map(|name| item.value.key(&member_pointer(name)));
    let mut above = item.owners.iter();
    property == Some(owner.id.as_str())
        || above.any(|(collection, id)| (*collection, id) == (owner.collection, &owner.id))
}

/// The item of another collection that an item belongs with, where the rules say so.
fn through<'a>(
    map: &Map,
    world: &'a World,
    collection: usize,
    item: &Item,
) -> Option<(usize, &'a Item)> {
    let other = *map.through.get(&collection)?;
    let singular = crate::map::singular(&map.collections[other].name);
    let named = member_pointer(&format!("{singular}_id"));
    let id = item.value.key(&named);
    let above = || {
        let mut owners = item.owners.iter();
        let found = owners.find(|(collection, _)| *collection == other)?;
        Some(found.1.as_str())
    };
    Some((other, world.item(other, id.or_else(above)?)?))
}

fn key_is(map: &Map, collection: usize, item: &Item, id: &str) -> bool {
    let identity = member_pointer(&map.collections[collection].identity);
    item.value.key(&identity) == Some(id)
}

impl World {
    /// What stands at a place that is a part of an item or a single document.
    pub fn read(&self, place: &Place) -> Option<&Value> {
        match place {
            Place::Item {
                collection,
                id,
                pointer,
            } => at(self.value(*collection, id)?, pointer),
            Place::Single { key } => self.singles.get(key),
            Place::Collection { .. } | Place::None => None,
        }
    }
}

/// What a place's value is, by the document.
pub(crate) fn schema_of(contract: &Contract, map: &Map, node_path: &NodePath) -> Option<Schema> {
    match map.nodes[node_path.node].kind {
        Kind::Action => None,
        _ => map.schema_of(contract, node_path.node),
    }
}
