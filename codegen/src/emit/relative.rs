//! Paths of a module that stands anywhere in a crate.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::{Piece, Unit};

/// Leads every path through the root of the crate over the modules above the file instead. The folders of the file
/// are its modules.
pub fn unit(unit: &mut Unit) {
    let depth = unit.path.matches('/').count();
    for piece in &mut unit.pieces {
        match piece {
            Piece::Line(tokens) | Piece::Item(tokens) | Piece::Table(tokens) => {
                *tokens = moved(tokens, depth);
            }
            Piece::Impl { head, members } | Piece::Methods { head, members } => {
                *head = moved(head, depth);
                for member in members {
                    *member = moved(member, depth);
                }
            }
        }
    }
}

/// The tokens with `crate` replaced by the way up; modules within them lie deeper.
fn moved(tokens: &TokenStream, depth: usize) -> TokenStream {
    let mut made = TokenStream::new();
    let mut before: [Option<Ident>; 2] = [None, None];
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let mut name = None;
        match token {
            TokenTree::Ident(ident) if ident == "crate" && is_colon(tokens.peek()) => {
                made.extend(way_up(depth));
            }
            TokenTree::Group(group) => {
                let is_module = before[0].as_ref().is_some_and(|word| word == "mod");
                let inner = moved(&group.stream(), depth + usize::from(is_module));
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                made.extend([TokenTree::Group(new)]);
            }
            TokenTree::Ident(ident) => {
                name = Some(ident.clone());
                made.extend([TokenTree::Ident(ident)]);
            }
            other => made.extend([other]),
        }
        before = [before[1].take(), name];
    }
    made
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

fn way_up(depth: usize) -> TokenStream {
    match depth {
        0 => quote!(self),
        depth => {
            let more = std::iter::repeat_n(quote!(::super), depth - 1);
            quote!(super #(#more)*)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_up_is_as_long_as_the_file_is_deep() {
        let tokens = quote! {
            use crate::runtime::json::Json;
            pub(crate) fn read() { crate::runtime::read("crate::runtime") }
            mod inner { use crate::runtime; }
        };
        let whole = |depth| moved(&tokens, depth).to_string();
        let wanted = quote! {
            use super::super::runtime::json::Json;
            pub(crate) fn read() { super::super::runtime::read("crate::runtime") }
            mod inner { use super::super::super::runtime; }
        };
        assert_eq!(whole(2), wanted.to_string());
        assert!(whole(0).starts_with("use self :: runtime"));
    }
}
