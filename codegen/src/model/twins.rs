//! Conversions between types of replies and types of requests that are the same in the document, or nearly so.

use std::collections::{BTreeMap, BTreeSet};

use super::types::Types;
use super::{Ident, Item, Mode, Rest, Struct, Type, Union};
use crate::ir::{self, TypeId};

/// The conversion of one type into another, part by part.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// The type it begins with.
    pub from: Ident,
    /// The type it makes.
    pub to: Ident,
    /// Whether every value has one, or some are refused.
    pub is_total: bool,
    /// What goes where.
    pub parts: Parts,
}

/// The parts of two types, matched.
#[derive(Clone, Debug, PartialEq)]
pub enum Parts {
    /// The members of structs, and the fields of each side that keep the other properties.
    Members(Vec<Member>, Undeclared),
    /// The variants of unions, and those of each side that keep any other value.
    Variants(Vec<(Ident, Ident, Mapping)>, [Option<Ident>; 2]),
    /// The texts of enums of texts.
    Texts,
}

/// A member of both structs.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name in JSON.
    pub wire: String,
    /// Its field and mode where the conversion begins.
    pub from: (Ident, Mode),
    /// Its field and mode where it ends.
    pub to: (Ident, Mode),
    /// How its value is converted.
    pub mapping: Mapping,
}

/// The fields that keep undeclared properties.
#[derive(Clone, Debug, PartialEq)]
pub struct Undeclared {
    /// The field where the conversion begins.
    pub from: Option<Ident>,
    /// The field where it ends.
    pub to: Option<Ident>,
    /// How their values are converted.
    pub mapping: Mapping,
}

/// How a value of one type becomes one of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// The types are the same.
    Same,
    /// By the conversion between these two.
    Twin((Ident, Ident)),
    /// By a mapping of what a box, a list, a map or null holds.
    Inner(Box<Mapping>),
    /// By the JSON of the value: types that the caller chose have nothing else in common.
    Encoded,
}

impl Mapping {
    /// The types whose conversion it uses.
    fn twins(&self) -> Option<&(Ident, Ident)> {
        match self {
            Self::Twin(pair) => Some(pair),
            Self::Inner(inner) => inner.twins(),
            Self::Same | Self::Encoded => None,
        }
    }

    /// Whether it goes by way of JSON, which can fail.
    fn is_encoded(&self) -> bool {
        match self {
            Self::Encoded => true,
            Self::Inner(inner) => inner.is_encoded(),
            Self::Same | Self::Twin(_) => false,
        }
    }
}

/// Both conversions of each pair of types, by the type of the request. Pairs for which `stands` is not true are left out:
/// features may leave one of the two out.
pub fn conversions(
    types: &Types<'_>,
    stands: impl Fn(TypeId, TypeId) -> bool,
) -> BTreeMap<TypeId, Vec<Conversion>> {
    let mut pairs = Pairs {
        types,
        stands,
        items: BTreeMap::new(),
        known: BTreeMap::new(),
    };
    for (reply, request) in ir::twins(types.api) {
        pairs.add(reply, request);
    }
    let known = &pairs.known;
    let mut made: Vec<(TypeId, Conversion)> = Vec::new();
    for ((one, other), request) in known {
        let (Some(one), Some(other)) = (pairs.items.get(one), pairs.items.get(other)) else {
            continue;
        };
        let both = [(one, other), (other, one)];
        let conversions = both.into_iter().filter_map(|(from, to)| {
            let is_pair = |a: &Ident, b: &Ident| {
                known.contains_key(&(a.clone(), b.clone()))
                    || known.contains_key(&(b.clone(), a.clone()))
            };
            conversion(from, to, &is_pair)
        });
        made.extend(conversions.map(|it| (*request, it)));
    }
    settle(&mut made);
    let mut by_request: BTreeMap<TypeId, Vec<Conversion>> = BTreeMap::new();
    for (request, conversion) in made {
        by_request.entry(request).or_default().push(conversion);
    }
    by_request
}

/// The pairs of types that are converted into each other.
struct Pairs<'t, 'a, F> {
    types: &'t Types<'a>,
    stands: F,
    items: BTreeMap<Ident, Item>,
    /// The names of a reply's type and of a request's, with the latter.
    known: BTreeMap<(Ident, Ident), TypeId>,
}

impl<F: Fn(TypeId, TypeId) -> bool> Pairs<'_, '_, F> {
    /// Adds a pair, and the pairs of what the two hold.
    fn add(&mut self, reply: TypeId, request: TypeId) {
        let mut work = vec![(reply, request)];
        while let Some((reply, request)) = work.pop() {
            let names = (self.types.names.get(reply), self.types.names.get(request));
            let (Some(one), Some(other)) = names else {
                continue;
            };
            let pair = (one.clone(), other.clone());
            let turned = (other.clone(), one.clone());
            let is_known = [&pair, &turned].map(|it| self.known.contains_key(it));
            if !(self.stands)(reply, request) || is_known.contains(&true) {
                continue;
            }
            let items = [reply, request].map(|id| self.types.item(id, &mut Vec::new()));
            let [Some(one), Some(other)] = items else {
                continue;
            };
            // Types that are matched are converted, or nothing speaks of their conversion.
            if conversion(&one, &other, &|_, _| true).is_none() {
                continue;
            }
            for (a, b) in held(&one, &other) {
                let ids = (self.types.names.find(&a), self.types.names.find(&b));
                if let (Some(a), Some(b)) = ids {
                    work.push((a, b));
                }
            }
            self.items.insert(pair.0.clone(), one);
            self.items.insert(pair.1.clone(), other);
            self.known.insert(pair, request);
        }
    }
}

/// The pairs of named types that two types hold at the same places.
fn held(one: &Item, other: &Item) -> BTreeSet<(Ident, Ident)> {
    let Some(conversion) = conversion(one, other, &|_, _| true) else {
        return BTreeSet::new();
    };
    let pairs = mappings(&conversion.parts).into_iter();
    pairs.filter_map(|it| it.twins().cloned()).collect()
}

/// How the parts of two types are converted.
fn mappings(parts: &Parts) -> Vec<&Mapping> {
    match parts {
        Parts::Members(members, rest) => {
            let of_members = members.iter().map(|member| &member.mapping);
            of_members.chain([&rest.mapping]).collect()
        }
        Parts::Variants(variants, _) => variants.iter().map(|(_, _, it)| it).collect(),
        Parts::Texts => Vec::new(),
    }
}

/// One conversion as if all others were total; none where the parts of the types do not match.
fn conversion(
    from: &Item,
    to: &Item,
    is_pair: &dyn Fn(&Ident, &Ident) -> bool,
) -> Option<Conversion> {
    let (from, to, is_total, parts) = match (from, to) {
        (Item::Struct(from), Item::Struct(to)) => {
            let (members, rest) = members(from, to, is_pair)?;
            let fits = |member: &Member| fits(member.from.1, member.to.1);
            let is_total = members.iter().all(fits) && (rest.from.is_none() || rest.to.is_some());
            (
                &from.name,
                &to.name,
                is_total,
                Parts::Members(members, rest),
            )
        }
        (Item::Union(from), Item::Union(to)) => {
            let variants = variants(from, to, is_pair)?;
            let unknown = [from.unknown.clone(), to.unknown.clone()];
            let is_total = unknown[0].is_none() || unknown[1].is_some();
            (
                &from.name,
                &to.name,
                is_total,
                Parts::Variants(variants, unknown),
            )
        }
        (Item::StringEnum(from), Item::StringEnum(to)) => {
            (&from.name, &to.name, to.unknown.is_some(), Parts::Texts)
        }
        _ => return None,
    };
    Some(Conversion {
        from: from.clone(),
        to: to.clone(),
        is_total,
        parts,
    })
}

fn members(
    from: &Struct,
    to: &Struct,
    is_pair: &dyn Fn(&Ident, &Ident) -> bool,
) -> Option<(Vec<Member>, Undeclared)> {
    let pairs = to.fields.iter().map(|target| {
        let source = from.fields.iter().find(|it| it.wire == target.wire)?;
        Some(Member {
            wire: target.wire.clone(),
            from: (source.name.clone(), source.mode),
            to: (target.name.clone(), target.mode),
            mapping: mapping(&source.ty.canonical(), &target.ty.canonical(), is_pair),
        })
    });
    let members: Vec<Member> = pairs.collect::<Option<_>>()?;
    if members.len() != from.fields.len() {
        return None;
    }
    let rest_of = |rest: &Rest| match rest {
        Rest::Closed => Some((None, None)),
        Rest::Extra(name) => Some((Some(name.clone()), None)),
        Rest::Typed(name, ty) => Some((Some(name.clone()), Some(ty.canonical().map()))),
        Rest::Parts(_) => None,
    };
    let ((from, from_ty), (to, to_ty)) = (rest_of(&from.rest)?, rest_of(&to.rest)?);
    let mapping = match (&from, &to, from_ty, to_ty) {
        (Some(_), Some(_), Some(one), Some(other)) => mapping(&one, &other, is_pair),
        (None, _, _, _) | (_, None, _, _) | (_, _, None, None) => Mapping::Same,
        _ => return None,
    };
    Some((members, Undeclared { from, to, mapping }))
}

fn variants(
    from: &Union,
    to: &Union,
    is_pair: &dyn Fn(&Ident, &Ident) -> bool,
) -> Option<Vec<(Ident, Ident, Mapping)>> {
    let pairs = from.variants.iter().zip(&to.variants).map(|(one, other)| {
        let mapping = mapping(&one.ty.canonical(), &other.ty.canonical(), is_pair);
        (one.name.clone(), other.name.clone(), mapping)
    });
    (from.variants.len() == to.variants.len()).then(|| pairs.collect())
}

/// How values of a type become those of another.
fn mapping(from: &Type, to: &Type, is_pair: &dyn Fn(&Ident, &Ident) -> bool) -> Mapping {
    match (from, to) {
        (from, to) if from == to => Mapping::Same,
        (Type::Named(from), Type::Named(to)) if is_pair(from, to) => {
            Mapping::Twin((from.clone(), to.clone()))
        }
        (Type::Box(from), Type::Box(to))
        | (Type::Vec(from), Type::Vec(to))
        | (Type::Map(from), Type::Map(to))
        | (Type::Nullable(from), Type::Nullable(to)) => match mapping(from, to, is_pair) {
            Mapping::Encoded => Mapping::Encoded,
            inner => Mapping::Inner(Box::new(inner)),
        },
        _ => Mapping::Encoded,
    }
}

/// Whether all that a field of a mode may hold has a place in one of the other.
fn fits(from: Mode, to: Mode) -> bool {
    let null = |mode| matches!(mode, Mode::Nullable | Mode::Maybe | Mode::Tolerant);
    let absent = |mode| matches!(mode, Mode::Optional | Mode::Maybe | Mode::Tolerant);
    (!null(from) || null(to)) && (!absent(from) || absent(to))
}

/// Finds out which conversions are total: those that use none that is not.
fn settle(made: &mut [(TypeId, Conversion)]) {
    loop {
        let partial: BTreeSet<(Ident, Ident)> = made
            .iter()
            .filter(|(_, it)| !it.is_total)
            .map(|(_, it)| (it.from.clone(), it.to.clone()))
            .collect();
        let fails = |mapping: &Mapping| {
            let twins = mapping.twins();
            mapping.is_encoded() || twins.is_some_and(|pair| partial.contains(pair))
        };
        let mut changed = false;
        for (_, conversion) in made.iter_mut().filter(|(_, it)| it.is_total) {
            let is_partial = mappings(&conversion.parts).into_iter().any(fails);
            conversion.is_total = !is_partial;
            changed |= is_partial;
        }
        if !changed {
            return;
        }
    }
}
