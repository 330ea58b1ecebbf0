//! The modes in which a property may stand in an object: one module for each word of a table.
//!
//! `take` makes the field from what was read, `walk` hands the property to what goes over the object.
//! Those with `_as` do the same for a value in a form of its own; `Slot` is the form of what was read,
//! and `Whole` that of the field.

use super::map::Rest;
use super::{Finding, Inspect, Inspector};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// What is done with each property of an object, in turn. A type has one function that goes over its
/// properties, whatever is done with them.
pub trait Walk {
    /// A property that is there.
    fn property<T: Serialize + Inspect>(&mut self, name: &'static str, value: &T);

    /// A property that is null; whether a document announced it.
    fn null(&mut self, name: &'static str, announced: bool);

    /// The properties that the object does not declare.
    fn rest<R: Rest>(&mut self, rest: &R, declared: &[&str]);
}

/// Writes an object. What goes wrong first is kept, and nothing is written after it.
struct Writer<M: SerializeMap> {
    map: M,
    failure: Option<M::Error>,
}

impl<M: SerializeMap> Writer<M> {
    #[inline]
    fn entry<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        if self.failure.is_none() {
            self.failure = self.map.serialize_entry(name, value).err();
        }
    }
}

impl<M: SerializeMap> Walk for Writer<M> {
    #[inline]
    fn property<T: Serialize + Inspect>(&mut self, name: &'static str, value: &T) {
        self.entry(name, value);
    }

    #[inline]
    fn null(&mut self, name: &'static str, _announced: bool) {
        self.entry(name, &());
    }

    #[inline]
    fn rest<R: Rest>(&mut self, rest: &R, declared: &[&str]) {
        if self.failure.is_none() {
            self.failure = rest.write(declared, &mut self.map).err();
        }
    }
}

/// Writes an object.
#[inline]
pub fn write<T: super::object::Object, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let map = serializer.serialize_map(None)?;
    let mut writer = Writer { map, failure: None };
    value.walk(&mut writer);
    match writer.failure {
        None => writer.map.end(),
        Some(failure) => Err(failure),
    }
}

impl Walk for Inspector<'_> {
    fn property<T: Serialize + Inspect>(&mut self, name: &'static str, value: &T) {
        Inspector::property(self, name, value);
    }

    fn null(&mut self, name: &'static str, announced: bool) {
        let finding = if announced {
            Finding::Declared
        } else {
            Finding::UndocumentedNull
        };
        self.report_property(name, finding);
    }

    fn rest<R: Rest>(&mut self, rest: &R, _declared: &[&str]) {
        rest.report(self);
    }
}

/// A property that must be there.
pub mod required {
    use super::Walk;
    use crate::{DeserializeAs, Inspect, SerializeAs, Written};
    use serde::Serialize;

    pub type Slot<F> = F;
    pub type Whole<F> = F;

    #[inline]
    pub fn take<T, E: serde::de::Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
        slot.ok_or_else(|| E::missing_field(name))
    }

    #[inline]
    pub fn walk<T: Serialize + Inspect>(value: &T, name: &'static str, at: &mut impl Walk) {
        at.property(name, value);
    }

    #[inline]
    pub fn walk_as<F, T>(value: &T, name: &'static str, at: &mut impl Walk)
    where
        F: SerializeAs<T> + DeserializeAs<T>,
    {
        at.property(name, &Written::<T, F>::new(value));
    }
}

/// A property that must be there and may be null: its type takes the null.
pub mod nullable {
    use super::Walk;
    pub use super::required::{take, walk};
    use crate::{DeserializeAs, Nullable, OrNull, SerializeAs};

    pub type Slot<F> = OrNull<F>;
    pub type Whole<F> = OrNull<F>;

    #[inline]
    pub fn walk_as<F, T>(value: &Nullable<T>, name: &'static str, at: &mut impl Walk)
    where
        F: SerializeAs<T> + DeserializeAs<T>,
    {
        super::required::walk_as::<OrNull<F>, _>(value, name, at);
    }
}

/// A property that may be absent and is never null.
pub mod optional {
    use super::Walk;
    use crate::{DeserializeAs, Inspect, OrNull, SerializeAs};
    use serde::Serialize;

    pub type Slot<F> = F;
    pub type Whole<F> = OrNull<F>;

    #[inline]
    pub fn take<T>(slot: Option<T>) -> Option<T> {
        slot
    }

    #[inline]
    pub fn walk<T: Serialize + Inspect>(value: &Option<T>, name: &'static str, at: &mut impl Walk) {
        if let Some(value) = value {
            at.property(name, value);
        }
    }

    #[inline]
    pub fn walk_as<F, T>(value: &Option<T>, name: &'static str, at: &mut impl Walk)
    where
        F: SerializeAs<T> + DeserializeAs<T>,
    {
        if let Some(value) = value {
            super::required::walk_as::<F, _>(value, name, at);
        }
    }
}

/// A property that may be absent or null.
pub mod maybe {
    use super::Walk;
    pub use super::nullable::{Slot, Whole};
    use crate::{DeserializeAs, Inspect, Maybe, SerializeAs};
    use serde::Serialize;

    #[inline]
    pub fn take<T>(slot: Option<Maybe<T>>) -> Maybe<T> {
        slot.unwrap_or(Maybe::Absent)
    }

    #[inline]
    pub fn walk<T: Serialize + Inspect>(value: &Maybe<T>, name: &'static str, at: &mut impl Walk) {
        match value {
            Maybe::Value(value) => at.property(name, value),
            Maybe::Null => at.null(name, true),
            Maybe::Absent => {}
        }
    }

    #[inline]
    pub fn walk_as<F, T>(value: &Maybe<T>, name: &'static str, at: &mut impl Walk)
    where
        F: SerializeAs<T> + DeserializeAs<T>,
    {
        match value {
            Maybe::Value(value) => super::required::walk_as::<F, _>(value, name, at),
            Maybe::Null => at.null(name, true),
            Maybe::Absent => {}
        }
    }
}

/// A property that may be absent, and whose null is kept though no document announced it.
pub mod tolerant {
    use super::Walk;
    pub use super::maybe::{Slot, Whole, take};
    use crate::{DeserializeAs, Inspect, Maybe, SerializeAs};
    use serde::Serialize;

    #[inline]
    pub fn walk<T: Serialize + Inspect>(value: &Maybe<T>, name: &'static str, at: &mut impl Walk) {
        match value {
            Maybe::Null => at.null(name, false),
            other => super::maybe::walk(other, name, at),
        }
    }

    #[inline]
    pub fn walk_as<F, T>(value: &Maybe<T>, name: &'static str, at: &mut impl Walk)
    where
        F: SerializeAs<T> + DeserializeAs<T>,
    {
        match value {
            Maybe::Null => at.null(name, false),
            other => super::maybe::walk_as::<F, _>(other, name, at),
        }
    }
}
