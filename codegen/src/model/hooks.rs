//! Webhooks and callbacks: a type for each, and an enum of all.

use super::endpoint::{Decode, Hook, Hooks};
use super::name::{Clash, Scope, Usage};
use super::types::Types;
use super::{Docs, File, Item};
use crate::ir;
use crate::origin::Origin;

/// The files of what the service sends, each with the word of its module and a sentence about it.
pub fn hooks(
    types: &Types<'_>,
    clashes: &mut Vec<Clash>,
) -> Vec<(&'static str, &'static str, File)> {
    let kinds = [
        (
            false,
            "webhooks",
            "What the service sends by itself.",
            "any webhook",
        ),
        (
            true,
            "callbacks",
            "What the service sends to those whose calls ask for it.",
            "any callback",
        ),
    ];
    let mut files = Vec::new();
    for (is_callback, word, text, all) in kinds {
        let hooks = types.api.hooks.iter();
        let hooks: Vec<&ir::Hook> = hooks.filter(|it| it.is_callback == is_callback).collect();
        if hooks.is_empty() {
            continue;
        }
        let mut scope = Scope::new();
        for name in ["Webhook", "DecodeError", "RawResponse", "StatusMatch"] {
            scope.reserve(name);
        }
        let file = File {
            path: format!("{word}.rs"),
            origin: Origin::default(),
            docs: Docs::own(text),
            items: items(types, &hooks, (&mut scope, clashes), all),
        };
        clashes.extend(scope.take_clashes());
        files.push((word, text, file));
    }
    files
}

fn items(
    types: &Types<'_>,
    hooks: &[&ir::Hook],
    (scope, clashes): (&mut Scope, &mut Vec<Clash>),
    all: &str,
) -> Vec<Item> {
    let mut items = Vec::new();
    let mut names = Vec::new();
    let mut replies = Vec::new();
    let mut headers = Vec::new();
    for hook in hooks {
        let name = scope.claim_any(&hook.words, Usage::Type, &hook.origin);
        let wanted: Vec<String> = hook.words.iter().map(|it| format!("{it} body")).collect();
        let decode = types.delivered(&hook.body, &wanted, scope, &mut replies);
        let texts = [&hook.summary, &hook.description, &hook.body.description];
        let mut media: Vec<String> = Vec::new();
        for content in &hook.body.contents {
            if !media.contains(&content.media) {
                media.push(content.media.clone());
            }
        }
        names.push(name.clone());
        let wanted: Vec<String> = hook
            .words
            .iter()
            .map(|it| format!("{it} headers"))
            .collect();
        let claim = || scope.claim_any(&wanted, Usage::Type, &hook.origin);
        headers.extend(super::headers::of_hook(types, hook, claim, clashes).map(Item::Headers));
        let (decode, optional) = match decode {
            Decode::Json(ty) if hook.optional => (Decode::OptionalJson(ty), false),
            Decode::Replies(name) => (Decode::Replies(name), hook.optional),
            other => (other, false),
        };
        items.push(Item::Hook(Hook {
            docs: Docs::foreign(texts.map(String::as_str)),
            name,
            wire: hook.name.clone(),
            method: hook.method.clone(),
            media,
            decode,
            optional,
        }));
    }
    let wanted = [all.to_owned(), format!("{all} of the document")];
    let name = scope.claim_any(&wanted, Usage::Type, &Origin::default());
    items.push(Item::Hooks(Hooks {
        docs: Docs::own("Any of them, by the name that the document gives to it."),
        name,
        hooks: names,
    }));
    items.append(&mut replies);
    items.append(&mut headers);
    items
}
