//! The extensions that declare behaviour: `x-verbatim-…`.

use verbatim_source::{Member, Node, Object, Value};

use super::json;
use crate::ir::{Among, Dialect, Format, PageEnd, PageStyle, Pagination, RateLimit, Wait};

/// A truth value, where there is one under this name.
pub(super) fn truth(extensions: &Object, name: &str) -> Option<bool> {
    extensions.get(name).and_then(Node::as_bool)
}

/// Whether a flag is set.
pub(super) fn is_true(extensions: &Object, name: &str) -> bool {
    truth(extensions, name) == Some(true)
}

/// A text, where there is one under this name.
pub(super) fn word(extensions: &Object, name: &str) -> Option<String> {
    extensions
        .get(name)
        .and_then(Node::as_str)
        .map(str::to_owned)
}

fn texts(node: Option<&Node>) -> Vec<String> {
    let items = node.and_then(Node::as_array).unwrap_or_default();
    items
        .iter()
        .map(|item| {
            item.as_str()
                .map_or_else(|| json(&item.value), str::to_owned)
        })
        .collect()
}

fn number(object: &Object, name: &str) -> Option<u64> {
    object
        .get(name)
        .and_then(Node::as_number)
        .and_then(|lexeme| lexeme.parse().ok())
}

/// `x-verbatim-pagination`.
pub(super) fn pagination(extensions: &Object) -> Option<Pagination> {
    let object = extensions.get("x-verbatim-pagination")?.as_object()?;
    let word = |name: &str| word(object, name).unwrap_or_default();
    let (next, total, total_header) = (word("next"), word("total"), word("totalHeader"));
    let usual_end = match (next.is_empty(), total.is_empty() && total_header.is_empty()) {
        (false, _) => PageEnd::Next,
        (true, false) => PageEnd::Total,
        (true, true) => PageEnd::ShortPage,
    };
    Some(Pagination {
        // Other words are complained of where the document is read.
        style: PageStyle::of(&word("style")).unwrap_or_default(),
        page: word("page"),
        size: word("size"),
        first: number(object, "first").unwrap_or(1),
        end: match word("end").as_str() {
            "" => usual_end,
            end => PageEnd::of(end).unwrap_or_default(),
        },
        total_header,
        total,
        next,
        items: word("items"),
        identity: word("identity"),
        sort: word("sort"),
        fields: word("fields"),
    })
}

/// `x-verbatim-wait`.
pub(super) fn wait(extensions: &Object) -> Option<Wait> {
    let object = extensions.get("x-verbatim-wait")?.as_object()?;
    let word = |name: &str| word(object, name).unwrap_or_default();
    let baseline = truth(object, "baseline") == Some(true);
    let among = Among {
        items: word("items"),
        identity: word("identity"),
        baseline,
        matches: pairs(object, "match"),
    };
    let percent_null = object
        .get("percentDone")
        .is_some_and(|node| matches!(node.value, Value::Null));
    Some(Wait {
        poll: word("poll"),
        parameters: pairs(object, "parameters"),
        state: word("state"),
        percent: word("percent"),
        done: texts(object.get("done")),
        failed: texts(object.get("failed")),
        percent_null,
        gone: truth(object, "gone") == Some(true),
        // What tells items apart is needed wherever the reply is a list, and nowhere else.
        among: (!among.identity.is_empty()).then_some(among),
    })
}

/// The members of an object that are texts.
fn pairs(object: &Object, name: &str) -> Vec<(String, String)> {
    let members = object.get(name).and_then(Node::as_object);
    let members = members.into_iter().flat_map(Object::iter);
    let pair = |member: &Member| {
        let text = member.value.as_str().unwrap_or_default();
        (member.key.clone(), text.to_owned())
    };
    members.map(pair).collect()
}

/// `x-verbatim-formats`.
pub(super) fn formats(extensions: &Object) -> Vec<Format> {
    let formats = extensions
        .get("x-verbatim-formats")
        .and_then(Node::as_object);
    let formats = formats.into_iter().flat_map(Object::iter);
    let format = |member: &Member| {
        let object = member.value.as_object()?;
        let word = |name: &str| word(object, name).unwrap_or_default();
        Some(Format {
            name: member.key.clone(),
            suffix: word("suffix"),
            media: word("media"),
            dialect: Dialect::of(&word("dialect")),
        })
    };
    formats.filter_map(format).collect()
}

/// `x-verbatim-rate-limit`.
pub(super) fn rate_limit(extensions: &Object) -> Option<RateLimit> {
    let object = extensions.get("x-verbatim-rate-limit")?.as_object()?;
    let small = |name: &str| number(object, name).and_then(|value| u32::try_from(value).ok());
    let word = |name: &str| word(object, name).unwrap_or_default();
    Some(RateLimit {
        requests: small("requests")?,
        window_seconds: small("windowSeconds")?,
        limit_header: word("limitHeader"),
        remaining_header: word("remainingHeader"),
        reset_header: word("resetHeader"),
    })
}
