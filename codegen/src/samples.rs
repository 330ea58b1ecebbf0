//! How each operation is called in Rust, for whoever describes an API to its users.
//!
//! The names and the examples are those of the emitted client: they are taken from the model, and spelled out by the
//! code that writes them into the documentation of the methods.

use std::collections::BTreeMap;

use crate::document::{Document, Input};
use crate::emit::example;
use crate::model::{Argument, CallType, Endpoint, Group, Item, Operation, Package, Scheme, Via};
use crate::problem::Problem;
use crate::{Options, on_large_stack};

/// A document, and how it is used from Rust.
#[derive(Debug, Default)]
pub struct Described {
    /// The document, without the operations that the settings leave out.
    pub document: Document,
    /// The calls and types of the client.
    pub samples: Samples,
}

/// The calls and types of a client.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// The crate as programs name it, and the module of the client in it: `pets_client`, `clients::pets`.
    pub root: String,
    /// The prefix of the environment variables that set a client up.
    pub environment: String,
    /// Whether an operation is proved by a name and a secret, so that there is no token.
    pub is_basic: bool,
    calls: BTreeMap<(String, String), Vec<Sample>>,
    types: BTreeMap<(String, String), String>,
}

/// One way to call an operation; there is one for each kind of body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The media type of the body that is sent, where there is one.
    pub media: Option<String>,
    /// The method of the client that gives the group.
    pub accessor: String,
    /// The method of the group.
    pub method: String,
    /// The lines of a program; those of the signature where the arguments cannot be written.
    pub lines: Vec<String>,
    /// Whether the lines are a program.
    pub is_program: bool,
    /// The setters of optional parameters by the names of those: `per_page` of `perPage`.
    pub setters: Vec<(String, String)>,
    /// What can be done with the call beyond sending it.
    pub abilities: Vec<Ability>,
}

/// What can be done with a call beyond sending it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// `.items()`: the items of all pages are read as one sequence.
    Items,
    /// `.wait()`: the end of what the call begins is awaited.
    Wait,
    /// Values are given as they arrive.
    Stream,
}

impl Samples {
    /// The calls of an operation by its method in capital letters and its path; none where it was left out.
    pub fn calls(&self, method: &str, path: &str) -> &[Sample] {
        let key = (method.to_owned(), path.to_owned());
        self.calls.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The name of the type that is made of the schema at a JSON Pointer in a file.
    pub fn type_at(&self, file: &str, pointer: &str) -> Option<&str> {
        let key = (file.to_owned(), pointer.to_owned());
        self.types.get(&key).map(String::as_str)
    }

    /// What a package holds.
    fn of(package: &Package) -> Self {
        let items = || package.files.iter().flat_map(|file| &file.items);
        let operations: BTreeMap<&str, &Operation> = items()
            .filter_map(|item| match item {
                Item::Table(table) => Some(&table.operations),
                _ => None,
            })
            .flatten()
            .map(|operation| (operation.constant.as_str(), operation))
            .collect();
        let calls: BTreeMap<&str, &CallType> = items()
            .filter_map(|item| match item {
                Item::CallType(call) => Some((call.name.as_str(), call)),
                _ => None,
            })
            .collect();
        let mut samples = Self::default();
        for item in items() {
            match item {
                Item::Group(group) => samples.add(group, &operations, &calls),
                Item::Service(service) => {
                    samples.environment.clone_from(&service.environment);
                    let is_basic = |scheme: &Scheme| matches!(scheme, Scheme::Basic);
                    samples.is_basic = service.security.iter().any(|(_, it)| is_basic(it));
                }
                _ => samples.add_type(item),
            }
        }
        samples
    }

    fn add(
        &mut self,
        group: &Group,
        operations: &BTreeMap<&str, &Operation>,
        calls: &BTreeMap<&str, &CallType>,
    ) {
        self.root.clone_from(&group.root);
        for endpoint in &group.endpoints {
            let Some(operation) = operations.get(endpoint.constant.as_str()) else {
                continue;
            };
            let call = endpoint.call.as_ref().map(crate::model::Ident::as_str);
            let call = call.and_then(|name| calls.get(name)).copied();
            let key = (operation.method.clone(), operation.path.clone());
            let known = self.calls.entry(key).or_default();
            known.push(sample(group, endpoint, call));
        }
    }

    fn add_type(&mut self, item: &Item) {
        let name = match item {
            Item::Struct(item) => &item.name,
            Item::Tuple(item) => &item.name,
            Item::StringEnum(item) => &item.name,
            Item::Union(item) => &item.name,
            Item::Alias(item) => &item.name,
            _ => return,
        };
        if let Some(origin) = item.origin() {
            let key = (origin.file.to_string(), origin.pointer.to_string());
            self.types.entry(key).or_insert_with(|| name.to_string());
        }
    }
}

fn sample(group: &Group, endpoint: &Endpoint, call: Option<&CallType>) -> Sample {
    let paths = example::Paths {
        root: &group.root,
        client: &group.client,
        accessor: &group.accessor,
    };
    let shown = endpoint.example.as_ref();
    let program = shown.map(|it| example::shown(endpoint, it, &paths));
    let program = program.filter(|lines| !lines.is_empty());
    let options = call.map_or(&[][..], |call| &call.options);
    let mut arguments = endpoint.arguments.iter().chain(options);
    Sample {
        media: arguments.find_map(|argument| media(&argument.via)),
        accessor: group.accessor.to_string(),
        method: endpoint.method.to_string(),
        is_program: program.is_some(),
        lines: program.unwrap_or_else(|| example::signature(endpoint, &paths)),
        setters: options.iter().filter_map(setter).collect(),
        abilities: abilities(endpoint, call),
    }
}

fn abilities(endpoint: &Endpoint, call: Option<&CallType>) -> Vec<Ability> {
    let is_stream = endpoint.success.is_sequence();
    let abilities = [
        (Ability::Items, call.is_some_and(|it| it.items.is_some())),
        (Ability::Wait, call.is_some_and(|it| it.waits.is_some())),
        (
            Ability::Stream,
            is_stream || call.is_some_and(|it| it.events.is_some()),
        ),
    ];
    let there = abilities.into_iter().filter(|(_, is_there)| *is_there);
    there.map(|(ability, _)| ability).collect()
}

/// The media type of a body; `None` for what is no body.
fn media(via: &Via) -> Option<String> {
    match via {
        Via::Path(_) | Via::Query(_) | Via::Header(_) | Via::Cookie(_) => None,
        Via::Form(_) => Some("application/x-www-form-urlencoded".to_owned()),
        Via::Json(media)
        | Via::Multipart(media)
        | Via::Parts(media)
        | Via::Bytes(media)
        | Via::Text(media) => Some(media.clone()),
    }
}

fn setter(argument: &Argument) -> Option<(String, String)> {
    match &argument.via {
        Via::Path(wire) | Via::Query(wire) | Via::Header(wire) | Via::Cookie(wire) => {
            Some((wire.clone(), argument.name.to_string()))
        }
        _ => None,
    }
}

/// Reads a document, and decides how it is used from Rust.
///
/// # Errors
/// As [`generate`](crate::generate).
pub fn described(input: &Input, options: &Options) -> Result<Described, Vec<Problem>> {
    on_large_stack(|| {
        let (document, _, package) = crate::decided(input, options)?;
        let samples = Samples::of(&package);
        Ok(Described { document, samples })
    })
}
