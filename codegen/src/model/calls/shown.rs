//! Calls as examples show them.

use super::Calls;
use crate::ir::{self, Content, Kind, Operation};
use crate::model::endpoint::Taken;
use crate::model::example::{self, Example, Expr};
use crate::model::name::{Ident, Usage, identifier};

impl Calls<'_> {
    /// A call with all that is required.
    pub(super) fn example(
        &self,
        operation: &Operation,
        content: Option<&Content>,
    ) -> Option<Example> {
        let mut arguments = Vec::new();
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
        {
            let given = parameter.example.as_ref();
            let value = match self.taken(parameter) {
                Taken::Text => example::text(&parameter.name, given),
                Taken::Value(_) => self.examples.value(&parameter.ty, given)?,
                Taken::Slice(_) => match self.examples.value(&parameter.ty, given)? {
                    Expr::List(items) => Expr::Slice(items),
                    _ => return None,
                },
                Taken::Reference(_) if self.is_scalar_union(parameter) => {
                    self.examples.value(&parameter.ty, given)?
                }
                _ => return None,
            };
            // What is borrowed has a line of its own.
            let borrowed = matches!(value, Expr::Slice(_) | Expr::Wrapped(..));
            let name = borrowed.then(|| identifier(&parameter.name, Usage::Value));
            arguments.push((name, value));
        }
        if let (Some(content), Some(body)) = (content, &operation.body)
            && body.required
        {
            let ty = content.ty.as_ref().filter(|ty| match content.kind {
                Kind::Json => true,
                // A form is taken in the type that carries it, and never null, which no example shows.
                Kind::Form => self.types.used(ty).form().is_none() && !self.types.is_nullable(ty),
                _ => false,
            })?;
            let value = match self.examples.value(ty, content.example.as_ref())? {
                Expr::List(items) => Expr::Slice(items),
                other => other,
            };
            arguments.push((Some(Ident::fixed("body")), value));
        }
        Some(Example { arguments })
    }

    /// Whether a parameter is one of several plain values.
    fn is_scalar_union(&self, parameter: &ir::Parameter) -> bool {
        let shape = |id| &self.types.api.get(self.types.resolved(id).0).shape;
        let is_scalar = |id| {
            use ir::Shape::{Boolean, Enum, Integer, Number, Text};
            matches!(shape(id), Boolean | Enum(_) | Integer(_) | Number | Text(_))
        };
        let ir::Shape::Union(union) = shape(parameter.ty.id) else {
            return false;
        };
        union.branches.iter().all(|branch| is_scalar(branch.ty.id))
    }
}
