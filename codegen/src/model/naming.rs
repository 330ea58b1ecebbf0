//! The names of types: from the document where it names them, from their place where it does not.

use std::collections::BTreeMap;

use super::name::{Clash, Ident, Scope, Usage, identifier};
use super::operation_id::{method_and_path, spoken_id};
use crate::ir::{Api, ITEM, Name, Operation, Shape, TypeDef, TypeId};

/// The names of all types, by their place in the arena.
pub struct Names {
    /// The name of each type that becomes an item.
    items: Vec<Option<Ident>>,
    ids: BTreeMap<Ident, TypeId>,
    /// The types that stand for root keys, by key.
    pub roots: BTreeMap<String, Ident>,
    /// Names that had to be told apart.
    pub clashes: Vec<Clash>,
}

impl Names {
    /// The name of a type, where it becomes an item.
    pub fn get(&self, id: TypeId) -> Option<&Ident> {
        self.items[id.index()].as_ref()
    }

    /// The type that a text names.
    pub fn called(&self, name: &str) -> Option<TypeId> {
        Ident::checked(name).and_then(|name| self.find(&name))
    }

    /// All names.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.ids.keys().map(Ident::as_str)
    }

    /// The type of a name.
    pub fn find(&self, name: &Ident) -> Option<TypeId> {
        self.ids.get(name).copied()
    }
}

/// Whether a type becomes an item of its own: a struct, an enum, or a name the document gives to a plain type.
pub fn is_item(def: &TypeDef) -> bool {
    let has_shape = matches!(
        def.shape,
        Shape::Enum(_) | Shape::Object(_) | Shape::Tuple(_) | Shape::Union(_)
    );
    // A root is left to the codec, whatever the document calls it.
    let has_name = matches!(def.name, Name::Component(_)) && !matches!(def.shape, Shape::Root(..));
    has_shape || has_name
}

/// The types that stand for root keys, in a module of their own.
fn roots(api: &Api) -> BTreeMap<String, Ident> {
    let mut scope = Scope::new();
    let mut roots = BTreeMap::new();
    for def in &api.types {
        if let Shape::Root(key, _) = &def.shape
            && !roots.contains_key(key)
        {
            let name = scope.claim(key, Usage::Type, &def.origin);
            roots.insert(key.clone(), name);
        }
    }
    roots
}

/// Names every type: those that the caller names, then those that the document names, then the others, which give way.
/// The groups are those of the operations.
pub fn names(api: &Api, wished: &BTreeMap<TypeId, Ident>, groups: &[String]) -> Names {
    let mut scope = Scope::new();
    let mut items: Vec<Option<Ident>> = vec![None; api.types.len()];
    for (id, name) in wished {
        let origin = &api.get(*id).origin;
        items[id.index()] = Some(scope.claim_identifier(name.clone(), origin));
    }
    for (index, def) in api.types.iter().enumerate() {
        if let (Name::Component(name), None) = (&def.name, &items[index])
            && is_item(def)
        {
            items[index] = Some(scope.claim(name, Usage::Type, &def.origin));
        }
    }
    // The text each name is made from; a type within another continues the text of that one. The types that are
    // named by the document come first, then each after the one it stands in.
    let mut stems: Vec<String> = api.types.iter().map(component_stem).collect();
    for (id, name) in wished {
        name.as_str().clone_into(&mut stems[id.index()]);
    }
    for (index, def) in api.types.iter().enumerate() {
        if items[index].is_some() {
            continue;
        }
        let mut wanted = wanted(api, def, &stems);
        if let Some(thing) = thing(api, def, groups) {
            wanted.insert(0, thing);
        }
        if is_item(def) {
            let ident = choose(&mut scope, def, &wanted);
            ident.as_str().clone_into(&mut stems[index]);
            items[index] = Some(ident);
        } else {
            stems[index] = wanted.swap_remove(0);
        }
    }
    let named = items
        .iter()
        .enumerate()
        .filter_map(|(index, name)| Some((name.clone()?, TypeId::new(index))));
    Names {
        ids: named.collect(),
        roots: roots(api),
        items,
        clashes: scope.take_clashes(),
    }
}

fn component_stem(def: &TypeDef) -> String {
    match &def.name {
        Name::Component(name) => identifier(name, Usage::Type).as_str().to_owned(),
        _ => String::new(),
    }
}

/// The texts a name is made from, the best first; at least one.
fn wanted(api: &Api, def: &TypeDef, stems: &[String]) -> Vec<String> {
    match &def.name {
        Name::Within(parent, word) if word == ITEM => {
            let outer = &stems[parent.index()];
            let plain = format!("{outer}Item");
            singular(outer).into_iter().chain([plain]).collect()
        }
        Name::Within(parent, word) => {
            vec![format!("{}{}", stems[parent.index()], camel(word))]
        }
        Name::Operation(index, word) => {
            let operation = &api.operations[*index];
            let ids = [spoken_id(operation), method_and_path(operation)];
            ids.map(|id| format!("{}{}", camel(&id), camel(word)))
                .into()
        }
        Name::Hook(words) => vec![camel(words)],
        Name::RequestOf(other) => {
            let outer = &stems[other.index()];
            vec![format!("{outer}Request"), format!("{outer}InRequests")]
        }
        Name::Component(_) | Name::Unnamed => vec!["Value".to_owned()],
    }
}

/// What a group is about, where a type is that: an object that an operation on one thing of the group answers with, or
/// an item of the list that an operation on all of them answers with.
fn thing(api: &Api, def: &TypeDef, groups: &[String]) -> Option<String> {
    if !matches!(def.shape, Shape::Object(_) | Shape::Union(_)) {
        return None;
    }
    let (name, list) = match &def.name {
        Name::Within(list, word) if word == ITEM => match &api.get(*list).name {
            // The list may stand in a page.
            Name::Within(page, property) => (&api.get(*page).name, Some(property.as_str())),
            name => (name, Some("")),
        },
        name => (name, None),
    };
    let Name::Operation(index, word) = name else {
        return None;
    };
    let (operation, group) = (&api.operations[*index], groups.get(*index)?);
    let is_meant = match list {
        None => is_about_one(operation, group),
        Some(list) => {
            let is_list = list.is_empty() || LISTS.contains(&list) || module_of(list) == *group;
            is_list && is_about_all(operation, group)
        }
    };
    let thing = (word == "reply" && is_meant).then(|| singular(&camel(group)));
    thing.flatten()
}

/// What the property of a page is called that holds its list, other than the group.
const LISTS: [&str; 8] = [
    "content", "data", "elements", "entries", "items", "list", "results", "values",
];

/// Whether an operation reads or makes one thing of a group, by its path: `/pets/{id}`, or a POST to `/pets`.
fn is_about_one(operation: &Operation, group: &str) -> bool {
    let mut parts = operation.path.trim_end_matches('/').rsplit('/');
    let is_group = |part: Option<&str>| part.is_some_and(|it| module_of(it) == group);
    match parts.next() {
        Some(last) if last.starts_with('{') => {
            operation.method != "DELETE" && is_group(parts.next())
        }
        last => operation.method == "POST" && is_group(last),
    }
}

/// Whether an operation lists the things of a group: a GET of `/pets`.
fn is_about_all(operation: &Operation, group: &str) -> bool {
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    operation.method == "GET" && last.is_some_and(|it| module_of(it) == group)
}

fn module_of(part: &str) -> String {
    identifier(part, Usage::Module).to_string()
}

fn camel(text: &str) -> String {
    identifier(text, Usage::Variant).as_str().to_owned()
}

/// Takes the title where it reads like a name, else one made of the place, else one that says what kind of type it is.
fn choose(scope: &mut Scope, def: &TypeDef, wanted: &[String]) -> Ident {
    let title = good_title(&def.title).filter(|title| scope.is_free(title));
    if let Some(title) = title {
        return scope.claim_identifier(title, &def.origin);
    }
    let kind = match &def.shape {
        Shape::Object(_) => "object",
        Shape::Enum(_) => "choice",
        Shape::Union(_) => "union",
        Shape::Tuple(_) => "tuple",
        _ => "value",
    };
    let plain = |text: &String| identifier(text, Usage::Type);
    if let Some(free) = wanted.iter().map(plain).find(|name| scope.is_free(name)) {
        return scope.claim_identifier(free, &def.origin);
    }
    let by_kind = wanted.iter().map(|text| plain(&format!("{text} {kind}")));
    let free = by_kind.into_iter().find(|name| scope.is_free(name));
    scope.take(plain(&wanted[0]), free, &def.origin)
}

/// A title that reads like the name of a thing: a few plain words.
fn good_title(title: &str) -> Option<Ident> {
    let words = title.split_whitespace().count();
    let plain = title
        .chars()
        .all(|each| each.is_alphanumeric() || matches!(each, ' ' | '_' | '-'));
    let starts = title.starts_with(char::is_alphabetic);
    (starts && plain && (1..=3).contains(&words) && title.chars().count() <= 40)
        .then(|| identifier(title, Usage::Type))
}

/// The singular of an English plural, as far as its ending shows it.
fn singular(text: &str) -> Option<String> {
    let stem = text.strip_suffix('s')?;
    if let Some(stem) = stem.strip_suffix("ie") {
        return Some(format!("{stem}y"));
    }
    if ["s", "u", "i"].iter().any(|ending| stem.ends_with(ending)) {
        return None;
    }
    let shorter = ["sse", "xe", "che", "she"]
        .iter()
        .any(|ending| stem.ends_with(ending));
    Some(if shorter {
        stem[..stem.len() - 1].to_owned()
    } else {
        stem.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_lose_their_ending() {
        assert_eq!(singular("Servers").as_deref(), Some("Server"));
        assert_eq!(singular("Policies").as_deref(), Some("Policy"));
        assert_eq!(singular("Addresses").as_deref(), Some("Address"));
        assert_eq!(singular("Status"), None);
        assert_eq!(singular("Data"), None);
    }

    #[test]
    fn titles_are_taken_when_they_are_names() {
        assert!(good_title("Public IP").is_some());
        assert!(good_title("The list of all servers of the account").is_none());
        assert!(good_title("1st").is_none());
        assert!(good_title("").is_none());
    }
}
