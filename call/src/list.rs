//! Lists: all pages, so many items, those that are wanted.

use crate::failure::Failure;
use crate::send::Raw;
use crate::table::{Item, Operation, Type};
use clap::ArgMatches;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use verbatim_json::Json;
use verbatim_runtime::codegen::Call;
use verbatim_runtime::{Error, Items, RawResponse};

/// Which items of a list are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Those of all pages.
    all: bool,
    /// No more than so many.
    limit: Option<usize>,
    /// Those that fit all of these.
    filters: Vec<Filter>,
}

/// What an item must be like.
#[derive(Debug)]
struct Filter {
    path: Vec<String>,
    is_equal: bool,
    text: String,
}

/// The JSON pointer to the items, where an operation answers with a list.
pub fn pointer(operation: &Operation) -> Option<String> {
    if let Some(rule) = &operation.pagination {
        return Some(rule.items_pointer.clone());
    }
    found(operation, operation.result.as_ref()?, 4)
}

fn found(operation: &Operation, ty: &Type, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match ty {
        Type::List(_) => Some(String::new()),
        Type::Nullable(inner) => found(operation, inner, depth),
        Type::Root(key, inner) => {
            let key = key.replace('~', "~0").replace('/', "~1");
            found(operation, inner, depth).map(|below| format!("/{key}{below}"))
        }
        Type::Named(place) => match operation.item(*place)? {
            Item::Alias(inner) => found(operation, inner, depth),
            Item::Object(object) => {
                let name = object.wraps.as_ref()?;
                let mut properties = object.properties.iter();
                let inner = properties.find(|it| it.name == *name)?;
                let key = name.replace('~', "~0").replace('/', "~1");
                found(operation, &inner.ty, depth).map(|below| format!("/{key}{below}"))
            }
            _ => None,
        },
        _ => None,
    }
}

/// What the command line says about a list; none where it wants the reply as it is.
///
/// # Errors
/// A limit that is no number, and a filter without an equals sign.
pub fn wanted(operation: &Operation, matches: &ArgMatches) -> Result<Option<Wanted>, Failure> {
    if pointer(operation).is_none() {
        return Ok(None);
    }
    let mut wanted = Wanted {
        all: operation.pagination.is_some() && matches.get_flag("all"),
        ..Wanted::default()
    };
    if let Some(text) = matches.get_one::<String>("limit") {
        let limit = text
            .parse()
            .map_err(|_| Failure::usage(format!("--limit: `{text}` is no number of items")))?;
        wanted.limit = Some(limit);
    }
    for text in matches.get_many::<String>("filter").into_iter().flatten() {
        wanted.filters.push(filter(text)?);
    }
    let is_plain = !wanted.all && wanted.limit.is_none() && wanted.filters.is_empty();
    Ok((!is_plain).then_some(wanted))
}

fn filter(text: &str) -> Result<Filter, Failure> {
    let (path, value) = text.split_once('=').ok_or_else(|| {
        Failure::usage(format!("--filter {text}: it has no equals sign"))
            .remedy("write --filter status.state=POWERED_ON, or != for all others")
    })?;
    let (path, is_equal) = match path.strip_suffix('!') {
        Some(path) => (path, false),
        None => (path, true),
    };
    Ok(Filter {
        path: path.split('.').map(str::to_owned).collect(),
        is_equal,
        text: value.to_owned(),
    })
}

impl Wanted {
    /// Reads the list, as many pages of it as are needed.
    ///
    /// # Errors
    /// Those of the calls.
    pub async fn read(&self, operation: &Operation, call: Raw) -> Result<Vec<Json>, Error<()>> {
        let pages = operation.pagination.is_some() && (self.all || self.limit.is_some());
        let mut kept = Vec::new();
        if !pages {
            let received = call.send().await?.value;
            let pointer = pointer(operation).unwrap_or_default();
            let items = items_at(&received, &pointer);
            kept.extend(items.into_iter().filter(|item| self.takes(item)));
            kept.truncate(self.limit.unwrap_or(usize::MAX));
            return Ok(kept);
        }
        let mut items = Items::new(call, of_page);
        while self.limit.is_none_or(|limit| kept.len() < limit) {
            match items.next().await {
                Some(item) => kept.extend(Some(item?).filter(|item| self.takes(item))),
                None => break,
            }
        }
        Ok(kept)
    }

    fn takes(&self, item: &Json) -> bool {
        self.filters.iter().all(|filter| {
            let value = member(item.as_str(), &filter.path);
            (value.as_deref() == Some(filter.text.as_str())) == filter.is_equal
        })
    }
}

/// Every item of a list, page by page.
///
/// # Errors
/// Those of the calls.
pub async fn every(
    operation: &Operation,
    call: Call<RawResponse, ()>,
) -> Result<Vec<Json>, Error<()>> {
    let wanted = Wanted {
        all: operation.pagination.is_some(),
        ..Wanted::default()
    };
    wanted.read(operation, call).await
}

/// A list of items as JSON, each as it was sent.
pub fn text(items: &[Json]) -> String {
    if items.is_empty() {
        return "[]\n".to_owned();
    }
    let items: Vec<&str> = items.iter().map(Json::as_str).collect();
    format!("[\n{}\n]\n", items.join(",\n"))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the runtime hands its pages over"
)]
fn of_page(received: RawResponse) -> Vec<Json> {
    let rule = received.operation().pagination;
    items_at(&received, rule.map_or("", |rule| rule.items_pointer))
}

pub fn items_at(received: &RawResponse, pointer: &str) -> Vec<Json> {
    let text = std::str::from_utf8(&received.body).unwrap_or_default();
    let list = pointer.split('/').skip(1).try_fold(text, |text, token| {
        let name = token.replace("~1", "/").replace("~0", "~");
        at(text, &name)
    });
    let items = list.and_then(|list| serde_json::from_str::<Vec<Json>>(list).ok());
    items.unwrap_or_default()
}

/// The text of a member of an object.
fn at<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let members: BTreeMap<String, &'t RawValue> = serde_json::from_str(text).ok()?;
    members.get(name).map(|value| value.get())
}

/// A scalar within an item, as text. An item that is wrapped into a key of its own is looked into.
pub fn member(item: &str, path: &[String]) -> Option<String> {
    let direct = path.iter().try_fold(item, |text, name| at(text, name));
    let found = direct.or_else(|| {
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(item).ok()?;
        let (_, only) = members.into_iter().next().filter(|_| is_single(item))?;
        path.iter()
            .try_fold(only.get(), |text, name| at(text, name))
    })?;
    match found.as_bytes().first()? {
        b'"' => serde_json::from_str(found).ok(),
        b'{' | b'[' => None,
        _ => Some(found.to_owned()),
    }
}

fn is_single(item: &str) -> bool {
    serde_json::from_str::<BTreeMap<String, &RawValue>>(item).is_ok_and(|it| it.len() == 1)
}
