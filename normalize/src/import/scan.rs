//! A tolerant look at JSON text: where a text that starts here ends, and which keys its objects repeat.
//!
//! The strict reader comes afterwards and decides whether the text is JSON. This one only balances brackets and
//! strings, so that it also finds the end of a text with a defect that the ledger repairs. It keeps its own stack.

use std::ops::Range;

use super::shape::shape;

/// Why the end of a JSON text was not found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    /// The text stops at this offset, before everything opened was closed.
    UnexpectedEof { at: usize },
    /// A string that starts at this offset is not closed on its line.
    UnterminatedString { at: usize },
    /// A bracket closes another kind of bracket than the one opened last.
    MismatchedBracket { opened: usize, closed: usize },
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// The key with its quotes.
    pub key: Range<usize>,
    /// The value; empty where there is none.
    pub value: Range<usize>,
    /// The comma before the member, if there is one.
    pub comma_before: Option<usize>,
    /// The comma behind the member, if there is one.
    pub comma_after: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Open(u8),
    Close(u8),
    Comma,
    Colon,
    Quoted,
    Bare,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    range: Range<usize>,
}

/// Finds the end of the JSON text that starts with a bracket at `start`.
pub(crate) fn end_of_json(text: &str, start: usize) -> Result<usize, ScanError> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut at = start;
    loop {
        let next = skip_blanks(text, at);
        if text
            .get(at..next)
            .is_some_and(|blanks| blanks.contains('\n'))
            && structure_at(text, next)
        {
            return Err(ScanError::UnexpectedEof { at: next });
        }
        let Some(token) = token(text, next)? else {
            return Err(ScanError::UnexpectedEof { at: next });
        };
        at = token.range.end;
        match token.kind {
            Kind::Open(bracket) => open.push((bracket, next)),
            Kind::Close(bracket) => {
                if let Some((opener, opened)) = open.pop()
                    && closer(opener) != bracket
                {
                    return Err(ScanError::MismatchedBracket {
                        opened,
                        closed: next,
                    });
                }
            }
            Kind::Comma | Kind::Colon | Kind::Quoted | Kind::Bare => {}
        }
        if open.is_empty() {
            return Ok(at);
        }
    }
}

/// Finds every object of `text` that holds `key` (compared as written, without escapes) more than once.
pub(crate) fn repeated(text: &str, key: &str) -> Vec<Vec<Member>> {
    let mut found = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = 0;
    while let Ok(Some(token)) = token(text, skip_blanks(text, at)) {
        at = token.range.end;
        match token.kind {
            Kind::Open(bracket) => frames.push(Frame::new(bracket == b'{', token.range.start)),
            Kind::Close(_) => {
                let Some(mut frame) = frames.pop() else {
                    continue;
                };
                frame.finish(None);
                let same = |member: &Member| {
                    let inside = member.key.start + 1..member.key.end.saturating_sub(1);
                    text.get(inside) == Some(key)
                };
                let members: Vec<Member> = frame.members.into_iter().filter(same).collect();
                if members.len() > 1 {
                    found.push(members);
                }
                if let Some(parent) = frames.last_mut() {
                    parent.value = frame.start..at;
                }
            }
            Kind::Comma => {
                if let Some(frame) = frames.last_mut() {
                    frame.finish(Some(token.range.start));
                }
            }
            Kind::Colon => {}
            Kind::Quoted | Kind::Bare => {
                if let Some(frame) = frames.last_mut() {
                    frame.scalar(token.range);
                }
            }
        }
    }
    found
}

/// The commas of `text` that stand right before a closing bracket.
pub(crate) fn trailing_commas(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut comma = None;
    let mut at = 0;
    while let Ok(Some(token)) = token(text, skip_blanks(text, at)) {
        at = token.range.end;
        if matches!(token.kind, Kind::Close(_)) {
            found.extend(comma);
        }
        comma = (token.kind == Kind::Comma).then_some(token.range.start);
    }
    found
}

/// An object or array that is not closed yet.
struct Frame {
    object: bool,
    start: usize,
    key: Option<Range<usize>>,
    value: Range<usize>,
    comma: Option<usize>,
    members: Vec<Member>,
}

impl Frame {
    fn new(object: bool, start: usize) -> Self {
        Self {
            object,
            start,
            key: None,
            value: 0..0,
            comma: None,
            members: Vec::new(),
        }
    }

    fn scalar(&mut self, range: Range<usize>) {
        if self.object && self.key.is_none() {
            self.key = Some(range);
        } else {
            self.value = range;
        }
    }

    fn finish(&mut self, comma: Option<usize>) {
        if let Some(key) = self.key.take() {
            let value = std::mem::replace(&mut self.value, 0..0);
            self.members.push(Member {
                key,
                value,
                comma_before: self.comma,
                comma_after: comma,
            });
        }
        self.comma = comma;
    }
}

fn closer(opener: u8) -> u8 {
    if opener == b'{' { b'}' } else { b']' }
}

fn skip_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    text.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len()
}

/// Whether the line at `at` belongs to the documentation around the JSON text.
fn structure_at(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.lines()
        .next()
        .is_some_and(|line| shape(line.trim()).is_structure())
}

/// The token at `at`, which is no blank; `None` at the end of the text.
fn token(text: &str, at: usize) -> Result<Option<Token>, ScanError> {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let Some(&first) = rest.first() else {
        return Ok(None);
    };
    let kind = match first {
        b'{' | b'[' => Kind::Open(first),
        b'}' | b']' => Kind::Close(first),
        b',' => Kind::Comma,
        b':' => Kind::Colon,
        b'"' => {
            let Some(length) = string_length(rest) else {
                return Err(ScanError::UnterminatedString { at });
            };
            return Ok(Some(Token {
                kind: Kind::Quoted,
                range: at..at + length,
            }));
        }
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || b"{}[],:\"".contains(byte);
            let length = rest.iter().position(ends).unwrap_or(rest.len());
            return Ok(Some(Token {
                kind: Kind::Bare,
                range: at..at + length.max(1),
            }));
        }
    };
    Ok(Some(Token {
        kind,
        range: at..at + 1,
    }))
}

/// Bytes of the string that `rest` starts with, quotes included; `None` where its line ends first.
fn string_length(rest: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_where_all_brackets_are_closed() {
        let text = "{\"a}\": [1, {\"b\": \"\\\"]\"}],\n}\nHeaders";
        let end = end_of_json(text, 0).expect("balanced");
        assert_eq!(
            text.get(..end),
            Some("{\"a}\": [1, {\"b\": \"\\\"]\"}],\n}")
        );
        assert_eq!(end_of_json("[]", 0), Ok(2));
    }

    #[test]
    fn what_is_not_balanced_is_located() {
        assert_eq!(
            end_of_json("{\n\"a\": 1\nExample:\n}", 0),
            Err(ScanError::UnexpectedEof { at: 9 })
        );
        assert_eq!(
            end_of_json("[1,", 0),
            Err(ScanError::UnexpectedEof { at: 3 })
        );
        assert_eq!(
            end_of_json("[\"a\n\"]", 0),
            Err(ScanError::UnterminatedString { at: 1 })
        );
        assert_eq!(
            end_of_json("{[}]", 0),
            Err(ScanError::MismatchedBracket {
                opened: 1,
                closed: 2
            })
        );
    }

    #[test]
    fn repeated_keys_are_found_with_their_values_and_commas() {
        let text = r#"[{"a": 1, "b": {"a": 2}, "a": [3]}, {"a": 4}]"#;
        let found = repeated(text, "a");
        assert_eq!(found.len(), 1);
        let values: Vec<_> = found
            .iter()
            .flatten()
            .map(|member| text.get(member.value.clone()))
            .collect();
        assert_eq!(values, [Some("1"), Some("[3]")]);
        let last = found
            .first()
            .and_then(|members| members.last())
            .expect("two members");
        assert_eq!((last.comma_before, last.comma_after), (Some(23), None));
    }

    #[test]
    fn trailing_commas_are_found_outside_of_strings() {
        assert_eq!(trailing_commas("[1, \",]\", {\"a\": 2,\n}]"), [17]);
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let text = "[".repeat(200_000);
        assert_eq!(
            end_of_json(&text, 0),
            Err(ScanError::UnexpectedEof { at: text.len() })
        );
        assert!(repeated(&text, "a").is_empty());
    }
}
