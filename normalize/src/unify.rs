//! One named schema for each real thing, derived from everything that is known about it.
//!
//! Every documented copy of a schema, every example and every correction is a piece of evidence.
//! The overlay says which pieces are about the same thing; [`pool`] brings them together and
//! [`mod@derive`] draws the conclusion: which properties there are, of which types, and which of them
//! are always there.

mod derive;
mod named;
mod partial;
mod pool;
mod render;
mod types;

use verbatim_source::{Diagnostic, Node};

use crate::evidence::{Documented, Operation, Side};
use crate::overlay::{Action, Overlay};

pub(crate) use derive::{Derived, ObjectShape};
pub(crate) use named::{Content, Named, Property};
pub(crate) use pool::Pools;
pub(crate) use render::{open as render_open, reference as render_reference, render};

/// The code of a value that has no name in the vocabulary.
pub const UNNAMED: &str = "N2201";
/// The code of a name that the vocabulary does not have.
pub const UNKNOWN_NAME: &str = "N2202";
/// The code of a binding that no evidence reaches.
pub const NO_EVIDENCE: &str = "N2203";
/// The code of evidence that contradicts itself or cannot be understood.
pub const BAD_EVIDENCE: &str = "N2204";
/// The code of a schema that requests and responses share without saying so.
pub const BOTH_WAYS: &str = "N2205";

/// A piece of evidence: what is known about one value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    /// What is known.
    pub piece: Piece<'a>,
    /// Where it is known from.
    pub origin: Origin<'a>,
}

/// What is known about a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece<'a> {
    /// A schema that it has.
    Schema(&'a Node),
    /// A value that was seen.
    Value(&'a Node),
}

/// Where a piece of evidence comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'a> {
    /// A documented schema or example.
    Body(&'a Operation, Side, u32),
    /// A correction.
    Action(&'a Action),
}

impl<'a> Item<'a> {
    /// The same origin with another piece, such as a property of an object.
    pub fn with(self, piece: Piece<'a>) -> Self {
        Self { piece, ..self }
    }

    /// What is known about a property, where anything is.
    pub fn property(self, name: &str) -> Option<Self> {
        match self.piece {
            Piece::Schema(node) => {
                let property = node.get("properties")?.get(name)?;
                Some(self.with(Piece::Schema(property)))
            }
            Piece::Value(node) => Some(self.with(Piece::Value(node.get(name)?))),
        }
    }

    /// The names of the properties that are known.
    pub fn properties(self) -> impl Iterator<Item = &'a str> {
        let members = match self.piece {
            Piece::Schema(node) => node.get("properties").and_then(Node::as_object),
            Piece::Value(node) => node.as_object(),
        };
        members
            .into_iter()
            .flatten()
            .map(|member| member.key.as_str())
    }

    /// Where the piece stands in a text.
    pub fn span(self) -> verbatim_source::Span {
        match self.piece {
            Piece::Schema(node) | Piece::Value(node) => node.span,
        }
    }
}

/// Everything the API speaks of.
#[derive(Debug)]
pub(crate) struct Vocabulary<'a> {
    /// The evidence.
    pub pools: Pools<'a>,
    /// The named schemas in the order of the overlay.
    pub schemas: Vec<Named<'a>>,
    /// The schema of each body, by operation and side.
    pub bodies: indexmap::IndexMap<(&'a str, Side), Derived<'a>>,
}

/// Brings the evidence together and derives all schemas.
///
/// # Errors
/// Where a value has no name, a name means nothing, or evidence cannot be understood.
pub(crate) fn unify<'a>(
    documented: &'a Documented,
    overlay: &'a Overlay,
) -> Result<Vocabulary<'a>, Vec<Diagnostic>> {
    let pools = Pools::gather(documented, overlay)?;
    let mut problems = Vec::new();
    let mut schemas = named::derive_all(overlay, &pools, &mut problems);
    let bodies = named::derive_bodies(documented, overlay, &pools, &mut problems);
    if let Some(rule) = &overlay.behaviours.partial {
        partial::loosen(rule, documented, &bodies, &mut schemas);
    }
    if problems.is_empty() {
        Ok(Vocabulary {
            pools,
            schemas,
            bodies,
        })
    } else {
        Err(problems)
    }
}
