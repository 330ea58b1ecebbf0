//! The example payloads of an OpenAPI document.

use verbatim_source::{Limits, Node, Object, Source, Sources, Value, json, write};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A payload that stands in a document as an example of a body.
#[derive(Debug, Clone)]
pub struct Example {
    /// Identifier of its operation.
    pub operation: String,
    /// Status of its reply (`200`, `4XX`, `default`); none for the body of the request.
    pub status: Option<String>,
    /// Media type of its body.
    pub media: String,
    /// Its name in the document.
    pub name: String,
    /// Why it is no evidence for its schema, if the document says so.
    pub not_evidence: Option<String>,
    /// The payload as compact JSON, every literal as documented.
    pub text: String,
    /// The schema of its body as compact JSON.
    pub schema: String,
}

/// The examples of a document in JSON, in its order; references to examples, bodies and responses
/// within the document are followed.
///
/// # Panics
/// The text is no JSON object.
pub fn examples(document: &str) -> Vec<Example> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("document", document.to_owned()));
    let root = match json::parse(&sources, id, &Limits::default()) {
        Ok(root) => root,
        Err(problems) => panic!("the document is no JSON: {problems:?}"),
    };
    let mut found = Vec::new();
    for path in members(root.get("paths")) {
        for method in METHODS {
            let Some(operation) = path.1.get(method) else {
                continue;
            };
            let name = text(operation, "operationId");
            let mut bodies = vec![(None, operation.get("requestBody"))];
            for (status, reply) in members(operation.get("responses")) {
                bodies.push((Some(status.to_owned()), Some(reply)));
            }
            for (status, body) in bodies {
                let body = body.map(|body| follow(&root, body));
                for (media, content) in members(body.and_then(|body| body.get("content"))) {
                    collect(&root, content, &mut found, |example| Example {
                        operation: name.clone(),
                        status: status.clone(),
                        media: media.to_owned(),
                        ..example
                    });
                }
            }
        }
    }
    found
}

/// The value of a JSON text, every literal as written.
///
/// # Panics
/// The text is no JSON.
pub fn value(text: &str) -> Value {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("payload", text.to_owned()));
    match json::parse(&sources, id, &Limits::default()) {
        Ok(mut node) => std::mem::replace(&mut node.value, Value::Null),
        Err(problems) => panic!("no JSON: {problems:?}"),
    }
}

fn collect(
    root: &Node,
    content: &Node,
    found: &mut Vec<Example>,
    place: impl Fn(Example) -> Example,
) {
    let schema = content.get("schema").map(compact).unwrap_or_default();
    let mut push = |name: &str, value: &Node, not_evidence: Option<String>| {
        found.push(place(Example {
            operation: String::new(),
            status: None,
            media: String::new(),
            name: name.to_owned(),
            not_evidence,
            text: compact(value),
            schema: schema.clone(),
        }));
    };
    if let Some(value) = content.get("example") {
        push("example", value, None);
    }
    for (name, example) in members(content.get("examples")) {
        let example = follow(root, example);
        let reason = example.get("x-verbatim-not-evidence");
        let reason = reason.and_then(Node::as_str).map(str::to_owned);
        if let Some(value) = example.get("value") {
            push(name, value, reason);
        }
    }
}

fn compact(node: &Node) -> String {
    write::compact(&node.value)
}

fn text(node: &Node, name: &str) -> String {
    let value = node.get(name).and_then(Node::as_str);
    value.unwrap_or_default().to_owned()
}

/// The members of an object; none where there is no object.
pub(crate) fn members(node: Option<&Node>) -> impl Iterator<Item = (&str, &Node)> {
    let object = match node.map(|node| &node.value) {
        Some(Value::Object(object)) => Some(object),
        _ => None,
    };
    let members = object.map(Object::members).unwrap_or_default();
    members
        .iter()
        .map(|member| (member.key.as_str(), &member.value))
}

/// The target of a reference within the document, through at most 32 steps.
fn follow<'n>(root: &'n Node, mut node: &'n Node) -> &'n Node {
    for _ in 0..32 {
        let target = node
            .get("$ref")
            .and_then(Node::as_str)
            .and_then(|reference| reference.strip_prefix('#'))
            .and_then(|pointer| verbatim_source::pointer::resolve(root, pointer));
        match target {
            Some(target) => node = target,
            None => break,
        }
    }
    node
}
