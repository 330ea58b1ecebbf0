//! Enums of types.

use proc_macro2::TokenStream;
use quote::quote;

use super::leaf::{self, Place};
use super::{Piece, check, doc};
use crate::model::{Type, Union, UnionVariant};

/// The pieces of a union: the enum, its table, conversions from its branches, and its checks.
pub fn pieces(item: &Union, pieces: &mut Vec<Piece>) {
    pieces.push(definition(item));
    pieces.push(table(item));
    conversions(item, pieces);
    if item.built {
        pieces.extend(check::validate(&item.name, &check::of_union(item)));
    }
}

fn definition(item: &Union) -> Piece {
    let Union { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "One of several types.");
    let derives = leaf::derives(&item.derives, &[]);
    let variants = item.variants.iter().map(|variant| {
        let UnionVariant { name, .. } = variant;
        let docs = doc::outer_or(&variant.docs, &kind(&variant.ty));
        let ty = leaf::ty(&variant.ty, Place::Types);
        quote!(#docs #name(#ty),)
    });
    let unknown = item.unknown.as_ref().map(
        |name| quote!(#[doc = " A value that is none of these, kept as received."] #name(Json),),
    );
    let non_exhaustive = item.unknown.as_ref().map(|_| quote!(#[non_exhaustive]));
    Piece::Table(quote! {
        #docs
        #[derive(Clone, Debug, #(#derives,)* PartialEq)]
        #non_exhaustive
        pub enum #name { #(#variants)* #unknown }
    })
}

/// What a variant holds, where the document says nothing about it.
fn kind(ty: &Type) -> String {
    let plain = match ty.plain() {
        Type::Unit => "Nothing",
        Type::Bool => "A boolean",
        Type::I64 | Type::U64 => "A whole number",
        Type::Number => "A number",
        Type::String => "A text",
        Type::SecretString => "A text that is never printed",
        Type::Bytes | Type::File => "Bytes",
        Type::Vec(_) => "A list",
        Type::Map(_) => "An object with any properties",
        Type::Json => "Any JSON value",
        Type::SecretJson => "Any JSON value, which is never printed",
        Type::Nullable(inner) => return format!("{}, or null.", kind(inner).trim_end_matches('.')),
        Type::Box(inner) | Type::Option(inner) | Type::As(inner) | Type::Root(_, inner) => {
            return kind(inner);
        }
        Type::Named(name) | Type::Alias(name, _) => return format!("A value of type [`{name}`]."),
        Type::Foreign(path) => return format!("A value of type `{path}`."),
    };
    format!("{plain}.")
}

/// In what form a branch travels, where it is not its own.
fn form(variant: &UnionVariant) -> Option<TokenStream> {
    let form = leaf::form(&variant.ty.form()?, Place::Types);
    Some(quote!(as #form))
}

fn table(item: &Union) -> Piece {
    let Union { name, .. } = item;
    let tag = item.tag.as_ref().map(|tag| {
        let tag = leaf::text(tag);
        let otherwise = item
            .otherwise
            .and_then(|at| item.variants.get(at))
            .map(|variant| {
                let UnionVariant { name, .. } = variant;
                let ty = leaf::ty(&variant.ty, Place::Types);
                let form = form(variant);
                quote!(, or #name(#ty) #form)
            });
        quote!(, tag #tag #otherwise)
    });
    let rows = item.variants.iter().map(|variant| {
        let UnionVariant { name, .. } = variant;
        let ty = leaf::ty(&variant.ty, Place::Types);
        let tags = variant.tags.iter().map(|tag| leaf::text(tag));
        let is_tagged = item.tag.is_some() && !variant.tags.is_empty();
        let tags = is_tagged.then(|| quote!(= #(#tags)|*));
        let form = form(variant);
        quote!(#name(#ty) #form #tags,)
    });
    let unknown = item.unknown.as_ref().map(|name| quote!(..#name));
    Piece::Table(quote!(json::union! { #name #tag { #(#rows)* #unknown } }))
}

/// `From` for every branch whose type no other branch has.
fn conversions(item: &Union, pieces: &mut Vec<Piece>) {
    let types: Vec<Type> = item
        .variants
        .iter()
        .map(|variant| variant.ty.canonical())
        .collect();
    let Union { name, .. } = item;
    for (variant, ty) in item.variants.iter().zip(&types) {
        if types.iter().filter(|other| *other == ty).count() == 1 {
            let UnionVariant {
                name: variant, ty, ..
            } = variant;
            let ty = leaf::ty(ty, Place::Types);
            let from = quote!(fn from(value: #ty) -> Self { Self::#variant(value) });
            pieces.push(Piece::Methods {
                head: quote!(impl From<#ty> for #name),
                members: vec![from],
            });
        }
    }
}
