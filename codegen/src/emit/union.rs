//! Enums of types.

use quote::quote;

use super::leaf::{self, Place};
use super::{Piece, check, doc};
use crate::model::{Ident, Type, Union, UnionVariant};

/// The pieces of a union: the enum, its table, conversions from its branches, and its checks.
pub fn pieces(item: &Union, pieces: &mut Vec<Piece>) {
    pieces.push(definition(item));
    pieces.push(table(item));
    pieces.extend(conversions(item));
    if item.built {
        pieces.push(check::validate(&item.name, &check::of_union(item)));
    }
}

fn definition(item: &Union) -> Piece {
    let Union { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "One of several types.");
    let variants = item.variants.iter().map(|variant| {
        let UnionVariant { name, .. } = variant;
        let docs = doc::outer_or(&variant.docs, "This branch.");
        let ty = leaf::ty(&variant.ty, Place::Types);
        quote!(#docs #name(#ty),)
    });
    let unknown = item.unknown.as_ref().map(
        |name| quote!(#[doc = " A value that is none of these, kept as received."] #name(Json),),
    );
    let non_exhaustive = item.unknown.as_ref().map(|_| quote!(#[non_exhaustive]));
    Piece::Item(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #non_exhaustive
        pub enum #name { #(#variants)* #unknown }
    })
}

fn table(item: &Union) -> Piece {
    let Union { name, .. } = item;
    let tag = item.tag.as_ref().map(|tag| {
        let tag = leaf::text(tag);
        quote!(, tag #tag)
    });
    let rows = item.variants.iter().map(|variant| {
        let UnionVariant { name, .. } = variant;
        let ty = leaf::ty(&variant.ty, Place::Types);
        let tags = variant.tags.iter().map(|tag| leaf::text(tag));
        let tags = item.tag.as_ref().map(|_| quote!(= #(#tags)|*));
        quote!(#name(#ty) #tags,)
    });
    let unknown = item.unknown.as_ref().map(|name| quote!(..#name));
    Piece::Table(quote!(json::union! { #name #tag { #(#rows)* #unknown } }))
}

/// `From` for every branch whose type no other branch has.
fn conversions(item: &Union) -> Option<Piece> {
    let types: Vec<Type> = item
        .variants
        .iter()
        .map(|variant| variant.ty.canonical())
        .collect();
    let is_unique = |index: &usize| types.iter().filter(|ty| **ty == types[*index]).count() == 1;
    let rows: Vec<(&Ident, &Type)> = (0..types.len())
        .filter(is_unique)
        .map(|index| (&item.variants[index].name, &item.variants[index].ty))
        .collect();
    let Union { name, .. } = item;
    let impls = rows.iter().map(|(variant, ty)| {
        let ty = leaf::ty(ty, Place::Types);
        quote! {
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self { Self::#variant(value) }
            }
        }
    });
    (!rows.is_empty()).then(|| Piece::Item(quote!(#(#impls)*)))
}
