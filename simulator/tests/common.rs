//! What the tests share: the documents, and a caller without a socket.
#![allow(dead_code, reason = "not every test uses everything")]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::value::at;
use verbatim_contract::{Contract, Direction, Operation, StatusMatch, is_json, wire};
use verbatim_simulator::{Pace, Settings, Simulator};
use verbatim_source::{Limits, Source, Sources, Value};

/// The documents of this repository.
pub fn documents() -> Vec<PathBuf> {
    ["cloudpanel/openapi.json", "cloudflow/openapi.yaml", "cloudsfor/openapi.yaml"]
        .iter()
        .map(|name| document(name))
        .collect()
}

/// A document by its path below `spec`.
pub fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec").join(name)
}

/// A simulator and one who calls it.
pub struct Caller {
    pub simulator: Simulator,
}

impl Caller {
    /// Instant time, no rate limit.
    pub fn new(document: &Path) -> Self {
        Self::with(document, Settings { rate_limit: false, ..Settings::default() })
    }

    /// Virtual time that only moves when told to.
    pub fn manual(document: &Path) -> Self {
        Self::with(document, Settings { rate_limit: false, pace: Pace::Manual, ..Settings::default() })
    }

    pub fn with(document: &Path, settings: Settings) -> Self {
        let simulator = Simulator::open(document, None, settings).unwrap_or_else(|error| panic!("{error}"));
        Self { simulator }
    }

    pub fn contract(&self) -> &Contract {
        self.simulator.contract()
    }

    pub fn reset(&mut self) {
        let answer = self.raw("POST", "/__simulator/reset", None);
        assert_eq!(answer.status(), 200);
    }

    /// The path and query of an operation.
    pub fn target(&self, operation: &Operation, values: &[(String, String)], query: &[(String, String)]) -> String {
        let path = operation
            .template
            .fill(|name| values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
            .unwrap();
        let query = wire::write_query(query);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{query}", self.contract().base_path)
    }

    pub fn call(
        &self,
        operation: &Operation,
        values: &[(String, String)],
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Response<Bytes> {
        self.raw(&operation.method, &self.target(operation, values, query), body)
    }

    pub fn call_as(&self, operation: &Operation, values: &[(String, String)], token: &str) -> Response<Bytes> {
        let request = self.request(&operation.method, &self.target(operation, values, &[]), None, token);
        self.simulator.handle(&request).response
    }

    /// Sends a request with the right token.
    pub fn raw(&self, method: &str, target: &str, body: Option<&Value>) -> Response<Bytes> {
        let request = self.request(method, target, body, self.simulator.token());
        self.simulator.handle(&request).response
    }

    fn request(&self, method: &str, target: &str, body: Option<&Value>, token: &str) -> Request<Bytes> {
        use base64::Engine;
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("user@example.com:{token}"));
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "127.0.0.1")
            .header("x-token", token)
            .header("authorization", format!("Basic {basic}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let bytes = body.map(verbatim_source::write::compact).unwrap_or_default();
        request.body(Bytes::from(bytes)).unwrap()
    }

    /// Sends a request by method, path below the base, and JSON text; gives status and body.
    pub fn send(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let target = format!("{}{path}", self.contract().base_path);
        let body = (!body.is_empty()).then(|| json(body));
        let answer = self.raw(method, &target, body.as_ref());
        let value = if answer.body().is_empty() { Value::Null } else { json(&text(&answer)) };
        (answer.status().as_u16(), value)
    }

    /// Moves the virtual clock on.
    pub fn advance(&self, seconds: u32) {
        let answer = self.raw("POST", "/__simulator/clock", Some(&json(&format!("{{\"advance\": {seconds}}}"))));
        assert_eq!(answer.status(), 200);
    }

    /// Plants faults.
    pub fn plant(&self, faults: &str) {
        let answer = self.raw("POST", "/__simulator/faults", Some(&json(faults)));
        assert_eq!(answer.status(), 200, "{}", text(&answer));
    }

    /// Documented bodies of an operation, else a sampled one; `[None]` where it takes none.
    pub fn bodies(&self, operation: &Operation) -> Vec<Option<Value>> {
        use verbatim_contract::sample::{Fullness, Sampler};
        let Some(body) = &operation.body else { return vec![None] };
        let Some(media) = body.json() else { return vec![None] };
        let documented: Vec<Option<Value>> =
            media.evidence().map(|example| Some((*example.value).clone())).collect();
        if !documented.is_empty() {
            return documented;
        }
        let schema = media.schema.as_ref().unwrap();
        vec![Sampler::new(self.contract(), Direction::Request, 1).valid(schema, Fullness::Some)]
    }

    /// An identifier for a parameter: one of the list above it, or of any item that has one.
    pub fn existing(&mut self, operation: &Operation, name: &str, known: &[(String, String)]) -> Option<String> {
        let prefix = operation.path.split(&format!("/{{{name}}}")).next()?.to_owned();
        let suffix = if operation.path.ends_with(".json") { ".json" } else { "" };
        let lists = [format!("{prefix}{suffix}"), prefix];
        let list = self
            .contract()
            .operations()
            .iter()
            .find(|other| other.method == "GET" && lists.contains(&other.path))?
            .clone();
        let mut known = known.to_vec();
        loop {
            let answer = self.call(&list, &known, &[], None);
            let found = if answer.status() == 200 { first_id(&json(&text(&answer)), 4) } else { None };
            if found.is_some() || known.is_empty() {
                return found;
            }
            // The first item above may have none; another one may.
            return self.by_other_owner(&list, &mut known);
        }
    }

    fn by_other_owner(&self, list: &Operation, known: &mut Vec<(String, String)>) -> Option<String> {
        let (name, _) = known.first()?.clone();
        let prefix = list.path.split(&format!("/{{{name}}}")).next()?.to_owned();
        let above = self.contract().operations().iter().find(|other| {
            other.method == "GET" && (other.path == prefix || other.path == format!("{prefix}.json"))
        })?;
        let answer = self.call(above, &[], &[], None);
        let all = json(&text(&answer));
        let Value::Array(items) = all else { return None };
        items.iter().find_map(|item| {
            known[0].1 = first_id(&item.value, 3)?;
            let answer = self.call(list, known, &[], None);
            first_id(&json(&text(&answer)), 4)
        })
    }

    /// Panics where a response is not what the document says.
    pub fn assert_documented(&self, operation: &Operation, answer: &Response<Bytes>) {
        let status = answer.status().as_u16();
        let what = || format!("{} answered {status}: {}", operation.id, text(answer));
        let Some(reply) = operation.reply(status) else { panic!("undocumented status: {}", what()) };
        if answer.body().is_empty() {
            assert!(reply.media.is_empty() || operation.method == "HEAD", "no body: {}", what());
            return;
        }
        let content_type = answer.headers().get("content-type").unwrap().to_str().unwrap();
        let Some(media) = reply.media(content_type) else { panic!("undocumented media: {}", what()) };
        if let (Some(schema), true) = (&media.schema, is_json(content_type)) {
            let value = json(&text(answer));
            let violations = self.contract().check(schema, &value, Direction::Reply);
            assert!(violations.is_empty(), "{violations:?}\n{}", what());
        }
        let _ = StatusMatch::Default;
    }
}

/// The first identifier inside a value.
fn first_id(value: &Value, depth: usize) -> Option<String> {
    match value {
        Value::Array(items) => items.first().and_then(|item| match &item.value {
            scalar @ (Value::String(_) | Value::Number(_)) => Some(wire::text(scalar)),
            inner => first_id(inner, depth),
        }),
        Value::Object(object) => {
            if let Some(id) = object.get("id").or_else(|| object.get("uuid")) {
                return Some(wire::text(&id.value)).filter(|text| text != "null");
            }
            if depth == 0 {
                return None;
            }
            object.iter().find_map(|member| match &member.value.value {
                inner @ (Value::Array(_) | Value::Object(_)) => first_id(inner, depth - 1),
                _ => None,
            })
        }
        _ => None,
    }
}

pub fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

pub fn json(text: &str) -> Value {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("text", text.to_owned()));
    let tree = verbatim_source::json::parse(&sources, id, &Limits::default());
    tree.unwrap_or_else(|problems| panic!("{text}: {problems:?}")).value
}

/// What stands at a pointer, as text.
pub fn get(value: &Value, pointer: &str) -> String {
    at(value, pointer).map(wire::text).unwrap_or_else(|| "(absent)".to_owned())
}
