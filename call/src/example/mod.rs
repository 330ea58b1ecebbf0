//! A command line that can be tried, from the examples of the document, and made up where it has none.

mod made;

use crate::check::violations;
use crate::flag::{Flag, Kind, Target, flags};
use crate::table::{Body, BodyKind, Operation, Parameter, Type};
use crate::value;
use std::collections::BTreeSet;
use verbatim_source::{Node, Value, write};

/// With more words than these a body is better given as a whole.
const MOST: usize = 14;

/// The words behind group and method: the parameters that are needed, and the documented body. None
/// where a file is needed, or where the words would be too many to read.
pub fn example(operation: &Operation) -> Option<Vec<String>> {
    let flags = flags(operation);
    let mut words = Vec::new();
    let mut places = Vec::new();
    for flag in flags.iter().filter(|flag| flag.required) {
        let Target::Parameter(at) = flag.target else {
            continue;
        };
        let parameter = operation.parameters.get(at)?;
        let node = documented(parameter).or_else(|| invented(operation, flag, parameter))?;
        match &flag.long {
            None => places.push(value::text(&node)),
            Some(long) => words.extend(written(flag, long, &node)),
        }
    }
    if let Some(body) = &operation.body
        && (body.required || body.example.is_some())
    {
        if body.kind != BodyKind::Json {
            return None;
        }
        let text = body.example.as_ref()?.as_str().to_owned();
        let node = value::parse("example", text).ok()?;
        words.extend(members(&flags, &node, body.ty.as_ref())?);
    }
    places.extend(words);
    (places.len() <= MOST).then_some(places)
}

/// The lines of a shell that call an operation, whatever it needs; `head` are the words up to the method. Where a body
/// is too long for a line, or unknown, the first line writes one to start from into a file.
pub fn lines(head: &str, operation: &Operation) -> Vec<String> {
    if let Some(words) = example(operation) {
        return vec![joined(head, &words)];
    }
    let flags = flags(operation);
    let mut words = of_parameters(operation, &flags);
    let Some(body) = operation
        .body
        .as_ref()
        .filter(|it| it.required || it.example.is_some())
    else {
        return vec![joined(head, &words)];
    };
    match body.kind {
        BodyKind::Raw => words.extend(of_file(body)),
        BodyKind::Form | BodyKind::Multipart => words.extend(of_fields(operation, &flags)),
        BodyKind::Json => {
            let begin = format!("{} --example > {FILE}.json", joined(head, &words));
            words.extend(["--body".to_owned(), format!("{FILE}.json")]);
            return vec![begin, joined(head, &words)];
        }
    }
    vec![joined(head, &words)]
}

/// What a file is called that holds a body.
const FILE: &str = "body";

fn joined(head: &str, words: &[String]) -> String {
    format!("{head} {}", line(words)).trim_end().to_owned()
}

/// A body to start from: that of the document, else one that is made up.
pub fn body(operation: &Operation) -> Option<Node> {
    let body = operation.body.as_ref()?;
    let given = body.example.as_ref().map(|it| it.as_str().to_owned());
    let given = given.and_then(|text| value::parse("example", text).ok());
    let made = || Some(made::value(operation, body.ty.as_ref()?, &[]));
    given.or_else(made)
}

/// The words for the parameters that are needed.
fn of_parameters(operation: &Operation, flags: &[Flag]) -> Vec<String> {
    let mut words = Vec::new();
    let mut places = Vec::new();
    for flag in flags.iter().filter(|flag| flag.required) {
        let Target::Parameter(at) = flag.target else {
            continue;
        };
        let Some(parameter) = operation.parameters.get(at) else {
            continue;
        };
        let node = documented(parameter).or_else(|| invented(operation, flag, parameter));
        let node = node.unwrap_or_else(|| made::value(operation, &parameter.ty, &parameter.checks));
        match &flag.long {
            None => places.push(value::text(&node)),
            Some(long) => words.extend(written(flag, long, &node)),
        }
    }
    places.extend(words);
    places
}

/// How the names of files end that are often sent as they are.
const ENDINGS: [(&str, &str); 9] = [
    ("application/gzip", "gz"),
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/xml", "xml"),
    ("application/zip", "zip"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
];

/// The words for a body that is sent as it is: a file whose name says its media type.
fn of_file(body: &Body) -> Vec<String> {
    let essence = body.media.split(';').next().unwrap_or_default().trim();
    let media = match essence.split_once('/') {
        Some(("image", "*")) => "image/png",
        Some(("text", "*")) => "text/plain",
        Some((_, "*")) => "application/octet-stream",
        _ => essence,
    };
    let file = ENDINGS.iter().find(|(known, _)| *known == media);
    let file = file.map_or(FILE.to_owned(), |(_, ending)| format!("{FILE}.{ending}"));
    let mut words = vec!["--body".to_owned(), file];
    if body.has_choice() {
        words.extend(["--content-type".to_owned(), media.to_owned()]);
    }
    words
}

/// The words for the fields of a form that are needed.
fn of_fields(operation: &Operation, flags: &[Flag]) -> Vec<String> {
    let node = body(operation);
    let is_needed = |flag: &&Flag| flag.required;
    let members = flags
        .iter()
        .filter(|it| matches!(it.target, Target::Member(_)));
    let mut chosen: Vec<&Flag> = members.clone().filter(is_needed).collect();
    if chosen.is_empty() {
        chosen.extend(members.take(1));
    }
    let mut words = Vec::new();
    for flag in chosen {
        let (Target::Member(path), Some(long)) = (&flag.target, &flag.long) else {
            continue;
        };
        let given = node.as_ref().and_then(|node| value::at(node, path));
        let node = match flag.kind {
            Kind::File => Node::made(path.last().map_or(FILE, String::as_str)),
            _ => given.cloned().unwrap_or_else(|| Node::made("text")),
        };
        words.extend(written(flag, long, &node));
    }
    words
}

/// The example of a parameter.
fn documented(parameter: &Parameter) -> Option<Node> {
    let given = parameter.example.as_ref()?.as_str().to_owned();
    value::parse("example", given).ok()
}

/// A value where the document shows none: a plain one, unless its bounds forbid that.
fn invented(operation: &Operation, flag: &Flag, parameter: &Parameter) -> Option<Node> {
    let plain = plain(flag, &parameter.ty)?;
    let (ty, checks) = (&parameter.ty, parameter.checks.as_slice());
    if violations(operation, ty, checks, &plain).is_empty() {
        return Some(plain);
    }
    Some(made::value(operation, ty, checks))
}

/// A plain value; none where only JSON or a file would do.
fn plain(flag: &Flag, ty: &Type) -> Option<Node> {
    if let Some(word) = flag.words.first() {
        return Some(Node::made(word.as_str()));
    }
    match (flag.kind, ty) {
        (Kind::Number, _) => Some(Node::made(Value::Number("1".to_owned()))),
        (Kind::Boolean, _) => Some(Node::made(true)),
        (Kind::Text | Kind::JsonOrText, _) => Some(Node::made("ID")),
        (Kind::Json | Kind::File, _) => None,
    }
}

/// The words of one flag; a list has it several times.
fn written(flag: &Flag, long: &str, node: &Node) -> Vec<String> {
    let one = |node: &Node| {
        let text = value::text(node);
        match (flag.kind, text.starts_with('-')) {
            (Kind::Boolean, _) | (_, true) => vec![format!("--{long}={text}")],
            _ => vec![format!("--{long}"), text],
        }
    };
    match &node.value {
        Value::Array(items) if flag.list => items.iter().flat_map(one).collect(),
        _ => one(node),
    }
}

/// The words that give a body: flags for the members that have one, `--set` for all others.
fn members(flags: &[Flag], body: &Node, ty: Option<&Type>) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut given: BTreeSet<Vec<String>> = BTreeSet::new();
    for flag in flags {
        let (Target::Member(path), Some(long)) = (&flag.target, &flag.long) else {
            continue;
        };
        let Some(node) = value::at(body, path) else {
            continue;
        };
        let is_said = match (&node.value, flag.kind) {
            (Value::Null, _) => false,
            (Value::Array(items), _) if flag.list => {
                let is_plain = |it: &Node| flag.kind == Kind::Json || is_scalar(it);
                !items.is_empty() && items.iter().all(is_plain)
            }
            (Value::Array(_) | Value::Object(_), kind) => kind == Kind::Json,
            // A text that reads as JSON would not stay a text.
            (Value::String(text), Kind::JsonOrText) => value::parse_short(text).is_err(),
            (Value::String(_), kind) => matches!(kind, Kind::Text),
            (Value::Number(_), kind) => matches!(kind, Kind::Number | Kind::JsonOrText),
            (Value::Bool(_), kind) => matches!(kind, Kind::Boolean | Kind::JsonOrText),
        };
        if is_said {
            words.extend(written(flag, long, node));
            given.insert(path.clone());
        }
    }
    let roots = crate::request::roots(ty);
    let mut rest = Vec::new();
    remaining(body, &mut Vec::new(), &given, &mut rest);
    for (path, node) in rest {
        let path = path.strip_prefix(roots.as_slice())?;
        if path.is_empty() || path.iter().any(|name| name.contains(['.', '='])) {
            return None;
        }
        words.push("--set".to_owned());
        words.push(format!(
            "{}={}",
            path.join("."),
            write::compact(&node.value)
        ));
    }
    Some(words)
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Null | Value::Array(_) | Value::Object(_))
}

/// The parts of a body that no flag gives, as large as they can be.
fn remaining<'n>(
    node: &'n Node,
    path: &mut Vec<String>,
    given: &BTreeSet<Vec<String>>,
    rest: &mut Vec<(Vec<String>, &'n Node)>,
) {
    if given.contains(path) {
        return;
    }
    let is_partly = given.iter().any(|other| other.starts_with(path));
    match &node.value {
        Value::Object(object) if is_partly || path.is_empty() => {
            for member in object {
                path.push(member.key.clone());
                remaining(&member.value, path, given, rest);
                path.pop();
            }
        }
        _ => rest.push((path.clone(), node)),
    }
}

/// Words as a shell takes them.
pub fn line(words: &[String]) -> String {
    let is_plain = |each: char| each.is_ascii_alphanumeric() || "-_./:=,@".contains(each);
    let words = words.iter().map(|word| {
        if !word.is_empty() && word.chars().all(is_plain) {
            word.clone()
        } else {
            crate::value::quoted(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
