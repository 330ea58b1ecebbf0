//! The words from which groups, methods and calls get their names.

use std::collections::BTreeMap;

use super::name::{Ident, Usage, identifier};
pub use super::operation_id::{method_and_path, operation_id, spoken_id};
use crate::ir::{self, Content, Kind, Operation, media_word};

/// The groups of all operations, by their place in the API: declared, or the first tag, or the first word of the path
/// where several operations begin with it.
///
/// The caller may have renamed them.
pub fn group_words(api: &ir::Api, wished: &BTreeMap<String, String>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in &api.operations {
        *counts.entry(segment(operation)).or_default() += 1;
    }
    let word = |operation: &Operation| {
        let named = group_word(operation);
        let segment = Some(segment(operation)).filter(|segment| counts[segment] > 1);
        let word = named
            .filter(|word| !word.trim().is_empty())
            .or(segment)
            .unwrap_or("general");
        let word = identifier(word, Usage::Module).to_string();
        wished.get(&word).cloned().unwrap_or(word)
    };
    api.operations.iter().map(word).collect()
}

/// What the document calls the group of an operation.
pub fn group_word(operation: &Operation) -> Option<&str> {
    let tag = operation.tags.first();
    operation.group.as_deref().or(tag.map(String::as_str))
}

/// The first fixed part of a path.
fn segment(operation: &Operation) -> &str {
    let mut parts = operation
        .path
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('{'));
    parts.next().unwrap_or_default()
}

/// The bodies that get a method each: JSON of every type before all others, and the first of every other kind.
pub fn bodies<'o>(api: &ir::Api, operation: &'o Operation) -> Vec<Option<&'o Content>> {
    let Some(body) = &operation.body else {
        return vec![None];
    };
    // What a client says in another format for all calls is no way of its own to make one.
    let has_json = body
        .contents
        .iter()
        .any(|content| content.kind == Kind::Json);
    let is_format = |content: &&Content| {
        let is = |format: &ir::Format| !format.is_json() && format.media == content.media;
        has_json && content.kind != Kind::Json && api.formats.iter().any(is)
    };
    let mut kinds: Vec<&Content> = Vec::new();
    for content in body.contents.iter().filter(|content| !is_format(content)) {
        let is_known = |known: &&Content| {
            let type_of = |it: &Content| it.ty.as_ref().map(|ty| ty.id);
            known.kind == content.kind
                && (content.kind != Kind::Json || type_of(known) == type_of(content))
        };
        if !kinds.iter().any(is_known) {
            kinds.push(content);
        }
    }
    kinds.sort_by_key(|content| content.kind != Kind::Json);
    if kinds.is_empty() {
        vec![None]
    } else {
        kinds.into_iter().map(Some).collect()
    }
}

/// What sets apart the methods of an operation that takes several kinds of body.
fn kind_word(api: &ir::Api, operation: &Operation, content: Option<&Content>) -> String {
    let bodies = bodies(api, operation);
    let first = bodies.first().copied().flatten();
    let word = match content.map(|content| (content, content.kind)) {
        Some((content, _)) if first.is_some_and(|first| std::ptr::eq(first, content)) => "",
        Some((content, Kind::Json)) if first.is_some_and(|it| it.kind == Kind::Json) => {
            return media_word(&content.media);
        }
        Some((_, Kind::Form)) => "form",
        Some((_, Kind::Multipart)) => "multipart",
        Some((_, Kind::Text)) => "text",
        Some((_, Kind::Events)) => "events",
        Some((_, Kind::Lines)) => "lines",
        Some((_, Kind::Bytes)) => "bytes",
        None if first.is_none() => "",
        Some((_, Kind::Json)) | None => "json",
    };
    word.to_owned()
}

/// The name of the method: the caller's, the declared one, or the identifier without the words of the group.
pub fn method_word(
    api: &ir::Api,
    operation: &Operation,
    group: &str,
    id: &str,
    content: Option<&Content>,
    wished: Option<&Ident>,
) -> String {
    let kind = kind_word(api, operation, content);
    let base = match (wished, &operation.name) {
        (Some(wished), _) => wished.to_string(),
        (None, Some(name)) => name.clone(),
        (None, None) => without_group(id, group),
    };
    if kind.is_empty() {
        base
    } else {
        format!("{base} {kind}")
    }
}

/// The name of a method from which the words of its group were cut.
pub struct Cut {
    /// What is left.
    pub text: Ident,
    /// The identifier as a whole; none where the name was chosen by somebody.
    pub whole: Option<Ident>,
    /// Method and path, for where another operation has the name.
    pub by_path: String,
}

/// Words that a name does not end with: they stand before what was cut.
const LOOSE: [&str; 14] = [
    "for", "of", "by", "to", "in", "from", "with", "at", "on", "into", "the", "this", "a", "an",
];

/// The identifier of an operation as the name of a method.
pub fn whole_word(
    api: &ir::Api,
    operation: &Operation,
    id: &str,
    content: Option<&Content>,
) -> Ident {
    let kind = kind_word(api, operation, content);
    identifier(&format!("{id} {kind}"), Usage::Value)
}

/// Method and path of an operation as the name of a method.
pub fn path_word(api: &ir::Api, operation: &Operation, content: Option<&Content>) -> String {
    let kind = kind_word(api, operation, content);
    format!("{} {kind}", method_and_path(operation))
}

/// The names of the methods of a group as a person would say them: without a preposition that lost its word, and whole
/// where two would be the same.
pub fn readable<'c>(names: impl Iterator<Item = &'c Cut>) -> Vec<Ident> {
    let cuts: Vec<&Cut> = names.collect();
    let mut texts: Vec<Ident> = cuts.iter().map(|cut| cut.text.clone()).collect();
    let shorter: Vec<Option<Ident>> = cuts
        .iter()
        .map(|cut| cut.whole.as_ref().and_then(|_| without_end(&cut.text)))
        .collect();
    for (at, short) in shorter.iter().enumerate() {
        let Some(short) = short else { continue };
        let is_other = |other: &Ident| other == short;
        let others = shorter
            .iter()
            .flatten()
            .filter(|other| is_other(other))
            .count();
        if others == 1 && !cuts.iter().any(|cut| is_other(&cut.text)) {
            texts[at] = short.clone();
        }
    }
    let before = texts.clone();
    let is_one =
        |list: &[Ident], name: &Ident| list.iter().filter(|other| *other == name).count() == 1;
    let wholes: Vec<Ident> = cuts.iter().filter_map(|cut| cut.whole.clone()).collect();
    for (at, cut) in cuts.iter().enumerate() {
        if let Some(whole) = cut.whole.as_ref().filter(|_| !is_one(&before, &before[at]))
            && is_one(&wholes, whole)
            && !before.contains(whole)
        {
            texts[at] = whole.clone();
        }
    }
    texts
}

/// A name without the prepositions at its end, where something is left that says what is done to what.
fn without_end(name: &Ident) -> Option<Ident> {
    let mut words: Vec<&str> = name
        .as_str()
        .split('_')
        .filter(|word| !word.is_empty())
        .collect();
    let before = words.len();
    while let [.., above, last] = words.as_slice()
        && LOOSE.contains(last)
    {
        // `all_of` and `blocked_by` end as they should.
        let is_keyword = *last == "of" && matches!(*above, "all" | "any" | "one");
        if is_keyword || (*last == "by" && above.ends_with("ed")) {
            break;
        }
        words.pop();
    }
    (words.len() > 1 && words.len() < before).then(|| identifier(&words.join("_"), Usage::Value))
}

fn without_group(id: &str, group: &str) -> String {
    let snake = identifier(id, Usage::Value).to_string();
    let words: Vec<&str> = snake.split('_').filter(|word| !word.is_empty()).collect();
    let group: Vec<&str> = group.split('_').collect();
    let alike = |one: &str, other: &str| stem(one) == stem(other);
    let found = words
        .windows(group.len())
        .position(|run| run.iter().zip(&group).all(|(one, other)| alike(one, other)));
    let Some(at) = found else { return snake };
    let end = at + group.len();
    // The group is what a qualifier belongs to: `list_special_events` is not `list_special`.
    let is_qualified = at > 1 && !LOOSE.contains(&words[at - 1]);
    if is_qualified && words.get(end).is_none_or(|word| LOOSE.contains(word)) {
        return snake;
    }
    let rest: Vec<&str> = words[..at].iter().chain(&words[end..]).copied().collect();
    let useless = rest.is_empty()
        || rest
            .iter()
            .all(|word| matches!(*word, "by" | "of" | "for" | "in" | "to"));
    if useless { snake } else { rest.join("_") }
}

/// A word without the ending of its plural.
fn stem(word: &str) -> &str {
    let word = word
        .strip_suffix("ies")
        .or(word.strip_suffix('y'))
        .unwrap_or(word);
    word.strip_suffix("es")
        .or(word.strip_suffix('s'))
        .unwrap_or(word)
        .trim_end_matches('e')
}

/// What the newtype of a call is called beyond its operation.
pub fn call_word(api: &ir::Api, content: Option<&Content>, operation: &Operation) -> String {
    format!("{} call", kind_word(api, operation, content))
}

/// The names that something of an operation may have, the best first: its identifier, where another operation has
/// that too with the group before it, or method and path.
pub fn wanted_names(group: &str, operation: &Operation, word: &str) -> [String; 3] {
    let id = spoken_id(operation);
    [
        format!("{id} {word}"),
        format!("{group} {id} {word}"),
        format!("{} {word}", method_and_path(operation)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_people_say_them() {
        let cut = |text: &str, whole: &str| Cut {
            text: identifier(text, Usage::Value),
            whole: Some(identifier(whole, Usage::Value)),
            by_path: String::new(),
        };
        let chosen = Cut {
            text: identifier("look_for", Usage::Value),
            whole: None,
            by_path: String::new(),
        };
        let names = [
            (
                cut("list_actions_for", "listActionsForImage"),
                "list_actions",
            ),
            (cut("change_type_of", "changeTypeOfServer"), "change_type"),
            (
                cut("change_entry_for_this", "changeEntryForThisServer"),
                "change_entry",
            ),
            (cut("list_of", "listOfServers"), "list_of"),
            (cut("attach_to", "attachToServer"), "attach_to"),
            (
                cut("attach_to_network", "attachServerToNetwork"),
                "attach_to_network",
            ),
            (
                cut("list_blocked_by", "listServersBlockedBy"),
                "list_blocked_by",
            ),
            // Two would be one.
            (cut("add_tags_to", "addTagsToServer"), "add_tags_to"),
            (cut("add_tags_for", "addTagsForServer"), "add_tags_for"),
            (cut("get", "getServers"), "get_servers"),
            (cut("get", "getServer"), "get_server"),
            (chosen, "look_for"),
        ];
        let readable = readable(names.iter().map(|(cut, _)| cut));
        for (name, (_, wanted)) in readable.iter().zip(&names) {
            assert_eq!(name.as_str(), *wanted);
        }
    }

    #[test]
    fn methods_lose_the_words_of_their_group() {
        assert_eq!(without_group("listServers", "servers"), "list");
        assert_eq!(without_group("getServer", "servers"), "get");
        assert_eq!(without_group("servers", "servers"), "servers");
        assert_eq!(without_group("getServerById", "servers"), "get_by_id");
        assert_eq!(
            without_group("listFirewallPolicies", "firewall_policies"),
            "list"
        );
        assert_eq!(without_group("addPet", "store"), "add_pet");
        assert_eq!(
            without_group("updateServerStatus", "servers"),
            "update_status"
        );
        assert_eq!(
            without_group("listActionsForServer", "servers"),
            "list_actions_for"
        );
    }

    #[test]
    fn a_qualifier_keeps_the_word_of_its_group() {
        assert_eq!(
            without_group("listSpecialEvents", "events"),
            "list_special_events"
        );
        assert_eq!(
            without_group("getSpecialEventById", "events"),
            "get_special_event_by_id"
        );
    }
}
