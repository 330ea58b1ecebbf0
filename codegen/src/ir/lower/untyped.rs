//! Bodies of requests that are sent as texts or bytes, whose schemas bind nothing.

use super::Lowering;
use crate::document::{Id, Schema, Type};
use crate::ir::Unbound;

impl Lowering<'_> {
    /// Notes what the schema of such a body says beyond "a text".
    pub(super) fn untyped(&mut self, schema: Option<Id<Schema>>) {
        let Some(schema) = schema else {
            return;
        };
        let (schema, ..) = self.strip_wrappers(schema);
        let origin = self.origin_of(schema);
        for keyword in keywords(&self.document[schema]) {
            self.untyped.push(Unbound {
                origin: origin.clone(),
                keyword,
            });
        }
    }
}

/// The keywords of a schema that rule out a text.
fn keywords(schema: &Schema) -> Vec<&'static str> {
    let is_text = |kind: &Type| matches!(kind, Type::String | Type::Null);
    let kinds = schema.types.iter();
    let (number, string) = (&schema.number, &schema.string);
    let (array, object) = (&schema.array, &schema.object);
    let all = [
        (
            "type",
            !kinds.map(|kind| kind.value).all(|kind| is_text(&kind)),
        ),
        ("enum", schema.enumeration.is_some()),
        ("const", schema.constant.is_some()),
        ("allOf", !schema.all_of.is_empty()),
        ("anyOf", !schema.any_of.is_empty()),
        ("oneOf", !schema.one_of.is_empty()),
        ("not", schema.not.is_some()),
        ("if", schema.if_.is_some()),
        ("then", schema.then.is_some()),
        ("else", schema.else_.is_some()),
        ("minLength", string.min_length.is_some()),
        ("maxLength", string.max_length.is_some()),
        ("pattern", string.pattern.is_some()),
        ("multipleOf", number.multiple_of.is_some()),
        ("minimum", number.minimum.is_some()),
        ("maximum", number.maximum.is_some()),
        ("exclusiveMinimum", number.exclusive_minimum.is_some()),
        ("exclusiveMaximum", number.exclusive_maximum.is_some()),
        ("items", array.items.is_some()),
        ("prefixItems", !array.prefix_items.is_empty()),
        ("contains", array.contains.is_some()),
        ("minContains", array.min_contains.is_some()),
        ("maxContains", array.max_contains.is_some()),
        ("unevaluatedItems", array.unevaluated_items.is_some()),
        ("minItems", array.min_items.is_some()),
        ("maxItems", array.max_items.is_some()),
        ("uniqueItems", array.unique_items.is_some()),
        ("properties", !object.properties.is_empty()),
        ("patternProperties", !object.pattern_properties.is_empty()),
        (
            "additionalProperties",
            object.additional_properties.is_some(),
        ),
        (
            "unevaluatedProperties",
            object.unevaluated_properties.is_some(),
        ),
        ("propertyNames", object.property_names.is_some()),
        ("required", !object.required.is_empty()),
        ("dependentRequired", !object.dependent_required.is_empty()),
        ("dependentSchemas", !schema.dependent_schemas.is_empty()),
        ("minProperties", object.min_properties.is_some()),
        ("maxProperties", object.max_properties.is_some()),
    ];
    let said = all.into_iter().filter(|(_, is_there)| *is_there);
    said.map(|(keyword, _)| keyword).collect()
}
