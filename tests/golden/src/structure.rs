//! What an emitted file is made of, whatever its names and texts are.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::Visit;

/// How often each sort of thing stands in files.
pub type Counts = BTreeMap<String, usize>;

/// Attributes and macros with their paths, unsafe blocks, foreign items: what an intruder would add.
#[derive(Default)]
struct Fallbacks(Counts);

impl<'ast> Visit<'ast> for Fallbacks {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let path = path(attribute.path());
        if path != "doc" {
            self.count(format!("attribute {path}"));
        }
        syn::visit::visit_attribute(self, attribute);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.count(format!("macro {}", path(&call.path)));
        syn::visit::visit_macro(self, call);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let kind = match item {
            syn::Item::Const(_) => "const",
            syn::Item::Enum(_) => "enum",
            syn::Item::Fn(_) => "fn",
            syn::Item::Impl(_) => "impl",
            syn::Item::Macro(_) => "macro",
            syn::Item::Mod(_) => "mod",
            syn::Item::Static(_) => "static",
            syn::Item::Struct(_) => "struct",
            syn::Item::Type(_) => "type",
            syn::Item::Use(_) => "use",
            _ => "other",
        };
        self.count(format!("item {kind}"));
        syn::visit::visit_item(self, item);
    }
}

impl Fallbacks {
    fn count(&mut self, what: String) {
        *self.0.entry(what).or_default() += 1;
    }
}

fn path(path: &syn::Path) -> String {
    let names: Vec<String> = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    names.join("::")
}

/// Counts what a file is made of.
///
/// # Errors
/// The file is no Rust.
pub fn counts(text: &str) -> Result<Counts, syn::Error> {
    let file = syn::parse_file(text)?;
    let mut fallbacks = Fallbacks::default();
    fallbacks.visit_file(&file);
    Ok(fallbacks.0)
}

/// The tokens of a file in their order, without names, literals and documentation: `i`, `l`, punctuation, brackets.
///
/// # Errors
/// The file has no tokens of Rust.
pub fn tokens(text: &str) -> Result<String, proc_macro2::LexError> {
    let mut shape = String::new();
    push(text.parse()?, &mut shape);
    Ok(shape)
}

fn push(stream: TokenStream, shape: &mut String) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            TokenTree::Punct(mark) if mark.as_char() == '#' && is_doc(rest) => {
                let skipped = usize::from(matches!(rest.first(), Some(TokenTree::Punct(_)))) + 1;
                rest = rest.get(skipped..).unwrap_or_default();
            }
            TokenTree::Punct(mark) => shape.push(mark.as_char()),
            TokenTree::Ident(_) => shape.push('i'),
            TokenTree::Literal(_) => shape.push('l'),
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::None => (' ', ' '),
                };
                shape.push(open);
                push(group.stream(), shape);
                shape.push(close);
            }
        }
    }
}

/// Whether what follows a `#` makes it documentation.
fn is_doc(rest: &[TokenTree]) -> bool {
    let ([TokenTree::Punct(_), TokenTree::Group(group), ..] | [TokenTree::Group(group), ..]) = rest
    else {
        return false;
    };
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}
