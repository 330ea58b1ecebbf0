//! What can be sent again, and what changes something though its method does not say so.

use verbatim_codegen::ir::{Operation, Place as Where};
use verbatim_source::Value;

use crate::view::{View, in_place, subject};
use crate::words::{plain, says, words};
use crate::{Draft, Found, Kind, Place};

/// Verbs of operations that change something.
const CHANGES: &[&str] = &[
    "delete",
    "remove",
    "reset",
    "revoke",
    "logout",
    "start",
    "stop",
    "restart",
    "reboot",
    "create",
    "update",
    "send",
    "trigger",
    "cancel",
    "enable",
    "disable",
    "activate",
    "deactivate",
    "shutdown",
    "unsubscribe",
    "clear",
    "purge",
    "rotate",
    "regenerate",
];

/// Words of what is only read, whatever verb stands before them: `Send Analytics`, `start list`.
const READS: &[&str] = &[
    "analytics",
    "details",
    "export",
    "history",
    "info",
    "list",
    "report",
    "reports",
    "series",
    "statistics",
    "stats",
    "status",
    "summary",
];

/// Finds both.
pub fn find(view: &View<'_>, found: &mut Found) {
    for operation in &view.api.operations {
        match operation.method.as_str() {
            "GET" if operation.safe.is_none() => unsafe_get(operation, found),
            "POST" | "PATCH" => repeated(operation, found),
            _ => {}
        }
    }
}

fn repeated(operation: &Operation, found: &mut Found) {
    if operation.idempotent.is_some() || operation.idempotency_key.is_some() {
        return;
    }
    let is_key = |name: &str| plain(name).contains("idempot");
    let key = in_place(operation, Where::Header).find(|it| is_key(&it.name));
    let text = format!("{} {}", operation.summary, operation.description);
    let denied = [
        "not idempotent",
        "non-idempotent",
        "isn't idempotent",
        "idempotency key",
        "idempotency-key",
    ];
    let said = says(&text, &["idempotent"]) && !says(&text, &denied);
    let (extension, value, reason, place) = match key {
        Some(key) => {
            let reason = format!(
                "It takes `{}`, by which the service knows a call that it has had already: the client makes one \
                 for each call, and sends the call again after a broken connection.",
                key.name
            );
            let place = Place::new(&key.origin, "the key");
            (
                "x-verbatim-idempotency-key",
                Value::from(key.name.as_str()),
                reason,
                place,
            )
        }
        None if said => (
            "x-verbatim-idempotent",
            Value::from(true),
            "The description calls it idempotent, which its method does not say.".to_owned(),
            Place::new(&operation.origin, "the description"),
        ),
        None => return,
    };
    let draft = Draft {
        extension,
        value,
        reason,
        places: vec![place],
    };
    found.propose(
        Kind::Repetition,
        (subject(operation), &operation.origin),
        draft,
    );
}

fn unsafe_get(operation: &Operation, found: &mut Found) {
    let name = operation.id.as_deref().unwrap_or_default();
    let last = operation.path.rsplit('/').find(|part| !part.is_empty());
    let is_read = [&*operation.summary, last.unwrap_or_default()]
        .iter()
        .flat_map(|text| words(text))
        .any(|word| READS.contains(&word.as_str()));
    if is_read {
        return;
    }
    let verb = words(name)
        .into_iter()
        .next()
        .filter(|word| CHANGES.contains(&word.as_str()));
    let by_path = last.filter(|part| CHANGES.contains(&plain(part).as_str()));
    let said = operation
        .summary
        .split_whitespace()
        .next()
        .map(plain)
        .unwrap_or_default();
    let said = CHANGES
        .iter()
        .any(|word| said == *word || said.strip_suffix('s') == Some(word))
        || says(&operation.summary, &["logs out", "log out"]);
    // A name alone is not enough: `start` is also where a list begins.
    let Some(word) = verb
        .as_deref()
        .or(by_path)
        .filter(|_| said || (verb.is_some() && by_path.is_some()))
    else {
        return;
    };
    let draft = Draft {
        extension: "x-verbatim-safe",
        value: Value::from(false),
        reason: format!(
            "It is a GET, yet by its name and its words it changes something (`{word}`)."
        ),
        places: vec![Place::new(&operation.origin, "name and summary")],
    };
    found.propose(
        Kind::Repetition,
        (subject(operation), &operation.origin),
        draft,
    );
}
