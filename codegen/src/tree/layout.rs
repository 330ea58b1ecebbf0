//! Lays out tables: one entry on a line.
//!
//! A table is a macro call or a constant whose tokens are entries within braces. Braces open an indented block with
//! one entry on a line; a bracketed list does so when it does not fit its line; everything deeper stays on the line
//! of its entry.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

mod method;
mod spacing;

pub use method::{method, statement};
use spacing::Before;

/// How wide a line with a bracketed list may be before the list is broken.
const WIDTH: usize = 120;

/// The macros whose inner blocks are lists that share lines.
const LISTS: [&str; 3] = ["setters", "properties", "twins"];

/// The text of a table, with a newline at its end.
pub fn print(tokens: &TokenStream) -> String {
    let mut text = short_call(tokens).unwrap_or_else(|| {
        let is_list = |token| match &token {
            TokenTree::Ident(name) => LISTS.iter().any(|list| name == list),
            _ => false,
        };
        let fills = tokens.clone().into_iter().any(is_list);
        let mut printer = Printer {
            text: String::new(),
            indent: 0,
            fills,
        };
        printer.entry(tokens.clone());
        printer.text
    });
    if !text.ends_with('\n') {
        text.push('\n');
    }
    wrapped(text)
}

/// Breaks lines of code that are still too long behind a comma.
fn wrapped(text: String) -> String {
    if text.lines().all(|line| line.len() <= WIDTH) {
        return text;
    }
    let mut broken = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let mut rest = line;
        while let Some(at) = last_comma(rest).filter(|_| !line.trim_start().starts_with("//")) {
            broken.push_str(&rest[..at]);
            broken.push('\n');
            broken.push_str(&" ".repeat(indent + 4));
            rest = rest[at..].trim_start();
        }
        broken.push_str(rest);
        broken.push('\n');
    }
    broken
}

/// The end of the last comma, outside of texts, up to which a long line fits.
fn last_comma(line: &str) -> Option<usize> {
    if line.len() <= WIDTH {
        return None;
    }
    let (mut in_text, mut is_escaped, mut last) = (false, false, None);
    for (at, each) in line.char_indices().take_while(|(at, _)| *at < WIDTH - 4) {
        match each {
            _ if is_escaped => is_escaped = false,
            '\\' if in_text => is_escaped = true,
            '"' => in_text = !in_text,
            ',' if !in_text => last = Some(at + 1),
            _ => {}
        }
    }
    last.filter(|at| !line[..*at].trim().is_empty() && *at < line.len())
}

/// A macro call that fits one line.
fn short_call(tokens: &TokenStream) -> Option<String> {
    let mut has_bang = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => return None,
            TokenTree::Punct(punct) => has_bang |= punct.as_char() == '!',
            TokenTree::Group(group) if !has_bang || has_attribute(&group) => return None,
            _ => {}
        }
    }
    let text = inline(tokens.clone());
    (has_bang && text.len() <= WIDTH).then_some(text)
}

/// Whether a group begins with an attribute.
fn has_attribute(group: &Group) -> bool {
    matches!(group.stream().into_iter().next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#')
}

struct Printer {
    text: String,
    indent: usize,
    /// Whether the entries of an inner block share lines.
    fills: bool,
}

impl Printer {
    /// Writes one entry: tokens up to a comma or a semicolon, blocks within broken into lines.
    fn entry(&mut self, tokens: TokenStream) {
        let mut before = Before::default();
        let mut lists_parts = false;
        for token in tokens {
            if self.documentation(&mut before, &token) {
                continue;
            }
            if before.is_spaced(&token) {
                self.text.push(' ');
            }
            // What follows the fields of a struct shares lines.
            let is_behind = matches!(&before.token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
            lists_parts |= is_behind;
            match &token {
                TokenTree::Group(group) if lists_parts && self.is_block(group) => {
                    self.filled_block(group);
                }
                TokenTree::Group(group) if self.is_block(group) => self.block(group),
                TokenTree::Group(group) => inline_group(group, &mut self.text),
                _ => self.text.push_str(&token.to_string()),
            }
            before.follow(token);
        }
    }

    /// Writes an attribute on a line of its own, one of documentation as a comment, and tells whether
    /// the token was one.
    fn documentation(&mut self, before: &mut Before, token: &TokenTree) -> bool {
        let TokenTree::Group(group) = token else {
            return false;
        };
        let is_attribute = matches!(&before.token, Some(TokenTree::Punct(hash)) if hash.as_char() == '#')
            && group.delimiter() == Delimiter::Bracket;
        if !is_attribute {
            return false;
        }
        match doc_text(group) {
            Some(text) => {
                // The `#` is on the line already, and becomes the first slash.
                self.text.pop();
                for (index, line) in text.split('\n').enumerate() {
                    if index > 0 {
                        self.text.push('\n');
                        self.pad();
                    }
                    self.text.push_str("///");
                    self.text.push_str(line);
                }
            }
            None => inline_group(group, &mut self.text),
        }
        self.text.push('\n');
        self.pad();
        *before = Before::default();
        true
    }

    /// How far the current line goes.
    fn column(&self) -> usize {
        self.text.len() - self.text.rfind('\n').map_or(0, |at| at + 1)
    }

    /// Whether a group gets lines of its own.
    fn is_block(&self, group: &Group) -> bool {
        match group.delimiter() {
            Delimiter::Brace => !group.stream().is_empty() && self.indent < 2,
            Delimiter::Bracket => {
                let mut inline = String::new();
                inline_group(group, &mut inline);
                self.indent < 3 && self.column() + inline.len() > WIDTH
            }
            Delimiter::Parenthesis | Delimiter::None => false,
        }
    }

    /// Writes a group whose entries share lines, on the line of its beginning where it fits.
    fn filled_block(&mut self, group: &Group) {
        let mut inline = String::new();
        inline_group(group, &mut inline);
        if self.column() + inline.len() <= WIDTH {
            self.text.push_str(&inline);
            return;
        }
        let (open, close) = delimiters(group.delimiter());
        self.text.push_str(open);
        self.text.push('\n');
        self.indent += 1;
        self.pad();
        self.filled(group.stream());
        self.indent -= 1;
        self.text.push('\n');
        self.pad();
        self.text.push_str(close);
    }

    fn block(&mut self, group: &Group) {
        let (open, close) = delimiters(group.delimiter());
        self.text.push_str(open);
        self.indent += 1;
        if group.delimiter() == Delimiter::Bracket {
            self.filled(group.stream());
            self.indent -= 1;
            self.text.push_str(close);
            return;
        }
        self.text.push('\n');
        if self.fills && self.indent == 2 {
            self.pad();
            self.filled(group.stream());
            self.text.push('\n');
        } else {
            for entry in entries(group.stream(), ',') {
                self.pad();
                self.entry(entry);
                self.text.push('\n');
            }
        }
        self.indent -= 1;
        self.pad();
        self.text.push_str(close);
    }

    /// Writes a list from here on, with as many entries on a line as fit.
    fn filled(&mut self, list: TokenStream) {
        let mut is_first = true;
        for entry in entries(list, ',') {
            let text = inline(entry);
            if !is_first {
                if self.column() + 1 + text.len() <= WIDTH {
                    self.text.push(' ');
                } else {
                    self.text.push('\n');
                    self.pad();
                }
            }
            self.text.push_str(&text);
            is_first = false;
        }
    }

    fn pad(&mut self) {
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
    }
}

/// Tokens on one line.
fn inline(tokens: TokenStream) -> String {
    let mut text = String::new();
    inline_tokens(tokens, &mut text);
    text
}

/// The tokens up to each separator (semicolons separate too), each with its separator. A comma between the
/// arguments of a type separates nothing.
fn entries(tokens: TokenStream, separator: char) -> Vec<TokenStream> {
    let mut entries = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    let mut depth = 0_usize;
    for token in tokens {
        let mut ends = false;
        if let TokenTree::Punct(punct) = &token {
            let is_arrow = matches!(current.last(), Some(TokenTree::Punct(last)) if matches!(last.as_char(), '=' | '-'));
            match punct.as_char() {
                '<' => depth += 1,
                '>' if !is_arrow => depth = depth.saturating_sub(1),
                ';' => ends = true,
                other => ends = other == separator && depth == 0,
            }
        }
        current.push(token);
        if ends {
            entries.push(current.drain(..).collect());
        }
    }
    if !current.is_empty() {
        entries.push(current.into_iter().collect());
    }
    entries
}

/// The text of `doc = "..."` within an attribute.
fn doc_text(attribute: &Group) -> Option<String> {
    let mut inner = attribute.stream().into_iter();
    let (
        Some(TokenTree::Ident(name)),
        Some(TokenTree::Punct(_)),
        Some(TokenTree::Literal(literal)),
        None,
    ) = (inner.next(), inner.next(), inner.next(), inner.next())
    else {
        return None;
    };
    if name != "doc" {
        return None;
    }
    let text = text_of(&literal)?;
    // A text that would read differently as a comment stays an attribute.
    let plain = !text.contains('\r') && !text.split('\n').any(|line| line.starts_with('/'));
    plain.then_some(text)
}

/// The text of a string literal; rare escapes are left to the parser of Rust.
fn text_of(literal: &Literal) -> Option<String> {
    let written = literal.to_string();
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(each) = characters.next() {
        if each != '\\' {
            text.push(each);
            continue;
        }
        match characters.next() {
            Some('n') => text.push('\n'),
            Some(same @ ('"' | '\'' | '\\')) => text.push(same),
            _ => {
                let literal: syn::LitStr =
                    syn::parse2(TokenTree::Literal(literal.clone()).into()).ok()?;
                return Some(literal.value());
            }
        }
    }
    Some(text)
}

fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::None => ("", ""),
    }
}

fn inline_group(group: &Group, text: &mut String) {
    let (open, close) = delimiters(group.delimiter());
    let is_padded = group.delimiter() == Delimiter::Brace && !group.stream().is_empty();
    let padding = if is_padded { " " } else { "" };
    text.push_str(open);
    text.push_str(padding);
    inline_tokens(group.stream(), text);
    if group.delimiter() == Delimiter::Bracket && text.ends_with(',') {
        text.pop();
    }
    text.push_str(padding);
    text.push_str(close);
}

fn inline_tokens(tokens: TokenStream, text: &mut String) {
    let mut before = Before::default();
    for token in tokens {
        if before.is_spaced(&token) {
            text.push(' ');
        }
        match &token {
            TokenTree::Group(inner) => inline_group(inner, text),
            _ => text.push_str(&token.to_string()),
        }
        before.follow(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn a_short_table_stands_on_one_line_and_a_long_one_has_an_entry_on_each() {
        let short = quote!(json::object! { Disk { id: required "id", ..extra } });
        assert_eq!(
            print(&short),
            "json::object! { Disk { id: required \"id\", ..extra } }\n"
        );
        let long = quote! {
            json::object! {
                Server { identifier: required "identifier", description: maybe "description", power: maybe "power", ..extra }
            }
        };
        let expected = r#"json::object! {
    Server {
        identifier: required "identifier",
        description: maybe "description",
        power: maybe "power",
        ..extra
    }
}
"#;
        assert_eq!(print(&long), expected);
    }

    #[test]
    fn a_constant_fills_its_lists() {
        let tokens = quote! {
            #[doc = " Gets."]
            pub const GET: Operation = Operation {
                secrets: &[], security: &[&["a"], &["b"]],
                replies: &[
                    Reply { status: StatusMatch::Code(200), media: "application/json", schema: "Vec<Server>" },
                    Reply { status: StatusMatch::Default, media: "", schema: "" }
                ],
                ..operation("get", Method::Get)
            };
        };
        let expected = r#"/// Gets.
pub const GET: Operation = Operation {
    secrets: &[],
    security: &[&["a"], &["b"]],
    replies: &[Reply { status: StatusMatch::Code(200), media: "application/json", schema: "Vec<Server>" },
        Reply { status: StatusMatch::Default, media: "", schema: "" }],
    ..operation("get", Method::Get)
};
"#;
        assert_eq!(print(&tokens), expected);
    }

    #[test]
    fn types_attributes_and_documentation_read_as_people_write_them() {
        let tokens = quote! {
            #[doc = " A \"thing\"."]
            #[derive(Clone, Debug)]
            pub struct A<'c> { #[doc = " The name."] pub name: Vec<Nullable<types::B>>, client: &'c Client, }
        };
        let expected = r#"/// A "thing".
#[derive(Clone, Debug)]
pub struct A<'c> {
    /// The name.
    pub name: Vec<Nullable<types::B>>,
    client: &'c Client,
}
"#;
        assert_eq!(print(&tokens), expected);
    }

    #[test]
    fn a_method_is_broken_where_it_is_long() {
        let short = quote!(
            pub fn get(&self, id: &str) -> Call<'c, X> {
                self.map(|call| call.query("id", &id))
            }
        );
        let expected = "    pub fn get(&self, id: &str) -> Call<'c, X> {\n        self.map(|call| call.query(\"id\", &id))\n    }\n";
        assert_eq!(method(&short), expected);
        let long = quote! {
            pub fn get(&self, first_identifier: &str, second_identifier: &str, third_identifier: &str) -> Call<'c, types::Server> {
                Call::new(self.client, &operations::GET_SERVER_OF_THE_ACCOUNT, reply::json, reply::json).path("first_identifier", first_identifier)
            }
        };
        let expected = r#"    pub fn get(
        &self,
        first_identifier: &str,
        second_identifier: &str,
        third_identifier: &str,
    ) -> Call<'c, types::Server> {
        Call::new(self.client, &operations::GET_SERVER_OF_THE_ACCOUNT, reply::json, reply::json)
            .path("first_identifier", first_identifier)
    }
"#;
        assert_eq!(method(&long), expected);
    }

    #[test]
    fn a_closure_of_several_statements_is_broken_into_them() {
        let tokens = quote! {
            fn validate(&self, at: &mut Checker) {
                at.optional("identifier", self.identifier.as_ref(), |at, value| { at.min_length(value, 1); at.max_length(value, 128); });
            }
        };
        let expected = r#"    fn validate(&self, at: &mut Checker) {
        at.optional("identifier", self.identifier.as_ref(), |at, value| {
            at.min_length(value, 1);
            at.max_length(value, 128);
        });
    }
"#;
        assert_eq!(method(&tokens), expected);
    }
}
