//! Finds a text in another one, however either is escaped.
//!
//! What a server quotes may be escaped as JSON, percent-encoded, written with the entities of XML
//! and HTML, or all of it one inside another, and what looks like an escape may be a part of the
//! secret. So a text has several readings: that with everything undone at once, again and again,
//! and those with one kind of escape undone after another. A secret is sought in every reading, each
//! byte of which knows the place it came from, and so is every reading of the secret.

use super::escape::{Unit, unit};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// How often everything is undone at once. What is escaped more often than this is no accident.
const LAYERS: usize = 6;

/// How many kinds of escapes are undone one after another.
const DEPTH: usize = 3;

/// Readings that one text may have.
const READINGS: usize = 90;

/// Bytes that the readings of a text may have together; a long text has fewer readings.
const ALL_BYTES: usize = 64 << 20;

/// A text in its readings, the first as it is.
struct Readings(Vec<Layer>);

#[derive(Clone, Default)]
struct Layer {
    bytes: Vec<u8>,
    /// Where each byte came from: begin and end in the text.
    places: Vec<(u32, u32)>,
}

/// What is undone in one step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everything that looks like an escape.
    All,
    /// Escapes of JSON, JavaScript and Rust.
    Backslash,
    /// Percent-encoding.
    Percent,
    /// Percent-encoding with plus signs for blanks.
    Form,
    /// References of XML and HTML.
    Reference,
}

const KINDS: [Kind; 4] = [Kind::Backslash, Kind::Percent, Kind::Form, Kind::Reference];

impl Readings {
    fn of(text: &[u8], most: usize) -> Self {
        let places = (0..text.len()).map(|at| (place(at), place(at + 1)));
        let mut readings = vec![Layer {
            bytes: text.to_vec(),
            places: places.collect(),
        }];
        while readings.len() <= LAYERS
            && let Some(next) = readings.last().and_then(|it| it.decoded(Kind::All))
        {
            readings.push(next);
        }
        // Those that the next steps begin with: the text, then what came of it.
        let mut from = vec![0];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for index in from {
                for kind in KINDS {
                    if readings.len() >= most {
                        return Self(readings);
                    }
                    let Some(reading) = readings[index].decoded(kind) else {
                        continue;
                    };
                    if readings.iter().all(|it| it.bytes != reading.bytes) {
                        next.push(readings.len());
                        readings.push(reading);
                    }
                }
            }
            from = next;
        }
        Self(readings)
    }
}

/// Texts of four gigabytes and more are never held.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Layer {
    /// One layer less; none where nothing is escaped.
    fn decoded(&self, kind: Kind) -> Option<Self> {
        let signs: &[u8] = match kind {
            Kind::All => b"\\%&+",
            Kind::Backslash => b"\\",
            Kind::Percent => b"%",
            Kind::Form => b"%+",
            Kind::Reference => b"&",
        };
        if !self.bytes.iter().any(|byte| signs.contains(byte)) {
            return None;
        }
        let mut out = Self::default();
        let mut at = 0;
        let mut changed = false;
        while at < self.bytes.len() {
            let sign = signs.contains(&self.bytes[at]);
            let unit = if sign { unit(&self.bytes[at..]) } else { None };
            let (length, unit) = match unit {
                Some((length, unit)) => {
                    changed = true;
                    (length, unit)
                }
                None => (1, Unit::of_byte(self.bytes[at])),
            };
            let whole = (self.places[at].0, self.places[at + length - 1].1);
            for byte in unit.bytes() {
                out.bytes.push(*byte);
                out.places.push(whole);
            }
            at += length;
        }
        changed.then_some(out)
    }

    /// Where any of the texts stands; places that touch are one.
    fn find(&self, sought: &AhoCorasick, found: &mut Vec<Range<usize>>) {
        for place in sought.find_overlapping_iter(&self.bytes) {
            let start = self.places[place.start()].0 as usize;
            let end = self.places[place.end() - 1].1 as usize;
            match found
                .last_mut()
                .filter(|last| start <= last.end && last.start <= end)
            {
                Some(last) => *last = last.start.min(start)..last.end.max(end),
                None => found.push(start..end),
            }
        }
    }
}

/// Bytes that are looked at together, so that a long text is never held decoded as a whole.
const WINDOW: usize = 64 * 1024;

/// Where any of the secrets stands in a text, in order and without overlap.
pub(super) fn find(text: &str, secrets: &[&str]) -> Vec<Range<usize>> {
    let longest = secrets.iter().map(|secret| secret.len()).max();
    let Some(longest) = longest else {
        return Vec::new();
    };
    let forms = secrets.iter().flat_map(|secret| bytes_of(secret));
    let layers = forms.flat_map(|form| Readings::of(&form, READINGS).0);
    let sought: BTreeSet<Vec<u8>> = layers.map(|layer| layer.bytes).collect();
    // Many texts at once, since a reply may hold as many secrets as it has members.
    let sought = AhoCorasick::builder()
        // Made anew for each text, most of which are short.
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .prefilter(false)
        .dense_depth(0)
        .build(sought.iter().filter(|text| !text.is_empty()));
    let Ok(sought) = sought else {
        return std::iter::once(0..text.len()).collect();
    };
    // A character takes six bytes as JSON and nine percent-encoded, and both may be escaped again.
    let overlap = longest.saturating_mul(36).saturating_add(64);
    let most = (ALL_BYTES / text.len().max(1)).clamp(LAYERS + 2, READINGS);
    let mut found = Vec::new();
    let mut start = 0_usize;
    loop {
        let end = start.saturating_add(WINDOW + overlap).min(text.len());
        let readings = Readings::of(&text.as_bytes()[start..end], most);
        let first = found.len();
        for layer in &readings.0 {
            layer.find(&sought, &mut found);
        }
        for place in &mut found[first..] {
            *place = place.start + start..place.end + start;
        }
        if end == text.len() {
            break;
        }
        start += WINDOW;
    }
    merged(text, found)
}

fn merged(text: &str, mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|place| place.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for place in found {
        let Range { mut start, mut end } = place;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        match merged.last_mut().filter(|last| start <= last.end) {
            Some(last) => last.end = last.end.max(end),
            None => merged.push(start..end),
        }
    }
    merged
}

/// A secret in the character sets in which it may come back: UTF-8, Latin-1, and either of them read
/// by someone who could not.
fn bytes_of(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.as_bytes().to_vec()];
    if secret.is_ascii() {
        return forms;
    }
    let latin: Option<Vec<u8>> = secret
        .chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect();
    if let Some(latin) = latin {
        let lossy = String::from_utf8_lossy(&latin).into_owned().into_bytes();
        let twice: String = secret.bytes().map(char::from).collect();
        forms.extend([latin, lossy, twice.into_bytes()]);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, secret: &str) -> String {
        let mut out = text.to_owned();
        for place in find(text, &[secret]).into_iter().rev() {
            out.replace_range(place, "*");
        }
        out
    }

    #[test]
    fn a_secret_is_found_however_it_is_escaped() {
        for secret in [
            "k9Zq/71xTT+ab==",
            "p<w&\"x'\\y",
            "b\u{e4}r/stra\u{df}e\u{1f600}",
            "a%2fb+c d",
            "tail\\",
        ] {
            let json = serde_json::to_string(secret).unwrap();
            let json = json[1..json.len() - 1].to_owned();
            let unit = |unit: u16| format!("\\u{unit:04x}");
            let units: String = secret.encode_utf16().map(unit).collect();
            let byte = |byte: u8| format!("%{byte:02x}");
            let percent: String = secret.bytes().map(byte).collect();
            let number = |character: char| format!("&#{};", u32::from(character));
            let numbers: String = secret.chars().map(number).collect();
            let number = |character: char| format!("&#x{:X};", u32::from(character));
            let hex: String = secret.chars().map(number).collect();
            let form = crate::parameter::component(secret).replace("%20", "+");
            let debug = format!("{secret:?}").trim_matches('"').to_owned();
            let entities = secret
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;");
            let once = [
                secret.to_owned(),
                json.clone(),
                json.replace('/', "\\/"),
                units.to_uppercase().replace("\\U", "\\u"),
                units,
                percent.to_uppercase(),
                percent,
                numbers,
                hex,
                form,
                debug,
                entities,
            ];
            for form in once {
                let again = serde_json::to_string(&form).unwrap();
                let inside = again[1..again.len() - 1].replace('/', "\\/");
                let percent = crate::parameter::component(&form);
                for text in [form, inside, percent] {
                    let shown = masked(&format!("<<{text}>>"), secret);
                    assert_eq!(shown, "<<*>>", "{secret}: {text}");
                }
            }
        }
    }

    #[test]
    fn what_looks_like_an_escape_may_be_a_part_of_the_secret() {
        for (secret, text) in [
            ("x9\\%aaq8", "x9\\\\%aaq8"),
            ("a&amp;b%2f", "a\\u0026amp;b%252f"),
            ("a+b%41", "a%2Bb%2541"),
            ("a+b\\n", "a+b\\\\n"),
            ("%5c\\", "&#37;5c&#92;"),
        ] {
            assert_eq!(
                masked(&format!("<{text}>"), secret),
                "<*>",
                "{secret}: {text}"
            );
        }
    }

    #[test]
    fn letters_of_html_and_of_other_character_sets_count() {
        for text in [
            "b&auml;r-lauch",
            "b%E4r-lauch",
            "b\u{fffd}r-lauch",
            "b\u{c3}\u{a4}r-lauch",
        ] {
            assert_eq!(masked(text, "b\u{e4}r-lauch"), "*", "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays_as_it_is() {
        for text in [
            "",
            "\\",
            "\\u12",
            "%",
            "%zz&amp;&#xffffffff;&;",
            "a\\/b",
            "\u{fffd}\u{fffd}",
        ] {
            assert_eq!(masked(text, "secret"), text);
        }
    }

    #[test]
    fn many_secrets_are_sought_at_once() {
        let secrets: Vec<String> = (0..20_000)
            .map(|number| format!("se/cret-{number}"))
            .collect();
        let sought: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let text = secrets.join(", ").replace('/', "\\/");
        let begun = std::time::Instant::now();
        assert_eq!(find(&text, &sought).len(), secrets.len());
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    }

    #[test]
    fn secrets_that_overlap_are_masked_as_one() {
        let text = "<1000longsecret>";
        let places = find(text, &["1000", "000longsecret", "long"]);
        assert_eq!(places, std::iter::once(1..15).collect::<Vec<_>>());
    }

    #[test]
    fn a_secret_at_the_edge_of_a_window_is_found() {
        for before in (WINDOW - 70..WINDOW + 5).step_by(5) {
            let text = format!("{}se\\u0063ret%20", "x".repeat(before));
            assert!(!masked(&text, "secret ").contains("ret"), "{before}");
        }
    }
}
