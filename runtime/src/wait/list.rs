//! The list in which several waits find what they wait for.

use super::target::ListTarget;
use crate::client::Client;
use crate::coalesce::Snapshot;
use crate::future::BoxFuture;
use crate::page::{go_to, look};
use crate::peek;
use crate::policy::page::Pager;
use std::collections::BTreeMap;

/// Begins to read the list, for these items.
pub(super) fn fetch(
    client: &Client,
    target: &ListTarget,
    awaited: Vec<String>,
) -> BoxFuture<'static, Option<Snapshot>> {
    Box::pin(read(client.clone(), target.clone(), awaited))
}

/// Reads pages until every awaited item is found, and never more pages than single polls would be
/// requests.
async fn read(client: Client, target: ListTarget, awaited: Vec<String>) -> Option<Snapshot> {
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
