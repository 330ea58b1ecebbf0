//! Values that must not be shown.

use std::collections::BTreeSet;

use verbatim_codegen::ir::{Name, Object, Property, Shape, TypeDef};
use verbatim_json::is_secret_name;
use verbatim_source::Value;

use crate::view::View;
use crate::words::{plain, words};
use crate::{Draft, Found, Kind, Place};

/// Words of texts that stand for a page and not for a person.
const HARMLESS: &[&str] = &[
    "page",
    "next",
    "continuation",
    "pagination",
    "sync",
    "csrf",
    "cancel",
    // What proves a text is shown to everybody; one of an address is no property.
    "signature",
];

/// Words of what lets somebody in, for texts that only ever go to the service.
const HINTS: &[&str] = &[
    "key",
    "pin",
    "otp",
    "totp",
    "cvv",
    "cvc",
    "passcode",
    "credential",
    "credentials",
    "private",
    "auth",
    "code",
    "pass",
    "pwd",
    "certificate",
    "signature",
    "seed",
];

/// Finds them: by the one list of names, and where a text only ever goes to the service.
pub fn find(view: &View<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for def in &view.api.types {
        let Shape::Object(object) = &def.shape else {
            continue;
        };
        for property in &object.properties {
            let (_, value) = view.resolve(property.ty.id);
            let Some(reason) =
                reason(property, value).filter(|_| !is_of_language(object, property))
            else {
                continue;
            };
            // A type of its own is secret wherever it stands.
            if !seen.insert(value.origin.to_string()) {
                continue;
            }
            let draft = Draft {
                extension: "x-verbatim-secret",
                value: Value::from(true),
                reason,
                places: vec![Place::new(&property.origin, format!("`{}`", property.name))],
            };
            let subject = format!("{}.{}", called(view, def), property.name);
            found.propose(Kind::Secret, (subject, &value.origin), draft);
        }
    }
}

fn reason(property: &Property, value: &TypeDef) -> Option<String> {
    let is_plain = matches!(&value.shape, Shape::Text(format) if !is_public(format));
    if value.is_secret() || !is_plain {
        return None;
    }
    let harmless = words(&property.name)
        .iter()
        .any(|word| HARMLESS.contains(&word.as_str()));
    if is_secret_name(&property.name) && !harmless {
        return Some("The name says that it is a secret; it is masked by its name, and declared it is masked wherever it is printed.".to_owned());
    }
    let hints = words(&property.name)
        .iter()
        .any(|word| HINTS.contains(&word.as_str()));
    (property.write_only && hints)
        .then(|| "It is sent and never shown (`writeOnly`), and its name speaks of what lets somebody in.".to_owned())
}

/// Whether a `token` is a piece of a text, as models of language count them.
fn is_of_language(object: &Object, property: &Property) -> bool {
    let siblings = object.properties.iter().map(|it| plain(&it.name));
    let is_counted = |name: String| {
        name.contains("logprob") || matches!(name.as_str(), "bytes" | "tokenid" | "ngram")
    };
    plain(&property.name) == "token" && siblings.into_iter().any(is_counted)
}

/// Whether texts of a format are no secrets.
fn is_public(format: &str) -> bool {
    matches!(
        format,
        "date" | "date-time" | "uri" | "email" | "hostname" | "binary" | "ipv4" | "ipv6"
    )
}

/// What a type is called, as far as the document says it.
fn called(view: &View<'_>, def: &TypeDef) -> String {
    let mut def = def;
    let mut tail = String::new();
    loop {
        match &def.name {
            Name::Component(name) => return format!("{name}{tail}"),
            Name::Within(id, word) => {
                tail = format!(".{word}{tail}");
                def = view.api.get(*id);
            }
            Name::RequestOf(id) => def = view.api.get(*id),
            Name::Operation(index, word) => {
                let operation = &view.api.operations[*index];
                return format!("{} {word}{tail}", crate::view::subject(operation));
            }
            Name::Hook(words) => return format!("{words}{tail}"),
            Name::Unnamed => return format!("{}{tail}", def.origin.pointer),
        }
    }
}
