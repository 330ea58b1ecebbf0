//! The document that evidence speaks for.

mod shared;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use verbatim_source::{Node, Object, Value};

use super::name::{camel, singular, words};
use super::object;
use super::operation::{Operation, Reply, Security};
use super::path::Segment;
use super::schema::Presence;

/// What the document is about.
pub struct Source<'a> {
    /// Host and port.
    pub authority: Option<&'a str>,
    /// The title, where the caller decided it.
    pub title: Option<&'a str>,
    /// The address, where the caller decided it.
    pub server: Option<&'a str>,
    /// How many exchanges there were.
    pub exchanges: usize,
    /// How callers showed who they are.
    pub security: &'a Security,
}

type Seen<'a> = (Vec<Segment>, &'a str, &'a Operation);

/// Writes the document.
pub fn write(source: &Source<'_>, operations: &[Seen<'_>]) -> Object {
    let base = base(operations);
    let credentials = source.security.query();
    let mut names = BTreeSet::new();
    let mut paths = Object::new();
    for (segments, method, operation) in operations {
        let segments = &segments[base..];
        let path = Path::of(segments);
        let written = described(&path, segments, method, operation, &credentials, &mut names);
        let methods = paths.get_mut(&path.template).map(|node| &mut node.value);
        let method = method.to_ascii_lowercase();
        if let Some(Value::Object(methods)) = methods {
            methods.insert(method, Node::made(written));
        } else {
            let methods = object([(method.as_str(), written)]);
            paths.insert(path.template, Node::made(Value::Object(methods)));
        }
    }
    let mut components = shared::named(&mut paths);
    let mut document = object([("openapi", Value::from("3.1.0")), ("info", info(source))]);
    let mut set = |key: &str, value: Value| document.insert(key, Node::made(value));
    let server = server(source, operations, base);
    set(
        "servers",
        Value::from(vec![Value::Object(object([("url", Value::from(server))]))]),
    );
    if let Some((schemes, required)) = source.security.written() {
        set("security", required);
        components.insert("securitySchemes", Node::made(schemes));
    }
    set("paths", Value::Object(paths));
    if !components.is_empty() {
        set("components", Value::Object(components));
    }
    document
}

fn info(source: &Source<'_>) -> Value {
    let title = match (source.title, source.authority) {
        (Some(title), _) => title.to_owned(),
        (None, Some(host)) => host.to_owned(),
        (None, None) => "Recorded API".to_owned(),
    };
    let description = format!(
        "A first draft from {} recorded exchanges. It says what was seen, and knows nothing of what was not.",
        source.exchanges
    );
    Value::Object(object([
        ("title", Value::from(title)),
        ("version", Value::from("0.1.0")),
        ("description", Value::from(description)),
    ]))
}

/// How many leading segments all paths share that name no resource: `api`, `v1`.
fn base(operations: &[Seen<'_>]) -> usize {
    let Some((first, ..)) = operations.first() else {
        return 0;
    };
    let is_lead = |segment: &Segment| match segment {
        Segment::Word(word) => {
            let version = word.strip_prefix('v').is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_digit())
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || byte == b'.')
            });
            version || ["api", "apis", "rest"].contains(&word.as_str())
        }
        Segment::Value { .. } => false,
    };
    let shared = |at: usize| {
        let all = operations.iter();
        all.clone()
            .all(|(path, ..)| path.get(at) == first.get(at) && path.len() > at + 1)
    };
    (0..first.len())
        .take_while(|at| is_lead(&first[*at]) && shared(*at))
        .count()
}

fn server(source: &Source<'_>, operations: &[Seen<'_>], base: usize) -> String {
    if let Some(server) = source.server {
        return server.to_owned();
    }
    let lead = operations
        .first()
        .map_or(&[][..], |(path, ..)| &path[..base]);
    let lead: String = lead
        .iter()
        .map(|segment| match segment {
            Segment::Word(word) => format!("/{word}"),
            Segment::Value { .. } => String::new(),
        })
        .collect();
    match source.authority {
        Some(host) => {
            let name = host.split(':').next().unwrap_or(host);
            let here = name == "localhost" || name.starts_with("127.") || host.ends_with(":80");
            let scheme = if here { "http" } else { "https" };
            format!("{scheme}://{host}{lead}")
        }
        None if lead.is_empty() => "/".to_owned(),
        None => lead,
    }
}

/// A path as the document writes it.
struct Path {
    template: String,
    parameters: Vec<Value>,
}

impl Path {
    fn of(segments: &[Segment]) -> Self {
        let mut template = String::new();
        let mut parameters: Vec<Value> = Vec::new();
        let mut taken = BTreeSet::new();
        let mut before = "";
        for segment in segments {
            template.push('/');
            match segment {
                Segment::Word(word) => {
                    template.push_str(word);
                    before = word;
                }
                Segment::Value { name, suffix, seen } => {
                    let name = unique(&mut taken, &parameter_name(name.as_deref(), before));
                    // Writing to a string cannot fail.
                    let _ = write!(template, "{{{name}}}{suffix}");
                    let schema = match seen.0.seen {
                        0 => Value::Object(object([("type", Value::from("string"))])),
                        _ => seen.0.written(&name),
                    };
                    parameters.push(Value::Object(object([
                        ("name", Value::from(name)),
                        ("in", Value::from("path")),
                        ("required", Value::from(true)),
                        ("schema", schema),
                    ])));
                }
            }
        }
        Self {
            template,
            parameters,
        }
    }
}

fn parameter_name(given: Option<&str>, before: &str) -> String {
    if let Some(given) = given {
        return given.to_owned();
    }
    let mut parts = words(stem(before));
    if let Some(last) = parts.last_mut() {
        *last = singular(last);
    }
    parts.push("id".to_owned());
    parts.join("_")
}

/// A word without the ending that names a form.
fn stem(word: &str) -> &str {
    word.split(['.', ':']).next().unwrap_or(word)
}

fn unique(taken: &mut BTreeSet<String>, name: &str) -> String {
    let mut chosen = name.to_owned();
    let mut number = 1;
    while !taken.insert(chosen.clone()) {
        number += 1;
        chosen = format!(
            "{name}{}{number}",
            if name.contains('_') { "_" } else { "" }
        );
    }
    chosen
}

fn described(
    path: &Path,
    segments: &[Segment],
    method: &str,
    operation: &Operation,
    credentials: &BTreeSet<String>,
    names: &mut BTreeSet<String>,
) -> Value {
    let name = unique(names, &operation_name(segments, method, operation));
    let mut written = object([("operationId", Value::from(name))]);
    let mut set = |key: &str, value: Value| written.insert(key, Node::made(value));
    let tag = segments.iter().find_map(|segment| match segment {
        Segment::Word(word) if !word.is_empty() => Some(stem(word)),
        _ => None,
    });
    if let Some(tag) = tag {
        set("tags", Value::from(vec![Value::from(tag)]));
    }
    let mut parameters = path.parameters.clone();
    parameters.extend(operation.query.parameters(credentials));
    if !parameters.is_empty() {
        set("parameters", Value::from(parameters));
    }
    if !operation.sent.is_empty() {
        let mut body = Object::new();
        if operation.with_body >= operation.known {
            body.insert("required", Node::made(true));
        }
        let content = operation.sent.content(Presence::Repeated);
        body.insert("content", Node::made(content));
        set("requestBody", Value::Object(body));
    }
    let replies = operation.replies.iter();
    let replies: Object = replies
        .map(|(status, reply)| (status.to_string(), reply.written(*status)))
        .collect();
    set("responses", Value::Object(replies));
    Value::Object(written)
}

/// A name that a person might have given: `listServers`, `createServer`, `deleteServerIp`.
fn operation_name(segments: &[Segment], method: &str, operation: &Operation) -> String {
    let mut nouns: Vec<Vec<String>> = Vec::new();
    let mut form = None;
    for (at, segment) in segments.iter().enumerate() {
        let suffix = match segment {
            Segment::Word(word) => {
                let mut parts = words(stem(word));
                let leads = matches!(segments.get(at + 1), Some(Segment::Value { .. }));
                if leads && let Some(last) = parts.last_mut() {
                    *last = singular(last);
                }
                nouns.push(parts);
                &word[stem(word).len()..]
            }
            Segment::Value { suffix, .. } => suffix,
        };
        match suffix.strip_prefix(':') {
            Some(action) => nouns.push(words(action)),
            None => form = suffix.strip_prefix('.').filter(|form| *form != "json"),
        }
    }
    let ends_in_word = matches!(segments.last(), Some(Segment::Word(_)));
    let within = segments.len() > 1
        && matches!(
            segments.get(segments.len() - 2),
            Some(Segment::Value { .. })
        );
    let creates = operation.replies.contains_key(&201) || segments.len() == 1;
    let is_plural = nouns
        .last()
        .and_then(|parts| parts.last())
        .is_some_and(|last| singular(last) != *last);
    let verb = match method {
        "GET" if ends_in_word && (operation.is_list() || is_plural) => "list",
        "GET" => "get",
        "POST" if ends_in_word && is_plural && creates => "create",
        // The last word says what is done.
        "POST" | "PUT" if ends_in_word && within && !is_plural => "",
        "POST" => "post",
        "PUT" => "update",
        "DELETE" => "delete",
        other => other,
    };
    let verb = verb.to_ascii_lowercase();
    if verb == "create"
        && let Some(last) = nouns.last_mut().and_then(|parts| parts.last_mut())
    {
        *last = singular(last);
    }
    let mut parts: Vec<String> = Vec::new();
    if verb.is_empty() {
        parts.extend(nouns.pop().unwrap_or_default());
    } else {
        parts.push(verb);
    }
    parts.extend(nouns.into_iter().flatten());
    parts.extend(form.map(str::to_owned));
    match camel(&parts) {
        name if name.is_empty() => method.to_ascii_lowercase(),
        name => name,
    }
}

impl Reply {
    fn written(&self, status: u16) -> Value {
        let reason = http_reason(status).unwrap_or("As it was recorded");
        let mut written = object([("description", Value::from(format!("{reason}.")))]);
        if !self.bodies.is_empty() {
            if self.blank > 0 {
                // Some had no body.
                written.insert("x-verbatim-blank", Node::made(true));
            }
            let content = self.bodies.content(Presence::Always);
            written.insert("content", Node::made(content));
        }
        Value::Object(written)
    }
}

/// The usual words of a status.
fn http_reason(status: u16) -> Option<&'static str> {
    Some(match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No content",
        400 => "Bad request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        410 => "Gone",
        422 => "Unprocessable content",
        429 => "Too many requests",
        500 => "Internal server error",
        503 => "Service unavailable",
        _ => return None,
    })
}
