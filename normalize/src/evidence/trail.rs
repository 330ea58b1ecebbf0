//! Where a schema or a property comes from, told to a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use verbatim_source::{Diagnostic, Source, Value, write};

use crate::openapi::{Refusal, with_inputs};
use crate::unify::{
    Content, Derived, Item, Named, ObjectShape, Origin, Piece, Property, Vocabulary, render, unify,
};

/// The code of a path that leads nowhere.
pub const NO_PATH: &str = "N2501";

/// Tells where a schema or a property comes from: documented copies, examples, corrections, and
/// what follows from them. A path is the name of a schema, followed by names of properties, as in
/// `Server.hardware.vcore` or `Server/hardware`.
///
/// # Errors
/// Where the schemas cannot be derived, or the path leads nowhere.
pub fn evidence(documented: Source, overlay: Source, path: &str) -> Result<String, Refusal> {
    with_inputs(documented, overlay, |documented, overlay| {
        let vocabulary = unify(documented, overlay)?;
        tell(&vocabulary, path).map_err(|problem| vec![problem])
    })
}

fn tell(vocabulary: &Vocabulary<'_>, path: &str) -> Result<String, Diagnostic> {
    let mut steps = path.split(['.', '/']).filter(|step| !step.is_empty());
    let first = steps.next().unwrap_or_default();
    let mut schema = find(vocabulary, first)?;
    let mut step = steps.next();
    while let Some(name) = step {
        let Content::Object(properties, _) = &schema.content else {
            return Err(nowhere(schema.name, name, []));
        };
        let Some(property) = properties.get(name) else {
            return Err(nowhere(schema.name, name, properties.keys().copied()));
        };
        step = steps.next();
        if step.is_some() {
            let inner =
                schema_in(&property.derived).ok_or_else(|| nowhere(schema.name, name, []))?;
            schema = find(vocabulary, inner)?;
            continue;
        }
        let mut text = format!("{}.{name}\n", schema.name);
        let derived = write::compact(&render(&property.derived, None));
        let _ = writeln!(text, "  {derived} ({})", presence(schema, property));
        text.push_str(&counted(vocabulary, schema, name));
        list(&mut text, &property.items);
        for action in &property.corrections {
            correction(&mut text, action);
        }
        return Ok(text);
    }
    Ok(tell_schema(vocabulary, schema))
}

fn presence(schema: &Named<'_>, property: &Property<'_>) -> &'static str {
    match (property.required, property.selected, schema.request) {
        (true, _, true) => "has to be sent",
        (true, _, false) => "always there",
        (false, true, _) => "can be absent, because clients can select properties",
        (false, false, true) => "need not be sent",
        (false, false, false) => "can be absent",
    }
}

/// In how many of the values that were seen a property is.
fn counted(vocabulary: &Vocabulary<'_>, schema: &Named<'_>, name: &str) -> String {
    let items = vocabulary
        .pools
        .named
        .get(schema.name)
        .map(|pool| pool.items.as_slice());
    let values = || {
        let items = items.unwrap_or_default().iter();
        items.filter(|item| matches!(item.piece, Piece::Value(_)))
    };
    let having = values()
        .filter(|item| item.property(name).is_some())
        .count();
    format!("  seen in {having} of {} values\n", values().count())
}

fn tell_schema(vocabulary: &Vocabulary<'_>, schema: &Named<'_>) -> String {
    let mut text = format!("{}\n", schema.name);
    if let Some(pool) = vocabulary.pools.named.get(schema.name) {
        for place in &pool.places {
            let _ = writeln!(text, "  stands at {place}");
        }
        if let Content::Object(properties, _) = &schema.content {
            let names: Vec<&str> = properties.keys().copied().collect();
            let _ = writeln!(text, "  has {}", names.join(", "));
        }
        list(&mut text, &pool.items);
    }
    for action in &schema.corrections {
        correction(&mut text, action);
    }
    text
}

fn find<'v, 'a>(vocabulary: &'v Vocabulary<'a>, name: &str) -> Result<&'v Named<'a>, Diagnostic> {
    let found = vocabulary.schemas.iter().find(|schema| schema.name == name);
    found.ok_or_else(|| {
        let near: Vec<&str> = vocabulary
            .schemas
            .iter()
            .map(|schema| schema.name)
            .filter(|known| known.to_lowercase().contains(&name.to_lowercase()))
            .collect();
        let problem = Diagnostic::error(NO_PATH, format!("there is no schema `{name}`"));
        if near.is_empty() {
            problem
        } else {
            problem.help(format!("known are {}", near.join(", ")))
        }
    })
}

fn nowhere<'a>(
    schema: &str,
    property: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let problem = Diagnostic::error(NO_PATH, format!("`{schema}` has nothing in `{property}`"));
    if known.is_empty() {
        problem
    } else {
        problem.help(format!("known are {}", known.join(", ")))
    }
}

/// The named schema that a value or its items have.
fn schema_in<'a>(derived: &Derived<'a>) -> Option<&'a str> {
    match &derived.object {
        Some(ObjectShape::Named(name)) => return Some(name),
        Some(ObjectShape::Each(inner)) => return schema_in(inner),
        _ => {}
    }
    derived.array.as_deref().and_then(schema_in)
}

/// Lists evidence: what was documented or seen, and on which lines.
fn list(text: &mut String, items: &[Item<'_>]) {
    let mut documented: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in items {
        let Origin::Body(operation, side, line) = item.origin else {
            continue;
        };
        let place = format!("line {line} ({} {side})", operation.key);
        match item.piece {
            Piece::Schema(node) => documented
                .entry(short(&node.value))
                .or_default()
                .push(place),
            Piece::Value(node) => seen.entry(short(&node.value)).or_default().push(place),
        }
    }
    for (what, groups) in [("documented as", documented), ("seen as", seen)] {
        for (value, places) in groups {
            let _ = writeln!(text, "  {what} {value}");
            for place in places {
                let _ = writeln!(text, "    {place}");
            }
        }
    }
}

fn correction(text: &mut String, action: &crate::overlay::Action) {
    let _ = writeln!(text, "  corrected: {}", action.reason);
    for fact in &action.facts {
        let _ = writeln!(text, "    fact {fact}");
    }
    for line in &action.lines {
        let _ = writeln!(text, "    line {line}");
    }
}

fn short(value: &Value) -> String {
    let text = write::compact(value);
    match text.char_indices().nth(120) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
