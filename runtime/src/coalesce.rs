//! Work that waits share.

use crate::future::BoxFuture;
use crate::joint::Joint;
use crate::time::Moment;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The waits of a client, so that they share the requests of a list instead of polling one by one.
#[derive(Default)]
pub(crate) struct PollCoalescer {
    lists: Mutex<BTreeMap<String, Arc<Shared>>>,
}

/// One list that waits look at together.
#[derive(Default)]
struct Shared {
    /// The identifiers that are waited for, and by how many.
    awaited: Mutex<BTreeMap<String, usize>>,
    /// What was fetched last, or is being fetched.
    latest: Mutex<Latest>,
}

#[derive(Default)]
struct Latest {
    snapshot: Option<Arc<Snapshot>>,
    /// The fetch under way, which everyone drives who looks: nobody waits for one wait alone.
    fetch: Option<Joint<Option<Arc<Snapshot>>>>,
}

/// The list at one time.
pub(crate) struct Snapshot {
    /// When it was asked for.
    pub(crate) sent: Moment,
    /// The JSON texts of the awaited items that it holds, by their identifiers.
    pub(crate) items: BTreeMap<String, String>,
}

/// A wait that takes part in a list.
pub(crate) struct Subscription<'h> {
    hub: &'h PollCoalescer,
    shared: Arc<Shared>,
    key: String,
    id: String,
}

/// An item of a shared list.
pub(crate) struct Found {
    /// When the list was asked for.
    pub(crate) sent: Moment,
    /// The JSON text of the item.
    pub(crate) item: String,
}

impl PollCoalescer {
    /// Joins the waits that look at a list, for the item with this identifier.
    pub(crate) fn join(&self, key: &str, id: &str) -> Subscription<'_> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = Arc::clone(lists.entry(key.to_owned()).or_default());
        let mut awaited = shared
            .awaited
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *awaited.entry(id.to_owned()).or_default() += 1;
        drop(awaited);
        Subscription {
            hub: self,
            shared,
            key: key.to_owned(),
            id: id.to_owned(),
        }
    }
}

impl Drop for Subscription<'_> {
    fn drop(&mut self) {
        let mut lists = self
            .hub
            .lists
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut awaited = self
            .shared
            .awaited
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = awaited.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                awaited.remove(&self.id);
            }
        }
        if awaited.is_empty() {
            lists.remove(&self.key);
        }
    }
}

impl Subscription<'_> {
    /// The awaited item in a list that was asked for after `after`, fetched once for all waits: `fetch` is given the
    /// identifiers that are waited for. None where this is the only wait, or the list does not show the item.
    pub(crate) async fn look(
        &self,
        after: Moment,
        fetch: impl FnOnce(Vec<String>) -> BoxFuture<'static, Option<Snapshot>>,
    ) -> Option<Found> {
        let awaited = self.awaited();
        if awaited.len() < 2 {
            return None;
        }
        let snapshot = match self.fresh(after) {
            Some(snapshot) => snapshot,
            None => self.fetch(fetch(awaited)).await?,
        };
        Some(Found {
            sent: snapshot.sent,
            item: snapshot.items.get(&self.id)?.clone(),
        })
    }

    fn fresh(&self, after: Moment) -> Option<Arc<Snapshot>> {
        let latest = self.latest();
        let snapshot = latest.snapshot.as_ref();
        snapshot.filter(|snapshot| snapshot.sent > after).cloned()
    }

    /// Takes part in the fetch that is under way, or begins one.
    async fn fetch(&self, fetch: BoxFuture<'static, Option<Snapshot>>) -> Option<Arc<Snapshot>> {
        let begin = || Joint::new(async move { fetch.await.map(Arc::new) });
        let joint = self.latest().fetch.get_or_insert_with(begin).clone();
        let fetched = joint.clone().await;
        let mut latest = self.latest();
        if latest
            .fetch
            .as_ref()
            .is_some_and(|under_way| under_way.is(&joint))
        {
            latest.fetch = None;
            latest.snapshot.clone_from(&fetched);
        }
        fetched
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        let latest = self.shared.latest.lock();
        latest.unwrap_or_else(PoisonError::into_inner)
    }

    fn awaited(&self) -> Vec<String> {
        let awaited = self
            .shared
            .awaited
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        awaited.keys().cloned().collect()
    }
}
