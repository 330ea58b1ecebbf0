//! The names of types: from the document where it names them, from their place where it does not.

use std::collections::BTreeMap;

use super::name::{Clash, Ident, Scope, Usage, identifier};
use crate::ir::{Api, ITEM, Name, Shape, TypeDef, TypeId};

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
pub fn names(api: &Api, wished: &BTreeMap<TypeId, Ident>) -> Names {
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
        let (stem, second) = stem(api, def, &stems);
        if is_item(def) {
            let ident = choose(&mut scope, def, &stem, &second);
            ident.as_str().clone_into(&mut stems[index]);
            items[index] = Some(ident);
        } else {
            stems[index] = stem;
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

/// The text a name is made from, and the one to fall back to when the first is taken.
fn stem(api: &Api, def: &TypeDef, stems: &[String]) -> (String, String) {
    match &def.name {
        Name::Within(parent, word) if word == ITEM => {
            let outer = &stems[parent.index()];
            let plain = format!("{outer}Item");
            (singular(outer).unwrap_or_else(|| plain.clone()), plain)
        }
        Name::Within(parent, word) => twice(format!("{}{}", stems[parent.index()], camel(word))),
        Name::Operation(index, word) => {
            let operation = &api.operations[*index];
            let id = operation.id.clone().unwrap_or_else(|| {
                format!("{} {}", operation.method.to_lowercase(), operation.path)
            });
            twice(format!("{}{}", camel(&id), camel(word)))
        }
        Name::Hook(words) => twice(camel(words)),
        Name::RequestOf(other) => twice(format!("{}Request", stems[other.index()])),
        Name::Component(_) | Name::Unnamed => twice("Value".to_owned()),
    }
}

fn twice(text: String) -> (String, String) {
    (text.clone(), text)
}

fn camel(text: &str) -> String {
    identifier(text, Usage::Variant).as_str().to_owned()
}

/// Takes the title where it reads like a name, else the name made of the place.
fn choose(scope: &mut Scope, def: &TypeDef, stem: &str, second: &str) -> Ident {
    if let Some(title) = good_title(&def.title).filter(|title| scope.is_free(title)) {
        return scope.claim_identifier(title, &def.origin);
    }
    let first = identifier(stem, Usage::Type);
    if scope.is_free(&first) || stem == second {
        return scope.claim_identifier(first, &def.origin);
    }
    scope.claim(second, Usage::Type, &def.origin)
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
