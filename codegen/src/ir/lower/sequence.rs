//! Replies that are sequences: the schema of one item.

use super::Lowering;
use crate::document::{Id, MediaType, Schema, Type};
use crate::ir::Kind;

/// The fields of a server-sent event.
const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

impl Lowering<'_> {
    /// The schema of one item of a sequence. `itemSchema` says it; before `OpenAPI` 3.2 authors describe the item
    /// itself, or a list of items.
    pub(super) fn item_schema(&self, kind: Kind, part: &MediaType) -> Option<Id<Schema>> {
        let item = part.item_schema.or_else(|| {
            let whole = part.schema?;
            Some(self.items_of_list(whole).unwrap_or(whole))
        })?;
        let data = (kind == Kind::Events).then(|| self.content_of_data(item));
        Some(data.flatten().unwrap_or(item))
    }

    /// The items of a schema that is a list and nothing else.
    fn items_of_list(&self, id: Id<Schema>) -> Option<Id<Schema>> {
        let schema = &self.document[self.strip_wrappers(id).0];
        let is_list = schema.types.iter().any(|kind| kind.value == Type::Array);
        let plain = schema.array.prefix_items.is_empty();
        schema.array.items.filter(|_| is_list && plain)
    }

    /// What the data of an event holds, where the schema is that of the fields of an event and says it.
    fn content_of_data(&self, id: Id<Schema>) -> Option<Id<Schema>> {
        let properties = &self.document[self.strip_wrappers(id).0].object.properties;
        if !properties
            .keys()
            .all(|name| FIELDS.contains(&name.as_str()))
        {
            return None;
        }
        let data = &self.document[self.strip_wrappers(properties.get("data")?.schema).0];
        let media = data.string.content_media_type.as_ref();
        let is_json =
            media.is_none_or(|media| super::operation::kind(&media.value, true) == Kind::Json);
        data.string.content_schema.filter(|_| is_json)
    }
}
