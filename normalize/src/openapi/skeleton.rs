//! The vocabulary without words: what a person who writes the words needs to see.

use verbatim_source::{Node, Object, Source, Value, write};

use super::{Refusal, with_inputs};
use crate::unify::{Content, Item, Piece, render, unify};

/// For each schema its kind, the places of its values and its properties, each with its type and
/// a value that was seen; as JSON.
///
/// # Errors
/// Where the schemas cannot be derived.
pub fn skeleton(documented: Source, overlay: Source) -> Result<String, Refusal> {
    with_inputs(documented, overlay, |documented, overlay| {
        let vocabulary = unify(documented, overlay)?;
        let mut all = Object::new();
        for named in &vocabulary.schemas {
            let mut entry = Object::new();
            let kind = match (&named.content, named.request) {
                (Content::Object(..), true) => "request",
                (Content::Object(..), false) => "response",
                (Content::Enum(_), _) => "enum",
                (Content::Cases(_), _) => "cases",
            };
            entry.insert("kind", Node::made(kind));
            if let Some(pool) = vocabulary.pools.named.get(named.name) {
                let places = pool
                    .places
                    .iter()
                    .take(8)
                    .map(|place| Value::from(place.as_str()));
                entry.insert("places", Node::made(places.collect::<Vec<_>>()));
            }
            match &named.content {
                Content::Enum(known) => {
                    entry.insert("known", Node::made(known.clone()));
                }
                Content::Cases(names) => {
                    let names = names.iter().map(|name| Value::from(*name));
                    entry.insert("cases", Node::made(names.collect::<Vec<_>>()));
                }
                Content::Object(properties, _) => {
                    let properties = properties.iter().map(|(name, property)| {
                        let mut about = Object::new();
                        about.insert("schema", Node::made(render(&property.derived, None)));
                        about.insert("required", Node::made(property.required));
                        if let Some(seen) = seen(&property.items) {
                            about.insert("example", Node::made(seen));
                        }
                        (*name, Value::Object(about))
                    });
                    entry.insert("properties", Node::made(properties.collect::<Object>()));
                }
            }
            all.insert(named.name, Node::made(entry));
        }
        Ok(write::pretty(&Value::Object(all)))
    })
}

fn seen(items: &[Item<'_>]) -> Option<String> {
    let values = items.iter().filter_map(|item| match item.piece {
        Piece::Value(node) if !matches!(node.value, Value::Null) => Some(&node.value),
        _ => None,
    });
    let text = values.map(write::compact).find(|text| text.len() > 2)?;
    Some(text.chars().take(90).collect())
}
