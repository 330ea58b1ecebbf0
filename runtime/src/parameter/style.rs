use super::encode::Escape;
use super::{Explode, FormField, Members, Shape};
use crate::service::{Parameter, Style};
use std::fmt::Write as _;

/// Why a value cannot be written in the style of its parameter.
pub(crate) type Refusal = String;

/// The encoded text of a path parameter.
///
/// The text never leaves its segment: it is not empty, holds no separator, and is not a dot segment.
pub(crate) fn path(
    name: &str,
    declared: Option<&Parameter>,
    json: &str,
) -> Result<String, Refusal> {
    let style = declared.map_or(Style::Simple, |parameter| parameter.style);
    let explode = declared.is_some_and(|parameter| parameter.explode);
    if style == Style::Json {
        return Ok(Escape::All.text(json));
    }
    let shape = parse(json)?;
    let text = match style {
        Style::Label => labelled(&shape, explode)?,
        Style::Matrix => matrix(name, &shape, explode)?,
        _ => simple(&shape, explode, Escape::All)?,
    };
    if text.is_empty() {
        return Err("an empty value would name another resource".into());
    }
    if text == "." || text == ".." {
        return Err(format!("`{text}` would lead out of the path"));
    }
    Ok(text)
}

/// The encoded `name=value` texts of a query parameter; none for an empty list or object.
pub(crate) fn query(
    name: &str,
    declared: Option<&Parameter>,
    json: &str,
) -> Result<Vec<String>, Refusal> {
    let style = declared.map_or(Style::Form, |parameter| parameter.style);
    let explode = declared.is_none_or(|parameter| parameter.explode);
    let escape = if declared.is_some_and(|parameter| parameter.allow_reserved) {
        Escape::KeepReserved
    } else {
        Escape::All
    };
    if style == Style::Json {
        return Ok(vec![pair(name, json, escape)]);
    }
    let shape = parse(json)?;
    styled(name, &shape, (style, explode), escape)
}

/// The encoded `name=value` texts of a value in a style.
fn styled(
    name: &str,
    shape: &Shape,
    (style, explode): (Style, bool),
    escape: Escape,
) -> Result<Vec<String>, Refusal> {
    match (style, shape) {
        (Style::DeepObject, Shape::Object(_) | Shape::List(_)) => {
            let mut pairs = Vec::new();
            deep(&Escape::All.text(name), shape, escape, &mut pairs)?;
            Ok(pairs)
        }
        (Style::SpaceDelimited, _) if !explode => delimited(name, shape, "%20", escape),
        (Style::PipeDelimited, _) if !explode => delimited(name, shape, "%7C", escape),
        _ if explode => exploded(name, shape, escape),
        _ => delimited(name, shape, ",", escape),
    }
}

/// The text of a header parameter, which is not percent-encoded.
pub(crate) fn header(declared: Option<&Parameter>, json: &str) -> Result<String, Refusal> {
    if declared.is_some_and(|parameter| parameter.style == Style::Json) {
        return Ok(ascii(json));
    }
    let explode = declared.is_some_and(|parameter| parameter.explode);
    let text = simple(&parse(json)?, explode, Escape::Nothing)?;
    if !text.is_ascii() {
        return Err("a header cannot hold characters beyond ASCII".into());
    }
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err("a header loses blanks at its ends".into());
    }
    Ok(text)
}

/// A JSON text in ASCII: the same value, with everything else escaped. Beyond ASCII stands nothing but the
/// characters of its strings.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for each in json.chars() {
        if each.is_ascii() {
            text.push(each);
            continue;
        }
        for unit in each.encode_utf16(&mut [0; 2]) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// The encoded `name=value` texts of a cookie parameter.
pub(crate) fn cookie(
    name: &str,
    declared: Option<&Parameter>,
    json: &str,
) -> Result<Vec<String>, Refusal> {
    if declared.is_some_and(|parameter| parameter.style == Style::Json) {
        return Ok(vec![pair(name, json, Escape::All)]);
    }
    let shape = parse(json)?;
    if declared.is_none_or(|parameter| parameter.explode) {
        exploded(name, &shape, Escape::All)
    } else {
        delimited(name, &shape, ",", Escape::All)
    }
}

/// The names and texts of a value in a style, without any encoding.
pub(crate) fn pairs(
    name: &str,
    style: Style,
    explode: bool,
    json: &str,
) -> Result<Vec<(String, String)>, Refusal> {
    let shape = parse(json)?;
    let own = |text: &str| (name.to_owned(), text.to_owned());
    let delimiter = match style {
        Style::Json => return Ok(vec![own(json)]),
        Style::DeepObject => {
            let mut pairs = Vec::new();
            nested(name, &shape, &mut pairs)?;
            return Ok(pairs);
        }
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    match &shape {
        Shape::List(items) if explode => items.iter().map(|item| Ok(own(flat(item)?))).collect(),
        Shape::Object(members) if explode => {
            let member =
                |(key, value): &(String, Shape)| Ok((key.clone(), flat(value)?.to_owned()));
            members.iter().map(member).collect()
        }
        shape => {
            let parts = parts(shape, Escape::Nothing)?;
            Ok(vec![own(&joined(shape, &parts, delimiter)?)])
        }
    }
}

/// `name[key]`, nested as deep as the value is.
fn nested(name: &str, shape: &Shape, pairs: &mut Vec<(String, String)>) -> Result<(), Refusal> {
    match shape {
        Shape::Object(members) => {
            for (key, value) in members {
                nested(&format!("{name}[{}]", bracketed(key)?), value, pairs)?;
            }
        }
        Shape::List(items) => {
            for item in items {
                nested(name, item, pairs)?;
            }
        }
        scalar => pairs.push((name.to_owned(), flat(scalar)?.to_owned())),
    }
    Ok(())
}

/// An object as `application/x-www-form-urlencoded`: lists repeat their name, objects nest in
/// brackets, unless the document says otherwise of a field.
pub(crate) fn form_body(json: &str, fields: &[FormField<'_>]) -> Result<String, Refusal> {
    let Ok(Members(members)) = serde_json::from_str(json) else {
        return Err("only an object can be sent as a form".into());
    };
    let mut pairs = Vec::new();
    for (name, value) in &members {
        let known = fields.iter().find(|field| field.name == name);
        let before = pairs.len();
        field(name, value.get(), known, &mut pairs)?;
        if pairs.len() == before && known.is_some_and(|field| field.required) {
            return Err(format!(
                "`{name}` is required, and an empty list or object has no form here"
            ));
        }
    }
    Ok(pairs.join("&"))
}

/// The pairs of one field of a form.
fn field(
    name: &str,
    json: &str,
    known: Option<&FormField<'_>>,
    pairs: &mut Vec<String>,
) -> Result<(), Refusal> {
    let known = known.map(|field| (field.style, field.explode == Explode::Yes));
    if let Some((Style::Json, _)) = known {
        pairs.push(pair(name, json, Escape::All));
        return Ok(());
    }
    let shape = match parse(json)? {
        // A property that is null has no form; leaving it out would change the request.
        Shape::Null => return Err(format!("`{name}` is null, which a form cannot say")),
        shape => shape,
    };
    match known {
        Some((Style::DeepObject, _)) | None => {
            deep(&Escape::All.text(name), &shape, Escape::All, pairs)?;
        }
        Some(style) => pairs.extend(styled(name, &shape, style, Escape::All)?),
    }
    Ok(())
}

fn parse(json: &str) -> Result<Shape, Refusal> {
    Shape::parse(json).map_err(|error| error.to_string())
}

fn pair(name: &str, value: &str, escape: Escape) -> String {
    let mut text = Escape::All.text(name);
    text.push('=');
    escape.push(&mut text, value);
    text
}

fn exploded(name: &str, shape: &Shape, escape: Escape) -> Result<Vec<String>, Refusal> {
    match shape {
        Shape::List(items) => items
            .iter()
            .map(|item| Ok(pair(name, flat(item)?, escape)))
            .collect(),
        Shape::Object(members) => members
            .iter()
            .map(|(key, value)| Ok(pair(key, flat(value)?, escape)))
            .collect(),
        scalar => Ok(vec![pair(name, flat(scalar)?, escape)]),
    }
}

fn delimited(
    name: &str,
    shape: &Shape,
    delimiter: &str,
    escape: Escape,
) -> Result<Vec<String>, Refusal> {
    let parts = parts(shape, escape)?;
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let text = joined(shape, &parts, delimiter)?;
    Ok(vec![format!("{}={text}", Escape::All.text(name))])
}

/// The parts of a list or an object with a delimiter between them, which none of them may hold: whoever reads
/// it would take one for two.
fn joined(shape: &Shape, parts: &[String], delimiter: &str) -> Result<String, Refusal> {
    let is_whole = matches!(shape, Shape::List(_) | Shape::Object(_));
    if is_whole && parts.iter().any(|part| part.contains(delimiter)) {
        let shown = match delimiter {
            "%20" | " " => "a blank".to_owned(),
            "%7C" => "`|`".to_owned(),
            other => format!("`{other}`"),
        };
        return Err(format!(
            "an element holds {shown}, which separates elements in this style"
        ));
    }
    Ok(parts.join(delimiter))
}

fn simple(shape: &Shape, explode: bool, escape: Escape) -> Result<String, Refusal> {
    match shape {
        Shape::Object(members) if explode => {
            if escape == Escape::Nothing && members.iter().any(|(key, _)| key.contains('=')) {
                return Err("a key holds `=`, which ends keys in this style".into());
            }
            joined(shape, &assignments(members, escape)?, ",")
        }
        shape => joined(shape, &parts(shape, escape)?, ","),
    }
}

fn labelled(shape: &Shape, explode: bool) -> Result<String, Refusal> {
    let parts = match shape {
        Shape::Object(members) if explode => assignments(members, Escape::All)?,
        shape => parts(shape, Escape::All)?,
    };
    let text = joined(shape, &parts, if explode { "." } else { "," })?;
    Ok(format!(".{text}"))
}

fn matrix(name: &str, shape: &Shape, explode: bool) -> Result<String, Refusal> {
    let name = Escape::All.text(name);
    let parts = match shape {
        Shape::Object(members) if explode => assignments(members, Escape::All)?,
        Shape::List(_) if explode => parts(shape, Escape::All)?
            .iter()
            .map(|item| format!("{name}={item}"))
            .collect(),
        shape => vec![format!("{name}={}", parts(shape, Escape::All)?.join(","))],
    };
    Ok(format!(";{}", parts.join(";")))
}

/// `key=value` of each member.
fn assignments(members: &[(String, Shape)], escape: Escape) -> Result<Vec<String>, Refusal> {
    let one = |(key, value): &(String, Shape)| {
        let mut text = escape.text(key);
        text.push('=');
        escape.push(&mut text, flat(value)?);
        Ok(text)
    };
    members.iter().map(one).collect()
}

/// The encoded scalars of a value; keys and values of an object in turn.
fn parts(shape: &Shape, escape: Escape) -> Result<Vec<String>, Refusal> {
    match shape {
        Shape::List(items) => items
            .iter()
            .map(|item| Ok(escape.text(flat(item)?)))
            .collect(),
        Shape::Object(members) => {
            let mut parts = Vec::with_capacity(members.len() * 2);
            for (key, value) in members {
                parts.push(escape.text(key));
                parts.push(escape.text(flat(value)?));
            }
            Ok(parts)
        }
        scalar => Ok(vec![escape.text(flat(scalar)?)]),
    }
}

/// `name[key]=value`, nested as deep as the value is.
fn deep(name: &str, shape: &Shape, escape: Escape, pairs: &mut Vec<String>) -> Result<(), Refusal> {
    match shape {
        Shape::Object(members) => {
            for (key, value) in members {
                let name = format!("{name}%5B{}%5D", Escape::All.text(bracketed(key)?));
                deep(&name, value, escape, pairs)?;
            }
        }
        Shape::List(items) => {
            for item in items {
                deep(name, item, escape, pairs)?;
            }
        }
        scalar => pairs.push(format!("{name}={}", escape.text(flat(scalar)?))),
    }
    Ok(())
}

/// A key between brackets, which it may not hold itself: `a][b` would be read as `b` within `a`.
fn bracketed(key: &str) -> Result<&str, Refusal> {
    if key.contains(['[', ']']) {
        return Err("a key holds a bracket, which ends keys in this style".into());
    }
    Ok(key)
}

fn flat(shape: &Shape) -> Result<&str, Refusal> {
    match shape {
        Shape::Null => Err("null cannot be written in this style".into()),
        shape => shape
            .scalar()
            .ok_or_else(|| "a nested list or object cannot be written in this style".into()),
    }
}
