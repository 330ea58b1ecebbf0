//! Replies that are given again as long as nothing has changed.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Response;

use crate::check::ReceivedRequest;

/// Replies that hold until something changes.
#[derive(Debug, Default)]
pub(crate) struct HeldReplies {
    list: BTreeMap<String, Response<Bytes>>,
    bytes: usize,
}

/// The most bytes that are held.
const MOST_HELD: usize = 8 << 20;
/// About what a reply takes besides its body and what it is held under.
const HEAD: usize = 1 << 10;

impl HeldReplies {
    pub fn get(&self, target: &str) -> Option<Response<Bytes>> {
        self.list.get(target).cloned()
    }

    pub fn keep(&mut self, target: String, response: &Response<Bytes>) {
        let size = HEAD + response.body().len() + target.len();
        if self.bytes.saturating_add(size) > MOST_HELD {
            self.clear();
        }
        self.bytes += size;
        self.list.insert(target, response.clone());
    }

    /// Something has changed.
    pub fn clear(&mut self) {
        self.list.clear();
        self.bytes = 0;
    }
}

/// Under what a reply is held: everything that it depends on besides the state.
pub(crate) fn held_under(received: &ReceivedRequest<'_>) -> String {
    let header = |name: &str| {
        received
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    format!(
        "{}\n{}\n{}\n{}",
        received.target,
        header("host"),
        header("accept"),
        header("cookie")
    )
}
