//! Which page comes next, and when there is none.

use crate::service::{PageEnd, PageStyle, Pagination};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

/// Pages without anything new in a row, after which a list is at its end.
const FRUITLESS: u32 = 2;

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
    /// The identifier of each item; none where an item has none.
    pub ids: Vec<Option<String>>,
    /// The number of all items, where the server tells it.
    pub total: Option<u64>,
    /// The next cursor or address, where the server gives one.
    pub next: Option<String>,
    /// Something that is equal for equal pages.
    pub digest: u64,
}

/// What moved while the list was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Shift {
    /// Items that stood on more than one page; each was given once.
    pub repeated: u64,
    /// Whether the server's total changed.
    pub total_changed: bool,
    /// Whether the list was ended because pages held nothing new. Either the server does not page,
    /// or so much was inserted between the requests that the rest of the list was not reached.
    pub ended_on_repeats: bool,
}

/// Walks through the pages of one list.
#[derive(Debug, Clone)]
pub struct Pager {
    rule: Pagination,
    /// Items asked for on a page, where the caller said so.
    size: Option<u64>,
    next: Option<Position>,
    current: Position,
    seen: HashSet<String>,
    visited: HashSet<Position>,
    /// Items on all pages so far.
    count: u64,
    largest: u64,
    fruitless: u32,
    last_digest: Option<u64>,
    total: Option<u64>,
    shift: Shift,
}

impl Pager {
    /// From the first page, or from a position.
    pub fn new(rule: Pagination, size: Option<u64>, from: Option<Position>) -> Self {
        let start = from.unwrap_or(match rule.style {
            PageStyle::Page | PageStyle::Offset => Position::Number(rule.first),
            PageStyle::Cursor | PageStyle::Link => Position::Start,
        });
        Self {
            rule,
            size: size.filter(|size| *size > 0),
            next: Some(start.clone()),
            current: start,
            seen: HashSet::new(),
            visited: HashSet::new(),
            count: 0,
            largest: 0,
            fruitless: 0,
            last_digest: None,
            total: None,
            shift: Shift::default(),
        }
    }

    /// The page to fetch; none at the end.
    pub fn next(&self) -> Option<&Position> {
        self.next.as_ref()
    }

    /// The page that was fetched last. A list resumed here repeats it and misses nothing.
    pub fn current(&self) -> &Position {
        &self.current
    }

    /// The server's total, where it tells one.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What moved so far.
    pub fn shift(&self) -> Shift {
        self.shift
    }

    /// Takes a page in. Tells for each item whether it is new.
    pub fn observe(&mut self, page: &Page) -> Vec<bool> {
        let Some(position) = self.next.take() else {
            return vec![true; page.ids.len()];
        };
        self.visited.insert(position.clone());
        let mut fresh = Vec::with_capacity(page.ids.len());
        for id in &page.ids {
            let new = id.as_ref().is_none_or(|id| self.seen.insert(id.clone()));
            fresh.push(new);
        }
        let repeated = fresh.iter().filter(|new| !**new).count() as u64;
        self.shift.repeated += repeated;
        if let (Some(before), Some(now)) = (self.total, page.total)
            && before != now
        {
            self.shift.total_changed = true;
        }
        self.total = page.total.or(self.total);
        let items = page.ids.len() as u64;
        self.count += items;
        let same = items > 0 && self.last_digest == Some(page.digest);
        self.last_digest = Some(page.digest);
        self.fruitless = if repeated == items {
            self.fruitless + 1
        } else {
            0
        };
        let last = self.is_last(&position, page, items);
        let repeats = items > 0 && (same || self.fruitless >= FRUITLESS);
        self.shift.ended_on_repeats |= repeats && !last;
        let over = last || repeats || self.fruitless >= FRUITLESS;
        self.largest = self.largest.max(items);
        self.next = if over {
            None
        } else {
            self.after(&position, page, items)
        };
        // A server that leads back to a page was there before would be followed for ever.
        self.next = self.next.take().filter(|next| !self.visited.contains(next));
        self.current = position;
        fresh
    }

    /// Whether the rule says that this page is the last.
    fn is_last(&self, position: &Position, page: &Page, items: u64) -> bool {
        // A page may be empty in the middle of a list whose total or next page is known.
        let reached = |total: u64| match (position, self.size) {
            (Position::Number(number), Some(size)) if self.rule.style == PageStyle::Page => {
                let before = number.saturating_sub(self.rule.first);
                before.saturating_add(1).saturating_mul(size) >= total
            }
            (Position::Number(offset), _) if self.rule.style == PageStyle::Offset => {
                offset
                    .saturating_sub(self.rule.first)
                    .saturating_add(items.max(1))
                    >= total
            }
            _ => items == 0 || self.count >= total,
        };
        let short = items == 0 || items < self.size.unwrap_or(self.largest);
        // A page longer than asked for comes from a server that does not page.
        let whole = self.size.is_some_and(|size| items > size);
        match (self.rule.end, page.total) {
            (PageEnd::Next, _) => page.next.is_none(),
            _ if whole => true,
            _ if page.next.is_some() => false,
            (PageEnd::ShortPage | PageEnd::Total, Some(total)) => reached(total),
            (PageEnd::EmptyPage, _) => items == 0,
            (PageEnd::ShortPage | PageEnd::Total, None) => short,
        }
    }

    fn after(&self, position: &Position, page: &Page, items: u64) -> Option<Position> {
        match (self.rule.style, position) {
            (PageStyle::Page, Position::Number(number)) => {
                number.checked_add(1).map(Position::Number)
            }
            (PageStyle::Offset, Position::Number(offset)) => {
                let step = if items == 0 {
                    self.size.unwrap_or(1)
                } else {
                    items
                };
                offset.checked_add(step).map(Position::Number)
            }
            (PageStyle::Cursor, _) => page.next.clone().map(Position::Cursor),
            (PageStyle::Link, _) => page.next.clone().map(Position::Link),
            _ => None,
        }
    }
}
