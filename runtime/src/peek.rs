//! Looks at single values of a JSON text without decoding the rest.

use crate::parameter::Shape;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// The JSON text at a pointer.
pub(crate) fn at<'t>(text: &'t str, pointer: &str) -> Option<&'t str> {
    let mut value = text.trim();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        value = match value.as_bytes().first()? {
            b'{' => member(value, &step)?,
            b'[' => items(value)?.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// The items of an array.
pub(crate) fn items(text: &str) -> Option<Vec<&str>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(items.into_iter().map(RawValue::get).collect())
}

/// The text of a scalar at a pointer: a string without quotes, a number as written. None where it
/// is absent, null, or no scalar.
pub(crate) fn scalar(text: &str, pointer: &str) -> Option<String> {
    match Shape::parse(at(text, pointer)?).ok()? {
        Shape::Scalar(text) => Some(text),
        _ => None,
    }
}

/// The value of an object's only member, or the text itself.
pub(crate) fn unwrap(text: &str) -> &str {
    match serde_json::from_str::<Only<'_>>(text) {
        Ok(Only(Some(inner))) if inner.starts_with('{') => inner,
        _ => text,
    }
}

fn member<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    struct Named<'n>(&'n str);

    impl<'de> Visitor<'de> for Named<'_> {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(key) = map.next_key::<String>()? {
                let value: &RawValue = map.next_value()?;
                if key == self.0 {
                    found = Some(value);
                }
            }
            Ok(found)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_str(text);
    let found = deserializer.deserialize_map(Named(name)).ok()?;
    found.map(RawValue::get)
}

/// The value of an object with one member.
struct Only<'t>(Option<&'t str>);

impl<'de> Deserialize<'de> for Only<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyVisitor;

        impl<'de> Visitor<'de> for OnlyVisitor {
            type Value = Only<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut only = None;
                let mut count = 0;
                while let Some((_, value)) = map.next_entry::<String, &RawValue>()? {
                    only = Some(value.get());
                    count += 1;
                }
                Ok(Only(only.filter(|_| count == 1)))
            }
        }

        deserializer.deserialize_map(OnlyVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_pointer() {
        let text = r#" {"a": {"b/c": [1, {"d": "x\u0079"}]}, "n": null, "p": 60.50} "#;
        assert_eq!(at(text, "/a/b~1c/0"), Some("1"));
        assert_eq!(scalar(text, "/a/b~1c/1/d").as_deref(), Some("xy"));
        assert_eq!(scalar(text, "/p").as_deref(), Some("60.50"));
        assert_eq!(scalar(text, "/n"), None);
        assert_eq!(at(text, "/a/x"), None);
        assert_eq!(at("[1", "/0"), None);
        assert_eq!(at("7", ""), Some("7"));
    }

    #[test]
    fn a_single_root_is_taken_off() {
        assert_eq!(unwrap(r#"{"vm": {"id": 1}}"#), r#"{"id": 1}"#);
        assert_eq!(unwrap(r#"{"id": 1}"#), r#"{"id": 1}"#);
        assert_eq!(unwrap(r#"{"id": 1, "b": {}}"#), r#"{"id": 1, "b": {}}"#);
    }
}
