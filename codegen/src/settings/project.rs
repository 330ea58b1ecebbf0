//! Texts that name several clients, and tables in the manifest of a crate.

use crate::problem::{Problem, unreadable_settings};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};
use verbatim_source::SourceId;

use super::file::File;
use super::file::span;

/// The settings of a text, by client.
pub struct Files {
    /// Settings in the order of the text.
    pub files: Vec<File>,
    /// Whether the text is about one document and no list.
    pub is_one: bool,
}

/// What is generated, and how: settings of one document, or clients with settings of their own.
#[derive(JsonSchema)]
#[schemars(title = "verbatim.toml")]
#[serde(untagged)]
#[allow(
    dead_code,
    reason = "the schema is made of it, and nothing is read into it"
)]
#[expect(clippy::large_enum_variant, reason = "no value of it is ever made")]
pub enum Written {
    /// Settings of one document.
    One(File),
    /// Clients, each with its settings.
    Many(Many),
}

/// Clients, each with its settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Many {
    client: Vec<File>,
}

#[derive(Deserialize)]
struct InManifest<T> {
    package: InPackage<T>,
}

#[derive(Deserialize)]
struct InPackage<T> {
    metadata: InMetadata<T>,
}

#[derive(Deserialize)]
struct InMetadata<T> {
    verbatim: T,
}

/// The settings of a text, which is a file of its own or the manifest of a crate.
pub fn files(text: &str, id: SourceId) -> Result<Files, Vec<Problem>> {
    let table: Option<Table> = text.parse().ok();
    let inner = table.as_ref().and_then(in_manifest);
    let is_many = |table: &Table| table.get("client").is_some_and(Value::is_array);
    match (&table, inner) {
        (_, Some(inner)) if is_many(inner) => many(
            typed::<InManifest<Many>>(text, id)?
                .package
                .metadata
                .verbatim,
        ),
        (_, Some(_)) => one(typed::<InManifest<File>>(text, id)?
            .package
            .metadata
            .verbatim),
        (Some(table), None) if is_many(table) => many(typed(text, id)?),
        _ => one(typed(text, id)?),
    }
}

/// Whether a manifest says what is to be generated.
pub fn is_in_manifest(text: &str) -> bool {
    let table: Option<Table> = text.parse().ok();
    let inner = table.as_ref().and_then(in_manifest);
    inner.is_some_and(|inner| inner.contains_key("spec") || inner.contains_key("client"))
}

fn in_manifest(manifest: &Table) -> Option<&Table> {
    let package = manifest.get("package")?.as_table()?;
    let metadata = package.get("metadata")?.as_table()?;
    metadata.get("verbatim")?.as_table()
}

#[expect(clippy::unnecessary_wraps, reason = "the arms of a match are alike")]
fn one(file: File) -> Result<Files, Vec<Problem>> {
    Ok(Files {
        files: vec![file],
        is_one: true,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "the arms of a match are alike")]
fn many(many: Many) -> Result<Files, Vec<Problem>> {
    Ok(Files {
        files: many.client,
        is_one: false,
    })
}

fn typed<T: DeserializeOwned>(text: &str, id: SourceId) -> Result<T, Vec<Problem>> {
    let refused = |error: &toml::de::Error| {
        let range = error.span().unwrap_or(0..0);
        let message = error.message().lines().next().unwrap_or_default();
        let message = message.to_owned();
        vec![unreadable_settings(
            message,
            span(id, &range),
            "cannot be read",
        )]
    };
    let document = toml::Deserializer::parse(text).map_err(|error| refused(&error))?;
    T::deserialize(document).map_err(|error| refused(&error))
}
