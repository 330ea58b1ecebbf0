//! Texts of others, made fit to be printed.

use std::fmt::Write as _;

/// Whether a character acts on a terminal, or reorders or hides what is read: controls, with them escape sequences,
/// marks of direction, and what separates lines in other ways than `\n`.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A text in which every character that acts on a terminal is written as an escape. Line breaks stay.
pub fn printable(text: &str) -> String {
    escaped(text, |character| acts(character) && character != '\n')
}

/// As [`printable`], in one line: line breaks are written as escapes too.
pub fn one_line(text: &str) -> String {
    escaped(text, acts)
}

/// JSON, or YAML whose texts of that kind stand in quotation marks, in which every character that acts on a terminal
/// is written as `\u` and four digits, so that it reads back as the same value.
pub fn printable_json(text: &str) -> String {
    let acts = |character: char| acts(character) && !matches!(character, '\n' | '\r' | '\t');
    if !text.contains(acts) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            // All of them have four digits. Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

fn escaped(text: &str, acts: impl Fn(char) -> bool) -> String {
    if !text.contains(&acts) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            plain if !acts(plain) => out.push(plain),
            '\n' | '\r' | '\t' => out.extend(character.escape_default()),
            other => out.extend(other.escape_unicode()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_escaped() {
        let text = "a\u{1b}[31mb\nc\u{202e}d\r\u{9b}1m";
        assert_eq!(printable(text), "a\\u{1b}[31mb\nc\\u{202e}d\\r\\u{9b}1m");
        assert_eq!(one_line(text), "a\\u{1b}[31mb\\nc\\u{202e}d\\r\\u{9b}1m");
        assert_eq!(printable("plain ä\n"), "plain ä\n");
        assert_eq!(
            printable_json("{\n\t\"a\": \"\u{9b}1m\u{202e}ä\"}"),
            "{\n\t\"a\": \"\\u009b1m\\u202eä\"}"
        );
    }
}
