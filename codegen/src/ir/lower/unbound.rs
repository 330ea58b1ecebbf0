//! Keywords of which a type says nothing, or less than they do.

use super::merge::Member;
use crate::document::{Document, Id, Schema};
use crate::ir::{Api, Shape, TypeDef, TypeId, Union};

/// The keywords of a schema that a type cannot say.
pub(super) fn of(schema: &Schema) -> impl Iterator<Item = &'static str> + use<> {
    let (array, object) = (&schema.array, &schema.object);
    let is_asked = schema.if_.is_some();
    let counts = array.contains.is_some();
    let all = [
        ("not", schema.not.is_some()),
        ("if", is_asked),
        ("then", is_asked && schema.then.is_some()),
        ("else", is_asked && schema.else_.is_some()),
        ("contains", counts),
        ("minContains", counts && array.min_contains.is_some()),
        ("maxContains", counts && array.max_contains.is_some()),
        ("unevaluatedItems", array.unevaluated_items.is_some()),
        ("propertyNames", object.property_names.is_some()),
        ("patternProperties", !object.pattern_properties.is_empty()),
        ("dependentSchemas", !schema.dependent_schemas.is_empty()),
    ];
    let unbound = all.into_iter().filter(|(_, is_there)| *is_there);
    unbound.map(|(keyword, _)| keyword)
}

/// What a type knows of properties and items.
pub(super) struct Known<'k> {
    /// The properties that are always there.
    pub names: &'k [&'k str],
    /// The first items.
    pub prefix: &'k [Id<Schema>],
    /// Whether it says nothing of further properties though a schema does.
    pub is_lost: bool,
    /// Whether there are properties under a condition.
    pub is_conditional: bool,
}

/// The keywords about further properties and items that the type takes for wider than they are: each knows the schema
/// that it stands in, or all that are taken in, and the type knows all of them.
pub(super) fn taken_wider(
    document: &Document,
    parts: &[Member<'_>],
    known: &Known<'_>,
) -> Vec<&'static str> {
    let mut wider = Vec::new();
    for Member {
        schema, knows_all, ..
    } in parts
    {
        let (array, object) = (&schema.array, &schema.object);
        let mut names = known.names.iter();
        let own = names.all(|name| object.properties.contains_key(*name));
        let all = [
            ("items", array.items, array.prefix_items == known.prefix),
            (
                "additionalProperties",
                object.additional_properties,
                own && !known.is_lost,
            ),
            (
                "unevaluatedProperties",
                object.unevaluated_properties,
                (own || *knows_all) && !known.is_lost && !known.is_conditional,
            ),
        ];
        for (keyword, id, is_said) in all {
            if !is_said && id.is_some_and(|id| !document[id].is_anything()) {
                wider.push(keyword);
            }
        }
    }
    wider
}

/// Whether a value may fit several branches of a union: they are neither told apart by a property nor by their kinds.
pub(super) fn may_fit_several(api: &Api, union: &Union) -> bool {
    let is_told = union.branches.iter().all(|branch| !branch.tags.is_empty());
    if union.tag.is_some() && (is_told || union.otherwise.is_some()) {
        return false;
    }
    let mut seen = Vec::new();
    union.branches.iter().any(|branch| {
        let kind = kind(api, branch.ty.id);
        let is_shared = kind.is_none() || seen.contains(&kind);
        seen.push(kind);
        is_shared
    })
}

/// The kind of JSON value that a type is, where it is one alone.
fn kind(api: &Api, mut id: TypeId) -> Option<&'static str> {
    loop {
        let TypeDef {
            shape, nullable, ..
        } = api.get(id);
        if *nullable {
            return None;
        }
        return Some(match shape {
            Shape::Alias(next) => {
                id = *next;
                continue;
            }
            Shape::Boolean => "boolean",
            Shape::Integer(_) | Shape::Number => "number",
            Shape::Text(_) | Shape::Enum(_) => "string",
            Shape::Object(_) | Shape::Map(_) | Shape::Root(..) => "object",
            Shape::Array(_) | Shape::Tuple(_) => "array",
            Shape::Any(_) | Shape::Union(_) | Shape::Foreign => return None,
        });
    }
}
