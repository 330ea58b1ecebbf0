//! Queues that tell of actions: transactions, jobs, and the log beside them.

use verbatim_contract::Direction;
use verbatim_contract::extension::Wait;
use verbatim_contract::value::{at, set};
use verbatim_source::Value;

use crate::act::Done;
use crate::clock;
use crate::form::Form;
use crate::map::{Step, member_pointer, object_shape, singular};
use crate::place::{NodePath, Place};
use crate::repair::schema_at;
use crate::rules::Keeping;
use crate::simulator::Simulator;
use crate::world::{Item, Task, World, key_of, object};

use super::SECONDS;

/// How an entry ends.
struct Ending<'a> {
    /// Pointer to its state.
    state: &'a str,
    /// The last state, where it has one.
    last: Option<&'a str>,
    /// How long it takes, in virtual seconds.
    seconds: i64,
}

/// Members that name the outermost item that an action concerns, and members that name the innermost.
const ABOVE: &[&str] = &["parent"];
const ABOUT: &[&str] = &["associated_object", "target"];

/// What an action concerns.
struct Subject<'a> {
    /// The items on the way, the outermost first, and what was made.
    items: Vec<(usize, String)>,
    nodes: &'a [NodePath],
}

impl Simulator {
    /// Adds an entry to the queue that is polled, and to the log.
    pub(super) fn queue(
        &self,
        world: &mut World,
        wait: &Wait,
        form: &Form,
        polled: usize,
        done: &Done,
        nodes: &[NodePath],
    ) {
        let subject = subject(world, done, nodes);
        let prefix = form.item_key.as_deref().map(member_pointer);
        let prefix = prefix.unwrap_or_default();
        let inside = |pointer: &str| {
            let inner = pointer.strip_prefix(prefix.as_str());
            inner.unwrap_or(pointer).to_owned()
        };
        let Some(state) = wait.state.as_deref().map(inside) else {
            return;
        };
        let Some(mut value) = self.entry(world, polled, &subject) else {
            return;
        };
        if let Some(pending) = wait.pending.first() {
            set(&mut value, &state, Value::from(pending.as_str()));
        }
        for (pointer, wanted) in &wait.matching {
            let wanted = match wanted.strip_prefix("$request.path.") {
                Some(name) => self.named(&subject, name),
                None => wanted.clone(),
            };
            self.put(&mut value, polled, &inside(pointer), &wanted);
        }
        for (pointer, wanted) in &done.effect.queued {
            set(&mut value, pointer, wanted.clone());
        }
        let last = wait.done.first().map(String::as_str);
        if let Some(log) = &self.rules.log {
            let action = at(&value, &member_pointer("action")).and_then(key_of);
            self.tell(world, log, &action.unwrap_or_default(), wait, &subject);
        }
        let ending = Ending {
            state: &state,
            last,
            seconds: self.states_of(polled).seconds.unwrap_or(SECONDS),
        };
        self.add_entry(world, polled, value, &ending, subject.items);
    }

    /// Tells in the log of the rules that an item was made or goes. The entry outlives the item.
    pub(super) fn tell_of(&self, world: &mut World, done: &Done, (of, id): (usize, &str)) {
        let Some(tells) = &self.rules.tells else {
            return;
        };
        let action = match (done.removes, &done.made) {
            (true, _) => "DELETE",
            (false, Some(_)) => "CREATE",
            (false, None) => return,
        };
        let kind = tells.kinds.get(&self.map.collections[of].name);
        let Some((kind, collection)) = kind.zip(self.map.called(&tells.collection)) else {
            return;
        };
        let subject = Subject {
            items: vec![(of, id.to_owned())],
            nodes: &[],
        };
        let Some(mut value) = self.entry(world, collection, &subject) else {
            return;
        };
        let name = world.value(of, id).and_then(|item| at(item, "/name"));
        let about = object([
            ("id", Value::from(id)),
            ("name", name.cloned().unwrap_or_else(|| Value::from(id))),
        ]);
        set(&mut value, &tells.about, about);
        for (pointer, text) in [
            (&tells.action, action),
            (&tells.kind, kind),
            (&tells.state, tells.during.as_str()),
        ] {
            set(&mut value, pointer, Value::from(text));
        }
        let ending = Ending {
            state: &tells.state,
            last: Some(&tells.after),
            seconds: self.states_of(of).seconds.unwrap_or_default(),
        };
        self.add_entry(world, collection, value, &ending, Vec::new());
    }

    /// A new entry of a queue or log, with its moments and what it is about.
    fn entry(&self, world: &mut World, collection: usize, subject: &Subject<'_>) -> Option<Value> {
        let mut value = self.prototype(collection).cloned()?;
        let identity = member_pointer(&self.map.collections[collection].identity);
        let id = self.fresh_id(world, collection, &value);
        set(&mut value, &identity, id);
        clock::date(&mut value, world.clock.now());
        self.describe(&mut value, collection, subject);
        Some(value)
    }

    /// Adds an entry that comes to its last state when the action is done.
    fn add_entry(
        &self,
        world: &mut World,
        collection: usize,
        value: Value,
        ending: &Ending<'_>,
        owners: Vec<(usize, String)>,
    ) {
        let identity = member_pointer(&self.map.collections[collection].identity);
        let Some(key) = at(&value, &identity).and_then(key_of) else {
            return;
        };
        let now = world.clock.now();
        let after = ending
            .last
            .map(|last| (ending.state.to_owned(), Value::from(last)));
        let task = Task {
            state: Some(ending.state.to_owned()),
            begin: now,
            end: now + world.clock.length(ending.seconds),
            after: after.into_iter().collect(),
            ..Task::new(collection, &key)
        };
        let mut item = Item::new(value, owners);
        item.since = Some(now);
        world.stores[collection].insert(key, item);
        world.tasks.push(task);
        self.shorten_log(world, collection);
    }

    /// Tells of an action in the log.
    fn tell(
        &self,
        world: &mut World,
        log: &crate::rules::Log,
        action: &str,
        wait: &Wait,
        subject: &Subject<'_>,
    ) {
        let Some(collection) = self.map.called(&log.collection) else {
            return;
        };
        let Some(mut value) = self.entry(world, collection, subject) else {
            return;
        };
        let pending = wait.pending.first().map(String::as_str);
        self.put(&mut value, collection, &log.action, action);
        self.put(
            &mut value,
            collection,
            &log.state,
            pending.unwrap_or_default(),
        );
        let ending = Ending {
            state: &log.state,
            last: wait.done.first().map(String::as_str),
            seconds: self.states_of(collection).seconds.unwrap_or(SECONDS),
        };
        self.add_entry(world, collection, value, &ending, subject.items.clone());
    }

    /// The item on the way that a parameter of the path names; the innermost where there is none of
    /// the name.
    fn named(&self, subject: &Subject<'_>, name: &str) -> String {
        let mut nodes = subject.nodes.iter();
        let found = nodes.find_map(|node_path| match &self.map.nodes[node_path.node].step {
            Step::Name(known) if known == name => match &node_path.place {
                Place::Item { id, .. } => Some(id.clone()),
                _ => None,
            },
            _ => None,
        });
        let innermost = || subject.items.last().map(|(_, id)| id.clone());
        found.or_else(innermost).unwrap_or_default()
    }

    /// Says in an entry of a queue which items it is about.
    fn describe(&self, value: &mut Value, collection: usize, subject: &Subject<'_>) {
        for (of, id) in &subject.items {
            let name = format!("{}_id", singular(&self.map.collections[*of].name));
            self.put(value, collection, &member_pointer(&name), id);
        }
        let (first, last) = (subject.items.first(), subject.items.last());
        for (names, item) in [(ABOVE, first), (ABOUT, last)] {
            let Some((of, id)) = item else { continue };
            let kind = camel(&singular(&self.map.collections[*of].name));
            for name in names {
                self.put(
                    value,
                    collection,
                    &member_pointer(&format!("{name}_id")),
                    id,
                );
                self.put(
                    value,
                    collection,
                    &member_pointer(&format!("{name}_type")),
                    &kind,
                );
            }
        }
    }

    /// Sets a member to a text, or to the number it is, whichever the schema takes; leaves members
    /// alone that the schema does not have.
    fn put(&self, value: &mut Value, collection: usize, pointer: &str, text: &str) {
        let Some(schema) = &self.map.collections[collection].schema else {
            return;
        };
        let known = object_shape(&self.contract, schema)
            .is_some_and(|shape| shape.property(pointer.trim_start_matches('/')).is_some());
        let Some(own) = schema_at(&self.contract, schema, pointer).filter(|_| known) else {
            return;
        };
        let typed = verbatim_contract::wire::typed(&self.contract, Some(&own), text);
        if self.contract.accepts(&own, &typed, Direction::Reply) {
            set(value, pointer, typed);
        }
    }
}

/// What an action concerns: what is put back where something is, else the items on the way and what
/// was made.
fn subject<'a>(world: &World, done: &Done, nodes: &'a [NodePath]) -> Subject<'a> {
    let mut items: Vec<(usize, String)> = Vec::new();
    for node_path in nodes {
        if let Place::Item { collection, id, .. } = &node_path.place {
            let item = (*collection, id.clone());
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    if let Some(root) = &done.root {
        let saved = world
            .item(root.0, &root.1)
            .and_then(|item| item.saved.as_deref());
        if let Some(saved) = saved.filter(|_| done.effect.kept == Some(Keeping::Restores)) {
            items.push((saved.collection, saved.id.clone()));
        } else if !items.contains(root) {
            items.push(root.clone());
        }
    }
    Subject { items, nodes }
}

/// A name of several words as that of a class: `virtual_machine` becomes `VirtualMachine`.
fn camel(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}
