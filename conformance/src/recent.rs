//! What was said last, within bounds.

use std::collections::BTreeMap;

/// Values by path, of which the oldest leave where there are too many, or where they are too large together.
pub struct Recent<V> {
    values: BTreeMap<String, Entry<V>>,
    /// Keys by age.
    order: BTreeMap<u64, String>,
    next: u64,
    bytes: usize,
    most: usize,
    most_bytes: usize,
}

struct Entry<V> {
    value: V,
    size: usize,
    age: u64,
}

impl<V> Recent<V> {
    /// Nothing yet, and never more than so many values of so many bytes together.
    pub fn within(most: usize, most_bytes: usize) -> Self {
        Self {
            values: BTreeMap::new(),
            order: BTreeMap::new(),
            next: 0,
            bytes: 0,
            most,
            most_bytes,
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.values.get(key).map(|entry| &entry.value)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.values.get_mut(key).map(|entry| &mut entry.value)
    }

    /// Sets the value of a key, which takes so many bytes besides the key.
    pub fn insert(&mut self, key: String, value: V, size: usize) {
        self.remove(&key);
        let (age, size) = (self.next, size + key.len());
        self.next += 1;
        self.bytes += size;
        self.order.insert(age, key.clone());
        self.values.insert(key, Entry { value, size, age });
        while self.values.len() > self.most || self.bytes > self.most_bytes {
            let Some((_, oldest)) = self.order.pop_first() else {
                return;
            };
            self.remove(&oldest);
        }
    }

    /// Forgets a key.
    pub fn remove(&mut self, key: &str) {
        if let Some(entry) = self.values.remove(key) {
            self.order.remove(&entry.age);
            self.bytes -= entry.size;
        }
    }

    /// Keys that begin so, with their values.
    pub fn below<'a>(&'a self, lead: &'a str) -> impl Iterator<Item = (&'a str, &'a V)> {
        self.values
            .range(lead.to_owned()..)
            .take_while(move |(key, _)| key.starts_with(lead))
            .map(|(key, entry)| (key.as_str(), &entry.value))
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn the_oldest_leave() {
        let mut recent = Recent::within(2, 100);
        for key in ["/a/1", "/a/2", "/a/1", "/a/3"] {
            recent.insert(key.to_owned(), key.len(), 10);
        }
        let left: Vec<&str> = recent.below("/a/").map(|(key, _)| key).collect();
        assert_eq!(
            left,
            ["/a/1", "/a/3"],
            "what was set again is the newer one"
        );
        recent.insert("/b".to_owned(), 0, 90);
        assert_eq!(recent.below("").count(), 1, "the bytes count too");
        recent.insert("/c".to_owned(), 0, 1_000);
        assert_eq!(
            recent.below("").count(),
            0,
            "what is too large alone is not kept"
        );
        recent.insert("/d".to_owned(), 7, 10);
        assert_eq!(recent.get("/d"), Some(&7));
        assert_eq!(recent.bytes, 12);
    }
}
