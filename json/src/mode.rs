//! The modes in which a property may stand in an object: one module for each word of a table.
//!
//! `take` makes the field from what was read, `put` writes the property, `look` inspects it.

//! Those with `_as` do the same for a value in a form of its own; `Slot` is the form of what was read,
//! and `Whole` that of the field.

/// A property that must be there.
pub mod required {
    use crate::{DeserializeAs, Inspect, Inspector, SerializeAs, Written};
    use serde::Serialize;
    use serde::ser::SerializeMap;

    pub type Slot<F> = F;
    pub type Whole<F> = F;

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

    pub fn put_as<F: SerializeAs<T>, T, M: SerializeMap>(
        value: &T,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        map.serialize_entry(name, &Written::<T, F>::new(value))
    }

    #[inline]
    pub fn look<T: Inspect>(value: &T, name: &'static str, at: &mut Inspector<'_>) {
        at.property(name, value);
    }

    pub fn look_as<F: DeserializeAs<T>, T>(value: &T, name: &'static str, at: &mut Inspector<'_>) {
        at.property(name, &Written::<T, F>::new(value));
    }
}

/// A property that must be there and may be null: its type takes the null.
pub mod nullable {
    pub use super::required::{look, put, take};
    use crate::{DeserializeAs, Inspector, Nullable, OrNull, SerializeAs};
    use serde::ser::SerializeMap;

    pub type Slot<F> = OrNull<F>;
    pub type Whole<F> = OrNull<F>;

    pub fn put_as<F: SerializeAs<T>, T, M: SerializeMap>(
        value: &Nullable<T>,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        super::required::put_as::<OrNull<F>, _, _>(value, name, map)
    }

    pub fn look_as<F: DeserializeAs<T>, T>(
        value: &Nullable<T>,
        name: &'static str,
        at: &mut Inspector<'_>,
    ) {
        super::required::look_as::<OrNull<F>, _>(value, name, at);
    }
}

/// A property that may be absent and is never null.
pub mod optional {
    pub use super::required::look;
    use crate::{DeserializeAs, Inspector, OrNull, SerializeAs};
    use serde::Serialize;
    use serde::ser::SerializeMap;

    pub type Slot<F> = F;
    pub type Whole<F> = OrNull<F>;

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

    pub fn put_as<F: SerializeAs<T>, T, M: SerializeMap>(
        value: &Option<T>,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) => super::required::put_as::<F, _, _>(value, name, map),
            None => Ok(()),
        }
    }

    pub fn look_as<F: DeserializeAs<T>, T>(
        value: &Option<T>,
        name: &'static str,
        at: &mut Inspector<'_>,
    ) {
        if let Some(value) = value {
            super::required::look_as::<F, _>(value, name, at);
        }
    }
}

/// A property that may be absent or null.
pub mod maybe {
    pub use super::nullable::{Slot, Whole};
    pub use super::required::look;
    use crate::{DeserializeAs, Inspector, Maybe, OrNull, SerializeAs};
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

    pub fn put_as<F: SerializeAs<T>, T, M: SerializeMap>(
        value: &Maybe<T>,
        name: &'static str,
        map: &mut M,
    ) -> Result<(), M::Error> {
        match value {
            Maybe::Value(value) => super::required::put_as::<F, _, _>(value, name, map),
            Maybe::Null => map.serialize_entry(name, &()),
            Maybe::Absent => Ok(()),
        }
    }

    pub fn look_as<F: DeserializeAs<T>, T>(
        value: &Maybe<T>,
        name: &'static str,
        at: &mut Inspector<'_>,
    ) {
        super::required::look_as::<OrNull<F>, _>(value, name, at);
    }
}

/// A property that may be absent, and whose null is kept though no document announced it.
pub mod tolerant {
    pub use super::maybe::{Slot, Whole, put, put_as, take};
    use crate::leaf::Tolerant;
    use crate::{DeserializeAs, Finding, Inspect, Inspector, Maybe};

    #[inline]
    pub fn look<T: Inspect>(value: &Maybe<T>, name: &'static str, at: &mut Inspector<'_>) {
        at.property(name, &Tolerant(value));
    }

    pub fn look_as<F: DeserializeAs<T>, T>(
        value: &Maybe<T>,
        name: &'static str,
        at: &mut Inspector<'_>,
    ) {
        match value {
            Maybe::Null => at.report_property(name, Finding::UndocumentedNull),
            other => super::maybe::look_as::<F, _>(other, name, at),
        }
    }
}
