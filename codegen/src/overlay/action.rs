//! Doing what an action says.

use verbatim_source::{Member, Node, Object, Span, Value};

use super::path::{Shadow, Step};
use super::{Action, What, at};
use crate::problem::{Problem, setting};
use crate::spanned::Text;

/// Does an action at each of its targets.
pub fn perform(
    root: &mut Node,
    shadow: &mut Shadow,
    action: &Action,
    places: Vec<Vec<Step>>,
) -> Result<(), Box<Problem>> {
    let given = match &action.what {
        What::Remove => return remove(root, shadow, &action.target, &places),
        What::Update(value) => value.clone(),
        What::Copy(from) => copied(root, shadow, from)?,
    };
    for place in places {
        let Some(target) = at(root, &place) else {
            continue;
        };
        merge(target, &given).map_err(|misfit| Box::new(misfit.problem(&action.target)))?;
        shadow.follow(&place, target);
    }
    Ok(())
}

/// The value that a copy begins with.
fn copied(root: &mut Node, shadow: &Shadow, from: &Text) -> Result<Node, Box<Problem>> {
    let places = shadow.select(from)?;
    match places.as_slice() {
        [only] => Ok(at(root, only).map_or_else(|| Node::made(Value::Null), |node| node.clone())),
        [] => {
            let message = format!("`{}` selects nothing to copy", from.value);
            let entry = &setting::OVERLAY_UNMATCHED;
            Err(setting::error(entry, message, from.span, "selects nothing").into())
        }
        several => {
            let message = format!("`{}` selects {} places", from.value, several.len());
            let entry = &setting::OVERLAY_FIT;
            Err(setting::error(entry, message, from.span, "must select one").into())
        }
    }
}

fn remove(
    root: &mut Node,
    shadow: &mut Shadow,
    target: &Text,
    places: &[Vec<Step>],
) -> Result<(), Box<Problem>> {
    // Places behind others come first, and so do those within others.
    for place in places {
        let Some((last, around)) = place.split_last() else {
            let message = "the whole document would be removed";
            let entry = &setting::OVERLAY_FIT;
            return Err(setting::error(entry, message, target.span, "selects the root").into());
        };
        let Some(holder) = at(root, around) else {
            continue;
        };
        match (&mut holder.value, last) {
            (Value::Object(object), Step::Name(name)) => drop(object.remove(name)),
            (Value::Array(items), Step::Item(index)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
    }
    // One look at each holder is enough once all is taken out; holders that are gone themselves are not found.
    let mut holders: Vec<&[Step]> = places
        .iter()
        .filter_map(|it| Some(it.split_last()?.1))
        .collect();
    holders.dedup();
    for around in holders {
        if let Some(holder) = at(root, around) {
            shadow.follow(around, holder);
        }
    }
    Ok(())
}

/// Two values that cannot become one.
struct Misfit {
    target: &'static str,
    target_span: Span,
    given: &'static str,
    given_span: Span,
}

impl Misfit {
    fn problem(&self, action: &Text) -> Problem {
        let message = format!("{} cannot be merged into {}", self.given, self.target);
        let mut problem = setting::error(
            &setting::OVERLAY_FIT,
            message,
            self.given_span.at_start(),
            &format!("is {}", self.given),
        );
        let label = format!("is {}", self.target);
        problem.diagnostic = problem.diagnostic.seen(self.target_span.at_start(), label);
        problem.diagnostic = problem.diagnostic.seen(action.span, "the action");
        problem
    }
}

/// Merges a value into another: objects member by member, arrays by adding, others by replacing.
fn merge(target: &mut Node, given: &Node) -> Result<(), Misfit> {
    let misfit = Misfit {
        target: target.value.kind(),
        target_span: target.span,
        given: given.value.kind(),
        given_span: given.span,
    };
    match (&mut target.value, &given.value) {
        (Value::Object(into), Value::Object(from)) => return merge_members(into, from),
        (Value::Array(into), Value::Array(from)) => into.extend(from.iter().cloned()),
        (Value::Array(into), _) => into.push(given.clone()),
        (Value::Object(_), _) | (_, Value::Object(_) | Value::Array(_)) => return Err(misfit),
        _ => *target = given.clone(),
    }
    Ok(())
}

fn merge_members(into: &mut Object, from: &Object) -> Result<(), Misfit> {
    for member in from {
        match into.get_mut(&member.key) {
            // Within a merge a value that is no array is not added to one; only an action aimed at the array adds.
            Some(present)
                if matches!(present.value, Value::Array(_))
                    != matches!(member.value.value, Value::Array(_)) =>
            {
                return Err(Misfit {
                    target: present.value.kind(),
                    target_span: present.span,
                    given: member.value.value.kind(),
                    given_span: member.value.span,
                });
            }
            Some(present) => merge(present, &member.value)?,
            None => into.add(Member::clone(member)),
        }
    }
    Ok(())
}
