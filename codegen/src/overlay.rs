//! Overlays: corrections of a document that is not ours, kept in a file of their own.
//!
//! The `OpenAPI` Overlay Specification 1.0 and 1.1. Actions are applied to the tree of the root file before anything of it
//! is understood. What an action brings in keeps its place in the overlay, so that complaints about the result show
//! the file that a person would change.

mod action;
mod path;
mod read;

use verbatim_source::{Limits, Node, Value};

use crate::problem::{Problem, setting};
use crate::spanned::Text;
use path::{Shadow, Step};

/// One action, as it is read.
#[derive(Debug)]
struct Action {
    target: Text,
    what: What,
}

/// What an action does at its targets.
#[derive(Debug)]
enum What {
    /// Merges a value.
    Update(Node),
    /// Merges the value of another place.
    Copy(Text),
    /// Takes them out.
    Remove,
}

/// Applies an overlay; stops at the first action that cannot be done, since those after it build on it.
///
/// # Errors
/// All that is wrong with the overlay, or with the action at which it stopped.
pub fn apply(root: &mut Node, overlay: &Node, limits: &Limits) -> Result<(), Vec<Problem>> {
    let actions = read::actions(overlay)?;
    let mut shadow = Shadow::of(root);
    let mut problems = Vec::new();
    for action in &actions {
        match shadow.select(&action.target) {
            Err(problem) => problems.push(*problem),
            Ok(places) if places.is_empty() => {
                let message = format!("`{}` selects nothing", action.target.value);
                problems.push(setting::error(
                    &setting::OVERLAY_UNMATCHED,
                    message,
                    action.target.span,
                    "selects nothing",
                ));
            }
            Ok(places) => {
                action::perform(root, &mut shadow, action, places)
                    .map_err(|problem| vec![*problem])?;
                within(root, action, limits).map_err(|problem| vec![*problem])?;
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Whether a tree is still one that a reader would take. Copies of copies would soon be none.
fn within(root: &Node, action: &Action, limits: &Limits) -> Result<(), Box<Problem>> {
    let mut open = vec![(root, 1_usize)];
    let mut nodes = 0_usize;
    while let Some((node, depth)) = open.pop() {
        nodes += 1;
        if nodes > limits.nodes || depth > limits.effective_depth() {
            let message = "with this action the document grows beyond all measure";
            let (entry, span) = (&setting::OVERLAY_FIT, action.target.span);
            return Err(setting::error(entry, message, span, "adds too much").into());
        }
        match &node.value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(object) => {
                open.extend(object.iter().map(|member| (&member.value, depth + 1)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The value at a place.
fn at<'a>(root: &'a mut Node, steps: &[Step]) -> Option<&'a mut Node> {
    steps
        .iter()
        .try_fold(root, |node, step| match (&mut node.value, step) {
            (Value::Object(object), Step::Name(name)) => object.get_mut(name),
            (Value::Array(items), Step::Item(index)) => items.get_mut(*index),
            _ => None,
        })
}

#[cfg(test)]
mod tests;
