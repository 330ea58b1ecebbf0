//! What the page holds, in its order, and what each part of it is called.

use indexmap::IndexMap;
use verbatim_codegen::document::{Document, Endpoint, Id, PathItem, Schema, Tag, Text};
use verbatim_codegen::samples::{Described, Samples};

use crate::command::{ByOperation, Command, by_operation};
use crate::markdown;
use crate::slug::Slugs;

/// Everything of which the page speaks.
pub struct Index<'a> {
    /// The document.
    pub document: &'a Document,
    /// How its operations are called from Rust.
    pub samples: &'a Samples,
    /// The commands that call its operations, where it has some.
    pub commands: &'a [Command],
    /// The same by operation.
    pub commands_of: ByOperation<'a>,
    /// The operations by group.
    pub groups: Vec<Group<'a>>,
    /// The schemas that have a name, because something refers to them.
    pub types: IndexMap<Id<Schema>, Type>,
}

/// Operations that belong together.
pub struct Group<'a> {
    /// Where it is in the page.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// The tag it stands for.
    pub tag: Option<&'a Tag>,
    /// Its operations.
    pub operations: Vec<Entry<'a>>,
}

/// An operation in the page.
pub struct Entry<'a> {
    /// Where it is in the page.
    pub slug: String,
    /// What it does, in a line.
    pub title: String,
    /// The operation with its path.
    pub endpoint: Endpoint<'a>,
    /// Whether the server sends it, and the reader answers.
    pub is_incoming: bool,
}

/// A schema with a name.
pub struct Type {
    /// Where it is in the page.
    pub slug: String,
    /// What it is called.
    pub name: String,
}

impl<'a> Index<'a> {
    /// What the page of a document holds.
    pub fn new(described: &'a Described, commands: &'a [Command]) -> Self {
        let document = &described.document;
        let mut slugs = Slugs::default();
        let mut groups = groups(document, &described.samples, &mut slugs);
        groups.extend(incoming(document, &mut slugs));
        Self {
            document,
            samples: &described.samples,
            commands,
            commands_of: by_operation(commands),
            groups,
            types: types(document, &mut slugs),
        }
    }
}

/// The operations of the paths by their first tag, in the order of the tags; those without by the group that they have
/// in the client.
fn groups<'a>(document: &'a Document, samples: &Samples, slugs: &mut Slugs) -> Vec<Group<'a>> {
    let mut tagged: IndexMap<&str, Vec<Entry<'a>>> = IndexMap::new();
    for tag in &document.tags {
        tagged.insert(&tag.name.value, Vec::new());
    }
    let mut untagged: IndexMap<String, Vec<Entry<'a>>> = IndexMap::new();
    for endpoint in document.endpoints() {
        let entry = entry(endpoint, false, slugs);
        if let Some(tag) = endpoint.operation.tags.first() {
            tagged.entry(&tag.value).or_default().push(entry);
            continue;
        }
        let method = endpoint.operation.method.as_str();
        let calls = samples.calls(method, &endpoint.template.value);
        let word = calls
            .first()
            .map_or("operations", |it| it.accessor.as_str());
        let group = untagged.entry(word.replace('_', " "));
        group.or_default().push(entry);
    }
    let tagged = tagged
        .into_iter()
        .map(|(name, entries)| (name.to_owned(), entries));
    let all = tagged
        .chain(untagged)
        .filter(|(_, entries)| !entries.is_empty());
    all.map(|(title, operations)| Group {
        slug: slugs.claim("group", &title),
        tag: document.tags.iter().find(|tag| tag.name.value == title),
        title,
        operations,
    })
    .collect()
}

/// The requests that the server sends: webhooks, and the callbacks of operations.
fn incoming<'a>(document: &'a Document, slugs: &mut Slugs) -> Vec<Group<'a>> {
    let mut webhooks = Vec::new();
    for (name, item) in &document.webhooks {
        webhooks.extend(endpoints(document, name, *item).map(|it| entry(it, true, slugs)));
    }
    let mut callbacks = Vec::new();
    for endpoint in document.endpoints() {
        for used in endpoint.operation.callbacks.values() {
            for (address, item) in &document[used.id].paths {
                let requests = endpoints(document, address, *item);
                callbacks.extend(requests.map(|it| entry(it, true, slugs)));
            }
        }
    }
    let named = [("Webhooks", webhooks), ("Callbacks", callbacks)];
    let named = named.into_iter().filter(|(_, entries)| !entries.is_empty());
    named
        .map(|(title, operations)| Group {
            slug: slugs.claim("group", title),
            title: title.to_owned(),
            tag: None,
            operations,
        })
        .collect()
}

/// The operations of a path item.
fn endpoints<'a>(
    document: &'a Document,
    template: &'a Text,
    item_id: Id<PathItem>,
) -> impl Iterator<Item = Endpoint<'a>> {
    let item = &document[item_id];
    item.operations.iter().map(move |&id| Endpoint {
        template,
        item,
        item_id,
        id,
        operation: &document[id],
    })
}

fn entry<'a>(endpoint: Endpoint<'a>, is_incoming: bool, slugs: &mut Slugs) -> Entry<'a> {
    let operation = endpoint.operation;
    let line = format!("{} {}", operation.method.as_str(), endpoint.template.value);
    let id = operation.operation_id.as_ref().map(|id| id.value.as_str());
    let said = |text: &Option<Text>| {
        let text = text.as_ref().map(|text| markdown::plain(&text.value));
        text.filter(|text| !text.is_empty())
    };
    let title = said(&operation.summary)
        .or_else(|| said(&operation.description).map(|text| sentence(&text)))
        .or_else(|| id.map(str::to_owned))
        .unwrap_or_else(|| line.clone());
    Entry {
        slug: slugs.claim("op", id.unwrap_or(&line)),
        title,
        endpoint,
        is_incoming,
    }
}

/// How long a title may be that is cut out of a description.
const TITLE: usize = 90;

/// The first sentence of a text.
fn sentence(text: &str) -> String {
    let first = text
        .split(". ")
        .next()
        .unwrap_or(text)
        .trim_end_matches('.');
    if first.chars().count() <= TITLE {
        return first.to_owned();
    }
    let cut: String = first.chars().take(TITLE).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole} …")
}

/// The schemas of the components, and every other one that something refers to.
fn types(document: &Document, slugs: &mut Slugs) -> IndexMap<Id<Schema>, Type> {
    let mut types = IndexMap::new();
    for (name, &id) in &document.components.schemas {
        let slug = slugs.claim("type", name);
        let name = name.clone();
        types.insert(id, Type { slug, name });
    }
    for (_, schema) in document.schemas() {
        let dynamic = schema.dynamic_reference.as_deref();
        let references = schema.reference.iter().chain(dynamic);
        for target in references.filter_map(|reference| reference.target) {
            types.entry(target).or_insert_with(|| {
                let name = document[target].location.pointer.tokens().last();
                let name = name.filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| "schema".to_owned());
                let slug = slugs.claim("type", &name);
                Type { slug, name }
            });
        }
    }
    types
}
