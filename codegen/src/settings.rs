//! What a caller decides beyond the document, as plain data.
//!
//! Every text knows where it was written, so that a setting which finds nothing to do, or which cannot be done, is
//! answered with its place. [`read`] makes it of TOML.

mod emitted;
mod file;
mod format;
mod manifest;
mod project;
mod skip;
mod written;

pub(crate) use skip::skip;
pub use written::{Client, Decisions, clients, is_project, read, read_client, schema};

use crate::spanned::Text;

/// What a caller decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The name of the client.
    pub client: Option<Text>,
    /// Other names.
    pub rename: Renames,
    /// What is left out.
    pub skip: Skip,
    /// Types that no operation uses.
    pub unused: Unused,
    /// Which values are secret.
    pub secrets: Secrets,
    /// Schemas that stand for types of the caller: name of the schema, path of the type.
    pub types: Vec<Entry>,
    /// Formats of texts that are parsed: name of the format, path of the type.
    pub formats: Vec<Entry>,
    /// Traits that every struct and enum derives.
    pub derives: Vec<Text>,
    /// Traits that one type derives: name of the type, trait.
    pub derives_of: Vec<Entry>,
    /// Whether the groups of operations are features of the crate.
    pub features: Features,
    /// Members of `[package]` in the manifest: name and value as TOML.
    pub package: Vec<(String, String)>,
    /// Further dependencies in the manifest: name and value as TOML.
    pub dependencies: Vec<(String, String)>,
    /// The program that a crate has beside its client, where one is wanted.
    pub program: Option<Program>,
}

/// A program whose commands are the operations of the document. Its crate has a file of tables and no
/// code for each operation: the commands are made of the tables by `verbatim-call`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Where `verbatim-call` is: members of its dependency as cargo writes them, such as
    /// `version = "1.0"` or `path = "../call"`.
    pub engine: String,
}

impl Program {
    /// The folder of its sources within the crate.
    pub fn folder(&self) -> String {
        format!("src/bin/{}", self.name)
    }
}

/// What one thing of the document becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The thing, as the settings name it.
    pub of: Text,
    /// What it becomes.
    pub to: Text,
}

/// Names that a caller chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// By the name of the schema, or by the name that the type would have.
    pub types: Vec<Entry>,
    /// By `Type.property`.
    pub fields: Vec<Entry>,
    /// By `Type.value`, for values of an enumeration of texts.
    pub variants: Vec<Entry>,
    /// By the tag, or by the name that the group would have.
    pub groups: Vec<Entry>,
    /// By `operationId` or `GET /path`.
    pub methods: Vec<Entry>,
    /// By `operationId.parameter` or `GET /path.parameter`.
    pub parameters: Vec<Entry>,
}

/// Operations that are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skip {
    /// By `operationId` or `GET /path`.
    pub operations: Vec<Text>,
    /// By tag.
    pub tags: Vec<Text>,
    /// By path template, in which `*` stands for any text.
    pub paths: Vec<Text>,
}

/// What happens to types that no operation uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unused {
    /// They are emitted.
    #[default]
    Keep,
    /// They are not.
    Drop,
}

/// Which values are secret, so that they are never printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// Those that the document declares so, and those whose names mean it.
    #[default]
    ByName,
    /// Those that the document declares so.
    Declared,
}

/// Whether the groups of operations are features of the crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Features {
    /// Where the document is large.
    #[default]
    Large,
    /// Always.
    Always,
    /// Never.
    Never,
}
