//! Enums for strings.

use quote::quote;

use super::{Piece, doc, leaf};
use crate::model::{StringEnum, StringVariant};

/// The piece of an enum for strings: the enum with its table.
pub fn pieces(item: &StringEnum, pieces: &mut Vec<Piece>) {
    let StringEnum { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "One of a set of texts.");
    let derives = leaf::derives(&item.derives, &["Eq", "Hash", "Copy"]);
    let derives = (!derives.is_empty()).then(|| quote!(#[derive(#(#derives),*)]));
    let mode = match item.unknown {
        Some(_) if item.known_only => quote!(tolerant),
        Some(_) => quote!(open),
        None => quote!(closed),
    };
    let rows = item.variants.iter().map(|variant| {
        let (name, docs) = (&variant.name, words(variant));
        let wire = leaf::text(&variant.wire);
        quote!(#docs #name = #wire,)
    });
    pieces.push(Piece::Table(quote!(
        json::string_enum! { #docs #derives pub #mode enum #name { #(#rows)* } }
    )));
}

/// The documentation of a variant. One that has none is documented by its text, which the table does by itself
/// where the text can stand between backticks as it is.
fn words(variant: &StringVariant) -> proc_macro2::TokenStream {
    let plain = |c: char| c.is_ascii_graphic() && c != '`' || c == ' ';
    if variant.docs.is_empty() && variant.wire.chars().all(plain) {
        return quote!();
    }
    doc::outer_or(&variant.docs, &format!("`{}`", leaf::code(&variant.wire)))
}
