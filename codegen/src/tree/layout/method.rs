//! Lays out methods: the signature on one line where it fits, and each statement on its line.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::spacing::Before;
use super::{Printer, WIDTH, delimiters, entries, inline, inline_group};

/// The text of a method: documentation, the signature on one line where it fits, and each statement
/// on its line.
pub fn method(tokens: &TokenStream) -> String {
    let mut tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let body = match tokens.pop() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group.stream(),
        other => {
            tokens.extend(other);
            TokenStream::new()
        }
    };
    let mut printer = Printer {
        text: "    ".to_owned(),
        indent: 1,
        fills: false,
    };
    printer.signature(tokens);
    if body.is_empty() {
        printer.text.push_str(" {}\n");
        return printer.text;
    }
    printer.text.push_str(" {\n");
    for statement in entries(body, ';') {
        printer.statement(statement);
    }
    printer.text.push_str("    }\n");
    super::wrapped(printer.text)
}

/// The lines of a statement, indented as they are at the left margin.
pub fn statement(tokens: &TokenStream) -> Vec<String> {
    let mut printer = Printer {
        text: String::new(),
        indent: 1,
        fills: false,
    };
    printer.statement(tokens.clone());
    let lines = printer.text.lines();
    lines
        .map(|line| line.strip_prefix("        ").unwrap_or(line).to_owned())
        .collect()
}

impl Printer {
    /// Writes a signature, with each parameter on its line where it is long.
    fn signature(&mut self, tokens: Vec<TokenTree>) {
        let start = self.text.len();
        self.entry(tokens.iter().cloned().collect());
        if self.column() + 2 <= WIDTH {
            return;
        }
        self.text.truncate(start);
        let mut before = Before::default();
        let mut is_broken = false;
        for token in tokens {
            if self.documentation(&mut before, &token) {
                continue;
            }
            if before.is_spaced(&token) {
                self.text.push(' ');
            }
            match &token {
                TokenTree::Group(group)
                    if group.delimiter() == Delimiter::Parenthesis && !is_broken =>
                {
                    self.text.push_str("(\n");
                    for parameter in entries(group.stream(), ',') {
                        let parameter = inline(parameter);
                        let _ = writeln!(self.text, "        {},", parameter.trim_end_matches(','));
                    }
                    self.text.push_str("    )");
                    is_broken = true;
                }
                TokenTree::Group(group) => inline_group(group, &mut self.text),
                _ => self.text.push_str(&token.to_string()),
            }
            before.follow(token);
        }
    }

    /// Writes a statement whose last group is broken into lines: the fields of a struct, the statements of
    /// a closure, the items of a list. Tells whether there is such a group.
    fn broken(&mut self, tokens: &[TokenTree], indent: usize) -> bool {
        let (tokens, end) = match tokens {
            [head @ .., TokenTree::Punct(last)] if last.as_char() == ';' => (head, ";"),
            _ => (tokens, ""),
        };
        let [head @ .., TokenTree::Group(last)] = tokens else {
            return false;
        };
        let mut text = "    ".repeat(indent);
        text.push_str(&inline(head.iter().cloned().collect()));
        let (outer, group) = match last.delimiter() {
            Delimiter::Parenthesis => {
                let inner: Vec<TokenTree> = last.stream().into_iter().collect();
                let [arguments @ .., TokenTree::Group(group)] = inner.as_slice() else {
                    return false;
                };
                if group.delimiter() == Delimiter::Parenthesis {
                    return false;
                }
                text.push('(');
                text.push_str(&inline(arguments.iter().cloned().collect()));
                (")", group.clone())
            }
            _ => ("", last.clone()),
        };
        let (open, close) = delimiters(group.delimiter());
        let space = if group.delimiter() == Delimiter::Brace {
            " "
        } else {
            ""
        };
        let _ = writeln!(self.text, "{text}{space}{open}");
        self.indent = indent + 1;
        let has_statements = entries(group.stream(), ';').len() > 1;
        if has_statements {
            for statement in entries(group.stream(), ';') {
                self.pad();
                self.text.push_str(&inline(statement));
                self.text.push('\n');
            }
        } else {
            self.pad();
            self.filled(group.stream());
            self.text.push('\n');
        }
        self.indent = 1;
        let pad = "    ".repeat(indent);
        let _ = writeln!(self.text, "{pad}{close}{outer}{end}");
        true
    }

    /// Writes a statement, broken before the calls of its chain where it is long.
    pub(super) fn statement(&mut self, tokens: TokenStream) {
        let whole = inline(tokens.clone());
        if whole.len() + 8 <= WIDTH {
            let _ = writeln!(self.text, "        {whole}");
            return;
        }
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        if self.broken(&tokens, 2) {
            return;
        }
        let mut links: Vec<Vec<TokenTree>> = vec![Vec::new()];
        for token in tokens {
            let is_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
            let after_call = matches!(
                links.last().and_then(|link| link.last()),
                Some(TokenTree::Group(_))
            );
            if is_dot && after_call {
                links.push(Vec::new());
            }
            if let Some(link) = links.last_mut() {
                link.push(token);
            }
        }
        for (index, link) in links.into_iter().enumerate() {
            let pad = if index == 0 {
                "        "
            } else {
                "            "
            };
            let _ = writeln!(self.text, "{pad}{}", inline(link.into_iter().collect()));
        }
    }
}
