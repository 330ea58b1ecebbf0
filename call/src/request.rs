//! The request that a command line describes.

use crate::check::violations;
use crate::failure::{Failure, did_you_mean, near};
use crate::flag::{Flag, Target, flags, of_several};
use crate::table::{Body, BodyKind, Operation, Parameter, Type};
use crate::value;
use bytes::Bytes;
use clap::ArgMatches;
use std::io::Read;
use std::path::PathBuf;
use verbatim_runtime::service::Place;
use verbatim_source::write::compact;
use verbatim_source::{Node, Object, Value};

/// What is sent beside method, path and credentials.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Values of parameters, by the place of the parameter.
    pub parameters: Vec<(usize, Node)>,
    /// The body.
    pub body: Option<Content>,
    /// Its media type, where it is named.
    pub media: Option<String>,
}

/// A body.
#[derive(Clone, Debug)]
pub enum Content {
    /// JSON as it is sent.
    Json(Bytes),
    /// The fields of a form, or of a multipart body.
    Fields(Node),
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, read while it is sent.
    File(PathBuf),
}

/// Reads the request of an operation from what was given.
///
/// # Errors
/// Values that cannot be read, and files that cannot, each with the flag that gives it.
pub fn read(
    operation: &Operation,
    matches: &ArgMatches,
    stdin: &mut dyn Read,
) -> Result<Request, Failure> {
    let flags = flags(operation);
    let mut request = Request::default();
    for flag in &flags {
        if let Target::Parameter(place) = flag.target
            && let Some(node) = given(flag, matches)?
        {
            request.parameters.push((place, node));
        }
    }
    if let Some(body) = &operation.body {
        request.body = content(body, &flags, matches, stdin)?;
        let named = matches.try_get_one::<String>("content-type");
        request.media = named.ok().flatten().cloned();
    }
    Ok(request)
}

/// As [`read`], a request for each identifier where several are given.
///
/// # Errors
/// As [`read`].
pub fn read_all(
    operation: &Operation,
    matches: &ArgMatches,
    stdin: &mut dyn Read,
) -> Result<Vec<Request>, Failure> {
    let request = read(operation, matches, stdin)?;
    let flags = flags(operation);
    let Some(flag) = of_several(operation, &flags) else {
        return Ok(vec![request]);
    };
    let (Target::Parameter(place), Some(texts)) =
        (&flag.target, matches.get_many::<String>(&flag.id))
    else {
        return Ok(vec![request]);
    };
    let requests = texts.map(|text| {
        let node = value::read(flag.kind, text)
            .map_err(|message| Failure::usage(format!("{}: {message}", flag.shown())))?;
        let mut request = request.clone();
        for (at, given) in &mut request.parameters {
            if at == place {
                *given = node.clone();
            }
        }
        Ok(request)
    });
    requests.collect()
}

/// The value of a flag; none where it is not given.
fn given(flag: &Flag, matches: &ArgMatches) -> Result<Option<Node>, Failure> {
    let Some(texts) = matches.get_many::<String>(&flag.id) else {
        return Ok(None);
    };
    let wrong = |message: String| Failure::usage(format!("{}: {message}", flag.shown()));
    let mut nodes = Vec::new();
    for text in texts {
        nodes.push(value::read(flag.kind, text).map_err(wrong)?);
    }
    if flag.list {
        return Ok(Some(Node::made(Value::Array(nodes))));
    }
    Ok(nodes.into_iter().next())
}

fn content(
    body: &Body,
    flags: &[Flag],
    matches: &ArgMatches,
    stdin: &mut dyn Read,
) -> Result<Option<Content>, Failure> {
    let file = matches.get_one::<String>("body").map(String::as_str);
    if body.kind == BodyKind::Raw {
        return match file {
            Some("-") => Ok(Some(Content::Bytes(standard_input(stdin)?.into()))),
            Some(path) => {
                // What cannot be opened is said before anything is sent.
                std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
                Ok(Some(Content::File(path.into())))
            }
            None if body.required => Err(Failure::usage("the request needs a body")
                .remedy("give it by --body FILE, or --body - for the standard input")),
            None => Ok(None),
        };
    }
    let mut text = None;
    let mut root = None;
    if let Some(path) = file {
        let (name, bytes) = match path {
            "-" => ("the standard input", standard_input(stdin)?),
            path => {
                let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
                (path, bytes)
            }
        };
        let read = String::from_utf8(bytes)
            .map_err(|_| Failure::usage(format!("--body: {name} is not UTF-8 text")))?;
        let node = value::parse(name, read.clone())
            .map_err(|problem| Failure::usage(format!("--body: {problem}")))?;
        text = Some(read);
        root = Some(node);
    }
    let is_whole = root.is_some();
    let mut is_changed = false;
    for flag in flags {
        let Target::Member(path) = &flag.target else {
            continue;
        };
        let Some(node) = given(flag, matches)? else {
            continue;
        };
        let root = root.get_or_insert_with(|| Node::made(Object::new()));
        value::put(root, path, node)
            .map_err(|message| Failure::usage(format!("{}: {message}", flag.shown())))?;
        is_changed = true;
    }
    for word in matches.get_many::<String>("set").into_iter().flatten() {
        set(&mut root, (body.ty.as_ref(), flags), word)?;
        is_changed = true;
    }
    let Some(root) = root else {
        // An editor gives it later.
        let is_edited = matches.try_get_one::<bool>("edit").ok().flatten() == Some(&true);
        if body.required && !is_edited {
            return Err(nothing_given(flags));
        }
        return Ok(None);
    };
    Ok(Some(match (body.kind, text) {
        (BodyKind::Json, Some(text)) if is_whole && !is_changed => Content::Json(text.into()),
        (BodyKind::Json, _) => Content::Json(compact(&root.value).into()),
        _ => Content::Fields(root),
    }))
}

/// `PATH=JSON`: dots between the names, a number for an item of a list; a root key that wraps the body is left out.
fn set(
    root: &mut Option<Node>,
    (ty, flags): (Option<&Type>, &[Flag]),
    word: &str,
) -> Result<(), Failure> {
    let wrong = |message: String| Failure::usage(format!("--set {word}: {message}"));
    let Some((path, text)) = word.split_once('=') else {
        return Err(wrong("it has no equals sign".to_owned()).remedy("write --set path=JSON"));
    };
    let node = value::parse_short(text).map_err(|message| {
        wrong(format!("the value is no JSON: {message}"))
            .remedy("a text needs quotes of its own: --set 'name=\"web-1\"'")
    })?;
    let mut names = roots(ty);
    if !path.is_empty() {
        names.extend(path.split('.').map(str::to_owned));
    }
    let root = root.get_or_insert_with(|| Node::made(Object::new()));
    for list in flags.iter().filter(|flag| flag.list) {
        if let Target::Member(path) = &list.target
            && names.len() > path.len()
            && names.starts_with(path)
            && value::at(root, path).is_none()
        {
            // A list that is not there yet is begun, where an object would be made else.
            value::put(root, path, Node::made(Value::Array(Vec::new()))).map_err(wrong)?;
        }
    }
    value::put(root, &names, node).map_err(wrong)
}

/// The root keys under which a type travels.
pub fn roots(ty: Option<&Type>) -> Vec<String> {
    match ty {
        Some(Type::Root(key, inner)) => {
            let mut keys = vec![key.clone()];
            keys.extend(roots(Some(inner)));
            keys
        }
        Some(Type::Nullable(inner)) => roots(Some(inner)),
        _ => Vec::new(),
    }
}

fn nothing_given(flags: &[Flag]) -> Failure {
    let members = flags.iter();
    let members = members.filter(|flag| matches!(flag.target, Target::Member(_)));
    let mut names: Vec<String> = members
        .clone()
        .filter(|flag| flag.required)
        .map(Flag::shown)
        .collect();
    if names.is_empty() {
        names = members.take(3).map(Flag::shown).collect();
    }
    let flags = match names.as_slice() {
        [] => String::new(),
        names => format!("give {}, or ", names.join(", ")),
    };
    Failure::usage("the request needs a body").remedy(format!(
        "{flags}--body FILE; --example prints one to start from"
    ))
}

fn standard_input(stdin: &mut dyn Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    stdin
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("--body -: the standard input: {error}")))?;
    Ok(bytes)
}

fn unreadable(path: &str, error: &std::io::Error) -> Failure {
    Failure::usage(format!("--body: {path} cannot be read: {error}"))
}

/// Tells everything that the document does not allow, in one failure.
///
/// # Errors
/// The flag and the bound of each value that is out of it.
pub fn check(operation: &Operation, request: &Request) -> Result<(), Failure> {
    let flags = flags(operation);
    let mut found: Vec<(String, String)> = Vec::new();
    for flag in &flags {
        let Target::Parameter(place) = flag.target else {
            continue;
        };
        let Some(parameter) = operation.parameters.get(place) else {
            continue;
        };
        let given = request.parameters.iter().find(|(at, _)| *at == place);
        if let Some((_, node)) = given {
            found.extend(of_parameter(operation, parameter, flag, node));
        }
    }
    if let Some(body) = &operation.body
        && let Some(ty) = &body.ty
    {
        let parsed;
        let node = match &request.body {
            Some(Content::Json(bytes)) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                parsed = value::parse("body", text).map_err(Failure::usage)?;
                Some(&parsed)
            }
            Some(Content::Fields(node)) => Some(node),
            _ => None,
        };
        for violation in node
            .into_iter()
            .flat_map(|node| violations(operation, ty, &[], node))
        {
            found.push((place(&flags, &violation.pointer), violation.message));
        }
    }
    let Some((name, message)) = found.first() else {
        return Ok(());
    };
    let more = match found.len() - 1 {
        0 => String::new(),
        1 => " (and one more)".to_owned(),
        more => format!(" (and {more} more)"),
    };
    let mut failure =
        Failure::usage(format!("{name}: {message}{more}")).remedy("--unchecked sends it as it is");
    failure.details.fields = found;
    Err(failure)
}

/// Names of properties to sort by or to return that no property has, each with the flag and the names that are like it.
/// The API may know more than its document, so it is asked all the same.
pub fn unknown_names(operation: &Operation, request: &Request) -> Vec<String> {
    let mut notes = Vec::new();
    for flag in &flags(operation) {
        let Target::Parameter(place) = flag.target else {
            continue;
        };
        let words = operation
            .parameters
            .get(place)
            .map(|it| it.words.as_slice());
        let Some(words) = words.filter(|words| !words.is_empty()) else {
            continue;
        };
        let given = request.parameters.iter().filter(|(at, _)| *at == place);
        for text in given.filter_map(|(_, node)| node.as_str()) {
            for name in text
                .split(',')
                .map(|it| it.trim().trim_start_matches(['-', '+']))
            {
                let first = name.split('.').next().unwrap_or_default();
                if words.iter().any(|word| word == first || word == name) {
                    continue;
                }
                let like = near(first, words.iter().map(String::as_str));
                let remedy = match like.as_slice() {
                    [] => String::new(),
                    like => format!("; {}", did_you_mean(like)),
                };
                notes.push(format!(
                    "{}: no property is called `{name}`{remedy}",
                    flag.shown()
                ));
            }
        }
    }
    notes
}

fn of_parameter(
    operation: &Operation,
    parameter: &Parameter,
    flag: &Flag,
    node: &Node,
) -> Vec<(String, String)> {
    let found = violations(operation, &parameter.ty, &parameter.checks, node);
    let found = found.into_iter();
    let name = |pointer: &str| match pointer {
        "" => flag.shown(),
        pointer => format!("{} {pointer}", flag.shown()),
    };
    let mut all: Vec<(String, String)> = found.map(|it| (name(&it.pointer), it.message)).collect();
    if parameter.place == Place::Path && node.as_str() == Some("") {
        all.push((flag.shown(), "it may not be empty".to_owned()));
    }
    all
}

/// The flag that gives the value at a place of the body, or else the place itself.
fn place(flags: &[Flag], pointer: &str) -> String {
    let names: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
        .collect();
    let mut best: Option<(&Flag, usize)> = None;
    for flag in flags {
        if let Target::Member(path) = &flag.target
            && names.starts_with(path)
            && best.is_none_or(|(_, length)| path.len() > length)
        {
            best = Some((flag, path.len()));
        }
    }
    match best {
        Some((flag, length)) if length == names.len() => flag.shown(),
        Some((flag, length)) => format!("{} /{}", flag.shown(), names[length..].join("/")),
        None if pointer.is_empty() => "the body".to_owned(),
        None => format!("{pointer} of the body"),
    }
}
