//! What a reference names.

use verbatim_source::{Node, Value, pointer};

use super::index::resolve;
use super::{NodeRef, Reader};
use crate::document::Reference;
use crate::document::input::{Content, has_scheme, join, split};
use crate::problem::{Entry, Problem, Scope, kind};

/// References that a JSON Pointer may pass on its way.
const MOST_HOPS: usize = 32;

/// Why a reference names nothing, for its message.
struct Failure {
    entry: &'static Entry,
    message: String,
    label: &'static str,
}

impl<'a> Reader<'a> {
    /// The place that a reference names; where there is none, a problem of the current part.
    pub(super) fn target(
        &mut self,
        from: &NodeRef<'a>,
        reference: &Reference,
    ) -> Option<NodeRef<'a>> {
        match self.find(from, &reference.text, &mut 0) {
            Ok(spot) => Some(spot),
            Err(failure) => {
                self.error(
                    failure.entry,
                    failure.message,
                    reference.span,
                    failure.label,
                );
                None
            }
        }
    }

    /// The place that a reference names, if it names one.
    pub(super) fn quietly(&mut self, from: &NodeRef<'a>, text: &str) -> Option<NodeRef<'a>> {
        self.find(from, text, &mut 0).ok()
    }

    fn find(
        &mut self,
        from: &NodeRef<'a>,
        text: &str,
        hops: &mut usize,
    ) -> Result<NodeRef<'a>, Failure> {
        let (file, fragment) = split(text);
        let resource = self.resource(from, file, text)?;
        let Some(fragment) = pointer::from_fragment(fragment) else {
            return Err(nothing(format!("`{text}` has a broken percent escape")));
        };
        if fragment.is_empty() || fragment.starts_with('/') {
            let is_inner = file.is_empty() && resource.up().is_some();
            return match self.walk(resource, &fragment, text, hops) {
                // Within a schema that has an `$id`, authors still write pointers from the root of
                // the file, though they mean the schema's own root.
                Err(failure) if is_inner => match self.root_of(from) {
                    Some(root) => self.walk(root, &fragment, text, hops).map_err(|_| failure),
                    None => Err(failure),
                },
                outcome => outcome,
            };
        }
        let found = self.index.anchor(&fragment, &resource);
        found.ok_or_else(|| nothing(format!("`{text}` names an anchor that does not exist")))
    }

    /// The root of the file, or of the part with its own URI, that a reference names.
    fn resource(
        &mut self,
        from: &NodeRef<'a>,
        file: &str,
        text: &str,
    ) -> Result<NodeRef<'a>, Failure> {
        let around = self.index.resource_of(from);
        if file.is_empty() {
            let root = around.map(|(root, _)| root).or_else(|| self.root_of(from));
            return root.ok_or_else(|| nothing(format!("`{text}` names nothing")));
        }
        let name = self.document.file_name(from.file).to_owned();
        let Some(path) = pointer::from_fragment(file) else {
            return Err(nothing(format!("`{text}` has a broken percent escape")));
        };
        let uri = resolve(around.as_ref().map_or(&name, |(_, uri)| uri), &path);
        if let Some(spot) = self.index.by_uri(&uri) {
            return Ok(spot);
        }
        if has_scheme(file) {
            return Err(Failure {
                entry: &kind::REMOTE_REFERENCE,
                message: format!("`{text}` names a remote file"),
                label: "is not fetched",
            });
        }
        self.file(&join(&name, &path), text)
    }

    /// The root of the file of a value.
    pub(super) fn root_of(&self, spot: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        self.trees
            .get(&spot.file)
            .map(|node| NodeRef::root(spot.file, node))
    }

    /// The root of another file.
    fn file(&mut self, name: &str, text: &str) -> Result<NodeRef<'a>, Failure> {
        let absent = |reason: &str| Failure {
            entry: &kind::ABSENT_FILE,
            message: format!("`{text}` names the file `{name}`, which cannot be read: {reason}"),
            label: "names this file",
        };
        let Some(file) = self.input.file(name) else {
            return Err(absent("it was not loaded"));
        };
        match &file.content {
            Content::Tree(id, node) => Ok(NodeRef::root(*id, node)),
            Content::Absent(reason) => Err(absent(reason)),
            Content::Invalid(problems) => {
                if !self.reported.iter().any(|reported| reported == name) {
                    self.reported.push(name.to_owned());
                    let problem = |diagnostic| Problem {
                        diagnostic,
                        scope: Scope::Document,
                    };
                    self.document
                        .problems
                        .extend(problems.iter().cloned().map(problem));
                }
                Err(Failure {
                    entry: &kind::BROKEN_FILE,
                    message: format!("`{text}` names the file `{name}`, whose text cannot be read"),
                    label: "names this file",
                })
            }
        }
    }

    /// Follows a pointer down from a root. Where it would pass through a reference, which authors
    /// write though pointers do not allow it, the way goes on behind that reference.
    fn walk(
        &mut self,
        root: NodeRef<'a>,
        path: &str,
        text: &str,
        hops: &mut usize,
    ) -> Result<NodeRef<'a>, Failure> {
        let mut at = root;
        for token in path.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            at = loop {
                if let Some(found) = child(&at, &token) {
                    break found;
                }
                let Some(further) = at.node.get("$ref").and_then(Node::as_str) else {
                    return Err(nothing(format!(
                        "`{text}` names nothing: there is no `{token}`"
                    )));
                };
                *hops += 1;
                if *hops > MOST_HOPS {
                    return Err(Failure {
                        entry: &kind::REFERENCE_CIRCLE,
                        message: format!("`{text}` leads through references in a circle"),
                        label: "has no end",
                    });
                }
                at = self.find(&at.clone(), further, hops)?;
            };
        }
        Ok(at)
    }
}

fn child<'a>(spot: &NodeRef<'a>, token: &str) -> Option<NodeRef<'a>> {
    match &spot.node.value {
        Value::Object(object) => {
            let member = object.member(token)?;
            Some(spot.down(&member.key, &member.value))
        }
        Value::Array(items) => {
            let index: usize = token.parse().ok()?;
            // `01` and `+1` are not indices.
            let item = items.get(index).filter(|_| index.to_string() == token)?;
            Some(spot.item(index, item))
        }
        _ => None,
    }
}

fn nothing(message: String) -> Failure {
    Failure {
        entry: &kind::DANGLING_REFERENCE,
        message,
        label: "names nothing",
    }
}
