//! Any stage as text, for whoever wants to see what the generator knows.

use crate::document::Input;
use crate::problem::Problem;
use crate::{Options, named, on_large_stack, tree};

/// A stage of the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The document as typed data.
    Document,
    /// Types and operations, references resolved.
    Ir,
    /// The package of Rust items.
    Model,
    /// The files.
    Tokens,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 4] = [Self::Document, Self::Ir, Self::Model, Self::Tokens];

    /// The stage of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Ir => "ir",
            Self::Model => "model",
            Self::Tokens => "tokens",
        }
    }
}

/// A stage of a run of [`generate`](crate::generate) as text; only the parts whose text holds `only`, if that is given.
///
/// # Errors
/// As [`generate`](crate::generate).
pub fn stage(
    input: &Input,
    options: &Options,
    stage: Stage,
    only: Option<&str>,
) -> Result<String, Vec<Problem>> {
    on_large_stack(|| {
        let (document, api, package) = named(input, options)?;
        let parts: Vec<String> = match stage {
            Stage::Document => vec![format!("{document:#?}")],
            Stage::Ir => {
                let types = api.types.iter().map(|it| format!("{it:#?}"));
                let operations = api.operations.iter().map(|it| format!("{it:#?}"));
                types.chain(operations).collect()
            }
            Stage::Model => {
                let items = package.files.iter().flat_map(|file| &file.items);
                items.map(|item| format!("{item:#?}")).collect()
            }
            Stage::Tokens => tree::format(&package, &options.command)
                .into_values()
                .collect(),
        };
        Ok(chosen(parts, only))
    })
}

fn chosen(parts: impl IntoIterator<Item = String>, only: Option<&str>) -> String {
    let mut text = String::new();
    for part in parts {
        if only.is_none_or(|only| part.contains(only)) {
            text.push_str(&part);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Input;
    use crate::{Emit, Layout, Requests, generate};
    use verbatim_source::{Limits, Source};

    const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    post:
      operationId: createPet
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"201": {description: Made.}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
"##;

    #[test]
    fn the_tokens_are_the_files_that_the_options_give() {
        let input = Input::new(
            Source::new("pets.yaml", DOCUMENT.to_owned()),
            Limits::default(),
        );
        for requests in [Requests::Open, Requests::Closed] {
            let options = Options {
                name: "pets".to_owned(),
                layout: Layout::Included,
                command: "a test".to_owned(),
                emit: Emit::Client,
                requests,
                settings: crate::settings::Settings::default(),
            };
            let shown = stage(&input, &options, Stage::Tokens, None).expect("a sound document");
            let tree = generate(&input, &options).expect("a sound document").tree;
            for (path, text) in &tree {
                assert!(shown.contains(text), "{requests:?}: {path} is not shown");
            }
        }
    }
}
