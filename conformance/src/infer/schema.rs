//! Values seen at one place, and the schema that they speak for.

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Value};

use super::name::is_identifier;
use super::object;
use super::text::Texts;
use crate::redact::Redactor;

/// Levels of a value that are described.
const DEEPEST: usize = 24;

/// Properties of one object; with more, its keys are data.
const PROPERTIES: usize = 300;

/// What was seen at one place.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// How many values.
    pub seen: usize,
    nulls: usize,
    booleans: usize,
    integers: usize,
    numbers: usize,
    texts: Texts,
    objects: usize,
    properties: IndexMap<String, Evidence>,
    /// What stands behind keys that are data.
    entries: Option<Box<Evidence>>,
    arrays: usize,
    items: Option<Box<Evidence>>,
}

/// What presence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// What was always there is there.
    Always,
    /// As it is for callers, whom one example does not bind: only what was there again and again is required.
    Repeated,
}

impl Evidence {
    /// Takes a value into account.
    pub fn see(&mut self, node: &Node) {
        self.at(&node.value, DEEPEST);
    }

    /// Takes a text into account that may be a number or a truth value, as in queries and forms.
    pub fn see_written(&mut self, text: &str) {
        let whole = text.len() < 16
            && (text == "0" || !text.trim_start_matches('-').starts_with('0'))
            && verbatim_source::decimal::is_json_number(text)
            && !text.contains(['.', 'e', 'E']);
        let value = match text {
            "true" | "false" => Value::Bool(text == "true"),
            _ if whole => Value::Number(text.to_owned()),
            _ => Value::from(text),
        };
        self.at(&value, DEEPEST);
    }

    fn at(&mut self, value: &Value, depth: usize) {
        self.seen += 1;
        match value {
            Value::Null => self.nulls += 1,
            Value::Bool(_) => self.booleans += 1,
            Value::Number(lexeme) if lexeme.contains(['.', 'e', 'E']) => self.numbers += 1,
            Value::Number(_) => self.integers += 1,
            Value::String(text) => self.texts.see(text),
            Value::Array(items) => {
                self.arrays += 1;
                for item in items.iter().filter(|_| depth > 0) {
                    let inner = self.items.get_or_insert_default();
                    inner.at(&item.value, depth - 1);
                }
            }
            Value::Object(members) => {
                self.objects += 1;
                for member in members.iter().filter(|_| depth > 0) {
                    self.member(&member.key).at(&member.value.value, depth - 1);
                }
                self.bound();
            }
        }
    }

    fn member(&mut self, key: &str) -> &mut Evidence {
        match &mut self.entries {
            Some(entries) => entries,
            None => self.properties.entry(key.to_owned()).or_default(),
        }
    }

    /// Where there are too many keys, they are data.
    fn bound(&mut self) {
        if self.entries.is_none() && self.properties.len() > PROPERTIES {
            self.entries = Some(Box::default());
        }
        if let Some(entries) = &mut self.entries {
            for (_, inner) in self.properties.drain(..) {
                entries.merge(inner);
            }
        }
    }

    /// Takes what was seen elsewhere into account.
    pub fn merge(&mut self, other: Self) {
        self.seen += other.seen;
        self.nulls += other.nulls;
        self.booleans += other.booleans;
        self.integers += other.integers;
        self.numbers += other.numbers;
        self.texts.merge(other.texts);
        self.objects += other.objects;
        self.arrays += other.arrays;
        if let Some(items) = other.items {
            self.items.get_or_insert_default().merge(*items);
        }
        if let Some(entries) = other.entries {
            self.entries.get_or_insert_default().merge(*entries);
        }
        for (name, inner) in other.properties {
            self.member(&name).merge(inner);
        }
        self.bound();
    }

    /// The member of an object that is its only one and an object itself, as with a root key; itself otherwise.
    pub fn unwrapped(&self) -> &Self {
        let mut properties = self.properties.values();
        match (properties.next(), properties.next()) {
            (Some(only), None) if only.objects > 0 => only,
            _ => self,
        }
    }

    /// The object within, below a root key where there is one; `None` where lists or texts were seen as well.
    pub fn thing(&mut self) -> Option<&mut Self> {
        if self.objects == 0 || self.arrays + self.texts.count > 0 {
            return None;
        }
        let wraps =
            self.properties.len() == 1 && self.properties.values().all(|inner| inner.objects > 0);
        if wraps {
            return self.properties.values_mut().next();
        }
        (!self.properties.is_empty()).then_some(self)
    }

    /// The object of which there is a list, within a member that holds the list where there is one.
    pub fn item(&mut self) -> Option<&mut Self> {
        if self.arrays > 0 {
            return self.items.as_deref_mut()?.thing();
        }
        if !self.is_list() {
            return None;
        }
        let mut lists = self.properties.values_mut();
        let list = lists.find(|inner| inner.arrays > 0)?;
        list.items.as_deref_mut()?.thing()
    }

    /// Takes what was seen of the same thing at several places together: of those that have most of their properties
    /// in common with the one that has the most.
    pub fn unify(mut all: Vec<&mut Self>) {
        all.sort_by_key(|one| std::cmp::Reverse(one.properties.len()));
        let Some(first) = all.first() else {
            return;
        };
        let known: Vec<String> = first.names().map(str::to_owned).collect();
        all.retain(|one| {
            let common = one
                .names()
                .filter(|name| known.iter().any(|own| own == name))
                .count();
            common * 5 >= one.properties.len() * 4 && common * 2 >= known.len()
        });
        let mut whole = Self::default();
        for one in &all {
            whole.merge((**one).clone());
        }
        for one in all {
            let nulls = one.nulls;
            *one = whole.clone();
            one.nulls = nulls;
        }
    }

    /// The names of the properties.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    /// Whether lists were seen, or objects with one list in them and little else.
    pub fn is_list(&self) -> bool {
        let lists = self.properties.values().filter(|inner| inner.arrays > 0);
        self.arrays > 0 || (self.objects > 0 && lists.count() == 1 && self.properties.len() <= 6)
    }

    /// The schema, for a place of this name.
    pub fn schema(&self, name: &str, presence: Presence) -> Value {
        let mut branches: Vec<Object> = Vec::new();
        let mut types: Vec<&str> = Vec::new();
        if self.booleans > 0 {
            types.push("boolean");
        }
        if self.numbers > 0 {
            types.push("number");
        } else if self.integers > 0 {
            types.push("integer");
        }
        if self.texts.count > 0 {
            types.push("string");
        }
        if !types.is_empty() {
            branches.push(self.scalar(&types, name));
        }
        if self.objects > 0 {
            branches.push(self.object(presence));
        }
        if self.arrays > 0 {
            let items = match &self.items {
                Some(items) => items.schema(&super::name::singular(name), presence),
                None => Value::Object(Object::new()),
            };
            branches.push(object([("type", Value::from("array")), ("items", items)]));
        }
        let nullable = self.nulls > 0;
        match (branches.len(), nullable) {
            // What was always null may be anything else.
            (0, _) => Value::Object(Object::new()),
            (1, _) => {
                let mut only = branches.remove(0);
                if nullable {
                    add_null(&mut only);
                }
                Value::Object(only)
            }
            _ => {
                if nullable {
                    branches.push(object([("type", Value::from("null"))]));
                }
                let list: Vec<Value> = branches.into_iter().map(Value::Object).collect();
                Value::Object(object([("anyOf", Value::from(list))]))
            }
        }
    }

    /// The schema of what is written as text, so that what may be a text is one.
    pub fn written(&self, name: &str) -> Value {
        if self.texts.count > 0 && self.integers + self.booleans > 0 {
            return Value::Object(object([("type", Value::from("string"))]));
        }
        self.schema(name, Presence::Always)
    }

    fn scalar(&self, types: &[&str], name: &str) -> Object {
        let mut schema = Object::new();
        let mut set = |key: &str, value: Value| schema.insert(key, Node::made(value));
        match types {
            [one] => set("type", Value::from(*one)),
            many => {
                let many: Vec<Value> = many.iter().map(|one| Value::from(*one)).collect();
                set("type", Value::from(many))
            }
        };
        if types != ["string"] {
            return schema;
        }
        if Redactor::new().is_secret(name) {
            set("format", Value::from("password"));
        } else if let Some(format) = self.texts.format() {
            set("format", Value::from(format));
        } else if let Some(words) = self.texts.words().filter(|_| !is_free(name)) {
            let words: Vec<Value> = words.into_iter().map(Value::from).collect();
            set("enum", Value::from(words));
        }
        schema
    }

    fn object(&self, presence: Presence) -> Object {
        let mut schema = object([("type", Value::from("object"))]);
        let mut set = |key: &str, value: Value| schema.insert(key, Node::made(value));
        let are_data = self.properties.keys().all(|key| is_identifier(key));
        if self.entries.is_some() || (are_data && !self.properties.is_empty()) {
            let mut all = self.entries.clone().unwrap_or_default();
            for inner in self.properties.values() {
                all.merge(inner.clone());
            }
            set("additionalProperties", all.schema("", presence));
            return schema;
        }
        let always = |inner: &&Evidence| {
            let often = presence == Presence::Always || self.objects >= 2;
            inner.seen >= self.objects && often
        };
        let required = self.properties.iter().filter(|(_, inner)| always(inner));
        let required: Vec<Value> = required
            .map(|(name, _)| Value::from(name.as_str()))
            .collect();
        if !required.is_empty() {
            set("required", Value::from(required));
        }
        let properties = self.properties.iter();
        let properties: Object = properties
            .map(|(name, inner)| (name.as_str(), inner.schema(name, presence)))
            .collect();
        if !properties.is_empty() {
            set("properties", Value::Object(properties));
        }
        schema
    }
}

/// Whether texts of this name are chosen by people, however often they are repeated.
fn is_free(name: &str) -> bool {
    let words = super::name::words(name);
    let free = [
        "id",
        "identifier",
        "name",
        "label",
        "title",
        "description",
        "login",
        "user",
        "username",
        "host",
        "hostname",
        "key",
        "slug",
        "comment",
        "note",
        "text",
        "message",
        "email",
        "city",
        "address",
        "",
    ];
    words.is_empty()
        || words
            .last()
            .is_some_and(|word| free.contains(&word.as_str()))
}

/// Allows null beside the types and words of a schema.
fn add_null(schema: &mut Object) {
    let types = match schema.get("type").map(|node| &node.value) {
        Some(Value::Array(types)) => types.clone(),
        Some(one) => vec![Node::made(one.clone())],
        None => return,
    };
    let mut types = types;
    types.push(Node::made("null"));
    schema.insert("type", Node::made(Value::Array(types)));
    if let Some(Value::Array(words)) = schema.get_mut("enum").map(|node| &mut node.value) {
        words.push(Node::made(Value::Null));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::write::compact;

    fn schema(values: &[&str]) -> String {
        let mut evidence = Evidence::default();
        for value in values {
            let tree = crate::body::read(value.as_bytes())
                .tree
                .expect("it is JSON");
            evidence.see(&tree);
        }
        compact(&evidence.schema("thing", Presence::Always))
    }

    #[test]
    fn schemas_say_what_was_seen() {
        for (values, expected) in [
            (&["1", "2"][..], r#"{"type":"integer"}"#),
            (&["1", "2.5"], r#"{"type":"number"}"#),
            (&["1", "\"a\""], r#"{"type":["integer","string"]}"#),
            (&["null"], "{}"),
            (&["null", "1"], r#"{"type":["integer","null"]}"#),
            (&["[]"], r#"{"type":"array","items":{}}"#),
            (
                &["[]", "{}", "null"],
                r#"{"anyOf":[{"type":"object"},{"type":"array","items":{}},{"type":"null"}]}"#,
            ),
            (
                &[r#"{"a":1,"b":null}"#, r#"{"a":2}"#],
                r#"{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{}}}"#,
            ),
            (
                &[r#"{"17":{"x":1},"18":{"x":2}}"#],
                r#"{"type":"object","additionalProperties":{"type":"object","required":["x"],"properties":{"x":{"type":"integer"}}}}"#,
            ),
            (
                &[r#"{"password":"hunter2","at":"2024-01-01T00:00:00Z"}"#],
                r#"{"type":"object","required":["password","at"],"properties":{"password":{"type":"string","format":"password"},"at":{"type":"string","format":"date-time"}}}"#,
            ),
        ] {
            assert_eq!(schema(values), expected, "{values:?}");
        }
    }

    #[test]
    fn keys_without_end_are_data() {
        let members: Vec<String> = (0..400)
            .map(|n| format!("\"key-{}\":1", "x".repeat(n + 1)))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        assert_eq!(
            schema(&[&text]),
            r#"{"type":"object","additionalProperties":{"type":"integer"}}"#
        );
    }
}
