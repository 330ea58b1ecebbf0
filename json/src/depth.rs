//! How deep a JSON text is.

/// Arrays and objects that may stand inside one another, as serde's JSON has it for values of known
/// types. Values that are kept as they were written are held to it too: a program that walks through
/// them must not run out of stack.
pub(crate) const DEEPEST: usize = 127;

/// Where an array or object opens that is deeper than allowed.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Most texts open too few of them to be that deep, and to count them all costs next to nothing.
    let opening = bytes.iter().filter(|byte| matches!(byte, b'{' | b'['));
    if opening.count() <= DEEPEST {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' if depth == DEEPEST => return Some(at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at += string(&bytes[at..]),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Bytes of a string before its last quotation mark.
fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    loop {
        at += plain(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return at,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

/// Bytes before the first quotation mark or backslash, looked for in eight at once: every text is read for
/// its depth, and most of a text are strings. Less than eight bytes at the end are left to the caller.
fn plain(bytes: &[u8]) -> usize {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let mut passed = 0;
    for eight in bytes.as_chunks::<8>().0 {
        // The lowest bit that is left is that of the first byte which is zero; those above it may lie.
        let zero = |word: u64| word.wrapping_sub(EACH) & !word & (EACH << 7);
        let word = u64::from_le_bytes(*eight);
        let found = zero(word ^ (EACH * u64::from(b'"'))) | zero(word ^ (EACH * u64::from(b'\\')));
        if found != 0 {
            return passed + found.trailing_zeros() as usize / 8;
        }
        passed += 8;
    }
    passed
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
                let end = place + string(&bytes[place..]);
                let is_key = || text[end + 1..].trim_start().starts_with(':');
                if let Some(Step::Key(key)) = last
                    && end < bytes.len()
                    && is_key()
                {
                    *key = serde_json::from_str(&text[place..=end]).unwrap_or_default();
                }
                place = end;
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
                assert_eq!(string(bytes), at.min(bytes.len()), "{text}");
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
