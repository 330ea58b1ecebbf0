//! Where a reply has a documented choice.

use verbatim_contract::{Contract, Operation, Schema};
use verbatim_source::{Object, Pointer, Value};

use crate::form::Form;

/// Pointer to a text of an object that the document gives a choice for; the first text where it
/// gives none.
pub(crate) fn choice(
    contract: &Contract,
    operation: Option<&Operation>,
    object: &Object,
) -> Option<String> {
    let form = operation.and_then(|operation| Form::of_success(contract, operation, ""));
    let whole = Value::Object(object.clone());
    form.and_then(|form| find(contract, &form.schema?, &whole, &Pointer::root(), 4))
        .or_else(|| {
            let text = object
                .iter()
                .find(|member| matches!(member.value.value, Value::String(_)))?;
            Some(Pointer::root().join(&text.key).to_string())
        })
}

fn find(
    contract: &Contract,
    schema: &Schema,
    value: &Value,
    place: &Pointer,
    depth: usize,
) -> Option<String> {
    if depth == 0 {
        return None;
    }
    let shape = contract.shape(schema);
    if matches!(value, Value::String(_)) && shape.values.is_some() {
        return Some(place.to_string());
    }
    if let Value::Object(object) = value {
        let below = object.iter().find_map(|member| {
            let property = shape.property(&member.key)?;
            find(
                contract,
                property,
                &member.value.value,
                &place.join(&member.key),
                depth - 1,
            )
        });
        if below.is_some() {
            return below;
        }
    }
    shape
        .alternatives
        .iter()
        .find_map(|inner| find(contract, inner, value, place, depth - 1))
}
