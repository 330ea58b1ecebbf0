//! The types of an operation, taken from those of the client.

use crate::table::Style;
use crate::table::schema::{Branch, Check, Choice, Item, Object, Part, Property, Texts, Type};
use std::collections::BTreeMap;
use verbatim_codegen::model::{
    self, Argument, Edge, Field, FormPart, Mode, Package, Rest, Struct, Taken, Via, WireForm,
};

/// The items of a package by name.
pub struct Named<'p> {
    items: BTreeMap<&'p str, &'p model::Item>,
    roots: BTreeMap<&'p str, &'p str>,
}

impl<'p> Named<'p> {
    /// Of a package.
    pub fn of(package: &'p Package) -> Self {
        let mut items = BTreeMap::new();
        let mut roots = BTreeMap::new();
        for item in package.files.iter().flat_map(|file| &file.items) {
            let name = match item {
                model::Item::Struct(item) => &item.name,
                model::Item::Tuple(item) => &item.name,
                model::Item::StringEnum(item) => &item.name,
                model::Item::Union(item) => &item.name,
                model::Item::Alias(item) => &item.name,
                model::Item::Roots(keys) => {
                    let keys = keys.iter();
                    roots.extend(keys.map(|key| (key.name.as_str(), key.wire.as_str())));
                    continue;
                }
                _ => continue,
            };
            items.insert(name.as_str(), item);
        }
        Self { items, roots }
    }

    /// The names of the properties of a type.
    pub fn properties(&self, ty: &model::Type) -> Vec<String> {
        let model::Type::Named(name) = ty else {
            return Vec::new();
        };
        match self.items.get(name.as_str()) {
            Some(model::Item::Struct(item)) => {
                item.fields.iter().map(|field| field.wire.clone()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Collects the types that one operation names.
pub struct Types<'n, 'p> {
    named: &'n Named<'p>,
    places: BTreeMap<&'p str, usize>,
    items: Vec<Item>,
}

impl<'n, 'p> Types<'n, 'p> {
    /// None yet.
    pub fn new(named: &'n Named<'p>) -> Self {
        Self {
            named,
            places: BTreeMap::new(),
            items: Vec::new(),
        }
    }

    /// The types collected.
    pub fn finish(self) -> Vec<Item> {
        self.items
    }

    /// A type of the client.
    pub fn of(&mut self, ty: &model::Type) -> Type {
        use model::Type as Of;
        match ty {
            Of::Unit | Of::Json | Of::SecretJson | Of::Bytes | Of::Foreign(_) => Type::Any,
            Of::Bool => Type::Boolean,
            Of::String => Type::Text,
            Of::I64 => Type::Integer,
            Of::U64 => Type::Unsigned,
            Of::Number => Type::Number,
            Of::SecretString => Type::Secret,
            Of::File => Type::File,
            Of::Alias(_, inner) | Of::Box(inner) | Of::As(inner) => self.of(inner),
            Of::Vec(inner) => Type::List(Box::new(self.of(inner))),
            Of::Map(inner) => Type::Map(Box::new(self.of(inner))),
            Of::Nullable(inner) | Of::Option(inner) => Type::Nullable(Box::new(self.of(inner))),
            Of::Root(key, inner) => Type::Root(key.wire.clone(), Box::new(self.of(inner))),
            Of::Named(name) => self.item(name.as_str()),
        }
    }

    /// The type of a body; none where it is bytes, text or any form.
    pub fn of_body(&mut self, argument: &Argument) -> Option<Type> {
        let ty = match &argument.taken {
            Taken::Text => Type::Text,
            Taken::Value(ty) | Taken::Reference(ty) => return Some(self.of(ty)),
            Taken::Slice(item) => Type::List(Box::new(self.of(item))),
            Taken::Form => return None,
            Taken::Upload | Taken::SortBy(_) | Taken::Fields(_) => {
                debug_assert!(matches!(argument.via, Via::Bytes(_) | Via::Text(_)));
                return None;
            }
        };
        Some(match &argument.form {
            Some(WireForm::Under(root, _)) => match self.named.roots.get(root.as_str()) {
                Some(key) => Type::Root((*key).to_owned(), Box::new(ty)),
                None => ty,
            },
            _ => ty,
        })
    }

    fn item(&mut self, name: &str) -> Type {
        let Some((name, item)) = self.named.items.get_key_value(name) else {
            return Type::Any;
        };
        if let Some(place) = self.places.get(name) {
            return Type::Named(*place);
        }
        let place = self.items.len();
        self.places.insert(name, place);
        // Holds the place, since a type may name itself.
        self.items.push(Item::Alias(Type::Any));
        self.items[place] = match item {
            model::Item::Struct(item) => Item::Object(self.object(item)),
            model::Item::StringEnum(item) => Item::Texts(texts(item)),
            model::Item::Union(item) => self.union(item),
            model::Item::Tuple(item) => Item::Tuple {
                items: item
                    .fields
                    .iter()
                    .map(|field| (self.of(&field.ty), checks(&field.checks)))
                    .collect(),
                rest: item.rest.as_ref().map(|(_, ty)| self.of(ty)),
                checks: rules(item.rules.as_ref()),
            },
            model::Item::Alias(item) => Item::Alias(self.of(&item.ty)),
            _ => Item::Alias(Type::Any),
        };
        Type::Named(place)
    }

    fn object(&mut self, item: &Struct) -> Object {
        let parts = item.form.as_ref();
        let fields = item.fields.iter().enumerate();
        let properties = fields
            .map(|(place, field)| {
                let part = parts.and_then(|parts| parts.get(place)).and_then(part);
                self.property(field, part)
            })
            .collect();
        let wraps = item.wraps.as_ref().and_then(|name| {
            let field = item.fields.iter().find(|field| field.name == *name)?;
            Some(field.wire.clone())
        });
        Object {
            properties,
            closed: matches!(item.rest, Rest::Closed),
            others: match &item.rest {
                Rest::Typed(_, ty) => Some(self.of(ty)),
                _ => None,
            },
            choices: item
                .choices
                .iter()
                .map(|choice| Choice {
                    exactly_one: choice.exactly_one,
                    sets: choice.sets.clone(),
                })
                .collect(),
            checks: object_checks(&item.checks),
            wraps,
        }
    }

    fn property(&mut self, field: &Field, part: Option<Part>) -> Property {
        Property {
            name: field.wire.clone(),
            about: super::text(&field.docs),
            required: matches!(field.mode, Mode::Required | Mode::Nullable),
            nullable: matches!(field.mode, Mode::Nullable | Mode::Maybe | Mode::Tolerant),
            deprecated: field.deprecated,
            ty: self.of(&field.ty),
            checks: checks(&field.checks),
            part,
        }
    }

    fn union(&mut self, item: &model::Union) -> Item {
        let variants = item.variants.iter().enumerate();
        let branches = variants
            .map(|(place, variant)| Branch {
                ty: self.of(&variant.ty),
                tags: variant.tags.clone(),
                otherwise: item.otherwise == Some(place),
                checks: checks(&variant.checks),
            })
            .collect();
        Item::Union {
            tag: item.tag.clone(),
            branches,
            open: item.unknown.is_some(),
            checks: rules(item.rules.as_ref()),
        }
    }
}

fn texts(item: &model::StringEnum) -> Texts {
    let values = item.variants.iter();
    Texts {
        values: values
            .map(|it| (it.wire.clone(), super::text(&it.docs)))
            .collect(),
        open: item.unknown.is_some(),
    }
}

fn part(part: &FormPart) -> Option<Part> {
    Some(match part {
        FormPart::File(media) | FormPart::Files(media) => Part::File(media.clone()),
        FormPart::Value => Part::Value,
        FormPart::ValueAs(media) => Part::ValueAs(media.clone()),
        FormPart::Json(media) => Part::Json(media.clone()),
        FormPart::JsonItems(media) => Part::JsonItems(media.clone()),
        FormPart::Styled(style, explode) => Part::Styled {
            style: super::read(style.name(), Style::deserialize)?,
            explode: *explode,
        },
    })
}

/// Bounds; those that say no more than the type does are left out.
pub fn checks(checks: &[model::Check]) -> Vec<Check> {
    checks.iter().filter_map(check).collect()
}

fn check(check: &model::Check) -> Option<Check> {
    use model::Check as Of;
    Some(match check {
        Of::MinLength(bound) => Check::MinLength(*bound),
        Of::MaxLength(bound) => Check::MaxLength(*bound),
        Of::Pattern(pattern) => Check::Pattern(pattern.clone()),
        Of::Minimum(bound, Edge::Included) => Check::Minimum(bound.clone()),
        Of::Minimum(bound, Edge::Excluded) => Check::ExclusiveMinimum(bound.clone()),
        Of::Maximum(bound, Edge::Included) => Check::Maximum(bound.clone()),
        Of::Maximum(bound, Edge::Excluded) => Check::ExclusiveMaximum(bound.clone()),
        Of::MultipleOf(unit) => Check::MultipleOf(unit.clone()),
        Of::MinItems(bound) => Check::MinItems(*bound),
        Of::MaxItems(bound) => Check::MaxItems(*bound),
        Of::UniqueItems => Check::UniqueItems,
        Of::MinProperties(bound) => Check::MinProperties(*bound),
        Of::MaxProperties(bound) => Check::MaxProperties(*bound),
        Of::OneOf(values) => Check::OneOf(values.clone()),
        Of::Schema(rules) => Check::Schema(rules.text.clone()),
        // The type has them.
        Of::Nested => return None,
        Of::Each(inner) => match checks(inner) {
            inner if inner.is_empty() => return None,
            inner => Check::Each(inner),
        },
    })
}

/// Bounds of an object as a whole.
fn object_checks(checks: &[model::ObjectCheck]) -> Vec<Check> {
    use model::ObjectCheck as Of;
    let checks = checks.iter().filter_map(|check| match check {
        Of::MinProperties(bound) => Some(Check::MinProperties(*bound)),
        Of::MaxProperties(bound) => Some(Check::MaxProperties(*bound)),
        Of::Requires(property, other) => Some(Check::Requires(property.clone(), other.clone())),
        Of::Schema(rules) => Some(Check::Schema(rules.text.clone())),
        // Closed objects are known from the types.
        Of::NoAdditional | Of::Rest(_) => None,
    });
    checks.collect()
}

/// What a value is held to as a whole.
fn rules(rules: Option<&model::Rules>) -> Vec<Check> {
    let rules = rules.iter();
    rules
        .map(|rules| Check::Schema(rules.text.clone()))
        .collect()
}
