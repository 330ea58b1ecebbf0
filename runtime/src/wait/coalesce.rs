use super::target::ListTarget;
use crate::client::Client;
use crate::joint::Joint;
use crate::page::{go_to, look};
use crate::peek;
use crate::policy::page::Pager;
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
pub(super) struct Shared {
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
struct Snapshot {
    sent: Moment,
    items: BTreeMap<String, String>,
}

/// A wait that takes part in a list.
pub(super) struct Subscription<'h> {
    hub: &'h PollCoalescer,
    shared: Arc<Shared>,
    key: String,
    id: String,
}

/// An item of a shared list.
pub(super) struct Found {
    /// When the list was asked for.
    pub(super) sent: Moment,
    /// The JSON text of the item.
    pub(super) item: String,
}

impl PollCoalescer {
    /// Joins the waits that look at a list.
    pub(super) fn join(&self, target: &ListTarget) -> Subscription<'_> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = Arc::clone(lists.entry(target.key.clone()).or_default());
        let mut awaited = shared
            .awaited
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *awaited.entry(target.id.clone()).or_default() += 1;
        drop(awaited);
        Subscription {
            hub: self,
            shared,
            key: target.key.clone(),
            id: target.id.clone(),
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
    /// The awaited item in a list that was asked for after `after`, fetched once for all waits.
    /// None where this is the only wait, or the list does not show the item.
    pub(super) async fn look(
        &self,
        client: &Client,
        target: &ListTarget,
        after: Moment,
    ) -> Option<Found> {
        let awaited = self.awaited();
        if awaited.len() < 2 {
            return None;
        }
        let snapshot = match self.fresh(after) {
            Some(snapshot) => snapshot,
            None => self.fetch(client, target, awaited).await?,
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
    async fn fetch(
        &self,
        client: &Client,
        target: &ListTarget,
        awaited: Vec<String>,
    ) -> Option<Arc<Snapshot>> {
        let begin = || {
            let (client, target) = (client.clone(), target.clone());
            Joint::new(async move { fetch(&client, &target, &awaited).await.map(Arc::new) })
        };
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

/// Reads pages until every awaited item is found, and never more pages than single polls would be
/// requests.
async fn fetch(client: &Client, target: &ListTarget, awaited: &[String]) -> Option<Snapshot> {
    let rule = target.list.operation.pagination?;
    let mut pager = Pager::new(rule, None, None);
    let mut items = BTreeMap::new();
    let sent = client.0.clock.now();
    for _ in 0..awaited.len() {
        let Some(position) = pager.next().cloned() else {
            break;
        };
        let mut draft = target.list.clone();
        go_to(&mut draft, &rule, &position);
        let received = client.run(&draft).await.ok()?;
        if !received.is_success() {
            return None;
        }
        pager.observe(&look(&rule, &received));
        let text = received.json_text();
        for item in peek::items(peek::at(text, rule.items_pointer)?)? {
            let id = peek::scalar(item, target.id_pointer)
                .or_else(|| peek::scalar(peek::unwrap(item), "/id"));
            if let Some(id) = id.filter(|id| awaited.contains(id)) {
                items.entry(id).or_insert_with(|| item.to_owned());
            }
        }
        if items.len() == awaited.len() {
            break;
        }
    }
    Some(Snapshot { sent, items })
}
