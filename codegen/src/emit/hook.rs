//! Webhooks and callbacks: a table for each.

use proc_macro2::TokenStream;
use quote::quote;

use super::endpoint::{decoder, result};
use super::{Piece, doc, leaf};
use crate::model::{Hook, Hooks, Item};

/// The type of one.
pub fn one(item: &Hook) -> Piece {
    let Hook { name, .. } = item;
    let method = super::table::method(&item.method);
    let words = format!("`{}`.", leaf::code(&item.wire));
    let docs = doc::outer_or(&item.docs, &words);
    let (mut body, mut decode) = (result(&item.decode), decoder(&item.decode));
    if item.optional {
        body = quote!(Option<#body>);
        decode = quote!(reply::optional(#decode));
    }
    let wire = leaf::text(&item.wire);
    let media = item.media.iter().map(|media| leaf::text(media));
    Piece::Table(quote! {
        codegen::webhook! {
            #docs pub struct #name: #body = #decode; #wire, codegen::#method, [#(#media),*]
        }
    })
}

/// The enum of all.
pub fn all(item: &Hooks) -> Piece {
    let Hooks { name, hooks, .. } = item;
    let docs = doc::outer(&item.docs);
    Piece::Table(quote! {
        codegen::webhooks! { #docs pub enum #name { #(#hooks),* } }
    })
}

/// The imports of their file.
pub fn uses(items: &[Item]) -> Vec<TokenStream> {
    let mut named = super::uses::Named::default();
    named.codegen("self");
    for item in items {
        match item {
            Item::Hook(hook) => {
                named.result(&hook.decode);
                named.decoder(&hook.decode);
                if hook.optional {
                    named.codegen("reply");
                }
            }
            Item::Headers(headers) => {
                headers.headers.iter().for_each(|it| named.ty(&it.ty));
            }
            Item::Replies(replies) => named.replies(replies),
            _ => {}
        }
    }
    named.of_hooks()
}
