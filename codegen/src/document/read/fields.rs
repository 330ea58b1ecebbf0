//! Taking the members of an object one by one.

use verbatim_source::{Member, Node, Object, Span, Value};

use super::{NodeRef, Reader};
use crate::document::{Spanned, Text};
use crate::problem::kind;

/// The members of an object, and which of them were asked for. What nobody asked for is given by
/// [`Fields::rest`], so that nothing is lost.
pub(super) struct Fields<'a> {
    pub(super) spot: NodeRef<'a>,
    members: Option<&'a Object>,
    asked: Vec<&'a str>,
}

/// A member of a map: its name and the place of its value.
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) key_span: Span,
    pub(super) spot: NodeRef<'a>,
}

impl Entry<'_> {
    pub(super) fn name(&self) -> Text {
        Spanned {
            value: self.key.to_owned(),
            span: self.key_span,
        }
    }
}

impl<'a> Fields<'a> {
    pub(super) fn new(spot: NodeRef<'a>, members: Option<&'a Object>) -> Self {
        Self {
            spot,
            members,
            asked: Vec::with_capacity(12),
        }
    }

    /// Notes that a member was looked at in another way.
    pub(super) fn ask(&mut self, key: &'a str) {
        self.asked.push(key);
    }

    /// The value of a member.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.members.and_then(|members| members.get(key))
    }

    /// The place of a member's value.
    pub(super) fn spot(&mut self, key: &'static str) -> Option<NodeRef<'a>> {
        self.node(key).map(|node| self.spot.down(key, node))
    }

    pub(super) fn text(&mut self, reader: &mut Reader<'a>, key: &'static str) -> Option<Text> {
        let node = self.node(key)?;
        reader.optional_text(node, key)
    }

    /// A text that must be there; an empty one stands for it where it is not.
    pub(super) fn needed(&mut self, reader: &mut Reader<'a>, key: &'static str) -> Text {
        let node = self
            .node(key)
            .filter(|node| !matches!(node.value, Value::Null));
        if self.members.is_some() && node.is_none() {
            let at = self.spot.span();
            let message = format!("`{key}` is missing");
            reader.error(
                &kind::MISSING,
                message,
                at.at_start(),
                &format!("needs `{key}`"),
            );
        }
        node.and_then(|node| reader.text_of(node, key))
            .unwrap_or_default()
    }

    /// Where a boolean stands and what it is.
    pub(super) fn flag(
        &mut self,
        reader: &mut Reader<'a>,
        key: &'static str,
    ) -> Option<Spanned<bool>> {
        let node = self.node(key)?;
        reader.flag_of(node, key)
    }

    /// A boolean that is false where it is absent.
    pub(super) fn is(&mut self, reader: &mut Reader<'a>, key: &'static str) -> bool {
        self.flag(reader, key).is_some_and(|flag| flag.value)
    }

    /// The items of an array.
    pub(super) fn list(&mut self, reader: &mut Reader<'a>, key: &'static str) -> Vec<NodeRef<'a>> {
        match self.spot(key) {
            Some(spot) => reader.items_of(&spot, key),
            None => Vec::new(),
        }
    }

    /// The members of an object.
    pub(super) fn map(&mut self, reader: &mut Reader<'a>, key: &'static str) -> Vec<Entry<'a>> {
        match self.spot(key) {
            Some(spot) => reader.entries_of(&spot, key),
            None => Vec::new(),
        }
    }

    /// The texts of an array.
    pub(super) fn texts(&mut self, reader: &mut Reader<'a>, key: &'static str) -> Vec<Text> {
        let items = self.list(reader, key);
        items
            .iter()
            .filter_map(|item| reader.text_of(item.node, key))
            .collect()
    }

    /// The members that nobody asked for: extensions, and others, about which there is a warning.
    pub(super) fn rest(&self, reader: &mut Reader<'a>) -> (Object, Object) {
        let (extensions, other) = self.unasked();
        for member in &other {
            reader.unknown_member(member);
        }
        (extensions, other)
    }

    /// Extensions alone, where other members are names.
    pub(super) fn extensions(&self) -> Object {
        self.unasked().0
    }

    fn unasked(&self) -> (Object, Object) {
        let mut extensions = Vec::new();
        let mut other = Vec::new();
        for member in self.members.into_iter().flatten() {
            if member.key.starts_with("x-") {
                extensions.push(member.clone());
            } else if !self.asked.contains(&member.key.as_str()) {
                other.push(member.clone());
            }
        }
        (
            Object::from_members(extensions).0,
            Object::from_members(other).0,
        )
    }
}

impl<'a> Reader<'a> {
    /// A text that may be absent. A description that is no text harms nothing.
    pub(super) fn optional_text(&mut self, node: &Node, name: &str) -> Option<Text> {
        let describes = matches!(name, "description" | "summary" | "title");
        match &node.value {
            Value::Null if describes => None,
            Value::Null => {
                self.null(node, name);
                None
            }
            Value::Array(_) | Value::Object(_) if describes => {
                let message = format!("`{name}` is {}, not a string", node.value.kind());
                self.warn(
                    &kind::WRONG_KIND,
                    message,
                    node.span.at_start(),
                    "is left out",
                );
                None
            }
            _ => self.aside(|reader| reader.text_of(node, name)),
        }
    }

    /// A null where something else is expected: in YAML, a key without a value.
    pub(super) fn null(&mut self, node: &Node, name: &str) {
        let message = format!("`{name}` is null");
        self.warn(&kind::WRONG_KIND, message, node.span, "is taken as absent");
    }

    pub(super) fn unknown_member(&mut self, member: &Member) {
        let message = format!("`{}` is not known here", member.key);
        self.warn(
            &kind::UNKNOWN_MEMBER,
            message,
            member.key_span,
            "has no meaning here",
        );
    }

    pub(super) fn flag_of(&mut self, node: &Node, name: &str) -> Option<Spanned<bool>> {
        let span = node.span;
        match &node.value {
            Value::Bool(value) => {
                let value = *value;
                return Some(Spanned { value, span });
            }
            Value::String(text) if text == "true" || text == "false" => {
                let message = format!("`{name}` is a string, not a boolean");
                self.warn(&kind::WRONG_KIND, message, span, "is taken as the boolean");
                let value = text == "true";
                return Some(Spanned { value, span });
            }
            _ => self.aside(|reader| reader.not_there(node, name, "a boolean")),
        }
        None
    }

    fn not_there(&mut self, node: &Node, name: &str, wanted: &str) {
        if matches!(node.value, Value::Null) {
            self.null(node, name);
        } else {
            self.wrong_kind(node, name, wanted);
        }
    }

    /// The items of an array with their places.
    pub(super) fn items_of(&mut self, spot: &NodeRef<'a>, name: &str) -> Vec<NodeRef<'a>> {
        let Value::Array(items) = &spot.node.value else {
            self.not_there(spot.node, name, "an array");
            return Vec::new();
        };
        items
            .iter()
            .enumerate()
            .map(|(at, item)| spot.item(at, item))
            .collect()
    }

    /// The members of an object with their places.
    pub(super) fn entries_of(&mut self, spot: &NodeRef<'a>, name: &str) -> Vec<Entry<'a>> {
        let Value::Object(object) = &spot.node.value else {
            self.not_there(spot.node, name, "an object");
            return Vec::new();
        };
        let entry = |member: &'a Member| Entry {
            key: &member.key,
            key_span: member.key_span,
            spot: spot.down(&member.key, &member.value),
        };
        object.iter().map(entry).collect()
    }

    /// The entries of a map of parts in which `x-…` members are extensions.
    pub(super) fn parts_of(&mut self, spot: &NodeRef<'a>, name: &str) -> Vec<Entry<'a>> {
        let mut entries = self.entries_of(spot, name);
        entries.retain(|entry| !entry.key.starts_with("x-"));
        entries
    }
}
