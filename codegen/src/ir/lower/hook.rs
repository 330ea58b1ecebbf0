//! Requests that the server sends: webhooks and callbacks. Their bodies are types, whoever describes them.

use super::operation::kind;
use super::{Lowering, text};
use crate::document::{self, Id, Media};
use crate::ir::{Api, Content, Header, Hook, Kind, Name, Reason, Reply, Status, media_word};

/// What is known of a hook from where it stands.
struct Place<'d> {
    name: String,
    /// The name by itself, without that of the operation.
    word: &'d str,
    is_callback: bool,
}

impl<'d> Lowering<'d> {
    /// Gives the JSON bodies of webhooks and callbacks a type each, where no component has it already.
    pub(super) fn hooks(&mut self, api: &mut Api) {
        let document = self.document;
        for (name, item) in &document.webhooks {
            let place = Place {
                name: name.value.clone(),
                word: &name.value,
                is_callback: false,
            };
            self.sent_by(*item, &place, api);
        }
        for endpoint in document.endpoints() {
            let operation = endpoint.operation;
            let of_path = || format!("{} {}", operation.method.as_str(), endpoint.template.value);
            let id = operation.operation_id.as_ref();
            let of = id.map_or_else(of_path, |id| id.value.clone());
            for (name, used) in &operation.callbacks {
                for (_, item) in &document[used.id].paths {
                    let place = Place {
                        name: format!("{of} {name}"),
                        word: name,
                        is_callback: true,
                    };
                    self.sent_by(*item, &place, api);
                }
            }
        }
    }

    fn sent_by(&mut self, item: Id<document::PathItem>, place: &Place<'d>, api: &mut Api) {
        let document = self.document;
        let operations = &document[item].operations;
        for operation in operations.iter().map(|id| &document[*id]) {
            let method = operation.method.as_str();
            // A name is that of one hook.
            let is_known = |name: &str| {
                let mut hooks = api.hooks.iter();
                hooks.any(|it| it.is_callback == place.is_callback && it.name == name)
            };
            let mut name = place.name.clone();
            if is_known(&name) {
                name = format!("{name} {method}");
            }
            if is_known(&name) {
                let numbered = (2..).map(|number| format!("{name} {number}"));
                name = numbered
                    .take(api.hooks.len() + 2)
                    .find(|it| !is_known(it))
                    .unwrap_or(name);
            }
            let id = operation.operation_id.as_ref().map(|id| id.value.as_str());
            let word = id.unwrap_or(place.word);
            let words = [word.to_owned(), name.clone(), format!("{name} {method}")];
            let mut body = self.delivered(operation, word);
            body.headers = self.delivered_headers(item, operation, word);
            let used = operation.request_body.as_ref();
            let optional = used.is_some_and(|used| !document[used.id].required);
            api.hooks.push(Hook {
                origin: self.origin(&operation.location, operation.span),
                name,
                is_callback: place.is_callback,
                words: words.into(),
                method: method.to_owned(),
                summary: text(operation.summary.as_ref()),
                description: text(operation.description.as_ref()),
                body,
                optional,
            });
        }
    }

    fn delivered(&mut self, operation: &'d document::Operation, word: &str) -> Reply {
        let document = self.document;
        let used = operation.request_body.as_ref();
        let body = used.map(|used| &document[used.id]);
        let mut contents: Vec<Content> = Vec::new();
        for media in body.into_iter().flat_map(|body| &body.content) {
            let word = match contents.as_slice() {
                [] => format!("{word} body"),
                _ => format!("{word} body {}", media_word(&media.range.value)),
            };
            contents.push(self.delivered_as(media, word));
        }
        Reply {
            origin: self.origin(&operation.location, operation.span),
            status: Status::Code(200),
            description: text(body.and_then(|body| body.description.as_ref())),
            headers: Vec::new(),
            contents,
        }
    }

    /// The headers that come with it: parameters of its own and of its path.
    fn delivered_headers(
        &mut self,
        item: Id<document::PathItem>,
        operation: &'d document::Operation,
        word: &str,
    ) -> Vec<Header> {
        let document = self.document;
        let all = operation
            .parameters
            .iter()
            .chain(&document[item].parameters);
        let all = all.map(|used| &document[used.id]);
        let mut headers: Vec<Header> = Vec::new();
        for parameter in all.filter(|it| it.place == document::Place::Header) {
            let name = parameter.name.value.as_str();
            if headers.iter().any(|it| it.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            let origin = self.origin(&parameter.location, parameter.span);
            let known = Name::Hook(format!("{word} {name}"));
            headers.push(self.header_of(name, &parameter.value, origin, known));
        }
        headers
    }

    fn delivered_as(&mut self, media: &'d Media, word: String) -> Content {
        let part = &self.document[media.media_type.id];
        let kind = match kind(&media.range.value, part.schema.is_some()) {
            // Nothing else is read while it arrives: its signature is that of the whole.
            Kind::Events | Kind::Lines => Kind::Text,
            kind => kind,
        };
        let origin = self.origin(&part.location, part.span);
        let ty = match part.schema {
            Some(schema) if kind == Kind::Json => Some(self.use_of(schema, Name::Hook(word))),
            None if kind == Kind::Json => Some(self.any_use(origin.clone(), Reason::Unspecified)),
            _ => None,
        };
        Content {
            origin,
            media: media.range.value.clone(),
            kind,
            ty,
            parts: Vec::new(),
            alternate: false,
            example: None,
        }
    }
}

impl Hook {
    /// The types that it is made of.
    pub fn types(&self) -> impl Iterator<Item = crate::ir::TypeId> + '_ {
        let bodies = self.body.contents.iter().filter_map(|it| it.ty.as_ref());
        let headers = self.body.headers.iter().map(|it| &it.ty);
        bodies.chain(headers).map(|ty| ty.id)
    }
}
