//! Which file a type stands in: that of the group which alone uses it, or a shared one.

use std::collections::BTreeMap;

use super::graph::neighbours;
use super::name::{Clash, Scope, Usage};
use super::types::Types;
use super::wording::group_words;
use super::{Docs, File, Item, Module};
use crate::ir::TypeId;
use crate::origin::Origin;

/// How long a file may become, in estimated lines, before it is split.
const LINES: usize = 1200;

/// The files of types: `types.rs` and one for each group, split where they grow long.
pub fn type_files(types: &Types<'_>, clashes: &mut Vec<Clash>) -> Vec<File> {
    let owners = owners(types);
    let mut by_owner: BTreeMap<&Owner, Vec<Item>> = BTreeMap::new();
    for (index, owner) in owners.iter().enumerate() {
        if let Some(item) = types.item(TypeId::new(index), clashes) {
            by_owner.entry(owner).or_default().push(item);
        }
    }
    let mut scope = Scope::new();
    for name in [
        "std",
        "core",
        "alloc",
        "json",
        "stub",
        "types",
        "verbatim_runtime",
    ] {
        scope.reserve(name);
    }
    let mut modules = Vec::new();
    let mut files = Vec::new();
    for (owner, items) in by_owner {
        let (word, docs) = match owner {
            Owner::Group(word) => (
                word.as_str(),
                format!("Types of the group `{}`.", super::plain_words(word)),
            ),
            Owner::Many => ("shared", "Types that several groups use.".to_owned()),
            Owner::Nobody => ("unused", "Types that no operation uses.".to_owned()),
        };
        for items in chunks(items) {
            let name = scope.claim(word, Usage::Module, &Origin::default());
            modules.push(Item::Module(Module {
                name: name.clone(),
                docs: Docs::default(),
                inlined: true,
                feature: None,
            }));
            let path = format!("types/{name}.rs");
            files.push(File {
                path,
                origin: first_origin(&items),
                docs: Docs::own(docs.clone()),
                items,
            });
        }
    }
    if !files.is_empty() {
        files.insert(0, types_file(modules));
    }
    files
}

fn types_file(modules: Vec<Item>) -> File {
    File {
        path: "types.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own("The types of requests and replies."),
        items: modules,
    }
}

/// The folder of the document in which the types of a file stand.
fn first_origin(items: &[Item]) -> Origin {
    let origin = items
        .first()
        .and_then(Item::origin)
        .cloned()
        .unwrap_or_default();
    let folder = origin
        .pointer
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    Origin::new(origin.file.clone(), folder, None)
}

/// Whose a type is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Nobody,
    Group(String),
    Many,
}

/// The owner of every type: the group from which alone it is reached.
fn owners(types: &Types<'_>) -> Vec<Owner> {
    let api = types.api;
    let mut owners = vec![Owner::Nobody; api.types.len()];
    let mut work: Vec<(TypeId, Owner)> = Vec::new();
    for (operation, word) in api.operations.iter().zip(group_words(api)) {
        let owner = Owner::Group(word);
        work.extend(operation.request_types().map(|id| (id, owner.clone())));
        work.extend(operation.response_types().map(|id| (id, owner.clone())));
        while let Some((id, owner)) = work.pop() {
            let known = &mut owners[id.index()];
            // An owner changes twice at most: nobody, one group, many.
            let next = match known {
                Owner::Nobody => owner,
                Owner::Group(_) if *known != owner => Owner::Many,
                _ => continue,
            };
            *known = next.clone();
            work.extend(
                neighbours(api.get(id))
                    .into_iter()
                    .map(|inner| (inner, next.clone())),
            );
        }
    }
    owners
}

/// Items in runs of which none grows too long.
fn chunks(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut chunks: Vec<Vec<Item>> = Vec::new();
    let mut lines = 0;
    for item in items {
        let size = lines_of(&item);
        if chunks.is_empty() || lines + size > LINES {
            chunks.push(Vec::new());
            lines = 0;
        }
        lines += size;
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(item);
        }
    }
    chunks
}

/// About how many lines an item takes.
fn lines_of(item: &Item) -> usize {
    match item {
        Item::Struct(item) => 10 + item.fields.len() * if item.built { 6 } else { 3 },
        Item::Tuple(item) => 10 + item.fields.len() * 3,
        Item::StringEnum(item) => 14 + item.variants.len() * 3,
        Item::Union(item) => 14 + item.variants.len() * 9,
        _ => 4,
    }
}
