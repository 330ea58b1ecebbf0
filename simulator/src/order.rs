//! The order of a list: only the page that is asked for is sorted, so that a long list costs little more than a
//! look at each of its items.

use std::cmp::Ordering;
use std::ops::Range;

use verbatim_contract::value::at;
use verbatim_source::Value;

/// What an item is sorted by: what is missing first, then numbers by value, then texts by code point.
enum Key<'a> {
    Nothing,
    Number(f64),
    Text(&'a str),
}

impl<'a> Key<'a> {
    fn of(value: Option<&'a Value>) -> Self {
        match value {
            Some(Value::Number(lexeme)) => lexeme.parse().map_or(Self::Text(lexeme), Self::Number),
            Some(Value::String(text)) => Self::Text(text),
            Some(Value::Bool(true)) => Self::Text("true"),
            Some(Value::Bool(false)) => Self::Text("false"),
            _ => Self::Nothing,
        }
    }

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
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// An item with what it is sorted by.
struct Row<'a> {
    first: Key<'a>,
    rest: Vec<Key<'a>>,
    /// Where it stands in the list; items that are otherwise equal stay in their order.
    at: usize,
}

/// The items of a part of the sorted list. `sort` names members by dots, with `-` before those that go down;
/// several are parted by commas.
pub(crate) fn page<'a>(items: &[&'a Value], sort: &str, window: Range<usize>) -> Vec<&'a Value> {
    let keys = sort.split(',').map(|key| match key.strip_prefix('-') {
        Some(key) => (pointer(key), true),
        None => (pointer(key.strip_prefix('+').unwrap_or(key)), false),
    });
    let keys: Vec<(String, bool)> = keys.collect();
    let (pointers, down): (Vec<String>, Vec<bool>) = keys.into_iter().unzip();
    let row = |(at_index, item): (usize, &&'a Value)| {
        let mut keys = pointers.iter().map(|pointer| Key::of(at(item, pointer)));
        Row {
            first: keys.next().unwrap_or(Key::Nothing),
            rest: keys.collect(),
            at: at_index,
        }
    };
    let mut rows: Vec<Row<'a>> = items.iter().enumerate().map(row).collect();
    let compare = |one: &Row<'_>, other: &Row<'_>| {
        let firsts = std::iter::once((&one.first, &other.first));
        let mut pairs = firsts.chain(one.rest.iter().zip(&other.rest)).zip(&down);
        let differing = pairs.find_map(|((one, other), down)| {
            let order = one.compare(other);
            let order = if *down { order.reverse() } else { order };
            order.is_ne().then_some(order)
        });
        differing.unwrap_or_else(|| one.at.cmp(&other.at))
    };
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
    rows.iter().map(|row| items[row.at]).collect()
}

fn pointer(key: &str) -> String {
    format!("/{}", key.trim().replace('.', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::object;

    fn shown(items: &[Value], sort: &str, window: Range<usize>) -> Vec<String> {
        let items: Vec<&Value> = items.iter().collect();
        let page = page(&items, sort, window);
        let text = |item: &&Value| verbatim_source::write::compact(item).trim().to_owned();
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
