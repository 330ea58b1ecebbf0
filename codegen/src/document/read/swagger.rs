//! Swagger 2.0 as `OpenAPI` 3.

mod body;
mod value;

use std::rc::Rc;

use verbatim_source::Node;

use super::fields::{Entry, Fields};
use super::path::is_swagger_body;
use super::{NodeRef, ReadMode, Reader};
use crate::document::{Components, Method, Operation, Text};

impl<'a> Reader<'a> {
    /// Reads the root of Swagger 2.0.
    pub(super) fn swagger(&mut self, root: &NodeRef<'a>) {
        let mut fields = self.fields(root, "the document");
        fields.node("swagger");
        self.document.info = self.info(&mut fields);
        self.document.servers = self.swagger_servers(&mut fields);
        self.document.tags = self.tags(&mut fields);
        self.document.external_docs = self.external_docs(&mut fields);
        self.consumes = names(&fields.texts(self, "consumes"));
        self.produces = names(&fields.texts(self, "produces"));
        self.document.paths = self.path_items(&mut fields, "paths");
        self.document.components = self.swagger_components(&mut fields);
        self.document.security = self.security(&mut fields);
        (self.document.extensions, self.document.other) = fields.rest(self);
    }

    fn swagger_components(&mut self, fields: &mut Fields<'a>) -> Components {
        let mut components = Components::default();
        for entry in fields.map(self, "definitions") {
            components
                .schemas
                .insert(entry.key.to_owned(), self.place(entry.spot));
        }
        for entry in fields.map(self, "parameters") {
            if is_swagger_body(entry.spot.node) {
                self.swagger_body_component(&entry, &mut components);
            } else if let Some(used) = self.used(&entry.spot) {
                components.parameters.insert(entry.key.to_owned(), used);
            }
        }
        for entry in fields.map(self, "responses") {
            let spot = entry.spot.in_manner(ReadMode::Media(self.produces.clone()));
            if let Some(used) = self.used(&spot) {
                components.responses.insert(entry.key.to_owned(), used);
            }
        }
        for entry in fields.map(self, "securityDefinitions") {
            if let Some(used) = self.used(&entry.spot) {
                components
                    .security_schemes
                    .insert(entry.key.to_owned(), used);
            }
        }
        components
    }

    /// A named body. A named form parameter is a part of the forms that use it, and nothing alone.
    fn swagger_body_component(&mut self, entry: &Entry<'a>, components: &mut Components) {
        let is_body = entry.spot.node.get("in").and_then(Node::as_str) == Some("body");
        let spot = entry.spot.in_manner(ReadMode::Media(self.consumes.clone()));
        if let Some(used) = is_body.then(|| self.used(&spot)).flatten() {
            components.request_bodies.insert(entry.key.to_owned(), used);
        }
    }

    pub(super) fn swagger_operation(&mut self, entry: &Entry<'a>, method: Method) -> Operation {
        let mut fields = self.fields(&entry.spot, "the operation");
        let mut operation = self.aside(|it| it.plain_operation(&mut fields, entry, method));
        operation.parameters = self.parameters(&mut fields);
        let consumes = self.media_names(&mut fields, "consumes", &self.consumes.clone());
        let produces = self.media_names(&mut fields, "produces", &self.produces.clone());
        operation.request_body = self.swagger_request(&fields.spot.clone(), &consumes);
        // Which schemes may be used is told by the servers.
        fields.node("schemes");
        if let Some(spot) = fields.spot("responses") {
            let spot = spot.in_manner(ReadMode::Media(produces));
            operation.responses = self.aside(|reader| reader.responses(&spot));
        }
        (operation.extensions, operation.other) = fields.rest(self);
        operation
    }

    /// The media types that an operation names, or those of the document.
    fn media_names(
        &mut self,
        fields: &mut Fields<'a>,
        key: &'static str,
        default: &Rc<[String]>,
    ) -> Rc<[String]> {
        match fields.node(key) {
            Some(_) => names(&fields.texts(self, key)),
            None => default.clone(),
        }
    }
}

fn names(texts: &[Text]) -> Rc<[String]> {
    texts.iter().map(|text| text.value.clone()).collect()
}
