//! The form of the text.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use verbatim_source::{SourceId, Span};

/// Names and what they become.
pub type Map = BTreeMap<Spanned<String>, Spanned<String>>;

/// Names and what belongs to them.
pub type Lists = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

type PlainMap = BTreeMap<String, String>;
type PlainLists = BTreeMap<String, Vec<String>>;

/// Settings of the generator for one document.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[derive(Default)]
pub struct File {
    /// The document, where the text says what is generated.
    pub spec: Option<String>,
    /// The folder of the crate.
    pub out: Option<String>,
    /// The name of the crate; by default that of its folder.
    pub name: Option<String>,
    /// Where the runtime is: `embedded` (in the crate, which is the default), `shared`, `git+URL`, or a folder.
    pub runtime: Option<String>,
    /// What is made of the document: a client, or types alone.
    pub emit: EmitWord,
    /// The folder that relative references of the document may not leave; by default that of the document.
    pub root: Option<String>,
    /// The name of the client's struct. By default it is made of the title.
    #[schemars(with = "Option<String>")]
    pub client: Option<Spanned<String>>,
    /// What requests do with properties about which the document says nothing: hold none, or keep them.
    pub requests: Option<RequestRule>,
    /// Overlays that are applied before the document is read, in this order; paths relative to this file.
    #[schemars(with = "Vec<String>")]
    pub overlays: Vec<Spanned<String>>,
    /// Whether types that no operation uses are emitted.
    pub unused_types: UnusedTypes,
    /// Which values are never printed: those whose names mean secrets too, or only those that the document declares.
    pub secrets: SecretRule,
    /// Whether each group of operations is a feature of the crate.
    pub group_features: GroupFeatures,
    /// Traits that every struct and enum derives beside what it derives anyway: `Eq`, `Hash`, or paths.
    #[schemars(with = "Vec<String>")]
    pub derives: Vec<Spanned<String>>,
    /// Traits that single types derive: name of the type, paths.
    #[schemars(with = "PlainLists")]
    pub derives_of: Lists,
    /// Other names.
    pub rename: Rename,
    /// Operations that are left out.
    pub skip: Skip,
    /// Schemas that stand for types of other crates: name of the schema, path of the type.
    #[schemars(with = "PlainMap")]
    pub types: Map,
    /// What texts of a format are parsed as: `jiff`, `chrono`, `time`, `uuid`, `text`, or the path of a type.
    #[schemars(with = "PlainMap")]
    pub formats: Map,
    /// Members of `[package]` in the manifest of the crate.
    pub package: Package,
    /// Further dependencies in the manifest of the crate, as cargo writes them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub dependencies: BTreeMap<String, toml::Value>,
}

/// Other names.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Rename {
    /// Types, by the name of the schema or the name they would have in Rust.
    #[schemars(with = "PlainMap")]
    pub types: Map,
    /// Fields, by `Type.property`.
    #[schemars(with = "PlainMap")]
    pub fields: Map,
    /// Variants of enumerations of texts, by `Type.value`.
    #[schemars(with = "PlainMap")]
    pub variants: Map,
    /// Groups of operations, by the tag or the name they would have in Rust.
    #[schemars(with = "PlainMap")]
    pub groups: Map,
    /// Methods, by `operationId` or `GET /path`.
    #[schemars(with = "PlainMap")]
    pub methods: Map,
    /// Arguments and setters, by `operationId.parameter` or `GET /path.parameter`.
    #[schemars(with = "PlainMap")]
    pub parameters: Map,
}

/// Operations that are left out.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Skip {
    /// By `operationId` or `GET /path`.
    #[schemars(with = "Vec<String>")]
    pub operations: Vec<Spanned<String>>,
    /// By tag.
    #[schemars(with = "Vec<String>")]
    pub tags: Vec<Spanned<String>>,
    /// By path, in which `*` stands for any text.
    #[schemars(with = "Vec<String>")]
    pub paths: Vec<Spanned<String>>,
}

/// Members of `[package]`.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Package {
    /// The version of the crate. By default the document's, where cargo takes it.
    #[schemars(with = "Option<String>")]
    pub version: Option<Spanned<String>>,
    /// What the crate is.
    pub description: Option<String>,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
    /// Who made it.
    pub authors: Option<Vec<String>>,
    /// Where its sources are.
    pub repository: Option<String>,
    /// Its page.
    pub homepage: Option<String>,
    /// Where its documentation is.
    pub documentation: Option<String>,
    /// Words to find it by.
    pub keywords: Option<Vec<String>>,
    /// Where it belongs on crates.io.
    pub categories: Option<Vec<String>>,
    /// Whether cargo may publish it. By default it may not.
    pub publish: Option<bool>,
}

/// What requests do with properties about which the document says nothing.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestRule {
    /// They keep them, as replies do.
    Open,
    /// They hold none.
    Closed,
}

/// What is made of a document.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EmitWord {
    /// Types and calls.
    #[default]
    Client,
    /// Types alone, which can also be those of a JSON Schema.
    Types,
}

/// Whether types that no operation uses are emitted.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnusedTypes {
    /// They are.
    #[default]
    Keep,
    /// They are not.
    Drop,
}

/// Which values are secret.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretRule {
    /// Those that the document declares so, and those whose names mean it.
    #[default]
    ByName,
    /// Those that the document declares so.
    Declared,
}

/// Whether each group of operations is a feature of the crate.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupFeatures {
    /// Where the document is large.
    #[default]
    Large,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The place of a part of the text.
pub fn span(id: SourceId, range: &Range<usize>) -> Span {
    Span::new(id, range.start, range.end)
}
