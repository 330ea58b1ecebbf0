//! Which checks a value of a Rust type is held to.
//!
//! A document may say of a value what its type cannot break (the length of a number), and what the type that the caller
//! chose cannot be asked (the length of a date). Emitted code has the checks that are left here, and no other.

use super::types::{Types, view};
use super::{Check, ObjectCheck, Rest, Type, bounds, rules};
use crate::ir::{Shape, TypeDef, TypeId, Unbound};

/// The checks that a type can be held to, in their order.
pub fn fitting(checks: Vec<Check>, ty: &Type) -> Vec<Check> {
    checks
        .into_iter()
        .filter_map(|check| fit(check, ty))
        .collect()
}

fn fit(check: Check, ty: &Type) -> Option<Check> {
    let fits = match ty {
        Type::Box(_) | Type::As(_) if check == Check::Nested => true,
        Type::Alias(_, inner)
        | Type::Root(_, inner)
        | Type::Nullable(inner)
        | Type::Option(inner)
        | Type::As(inner)
        | Type::Box(inner) => return fit(check, inner),
        ty => match &check {
            Check::MinLength(_) | Check::MaxLength(_) | Check::Pattern(_) => {
                matches!(ty, Type::String | Type::SecretString)
            }
            Check::Minimum(..) | Check::Maximum(..) | Check::MultipleOf(_) => {
                matches!(ty, Type::I64 | Type::U64 | Type::Number)
            }
            Check::MinItems(_) | Check::MaxItems(_) | Check::UniqueItems => {
                matches!(ty, Type::Vec(_))
            }
            Check::MinProperties(_) | Check::MaxProperties(_) => matches!(ty, Type::Map(_)),
            Check::OneOf(_) => true,
            Check::Schema(_) => !matches!(ty, Type::Bytes | Type::File | Type::Unit),
            Check::Nested => matches!(ty, Type::Named(_) | Type::Vec(_) | Type::Map(_)),
            Check::Each(inner) => {
                let (Type::Vec(item) | Type::Map(item)) = ty else {
                    return None;
                };
                let inner = fitting(inner.clone(), item);
                return (!inner.is_empty()).then_some(Check::Each(inner));
            }
        },
    };
    fits.then_some(check)
}

/// The checks of an object that its fields can be held to.
pub fn fitting_object(checks: Vec<ObjectCheck>, rest: &Rest) -> Vec<ObjectCheck> {
    let fitting = checks.into_iter().filter_map(|check| match (check, rest) {
        (ObjectCheck::Rest(checks), Rest::Typed(_, ty)) => {
            let checks = fitting(checks, ty);
            (!checks.is_empty()).then_some(ObjectCheck::Rest(checks))
        }
        (ObjectCheck::Rest(_), _) => None,
        (ObjectCheck::NoAdditional, rest) => {
            matches!(rest, Rest::Extra(_)).then_some(ObjectCheck::NoAdditional)
        }
        (check, _) => Some(check),
    });
    fitting.collect()
}

impl Types<'_> {
    /// The bounds of types in requests that a type which the caller chose cannot be held to, and what the schemas of
    /// others say that cannot be looked at.
    pub fn unfit(&self) -> Vec<Unbound> {
        let built = self
            .api
            .types
            .iter()
            .enumerate()
            .map(|(index, def)| (TypeId::new(index), def))
            .filter(|(_, def)| view(def).built);
        let unfit = built.flat_map(|(id, def)| {
            let chosen = match def.shape {
                Shape::Foreign => self.unfit_of(def, &self.plain(id)),
                _ => Vec::new(),
            };
            let keywords = chosen.into_iter().chain(self.unheld(def));
            keywords.map(|keyword| Unbound {
                origin: def.origin.clone(),
                keyword,
            })
        });
        unfit.collect()
    }

    /// The keywords of the rules of a type of which nothing is emitted: a pattern that is not looked at, a multipart
    /// body, a name for what another type is.
    fn unheld(&self, def: &TypeDef) -> Vec<&'static str> {
        let is_held = def.form.is_none()
            && !matches!(def.shape, Shape::Alias(_) | Shape::Root(..))
            && rules::of(def, &self.patterns).is_some();
        let rules = def.bounds.rules.iter().filter(|_| !is_held);
        rules.flat_map(|rules| rules.keywords.clone()).collect()
    }

    fn unfit_of(&self, def: &TypeDef, ty: &Type) -> Vec<&'static str> {
        let checks = bounds::of(def, &self.patterns).into_iter();
        let unfit = checks.filter(|check| fit(check.clone(), ty).is_none());
        unfit.filter_map(|check| keyword(&check)).collect()
    }
}

/// The keyword of the document that a check is made from.
fn keyword(check: &Check) -> Option<&'static str> {
    Some(match check {
        Check::MinLength(_) => "minLength",
        Check::MaxLength(_) => "maxLength",
        Check::Pattern(_) => "pattern",
        Check::Minimum(..) => "minimum",
        Check::Maximum(..) => "maximum",
        Check::MultipleOf(_) => "multipleOf",
        Check::MinItems(_) => "minItems",
        Check::MaxItems(_) => "maxItems",
        Check::UniqueItems => "uniqueItems",
        Check::MinProperties(_) => "minProperties",
        Check::MaxProperties(_) => "maxProperties",
        Check::OneOf(_) => "enum",
        Check::Nested | Check::Each(_) | Check::Schema(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_reach_through_what_is_around_a_value_and_no_further() {
        let long = Check::MaxLength(3);
        let texts = Type::String.list();
        for (ty, fits) in [
            (Type::String, true),
            (Type::String.nullable().boxed(), true),
            (Type::As(Box::new(Type::SecretString)), true),
            (Type::I64, false),
            (Type::Bytes, false),
            (texts.clone(), false),
        ] {
            let fitting = fitting(vec![long.clone()], &ty);
            assert_eq!(fitting.len(), usize::from(fits), "{ty:?}");
        }
        let each = Check::Each(vec![
            long,
            Check::Minimum("1".to_owned(), super::super::Edge::Included),
        ]);
        let kept = Check::Each(vec![Check::MaxLength(3)]);
        assert_eq!(fitting(vec![each.clone()], &texts), [kept]);
        assert!(fitting(vec![each], &Type::Bool.list()).is_empty());
    }
}
