//! Groups of parameters.

use super::super::code;
use super::super::document::{Parameter, Place};
use super::super::lines::Line;
use super::super::shape::{ParameterLine, Shape};
use super::{Reader, Step};

/// The types a parameter may have.
const TYPES: [&str; 9] = [
    "string", "integer", "number", "boolean", "date", "datetime", "file", "array", "object",
];

impl Reader<'_, '_> {
    /// Reads a heading and the parameters under it.
    pub(super) fn group(&mut self, place: Place, parameters: &mut Vec<Parameter>) -> Step<()> {
        self.take()?;
        let before = parameters.len();
        loop {
            match self.shape() {
                Some(Shape::Parameter(parts)) => {
                    let line = self.take()?;
                    let parameter = self.parameter(place, line, parts)?;
                    if parameters
                        .iter()
                        .any(|known| known.place == place && known.name == parameter.name)
                    {
                        let message = format!("the parameter `{}` stands twice", parameter.name);
                        return Err(self.refuse(code::REPEATED, &message, line).into());
                    }
                    parameters.push(parameter);
                    self.description()?;
                }
                Some(Shape::Item) => {
                    let line = self.take()?;
                    let problem = self.refuse(
                        code::PARAMETER,
                        "this is not how a parameter is written",
                        line,
                    );
                    return Err(problem
                        .help(
                            "parameters are written `- name: (type)` or `- name: required (type)`",
                        )
                        .into());
                }
                _ if parameters.len() == before => {
                    return Err(self.unexpected("`- name: (type)`").into());
                }
                _ => return Ok(()),
            }
        }
    }

    fn parameter(&self, place: Place, line: Line<'_>, parts: ParameterLine<'_>) -> Step<Parameter> {
        let values: Vec<String> = match parts.kind.strip_prefix("one of ") {
            Some(list) => list
                .split(',')
                .map(|value| value.trim().to_owned())
                .collect(),
            None => Vec::new(),
        };
        let kind = if values.is_empty() {
            parts.kind
        } else {
            "string"
        };
        if !TYPES.contains(&kind) || values.iter().any(String::is_empty) {
            let problem = self.refuse(
                code::PARAMETER,
                &format!("unknown type `{}` of a parameter", parts.kind),
                line,
            );
            return Err(problem
                .help(format!(
                    "known types: {}, one of A, B, ...",
                    TYPES.join(", ")
                ))
                .into());
        }
        Ok(Parameter {
            place,
            name: parts.name.to_owned(),
            kind: kind.to_owned(),
            required: parts.required,
            line: line.number,
            values,
        })
    }
}
