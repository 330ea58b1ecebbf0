//! Path items, operations and responses.

use std::collections::HashSet;

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Span, Value};

use super::fields::{Entry, Fields};
use super::{NodeRef, Reader};
use crate::document::{
    Callback, Id, Link, Method, Operation, Parameter, PathItem, Place, Response, StatusMatch, Text,
    Use, Version,
};
use crate::problem::{Scope, kind};

/// Members of a path item that are no operations.
const ITEM_MEMBERS: [&str; 6] = [
    "$ref",
    "summary",
    "description",
    "servers",
    "parameters",
    "additionalOperations",
];

impl<'a> Reader<'a> {
    /// The path item at a place. A reference that stands alone is followed; one with operations
    /// beside it is kept, and [`Reader::read_path_item`] joins the two.
    pub(super) fn path_item(&mut self, spot: &NodeRef<'a>) -> Option<Id<PathItem>> {
        let stands_alone = |object: &Object| {
            object
                .iter()
                .all(|member| member.key == "$ref" || !is_item_member(&member.key))
        };
        match spot.node.as_object() {
            Some(object) if object.contains_key("$ref") && !stands_alone(object) => {
                Some(self.place(spot.clone()))
            }
            _ => self.used(spot).map(|used| used.id),
        }
    }

    pub(super) fn read_path_item(&mut self, spot: &NodeRef<'a>) -> PathItem {
        let mut fields = self.fields(spot, "the path item");
        let mut item = PathItem {
            location: self.location(spot),
            span: spot.span(),
            summary: fields.text(self, "summary"),
            description: fields.text(self, "description"),
            parameters: self.parameters(&mut fields),
            servers: self.aside(|reader| reader.servers(&mut fields)),
            ..PathItem::default()
        };
        self.operations(&mut fields, &mut item);
        if fields.node("$ref").is_some()
            && let Some(target) = self.behind(spot)
        {
            self.join_item(&target, &mut item);
        }
        (item.extensions, item.other) = fields.rest(self);
        item
    }

    /// Takes what a path item refers to into it; what it says itself wins.
    fn join_item(&mut self, target: &NodeRef<'a>, item: &mut PathItem) {
        let mut fields = self.fields(target, "the path item");
        let known: HashSet<Id<Parameter>> = item.parameters.iter().map(|used| used.id).collect();
        let mut more = self.parameters(&mut fields);
        more.retain(|used| !known.contains(&used.id));
        item.parameters.extend(more);
        if item.servers.is_empty() {
            item.servers = self.aside(|reader| reader.servers(&mut fields));
        }
        self.operations(&mut fields, item);
    }

    /// Reads the operations of a path item that it does not have yet.
    fn operations(&mut self, fields: &mut Fields<'a>, item: &mut PathItem) {
        let mut found: Vec<(Method, Entry<'a>)> = Vec::new();
        for entry in self.entries_of(&fields.spot.clone(), "the path item") {
            match self.method(&entry) {
                Some(method) => {
                    fields.ask(entry.key);
                    if method == Method::Query && !self.is(Version::V3_2) {
                        self.other_version("query", entry.key_span);
                    }
                    found.push((method, entry));
                }
                None if entry.key == "additionalOperations" => {
                    fields.node("additionalOperations");
                    for entry in self.entries_of(&entry.spot, "additionalOperations") {
                        found.push((Method::Other(entry.key.to_owned()), entry));
                    }
                }
                None => {}
            }
        }
        let own = item.operations.iter();
        let mut known: HashSet<Method> = own.map(|id| self.document[*id].method.clone()).collect();
        for (method, entry) in found {
            if known.insert(method.clone()) {
                item.operations.push(self.operation(&entry, method));
            }
        }
    }

    /// The method that a member of a path item names, in whatever case.
    fn method(&mut self, entry: &Entry<'a>) -> Option<Method> {
        let known = Method::of_member(entry.key);
        if known.is_some() {
            return known;
        }
        let method = Method::of_member(&entry.key.to_ascii_lowercase())?;
        let message = format!("the method `{}` is not in lower case", entry.key);
        let label = "is taken as the method";
        self.warn(&kind::UNKNOWN_MEMBER, message, entry.key_span, label);
        Some(method)
    }

    /// The id of an operation, which is read at once: no reference names it, but two path items may
    /// hold it.
    fn operation(&mut self, entry: &Entry<'a>, method: Method) -> Id<Operation> {
        if let Some(id) = self.tables.operations.get(&entry.spot.mark()) {
            return *id;
        }
        let id = self.document.arenas.operations.reserve();
        self.tables.operations.insert(entry.spot.mark(), id);
        let around = std::mem::replace(&mut self.scope, Scope::Operation(id));
        let operation = if self.is(Version::V2) {
            self.swagger_operation(entry, method)
        } else {
            self.read_operation(entry, method)
        };
        self.document.arenas.operations.set(id, operation);
        self.scope = around;
        id
    }

    /// What operations of all versions have.
    pub(super) fn plain_operation(
        &mut self,
        fields: &mut Fields<'a>,
        entry: &Entry<'a>,
        method: Method,
    ) -> Operation {
        Operation {
            location: self.location(&entry.spot),
            span: entry.spot.span(),
            method_span: entry.key_span,
            method,
            operation_id: fields
                .text(self, "operationId")
                .filter(|id| !id.value.is_empty()),
            tags: fields.texts(self, "tags"),
            summary: fields.text(self, "summary"),
            description: fields.text(self, "description"),
            external_docs: self.external_docs(fields),
            deprecated: fields.is(self, "deprecated"),
            security: self.security(fields),
            ..Operation::default()
        }
    }

    fn read_operation(&mut self, entry: &Entry<'a>, method: Method) -> Operation {
        let mut fields = self.fields(&entry.spot, "the operation");
        let mut operation = self.aside(|it| it.plain_operation(&mut fields, entry, method));
        operation.parameters = self.parameters(&mut fields);
        operation.request_body = fields.spot("requestBody").and_then(|spot| self.used(&spot));
        if let Some(spot) = fields.spot("responses") {
            operation.responses = self.aside(|reader| reader.responses(&spot));
        }
        for entry in fields.map(self, "callbacks") {
            if let Some(used) = self.aside(|reader| reader.used(&entry.spot)) {
                operation.callbacks.insert(entry.key.to_owned(), used);
            }
        }
        operation.servers = self.aside(|reader| reader.servers(&mut fields));
        (operation.extensions, operation.other) = fields.rest(self);
        operation
    }

    /// The parameters of a path item or operation of `OpenAPI` 3; Swagger 2.0 leaves out bodies.
    pub(super) fn parameters(&mut self, fields: &mut Fields<'a>) -> Vec<Use<Parameter>> {
        let mut used: Vec<Use<Parameter>> = Vec::new();
        let mut seen: HashSet<(Place, &'a str)> = HashSet::new();
        for spot in fields.list(self, "parameters") {
            let Some(target) = self.aside(|reader| reader.behind(&spot)) else {
                continue;
            };
            if self.is(Version::V2) && is_swagger_body(target.node) {
                continue;
            }
            let text = |key| target.node.get(key).and_then(Node::as_str);
            if let (Some(place), Some(name)) = (text("in").and_then(Place::of), text("name"))
                && !seen.insert((place, name))
            {
                let message = format!("the parameter `{name}` is named twice");
                let entry = &kind::REPEATED_PARAMETER;
                self.warn(entry, message, spot.span(), "is left out");
                continue;
            }
            used.extend(self.used(&spot));
        }
        used
    }

    pub(super) fn responses(&mut self, spot: &NodeRef<'a>) -> Vec<(StatusMatch, Use<Response>)> {
        let mut responses = Vec::new();
        for entry in self.parts_of(spot, "responses") {
            let Some(status) = StatusMatch::of(entry.key) else {
                let message = format!("`{}` is not a status", entry.key);
                self.error(
                    &kind::BAD_STATUS,
                    message,
                    entry.key_span,
                    "must be like 404, 4XX or default",
                );
                continue;
            };
            let spot = entry.spot.in_manner(spot.manner.clone());
            let unread = |reader: &mut Self| Response {
                location: reader.location(&spot),
                span: spot.span(),
                unread: true,
                ..Response::default()
            };
            responses.push((status, self.used_or(&spot, unread)));
        }
        responses
    }

    pub(super) fn read_response(&mut self, spot: &NodeRef<'a>) -> Response {
        let mut fields = self.fields(spot, "the response");
        let mut response = Response {
            location: self.location(spot),
            span: spot.span(),
            summary: fields.text(self, "summary"),
            description: fields.text(self, "description"),
            headers: self.headers(&mut fields),
            ..Response::default()
        };
        let is_object = |node: &Node| matches!(node.value, Value::Object(_) | Value::Null);
        let content = spot.node.get("content");
        response.unread = !is_object(spot.node) || content.is_some_and(|node| !is_object(node));
        if self.is(Version::V2) {
            response.content = self.swagger_reply(&mut fields);
        } else {
            response.content = self.content(&mut fields);
            for entry in fields.map(self, "links") {
                if let Some(used) = self.aside(|reader| reader.used(&entry.spot)) {
                    response.links.insert(entry.key.to_owned(), used);
                }
            }
        }
        (response.extensions, response.other) = fields.rest(self);
        response
    }

    pub(super) fn read_callback(&mut self, spot: &NodeRef<'a>) -> Callback {
        let mut paths: Vec<(Text, Id<PathItem>)> = Vec::new();
        for entry in self.parts_of(spot, "the callback") {
            paths.extend(self.path_item(&entry.spot).map(|id| (entry.name(), id)));
        }
        let extensions = Fields::new(spot.clone(), spot.node.as_object()).extensions();
        Callback {
            location: self.location(spot),
            span: spot.span(),
            paths,
            extensions,
        }
    }

    pub(super) fn read_link(&mut self, spot: &NodeRef<'a>) -> Link {
        let fields = self.fields(spot, "the link");
        let members = fields.spot.node.as_object().cloned().unwrap_or_default();
        Link {
            location: self.location(spot),
            span: spot.span(),
            members,
        }
    }

    pub(super) fn other_version(&mut self, keyword: &str, span: Span) {
        let message = format!("`{keyword}` belongs to another version of the specification");
        self.warn(
            &kind::OTHER_VERSION,
            message,
            span,
            "is read by the rules of the other version",
        );
    }
}

fn is_item_member(key: &str) -> bool {
    Method::of_member(key).is_some()
        || (ITEM_MEMBERS.contains(&key) && key != "summary" && key != "description")
}

/// Whether a parameter of Swagger 2.0 describes the body or a part of it.
pub(super) fn is_swagger_body(node: &Node) -> bool {
    matches!(
        node.get("in").and_then(Node::as_str),
        Some("body" | "formData")
    )
}

impl StatusMatch {
    /// The status that a key of `responses` means.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let key = key.trim();
        if key.eq_ignore_ascii_case("default") {
            return Some(Self::Default);
        }
        let first = key
            .chars()
            .next()
            .and_then(|c| c.to_digit(10))
            .filter(|first| (1..=5).contains(first))?;
        if key
            .get(1..)
            .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"))
        {
            return u8::try_from(first).ok().map(Self::Range);
        }
        let is_code = key.len() == 3 && key.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| key.parse().ok()).flatten().map(Self::Code)
    }
}

/// A map of parts by name.
pub(super) type Named<T> = IndexMap<String, Use<T>>;
