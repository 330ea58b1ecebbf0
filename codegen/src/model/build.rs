//! From the API to the package: the passes in order, and the files.

use std::collections::BTreeSet;

use super::calls::{Calls, Home};
use super::endpoint::{GroupMethod, RuntimeModule, Taken};
use super::features::{GroupFeatures, features};
use super::graph::graph;
use super::group_file::GroupFile;
use super::manifest::PackageFiles;
use super::name::{Clash, Ident, Scope, Usage, identifier};
use super::naming::names;
use super::overrides::Overrides;
use super::pattern::Patterns;
use super::role::Roles;
use super::types::Types;
use super::wording::group_words;
use super::{
    ClientType, Docs, File, Headers, Item, Module, Outlined, Package, Payload, Service, Table,
    Type, layout, manifest,
};
use crate::document::AS_OPENAPI;
use crate::ir::Api;
use crate::origin::Origin;
use crate::{Emit, Layout, Options};

/// Decides on everything.
pub fn build(api: &Api, options: &Options, overrides: &Overrides) -> Package {
    let words = group_words(api, &overrides.groups);
    let names = names(api, &overrides.types, &words);
    let types = Types {
        api,
        roles: Roles::of(api, &names),
        names,
        overrides,
        graph: graph(api),
        requests: options.requests,
        patterns: Patterns::of(api),
    };
    let mut clashes = types.names.clashes.clone();
    let features = features(api, &words, options);
    let mut files = layout::type_files(&types, &features, &mut clashes);
    let title = if api.title.trim().is_empty() {
        options.name.as_str()
    } else {
        api.title.as_str()
    };
    if options.emit == Emit::Types {
        return types_alone(api, options, (files, clashes), title);
    }
    let client = overrides
        .client
        .clone()
        .unwrap_or_else(|| client_name(title));
    let headers = super::headers::headers(&types, &mut clashes);
    let calls = Calls::new(&types, &headers.own, home(options, client.clone()));
    let operations = calls.operations(&mut clashes);
    name_properties(&mut files, &operations.groups);
    let groups = operations.groups;
    let payloads = super::payloads::payloads(&types);
    let hooks = super::hooks::hooks(&types, &mut clashes);
    let outlines = super::outline::outlines(&types);
    let service = super::service::service(api, options);
    let texts = PackageFiles {
        api,
        options,
        client: client.as_str(),
        features: &features,
        groups: &groups,
        variables: super::service::named_variables(&service),
    }
    .texts();
    let root = Root {
        layout: &options.layout,
        service,
        api,
        groups: &groups,
        features: &features,
        client,
        has_headers: !headers.structs.is_empty(),
        has_outlines: !outlines.is_empty(),
        hooks: hooks.iter().map(|(word, text, _)| (*word, *text)).collect(),
        has_types: !files.is_empty(),
    };
    let mut package = Package {
        files: vec![root.file(title)],
        texts,
        clashes,
        unasked: super::replies::unasked(api),
        unchecked: types.patterns.unchecked(api),
        unfit: types.unfit(),
        is_relative: false,
    };
    if !headers.structs.is_empty() {
        package.files.push(headers_file(headers.structs));
    }
    package.files.push(table_file(operations.table));
    package.files.push(payloads_file(payloads));
    if !outlines.is_empty() {
        package.files.push(outlines_file(outlines));
    }
    if !files.is_empty() {
        package.files.append(&mut files);
    }
    package
        .files
        .extend(hooks.into_iter().map(|(_, _, file)| file));
    if !groups.is_empty() {
        package.files.push(api_file(&groups, &features));
        package
            .files
            .extend(groups.into_iter().map(|group| group.file));
    }
    package.place(&options.layout, &root_name(options));
    package
}

/// A package of types over the values layer, and nothing else.
fn types_alone(
    api: &Api,
    options: &Options,
    (mut files, clashes): (Vec<File>, Vec<Clash>),
    title: &str,
) -> Package {
    for file in &mut files {
        // The parts of multipart bodies are made for calls.
        file.items.retain(|item| !item.is_multipart());
        for item in &mut file.items {
            if let Item::Struct(item) = item {
                item.form = None;
            }
        }
    }
    let mut items = vec![Item::Runtime(RuntimeModule::of(&options.layout))];
    if !files.is_empty() {
        items.push(Item::AllTypes);
    }
    let root = File {
        path: String::new(),
        origin: Origin::default(),
        docs: Docs::foreign([title, api.description.as_str()]),
        items,
    };
    let mut package = Package {
        files: vec![root],
        texts: manifest::texts_of_types(api, options),
        clashes,
        unasked: Vec::new(),
        unchecked: Vec::new(),
        unfit: Vec::new(),
        is_relative: false,
    };
    package.files.append(&mut files);
    package.place(&options.layout, &root_name(options));
    package
}

/// Gives the types by whose properties a list can be sorted or cut down a constant for each.
fn name_properties(files: &mut [File], groups: &[GroupFile]) {
    let named: BTreeSet<&Ident> = groups
        .iter()
        .flat_map(|group| &group.file.items)
        .filter_map(|item| match item {
            Item::CallType(call) => Some(&call.options),
            _ => None,
        })
        .flatten()
        .filter_map(|option| match &option.taken {
            Taken::SortBy(Type::Named(name)) | Taken::Fields(Type::Named(name)) => Some(name),
            _ => None,
        })
        .collect();
    for item in files.iter_mut().flat_map(|file| &mut file.items) {
        if let Item::Struct(item) = item
            && named.contains(&item.name)
        {
            let mut scope = Scope::new();
            item.constants = item
                .fields
                .iter()
                .map(|field| {
                    let name = scope.claim(&field.wire, Usage::Constant, &field.origin);
                    (name, field.wire.clone())
                })
                .collect();
        }
    }
}

struct Root<'a> {
    api: &'a Api,
    layout: &'a Layout,
    service: Service,
    groups: &'a [GroupFile],
    features: &'a GroupFeatures,
    client: Ident,
    has_headers: bool,
    has_outlines: bool,
    /// The modules of what the service sends.
    hooks: Vec<(&'static str, &'static str)>,
    has_types: bool,
}

impl Root<'_> {
    /// The file with the client and the description of the service.
    fn file(&self, title: &str) -> File {
        let api = self.api;
        let mut items = Vec::new();
        if !self.groups.is_empty() {
            items.push(module("api", "The operations, by group.", None));
        }
        if self.has_headers {
            let text = "The documented headers of replies, each with its type.";
            items.push(module("headers", text, None));
        }
        items.push(module("operations", "Every operation as a constant.", None));
        let text = "Every JSON body, by operation and status.";
        items.push(module("payloads", text, Some("payloads")));
        if self.has_outlines {
            let text = "What formats other than JSON must know of the types.";
            items.push(module("layouts", text, Some("xml")));
        }
        if self.has_types {
            items.push(module("types", "The types of requests and replies.", None));
        }
        for (word, text) in &self.hooks {
            items.push(module(word, text, None));
        }
        let groups = self.groups.iter();
        let groups = groups.map(|it| GroupMethod {
            accessor: it.accessor.clone(),
            name: it.name.clone(),
            docs: it.docs.clone(),
            features: self.features.of(&it.word).cloned().into_iter().collect(),
        });
        let docs = Docs::own(format!("Client of {}.", super::plain_words(title)));
        let name = self.client.clone();
        items.push(Item::Client(ClientType {
            docs,
            name,
            begun: super::service::begun(&self.service),
            environment: super::service::environment(&self.service),
            runtime: RuntimeModule::of(self.layout),
            groups: groups.collect(),
        }));
        items.push(Item::Service(self.service.clone()));
        let docs = Docs::foreign([title, api.description.as_str()]);
        File {
            path: String::new(),
            origin: Origin::default(),
            docs,
            items,
        }
    }
}

fn module(name: &'static str, text: &str, feature: Option<&'static str>) -> Item {
    Item::Module(Module {
        name: Ident::fixed(name),
        docs: Docs::own(text),
        inlined: false,
        features: feature.map(str::to_owned).into_iter().collect(),
    })
}

fn headers_file(headers: Vec<Headers>) -> File {
    File {
        path: "headers.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own("The documented headers of replies, each with its type."),
        items: headers.into_iter().map(Item::Headers).collect(),
    }
}

fn payloads_file(payloads: Vec<Payload>) -> File {
    File {
        path: "payloads.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own("Every JSON body of the API, with the type that stands for it."),
        items: vec![Item::Payloads(payloads)],
    }
}

fn outlines_file(outlines: Vec<Outlined>) -> File {
    File {
        path: "layouts.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own(
            "What formats other than JSON must know of the types, in the order of their names.",
        ),
        items: vec![Item::Outlines(outlines)],
    }
}

/// The name of the client: that of the API, without the word "API" that most titles end with.
fn client_name(title: &str) -> Ident {
    let title = title.trim();
    let title = match title.rsplit_once(' ') {
        Some((rest, last)) if last.eq_ignore_ascii_case("api") => rest,
        _ => title,
    };
    let name = identifier(title, Usage::Type);
    let reserved = matches!(name.as_str(), "BuildError" | "ClientBuilder");
    if reserved {
        identifier(&format!("{title} client"), Usage::Type)
    } else {
        name
    }
}

fn table_file(table: Table) -> File {
    File {
        path: "operations.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own("Every operation of the API as a constant."),
        items: vec![Item::Table(table)],
    }
}

fn api_file(groups: &[GroupFile], features: &GroupFeatures) -> File {
    let module = |group: &GroupFile| {
        Item::Module(Module {
            name: group.accessor.clone(),
            docs: Docs::default(),
            inlined: false,
            features: features.of(&group.word).cloned().into_iter().collect(),
        })
    };
    File {
        path: "api.rs".to_owned(),
        origin: Origin::default(),
        docs: Docs::own("The operations, one module for each group."),
        items: groups.iter().map(module).collect(),
    }
}

/// Where examples find the client, from outside of its crate.
fn home(options: &Options, client: Ident) -> Home {
    match &options.layout {
        Layout::Module { krate } => Home {
            root: format!("{krate}::{}", module_name(&options.name)),
            client,
        },
        Layout::Included => Home {
            root: format!("crate::{}", module_name(&options.name)),
            client,
        },
        Layout::Crate { .. } => Home {
            root: manifest::library_name(&manifest::crate_name(&options.name)),
            client,
        },
    }
}

/// The path of a file as seen from the folder of another one.
fn relative(from: &str, to: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let plain = |path: &str| -> Vec<String> {
        let parts = path.split('/').filter(|part| *part != ".");
        parts.map(str::to_owned).collect()
    };
    let (from, to) = (
        if folder.is_empty() {
            Vec::new()
        } else {
            plain(folder)
        },
        plain(to),
    );
    let shared = from
        .iter()
        .zip(&to)
        .take_while(|(one, other)| one == other)
        .count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    up.chain(to.into_iter().skip(shared))
        .collect::<Vec<_>>()
        .join("/")
}

/// The name of the module that a client of this name is; a name that already is one stays.
pub fn module_name(name: &str) -> String {
    identifier(name, Usage::Module).to_string()
}

fn root_name(options: &Options) -> String {
    match options.layout {
        Layout::Module { .. } | Layout::Included => module_name(&options.name),
        Layout::Crate { .. } => String::new(),
    }
}

impl Package {
    /// Puts the files where the layout wants them.
    fn place(&mut self, layout: &Layout, root: &str) {
        self.is_relative = *layout == Layout::Included;
        for file in &mut self.files {
            file.path = match (layout, file.path.as_str()) {
                (Layout::Module { .. } | Layout::Included, "") => format!("{root}.rs"),
                (Layout::Module { .. } | Layout::Included, path) => format!("{root}/{path}"),
                (Layout::Crate { .. }, "") => "src/lib.rs".to_owned(),
                (Layout::Crate { .. }, path) => format!("src/{path}"),
            };
        }
    }

    /// Names the files of the document from the folder of its root, so that the same document gives the same text
    /// wherever it lies.
    pub fn name_files_from(&mut self, root: &str) {
        for file in self
            .files
            .iter_mut()
            .filter(|file| !file.origin.file.is_empty())
        {
            let name = &file.origin.file;
            let name = name.strip_suffix(AS_OPENAPI).unwrap_or(name);
            file.origin.file = relative(root, name).into();
        }
    }

    /// How many types are emitted.
    pub fn type_count(&self) -> usize {
        let is_type = |item: &&Item| {
            matches!(
                item,
                Item::Struct(_)
                    | Item::Tuple(_)
                    | Item::StringEnum(_)
                    | Item::Union(_)
                    | Item::Alias(_)
            )
        };
        self.files
            .iter()
            .map(|file| file.items.iter().filter(is_type).count())
            .sum()
    }
}
