//! Lists as the client asked for them: pages, orders, searches, chosen properties.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use verbatim_source::{Node, pointer, write};

use super::Seen;
use crate::body::{items, plain_text, unwrapped, visit};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::live::known::{bare, id_of, item_name};
use crate::live::query::{FIELDS, SEARCH, SORT, order, parameter, scalar};

/// Bytes of identifiers and queries that are remembered. Where there are more, all is forgotten and begins anew.
const MOST: usize = 16 << 20;

/// Answers to lists by path, since something was last written there.
#[derive(Default)]
pub struct Lists {
    known: BTreeMap<String, Memory>,
    bytes: usize,
}

#[derive(Default)]
struct Memory {
    /// By what else was asked for and the length of pages.
    pages: BTreeMap<(String, usize), Pages>,
    /// By what else was asked for and the order.
    orders: BTreeMap<(String, String), Vec<String>>,
    bytes: usize,
}

/// What stands on the pages of a list.
#[derive(Default)]
struct Pages {
    names: BTreeMap<i64, Vec<String>>,
    /// The page of each.
    page: BTreeMap<String, i64>,
}

/// A list that was answered.
pub struct List<'a> {
    items: &'a [Node],
    query: Vec<(String, String)>,
    /// What tells the items apart.
    pub names: Vec<String>,
    /// Whether all there is was asked for and came.
    pub is_whole: bool,
}

impl<'a> List<'a> {
    /// The list of an exchange; `None` where it is none.
    pub fn of(seen: &'a Seen<'_>) -> Option<Self> {
        if seen.exchange.response.status != 200 {
            return None;
        }
        let body = seen.came.as_ref()?;
        let pagination = seen.operation.pagination.as_ref();
        let items = match pagination.and_then(|one| one.items.as_deref()) {
            Some(place) => pointer::resolve(body, place).and_then(Node::as_array),
            None => items(body),
        }?;
        let name = item_name(seen.contract, bare(&seen.operation.path)).unwrap_or("id");
        let each = items.iter();
        let names =
            each.map(|item| id_of(item, name).unwrap_or_else(|| write::compact(&item.value)));
        let names = names.collect();
        let mut list = Self {
            items,
            query: seen.exchange.request.query_pairs(),
            names,
            is_whole: false,
        };
        list.is_whole = list.is_all(seen);
        Some(list)
    }

    fn asked(&self, name: &str) -> Option<&str> {
        let found = self
            .query
            .iter()
            .find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// Whether this is the whole list: nothing was searched for, and it ends before the length of a page.
    fn is_all(&self, seen: &Seen<'_>) -> bool {
        let sort = parameter(seen.operation, &SORT).map(|one| one.name.as_str());
        let Some(pagination) = &seen.operation.pagination else {
            return self
                .query
                .iter()
                .all(|(name, _)| Some(name.as_str()) == sort);
        };
        let harmless = [
            Some(pagination.page.as_str()),
            Some(pagination.size.as_str()),
            sort,
        ];
        let nothing_else = self
            .query
            .iter()
            .all(|(name, _)| harmless.contains(&Some(name.as_str())));
        let page = self.asked(&pagination.page).map(str::parse);
        let is_first = page.is_none_or(|page| page == Ok(pagination.first));
        let size: Option<usize> = self
            .asked(&pagination.size)
            .and_then(|size| size.parse().ok());
        // Without a length that was asked for, a round number may be that of a page.
        let is_short = match size {
            Some(size) => self.items.len() < size,
            None => !self.items.len().is_multiple_of(5) && !self.items.len().is_multiple_of(8),
        };
        nothing_else && is_first && is_short
    }

    /// About how much room its identifiers take.
    fn bytes(&self) -> usize {
        let texts: usize = self.names.iter().map(|name| name.len() + 48).sum();
        texts + 128
    }

    /// The query without some names, in one form.
    fn others(&self, without: &[&str]) -> String {
        let mut rest: Vec<String> = self
            .query
            .iter()
            .filter(|(name, _)| !without.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        rest.sort();
        rest.join("&")
    }
}

impl Pages {
    /// What stands on another page too, and on which.
    fn twice(&self, page: i64, names: &[String]) -> Option<(i64, String)> {
        names.iter().find_map(|name| {
            let other = *self.page.get(name).filter(|other| **other != page)?;
            Some((other, name.clone()))
        })
    }

    fn put(&mut self, page: i64, names: &[String]) {
        for name in self.names.remove(&page).unwrap_or_default() {
            if self.page.get(&name) == Some(&page) {
                self.page.remove(&name);
            }
        }
        for name in names {
            self.page.insert(name.clone(), page);
        }
        self.names.insert(page, names.to_vec());
    }
}

impl Lists {
    /// Forgets a list that may have changed.
    pub fn forget(&mut self, path: &str) {
        if let Some(memory) = self.known.remove(path) {
            self.bytes = self.bytes.saturating_sub(memory.bytes);
        }
    }

    /// Takes a list into account.
    pub fn see(&mut self, seen: &Seen<'_>, list: &List<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(search(seen, list));
        faults.extend(fields(seen, list));
        if self.bytes > MOST {
            *self = Self::default();
        }
        let memory = self.known.entry(seen.path.to_owned()).or_default();
        let before = memory.bytes;
        faults.extend(memory.page(seen, list));
        faults.extend(memory.sort(seen, list));
        self.bytes += memory.bytes.saturating_sub(before);
        faults
    }
}

impl Memory {
    /// Pages must not be longer than was asked for, nor show what another page shows.
    fn page(&mut self, seen: &Seen<'_>, list: &List<'_>) -> Option<Fault> {
        let pagination = seen.operation.pagination.as_ref()?;
        let size: usize = list.asked(&pagination.size)?.parse().ok()?;
        let fault = |place: &str, message: String| {
            Fault::new(
                Kind::Paging,
                Severity::Error,
                format!("query:{place}"),
                message,
            )
        };
        let came = list.items.len();
        if came > size {
            let message = format!("{came} objects came where {size} were asked for");
            return Some(fault(&pagination.size, message));
        }
        if pagination.style != "page" {
            return None;
        }
        let page = match list.asked(&pagination.page) {
            Some(page) => page.parse().ok()?,
            None => pagination.first,
        };
        let others = list.others(&[&pagination.page, &pagination.size]);
        let room = list.bytes() + others.len();
        let pages = self.pages.entry((others, size)).or_default();
        if !pages.names.contains_key(&page) {
            self.bytes += room;
        }
        let twice = pages.twice(page, &list.names);
        pages.put(page, &list.names);
        let (other, name) = twice?;
        let message = format!("pages overlap: {name} stands on page {other} and on page {page}");
        Some(fault(&pagination.page, message))
    }

    /// An order must be the one asked for, and not the same both ways.
    fn sort(&mut self, seen: &Seen<'_>, list: &List<'_>) -> Option<Fault> {
        let parameter = parameter(seen.operation, &SORT)?;
        let asked = list.asked(&parameter.name)?.to_owned();
        let key = asked.trim_start_matches(['-', '+']).to_owned();
        let values: BTreeSet<Option<String>> =
            list.items.iter().map(|item| scalar(item, &key)).collect();
        if values.len() < 2 || values.contains(&None) {
            return None;
        }
        let others = list.others(&[&parameter.name]);
        let other_way = match asked.strip_prefix('-') {
            Some(key) => key.to_owned(),
            None => format!("-{key}"),
        };
        let same = self.orders.get(&(others.clone(), other_way)) == Some(&list.names);
        let room = list.bytes() + others.len();
        let before = self
            .orders
            .insert((others, asked.clone()), list.names.clone());
        if before.is_none() {
            self.bytes += room;
        }
        let place = format!("query:{}", parameter.name);
        let fault = |message| Fault::new(Kind::Sorting, Severity::Error, place, message);
        if same {
            return Some(fault(format!(
                "the order asked for by {key} is ignored: it is the same both ways"
            )));
        }
        let unwanted = if asked.starts_with('-') {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        let is_wrong = order(list.items, &key) == Some(unwanted);
        is_wrong.then(|| fault(format!("the order is not the one asked for, {asked}")))
    }
}

/// A search that finds something must find something that holds what was searched for.
fn search(seen: &Seen<'_>, list: &List<'_>) -> Option<Fault> {
    let parameter = parameter(seen.operation, &SEARCH)?;
    let text = list.asked(&parameter.name)?.to_lowercase();
    let holds = |item: &Node| {
        let mut found = false;
        visit(item, &mut |_, node| {
            found |= plain_text(node).is_some_and(|own| own.to_lowercase().contains(&text));
        });
        found
    };
    // Chosen properties and several words may hide what was found.
    let is_plain = !text.contains(' ') && parameter_is_absent(seen, list);
    if list.items.is_empty() || !is_plain || list.items.iter().any(holds) {
        return None;
    }
    let message = format!(
        "the search for `{text}` finds {} objects, none of which holds it",
        list.items.len()
    );
    let place = format!("query:{}:nothing", parameter.name);
    Some(Fault::new(Kind::Search, Severity::Error, place, message))
}

fn parameter_is_absent(seen: &Seen<'_>, list: &List<'_>) -> bool {
    let fields = parameter(seen.operation, &FIELDS);
    fields.is_none_or(|fields| list.asked(&fields.name).is_none())
}

/// Where some properties are asked for, no others come.
fn fields(seen: &Seen<'_>, list: &List<'_>) -> Option<Fault> {
    let parameter = parameter(seen.operation, &FIELDS)?;
    let wanted: Vec<&str> = list
        .asked(&parameter.name)?
        .split(',')
        .map(str::trim)
        .collect();
    let objects = || {
        list.items
            .iter()
            .filter_map(|item| unwrapped(item).as_object())
    };
    // What is asked for in another notation is not understood here.
    if !objects().any(|object| wanted.iter().any(|name| object.contains_key(name))) {
        return None;
    }
    let id = item_name(seen.contract, bare(&seen.operation.path)).unwrap_or("id");
    let is_wanted = |key: &str| wanted.contains(&key) || key == id || key == "id";
    let mut members = objects().flatten();
    let extra = members.find(|member| !is_wanted(&member.key))?;
    let message = format!(
        "{} was answered although nothing but {} was asked for",
        extra.key,
        wanted.join(", ")
    );
    let place = format!("query:{}", parameter.name);
    Some(Fault::new(Kind::Fields, Severity::Error, place, message))
}
