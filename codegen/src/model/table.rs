//! The table of operations.

use std::collections::BTreeSet;

use super::Docs;
use super::endpoint::{Body, Operation, Parameter, Reply};
use super::name::Ident;
use super::replies::{extent, named, status};
use super::type_name::type_name;
use super::types::Types;
use crate::ir::{self, Additional, Shape, TypeId};

/// How deep secrets are looked for, and how many are named.
const DEPTH: usize = 8;
const SECRETS: usize = 64;

/// The constant of an operation.
pub fn operation(
    types: &Types<'_>,
    operation: &ir::Operation,
    id: &str,
    constant: Ident,
) -> Operation {
    let idempotent = !matches!(operation.method.as_str(), "POST" | "PATCH")
        && operation
            .method
            .chars()
            .all(|each| each.is_ascii_uppercase());
    let used = |ty: Option<&ir::Use>| ty.map(|ty| type_name(&types.used(ty))).unwrap_or_default();
    let bodies = operation.body.iter().flat_map(|body| {
        body.contents.iter().map(|content| Body {
            media: content.media.clone(),
            schema: used(content.ty.as_ref()),
            required: body.required,
        })
    });
    let replies = operation.replies.iter().flat_map(|reply| {
        let status = status(reply.status);
        let contents = named(reply, extent(operation));
        let empty = contents.is_empty().then(|| Reply {
            status,
            media: String::new(),
            schema: String::new(),
        });
        let pairs = contents.into_iter().map(move |content| (status, content));
        let replies = pairs.map(|(status, content)| Reply {
            status,
            media: content.media.clone(),
            schema: used(content.ty.as_ref()),
        });
        replies.chain(empty).collect::<Vec<_>>()
    });
    let summary = if operation.summary.is_empty() {
        &operation.description
    } else {
        &operation.summary
    };
    Operation {
        constant,
        docs: Docs::own(super::plain_words(
            summary.lines().next().unwrap_or_default(),
        )),
        id: id.to_owned(),
        method: operation.method.clone(),
        path: operation.path.clone(),
        tag: operation.tags.first().cloned().unwrap_or_default(),
        deprecated: operation.deprecated,
        idempotent: operation.idempotent.unwrap_or(idempotent),
        parameters: operation
            .parameters
            .iter()
            .map(|it| parameter(types, it))
            .collect(),
        bodies: bodies.collect(),
        replies: replies.collect(),
        security: operation.security.clone(),
        secrets: secrets(types, operation),
        servers: operation.servers.clone(),
        pagination: operation.pagination.clone(),
        wait: operation.wait.clone(),
    }
}

fn parameter(types: &Types<'_>, parameter: &ir::Parameter) -> Parameter {
    let target = types.api.get(types.resolved(parameter.ty.id).0);
    Parameter {
        name: parameter.name.clone(),
        place: parameter.place,
        required: parameter.required,
        style: parameter.style,
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        schema: type_name(&types.used(&parameter.ty)),
        secret: target.is_secret(),
        bounds: types.checks(parameter.ty.id),
    }
}

/// The pointers of secret values in the request and the replies.
fn secrets(types: &Types<'_>, operation: &ir::Operation) -> Vec<String> {
    let mut search = Search {
        types,
        found: BTreeSet::new(),
        path: Vec::new(),
    };
    for id in operation.request_types().chain(operation.response_types()) {
        search.look(id, "");
    }
    search.found.into_iter().collect()
}

struct Search<'a> {
    types: &'a Types<'a>,
    found: BTreeSet<String>,
    /// The types on the way, so that none is looked into within itself.
    path: Vec<TypeId>,
}

impl Search<'_> {
    /// Looks into a type; bounded in depth and number, since secrets stand near the surface.
    fn look(&mut self, id: TypeId, at: &str) {
        let (id, _) = self.types.resolved(id);
        if !self.types.holds_secret(id)
            || self.path.contains(&id)
            || self.path.len() >= DEPTH
            || self.found.len() >= SECRETS
        {
            return;
        }
        let def = self.types.api.get(id);
        if def.is_secret() {
            self.found.insert(at.to_owned());
            return;
        }
        self.path.push(id);
        match &def.shape {
            Shape::Object(object) => {
                for property in &object.properties {
                    let name = property.name.replace('~', "~0").replace('/', "~1");
                    self.look(property.ty.id, &format!("{at}/{name}"));
                }
                if let Additional::Typed(ty) = &object.additional {
                    self.look(ty.id, &format!("{at}/*"));
                }
            }
            Shape::Array(item) | Shape::Map(item) => self.look(item.id, &format!("{at}/*")),
            Shape::Root(key, inner) => {
                let key = key.replace('~', "~0").replace('/', "~1");
                self.look(inner.id, &format!("{at}/{key}"));
            }
            Shape::Tuple(tuple) => tuple
                .items
                .iter()
                .chain(&tuple.rest)
                .for_each(|item| self.look(item.id, &format!("{at}/*"))),
            Shape::Union(union) => union
                .branches
                .iter()
                .for_each(|branch| self.look(branch.ty.id, at)),
            _ => {}
        }
        self.path.pop();
    }
}
