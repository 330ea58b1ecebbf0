//! Settings as they are written: the TOML of a `verbatim.toml`.
//!
//! [`read`] turns the text into the plain [`Settings`], in which every text keeps its place, so that a setting which
//! matches nothing is answered with file, line and column.

use toml::Spanned;
use verbatim_source::SourceId;

use super::file::{self, File, Map, span};
use super::{Entry, Features, Secrets, Settings, Unused, format, manifest, project};
use crate::problem::Problem;
use crate::spanned::Text;
use crate::{Emit, Requests};

/// What a text decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// What the generator is told.
    pub settings: Settings,
    /// What requests do with properties about which the document says nothing, where it is said.
    pub requests: Option<Requests>,
    /// Files of overlays, relative to the text, in the order in which they are applied.
    pub overlays: Vec<Text>,
    /// The dependencies that the text names itself, beside those that a known word brings along.
    pub own_dependencies: Vec<String>,
}

/// A client that a text names: what is generated, and where. Paths are relative to the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The document.
    pub spec: Option<String>,
    /// The folder of the crate.
    pub out: Option<String>,
    /// The name of the crate.
    pub name: Option<String>,
    /// Where its runtime is.
    pub runtime: Option<String>,
    /// Whether it has calls, or types alone.
    pub emit: Emit,
    /// Whether it has a command line beside its client.
    pub has_program: bool,
    /// Where the engine of its command line is.
    pub engine: Option<String>,
    /// The folder that relative references may not leave.
    pub root: Option<String>,
}

impl Decisions {
    /// Adds what another text decides; where both decide on one thing, the other wins.
    pub fn add(&mut self, other: Self) {
        let Settings {
            client,
            rename,
            skip,
            unused,
            secrets,
            types,
            formats,
            derives,
            derives_of,
            features,
            package,
            dependencies,
            program,
        } = other.settings;
        let own = &mut self.settings;
        own.client = client.or(own.client.take());
        own.program = program.or(own.program.take());
        own.rename.types.extend(rename.types);
        own.rename.fields.extend(rename.fields);
        own.rename.variants.extend(rename.variants);
        own.rename.groups.extend(rename.groups);
        own.rename.methods.extend(rename.methods);
        own.rename.parameters.extend(rename.parameters);
        own.skip.operations.extend(skip.operations);
        own.skip.tags.extend(skip.tags);
        own.skip.paths.extend(skip.paths);
        if unused != Unused::default() {
            own.unused = unused;
        }
        if secrets != Secrets::default() {
            own.secrets = secrets;
        }
        own.types.extend(types);
        own.formats.extend(formats);
        own.derives.extend(derives);
        own.derives_of.extend(derives_of);
        if features != Features::default() {
            own.features = features;
        }
        manifest::merge(&mut own.package, package);
        manifest::merge(&mut own.dependencies, dependencies);
        self.requests = other.requests.or(self.requests);
        self.overlays.extend(other.overlays);
        self.own_dependencies.extend(other.own_dependencies);
    }
}

/// Reads the settings of a text that is about one document; `id` is the text's place among the sources.
///
/// # Errors
/// The text is no TOML, has a key that is not known, or a value of another kind.
pub fn read(text: &str, id: SourceId) -> Result<Decisions, Vec<Problem>> {
    read_client(text, id, None).map(Option::unwrap_or_default)
}

/// Reads the settings for one of the clients of a text, by its place in the list; without one, those of a text that
/// is about one document. Nothing where the text names several clients and none is asked for.
///
/// # Errors
/// As [`read`].
pub fn read_client(
    text: &str,
    id: SourceId,
    client: Option<usize>,
) -> Result<Option<Decisions>, Vec<Problem>> {
    let reader = Reader { id };
    let mut files = project::files(text, id)?;
    let file = match client {
        Some(index) if index < files.files.len() => files.files.swap_remove(index),
        None if files.is_one => files.files.remove(0),
        _ => return Ok(None),
    };
    reader.decisions(file).map(Some)
}

/// The clients that a text names, in its order.
///
/// # Errors
/// As [`read`].
pub fn clients(text: &str, id: SourceId) -> Result<Vec<Client>, Vec<Problem>> {
    let files = project::files(text, id)?;
    let is_one = files.is_one;
    let clients = files.files.into_iter().map(|file| Client {
        spec: file.spec,
        out: file.out,
        name: file.name,
        runtime: file.runtime,
        emit: if file.emit.types_alone {
            Emit::Types
        } else {
            Emit::Client
        },
        has_program: file.emit.program,
        engine: file.engine,
        root: file.root,
    });
    // A text of settings alone names none.
    Ok(clients
        .filter(|client| !is_one || client.spec.is_some())
        .collect())
}

/// Whether the manifest of a crate says what is to be generated: `[package.metadata.verbatim]` with a `spec`, or
/// with clients.
pub fn is_project(manifest: &verbatim_source::Source) -> bool {
    project::is_in_manifest(manifest.text())
}

/// The JSON Schema of the text, for editors that complete and check TOML.
pub fn schema() -> String {
    let schema = schemars::schema_for!(project::Written);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

struct Reader {
    id: SourceId,
}

impl Reader {
    fn decisions(&self, file: File) -> Result<Decisions, Vec<Problem>> {
        let mut problems = Vec::new();
        let version = file
            .package
            .version
            .clone()
            .map(|version| self.text(version));
        problems.extend(version.as_ref().and_then(manifest::check_version));
        let mut dependencies = manifest::dependencies(&file.dependencies);
        let own_dependencies = file.dependencies.keys().cloned().collect();
        let formats = self.formats(file.formats, &mut dependencies, &mut problems);
        let mut settings = Settings {
            client: file.client.map(|client| self.text(client)),
            secrets: match file.secrets {
                file::SecretRule::ByName => Secrets::ByName,
                file::SecretRule::Declared => Secrets::Declared,
            },
            unused: match file.unused_types {
                file::UnusedTypes::Keep => Unused::Keep,
                file::UnusedTypes::Drop => Unused::Drop,
            },
            types: self.entries(file.types),
            formats,
            derives: self.texts(file.derives),
            derives_of: self.derives_of(file.derives_of),
            features: match file.group_features {
                file::GroupFeatures::Large => Features::Large,
                file::GroupFeatures::Always => Features::Always,
                file::GroupFeatures::Never => Features::Never,
            },
            package: manifest::package(file.package),
            ..Settings::default()
        };
        let rename = file.rename;
        settings.rename.types = self.entries(rename.types);
        settings.rename.fields = self.entries(rename.fields);
        settings.rename.variants = self.entries(rename.variants);
        settings.rename.groups = self.entries(rename.groups);
        settings.rename.methods = self.entries(rename.methods);
        settings.rename.parameters = self.entries(rename.parameters);
        settings.skip.operations = self.texts(file.skip.operations);
        settings.skip.tags = self.texts(file.skip.tags);
        settings.skip.paths = self.texts(file.skip.paths);
        settings.dependencies = dependencies;
        problems.extend(manifest::check(&settings));
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Decisions {
            settings,
            requests: file.requests.map(|requests| match requests {
                file::RequestRule::Open => Requests::Open,
                file::RequestRule::Closed => Requests::Closed,
            }),
            overlays: self.texts(file.overlays),
            own_dependencies,
        })
    }

    fn formats(
        &self,
        map: Map,
        dependencies: &mut Vec<(String, String)>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Entry> {
        let mut entries = Vec::new();
        for entry in self.entries(map) {
            match format::resolved(&entry) {
                Ok(None) => {}
                Ok(Some((path, dependency))) => {
                    if let Some((name, value)) = dependency
                        && !dependencies.iter().any(|(known, _)| known == name)
                    {
                        dependencies.push((name.to_owned(), value.to_owned()));
                    }
                    let to = Text {
                        value: path,
                        span: entry.to.span,
                    };
                    entries.push(Entry { of: entry.of, to });
                }
                Err(problem) => problems.push(*problem),
            }
        }
        entries
    }

    fn derives_of(&self, map: file::Lists) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (of, list) in map {
            let of = self.text(of);
            entries.extend(
                self.texts(list)
                    .into_iter()
                    .map(|to| Entry { of: of.clone(), to }),
            );
        }
        entries
    }

    fn entries(&self, map: Map) -> Vec<Entry> {
        let entries = map.into_iter().map(|(of, to)| Entry {
            of: self.text(of),
            to: self.text(to),
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort_by_key(|entry| entry.of.span);
        entries
    }

    fn texts(&self, list: Vec<Spanned<String>>) -> Vec<Text> {
        list.into_iter().map(|text| self.text(text)).collect()
    }

    fn text(&self, text: Spanned<String>) -> Text {
        Text {
            span: span(self.id, &text.span()),
            value: text.into_inner(),
        }
    }
}
