//! Bodies: their media types, their schemas, and examples of them.

use verbatim_codegen::document::{Media, MediaType};
use verbatim_source::{Value, write};

use crate::index::Index;
use crate::sample::{self, Direction};
use crate::schema;
use crate::text::{Code, Html, Text, put};

/// An example as it is shown.
pub struct Shown {
    /// What it is called.
    pub title: String,
    /// What is said of it.
    pub description: Option<String>,
    /// How it is written.
    pub text: String,
    /// The value, where it is one.
    pub value: Option<Value>,
    /// Whether the document gives it; it is made up otherwise.
    pub is_given: bool,
}

/// Whether values of a media type are written as JSON.
pub fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim();
    let media = media.to_ascii_lowercase();
    media.ends_with("json")
        || media.ends_with("jsonl")
        || media.ends_with("ndjson")
        || media == "*/*"
}

/// Whether a body of a media type is made of fields, which an object shows.
fn is_form(media: &str) -> bool {
    media.starts_with("application/x-www-form-urlencoded") || media.starts_with("multipart/")
}

/// The examples of a body: those of the document, else one that is made up.
pub fn examples(index: &Index<'_>, media: &Media, direction: Direction) -> Vec<Shown> {
    let range = media.range.value.as_str();
    let part = &index.document[media.media_type.id];
    let mut shown = Vec::new();
    if let Some(example) = &part.example {
        shown.push(given("Example".to_owned(), None, range, &example.value));
    }
    for (name, used) in &part.examples {
        let example = &index.document[used.id];
        let text = |text: &Option<verbatim_codegen::document::Text>| {
            text.as_ref().map(|text| text.value.clone())
        };
        let title = text(&example.summary).unwrap_or_else(|| name.clone());
        let description = text(&example.description);
        if let Some(value) = &example.value {
            shown.push(given(title, description, range, &value.value));
        } else if let Some(text) = text(&example.serialized).or(text(&example.external_value)) {
            shown.push(Shown {
                title,
                description,
                text,
                value: None,
                is_given: true,
            });
        }
    }
    if shown.is_empty() {
        shown.extend(made(index, part, range, direction));
    }
    shown
}

fn given(title: String, description: Option<String>, range: &str, value: &Value) -> Shown {
    let text = match value {
        Value::String(text) if !is_json(range) => text.clone(),
        other => write::pretty(other).trim_end().to_owned(),
    };
    Shown {
        title,
        description,
        text,
        value: Some(value.clone()),
        is_given: true,
    }
}

/// A value that is made up, where the media type is one that shows it.
fn made(index: &Index<'_>, part: &MediaType, range: &str, direction: Direction) -> Option<Shown> {
    if !is_json(range) && !is_form(range) {
        return None;
    }
    let schema = part.schema.or(part.item_schema)?;
    let value = sample::value(index, schema, direction)?;
    Some(Shown {
        title: "Sample".to_owned(),
        description: None,
        text: write::pretty(&value).trim_end().to_owned(),
        value: Some(value),
        is_given: false,
    })
}

/// How much of a body stands where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The name of its type, which has a place of its own.
    Named,
    /// The properties of its type too.
    Properties,
}

/// The forms of a body: media types with their types, those of one type on one line.
pub fn forms(index: &Index<'_>, out: &mut Html, content: &[Media], depth: Depth) {
    let mut lines: Vec<(Option<String>, Vec<&str>, Option<_>)> = Vec::new();
    for media in content {
        let part = &index.document[media.media_type.id];
        let id = part.schema.or(part.item_schema);
        let mut words = id.map(|id| schema::words(index, id));
        if part.schema.is_none() && part.item_schema.is_some() {
            words = words.map(|words| format!("sequence of {words}"));
        }
        let range = media.range.value.as_str();
        match lines
            .iter_mut()
            .find(|(known, ..)| *known == words && words.is_some())
        {
            Some((_, ranges, _)) => ranges.push(range),
            None => lines.push((words, vec![range], id)),
        }
    }
    for (_, ranges, id) in lines {
        out.raw("<div class=\"form\"><p class=\"media\">");
        for range in ranges {
            put!(out, "<code>{}</code> ", Text(range));
        }
        out.raw("</p>");
        if let Some(id) = id {
            put!(out, "<p class=\"type\">{}</p>", schema::words(index, id));
            if depth == Depth::Properties && index.document[id].reference.is_some() {
                schema::properties(
                    index,
                    out,
                    &schema::all_properties(index, index.document.follow(id)),
                );
            }
            schema::children(index, out, id);
        }
        out.raw("</div>");
    }
}

/// Examples as blocks of code; all but the first are folded.
pub fn show(out: &mut Html, heading: &str, range: &str, examples: &[Shown]) {
    let language = if is_json(range) || is_form(range) {
        "json"
    } else {
        "text"
    };
    for (place, shown) in examples.iter().enumerate() {
        let title = match (examples.len(), shown.is_given) {
            (_, false) => "sample, made from the schema".to_owned(),
            (1, true) if shown.title == "Example" => "example".to_owned(),
            (_, true) => shown.title.clone(),
        };
        let open = if place == 0 { " open" } else { "" };
        put!(
            out,
            "<details class=\"shown\"{open}><summary><b>{}</b> <span>{}</span></summary>",
            Text(heading),
            Text(&title)
        );
        if let Some(description) = &shown.description {
            schema::described(out, Some(description));
        }
        put!(
            out,
            "<pre><code class=\"{language}\">{}</code></pre></details>",
            Code(&shown.text)
        );
    }
}
