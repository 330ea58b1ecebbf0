//! What a caller of the generator decides, read from TOML.
//!
//! [`read`] turns the text of a `verbatim.toml` into the plain [`Settings`] of the generator, in which every text keeps its
//! place, so that a setting which matches nothing is answered with file, line and column. The room knows how settings
//! are written; what they mean is the generator's.

mod file;
mod format;
mod manifest;

use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;
use verbatim_codegen::Requests;
use verbatim_codegen::document::Text;
use verbatim_codegen::problem::{Problem, unreadable_settings};
use verbatim_codegen::settings::{Entry, Features, Settings, Unused};
use verbatim_source::{SourceId, Span};

use file::{File, Map};

/// What a text decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// What the generator is told.
    pub settings: Settings,
    /// What requests do with properties about which the document says nothing, where it is said.
    pub requests: Option<Requests>,
    /// Files of overlays, relative to the text, in the order in which they are applied.
    pub overlays: Vec<Text>,
}

impl Decisions {
    /// Adds what another text decides; where both decide on one thing, the other wins.
    pub fn add(&mut self, other: Self) {
        let Settings {
            client,
            rename,
            skip,
            unused,
            types,
            formats,
            derives,
            derives_of,
            features,
            package,
            dependencies,
        } = other.settings;
        let own = &mut self.settings;
        own.client = client.or(own.client.take());
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
    }
}

/// Reads settings; `id` is the text's place among the sources.
///
/// # Errors
/// The text is no TOML, has a key that is not known, or a value of another kind.
pub fn read(text: &str, id: SourceId) -> Result<Decisions, Vec<Problem>> {
    let refused = |error: &toml::de::Error| {
        let range = error.span().unwrap_or(0..0);
        let message = error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        vec![unreadable_settings(
            message,
            span(id, &range),
            "cannot be read",
        )]
    };
    let document = toml::Deserializer::parse(text).map_err(|error| refused(&error))?;
    let file = File::deserialize(document).map_err(|error| refused(&error))?;
    let reader = Reader { id };
    reader.decisions(file)
}

/// The JSON Schema of the text, for editors that complete and check TOML.
pub fn schema() -> String {
    let schema = schemars::schema_for!(File);
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
        let formats = self.formats(file.formats, &mut dependencies, &mut problems);
        let mut settings = Settings {
            client: file.client.map(|client| self.text(client)),
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

fn span(id: SourceId, range: &Range<usize>) -> Span {
    Span::new(id, range.start, range.end)
}
