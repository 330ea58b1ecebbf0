//! The whole state as JSON, and back.

use verbatim_contract::value::{at, set};
use verbatim_source::write::{compact, quoted};
use verbatim_source::{Node, Object, Value};

use crate::simulator::{Simulator, State};
use crate::store::Store;
use crate::world::{Item, SavedItem, Task, key_of, object};

impl Simulator {
    /// The whole state as a JSON text, written item by item: all items together, unpacked, would take much room.
    pub(crate) fn snapshot(&self, state: &State) -> String {
        let mut text = String::from("{");
        let clock = Value::from(state.world.clock.now());
        push_member(&mut text, "clock", &compact(&clock));
        push_member(&mut text, "made", &compact(&Value::from(state.world.made)));
        let random = Value::from(state.world.random.get_seed());
        push_member(&mut text, "random", &compact(&random));
        push_member(&mut text, "collections", "{");
        for (collection, store) in state.world.stores.iter().enumerate() {
            push_member(&mut text, &self.key(collection), "[");
            for (id, item) in store.iter() {
                push_comma(&mut text);
                text.push_str(&compact(&self.write_item(id, item)));
            }
            text.push(']');
        }
        text.push('}');
        let singles: Object = state
            .world
            .singles
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let tasks = state
            .world
            .tasks
            .iter()
            .map(|task| Node::made(self.write_task(task)))
            .collect();
        push_member(&mut text, "singles", &compact(&Value::Object(singles)));
        push_member(&mut text, "tasks", &compact(&Value::Array(tasks)));
        text.push('}');
        text
    }

    fn write_item(&self, id: &str, item: &Item) -> Value {
        let owners = item.owners.iter().map(|(owner, id)| {
            Node::made(object([
                ("of", Value::from(self.key(*owner))),
                ("id", Value::from(id.as_str())),
            ]))
        });
        let mut written = object([
            ("id", Value::from(id)),
            ("owners", Value::Array(owners.collect())),
            ("value", item.value.whole().into_owned()),
        ]);
        if let Some(since) = item.since {
            set(&mut written, "/since", Value::from(since));
        }
        if let Some(saved) = &item.saved {
            let saved = object([
                ("of", Value::from(self.key(saved.collection))),
                ("id", Value::from(saved.id.as_str())),
                ("value", saved.value.whole().into_owned()),
            ]);
            set(&mut written, "/kept", saved);
        }
        written
    }

    /// The name of a collection that no other has: its shortest path.
    fn key(&self, collection: usize) -> String {
        let node = self
            .map
            .collections
            .get(collection)
            .and_then(|known| known.nodes.first());
        node.and_then(|node| self.map.nodes.get(*node))
            .map(|node| node.template.clone())
            .unwrap_or_default()
    }

    fn keyed(&self, key: &str) -> Option<usize> {
        (0..self.map.collections.len()).find(|collection| self.key(*collection) == key)
    }

    fn write_task(&self, task: &Task) -> Value {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let after = task
            .after
            .iter()
            .map(|(pointer, value)| (pointer.clone(), value.clone()));
        object([
            ("of", Value::from(self.key(task.collection))),
            ("id", Value::from(task.id.as_str())),
            ("state", text(&task.state)),
            ("percent", text(&task.percent)),
            ("begin", Value::from(task.begin)),
            ("end", Value::from(task.end)),
            ("after", Value::Object(after.collect())),
            ("removes", Value::Bool(task.removes)),
            (
                "single",
                task.single.as_ref().map_or(Value::Null, |(path, value)| {
                    object([
                        ("path", Value::from(path.as_str())),
                        ("value", value.clone()),
                    ])
                }),
            ),
        ])
    }

    fn read_task(&self, value: &Value) -> Option<Task> {
        let text = |name: &str| at(value, name).and_then(key_of);
        let number = |name: &str| text(name)?.parse::<i64>().ok();
        let after = match at(value, "/after")? {
            Value::Object(object) => object
                .iter()
                .map(|member| (member.key.clone(), member.value.value.clone()))
                .collect(),
            _ => return None,
        };
        Some(Task {
            collection: self.keyed(&text("/of")?)?,
            id: text("/id")?,
            state: text("/state"),
            percent: text("/percent"),
            begin: number("/begin")?,
            end: number("/end")?,
            after,
            single: text("/single/path").zip(at(value, "/single/value").cloned()),
            removes: matches!(at(value, "/removes"), Some(Value::Bool(true))),
        })
    }

    /// Takes a state that `snapshot` gave.
    ///
    /// # Errors
    /// Where it is none; nothing has changed then.
    pub(crate) fn load(&self, state: &mut State, value: &Value) -> Result<Value, String> {
        let wrong = |message: &str| format!("this is no snapshot: {message}");
        let number = |name: &str| {
            at(value, name)
                .and_then(key_of)
                .and_then(|text| text.parse::<i64>().ok())
        };
        let mut stores = vec![Store::default(); self.map.collections.len()];
        let Some(Value::Object(collections)) = at(value, "/collections") else {
            return Err(wrong("there are no `collections`"));
        };
        for member in collections {
            let collection = self
                .keyed(&member.key)
                .ok_or_else(|| wrong(&format!("there is no collection `{}`", member.key)))?;
            for item in member.value.as_array().unwrap_or_default() {
                let (id, item) = self
                    .read_item(&item.value)
                    .ok_or_else(|| wrong("an item has no `id` or `value`"))?;
                stores[collection].insert(id, item);
            }
        }
        let tasks = at(value, "/tasks").map(|tasks| match tasks {
            Value::Array(tasks) => tasks
                .iter()
                .map(|task| self.read_task(&task.value))
                .collect(),
            _ => None,
        });
        let singles = match at(value, "/singles") {
            Some(Value::Object(singles)) => singles
                .iter()
                .map(|member| (member.key.clone(), member.value.value.clone()))
                .collect(),
            _ => return Err(wrong("there are no `singles`")),
        };
        let clock = number("/clock").ok_or_else(|| wrong("there is no `clock`"))?;
        state.world.tasks = tasks
            .flatten()
            .ok_or_else(|| wrong("the `tasks` cannot be read"))?;
        state.world.made = number("/made").unwrap_or_default();
        if let Some(seed) = at(value, "/random")
            .and_then(key_of)
            .and_then(|text| text.parse().ok())
        {
            state.world.random = fastrand::Rng::with_seed(seed);
        }
        state.world.stores = stores;
        state.world.singles = singles;
        state.world.clock.set(clock);
        Ok(object([("loaded", Value::Bool(true))]))
    }

    fn read_item(&self, value: &Value) -> Option<(String, Item)> {
        let owners = match at(value, "/owners") {
            Some(Value::Array(owners)) => owners
                .iter()
                .map(|owner| {
                    let of = at(&owner.value, "/of").and_then(key_of)?;
                    Some((self.keyed(&of)?, at(&owner.value, "/id").and_then(key_of)?))
                })
                .collect::<Option<Vec<_>>>()?,
            _ => Vec::new(),
        };
        let saved = |saved: &Value| {
            Some(Box::new(SavedItem {
                collection: self.keyed(&at(saved, "/of").and_then(key_of)?)?,
                id: at(saved, "/id").and_then(key_of)?,
                value: at(saved, "/value")?.clone().into(),
            }))
        };
        let since = at(value, "/since").and_then(key_of);
        let item = Item {
            since: since.and_then(|text| text.parse().ok()),
            saved: at(value, "/kept").and_then(saved),
            ..Item::new(at(value, "/value")?.clone(), owners)
        };
        Some((at(value, "/id").and_then(key_of)?, item))
    }
}

/// Writes a member of an object, after a comma where it is not the first.
fn push_member(text: &mut String, name: &str, value: &str) {
    push_comma(text);
    text.push_str(&quoted(name));
    text.push(':');
    text.push_str(value);
}

/// Parts what follows from what stands before it, where that does not open a list or an object.
fn push_comma(text: &mut String) {
    if !text.ends_with(['{', '[']) {
        text.push(',');
    }
}
