//! Reading JSON and YAML text precisely: spans, number literals, key order, diagnostics.
//!
//! A [`Source`] is a named text. [`parse`] turns it into a tree of [`Node`]s in which every value
//! knows where it was written, every number is kept as its literal, and the members of every
//! object stand in the order of the text. Complaints are [`Diagnostic`]s: data with labelled
//! places, drawn with [`render`] or given to programs with [`render_json`].
//!
//! No function here recurses on the nesting of its input without a bound: readers stop at
//! [`Limits::depth`], and the writer and the comparer keep their own stacks.

mod bytes;
pub mod catalogue;
pub mod decimal;
pub mod diagnostic;
pub mod equal;
pub mod json;
pub mod limits;
mod near;
pub mod node;
pub mod pointer;
mod printable;
mod remark;
mod render;
mod report;
pub mod text;
mod tree;
pub mod write;
pub mod yaml;

pub use decimal::Decimal;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use limits::{Budget, Limits};
pub use near::{listed, near};
pub use node::{Duplicate, Member, Node, Object, Value};
pub use pointer::Pointer;
pub use printable::{one_line, printable, printable_json};
pub use remark::{Place, Remark, Rules, sarif};
pub use render::{render, render_json, render_styled};
pub use text::{Source, SourceId, Sources, Span};
pub use tree::Tree;

/// Reads a source as JSON or YAML, whichever its content is.
///
/// A text whose first significant character is `{` or `[` is JSON, everything else is YAML. A
/// file that is called `.yaml` or `.yml` and opens with a bracket is read as JSON first, because
/// that is quicker, and as YAML where it is not JSON.
///
/// # Errors
/// All problems found, in the order of the text; never an empty list.
pub fn parse(sources: &Sources, id: SourceId, limits: &Limits) -> Result<Node, Vec<Diagnostic>> {
    parse_within(sources, id, &mut Budget::new(*limits)).and_then(Tree::strict)
}

/// Reads a source as [`parse`] does, as one of several that a budget bounds together. Keys named twice
/// are no error: they are told of beside the tree, in which the first of each stands.
///
/// # Errors
/// All other problems found, in the order of the text; never an empty list.
pub fn parse_within(
    sources: &Sources,
    id: SourceId,
    budget: &mut Budget,
) -> Result<Tree, Vec<Diagnostic>> {
    let text = catalogue::text(sources, id, budget)?;
    let significant = text.trim_start_matches([' ', '\t', '\r', '\n']);
    if !significant.starts_with(['{', '[']) {
        return yaml::read(text, id, budget);
    }
    let name = sources.get(id).map_or("", Source::name);
    match json::read(text, id, budget) {
        Err(problems) if is_called_yaml(name) && !limits_met(&problems) => {
            let inside = significant.get(1..).unwrap_or("").trim_start();
            let opens_as_json = inside.is_empty() || inside.starts_with('"');
            yaml::read(text, id, budget).map_err(|from_yaml| {
                if opens_as_json && !limits_met(&from_yaml) {
                    problems
                } else {
                    from_yaml
                }
            })
        }
        outcome => outcome,
    }
}

fn is_called_yaml(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

/// Whether reading stopped at a limit, which reading again in another way would only meet again.
fn limits_met(problems: &[Diagnostic]) -> bool {
    problems.iter().any(|problem| {
        [
            catalogue::TOO_LARGE,
            catalogue::TOO_DEEP,
            catalogue::TOO_MANY,
        ]
        .contains(&problem.code)
    })
}

#[cfg(test)]
mod tests;
