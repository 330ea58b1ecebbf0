//! Keys that are named twice: what each of them makes unclear.

use verbatim_source::{Duplicate, Severity, Span, catalogue};

use super::Reader;
use crate::document::{Arenas, Id, Schema};
use crate::problem::{Problem, Scope};

/// Members that only describe: which of two is meant matters to nobody.
const DESCRIBING: [&str; 7] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "externalDocs",
    "termsOfService",
];

/// Members outside of all parts that hold parts, so that without the second one parts would be lost.
const HOLDING: [&str; 14] = [
    "openapi",
    "swagger",
    "paths",
    "webhooks",
    "components",
    "definitions",
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "headers",
    "securitySchemes",
    "securityDefinitions",
    "servers",
];

impl Reader<'_> {
    /// Tells what was read though it is not quite right.
    pub(super) fn readings(&mut self) {
        let warnings = self.input.warnings().cloned();
        let told = warnings.map(|diagnostic| Problem {
            diagnostic,
            scope: Scope::Document,
        });
        self.document.problems.extend(told);
    }

    /// Reports the keys that are named twice. With the same value they are no more than strange; the
    /// part that is named twice, or whose member is, cannot be used.
    ///
    /// # Errors
    /// Where what is unclear is not within a part.
    pub(super) fn repeated(&mut self) -> Result<(), Vec<Problem>> {
        let input = self.input;
        let mut parts = None;
        let mut fatal = Vec::new();
        for duplicate in input.files().iter().flat_map(|file| &file.repeated) {
            let mut diagnostic = catalogue::duplicate_key(duplicate);
            let parts = parts.get_or_insert_with(|| spans(&self.document.arenas));
            let first = self.first_of(parts, duplicate);
            let is_word = DESCRIBING.contains(&&*duplicate.key) || duplicate.key.starts_with("x-");
            // A property may be called as such a word is.
            if duplicate.same || (is_word && first.is_none()) {
                diagnostic.severity = Severity::Warning;
                self.document.problems.push(Problem {
                    diagnostic,
                    scope: Scope::Document,
                });
                continue;
            }
            let scope = first.or_else(|| holder(parts, duplicate));
            if let Some(Scope::Schema(id)) = scope {
                self.unclear(id);
            }
            let problem = Problem {
                diagnostic,
                scope: scope.unwrap_or(Scope::Document),
            };
            if scope.is_none() && HOLDING.contains(&&*duplicate.key) {
                fatal.push(problem);
            } else {
                self.document.problems.push(problem);
            }
        }
        if fatal.is_empty() { Ok(()) } else { Err(fatal) }
    }

    /// Takes away what an unclear schema says.
    fn unclear(&mut self, id: Id<Schema>) {
        if let Some(schema) = self.document.arenas.schemas.get_mut(id) {
            *schema = Schema {
                location: std::mem::take(&mut schema.location),
                span: schema.span,
                unclear: true,
                ..Schema::default()
            };
        }
    }

    /// The part that is the value of the first of the two members.
    fn first_of(&self, parts: &[(Span, Scope)], duplicate: &Duplicate) -> Option<Scope> {
        let first = duplicate.first;
        let source = self.input.sources().get(first.source)?;
        let follows = |span: &Span| {
            let between = first.end as usize..span.start as usize;
            let between = source.text().get(between);
            between.is_some_and(|text| {
                text.chars()
                    .all(|letter| letter.is_whitespace() || "\"':?".contains(letter))
            })
        };
        let found = parts
            .iter()
            .filter(|(span, _)| span.source == first.source && follows(span));
        let largest = found.max_by_key(|(span, _)| span.end);
        largest.map(|(_, scope)| *scope)
    }
}

/// The smallest part in which the two members stand.
fn holder(parts: &[(Span, Scope)], duplicate: &Duplicate) -> Option<Scope> {
    let second = duplicate.second;
    let holds = |span: &Span| {
        span.source == second.source
            && span.start <= duplicate.first.start
            && second.end <= span.end
    };
    let found = parts.iter().filter(|(span, _)| holds(span));
    let smallest = found.min_by_key(|(span, _)| span.end - span.start);
    smallest.map(|(_, scope)| *scope)
}

/// Where each part stands.
fn spans(arenas: &Arenas) -> Vec<(Span, Scope)> {
    let mut spans = Vec::new();
    macro_rules! add {
        ($($arena:ident => $scope:ident),* $(,)?) => {$(
            let parts = arenas.$arena.iter();
            spans.extend(parts.map(|(id, part)| (part.span, Scope::$scope(id))));
        )*};
    }
    add! {
        schemas => Schema,
        path_items => PathItem,
        operations => Operation,
        parameters => Parameter,
        headers => Header,
        bodies => RequestBody,
        responses => Response,
        media_types => MediaType,
        examples => Example,
        callbacks => Callback,
        links => Link,
        schemes => SecurityScheme,
    }
    // Within an example, nothing is unclear but the example.
    let of_schemas = arenas.schemas.iter();
    let of_schemas = of_schemas.flat_map(|(_, schema)| &schema.annotations.examples);
    let of_media = arenas.media_types.iter();
    let of_media = of_media.filter_map(|(_, media)| media.example.as_ref());
    let examples = of_schemas.chain(of_media);
    spans.extend(examples.map(|node| (node.span, Scope::Document)));
    spans
}
