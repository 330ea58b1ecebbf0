//! The order of a list: only the page that is asked for is sorted, so that a long list costs little more than a
//! look at each of its items.

use std::cmp::Ordering;
use std::ops::Range;

use crate::packed::{Kind, Scalar};
use crate::stored::Stored;

/// What an item is sorted by: what is missing first, then numbers by value, then texts by code point.
#[derive(Debug, Clone)]
enum Key<T> {
    Nothing,
    Number(f64),
    Text(T),
}

impl<'a> Key<&'a str> {
    fn of(scalar: Option<Scalar<'a>>) -> Self {
        match scalar {
            Some(it) if it.kind == Kind::Number => {
                it.text.parse().map_or(Self::Text(it.text), Self::Number)
            }
            Some(it) if it.kind != Kind::Null => Self::Text(it.text),
            _ => Self::Nothing,
        }
    }

    fn owned(self) -> Key<Box<str>> {
        match self {
            Self::Nothing => Key::Nothing,
            Self::Number(number) => Key::Number(number),
            Self::Text(text) => Key::Text(text.into()),
        }
    }
}

impl<T: AsRef<str>> Key<T> {
    fn rank(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Text(one), Self::Text(other)) => one.as_ref().cmp(other.as_ref()),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// An item with what it is sorted by.
#[derive(Debug, Clone)]
pub(crate) struct Row<T> {
    first: Key<T>,
    rest: Box<[Key<T>]>,
    /// Where it stands in the list; items that are otherwise equal stay in their order.
    pub at: u64,
}

impl Row<&str> {
    /// The row, to be kept apart from its item.
    pub fn owned(self) -> Row<Box<str>> {
        Row {
            first: self.first.owned(),
            rest: self.rest.into_iter().map(Key::owned).collect(),
            at: self.at,
        }
    }
}

/// What a list is sorted by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// Pointers to members, and whether it goes down by them.
    keys: Vec<(String, bool)>,
}

impl Order {
    /// Members that are named by dots, with `-` before those that go down; several are parted by commas.
    pub fn read(sort: &str) -> Self {
        let keys = sort.split(',').map(|key| match key.strip_prefix('-') {
            Some(key) => (pointer(key), true),
            None => (pointer(key.strip_prefix('+').unwrap_or(key)), false),
        });
        Self {
            keys: keys.collect(),
        }
    }

    /// The row of an item.
    pub fn row<'a>(&self, at: u64, item: &'a Stored) -> Row<&'a str> {
        let keys = self.keys.iter();
        let mut keys = keys.map(|(pointer, _)| Key::of(item.scalar(pointer)));
        Row {
            first: keys.next().unwrap_or(Key::Nothing),
            rest: keys.collect(),
            at,
        }
    }

    /// Which of two rows comes first.
    pub fn compare<T: AsRef<str>>(&self, one: &Row<T>, other: &Row<T>) -> Ordering {
        let firsts = std::iter::once((&one.first, &other.first));
        let pairs = firsts.chain(one.rest.iter().zip(&other.rest));
        let differing = pairs.zip(&self.keys).find_map(|((one, other), (_, down))| {
            let order = one.compare(other);
            let order = if *down { order.reverse() } else { order };
            order.is_ne().then_some(order)
        });
        differing.unwrap_or_else(|| one.at.cmp(&other.at))
    }
}

/// The items of a part of the sorted list.
pub(crate) fn page<'a>(items: &[&'a Stored], sort: &str, window: Range<usize>) -> Vec<&'a Stored> {
    let order = Order::read(sort);
    let numbered = (0..).zip(items);
    let mut rows: Vec<Row<&str>> = numbered.map(|(at, item)| order.row(at, item)).collect();
    let compare = |one: &Row<&str>, other: &Row<&str>| order.compare(one, other);
    let mut rows = rows.as_mut_slice();
    if window.is_empty() {
        return Vec::new();
    }
    if window.end < rows.len() {
        rows.select_nth_unstable_by(window.end, compare);
        rows = &mut rows[..window.end];
    }
    if window.start > 0 {
        rows.select_nth_unstable_by(window.start, compare);
        rows = &mut rows[window.start..];
    }
    rows.sort_unstable_by(compare);
    let places = rows.iter().filter_map(|row| usize::try_from(row.at).ok());
    places.filter_map(|at| items.get(at).copied()).collect()
}

fn pointer(key: &str) -> String {
    format!("/{}", key.trim().replace('.', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::object;
    use verbatim_source::Value;

    fn shown(items: &[Value], sort: &str, window: Range<usize>) -> Vec<String> {
        let items: Vec<Stored> = items.iter().cloned().map(Stored::from).collect();
        let items: Vec<&Stored> = items.iter().collect();
        let page = page(&items, sort, window);
        let text = |item: &&Stored| verbatim_source::write::compact(item).trim().to_owned();
        page.iter().map(text).collect()
    }

    #[test]
    fn every_page_is_that_of_the_whole_order() {
        let item = |number: i64| {
            object([
                ("a", Value::from(number * 7 % 5)),
                ("b", Value::from(number)),
            ])
        };
        let items: Vec<Value> = (0..20).map(item).collect();
        let whole = shown(&items, "a,-b", 0..20);
        assert_eq!(whole[..2], [r#"{"a":0,"b":15}"#, r#"{"a":0,"b":10}"#]);
        for start in (0..20).step_by(3) {
            let end = (start + 3).min(20);
            assert_eq!(shown(&items, "a,-b", start..end), whole[start..end]);
        }
        // Equal items stay in the order of the list, whichever way the others go.
        assert_eq!(
            shown(&items, "-a", 0..2),
            [r#"{"a":4,"b":2}"#, r#"{"a":4,"b":7}"#]
        );
    }

    #[test]
    fn kinds_of_values_do_not_mix() {
        let items: Vec<Value> = [
            Value::from("9x"),
            Value::from(10),
            Value::Null,
            Value::from(9),
            Value::from("10"),
        ]
        .map(|value| object([("a", value)]))
        .into();
        let expected = [
            r#"{"a":null}"#,
            r#"{"a":9}"#,
            r#"{"a":10}"#,
            r#"{"a":"10"}"#,
            r#"{"a":"9x"}"#,
        ];
        assert_eq!(shown(&items, "a", 0..5), expected);
    }
}
