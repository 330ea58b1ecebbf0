//! What a format other than JSON must know of the types: their outlines.

use std::collections::BTreeMap;

use super::Type;
use super::replies::{Extent, preferred};
use super::type_name::type_name;
use super::types::Types;
use crate::ir::{Additional, Api, Content, Format, Kind, Shape, TypeId, Use};

/// A type with its outline; the fields are those of the runtime's `XmlType`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// The name of the type, as the table of operations has it.
    pub name: String,
    /// The name of the element that a body of this type is; empty where the outline tells it.
    pub root: String,
    /// The outline.
    pub outline: Outline,
}

/// An outline; the variants are those of the runtime's `Layout`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outline {
    /// The text tells all.
    Any,
    /// A number.
    Number,
    /// A truth value.
    Boolean,
    /// An object: properties of which something is to be said, and what the others are.
    Object(Vec<(String, Outline)>, Box<Outline>),
    /// A list of items.
    List(Box<Outline>),
    /// A value under a root key.
    Under(String, Box<Outline>),
    /// One of several.
    OneOf(Vec<Outline>),
    /// The type of this name.
    Named(String),
}

/// The outlines of all types with parts and of all bodies, where the document declares a format that needs them.
pub fn outlines(types: &Types<'_>) -> Vec<Outlined> {
    let api = types.api;
    if api.formats.iter().all(Format::is_json) {
        return Vec::new();
    }
    let mut table: BTreeMap<String, Outlined> = BTreeMap::new();
    for index in 0..api.types.len() {
        let id = TypeId::new(index);
        let outline = match &api.get(id).shape {
            Shape::Object(_) | Shape::Union(_) => of_parts(types, id),
            _ => continue,
        };
        if let Type::Named(name) = types.named(id) {
            let name = name.to_string();
            let root = root(api, id);
            table.insert(
                name.clone(),
                Outlined {
                    name,
                    root,
                    outline,
                },
            );
        }
    }
    for ty in bodies(api).filter_map(|content| content.ty.as_ref()) {
        let name = type_name(&types.used(ty));
        let (id, _) = types.resolved(ty.id);
        table.entry(name.clone()).or_insert_with(|| Outlined {
            name,
            root: root(api, id),
            outline: of_use(types, ty),
        });
    }
    table.into_values().collect()
}

/// The JSON bodies of all operations.
fn bodies(api: &Api) -> impl Iterator<Item = &Content> {
    api.operations.iter().flat_map(|operation| {
        let requests = operation.body.iter().flat_map(|body| &body.contents);
        let replies = operation.replies.iter();
        let replies = replies.flat_map(|reply| preferred(reply, Extent::Json));
        requests
            .chain(replies)
            .filter(|content| content.kind == Kind::Json)
    })
}

/// The name of the element of a body: that of the document, or what Rails calls it.
fn root(api: &Api, id: TypeId) -> String {
    let def = api.get(id);
    match &def.shape {
        Shape::Root(..) => String::new(),
        _ if !def.xml_name.is_empty() => def.xml_name.clone(),
        Shape::Array(_) | Shape::Tuple(_) => "objects".to_owned(),
        _ => "hash".to_owned(),
    }
}

fn of_use(types: &Types<'_>, used: &Use) -> Outline {
    let (id, _) = types.resolved(used.id);
    match &types.api.get(id).shape {
        Shape::Boolean => Outline::Boolean,
        Shape::Integer(_) | Shape::Number => Outline::Number,
        Shape::Array(item) => Outline::List(Box::new(of_use(types, item))),
        Shape::Tuple(_) => Outline::List(Box::new(Outline::Any)),
        Shape::Map(value) => Outline::Object(Vec::new(), Box::new(of_use(types, value))),
        Shape::Root(key, inner) => Outline::Under(key.clone(), Box::new(of_use(types, inner))),
        Shape::Object(_) | Shape::Union(_) => match types.named(id) {
            Type::Named(name) => Outline::Named(name.to_string()),
            _ => Outline::Any,
        },
        Shape::Any(_) | Shape::Text(_) | Shape::Enum(_) | Shape::Alias(_) | Shape::Foreign => {
            Outline::Any
        }
    }
}

fn of_parts(types: &Types<'_>, id: TypeId) -> Outline {
    match &types.api.get(id).shape {
        Shape::Object(object) => {
            let rows = object.properties.iter().map(|property| {
                let outline = of_use(types, &property.ty);
                (property.name.clone(), outline)
            });
            // A name with dashes is one as it stands, and would be taken for one with underscores.
            let is_told = |(name, outline): &(String, Outline)| {
                *outline != Outline::Any || name.contains('-')
            };
            let rest = match &object.additional {
                Additional::Typed(ty) => of_use(types, ty),
                _ => Outline::Any,
            };
            Outline::Object(rows.filter(is_told).collect(), Box::new(rest))
        }
        Shape::Union(union) => {
            let branches = union
                .branches
                .iter()
                .map(|branch| of_use(types, &branch.ty));
            one_of(branches.collect())
        }
        _ => Outline::Any,
    }
}

/// One of several. Scalars of several kinds are told apart by the text alone.
fn one_of(mut branches: Vec<Outline>) -> Outline {
    let is_scalar = |it: &Outline| matches!(it, Outline::Any | Outline::Number | Outline::Boolean);
    let scalars = branches.iter().filter(|it| is_scalar(it)).count();
    if scalars > 1 {
        branches.retain(|it| !is_scalar(it));
        branches.push(Outline::Any);
    }
    branches.dedup();
    if branches.len() == 1 {
        branches.remove(0)
    } else {
        Outline::OneOf(branches)
    }
}
