//! Names that schemas and documents give themselves: `$id`, `$anchor`, `$self`.

use std::collections::HashMap;
use std::rc::Rc;

use verbatim_source::{Node, Object, Value};

use super::spot::{NodeId, NodeRef};
use crate::document::input::{Content, Input, has_scheme, join, split};

/// What `$schema` of draft 4 holds, in which `$id` was called `id`.
const DRAFT_4: &str = "json-schema.org/draft-04/";

/// How schemas of a dialect name themselves.
#[derive(Clone, Copy)]
struct Naming {
    /// The keyword.
    key: &'static str,
    /// Whether what stands beside `$ref` is ignored, as until draft 7.
    is_early: bool,
}

impl Default for Naming {
    fn default() -> Self {
        Self {
            key: "$id",
            is_early: false,
        }
    }
}

impl Naming {
    fn of(dialect: &str) -> Self {
        Self {
            key: if dialect.contains(DRAFT_4) {
                "id"
            } else {
                "$id"
            },
            is_early: dialect.contains("json-schema.org/draft-0"),
        }
    }
}

/// All such names of all files.
#[derive(Default)]
pub(super) struct Index<'a> {
    /// Parts with a URI of their own: absolute, or a file name where nothing absolute is around.
    resources: HashMap<NodeId, Rc<str>>,
    /// The first part with each URI.
    uris: HashMap<Rc<str>, NodeRef<'a>>,
    /// Places that call themselves by a name.
    anchors: HashMap<&'a str, Vec<NodeRef<'a>>>,
}

impl<'a> Index<'a> {
    /// The names in all files. Most documents have none, and are not walked through for them.
    pub(super) fn of(input: &'a Input) -> Self {
        let mut index = Self::default();
        for file in input.files() {
            let Content::Tree(id, root) = &file.content else {
                continue;
            };
            let text = input.sources().get(*id).map_or("", |source| source.text());
            if ["$id", "$anchor", "$dynamicAnchor", "$self", DRAFT_4]
                .iter()
                .any(|key| text.contains(key))
            {
                index.walk(&NodeRef::root(*id, root), &file.name);
            }
        }
        index
    }

    fn walk(&mut self, root: &NodeRef<'a>, name: &str) {
        let mut open = vec![(root.clone(), Rc::from(name), Naming::default())];
        while let Some((spot, mut base, mut naming)) = open.pop() {
            match &spot.node.value {
                Value::Object(object) => {
                    if let Some(dialect) = object.get("$schema").and_then(Node::as_str) {
                        naming = Naming::of(dialect);
                    }
                    self.names(object, &spot, naming, &mut base);
                    for member in object.iter().filter(|member| may_hold_schemas(&member.key)) {
                        if matches!(member.value.value, Value::Object(_) | Value::Array(_)) {
                            open.push((
                                spot.down(&member.key, &member.value),
                                base.clone(),
                                naming,
                            ));
                        }
                    }
                }
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    open.extend(
                        items.map(|(at, item)| (spot.item(at, item), base.clone(), naming)),
                    );
                }
                _ => {}
            }
        }
    }

    /// Adds what an object calls itself; a URI becomes the base of what it holds.
    fn names(
        &mut self,
        object: &'a Object,
        spot: &NodeRef<'a>,
        naming: Naming,
        base: &mut Rc<str>,
    ) {
        let is_ignored =
            naming.is_early && object.get("$ref").is_some_and(|it| it.as_str().is_some());
        let own = [naming.key, "$self"]
            .iter()
            .find_map(|key| object.get(key)?.as_str())
            .filter(|_| !is_ignored);
        if let Some(id) = own {
            let (id, fragment) = split(id);
            if !id.is_empty() {
                *base = Rc::from(resolve(base, id));
                self.resources.insert(spot.mark(), base.clone());
                self.uris
                    .entry(base.clone())
                    .or_insert_with(|| spot.clone());
            } else if !fragment.is_empty() {
                // Before 2019-09 an anchor was an `$id` with only a fragment.
                self.anchors.entry(fragment).or_default().push(spot.clone());
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = object.get(key).and_then(Node::as_str) {
                self.anchors.entry(name).or_default().push(spot.clone());
            }
        }
    }

    /// The part with a URI of its own that holds a place most closely, and the URI.
    pub(super) fn resource_of(&self, spot: &NodeRef<'a>) -> Option<(NodeRef<'a>, Rc<str>)> {
        if self.resources.is_empty() {
            return None;
        }
        let mut around = Some(spot.clone());
        while let Some(place) = around {
            if let Some(uri) = self.resources.get(&place.mark()) {
                return Some((place, uri.clone()));
            }
            around = place.up();
        }
        None
    }

    /// The part with a URI.
    pub(super) fn by_uri(&self, uri: &str) -> Option<NodeRef<'a>> {
        self.uris.get(uri).cloned()
    }

    /// The anchor of a name within a resource: a file or a part with a URI of its own.
    pub(super) fn anchor(&self, name: &str, within: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        let mut places = self.anchors.get(name)?.iter();
        let found = places.find(|place| match self.resource_of(place) {
            Some((resource, _)) => resource.mark() == within.mark(),
            None => within.file == place.file && within.up().is_none(),
        });
        found.cloned()
    }
}

/// Values of the API are not searched for names.
fn may_hold_schemas(key: &str) -> bool {
    !matches!(
        key,
        "example" | "default" | "const" | "enum" | "value" | "dataValue"
    )
}

/// A URI reference against a base that is a URI or a file name.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    if !has_scheme(base) {
        return join(base, reference);
    }
    let behind_scheme = base.find("://").map_or(0, |at| at + 3);
    let path = base
        .get(behind_scheme..)
        .and_then(|rest| rest.find('/'))
        .map(|at| behind_scheme + at);
    let (authority, path) = base.split_at(path.unwrap_or(base.len()));
    let path = if path.is_empty() { "/" } else { path };
    format!("{authority}{}", join(path, reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_resolved() {
        for (base, reference, uri) in [
            ("a/b.yaml", "c.yaml", "a/c.yaml"),
            ("https://x.org/a/b", "c", "https://x.org/a/c"),
            ("https://x.org/a/b", "/c", "https://x.org/c"),
            ("https://x.org", "c", "https://x.org/c"),
            ("https://x.org/a", "urn:x:y", "urn:x:y"),
        ] {
            assert_eq!(resolve(base, reference), uri);
        }
    }
}
