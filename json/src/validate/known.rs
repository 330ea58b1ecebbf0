use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// What was made of texts before; none where a text cannot be read. There are no more than the document has.
pub(super) struct Known<T>(RwLock<Option<HashMap<String, Option<Arc<T>>>>>);

impl<T> Known<T> {
    pub const fn new() -> Self {
        Self(RwLock::new(None))
    }

    /// What a text stands for, made the first time it is asked for.
    pub fn get(&self, text: &str, make: impl FnOnce(&str) -> Option<T>) -> Option<Arc<T>> {
        let found = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = found.as_ref().and_then(|all| all.get(text)) {
            return known.clone();
        }
        drop(found);
        let fresh = make(text).map(Arc::new);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.get_or_insert_default()
            .insert(text.to_owned(), fresh.clone());
        fresh
    }
}
