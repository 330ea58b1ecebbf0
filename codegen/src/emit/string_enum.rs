//! Enums for strings.

use quote::quote;

use super::{Piece, check, doc, leaf};
use crate::model::StringEnum;

/// The pieces of an enum for strings: the enum and its table.
pub fn pieces(item: &StringEnum, pieces: &mut Vec<Piece>) {
    let StringEnum { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "One of a set of texts.");
    let derives = leaf::derives(&item.derives, &["Eq", "Hash", "Copy"]);
    let variants = item.variants.iter().map(|variant| {
        let name = &variant.name;
        let docs = doc::outer_or(&variant.docs, &format!("`{}`", leaf::code(&variant.wire)));
        quote!(#docs #name,)
    });
    let unknown = item.unknown.as_ref().map(|name| {
        quote!(#[doc = " A value that the document does not name, kept as received."] #name(String),)
    });
    let non_exhaustive = item.unknown.as_ref().map(|_| quote!(#[non_exhaustive]));
    let copy = item.unknown.is_none().then(|| quote!(Copy,));
    pieces.push(Piece::Table(quote! {
        #docs
        #[derive(Clone, #copy Debug, #derives PartialEq, Eq, Hash)]
        #non_exhaustive
        pub enum #name { #(#variants)* #unknown }
    }));
    let mode = if item.unknown.is_some() {
        quote!(open)
    } else {
        quote!(closed)
    };
    let rows = item.variants.iter().map(|variant| {
        let name = &variant.name;
        let wire = leaf::text(&variant.wire);
        quote!(#name = #wire,)
    });
    pieces.push(Piece::Table(quote!(
        json::string_enum! { #name, #mode { #(#rows)* } }
    )));
    if item.built {
        pieces.push(check::validate(name, &check::of_string_enum(item)));
    }
}
