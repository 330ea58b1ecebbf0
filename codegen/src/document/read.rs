//! Reading the trees of a document into its types.
//!
//! Parts are read one after the other from a queue, never one inside the other: a part that names
//! or holds another takes an id for it and goes on. So neither deep nesting nor long chains of
//! references use the stack, and each place of the text is read once.

mod about;
mod body;
mod check;
mod fields;
mod index;
mod parameter;
mod path;
mod resolve;
mod schema;
mod security;
mod swagger;
mod version;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use verbatim_source::{Node, Severity, SourceId, Span, Value};

use super::arena::Arena;
use super::input::Content;
use super::{
    Arenas, Callback, Document, Example, Header, Id, Input, Link, Location, MediaType, Parameter,
    PathItem, Reference, RequestBody, Response, Schema, SecurityScheme, Spanned, Text, Use,
    Version,
};
use crate::problem::{Entry, Problem, Scope, kind};
pub(super) use about::variables_of;
use fields::Fields;
use index::Index;

/// Reads a document.
///
/// # Errors
/// Where nothing can be read: the root file is neither JSON nor YAML, or is no document of a
/// version that is known. All other problems stand in [`Document::problems`] and spoil only their
/// scope.
pub fn read(input: &Input) -> Result<Document, Vec<Problem>> {
    let Some((id, root)) = root(input)? else {
        return Err(Vec::new());
    };
    let (version, version_text) = version::of(root).map_err(|problem| vec![problem])?;
    let mut reader = Reader::new(input, version);
    reader.document.version_text = version_text;
    let spot = Spot::new(
        root,
        Location {
            file: id,
            ..Location::default()
        },
    );
    if version == Version::V2 {
        reader.swagger(&spot);
    } else {
        reader.openapi(&spot);
    }
    reader.drain();
    reader.check();
    Ok(reader.document)
}

fn root(input: &Input) -> Result<Option<(SourceId, &Node)>, Vec<Problem>> {
    match input.files().first().map(|file| &file.content) {
        Some(Content::Tree(id, root)) => Ok(Some((*id, root))),
        Some(Content::Broken(problems)) => {
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

/// A value of the document and where it stands.
#[derive(Clone)]
struct Spot<'a> {
    node: &'a Node,
    location: Location,
    manner: Manner,
}

/// How a place is read, where the place alone does not say it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
enum Manner {
    #[default]
    Plain,
    /// As the schema of a value whose own members stand around it: a parameter or header of
    /// Swagger 2.0.
    Inline,
    /// As a part of Swagger 2.0 whose media types are named by the operation.
    Media(Rc<[String]>),
}

impl<'a> Spot<'a> {
    fn new(node: &'a Node, location: Location) -> Self {
        Self {
            node,
            location,
            manner: Manner::Plain,
        }
    }

    /// The value of a member, or an item, of this one.
    fn down(&self, token: &str, node: &'a Node) -> Self {
        let pointer = self.location.pointer.join(token);
        Self::new(
            node,
            Location {
                file: self.location.file,
                pointer,
            },
        )
    }

    /// The member of an object.
    fn member(&self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| self.down(key, node))
    }

    /// The same place, read in another manner.
    fn in_manner(&self, manner: Manner) -> Self {
        Self {
            manner,
            ..self.clone()
        }
    }

    fn span(&self) -> Span {
        self.node.span
    }
}

/// A part that is to be read.
struct Job<'a> {
    spot: Spot<'a>,
    index: usize,
    read: fn(&mut Reader<'a>, &Spot<'a>, usize),
}

/// Places that have an id already.
type Known<T> = HashMap<(Location, Manner), Id<T>>;

#[derive(Default)]
struct Tables {
    schemas: Known<Schema>,
    path_items: Known<PathItem>,
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
    fn read<'a>(reader: &mut Reader<'a>, spot: &Spot<'a>) -> Self;
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

            fn read<'a>(reader: &mut Reader<'a>, spot: &Spot<'a>) -> Self {
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
    index: Index,
    version: Version,
    document: Document,
    tables: Tables,
    queue: VecDeque<Job<'a>>,
    /// What the part being read is, for problems found in it.
    scope: Scope,
    /// Where chains of references end; `None` where they do not.
    ends: HashMap<Location, Option<Spot<'a>>>,
    /// The media types of Swagger 2.0 that operations have unless they name their own.
    consumes: Rc<[String]>,
    produces: Rc<[String]>,
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
            consumes: Rc::new([]),
            produces: Rc::new([]),
            reported: Vec::new(),
        }
    }

    /// The id of the part at a place; the first time, the part is queued to be read.
    fn place<T: Part>(&mut self, spot: Spot<'a>) -> Id<T> {
        let arena = T::arena(&mut self.document.arenas);
        let known = T::known(&mut self.tables);
        *known
            .entry((spot.location.clone(), spot.manner.clone()))
            .or_insert_with(|| {
                let id = arena.reserve();
                self.queue.push_back(Job {
                    spot,
                    index: id.index(),
                    read: read_part::<T>,
                });
                id
            })
    }

    fn drain(&mut self) {
        while let Some(job) = self.queue.pop_front() {
            (job.read)(self, &job.spot, job.index);
        }
    }

    /// The part at a place or behind the references that stand there.
    fn used<T: Part>(&mut self, spot: &Spot<'a>) -> Option<Use<T>> {
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
            reference: Some(reference),
        })
    }

    /// The place behind the references that stand at a place.
    fn behind(&mut self, spot: &Spot<'a>) -> Option<Spot<'a>> {
        let mut at = spot.clone();
        let mut passed = Vec::new();
        let mut seen = HashSet::new();
        let end = loop {
            let Some(written) = at.node.get("$ref") else {
                break Some(at);
            };
            if let Some(known) = self.ends.get(&at.location) {
                break self.known_end(known.clone(), spot);
            }
            if !seen.insert(at.location.clone()) {
                let message = "references lead in a circle";
                self.error(
                    &kind::REFERENCE_CIRCLE,
                    message,
                    spot.span(),
                    "leads back to itself",
                );
                break None;
            }
            passed.push(at.location.clone());
            let further = self
                .reference(&at, written)
                .and_then(|here| self.target(&at.location, &here));
            let Some(further) = further else { break None };
            at = further;
        };
        for location in passed {
            self.ends.insert(location, end.clone());
        }
        end
    }

    /// The end of a chain of references that was followed before.
    fn known_end(&mut self, end: Option<Spot<'a>>, spot: &Spot<'a>) -> Option<Spot<'a>> {
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
    fn reference(&mut self, spot: &Spot<'a>, written: &'a Node) -> Option<Reference> {
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
        self.error(
            &kind::WRONG_KIND,
            message,
            node.span,
            &format!("must be {wanted}"),
        );
    }

    fn error(
        &mut self,
        entry: &'static Entry,
        message: impl Into<String>,
        span: Span,
        label: &str,
    ) {
        let problem = Problem::new(entry, Severity::Error, message, (span, label));
        self.document.problems.push(problem.of(self.scope));
    }

    fn warn(&mut self, entry: &'static Entry, message: impl Into<String>, span: Span, label: &str) {
        let problem = Problem::new(entry, Severity::Warning, message, (span, label));
        self.document.problems.push(problem.of(self.scope));
    }

    fn fields(&mut self, spot: &Spot<'a>, name: &str) -> Fields<'a> {
        let members = spot.node.as_object();
        match &spot.node.value {
            Value::Object(_) => {}
            Value::Null => self.null(spot.node, name),
            _ => self.wrong_kind(spot.node, name, "an object"),
        }
        Fields::new(spot.clone(), members)
    }
}

fn read_part<'a, T: Part>(reader: &mut Reader<'a>, spot: &Spot<'a>, index: usize) {
    let id = Id::new(index);
    reader.scope = T::scope(id);
    let part = T::read(reader, spot);
    T::arena(&mut reader.document.arenas).set(id, part);
    reader.scope = Scope::Document;
}

#[cfg(test)]
mod tests;
