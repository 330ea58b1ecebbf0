//! Cleaning within one line of Markdown: code spans, links, addresses, and the characters that open a tag.

use std::fmt::Write as _;

/// One line, with nothing in it that rustdoc could take for a link to an item, a tag or a bare address.
pub fn clean_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 16);
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let used = match first {
            '`' => code_span(rest, &mut out),
            '[' => link(rest, 0, &mut out),
            '!' if rest[1..].starts_with('[') => link(rest, 1, &mut out),
            '<' => angle(rest, &mut out),
            'h' | 'H' => address(rest, &mut out),
            ']' => escaped(first, &mut out),
            '\\' => backslash(rest, &mut out),
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[used..];
    }
    out
}

fn escaped(each: char, out: &mut String) -> usize {
    out.push('\\');
    out.push(each);
    each.len_utf8()
}

/// An escape of the author stays; a backslash at the end of the line would break the line and goes.
fn backslash(rest: &str, out: &mut String) -> usize {
    match rest.chars().nth(1) {
        Some(next) if next.is_ascii_punctuation() => {
            out.push('\\');
            out.push(next);
            2
        }
        Some(_) => {
            out.push_str("\\\\");
            1
        }
        None => 1,
    }
}

/// A code span as it is, where the line closes it.
fn code_span(rest: &str, out: &mut String) -> usize {
    let length = rest.bytes().take_while(|each| *each == b'`').count();
    match closing(&rest[length..], length) {
        Some(inner) if length < 3 => {
            out.push_str(&rest[..length + inner + length]);
            length + inner + length
        }
        _ => {
            for _ in 0..length {
                out.push_str("\\`");
            }
            length
        }
    }
}

/// How far the next run of exactly so many backticks is.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut offset = 0;
    while let Some(start) = text[offset..].find('`') {
        let start = offset + start;
        let run = text[start..]
            .bytes()
            .take_while(|each| *each == b'`')
            .count();
        if run == length {
            return Some(start);
        }
        offset = start + run;
    }
    None
}

/// A link of Markdown: kept where it leads to the web, its text alone where it leads into another page.
fn link(rest: &str, skip: usize, out: &mut String) -> usize {
    let inner = &rest[skip + 1..];
    let Some(end) = inner
        .find(['[', ']'])
        .filter(|end| inner[*end..].starts_with("]("))
    else {
        if skip == 1 {
            out.push('!');
        }
        out.push_str("\\[");
        return skip + 1;
    };
    let target = &inner[end + 2..];
    let Some(close) = target.find(')') else {
        out.push_str("\\[");
        return skip + 1;
    };
    let text = &inner[..end];
    let address = target[..close].split(' ').next().unwrap_or_default();
    let plain = address
        .chars()
        .all(|each| each.is_ascii_graphic() && !"<>\\()`\"".contains(each));
    let is_web = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme));
    let text = without_addresses(text);
    if is_web && plain && !text.trim().is_empty() {
        let _ = write!(out, "[{text}]({address})");
    } else {
        out.push_str(&text);
    }
    skip + 1 + end + 2 + close + 1
}

/// The text of a link, in which nothing else may be a link.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    for each in text.chars() {
        match each {
            '<' | '`' => {
                escaped(each, &mut out);
            }
            '\\' => {}
            _ => out.push(each),
        }
    }
    // Within a link text an address is not bare.
    out
}

/// An address in angle brackets stays; every other `<` is a character.
fn angle(rest: &str, out: &mut String) -> usize {
    let inner = &rest[1..];
    let web = inner.starts_with("https://") || inner.starts_with("http://");
    if web
        && let Some(end) =
            inner.find(|each: char| each == '>' || each == '<' || each.is_whitespace())
        && inner[end..].starts_with('>')
    {
        out.push_str(&rest[..end + 2]);
        return end + 2;
    }
    escaped('<', out)
}

/// A bare address gets its brackets.
fn address(rest: &str, out: &mut String) -> usize {
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| starts_with_ignoring_case(rest, scheme));
    let word_before = out.chars().last().is_some_and(char::is_alphanumeric);
    let Some(scheme) = scheme.filter(|_| !word_before) else {
        out.push_str(&rest[..1]);
        return 1;
    };
    let end = rest
        .find(|each: char| each.is_whitespace() || "<>\"`[]|\\".contains(each) || each.is_control())
        .unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', ')']);
    if address.len() <= scheme.len() {
        out.push_str(&rest[..1]);
        return 1;
    }
    out.push('<');
    out.push_str(address);
    out.push('>');
    address.len()
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
