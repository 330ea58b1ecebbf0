//! The constants: the table of operations and the description of the service.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Piece, doc, endpoint, leaf};
use crate::model::{
    Ident, Operation, Pagination, Parameter, Payload, Scheme, Service, Table, Wait,
};

/// The constant of each operation, and the list of all.
pub fn pieces(item: &Table, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Line(quote! {
        use verbatim_runtime::stub::*;
    }));
    let names = item.operations.iter().map(|operation| &operation.constant);
    pieces.push(Piece::Table(quote! {
        #[doc = " Every operation, in the order of the document."]
        pub const OPERATIONS: &[Operation] = &[#(#names),*];
    }));
    pieces.extend(
        item.operations
            .iter()
            .map(|operation| Piece::Table(self::operation(operation))),
    );
}

/// The list of JSON bodies.
pub fn payloads(items: &[Payload], pieces: &mut Vec<Piece>) {
    let mut named = super::uses::Named::default();
    items.iter().for_each(|item| named.ty(&item.ty));
    pieces.extend(named.of_payloads().into_iter().map(Piece::Line));
    let rows = items.iter().map(|item| {
        let (operation, media) = (leaf::text(&item.operation), leaf::text(&item.media));
        let ty = leaf::ty(&item.ty, leaf::Place::Elsewhere);
        if item.statuses.is_empty() {
            return quote!(Payload::request::<#ty>(#operation, #media));
        }
        let statuses = texts(&item.statuses);
        quote!(Payload::reply::<#ty>(#operation, #statuses, #media))
    });
    pieces.push(Piece::Table(quote! {
        #[doc = " Every JSON body, in the order of the document."]
        pub const PAYLOADS: &[Payload] = &[#(#rows),*];
    }));
}

fn operation(item: &Operation) -> TokenStream {
    let Operation {
        constant,
        deprecated,
        idempotent,
        ..
    } = item;
    let docs = doc::outer_or(&item.docs, "An operation.");
    let (id, path, tag) = (
        leaf::text(&item.id),
        leaf::text(&item.path),
        leaf::text(&item.tag),
    );
    let method = method(&item.method);
    let parameters = item.parameters.iter().map(parameter);
    let bodies = item.bodies.iter().map(|body| {
        let (media, schema, required) = (
            leaf::text(&body.media),
            leaf::text(&body.schema),
            body.required,
        );
        quote!(Body { media: #media, schema: #schema, required: #required })
    });
    let replies = item.replies.iter().map(|reply| {
        let (status, media, schema) = (
            endpoint::status(reply.status),
            leaf::text(&reply.media),
            leaf::text(&reply.schema),
        );
        quote!(Reply { status: #status, media: #media, schema: #schema })
    });
    let security = item.security.iter().map(|names| texts(names));
    let secrets = texts(&item.secrets);
    let pagination = optional(item.pagination.as_ref().map(pagination));
    let wait = optional(item.wait.as_ref().map(wait));
    quote! {
        #docs
        pub const #constant: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            tag: #tag,
            deprecated: #deprecated,
            idempotent: #idempotent,
            parameters: &[#(#parameters),*],
            body: &[#(#bodies),*],
            replies: &[#(#replies),*],
            security: &[#(#security),*],
            secrets: #secrets,
            pagination: #pagination,
            wait: #wait,
        };
    }
}

fn method(name: &str) -> TokenStream {
    let variant = match name {
        "GET" => "Get",
        "PUT" => "Put",
        "POST" => "Post",
        "DELETE" => "Delete",
        "OPTIONS" => "Options",
        "HEAD" => "Head",
        "PATCH" => "Patch",
        "TRACE" => "Trace",
        "QUERY" => "Query",
        other => {
            let other = leaf::text(other);
            return quote!(Method::Other(#other));
        }
    };
    let variant = Ident::fixed(variant);
    quote!(Method::#variant)
}

fn parameter(item: &Parameter) -> TokenStream {
    let Parameter {
        required,
        explode,
        allow_reserved,
        secret,
        ..
    } = item;
    let (name, schema) = (leaf::text(&item.name), leaf::text(&item.schema));
    let (place, style) = (Ident::fixed(item.place), Ident::fixed(item.style));
    quote! {
        Parameter {
            name: #name, place: Place::#place, required: #required, style: Style::#style, explode: #explode,
            allow_reserved: #allow_reserved, schema: #schema, secret: #secret
        }
    }
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn texts(texts: &[String]) -> TokenStream {
    let texts = texts.iter().map(|text| leaf::text(text));
    quote!(&[#(#texts),*])
}

fn pagination(item: &Pagination) -> TokenStream {
    let style = variant(
        "PageStyle",
        &item.style,
        &["Page", "Offset", "Cursor", "Link"],
    );
    let end = variant(
        "PageEnd",
        &item.end,
        &["ShortPage", "EmptyPage", "Total", "Next"],
    );
    let (page, size) = (leaf::text(&item.page), leaf::text(&item.size));
    let first = Literal::u64_unsuffixed(item.first);
    let (header, total) = (
        leaf::text(&item.total_header),
        leaf::text(&item.total_pointer),
    );
    let (next, items) = (
        leaf::text(&item.next_pointer),
        leaf::text(&item.items_pointer),
    );
    quote! {
        Pagination {
            style: #style, page: #page, size: #size, first: #first, end: #end, total_header: #header,
            total_pointer: #total, next_pointer: #next, items_pointer: #items
        }
    }
}

/// A variant of an enum of the runtime; the model holds no other names than these.
fn variant(name: &'static str, wanted: &str, known: &[&'static str]) -> TokenStream {
    let known = known
        .iter()
        .find(|variant| **variant == wanted)
        .or(known.first());
    let (name, variant) = (
        Ident::fixed(name),
        known.map(|variant| Ident::fixed(variant)),
    );
    quote!(#name::#variant)
}

fn wait(item: &Wait) -> TokenStream {
    let Wait {
        percent_null, gone, ..
    } = item;
    let parameters = item.parameters.iter().map(|(name, pointer)| {
        let (name, pointer) = (leaf::text(name), leaf::text(pointer));
        quote!((#name, #pointer))
    });
    let (poll, state, percent) = (
        leaf::text(&item.poll),
        leaf::text(&item.state),
        leaf::text(&item.percent),
    );
    let (done, failed) = (texts(&item.done), texts(&item.failed));
    quote! {
        Wait {
            poll: #poll, parameters: &[#(#parameters),*], state: #state, percent: #percent, done: #done,
            failed: #failed, percent_null: #percent_null, gone: #gone
        }
    }
}

/// The constant of the service.
pub fn service(item: &Service) -> TokenStream {
    let (name, title) = (leaf::text(&item.name), leaf::text(&item.title));
    let (version, environment) = (leaf::text(&item.version), leaf::text(&item.environment));
    let servers = item.servers.iter().map(|server| {
        let url = leaf::text(&server.url);
        let variables = server.variables.iter().map(|(name, default, values)| {
            let (name, default, values) = (leaf::text(name), leaf::text(default), texts(values));
            quote!(stub::ServerVariable { name: #name, default: #default, values: #values })
        });
        quote!(stub::Server { url: #url, variables: &[#(#variables),*] })
    });
    let security = item.security.iter().map(|(name, scheme)| {
        let (name, kind) = (leaf::text(name), scheme_kind(scheme));
        quote!(stub::SecurityScheme { name: #name, kind: #kind })
    });
    let rate_limit = optional(item.rate_limit.as_ref().map(|limit| {
        let (requests, seconds) = (
            Literal::u32_unsuffixed(limit.requests),
            Literal::u32_unsuffixed(limit.window_seconds),
        );
        let limit_header = leaf::text(&limit.limit_header);
        let (remaining, reset) = (
            leaf::text(&limit.remaining_header),
            leaf::text(&limit.reset_header),
        );
        quote! {
            stub::RateLimit {
                requests: #requests, window_seconds: #seconds, limit_header: #limit_header,
                remaining_header: #remaining, reset_header: #reset
            }
        }
    }));
    quote! {
        #[doc = " The service as constant data."]
        pub static SERVICE: Service = Service {
            name: #name,
            title: #title,
            version: #version,
            environment: #environment,
            servers: &[#(#servers),*],
            security: &[#(#security),*],
            rate_limit: #rate_limit,
            operations: operations::OPERATIONS,
        };
    }
}

fn scheme_kind(scheme: &Scheme) -> TokenStream {
    let (variant, text) = match scheme {
        Scheme::ApiKeyHeader(name) => ("ApiKeyHeader", Some(name)),
        Scheme::ApiKeyQuery(name) => ("ApiKeyQuery", Some(name)),
        Scheme::ApiKeyCookie(name) => ("ApiKeyCookie", Some(name)),
        Scheme::Basic => ("Basic", None),
        Scheme::Bearer => ("Bearer", None),
        Scheme::OAuth2 => ("OAuth2", None),
        Scheme::OpenIdConnect => ("OpenIdConnect", None),
        Scheme::Other(name) => ("Other", Some(name)),
    };
    let variant = Ident::fixed(variant);
    let text = text.map(|text| {
        let text = leaf::text(text);
        quote!((#text))
    });
    quote!(stub::SecurityKind::#variant #text)
}
