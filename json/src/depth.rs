//! How deep a JSON text is.

/// Arrays and objects that may stand inside one another, as serde's JSON has it for values of known
/// types. Values that are kept as they were written are held to it too: a program that walks through
/// them must not run out of stack.
pub(crate) const DEEPEST: usize = 127;

/// Where an array or object opens that is deeper than allowed.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Most texts open too few of them to be that deep.
    if opening(bytes) <= DEEPEST {
        return None;
    }
    let mut depth = 0_usize;
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'{' | b'[' if depth == DEEPEST => return Some(bytes.len() - rest.len()),
            b'{' | b'[' => {
                depth += 1;
                after
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                after
            }
            b'"' => behind_string(after),
            _ => after,
        };
    }
    None
}

/// How many arrays and objects a text may open: brackets in strings count too. Compilers make this one comparison of
/// many bytes at once as long as the sums are bytes, so each is of few enough not to overflow.
fn opening(bytes: &[u8]) -> usize {
    // The two differ in that bit alone.
    let is_opening = |byte: &u8| u8::from(byte | 0x20 == b'{');
    let sums = bytes
        .chunks(240)
        .map(|some| some.iter().map(is_opening).sum::<u8>());
    sums.map(usize::from).sum()
}

/// What stands behind a string, from what stands behind its first quotation mark. The next quotation mark or backslash
/// is looked for in eight bytes at once: every long text is read for its depth, and most of a text are strings.
fn behind_string(mut rest: &[u8]) -> &[u8] {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    // The lowest bit that is left is that of the first byte which is zero; those above it may lie.
    let zero = |word: u64| word.wrapping_sub(EACH) & !word & (EACH << 7);
    loop {
        while let Some((word, after)) = rest.split_first_chunk() {
            let word = u64::from_le_bytes(*word);
            let ends =
                zero(word ^ (EACH * u64::from(b'"'))) | zero(word ^ (EACH * u64::from(b'\\')));
            if ends != 0 {
                rest = &rest[ends.trailing_zeros() as usize / 8..];
                break;
            }
            rest = after;
        }
        match rest.split_first() {
            None => return rest,
            Some((b'"', after)) => return after,
            Some((b'\\', after)) => rest = after.get(1..).unwrap_or_default(),
            Some((_, after)) => rest = after,
        }
    }
}

/// The JSON Pointer of what begins at a byte of a text.
pub(crate) fn pointer(text: &str, at: usize) -> String {
    let bytes = &text.as_bytes()[..at];
    // Of each array and object that is open: the index or the key that was read last.
    let mut open: Vec<Step> = Vec::new();
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        match (byte, open.last_mut()) {
            (b'[', _) => open.push(Step::Index(0)),
            (b'{', _) => open.push(Step::Key(String::new())),
            (b']' | b'}', _) => drop(open.pop()),
            (b',', Some(Step::Index(index))) => *index += 1,
            (b'"', last) => {
                let end = bytes.len() - behind_string(&bytes[place + 1..]).len();
                let is_key = || text[end..].trim_start().starts_with(':');
                if let Some(Step::Key(key)) = last
                    && is_key()
                {
                    *key = serde_json::from_str(&text[place..end]).unwrap_or_default();
                }
                place = end - 1;
            }
            _ => {}
        }
        place += 1;
    }
    open.iter().map(Step::token).collect()
}

/// A step of a pointer.
enum Step {
    Index(usize),
    Key(String),
}

impl Step {
    fn token(&self) -> String {
        match self {
            Self::Index(index) => format!("/{index}"),
            Self::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        }
    }
}

/// What is said of it.
pub(crate) fn message() -> String {
    format!("more than {DEEPEST} arrays and objects inside one another")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Json;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        assert_eq!(too_deep(&nested(DEEPEST)), None);
        assert_eq!(too_deep(&nested(DEEPEST + 1)), Some(DEEPEST));
        assert_eq!(
            too_deep(&format!("[\"{}\\\"{}\"]", "[".repeat(99), "{".repeat(99))),
            None
        );
        assert_eq!(too_deep(&"[],{}".repeat(1000)), None);
        assert_eq!(too_deep("\"\\"), None);
    }

    #[test]
    fn brackets_that_open_are_counted() {
        let every: String = (0..=127_u8).map(char::from).collect();
        for times in [0, 1, 2, 9, 240, 241] {
            assert_eq!(opening(every.repeat(times).as_bytes()), 2 * times);
            assert_eq!(opening(&b"["[..].repeat(times)), times);
        }
        assert_eq!(opening("é\u{db}\u{1f600}".as_bytes()), 0);
    }

    #[test]
    fn strings_end_where_they_end_byte_by_byte() {
        for before in 0..40 {
            for end in [
                "\\",
                "\"",
                "\\\"\"",
                "\\\\\"",
                "!\"",
                "#\"",
                "[\"",
                "]\"",
                "é\u{1f600}\"",
            ] {
                let text = format!(
                    "\"{}{end}[[",
                    "é!#[]\u{1}~".repeat(before).get(..before).unwrap_or("x")
                );
                let bytes = text.as_bytes();
                let mut at = 1;
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let rest = bytes.get(at + 1..).unwrap_or_default();
                assert_eq!(behind_string(&bytes[1..]), rest, "{text}");
            }
        }
    }

    #[test]
    fn what_is_too_deep_is_named_by_its_place() {
        let text = r#"{"a~/": [1, {"x": "]"}, {"\u0062": [0, ["#;
        assert_eq!(pointer(text, text.len() - 1), "/a~0~1/2/b/1");
        assert_eq!(pointer("[", 0), "");
        assert_eq!(pointer(r#"["a":{"#, 5), "/0");
    }

    #[test]
    fn a_value_that_is_kept_as_it_was_written_is_no_deeper_than_others() {
        for depth in [1, DEEPEST] {
            assert_eq!(
                nested(depth).parse::<Json>().unwrap().as_str(),
                nested(depth)
            );
            assert!(serde_json::from_str::<Json>(&nested(depth)).is_ok());
        }
        for depth in [DEEPEST + 1, 1_000_000] {
            let error = nested(depth).parse::<Json>().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "at {}: more than 127 arrays and objects inside one another (line 1, column 128)",
                    "/0".repeat(DEEPEST)
                )
            );
            assert!(serde_json::from_str::<Json>(&nested(depth)).is_err());
        }
    }
}
