//! The items of a collection, in the order in which they were made. Many of them are held packed, and
//! lists of them that were asked for keep their order.

use std::cell::RefCell;
use std::ops::Range;

use indexmap::IndexMap;

use crate::packed::Patterns;
use crate::ranking::{Ranking, Wanted};
use crate::stored::Stored;
use crate::world::Item;

/// A store of fewer items is held as it is.
const FEW: usize = 1_000;
/// Of so many items of a store one may be unpacked.
const SHARE: usize = 256;
/// So many may be unpacked in any case.
const UNPACKED: usize = 128;
/// The most orders that are kept.
const MOST_RANKINGS: usize = 4;
/// The most changes after which a kept order is worth bringing up to date.
const MOST_CHANGES: usize = 4_096;

/// The items of a collection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    items: IndexMap<String, Placed>,
    /// How many items were ever put in.
    made: u64,
    /// How many items were ever taken out.
    removed: u64,
    patterns: Patterns,
    /// How many items may have been changed since they were last packed.
    touched: usize,
    /// The numbers of the items that have changed since the first kept order was made.
    changes: Vec<u64>,
    rankings: RefCell<Vec<Ranking>>,
    /// How many items of another store are mirrored here, and how many had been taken out here then.
    pub mirrored: (u64, u64),
}

/// An item, and the number under which it was put in: numbers grow along the store.
#[derive(Debug, Clone)]
struct Placed {
    number: u64,
    item: Item,
}

impl Store {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many items were ever put in, and how many taken out.
    pub fn history(&self) -> (u64, u64) {
        (self.made, self.removed)
    }

    pub fn contains_key(&self, id: &str) -> bool {
        self.items.contains_key(id)
    }

    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.items.keys()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Item)> {
        self.items.iter().map(|(id, placed)| (id, &placed.item))
    }

    pub fn values(&self) -> impl Iterator<Item = &Item> {
        self.items.values().map(|placed| &placed.item)
    }

    /// The items that were put in after so many others.
    pub fn after(&self, made: u64) -> impl Iterator<Item = (&String, &Item)> {
        let from = self.index(made);
        let rest = self.items.get_range(from..).into_iter().flatten();
        rest.map(|(id, placed)| (id, &placed.item))
    }

    pub fn last(&self) -> Option<&Item> {
        self.items.last().map(|(_, placed)| &placed.item)
    }

    pub fn get(&self, id: &str) -> Option<&Item> {
        self.items.get(id).map(|placed| &placed.item)
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut Item> {
        let placed = self.items.get_mut(id)?;
        note(&mut self.changes, &mut self.rankings, placed.number);
        self.touched += 1;
        Some(&mut placed.item)
    }

    /// Puts an item in, at the end or in the place of one with the same identifier.
    pub fn insert(&mut self, id: String, item: Item) {
        self.touched += 1;
        if let Some(placed) = self.items.get_mut(&id) {
            note(&mut self.changes, &mut self.rankings, placed.number);
            placed.item = item;
            return;
        }
        let number = self.made;
        self.made += 1;
        note(&mut self.changes, &mut self.rankings, number);
        self.items.insert(id, Placed { number, item });
    }

    /// Takes an item out.
    pub fn remove(&mut self, id: &str) -> Option<Item> {
        let placed = self.items.shift_remove(id)?;
        note(&mut self.changes, &mut self.rankings, placed.number);
        self.removed += 1;
        Some(placed.item)
    }

    /// Where the item of a number stands, or would stand.
    fn index(&self, number: u64) -> usize {
        let items = self.items.as_slice();
        items.partition_point(|_, placed| placed.number < number)
    }

    fn numbered(&self, number: u64) -> Option<&Stored> {
        let (_, placed) = self.items.get_index(self.index(number))?;
        (placed.number == number).then_some(&placed.item.value)
    }

    /// A part of the list of all items, and how many it has altogether; `window` says which part, of so many items.
    pub fn listed(
        &self,
        wanted: &Wanted<'_>,
        window: impl FnOnce(usize) -> Range<usize>,
    ) -> (Vec<&Stored>, usize) {
        if wanted.is_plain() {
            let all = self.items.as_slice();
            let part = all.get_range(window(all.len()));
            let part = part.into_iter().flat_map(|part| part.values());
            return (part.map(|it| &it.item.value).collect(), all.len());
        }
        let mut rankings = self.rankings.borrow_mut();
        let mut ranking = match rankings.iter().position(|known| known.is_of(wanted)) {
            Some(at) => rankings.remove(at),
            None => self.ranked(wanted),
        };
        let missed = self.changes.get(ranking.seen..).unwrap_or_default();
        if missed.len() > MOST_CHANGES {
            ranking = self.ranked(wanted);
        } else if !missed.is_empty() {
            ranking.refresh(missed, |number| self.numbered(number));
        }
        ranking.seen = self.changes.len();
        let part = ranking.numbers(window(ranking.len()));
        let part = part.filter_map(|number| self.numbered(number)).collect();
        let total = ranking.len();
        if self.len() >= FEW {
            rankings.truncate(MOST_RANKINGS - 1);
            rankings.insert(0, ranking);
        }
        (part, total)
    }

    fn ranked(&self, wanted: &Wanted<'_>) -> Ranking {
        let items = self.items.values();
        Ranking::new(wanted, items.map(|it| (it.number, &it.item.value)))
    }

    /// Packs what was unpacked or changed, where that has become much.
    pub fn tidy(&mut self) {
        if self.changes.len() > 2 * MOST_CHANGES {
            self.rankings.get_mut().clear();
            self.changes.clear();
        }
        let most = UNPACKED.max(self.len() / SHARE);
        if self.len() < FEW || self.touched + self.patterns.unpacked() < most {
            return;
        }
        for placed in self.items.values_mut() {
            placed.item.pack(&mut self.patterns);
        }
        self.touched = 0;
        self.patterns.begin();
    }
}

/// Remembers that an item has changed, as long as there is an order to be brought up to date.
fn note(changes: &mut Vec<u64>, rankings: &mut RefCell<Vec<Ranking>>, number: u64) {
    if !rankings.get_mut().is_empty() {
        changes.push(number);
    }
}
