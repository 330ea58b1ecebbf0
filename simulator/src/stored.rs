//! A value that is packed while nobody looks at it.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};

use verbatim_contract::value::at;
use verbatim_source::Value;

use crate::packed::{Packed, Patterns, Scalar};
use crate::search::Search;

/// A value, packed or not. Whoever looks at the whole of it has it unpacked until the store is tidied up.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    /// The value where it is not packed.
    value: Value,
    packed: Option<Packed>,
    unpacked: OnceCell<Box<Value>>,
}

impl From<Value> for Stored {
    fn from(value: Value) -> Self {
        Self {
            value,
            packed: None,
            unpacked: OnceCell::new(),
        }
    }
}

impl Deref for Stored {
    type Target = Value;

    fn deref(&self) -> &Value {
        match &self.packed {
            Some(packed) => self.unpacked.get_or_init(|| {
                packed.count();
                Box::new(packed.unpack())
            }),
            None => &self.value,
        }
    }
}

impl DerefMut for Stored {
    fn deref_mut(&mut self) -> &mut Value {
        if let Some(packed) = self.packed.take() {
            let unpacked = self.unpacked.take();
            self.value = unpacked.map_or_else(|| packed.unpack(), |value| *value);
        }
        &mut self.value
    }
}

impl Stored {
    /// The scalar that a pointer names; `None` where it names none, or nothing.
    pub fn scalar(&self, pointer: &str) -> Option<Scalar<'_>> {
        match &self.packed {
            Some(packed) => packed.scalar(pointer),
            None => at(&self.value, pointer).and_then(Scalar::of),
        }
    }

    /// The text by which what a pointer names is looked up.
    pub fn key(&self, pointer: &str) -> Option<&str> {
        self.scalar(pointer).and_then(Scalar::key)
    }

    /// Whether a search finds its text in one of the scalars.
    pub fn contains(&self, search: &Search) -> bool {
        match &self.packed {
            Some(packed) => packed.contains(search),
            None => search.is_in(&self.value),
        }
    }

    /// Whether a search may find its text: the answer costs little, and is sure where the value is packed.
    pub fn may_contain(&self, search: &Search) -> bool {
        let packed = self.packed.as_ref();
        packed.is_none_or(|packed| packed.contains(search))
    }

    /// The whole value, which stays packed where it is.
    pub fn whole(&self) -> Cow<'_, Value> {
        match (&self.packed, self.unpacked.get()) {
            (Some(_), Some(value)) => Cow::Borrowed(value),
            (Some(packed), None) => Cow::Owned(packed.unpack()),
            (None, _) => Cow::Borrowed(&self.value),
        }
    }

    /// Packs the value.
    pub fn pack(&mut self, patterns: &mut Patterns) {
        if self.packed.is_some() {
            self.unpacked.take();
        } else if let Some(packed) = patterns.pack(&self.value) {
            self.packed = Some(packed);
            self.value = Value::Null;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::object;
    use verbatim_contract::value::set;

    #[test]
    fn changes_are_kept() {
        let mut patterns = Patterns::default();
        let mut stored = Stored::from(object([("a", Value::from(1)), ("b", Value::Null)]));
        stored.pack(&mut patterns);
        assert_eq!(stored.key("/a"), Some("1"));
        assert_eq!(stored.key("/b"), None);
        assert!(stored.unpacked.get().is_none());
        assert!(matches!(stored.whole(), Cow::Owned(_)));
        assert!(matches!(at(&stored, "/b"), Some(Value::Null)));
        assert!(stored.unpacked.get().is_some());
        set(&mut stored, "/b", Value::from("x"));
        assert_eq!(stored.key("/b"), Some("x"));
        stored.pack(&mut patterns);
        assert_eq!((stored.key("/a"), stored.key("/b")), (Some("1"), Some("x")));
        assert!(matches!(*stored, Value::Object(_)));
    }
}
