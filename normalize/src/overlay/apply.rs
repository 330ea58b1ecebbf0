//! Corrections of what is documented: statuses, parameters, bodies, examples, pieces of schema.

use verbatim_source::equal::same;
use verbatim_source::{Diagnostic, Node, Object, Span, Value, pointer};

use super::field::{boolean, object};
use super::{Action, Change, Overlay, Target, complain};
use crate::evidence::{Body, Documented, Operation, Parameter, Side};

/// The code of a correction that matches nothing.
pub const NO_MATCH: &str = "N2101";
/// The code of a correction that changes nothing.
pub const NO_CHANGE: &str = "N2102";
/// The code of a correction that cannot be done to its target.
pub const NO_SENSE: &str = "N2103";

impl Overlay {
    /// Applies all corrections whose target is documented; those of named schemas come later,
    /// when the schemas are derived.
    pub(crate) fn correct(&self, documented: &mut Documented) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (number, action) in self.actions.iter().enumerate() {
            if let Some(line) = action.lines.iter().find(|line| **line > documented.lines) {
                let message = format!("the documentation has no line {line}");
                problems
                    .push(Diagnostic::error(NO_MATCH, message).at(action.span, "this correction"));
            }
            for (target, span) in &action.targets {
                let key = match target {
                    Target::Named(..) => continue,
                    Target::Operation(key)
                    | Target::Parameter(key, ..)
                    | Target::Body(key, _)
                    | Target::Example(key, ..)
                    | Target::Schema(key, ..) => key,
                };
                if let (Target::Operation(_), Change::Add(like)) = (target, &action.change) {
                    problems.extend(add_operation(documented, key, like, number, *span).err());
                    continue;
                }
                let Some(operation) = documented.operation_mut(key) else {
                    let message = format!("there is no operation `{key}`");
                    problems.push(complain(NO_MATCH, message, *span));
                    continue;
                };
                let outcome = correct_operation(operation, target, action, number, *span);
                problems.extend(outcome.err());
            }
        }
        problems
    }
}

/// Adds an operation that is not documented, behind one that it resembles: it takes the headers of that one.
fn add_operation(
    documented: &mut Documented,
    key: &str,
    like: &Node,
    number: usize,
    span: Span,
) -> Result<(), Diagnostic> {
    if documented.operation(key).is_some() {
        return Err(complain(
            NO_SENSE,
            "this operation is documented already",
            span,
        ));
    }
    let like = like.get("like").and_then(Node::as_str).unwrap_or_default();
    let mut operations = documented.operations.iter();
    let Some(place) = operations.position(|operation| operation.key == like) else {
        let message = format!("`like` names no operation: `{like}`");
        return Err(complain(NO_MATCH, message, span));
    };
    let (method, path) = key.split_once(' ').unwrap_or_default();
    let model = &documented.operations[place];
    let headers = model.parameters.iter();
    let operation = Operation {
        key: key.to_owned(),
        method: method.to_ascii_lowercase(),
        path: path.to_owned(),
        line: 0,
        parameters: headers.filter(|it| it.place == "header").cloned().collect(),
        bodies: Vec::new(),
        extra: Object::new(),
        corrections: vec![number],
    };
    documented.operations.insert(place + 1, operation);
    Ok(())
}

fn correct_operation(
    operation: &mut Operation,
    target: &Target,
    action: &Action,
    number: usize,
    span: Span,
) -> Result<(), Diagnostic> {
    match (target, &action.change) {
        (Target::Operation(_), Change::Set(members)) => {
            for member in members {
                operation
                    .extra
                    .insert(member.key.clone(), member.value.clone());
            }
            operation.corrections.push(number);
            Ok(())
        }
        (Target::Parameter(_, place, name), change) => {
            let parameter = correct_parameter(operation, (place, name), change, span)?;
            parameter.corrections.push(number);
            Ok(())
        }
        (Target::Body(_, side), Change::Add(_)) => {
            let media = Some("application/json".to_owned());
            add_body(
                operation,
                Body {
                    media,
                    ..blank(*side, number)
                },
                span,
            )
        }
        (Target::Body(_, side), Change::Like(status)) => {
            let Some(model) = operation.body(Side::Status(*status)) else {
                let message = format!("there is no response with the status {status}");
                return Err(complain(NO_MATCH, message, span));
            };
            let (media, like) = (model.media.clone(), Some(*status));
            add_body(
                operation,
                Body {
                    media,
                    like,
                    ..blank(*side, number)
                },
                span,
            )
        }
        (
            Target::Body(_, side) | Target::Example(_, side, _) | Target::Schema(_, side, _),
            change,
        ) => {
            let Some(body) = operation.body_mut(*side) else {
                return Err(complain(NO_MATCH, "there is no such body", span));
            };
            correct_body(body, target, change, action, span)?;
            body.corrections.push(number);
            Ok(())
        }
        _ => Err(complain(NO_SENSE, "this change makes no sense here", span)),
    }
}

fn add_body(operation: &mut Operation, body: Body, span: Span) -> Result<(), Diagnostic> {
    if operation.body(body.side).is_some() {
        return Err(complain(NO_SENSE, "this body is documented already", span));
    }
    operation.bodies.push(body);
    operation.bodies.sort_by_key(|body| body.side);
    Ok(())
}

fn blank(side: Side, correction: usize) -> Body {
    Body {
        side,
        line: 0,
        media: None,
        schema: None,
        schema_line: 0,
        examples: Vec::new(),
        optional: false,
        like: None,
        corrections: vec![correction],
    }
}

fn correct_parameter<'a>(
    operation: &'a mut Operation,
    (place, name): (&str, &str),
    change: &Change,
    span: Span,
) -> Result<&'a mut Parameter, Diagnostic> {
    let found = operation
        .parameters
        .iter()
        .position(|parameter| parameter.place == place && parameter.name == name);
    let members = match (change, found) {
        (Change::Set(members), Some(_)) => members,
        (Change::Add(node), None) => {
            operation.parameters.push(Parameter {
                place: place.to_owned(),
                name: name.to_owned(),
                required: false,
                schema: Object::new(),
                line: 0,
                corrections: Vec::new(),
            });
            object(node, "a parameter")?
        }
        (Change::Add(_), Some(_)) => {
            return Err(complain(
                NO_SENSE,
                "this parameter is documented already",
                span,
            ));
        }
        (_, None) => {
            return Err(complain(NO_MATCH, "there is no such parameter", span));
        }
        _ => return Err(complain(NO_SENSE, "this change makes no sense here", span)),
    };
    let at = found.unwrap_or(operation.parameters.len() - 1);
    let Some(parameter) = operation.parameters.get_mut(at) else {
        return Err(complain(NO_MATCH, "there is no such parameter", span));
    };
    let mut changed = false;
    for member in members {
        if member.key == "required" {
            let required = boolean(&member.value, "`required`")?;
            changed |= parameter.required != required;
            parameter.required = required;
            continue;
        }
        let old = parameter
            .schema
            .insert(member.key.clone(), member.value.clone());
        changed |= old.is_none_or(|old| same(&old.value, &member.value.value).is_err());
    }
    if !changed {
        return Err(complain(NO_CHANGE, "the correction changes nothing", span));
    }
    Ok(parameter)
}

fn correct_body(
    body: &mut Body,
    target: &Target,
    change: &Change,
    action: &Action,
    span: Span,
) -> Result<(), Diagnostic> {
    match (target, change) {
        (Target::Body(..), Change::Optional) => {
            body.optional = true;
            Ok(())
        }
        // These two take part in the derivation of the body's schema.
        (Target::Body(..), Change::Widen(_) | Change::Also(_)) => Ok(()),
        (Target::Example(_, _, number), Change::NotEvidence) => {
            let example = number
                .checked_sub(1)
                .and_then(|at| body.examples.get_mut(at));
            let Some(example) = example else {
                return Err(complain(NO_MATCH, "there is no such example", span));
            };
            example.excluded = Some(action.reason.clone());
            Ok(())
        }
        (Target::Schema(_, _, place), change) => {
            let piece = body
                .schema
                .as_mut()
                .and_then(|schema| pointer::resolve_mut(schema, place));
            let Some(piece) = piece else {
                return Err(complain(NO_MATCH, "the schema has nothing there", span));
            };
            correct_piece(piece, change, span)
        }
        _ => Err(complain(NO_SENSE, "this change makes no sense here", span)),
    }
}

fn correct_piece(piece: &mut Node, change: &Change, span: Span) -> Result<(), Diagnostic> {
    match change {
        Change::Replace(node) => {
            if same(&piece.value, &node.value).is_ok() {
                return Err(complain(NO_CHANGE, "the correction changes nothing", span));
            }
            *piece = node.clone();
            Ok(())
        }
        Change::Set(keywords) => {
            let Value::Object(members) = &mut piece.value else {
                return Err(complain(NO_MATCH, "this is no object", span));
            };
            for keyword in keywords {
                if members.contains_key(&keyword.key) {
                    let message = format!("there is a `{}` already", keyword.key);
                    return Err(complain(NO_SENSE, message, span));
                }
                members.insert(keyword.key.clone(), keyword.value.clone());
            }
            Ok(())
        }
        Change::Remove(keyword) => match &mut piece.value {
            Value::Object(members) if members.contains_key(keyword) => {
                members.remove(keyword);
                Ok(())
            }
            _ => Err(complain(
                NO_MATCH,
                format!("there is no `{keyword}` here"),
                span,
            )),
        },
        Change::Rename(from, to) => {
            let Value::Object(members) = &mut piece.value else {
                return Err(complain(NO_MATCH, "this is no object", span));
            };
            let Some(member) = members.remove(from) else {
                let message = format!("there is no `{from}` here");
                return Err(complain(NO_MATCH, message, span));
            };
            if members.insert(to.clone(), member.value).is_some() {
                let message = format!("there is a `{to}` already");
                return Err(complain(NO_SENSE, message, span));
            }
            Ok(())
        }
        _ => Err(complain(NO_SENSE, "this change makes no sense here", span)),
    }
}
