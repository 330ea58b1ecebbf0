//! The declared extensions: whether they fit where they stand and name what is there. A declaration that does not
//! is not followed, which nobody would see without being told.

mod behaviour;

use std::collections::{BTreeMap, BTreeSet};

use verbatim_source::{Node, Object, Span, listed, near};

use super::Reader;
use crate::document::{Document, Id, Schema, Type};
use crate::problem::{Scope, kind};

/// Every extension that something is made of, here or by those who judge servers.
const KNOWN: [&str; 18] = [
    "x-verbatim-basic",
    "x-verbatim-blank",
    "x-verbatim-environment",
    "x-verbatim-formats",
    "x-verbatim-gone",
    "x-verbatim-group",
    "x-verbatim-idempotent",
    KEEP,
    "x-verbatim-method",
    "x-verbatim-not-evidence",
    "x-verbatim-open",
    "x-verbatim-pagination",
    "x-verbatim-rate-limit",
    "x-verbatim-safe",
    "x-verbatim-secret",
    "x-verbatim-source",
    "x-verbatim-wait",
    "x-verbatim-wrapper",
];

/// The extensions of schemas, each with the kind of its value.
const OF_SCHEMAS: [(&str, &str); 3] = [
    ("x-verbatim-open", "a boolean"),
    ("x-verbatim-secret", "a boolean"),
    (WRAPPER, "a boolean"),
];

/// The extensions of the whole document, each with the kind of its value.
const OF_DOCUMENTS: [(&str, &str); 4] = [
    ("x-verbatim-environment", "a string"),
    (FORMATS, "an object"),
    (KEEP, "a boolean"),
    ("x-verbatim-rate-limit", "an object"),
];

const FORMATS: &str = "x-verbatim-formats";
const KEEP: &str = "x-verbatim-keep-unexpected";
const WRAPPER: &str = "x-verbatim-wrapper";

/// How many `allOf` and references in a chain are looked through.
const DEPTH: usize = 32;

/// A declaration that is not followed.
struct Fault {
    scope: Scope,
    message: String,
    span: Span,
    label: String,
}

/// What all parts of an object say together.
#[derive(Default)]
struct Parts<'d> {
    properties: BTreeSet<&'d str>,
    required: BTreeSet<&'d str>,
    closed: bool,
    /// Whether other values than objects fit, or one of several objects.
    other: bool,
}

impl Reader<'_> {
    /// Checks all declarations.
    pub(super) fn check_declarations(&mut self) {
        let mut faults = Vec::new();
        let extensions = &self.document.extensions;
        kinds(Scope::Document, extensions, &OF_DOCUMENTS, &mut faults);
        suffixes(&self.document, &mut faults);
        let wrappers = schemas(&self.document, &mut faults);
        if !wrappers.is_empty() {
            open_roots(&self.document, &wrappers, &mut faults);
        }
        behaviour::faults(&self.document, &mut faults);
        for fault in faults {
            self.scope = fault.scope;
            self.warn(&kind::DECLARATION, fault.message, fault.span, &fault.label);
        }
    }
}

/// Finds the paths that do not end as the format in which they are described says, so that no other can be chosen.
fn suffixes(document: &Document, faults: &mut Vec<Fault>) {
    let formats = document.extensions.get(FORMATS);
    let formats = formats.and_then(Node::as_object).into_iter().flatten();
    let described = formats
        .filter(|member| member.value.get("dialect").is_none())
        .find_map(|member| member.value.get("suffix")?.as_str());
    let Some(suffix) = described else { return };
    for (template, _) in &document.paths {
        if !template.value.ends_with(suffix) {
            let path = listed(&[&template.value]);
            faults.push(Fault {
                scope: Scope::Document,
                message: format!("{path} is spoken in one format only"),
                span: template.span,
                label: format!("does not end with {}", listed(&[suffix])),
            });
        }
    }
}

/// Checks what schemas declare; the wrappers that are open, each with where it says that it is one.
fn schemas(document: &Document, faults: &mut Vec<Fault>) -> BTreeMap<Id<Schema>, Span> {
    let mut open = BTreeMap::new();
    for (id, schema) in document.arenas.schemas.iter() {
        let scope = Scope::Schema(id);
        kinds(scope, &schema.extensions, &OF_SCHEMAS, faults);
        let wrapper = schema.extensions.get(WRAPPER);
        let Some(node) = wrapper.filter(|node| node.as_bool() == Some(true)) else {
            continue;
        };
        let mut parts = Parts::default();
        gather(document, id, &mut parts, 0);
        if let Some(fault) = parts.fault() {
            faults.push(Fault {
                scope,
                message: format!("a schema is declared a wrapper and {fault}"),
                span: node.span,
                label: "is kept as a type with its root".to_owned(),
            });
        } else if !parts.closed {
            open.insert(id, node.span);
        }
    }
    open
}

/// Adds what a schema says about objects, by itself and by what it refers to.
fn gather<'d>(document: &'d Document, id: Id<Schema>, parts: &mut Parts<'d>, depth: usize) {
    let schema = &document[id];
    let rules = &schema.object;
    parts
        .properties
        .extend(rules.properties.keys().map(String::as_str));
    let required = rules.required.iter().map(|name| name.value.as_str());
    parts.required.extend(required);
    let further = rules.additional_properties.or(rules.unevaluated_properties);
    parts.closed |= further.is_some_and(|id| document[id].boolean == Some(false));
    let is_object = |kind: Type| matches!(kind, Type::Object | Type::Null);
    parts.other |= schema.types.iter().any(|kind| !is_object(kind.value))
        || !schema.any_of.is_empty()
        || !schema.one_of.is_empty();
    if depth < DEPTH {
        let reference = schema.reference.as_ref().and_then(|it| it.target);
        for id in schema.all_of.iter().copied().chain(reference) {
            gather(document, id, parts, depth + 1);
        }
    }
}

impl Parts<'_> {
    /// Why this is no wrapper.
    fn fault(&self) -> Option<String> {
        if self.other {
            return Some("is not one kind of object".to_owned());
        }
        let names: Vec<&str> = self.properties.union(&self.required).copied().collect();
        match names.as_slice() {
            [] => Some("has no property".to_owned()),
            [only] if !self.required.contains(only) => {
                Some(format!("does not require {}", listed(&[only])))
            }
            [_] => None,
            [first, second, ..] => Some(format!(
                "has {} properties, among them {} and {}",
                names.len(),
                listed(&[first]),
                listed(&[second])
            )),
        }
    }
}

/// Finds the open wrappers that bodies of requests hold: requests say nothing that the document does not, but the
/// root of an open one is not taken off, since what may stand beside it would be lost.
fn open_roots(document: &Document, open: &BTreeMap<Id<Schema>, Span>, faults: &mut Vec<Fault>) {
    let operations = document.arenas.operations.iter();
    let bodies = operations.filter_map(|(_, operation)| operation.request_body.as_ref());
    let contents = bodies.flat_map(|body| &document[body.id].content);
    let mut waiting: Vec<Id<Schema>> = contents
        .filter_map(|media| document[media.media_type.id].schema)
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let schema = &document[id];
        let reference = schema.reference.as_ref().and_then(|it| it.target);
        let properties = schema.object.properties.values().map(|it| it.schema);
        let groups = [&schema.all_of, &schema.any_of, &schema.one_of];
        waiting.extend(groups.into_iter().flatten().copied().chain(properties));
        waiting.extend(reference.into_iter().chain(schema.array.items));
        waiting.extend(schema.object.additional_properties);
    }
    for (id, span) in open.iter().filter(|(id, _)| seen.contains(id)) {
        faults.push(Fault {
            scope: Scope::Schema(*id),
            message: "a wrapper of a request is open, so that its root stays visible".to_owned(),
            span: *span,
            label: "needs `additionalProperties: false` beside it".to_owned(),
        });
    }
}

/// Checks the kinds of the values of extensions, and that there are no others that only look like them.
fn kinds(scope: Scope, given: &Object, wanted: &[(&str, &str)], faults: &mut Vec<Fault>) {
    for member in given {
        let name = member.key.as_str();
        if name.starts_with("x-verbatim-") && !KNOWN.contains(&name) {
            faults.push(unknown(scope, name, member.key_span, &KNOWN));
        }
        let wanted = wanted.iter().find(|(known, _)| *known == name);
        if let Some((_, wanted)) = wanted {
            faults.extend(of_kind(scope, name, &member.value, wanted));
        }
    }
}

/// A value that is of another kind than it should be.
fn of_kind(scope: Scope, name: &str, node: &Node, wanted: &str) -> Option<Fault> {
    let found = node.value.kind();
    (found != wanted).then(|| Fault {
        scope,
        message: format!("`{name}` is {found}, not {wanted}"),
        span: node.span,
        label: format!("must be {wanted}"),
    })
}

/// A name that is none of those known.
fn unknown(scope: Scope, name: &str, span: Span, known: &[&str]) -> Fault {
    let alike = near(name, known.iter().copied());
    Fault {
        scope,
        message: format!("{} declares nothing", listed(&[name])),
        span,
        label: perhaps(&alike, "has no meaning"),
    }
}

/// What may be meant, as a label; another one where nothing is like it.
fn perhaps(alike: &[&str], otherwise: &str) -> String {
    match alike {
        [] => otherwise.to_owned(),
        [first, ..] => format!("perhaps {} is meant", listed(&[first])),
    }
}
