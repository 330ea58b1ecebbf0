//! Operations as methods: groups, names, arguments, and the table of constants.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::build::GroupFile;
use super::endpoint::{Argument, CallType, Endpoint, Group, Table, Taken, Via};
use super::example::{Example, Examples, Expr};
use super::name::{Clash, Ident, Scope, Usage, identifier};
use super::replies::Outcome;
use super::types::Types;
use super::{Docs, File, Item, table};
use crate::ir::{self, Content, Kind, Operation, Place};
use crate::origin::Origin;

/// Decides on all operations.
pub struct Calls<'a> {
    /// The types they are made of.
    pub types: &'a Types<'a>,
    /// The operations by identifier, for those that are polled.
    pub by_id: IndexMap<&'a str, &'a Operation>,
    /// Values for examples.
    examples: Examples<'a>,
    /// The module of the client as a path, and the client, for examples.
    home: (String, Ident),
}

/// All operations, decided on.
pub struct Operations {
    /// The groups.
    pub groups: Vec<GroupFile>,
    /// The table.
    pub table: Table,
}

/// The groups of all operations, by their place in the API: declared, or the first tag, or the first word of the path
/// where several operations begin with it.
pub fn group_words(api: &ir::Api) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in &api.operations {
        *counts.entry(segment(operation)).or_default() += 1;
    }
    let word = |operation: &Operation| {
        let named = operation
            .group
            .as_deref()
            .or(operation.tags.first().map(String::as_str));
        let segment = Some(segment(operation)).filter(|segment| counts[segment] > 1);
        let word = named
            .filter(|word| !word.trim().is_empty())
            .or(segment)
            .unwrap_or("general");
        identifier(word, Usage::Module).to_string()
    };
    api.operations.iter().map(word).collect()
}

/// The first fixed part of a path.
fn segment(operation: &Operation) -> &str {
    let mut parts = operation
        .path
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('{'));
    parts.next().unwrap_or_default()
}

/// The identifier of an operation: its own, or one made of method and path.
pub fn operation_id(operation: &Operation) -> String {
    let made = || {
        let parts = operation.path.split('/').filter(|part| !part.is_empty());
        let words = parts.map(|part| {
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                Some(name) => format!("by {name}"),
                None => part.to_owned(),
            }
        });
        let words: Vec<String> = words.collect();
        format!("{} {}", operation.method.to_lowercase(), words.join(" "))
    };
    operation
        .id
        .clone()
        .filter(|id| !id.trim().is_empty())
        .unwrap_or_else(made)
}

/// What a method of a client is called by emitted code already.
const CLIENT_WORDS: [&str; 6] = ["new", "builder", "from_env", "client", "clone", "from"];

/// What a call can do already.
const CALL_WORDS: [&str; 15] = [
    "new",
    "map",
    "call",
    "timeout",
    "deadline",
    "retry",
    "extra_header",
    "send",
    "explain",
    "to_curl",
    "block",
    "pages",
    "items",
    "wait",
    "clone",
];

impl<'a> Calls<'a> {
    /// Decides on the operations of an API.
    pub fn new(types: &'a Types<'a>, home: (String, Ident)) -> Self {
        let operations = types.api.operations.iter();
        let by_id = operations
            .filter_map(|it| it.id.as_deref().map(|id| (id, it)))
            .collect();
        Self {
            types,
            by_id,
            examples: Examples::new(types),
            home,
        }
    }

    /// All operations by group, in the order of the document.
    pub fn operations(&self, clashes: &mut Vec<Clash>) -> Operations {
        let mut groups: IndexMap<String, Vec<&Operation>> = IndexMap::new();
        for (operation, word) in self
            .types
            .api
            .operations
            .iter()
            .zip(group_words(self.types.api))
        {
            groups.entry(word).or_default().push(operation);
        }
        let mut accessors = Scope::new();
        CLIENT_WORDS.iter().for_each(|word| accessors.reserve(word));
        let mut constants = Scope::new();
        constants.reserve("OPERATIONS");
        let mut table = Table {
            operations: Vec::new(),
        };
        let mut files = Vec::new();
        for (word, operations) in groups {
            let origin = operations[0].origin.clone();
            let accessor = accessors.claim(&word, Usage::Value, &origin);
            files.push(self.group(&word, &accessor, &operations, &mut constants, &mut table));
        }
        clashes.extend(accessors.take_clashes());
        clashes.extend(constants.take_clashes());
        Operations {
            groups: files,
            table,
        }
    }

    fn group(
        &self,
        word: &str,
        accessor: &Ident,
        operations: &[&Operation],
        constants: &mut Scope,
        table: &mut Table,
    ) -> GroupFile {
        let mut names = Scope::new();
        names.reserve("types");
        let name = names.claim(word, Usage::Type, &Origin::default());
        let mut methods = Scope::new();
        let mut endpoints = Vec::new();
        let mut further = Vec::new();
        for operation in operations {
            let id = operation_id(operation);
            let constant = constants.claim(&id, Usage::Constant, &operation.origin);
            let outcome = self.outcome(operation, &mut names, &mut further);
            table
                .operations
                .push(table::operation(self, operation, &id, constant.clone()));
            for content in bodies(operation) {
                let wanted = method_word(operation, word, &id, content);
                let method = methods.claim(&wanted, Usage::Value, &operation.origin);
                let call = self.endpoint(operation, content, &outcome, (method, constant.clone()));
                let (mut endpoint, call) = call;
                if let Some(call) = call {
                    let name = names.claim(
                        &call_word(&id, content, operation),
                        Usage::Type,
                        &operation.origin,
                    );
                    endpoint.call = Some(name.clone());
                    further.push(Item::CallType(CallType { name, ..call }));
                }
                endpoints.push(endpoint);
            }
        }
        let tag = operations[0].tags.first();
        let described = self
            .types
            .api
            .tags
            .iter()
            .find(|(name, _)| Some(name) == tag);
        let docs = Docs::foreign(described.map(|(_, text)| text.as_str()));
        let docs = if docs.is_empty() {
            Docs::own(format!("The group `{word}`."))
        } else {
            docs
        };
        let origin = operations[0].origin.clone();
        let group = Group {
            origin,
            docs: docs.clone(),
            name: name.clone(),
            accessor: accessor.clone(),
            root: self.home.0.clone(),
            client: self.home.1.clone(),
            endpoints,
        };
        let mut items = vec![Item::Group(group)];
        items.append(&mut further);
        let path = format!("api/{accessor}.rs");
        let origin = Origin::new(operations[0].origin.file.clone(), "/paths", None);
        let file = File {
            path,
            origin,
            docs: Docs::own(format!("The operations of the group `{word}`.")),
            items,
        };
        GroupFile {
            file,
            accessor: accessor.clone(),
            name,
            docs,
        }
    }

    /// One operation with one kind of body.
    fn endpoint(
        &self,
        operation: &Operation,
        content: Option<&Content>,
        outcome: &Outcome,
        (method, constant): (Ident, Ident),
    ) -> (Endpoint, Option<CallType>) {
        let mut scope = Scope::new();
        scope.reserve("call");
        let mut setters = Scope::new();
        let mut arguments = Vec::new();
        let mut options = Vec::new();
        for parameter in &operation.parameters {
            if parameter.required {
                arguments.push(self.argument(parameter, &mut scope));
            } else {
                options.push(self.argument(parameter, &mut setters));
            }
        }
        let required = operation.body.as_ref().is_some_and(|body| body.required);
        if let Some(content) = content {
            let (list, scope) = if required {
                (&mut arguments, &mut scope)
            } else {
                (&mut options, &mut setters)
            };
            list.push(self.body(operation, content, scope));
        }
        for option in &mut options {
            if CALL_WORDS.contains(&option.name.as_str()) {
                option.name = identifier(&format!("{} parameter", option.name), Usage::Value);
            }
        }
        let items = operation
            .pagination
            .as_ref()
            .and_then(|rule| self.items(rule, &outcome.success));
        let waits = operation
            .wait
            .as_ref()
            .and_then(|rule| self.by_id.get(rule.poll.as_str()));
        let waits = waits.map(|polled| {
            self.outcome(polled, &mut Scope::new(), &mut Vec::new())
                .success
        });
        let waits = waits.filter(|decode| !matches!(decode, super::endpoint::Decode::Replies(_)));
        let has_more = !options.is_empty() || items.is_some() || waits.is_some();
        let call = has_more.then(|| CallType {
            origin: operation.origin.clone(),
            docs: Docs::own("A call in preparation."),
            name: Ident::fixed("CallType"),
            success: outcome.success.clone(),
            refusal: outcome.refusal.clone(),
            options,
            items,
            waits,
        });
        let endpoint = Endpoint {
            origin: operation.origin.clone(),
            docs: super::words::endpoint(operation, &arguments, outcome),
            deprecated: operation.deprecated,
            method,
            constant,
            arguments,
            call: None,
            success: outcome.success.clone(),
            refusal: outcome.refusal.clone(),
            example: self.example(operation, content),
        };
        (endpoint, call)
    }

    /// A call with all that is required.
    fn example(&self, operation: &Operation, content: Option<&Content>) -> Option<Example> {
        let mut arguments = Vec::new();
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
        {
            let given = parameter.example.as_ref();
            let value = match self.taken(parameter) {
                Taken::Text => self.examples.text(&parameter.name, given),
                Taken::Value(_) => self.examples.value(&parameter.ty, given)?,
                Taken::Slice(_) => match self.examples.value(&parameter.ty, given)? {
                    Expr::List(items) => Expr::Slice(items),
                    _ => return None,
                },
                _ => return None,
            };
            arguments.push((
                matches!(value, Expr::Slice(_)).then(|| identifier(&parameter.name, Usage::Value)),
                value,
            ));
        }
        if let (Some(content), Some(body)) = (content, &operation.body)
            && body.required
        {
            let ty = content
                .ty
                .as_ref()
                .filter(|_| matches!(content.kind, Kind::Json | Kind::Form))?;
            let value = match self.examples.value(ty, content.example.as_ref())? {
                Expr::List(items) => Expr::Slice(items),
                other => other,
            };
            arguments.push((Some(Ident::fixed("body")), value));
        }
        Some(Example { arguments })
    }

    fn argument(&self, parameter: &ir::Parameter, scope: &mut Scope) -> Argument {
        let name = parameter.name.clone();
        let target = self.types.api.get(self.types.resolved(parameter.ty.id).0);
        let via = match parameter.place {
            Place::Path => Via::Path(name),
            Place::Query => Via::Query(name),
            Place::Header => Via::Header(name),
            Place::Cookie => Via::Cookie(name),
        };
        let texts = [
            &parameter.description,
            &parameter.ty.description,
            &target.description,
        ];
        let text = texts
            .into_iter()
            .find(|text| !text.is_empty())
            .map(String::as_str);
        let remark = super::bounds::own_docs(target);
        Argument {
            docs: Docs {
                remark,
                ..Docs::foreign(text)
            },
            deprecated: parameter.deprecated,
            name: scope.claim(&parameter.name, Usage::Value, &parameter.origin),
            taken: self.taken(parameter),
            via,
        }
    }

    /// How a parameter is taken: texts and lists borrowed, small values as they are.
    fn taken(&self, parameter: &ir::Parameter) -> Taken {
        use super::Type;
        let ty = self.types.named(parameter.ty.id);
        let target = self.types.api.get(self.types.resolved(parameter.ty.id).0);
        match (ty.plain(), &target.shape) {
            (Type::String | Type::SecretString, _) => Taken::Text,
            (Type::Json, _) if parameter.place == Place::Path => Taken::Text,
            (Type::Bool | Type::I64 | Type::U64, _) | (_, ir::Shape::Enum(_)) => Taken::Value(ty),
            (Type::Vec(item), _) => Taken::Slice((**item).clone()),
            _ => Taken::Reference(ty),
        }
    }

    fn body(&self, operation: &Operation, content: &Content, scope: &mut Scope) -> Argument {
        use super::Type;
        let media = content
            .media
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let exact = |otherwise: &str| {
            if media.contains('*') {
                otherwise.to_owned()
            } else {
                media.clone()
            }
        };
        let ty = content.ty.as_ref().map(|ty| self.types.used(ty));
        let (taken, via) = match (content.kind, ty) {
            (Kind::Json, ty) => {
                let ty = ty.unwrap_or(Type::Json);
                let taken = match ty.plain() {
                    Type::Vec(item) => Taken::Slice((**item).clone()),
                    Type::String => Taken::Text,
                    _ => Taken::Reference(ty),
                };
                (taken, Via::Json(exact("application/json")))
            }
            (Kind::Form, Some(ty)) => (Taken::Reference(ty), Via::Form(media.clone())),
            (Kind::Form, None) => (Taken::Reference(Type::Json.map()), Via::Form(media.clone())),
            (Kind::Multipart, _) => (Taken::Form, Via::Multipart(media.clone())),
            (Kind::Text | Kind::Events | Kind::Lines, _) => {
                (Taken::Text, Via::Text(exact("text/plain")))
            }
            (Kind::Bytes, _) => (Taken::Bytes, Via::Bytes(exact("application/octet-stream"))),
        };
        let description = operation
            .body
            .as_ref()
            .map(|body| body.description.as_str());
        let name = scope.claim("body", Usage::Value, &content.origin);
        Argument {
            docs: Docs::foreign(description),
            deprecated: false,
            name,
            taken,
            via,
        }
    }
}

/// The bodies that get a method each: the first of every kind, JSON before all others.
fn bodies(operation: &Operation) -> Vec<Option<&Content>> {
    let Some(body) = &operation.body else {
        return vec![None];
    };
    let mut kinds: Vec<&Content> = Vec::new();
    for content in &body.contents {
        if !kinds.iter().any(|known| known.kind == content.kind) {
            kinds.push(content);
        }
    }
    kinds.sort_by_key(|content| content.kind != Kind::Json);
    if kinds.is_empty() {
        vec![None]
    } else {
        kinds.into_iter().map(Some).collect()
    }
}

/// What sets apart the methods of an operation that takes several kinds of body.
fn kind_word(operation: &Operation, content: Option<&Content>) -> &'static str {
    let first = bodies(operation)
        .first()
        .copied()
        .flatten()
        .map(|content| content.kind);
    match content.map(|content| content.kind) {
        kind if kind == first => "",
        Some(Kind::Form) => "form",
        Some(Kind::Multipart) => "multipart",
        Some(Kind::Text) => "text",
        Some(Kind::Events) => "events",
        Some(Kind::Lines) => "lines",
        Some(Kind::Bytes) => "bytes",
        Some(Kind::Json) | None => "json",
    }
}

/// The name of the method: declared, or the identifier without the words of the group.
fn method_word(operation: &Operation, group: &str, id: &str, content: Option<&Content>) -> String {
    let kind = kind_word(operation, content);
    let base = match &operation.name {
        Some(name) => name.clone(),
        None => without_group(id, group),
    };
    if kind.is_empty() {
        base
    } else {
        format!("{base} {kind}")
    }
}

fn without_group(id: &str, group: &str) -> String {
    let snake = identifier(id, Usage::Value).to_string();
    let words: Vec<&str> = snake.split('_').filter(|word| !word.is_empty()).collect();
    let group: Vec<&str> = group.split('_').collect();
    let alike = |one: &str, other: &str| stem(one) == stem(other);
    let found = words
        .windows(group.len())
        .position(|run| run.iter().zip(&group).all(|(one, other)| alike(one, other)));
    let Some(at) = found else { return snake };
    let rest: Vec<&str> = words[..at]
        .iter()
        .chain(&words[at + group.len()..])
        .copied()
        .collect();
    let useless = rest.is_empty()
        || rest
            .iter()
            .all(|word| matches!(*word, "by" | "of" | "for" | "in" | "to"));
    if useless { snake } else { rest.join("_") }
}

/// A word without the ending of its plural.
fn stem(word: &str) -> &str {
    let word = word
        .strip_suffix("ies")
        .or(word.strip_suffix('y'))
        .unwrap_or(word);
    word.strip_suffix("es")
        .or(word.strip_suffix('s'))
        .unwrap_or(word)
        .trim_end_matches('e')
}

fn call_word(id: &str, content: Option<&Content>, operation: &Operation) -> String {
    format!("{id} {}", kind_word(operation, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_lose_the_words_of_their_group() {
        assert_eq!(without_group("listServers", "servers"), "list");
        assert_eq!(without_group("getServer", "servers"), "get");
        assert_eq!(without_group("servers", "servers"), "servers");
        assert_eq!(without_group("getServerById", "servers"), "get_by_id");
        assert_eq!(
            without_group("listFirewallPolicies", "firewall_policies"),
            "list"
        );
        assert_eq!(without_group("addPet", "store"), "add_pet");
    }
}
