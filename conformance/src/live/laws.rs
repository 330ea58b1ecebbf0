//! What must hold for lists: pages that follow one another, and everything that is asked of a
//! list in its query.

use verbatim_contract::extension::Pagination;
use verbatim_contract::{Operation, Place};
use verbatim_source::{Node, pointer, write};

use super::known::{Origin, bare, id_of, item_name, resolve};
use super::plan::Values;
use super::query;
use super::session::{Outcome, Session};
use crate::body::items;
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::transport::Transport;

/// Pages read to look for one object.
const PAGES: i64 = 20;

/// A page far behind the last one.
const FAR: i64 = 1_000_000;

/// A list as it was answered.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The answer.
    pub outcome: Outcome,
    /// The items.
    pub items: Vec<Node>,
}

/// The laws of every list that has something in it.
pub async fn all<T: Transport>(session: &mut Session<'_, '_, T>) {
    let operations = session.contract.operations();
    for operation in operations
        .iter()
        .filter(|one| one.safe && one.method == "GET")
    {
        if !session.wants(operation) || session.is_over() {
            continue;
        }
        let resolved = resolve(
            session.contract,
            &session.known,
            operation,
            &Values::new(),
            session.options.seed,
        );
        let Some((values, Origin::Seen)) = resolved else {
            continue;
        };
        let asks = operation.pagination.is_some() || query::is_asked(operation);
        if !asks {
            continue;
        }
        let Some(whole) = get(session, operation, &values, &[]).await else {
            continue;
        };
        if whole.items.len() < 2 {
            session.note(format!(
                "{}: the list has fewer than two objects, so that its laws were not judged.",
                operation.id
            ));
            continue;
        }
        if let Some(pagination) = &operation.pagination {
            paging(session, operation, &values, pagination, &whole).await;
        }
        query::all(session, operation, &values, &whole).await;
    }
}

/// The list with a query, or `None` where it was not answered with one.
pub async fn get<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    asked: &[(&str, String)],
) -> Option<Listed> {
    let mut plan = session.plan(operation, values);
    for (name, value) in asked {
        plan = plan.with_query(name, value.as_str());
    }
    let outcome = session.call(&plan).await?;
    if !outcome.is_success() {
        return None;
    }
    let body = outcome.json.as_ref()?;
    let place = operation
        .pagination
        .as_ref()
        .and_then(|one| one.items.as_deref());
    let found = match place {
        Some(place) => pointer::resolve(body, place).and_then(Node::as_array),
        None => items(body),
    };
    let items = found?.to_vec();
    Some(Listed { outcome, items })
}

/// What tells the items of a list apart: their identifiers, else all of their text.
pub fn names<T>(
    session: &Session<'_, '_, T>,
    operation: &Operation,
    items: &[Node],
) -> Vec<String> {
    let name = item_name(session.contract, bare(&operation.path)).unwrap_or("id");
    let each = items.iter();
    each.map(|item| id_of(item, name).unwrap_or_else(|| write::compact(&item.value)))
        .collect()
}

/// Whether a list shows an object: `Ok` with the page that does, `Err` with the last page where
/// none does, `None` where the list was not answered.
pub async fn contains<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    name: &str,
    id: &str,
) -> Option<Result<Outcome, Outcome>> {
    let shows = |items: &[Node]| {
        items
            .iter()
            .any(|item| id_of(item, name).as_deref() == Some(id))
    };
    let first = get(session, operation, values, &[]).await?;
    if shows(&first.items) {
        return Some(Ok(first.outcome));
    }
    let Some(pagination) = &operation.pagination else {
        return Some(Err(first.outcome));
    };
    let size = first.items.len().max(1);
    for number in 1..PAGES {
        let asked = page(pagination, pagination.first + number, size);
        let next = get(session, operation, values, &asked).await?;
        if shows(&next.items) {
            return Some(Ok(next.outcome));
        }
        if next.items.len() < size {
            return Some(Err(next.outcome));
        }
    }
    // A list longer than that says nothing.
    None
}

fn page(pagination: &Pagination, number: i64, size: usize) -> Vec<(&str, String)> {
    vec![
        (pagination.page.as_str(), number.to_string()),
        (pagination.size.as_str(), size.to_string()),
    ]
}

/// Pages must be as long as asked for, follow one another, and end.
async fn paging<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    pagination: &Pagination,
    whole: &Listed,
) {
    if pagination.style != "page" {
        return;
    }
    let size = smallest(session, operation, &pagination.size);
    // Lists change while they are read, so that what is found once is looked at again.
    let Some(first) = faults(session, operation, values, pagination, (whole, size)).await else {
        return;
    };
    if first.is_empty() {
        return;
    }
    let Some(whole) = get(session, operation, values, &[]).await else {
        return;
    };
    let Some(second) = faults(session, operation, values, pagination, (&whole, size)).await else {
        return;
    };
    for (fault, outcome) in second {
        if first.iter().any(|(known, _)| known.place == fault.place) {
            session.find(operation, fault, &outcome);
        }
    }
}

fn smallest<T>(session: &Session<'_, '_, T>, operation: &Operation, name: &str) -> usize {
    let mut parameters = operation.parameters_in(Place::Query);
    let schema = parameters
        .find(|one| one.name == name)
        .and_then(|one| one.schema.as_ref());
    let least = schema.and_then(|schema| session.contract.shape(schema).count("minimum"));
    least.unwrap_or(1).max(1)
}

/// Some pages of one list.
struct Pages<'a> {
    pagination: &'a Pagination,
    size: usize,
    /// The list as it comes without being asked for pages.
    whole: &'a Listed,
    one: Listed,
    two: Listed,
    /// The first page of double length.
    both: Listed,
    /// A page far behind the last one.
    far: Listed,
}

async fn faults<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    pagination: &Pagination,
    (whole, size): (&Listed, usize),
) -> Option<Vec<(Fault, Outcome)>> {
    let first = pagination.first;
    let asked = [(0, size), (1, size), (0, size * 2), (FAR, size)];
    let mut read = Vec::new();
    for (number, size) in asked {
        let asked = page(pagination, first + number, size);
        read.push(get(session, operation, values, &asked).await?);
    }
    let [one, two, both, far] = <[Listed; 4]>::try_from(read).ok()?;
    let pages = Pages {
        pagination,
        size,
        whole,
        one,
        two,
        both,
        far,
    };
    Some(pages.faults(&|items| names(session, operation, items)))
}

impl Pages<'_> {
    fn faults(&self, names: &dyn Fn(&[Node]) -> Vec<String>) -> Vec<(Fault, Outcome)> {
        let size = self.size;
        let (page, length) = (&self.pagination.page, &self.pagination.size);
        let came = self.one.items.len();
        if came > size {
            let message = format!("{came} objects came where {size} were asked for");
            return vec![told(length, message, &self.one)];
        }
        let mut found = Vec::new();
        found.extend(self.order(names));
        if !self.far.items.is_empty() {
            let message = "a page far behind the last one is not empty".to_owned();
            found.push(told(&format!("{page}:end"), message, &self.far));
        }
        let there = self.whole.items.len();
        let said = total(self.pagination, &self.both).filter(|said| *said < there);
        if let Some(said) = said {
            let message = format!("{said} objects are said to be there, but {there} came");
            found.push(told("total", message, &self.both));
        }
        found
    }

    /// Whether two pages are what the page of double length is.
    fn order(&self, names: &dyn Fn(&[Node]) -> Vec<String>) -> Option<(Fault, Outcome)> {
        let (page, length) = (&self.pagination.page, &self.pagination.size);
        let all = names(&self.whole.items);
        let [one, two, both] = [&self.one, &self.two, &self.both].map(|list| names(&list.items));
        let asked = self.size * 2;
        if both.len() < asked.min(all.len()) {
            let (came, there) = (both.len(), all.len());
            let message =
                format!("{came} objects came where {asked} were asked for and {there} are there");
            return Some(told(length, message, &self.both));
        }
        if one.first() != all.first() {
            let first = self.pagination.first;
            let message = format!("page {first} does not begin with the first object of the list");
            return Some(told(page, message, &self.one));
        }
        if [one, two].concat() != both {
            let message = "pages overlap or leave objects out: two pages do not make the page of double length";
            return Some(told(page, message.to_owned(), &self.two));
        }
        None
    }
}

fn told(place: &str, message: String, list: &Listed) -> (Fault, Outcome) {
    let fault = Fault::new(
        Kind::Paging,
        Severity::Error,
        format!("query:{place}"),
        message,
    );
    (fault, list.outcome.clone())
}

/// The number of all objects that an answer states.
fn total(pagination: &Pagination, list: &Listed) -> Option<usize> {
    let header = pagination.total_header.as_deref();
    let said = header.and_then(|name| list.outcome.exchange.response.field(name));
    if let Some(text) = said {
        return text.trim().parse().ok();
    }
    let place = pagination.total.as_deref()?;
    let node = pointer::resolve(list.outcome.json.as_ref()?, place)?;
    node.as_number()?.parse().ok()
}
