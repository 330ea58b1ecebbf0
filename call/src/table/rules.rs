//! Rules beside the operation itself: rate, pages, waits.

use super::is_default;
use serde::{Deserialize, Serialize};
use verbatim_runtime::service;

/// The documented rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Requests in one window.
    pub requests: u32,
    /// Seconds of the window.
    pub window_seconds: u32,
    /// The header of the limit.
    pub limit_header: String,
    /// The header of what is left.
    pub remaining_header: String,
    /// The header of the reset.
    pub reset_header: String,
}

/// How a list is paged; the fields are those of the runtime's `Pagination`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pagination {
    /// What the position of a page is.
    #[serde(with = "PageStyle")]
    pub style: service::PageStyle,
    /// The parameter of the position.
    #[serde(default, skip_serializing_if = "is_default")]
    pub page: String,
    /// The parameter of the size.
    #[serde(default, skip_serializing_if = "is_default")]
    pub size: String,
    /// The first position.
    pub first: u64,
    /// What tells the last page.
    #[serde(with = "PageEnd")]
    pub end: service::PageEnd,
    /// The header of the total.
    #[serde(default, skip_serializing_if = "is_default")]
    pub total_header: String,
    /// The pointer to the total.
    #[serde(default, skip_serializing_if = "is_default")]
    pub total_pointer: String,
    /// The pointer to the next position.
    #[serde(default, skip_serializing_if = "is_default")]
    pub next_pointer: String,
    /// The pointer to the items.
    #[serde(default, skip_serializing_if = "is_default")]
    pub items_pointer: String,
    /// The pointer, within an item, to what tells it apart.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity: String,
}

/// How completion is awaited; the fields are those of the runtime's `Wait`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// The operation that is polled.
    #[serde(default, skip_serializing_if = "is_default")]
    pub poll: String,
    /// Its parameters, each with where its value is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<(String, String)>,
    /// The pointer to the state.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: String,
    /// The pointer to the percentage.
    #[serde(default, skip_serializing_if = "is_default")]
    pub percent: String,
    /// States that mean success.
    #[serde(default, skip_serializing_if = "is_default")]
    pub done: Vec<String>,
    /// States that mean failure.
    #[serde(default, skip_serializing_if = "is_default")]
    pub failed: Vec<String>,
    /// Whether the percentage must be null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub percent_null: bool,
    /// Whether 404 means success.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gone: bool,
    /// Which items count, where the polled operation answers with a list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub among: Option<Among>,
}

/// Which items of a polled list count; the fields are those of the runtime's `WaitAmong`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Among {
    /// The pointer to the list.
    pub items: String,
    /// The pointer, within an item, to what tells items apart.
    pub identity: String,
    /// Whether items that are there before the call do not count.
    pub baseline: bool,
    /// Pointers within an item, and the texts that must stand there.
    pub matches: Vec<(String, String)>,
}

/// What the position of a page is, as text.
#[derive(Serialize, Deserialize)]
#[serde(remote = "service::PageStyle")]
pub(crate) enum PageStyle {
    Page,
    Offset,
    Cursor,
    Link,
}

/// What tells the last page, as text.
#[derive(Serialize, Deserialize)]
#[serde(remote = "service::PageEnd")]
pub(crate) enum PageEnd {
    ShortPage,
    EmptyPage,
    Total,
    Next,
}
