//! A walk over JSON text, token by token, that also works on text that breaks off.

use super::MASK;
use crate::json::is_secret_name;
use secrecy::SecretString;

/// The text with every secret value replaced by a mask.
pub(super) fn mask(text: &str, pointers: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, end) in secret_spans(text, pointers) {
        out.push_str(&text[copied..start]);
        out.push('"');
        out.push_str(MASK);
        out.push('"');
        copied = end;
    }
    out.push_str(&text[copied..]);
    out
}

/// The secret scalars of a text, as they would stand in another text.
pub(super) fn secrets(text: &str, pointers: &[&str]) -> Vec<SecretString> {
    if !text.trim_start().starts_with(['{', '[']) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (start, end) in secret_spans(text, pointers) {
        let mut rest = &text[start..end];
        while let Some(at) = rest.find(|c: char| !" \t\r\n:,{}[]".contains(c)) {
            rest = &rest[at..];
            let length = scalar_length(rest);
            let (scalar, after) = rest.split_at(length);
            rest = after;
            let plain = serde_json::from_str::<String>(scalar);
            let plain = plain.unwrap_or_else(|_| scalar.trim_matches('"').to_owned());
            found.push(plain);
        }
    }
    found.retain(|secret| !matches!(secret.as_str(), "" | "null" | "true" | "false"));
    found.into_iter().map(SecretString::from).collect()
}

/// One open array or object.
struct Level {
    object: bool,
    /// The property or item that is looked at.
    step: String,
    /// Whether the next string is a property name.
    expects_name: bool,
}

/// Where the secret values begin and end.
fn secret_spans(text: &str, pointers: &[&str]) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    // Where an open secret began, and how many levels were open then.
    let mut secret: Option<(usize, usize)> = None;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at).copied() {
        match byte {
            b'{' | b'[' => {
                if secret.is_none() && is_secret(&levels, pointers) {
                    secret = Some((at, levels.len()));
                }
                levels.push(Level {
                    object: byte == b'{',
                    step: if byte == b'[' {
                        "*".into()
                    } else {
                        String::new()
                    },
                    expects_name: byte == b'{',
                });
                at += 1;
            }
            b'}' | b']' => {
                levels.pop();
                at += 1;
                if let Some((start, depth)) = secret
                    && levels.len() <= depth
                {
                    spans.push((start, at));
                    secret = None;
                }
            }
            b',' => {
                if let Some(level) = levels.last_mut() {
                    level.expects_name = level.object;
                }
                at += 1;
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            _ => {
                let length = scalar_length(&text[at..]);
                let scalar = &text[at..at + length];
                if let Some(level) = levels.last_mut().filter(|level| level.expects_name) {
                    level.expects_name = false;
                    level.step = serde_json::from_str(scalar).unwrap_or_default();
                } else if secret.is_none() && is_secret(&levels, pointers) {
                    spans.push((at, at + length));
                }
                at += length;
            }
        }
    }
    if let Some((start, _)) = secret {
        spans.push((start, text.len()));
    }
    spans
}

fn is_secret(levels: &[Level], pointers: &[&str]) -> bool {
    let named = levels
        .last()
        .is_some_and(|level| level.object && is_secret_name(&level.step));
    named || pointers.iter().any(|pointer| points_at(pointer, levels))
}

fn points_at(pointer: &str, levels: &[Level]) -> bool {
    let mut steps = pointer.split('/').skip(1);
    let all = levels.iter().all(|level| {
        steps.next().is_some_and(|step| {
            step == "*" || step.replace("~1", "/").replace("~0", "~") == level.step
        })
    });
    all && !levels.is_empty() && steps.next().is_none()
}

/// Bytes of the string, number or word that a text begins with; at least one character.
fn scalar_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let first = characters.next();
    let mut escaped = false;
    for (index, character) in characters {
        if first == Some((0, '"')) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return index + 1,
                _ => {}
            }
        } else if " \t\r\n:,{}[]\"".contains(character) {
            return index;
        }
    }
    text.len()
}
