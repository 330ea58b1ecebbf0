//! Structs: JSON objects and tuples.

use proc_macro2::TokenStream;
use quote::quote;

use super::leaf::{self, Place};
use super::{Piece, check, doc};
use crate::model::{Docs, Field, FormPart, Ident, Mode, Rest, Struct, Tuple};

/// The pieces of an object: the struct, its table, and what a request adds.
pub fn pieces(item: &Struct, pieces: &mut Vec<Piece>) {
    match &item.form {
        Some(parts) => multipart(item, parts, pieces),
        None => pieces.push(Piece::Table(object(item))),
    }
    if !item.constants.is_empty() {
        pieces.push(Piece::Table(constants(item)));
    }
    if item.built {
        pieces.extend(check::validate(&item.name, &check::of_struct(item)));
    }
    if let Some(inner) = &item.wraps {
        pieces.extend(wrapper(item, inner));
    }
}

/// The struct of a multipart body, its table, its constructor and its setters.
fn multipart(item: &Struct, parts: &[FormPart], pieces: &mut Vec<Piece>) {
    let name = &item.name;
    pieces.push(Piece::Table(definition(item)));
    pieces.extend(hide(item).map(Piece::Table));
    pieces.push(Piece::Table(form(item, parts)));
    pieces.extend(constructor(item).map(|member| Piece::Methods {
        head: quote!(impl #name),
        members: vec![member],
    }));
    pieces.extend(setters(item).map(Piece::Table));
}

/// The struct within the table that ties it to its JSON form.
fn object(item: &Struct) -> TokenStream {
    let Struct { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "An object of the API.");
    let deprecated = deprecated(item.deprecated);
    let derives = leaf::derives(&item.derives, &[]);
    let derives = (!derives.is_empty()).then(|| quote!(#[derive(#(#derives),*)]));
    let fields = item.fields.iter().map(|each| {
        let row = row(each);
        let field = field(each);
        quote!(#field = #row,)
    });
    let rest = match &item.rest {
        Rest::Closed => quote!(..closed),
        Rest::Extra(name) => quote!(..#name: Extra),
        Rest::Typed(name, ty) => {
            let ty = leaf::ty(ty, Place::Types);
            quote!(..#name: Map<#ty>)
        }
        Rest::Parts(name) => quote!(..#name: Multipart),
    };
    let made = made(item);
    let hidden: Vec<&Ident> = hidden(&item.fields).collect();
    let hides = (!hidden.is_empty()).then(|| quote!(hides(#(#hidden),*)));
    quote! {
        json::object! {
            #docs
            #deprecated
            #derives
            pub struct #name #hides { #(#fields)* #rest } #made
        }
    }
}

/// The fields that `Debug` does not print.
fn hidden<'f>(fields: impl IntoIterator<Item = &'f Field>) -> impl Iterator<Item = &'f Ident> {
    let hidden = fields.into_iter().filter(|field| field.hidden);
    hidden.map(|field| &field.name)
}

/// How an object is made of its required fields.
fn made(item: &Struct) -> Option<TokenStream> {
    let given: Vec<&Field> = item.required().collect();
    if given.is_empty() {
        return None;
    }
    if let Some(parts) = &item.parts {
        let rows = given.iter().map(|field| {
            let name = &field.name;
            let ty = moded(field.mode, &leaf::ty(&field.ty, Place::Types));
            quote!(#name: #ty)
        });
        let hidden: Vec<&Ident> = hidden(given.iter().copied()).collect();
        let hides = (!hidden.is_empty()).then(|| quote!(hides(#(#hidden),*)));
        return Some(quote!(required #parts #hides { #(#rows),* }));
    }
    let rows = given.iter().map(|field| {
        let name = &field.name;
        let ty = moded(field.mode, &leaf::ty(&field.ty, Place::Types));
        if field.takes_into() {
            quote!(#name: impl Into<#ty>)
        } else {
            quote!(#name: #ty)
        }
    });
    Some(quote!(new(#(#rows),*)))
}

fn definition(item: &Struct) -> TokenStream {
    let Struct { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "An object of the API.");
    let deprecated = deprecated(item.deprecated);
    let derives = leaf::derives(&item.derives, &[]);
    let fields = item.fields.iter().map(field);
    let rest = rest(&item.rest);
    let debug = hidden(&item.fields)
        .next()
        .is_none()
        .then(|| quote!(Debug,));
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #debug #(#derives,)* PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* #rest }
    }
}

/// `Debug` of a struct that no table defines and that hides some of its fields.
fn hide(item: &Struct) -> Option<TokenStream> {
    let Struct { name, .. } = item;
    let hidden: Vec<&Ident> = hidden(&item.fields).collect();
    let fields = item.fields.iter().map(|field| &field.name);
    let rest = match &item.rest {
        Rest::Closed => None,
        Rest::Extra(name) | Rest::Parts(name) | Rest::Typed(name, _) => Some(name),
    };
    let all = fields.chain(rest);
    (!hidden.is_empty()).then(|| quote!(json::hide! { #name (#(#hidden),*) { #(#all)* } }))
}

fn deprecated(is: bool) -> Option<TokenStream> {
    // Rust warns at every use of a deprecated item, emitted uses included; the words alone reach the reader.
    is.then(|| quote!(#[doc = ""] #[doc = " **Deprecated** by the authors of the API."]))
}

fn field(field: &Field) -> TokenStream {
    let Field { name, .. } = field;
    let docs = doc::outer_or(
        &field.docs,
        &format!("The property `{}`.", leaf::code(&field.wire)),
    );
    let deprecated = deprecated(field.deprecated);
    let ty = moded(field.mode, &leaf::ty(&field.ty, Place::Types));
    quote!(#docs #deprecated pub #name: #ty)
}

fn moded(mode: Mode, ty: &TokenStream) -> TokenStream {
    match mode {
        Mode::Required => ty.clone(),
        Mode::Nullable => quote!(Nullable<#ty>),
        Mode::Optional => quote!(Option<#ty>),
        Mode::Maybe | Mode::Tolerant => quote!(Maybe<#ty>),
    }
}

fn rest(rest: &Rest) -> Option<TokenStream> {
    match rest {
        Rest::Closed => None,
        Rest::Extra(name) => Some(quote! {
            #[doc = " Properties that the document does not name."]
            pub #name: Extra,
        }),
        Rest::Typed(name, ty) => {
            let ty = leaf::ty(ty, Place::Types);
            Some(quote! {
                #[doc = " Properties whose names are data."]
                pub #name: Map<#ty>,
            })
        }
        Rest::Parts(name) => Some(quote! {
            #[doc = " Parts that the document does not name."]
            pub #name: Multipart,
        }),
    }
}

/// The table of the names of its properties.
fn constants(item: &Struct) -> TokenStream {
    let Struct { name, .. } = item;
    let rows = item.constants.iter().map(|(constant, wire)| {
        let wire = leaf::text(wire);
        quote!(#constant: #wire)
    });
    quote!(json::properties! { #name { #(#rows),* } })
}

/// How a field may be missing, the name of its property, and its form.
fn row(field: &Field) -> TokenStream {
    let mode = leaf::mode(field.mode);
    let wire = leaf::text(&field.wire);
    let form = field.ty.form().map(|form| {
        let form = leaf::form(&form, Place::Types);
        quote!(as #form)
    });
    quote!(#mode #wire #form)
}

/// The table that ties the struct to the parts of a multipart body.
fn form(item: &Struct, parts: &[FormPart]) -> TokenStream {
    let Struct { name, .. } = item;
    let rows = item.fields.iter().zip(parts).map(|(field, part)| {
        let wire = leaf::text(&field.wire);
        let written = match part {
            FormPart::File(media) => {
                let media = leaf::text(media);
                quote!(file_part(#wire, #media))
            }
            FormPart::Files(media) => {
                let media = leaf::text(media);
                quote!(file_parts(#wire, #media))
            }
            FormPart::Value => quote!(value(#wire)),
            FormPart::ValueAs(media) => {
                let media = leaf::text(media);
                quote!(value_as(#wire, #media))
            }
            FormPart::Json(media) => {
                let media = leaf::text(media);
                quote!(json_as(#wire, #media))
            }
            FormPart::JsonItems(media) => {
                let media = leaf::text(media);
                quote!(json_items(#wire, #media))
            }
            FormPart::Styled(style, explode) => {
                let (style, explode) = (Ident::fixed(style.name()), leaf::explode(*explode));
                quote!(styled(#wire, codegen::Style::#style, codegen::Explode::#explode))
            }
        };
        let mode = if field.mode == Mode::Required {
            quote!(required)
        } else {
            quote!(optional)
        };
        let name = &field.name;
        quote!(#name: #mode #written,)
    });
    let rest = match &item.rest {
        Rest::Parts(name) => Some(quote!(..#name)),
        _ => None,
    };
    quote!(codegen::form! { #name { #(#rows)* #rest } })
}

/// `new`, which takes what a request must hold.
fn constructor(item: &Struct) -> Option<TokenStream> {
    let given: Vec<&Field> = item.required().collect();
    if given.is_empty() {
        return None;
    }
    let docs = doc::outer(&Docs::own(
        "Creates it from its required fields; setters add the others.",
    ));
    let parameters = given.iter().map(|field| {
        let Field { name, .. } = field;
        let ty = moded(field.mode, &leaf::ty(&field.ty, Place::Types));
        if field.takes_into() {
            quote!(#name: impl Into<#ty>)
        } else {
            quote!(#name: #ty)
        }
    });
    let values = item.fields.iter().map(|field| {
        let Field { name, .. } = field;
        match field.mode {
            Mode::Required | Mode::Nullable if field.takes_into() => quote!(#name: #name.into()),
            Mode::Required | Mode::Nullable => quote!(#name),
            Mode::Optional => quote!(#name: None),
            Mode::Maybe | Mode::Tolerant => quote!(#name: Maybe::Absent),
        }
    });
    let values = values.chain(fresh(&item.rest));
    Some(quote! {
        #docs
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#values),* }
        }
    })
}

/// The field of the properties that are not named, without any.
fn fresh(rest: &Rest) -> Option<TokenStream> {
    match rest {
        Rest::Closed => None,
        Rest::Extra(name) => Some(quote!(#name: Extra::new())),
        Rest::Typed(name, _) => Some(quote!(#name: Map::new())),
        Rest::Parts(name) => Some(quote!(#name: Multipart::new())),
    }
}

/// The table of setters for what a request may hold beside.
fn setters(item: &Struct) -> Option<TokenStream> {
    let Struct { name, .. } = item;
    let rows: Vec<TokenStream> = item
        .fields
        .iter()
        .filter(|field| matches!(field.mode, Mode::Optional | Mode::Maybe | Mode::Tolerant))
        .map(|field| {
            let Field { name, .. } = field;
            let ty = leaf::ty(&field.ty, Place::Types);
            quote!(#name: #ty,)
        })
        .collect();
    (!rows.is_empty()).then(|| quote!(json::setters! { #name { #(#rows)* } }))
}

/// What makes a wrapper be seen through: its content is reached and made without naming it.
fn wrapper(item: &Struct, inner: &Ident) -> Vec<Piece> {
    let Some(field) = item.fields.iter().find(|field| field.name == *inner) else {
        return Vec::new();
    };
    let Struct { name, .. } = item;
    let ty = leaf::ty(&field.ty, Place::Types);
    let deref = quote! {
        type Target = #ty;
        fn deref(&self) -> &Self::Target { &self.#inner }
    };
    let deref = quote!(impl std::ops::Deref for #name { #deref });
    let rest = fresh(&item.rest).into_iter();
    let from = quote!(fn from(#inner: #ty) -> Self { Self { #inner #(, #rest)* } });
    let head = quote!(impl From<#ty> for #name);
    vec![
        Piece::Item(deref),
        Piece::Methods {
            head,
            members: vec![from],
        },
    ]
}

/// The pieces of a tuple.
pub fn tuple(item: &Tuple, pieces: &mut Vec<Piece>) {
    let Tuple { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "An array with a fixed beginning.");
    let deprecated = deprecated(item.deprecated);
    let derives = leaf::derives(&item.derives, &[]);
    let fields = item.fields.iter().map(|field| {
        let name = &field.name;
        let docs = doc::outer_or(&field.docs, "An item of the array.");
        let ty = leaf::ty(&field.ty, Place::Types);
        quote!(#docs pub #name: #ty,)
    });
    let rest = item.rest.as_ref().map(|(name, ty)| {
        let ty = leaf::ty(ty, Place::Types);
        quote!(#[doc = " Further items."] pub #name: Vec<#ty>,)
    });
    pieces.push(Piece::Table(quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, #(#derives,)* PartialEq)]
        pub struct #name { #(#fields)* #rest }
    }));
    let names = item.fields.iter().map(|field| &field.name);
    let rest = item.rest.as_ref().map(|(name, _)| quote!(..#name));
    let rest = rest.unwrap_or_else(|| quote!(..closed));
    pieces.push(Piece::Table(quote!(
        json::tuple! { #name { #(#names,)* #rest } }
    )));
    if item.built {
        pieces.extend(check::validate(name, &check::of_tuple(item)));
    }
}
