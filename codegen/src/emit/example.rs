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
    /// The client.
    pub client: &'a Ident,
    /// The method that gives the group.
    pub accessor: &'a Ident,
}

/// The lines of an example, without the slashes.
pub fn lines(item: &Endpoint, example: &Example, paths: &Paths<'_>) -> Vec<String> {
    let shown = shown(item, example, paths);
    if shown.is_empty() {
        return shown;
    }
    // The hidden lines make a program of what a reader copies into a function of their own.
    // Of a crate that is somebody else's nobody knows whether it is a library, which alone has such tests.
    let fence = if paths.root.starts_with("crate::") {
        "```text"
    } else {
        "```no_run"
    };
    let mut lines = vec![
        fence.to_owned(),
        "# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
    ];
    lines.extend(shown);
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

/// The lines of an example that a reader sees; none where there are too many.
pub fn shown(item: &Endpoint, example: &Example, paths: &Paths<'_>) -> Vec<String> {
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
    let modules = ["runtime", "types"]
        .into_iter()
        .filter(|module| body.iter().any(|line| names_module(line, module)));
    let names: Vec<&str> = std::iter::once(client.as_str()).chain(modules).collect();
    let uses = match names.as_slice() {
        [only] => format!("use {root}::{only};"),
        names => format!("use {root}::{{{}}};", names.join(", ")),
    };
    let mut lines = vec![uses, format!("let client = {client}::from_env()?;")];
    lines.extend(body);
    lines
}

/// The signature of a method, on the client that has it.
pub fn signature(item: &Endpoint, paths: &Paths<'_>) -> Vec<String> {
    let (accessor, method) = (paths.accessor, &item.method);
    let parameters = item.arguments.iter().map(super::endpoint::parameter);
    statement(&quote!(client.#accessor().#method(#(#parameters),*)))
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

/// Whether a line of an example writes a path that begins with a module.
fn names_module(line: &str, module: &str) -> bool {
    let path = format!("{module}::");
    line.match_indices(&path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
    })
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
        Expr::Number(text) => number(text),
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
            quote!(#text.parse::<runtime::json::Json>()?)
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
            let mut entries = entries.peekable();
            if entries.peek().is_none() {
                return quote!(runtime::json::Map::new());
            }
            quote!(runtime::json::Map::from_iter([#(#entries),*]))
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
            parts,
            required,
            optional,
        } => {
            let arguments = required.iter().map(tokens);
            let arguments: Vec<TokenStream> = match parts {
                None => arguments.collect(),
                Some((parts, names)) => {
                    vec![quote!(types::#parts { #(#names: #arguments),* })]
                }
            };
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
fn number(text: &str) -> TokenStream {
    if let Ok(whole) = text.parse::<i64>() {
        let literal = match i32::try_from(whole) {
            Ok(small) => Literal::i32_unsuffixed(small),
            Err(_) => Literal::i64_suffixed(whole),
        };
        return quote!(#literal);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value.to_string() == text => {
            let literal = Literal::f64_unsuffixed(value);
            quote!(runtime::json::Number::try_from(#literal)?)
        }
        _ => {
            let text = leaf::text(text);
            quote!(#text.parse::<runtime::json::Number>()?)
        }
    }
}
