//! Names where identifiers are due: looked up in the list of the resource.

use crate::failure::{Exit, Failure};
use crate::list;
use crate::request::Request;
use crate::send;
use crate::table::{Api, Method, Operation, Type, Wait};
use std::collections::{BTreeMap, BTreeSet};
use verbatim_json::Json;
use verbatim_runtime::Client;
use verbatim_runtime::service::Place;
use verbatim_source::{Node, Value, near};

/// Members that name an item for people.
pub const NAMES: [&str; 9] = [
    "name",
    "label",
    "title",
    "hostname",
    "fqdn",
    "display_name",
    "login",
    "email",
    "ip",
];
/// Members that name an item for programs.
pub const IDENTIFIERS: [&str; 4] = ["id", "identifier", "uuid", "key"];

/// A path parameter, and the operation that lists what it may be.
pub struct Listed<'a> {
    /// The parameter, by its place in the operation.
    pub place: usize,
    /// What lists its values.
    pub list: &'a Method,
}

/// The path parameters of an operation whose values are listed by another one.
pub fn listed<'a>(api: &'a Api, method: &Method, operation: &Operation) -> Vec<Listed<'a>> {
    let parameters = operation.parameters.iter().enumerate();
    let paths = parameters.filter(|(_, parameter)| parameter.place == Place::Path);
    let found = paths.filter_map(|(place, parameter)| {
        let variable = format!("{{{}}}", parameter.name);
        let before = &method.path[..method.path.find(&variable)?];
        let wanted = shape(before.strip_suffix('/')?);
        let mut methods = api.methods();
        let (_, list) = methods.find(|(_, other)| {
            other.verb == "GET" && other.id != method.id && shape(&other.path) == wanted
        })?;
        Some(Listed { place, list })
    });
    found.collect()
}

/// A path with its variables made alike, without an ending such as `.json`.
fn shape(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        out.push_str("{}");
        rest = rest[open..]
            .find('}')
            .map_or("", |end| &rest[open + end + 1..]);
    }
    out.push_str(rest);
    out.strip_suffix(".json").unwrap_or(&out).to_owned()
}

/// Whether a text is an identifier by its looks, so that nothing need be looked up.
pub fn looks_like_identifier(operation: &Operation, place: usize, text: &str) -> bool {
    let Some(parameter) = operation.parameters.get(place) else {
        return true;
    };
    let is_number = !text.is_empty() && text.bytes().all(|each| each.is_ascii_digit());
    if matches!(parameter.ty, Type::Integer | Type::Unsigned) {
        return is_number;
    }
    let is_hex = |text: &str| {
        text.bytes()
            .all(|each| each.is_ascii_hexdigit() || each == b'-')
    };
    let has_digit = text.bytes().any(|each| each.is_ascii_digit());
    let example = parameter.example.as_ref().map(Json::as_str);
    let example = example.and_then(|it| serde_json::from_str::<String>(it).ok());
    let is_alike = example
        .is_some_and(|it| it.len() == text.len() && it.len() >= 8 && is_hex(&it) && is_hex(text));
    is_number || is_alike || (text.len() >= 16 && has_digit && is_hex(text))
}

/// What lists were found to hold, by the list and what it was asked with; none where one could not be read.
#[derive(Default)]
pub struct Known(BTreeMap<String, Option<Vec<Named>>>);

/// Puts identifiers where names were given; a list is read once for all requests.
///
/// # Errors
/// Names that nothing has, or several things have.
pub async fn resolve(
    api: &Api,
    client: &Client,
    (command, method, operation): (&str, &Method, &Operation),
    request: &mut Request,
    known: &mut Known,
) -> Result<(), Failure> {
    for listed in listed(api, method, operation) {
        let Some(at) = request
            .parameters
            .iter()
            .position(|it| it.0 == listed.place)
        else {
            continue;
        };
        let text = crate::value::text(&request.parameters[at].1);
        if looks_like_identifier(operation, listed.place, &text) {
            continue;
        }
        let before = request.parameters[..at].iter();
        let before: Vec<String> = before.map(|(_, node)| crate::value::text(node)).collect();
        let key = format!("{} {before:?}", listed.list.id);
        if !known.0.contains_key(&key) {
            let items = items(client, &listed, operation, request).await?;
            known.0.insert(key.clone(), items);
        }
        let Some(Some(items)) = known.0.get(&key) else {
            continue;
        };
        let parameter = &operation.parameters[listed.place];
        let id = chosen(command, &text, items)?;
        let node = if matches!(parameter.ty, Type::Integer | Type::Unsigned) {
            Node::made(Value::Number(id))
        } else {
            Node::made(id)
        };
        request.parameters[at].1 = node;
    }
    Ok(())
}

/// The identifiers that a list needs the client to know.
pub fn ids<'a>(api: &'a Api, method: &Method, operation: &Operation) -> Vec<&'a str> {
    let listed = listed(api, method, operation);
    listed.into_iter().map(|it| it.list.id.as_str()).collect()
}

/// The operations that a wait needs the client to know: what is polled, and the list in which what is polled
/// stands, so that several waits look at it together.
///
/// # Errors
/// Tables that are damaged.
pub fn polled<'a>(api: &'a Api, rule: &Wait) -> Result<Vec<&'a str>, Failure> {
    let Some((_, method)) = api.operation(&rule.poll) else {
        return Ok(Vec::new());
    };
    let operation = method.operation().map_err(Failure::usage)?;
    let mut found = ids(api, method, &operation);
    found.push(&method.id);
    Ok(found)
}

/// What a parameter may be: identifier and names of each item. None where the list cannot be read,
/// so that the API itself judges the text.
async fn items(
    client: &Client,
    listed: &Listed<'_>,
    operation: &Operation,
    request: &Request,
) -> Result<Option<Vec<Named>>, Failure> {
    let Some(call) = listing(client, listed, operation, request)? else {
        return Ok(None);
    };
    let of_list = listed.list.operation().map_err(Failure::usage)?;
    match list::every(&of_list, call).await {
        Ok(items) => Ok(Some(items.iter().filter_map(named).collect())),
        Err(_) => Ok(None),
    }
}

/// The call that lists what a parameter may be; none where it needs what was not given.
///
/// # Errors
/// Tables that are damaged.
pub fn listing(
    client: &Client,
    listed: &Listed<'_>,
    operation: &Operation,
    request: &Request,
) -> Result<Option<send::Raw>, Failure> {
    let of_list = listed.list.operation().map_err(Failure::usage)?;
    if list::pointer(&of_list).is_none() {
        return Ok(None);
    }
    let mut given = Request::default();
    for (place, parameter) in of_list.parameters.iter().enumerate() {
        if parameter.place != Place::Path {
            continue;
        }
        let same = request.parameters.iter();
        let mut same = same.filter(|(at, _)| {
            let other = operation.parameters.get(*at);
            other.is_some_and(|other| other.place == Place::Path && other.name == parameter.name)
        });
        match same.next() {
            Some((_, node)) => given.parameters.push((place, node.clone())),
            None => return Ok(None),
        }
    }
    send::call(client, &listed.list.id, &of_list, &given).map(Some)
}

/// An item of a list as far as its names go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its identifier.
    pub id: String,
    /// Its names for people.
    pub names: Vec<String>,
}

/// An item of a list; none where it has no identifier.
pub fn named(item: &Json) -> Option<Named> {
    let text = item.as_str();
    let member = |name: &str| list::member(text, &[name.to_owned()]);
    let id = IDENTIFIERS.iter().find_map(|name| member(name))?;
    let names = NAMES.iter().filter_map(|name| member(name));
    Some(Named {
        id,
        names: names.filter(|name| !name.is_empty()).collect(),
    })
}

/// What tells a thing apart: its identifier, else its name. One that is wrapped into a key of its own is
/// looked into.
pub fn identifier(node: &Node) -> Option<String> {
    first(node, &IDENTIFIERS).or_else(|| of(node))
}

/// What a thing is called by people, else its identifier.
pub fn of(node: &Node) -> Option<String> {
    first(node, &NAMES).or_else(|| first(node, &IDENTIFIERS))
}

fn first(node: &Node, names: &[&str]) -> Option<String> {
    let object = node.as_object()?;
    let scalar = |node: &Node| match &node.value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(text) => Some(text.clone()),
        _ => None,
    };
    let found = names.iter().find_map(|name| scalar(object.get(name)?));
    found.or_else(|| match (object.iter().next(), object.len()) {
        (Some(only), 1) => first(&only.value, names),
        _ => None,
    })
}

/// The identifier of the one item that is meant: by its identifier, by a whole name, by the
/// beginning of one.
fn chosen(command: &str, text: &str, items: &[Named]) -> Result<String, Failure> {
    if let Some(item) = items.iter().find(|item| item.id == text) {
        return Ok(item.id.clone());
    }
    let by = |fits: &dyn Fn(&str) -> bool| {
        let found = items
            .iter()
            .filter(|item| item.names.iter().any(|name| fits(name)));
        let mut ids = BTreeSet::new();
        let found: Vec<&Named> = found.filter(|item| ids.insert(item.id.as_str())).collect();
        found
    };
    let whole = by(&|name| name == text);
    let found = if whole.is_empty() {
        by(&|name| name.starts_with(text))
    } else {
        whole
    };
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => {
            let names = items
                .iter()
                .flat_map(|item| item.names.iter().map(String::as_str));
            let near = near(text, names);
            let remedy = match near.as_slice() {
                [] => format!("there are {}", some(items)),
                near => crate::failure::did_you_mean(near),
            };
            let message = format!("{command}: nothing is called `{text}`");
            Err(Failure::new(Exit::NotFound, message).remedy(remedy))
        }
        several => {
            let message = format!("{command}: `{text}` may be {}", some_of(several));
            Err(Failure::usage(message).remedy("write more of the name, or the identifier"))
        }
    }
}

fn some(items: &[Named]) -> String {
    let all: Vec<&Named> = items.iter().collect();
    if all.is_empty() {
        "none at all".to_owned()
    } else {
        some_of(&all)
    }
}

/// A few items with their identifiers.
fn some_of(items: &[&Named]) -> String {
    let shown = items.iter().take(6).map(|item| match item.names.first() {
        Some(name) => format!("{name} ({})", item.id),
        None => item.id.clone(),
    });
    let mut shown: Vec<String> = shown.collect();
    if items.len() > shown.len() {
        shown.push(format!("{} more", items.len() - shown.len()));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, name: &str) -> Named {
        Named {
            id: id.to_owned(),
            names: vec![name.to_owned()],
        }
    }

    #[test]
    fn a_whole_name_goes_before_a_beginning_and_several_are_listed() {
        let items = [
            item("1", "web"),
            item("2", "web-1"),
            item("3", "db-1"),
            item("4", "db-2"),
        ];
        let chosen = |text: &str| chosen("servers get", text, &items);
        assert_eq!(chosen("web").expect("one"), "1");
        assert_eq!(chosen("web-").expect("one"), "2");
        assert_eq!(chosen("3").expect("one"), "3");
        let several = chosen("db").expect_err("two").to_string();
        assert!(several.contains("db-1 (3), db-2 (4)"), "{several}");
        let none = chosen("bd-1").expect_err("none");
        assert_eq!(none.exit, Exit::NotFound);
        assert!(none.to_string().contains("did you mean `db-1`"), "{none}");
    }

    #[test]
    fn paths_are_alike_whatever_their_variables_are_called() {
        assert_eq!(
            shape("/servers/{id}/disks.json"),
            shape("/servers/{server_id}/disks")
        );
        assert_ne!(shape("/servers"), shape("/servers/{id}"));
    }
}
