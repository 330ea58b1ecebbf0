//! What of an operation can be seen: the denominators of coverage.

use std::collections::BTreeMap;
use std::rc::Rc;

use indexmap::IndexSet;
use verbatim_contract::{Operation, Place, Schema};
use verbatim_source::Pointer;

use super::{Shapes, empty_coverage, status_name};
use crate::coverage::OperationCoverage;

/// Levels of properties that are listed.
const DEEPEST: usize = 10;

/// Properties listed of one body.
const MOST: usize = 1500;

/// Properties of the bodies listed so far; the same schemas stand behind most operations.
#[derive(Default)]
pub struct Listed {
    known: BTreeMap<Pointer, Rc<Properties>>,
}

/// Properties below a schema, and the names of the secret ones.
struct Properties {
    slots: Vec<String>,
    secrets: Vec<String>,
}

impl Listed {
    fn of(&mut self, shapes: &Shapes<'_>, schema: &Schema) -> Rc<Properties> {
        if let Some(known) = self.known.get(&schema.target) {
            return Rc::clone(known);
        }
        let listing = Listing::of(shapes, schema);
        let properties = Rc::new(Properties {
            slots: listing.slots.into_iter().collect(),
            secrets: listing.secrets,
        });
        let place = schema.target.clone();
        self.known.insert(place, Rc::clone(&properties));
        properties
    }
}

/// Coverage of an operation with nothing seen, and the names of its secret properties.
pub fn documented(
    shapes: &Shapes<'_>,
    listed: &mut Listed,
    operation: &Operation,
) -> (OperationCoverage, Vec<String>) {
    let mut coverage = empty_coverage(operation);
    let mut secrets = Vec::new();
    for parameter in &operation.parameters {
        let name = format!("{} {}", place_name(parameter.place), parameter.name);
        coverage.parameters.insert(name, 0);
        let schema = parameter.schema.as_ref();
        if schema.is_some_and(|schema| is_secret(shapes, schema)) {
            secrets.push(parameter.name.clone());
        }
    }
    if let Some(schema) = operation
        .body
        .as_ref()
        .and_then(|body| shapes.contract().json_schema(body))
    {
        let properties = listed.of(shapes, schema);
        let slots = properties.slots.iter();
        coverage.sent = slots.map(|slot| (slot.clone(), 0)).collect();
        secrets.extend(properties.secrets.iter().cloned());
    }
    for reply in &operation.replies {
        let Some(schema) = reply.json().and_then(|media| media.schema.as_ref()) else {
            continue;
        };
        let properties = listed.of(shapes, schema);
        let status = status_name(reply.status);
        let named = properties
            .slots
            .iter()
            .map(|slot| (format!("{status} {slot}"), 0));
        coverage.received.extend(named);
        secrets.extend(properties.secrets.iter().cloned());
    }
    (coverage, secrets)
}

/// The word for where a parameter stands.
pub fn place_name(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

/// A path with `{}` in place of the segments that look like identifiers.
pub fn without_ids(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let (stem, suffix) = match segment.rsplit_once('.') {
            Some((stem, suffix)) if suffix.len() <= 4 => (stem, format!(".{suffix}")),
            _ => (segment, String::new()),
        };
        let digits = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit());
        let long = stem.len() >= 16
            && stem
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let hole = stem.starts_with('{') && stem.ends_with('}');
        if digits || long || hole {
            format!("{{}}{suffix}")
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn is_secret(shapes: &Shapes<'_>, schema: &Schema) -> bool {
    let shape = shapes.get(schema);
    shape.flag("x-verbatim-secret") || shape.text("format") == Some("password")
}

struct Listing<'s, 'c> {
    shapes: &'s Shapes<'c>,
    slots: IndexSet<String>,
    secrets: Vec<String>,
    chain: Vec<Pointer>,
}

impl<'s, 'c> Listing<'s, 'c> {
    fn of(shapes: &'s Shapes<'c>, schema: &Schema) -> Self {
        let mut listing = Self {
            shapes,
            slots: IndexSet::new(),
            secrets: Vec::new(),
            chain: Vec::new(),
        };
        listing.list(schema, "");
        listing
    }

    fn list(&mut self, schema: &Schema, at: &str) {
        // A schema inside itself adds nothing new, and never ends.
        if self.chain.contains(&schema.target) || self.chain.len() > DEEPEST {
            return;
        }
        self.chain.push(schema.target.clone());
        for one in self.shapes.every(schema) {
            let shape = self.shapes.get(&one);
            for (name, property) in &shape.properties {
                if self.slots.len() >= MOST {
                    break;
                }
                if is_secret(self.shapes, property) {
                    self.secrets.push(name.clone());
                }
                let slot = format!(
                    "{at}/{}",
                    Pointer::root().join(name).as_str().trim_start_matches('/')
                );
                self.slots.insert(slot.clone());
                self.list(property, &slot);
            }
            if let Some(items) = &shape.items {
                self.list(items, &format!("{at}/*"));
            }
            if let Some(additional) = &shape.additional {
                self.list(additional, &format!("{at}/{{}}"));
            }
        }
        self.chain.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::without_ids;

    #[test]
    fn identifiers_are_left_out_of_paths() {
        assert_eq!(without_ids("/a/404/b.json"), "/a/{}/b.json");
        assert_eq!(without_ids("/a/12.json"), "/a/{}.json");
        assert_eq!(without_ids("/a/8A7D5122BDC173B6E52223878CEF2748"), "/a/{}");
        assert_eq!(without_ids("/a/{id}"), "/a/{}");
        assert_eq!(without_ids("/servers/sizes"), "/servers/sizes");
    }
}
