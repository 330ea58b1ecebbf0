//! Conversions between types of replies and their twins in requests.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Piece, leaf};
use crate::model::{Conversion, Ident, Mapping, Parts};

/// The table of conversions.
pub fn piece(conversions: &[Conversion]) -> Piece {
    let rows = conversions.iter().map(row);
    Piece::Table(quote!(json::twins! { #(#rows,)* }))
}

fn row(conversion: &Conversion) -> TokenStream {
    let Conversion { from, to, .. } = conversion;
    let means = if conversion.is_total {
        quote!(From)
    } else {
        quote!(TryFrom)
    };
    match &conversion.parts {
        Parts::Members(members, rest) => {
            let rest = others(rest.from.as_ref(), rest.to.as_ref(), &rest.mapping);
            let members = members.iter().map(|member| {
                let ((from, from_mode), (to, to_mode)) = (&member.from, &member.to);
                let [from_mode, to_mode] = [from_mode, to_mode].map(|it| leaf::mode(*it));
                let wire = leaf::text(&member.wire);
                let how = in_brackets(&member.mapping);
                quote!(#from #from_mode => #to #to_mode #wire #how)
            });
            quote!(struct #means<#from> for #to #rest { #(#members,)* })
        }
        Parts::Variants(variants, [from_unknown, to_unknown]) => {
            let unknown = from_unknown
                .as_ref()
                .map(|it| others(Some(it), to_unknown.as_ref(), &Mapping::Same));
            let variants = variants.iter().map(|(from, to, mapping)| {
                let how = in_brackets(mapping);
                quote!(#from => #to #how)
            });
            quote!(enum #means<#from> for #to #unknown { #(#variants,)* })
        }
        Parts::Texts => quote!(text #means<#from> for #to {}),
    }
}

/// What keeps the other properties, or any other value, on both sides.
fn others(from: Option<&Ident>, to: Option<&Ident>, mapping: &Mapping) -> Option<TokenStream> {
    let how = in_brackets(mapping);
    match (from, to) {
        (Some(from), Some(to)) => Some(quote!([#from => #to #how])),
        (Some(from), None) => Some(quote!([#from => _])),
        (None, Some(to)) => Some(quote!([_ => #to])),
        (None, None) => None,
    }
}

fn in_brackets(mapping: &Mapping) -> Option<TokenStream> {
    let how = words(mapping);
    (!how.is_empty()).then(|| quote!([#how]))
}

fn words(mapping: &Mapping) -> TokenStream {
    match mapping {
        Mapping::Same => quote!(),
        Mapping::Twin(_) => quote!(twin),
        Mapping::Inner(inner) => {
            let inner = words(inner);
            quote!(inner #inner)
        }
        Mapping::Encoded => quote!(json),
    }
}
