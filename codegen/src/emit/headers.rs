//! Headers of replies: a table for each struct that reads them.

use proc_macro2::TokenStream;
use quote::quote;

use super::leaf::{self, Place};
use super::{Piece, doc};
use crate::model::{Headers, Ident};

/// The struct, as a table of its methods.
pub fn table(item: &Headers) -> Piece {
    let Headers { name, .. } = item;
    let docs = doc::outer(&item.docs);
    let rows = item.headers.iter().map(|header| {
        let docs = doc::outer_or(
            &header.docs,
            &format!("The header `{}`.", leaf::code(&header.wire)),
        );
        let (method, wire) = (&header.name, leaf::text(&header.wire));
        let (ty, read) = (
            leaf::ty(&header.ty, Place::Elsewhere),
            Ident::fixed(header.read.name()),
        );
        quote!(#docs #method: #ty = #read #wire,)
    });
    Piece::Table(quote! {
        codegen::headers! { #docs pub struct #name { #(#rows)* } }
    })
}

/// The imports of a file of headers.
pub fn uses(items: &[&Headers]) -> Vec<TokenStream> {
    let mut named = super::uses::Named::default();
    for header in items.iter().flat_map(|item| &item.headers) {
        named.ty(&header.ty);
    }
    named.of_headers()
}
