//! Which form of a reply a caller takes, by `Accept` (RFC 9110, section 12.5.1).

use http::HeaderMap;
use verbatim_contract::{Media, Reply, essence, is_json};

/// One media range of the header.
#[derive(Debug, Clone, PartialEq)]
struct Range {
    name: String,
    weight: f32,
}

/// The form of a reply that is weighed most; `None` where none of its forms is taken. JSON goes
/// before others of the same weight, and a reply without a body suits everyone.
#[expect(
    clippy::option_option,
    reason = "nothing to choose among is another thing than nothing that is taken"
)]
pub(crate) fn chosen<'a>(headers: &HeaderMap, reply: &'a Reply) -> Option<Option<&'a Media>> {
    let usual = reply.json().or(reply.media.first());
    let ranges = ranges(headers);
    if ranges.is_empty() || usual.is_none() {
        return Some(usual);
    }
    let usual = usual.into_iter();
    let mut best: Option<(f32, &Media)> = None;
    for media in usual.chain(&reply.media) {
        let weight = weight(&ranges, &media.name);
        if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, media));
        }
    }
    best.map(|(_, media)| Some(media))
}

/// A media type as it is sent: where the document has a range, the type of it that the caller weighs most, else a
/// usual one of it.
pub(crate) fn concrete(headers: &HeaderMap, documented: &str) -> String {
    if !documented.contains('*') {
        return documented.to_owned();
    }
    let family = essence(documented);
    let family = family.split('/').next().unwrap_or_default();
    let fits = |name: &str| family == "*" || name.split('/').next() == Some(family);
    let asked = ranges(headers).into_iter();
    let asked = asked.filter(|it| it.weight > 0.0 && !it.name.contains('*') && fits(&it.name));
    // The last of equals is what `max_by` gives; the first one counts.
    let best = asked
        .rev()
        .max_by(|one, other| one.weight.total_cmp(&other.weight));
    let usual = match family {
        "text" => "text/plain",
        "image" => "image/png",
        "audio" => "audio/mpeg",
        "video" => "video/mp4",
        "font" => "font/woff2",
        _ => "application/octet-stream",
    };
    best.map_or_else(|| usual.to_owned(), |range| range.name)
}

fn ranges(headers: &HeaderMap) -> Vec<Range> {
    let fields = headers.get_all("accept").iter();
    let fields = fields.filter_map(|field| field.to_str().ok());
    let ranges = fields
        .flat_map(|field| field.split(','))
        .filter_map(|part| {
            let name = essence(part);
            let weight = part.split(';').skip(1).find_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                name.trim().eq_ignore_ascii_case("q").then_some(value)
            });
            let weight = weight.map_or(1.0, |text| text.trim().parse().unwrap_or(0.0));
            name.contains('/').then_some(Range { name, weight })
        });
    ranges.collect()
}

/// The weight of the range that names a media type most exactly.
fn weight(ranges: &[Range], media: &str) -> f32 {
    let media = essence(media);
    let family = media.split('/').next().unwrap_or_default();
    let exactness = |range: &Range| match range.name.as_str() {
        // A range in the document is whatever is asked for.
        _ if media == "*/*" => Some(1),
        name if name == media => Some(4),
        // JSON under a name of its own is JSON to those who ask for it.
        "application/json" if is_json(&media) => Some(3),
        "*/*" | "*" => Some(1),
        name if name.strip_suffix("/*") == Some(family) => Some(2),
        name if media == format!("{}/*", name.split('/').next().unwrap_or_default()) => Some(2),
        _ => None,
    };
    let fitting = ranges
        .iter()
        .filter_map(|range| Some((exactness(range)?, range.weight)));
    fitting
        .max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)))
        .map_or(0.0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(accept: &str, media: &str) -> f32 {
        let mut headers = HeaderMap::new();
        headers.insert("accept", accept.parse().unwrap());
        weight(&ranges(&headers), media)
    }

    #[test]
    fn the_most_exact_range_weighs() {
        let close = |one: f32, other: f32| (one - other).abs() < 1e-6;
        assert!(close(
            weighed("text/*;q=0.3, text/csv;q=0.7, */*", "text/csv"),
            0.7
        ));
        assert!(close(weighed("text/*;q=0.3, */*;q=0.1", "text/plain"), 0.3));
        assert!(close(
            weighed("*/*, application/json;q=0", "application/json"),
            0.0
        ));
        assert!(close(
            weighed("application/json", "application/vnd.api+json"),
            1.0
        ));
        assert!(close(
            weighed("APPLICATION/JSON; charset=utf-8", "application/json"),
            1.0
        ));
        assert!(close(weighed("application/xml", "application/json"), 0.0));
    }

    #[test]
    fn a_documented_range_is_sent_as_one_of_its_types() {
        for (accept, documented, sent) in [
            ("image/webp, image/png;q=0.5", "image/*", "image/webp"),
            ("image/gif;q=0.1, image/png;q=0.5", "image/*", "image/png"),
            ("*/*", "image/*", "image/png"),
            ("text/*", "text/*", "text/plain"),
            ("text/html", "*/*", "text/html"),
            ("image/png", "text/csv", "text/csv"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("accept", accept.parse().unwrap());
            assert_eq!(concrete(&headers, documented), sent, "{accept}");
        }
    }
}
