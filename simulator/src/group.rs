//! Lists that show the owner of their items, which stand in it by one of their members.

use verbatim_contract::value::{at_mut, set};
use verbatim_source::{Node, Object, Value};

use crate::map::{Kind, member_pointer};
use crate::place::{NodePath, Place};
use crate::simulator::Simulator;
use crate::view;

impl Simulator {
    /// The owner of a list with its items, where the rules say that the list shows it; `None` elsewhere.
    pub(crate) fn grouped(&self, world: &crate::world::World, nodes: &[NodePath]) -> Option<Value> {
        let last = nodes.last()?;
        let group = self.rules.groups.get(&self.map.nodes[last.node].template)?;
        let Place::Collection { collection, owners } = &last.place else {
            return None;
        };
        let owner = owners.last()?;
        let mut whole = world.value(owner.collection, &owner.id)?.clone();
        let root = self.root_of(*collection);
        let mut lists = Value::Object(Object::new());
        for item in view::items(&self.map, world, *collection, owners) {
            let kind = item.key(&member_pointer(&group.by));
            let kind = member_pointer(kind.unwrap_or_default());
            let mut entry = item.whole().into_owned();
            if !root.is_empty() {
                let bare = std::mem::replace(&mut entry, Value::Object(Object::new()));
                set(&mut entry, &root, bare);
            }
            match at_mut(&mut lists, &kind) {
                Some(Value::Array(items)) => items.push(Node::made(entry)),
                _ => {
                    set(&mut lists, &kind, Value::Array(vec![Node::made(entry)]));
                }
            }
        }
        set(&mut whole, &group.at, lists);
        Some(whole)
    }

    /// The root key around an item as it is read, as a pointer.
    fn root_of(&self, collection: usize) -> String {
        let mut nodes = self.map.nodes.iter();
        let item = nodes.find(|node| node.kind == Kind::Item(collection) && node.form.is_some());
        item.and_then(|node| Some(node.form.as_ref()?.at.clone()))
            .unwrap_or_default()
    }
}
