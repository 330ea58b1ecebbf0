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
    let mut last = first.outcome;
    for number in 1..PAGES {
        let asked = page(pagination, pagination.first + number, size);
        let next = get(session, operation, values, &asked).await?;
        if shows(&next.items) {
            return Some(Ok(next.outcome));
        }
        let short = next.items.len() < size;
        last = next.outcome;
        if short {
            return Some(Err(last));
        }
    }
    // A list longer than that says nothing.
    let _ = last;
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

async fn faults<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    pagination: &Pagination,
    (whole, size): (&Listed, usize),
) -> Option<Vec<(Fault, Outcome)>> {
    let first = pagination.first;
    let one = get(session, operation, values, &page(pagination, first, size)).await?;
    let two = get(
        session,
        operation,
        values,
        &page(pagination, first + 1, size),
    )
    .await?;
    let both = get(
        session,
        operation,
        values,
        &page(pagination, first, size * 2),
    )
    .await?;
    let far = get(
        session,
        operation,
        values,
        &page(pagination, first + FAR, size),
    )
    .await?;
    let all = names(session, operation, &whole.items);
    let [a, b, ab] = [&one, &two, &both].map(|list| names(session, operation, &list.items));
    let mut found = Vec::new();
    let mut tell = |place: &str, message: String, list: &Listed| {
        let fault = Fault::new(
            Kind::Paging,
            Severity::Error,
            format!("query:{place}"),
            message,
        );
        found.push((fault, list.outcome.clone()));
    };
    let (page, length) = (pagination.page.as_str(), pagination.size.as_str());
    if a.len() > size {
        tell(
            length,
            format!("{} objects came where {size} were asked for", a.len()),
            &one,
        );
        return Some(found);
    }
    if ab.len() < (size * 2).min(all.len()) {
        let asked = size * 2;
        tell(
            length,
            format!(
                "{} objects came where {asked} were asked for and {} are there",
                ab.len(),
                all.len()
            ),
            &both,
        );
    } else if a.first() != all.first() {
        tell(
            page,
            format!("page {first} does not begin with the first object of the list"),
            &one,
        );
    } else if [a.clone(), b.clone()].concat() != ab {
        tell(
            page,
            "pages overlap or leave objects out: two pages do not make the page of double length"
                .to_owned(),
            &two,
        );
    }
    if !far.items.is_empty() {
        tell(
            &format!("{page}:end"),
            "a page far behind the last one is not empty".to_owned(),
            &far,
        );
    }
    if let Some(total) = total(pagination, &both)
        && total < all.len()
    {
        tell(
            "total",
            format!(
                "{total} objects are said to be there, but {} came",
                all.len()
            ),
            &both,
        );
    }
    Some(found)
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
