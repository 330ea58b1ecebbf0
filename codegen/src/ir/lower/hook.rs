//! Requests that the server sends: webhooks and callbacks. Their bodies are types, whoever describes them.

use super::operation::kind;
use super::{Lowering, Part, View};
use crate::document::{self, Id};
use crate::ir::{Kind, Name};

impl<'d> Lowering<'d> {
    /// Gives the JSON bodies of webhooks and callbacks a type each, where no component has it already.
    pub(super) fn hooks(&mut self) {
        let document = self.document;
        for (name, item) in &document.webhooks {
            self.bodies_of(&document[*item], &name.value);
        }
        for endpoint in document.endpoints() {
            for (name, used) in &endpoint.operation.callbacks {
                for (_, item) in &document[used.id].paths {
                    self.bodies_of(&document[*item], name);
                }
            }
        }
    }

    fn bodies_of(&mut self, item: &'d document::PathItem, word: &str) {
        let document = self.document;
        for operation in item.operations.iter().map(|id| &document[*id]) {
            let id = operation.operation_id.as_ref();
            let word = id.map_or(word, |id| id.value.as_str());
            let body = operation
                .request_body
                .as_ref()
                .map(|used| &document[used.id]);
            for media in body.into_iter().flat_map(|body| &body.content) {
                self.hook_body(media, word);
            }
        }
    }

    fn hook_body(&mut self, media: &document::Media, word: &str) {
        let part = &self.document[media.media_type.id];
        let is_json = kind(&media.range.value, part.schema.is_some()) == Kind::Json;
        if let Some(schema) = part.schema.filter(|_| is_json) {
            let schema: Id<document::Schema> = self.strip_wrappers(schema).0;
            let view = View::Whole;
            self.intern(
                vec![Part { schema, view }],
                Name::Hook(format!("{word} body")),
            );
        }
    }
}
