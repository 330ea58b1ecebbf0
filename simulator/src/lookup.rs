//! Items that are there because they are asked for: where a document has neither a list of them nor a way to
//! make them, nobody could know which there are; and where `PUT` makes what it names.

use verbatim_contract::{Operation, Parameter, Place as Stands, StatusMatch};
use verbatim_source::{Object, Value};

use crate::map::{Kind, Step};
use crate::simulator::Simulator;
use crate::world::{Item, World};

impl Simulator {
    /// Makes the items on the way to a node that are there for whoever asks; whether the one that the operation is
    /// about is among them.
    pub(crate) fn meet(
        &self,
        world: &mut World,
        operation: &Operation,
        node: usize,
        parameters: &[(String, String)],
    ) -> bool {
        let mut owners = Vec::new();
        let mut made = false;
        for at in self.map.way(node) {
            let node_there = &self.map.nodes[at];
            let (Step::Name(name), Kind::Item(collection)) = (&node_there.step, &node_there.kind)
            else {
                continue;
            };
            let Some((_, id)) = parameters.iter().find(|(known, _)| known == name) else {
                return made;
            };
            if world.item(*collection, id).is_none() {
                let puts = at == node && self.is_put(operation, *collection);
                if !puts && !self.is_open(*collection) {
                    return made;
                }
                self.welcome(world, *collection, id, &owners);
                made = at == node;
                self.shorten_log(world, *collection);
            }
            owners.push((*collection, id.clone()));
        }
        made
    }

    /// Makes an item of an identifier under some owners.
    fn welcome(&self, world: &mut World, collection: usize, id: &str, owners: &[(usize, String)]) {
        self.seeder()
            .meet(world, collection, id, self.prototype(collection));
        if world.item(collection, id).is_none() {
            let item = Item::new(Value::Object(Object::new()), Vec::new());
            world.stores[collection].insert(id.to_owned(), item);
        }
        let now = world.clock.now();
        if let Some(item) = world.item_mut(collection, id) {
            item.owners = owners.to_vec();
            item.since = Some(now);
        }
    }

    /// Whether whatever a path names is there: nothing lists, makes or removes items, and the document does not show
    /// which there are, or does not say what comes where one is not there.
    fn is_open(&self, collection: usize) -> bool {
        let name = &self.map.collections[collection].name;
        let declared = self.rules.items.contains_key(name)
            || self.rules.complete.contains(name)
            || self.rules.mirrors.contains_key(name);
        let mut nodes = self.map.nodes.iter().enumerate();
        !declared
            && nodes.all(|(at, node)| {
                let mut operations = self.map.operations(&self.contract, at);
                match node.kind {
                    Kind::Collection(known) if known == collection => operations.next().is_none(),
                    Kind::Item(known) if known == collection => {
                        operations.all(|it| self.names_none(it, at, collection))
                    }
                    _ => true,
                }
            })
    }

    /// Whether an operation on an item reads it, and leaves open which items there are.
    fn names_none(&self, operation: &Operation, node: usize, collection: usize) -> bool {
        let reads = operation.method == "GET" && operation.safe;
        let Step::Name(name) = &self.map.nodes[node].step else {
            return false;
        };
        let mut parameters = operation.parameters_in(Stands::Path);
        let parameter = parameters.find(|parameter| parameter.name == *name);
        let shown = parameter.is_some_and(|parameter| self.is_shown(parameter))
            || self.seeder().is_shown(collection);
        reads && (!shown || !documents(operation, 404))
    }

    /// Whether the document shows a value of a parameter.
    fn is_shown(&self, parameter: &Parameter) -> bool {
        let shape = parameter.schema.as_ref().map(|it| self.contract.shape(it));
        let of_schema = shape.is_some_and(|it| !it.examples.is_empty() || it.default.is_some());
        of_schema || !parameter.examples.is_empty()
    }

    /// Whether an operation makes the item that it names, where there is none: no other makes any.
    fn is_put(&self, operation: &Operation, collection: usize) -> bool {
        let bare = || {
            let mut nodes = self.map.nodes.iter().enumerate();
            nodes.all(|(at, node)| {
                let is_list = node.kind == Kind::Collection(collection);
                !is_list || self.map.operations(&self.contract, at).next().is_none()
            })
        };
        operation.method == "PUT"
            && (documents(operation, 201) || !documents(operation, 404))
            && bare()
    }
}

/// Whether a document has exactly this status of an operation.
fn documents(operation: &Operation, status: u16) -> bool {
    let mut replies = operation.replies.iter();
    replies.any(|reply| reply.status == StatusMatch::Code(status))
}
