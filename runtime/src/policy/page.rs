//! Which page comes next, and when there is none.

use crate::service::{PageEnd, PageStyle, Pagination};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

/// Numbered pages in a row with known items only, after which a list is at its end.
const FRUITLESS: u32 = 10;
/// Pages in a row without anything new, after which a list is given up with an error.
const BARREN: u32 = 1000;
/// The same for equal pages whose items nothing tells apart, unless a total says that there are more.
const ALIKE: u32 = 100;

/// Where a page lies. Its text form can be kept, and the list resumed there later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Position {
    /// Before the first page of a list with cursors or links.
    Start,
    /// A page number or an offset.
    Number(u64),
    /// A cursor the server gave.
    Cursor(String),
    /// An address the server gave.
    Link(String),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Start => f.write_str("start"),
            Position::Number(number) => write!(f, "number:{number}"),
            Position::Cursor(cursor) => write!(f, "cursor:{cursor}"),
            Position::Link(link) => write!(f, "link:{link}"),
        }
    }
}

/// A text that is not the position of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPosition(String);

impl fmt::Display for NoPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not the position of a page", self.0)
    }
}

impl std::error::Error for NoPosition {}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let position = match text.split_once(':') {
            None if text == "start" => Some(Position::Start),
            Some(("number", number)) => number.parse().ok().map(Position::Number),
            Some(("cursor", cursor)) => Some(Position::Cursor(cursor.to_owned())),
            Some(("link", link)) => Some(Position::Link(link.to_owned())),
            _ => None,
        };
        position.ok_or_else(|| NoPosition(text.to_owned()))
    }
}

/// What one page held, as far as paging is concerned.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The items, in order.
    pub items: Vec<Entry>,
    /// The number of all items, where the server tells it.
    pub total: Option<u64>,
    /// The next cursor or address, where the server gives one.
    pub next: Option<String>,
}

/// One item of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What tells it apart from others by declaration; none where nothing does.
    pub identity: Option<String>,
    /// Something that is equal for equal items.
    pub digest: u64,
}

/// What was noticed while the list was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PageDrift {
    /// Items that came more than once, equal and with the same declared identity; each was given
    /// once.
    pub repeated: u64,
    /// Items whose identity an earlier one had that was not equal; both were given.
    pub changed: u64,
    /// Whether the server's total changed.
    pub total_changed: bool,
    /// Whether the server's last total is another number than that of the items which came.
    pub total_differs: bool,
    /// Whether the list was ended because pages held nothing new. Either the server does not page,
    /// or so much was inserted between the requests that the rest of the list was not reached.
    pub ended_on_repeats: bool,
}

/// Why a list cannot be read on, though the server does not say that it is at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageFault {
    /// The server leads back to a page that was read before.
    Circle(Position),
    /// So many pages in a row held nothing new.
    Barren(u32),
    /// So many pages in a row were the same.
    Alike(u32),
}

impl fmt::Display for PageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageFault::Circle(position) => write!(f, "`{position}` a second time"),
            PageFault::Barren(pages) => write!(f, "{pages} pages in a row without anything new"),
            PageFault::Alike(pages) => write!(f, "the same page {pages} times in a row"),
        }
    }
}

/// Walks through the pages of one list.
#[derive(Debug, Clone)]
pub struct Pager {
    rule: Pagination,
    /// Items asked for on a page, where the caller said so.
    size: Option<u64>,
    /// Whether the list is not read from its beginning.
    resumed: bool,
    next: Option<Position>,
    current: Position,
    seen: HashSet<Entry>,
    identities: HashSet<String>,
    visited: HashSet<Position>,
    /// Items given so far.
    given: u64,
    /// The most items on one page.
    largest: u64,
    /// Pages in a row without anything new.
    barren: u32,
    /// Pages in a row that were the same as the one before.
    alike: u32,
    last: Vec<Entry>,
    total: Option<u64>,
    drift: PageDrift,
    fault: Option<PageFault>,
}

impl Pager {
    /// From the first page, or from a position.
    pub fn new(rule: Pagination, size: Option<u64>, from: Option<Position>) -> Self {
        let first = match rule.style {
            PageStyle::Page | PageStyle::Offset => Position::Number(rule.first),
            PageStyle::Cursor | PageStyle::Link => Position::Start,
        };
        let start = from.unwrap_or_else(|| first.clone());
        Self {
            rule,
            size: size.filter(|size| *size > 0),
            resumed: start != first,
            next: Some(start.clone()),
            current: start,
            seen: HashSet::new(),
            identities: HashSet::new(),
            visited: HashSet::new(),
            given: 0,
            largest: 0,
            barren: 0,
            alike: 0,
            last: Vec::new(),
            total: None,
            drift: PageDrift::default(),
            fault: None,
        }
    }

    /// The page to fetch; none at the end, and after a fault.
    pub fn next(&self) -> Option<&Position> {
        self.next.as_ref()
    }

    /// Why there is no next page, where that is not the end of the list.
    pub fn fault(&self) -> Option<&PageFault> {
        self.fault.as_ref()
    }

    /// The page that was fetched last. A list resumed here repeats it and misses nothing.
    pub fn current(&self) -> &Position {
        &self.current
    }

    /// The server's total, where it tells one.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What was noticed so far.
    pub fn drift(&self) -> PageDrift {
        self.drift
    }

    /// Takes a page in. Tells for each item whether it is new.
    pub fn observe(&mut self, page: &Page) -> Vec<bool> {
        let Some(position) = self.next.take() else {
            return vec![true; page.items.len()];
        };
        self.visited.insert(position.clone());
        let fresh: Vec<bool> = page.items.iter().map(|item| self.is_new(item)).collect();
        let new = fresh.iter().filter(|new| **new).count() as u64;
        let items = page.items.len() as u64;
        self.drift.repeated += items - new;
        self.given += new;
        self.barren = if new == 0 { self.barren + 1 } else { 0 };
        let same = items > 0 && self.last == page.items;
        self.alike = if same { self.alike + 1 } else { 0 };
        self.last.clone_from(&page.items);
        if let (Some(before), Some(now)) = (self.total, page.total) {
            self.drift.total_changed |= before != now;
        }
        self.total = page.total.or(self.total);
        match self.following(&position, page) {
            Ok(next) => self.next = next,
            Err(fault) => self.fault = Some(fault),
        }
        self.largest = self.largest.max(items);
        if self.next.is_none() && !self.resumed {
            let differs = self.total.is_some_and(|total| total != self.given);
            self.drift.total_differs = differs;
        }
        self.current = position;
        fresh
    }

    /// Two items are one only where a declaration says so, and they are equal.
    fn is_new(&mut self, item: &Entry) -> bool {
        let Some(identity) = &item.identity else {
            return true;
        };
        let known = !self.identities.insert(identity.clone());
        let new = self.seen.insert(item.clone());
        self.drift.changed += u64::from(known && new);
        new
    }

    fn following(
        &mut self,
        position: &Position,
        page: &Page,
    ) -> Result<Option<Position>, PageFault> {
        let items = page.items.len() as u64;
        let next = match position {
            Position::Number(number) => {
                let repeats = items > 0 && self.barren > 0 && page.next.is_none();
                if repeats && (self.alike > 0 || self.barren >= FRUITLESS) {
                    self.drift.ended_on_repeats = true;
                    return Ok(None);
                }
                if self.is_last(*number, page) {
                    return Ok(None);
                }
                let step = match self.rule.style {
                    // Positions without items are passed over by no more than a page holds.
                    PageStyle::Offset if items == 0 => self.largest.max(1),
                    PageStyle::Offset => items,
                    _ => 1,
                };
                number.checked_add(step).map(Position::Number)
            }
            _ => page.next.clone().map(|next| match self.rule.style {
                PageStyle::Link => Position::Link(next),
                _ => Position::Cursor(next),
            }),
        };
        let Some(next) = next else {
            return Ok(None);
        };
        if self.visited.contains(&next) {
            // Where an empty page is the declared end, its cursor may stand still.
            let ends = items == 0 && self.rule.end == PageEnd::EmptyPage;
            return if ends {
                Ok(None)
            } else {
                Err(PageFault::Circle(next))
            };
        }
        // A total that has room for them says that equal items are many.
        let limit = match page.total {
            Some(total) if self.given <= total => BARREN,
            _ => ALIKE,
        };
        if self.barren >= BARREN {
            return Err(PageFault::Barren(self.barren));
        }
        if self.alike >= limit {
            return Err(PageFault::Alike(self.alike + 1));
        }
        Ok(Some(next))
    }

    /// Whether a numbered page is the last. What came counts, not what was asked for: the server
    /// may give less on each page than it was asked for, or more.
    fn is_last(&self, number: u64, page: &Page) -> bool {
        let items = page.items.len() as u64;
        if page.next.is_some() {
            return false;
        }
        let lacks = self.lacks(&Position::Number(number), items, page.total);
        let short = items == 0 || items < self.largest;
        match (self.rule.end, page.total) {
            (PageEnd::Next, _) => true,
            (PageEnd::EmptyPage, _) => items == 0 && !lacks,
            (PageEnd::ShortPage | PageEnd::Total, None) => short,
            (PageEnd::ShortPage | PageEnd::Total, Some(total)) => {
                // A total can count the page only. With a page that is full it is no proof.
                let agrees = total == self.given && self.size.is_some_and(|size| size != items);
                !lacks && (short || agrees)
            }
        }
    }

    /// Whether items are missing by the server's total, which further pages may hold.
    fn lacks(&self, position: &Position, items: u64, total: Option<u64>) -> bool {
        let (Some(total), Position::Number(number)) = (total, position) else {
            return total.is_some_and(|total| self.given < total);
        };
        let before = number.saturating_sub(self.rule.first);
        let page = self.largest.max(items).max(1);
        let covered = match self.rule.style {
            PageStyle::Offset => before.saturating_add(page),
            _ => before.saturating_add(1).saturating_mul(page),
        };
        let come = if self.resumed { covered } else { self.given };
        // A page may be empty in the middle of a list.
        come < total && (items > 0 || covered < total)
    }
}
