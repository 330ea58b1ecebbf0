//! The table of operations.

use std::collections::BTreeSet;

use super::calls::Calls;
use super::endpoint::{Body, Operation, Pagination, Parameter, Reply, Wait};
use super::name::Ident;
use super::replies::{extent, named, status};
use super::types::Types;
use super::{Docs, Type};
use crate::ir::{self, Additional, Place, Shape, Style, TypeId};

/// How deep secrets are looked for, and how many are named.
const DEPTH: usize = 8;
const SECRETS: usize = 64;

/// The constant of an operation.
pub fn operation(
    calls: &Calls<'_>,
    operation: &ir::Operation,
    id: &str,
    constant: Ident,
) -> Operation {
    let types = calls.types;
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
        scopes: operation.scopes.clone(),
        idempotency_key: operation.idempotency_key.clone().unwrap_or_default(),
        secrets: secrets(types, operation),
        servers: operation
            .servers
            .iter()
            .map(super::service::server)
            .collect(),
        pagination: operation.pagination.as_ref().map(pagination),
        wait: operation.wait.as_ref().map(wait),
    }
}

fn parameter(types: &Types<'_>, parameter: &ir::Parameter) -> Parameter {
    let target = types.api.get(types.resolved(parameter.ty.id).0);
    Parameter {
        name: parameter.name.clone(),
        place: match parameter.place {
            Place::Path => "Path",
            Place::Query => "Query",
            Place::Header => "Header",
            Place::Cookie => "Cookie",
        },
        required: parameter.required,
        style: style(parameter.style),
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        schema: type_name(&types.used(&parameter.ty)),
        secret: target.is_secret(),
        bounds: types.checks(parameter.ty.id),
    }
}

/// The variant of `Style`.
pub fn style(style: Style) -> &'static str {
    match style {
        Style::Form => "Form",
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::DeepObject => "DeepObject",
        Style::Simple => "Simple",
        Style::Label => "Label",
        Style::Matrix => "Matrix",
        Style::Json => "Json",
    }
}

/// The name of a type as a text: `Vec<Server>`.
pub fn type_name(ty: &Type) -> String {
    match ty {
        Type::Unit => "()".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::String => "String".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::SecretString => "SecretString".to_owned(),
        Type::SecretJson => "SecretJson".to_owned(),
        Type::Foreign(path) => path.to_string(),
        Type::File => "FilePart".to_owned(),
        Type::Named(name) | Type::Alias(name, _) => name.to_string(),
        Type::Box(inner) | Type::As(inner) => type_name(inner),
        Type::Vec(inner) => format!("Vec<{}>", type_name(inner)),
        Type::Map(inner) => format!("Map<{}>", type_name(inner)),
        Type::Nullable(inner) => format!("Nullable<{}>", type_name(inner)),
        Type::Option(inner) => format!("Option<{}>", type_name(inner)),
        Type::Root(key, inner) => format!("{{{}: {}}}", key.wire, type_name(inner)),
    }
}

fn pagination(rule: &ir::Pagination) -> Pagination {
    let style = match rule.style.as_str() {
        "offset" => "Offset",
        "cursor" => "Cursor",
        "link" => "Link",
        _ => "Page",
    };
    let end = match rule.end.as_str() {
        "empty-page" => "EmptyPage",
        "total" => "Total",
        "next" => "Next",
        _ => "ShortPage",
    };
    Pagination {
        style: style.to_owned(),
        page: rule.page.clone(),
        size: rule.size.clone(),
        first: rule.first,
        end: end.to_owned(),
        total_header: rule.total_header.clone(),
        total_pointer: rule.total.clone(),
        next_pointer: rule.next.clone(),
        items_pointer: rule.items.clone(),
        identity: rule.identity.clone(),
    }
}

fn wait(rule: &ir::Wait) -> Wait {
    Wait {
        poll: rule.poll.clone(),
        parameters: rule.parameters.clone(),
        state: rule.state.clone(),
        percent: rule.percent.clone(),
        done: rule.done.clone(),
        failed: rule.failed.clone(),
        percent_null: rule.percent_null,
        gone: rule.gone,
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
