//! Examples as lines of documentation, which rustdoc compiles.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::leaf;
use crate::model::{Endpoint, Example, Expr, Ident};
use crate::tree::layout;

/// How many lines an example may take; a longer one shows nothing that a shorter one does not.
const LINES: usize = 24;

/// How long its lines may be.
const WIDTH: usize = 108;

/// Where the examples of a file find the client and the types.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'a> {
    /// The module of the client as a path: `crate_name::module`.
    pub root: &'a str,
    /// The values layer as a path, for numbers and free-form JSON.
    pub runtime: &'a str,
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
        let value = tokens(value, paths.runtime);
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
    let mut body: Vec<String> = statements.iter().flat_map(statement).collect();
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
        format!("use {root}::{{{client}, types}};")
    } else {
        format!("use {root}::{client};")
    };
    // The hidden lines make a program of what a reader copies into a function of their own.
    let mut lines = vec![
        "```no_run".to_owned(),
        "# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
        uses,
        format!("let client = {client}::from_env()?;"),
    ];
    lines.extend(body);
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

/// The lines of a statement; one that is long is broken as the formatter of Rust does it.
fn statement(statement: &TokenStream) -> Vec<String> {
    let lines = layout::statement(statement);
    if lines.iter().all(|line| line.len() <= WIDTH) {
        return lines;
    }
    let Ok(file) = syn::parse2(quote!(fn example() { #statement })) else {
        return lines;
    };
    let text = prettyplease::unparse(&file);
    let inner = text.lines().filter_map(|line| line.strip_prefix("    "));
    inner.map(str::to_owned).collect()
}

fn tokens(expr: &Expr, runtime: &str) -> TokenStream {
    let tokens = |expr: &Expr| self::tokens(expr, runtime);
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
        Expr::Number(text) => number(text, runtime),
        Expr::Converted(inner) => {
            let is_negative = matches!(&**inner, Expr::Number(text) if text.starts_with('-'));
            let inner = tokens(inner);
            if is_negative {
                quote!((#inner).into())
            } else {
                quote!(#inner.into())
            }
        }
        Expr::Json(text) => {
            let text = leaf::text(text);
            let runtime = path(runtime);
            quote!(#text.parse::<#runtime::Json>()?)
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
            let runtime = path(runtime);
            quote!(#runtime::Map::from_iter([#(#entries),*]))
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

/// A number as a literal that converts without loss, else from its text.
fn number(text: &str, runtime: &str) -> TokenStream {
    if let Ok(whole) = text.parse::<i64>() {
        let literal = match i32::try_from(whole) {
            Ok(small) => Literal::i32_unsuffixed(small),
            Err(_) => Literal::i64_suffixed(whole),
        };
        return quote!(#literal);
    }
    let runtime = path(runtime);
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value.to_string() == text => {
            let literal = Literal::f64_unsuffixed(value);
            quote!(#runtime::Number::try_from(#literal)?)
        }
        _ => {
            let text = leaf::text(text);
            quote!(#text.parse::<#runtime::Number>()?)
        }
    }
}

/// A path of words.
fn path(path: &str) -> TokenStream {
    path.parse().unwrap_or_default()
}
