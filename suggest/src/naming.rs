//! Which operation resolves a name: a list whose items have an identifier, which other paths ask for, and a name.

use verbatim_codegen::ir::{Operation, Property, Shape, TypeDef};

use crate::Found;
use crate::view::{Member, View, subject};
use crate::words::is_among;

/// Members that name an item for people, the best first.
const NAMES: &[&str] = &[
    "name",
    "label",
    "title",
    "hostname",
    "fqdn",
    "displayname",
    "login",
    "slug",
    "email",
];

/// Members that name an item for programs, the best first.
const IDENTIFIERS: &[&str] = &["id", "identifier", "uuid", "uid", "key"];

/// Tells of each list that resolves names. Nothing declares it: the command line looks names up by itself where the
/// paths say so, and who writes a program has to know.
pub fn find(view: &View<'_>, found: &mut Found) {
    for list in view.with_method("GET") {
        let takers = takers(view, list);
        let (Some((variable, first)), Some(item)) = (takers.first(), item(view, list)) else {
            continue;
        };
        let (Some(identifier), Some(name)) = (member(item, IDENTIFIERS), member(item, NAMES))
        else {
            continue;
        };
        let others = match takers.len() - 1 {
            0 => String::new(),
            1 => " and one more operation".to_owned(),
            more => format!(" and {more} more operations"),
        };
        let text = format!(
            "It resolves a name: of the item whose `{}` is meant, `{}` is what `{{{variable}}}` of {}{others} asks for.",
            name.name,
            identifier.name,
            subject(first)
        );
        found.remark(subject(list), &list.origin, text);
    }
}

/// The operations whose path goes on behind that of a list with a variable.
fn takers<'a>(view: &View<'a>, list: &Operation) -> Vec<(&'a str, &'a Operation)> {
    let all = view.api.operations.iter();
    let behind = all.filter_map(|it| {
        let rest = it.path.strip_prefix(list.path.trim_end_matches('/'))?;
        let variable = rest.strip_prefix("/{")?;
        Some((variable.split_once('}')?.0, it))
    });
    behind.collect()
}

/// The items of the list that an operation answers with: of the body, or of the only list of objects at its top.
fn item<'a>(view: &View<'a>, list: &'a Operation) -> Option<&'a TypeDef> {
    let (_, body) = view.body(list)?;
    let of_list = |def: &'a TypeDef| match &def.shape {
        Shape::Array(item) => Some(view.of(item)),
        _ => None,
    };
    if let Some(item) = of_list(body) {
        return Some(item);
    }
    let members = view.members(body).into_iter();
    let lists = members.filter(Member::is_top).filter_map(|it| {
        let item = of_list(it.def)?;
        matches!(item.shape, Shape::Object(_)).then_some(item)
    });
    let lists: Vec<&TypeDef> = lists.collect();
    match lists.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The first member of an object that is called as one of some names.
fn member<'a>(item: &'a TypeDef, names: &[&str]) -> Option<&'a Property> {
    let Shape::Object(object) = &item.shape else {
        return None;
    };
    names.iter().find_map(|name| {
        let mut properties = object.properties.iter();
        properties.find(|it| is_among(&it.name, &[name]))
    })
}
