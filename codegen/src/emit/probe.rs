//! Every operation as a function of one shape, so that a program can call all of them by a table.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::leaf::{self, Place};
use super::{Piece, Unit};
use crate::model::{Argument, CallType, Endpoint, Group, Ident, Item, Package, Taken, Type, Via};

/// The functions of a package of the module `module` of a crate, and their table.
pub fn unit(package: &Package, krate: &str, module: &str, path: String) -> Unit {
    let (krate, module) = (format_ident!("{krate}"), format_ident!("{module}"));
    let mut pieces = vec![
        Piece::Line(quote!(
            use super::{Given, Probe, Sent, sent};
        )),
        Piece::Line(quote!(use #krate::#module::{operations, types};)),
        Piece::Line(quote!(use #krate::runtime::codegen::Client;)),
    ];
    let clients = package.files.iter().flat_map(|file| &file.items);
    for client in clients.filter_map(client) {
        pieces.push(Piece::Item(quote! {
            fn typed(client: &Client) -> #krate::#module::#client {
                #krate::#module::#client::from_client(client.clone()).expect("a client of this API")
            }
        }));
    }
    let mut entries = Vec::new();
    let mut named = super::uses::Named::default();
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
                for argument in endpoint.arguments.iter().chain(options) {
                    if let Some(ty) = owned(argument) {
                        named.ty(&ty);
                    }
                    argument.form.iter().for_each(|form| named.formed(form));
                }
                pieces.push(Piece::Item(probe(&name, group, endpoint, options)));
            }
        }
    }
    pieces.extend(named.of_probes(&krate).map(Piece::Line));
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

fn client(item: &Item) -> Option<&Ident> {
    match item {
        Item::Client(client) => Some(&client.name),
        _ => None,
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
    let (accessor, method) = (&group.accessor, &endpoint.method);
    let arguments = endpoint.arguments.iter().map(argument);
    let mutable = (!options.is_empty()).then(|| quote!(mut));
    let steps = options.iter().map(option);
    let unused = endpoint.arguments.is_empty() && options.is_empty();
    let given = format_ident!("{}", if unused { "_given" } else { "given" });
    let deprecated = endpoint.deprecated.then(|| quote!(#[allow(deprecated)]));
    quote! {
        #deprecated
        fn #name(client: &Client, #given: &Given) -> Sent {
            let #mutable call = typed(client).#accessor().#method(#(#arguments),*);
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

/// The type in which an argument is read from JSON, where it is read so.
fn owned(item: &Argument) -> Option<Type> {
    match &item.taken {
        Taken::Value(ty) | Taken::Reference(ty) => Some(ty.clone()),
        Taken::Slice(ty) => Some(ty.clone().list()),
        Taken::Text => item.form.as_ref().map(|_| Type::String),
        Taken::Upload | Taken::Form | Taken::SortBy(_) | Taken::Fields(_) => None,
    }
}

/// The same as it is written, with the form of a body that has one.
fn written(item: &Argument) -> Option<TokenStream> {
    let ty = leaf::ty(&owned(item)?, Place::Elsewhere);
    Some(match &item.form {
        None => ty,
        Some(form) => {
            let form = leaf::form(form, Place::Elsewhere);
            quote!(As<#ty, #form>)
        }
    })
}

fn argument(item: &Argument) -> TokenStream {
    let key = key(&item.via);
    match (&item.taken, written(item)) {
        (Taken::Upload, _) if matches!(item.via, Via::Text(_)) => quote!(given.text(#key)),
        (Taken::Upload, _) => quote!(given.bytes(#key)),
        (Taken::Form, _) => quote!(given.form(#key)),
        (Taken::SortBy(_) | Taken::Fields(_), _) => quote!(given.text(#key)),
        (Taken::Value(_), Some(ty)) => quote!(given.value::<#ty>(#key)),
        (_, Some(ty)) => quote!(&given.value::<#ty>(#key)),
        (_, None) => quote!(&given.text(#key)),
    }
}

fn option(item: &Argument) -> TokenStream {
    let (key, name, value) = (key(&item.via), &item.name, argument(item));
    quote! {
        if given.has(#key) { call = call.#name(#value); }
    }
}
