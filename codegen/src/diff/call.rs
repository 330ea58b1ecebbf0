//! Changes of operations: methods, arguments, setters, replies.

use std::collections::{BTreeMap, BTreeSet};

use super::{Changes, written};
use crate::model::{
    Argument, CallType, Decode, Endpoint, Group, Item, Operation, Package, Replies, Taken,
};
use crate::origin::Origin;

/// A method with all that belongs to it.
struct Method<'a> {
    endpoint: &'a Endpoint,
    call: Option<&'a CallType>,
    /// Method and path: what it is on the wire.
    wire: String,
}

/// Everything about operations that a program can name.
struct Surface<'a> {
    methods: BTreeMap<String, Method<'a>>,
    replies: BTreeMap<String, &'a Replies>,
    groups: BTreeMap<String, &'a Origin>,
    client: String,
}

impl<'a> Surface<'a> {
    fn of(package: &'a Package) -> Self {
        let mut surface = Surface {
            methods: BTreeMap::new(),
            replies: BTreeMap::new(),
            groups: BTreeMap::new(),
            client: String::new(),
        };
        let items = || package.files.iter().flat_map(|file| &file.items);
        let mut constants: BTreeMap<&str, &Operation> = BTreeMap::new();
        for item in items() {
            match item {
                Item::Table(table) => {
                    let operations = table.operations.iter();
                    constants.extend(operations.map(|it| (it.constant.as_str(), it)));
                }
                Item::Client(client) => surface.client = client.name.to_string(),
                _ => {}
            }
        }
        for file in &package.files {
            let group = file.items.iter().find_map(|item| match item {
                Item::Group(group) => Some(group),
                _ => None,
            });
            if let Some(group) = group {
                surface.group(group, &file.items, &constants);
            }
        }
        surface
    }

    fn group(
        &mut self,
        group: &'a Group,
        items: &'a [Item],
        constants: &BTreeMap<&str, &Operation>,
    ) {
        self.groups
            .insert(group.accessor.to_string(), &group.origin);
        for item in items {
            if let Item::Replies(replies) = item {
                let name = format!("{}::{}", group.accessor, replies.name);
                self.replies.insert(name, replies);
            }
        }
        let calls = items.iter().filter_map(|item| match item {
            Item::CallType(call) => Some((call.name.to_string(), call)),
            _ => None,
        });
        let calls: BTreeMap<String, &CallType> = calls.collect();
        for endpoint in &group.endpoints {
            let called = endpoint.call.as_ref().map(ToString::to_string);
            let call = called.and_then(|name| calls.get(&name).copied());
            let operation = constants.get(endpoint.constant.as_str());
            let wire = operation
                .map(|it| format!("{} {}", it.method, it.path))
                .unwrap_or_default();
            let method = Method {
                endpoint,
                call,
                wire,
            };
            self.methods.insert(
                format!("{}().{}()", group.accessor, endpoint.method),
                method,
            );
        }
    }
}

/// Compares all that is said about operations.
pub fn compare(old: &Package, new: &Package, changes: &mut Changes) {
    let (old, new) = (Surface::of(old), Surface::of(new));
    if old.client != new.client {
        changes.breaking(
            old.client,
            format!("is called `{}`", new.client),
            (None, None),
        );
    }
    // Methods that are new, by what they are on the wire: one of them may be an old one under another name.
    let fresh = new
        .methods
        .iter()
        .filter(|(name, _)| !old.methods.contains_key(*name));
    let mut fresh: BTreeMap<&str, (&String, &Method)> = fresh
        .map(|(name, method)| (method.wire.as_str(), (name, method)))
        .collect();
    for (name, was) in &old.methods {
        let place = Some(&was.endpoint.origin);
        match new.methods.get(name) {
            Some(is) => method(name, was, is, changes),
            None => match fresh.remove(was.wire.as_str()) {
                Some((other, is)) => {
                    let places = (place, Some(&is.endpoint.origin));
                    changes.breaking(name, format!("is called `{other}`"), places);
                    method(name, was, is, changes);
                }
                None => changes.breaking(name, "is gone", (place, None)),
            },
        }
    }
    for (name, is) in fresh.into_values() {
        changes.addition(
            name,
            format!("is new: `{}`", is.wire),
            (None, Some(&is.endpoint.origin)),
        );
    }
    for (name, was) in &old.replies {
        match new.replies.get(name) {
            Some(is) => replies(name, was, is, changes),
            None => changes.breaking(name, "is gone", (Some(&was.origin), None)),
        }
    }
}

fn method(name: &str, was: &Method, is: &Method, changes: &mut Changes) {
    let (one, other) = (was.endpoint, is.endpoint);
    let places = (Some(&one.origin), Some(&other.origin));
    if was.wire != is.wire {
        changes.behaviour(
            name,
            format!("sends `{}`, not `{}`", is.wire, was.wire),
            places,
        );
    }
    if !one.deprecated && other.deprecated {
        changes.behaviour(name, "is deprecated", places);
    }
    arguments(name, one, other, changes);
    let none: &[Argument] = &[];
    let options = |method: &Method| {
        method
            .call
            .map_or(none.to_vec(), |call| call.options.clone())
    };
    setters(name, &options(was), &options(is), places, changes);
    for (what, old, new) in [
        ("gives", &one.success, &other.success),
        ("is refused with", &one.refusal, &other.refusal),
    ] {
        let (old, new) = (decoded(old), decoded(new));
        if old != new {
            changes.breaking(name, format!("{what} `{new}`, not `{old}`"), places);
        }
    }
    for (what, had, has) in [
        ("page by page", pages(was), pages(is)),
        ("to its end", waits(was), waits(is)),
    ] {
        match (had, has) {
            (true, false) => changes.breaking(name, format!("cannot be followed {what}"), places),
            (false, true) => changes.addition(name, format!("can be followed {what}"), places),
            _ => {}
        }
    }
}

fn pages(method: &Method) -> bool {
    method.call.is_some_and(|call| call.items.is_some())
}

fn waits(method: &Method) -> bool {
    method.call.is_some_and(|call| call.waits.is_some())
}

/// Arguments stand in an order, so that one more or one less moves the others.
fn arguments(name: &str, one: &Endpoint, other: &Endpoint, changes: &mut Changes) {
    let places = (Some(&one.origin), Some(&other.origin));
    let before = by_name(&one.arguments);
    let after = by_name(&other.arguments);
    for (argument, ty) in &after {
        match before.get(argument) {
            None => changes.breaking(
                name,
                format!("needs the argument `{argument}: {ty}`"),
                places,
            ),
            Some(was) if was != ty => {
                changes.breaking(
                    name,
                    format!("takes `{argument}: {ty}`, not `{was}`"),
                    places,
                );
            }
            Some(_) => {}
        }
    }
    for argument in before
        .keys()
        .filter(|argument| !after.contains_key(*argument))
    {
        changes.breaking(name, format!("takes no argument `{argument}`"), places);
    }
    let order = |endpoint: &Endpoint| -> Vec<String> {
        let known = endpoint.arguments.iter().map(|it| it.name.to_string());
        known
            .filter(|it| before.contains_key(it) && after.contains_key(it))
            .collect()
    };
    let (old, new) = (order(one), order(other));
    if old != new {
        changes.breaking(
            name,
            format!("takes its arguments in the order {}", new.join(", ")),
            places,
        );
    }
}

fn setters(
    name: &str,
    old: &[Argument],
    new: &[Argument],
    places: super::Places<'_>,
    changes: &mut Changes,
) {
    let (before, after) = (by_name(old), by_name(new));
    let subject = |setter: &str| format!("{name}.{setter}()");
    for (setter, ty) in &after {
        match before.get(setter) {
            None => changes.addition(subject(setter), format!("is new and takes `{ty}`"), places),
            Some(was) if was != ty => {
                changes.breaking(
                    subject(setter),
                    format!("takes `{ty}`, not `{was}`"),
                    places,
                );
            }
            Some(_) => {}
        }
    }
    for setter in before.keys().filter(|setter| !after.contains_key(*setter)) {
        changes.breaking(subject(setter), "is gone", places);
    }
}

fn by_name(arguments: &[Argument]) -> BTreeMap<String, String> {
    let pairs = arguments
        .iter()
        .map(|it| (it.name.to_string(), taken(&it.taken)));
    pairs.collect()
}

fn taken(taken: &Taken) -> String {
    match taken {
        Taken::Text => "&str".to_owned(),
        Taken::Value(ty) => written(ty),
        Taken::Reference(ty) => format!("&{}", written(ty)),
        Taken::Slice(ty) => format!("&[{}]", written(ty)),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn decoded(decode: &Decode) -> String {
    match decode {
        Decode::Json(ty) => written(ty),
        Decode::OptionalJson(ty) => format!("Option<{}>", written(ty)),
        Decode::Lossless(ty) => format!("Expected<{}>", written(ty)),
        Decode::OptionalLossless(ty) => format!("Option<Expected<{}>>", written(ty)),
        Decode::Empty => "()".to_owned(),
        Decode::Replies(name) => name.to_string(),
        other => format!("{other:?}"),
    }
}

fn replies(name: &str, was: &Replies, is: &Replies, changes: &mut Changes) {
    let places = (Some(&was.origin), Some(&is.origin));
    let variants = |replies: &Replies| -> BTreeMap<String, String> {
        let variants = replies.variants.iter();
        variants
            .map(|it| (it.name.to_string(), decoded(&it.decode)))
            .collect()
    };
    let (before, after) = (variants(was), variants(is));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for variant in names {
        let subject = format!("{name}::{variant}");
        match (before.get(variant), after.get(variant)) {
            (Some(_), None) => changes.breaking(subject, "is gone", places),
            (None, Some(ty)) => {
                changes.breaking(subject, format!("is new and holds `{ty}`"), places);
            }
            (Some(old), Some(new)) if old != new => {
                changes.breaking(subject, format!("holds `{new}`, not `{old}`"), places);
            }
            _ => {}
        }
    }
}
