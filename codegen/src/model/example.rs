//! Examples of calls: the values a reader would write, made from the payloads of the document.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use verbatim_source::{Object, Value};

use super::name::Ident;
use super::types::Types;
use super::{Field, Item, Mode, Struct, Type};
use crate::ir::{Shape, TypeId, Use, Width};

/// An example of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The arguments: a name for those that are worth a line of their own, and the value.
    pub arguments: Vec<(Option<Ident>, Expr)>,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `"text"`
    Text(String),
    /// `"text".to_owned()`
    Owned(String),
    /// `"text".into()`
    Into(String),
    /// A literal: `5`, `true`.
    Literal(String),
    /// `5` or `Number::try_from(60.5)?`, where it is converted.
    Number(String),
    /// `(…).into()`
    Converted(Box<Expr>),
    /// `Json` from its text.
    Json(String),
    /// `vec![…]`
    List(Vec<Expr>),
    /// `[…]`, borrowed as an argument.
    Slice(Vec<Expr>),
    /// A map.
    Map(Vec<(String, Expr)>),
    /// `types::State::On`
    Variant(Ident, Ident),
    /// `types::Image::Text(…)`
    Wrapped(Ident, Ident, Box<Expr>),
    /// `Box::new(…)`
    Boxed(Box<Expr>),
    /// `types::Server::new(…).name(…)`
    New {
        /// The struct.
        name: Ident,
        /// The struct of its required fields and their names, where they are given so.
        parts: Option<(Ident, Vec<Ident>)>,
        /// The arguments of `new`; `default` is called where there are none.
        required: Vec<Expr>,
        /// The setters.
        optional: Vec<(Ident, Expr)>,
    },
}

/// Whether the place of a value converts what is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It takes `impl Into<T>`.
    Converts,
    /// It takes `T` itself.
    Exact,
}

/// How deep values are written out.
const DEPTH: usize = 6;

/// Makes examples; items are built once.
pub struct Examples<'a> {
    types: &'a Types<'a>,
    items: RefCell<BTreeMap<TypeId, Option<Rc<Item>>>>,
}

impl<'a> Examples<'a> {
    /// Examples of values of these types.
    pub fn new(types: &'a Types<'a>) -> Self {
        Self {
            types,
            items: RefCell::default(),
        }
    }

    /// A value of a type, from the document where it gives one that can be written.
    pub fn value(&self, ty: &Use, given: Option<&Value>) -> Option<Expr> {
        let written = given.and_then(|given| self.of(ty.id, given, Place::Exact, DEPTH));
        written.or_else(|| self.sample(ty.id, Place::Exact, DEPTH))
    }

    fn item(&self, id: TypeId) -> Option<Rc<Item>> {
        let mut items = self.items.borrow_mut();
        let item = items
            .entry(id)
            .or_insert_with(|| self.types.item(id, &mut Vec::new()).map(Rc::new));
        item.clone()
    }

    /// A value of the document as it is written; `None` where it cannot be.
    fn of(&self, id: TypeId, value: &Value, place: Place, depth: usize) -> Option<Expr> {
        let (id, _) = self.types.resolved(id);
        let def = self.types.api.get(id);
        let depth = depth.checked_sub(1)?;
        match (&def.shape, value) {
            (Shape::Text(_), Value::String(text)) => Some(written(text, def.is_secret(), place)),
            (Shape::Boolean, Value::Bool(value)) => Some(Expr::Literal(value.to_string())),
            (Shape::Integer(Width::Signed), Value::Number(lexeme)) => lexeme
                .parse::<i64>()
                .ok()
                .map(|value| Expr::Literal(value.to_string())),
            (Shape::Integer(Width::Unsigned), Value::Number(lexeme)) => lexeme
                .parse::<u64>()
                .ok()
                .map(|value| Expr::Literal(value.to_string())),
            (Shape::Integer(Width::Any) | Shape::Number, Value::Number(lexeme)) => {
                Some(number(lexeme, place))
            }
            (Shape::Enum(_), Value::String(text)) => self.variant(id, |wire| wire == text),
            (Shape::Array(item), Value::Array(values)) => {
                let items = values
                    .iter()
                    .map(|value| self.of(item.id, &value.value, Place::Exact, depth));
                let plain = !self.types.is_nullable(item);
                items
                    .collect::<Option<Vec<_>>>()
                    .filter(|_| plain)
                    .map(Expr::List)
            }
            (Shape::Map(item), Value::Object(object)) => {
                let plain = !self.types.is_nullable(item);
                let entry = |member: &verbatim_source::Member| {
                    Some((
                        member.key.clone(),
                        self.of(item.id, &member.value.value, Place::Exact, depth)?,
                    ))
                };
                object
                    .iter()
                    .map(entry)
                    .collect::<Option<Vec<_>>>()
                    .filter(|_| plain)
                    .map(Expr::Map)
            }
            (Shape::Object(_), Value::Object(object)) => self.object(id, object, depth),
            (Shape::Root(key, inner), Value::Object(object)) if !self.types.is_nullable(inner) => {
                self.of(inner.id, &object.get(key)?.value, place, depth)
            }
            (Shape::Union(union), value) => {
                let branches = union.branches.iter().enumerate();
                let mut fitting =
                    branches.filter(|(_, branch)| !self.types.is_nullable(&branch.ty));
                fitting.find_map(|(index, branch)| {
                    let inner = self.of(branch.ty.id, value, Place::Exact, depth)?;
                    self.wrapped(id, index, inner)
                })
            }
            (Shape::Any(_), _) if def.is_secret() && matches!(place, Place::Exact) => None,
            (Shape::Any(_), value) => Some(Expr::Json(verbatim_source::write::compact(value))),
            _ => None,
        }
    }

    /// The variant of an enum for texts.
    fn variant(&self, id: TypeId, is_meant: impl Fn(&str) -> bool) -> Option<Expr> {
        let item = self.item(id)?;
        let Item::StringEnum(item) = &*item else {
            return None;
        };
        let variant = item
            .variants
            .iter()
            .find(|variant| is_meant(&variant.wire))?;
        Some(Expr::Variant(item.name.clone(), variant.name.clone()))
    }

    /// A value within its variant of a union.
    fn wrapped(&self, id: TypeId, index: usize, inner: Expr) -> Option<Expr> {
        let item = self.item(id)?;
        let Item::Union(item) = &*item else {
            return None;
        };
        let variant = item.variants.get(index)?;
        let inner = if matches!(variant.ty, Type::Box(_)) {
            Expr::Boxed(Box::new(inner))
        } else {
            inner
        };
        Some(Expr::Wrapped(
            item.name.clone(),
            variant.name.clone(),
            Box::new(inner),
        ))
    }

    /// A struct: what is required from the document or made up, what is optional from the document alone.
    fn object(&self, id: TypeId, given: &Object, depth: usize) -> Option<Expr> {
        let item = self.item(id)?;
        let Item::Struct(item) = &*item else {
            return None;
        };
        let Shape::Object(object) = &self.types.api.get(id).shape else {
            return None;
        };
        let mut required = Vec::new();
        let mut optional = Vec::new();
        for (field, property) in item.fields.iter().zip(&object.properties) {
            let value = given.get(&field.wire).map(|node| &node.value);
            let is_part = item.parts.is_some() && is_required(field);
            let place = if is_part { Place::Exact } else { place(field) };
            let written = value.and_then(|value| self.of(property.ty.id, value, place, depth));
            if is_required(field) {
                let value = written.or_else(|| self.sample(property.ty.id, place, depth))?;
                let is_wrapped = field.mode == Mode::Nullable || matches!(field.ty, Type::Box(_));
                required.push(match value {
                    // What converts already would convert twice, into what nobody can tell.
                    Expr::Converted(_) | Expr::Into(_) if is_part && is_wrapped => return None,
                    value if is_part && is_wrapped => Expr::Converted(Box::new(value)),
                    value => value,
                });
            } else if let Some(written) = written.filter(|_| !property.read_only) {
                optional.push((field.name.clone(), written));
            }
        }
        new(item, required, optional)
    }

    /// A value made up: the least that the type allows.
    fn sample(&self, id: TypeId, place: Place, depth: usize) -> Option<Expr> {
        let (id, _) = self.types.resolved(id);
        let def = self.types.api.get(id);
        let depth = depth.checked_sub(1)?;
        match &def.shape {
            Shape::Text(_) => Some(written("text", def.is_secret(), place)),
            Shape::Boolean => Some(Expr::Literal("true".to_owned())),
            Shape::Integer(Width::Signed | Width::Unsigned) => {
                let least = def
                    .bounds
                    .minimum
                    .as_deref()
                    .and_then(|least| least.parse::<u32>().ok());
                Some(Expr::Literal(least.unwrap_or(1).to_string()))
            }
            Shape::Integer(Width::Any) | Shape::Number => Some(number("1", place)),
            Shape::Enum(_) => self.variant(id, |_| true),
            Shape::Array(item) => {
                let item = Some(item).filter(|item| !self.types.is_nullable(item))?;
                Some(Expr::List(vec![self.sample(
                    item.id,
                    Place::Exact,
                    depth,
                )?]))
            }
            Shape::Map(_) => Some(Expr::Map(Vec::new())),
            Shape::Object(_) => self.object(id, &Object::default(), depth),
            Shape::Root(_, inner) if !self.types.is_nullable(inner) => {
                self.sample(inner.id, place, depth)
            }
            Shape::Union(union) => {
                let branch = union
                    .branches
                    .first()
                    .filter(|branch| !self.types.is_nullable(&branch.ty))?;
                self.wrapped(id, 0, self.sample(branch.ty.id, Place::Exact, depth)?)
            }
            Shape::Any(_) if def.is_secret() && matches!(place, Place::Exact) => None,
            Shape::Any(_) => Some(Expr::Json("{}".to_owned())),
            Shape::Tuple(_) | Shape::Alias(_) | Shape::Foreign | Shape::Root(..) => None,
        }
    }
}

fn is_required(field: &Field) -> bool {
    matches!(field.mode, Mode::Required | Mode::Nullable)
}

/// Whether a value is written for a constructor or setter that converts it. What may be null is not: a text
/// converts into the value, and that into what may be null, which the compiler does not do at once.
fn place(field: &Field) -> Place {
    let converts = field.takes_into() || field.mode != Mode::Required;
    if field.mode == Mode::Nullable || !converts {
        Place::Exact
    } else {
        Place::Converts
    }
}

fn written(text: &str, secret: bool, place: Place) -> Expr {
    match (place, secret) {
        (Place::Converts, _) => Expr::Text(text.to_owned()),
        (Place::Exact, false) => Expr::Owned(text.to_owned()),
        (Place::Exact, true) => Expr::Into(text.to_owned()),
    }
}

/// An exact number.
fn number(lexeme: &str, place: Place) -> Expr {
    let number = Expr::Number(lexeme.to_owned());
    match place {
        Place::Converts => number,
        // What is no whole number is written as a `Number` anyway.
        Place::Exact if lexeme.parse::<i64>().is_err() => number,
        Place::Exact => Expr::Converted(Box::new(number)),
    }
}

/// A struct by its constructor; one that nothing builds cannot be written.
fn new(item: &Struct, required: Vec<Expr>, optional: Vec<(Ident, Expr)>) -> Option<Expr> {
    let name = item.name.clone();
    let parts = item.parts.clone();
    let names = || item.required().map(|field| field.name.clone()).collect();
    item.built.then(|| Expr::New {
        name,
        parts: parts.map(|parts| (parts, names())),
        required,
        optional,
    })
}

/// A text for a parameter that is taken as one.
pub fn text(name: &str, given: Option<&Value>) -> Expr {
    match given {
        Some(Value::String(text)) if !text.is_empty() && text.len() <= 60 => {
            Expr::Text(text.clone())
        }
        _ => Expr::Text(name.to_owned()),
    }
}
