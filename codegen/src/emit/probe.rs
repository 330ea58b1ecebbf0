//! Every operation as a function of one shape, so that a program can call all of them by a table.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::leaf::{self, Place};
use super::{Piece, Unit};
use crate::model::{Argument, CallType, Endpoint, Group, Item, Package, Taken, Via};

/// The functions of a package of the module `module` of a crate, and their table.
pub fn unit(package: &Package, krate: &str, module: &str, path: String) -> Unit {
    let (krate, module) = (format_ident!("{krate}"), format_ident!("{module}"));
    let mut pieces = vec![
        Piece::Line(quote!(
            use super::{Given, Probe, Sent, sent};
        )),
        Piece::Line(quote!(use #krate::#module::{api, operations, types};)),
        Piece::Line(quote!(use #krate::runtime::stub::Client;)),
    ];
    let mut entries = Vec::new();
    for file in &package.files {
        let calls: Vec<&CallType> = file.items.iter().filter_map(call).collect();
        for group in file.items.iter().filter_map(group) {
            for endpoint in &group.endpoints {
                let name = format_ident!("probe_{}", entries.len());
                let constant = &endpoint.constant;
                entries.push(quote!(Probe::new(&operations::#constant, #name),));
                let options = calls
                    .iter()
                    .find(|call| Some(&call.name) == endpoint.call.as_ref())
                    .map_or(&[][..], |call| &call.options);
                pieces.push(Piece::Item(probe(&name, group, endpoint, options)));
            }
        }
    }
    pieces.push(Piece::Item(quote! {
        #[doc = " Every operation."]
        pub const PROBES: &[Probe] = &[#(#entries)*];
    }));
    Unit {
        path,
        source: String::new(),
        docs: vec![" Every operation as a function of one shape.".to_owned()],
        pieces,
    }
}

fn group(item: &Item) -> Option<&Group> {
    match item {
        Item::Group(group) => Some(group),
        _ => None,
    }
}

fn call(item: &Item) -> Option<&CallType> {
    match item {
        Item::CallType(call) => Some(call),
        _ => None,
    }
}

fn probe(
    name: &proc_macro2::Ident,
    group: &Group,
    endpoint: &Endpoint,
    options: &[Argument],
) -> TokenStream {
    let (module, of, method) = (&group.accessor, &group.name, &endpoint.method);
    let arguments = endpoint.arguments.iter().map(argument);
    let mutable = (!options.is_empty()).then(|| quote!(mut));
    let steps = options.iter().map(option);
    let unused = endpoint.arguments.is_empty() && options.is_empty();
    let given = format_ident!("{}", if unused { "_given" } else { "given" });
    let deprecated = endpoint.deprecated.then(|| quote!(#[allow(deprecated)]));
    quote! {
        #deprecated
        fn #name<'c>(client: &'c Client, #given: &Given) -> Sent<'c> {
            let #mutable call = api::#module::#of::new(client).#method(#(#arguments),*);
            #(#steps)*
            sent(call.send())
        }
    }
}

/// The key of an argument: its place and its name in the request.
fn key(via: &Via) -> TokenStream {
    let (place, name) = match via {
        Via::Path(name) => ("path", name.as_str()),
        Via::Query(name) => ("query", name.as_str()),
        Via::Header(name) => ("header", name.as_str()),
        Via::Cookie(name) => ("cookie", name.as_str()),
        _ => ("body", ""),
    };
    let name = leaf::text(name);
    quote!((#place, #name))
}

fn argument(item: &Argument) -> TokenStream {
    let key = key(&item.via);
    match &item.taken {
        Taken::Text => quote!(&given.text(#key)),
        Taken::SortBy(_) | Taken::Fields(_) => quote!(given.text(#key)),
        Taken::Bytes => quote!(given.bytes(#key)),
        Taken::Form => quote!(given.form(#key)),
        Taken::Value(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(given.value::<#ty>(#key))
        }
        Taken::Reference(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(&given.value::<#ty>(#key))
        }
        Taken::Slice(ty) => {
            let ty = leaf::ty(ty, Place::Elsewhere);
            quote!(&given.value::<Vec<#ty>>(#key))
        }
    }
}

fn option(item: &Argument) -> TokenStream {
    let (key, name, value) = (key(&item.via), &item.name, argument(item));
    quote! {
        if given.has(#key) { call = call.#name(#value); }
    }
}
