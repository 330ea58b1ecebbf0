//! Path templates and what they match.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What may stand unescaped in one segment of a path.
pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path with parameters, taken apart: segments of texts and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Vec<Piece>>,
}

/// A part of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands there as it is.
    Text(String),
    /// The name of a parameter.
    Name(String),
}

impl Template {
    /// Takes a template such as `/servers/{server_id}/ips` apart.
    pub fn parse(template: &str) -> Self {
        let segments = template.split('/').skip(1).map(pieces).collect();
        Self { segments }
    }

    /// The segments in their order.
    pub fn segments(&self) -> &[Vec<Piece>] {
        &self.segments
    }

    /// The names of all parameters in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.segments
            .iter()
            .flatten()
            .filter_map(|piece| match piece {
                Piece::Name(name) => Some(name.as_str()),
                Piece::Text(_) => None,
            })
    }

    /// The values of the parameters, decoded, where a raw path (without its base, without a query)
    /// is one of this template; `None` where it is not. A parameter is never empty.
    pub fn matches(&self, raw: &str) -> Option<Vec<(String, String)>> {
        let given: Vec<&str> = raw.strip_prefix('/')?.split('/').collect();
        let decoded = |(name, raw): (&str, &str)| {
            let value = percent_decode_str(raw).decode_utf8().ok()?;
            Some((name.to_owned(), value.into_owned()))
        };
        self.given(&given)?.into_iter().map(decoded).collect()
    }

    /// The values of the parameters as they were sent, where a raw path ends in one of this template,
    /// whatever the base before it.
    pub fn raw_values<'a>(&'a self, raw: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let segments: Vec<&str> = raw.split('/').collect();
        let base = segments.len().checked_sub(self.segments.len())?;
        self.given(segments.get(base..)?)
    }

    /// The values of the parameters in segments, as they were sent.
    fn given<'a>(&'a self, segments: &[&'a str]) -> Option<Vec<(&'a str, &'a str)>> {
        if segments.len() != self.segments.len() {
            return None;
        }
        let mut values = Vec::new();
        for (pieces, given) in self.segments.iter().zip(segments) {
            segment_matches(pieces, given, &mut values)?;
        }
        Some(values)
    }

    /// The path with values in place of the names, each escaped so that it stays in its segment;
    /// `None` where a value is missing.
    pub fn fill(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        self.fill_raw(|name| value(name).map(|text| escape(&text)))
    }

    /// The path with values in place of the names that are escaped already; `None` where one is
    /// missing.
    pub fn fill_raw(&self, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut path = String::new();
        for pieces in &self.segments {
            path.push('/');
            for piece in pieces {
                match piece {
                    Piece::Text(text) => path.push_str(text),
                    Piece::Name(name) => path.push_str(&value(name)?),
                }
            }
        }
        Some(path)
    }
}

/// A text escaped for one segment of a path. A segment of dots alone is escaped as well, because
/// clients and proxies would take it for a step up.
pub fn escape(text: &str) -> String {
    if text.bytes().all(|byte| byte == b'.') {
        return text.replace('.', "%2E");
    }
    utf8_percent_encode(text, SEGMENT).to_string()
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        if open > 0 {
            pieces.push(Piece::Text(rest[..open].to_owned()));
        }
        pieces.push(Piece::Name(rest[open + 1..open + length].to_owned()));
        rest = &rest[open + length + 1..];
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

fn segment_matches<'a>(
    pieces: &'a [Piece],
    raw: &'a str,
    values: &mut Vec<(&'a str, &'a str)>,
) -> Option<()> {
    let mut rest = raw;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => rest = strip_text(rest, text)?,
            Piece::Name(name) => {
                // A parameter reaches to the last place where the text behind it can stand.
                let end = match pieces.get(index + 1) {
                    Some(Piece::Text(text)) => rest.rfind(text.as_str())?,
                    _ => rest.len(),
                };
                let (value, behind) = rest.split_at(end);
                if value.is_empty() {
                    return None;
                }
                values.push((name, value));
                rest = behind;
            }
        }
    }
    rest.is_empty().then_some(())
}

/// What follows a text, where the segment begins with it, escaped or not.
fn strip_text<'a>(rest: &'a str, text: &str) -> Option<&'a str> {
    if let Some(behind) = rest.strip_prefix(text) {
        return Some(behind);
    }
    if rest.contains('%') && percent_decode_str(rest).decode_utf8().ok()? == text {
        return Some("");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(template: &str, path: &str) -> Option<String> {
        let values = Template::parse(template).matches(path)?;
        let parts: Vec<String> = values
            .into_iter()
            .map(|(name, value)| format!("{name}={value};"))
            .collect();
        Some(parts.concat())
    }

    #[test]
    fn templates_match_whole_paths() {
        assert_eq!(values("/a/{b}", "/a/x").as_deref(), Some("b=x;"));
        assert_eq!(
            values("/a/{b}.json", "/a/x.y.json").as_deref(),
            Some("b=x.y;")
        );
        assert_eq!(
            values("/a/{b}", "/a/x%2Fy%20z").as_deref(),
            Some("b=x/y z;")
        );
        assert_eq!(values("/a", "/%61").as_deref(), Some(""));
        for (template, path) in [
            ("/a/{b}", "/a/"),
            ("/a/{b}", "/a"),
            ("/a/{b}", "/a/x/"),
            ("/a/{b}", "/a/x/y"),
            ("/a/{b}", "a/x"),
            ("/a/{b}.json", "/a/.json"),
            ("/a/{b}", "/a/%ff"),
            ("/a/{b}", "//a/x"),
        ] {
            assert_eq!(values(template, path), None, "{template} {path}");
        }
    }

    #[test]
    fn values_stay_in_their_segment() {
        let template = Template::parse("/a/{b}/c");
        for value in ["..", ".", "a/b", "a?b#c", "ä", "%2e"] {
            let path = template.fill(|_| Some(value.to_owned())).unwrap();
            assert_eq!(path.split('/').count(), 4, "{path}");
            let back = template.matches(&path).unwrap();
            assert_eq!(back, [("b".to_owned(), value.to_owned())]);
        }
    }
}
