//! `documented.json` and `overlay.yaml` become one `OpenAPI` 3.1 document.

mod components;
mod operation;
mod skeleton;
mod trace;
mod words;

use std::fmt;

use verbatim_source::{Diagnostic, Limits, Node, Object, Source, Sources, Value, render, write};

use crate::evidence::Documented;
use crate::overlay::Overlay;
use crate::unify::{Content, Vocabulary, unify};

pub use skeleton::skeleton;

/// An `OpenAPI` document and what went into it.
#[derive(Debug)]
pub struct Normalized {
    /// The document as JSON, ready to be written to a file.
    pub openapi: String,
    /// What went into it.
    pub report: Report,
}

/// Figures about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Operations carried over.
    pub operations: usize,
    /// Examples carried over.
    pub examples: usize,
    /// Examples that are not used as evidence.
    pub excluded: usize,
    /// Named schemas.
    pub schemas: usize,
    /// Properties of named schemas.
    pub properties: usize,
    /// Corrections applied.
    pub corrections: usize,
    /// Facts considered and left out, each with the reason.
    pub declined: Vec<(String, String)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} operations, {} examples ({} not used as evidence), {} schemas with {} properties, \
             {} corrections",
            self.operations,
            self.examples,
            self.excluded,
            self.schemas,
            self.properties,
            self.corrections
        )?;
        for (fact, reason) in &self.declined {
            writeln!(f, "not applied: {fact}: {reason}")?;
        }
        Ok(())
    }
}

/// Why there is no document.
#[derive(Debug)]
pub struct Refusal {
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// What is wrong; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.diagnostics {
            writeln!(f, "{}", render(diagnostic, &self.sources))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Makes an `OpenAPI` document of what is documented and what the overlay knows beyond that.
///
/// # Errors
/// Where one of the texts has not its form, a correction or a binding matches nothing, a value
/// has no name, evidence cannot be understood, or a word is missing.
pub fn normalize(documented: Source, overlay: Source) -> Result<Normalized, Refusal> {
    with_inputs(documented, overlay, |documented, overlay| {
        let vocabulary = unify(documented, overlay)?;
        let problems = words::check(documented, overlay, &vocabulary);
        if !problems.is_empty() {
            return Err(problems);
        }
        let document = assemble(documented, overlay, &vocabulary)?;
        let openapi = write::pretty(&Value::Object(document));
        Ok(Normalized {
            openapi,
            report: report(documented, overlay, &vocabulary),
        })
    })
}

/// Reads both texts, corrects the documentation, and hands them on.
pub(crate) fn with_inputs<T>(
    documented: Source,
    overlay: Source,
    work: impl FnOnce(&Documented, &Overlay) -> Result<T, Vec<Diagnostic>>,
) -> Result<T, Refusal> {
    let mut sources = Sources::new();
    let documented = sources.add(documented);
    let overlay = sources.add(overlay);
    let outcome = (|| {
        let limits = Limits {
            depth: 64,
            ..Limits::default()
        };
        let documented = verbatim_source::json::parse(&sources, documented, &limits)?;
        let overlay = verbatim_source::parse(&sources, overlay, &limits)?;
        let mut documented = Documented::read(&documented).map_err(|problem| vec![problem])?;
        let overlay = Overlay::read(&overlay).map_err(|problem| vec![problem])?;
        let problems = overlay.correct(&mut documented);
        if problems.is_empty() {
            work(&documented, &overlay)
        } else {
            Err(problems)
        }
    })();
    outcome.map_err(|diagnostics| Refusal {
        sources,
        diagnostics,
    })
}

fn assemble(
    documented: &Documented,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Result<Object, Vec<Diagnostic>> {
    let mut root = Object::new();
    let mut set = |key: &str, value: Value| root.insert(key, Node::made(value));
    set("openapi", Value::from("3.1.0"));
    for member in &overlay.document {
        set(&member.key, member.value.value.clone());
    }
    let server = Object::from_iter([("url", Value::from(documented.server.as_str()))]);
    set("servers", Value::from(vec![Value::Object(server)]));
    set("security", operation::security(&overlay.security.scheme));
    let tags: Vec<Value> = overlay
        .tags
        .iter()
        .map(|(name, description)| {
            Value::Object(Object::from_iter([
                ("name", Value::from(name.as_str())),
                ("description", Value::from(description.as_str())),
            ]))
        })
        .collect();
    set("tags", Value::from(tags));
    set(
        "paths",
        Value::Object(operation::paths(documented, overlay, vocabulary)?),
    );
    set(
        "components",
        Value::Object(components::components(documented, overlay, vocabulary)),
    );
    Ok(root)
}

fn report(documented: &Documented, overlay: &Overlay, vocabulary: &Vocabulary<'_>) -> Report {
    let bodies = || {
        documented
            .operations
            .iter()
            .flat_map(|operation| &operation.bodies)
    };
    let examples = || bodies().flat_map(|body| &body.examples);
    let properties = vocabulary
        .schemas
        .iter()
        .map(|schema| match &schema.content {
            Content::Object(properties, _) => properties.len(),
            _ => 0,
        });
    Report {
        operations: documented.operations.len(),
        examples: examples().count(),
        excluded: examples()
            .filter(|example| example.excluded.is_some())
            .count(),
        schemas: vocabulary.schemas.len(),
        properties: properties.sum(),
        corrections: overlay.actions.len(),
        declined: overlay
            .declined
            .iter()
            .map(|declined| (declined.fact.clone(), declined.reason.clone()))
            .collect(),
    }
}
