//! Examples as lines of documentation, which rustdoc compiles.

use proc_macro2::TokenStream;
use quote::quote;

use super::leaf;
use crate::model::{Endpoint, Example, Expr, Ident, Type};
use crate::tree::layout;

/// How many lines an example may take; a longer one shows nothing that a shorter one does not.
const LINES: usize = 24;

/// Where the examples of a file find the client and the types.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'a> {
    /// The module of the client as a path: `crate_name::module`.
    pub root: &'a str,
    /// The client.
    pub client: &'a Ident,
    /// The method that gives the group.
    pub accessor: &'a Ident,
}

/// The lines of an example, without the slashes.
pub fn lines(item: &Endpoint, example: &Example, paths: &Paths<'_>) -> Vec<String> {
    let mut statements = Vec::new();
    let mut arguments = Vec::new();
    for (name, value) in &example.arguments {
        let value = tokens(value);
        match name {
            Some(name) => {
                statements.push(quote!(let #name = #value;));
                arguments.push(quote!(&#name));
            }
            None => arguments.push(value),
        }
    }
    let (accessor, method) = (paths.accessor, &item.method);
    let call = quote!(client.#accessor().#method(#(#arguments),*).await?;);
    let returns = item.success.is_value();
    let is_sequence = item.success.is_sequence();
    statements.push(if is_sequence {
        quote!(let mut items = #call)
    } else if returns {
        quote!(let reply = #call)
    } else {
        call
    });
    let mut body: Vec<String> = statements.iter().flat_map(layout::statement).collect();
    if is_sequence {
        let lines = [
            "while let Some(item) = items.next().await {",
            "    println!(\"{:?}\", item?);",
            "}",
        ];
        body.extend(lines.map(str::to_owned));
    }
    if body.len() > LINES {
        return Vec::new();
    }
    let Paths { root, client, .. } = paths;
    let uses = if body.iter().any(|line| line.contains("types::")) {
        format!(" use {root}::types;")
    } else {
        String::new()
    };
    let mut lines = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {root}::{client}) -> Result<(), Box<dyn std::error::Error>> {{{uses}"
        ),
    ];
    lines.extend(body);
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

fn tokens(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Text(text) => {
            let text = leaf::text(text);
            quote!(#text)
        }
        Expr::Owned(text) => {
            let text = leaf::text(text);
            quote!(#text.to_owned())
        }
        Expr::Into(text) => {
            let text = leaf::text(text);
            quote!(#text.into())
        }
        Expr::Literal(literal) => literal.parse().unwrap_or_default(),
        Expr::Parsed(text, ty) => {
            let text = leaf::text(text);
            let ty = if *ty == Type::Number {
                quote!(Number)
            } else {
                quote!(Json)
            };
            quote!(#text.parse::<verbatim_runtime::json::#ty>()?)
        }
        Expr::List(items) => {
            let items = items.iter().map(tokens);
            quote!(vec![#(#items),*])
        }
        Expr::Slice(items) => {
            let items = items.iter().map(tokens);
            quote!([#(#items),*])
        }
        Expr::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                let (name, value) = (leaf::text(name), tokens(value));
                quote!((#name, #value))
            });
            quote!(verbatim_runtime::json::Map::from_iter([#(#entries),*]))
        }
        Expr::Variant(name, variant) => quote!(types::#name::#variant),
        Expr::Wrapped(name, variant, inner) => {
            let inner = tokens(inner);
            quote!(types::#name::#variant(#inner))
        }
        Expr::Boxed(inner) => {
            let inner = tokens(inner);
            quote!(Box::new(#inner))
        }
        Expr::New {
            name,
            required,
            optional,
        } => {
            let arguments = required.iter().map(tokens);
            let setters = optional.iter().map(|(name, value)| {
                let value = tokens(value);
                quote!(.#name(#value))
            });
            let make = if required.is_empty() {
                quote!(default())
            } else {
                quote!(new(#(#arguments),*))
            };
            quote!(types::#name::#make #(#setters)*)
        }
    }
}
