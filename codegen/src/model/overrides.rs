//! What the caller decides about names and types, found in the API.
//!
//! A setting names a thing by its name in the document, or by the name of Rust that it would have without settings. Here
//! the thing is looked up once and the wish checked, so that the passes after it only follow.

use std::collections::{BTreeMap, BTreeSet};

use super::Derive;
use super::name::{Ident, Usage, identifier};
use super::naming::{Names, names};
use super::path::RustPath;
use super::reserved::{CALL_WORDS, CLIENT_WORDS};
use super::wording::{group_word, group_words, operation_id};
use crate::ir::{Api, Bounds, Name, Operation, Shape, TypeId};
use crate::problem::{Problem, setting};
use crate::settings::{Entry, Settings};
use crate::spanned::Text;
use verbatim_source::{listed, near};

/// What is wished, by the things it is wished of.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The name of the client.
    pub client: Option<Ident>,
    /// Names of types.
    pub types: BTreeMap<TypeId, Ident>,
    /// Names of fields, by type and property.
    pub fields: BTreeMap<(TypeId, String), Ident>,
    /// Names of variants, by type and value.
    pub variants: BTreeMap<(TypeId, String), Ident>,
    /// Words of groups, by the word they would have.
    pub groups: BTreeMap<String, String>,
    /// Names of methods, by the key of the operation.
    pub methods: BTreeMap<String, Ident>,
    /// Names of arguments and setters, by the key of the operation and the name of the parameter.
    pub arguments: BTreeMap<(String, String), Ident>,
    /// Types that are the caller's own.
    pub foreign: BTreeMap<TypeId, RustPath>,
    /// Traits that all types derive.
    pub derives: Vec<Derive>,
    /// Traits that one type derives.
    pub derives_of: BTreeMap<TypeId, Vec<Derive>>,
}

/// What an operation is called in settings without its identifier: `GET /pets`.
pub fn key(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

impl Overrides {
    /// Lets the types that the caller brings along stand for those that the document describes.
    pub fn bring_along(&self, api: &mut Api) {
        for id in self.foreign.keys() {
            let def = &mut api.types[id.index()];
            def.shape = Shape::Foreign;
            def.bounds = Bounds::default();
        }
    }
}

/// Looks up all that the settings wish.
pub fn overrides(api: &Api, settings: &Settings) -> (Overrides, Vec<Problem>) {
    if *settings == Settings::default() {
        return (Overrides::default(), Vec::new());
    }
    let mut search = Search {
        api,
        names: names(api, &BTreeMap::new(), &group_words(api, &BTreeMap::new())),
        overrides: Overrides::default(),
        problems: Vec::new(),
    };
    search.client(settings.client.as_ref());
    search.types(&settings.rename.types);
    search.fields(&settings.rename.fields);
    search.variants(&settings.rename.variants);
    search.groups(&settings.rename.groups);
    search.methods(&settings.rename.methods);
    search.arguments(&settings.rename.parameters);
    search.foreign(&settings.types);
    search.formats(&settings.formats);
    search.derives(settings);
    (search.overrides, search.problems)
}

struct Search<'a> {
    api: &'a Api,
    /// The names of types as they are without overrides.
    names: Names,
    overrides: Overrides,
    problems: Vec<Problem>,
}

impl Search<'_> {
    fn client(&mut self, wanted: Option<&Text>) {
        let Some(wanted) = wanted else { return };
        let taken = ["BuildError", "ClientBuilder"];
        self.overrides.client = self.name(wanted, Usage::Type, "a client", &taken);
    }

    fn types(&mut self, entries: &[Entry]) {
        let mut given: BTreeMap<Ident, &Entry> = BTreeMap::new();
        for entry in entries {
            let Some(name) = self.name(&entry.to, Usage::Type, "a type", &[]) else {
                continue;
            };
            let Some(id) = self.type_called(&entry.of) else {
                continue;
            };
            if let Some(first) = given.insert(name.clone(), entry) {
                self.contradiction(
                    format!("two types would be called `{name}`"),
                    &entry.to,
                    &first.to,
                );
            }
            self.overrides.types.insert(id, name);
        }
    }

    /// The type of a name: the document's, or Rust's.
    fn type_called(&mut self, name: &Text) -> Option<TypeId> {
        let found = self.find_type(name);
        if found.is_none() {
            self.no_type(name, name);
        }
        found
    }

    fn find_type(&self, name: &str) -> Option<TypeId> {
        let types = self.api.types.iter();
        let component = |it: &Name| matches!(it, Name::Component(it) if it == name);
        let found = types.enumerate().find(|(_, def)| component(&def.name));
        let by_rust = || self.names.called(name);
        found.map(|(index, _)| TypeId::new(index)).or_else(by_rust)
    }

    fn no_type(&mut self, written: &Text, name: &str) {
        let api = self.api;
        let documented = api.types.iter().filter_map(|def| match &def.name {
            Name::Component(name) => Some(name.as_str()),
            _ => None,
        });
        let known: Vec<&str> = documented.chain(self.names.all()).collect();
        let alike = listed(&near(name, known));
        let message = format!("no type is called `{name}`");
        self.problems
            .push(setting::unmatched(message, written.span, &alike));
    }

    /// A type and the version of it that requests hold.
    fn twins(&self, id: TypeId) -> Vec<TypeId> {
        let is_twin = |def: &crate::ir::TypeDef| def.name == Name::RequestOf(id);
        let types = self.api.types.iter().enumerate();
        let twins = types
            .filter(|(_, def)| is_twin(def))
            .map(|(index, _)| TypeId::new(index));
        std::iter::once(id).chain(twins).collect()
    }

    /// The type and the rest of `Type.rest`; the names of types may hold points themselves.
    fn within<'t>(&mut self, text: &'t Text) -> Option<(Vec<TypeId>, &'t str)> {
        let points = text.value.match_indices('.').map(|(at, _)| at);
        let mut splits = points.map(|at| (&text.value[..at], &text.value[at + 1..]));
        let found = splits.find_map(|(name, rest)| Some((self.find_type(name)?, rest)));
        if let Some((id, rest)) = found {
            return Some((self.twins(id), rest));
        }
        if let Some((name, _)) = text.value.split_once('.') {
            self.no_type(text, name);
        } else {
            let message = format!("`{}` names no part of a type", text.value);
            let (entry, label) = (&setting::VALUE, "has the form `Type.name`");
            self.problems
                .push(setting::error(entry, message, text.span, label));
        }
        None
    }

    fn fields(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(name) = self.name(&entry.to, Usage::Value, "a field", &["new", "default"])
            else {
                continue;
            };
            let Some((ids, property)) = self.within(&entry.of) else {
                continue;
            };
            let api = self.api;
            let properties = |id: &TypeId| match &api.get(*id).shape {
                Shape::Object(object) => object
                    .properties
                    .iter()
                    .map(|it| it.name.as_str())
                    .collect(),
                _ => Vec::new(),
            };
            let holders: Vec<TypeId> = ids
                .iter()
                .filter(|id| properties(id).contains(&property))
                .copied()
                .collect();
            if holders.is_empty() {
                let known = ids.iter().flat_map(properties);
                self.no_part("property", property, &entry.of, known.collect());
            }
            for id in holders {
                self.overrides
                    .fields
                    .insert((id, property.to_owned()), name.clone());
            }
        }
    }

    fn variants(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(name) = self.name(&entry.to, Usage::Variant, "a variant", &["Unknown"]) else {
                continue;
            };
            let Some((ids, value)) = self.within(&entry.of) else {
                continue;
            };
            let api = self.api;
            let values = |id: &TypeId| match &api.get(*id).shape {
                Shape::Enum(values) => values.values.iter().map(|(it, _)| it.as_str()).collect(),
                _ => Vec::new(),
            };
            let holders: Vec<TypeId> = ids
                .iter()
                .filter(|id| values(id).contains(&value))
                .copied()
                .collect();
            if holders.is_empty() {
                let known = ids.iter().flat_map(values);
                self.no_part("value", value, &entry.of, known.collect());
            }
            for id in holders {
                self.overrides
                    .variants
                    .insert((id, value.to_owned()), name.clone());
            }
        }
    }

    fn no_part(&mut self, what: &str, name: &str, written: &Text, known: Vec<&str>) {
        let alike = listed(&near(name, known));
        let message = format!("the type has no {what} `{name}`");
        self.problems
            .push(setting::unmatched(message, written.span, &alike));
    }

    fn groups(&mut self, entries: &[Entry]) {
        let api = self.api;
        let words = group_words(api, &BTreeMap::new());
        for entry in entries {
            let Some(name) = self.name(&entry.to, Usage::Module, "a group", &CLIENT_WORDS) else {
                continue;
            };
            let pairs = api.operations.iter().zip(&words);
            let is_meant = |(operation, word): &(&Operation, &String)| {
                **word == entry.of.value || group_word(operation) == Some(entry.of.value.as_str())
            };
            let meant: BTreeSet<&String> = pairs.filter(is_meant).map(|(_, word)| word).collect();
            if meant.is_empty() {
                let tags = api.operations.iter().filter_map(group_word);
                let known = words.iter().map(String::as_str).chain(tags);
                let alike = listed(&near(&entry.of, known));
                let message = format!("no group is called `{}`", entry.of.value);
                self.problems
                    .push(setting::unmatched(message, entry.of.span, &alike));
            }
            for word in meant {
                self.overrides.groups.insert(word.clone(), name.to_string());
            }
        }
    }

    fn methods(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(name) = self.name(&entry.to, Usage::Value, "a method", &["new"]) else {
                continue;
            };
            if let Some(key) = self.operation(&entry.of, &entry.of).map(key) {
                self.overrides.methods.insert(key, name);
            }
        }
    }

    fn arguments(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(name) = self.name(&entry.to, Usage::Value, "an argument", &CALL_WORDS) else {
                continue;
            };
            let api = self.api;
            let of = &entry.of;
            let points = of.value.match_indices('.').map(|(at, _)| at);
            let mut splits = points.map(|at| (&of.value[..at], &of.value[at + 1..]));
            let found = splits.find_map(|(id, rest)| Some((operation_called(api, id)?, rest)));
            let Some((operation, parameter)) = found else {
                let id = of.value.split('.').next().unwrap_or_default();
                self.operation(of, id);
                continue;
            };
            let known: Vec<&str> = operation
                .parameters
                .iter()
                .map(|it| it.name.as_str())
                .collect();
            if known.contains(&parameter) {
                self.overrides
                    .arguments
                    .insert((key(operation), parameter.to_owned()), name);
            } else {
                let alike = listed(&near(parameter, known));
                let message = format!("the operation has no parameter `{parameter}`");
                self.problems
                    .push(setting::unmatched(message, of.span, &alike));
            }
        }
    }

    fn operation(&mut self, written: &Text, id: &str) -> Option<&Operation> {
        let api = self.api;
        let found = operation_called(api, id);
        if found.is_none() {
            let ids = api.operations.iter().map(operation_id);
            let known: Vec<String> = ids.chain(api.operations.iter().map(key)).collect();
            let alike = listed(&near(id, known.iter().map(String::as_str)));
            let message = format!("no operation is called `{id}`");
            self.problems
                .push(setting::unmatched(message, written.span, &alike));
        }
        found
    }

    fn foreign(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(path) = self.path(&entry.to) else {
                continue;
            };
            let Some(id) = self.type_called(&entry.of) else {
                continue;
            };
            for id in self.twins(id) {
                self.overrides.foreign.insert(id, path.clone());
            }
        }
    }

    fn formats(&mut self, entries: &[Entry]) {
        for entry in entries {
            let Some(path) = self.path(&entry.to) else {
                continue;
            };
            let api = self.api;
            let is_meant =
                |shape: &Shape| matches!(shape, Shape::Text(format) if *format == entry.of.value);
            let types = api.types.iter().enumerate();
            let meant = types.filter(|(_, def)| is_meant(&def.shape) && !def.is_secret());
            let meant: Vec<TypeId> = meant.map(|(index, _)| TypeId::new(index)).collect();
            if meant.is_empty() {
                let known: BTreeSet<&str> = api
                    .types
                    .iter()
                    .filter_map(|def| format_of(&def.shape))
                    .collect();
                let alike = listed(&near(&entry.of, known));
                let message = format!("no text has the format `{}`", entry.of.value);
                self.problems
                    .push(setting::unmatched(message, entry.of.span, &alike));
            }
            for id in meant {
                self.overrides
                    .foreign
                    .entry(id)
                    .or_insert_with(|| path.clone());
            }
        }
    }

    fn derives(&mut self, settings: &Settings) {
        for text in &settings.derives {
            if let Some(derive) = self.derive(text) {
                self.overrides.derives.push(derive);
            }
        }
        for entry in &settings.derives_of {
            let Some(derive) = self.derive(&entry.to) else {
                continue;
            };
            if let Some(id) = self.type_called(&entry.of) {
                for id in self.twins(id) {
                    self.overrides
                        .derives_of
                        .entry(id)
                        .or_default()
                        .push(derive.clone());
                }
            }
        }
    }

    fn derive(&mut self, text: &Text) -> Option<Derive> {
        let derived = [
            "Clone",
            "Debug",
            "Default",
            "PartialEq",
            "Serialize",
            "Deserialize",
        ];
        let path = self.path(text)?;
        let last = path.last();
        if derived.contains(&last) {
            let message = format!("`{last}` is derived automatically");
            let (entry, label) = (&setting::VALUE, "cannot be derived twice");
            self.problems
                .push(setting::error(entry, message, text.span, label));
            return None;
        }
        Some(Derive::Path(path))
    }

    fn path(&mut self, text: &Text) -> Option<RustPath> {
        let path = RustPath::parse(text);
        if path.is_none() {
            let message = format!("`{}` is no path of Rust", text.value);
            let (entry, label) = (&setting::VALUE, "names joined by `::`");
            self.problems
                .push(setting::error(entry, message, text.span, label));
        }
        path
    }

    /// A name that the caller wrote, where it is one for its place.
    fn name(&mut self, text: &Text, usage: Usage, what: &str, taken: &[&str]) -> Option<Ident> {
        let made = identifier(&text.value, usage);
        let is_taken = taken.contains(&text.value.as_str());
        if made.as_str() == text.value && !is_taken {
            return Some(made);
        }
        let message = format!("`{}` cannot be the name of {what}", text.value);
        let mut problem = setting::error(&setting::VALUE, message, text.span, "cannot be used");
        problem.diagnostic.help = Some(if is_taken {
            "emitted code uses this name itself; choose another".to_owned()
        } else {
            format!("write a name of Rust in the case of its place, such as `{made}`")
        });
        self.problems.push(problem);
        None
    }

    fn contradiction(&mut self, message: String, second: &Text, first: &Text) {
        let (entry, label) = (&setting::CONTRADICTION, "this one too");
        let mut problem = setting::error(entry, message, second.span, label);
        problem.diagnostic = problem.diagnostic.seen(first.span, "the first one");
        self.problems.push(problem);
    }
}

fn operation_called<'a>(api: &'a Api, id: &str) -> Option<&'a Operation> {
    api.operations
        .iter()
        .find(|it| operation_id(it) == id || key(it) == id)
}

fn format_of(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Text(format) if !format.is_empty() => Some(format),
        _ => None,
    }
}
