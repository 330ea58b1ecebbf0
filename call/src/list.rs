//! Lists: all pages, so many items, those that are wanted.

use crate::failure::{Exit, Failure};
use crate::output::Reader;
use crate::send::Raw;
use crate::table::{Item, Operation, Type};
use clap::ArgMatches;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use verbatim_json::Json;
use verbatim_runtime::{DecodeError, Error, Items, RawResponse};
use verbatim_source::Decimal;

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
    /// Hands the items over as they come, from as many pages as are needed, until the reader has gone.
    ///
    /// # Errors
    /// Those of the calls, as the closure tells them, a reply without a list, and those of the reader.
    pub async fn each(
        &self,
        operation: &Operation,
        call: Raw,
        failure: &dyn Fn(&Error<()>) -> Failure,
        take: &mut dyn FnMut(Json) -> Result<Reader, Failure>,
    ) -> Result<(), Failure> {
        let mut left = self.limit.unwrap_or(usize::MAX);
        let mut take = |item: Json| {
            left -= 1;
            Ok::<bool, Failure>(take(item)? == Reader::Reads && left > 0)
        };
        if self.limit == Some(0) {
            return Ok(());
        }
        if !self.reads_pages(operation) {
            let received = call.send().await.map_err(|error| failure(&error))?.value;
            let pointer = pointer(operation).unwrap_or_default();
            let items = list_at(&received, &pointer).map_err(|error| {
                let message = format!("the reply cannot be read: {error}");
                Failure::new(Exit::Refused, message)
                    .remedy("check --base-url: another server may have answered")
            })?;
            for item in items.into_iter().filter(|item| self.takes(item)) {
                if !take(item)? {
                    break;
                }
            }
            return Ok(());
        }
        let mut items = Items::new(call, of_page);
        while let Some(item) = items.next().await {
            let item = item.map_err(|error| failure(&error))?;
            if self.takes(&item) && !take(item)? {
                break;
            }
        }
        Ok(())
    }

    /// Whether more than one page may be read.
    fn reads_pages(&self, operation: &Operation) -> bool {
        operation.pagination.is_some() && (self.all || self.limit.is_some())
    }

    /// The names that lead to what the items must be like.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.filters.iter().map(|filter| filter.path.as_slice())
    }

    fn takes(&self, item: &Json) -> bool {
        self.filters.iter().all(|filter| {
            let values = members(item.as_str(), &filter.path);
            let is_equal = values.iter().any(|value| is_same(value, &filter.text));
            is_equal == filter.is_equal
        })
    }
}

/// Every item of a list, page by page.
///
/// # Errors
/// Those of the calls.
pub async fn every(operation: &Operation, call: Raw) -> Result<Vec<Json>, Failure> {
    let wanted = Wanted {
        all: operation.pagination.is_some(),
        ..Wanted::default()
    };
    let failure = |error: &Error<()>| Failure::new(Exit::Refused, error.to_string());
    let mut found = Vec::new();
    let mut take = |item| {
        found.push(item);
        Ok(Reader::Reads)
    };
    wanted.each(operation, call, &failure, &mut take).await?;
    Ok(found)
}

/// Keeps a page as it came.
///
/// # Errors
/// A page without the list that is declared.
pub fn page(received: &RawResponse) -> Result<RawResponse, DecodeError> {
    if let Some(rule) = received.operation().pagination {
        list_at(received, rule.items_pointer)?;
    }
    Ok(received.clone())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the runtime hands its pages over"
)]
fn of_page(received: RawResponse) -> Vec<Json> {
    let rule = received.operation().pagination;
    items_at(&received, rule.map_or("", |rule| rule.items_pointer))
}

/// The items of the list at a pointer, each as it was sent; none where null stands there.
fn list_at(received: &RawResponse, pointer: &str) -> Result<Vec<Json>, DecodeError> {
    let text = std::str::from_utf8(&received.body).unwrap_or_default();
    if serde_json::from_str::<&RawValue>(text).is_err() {
        let media = received.media().unwrap_or("of no media type");
        return Err(DecodeError::media(media));
    }
    let list = pointer.split('/').skip(1).try_fold(text, |text, token| {
        let name = token.replace("~1", "/").replace("~0", "~");
        at(text, &name)
    });
    let items = list.map(serde_json::from_str::<Option<Vec<Json>>>);
    if let Some(Ok(items)) = items {
        return Ok(items.unwrap_or_default());
    }
    let place = if pointer.is_empty() {
        "the root"
    } else {
        pointer
    };
    Err(DecodeError::shape(
        format!("a list at {place}"),
        "there is none",
    ))
}

/// The items of a reply, where it has the list.
pub fn items_at(received: &RawResponse, pointer: &str) -> Vec<Json> {
    list_at(received, pointer).unwrap_or_default()
}

/// The text of a member of an object.
fn at<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let members: BTreeMap<String, &'t RawValue> = serde_json::from_str(text).ok()?;
    members.get(name).map(|value| value.get())
}

/// Whether a scalar of JSON is what a text says; numbers are equal whatever they look like.
fn is_same(value: &str, text: &str) -> bool {
    match (Decimal::parse(value), Decimal::parse(text)) {
        (Some(one), Some(other)) => one == other,
        _ if value.starts_with('"') => {
            serde_json::from_str::<String>(value).is_ok_and(|it| it == text)
        }
        _ => value == text,
    }
}

/// The scalars at a path within an item, each as JSON; of lists on the way, those of all items. An
/// item that is wrapped into a key of its own is looked into.
fn members(item: &str, path: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    scalars(item, path, &mut found);
    if found.is_empty()
        && let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(item)
        && let (Some((_, only)), 1) = (members.iter().next(), members.len())
    {
        scalars(only.get(), path, &mut found);
    }
    found
}

fn scalars(text: &str, path: &[String], found: &mut Vec<String>) {
    if text.starts_with('[') {
        let items = serde_json::from_str::<Vec<&RawValue>>(text).unwrap_or_default();
        for item in items {
            scalars(item.get(), path, found);
        }
        return;
    }
    match path.split_first() {
        None if text.starts_with('{') => {}
        None => found.push(text.to_owned()),
        Some((name, below)) => {
            if let Some(value) = at(text, name) {
                scalars(value, below, found);
            }
        }
    }
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
