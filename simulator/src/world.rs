//! What there is: items, single documents, actions that go on.

use std::collections::BTreeMap;

use fastrand::Rng;
use verbatim_contract::value::{at, set};
use verbatim_source::{Node, Object, Value};

use crate::clock::Clock;
use crate::packed::Patterns;
use crate::store::Store;
use crate::stored::Stored;

/// Everything that changes.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// The items of each collection of the map.
    pub stores: Vec<Store>,
    /// Documents that there is one of, by their filled path.
    pub singles: BTreeMap<String, Value>,
    pub tasks: Vec<Task>,
    pub random: Rng,
    pub clock: Clock,
    /// Counts everything that was ever made, for numbers as identifiers.
    pub made: i64,
}

/// One item of a collection.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub value: Stored,
    /// The items it was made under, where its value does not name them.
    pub owners: Vec<(usize, String)>,
    /// The moment in virtual time when it was made; none for what there was at the start.
    pub since: Option<i64>,
    /// Another item as it was when this one was made, to be put back.
    pub saved: Option<Box<SavedItem>>,
}

/// An item as it was once.
#[derive(Debug, Clone)]
pub(crate) struct SavedItem {
    pub collection: usize,
    pub id: String,
    pub value: Stored,
}

impl Item {
    /// An item that was made under others.
    pub fn new(value: Value, owners: Vec<(usize, String)>) -> Self {
        Self {
            value: value.into(),
            owners,
            since: None,
            saved: None,
        }
    }

    /// Has the item take little room.
    pub fn pack(&mut self, patterns: &mut Patterns) {
        self.value.pack(patterns);
        if let Some(saved) = &mut self.saved {
            saved.value.pack(patterns);
        }
    }
}

/// An action that goes on.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub collection: usize,
    pub id: String,
    pub state: Option<String>,
    pub percent: Option<String>,
    pub begin: i64,
    pub end: i64,
    /// What is set when it is done.
    pub after: Vec<(String, Value)>,
    /// A document that there is one of, and what it is when the action is done.
    pub single: Option<(String, Value)>,
    /// Whether the item is removed when it is done.
    pub removes: bool,
}

impl World {
    pub fn new(collections: usize, seed: u64, clock: Clock) -> Self {
        Self {
            stores: vec![Store::default(); collections],
            singles: BTreeMap::new(),
            tasks: Vec::new(),
            random: Rng::with_seed(seed),
            clock,
            made: 0,
        }
    }

    pub fn item(&self, collection: usize, id: &str) -> Option<&Item> {
        self.stores.get(collection)?.get(id)
    }

    pub fn item_mut(&mut self, collection: usize, id: &str) -> Option<&mut Item> {
        self.stores.get_mut(collection)?.get_mut(id)
    }

    pub fn value(&self, collection: usize, id: &str) -> Option<&Value> {
        self.item(collection, id).map(|item| &*item.value)
    }

    /// Moves actions on to the present moment; gives those that are done and remove their item.
    pub fn settle(&mut self) -> Vec<(usize, String)> {
        if self.tasks.is_empty() {
            return Vec::new();
        }
        let now = self.clock.now();
        let mut gone = Vec::new();
        let mut tasks = std::mem::take(&mut self.tasks);
        tasks.retain(|task| {
            let Some(item) = self.item_mut(task.collection, &task.id) else {
                return false;
            };
            if now < task.end {
                if let Some(percent) = &task.percent {
                    set(
                        &mut item.value,
                        percent,
                        Value::Number(task.percent_at(now).to_string()),
                    );
                }
                return true;
            }
            for (pointer, value) in &task.after {
                set(&mut item.value, pointer, value.clone());
            }
            if let Some((key, value)) = &task.single {
                self.singles.insert(key.clone(), value.clone());
            }
            if task.removes {
                gone.push((task.collection, task.id.clone()));
            }
            false
        });
        self.tasks = tasks;
        gone
    }

    /// Packs what need not be at hand.
    pub fn tidy(&mut self) {
        self.stores.iter_mut().for_each(Store::tidy);
    }

    /// A new identifier in the manner of an example.
    pub fn new_id(&mut self, example: Option<&Value>) -> Value {
        self.made += 1;
        match example {
            Some(Value::Number(_)) => Value::Number((1000 + self.made).to_string()),
            Some(Value::String(text)) => Value::String(self.like(text)),
            _ => Value::String(self.like("0123456789ABCDEF0123456789ABCDEF")),
        }
    }

    /// A random text of the same alphabet as an example; 32 hexadecimal digits where the example
    /// is a word.
    fn like(&mut self, example: &str) -> String {
        let hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        let is_id = example.len() >= 6
            && example.bytes().all(hexadecimal)
            && example.bytes().any(|byte| byte.is_ascii_digit());
        let example = if is_id {
            example
        } else {
            "0123456789ABCDEF0123456789ABCDEF"
        };
        let upper = !example.bytes().any(|byte| byte.is_ascii_lowercase());
        let mut made = String::with_capacity(example.len());
        for byte in example.bytes() {
            if byte == b'-' {
                made.push('-');
                continue;
            }
            let digit = self.random.digit(16);
            made.push(if upper {
                digit.to_ascii_uppercase()
            } else {
                digit
            });
        }
        made
    }
}

impl Task {
    /// An action on an item that is done at once and changes nothing.
    pub fn new(collection: usize, id: &str) -> Self {
        Self {
            collection,
            id: id.to_owned(),
            state: None,
            percent: None,
            begin: 0,
            end: 0,
            after: Vec::new(),
            single: None,
            removes: false,
        }
    }

    /// How far the action is, from 0 to 99.
    fn percent_at(&self, now: i64) -> i64 {
        let length = (self.end - self.begin).max(1);
        ((now - self.begin).max(0) * 100 / length).clamp(0, 99)
    }
}

/// A scalar as the text by which it is looked up; `None` for null, lists and objects.
pub(crate) fn key_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(lexeme) => Some(lexeme.clone()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// What identifies an element of a list: its `id`, the `id` under its root key, or itself.
pub(crate) fn element_key(element: &Value) -> Option<String> {
    match element {
        Value::Object(object) => {
            if let Some(id) = object.get("id") {
                return key_of(&id.value);
            }
            let mut members = object.iter();
            match (members.next(), members.next()) {
                (Some(only), None) => at(&only.value.value, "/id").and_then(key_of),
                _ => object.get("name").and_then(|name| key_of(&name.value)),
            }
        }
        scalar => key_of(scalar),
    }
}

/// An object of some members.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut object = Object::new();
    for (key, value) in members {
        object.insert(key, Node::made(value));
    }
    Value::Object(object)
}
