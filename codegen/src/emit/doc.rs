//! Documentation of emitted items: Markdown that strangers wrote, made safe for rustdoc.
//!
//! A description may hold HTML, half a code fence, links into a web page that is not here, or text that reads like a
//! Rust test. What leaves this file is Markdown in which every code block is marked as text, no bracket can become
//! a link to a Rust item, no `<` can open a tag, and no character changes the direction of reading.

use proc_macro2::TokenStream;
use quote::quote;

use super::inline::clean_line;
use crate::model::Docs;

/// Where lines are folded, counted without the slashes.
const WIDTH: usize = 110;

/// The documentation as one attribute, which the layout writes as a comment of several lines.
pub fn outer(docs: &Docs) -> TokenStream {
    attribute(&lines(docs))
}

/// Lines of documentation as one attribute.
pub fn attribute(lines: &[String]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let text = lines.join("\n");
    quote!(#[doc = #text])
}

/// The documentation as attributes of a variant or field, with one line when there is none at all.
pub fn outer_or(docs: &Docs, otherwise: &str) -> TokenStream {
    if lines(docs).iter().all(String::is_empty) {
        outer(&Docs::own(otherwise))
    } else {
        outer(docs)
    }
}

/// The documentation as lines, each with a blank before its text as people write it.
pub fn lines(docs: &Docs) -> Vec<String> {
    let mut lines = Vec::new();
    for text in &docs.foreign {
        append(&mut lines, clean(text));
    }
    if !docs.remark.is_empty() {
        remark(&docs.remark, &mut lines);
    }
    append(&mut lines, folded(&docs.own));
    for (name, text) in &docs.arguments {
        let text = match text.replace('\n', " ") {
            text if text.trim().is_empty() => format!("* {name}"),
            text => format!("* {name}: {text}"),
        };
        lines.extend(clean(&text));
    }
    append(&mut lines, folded(&docs.after));
    lines
        .into_iter()
        .map(|line| {
            if line.is_empty() {
                line
            } else {
                format!(" {line}")
            }
        })
        .collect()
}

/// Lines of the generator, folded.
fn folded(texts: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for text in texts.iter().flat_map(|text| text.split('\n')) {
        fold(text, 0, 0, &mut lines);
    }
    lines
}

/// Goes on with a sentence where the last paragraph ended; begins a paragraph after anything but prose.
fn remark(text: &str, lines: &mut Vec<String>) {
    let is_prose =
        |line: &String| !line.is_empty() && !begins_a_block(line) && !line.starts_with(' ');
    let Some(last) = lines.pop_if(|last| is_prose(last)) else {
        return append(lines, vec![text.to_owned()]);
    };
    let end = last.trim_end_matches([')', '"', '`', '*']);
    let stop = if end.ends_with(['.', '!', '?', ':']) {
        ""
    } else {
        "."
    };
    fold(&format!("{last}{stop} {text}"), 0, 0, lines);
}

/// Appends a paragraph after a blank line.
fn append(lines: &mut Vec<String>, paragraph: Vec<String>) {
    if !lines.is_empty() && !paragraph.is_empty() {
        lines.push(String::new());
    }
    lines.extend(paragraph);
}

/// Markdown of a stranger as lines that rustdoc takes without a warning.
pub fn clean(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<Fence> = None;
    for line in printable(text).split('\n') {
        match fence.take() {
            Some(open) if open.is_closed_by(line) => lines.push("```".to_owned()),
            Some(open) => {
                lines.push(open.content(line));
                fence = Some(open);
            }
            None => {
                fence = Fence::opened_by(line);
                if fence.is_some() {
                    lines.push("```text".to_owned());
                } else {
                    push_prose(line, &mut lines);
                }
            }
        }
    }
    if fence.is_some() {
        lines.push("```".to_owned());
    }
    without_idle_blanks(lines)
}

/// A code block that has been opened and not yet closed.
struct Fence {
    mark: char,
    length: usize,
    indent: usize,
}

impl Fence {
    /// The fence a line opens, also behind the mark of a quotation or a list.
    fn opened_by(line: &str) -> Option<Self> {
        let inner = line.trim_start_matches(|each: char| {
            each.is_whitespace() || "->*+.)0123456789".contains(each)
        });
        let mark = inner
            .chars()
            .next()
            .filter(|mark| matches!(mark, '`' | '~'))?;
        let length = inner.chars().take_while(|each| *each == mark).count();
        let info = &inner[length..];
        let opens = length >= 3 && !(mark == '`' && info.contains('`'));
        opens.then(|| Self {
            mark,
            length,
            indent: line.len() - line.trim_start().len(),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let inner = line.trim_matches(|each: char| each.is_whitespace() || each == '>');
        inner.len() >= self.length && inner.chars().all(|each| each == self.mark)
    }

    /// A line of code, which must not close the block that stands around it now.
    fn content(&self, line: &str) -> String {
        let spare = line.len() - line.trim_start_matches(' ').len();
        let line = &line[spare.min(self.indent)..];
        line.trim_end().replace("```", "'''")
    }
}

/// The text without characters that have no place in a source file.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(
        ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'],
        "\n",
    );
    text.chars()
        .filter_map(|each| match each {
            '\n' => Some('\n'),
            '\t' | '\u{a0}' => Some(' '),
            '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{61c}'
            | '\u{feff}' => None,
            _ if each.is_control() => None,
            _ => Some(each),
        })
        .collect()
}

/// A line that is not code, folded where it is long.
fn push_prose(line: &str, lines: &mut Vec<String>) {
    let trimmed = line.trim();
    // Four blanks make a code block, which would become a test; three still nest a list.
    let indent = (line.len() - line.trim_start_matches(' ').len()).min(if is_list_item(trimmed) {
        3
    } else {
        2
    });
    let indent = if trimmed.is_empty() || lines.last().is_none_or(String::is_empty) {
        0
    } else {
        indent
    };
    let collapsed = trimmed.split_whitespace().collect::<Vec<_>>().join(" ");
    let cleaned = clean_line(&collapsed);
    if cleaned.starts_with(['|', '#']) || cleaned.contains(" | ") || cleaned.len() + indent <= WIDTH
    {
        lines.push(format!("{:indent$}{cleaned}", ""));
        return;
    }
    let hanging = if is_list_item(trimmed) {
        indent + 2
    } else {
        indent
    };
    fold(&cleaned, indent, hanging, lines);
}

/// Folds a paragraph at blanks, never before a word that would begin a list, a heading or a quotation.
fn fold(text: &str, indent: usize, hanging: usize, lines: &mut Vec<String>) {
    let mut current = " ".repeat(indent);
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty
            && current.chars().count() + 1 + word.chars().count() > WIDTH
            && !begins_a_block(word)
        {
            lines.push(std::mem::replace(&mut current, " ".repeat(hanging)));
            is_empty = true;
        }
        if !is_empty {
            current.push(' ');
        }
        current.push_str(word);
        is_empty = false;
    }
    lines.push(current);
}

/// Whether a line that begins with this text is no prose: a list, a heading, a quotation, a table, a fence, a rule.
fn begins_a_block(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let is_made_of =
        |marks: &str| !word.is_empty() && word.chars().all(|each| marks.contains(each));
    is_made_of("#")
        || is_made_of("-+*=_")
        || word.starts_with(['>', '|'])
        || word.starts_with("```")
        || word.starts_with("~~~")
        || word.starts_with(|first: char| first.is_ascii_digit()) && word.ends_with(['.', ')'])
}

fn is_list_item(trimmed: &str) -> bool {
    let rest = trimmed.trim_start_matches(|each: char| each.is_ascii_digit());
    if rest.len() < trimmed.len() {
        return rest.starts_with(". ") || rest.starts_with(") ");
    }
    ["- ", "* ", "+ "]
        .iter()
        .any(|mark| trimmed.starts_with(mark))
}

/// Drops blank lines at both ends and all but one in a row.
fn without_idle_blanks(lines: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(lines.len());
    let mut in_code = false;
    for line in lines {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let line = if in_code {
            line
        } else {
            line.trim_end().to_owned()
        };
        if !line.is_empty() || in_code || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    while kept.last().is_some_and(String::is_empty) {
        kept.pop();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        clean(text).join("\n")
    }

    #[test]
    fn code_never_becomes_a_test() {
        assert_eq!(
            cleaned("```\nfn main() {}\n```"),
            "```text\nfn main() {}\n```"
        );
        assert_eq!(
            cleaned("~~~rust\npanic!()\n```\n~~~\nend"),
            "```text\npanic!()\n'''\n```\nend"
        );
        assert_eq!(cleaned("See:\n\n    let x = 1;\n"), "See:\n\nlet x = 1;");
        assert_eq!(cleaned("-     code"), "- code");
        assert_eq!(cleaned("- ```\n  x\n  ```\nend"), "```text\n  x\n```\nend");
        assert_eq!(cleaned("```json\n{"), "```text\n{\n```");
        assert_eq!(cleaned("\tpanic!()"), "panic!()");
    }

    #[test]
    fn markup_is_made_harmless() {
        assert_eq!(
            cleaned("a <b>bold</b> [Server] x"),
            r"a \<b>bold\</b> \[Server\] x"
        );
        assert_eq!(
            cleaned("see https://example.com/a_b?c=d."),
            "see <https://example.com/a_b?c=d>."
        );
        assert_eq!(
            cleaned("[text](https://example.com)"),
            "[text](https://example.com)"
        );
        assert_eq!(cleaned("[text](#/anchor) `a<b>[c]`"), "text `a<b>[c]`");
        assert_eq!(cleaned("a `half"), r"a \`half");
        assert_eq!(cleaned("a\u{202e}b\u{0}c"), "abc");
    }

    #[test]
    fn long_lines_are_folded() {
        let long = "word ".repeat(60);
        assert!(clean(&long).iter().all(|line| line.len() <= WIDTH));
        assert_eq!(clean(&long).join(" "), long.trim());
        let list = format!("- {}", "word ".repeat(40));
        assert!(clean(&list)[1].starts_with("  word"));
    }
}
