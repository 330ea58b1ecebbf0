//! Which objects there are, and how operations belong together: lists, items, what creates them.

use std::collections::BTreeMap;

use verbatim_contract::{Contract, Operation, Place};
use verbatim_source::Node;

use super::plan::{Values, value_of};
use crate::body::{items, plain_text, unwrapped};

/// Identifiers by the path of their list, as it was called.
#[derive(Debug, Default)]
pub struct Known {
    ids: BTreeMap<String, Vec<String>>,
}

/// A list of objects and the operations on it and on each of them.
#[derive(Debug, Clone)]
pub struct Resource<'c> {
    /// The template of the list: `/servers/{server_id}/ips`.
    pub collection: String,
    /// The template of an object.
    pub item: String,
    /// The parameter that names an object.
    pub name: String,
    /// Lists the objects.
    pub list: Option<&'c Operation>,
    /// Adds an object.
    pub create: Option<&'c Operation>,
    /// Reads an object.
    pub get: Option<&'c Operation>,
    /// Changes an object: PUT and PATCH.
    pub change: Vec<&'c Operation>,
    /// Removes an object.
    pub delete: Option<&'c Operation>,
}

/// Where the values of a path come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Objects that were seen under this path, or no objects at all.
    Seen,
    /// Examples, samples, or objects seen elsewhere: they need not exist here.
    Guessed,
}

impl Known {
    /// Adds an identifier of a list; `false` where it is known.
    pub fn add(&mut self, list: &str, id: &str) -> bool {
        let ids = self.ids.entry(list.to_owned()).or_default();
        if ids.iter().any(|known| known == id) {
            return false;
        }
        ids.push(id.to_owned());
        true
    }

    /// Takes an identifier out.
    pub fn remove(&mut self, list: &str, id: &str) {
        if let Some(ids) = self.ids.get_mut(list) {
            ids.retain(|known| known != id);
        }
    }

    /// The identifiers of a list.
    pub fn of(&self, list: &str) -> &[String] {
        self.ids.get(list).map_or(&[][..], Vec::as_slice)
    }

    /// An identifier of the kind of object that a name such as `server_id` means.
    pub fn by_name(&self, name: &str) -> Option<&String> {
        let stem = stem(name);
        let lists = self.ids.iter().filter(|(_, ids)| !ids.is_empty());
        let mut fitting = lists.filter(|(list, _)| {
            let last = list.rsplit('/').next().unwrap_or("");
            let last = normal(last);
            last == stem || last == format!("{stem}s") || last == plural(&stem)
        });
        fitting.next().and_then(|(_, ids)| ids.first())
    }
}

/// What a parameter or property names, without the word for its identifier.
fn stem(name: &str) -> String {
    let name = name
        .strip_suffix("_id")
        .or_else(|| name.strip_suffix("Id"))
        .unwrap_or(name);
    normal(name)
}

fn normal(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

fn plural(stem: &str) -> String {
    match stem.strip_suffix('y') {
        Some(head) => format!("{head}ies"),
        None => format!("{stem}es"),
    }
}

/// A path without the suffix that chooses a format.
pub fn bare(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((head, "json" | "xml")) => head,
        _ => path,
    }
}

/// The list that a template of one object belongs to, and the name of its parameter.
pub fn owner(bare: &str) -> Option<(&str, &str)> {
    let (collection, segment) = bare.rsplit_once('/')?;
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then_some((collection, name))
}

/// A template with values in place of its names; `None` where one is missing.
pub fn concrete(template: &str, values: &Values) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, inside) = rest.split_at(open);
        let end = inside.find('}')?;
        out.push_str(before);
        out.push_str(values.get(inside.get(1..end)?)?);
        rest = inside.get(end + 1..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// All lists of objects, outer ones first.
pub fn resources(contract: &Contract) -> Vec<Resource<'_>> {
    let mut found: Vec<Resource<'_>> = Vec::new();
    for operation in contract.operations() {
        let path = bare(&operation.path);
        let Some((collection, name)) = owner(path) else {
            continue;
        };
        if found.iter().any(|known| known.item == path) {
            continue;
        }
        let of = |method: &str, path: &str| {
            let mut all = contract.operations().iter();
            all.find(|one| one.method == method && bare(&one.path) == path)
        };
        found.push(Resource {
            collection: collection.to_owned(),
            item: path.to_owned(),
            name: name.to_owned(),
            list: of("GET", collection).filter(|one| one.safe),
            create: of("POST", collection),
            get: of("GET", path).filter(|one| one.safe),
            change: ["PUT", "PATCH"]
                .iter()
                .filter_map(|method| of(method, path))
                .collect(),
            delete: of("DELETE", path),
        });
    }
    found.sort_by_key(|one| one.item.matches('/').count());
    found
}

/// The name by which items of a list are known, where the document has operations on them.
pub fn item_name<'c>(contract: &'c Contract, list: &str) -> Option<&'c str> {
    let mut owners = contract
        .operations()
        .iter()
        .filter_map(|one| owner(bare(&one.path)));
    owners
        .find(|(collection, _)| *collection == list)
        .map(|(_, name)| name)
}

/// The identifier of an object: the member of the parameter's name, or one of the usual names.
pub fn id_of(node: &Node, name: &str) -> Option<String> {
    let inner = unwrapped(node);
    if inner.as_object().is_none() {
        return plain_text(inner);
    }
    let direct = ["id", name, "identifier", "uuid", "key", "name"];
    let camel = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"));
    let found = direct.iter().copied().chain(camel);
    let mut values = found.filter_map(|key| inner.get(key).and_then(plain_text));
    values.find(|text| !text.is_empty())
}

/// The identifiers of the items of a list.
pub fn ids_of(body: &Node, name: &str) -> Vec<String> {
    let items = items(body).unwrap_or_default();
    items.iter().filter_map(|item| id_of(item, name)).collect()
}

/// Values for the path of an operation. Values that are given stay.
pub fn resolve(
    contract: &Contract,
    known: &Known,
    operation: &Operation,
    given: &Values,
    seed: u64,
) -> Option<(Values, Origin)> {
    let mut values = given.clone();
    let mut origin = Origin::Seen;
    let path = bare(&operation.path);
    let mut end = 0;
    while let Some(open) = path.get(end..)?.find('{').map(|at| at + end) {
        let close = path.get(open..)?.find('}')? + open;
        let name = path.get(open + 1..close)?;
        end = close + 1;
        if values.contains_key(name) {
            continue;
        }
        let list = concrete(path.get(..open)?.trim_end_matches('/'), &values)?;
        let value = if let Some(id) = known.of(&list).first() {
            id.clone()
        } else {
            origin = Origin::Guessed;
            guess(contract, known, operation, name, seed)?
        };
        values.insert(name.to_owned(), value);
    }
    Some((values, origin))
}

fn guess(
    contract: &Contract,
    known: &Known,
    operation: &Operation,
    name: &str,
    seed: u64,
) -> Option<String> {
    if let Some(id) = known.by_name(name) {
        return Some(id.clone());
    }
    let mut parameters = operation.parameters_in(Place::Path);
    let parameter = parameters.find(|one| one.name == name)?;
    let value = value_of(contract, parameter, seed)?;
    let text = verbatim_contract::wire::single(parameter, &value);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_belong_to_lists() {
        assert_eq!(owner("/a/{a_id}/b/{b}"), Some(("/a/{a_id}/b", "b")));
        assert_eq!(owner("/a/{a}-{b}"), None);
        assert_eq!(owner("/a"), None);
        assert_eq!(bare("/a/{id}.json"), "/a/{id}");
        let values = Values::from([("a".to_owned(), "1".to_owned())]);
        assert_eq!(concrete("/x/{a}/y", &values).as_deref(), Some("/x/1/y"));
        assert_eq!(concrete("/x/{b}/y", &values), None);
    }

    #[test]
    fn names_lead_to_objects_of_their_kind() {
        let mut known = Known::default();
        assert!(known.add("/servers", "s1"));
        assert!(!known.add("/servers", "s1"));
        known.add("/firewall_policies", "f1");
        assert_eq!(known.by_name("server_id").map(String::as_str), Some("s1"));
        assert_eq!(
            known.by_name("firewallPolicyId").map(String::as_str),
            Some("f1")
        );
        assert_eq!(known.by_name("image_id"), None);
    }
}
