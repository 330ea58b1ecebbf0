//! Bodies of requests as they are carried out.

use verbatim_contract::Operation;
use verbatim_source::Value;

use crate::form::Form;
use crate::oneway;
use crate::simulator::Simulator;

impl Simulator {
    /// A body without the members that only the server sets.
    pub(super) fn taken(&self, operation: &Operation, mut body: Value) -> Value {
        let documented = operation.body.as_ref();
        let schema = documented.and_then(|body| {
            let media = body.json().or(body.media.first())?;
            media.schema.as_ref()
        });
        if let Some(schema) = schema.filter(|_| self.one_way.read_only) {
            oneway::without(&self.contract, schema, &mut body, "readOnly");
        }
        body
    }

    /// The body of a request behind its root key.
    pub(super) fn unwrapped(&self, operation: &Operation, body: &Value) -> Value {
        let schema = operation
            .body
            .as_ref()
            .and_then(|body| self.contract.json_schema(body));
        let form = schema
            .map(|schema| Form::read(&self.contract, schema, None, ""))
            .unwrap_or_default();
        let body = if form.list { body } else { form.unwrap(body) };
        if self.rules.lenient.null_is_absent {
            without_nulls(body)
        } else {
            body.clone()
        }
    }
}

/// A value without the members of objects that are null. Bodies are as deep as their reader allows.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members
                .iter()
                .filter(|member| !matches!(member.value.value, Value::Null));
            let kept = kept.map(|member| (member.key.clone(), without_nulls(&member.value.value)));
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| without_nulls(&item.value));
            Value::from(items.collect::<Vec<Value>>())
        }
        other => other.clone(),
    }
}
