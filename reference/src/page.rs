//! The page as a whole.

use verbatim_codegen::document::{ExternalDocs, SchemeKind, SecurityScheme, Server, Text as Said};
use verbatim_codegen::samples::Described;
use verbatim_source::Node;

use crate::asset::{SCRIPT, STYLE, policy};
use crate::command::Command;
use crate::evidence;
use crate::index::{Entry, Group, Index};
use crate::listing;
use crate::markdown;
use crate::operation;
use crate::schema::described;
use crate::text::{Html, Text, put};
use crate::types;
use crate::uses::Uses;

/// Up to how many operations the contents are unfolded.
const UNFOLDED: usize = 80;

/// The reference of a document: one file that loads nothing. The same document and commands give the same text.
pub fn html(described: &Described, commands: &[Command]) -> String {
    let index = Index::new(described, commands);
    let mut out = Html::default();
    head(&index, &mut out);
    bar(&index, &mut out);
    contents(&index, &mut out);
    // Search, keys and colours work from here on, while a long page is still read.
    put!(out, "<script>{SCRIPT}</script>\n");
    out.raw("<main id=\"main\">");
    about(&index, &mut out);
    let mut uses = Uses::default();
    for group in &index.groups {
        section(&index, &mut out, group, &mut uses);
    }
    listing::list(&index, &mut out);
    all_types(&index, &mut out, uses);
    out.raw("</main><dialog id=\"keys\"><form method=\"dialog\"><h2>Keys</h2><dl>");
    for (key, does) in [
        ("/", "search"),
        ("j k", "the next operation, the one before"),
        ("l", "Rust, curl or command"),
        ("t", "light or dark"),
        ("?", "these keys"),
        ("Esc", "close"),
    ] {
        put!(out, "<dt><kbd>{key}</kbd></dt><dd>{does}</dd>");
    }
    out.raw("</dl><button>Close</button></form></dialog></body></html>\n");
    out.into_string()
}

fn head(index: &Index<'_>, out: &mut Html) {
    let info = &index.document.info;
    put!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body id=\"top\">\n",
        policy(),
        Text(&info.title.value)
    );
}

fn bar(index: &Index<'_>, out: &mut Html) {
    let info = &index.document.info;
    put!(
        out,
        "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header class=\"bar\">\
         <a class=\"menu\" href=\"#contents\" aria-label=\"Contents\">&#9776;</a>\
         <a class=\"brand\" href=\"#top\">{} <small>{}</small></a>\
         <div class=\"find\" role=\"search\"><input id=\"find\" type=\"search\" placeholder=\"Search\" \
         aria-label=\"Search\" role=\"combobox\" aria-expanded=\"false\" aria-controls=\"found\" \
         autocomplete=\"off\" spellcheck=\"false\"><kbd>/</kbd><ul id=\"found\" role=\"listbox\" hidden></ul></div>\
         <button id=\"theme\" type=\"button\" aria-label=\"Light or dark\">&#9680;</button></header>\n",
        Text(&info.title.value),
        Text(&info.version.value)
    );
}

/// The list of everything, beside the page.
fn contents(index: &Index<'_>, out: &mut Html) {
    let count: usize = index
        .groups
        .iter()
        .map(|group| group.operations.len())
        .sum();
    let open = if count <= UNFOLDED { " open" } else { "" };
    out.raw("<nav id=\"contents\" aria-label=\"Contents\"><a class=\"close\" href=\"#top\" aria-label=\"Close\">&#10005;</a>");
    out.raw("<a href=\"#top\">About</a>");
    if has_authentication(index) {
        out.raw("<a href=\"#authentication\">Authentication</a>");
    }
    for group in &index.groups {
        put!(
            out,
            "<details{open}><summary>{} <small>{}</small></summary>",
            Text(&group.title),
            group.operations.len()
        );
        for entry in &group.operations {
            link(out, entry);
        }
        out.raw("</details>");
    }
    if !index.commands.is_empty() {
        out.raw("<a href=\"#commands\">Commands</a>");
    }
    if !index.types.is_empty() {
        put!(
            out,
            "<details><summary>Types <small>{}</small></summary>",
            index.types.len()
        );
        for named in index.types.values() {
            put!(out, "<a href=\"#{}\">{}</a>", named.slug, Text(&named.name));
        }
        out.raw("</details>");
    }
    out.raw("</nav>\n");
}

fn link(out: &mut Html, entry: &Entry<'_>) {
    let old = if entry.endpoint.operation.deprecated {
        " class=\"old\""
    } else {
        ""
    };
    put!(
        out,
        "<a href=\"#{}\"{old}>{}<span>{}</span></a>",
        entry.slug,
        operation::method(entry.endpoint.operation.method.as_str()),
        Text(&entry.title)
    );
}

fn about(index: &Index<'_>, out: &mut Html) {
    let document = index.document;
    let info = &document.info;
    put!(
        out,
        "<section class=\"about\"><h1>{}</h1><p class=\"quiet\">Version {}</p>",
        Text(&info.title.value),
        Text(&info.version.value)
    );
    let text = |said: &Option<Said>| said.as_ref().map(|it| it.value.clone());
    if let Some(summary) = text(&info.summary) {
        put!(out, "<p class=\"lead\">{}</p>", markdown::line(&summary));
    }
    described(out, text(&info.description).as_deref());
    if let Some(docs) = &document.external_docs {
        elsewhere(out, docs);
    }
    out.raw("<dl class=\"card\">");
    servers(out, &document.servers);
    contact(out, info.contact.as_ref(), info.license.as_ref());
    if let Some(terms) = &info.terms_of_service {
        put!(
            out,
            "<dt>Terms</dt><dd>{}</dd>",
            address(&terms.value, &terms.value)
        );
    }
    if !index.samples.root.is_empty() {
        put!(
            out,
            "<dt>Rust</dt><dd><code>{}</code></dd>",
            Text(&index.samples.root)
        );
    }
    out.raw("</dl>");
    evidence::write(out, &info.extensions);
    authentication(index, out);
    out.raw("</section>\n");
}

fn servers(out: &mut Html, servers: &[Server]) {
    if servers.is_empty() {
        return;
    }
    out.raw("<dt>Servers</dt><dd><ul>");
    for server in servers {
        put!(out, "<li><code>{}</code>", Text(&server.url.value));
        if let Some(said) = &server.description {
            put!(out, " {}", markdown::line(&said.value));
        }
        for (name, variable) in &server.variables {
            let values: Vec<&str> = variable.values.iter().map(|it| it.value.as_str()).collect();
            put!(
                out,
                "<br><small><code>{{{}}}</code> is <code>{}</code>",
                Text(name),
                Text(&variable.default.value)
            );
            if !values.is_empty() {
                put!(out, "; one of {}", Text(&values.join(", ")));
            }
            out.raw("</small>");
        }
        out.raw("</li>");
    }
    out.raw("</ul></dd>");
}

fn contact(out: &mut Html, contact: Option<&Node>, license: Option<&Node>) {
    let member = |node: Option<&Node>, name: &str| {
        let text = node.and_then(|node| node.get(name)).and_then(Node::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let email = member(contact, "email").map(|email| format!("mailto:{email}"));
    let who = member(contact, "name")
        .or(member(contact, "email"))
        .or(member(contact, "url"));
    if let Some(who) = who {
        let leads = member(contact, "url").or(email).unwrap_or_default();
        put!(out, "<dt>Contact</dt><dd>{}</dd>", address(&leads, &who));
    }
    if let Some(name) = member(license, "name") {
        let url = member(license, "url").unwrap_or_default();
        put!(out, "<dt>Licence</dt><dd>{}</dd>", address(&url, &name));
    }
}

/// A link where the address leads somewhere, else the words alone.
fn address(leads: &str, words: &str) -> String {
    if markdown::is_address(leads) {
        format!("<a href=\"{}\">{}</a>", Text(leads), Text(words))
    } else {
        Text(words).to_string()
    }
}

/// A link to documentation elsewhere.
pub fn elsewhere(out: &mut Html, docs: &ExternalDocs) {
    let words = docs
        .description
        .as_ref()
        .map(|it| markdown::plain(&it.value));
    let words = words.filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| docs.url.value.clone());
    put!(
        out,
        "<p class=\"elsewhere\">See {}</p>",
        address(&docs.url.value, &words)
    );
}

fn has_authentication(index: &Index<'_>) -> bool {
    !index.document.components.security_schemes.is_empty()
}

fn authentication(index: &Index<'_>, out: &mut Html) {
    if !has_authentication(index) {
        return;
    }
    out.raw("<h2 id=\"authentication\"><a class=\"anchor\" href=\"#authentication\">Authentication</a></h2><div class=\"rows\">");
    for (name, used) in &index.document.components.security_schemes {
        let scheme = &index.document[used.id];
        put!(
            out,
            "<div class=\"row\"><div class=\"key\"><code>{}</code></div><div class=\"what\"><p class=\"type\">{}</p>",
            Text(name),
            way(scheme)
        );
        described(out, scheme.description.as_ref().map(|it| it.value.as_str()));
        scopes(out, scheme);
        evidence::write(out, &scheme.extensions);
        out.raw("</div></div>");
    }
    out.raw("</div>");
}

/// How a credential is sent.
fn way(scheme: &SecurityScheme) -> String {
    match &scheme.kind {
        SchemeKind::Unknown => "unknown".to_owned(),
        SchemeKind::ApiKey { name, place } => {
            let place = match place {
                verbatim_codegen::document::Place::Header => "header",
                verbatim_codegen::document::Place::Cookie => "cookie",
                _ => "query parameter",
            };
            format!("key in the {place} <code>{}</code>", Text(&name.value))
        }
        SchemeKind::Http {
            scheme,
            bearer_format,
        } => {
            let hint = bearer_format
                .as_ref()
                .map(|it| format!(" ({})", Text(&it.value)));
            format!("HTTP {}{}", Text(&scheme.value), hint.unwrap_or_default())
        }
        SchemeKind::OAuth2 { .. } => "OAuth 2.0".to_owned(),
        SchemeKind::OpenIdConnect { url } => {
            format!("OpenID Connect, {}", address(&url.value, &url.value))
        }
        SchemeKind::MutualTls => "certificate of the client".to_owned(),
    }
}

/// The flows of `OAuth` 2.0 with their scopes.
fn scopes(out: &mut Html, scheme: &SecurityScheme) {
    let SchemeKind::OAuth2 { flows, .. } = &scheme.kind else {
        return;
    };
    for (name, flow) in flows {
        put!(out, "<p><b>{}</b>", Text(name));
        let urls = [&flow.authorization_url, &flow.token_url, &flow.refresh_url];
        for url in urls.into_iter().flatten() {
            put!(out, " <code>{}</code>", Text(&url.value));
        }
        out.raw("</p><ul class=\"values told\">");
        for (scope, said) in &flow.scopes {
            put!(
                out,
                "<li><code>{}</code> {}</li>",
                Text(scope),
                markdown::line(said)
            );
        }
        out.raw("</ul>");
    }
}

fn section<'a>(index: &Index<'a>, out: &mut Html, group: &Group<'a>, uses: &mut Uses) {
    put!(
        out,
        "<section class=\"group\"><h2 id=\"{slug}\"><a class=\"anchor\" href=\"#{slug}\">{}</a></h2>",
        Text(&group.title),
        slug = group.slug
    );
    if let Some(tag) = group.tag {
        described(out, tag.description.as_ref().map(|it| it.value.as_str()));
        if let Some(docs) = &tag.external_docs {
            elsewhere(out, docs);
        }
    }
    for entry in &group.operations {
        let mut article = Html::default();
        operation::write(index, &mut article, entry);
        let article = article.into_string();
        uses.note(&article, &entry.slug, &entry.title);
        out.raw(&article);
        out.raw("\n");
    }
    out.raw("</section>\n");
}

fn all_types(index: &Index<'_>, out: &mut Html, mut uses: Uses) {
    if index.types.is_empty() {
        return;
    }
    out.raw("<section class=\"group\"><h2 id=\"types\"><a class=\"anchor\" href=\"#types\">Types</a></h2>");
    let mut articles = Vec::new();
    for (id, named) in &index.types {
        let mut article = Html::default();
        types::write(index, &mut article, *id, named);
        let article = article.into_string();
        uses.note(&article, &named.slug, &named.name);
        articles.push((named, article));
    }
    for (named, article) in articles {
        out.raw(article.strip_suffix(types::END).unwrap_or(&article));
        uses.write(out, &named.slug);
        out.raw(types::END);
        out.raw("\n");
    }
    out.raw("</section>\n");
}
