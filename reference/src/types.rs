//! One type.

use verbatim_codegen::document::{Id, Schema};
use verbatim_source::write;

use crate::index::{Index, Type};
use crate::sample::{self, Direction};
use crate::schema;
use crate::text::{Code, Html, Text, put};

/// What the article of a type ends with.
pub const END: &str = "</article>";

/// The article of a type.
pub fn write(index: &Index<'_>, out: &mut Html, id: Id<Schema>, named: &Type) {
    let schema = &index.document[id];
    put!(
        out,
        "<article class=\"op type s\" id=\"{slug}\" tabindex=\"-1\"><h3><a class=\"anchor\" href=\"#{slug}\">{name}</a>",
        slug = named.slug,
        name = Text(&named.name)
    );
    let location = &schema.location;
    let file = index.document.file_name(location.file);
    let in_rust = index.samples.type_at(file, location.pointer.as_str());
    if let Some(name) = in_rust {
        put!(out, " <code class=\"setter\">types::{}</code>", Text(name));
    }
    let is_old = schema.annotations.deprecated.as_ref();
    if is_old.is_some_and(|flag| flag.value) {
        out.raw(" <span class=\"remark\">deprecated</span>");
    }
    out.raw("</h3><div class=\"say\">");
    schema::summary(index, out, id);
    let rows = schema::all_properties(index, id);
    schema::properties(index, out, &rows);
    schema::rest(index, out, id);
    out.raw("</div><div class=\"code\">");
    if let Some(value) = sample::value(index, id, Direction::Response) {
        put!(
            out,
            "<details class=\"shown\" open><summary><b>{}</b></summary><pre><code class=\"json\">{}</code></pre></details>",
            if schema.annotations.examples.is_empty() {
                "Sample"
            } else {
                "Example"
            },
            Code(write::pretty(&value).trim_end())
        );
    }
    out.raw("</div>");
    out.raw(END);
}
