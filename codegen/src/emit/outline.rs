//! What a format other than JSON must know of the types: a table of layouts.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Piece, leaf};
use crate::model::{Outline, Outlined};

/// The table, in the order of the names.
pub fn pieces(items: &[Outlined], pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Line(quote! {
        use crate::runtime::codegen::Layout::*;
    }));
    pieces.push(Piece::Line(quote! {
        use crate::runtime::codegen::{XmlType, Layout};
    }));
    let rows = items.iter().map(|item| {
        let (name, root) = (leaf::text(&item.name), leaf::text(&item.root));
        let layout = layout(&item.outline);
        quote!(xml_type(#name, #root, #layout))
    });
    pieces.push(Piece::Table(quote! {
        #[doc = " The types of bodies, and those within them."]
        pub static LAYOUTS: &[XmlType] = &[#(#rows),*];
    }));
    pieces.push(Piece::Item(quote! {
        #[doc = " A type: its name, the element that a body of it is, and its layout."]
        const fn xml_type(name: &'static str, root: &'static str, layout: Layout) -> XmlType {
            XmlType { name, root, layout }
        }
    }));
}

fn layout(outline: &Outline) -> TokenStream {
    match outline {
        Outline::Any => quote!(Any),
        Outline::Number => quote!(Number),
        Outline::Boolean => quote!(Boolean),
        Outline::Object(rows, rest) => {
            let rows = rows.iter().map(|(name, outline)| {
                let (name, layout) = (leaf::text(name), layout(outline));
                quote!((#name, #layout))
            });
            let rest = layout(rest);
            quote!(Object(&[#(#rows),*], &#rest))
        }
        Outline::List(item) => {
            let item = layout(item);
            quote!(List(&#item))
        }
        Outline::Under(key, inner) => {
            let (key, inner) = (leaf::text(key), layout(inner));
            quote!(Under(#key, &#inner))
        }
        Outline::OneOf(several) => {
            let several = several.iter().map(layout);
            quote!(OneOf(&[#(#several),*]))
        }
        Outline::Named(name) => {
            let name = leaf::text(name);
            quote!(Named(#name))
        }
    }
}
