//! What a document declares beyond OpenAPI: pages and waits.

/// How a list is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// What the position of a page is.
    pub style: PageStyle,
    /// The query parameter that holds the position: a page number, an offset or a cursor.
    pub page: &'static str,
    /// The query parameter that holds the size of a page.
    pub size: &'static str,
    /// The first page number or offset.
    pub first: u64,
    /// What tells the last page.
    pub end: PageEnd,
    /// The reply header that holds the number of all items.
    pub total_header: &'static str,
    /// The JSON pointer to the number of all items.
    pub total_pointer: &'static str,
    /// The JSON pointer to the next cursor or the address of the next page.
    pub next_pointer: &'static str,
    /// The JSON pointer to the array of items; empty where the body is the array.
    pub items_pointer: &'static str,
    /// The JSON pointer, within an item, to what tells it apart from others; empty where nothing
    /// does.
    pub identity: &'static str,
}

/// What the position of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStyle {
    /// A page number.
    Page,
    /// The number of items before the page.
    Offset,
    /// A text that the reply before it gave, at `next_pointer`.
    Cursor,
    /// The address of the next page, at `next_pointer` or in the `Link` header.
    Link,
}

/// What tells the last page, beside a total where the server gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// A page with fewer items than were asked for.
    ShortPage,
    /// A page without items.
    EmptyPage,
    /// The total is reached.
    Total,
    /// The reply names no next page.
    Next,
}

/// How the completion of an operation is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The operation that is polled.
    pub poll: &'static str,
    /// Its parameters: name, and where the value is: a JSON pointer into the reply of the awaited
    /// call, or `$request.path.NAME`, `$request.query.NAME`, `$request.body#/POINTER`. A pointer
    /// that leads nowhere falls back to the path parameter of that name in the awaited call.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The JSON pointer to the state in the reply of the poll.
    pub state: &'static str,
    /// The JSON pointer to the percentage in the reply of the poll.
    pub percent: &'static str,
    /// States in which the operation is complete.
    pub done: &'static [&'static str],
    /// States in which it has failed.
    pub failed: &'static [&'static str],
    /// Whether the percentage must be null or absent as well.
    pub percent_null: bool,
    /// Whether status 404 means that the awaited deletion is complete.
    pub gone: bool,
}

/// What is awaited where the polled operation answers with a list of actions instead of one
/// resource: the wait is over when every action that counts is done, and there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitAmong {
    /// The JSON pointer to the array; empty where the body is the array.
    pub items: &'static str,
    /// The JSON pointer, within an item, to what tells items apart.
    pub identity: &'static str,
    /// Whether the items that are there before the call do not count.
    pub baseline: bool,
    /// Items count whose values at these pointers are these texts. A value may be taken from the
    /// call by `$request.body#/POINTER` and the like.
    pub matches: &'static [(&'static str, &'static str)],
}
