//! How an operation is called: in Rust and by curl.

use verbatim_codegen::samples::Sample;

use crate::body::{self, Shown};
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

/// Both calls beside each other, of which one is seen at a time.
pub fn write(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>, example: Option<&Example<'_>>) {
    let samples = rust(index, entry);
    out.raw("<div class=\"calls\">");
    if samples.is_empty() {
        out.raw("<p class=\"tabs\"><span>curl</span></p>");
    } else {
        out.raw(
            "<p class=\"tabs\"><button type=\"button\" data-lang=\"rust\">Rust</button>\
             <button type=\"button\" data-lang=\"curl\">curl</button></p>",
        );
        in_rust(out, samples);
    }
    let only = if samples.is_empty() { " only" } else { "" };
    put!(
        out,
        "<div class=\"in-curl{only}\"><pre><code class=\"shell\">{}</code></pre></div></div>",
        Code(&curl(index, entry, example))
    );
}

fn in_rust(out: &mut Html, samples: &[Sample]) {
    out.raw("<div class=\"in-rust\">");
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
