//! Which file a type stands in: that of the group which alone uses it, or a shared one.

use std::collections::{BTreeMap, BTreeSet};

use super::features::{GroupFeatures, UNUSED};
use super::graph::neighbours;
use super::name::{Clash, Scope, Usage, identifier};
use super::twins::{self, Conversion};
use super::types::Types;
use super::wording::group_words;
use super::{Docs, File, Ident, Item, Module, RootKey};
use crate::ir::{self, Api, Operation, TypeId};
use crate::origin::Origin;
use crate::settings::Unused;

/// How long a file may become, in estimated lines, before it is split.
const LINES: usize = 1200;

/// The word for the types of what the service sends.
const SENT: &str = "webhooks";

/// How many groups may share a type before it belongs to all of them.
const GROUPS: usize = 3;

/// The files of types: `types.rs` and one for each group, split where they grow long.
pub fn type_files(
    types: &Types<'_>,
    features: &GroupFeatures,
    clashes: &mut Vec<Clash>,
) -> Vec<File> {
    let owners = owners(types, features);
    let mut by_owner: BTreeMap<&Owner, Vec<Item>> = BTreeMap::new();
    for (index, owner) in owners.iter().enumerate() {
        if *owner == Owner::Nobody && features.unused == Unused::Drop {
            continue;
        }
        if let Some(item) = types.item(TypeId::new(index), clashes) {
            by_owner.entry(owner).or_default().push(item);
        }
    }
    // Two types that may not be there together are not converted.
    let stand_together = |reply: TypeId, request: TypeId| {
        let needed = owners[reply.index()].features(features);
        needed.is_empty() || needed == owners[request.index()].features(features)
    };
    let mut conversions: BTreeMap<&Owner, Vec<Conversion>> = BTreeMap::new();
    for (request, of_request) in twins::conversions(types, stand_together) {
        let of_owner = conversions.entry(&owners[request.index()]).or_default();
        of_owner.extend(of_request);
    }
    for (owner, conversions) in conversions {
        let items = by_owner.entry(owner).or_default();
        items.push(Item::Twins(conversions));
    }
    let mut scope = Scope::new();
    for name in [
        "std",
        "core",
        "alloc",
        "json",
        "roots",
        "codegen",
        "types",
        "verbatim_runtime",
    ] {
        scope.reserve(name);
    }
    let mut modules = Vec::new();
    let mut files = Vec::new();
    for (owner, items) in by_owner {
        let (word, docs) = owner.described();
        for items in chunks(items) {
            // The parts of a long file have numbers, which nobody sees.
            let name = identifier(&word, Usage::Module);
            let name = scope.claim_identifier(name, &Origin::default());
            modules.push(Item::Module(Module {
                name: name.clone(),
                docs: Docs::default(),
                inlined: true,
                features: owner.features(features),
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
    if !types.names.roots.is_empty() {
        let module = roots_module();
        modules.insert(0, Item::Module(module));
        files.push(roots_file(types));
    }
    if !files.is_empty() {
        files.insert(0, types_file(modules));
    }
    files
}

fn roots_module() -> Module {
    Module {
        name: Ident::fixed("roots"),
        docs: Docs::own(
            "The root keys under which values travel; the types themselves do without.",
        ),
        inlined: false,
        features: Vec::new(),
    }
}

fn roots_file(types: &Types<'_>) -> File {
    let roots = types.names.roots.iter().map(|(wire, name)| RootKey {
        name: name.clone(),
        wire: wire.clone(),
    });
    File {
        path: "types/roots.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own(
            "The root keys under which values travel, each as a type that names it in a form.",
        ),
        items: vec![Item::Roots(roots.collect())],
    }
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
    /// Of a few groups; where groups are features, and types that no operation uses speak of it, of those too.
    Several(BTreeSet<String>),
    Many,
}

impl Owner {
    fn of(groups: &Reached, words: &[&str]) -> Self {
        let Reached::By(groups) = groups else {
            return Self::Many;
        };
        let names: BTreeSet<String> = groups.iter().map(|at| words[*at].to_owned()).collect();
        match names.len() {
            0 => Self::Nobody,
            1 if names.contains(UNUSED) => Self::Nobody,
            1 => Self::Group(names.into_iter().collect()),
            _ => Self::Several(names),
        }
    }

    /// The word of its module, and a sentence about its types.
    fn described(&self) -> (String, String) {
        match self {
            Self::Group(word) => (
                word.clone(),
                format!("Types of the group `{}`.", super::plain_words(word)),
            ),
            Self::Several(words) => {
                let words: Vec<String> =
                    words.iter().map(|word| super::plain_words(word)).collect();
                (
                    "shared".to_owned(),
                    format!("Types that {} use.", words.join(", ")),
                )
            }
            Self::Many => (
                "shared".to_owned(),
                "Types that several groups use.".to_owned(),
            ),
            Self::Nobody => (
                "unused".to_owned(),
                "Types that no operation uses.".to_owned(),
            ),
        }
    }

    /// The features of which one is needed.
    fn features(&self, features: &GroupFeatures) -> Vec<String> {
        if !features.are_on() {
            return Vec::new();
        }
        let of = |word: &String| {
            features
                .of(word)
                .cloned()
                .unwrap_or_else(|| UNUSED.to_owned())
        };
        match self {
            Self::Nobody => vec![UNUSED.to_owned()],
            Self::Group(word) => vec![of(word)],
            Self::Several(words) => words.iter().map(of).collect(),
            Self::Many => Vec::new(),
        }
    }
}

/// The groups from which a type is reached, by number.
#[derive(Clone, Debug)]
enum Reached {
    By(BTreeSet<usize>),
    All,
}

/// The owner of every type: the groups from which alone it is reached.
fn owners(types: &Types<'_>, features: &GroupFeatures) -> Vec<Owner> {
    let api = types.api;
    let operation_words = group_words(api, &types.overrides.groups);
    let distinct: BTreeSet<&str> = operation_words.iter().map(String::as_str).collect();
    let mut words: Vec<&str> = distinct.into_iter().collect();
    let mut reach = Reach {
        api,
        most: if features.are_on() { GROUPS } else { 1 },
        reached: vec![Reached::By(BTreeSet::new()); api.types.len()],
    };
    if features.are_on() {
        // The structs of headers stand for all groups, and so does what they hold.
        let replies = api
            .operations
            .iter()
            .flat_map(|operation| &operation.replies);
        let headers = replies.flat_map(|reply| &reply.headers);
        reach.by_all(headers.map(|header| header.ty.id).collect());
    }
    for (operation, word) in api.operations.iter().zip(&operation_words) {
        let Ok(group) = words.binary_search(&word.as_str()) else {
            continue;
        };
        reach.from(roots(api, operation).collect(), group);
    }
    let sent: Vec<TypeId> = api.hooks.iter().flat_map(ir::Hook::types).collect();
    if features.are_on() {
        reach.by_all(sent);
    } else if !sent.is_empty() {
        // A group of its own, or the one that has its name.
        let known = words.iter().position(|word| *word == SENT);
        let group = known.unwrap_or(words.len());
        if known.is_none() {
            words.push(SENT);
        }
        reach.from(sent, group);
    }
    if features.are_on() && features.unused == Unused::Keep {
        // What no operation uses is a group of its own, with all that it speaks of.
        let all = reach.reached.iter().enumerate();
        let is_unused = |reached: &Reached| matches!(reached, Reached::By(by) if by.is_empty());
        let unused = all.filter(|(_, reached)| is_unused(reached));
        let unused = unused.map(|(index, _)| TypeId::new(index)).collect();
        words.push(UNUSED);
        reach.from(unused, words.len() - 1);
    }
    reach
        .reached
        .iter()
        .map(|groups| Owner::of(groups, &words))
        .collect()
}

/// The types with which an operation begins; those of the operation that it polls are its own too.
fn roots<'a>(api: &'a Api, operation: &'a Operation) -> impl Iterator<Item = TypeId> + 'a {
    let polled = operation.wait.as_ref().and_then(|rule| {
        let mut operations = api.operations.iter();
        operations.find(|it| it.id.as_deref() == Some(rule.poll.as_str()))
    });
    let own = operation.request_types().chain(operation.response_types());
    own.chain(polled.into_iter().flat_map(Operation::response_types))
}

struct Reach<'a> {
    api: &'a Api,
    /// How many groups may share a type before it belongs to all.
    most: usize,
    reached: Vec<Reached>,
}

impl Reach<'_> {
    /// Marks all that is reached from some types as belonging to all groups.
    fn by_all(&mut self, mut work: Vec<TypeId>) {
        while let Some(id) = work.pop() {
            let known = &mut self.reached[id.index()];
            if matches!(known, Reached::By(_)) {
                *known = Reached::All;
                work.extend(neighbours(self.api.get(id)));
            }
        }
    }

    /// Marks all that is reached from some types as reached by a group.
    fn from(&mut self, mut work: Vec<TypeId>, group: usize) {
        while let Some(id) = work.pop() {
            let known = &mut self.reached[id.index()];
            // A type that belongs to all speaks only of types that do, so the way ends there.
            let Reached::By(groups) = known else { continue };
            if !groups.insert(group) {
                continue;
            }
            if groups.len() > self.most {
                *known = Reached::All;
            }
            work.extend(neighbours(self.api.get(id)));
        }
    }
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
