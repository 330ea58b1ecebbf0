//! How deep a JSON text is.

/// Arrays and objects that may stand inside one another, as serde's JSON has it for values of known
/// types. Values that are kept as they were written are held to it too: a program that walks through
/// them must not run out of stack.
pub(crate) const DEEPEST: usize = 127;

/// Where an array or object opens that is deeper than allowed.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
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
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
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
                "more than 127 arrays and objects inside one another (line 1, column 128)"
            );
            assert!(serde_json::from_str::<Json>(&nested(depth)).is_err());
        }
    }
}
