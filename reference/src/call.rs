//! How an operation is called: in Rust, by curl and by a command.

use verbatim_codegen::samples::Sample;

use crate::body::{self, Shown};
use crate::command::Command;
use crate::curl::{self, Sent};
use crate::index::{Entry, Index};
use crate::sample::Direction;
use crate::text::{Code, Html, Text, put};

/// The body that the example of an operation sends.
pub struct Example<'a> {
    /// Its media type.
    pub media: &'a str,
    /// The examples of it.
    pub shown: Vec<Shown>,
}

/// What an operation sends in an example: JSON where it takes that, else what comes first.
pub fn example<'a>(index: &Index<'a>, entry: &Entry<'a>) -> Option<Example<'a>> {
    let body = entry.endpoint.operation.request_body.as_ref()?;
    let content = &index.document[body.id].content;
    let json = content
        .iter()
        .find(|media| body::is_json(&media.range.value));
    let media = json.or(content.first())?;
    Some(Example {
        media: &media.range.value,
        shown: body::examples(index, media, Direction::Request),
    })
}

/// The call by curl.
pub fn curl(index: &Index<'_>, entry: &Entry<'_>, example: Option<&Example<'_>>) -> String {
    let sent = example.map(|example| Sent {
        media: example.media,
        shown: example.shown.first(),
    });
    curl::call(index, entry, sent.as_ref())
}

/// The calls in Rust, one for each kind of body.
pub fn rust<'i>(index: &'i Index<'_>, entry: &Entry<'_>) -> &'i [Sample] {
    let endpoint = &entry.endpoint;
    let method = endpoint.operation.method.as_str();
    index.samples.calls(method, &endpoint.template.value)
}

/// The commands that call it, one for each kind of body.
pub fn commands<'i, 'a>(index: &'i Index<'a>, entry: &Entry<'a>) -> &'i [&'a Command] {
    let endpoint = &entry.endpoint;
    let method = endpoint.operation.method.as_str();
    let commands = index
        .commands_of
        .get(&(method, endpoint.template.value.as_str()));
    commands.map_or(&[], Vec::as_slice)
}

/// The calls beside each other, of which one is seen at a time. By curl everything is called, so that is seen where
/// the way that was chosen is not there.
pub fn write<'a>(
    index: &Index<'a>,
    out: &mut Html,
    entry: &Entry<'a>,
    example: Option<&Example<'_>>,
) {
    let samples = rust(index, entry);
    let commands = commands(index, entry);
    let tab = |is_there: bool, language: &str, label: &str| {
        let button = format!("<button type=\"button\" data-lang=\"{language}\">{label}</button>");
        if is_there { button } else { String::new() }
    };
    let stands_for = |is_there: bool, class: &'static str| if is_there { "" } else { class };
    put!(
        out,
        "<div class=\"calls\"><p class=\"tabs\">{}{}{}</p>",
        tab(!samples.is_empty(), "rust", "Rust"),
        tab(true, "curl", "curl"),
        tab(!commands.is_empty(), "command", "command")
    );
    if !samples.is_empty() {
        in_rust(out, samples);
    }
    put!(
        out,
        "<div class=\"in in-curl{}{}\"><pre><code class=\"shell\">{}</code></pre></div>",
        stands_for(!samples.is_empty(), " for-rust"),
        stands_for(!commands.is_empty(), " for-command"),
        Code(&curl(index, entry, example))
    );
    if !commands.is_empty() {
        by_command(out, commands);
    }
    out.raw("</div>");
}

fn by_command(out: &mut Html, commands: &[&Command]) {
    out.raw("<div class=\"in in-command\">");
    for command in commands {
        put!(
            out,
            "<pre><code class=\"shell\">{}</code></pre>",
            Code(&command.lines.join("\n"))
        );
    }
    out.raw("</div>");
}

fn in_rust(out: &mut Html, samples: &[Sample]) {
    out.raw("<div class=\"in in-rust\">");
    for sample in samples {
        if samples.len() > 1
            && let Some(media) = &sample.media
        {
            put!(out, "<p class=\"label\">{}</p>", Text(media));
        }
        if !sample.is_program {
            out.raw("<p class=\"label\">signature</p>");
        }
        put!(
            out,
            "<pre><code class=\"rust\">{}</code></pre>",
            Code(&sample.lines.join("\n"))
        );
    }
    out.raw("</div>");
}
