//! What the tests share: the documents, and a caller without a socket.
#![allow(
    dead_code,
    missing_docs,
    reason = "shared by tests, which each use a part"
)]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::value::at;
use verbatim_contract::{Contract, Direction, Operation, StatusMatch, is_json, wire};
use verbatim_simulator::{Pace, Settings, Simulator};
use verbatim_source::{Limits, Source, Sources, Value};

/// The documents of this repository.
pub fn documents() -> Vec<PathBuf> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let folders = std::fs::read_dir(spec).expect("the folder of the documents");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    let named = |folder: PathBuf| {
        let names = ["openapi.json", "openapi.yaml"].map(|name| folder.join(name));
        names.into_iter().find(|path| path.is_file())
    };
    let mut documents: Vec<PathBuf> = folders.filter_map(named).collect();
    documents.sort();
    documents
}

/// A document by its path below `spec`.
pub fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../spec")
        .join(name)
}

/// A simulator and one who calls it.
pub struct Caller {
    pub simulator: Simulator,
}

impl Caller {
    /// Instant time, no rate limit.
    pub fn new(document: &Path) -> Self {
        Self::with(
            document,
            Settings {
                rate_limit: false,
                ..Settings::default()
            },
        )
    }

    /// Virtual time that only moves when told to.
    pub fn manual(document: &Path) -> Self {
        Self::with(
            document,
            Settings {
                rate_limit: false,
                pace: Pace::Manual,
                ..Settings::default()
            },
        )
    }

    pub fn with(document: &Path, settings: Settings) -> Self {
        let simulator =
            Simulator::open(document, None, settings).unwrap_or_else(|error| panic!("{error}"));
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
    pub fn target(
        &self,
        operation: &Operation,
        values: &[(String, String)],
        query: &[(String, String)],
    ) -> String {
        let path = operation
            .template
            .fill(|name| {
                values
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value.clone())
            })
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
        self.raw(
            &operation.method,
            &self.target(operation, values, query),
            body,
        )
    }

    pub fn call_as(
        &self,
        operation: &Operation,
        values: &[(String, String)],
        token: &str,
    ) -> Response<Bytes> {
        let request = Self::request(
            &operation.method,
            &self.target(operation, values, &[]),
            None,
            token,
        );
        self.simulator.handle(&request).response
    }

    /// Sends a request with the right token.
    pub fn raw(&self, method: &str, target: &str, body: Option<&Value>) -> Response<Bytes> {
        let request = Self::request(method, target, body, self.simulator.token());
        self.simulator.handle(&request).response
    }

    fn request(method: &str, target: &str, body: Option<&Value>, token: &str) -> Request<Bytes> {
        use base64::Engine;
        let basic =
            base64::engine::general_purpose::STANDARD.encode(format!("user@example.com:{token}"));
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "127.0.0.1")
            .header("x-token", token)
            .header("authorization", format!("Basic {basic}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let bytes = body
            .map(verbatim_source::write::compact)
            .unwrap_or_default();
        request.body(Bytes::from(bytes)).unwrap()
    }

    /// Sends a request by method, path below the base, and JSON text; gives status and body.
    pub fn send(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let target = format!("{}{path}", self.contract().base_path);
        let body = (!body.is_empty()).then(|| json(body));
        let answer = self.raw(method, &target, body.as_ref());
        let value = if answer.body().is_empty() {
            Value::Null
        } else {
            json(&text(&answer))
        };
        (answer.status().as_u16(), value)
    }

    /// Moves the virtual clock on.
    pub fn advance(&self, seconds: u32) {
        let answer = self.raw(
            "POST",
            "/__simulator/clock",
            Some(&json(&format!("{{\"advance\": {seconds}}}"))),
        );
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
        let Some(body) = &operation.body else {
            return vec![None];
        };
        let Some(media) = body.json() else {
            return vec![None];
        };
        let documented: Vec<Option<Value>> = media
            .evidence()
            .map(|example| Some((*example.value).clone()))
            .collect();
        if !documented.is_empty() {
            return documented;
        }
        let schema = media.schema.as_ref().unwrap();
        vec![Sampler::new(self.contract(), Direction::Request, 1).valid(schema, Fullness::Some)]
    }

    /// The values that the way to an operation needs: of items that there are, where there are.
    pub fn path_values(&self, operation: &Operation) -> Vec<(String, String)> {
        let names: Vec<String> = operation.template.names().map(str::to_owned).collect();
        let mut best = Vec::new();
        self.search(operation, &names, &[], &mut best);
        while best.len() < names.len() {
            best.push((names[best.len()].clone(), "0".to_owned()));
        }
        best
    }

    /// Tries all items above until one has what is below; `true` where all names have a value.
    fn search(
        &self,
        operation: &Operation,
        names: &[String],
        known: &[(String, String)],
        best: &mut Vec<(String, String)>,
    ) -> bool {
        if known.len() >= best.len() {
            *best = known.to_vec();
        }
        let Some(name) = names.get(known.len()) else {
            return true;
        };
        for id in self.listed(operation, name, known) {
            let mut longer = known.to_vec();
            longer.push((name.clone(), id));
            if self.search(operation, names, &longer, best) {
                return true;
            }
        }
        false
    }

    /// The identifiers on the list above a parameter.
    fn listed(&self, operation: &Operation, name: &str, known: &[(String, String)]) -> Vec<String> {
        let Some(prefix) = operation.path.split(&format!("/{{{name}}}")).next() else {
            return Vec::new();
        };
        let lists = [format!("{prefix}.json"), prefix.to_owned()];
        let mut others = self.contract().operations().iter();
        let Some(list) = others.find(|other| other.method == "GET" && lists.contains(&other.path))
        else {
            return Vec::new();
        };
        let answer = self.call(list, known, &self.query(list), None);
        if answer.status() != 200 || answer.body().is_empty() {
            return Vec::new();
        }
        let mut ids = Vec::new();
        collect_ids(&json(&text(&answer)), 3, &mut ids);
        ids
    }

    /// The parameters of the query that have to be there.
    pub fn query(&self, operation: &Operation) -> Vec<(String, String)> {
        use verbatim_contract::sample::Sampler;
        operation
            .parameters_in(verbatim_contract::Place::Query)
            .filter(|parameter| parameter.required)
            .map(|parameter| {
                let text = Sampler::new(self.contract(), Direction::Request, 1)
                    .valid_text(parameter)
                    .unwrap();
                (parameter.name.clone(), text)
            })
            .collect()
    }

    /// Panics where a response is not what the document says.
    pub fn assert_documented(&self, operation: &Operation, answer: &Response<Bytes>) {
        let status = answer.status().as_u16();
        let what = || format!("{} answered {status}: {}", operation.id, text(answer));
        let Some(reply) = operation.reply(status) else {
            panic!("undocumented status: {}", what())
        };
        if answer.body().is_empty() {
            assert!(
                reply.media.is_empty() || operation.method == "HEAD",
                "no body: {}",
                what()
            );
            return;
        }
        let content_type = answer
            .headers()
            .get("content-type")
            .unwrap()
            .to_str()
            .unwrap();
        let Some(media) = reply.media(content_type) else {
            panic!("undocumented media: {}", what())
        };
        if let (Some(schema), true) = (&media.schema, is_json(content_type)) {
            let value = json(&text(answer));
            let violations = self.contract().check(schema, &value, Direction::Reply);
            assert!(violations.is_empty(), "{violations:?}\n{}", what());
        }
        let _ = StatusMatch::Default;
    }
}

/// The identifiers of the things that a list shows.
fn collect_ids(value: &Value, depth: usize, ids: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                match &item.value {
                    scalar @ (Value::String(_) | Value::Number(_)) => ids.push(wire::text(scalar)),
                    inner => collect_ids(inner, depth, ids),
                }
            }
        }
        Value::Object(object) => {
            if let Some(id) = object.get("id").or_else(|| object.get("uuid")) {
                ids.push(wire::text(&id.value));
            } else if depth > 0 {
                for member in object {
                    if matches!(member.value.value, Value::Array(_) | Value::Object(_)) {
                        collect_ids(&member.value.value, depth - 1, ids);
                    }
                }
            }
        }
        _ => {}
    }
}

pub fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

pub fn json(text: &str) -> Value {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("text", text.to_owned()));
    let tree = verbatim_source::json::parse(&sources, id, &Limits::default());
    tree.unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
        .value
}

/// What stands at a pointer, as text.
pub fn get(value: &Value, pointer: &str) -> String {
    at(value, pointer).map_or_else(|| "(absent)".to_owned(), wire::text)
}
