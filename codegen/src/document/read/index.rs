//! Names that schemas and documents give themselves: `$id`, `$anchor`, `$self`.

use std::collections::HashMap;

use verbatim_source::{Node, Object, Pointer, SourceId, Value};

use crate::document::Location;
use crate::document::input::{Content, Input, has_scheme, join, split};

/// All such names of all files.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Parts with a URI of their own: absolute, or a file name where nothing absolute is around.
    resources: HashMap<Location, String>,
    /// The first part with each URI.
    uris: HashMap<String, Location>,
    /// Places that call themselves by a name.
    anchors: HashMap<String, Vec<Location>>,
}

impl Index {
    /// The names in all files. Most documents have none, and are not walked through for them.
    pub(super) fn of(input: &Input) -> Self {
        let mut index = Self::default();
        for file in input.files() {
            let Content::Tree(id, root) = &file.content else {
                continue;
            };
            let text = input.sources().get(*id).map_or("", |source| source.text());
            if ["$id", "$anchor", "$dynamicAnchor", "$self"]
                .iter()
                .any(|key| text.contains(key))
            {
                index.walk(*id, &file.name, root);
            }
        }
        index
    }

    fn walk(&mut self, file: SourceId, name: &str, root: &Node) {
        let mut open = vec![(root, Pointer::root(), name.to_owned())];
        while let Some((node, pointer, mut base)) = open.pop() {
            match &node.value {
                Value::Object(object) => {
                    let location = Location { file, pointer };
                    self.names(object, &location, &mut base);
                    for member in object.iter().filter(|member| may_hold_schemas(&member.key)) {
                        let pointer = location.pointer.join(&member.key);
                        open.push((&member.value, pointer, base.clone()));
                    }
                }
                Value::Array(items) => {
                    for (at, item) in items.iter().enumerate() {
                        open.push((item, pointer.item(at), base.clone()));
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds what an object calls itself; a URI becomes the base of what it holds.
    fn names(&mut self, object: &Object, location: &Location, base: &mut String) {
        let own = ["$id", "$self"]
            .iter()
            .find_map(|key| object.get(key)?.as_str());
        if let Some(id) = own {
            let (id, fragment) = split(id);
            if !id.is_empty() {
                *base = resolve(base, id);
                self.resources.insert(location.clone(), base.clone());
                self.uris
                    .entry(base.clone())
                    .or_insert_with(|| location.clone());
            } else if !fragment.is_empty() {
                // Before 2019-09 an anchor was an `$id` with only a fragment.
                self.anchors
                    .entry(fragment.to_owned())
                    .or_default()
                    .push(location.clone());
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = object.get(key).and_then(Node::as_str) {
                self.anchors
                    .entry(name.to_owned())
                    .or_default()
                    .push(location.clone());
            }
        }
    }

    /// The part with a URI of its own that holds a place most closely, and the URI.
    pub(super) fn resource_of(&self, location: &Location) -> Option<(Location, &str)> {
        if self.resources.is_empty() {
            return None;
        }
        let mut around = Some(location.clone());
        while let Some(place) = around {
            if let Some(uri) = self.resources.get(&place) {
                return Some((place, uri));
            }
            let pointer = place.pointer.parent();
            around = pointer.map(|pointer| Location {
                file: place.file,
                pointer,
            });
        }
        None
    }

    /// The part with a URI.
    pub(super) fn by_uri(&self, uri: &str) -> Option<&Location> {
        self.uris.get(uri)
    }

    /// The anchor of a name within a resource: the file or a part with a URI of its own.
    pub(super) fn anchor(&self, name: &str, within: &Location) -> Option<&Location> {
        let mut places = self.anchors.get(name)?.iter();
        places.find(|place| match self.resource_of(place) {
            Some((resource, _)) => resource == *within,
            None => within.file == place.file && within.pointer.as_str().is_empty(),
        })
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
