//! One operation.

use verbatim_codegen::document::{Header, Id, Parameter, Place, Response, StatusMatch, Use};
use verbatim_codegen::samples::Ability;

use crate::body;
use crate::call::{self, Example};
use crate::evidence;
use crate::index::{Entry, Index};
use crate::sample::Direction;
use crate::schema::{Row, described, row};
use crate::text::{Html, Text, put};

/// The article of an operation.
pub fn write<'a>(index: &Index<'a>, out: &mut Html, entry: &Entry<'a>) {
    let operation = entry.endpoint.operation;
    let size = size(index, entry);
    put!(
        out,
        "<article class=\"op {size}\" id=\"{slug}\" tabindex=\"-1\"><h3><a class=\"anchor\" href=\"#{slug}\">{title}</a>",
        slug = entry.slug,
        title = Text(&entry.title)
    );
    if operation.deprecated {
        out.raw(" <span class=\"remark\">deprecated</span>");
    }
    put!(
        out,
        "</h3><p class=\"line\">{} <code class=\"path\">{}</code></p>",
        method(operation.method.as_str()),
        path(&entry.endpoint.template.value)
    );
    out.raw("<div class=\"say\">");
    about(index, out, entry);
    parameters(index, out, entry);
    request(index, out, entry);
    for (status, response) in &operation.responses {
        answer(index, out, *status, response);
    }
    out.raw("</div><div class=\"code\">");
    let example = call::example(index, entry);
    if !entry.is_incoming {
        call::write(index, out, entry, example.as_ref());
    }
    examples(index, out, entry, example.as_ref());
    out.raw("</div></article>");
}

/// How much room an operation will take, roughly, so that the page is as long as it will be before it is drawn.
fn size(index: &Index<'_>, entry: &Entry<'_>) -> &'static str {
    let operation = entry.endpoint.operation;
    let rows = index.document.parameters(&entry.endpoint).len() + operation.responses.len();
    match rows {
        0..=4 => "s",
        5..=9 => "m",
        _ => "l",
    }
}

/// A method as a mark in its colour.
pub fn method(method: &str) -> String {
    let class = match method {
        "GET" | "HEAD" | "QUERY" => "get",
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "other",
    };
    format!("<span class=\"method {class}\">{}</span>", Text(method))
}

/// A path whose variables stand out, and which may be broken at its slashes.
pub fn path(path: &str) -> String {
    let mut html = String::new();
    for (place, part) in path.split('/').enumerate() {
        if place > 0 {
            html.push_str("/<wbr>");
        }
        let text = Text(part).to_string();
        html.push_str(&text.replace('{', "<var>{").replace('}', "}</var>"));
    }
    html
}

fn about(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>) {
    let operation = entry.endpoint.operation;
    let said = operation.description.as_ref().map(|it| it.value.as_str());
    let item = entry.endpoint.item.description.as_ref();
    described(out, said.or(item.map(|it| it.value.as_str())));
    if let Some(docs) = &operation.external_docs {
        crate::page::elsewhere(out, docs);
    }
    out.raw("<p class=\"facts\">");
    if let Some(id) = &operation.operation_id {
        put!(out, "<code class=\"id\">{}</code>", Text(&id.value));
    }
    let samples = call::rust(index, entry);
    for (ability, words) in [
        (Ability::Items, "all pages: <code>.items()</code>"),
        (Ability::Wait, "can be awaited: <code>.wait()</code>"),
        (Ability::Stream, "answers as a stream"),
    ] {
        if samples.iter().any(|it| it.abilities.contains(&ability)) {
            put!(out, " <span class=\"fact\">{words}</span>");
        }
    }
    security(index, out, entry);
    out.raw("</p>");
    evidence::write(out, &operation.extensions);
}

/// What must be proved, where it is not what the whole document says.
fn security(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>) {
    let operation = entry.endpoint.operation;
    let Some(own) = &operation.security else {
        return;
    };
    if own.is_empty() {
        if index
            .document
            .security
            .as_ref()
            .is_some_and(|all| !all.is_empty())
        {
            out.raw(" <span class=\"fact\">needs no credentials</span>");
        }
        return;
    }
    let ways = own.iter().map(|requirement| {
        let names = requirement.iter().map(|used| {
            let scopes: Vec<&str> = used.scopes.iter().map(|it| it.value.as_str()).collect();
            if scopes.is_empty() {
                used.name.value.clone()
            } else {
                format!("{} ({})", used.name.value, scopes.join(", "))
            }
        });
        let names = names.collect::<Vec<_>>().join(" and ");
        if names.is_empty() {
            "nothing".to_owned()
        } else {
            names
        }
    });
    let ways = ways.collect::<Vec<_>>().join(" or ");
    put!(
        out,
        " <a class=\"fact\" href=\"#authentication\">needs {}</a>",
        Text(&ways)
    );
}

fn parameters(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>) {
    let used = index.document.parameters(&entry.endpoint);
    for (place, title) in [
        (Place::Path, "Path"),
        (Place::Query, "Query"),
        (Place::QueryString, "The whole query"),
        (Place::Header, "Headers"),
        (Place::Cookie, "Cookies"),
    ] {
        let here: Vec<&Parameter> = used
            .iter()
            .map(|used| &index.document[used.id])
            .filter(|parameter| parameter.place == place)
            .collect();
        if here.is_empty() {
            continue;
        }
        put!(out, "<h4>{title}</h4><div class=\"rows\">");
        for it in here {
            parameter(index, out, entry, it);
        }
        out.raw("</div>");
    }
}

fn parameter(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>, parameter: &Parameter) {
    let name = parameter.name.value.as_str();
    let samples = call::rust(index, entry);
    let setters = samples.iter().flat_map(|sample| &sample.setters);
    let setter = setters.into_iter().find(|(wire, _)| wire == name);
    let content = parameter.value.content.first();
    let content = content.and_then(|media| index.document[media.media_type.id].schema);
    let description = parameter.value.description.as_ref();
    let remarks: &[&str] = if parameter.value.deprecated {
        &["deprecated"]
    } else {
        &[]
    };
    row(
        index,
        out,
        &Row {
            name,
            schema: parameter.value.schema.or(content),
            required: parameter.required,
            remarks,
            description: description.map(|it| it.value.as_str()),
            setter: setter.map(|(_, method)| method.as_str()),
            extensions: Some(&parameter.extensions),
        },
    );
}

fn request(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>) {
    let Some(used) = &entry.endpoint.operation.request_body else {
        return;
    };
    let body = &index.document[used.id];
    out.raw("<h4>Body");
    if body.required {
        out.raw(" <b class=\"must\">required</b>");
    }
    out.raw("</h4>");
    described(out, body.description.as_ref().map(|it| it.value.as_str()));
    body::forms(index, out, &body.content, body::Depth::Properties);
    evidence::write(out, &body.extensions);
}

/// A status as it is shown, and whether it is a good one.
fn status(status: StatusMatch) -> (String, &'static str) {
    let class = |hundreds: u16| match hundreds {
        1 | 3 => "other",
        2 => "good",
        _ => "bad",
    };
    match status {
        StatusMatch::Code(code) => (code.to_string(), class(code / 100)),
        StatusMatch::Range(first) => (format!("{first}XX"), class(u16::from(first))),
        StatusMatch::Default => ("default".to_owned(), "other"),
    }
}

fn answer(index: &Index<'_>, out: &mut Html, matched: StatusMatch, used: &Use<Response>) {
    let response = &index.document[used.id];
    let (code, class) = status(matched);
    let said = response.summary.as_ref().or(response.description.as_ref());
    let said = said
        .map(|it| crate::markdown::plain(&it.value))
        .unwrap_or_default();
    let open = if class == "good" { " open" } else { "" };
    put!(
        out,
        "<details class=\"answer {class}\"{open}><summary><b>{code}</b> {}</summary>",
        Text(&said)
    );
    let long = response.description.as_ref().map(|it| it.value.as_str());
    described(
        out,
        long.filter(|long| crate::markdown::plain(long) != said || long.contains('\n')),
    );
    body::forms(index, out, &response.content, body::Depth::Named);
    if !response.headers.is_empty() {
        put!(
            out,
            "<details class=\"parts\"><summary>Headers <small>{}</small></summary><div class=\"rows\">",
            response.headers.len()
        );
        for (name, used) in &response.headers {
            header(index, out, name, used.id);
        }
        out.raw("</div></details>");
    }
    evidence::write(out, &response.extensions);
    out.raw("</details>");
}

fn header(index: &Index<'_>, out: &mut Html, name: &str, id: Id<Header>) {
    let header = &index.document[id];
    let content = header.value.content.first();
    let content = content.and_then(|media| index.document[media.media_type.id].schema);
    let description = header.value.description.as_ref();
    row(
        index,
        out,
        &Row {
            name,
            schema: header.value.schema.or(content),
            required: header.required,
            remarks: &[],
            description: description.map(|it| it.value.as_str()),
            setter: None,
            extensions: Some(&header.extensions),
        },
    );
}

/// The bodies that are sent and answered.
fn examples(index: &Index<'_>, out: &mut Html, entry: &Entry<'_>, sent: Option<&Example<'_>>) {
    if let Some(sent) = sent {
        body::show(out, "Request", sent.media, &sent.shown);
    }
    let responses = entry.endpoint.operation.responses.iter();
    let mut is_first = true;
    for (matched, used) in responses {
        let response = &index.document[used.id];
        let content = &response.content;
        let json = content
            .iter()
            .find(|media| body::is_json(&media.range.value));
        let Some(media) = json.or(content.first()) else {
            continue;
        };
        let mut shown = body::examples(index, media, Direction::Response);
        let (code, class) = status(*matched);
        let is_open = is_first && class == "good";
        if !is_open {
            // Errors are all alike; what is made up of them says nothing new.
            shown.retain(|shown| shown.is_given);
        }
        is_first &= !is_open;
        let mut inner = Html::default();
        body::show(&mut inner, &code, &media.range.value, &shown);
        let inner = inner.into_string();
        if is_open {
            out.raw(&inner);
        } else {
            out.raw(&inner.replacen("class=\"shown\" open", "class=\"shown\"", 1));
        }
    }
}
