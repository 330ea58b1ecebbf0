//! Reading the trees of a document into its types.
//!
//! Parts are read one after the other from a queue, never one inside the other: a part that names
//! or holds another takes an id for it and goes on. So neither deep nesting nor long chains of
//! references use the stack, and each place of the text is read once.

mod about;
mod body;
mod check;
mod declare;
mod fields;
mod index;
mod parameter;
mod path;
mod repeat;
mod resolve;
mod schema;
mod security;
mod spot;
mod swagger;
mod version;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use verbatim_source::{Node, Severity, SourceId, Span, Value};

use super::arena::Arena;
use super::input::Content;
use super::{
    Arenas, Callback, Document, Example, Header, Id, Input, Link, Location, MediaType, Operation,
    Parameter, PathItem, Reference, RequestBody, Response, Schema, SecurityScheme, Spanned, Text,
    Use, Version,
};
use crate::problem::{Entry, Problem, Scope, kind};
pub(super) use about::variables_of;
use fields::Fields;
use index::Index;
use spot::{NodeId, NodeRef, ReadMode};

/// Parts of a document before reading is given up; the largest public documents have a third.
const MOST_PARTS: usize = 400_000;
/// Bytes of the places of all parts before reading is given up.
const MOST_WRITTEN: usize = 64 << 20;
/// Errors before reading is given up.
const MOST_PROBLEMS: usize = 10_000;
/// Warnings that are kept.
const MOST_WARNINGS: usize = 1_000;

/// Members that only describe, so that a mistake in them spoils nothing.
const DESCRIBING: [&str; 7] = [
    "tags",
    "externalDocs",
    "xml",
    "examples",
    "the tag",
    "info",
    "deprecated",
];

/// Reads a document.
///
/// # Errors
/// Where nothing can be read: the root file is neither JSON nor YAML, is no document of a version
/// that is known, or is beyond all measure. All other problems stand in [`Document::problems`] and spoil only their
/// scope.
pub fn read(input: &Input) -> Result<Document, Vec<Problem>> {
    let Some((id, root)) = root(input)? else {
        return Err(Vec::new());
    };
    let (version, version_text) = version::of(root).map_err(|problem| vec![*problem])?;
    let mut reader = Reader::new(input, version);
    reader.document.version_text = version_text;
    let spot = NodeRef::root(id, root);
    if version == Version::V2 {
        reader.swagger(&spot);
    } else {
        reader.openapi(&spot);
    }
    reader.drain();
    if let Some(problem) = reader.overflow {
        return Err(vec![problem]);
    }
    reader.repeated()?;
    reader.readings();
    reader.check();
    reader.close();
    Ok(reader.document)
}

fn root(input: &Input) -> Result<Option<(SourceId, &Node)>, Vec<Problem>> {
    match input.files().first().map(|file| &file.content) {
        Some(Content::Tree(id, root)) => Ok(Some((*id, root))),
        Some(Content::Invalid(problems)) => {
            let problems = problems.iter().cloned();
            Err(problems
                .map(|diagnostic| Problem {
                    diagnostic,
                    scope: Scope::Document,
                })
                .collect())
        }
        _ => Ok(None),
    }
}

/// A part that is to be read.
struct Job<'a> {
    spot: NodeRef<'a>,
    index: usize,
    read: fn(&mut Reader<'a>, &NodeRef<'a>, usize),
}

/// Places that have an id already.
type Known<T> = HashMap<(NodeId, ReadMode), Id<T>>;

#[derive(Default)]
struct Tables {
    schemas: Known<Schema>,
    path_items: Known<PathItem>,
    operations: HashMap<NodeId, Id<Operation>>,
    parameters: Known<Parameter>,
    headers: Known<Header>,
    bodies: Known<RequestBody>,
    responses: Known<Response>,
    media_types: Known<MediaType>,
    examples: Known<Example>,
    callbacks: Known<Callback>,
    links: Known<Link>,
    schemes: Known<SecurityScheme>,
}

/// A part that is stored once and named by an id.
trait Part: Default {
    fn known(tables: &mut Tables) -> &mut Known<Self>;
    fn arena(arenas: &mut Arenas) -> &mut Arena<Self>;
    fn scope(id: Id<Self>) -> Scope;
    fn read<'a>(reader: &mut Reader<'a>, spot: &NodeRef<'a>) -> Self;
}

macro_rules! parts {
    ($($part:ident: $table:ident, $read:ident;)*) => {$(
        impl Part for $part {
            fn known(tables: &mut Tables) -> &mut Known<Self> {
                &mut tables.$table
            }

            fn arena(arenas: &mut Arenas) -> &mut Arena<Self> {
                &mut arenas.$table
            }

            fn scope(id: Id<Self>) -> Scope {
                Scope::$part(id)
            }

            fn read<'a>(reader: &mut Reader<'a>, spot: &NodeRef<'a>) -> Self {
                reader.$read(spot)
            }
        }
    )*};
}

parts! {
    Schema: schemas, read_schema;
    PathItem: path_items, read_path_item;
    Parameter: parameters, read_parameter;
    Header: headers, read_header;
    RequestBody: bodies, read_body;
    Response: responses, read_response;
    MediaType: media_types, read_media_type;
    Example: examples, read_example;
    Callback: callbacks, read_callback;
    Link: links, read_link;
    SecurityScheme: schemes, read_scheme;
}

struct Reader<'a> {
    input: &'a Input,
    trees: BTreeMap<SourceId, &'a Node>,
    index: Index<'a>,
    version: Version,
    document: Document,
    tables: Tables,
    queue: VecDeque<Job<'a>>,
    /// What the part being read is, for problems found in it.
    scope: Scope,
    /// Where chains of references end; `None` where they do not.
    ends: HashMap<NodeId, Option<NodeRef<'a>>>,
    /// The media types of Swagger 2.0 that operations have unless they name their own.
    consumes: Rc<[String]>,
    produces: Rc<[String]>,
    /// Parts that have an id.
    parts: usize,
    /// Bytes of all places written out.
    written: usize,
    warnings: usize,
    /// Why reading was given up.
    overflow: Option<Problem>,
    /// Files whose own problems were reported.
    reported: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(input: &'a Input, version: Version) -> Self {
        let mut document = Document {
            version,
            ..Document::default()
        };
        let mut trees = BTreeMap::new();
        for file in input.files() {
            if let Content::Tree(id, tree) = &file.content {
                trees.insert(*id, tree);
                document.files.push((*id, file.name.clone()));
            }
        }
        let index = Index::of(input);
        Self {
            input,
            trees,
            index,
            version,
            document,
            tables: Tables::default(),
            queue: VecDeque::new(),
            scope: Scope::Document,
            ends: HashMap::new(),
            parts: 0,
            written: 0,
            warnings: 0,
            overflow: None,
            consumes: Rc::new([]),
            produces: Rc::new([]),
            reported: Vec::new(),
        }
    }

    /// The id of the part at a place; the first time, the part is queued to be read.
    fn place<T: Part>(&mut self, spot: NodeRef<'a>) -> Id<T> {
        let key = (spot.mark(), spot.manner.clone());
        if let Some(id) = T::known(&mut self.tables).get(&key) {
            return *id;
        }
        self.parts += 1;
        if self.parts > MOST_PARTS {
            self.stop(
                &spot,
                format!("the document has more than {MOST_PARTS} parts"),
            );
            return Id::new(0);
        }
        let id = T::arena(&mut self.document.arenas).reserve();
        T::known(&mut self.tables).insert(key, id);
        self.queue.push_back(Job {
            spot,
            index: id.index(),
            read: read_part::<T>,
        });
        id
    }

    fn drain(&mut self) {
        while self.overflow.is_none()
            && let Some(job) = self.queue.pop_front()
        {
            (job.read)(self, &job.spot, job.index);
        }
    }

    /// The place of a part, written out. All places together are bounded, since each repeats the
    /// names around it.
    fn location(&mut self, spot: &NodeRef<'a>) -> Location {
        self.written = self.written.saturating_add(spot.length());
        if self.written > MOST_WRITTEN {
            self.stop(spot, "the names in the document are too long".to_owned());
            return Location::default();
        }
        spot.location()
    }

    /// Gives up: what follows would take too much memory.
    fn stop(&mut self, spot: &NodeRef<'a>, message: String) {
        let at = (spot.span().at_start(), "reading stopped here");
        let problem = Problem::new(&kind::TOO_LARGE, Severity::Error, message, at);
        self.overflow.get_or_insert(problem);
    }

    /// Notes which parts have errors, and says how many warnings were left out.
    fn close(&mut self) {
        let errors = self.document.problems.iter().filter(|it| it.is_error());
        self.document.spoiled = errors.map(|it| it.scope).collect();
        let left_out = self.warnings.saturating_sub(MOST_WARNINGS);
        if let (Some(last), 1..) = (self.document.problems.last_mut(), left_out) {
            let note = format!("{left_out} further warnings are not shown");
            last.diagnostic.notes.push(note);
        }
    }

    /// The part at a place or behind the references that stand there.
    fn used<T: Part>(&mut self, spot: &NodeRef<'a>) -> Option<Use<T>> {
        let Some(written) = spot.node.get("$ref") else {
            return Some(Use {
                id: self.place(spot.clone()),
                reference: None,
            });
        };
        let reference = self.reference(spot, written)?;
        let target = self.behind(spot)?;
        Some(Use {
            id: self.place(target.in_manner(spot.manner.clone())),
            reference: Some(Box::new(reference)),
        })
    }

    /// The part at a place or behind the references that stand there; where they lead nowhere, which
    /// is reported and spoils nothing around, another one in its place.
    fn used_or<T: Part>(
        &mut self,
        spot: &NodeRef<'a>,
        other: impl FnOnce(&mut Self) -> T,
    ) -> Use<T> {
        if let Some(used) = self.aside(|reader| reader.used(spot)) {
            return used;
        }
        let part = other(self);
        let arena = T::arena(&mut self.document.arenas);
        let id = arena.reserve();
        arena.set(id, part);
        Use {
            id,
            reference: None,
        }
    }

    /// The place behind the references that stand at a place.
    fn behind(&mut self, spot: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        let mut at = spot.clone();
        let mut passed = Vec::new();
        let mut seen = HashSet::new();
        let end = loop {
            let Some(written) = at.node.get("$ref") else {
                break Some(at);
            };
            if let Some(known) = self.ends.get(&at.mark()) {
                break self.known_end(known.clone(), spot);
            }
            if !seen.insert(at.mark()) {
                let message = "references lead in a circle";
                self.error(
                    &kind::REFERENCE_CIRCLE,
                    message,
                    spot.span(),
                    "leads back to itself",
                );
                break None;
            }
            passed.push(at.mark());
            let further = self
                .reference(&at, written)
                .and_then(|here| self.target(&at, &here));
            let Some(further) = further else { break None };
            at = further;
        };
        for mark in passed {
            self.ends.insert(mark, end.clone());
        }
        end
    }

    /// The end of a chain of references that was followed before.
    fn known_end(&mut self, end: Option<NodeRef<'a>>, spot: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        if end.is_none() {
            let message = "a reference leads to another one that names nothing";
            self.error(
                &kind::DANGLING_REFERENCE,
                message,
                spot.span(),
                "leads to nothing",
            );
        }
        end
    }

    /// A `$ref` with what stands beside it.
    fn reference(&mut self, spot: &NodeRef<'a>, written: &'a Node) -> Option<Reference> {
        let text = self.text_of(written, "$ref")?;
        let mut beside = |key| spot.node.get(key).and_then(|node| self.text_of(node, key));
        let (summary, description) = (beside("summary"), beside("description"));
        Some(Reference {
            text: text.value,
            span: text.span,
            summary,
            description,
        })
    }

    /// A text. Numbers and booleans, which YAML writes where a text is meant, count as the texts
    /// that they are written as.
    fn text_of(&mut self, node: &Node, name: &str) -> Option<Text> {
        let value = match &node.value {
            Value::String(text) | Value::Number(text) => text.clone(),
            Value::Bool(value) => value.to_string(),
            _ => {
                self.wrong_kind(node, name, "a string");
                return None;
            }
        };
        Some(Spanned {
            value,
            span: node.span,
        })
    }

    fn wrong_kind(&mut self, node: &Node, name: &str, wanted: &str) {
        let found = node.value.kind();
        let message = format!("`{name}` is {found}, not {wanted}");
        let label = format!("must be {wanted}");
        if DESCRIBING.contains(&name) {
            self.warn(&kind::WRONG_KIND, message, node.span, &label);
        } else {
            self.error(&kind::WRONG_KIND, message, node.span, &label);
        }
    }

    /// Reads something that the part around it can do without: errors in it leave out nothing else.
    fn aside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let around = std::mem::replace(&mut self.scope, Scope::Document);
        let value = read(self);
        self.scope = around;
        value
    }

    fn error(
        &mut self,
        entry: &'static Entry,
        message: impl Into<String>,
        span: Span,
        label: &str,
    ) {
        if self.document.problems.len() >= MOST_PROBLEMS {
            let message = format!("the document has more than {MOST_PROBLEMS} errors");
            let problem = Problem::new(
                &kind::TOO_LARGE,
                Severity::Error,
                message,
                (span, "reading stopped here"),
            );
            self.overflow.get_or_insert(problem);
            return;
        }
        let problem = Problem::new(entry, Severity::Error, message, (span, label));
        self.document.problems.push(problem.of(self.scope));
    }

    fn warn(&mut self, entry: &'static Entry, message: impl Into<String>, span: Span, label: &str) {
        self.warnings += 1;
        if self.warnings <= MOST_WARNINGS {
            let problem = Problem::new(entry, Severity::Warning, message, (span, label));
            self.document.problems.push(problem.of(self.scope));
        }
    }

    fn fields(&mut self, spot: &NodeRef<'a>, name: &str) -> Fields<'a> {
        let members = spot.node.as_object();
        match &spot.node.value {
            Value::Object(_) => {}
            Value::Null => self.null(spot.node, name),
            _ => self.wrong_kind(spot.node, name, "an object"),
        }
        Fields::new(spot.clone(), members)
    }
}

fn read_part<'a, T: Part>(reader: &mut Reader<'a>, spot: &NodeRef<'a>, index: usize) {
    let id = Id::new(index);
    reader.scope = T::scope(id);
    let part = T::read(reader, spot);
    T::arena(&mut reader.document.arenas).set(id, part);
    reader.scope = Scope::Document;
}

#[cfg(test)]
mod tests;
