//! Schemas in words, and their properties as rows.

use std::collections::HashSet;

use indexmap::IndexMap;
use verbatim_codegen::document::{Id, Schema, Type};
use verbatim_source::{Node, Object, Value, write};

use crate::bounds;
use crate::evidence;
use crate::index::Index;
use crate::markdown;
use crate::text::{Html, Text, put};

/// From how many on the values of an enumeration are folded away.
const MANY: usize = 16;

/// A property, or a parameter, as a row.
pub struct Row<'r> {
    /// What it is called.
    pub name: &'r str,
    /// What it is.
    pub schema: Option<Id<Schema>>,
    /// Whether it must be there.
    pub required: bool,
    /// Remarks beside the name.
    pub remarks: &'r [&'r str],
    /// What is said of it where it is used; what the schema says otherwise.
    pub description: Option<&'r str>,
    /// How it is set from Rust.
    pub setter: Option<&'r str>,
    /// The extensions beside it, which may name its evidence.
    pub extensions: Option<&'r Object>,
}

/// The type of a value in a few words, with links.
pub fn words(index: &Index<'_>, id: Id<Schema>) -> String {
    let schema = &index.document[id];
    let mut words = base(index, schema);
    let nullable = schema.nullable.as_ref().is_some_and(|it| it.value);
    if nullable && !words.ends_with("null") {
        words.push_str(" or null");
    }
    words
}

fn base(index: &Index<'_>, schema: &Schema) -> String {
    if let Some(all) = schema.boolean {
        return if all { "any value" } else { "nothing" }.to_owned();
    }
    let dynamic = schema.dynamic_reference.as_deref();
    if let Some(reference) = schema.reference.as_ref().or(dynamic) {
        let known = reference.target.and_then(|target| index.types.get(&target));
        return match known {
            Some(known) => format!("<a href=\"#{}\">{}</a>", known.slug, Text(&known.name)),
            None => Text(&reference.text.value).to_string(),
        };
    }
    if let Some(constant) = &schema.constant {
        return format!("always <code>{}</code>", Text(&written(constant)));
    }
    for (branches, between) in [(&schema.one_of, " or "), (&schema.any_of, " or ")] {
        if !branches.is_empty() {
            return joined(index, branches, between);
        }
    }
    if !schema.all_of.is_empty() && schema.object.properties.is_empty() {
        return joined(index, &schema.all_of, " with ");
    }
    let types: Vec<String> = schema
        .types
        .iter()
        .map(|ty| of_type(index, schema, ty.value))
        .collect();
    if !types.is_empty() {
        return types.join(" or ");
    }
    if !schema.object.is_empty() || !schema.all_of.is_empty() {
        return of_type(index, schema, Type::Object);
    }
    if !schema.array.is_empty() {
        return of_type(index, schema, Type::Array);
    }
    match &schema.format {
        Some(format) => Text(&format.value).to_string(),
        None => "any value".to_owned(),
    }
}

/// How many branches are named before they are only counted.
const BRANCHES: usize = 5;

fn joined(index: &Index<'_>, branches: &[Id<Schema>], between: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    for branch in branches {
        let words = words(index, *branch);
        if !all.contains(&words) {
            all.push(words);
        }
    }
    if all.len() > BRANCHES {
        return format!("one of {} types", all.len());
    }
    all.join(between)
}

fn of_type(index: &Index<'_>, schema: &Schema, ty: Type) -> String {
    match ty {
        Type::Array => match schema.array.items {
            Some(items) => {
                let inner = words(index, items);
                let inner = if inner.contains(" or ") {
                    format!("({inner})")
                } else {
                    inner
                };
                format!("array of {inner}")
            }
            None => "array".to_owned(),
        },
        Type::Object => match schema.object.additional_properties {
            Some(id) if schema.object.properties.is_empty() => {
                let further = &index.document[id];
                if further.boolean == Some(false) || further.is_anything() {
                    "object".to_owned()
                } else {
                    format!("map of {}", words(index, id))
                }
            }
            _ => "object".to_owned(),
        },
        other => match &schema.format {
            Some(format) if other != Type::Null => {
                format!("{} <i>{}</i>", other.as_str(), Text(&format.value))
            }
            _ => other.as_str().to_owned(),
        },
    }
}

/// A value as it stands in JSON; a text without its quotes.
pub fn written(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        other => write::compact(other),
    }
}

/// A row with everything that is known of it.
pub fn row(index: &Index<'_>, out: &mut Html, row: &Row<'_>) {
    put!(
        out,
        "<div class=\"row\"><div class=\"key\"><code>{}</code>",
        Text(row.name)
    );
    if row.required {
        out.raw(" <b class=\"must\">required</b>");
    }
    for remark in row.remarks {
        put!(out, " <span class=\"remark\">{}</span>", Text(remark));
    }
    if let Some(setter) = row.setter {
        put!(
            out,
            " <code class=\"setter\" title=\"How it is set in Rust\">.{}(…)</code>",
            Text(setter)
        );
    }
    out.raw("</div><div class=\"what\">");
    match row.schema {
        Some(id) => value(index, out, id, row.description),
        None => described(out, row.description),
    }
    if let Some(extensions) = row.extensions {
        evidence::write(out, extensions);
    }
    out.raw("</div></div>");
}

/// The type, the bounds, the description and the parts of a value.
pub fn value(index: &Index<'_>, out: &mut Html, id: Id<Schema>, said: Option<&str>) {
    let schema = &index.document[id];
    put!(out, "<p class=\"type\">{}", words(index, id));
    demands(index, out, id);
    out.raw("</p>");
    let own = schema.annotations.description.as_ref();
    described(out, said.or(own.map(|own| own.value.as_str())));
    values(index, out, id);
    parts(index, out, id);
    evidence::write(out, &schema.extensions);
}

/// What a type with a name is, before its properties.
pub fn summary(index: &Index<'_>, out: &mut Html, id: Id<Schema>) {
    let schema = &index.document[id];
    put!(out, "<p class=\"type\">{}", words(index, id));
    demands(index, out, id);
    out.raw("</p>");
    let own = schema.annotations.description.as_ref();
    described(out, own.map(|own| own.value.as_str()));
    values(index, out, id);
    evidence::write(out, &schema.extensions);
}

/// What a type with a name holds beside its properties: branches, items, further properties.
pub fn rest(index: &Index<'_>, out: &mut Html, id: Id<Schema>) {
    let schema = &index.document[id];
    if let Some(discriminator) = &schema.discriminator {
        put!(
            out,
            "<p><code>{}</code> tells which it is:</p><ul class=\"values told\">",
            Text(&discriminator.property.value)
        );
        for (value, reference) in &*discriminator.mapping {
            let known = reference.target.and_then(|target| index.types.get(&target));
            put!(out, "<li><code>{}</code> ", Text(value));
            if let Some(known) = known {
                put!(out, "<a href=\"#{}\">{}</a>", known.slug, Text(&known.name));
            }
            out.raw("</li>");
        }
        out.raw("</ul>");
    }
    let branches = [("one of", &schema.one_of), ("any of", &schema.any_of)];
    for (title, branches) in branches.into_iter().filter(|(_, it)| !it.is_empty()) {
        put!(out, "<h4>{title}</h4><div class=\"rows\">");
        for branch in branches {
            out.raw("<div class=\"row\"><div class=\"what\">");
            value(index, out, *branch, None);
            out.raw("</div></div>");
        }
        out.raw("</div>");
    }
    if let Some(items) = schema.array.items {
        children(index, out, items);
    }
    match schema.object.additional_properties {
        Some(id) if index.document[id].boolean == Some(false) => {
            out.raw("<p class=\"quiet\">No other properties.</p>");
        }
        Some(id) if !index.document[id].is_anything() => {
            out.raw("<div class=\"rows\"><div class=\"row\"><div class=\"key\"><i>any other name</i></div><div class=\"what\">");
            value(index, out, id, None);
            out.raw("</div></div></div>");
        }
        _ => {}
    }
}

/// A description as blocks, where there is one.
pub fn described(out: &mut Html, said: Option<&str>) {
    if let Some(said) = said.filter(|said| !said.trim().is_empty()) {
        put!(out, "<div class=\"said\">{}</div>", markdown::blocks(said));
    }
}

/// The bounds and the default of a value, and of the items where it is a list.
fn demands(index: &Index<'_>, out: &mut Html, id: Id<Schema>) {
    let schema = &index.document[id];
    for words in bounds::words(schema) {
        put!(out, " <span class=\"bound\">{}</span>", Text(&words));
    }
    if let Some(pattern) = &schema.string.pattern {
        put!(
            out,
            " <span class=\"bound\">matches <code>{}</code></span>",
            Text(&pattern.value)
        );
    }
    if let Some(default) = &schema.annotations.default {
        let default = write::compact(&default.value);
        put!(
            out,
            " <span class=\"bound\">default <code>{}</code></span>",
            Text(&default)
        );
    }
    if let Some(items) = schema.array.items.map(|items| &index.document[items]) {
        for words in bounds::words(items) {
            put!(out, " <span class=\"bound\">each {}</span>", Text(&words));
        }
    }
}

/// The values of an enumeration, or of the items of a list.
fn values(index: &Index<'_>, out: &mut Html, id: Id<Schema>) {
    let mut schema = &index.document[id];
    if schema.enumeration.is_none()
        && let Some(items) = schema.array.items
    {
        schema = &index.document[items];
    }
    let Some(values) = schema.enumeration.as_ref().filter(|it| !it.is_empty()) else {
        return;
    };
    let about = ["x-enumDescriptions", "x-enum-descriptions"];
    let about = about.iter().find_map(|name| schema.extensions.get(name));
    let is_long = values.len() > MANY;
    if is_long {
        put!(out, "<details><summary>{} values</summary>", values.len());
    }
    let is_told = about.is_some_and(|about| about.as_object().is_some());
    put!(
        out,
        "<ul class=\"values{}\">",
        if is_told { " told" } else { "" }
    );
    for value in values {
        let value = written(value);
        put!(out, "<li><code>{}</code>", Text(&value));
        let said = about.and_then(|about| about.get(&value)?.as_str());
        if let Some(said) = said {
            put!(out, " {}", markdown::line(said));
        }
        out.raw("</li>");
    }
    out.raw("</ul>");
    if is_long {
        out.raw("</details>");
    }
}

/// What a value is made of, folded, where it is not a type with a name.
fn parts(index: &Index<'_>, out: &mut Html, id: Id<Schema>) {
    let mut inner = Html::default();
    children(index, &mut inner, id);
    let inner = inner.into_string();
    if !inner.is_empty() {
        put!(
            out,
            "<details class=\"parts\"><summary>Properties</summary>{inner}</details>"
        );
    }
}

/// The properties of a schema, of its items, and of its branches, as far as they have no name of their own.
pub fn children(index: &Index<'_>, out: &mut Html, id: Id<Schema>) {
    let schema = &index.document[id];
    if schema.reference.is_some() {
        return;
    }
    let mut rows = Properties::new();
    collect(index, id, false, &mut HashSet::new(), &mut rows);
    properties(index, out, &rows);
    let further = schema.object.additional_properties;
    for inner in schema.array.items.into_iter().chain(further) {
        children(index, out, inner);
    }
    for branch in schema.one_of.iter().chain(&schema.any_of) {
        let mut inner = Html::default();
        children(index, &mut inner, *branch);
        let inner = inner.into_string();
        if !inner.is_empty() {
            let title = index.document[*branch].annotations.title.as_ref();
            let title = title.map_or("one form", |title| title.value.as_str());
            put!(
                out,
                "<div class=\"branch\"><p class=\"form\">{}</p>{inner}</div>",
                Text(title)
            );
        }
    }
}

/// The properties of a schema by their names.
pub type Properties<'a> = IndexMap<&'a str, Property>;

/// A property, and the type from which it is taken over.
pub struct Property {
    schema: Id<Schema>,
    required: bool,
    from: Option<Id<Schema>>,
}

/// The properties of a type with a name, those that it takes over from others among them.
pub fn all_properties<'a>(index: &Index<'a>, id: Id<Schema>) -> Properties<'a> {
    let mut rows = Properties::new();
    collect(index, id, true, &mut HashSet::new(), &mut rows);
    rows
}

/// Collects the properties of a schema and of what it is composed of; of a name that comes twice the first stays.
fn collect<'a>(
    index: &Index<'a>,
    id: Id<Schema>,
    follows: bool,
    seen: &mut HashSet<Id<Schema>>,
    rows: &mut Properties<'a>,
) {
    collect_from(index, id, None, follows, seen, rows);
    let required = required(index, id, follows, &mut HashSet::new());
    for (name, row) in rows {
        row.required |= required.contains(name);
    }
}

fn collect_from<'a>(
    index: &Index<'a>,
    id: Id<Schema>,
    from: Option<Id<Schema>>,
    follows: bool,
    seen: &mut HashSet<Id<Schema>>,
    rows: &mut Properties<'a>,
) {
    if !seen.insert(id) {
        return;
    }
    let schema = &index.document[id];
    for (name, property) in &schema.object.properties {
        rows.entry(name).or_insert(Property {
            schema: property.schema,
            required: false,
            from,
        });
    }
    let reference = schema.reference.as_ref().filter(|_| follows);
    if let Some(target) = reference.and_then(|reference| reference.target) {
        collect_from(index, target, Some(target), follows, seen, rows);
    }
    for part in &schema.all_of {
        collect_from(index, *part, from, follows, seen, rows);
    }
}

/// The names of the properties that must be there.
fn required<'a>(
    index: &Index<'a>,
    id: Id<Schema>,
    follows: bool,
    seen: &mut HashSet<Id<Schema>>,
) -> HashSet<&'a str> {
    let mut names = HashSet::new();
    if !seen.insert(id) {
        return names;
    }
    let schema = &index.document[id];
    names.extend(
        schema
            .object
            .required
            .iter()
            .map(|name| name.value.as_str()),
    );
    let reference = schema.reference.as_ref().filter(|_| follows);
    let target = reference.and_then(|reference| reference.target);
    for part in schema.all_of.iter().copied().chain(target) {
        names.extend(required(index, part, follows, seen));
    }
    names
}

/// Properties as rows.
pub fn properties(index: &Index<'_>, out: &mut Html, rows: &Properties<'_>) {
    if rows.is_empty() {
        return;
    }
    out.raw("<div class=\"rows\">");
    for (name, property) in rows {
        let schema = &index.document[property.schema];
        let notes = &*schema.annotations;
        let is = |flag: &Option<verbatim_codegen::document::Spanned<bool>>| {
            flag.as_ref().is_some_and(|flag| flag.value)
        };
        let mut remarks = Vec::new();
        if is(&notes.read_only) {
            remarks.push("read only");
        }
        if is(&notes.write_only) {
            remarks.push("write only");
        }
        if is(&notes.deprecated) {
            remarks.push("deprecated");
        }
        let from = property.from.and_then(|from| index.types.get(&from));
        let from = from.map(|from| format!("of {}", from.name));
        remarks.extend(from.as_deref());
        row(
            index,
            out,
            &Row {
                name,
                schema: Some(property.schema),
                required: property.required,
                remarks: &remarks,
                description: None,
                setter: None,
                extensions: None,
            },
        );
    }
    out.raw("</div>");
}
