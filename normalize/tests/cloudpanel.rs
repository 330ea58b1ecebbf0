//! The committed document of Cloud Panel: complete, reproducible, and true to every payload.

#[path = "../../tests/require.rs"]
mod require;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use verbatim_normalize::evidence::evidence;
use verbatim_normalize::openapi::normalize;
use verbatim_source::Source;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/cloudpanel")
}

fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn inputs() -> (Source, Source) {
    let source = |name: &str| Source::new(name, read(name));
    (source("documented.json"), source("overlay.yaml"))
}

fn document() -> Value {
    serde_json::from_str(&read("openapi.json")).expect("the document is JSON")
}

/// One documented payload and the schema that it has to have.
struct Payload<'a> {
    name: String,
    schema: &'a Value,
    value: &'a Value,
    evidence: bool,
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    object(&document["paths"]).iter().flat_map(|(path, item)| {
        object(item)
            .iter()
            .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

fn payloads(document: &Value) -> Vec<Payload<'_>> {
    let mut payloads = Vec::new();
    for (path, method, operation) in operations(document) {
        let request = operation.get("requestBody").map(|body| ("request", body));
        let responses = object(&operation["responses"]).iter();
        for (side, body) in request
            .into_iter()
            .chain(responses.map(|(s, b)| (s.as_str(), b)))
        {
            for media in body
                .get("content")
                .into_iter()
                .flat_map(|c| object(c).values())
            {
                for (key, example) in media.get("examples").into_iter().flat_map(object) {
                    payloads.push(Payload {
                        name: format!("{method} {path} {side} {key}"),
                        schema: &media["schema"],
                        value: &example["value"],
                        evidence: example.get("x-verbatim-not-evidence").is_none(),
                    });
                }
            }
        }
    }
    payloads
}

/// Validators of body schemas, each made once.
struct Judge<'a> {
    document: &'a Value,
    made: BTreeMap<String, Validator>,
}

impl<'a> Judge<'a> {
    fn new(document: &'a Value) -> Self {
        Self {
            document,
            made: BTreeMap::new(),
        }
    }

    fn of(&mut self, schema: &Value) -> &Validator {
        let document = self.document;
        self.made.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = object(schema).clone();
            whole.insert("components".to_owned(), document["components"].clone());
            jsonschema::draft202012::new(&Value::Object(whole)).expect("a schema")
        })
    }

    /// How many leaves a value has, and how many of them stand in declared places.
    fn leaves(
        &mut self,
        value: &Value,
        schema: &Value,
        strays: &mut BTreeSet<String>,
    ) -> [usize; 2] {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let document = self.document;
            let target = document
                .pointer(target.trim_start_matches('#'))
                .expect("a target");
            return self.leaves(value, target, strays);
        }
        if let Some(cases) = schema.get("anyOf").and_then(Value::as_array) {
            let case = cases.iter().find(|case| self.of(case).is_valid(value));
            return match case {
                Some(case) => self.leaves(value, case, strays),
                None => [1, 0],
            };
        }
        let mut sum = [0, 0];
        let mut add = |[all, typed]: [usize; 2]| {
            sum[0] += all;
            sum[1] += typed;
        };
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (key, inner) in members {
                    let declared = schema["properties"].get(key);
                    let declared = declared.or_else(|| schema.get("additionalProperties"));
                    if let Some(declared) = declared {
                        add(self.leaves(inner, declared, strays));
                    } else {
                        strays.insert(key.clone());
                        add([1, 0]);
                    }
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    add(self.leaves(item, &schema["items"], strays));
                }
            }
            _ => add([1, usize::from(schema.get("type").is_some())]),
        }
        sum
    }
}

#[test]
fn the_committed_document_is_what_the_inputs_give() {
    let (documented, overlay) = inputs();
    let normalized = normalize(documented, overlay).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(
        normalized.openapi == read("openapi.json"),
        "run `cargo xtask normalize`"
    );
    assert_eq!(normalized.report.operations, 176);
    assert_eq!(normalized.report.examples, 472);
    assert_eq!(normalized.report.excluded, 1);
    let (documented, overlay) = inputs();
    let again = normalize(documented, overlay).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(
        normalized.openapi == again.openapi,
        "the same inputs give the same text"
    );
}

#[test]
fn everything_documented_is_carried() {
    let document = document();
    let documented: Value = serde_json::from_str(&read("documented.json")).expect("JSON");
    let all = documented["operations"].as_array().expect("a list");
    // One more is known from the programs that call it.
    assert_eq!(all.len() + 1, operations(&document).count());
    for known in all {
        let (path, method) = (known["path"].as_str(), known["method"].as_str());
        let operation = &document["paths"][path.expect("a path")][method.expect("a method")];
        for key in ["operationId", "summary", "description"] {
            assert!(
                operation[key].as_str().is_some_and(|text| !text.is_empty()),
                "{known}"
            );
        }
        for parameter in known["parameters"].as_array().expect("a list") {
            let name = &parameter["name"];
            let carried = operation["parameters"]
                .as_array()
                .is_some_and(|parameters| {
                    parameters
                        .iter()
                        .any(|other| other["name"] == *name && other["in"] == parameter["in"])
                });
            assert!(carried || name == "X-TOKEN", "{path:?} {name}");
        }
        for response in known["responses"].as_array().expect("a list") {
            let status = response["status"].to_string();
            let carried = &operation["responses"][&status]["content"]["application/json"];
            let examples = carried
                .get("examples")
                .map_or(0, |examples| object(examples).len());
            assert_eq!(
                examples,
                response["examples"].as_array().map_or(0, Vec::len)
            );
        }
        for status in ["401", "403", "404", "405", "406", "429", "500"] {
            assert!(
                operation["responses"].get(status).is_some(),
                "{path:?} {status}"
            );
        }
    }
    let ids: BTreeSet<&str> = operations(&document)
        .filter_map(|(_, _, o)| o["operationId"].as_str())
        .collect();
    assert_eq!(ids.len(), 176, "operation identifiers are distinct");
    let schemas = object(&document["components"]["schemas"]).len();
    assert!((120..180).contains(&schemas), "{schemas} named schemas");
}

#[test]
fn every_documented_payload_is_valid_and_lands_in_declared_places() {
    let document = document();
    let mut judge = Judge::new(&document);
    let payloads = payloads(&document);
    assert_eq!(payloads.len(), 472);
    let (mut sum, mut strays) = ([0, 0], BTreeSet::new());
    let mut exceptions = Vec::new();
    for payload in &payloads {
        let outcome = judge
            .of(payload.schema)
            .validate(payload.value)
            .map_err(|e| e.to_string());
        if !payload.evidence {
            assert!(
                outcome.is_err(),
                "{} need not be an exception",
                payload.name
            );
            exceptions.push(payload.name.as_str());
            continue;
        }
        assert_eq!(outcome, Ok(()), "{}", payload.name);
        let [all, typed] = judge.leaves(payload.value, payload.schema, &mut strays);
        sum = [sum[0] + all, sum[1] + typed];
    }
    assert_eq!(
        exceptions,
        ["get /vpns/{vpn_id}/configuration_file 200 documented"]
    );
    println!(
        "{} of {} leaves stand in declared places; strays: {strays:?}",
        sum[1], sum[0]
    );
    assert!(sum[1] * 100 >= sum[0] * 99, "{sum:?}");
}

#[test]
fn no_object_is_described_in_place() {
    fn check(schema: &Value, place: &str) {
        if let Some(members) = schema.as_object() {
            assert!(
                !members.contains_key("properties"),
                "{place} has an object without a name"
            );
            for (key, inner) in members {
                check(inner, &format!("{place}/{key}"));
            }
        }
        for inner in schema.as_array().into_iter().flatten() {
            check(inner, place);
        }
    }
    let document = document();
    for payload in payloads(&document) {
        check(payload.schema, &payload.name);
    }
    for (name, schema) in object(&document["components"]["schemas"]) {
        for (property, schema) in schema.get("properties").into_iter().flat_map(object) {
            check(schema, &format!("{name}.{property}"));
        }
    }
}

#[test]
fn recorded_responses_are_valid() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/recordings/cloudpanel.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        require::skipped("shared", "there are no recordings");
        return;
    };
    let document = document();
    let mut judge = Judge::new(&document);
    let (mut sum, mut strays) = ([0, 0], BTreeSet::new());
    for line in text.lines() {
        let recorded: Value = serde_json::from_str(line).expect("JSON");
        let path = recorded["path"].as_str().expect("a path");
        let method = recorded["method"]
            .as_str()
            .expect("a method")
            .to_lowercase();
        let status = recorded["status"].to_string();
        let mut response = &document["paths"][path][method][&status];
        if response.is_null() {
            response = &document["paths"][path]["get"]["responses"][&status];
        }
        if let Some(target) = response.get("$ref").and_then(Value::as_str) {
            response = document
                .pointer(target.trim_start_matches('#'))
                .expect("a response");
        }
        let schema = &response["content"]["application/json"]["schema"];
        let outcome = judge
            .of(schema)
            .validate(&recorded["body"])
            .map_err(|e| e.to_string());
        assert_eq!(outcome, Ok(()), "{}", recorded["src"]);
        let [all, typed] = judge.leaves(&recorded["body"], schema, &mut strays);
        sum = [sum[0] + all, sum[1] + typed];
    }
    println!(
        "{} of {} recorded leaves stand in declared places; {strays:?}",
        sum[1], sum[0]
    );
    assert_eq!(sum[0], sum[1], "{strays:?}");
}

#[test]
fn responses_are_open_and_requests_keep_their_bounds() {
    let document = document();
    let mut judge = Judge::new(&document);
    let named = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let valid =
        |judge: &mut Judge, name: &str, value: Value| judge.of(&named(name)).is_valid(&value);
    assert!(valid(
        &mut judge,
        "ServerStatus",
        json!({"state": "NEVER_SEEN", "new": [1]})
    ));
    assert!(valid(
        &mut judge,
        "Hardware",
        json!({"ram": 0.5, "fixed_instance_size_id": 0})
    ));
    assert!(valid(&mut judge, "ServerType", json!("quantum")));
    assert!(!valid(
        &mut judge,
        "ServerAction",
        json!({"action": "EXPLODE"})
    ));
    // The tariff decides which sizes there are: the smallest one has a disk of 30 GB.
    for (size, fits) in [
        (json!(30), true),
        (json!(40), true),
        (json!("large"), false),
    ] {
        let disk = json!({"is_main": true, "size": size});
        assert_eq!(valid(&mut judge, "CreateServerHdd", disk), fits, "{size}");
    }
    assert!(!valid(
        &mut judge,
        "CreateServerHardware",
        json!({"vcore": 1})
    ));
    assert!(valid(
        &mut judge,
        "ResizeServer",
        json!({"fixed_instance_size_id": "x"})
    ));
    assert!(!valid(
        &mut judge,
        "CreateVpn",
        json!({"description": "no name"})
    ));
    let lower = json!({"type": "UNAUTHORIZED", "message": "no", "errors": null});
    let upper = json!({"Type": "UNAUTHORIZED", "Message": "no", "Errors": {"required": 1}});
    assert!(valid(&mut judge, "ErrorBody", lower) && valid(&mut judge, "ErrorBody", upper));
}

#[test]
fn behaviour_is_declared() {
    let document = document();
    let declared = |key: &str| {
        operations(&document)
            .filter(|(_, _, o)| o.get(key).is_some())
            .count()
    };
    assert_eq!(declared("x-verbatim-pagination"), 19);
    assert_eq!(declared("x-verbatim-wait"), 69);
    let ids: BTreeSet<&str> = operations(&document)
        .filter_map(|(_, _, o)| o["operationId"].as_str())
        .collect();
    for (path, method, operation) in operations(&document) {
        if let Some(wait) = operation.get("x-verbatim-wait") {
            assert!(
                ids.contains(wait["poll"].as_str().expect("a poll")),
                "{method} {path}"
            );
        }
    }
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["Server"]["properties"]["first_password"]["x-verbatim-secret"],
        true
    );
    assert_eq!(document["x-verbatim-rate-limit"]["requests"], 25);
}

#[test]
fn evidence_tells_where_a_property_comes_from() {
    let (documented, overlay) = inputs();
    let told = evidence(
        documented,
        overlay,
        "Server.hardware.fixed_instance_size_id",
    );
    let told = told.unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(told.contains("seen as 0\n"), "{told}");
    assert!(told.contains("line 638 (POST /servers 202)"), "{told}");
    let (documented, overlay) = inputs();
    let told = evidence(documented, overlay, "VpnConfiguration/config_zip_file");
    let told = told.unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(
        told.contains("fact B2 GET /vpns/{}/configuration_file"),
        "{told}"
    );
    let (documented, overlay) = inputs();
    let refusal = evidence(documented, overlay, "Server.wheels").expect_err("no such property");
    assert!(
        refusal
            .to_string()
            .contains("`Server` has nothing in `wheels`"),
        "{refusal}"
    );
}
