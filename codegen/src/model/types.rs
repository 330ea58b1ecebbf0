//! Types of the API as Rust items: which type a field has, what it may miss, what is checked.

use super::bounds;
use super::docs::first_sentence;
use super::fit::{fitting, fitting_object};
use super::graph::Graph;
use super::name::{Clash, Ident, Scope, Usage, identifier};
use super::naming::{Names, is_item};
use super::overrides::Overrides;
use super::pattern::Patterns;
use super::role::Roles;
use super::rules;
use super::{
    Alias, Choice, Derive, Docs, Field, Item, Mode, ObjectCheck, Rest, Struct, Tuple, TupleField,
    Type,
};
use crate::Requests;
use crate::ir::{self, Additional, Api, Shape, TypeDef, TypeId, Use, Width};

/// What the field is called that keeps what the document does not name, the best first.
pub(super) const REST: [&str; 3] = ["extra", "extra properties", "further properties"];

/// How many required fields a constructor takes as arguments; more are named.
const MOST_ARGUMENTS: usize = 3;

/// What deciding on types needs to know.
pub struct Types<'a> {
    /// The API.
    pub api: &'a Api,
    /// The names of its types.
    pub names: Names,
    /// Which types hold themselves, and which have checks.
    pub graph: Graph,
    /// What the caller decided about names and types.
    pub overrides: &'a Overrides,
    /// What requests do with properties about which the document says nothing.
    pub requests: Requests,
    /// The patterns of its texts.
    pub patterns: Patterns,
    /// Where its types are used.
    pub roles: Roles,
}

/// Who a type is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// Requests hold it, so it can be built and is checked.
    pub built: bool,
    /// Responses hold it, so it takes what the server may say beyond the document.
    pub tolerant: bool,
}

pub(super) fn view(def: &TypeDef) -> View {
    View {
        built: def.direction.request,
        tolerant: def.direction.response || !def.direction.request,
    }
}

impl Types<'_> {
    /// The item of a type, where it becomes one, and the names that clashed within.
    pub fn item(&self, id: TypeId, clashes: &mut Vec<Clash>) -> Option<Item> {
        let def = self.api.get(id);
        let name = self.names.get(id)?.clone();
        Some(match &def.shape {
            Shape::Object(object) => Item::Struct(match &def.form {
                Some(rules) => self.form((id, def), name, object, rules, clashes),
                None => self.object(id, def, name, object, clashes),
            }),
            Shape::Tuple(tuple) => Item::Tuple(self.tuple(id, def, name, tuple)),
            Shape::Enum(values) => Item::StringEnum(self.string_enum(id, name, values, clashes)),
            Shape::Union(union) => Item::Union(self.union(id, def, name, union, clashes)),
            _ => {
                let docs = Docs {
                    remark: bounds::own_docs(def),
                    ..docs(&[&def.title, &def.description])
                };
                Item::Alias(Alias {
                    origin: def.origin.clone(),
                    docs,
                    name,
                    ty: self.plain(id),
                })
            }
        })
    }

    /// Whether a value of a type may hold a secret.
    pub fn holds_secret(&self, id: TypeId) -> bool {
        self.graph.holds_secret(id)
    }

    /// The type of a use, null included.
    pub fn used(&self, used: &Use) -> Type {
        let ty = self.named(used.id);
        if self.is_nullable(used) {
            ty.nullable()
        } else {
            ty
        }
    }

    /// Whether null is a value at this place.
    pub fn is_nullable(&self, used: &Use) -> bool {
        used.nullable || self.resolved(used.id).1
    }

    /// The type behind all further names, and whether one of them allows null.
    pub fn resolved(&self, id: TypeId) -> (TypeId, bool) {
        let (mut id, mut nullable) = (id, false);
        // A chain of names that comes back to itself was broken in stage 2.
        loop {
            let def = self.api.get(id);
            nullable |= def.nullable;
            match def.shape {
                Shape::Alias(next) => id = next,
                _ => return (id, nullable),
            }
        }
    }

    /// The type behind all further names and roots, which is what a user sees.
    fn behind_roots(&self, id: TypeId) -> TypeId {
        let (mut id, _) = self.resolved(id);
        // Roots without anything between them were broken in stage 2.
        while let Shape::Root(_, inner) = &self.api.get(id).shape {
            id = self.resolved(inner.id).0;
        }
        id
    }

    /// A type by its name where it has one, null not included.
    pub fn named(&self, id: TypeId) -> Type {
        let def = self.api.get(id);
        match (&def.shape, self.names.get(id)) {
            (Shape::Object(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Union(_), Some(name)) => {
                Type::Named(name.clone())
            }
            (_, Some(name)) => Type::Alias(name.clone(), Box::new(self.plain(id))),
            _ => self.plain(id),
        }
    }

    /// A type without regard to the name it may have.
    pub(super) fn plain(&self, id: TypeId) -> Type {
        let def = self.api.get(id);
        match &def.shape {
            Shape::Any(_) if def.is_secret() => Type::SecretJson,
            Shape::Any(_) => Type::Json,
            Shape::Foreign => {
                let path = self.overrides.foreign.get(&id);
                path.map_or(Type::Json, |path| Type::Foreign(path.clone()))
            }
            Shape::Boolean => Type::Bool,
            Shape::Integer(Width::Signed) => Type::I64,
            Shape::Integer(Width::Unsigned) => Type::U64,
            Shape::Integer(Width::Any) | Shape::Number => Type::Number,
            Shape::Text(_) if def.is_secret() => Type::SecretString,
            Shape::Text(_) => Type::String,
            Shape::Array(item) => self.used(item).list(),
            Shape::Map(value) => self.used(value).map(),
            Shape::Alias(other) => self.named(*other),
            Shape::Root(key, inner) => self.rooted(key, inner),
            Shape::Object(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Union(_) => {
                debug_assert!(is_item(def), "a type with parts has a name");
                self.names
                    .get(id)
                    .map_or(Type::Json, |name| Type::Named(name.clone()))
            }
        }
    }

    /// A type under a root key. Where it is within itself, what holds the root has the box.
    fn rooted(&self, key: &str, inner: &Use) -> Type {
        let ty = self.used(inner);
        let Some(name) = self.names.roots.get(key).cloned() else {
            return ty;
        };
        let wire = key.to_owned();
        Type::Root(super::RootKey { name, wire }, Box::new(ty))
    }

    /// The type of a part of another, boxed where the other is within it again.
    pub(super) fn part(&self, outer: TypeId, inner: TypeId) -> Type {
        let ty = self.named(inner);
        if self.graph.is_boxed(outer, inner) {
            ty.boxed()
        } else {
            ty
        }
    }

    fn object(
        &self,
        id: TypeId,
        def: &TypeDef,
        name: Ident,
        object: &ir::Object,
        clashes: &mut Vec<Clash>,
    ) -> Struct {
        let view = view(def);
        let mut scope = Scope::new();
        scope.reserve("new");
        scope.reserve("default");
        let names = self.field_names(id, object, &mut scope);
        let fields: Vec<Field> = object
            .properties
            .iter()
            .zip(names)
            .map(|(property, name)| self.field(id, property, view, name))
            .collect();
        let rest = self.rest(def, object, view, &mut scope);
        clashes.extend(scope.take_clashes());
        let may_be_empty = |field: &Field| !matches!(field.mode, Mode::Required | Mode::Nullable);
        let wraps = fields
            .first()
            .filter(|field| object.wrapper && fields.len() == 1 && field.mode == Mode::Required);
        let parts = self.parts(&name, &fields);
        Struct {
            origin: def.origin.clone(),
            docs: self.item_docs(id, ""),
            deprecated: def.deprecated,
            name,
            derives: fields
                .iter()
                .all(may_be_empty)
                .then_some(Derive::Default)
                .into_iter()
                .chain(self.derives(id))
                .collect(),
            wraps: wraps.map(|field| field.name.clone()),
            constants: Vec::new(),
            form: None,
            built: view.built,
            parts,
            choices: if view.built {
                choices(object)
            } else {
                Vec::new()
            },
            checks: if view.built {
                fitting_object(self.checks_of_object(def, object), &rest)
            } else {
                Vec::new()
            },
            fields,
            rest,
        }
    }

    /// What the document says of a type, or where it is used.
    pub(super) fn item_docs(&self, id: TypeId, kind: &str) -> Docs {
        let def = self.api.get(id);
        let said = docs(&[&def.title, &def.description]);
        if !said.foreign.is_empty() {
            return said;
        }
        let role = self.roles.words(self.api, id);
        if role.is_empty() || !kind.is_empty() {
            return if role.is_empty() {
                said
            } else {
                Docs::own(format!("{kind} {role}"))
            };
        }
        let mut characters = role.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        Docs::own(first.into_iter().chain(characters).collect::<String>())
    }

    /// The checks of an object as a whole, and of what it does not name.
    fn checks_of_object(&self, def: &TypeDef, object: &ir::Object) -> Vec<ObjectCheck> {
        let mut checks = bounds::of_object(def, object);
        checks.extend(rules::of(def, &self.patterns).map(ObjectCheck::Schema));
        match &object.additional {
            Additional::Typed(ty) => {
                checks.push(ObjectCheck::Rest(self.checks(ty.id)));
            }
            Additional::None if def.is_bound() => checks.push(ObjectCheck::NoAdditional),
            _ => {}
        }
        checks
    }

    /// The struct of required fields of a type with many of them, or with two neighbours of one type.
    fn parts(&self, name: &Ident, fields: &[Field]) -> Option<Ident> {
        let required = fields
            .iter()
            .filter(|field| matches!(field.mode, Mode::Required | Mode::Nullable));
        let types: Vec<Type> = required.map(|field| field.ty.canonical()).collect();
        let swapped = types.windows(2).any(|pair| pair[0] == pair[1]);
        if types.len() <= MOST_ARGUMENTS && !swapped {
            return None;
        }
        let words = ["required", "required fields", "all required fields"];
        let mut wanted = words
            .map(|word| identifier(&format!("{name} {word}"), Usage::Type))
            .into_iter();
        wanted.find(|wanted| self.names.find(wanted).is_none())
    }

    /// The traits that the caller wants a type to derive.
    pub(super) fn derives(&self, id: TypeId) -> Vec<Derive> {
        let own = self.overrides.derives_of.get(&id).into_iter().flatten();
        let mut derives: Vec<Derive> = self.overrides.derives.iter().chain(own).cloned().collect();
        derives.sort();
        derives.dedup();
        derives
    }

    /// The names of the fields of an object; those that the caller names first, since the others give way.
    pub(super) fn field_names(
        &self,
        id: TypeId,
        object: &ir::Object,
        scope: &mut Scope,
    ) -> Vec<Ident> {
        let wished = |property: &ir::Property| {
            let overrides = &self.overrides.fields;
            overrides.get(&(id, property.name.clone())).cloned()
        };
        let mut names: Vec<Option<Ident>> = vec![None; object.properties.len()];
        if !self.overrides.fields.is_empty() {
            for (name, property) in names.iter_mut().zip(&object.properties) {
                *name = wished(property).map(|it| scope.claim_identifier(it, &property.origin));
            }
        }
        let all = names.into_iter().zip(&object.properties);
        all.map(|(name, property)| {
            name.unwrap_or_else(|| field_name(&property.name, scope, &property.origin))
        })
        .collect()
    }

    pub(super) fn field(
        &self,
        outer: TypeId,
        property: &ir::Property,
        view: View,
        name: Ident,
    ) -> Field {
        let target = self.api.get(self.behind_roots(property.ty.id));
        let ty = self.part(outer, property.ty.id);
        let is_any = is_any(&ty);
        let nullable = self.is_nullable(&property.ty) && !is_any;
        let mode = match (property.required, nullable) {
            (true, false) => Mode::Required,
            (true, true) => Mode::Nullable,
            (false, true) => Mode::Maybe,
            (false, false) if view.tolerant && !is_any => Mode::Tolerant,
            (false, false) => Mode::Optional,
        };
        // A type of its own tells the rest where it stands.
        let description = match (property.ty.description.as_str(), is_named(&ty)) {
            ("", true) => vec![first_sentence(&target.description)],
            ("", false) => vec![target.title.as_str(), target.description.as_str()],
            (here, _) => vec![here],
        };
        Field {
            origin: property.origin.clone(),
            docs: Docs {
                remark: bounds::field_docs(property, target, &ty),
                ..docs(&description)
            },
            deprecated: property.deprecated,
            name,
            wire: property.name.clone(),
            mode,
            checks: if view.built {
                fitting(self.checks(property.ty.id), &ty)
            } else {
                Vec::new()
            },
            ty,
            hidden: property.hidden,
        }
    }

    /// The checks of a value of a type.
    pub fn checks(&self, id: TypeId) -> Vec<super::Check> {
        let (id, _) = self.resolved(id);
        let def = self.api.get(id);
        if !self.graph.is_checked(id) {
            return Vec::new();
        }
        match &def.shape {
            Shape::Object(_) | Shape::Tuple(_) | Shape::Union(_) => vec![super::Check::Nested],
            Shape::Enum(_) => {
                let rules = rules::of(def, &self.patterns).map(super::Check::Schema);
                [super::Check::Nested].into_iter().chain(rules).collect()
            }
            Shape::Root(_, inner) => self.checks(inner.id),
            Shape::Array(item) | Shape::Map(item) => {
                let mut checks = bounds::of(def, &self.patterns);
                let inner = self.checks(item.id);
                if !inner.is_empty() {
                    checks.push(super::Check::Each(inner));
                }
                checks
            }
            _ => bounds::of(def, &self.patterns),
        }
    }

    fn rest(&self, def: &TypeDef, object: &ir::Object, view: View, scope: &mut Scope) -> Rest {
        let keeps = match (&object.additional, def.open) {
            (Additional::Typed(_) | Additional::Any, _) | (_, Some(true)) => true,
            (Additional::None, _) => view.tolerant,
            (Additional::Unspecified, open) => {
                open != Some(false) && (view.tolerant || self.requests == Requests::Open)
            }
        };
        if !keeps {
            return Rest::Closed;
        }
        let words = REST.map(str::to_owned);
        let name = scope.claim_any(&words, Usage::Value, &crate::origin::Origin::default());
        match &object.additional {
            // A tolerant type takes what it must; a typed map would refuse what the server adds.
            Additional::Typed(ty) => match self.used(ty) {
                Type::Json => Rest::Extra(name),
                ty => Rest::Typed(name, ty.carried()),
            },
            _ => Rest::Extra(name),
        }
    }

    fn tuple(&self, id: TypeId, def: &TypeDef, name: Ident, tuple: &ir::Tuple) -> Tuple {
        let view = view(def);
        let mut scope = Scope::new();
        let fields = tuple.items.iter().enumerate().map(|(index, item)| {
            let inner = self.part(id, item.id);
            let target = self.api.get(item.id);
            let ty = if self.is_nullable(item) {
                inner.nullable().carried()
            } else {
                inner.carried()
            };
            TupleField {
                docs: docs(&[&item.description, &target.title]),
                name: scope.claim(&ir::ordinal(index), Usage::Value, &target.origin),
                checks: if view.built {
                    fitting(self.checks(item.id), &ty)
                } else {
                    Vec::new()
                },
                ty,
            }
        });
        let fields = fields.collect();
        let rest = match &tuple.rest {
            Some(ty) => Some(self.used(ty).carried()),
            None => view.tolerant.then_some(Type::Json),
        };
        Tuple {
            origin: def.origin.clone(),
            docs: self.item_docs(id, ""),
            deprecated: def.deprecated,
            name,
            fields,
            rest: rest.map(|ty| (Ident::fixed("further"), ty)),
            rules: rules::of(def, &self.patterns).filter(|_| view.built),
            derives: self.derives(id),
            built: view.built,
        }
    }
}

/// Paragraphs of the document.
pub(super) fn docs(texts: &[&str]) -> Docs {
    Docs::foreign(texts.iter().copied())
}

fn is_named(ty: &Type) -> bool {
    match ty {
        Type::Named(_) | Type::Alias(..) => true,
        Type::Box(inner) | Type::Root(_, inner) => is_named(inner),
        _ => false,
    }
}

/// Whether a type takes any value, null included.
pub(super) fn is_any(ty: &Type) -> bool {
    match ty {
        Type::Json | Type::SecretJson => true,
        Type::Alias(_, inner) | Type::Box(inner) => is_any(inner),
        _ => false,
    }
}

/// The field of a property. Two words are methods of every request, so a field of that name gets an underscore.
fn field_name(wire: &str, scope: &mut Scope, origin: &crate::origin::Origin) -> Ident {
    let plain = identifier(wire, Usage::Value);
    let wanted = match plain.as_str() {
        "new" => Ident::fixed("new_"),
        "default" => Ident::fixed("default_"),
        _ => plain,
    };
    scope.claim_apart(wanted, (wire, Usage::Value), origin)
}

pub(super) fn choices(object: &ir::Object) -> Vec<Choice> {
    let choices = object.choices.iter();
    choices
        .map(|choice| Choice {
            exactly_one: choice.exactly_one,
            sets: choice.sets.clone(),
        })
        .collect()
}
