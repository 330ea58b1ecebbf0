//! Judges the body of a response.

use verbatim_contract::{Direction, Media, Operation, Place, Reply, Schema, Violation};
use verbatim_source::{Node, Pointer, Value, pointer, write};

use super::content::{self, Language};
use super::{Fault, Shapes, form, stream, union, walk};
use crate::body::general;
use crate::evidence::Remedy;
use crate::exchange::Exchange;
use crate::finding::{Kind, Severity};
use crate::redact::{MASK, Redactor, cut, is_masked};

/// Alternatives inside alternatives that are looked into for the true reason.
const DEEPEST: usize = 6;

/// Violations of one body that are told.
const MOST: usize = 200;

/// A response that is documented.
pub struct Input<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// What was sent and received.
    pub exchange: &'a Exchange,
    /// What is documented for the status.
    pub reply: &'a Reply,
}

/// What was read of a body.
#[derive(Default)]
pub struct Judged {
    /// The value, where it is JSON.
    pub tree: Option<Node>,
    /// The documented properties that were seen.
    pub slots: Vec<String>,
}

/// Judges a body by what is documented for its status.
pub fn judge(shapes: &Shapes<'_>, redactor: &Redactor, input: &Input<'_>) -> (Judged, Vec<Fault>) {
    let response = &input.exchange.response;
    let bytes = response.body.as_deref().unwrap_or(&[]);
    let blank = bytes.iter().all(u8::is_ascii_whitespace);
    if input.reply.media.is_empty() || blank {
        return (
            Judged::default(),
            presence(shapes, input, blank).into_iter().collect(),
        );
    }
    let sent = response
        .field("content-type")
        .filter(|media| media.contains('/'));
    if let Some(media) = sent.and_then(|name| input.reply.media(name))
        && let Some(item) = &media.item
        && let Some(found) = streamed(shapes, redactor, input, item)
    {
        return found;
    }
    if let Some(media) = sent.and_then(|name| input.reply.media(name))
        && let Some(schema) = &media.schema
        && let Some(found) = form_reply(shapes, redactor, input, media, schema)
    {
        return found;
    }
    let language = match sent {
        Some(media) => Language::of(media),
        None => Some(Language::Json),
    };
    // A recording without content types of something that is not JSON cannot be judged.
    let fits = sent.is_some() || input.reply.json().is_some();
    let Some(language) = language.filter(|_| fits) else {
        return (Judged::default(), Vec::new());
    };
    let media = documented(shapes, input.reply, sent, language);
    if media.is_none() && language != Language::Json {
        return (Judged::default(), Vec::new());
    }
    let schema = media.and_then(|media| media.schema.as_ref());
    content(shapes, redactor, input, language, schema)
}

/// The documented form of a body. JSON of another media type is judged as the JSON that is documented, and so is the
/// XML that a document offers for all of its JSON.
fn documented<'r>(
    shapes: &Shapes<'_>,
    reply: &'r Reply,
    sent: Option<&str>,
    language: Language,
) -> Option<&'r Media> {
    let named = sent.and_then(|name| reply.media(name));
    let of_all = || {
        let formats = shapes.contract().formats.iter();
        language == Language::Json
            || formats
                .clone()
                .any(|format| Language::of(&format.media) == Some(language))
    };
    named.or_else(|| reply.json().filter(|_| of_all()))
}

/// A body where none is documented, or none where one is.
fn presence(shapes: &Shapes<'_>, input: &Input<'_>, blank: bool) -> Option<Fault> {
    let status = input.exchange.response.status;
    let bytes = input.exchange.response.body.as_deref().unwrap_or(&[]);
    let place = format!("{status}:body");
    if !blank {
        let message = "a body came where none is documented";
        let shown = cut(&String::from_utf8_lossy(bytes), 200);
        let fault = Fault::new(Kind::Schema, Severity::Warning, place, message);
        let reply = input.reply.pointer.clone();
        return Some(fault.value("", shown).against(reply));
    }
    let schema = input.reply.json()?.schema.as_ref()?;
    if matches!(status, 204 | 205 | 304) || excuses_blank(shapes, input) {
        return None;
    }
    // A schema that wants nothing in particular is content with nothing.
    let nothing = Value::Null;
    if shapes
        .contract()
        .accepts(schema, &nothing, Direction::Reply)
    {
        return None;
    }
    let message = "the body is empty where JSON is documented";
    let fault = Fault::new(Kind::Schema, Severity::Error, place, message);
    Some(fault.against(input.reply.pointer.join("content")))
}

/// `x-verbatim-blank`: a missing body says the same as an empty object.
fn excuses_blank(shapes: &Shapes<'_>, input: &Input<'_>) -> bool {
    let contract = shapes.contract();
    let places = [&input.operation.pointer, &input.reply.pointer];
    places.iter().any(|place| {
        let node = contract.node(place);
        let flag = node.and_then(|node| node.get("x-verbatim-blank"));
        flag.is_some_and(|flag| flag.as_bool() != Some(false))
    })
}

fn content(
    shapes: &Shapes<'_>,
    redactor: &Redactor,
    input: &Input<'_>,
    language: Language,
    schema: Option<&Schema>,
) -> (Judged, Vec<Fault>) {
    let status = input.exchange.response.status;
    let bytes = input.exchange.response.body.as_deref().unwrap_or(&[]);
    let read = content::read(shapes, language, schema, bytes);
    let mut faults = Vec::new();
    if let Some(reason) = read.fault {
        let message = format!("the body is no {}: {reason}", language.name());
        faults.push(Fault::new(
            Kind::Syntax,
            Severity::Error,
            format!("{status}:body"),
            message,
        ));
    }
    if let Some((sent, documented)) = &read.other_root {
        let message = format!(
            "the root element is `{}`; documented: `{documented}`",
            cut(sent, 80)
        );
        let place = format!("{status}:/:xml");
        faults.push(Fault::new(Kind::Schema, Severity::Error, place, message));
    }
    for (at, key) in &read.duplicates {
        let place = format!("{status}:{}/{key}", general(at.as_str()));
        let message = format!("the key `{}` is named twice in one object", cut(key, 80));
        let fault = Fault::new(Kind::DuplicateKey, Severity::Error, place, message);
        faults.push(fault.value(at.join(key).as_str(), ""));
    }
    let Some(tree) = read.tree else {
        return (Judged::default(), faults);
    };
    checked(shapes, redactor, input, schema, tree, faults)
}

/// A sequence of items as a body, each judged by itself; `None` where the media type is not one of a sequence.
fn streamed(
    shapes: &Shapes<'_>,
    redactor: &Redactor,
    input: &Input<'_>,
    item: &Schema,
) -> Option<(Judged, Vec<Fault>)> {
    let response = &input.exchange.response;
    let items = stream::items(&response.media()?, response.body.as_deref()?)?;
    let mut faults = Vec::new();
    let mut nodes = Vec::with_capacity(items.len());
    for (number, item) in items.into_iter().enumerate() {
        nodes.push(item.unwrap_or_else(|reason| {
            let message = format!("item {number} of the body is no JSON: {reason}");
            let place = format!("{}:body", response.status);
            faults.push(Fault::new(Kind::Syntax, Severity::Error, place, message));
            Node::made(Value::Null)
        }));
    }
    // One fault stands for a body that is none of what it says.
    if !faults.is_empty() {
        faults.truncate(1);
        return Some((Judged::default(), faults));
    }
    let tree = Node::made(Value::Array(nodes));
    let ground = Ground {
        shapes,
        redactor,
        input,
        tree: &tree,
        partial: false,
    };
    for (number, node) in tree.as_array().into_iter().flatten().enumerate() {
        let violations = union::check(shapes, item, node, Direction::Reply);
        for (at, violation) in violations.iter().take(MOST) {
            ground.explain(violation, &format!("/{number}{at}"), DEEPEST, &mut faults);
        }
    }
    Some((Judged::default(), faults))
}

/// A form as a body; `None` where it is none that can be read.
fn form_reply(
    shapes: &Shapes<'_>,
    redactor: &Redactor,
    input: &Input<'_>,
    media: &Media,
    schema: &Schema,
) -> Option<(Judged, Vec<Fault>)> {
    let response = &input.exchange.response;
    let bytes = response.body.as_deref()?;
    let sent = response.field("content-type")?;
    let value = match response.media()?.as_str() {
        "application/x-www-form-urlencoded" => form::urlencoded(shapes, media, schema, bytes),
        "multipart/form-data" => {
            form::multipart(shapes, media, schema, sent, bytes)
                .ok()?
                .value
        }
        _ => return None,
    };
    let tree = Node::made(value);
    let (judged, faults) = checked(shapes, redactor, input, Some(schema), tree, Vec::new());
    // It is no JSON, which others would compare with what was sent.
    let judged = Judged {
        tree: None,
        ..judged
    };
    Some((judged, faults))
}

/// Judges a value by its schema.
fn checked(
    shapes: &Shapes<'_>,
    redactor: &Redactor,
    input: &Input<'_>,
    schema: Option<&Schema>,
    tree: Node,
    mut faults: Vec<Fault>,
) -> (Judged, Vec<Fault>) {
    let status = input.exchange.response.status;
    let mut slots = Vec::new();
    if let Some(schema) = schema {
        let ground = Ground {
            shapes,
            redactor,
            input,
            tree: &tree,
            partial: is_partial(input),
        };
        let violations = union::check(shapes, schema, &tree, Direction::Reply);
        for (at, violation) in violations.iter().take(MOST) {
            ground.explain(violation, at, DEEPEST, &mut faults);
        }
        let walked = walk::walk(shapes, schema, &tree, &status.to_string(), redactor);
        slots = walked.slots;
        faults.extend(walked.faults);
        faults.extend(walked.one_way);
    }
    let judged = Judged {
        tree: Some(tree),
        slots,
    };
    (judged, faults)
}

/// Whether the request asks for some properties only, so that others may be absent.
fn is_partial(input: &Input<'_>) -> bool {
    let pairs = input.exchange.request.query_pairs();
    let mut selects = pairs
        .iter()
        .filter(|(name, value)| name == "fields" && !value.is_empty());
    selects.any(|(name, _)| {
        let mut documented = input.operation.parameters_in(Place::Query);
        documented.any(|parameter| parameter.name == *name)
    })
}

struct Ground<'a, 'c> {
    shapes: &'a Shapes<'c>,
    redactor: &'a Redactor,
    input: &'a Input<'a>,
    tree: &'a Node,
    partial: bool,
}

/// How far a value is from an alternative. Words that tell alternatives apart count most.
fn distance(violations: &[Violation]) -> usize {
    let weight = |one: &Violation| match one.keyword.as_str() {
        "const" | "enum" => 100,
        _ => 1,
    };
    violations.iter().map(weight).sum()
}

impl Ground<'_, '_> {
    /// The faults that a violation means. The prefix is the place of the part of the body that
    /// was checked.
    fn explain(&self, violation: &Violation, prefix: &str, depth: usize, faults: &mut Vec<Fault>) {
        let at = format!("{prefix}{}", violation.instance);
        let chooses = matches!(violation.keyword.as_str(), "anyOf" | "oneOf");
        if chooses
            && depth > 0
            && let Some(inner) = self.nearest(violation, &at)
        {
            for one in &inner {
                self.explain(one, &at, depth - 1, faults);
            }
            return;
        }
        if violation.keyword == "required" && self.partial {
            return;
        }
        if violation.keyword == "format" && !self.shapes.asserts_formats() {
            return;
        }
        // What a recorder masked has the value of no schema.
        let value = pointer::resolve(self.tree, &at);
        if value.and_then(Node::as_str).is_some_and(is_masked) {
            return;
        }
        faults.push(self.fault(violation, &at));
    }

    /// The violations of the alternative that a value comes nearest to, where one has the right
    /// type at least.
    fn nearest(&self, violation: &Violation, at: &str) -> Option<Vec<Violation>> {
        let contract = self.shapes.contract();
        let value = pointer::resolve(self.tree, at)?;
        let list = Pointer::parse(&violation.keyword_pointer)?;
        let count = contract.node(&list)?.as_array()?.len();
        let mut best: Option<(usize, Vec<Violation>)> = None;
        for index in 0..count {
            let schema = contract.schema(&list.item(index));
            let found = contract.check(&schema, &value.value, Direction::Reply);
            let other_type = found.iter().any(|one| {
                one.instance.is_empty() && matches!(one.keyword.as_str(), "type" | "enum" | "const")
            });
            if found.is_empty() || other_type {
                continue;
            }
            let far = distance(&found);
            if best.as_ref().is_none_or(|(least, _)| far < *least) {
                best = Some((far, found));
            }
        }
        best.map(|(_, found)| found)
    }

    fn fault(&self, violation: &Violation, at: &str) -> Fault {
        let status = self.input.exchange.response.status;
        let value = pointer::resolve(self.tree, at);
        let mut place = format!("{status}:{}", general(at));
        let keyword = violation.keyword.as_str();
        let named = match (keyword, violation.properties.first()) {
            ("required" | "additionalProperties" | "unevaluatedProperties", Some(name)) => {
                place = format!("{place}/{name}");
                name.as_str()
            }
            _ => "",
        };
        place = format!("{place}:{keyword}");
        let (kind, severity) = match keyword {
            "enum" | "const" | "additionalProperties" | "unevaluatedProperties" => {
                (Kind::Drift, Severity::Error)
            }
            "format" => (Kind::Schema, Severity::Warning),
            _ => (Kind::Schema, Severity::Error),
        };
        let message = self.sentence(violation, at, value, named);
        let shown = value.map_or(String::new(), |value| self.shown(at, value));
        let remedy = value.and_then(|value| Remedy::schema(self.shapes, violation, value));
        Fault::new(kind, severity, place, message)
            .value(at, shown)
            .against(Pointer::parse(&violation.keyword_pointer))
            .remedy(remedy)
    }

    fn sentence(
        &self,
        violation: &Violation,
        at: &str,
        value: Option<&Node>,
        named: &str,
    ) -> String {
        let place = if at.is_empty() { "the body" } else { at };
        let kind = value.map_or("absent", |value| value.value.kind());
        let limit = || {
            let place = Pointer::parse(&violation.keyword_pointer)?;
            let node = self.shapes.contract().node(&place)?;
            Some(cut(&write::compact(&node.value), 120))
        };
        let limit = limit().unwrap_or_default();
        let shown = value.map_or(String::new(), |value| cut(&self.shown(at, value), 80));
        match violation.keyword.as_str() {
            "type" if kind == "null" => format!("{place} is null where {limit} is documented"),
            "type" => format!("{place} is {kind} where {limit} is documented"),
            "discriminator" => format!("{place} is {shown}, which {}", violation.message),
            "required" => format!("{place} has no `{named}`, which is documented as required"),
            "additionalProperties" | "unevaluatedProperties" => {
                format!(
                    "{place} has a property `{named}`, and the document allows no other than its own"
                )
            }
            "enum" | "const" => format!("{place} is {shown}, which is not among {limit}"),
            "anyOf" | "oneOf" => format!(
                "{place} is {kind} and fits none, or too many, of the documented alternatives"
            ),
            other => format!("{place} is {shown}, which breaks `{other}: {limit}`"),
        }
    }

    /// A value as JSON, unless its place says that it is a secret.
    fn shown(&self, at: &str, value: &Node) -> String {
        if at.split('/').any(|token| self.redactor.is_secret(token)) {
            return MASK.to_owned();
        }
        let text = write::compact(&value.value);
        self.redactor.body(cut(&text, 400).as_bytes(), None)
    }
}
