//! Lists as streams.

use crate::call::{Call, Response};
use crate::decode::DecodeError;
use crate::draft::Draft;
use crate::error::{Error, Failure, InvalidReason, Undecodable, sort};
use crate::link;
use crate::peek;
use crate::policy::page::{Entry, Page, PageDrift, PageFault, Pager, Position};
use crate::received::RawResponse;
use crate::service::{PageStyle, Pagination};
use crate::transport::BoxFuture;
use futures_core::Stream;
use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::future::poll_fn;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The pages of a list: a stream of replies. After an error it ends; [`Pages::position`] tells
/// where to go on.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T, E> {
    call: Call<T, E>,
    pager: Option<Pager>,
    under_way: Option<BoxFuture<'static, Result<RawResponse, Failure>>>,
    /// For each item of the page given last, whether it is new.
    fresh: Vec<bool>,
    /// Why the list cannot be read on after the page given last.
    fault: Option<Box<Undecodable>>,
    over: bool,
}

impl<T, E> Pages<T, E> {
    /// The pages of a list whose operation declares its pagination. Page and size that were set on
    /// the call are kept.
    pub fn new(call: Call<T, E>) -> Self {
        let pager = call.draft.operation.pagination.map(|rule| {
            let size = set_number(&call.draft, rule.size);
            let from = match rule.style {
                PageStyle::Page | PageStyle::Offset => {
                    set_number(&call.draft, rule.page).map(Position::Number)
                }
                PageStyle::Cursor | PageStyle::Link => None,
            };
            Pager::new(rule, size, from)
        });
        Self {
            call,
            pager,
            under_way: None,
            fresh: Vec::new(),
            fault: None,
            over: false,
        }
    }

    /// Goes on where an earlier stream was.
    pub fn resume(mut self, position: Position) -> Self {
        if let Some(rule) = self.call.draft.operation.pagination {
            let size = set_number(&self.call.draft, rule.size);
            self.pager = Some(Pager::new(rule, size, Some(position)));
        }
        self
    }

    /// The page to go on with: the next one to be fetched, or none at the end.
    pub fn position(&self) -> Option<&Position> {
        self.pager.as_ref()?.next()
    }

    /// What was noticed while the pages were read.
    pub fn drift(&self) -> PageDrift {
        self.pager.as_ref().map(Pager::drift).unwrap_or_default()
    }

    /// The number of all items, where the server tells it.
    pub fn total(&self) -> Option<u64> {
        self.pager.as_ref()?.total()
    }

    /// The next page; none at the end.
    pub async fn next(&mut self) -> Option<Result<Response<T>, Error<E>>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Response<T>, Error<E>>>> {
        if self.over {
            return Poll::Ready(None);
        }
        if let Some(fault) = self.fault.take() {
            self.over = true;
            return Poll::Ready(Some(Err(Error::Decode(fault))));
        }
        if self.under_way.is_none() {
            match self.fetch() {
                Ok(Some(fetch)) => self.under_way = Some(fetch),
                Ok(None) => {
                    self.over = true;
                    return Poll::Ready(None);
                }
                Err(error) => {
                    self.over = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        let Some(under_way) = self.under_way.as_mut() else {
            return Poll::Ready(None);
        };
        let outcome = ready!(under_way.as_mut().poll(context));
        self.under_way = None;
        let page = outcome
            .map_err(Error::widen)
            .and_then(|received| sort(received, self.call.decode, self.call.refuse));
        match page {
            Ok((value, received)) => {
                self.take_in(&received);
                Poll::Ready(Some(Ok(Response { value, received })))
            }
            Err(error) => {
                self.over = true;
                Poll::Ready(Some(Err(error)))
            }
        }
    }

    /// The request of the next page.
    fn fetch(&self) -> Result<Option<BoxFuture<'static, Result<RawResponse, Failure>>>, Error<E>> {
        let Some(pager) = &self.pager else {
            let reason = InvalidReason::Request("the operation declares no pagination".into());
            return Err(Error::invalid(self.call.draft.exchange(), reason));
        };
        let Some(position) = pager.next() else {
            return Ok(None);
        };
        let mut draft = self.call.draft.clone();
        if let Some(rule) = draft.operation.pagination {
            go_to(&mut draft, &rule, position);
        }
        let client = self.call.client.clone();
        Ok(Some(Box::pin(async move { client.run(&draft).await })))
    }

    fn take_in(&mut self, received: &RawResponse) {
        if let (Some(pager), Some(rule)) = (&mut self.pager, self.call.draft.operation.pagination) {
            self.fresh = pager.observe(&look(&rule, received));
            self.fault = pager
                .fault()
                .map(|fault| Box::new(unreadable(fault, received)));
        }
    }
}

#[cfg(feature = "blocking")]
impl<T, E> Pages<T, E> {
    pub(crate) fn call(&self) -> &Call<T, E> {
        &self.call
    }

    /// Ends the stream; whether it was not over yet.
    pub(crate) fn end(&mut self) -> bool {
        !std::mem::replace(&mut self.over, true)
    }
}

#[cfg(feature = "blocking")]
impl<T, E, I> Items<T, E, I> {
    pub(crate) fn pages_mut(&mut self) -> &mut Pages<T, E> {
        &mut self.pages
    }
}

impl<T, E> Stream for Pages<T, E> {
    type Item = Result<Response<T>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

/// The items of all pages: a stream. An item that comes twice, by its declared identity and equal,
/// is given once. After an error it ends; [`Items::position`] tells where to go on.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T, E, I> {
    pages: Pages<T, E>,
    split: fn(T) -> Vec<I>,
    ready: VecDeque<I>,
}

impl<T, E, I> Items<T, E, I> {
    /// The items of a list whose operation declares its pagination.
    pub fn new(call: Call<T, E>, split: fn(T) -> Vec<I>) -> Self {
        Self {
            pages: Pages::new(call),
            split,
            ready: VecDeque::new(),
        }
    }

    /// Goes on where an earlier stream was.
    pub fn resume(mut self, position: Position) -> Self {
        self.pages = self.pages.resume(position);
        self
    }

    /// The page to go on with: that of the items not yet given, else the next one. Some items may
    /// come twice after resuming, none is missed.
    pub fn position(&self) -> Option<&Position> {
        if self.ready.is_empty() {
            self.pages.position()
        } else {
            self.pages.pager.as_ref().map(Pager::current)
        }
    }

    /// What was noticed while the pages were read.
    pub fn drift(&self) -> PageDrift {
        self.pages.drift()
    }

    /// The next item; none at the end.
    pub async fn next(&mut self) -> Option<Result<I, Error<E>>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// Every item, with what was noticed on the way, or the first error.
    ///
    /// # Errors
    ///
    /// The error of the first page that failed, and where the list does not come to its end.
    pub async fn collect(mut self) -> Result<Collected<I>, Error<E>> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        let drift = self.drift();
        Ok(Collected { items, drift })
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<I, Error<E>>>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    let items = (self.split)(page.value);
                    // Where the two views of the page differ, every item is given.
                    let matched = items.len() == self.pages.fresh.len();
                    let fresh = self.pages.fresh.iter().copied();
                    let fresh = fresh.chain(std::iter::repeat(true));
                    let new = items.into_iter().zip(fresh);
                    let new = new.filter(|(_, new)| *new || !matched);
                    self.ready.extend(new.map(|(item, _)| item));
                }
            }
        }
    }
}

// Nothing in a stream is pinned in place: the request under way has its own box.
impl<T, E> Unpin for Pages<T, E> {}
impl<T, E, I> Unpin for Items<T, E, I> {}

impl<T, E, I> Stream for Items<T, E, I> {
    type Item = Result<I, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T, E> fmt::Debug for Pages<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("call", &self.call)
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

impl<T, E, I> fmt::Debug for Items<T, E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}

/// The items of a whole list, with what was noticed while it was read. It is used like the `Vec`
/// that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected<I> {
    /// The items, in order.
    pub items: Vec<I>,
    /// What was noticed.
    pub drift: PageDrift,
}

impl<I> Deref for Collected<I> {
    type Target = Vec<I>;

    fn deref(&self) -> &Vec<I> {
        &self.items
    }
}

impl<I> From<Collected<I>> for Vec<I> {
    fn from(collected: Collected<I>) -> Self {
        collected.items
    }
}

impl<I> IntoIterator for Collected<I> {
    type Item = I;
    type IntoIter = std::vec::IntoIter<I>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, I> IntoIterator for &'a Collected<I> {
    type Item = &'a I;
    type IntoIter = std::slice::Iter<'a, I>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// The error of a list that does not end and gives nothing new.
fn unreadable(fault: &PageFault, received: &RawResponse) -> Undecodable {
    let error = DecodeError::shape("a further page or the end of the list", fault);
    Undecodable {
        error: error.masked(&received.exchange.redactor),
        received: received.clone(),
    }
}

/// Points a request at a page.
pub(crate) fn go_to(draft: &mut Draft, rule: &Pagination, position: &Position) {
    match position {
        Position::Start => {}
        Position::Number(number) => draft.query(rule.page, Ok(number.to_string())),
        Position::Cursor(cursor) => {
            draft.query(rule.page, crate::json::to_string(cursor));
        }
        Position::Link(link) => draft.link = Some(link.clone()),
    }
}

/// What a page holds, as far as paging is concerned.
pub(crate) fn look(rule: &Pagination, received: &RawResponse) -> Page {
    let text = received.json_text();
    let items = peek::at(text, rule.items_pointer).and_then(peek::items);
    let pointed = |pointer: &str, text: &str| {
        if pointer.is_empty() {
            None
        } else {
            peek::scalar(text, pointer)
        }
    };
    let entry = |item: &str| {
        let mut digest = DefaultHasher::new();
        item.hash(&mut digest);
        Entry {
            identity: pointed(rule.identity, item),
            digest: digest.finish(),
        }
    };
    let header = if rule.total_header.is_empty() {
        None
    } else {
        received.header(rule.total_header)
    };
    let total = header
        .and_then(|total| total.trim().parse().ok())
        .or_else(|| pointed(rule.total_pointer, text)?.parse().ok());
    let declared = pointed(rule.next_pointer, text).filter(|next| !next.is_empty());
    let next = declared.or_else(|| match rule.style {
        PageStyle::Cursor => None,
        _ => link::next(&received.headers),
    });
    Page {
        items: items.unwrap_or_default().into_iter().map(entry).collect(),
        total,
        next: next.filter(|next| !next.is_empty()),
    }
}

/// The number a query parameter was set to.
fn set_number(draft: &Draft, name: &str) -> Option<u64> {
    if name.is_empty() {
        return None;
    }
    let part = draft.query.iter().find(|part| part.name == name)?;
    part.text.split_once('=')?.1.parse().ok()
}
