//! Bounds of parameters, in the table of operations.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::leaf;
use crate::model::{Check, Edge, Ident};

/// The bounds of a parameter; those of values that no parameter has are left out.
pub fn all(checks: &[Check]) -> Vec<TokenStream> {
    let count = |count: &u64| Literal::u64_unsuffixed(*count);
    let bounds = checks.iter().filter_map(|check| {
        let bound = match check {
            Check::MinLength(least) => {
                let least = count(least);
                quote!(MinLength(#least))
            }
            Check::MaxLength(most) => {
                let most = count(most);
                quote!(MaxLength(#most))
            }
            Check::Pattern(pattern) => {
                let pattern = leaf::text(pattern);
                quote!(Pattern(#pattern))
            }
            Check::MinItems(least) => {
                let least = count(least);
                quote!(MinItems(#least))
            }
            Check::MaxItems(most) => {
                let most = count(most);
                quote!(MaxItems(#most))
            }
            Check::UniqueItems => quote!(UniqueItems),
            Check::Minimum(bound, edge) => edged(["Minimum", "ExclusiveMinimum"], bound, *edge),
            Check::Maximum(bound, edge) => edged(["Maximum", "ExclusiveMaximum"], bound, *edge),
            Check::MultipleOf(unit) => {
                let unit = leaf::text(unit);
                quote!(MultipleOf(#unit))
            }
            Check::OneOf(values) => {
                let values = values.iter().map(|value| leaf::text(value));
                quote!(OneOf(&[#(#values),*]))
            }
            Check::Each(checks) => {
                let bounds = all(checks);
                if bounds.is_empty() {
                    return None;
                }
                quote!(Each(&[#(#bounds),*]))
            }
            // What a table cannot say is checked beside it.
            Check::Nested
            | Check::MinProperties(_)
            | Check::MaxProperties(_)
            | Check::Schema(_) => return None,
        };
        Some(quote!(Bound::#bound))
    });
    bounds.collect()
}

fn edged(words: [&'static str; 2], bound: &str, edge: Edge) -> TokenStream {
    let word = Ident::fixed(words[usize::from(edge == Edge::Excluded)]);
    let bound = leaf::text(bound);
    quote!(#word(#bound))
}
