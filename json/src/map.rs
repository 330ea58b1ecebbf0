use super::key::Key;
use super::{Finding, Inspect, Inspector, Json};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// An object whose property names are data.
///
/// It is a [`BTreeMap`] that refuses a repeated name instead of keeping the last value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Map<T>(BTreeMap<String, T>);

impl<T> Map<T> {
    /// An empty map.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The standard map.
    pub fn into_inner(self) -> BTreeMap<String, T> {
        self.0
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for Map<T> {
    type Target = BTreeMap<String, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Map<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> From<BTreeMap<String, T>> for Map<T> {
    fn from(map: BTreeMap<String, T>) -> Self {
        Self(map)
    }
}

impl<K: Into<String>, T> FromIterator<(K, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(items: I) -> Self {
        Self(items.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = std::collections::btree_map::IntoIter<String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'m, T> IntoIterator for &'m Map<T> {
    type Item = (&'m String, &'m T);
    type IntoIter = std::collections::btree_map::Iter<'m, String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
            type Value = Map<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<T>, A::Error> {
                let mut entries = Map::new();
                while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
                    entries.read(key, &mut map)?;
                }
                Ok(entries)
            }
        }

        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

impl<T> Map<T> {
    fn read<'de, A>(&mut self, key: Cow<'de, str>, map: &mut A) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
        T: Deserialize<'de>,
    {
        if self.0.contains_key(&*key) {
            return Err(repeated(&key));
        }
        self.0.insert(key.into_owned(), map.next_value()?);
        Ok(())
    }
}

fn repeated<E: serde::de::Error>(key: &str) -> E {
    E::custom(format_args!("property {key:?} stands twice in one object"))
}

impl<T: Inspect> Inspect for Map<T> {
    fn inspect(&self, at: &mut Inspector<'_>) {
        if self.0.is_empty() {
            at.declared();
        }
        for (name, value) in &self.0 {
            at.property(name, value);
        }
    }
}

/// The properties of an object that the document does not name, kept as received.
///
/// It behaves as a map of [`Json`], costs one word while it is empty, and is written back with the object.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Extra(Option<Box<Map<Json>>>);

impl Extra {
    /// No properties.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        // Taking the last property out drops the map, so none is ever empty.
        self.0.is_none()
    }

    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.as_ref()?.get(name)
    }

    /// Puts a property in; gives back the value that stood there.
    pub fn insert(&mut self, name: impl Into<String>, value: Json) -> Option<Json> {
        self.0.get_or_insert_default().insert(name.into(), value)
    }

    /// Takes a property out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let map = self.0.as_mut()?;
        let value = map.remove(name);
        if map.is_empty() {
            self.0 = None;
        }
        value
    }

    /// The properties in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        let map = self.0.iter().flat_map(|map| map.iter());
        map.map(|(name, value)| (name.as_str(), value))
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may hold what the document would have called a secret, so only names show.
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

/// What an object does with the properties that it does not name.
#[doc(hidden)]
pub trait Rest: Default {
    /// Takes the value of an undeclared property.
    fn accept<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'de, str>,
        map: &mut A,
    ) -> Result<(), A::Error>;

    /// Writes the properties back; one that repeats a declared name is an error.
    fn write<M: SerializeMap>(&self, declared: &[&str], map: &mut M) -> Result<(), M::Error>;

    /// Reports the properties.
    fn report(&self, at: &mut Inspector<'_>);
}

fn write_entry<M: SerializeMap, T: Serialize>(
    declared: &[&str],
    (name, value): (&str, &T),
    map: &mut M,
) -> Result<(), M::Error> {
    if declared.contains(&name) {
        return Err(M::Error::custom(format_args!(
            "the extra property {name:?} repeats a declared one"
        )));
    }
    map.serialize_entry(name, value)
}

impl Rest for Extra {
    fn accept<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'de, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.0.get_or_insert_default().read(key, map)
    }

    #[inline]
    fn write<M: SerializeMap>(&self, declared: &[&str], map: &mut M) -> Result<(), M::Error> {
        match &self.0 {
            None => Ok(()),
            Some(held) => held.write(declared, map),
        }
    }

    fn report(&self, at: &mut Inspector<'_>) {
        for (name, value) in self.iter() {
            at.report_property(name, Finding::UnknownProperty(value.leaves()));
        }
    }
}

impl<T> Rest for Map<T>
where
    T: serde::de::DeserializeOwned + Serialize + Inspect,
{
    fn accept<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'de, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.read(key, map)
    }

    fn write<M: SerializeMap>(&self, declared: &[&str], map: &mut M) -> Result<(), M::Error> {
        self.0
            .iter()
            .try_for_each(|(name, value)| write_entry(declared, (name, value), map))
    }

    fn report(&self, at: &mut Inspector<'_>) {
        for (name, value) in &self.0 {
            at.property(name, value);
        }
    }
}

/// An object that admits no other properties.
#[doc(hidden)]
#[derive(Default)]
pub struct Closed;

impl Rest for Closed {
    fn accept<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'de, str>,
        _map: &mut A,
    ) -> Result<(), A::Error> {
        Err(A::Error::custom(format_args!(
            "property {key:?} is not one of this request"
        )))
    }

    fn write<M: SerializeMap>(&self, _declared: &[&str], _map: &mut M) -> Result<(), M::Error> {
        Ok(())
    }

    fn report(&self, _at: &mut Inspector<'_>) {}
}
