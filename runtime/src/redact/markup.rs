//! Secrets in XML and the like, found by the names of elements and attributes.

use super::MASK;
use crate::json::is_secret_name;

/// The text with the content of secret elements and the values of secret attributes masked. Works
/// on text that breaks off; what is no element is left as it is.
pub(super) fn mask(text: &str, pointers: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        out.push_str(before);
        let end = end_of_tag(tag);
        let (tag, after) = tag.split_at(end);
        let name = name(tag);
        out.push_str(&attributes(tag, pointers));
        rest = after;
        if is_secret(name, pointers) && !tag.ends_with("/>") {
            let close = format!("</{name}");
            let content = rest.find(&close).unwrap_or(rest.len());
            out.push_str(MASK);
            rest = &rest[content..];
        }
    }
    out.push_str(rest);
    out
}

/// The name of an opening tag; empty for anything else between brackets.
fn name(tag: &str) -> &str {
    let rest = tag.strip_prefix('<').unwrap_or(tag);
    let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    let name = &rest[..end.unwrap_or(rest.len())];
    if name.starts_with(['!', '?']) {
        ""
    } else {
        name
    }
}

/// Bytes up to and with the bracket that ends a tag, which may stand within quotes before it.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (index, character) in tag.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (None, '>') => return index + 1,
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// A tag with the values of its secret attributes masked.
fn attributes(tag: &str, pointers: &[&str]) -> String {
    let mut out = String::with_capacity(tag.len());
    let mut rest = tag;
    while let Some(equals) = rest.find('=') {
        let (before, value) = rest.split_at(equals);
        out.push_str(before);
        let name = before.trim_end().rsplit(char::is_whitespace).next();
        let quoted = value[1..].trim_start();
        let start = value.len() - quoted.len();
        let length = match quoted.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted[1..]
                .find(quote)
                .map_or(quoted.len(), |close| close + 2),
            _ => 0,
        };
        out.push_str(&value[..start]);
        if length > 0 && is_secret(name.unwrap_or_default(), pointers) {
            out.push('"');
            out.push_str(MASK);
            out.push('"');
        } else {
            out.push_str(&quoted[..length]);
        }
        rest = &quoted[length..];
    }
    out.push_str(rest);
    out
}

/// By its own name without a prefix, or by the last step of a declared place; words that are joined
/// by dashes count as joined by underscores too.
fn is_secret(name: &str, pointers: &[&str]) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name);
    let joined = local.replace('-', "_");
    let declared = |pointer: &&str| {
        let last = pointer.rsplit('/').next();
        last == Some(local) || last == Some(joined.as_str())
    };
    !local.is_empty() && (is_secret_name(&joined) || pointers.iter().any(declared))
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn secret_elements_and_attributes_are_masked() {
        for (text, expected) in [
            (
                "<vm><name>web</name><rootPassword>hunter2</rootPassword></vm>",
                "<vm><name>web</name><rootPassword>[secret]</rootPassword></vm>",
            ),
            (
                "<a:password x='1'>h<b>u</b></a:password><n/>",
                "<a:password x='1'>[secret]</a:password><n/>",
            ),
            (
                "<user name=\"ada\" token = 'hunter2' >x</user>",
                "<user name=\"ada\" token = \"[secret]\" >x</user>",
            ),
            ("<v code=\"a>b\">1</v>", "<v code=\"[secret]\">1</v>"),
            ("<code>12</code>", "<code>[secret]</code>"),
            ("<pin-code>12</pin-code>", "<pin-code>[secret]</pin-code>"),
            ("<token/><x>1</x>", "<token/><x>1</x>"),
        ] {
            assert_eq!(mask(text, &["/items/*/code", "/pin_code"]), expected);
        }
    }

    #[test]
    fn a_text_that_breaks_off_is_masked_to_its_end() {
        assert_eq!(mask("<password>hunt", &[]), "<password>[secret]");
        assert_eq!(mask("<u token=\"hunt", &[]), "<u token=\"[secret]\"");
        for text in ["<", "<a", "a < b", "<!DOCTYPE html>", "<a b=>", "<a =", ""] {
            assert_eq!(mask(text, &[]), text);
        }
    }
}
