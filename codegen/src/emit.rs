//! Stage 4: the package as tokens.
//!
//! One file for each kind of item. Emission reads the model and nothing else, decides nothing and cannot fail. Every
//! text of the document passes through `leaf::text` or [`doc`].

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Alias, File, Headers, Item, Module, RootKey};

mod bound;
mod check;
mod client;
pub mod doc;
mod endpoint;
pub(crate) mod example;
mod headers;
mod hook;
mod inline;
mod leaf;
mod outline;
pub mod probe;
pub mod relative;
mod string_enum;
mod struct_;
mod table;
mod twins;
mod union;
mod uses;

/// One file as tokens.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Path below the source folder.
    pub path: String,
    /// What the file was made from: file and pointer of the document.
    pub source: String,
    /// Lines of the documentation of the module, without the slashes.
    pub docs: Vec<String>,
    /// The pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a file, formatted by itself.
#[derive(Clone, Debug)]
pub enum Piece {
    /// An item that follows its like without a blank line: `use`, `mod`.
    Line(TokenStream),
    /// An item.
    Item(TokenStream),
    /// An `impl` whose members are set apart by blank lines.
    Impl {
        /// `impl Name`.
        head: TokenStream,
        /// The members.
        members: Vec<TokenStream>,
    },
    /// An `impl` whose members are a few calls each, laid out wider.
    Methods {
        /// `impl Name`.
        head: TokenStream,
        /// The members.
        members: Vec<TokenStream>,
    },
    /// A table, laid out one entry on a line.
    Table(TokenStream),
}

/// One file as tokens.
pub fn unit(file: &File) -> Unit {
    let mut pieces = imports(&file.items);
    for item in &file.items {
        if let Item::Client(client) = item {
            client::uses(client.runtime, &mut pieces);
        }
        push(item, &mut pieces);
    }
    let idle = check::unconstrained(&file.items);
    if !idle.is_empty() {
        pieces.push(Piece::Table(quote!(json::unconstrained! { #(#idle),* })));
    }
    let source = if file.origin.is_nowhere() {
        String::new()
    } else {
        file.origin.to_string()
    };
    Unit {
        path: file.path.clone(),
        source,
        docs: doc::lines(&file.docs),
        pieces,
    }
}

/// What a file imports: its first item tells what kind of file it is.
fn imports(items: &[Item]) -> Vec<Piece> {
    let has = |look: fn(&Item) -> bool| items.iter().any(look);
    if has(|item| matches!(item, Item::Client(_))) {
        // The modules of the root stand before its imports.
        return Vec::new();
    }
    let headers: Vec<&Headers> = items.iter().filter_map(Item::headers).collect();
    let uses = if has(|item| matches!(item, Item::Hook(_))) {
        hook::uses(items)
    } else if !headers.is_empty() {
        headers::uses(&headers)
    } else if has(|item| matches!(item, Item::Group(_))) {
        endpoint::uses(items)
    } else {
        uses::of_types(items)
    };
    uses.into_iter().map(Piece::Line).collect()
}

fn push(item: &Item, pieces: &mut Vec<Piece>) {
    match item {
        Item::Module(item) => module(item, pieces),
        Item::Struct(item) => struct_::pieces(item, pieces),
        Item::Tuple(item) => struct_::tuple(item, pieces),
        Item::StringEnum(item) => string_enum::pieces(item, pieces),
        Item::Union(item) => union::pieces(item, pieces),
        Item::Alias(item) => pieces.push(alias(item)),
        Item::Roots(items) => pieces.push(roots(items)),
        Item::Twins(conversions) => pieces.push(twins::piece(conversions)),
        Item::Group(item) => endpoint::group(item, pieces),
        Item::CallType(item) => endpoint::call(item, pieces),
        Item::Replies(item) => endpoint::replies(item, pieces),
        Item::Headers(item) => pieces.push(headers::table(item)),
        Item::Hook(item) => pieces.push(hook::one(item)),
        Item::Hooks(item) => pieces.push(hook::all(item)),
        Item::Table(item) => table::pieces(item, pieces),
        Item::Payloads(items) => table::payloads(items, pieces),
        Item::Outlines(items) => outline::pieces(items, pieces),
        Item::Service(item) => pieces.push(Piece::Table(table::service(item))),
        Item::Client(item) => client::pieces(item, pieces),
        Item::Runtime(place) => pieces.push(Piece::Item(client::values(*place))),
        Item::AllTypes => pieces.push(Piece::Item(quote! {
            mod types;
            pub use types::*;
        })),
    }
}

fn module(item: &Module, pieces: &mut Vec<Piece>) {
    let name = &item.name;
    let docs = doc::outer(&item.docs);
    let needs = leaf::needs(&item.features);
    if item.inlined {
        pieces.push(Piece::Line(quote!(#needs mod #name;)));
        pieces.push(Piece::Line(quote!(#needs pub use #name::*;)));
    } else {
        pieces.push(Piece::Line(quote!(#docs #needs pub mod #name;)));
    }
}

fn alias(item: &Alias) -> Piece {
    let Alias { name, .. } = item;
    let docs = doc::outer_or(&item.docs, "A name for a type.");
    let ty = leaf::ty(&item.ty, leaf::Place::Types);
    Piece::Table(quote!(#docs pub type #name = #ty;))
}

/// The types that stand for root keys.
fn roots(items: &[RootKey]) -> Piece {
    let rows = items.iter().map(|RootKey { name, wire }| {
        let docs = format!(" The root key `{}`.", leaf::code(wire));
        let wire = leaf::text(wire);
        quote!(#[doc = #docs] pub #name = #wire;)
    });
    Piece::Table(quote!(json::roots! { #(#rows)* }))
}
