//! What leaves the world: removed items with all that only they lead to, and the oldest entries of
//! logs. Without this, memory would grow with the number of requests.

use crate::map::{Kind, Step};
use crate::place::{Owner, is_owned};
use crate::simulator::Simulator;
use crate::world::World;

/// The most items of a collection that no operation removes from, such as a queue of transactions.
const LONGEST_LOG: usize = 1_000;

impl Simulator {
    /// Removes an item, what refers to it, and what nothing else leads to.
    pub(crate) fn remove_item(&self, world: &mut World, collection: usize, id: &str) {
        let mut leaving = vec![(collection, id.to_owned())];
        while let Some((collection, id)) = leaving.pop() {
            let store = world.stores.get_mut(collection);
            let Some(item) = store.and_then(|store| store.remove(&id)) else {
                continue;
            };
            world
                .tasks
                .retain(|task| (task.collection, &task.id) != (collection, &id));
            self.links.carry(world, collection, &id, Some(&item.value));
            world
                .singles
                .retain(|key, _| !self.is_below(key, collection, &id));
            leaving.extend(self.orphans(world, collection, &id));
        }
    }

    /// Removes the oldest items of a collection that has become too long and from which no operation
    /// removes, but neither the newest nor any about which something goes on.
    pub(crate) fn shorten_log(&self, world: &mut World, collection: usize) {
        if world.stores[collection].len() <= LONGEST_LOG || self.is_removed_from(collection) {
            return;
        }
        while world.stores[collection].len() > LONGEST_LOG {
            let goes_on = |id: &str| {
                let mut tasks = world.tasks.iter();
                tasks.any(|task| (task.collection, task.id.as_str()) == (collection, id))
            };
            let store = &world.stores[collection];
            let mut older = store.keys().take(store.len() - 1);
            let oldest = older.find(|id| !goes_on(id)).cloned();
            drop(older);
            let Some(oldest) = oldest else {
                return;
            };
            self.remove_item(world, collection, &oldest);
        }
    }

    /// Whether an operation removes items of a collection.
    fn is_removed_from(&self, collection: usize) -> bool {
        let removes = |node| self.map.operation(&self.contract, node, "DELETE").is_some();
        self.item_nodes(collection).any(removes)
    }

    /// The nodes that stand for one item of a collection.
    fn item_nodes(&self, collection: usize) -> impl Iterator<Item = usize> {
        let nodes = self.map.nodes.iter().enumerate();
        let items = nodes.filter(move |(_, node)| node.kind == Kind::Item(collection));
        items.map(|(at, _)| at)
    }

    /// Whether a filled path leads through an item.
    fn is_below(&self, path: &str, collection: usize, id: &str) -> bool {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        self.item_nodes(collection).any(|node| {
            let way = self.map.way(node);
            let mut steps = way.iter().zip(&segments);
            segments.len() > way.len()
                && segments[way.len() - 1] == id
                && steps.all(|(node, segment)| match &self.map.nodes[*node].step {
                    Step::Literal(text) => text == segment,
                    Step::Name(_) => true,
                })
        })
    }

    /// The items that stood under one that is gone, where no path leads to them but through it.
    fn orphans(&self, world: &World, collection: usize, id: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (other, store) in world.stores.iter().enumerate() {
            if other == collection || store.is_empty() || !self.stands_under(other, collection) {
                continue;
            }
            let gone = [Owner {
                collection,
                id: id.to_owned(),
                parameter: self.parameter_of(collection),
            }];
            let owned = store
                .iter()
                .filter(|(_, item)| is_owned(&self.map, world, other, item, &gone));
            found.extend(owned.map(|(id, _)| (other, id.clone())));
        }
        found
    }

    /// The parameter that names an item in paths.
    pub(crate) fn parameter_of(&self, collection: usize) -> String {
        let mut names = self.item_nodes(collection).filter_map(|node| {
            let Step::Name(name) = &self.map.nodes[node].step else {
                return None;
            };
            Some(name.clone())
        });
        names.next().unwrap_or_default()
    }

    /// Whether every path to a collection leads through an item of another.
    fn stands_under(&self, collection: usize, other: usize) -> bool {
        let nodes = self.map.nodes.iter().enumerate();
        let mut own = nodes.filter(|(_, node)| {
            [Kind::Collection(collection), Kind::Item(collection)].contains(&node.kind)
        });
        own.all(|(at, _)| {
            let mut way = self.map.way(at).into_iter();
            way.any(|at| self.map.nodes[at].kind == Kind::Item(other))
        })
    }
}
