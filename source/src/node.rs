//! The tree that JSON and YAML texts become.

use std::collections::BTreeMap;

use crate::text::Span;

/// A value and the place where it was written.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where the value stands.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A JSON value. Numbers are kept as their literals.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written, always a valid JSON number.
    Number(String),
    /// A text.
    String(String),
    /// A list of values.
    Array(Vec<Node>),
    /// Named values in the order of the text.
    Object(Object),
}

/// The members of an object, in the order of the text, each key once.
#[derive(Debug, Clone, Default)]
pub struct Object {
    // Behind one pointer, so that a value stays small whatever it is. `None` means no members.
    inner: Option<Box<Members>>,
}

#[derive(Debug, Clone, Default)]
struct Members {
    list: Vec<Member>,
    /// Places of the members in the order of their keys, kept from `INDEXED` members on.
    sorted: Vec<u32>,
}

/// One name and its value.
#[derive(Debug, Clone)]
pub struct Member {
    /// The name, with escapes resolved.
    pub key: String,
    /// Where the name stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// The number of members from which a sorted index pays.
const INDEXED: usize = 16;

impl Node {
    /// A value that was made rather than read.
    pub fn made(value: impl Into<Value>) -> Self {
        Self {
            span: Span::NONE,
            value: value.into(),
        }
    }

    /// The member of an object with a key; `None` where this is no object or has no such member.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object().and_then(|object| object.get(key))
    }

    /// The object, where the value is one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, where the value is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, where the value is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The literal, where the value is a number.
    pub fn as_number(&self) -> Option<&str> {
        match &self.value {
            Value::Number(lexeme) => Some(lexeme),
            _ => None,
        }
    }

    /// The truth value, where the value is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }
}

impl Value {
    /// The kind of the value with its article, for messages: "a string", "an object", "null".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// An object that names a key twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// Where the member stands that was kept.
    pub first: Span,
    /// Where the member stands that was left out.
    pub second: Span,
    /// Whether the two values are equal, so that nothing is lost.
    pub same: bool,
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// An object of members in their order, and the members left out because their key was named before; `same` tells
    /// whether two values are equal.
    pub(crate) fn from_members_by(
        members: Vec<Member>,
        same: fn(&Value, &Value) -> bool,
    ) -> (Self, Vec<Duplicate>) {
        if members.is_empty() {
            return (Self::default(), Vec::new());
        }
        let mut inner = Members {
            list: members,
            sorted: Vec::new(),
        };
        let again = inner.repeated();
        let mut duplicates = Vec::with_capacity(again.len());
        if !again.is_empty() {
            let spans: Vec<Span> = inner.list.iter().map(|member| member.key_span).collect();
            let all = std::mem::take(&mut inner.list);
            let mut kept = Vec::with_capacity(spans.len());
            for (at, member) in all.into_iter().enumerate() {
                kept.push(inner.list.len());
                let Some(&first) = again.get(&at) else {
                    inner.list.push(member);
                    continue;
                };
                let known = kept.get(first).and_then(|place| inner.list.get(*place));
                let same = known.is_some_and(|known| same(&known.value.value, &member.value.value));
                let first = spans.get(first).copied().unwrap_or(Span::NONE);
                duplicates.push(Duplicate {
                    key: member.key,
                    first,
                    second: member.key_span,
                    same,
                });
            }
        }
        inner.sort();
        (
            Self {
                inner: Some(Box::new(inner)),
            },
            duplicates,
        )
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members().len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let inner = self.inner.as_mut()?;
        let at = inner.find(key)?;
        inner.list.get_mut(at).map(|member| &mut member.value)
    }

    /// The member of a key.
    pub fn member(&self, key: &str) -> Option<&Member> {
        let inner = self.inner.as_ref()?;
        inner.find(key).and_then(|at| inner.list.get(at))
    }

    /// Whether there is a member with a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.member(key).is_some()
    }

    /// All members in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Member> {
        self.members().iter()
    }

    /// All members in their order.
    pub fn members(&self) -> &[Member] {
        self.inner
            .as_ref()
            .map_or(&[], |inner| inner.list.as_slice())
    }

    /// The values in the order of their members, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let inner = self.inner.iter_mut();
        inner.flat_map(|inner| inner.list.iter_mut().map(|member| &mut member.value))
    }

    /// Sets a key, and gives the value it had. A new key comes last.
    pub fn insert(&mut self, key: impl Into<String>, value: Node) -> Option<Node> {
        let key = key.into();
        if let Some(present) = self.get_mut(&key) {
            return Some(std::mem::replace(present, value));
        }
        self.push(Member {
            key,
            key_span: value.span.at_start(),
            value,
        });
        None
    }

    /// Adds a member behind the others, unless its key is there already.
    pub fn add(&mut self, member: Member) {
        if !self.contains_key(&member.key) {
            self.push(member);
        }
    }

    /// Takes a member out; those behind it move up.
    pub fn remove(&mut self, key: &str) -> Option<Member> {
        let inner = self.inner.as_mut()?;
        let at = inner.find(key)?;
        let member = inner.list.remove(at);
        inner.sort();
        Some(member)
    }

    fn push(&mut self, member: Member) {
        self.inner.get_or_insert_default().push(member);
    }
}

impl Members {
    fn find(&self, key: &str) -> Option<usize> {
        if self.sorted.is_empty() {
            return self.list.iter().position(|member| member.key == key);
        }
        let found = self
            .sorted
            .binary_search_by(|&at| self.key(at).cmp(key))
            .ok()?;
        self.sorted.get(found).map(|&at| at as usize)
    }

    fn key(&self, at: u32) -> &str {
        self.list
            .get(at as usize)
            .map_or("", |member| member.key.as_str())
    }

    fn sort(&mut self) {
        self.sorted.clear();
        if self.list.len() < INDEXED {
            return;
        }
        let mut sorted: Vec<u32> =
            (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).collect();
        sorted.sort_unstable_by(|&a, &b| self.key(a).cmp(self.key(b)));
        self.sorted = sorted;
    }

    fn push(&mut self, member: Member) {
        let place = self
            .sorted
            .partition_point(|&at| self.key(at) < member.key.as_str());
        let at = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(member);
        if self.sorted.is_empty() {
            self.sort();
        } else {
            self.sorted.insert(place, at);
        }
    }

    /// Members whose key was named before, each with the first member of that key.
    fn repeated(&self) -> BTreeMap<usize, usize> {
        let mut repeated = BTreeMap::new();
        if self.list.len() < INDEXED {
            for (second, member) in self.list.iter().enumerate() {
                let before = self.list.iter().take(second);
                if let Some(first) = before.into_iter().position(|first| first.key == member.key) {
                    repeated.insert(second, first);
                }
            }
            return repeated;
        }
        let mut order: Vec<(&str, usize)> = self
            .list
            .iter()
            .enumerate()
            .map(|(at, member)| (member.key.as_str(), at))
            .collect();
        order.sort_unstable();
        for run in order.chunk_by(|(a, _), (b, _)| a == b) {
            if let Some(((_, first), others)) = run.split_first() {
                repeated.extend(others.iter().map(|(_, second)| (*second, *first)));
            }
        }
        repeated
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = &'a Member;
    type IntoIter = std::slice::Iter<'a, Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Object {
    type Item = Member;
    type IntoIter = std::vec::IntoIter<Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.inner
            .map(|inner| inner.list)
            .unwrap_or_default()
            .into_iter()
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Object {
    /// An object of made values; of a key named twice the last value stays.
    fn from_iter<T: IntoIterator<Item = (K, Value)>>(pairs: T) -> Self {
        let mut object = Self::new();
        for (key, value) in pairs {
            object.insert(key, Node::made(value));
        }
        object
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Object> for Value {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

impl From<Vec<Node>> for Value {
    fn from(value: Vec<Node>) -> Self {
        Self::Array(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Self {
        Self::Array(values.into_iter().map(Node::made).collect())
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value {
            fn from(value: $integer) -> Self {
                Self::Number(value.to_string())
            }
        }
    )*};
}

from_integer!(u8, u16, u32, u64, usize, i32, i64);

#[cfg(test)]
mod tests {
    use super::*;

    fn member(key: &str) -> Member {
        Member {
            key: key.to_owned(),
            key_span: Span::NONE,
            value: Node::made(true),
        }
    }

    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Node>() <= 48, "{}", size_of::<Node>());
    }

    #[test]
    fn large_objects_find_their_keys() {
        let mut object = Object::new();
        for n in (0..1000).rev() {
            assert!(object.insert(format!("key{n}"), Node::made(n)).is_none());
        }
        assert_eq!(object.get("key77").and_then(Node::as_number), Some("77"));
        assert!(object.get("key1000").is_none());
        assert_eq!(object.members()[0].key, "key999");
        assert_eq!(
            object.remove("key500").map(|member| member.key).as_deref(),
            Some("key500")
        );
        assert!(!object.contains_key("key500"));
        assert_eq!(object.get("key0").and_then(Node::as_number), Some("0"));
        assert_eq!(object.len(), 999);
        assert!(object.insert("key1", Node::made("new")).is_some());
        assert_eq!(object.len(), 999);
    }

    #[test]
    fn repeated_keys_are_found_in_small_and_large_objects() {
        for extra in [0, 40] {
            let mut members = vec![member("a"), member("b"), member("a")];
            members.extend((0..extra).map(|n| member(&format!("x{n}"))));
            members.push(member("b"));
            members.push(member("a"));
            let (object, duplicates) = Object::from_members(members);
            let keys: Vec<&str> = duplicates.iter().map(|found| found.key.as_str()).collect();
            assert_eq!(keys, ["a", "b", "a"]);
            assert_eq!(object.len(), 2 + extra);
            assert!(object.contains_key("a") && object.contains_key("b"));
        }
    }
}
