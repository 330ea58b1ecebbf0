//! Media types: what they are, and which documented one a received one is.

/// The type and subtype, without parameters.
pub(crate) fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or_default().trim()
}

/// The parameters, with their values out of quotes.
fn parameters(media: &str) -> impl Iterator<Item = (&str, &str)> {
    let parameters = media.split(';').skip(1);
    parameters.filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        Some((name.trim(), value.trim().trim_matches('"')))
    })
}

/// The value of a parameter.
fn parameter<'m>(media: &'m str, name: &str) -> Option<&'m str> {
    let mut all = parameters(media);
    all.find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Whether a documented media type, which may be a range, stands for a received one, whatever the
/// parameters of both.
pub(crate) fn matches(documented: &str, received: &str) -> bool {
    let (documented, received) = (essence(documented), essence(received));
    match documented.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => received
            .split_once('/')
            .is_some_and(|(other, _)| other.eq_ignore_ascii_case(kind)),
        _ => documented.eq_ignore_ascii_case(received),
    }
}

/// How far a documented media type is from a received one that it stands for; none where it does not.
/// What both say otherwise weighs most, then how wide the range is, then what only one of them says.
pub(crate) fn distance(documented: &str, received: &str) -> Option<[usize; 4]> {
    if documented.is_empty() || !matches(documented, received) {
        return None;
    }
    let (mut against, mut missing) = (0, 0);
    for (name, value) in parameters(documented) {
        match parameter(received, name) {
            Some(other) if other.eq_ignore_ascii_case(value) => {}
            Some(_) => against += 1,
            None => missing += 1,
        }
    }
    let width = essence(documented).matches('*').count();
    let further = parameters(received).filter(|(name, _)| parameter(documented, name).is_none());
    Some([against, width, missing, further.count()])
}

/// Whether a media type names a set of them: `image/*`.
pub(crate) fn is_range(media: &str) -> bool {
    essence(media).contains('*')
}

/// Whether a media type is JSON: `application/json`, `text/json`, or anything `+json`.
pub(crate) fn is_json(media: &str) -> bool {
    let media = essence(media);
    let suffix = media.len().checked_sub("+json".len());
    let suffix = suffix.and_then(|start| media.get(start..));
    media.eq_ignore_ascii_case("application/json")
        || media.eq_ignore_ascii_case("text/json")
        || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("+json"))
}

/// Whether a media type is XML: `application/xml`, `text/xml`, or anything `+xml`.
#[cfg(feature = "xml")]
pub(crate) fn is_xml(media: &str) -> bool {
    let media = essence(media).to_ascii_lowercase();
    matches!(media.as_str(), "application/xml" | "text/xml") || media.ends_with("+xml")
}

/// Whether a media type is that of a sequence of items which are of use one by one: server-sent
/// events, or a JSON text for each line or record.
pub(crate) fn is_sequence(media: &str) -> bool {
    const KINDS: [&str; 11] = [
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonl",
        "application/jsonlines",
        "application/x-jsonlines",
        "application/json-lines",
        "application/json-seq",
        "application/geo+json-seq",
        "application/stream+json",
    ];
    let media = essence(media);
    KINDS.iter().any(|kind| media.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_tell_media_types_apart() {
        let documented = ["a/b; v=2", "a/b;v=\"1\"", "a/b", "a/*", "*/*"];
        let nearest = |received: &str| {
            let distances = documented.iter().enumerate();
            let known = distances.filter_map(|(at, media)| Some((distance(media, received)?, at)));
            known.min().map(|(_, at)| at)
        };
        assert_eq!(nearest("a/b;V=1"), Some(1));
        assert_eq!(nearest("A/B; charset=utf-8; v=2"), Some(0));
        assert_eq!(nearest("a/b; charset=utf-8"), Some(2));
        assert_eq!(nearest("a/b; v=3"), Some(2));
        assert_eq!(nearest("a/c"), Some(3));
        assert_eq!(nearest("c/d"), Some(4));
        assert_eq!(distance("", "a/b"), None);
        assert_eq!(distance("c/d", "a/b"), None);
    }
}
