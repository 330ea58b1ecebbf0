//! Orders of long lists that are kept, and brought up to date when something has changed.

use std::ops::Range;

use crate::order::{Order, Row};
use crate::search::Search;
use crate::stored::Stored;

/// So many changed items are put in their places one by one.
const ONE_BY_ONE: usize = 32;

/// What a list is asked for, but for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted<'a> {
    pub sort: Option<&'a str>,
    pub search: Option<&'a str>,
}

impl Wanted<'_> {
    /// Whether all items are wanted as they stand.
    pub fn is_plain(&self) -> bool {
        self.sort.is_none() && self.search.is_none()
    }
}

/// The items that a list shows, by their numbers, in its order.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    sort: Option<String>,
    search: Option<String>,
    order: Order,
    rows: Vec<Row<Box<str>>>,
    /// How many of the changes of the store are taken into account.
    pub seen: usize,
}

impl Ranking {
    /// Ranks items in the order of their numbers.
    pub fn new<'a>(wanted: &Wanted<'_>, items: impl Iterator<Item = (u64, &'a Stored)>) -> Self {
        let mut ranking = Self {
            sort: wanted.sort.map(str::to_owned),
            search: wanted.search.map(str::to_owned),
            order: wanted.sort.map(Order::read).unwrap_or_default(),
            rows: Vec::new(),
            seen: 0,
        };
        ranking.rows = ranking.rows_of(items);
        ranking
    }

    pub fn is_of(&self, wanted: &Wanted<'_>) -> bool {
        let own = Wanted {
            sort: self.sort.as_deref(),
            search: self.search.as_deref(),
        };
        own == *wanted
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The numbers of the items of a part of the list.
    pub fn numbers(&self, part: Range<usize>) -> impl Iterator<Item = u64> {
        let rows = self.rows.get(part).unwrap_or_default();
        rows.iter().map(|row| row.at)
    }

    /// Puts the items of some numbers where they belong now; `item` finds those that there are.
    pub fn refresh<'a>(&mut self, changed: &[u64], item: impl Fn(u64) -> Option<&'a Stored>) {
        let mut changed = changed.to_vec();
        changed.sort_unstable();
        changed.dedup();
        let (Some(first), Some(last)) = (changed.first(), changed.last()) else {
            return;
        };
        let range = *first..=*last;
        self.rows
            .retain(|row| !range.contains(&row.at) || changed.binary_search(&row.at).is_err());
        let present = changed.iter().filter_map(|at| Some((*at, item(*at)?)));
        let rows = self.rows_of(present);
        let order = &self.order;
        if rows.len() > ONE_BY_ONE {
            self.rows.extend(rows);
            self.rows.sort_by(|one, other| order.compare(one, other));
            return;
        }
        for row in rows {
            let before = |known: &Row<Box<str>>| order.compare(known, &row).is_lt();
            let place = self.rows.partition_point(before);
            self.rows.insert(place, row);
        }
    }

    /// The rows of those of some items that are searched for, in their order.
    fn rows_of<'a>(&self, items: impl Iterator<Item = (u64, &'a Stored)>) -> Vec<Row<Box<str>>> {
        let search = self.search.as_deref().map(Search::new);
        let fits = |item: &Stored| search.as_ref().is_none_or(|search| item.contains(search));
        let items = items.filter(|(_, item)| fits(item));
        let rows = items.map(|(at, item)| self.order.row(at, item).owned());
        let mut rows: Vec<Row<Box<str>>> = rows.collect();
        rows.sort_by(|one, other| self.order.compare(one, other));
        rows
    }
}
