//! The modes in which a property may stand in an object: one module for each word of a table.
//!
//! `take` makes the field from what was read, `put` writes the property, `look` inspects it.

/// A property that must be there.
pub mod required {
    use crate::json::{Inspect, Inspector};
    use serde::Serialize;
    use serde::ser::SerializeMap;

    #[inline]
    pub fn take<T, E: serde::de::Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
        slot.ok_or_else(|| E::missing_field(name))
    }

    #[inline]
    pub fn put<T: Serialize, M: SerializeMap>(
        value: &T,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        map.serialize_entry(name, value)
    }

    #[inline]
    pub fn look<T: Inspect>(value: &T, name: &'static str, at: &mut Inspector<'_>) {
        at.property(name, value);
    }
}

/// A property that must be there and may be null: its type takes the null.
pub mod nullable {
    pub use super::required::{look, put, take};
}

/// A property that may be absent and is never null.
pub mod optional {
    pub use super::required::look;
    use serde::Serialize;
    use serde::ser::SerializeMap;

    #[inline]
    pub fn take<T, E>(slot: Option<T>, _name: &'static str) -> Result<Option<T>, E> {
        Ok(slot)
    }

    #[inline]
    pub fn put<T: Serialize, M: SerializeMap>(
        value: &Option<T>,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) => map.serialize_entry(name, value),
            None => Ok(()),
        }
    }
}

/// A property that may be absent or null.
pub mod maybe {
    pub use super::required::look;
    use crate::json::Maybe;
    use serde::Serialize;
    use serde::ser::SerializeMap;

    #[inline]
    pub fn take<T, E>(slot: Option<Maybe<T>>, _name: &'static str) -> Result<Maybe<T>, E> {
        Ok(slot.unwrap_or(Maybe::Absent))
    }

    #[inline]
    pub fn put<T: Serialize, M: SerializeMap>(
        value: &Maybe<T>,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        match value {
            Maybe::Value(value) => map.serialize_entry(name, value),
            Maybe::Null => map.serialize_entry(name, &()),
            Maybe::Absent => Ok(()),
        }
    }
}

/// A property that may be absent, and whose null is kept though no document announced it.
pub mod tolerant {
    pub use super::maybe::{put, take};
    use crate::json::leaf::Tolerant;
    use crate::json::{Inspect, Inspector, Maybe};

    #[inline]
    pub fn look<T: Inspect>(value: &Maybe<T>, name: &'static str, at: &mut Inspector<'_>) {
        at.property(name, &Tolerant(value));
    }
}
