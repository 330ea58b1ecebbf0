use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A parameter value, taken apart as far as the styles need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Null,
    /// A string without its quotes; a number or boolean as it is written.
    Scalar(String),
    List(Vec<Shape>),
    Object(Vec<(String, Shape)>),
}

impl Shape {
    /// Takes a JSON text apart. The depth is bounded by that of the JSON parser.
    pub(crate) fn parse(json: &str) -> Result<Self, serde_json::Error> {
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map(Shape::Scalar),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json)?;
                let items = items.iter().map(|item| Shape::parse(item.get()));
                items.collect::<Result<_, _>>().map(Shape::List)
            }
            Some(b'{') => {
                let Members(members) = serde_json::from_str(json)?;
                let members = members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Shape::parse(value.get())?)));
                members.collect::<Result<_, _>>().map(Shape::Object)
            }
            Some(b'n') => Ok(Shape::Null),
            _ => Ok(Shape::Scalar(json.to_owned())),
        }
    }

    /// The text of a scalar.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Shape::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// The members of an object in their order.
pub(crate) struct Members<'de>(pub(crate) Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
