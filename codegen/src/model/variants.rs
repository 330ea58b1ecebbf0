//! Enums: of texts, and of types.

use super::fit::fitting;
use super::name::{Clash, Ident, Scope, Usage, identifier};
use super::types::{Types, docs, is_any, view};
use super::{Item, Rest, StringEnum, StringVariant, Tagged, Type, Union, UnionVariant};
use crate::ir::{self, TypeDef, TypeId};
use crate::origin::Origin;

impl Types<'_> {
    /// A value of one of several types.
    pub(super) fn union(
        &self,
        id: TypeId,
        def: &TypeDef,
        name: Ident,
        union: &ir::Union,
        clashes: &mut Vec<Clash>,
    ) -> Union {
        let view = view(def);
        let mut scope = Scope::new();
        scope.reserve("Unknown");
        let variants = union.branches.iter().map(|branch| {
            let ty = self.part(id, branch.ty.id);
            let target = self.api.get(branch.ty.id);
            let is_root = matches!(target.shape, ir::Shape::Root(..));
            UnionVariant {
                docs: docs(&[if !branch.ty.description.is_empty() {
                    &branch.ty.description
                } else if is_root {
                    // Nothing else bears what the document says about a root.
                    &target.description
                } else {
                    &target.title
                }]),
                name: variant_name(&ty, &name, &mut scope, target),
                tags: branch.tags.clone(),
                tagged: self.tag_field(union, branch),
                checks: if view.built {
                    fitting(self.checks(branch.ty.id), &ty)
                } else {
                    Vec::new()
                },
                ty: if self.is_nullable(&branch.ty) {
                    ty.nullable()
                } else {
                    ty
                },
            }
        });
        let variants: Vec<UnionVariant> = variants.collect();
        clashes.extend(scope.take_clashes());
        let takes_all = variants.iter().any(|variant| is_any(&variant.ty));
        let open = view.tolerant && def.open != Some(false) && !takes_all;
        Union {
            origin: def.origin.clone(),
            docs: self.item_docs(id, "One of several types:"),
            deprecated: def.deprecated,
            name,
            variants,
            tag: union.tag.clone(),
            otherwise: union.otherwise,
            unknown: open.then(|| Ident::fixed("Unknown")),
            known_only: def.is_bound(),
            rules: super::rules::of(def, &self.patterns).filter(|_| view.built),
            derives: self.derives(id),
            built: view.built,
        }
    }

    /// What says the tag of a branch, where its type alone does not make sure of it.
    fn tag_field(&self, union: &ir::Union, branch: &ir::Branch) -> Option<Tagged> {
        let tag = union.tag.as_deref()?;
        let (target, _) = self.resolved(branch.ty.id);
        let is_for_all = union
            .otherwise
            .is_some_and(|at| union.branches[at] == *branch);
        if branch.tags.is_empty() || is_for_all || self.is_nullable(&branch.ty) {
            return None;
        }
        let ir::Shape::Object(object) = &self.api.get(target).shape else {
            return None;
        };
        let mut properties = object.properties.iter();
        let Some(property) = properties.find(|property| property.name == tag) else {
            return match self.item(target, &mut Vec::new())? {
                Item::Struct(item) => match item.rest {
                    Rest::Extra(field) => Some(Tagged::Extra(field)),
                    _ => None,
                },
                _ => None,
            };
        };
        let kind = self.api.get(self.resolved(property.ty.id).0);
        let is_sure = match &kind.shape {
            // Their list of values is checked by itself.
            ir::Shape::Integer(_) | ir::Shape::Boolean | ir::Shape::Any(_) => {
                !kind.bounds.one_of.is_empty()
            }
            ir::Shape::Enum(listed) => {
                let is_tag = |(text, _): &(String, String)| branch.tags.contains(text);
                !listed.open && listed.values.iter().all(is_tag)
            }
            _ => false,
        };
        if is_sure {
            return None;
        }
        let Item::Struct(item) = self.item(target, &mut Vec::new())? else {
            return None;
        };
        let field = item.fields.into_iter().find(|field| field.wire == tag)?;
        Some(Tagged::Field(field.name, field.mode))
    }

    /// A value of one of several texts.
    pub(super) fn string_enum(
        &self,
        id: TypeId,
        name: Ident,
        values: &ir::Enum,
        clashes: &mut Vec<Clash>,
    ) -> StringEnum {
        let def = self.api.get(id);
        let view = view(def);
        let open = values.open || def.open.unwrap_or(view.tolerant);
        let known_only = open && !values.open && def.is_bound();
        let mut scope = Scope::new();
        // The variants that the caller names come first, since the others give way.
        let wished = values.values.iter().map(|(wire, _)| {
            let wished = self.overrides.variants.get(&(id, wire.clone()))?;
            Some(scope.claim_identifier(wished.clone(), &def.origin))
        });
        let wished: Vec<Option<Ident>> = wished.collect();
        let values = values.values.iter().zip(wished);
        let variants = values.map(|((wire, description), wished)| StringVariant {
            docs: docs(&[description]),
            name: wished.unwrap_or_else(|| string_variant(wire, open, &mut scope, &def.origin)),
            wire: wire.to_owned(),
        });
        let variants = variants.collect();
        clashes.extend(scope.take_clashes());
        StringEnum {
            origin: def.origin.clone(),
            docs: self.item_docs(id, "One of a set of texts:"),
            deprecated: def.deprecated,
            name,
            variants,
            unknown: open.then(|| Ident::fixed("Unknown")),
            known_only,
            derives: self.derives(id),
            built: view.built,
        }
    }
}

/// The variant of a text; `Unknown` is taken where other texts are kept.
fn string_variant(wire: &str, open: bool, scope: &mut Scope, origin: &Origin) -> Ident {
    let wanted = identifier(wire, Usage::Variant);
    let wanted = if open && wanted.as_str() == "Unknown" {
        Ident::fixed("UnknownValue")
    } else {
        wanted
    };
    // A sign, as of an order that is turned round, tells two texts apart.
    let signed = match wire.split_at_checked(1) {
        Some(("-", rest)) => Some(identifier(&format!("minus {rest}"), Usage::Variant)),
        Some(("+", rest)) => Some(identifier(&format!("plus {rest}"), Usage::Variant)),
        _ => None,
    };
    let signed = signed.filter(|signed| !scope.is_free(&wanted) && scope.is_free(signed));
    scope.claim_apart(signed.unwrap_or(wanted), (wire, Usage::Variant), origin)
}

/// The variant of a branch, named after its type; the name of the union is left out where it begins with it. Of two
/// branches of one type, the second says what its schema says beyond that: title, format, pattern.
fn variant_name(ty: &Type, union: &Ident, scope: &mut Scope, target: &TypeDef) -> Ident {
    let full = type_word(ty);
    let short = full
        .strip_prefix(union.as_str())
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()));
    let short = short.unwrap_or(&full).to_owned();
    let format = match &target.shape {
        ir::Shape::Text(format) => format.as_str(),
        _ => "",
    };
    let with = |word: &str| (!word.trim().is_empty()).then(|| format!("{word} {short}"));
    let bounds = &target.bounds;
    let words = [
        with(&target.title),
        with(format),
        bounds.pattern.as_ref().and_then(|_| with("patterned")),
        (*bounds != ir::Bounds::default())
            .then(|| with("bounded"))
            .flatten(),
        with("other"),
        with("further"),
    ];
    let mut wanted = vec![short.clone(), full.clone()];
    wanted.extend(words.into_iter().flatten());
    let name = wanted.iter().map(|word| identifier(word, Usage::Variant));
    let free = name.into_iter().find(|name| scope.is_free(name));
    let name = free.unwrap_or_else(|| identifier(&short, Usage::Variant));
    scope.claim_identifier(name, &target.origin)
}

pub(super) fn type_word(ty: &Type) -> String {
    match ty {
        Type::Unit => "Empty".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::String => "Text".to_owned(),
        Type::SecretString => "Secret".to_owned(),
        Type::I64 | Type::U64 => "Integer".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Json | Type::SecretJson => "Any".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::Foreign(path) => path.last().to_owned(),
        Type::File => "File".to_owned(),
        Type::Named(name) | Type::Alias(name, _) => name.as_str().to_owned(),
        Type::Box(inner) | Type::Nullable(inner) | Type::Option(inner) | Type::As(inner) => {
            type_word(inner)
        }
        // Branches may differ in nothing but their roots.
        Type::Root(key, _) => key.name.as_str().to_owned(),
        Type::Vec(inner) => format!("{}List", type_word(inner)),
        Type::Map(inner) => format!("{}Map", type_word(inner)),
    }
}
