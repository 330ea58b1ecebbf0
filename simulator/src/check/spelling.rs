//! Texts that spell a number or a truth value.

use verbatim_contract::value::{at, set};
use verbatim_contract::{Contract, Direction, Schema, Violation};
use verbatim_source::Value;

/// A body in which texts that spell what the schema asks for are replaced by it; `None` where the schema refuses
/// that too.
pub(super) fn meant(
    contract: &Contract,
    schema: &Schema,
    value: &Value,
    violations: &[Violation],
) -> Option<Value> {
    let mut meant = value.clone();
    let mut places = Vec::new();
    misspelt(violations, &mut places);
    for place in places {
        if let Some(Value::String(text)) = at(&meant, place)
            && let Some(spelt) = spelt(text)
        {
            set(&mut meant, place, spelt);
        }
    }
    contract
        .accepts(schema, &meant, Direction::Request)
        .then_some(meant)
}

/// The places of values that have another type than is asked for, in alternatives too.
fn misspelt<'a>(violations: &'a [Violation], places: &mut Vec<&'a str>) {
    for violation in violations {
        if violation.keyword == "type" {
            places.push(&violation.instance);
        }
        for branch in &violation.branches {
            misspelt(branch, places);
        }
    }
}

/// The number or truth value that a text spells.
fn spelt(text: &str) -> Option<Value> {
    match text {
        "true" | "True" => Some(Value::Bool(true)),
        "false" | "False" => Some(Value::Bool(false)),
        _ => verbatim_source::decimal::is_json_number(text).then(|| Value::Number(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_for_what_they_spell() {
        let document = r#"{"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}, "components": {"schemas": {
            "Check": {"type": "object", "properties": {
                "seconds": {"type": ["integer", "null"]},
                "on": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
                "name": {"type": "string"}}}}}}"#;
        let contract = Contract::parse("openapi.json", document).unwrap();
        let schema = contract.named("Check").unwrap();
        let read = |text: &str| {
            let value = crate::json::json(text.as_bytes()).unwrap();
            let violations = contract.check(&schema, &value, Direction::Request);
            let meant = meant(&contract, &schema, &value, &violations)?;
            Some(verbatim_source::write::compact(&meant).trim().to_owned())
        };
        let sent = r#"{"seconds":"40","on":"True","name":"40"}"#;
        let meant = r#"{"seconds":40,"on":true,"name":"40"}"#;
        assert_eq!(read(sent).as_deref(), Some(meant));
        assert_eq!(read(r#"{"seconds":"4.5"}"#), None);
        assert_eq!(read(r#"{"seconds":"many"}"#), None);
        assert_eq!(read(r#"{"name":40}"#), None);
    }
}
